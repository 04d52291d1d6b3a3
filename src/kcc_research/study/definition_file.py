"""One definition file: read strictly, with the line of every key.

A :class:`DefinitionFile` knows its text and the line of each key, so that whatever
is wrong with a value, wherever it is found, can be reported with file and line.
"""

from __future__ import annotations

import difflib
import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kcc_research.errors import Problem, problem
from kcc_research.study.toml_lines import KeyLines, KeyPath, key_lines
from kcc_research.study.undecided import open_decisions

MAX_BYTES = 64 * 1024
LONGEST_VALUE_SHOWN = 60

_HTML = re.compile(r"</?[A-Za-z!][^>]*>")

_LINE_OF_READER = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class DefinitionFile:
    """A file that was read: its values, and where they stand.

    Files with the same ``text`` share these, so nobody may change them.
    """

    name: str
    values: dict[str, Any]
    lines: KeyLines = field(default_factory=KeyLines)
    text: str = field(default="", repr=False)

    def problem(
        self, code: str, path: KeyPath, *, value: object = "", **details: object
    ) -> Problem:
        """A problem with the key at ``path``."""
        return problem(
            code,
            file=self.name,
            row=self.lines.line(path),
            column=shown_path(path),
            value=shortened(value),
            **details,
        )


def read_definition(path: Path, name: str) -> tuple[DefinitionFile, list[Problem]]:
    """Read a TOML file. What cannot be read at all has no values.

    ``name`` is how messages call the file. A problem refuses the file, also where its
    values tell which other files to read.
    """
    text, unread = read_text(path, name)
    if unread:
        return DefinitionFile(name, {}), unread
    sound = sound_definition(text)
    return (replace(sound, name=name), []) if sound else _read(text, name)


@functools.lru_cache(maxsize=64)
def sound_definition(text: str) -> DefinitionFile | None:
    """What a text without problems holds, whatever its file is called.

    Many measurements have the same questionnaire, and a run asks for each twice.
    """
    file, problems = _read(text, "")
    return None if problems else file


def _read(text: str, name: str) -> tuple[DefinitionFile, list[Problem]]:
    nothing = DefinitionFile(name, {})
    lines = key_lines(text)
    if lines.too_deep:
        return nothing, [problem("KCC-C008a", file=name, row=lines.stopped or 1)]
    problems = [
        problem(
            "KCC-C009",
            file=name,
            row=each.second,
            column=shown_path(each.path),
            name=shown_path(each.path),
            first=each.first,
            second=each.second,
        )
        for each in lines.duplicates
    ]
    if problems:
        return nothing, problems
    try:
        found = DefinitionFile(name, tomllib.loads(text), lines, text)
        unseen = [*_control_characters(found), *_markup(found)]
        return found, [*unseen, *open_decisions(text, name)]
    except ValueError as error:
        # Besides its own error: a number of more digits than Python will read.
        return nothing, [_syntax_problem(text, lines, name, str(error))]
    except RecursionError:
        return nothing, [problem("KCC-C008a", file=name, row=lines.stopped or 1)]


def read_text(path: Path, name: str) -> tuple[str, list[Problem]]:
    """The text of a file of a definition, in NFC; with problems it is empty."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            return "", [problem("KCC-C008", file=name, size=-(-size // 1024))]
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return "", [problem("KCC-C006b", file=name)]
    except OSError:
        return "", [problem("KCC-C010d", file=name)]
    return unicodedata.normalize("NFC", text), []


def _syntax_problem(text: str, lines: KeyLines, name: str, message: str) -> Problem:
    """The reader sees an open quote or bracket only at the end; our lines sooner."""
    match = _LINE_OF_READER.search(message)
    written = text.splitlines() or [""]
    number = int(match[1]) if match else lines.stopped or len(written)
    line = written[min(number, len(written)) - 1].strip()
    return problem("KCC-C006", file=name, row=number, value=shortened(line))


def _control_characters(file: DefinitionFile) -> list[Problem]:
    """Text that would break a line, a path or a page where nobody sees it."""
    problems = []
    for path, text in _texts(file.values):
        for character in text:
            if _is_hidden(character):
                code = f"U+{ord(character):04X}"
                problems.append(file.problem("KCC-C001", path, character=code))
                break
    return problems


def _markup(file: DefinitionFile) -> Iterable[Problem]:
    """HTML in an answer or a label: no sentence of a report may hold it (F65)."""
    for path, text in _texts(file.values):
        found = _HTML.search(text)
        if found and ("codes" in path or path[-1:] in (("label",), ("population",))):
            yield file.problem("KCC-C001a", path, found=shortened(found[0]))


def hidden_characters(text: str, name: str) -> list[Problem]:
    """Characters in a text of the author that would break a page unseen."""
    problems = []
    for row, line in enumerate(text.split("\n"), start=1):
        found = next((each for each in line if _is_hidden(each)), "")
        if found:
            code = f"U+{ord(found):04X}"
            problems.append(problem("KCC-C001", file=name, row=row, character=code))
    return problems


def _is_hidden(character: str) -> bool:
    breaks = unicodedata.category(character) in ("Cc", "Zl", "Zp")
    return breaks and character not in "\n\t"


def _texts(value: object, path: KeyPath = ()) -> Iterable[tuple[KeyPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, (*path, index))


def shown_path(path: KeyPath) -> str:
    """Key path as a message shows it: ``source.format.decimal``."""
    return ".".join(part for part in path if isinstance(part, str))


def shortened(value: object) -> str:
    """A value short enough for a message."""
    text = " ".join(str(value).split())
    if len(text) <= LONGEST_VALUE_SHOWN:
        return text
    return text[: LONGEST_VALUE_SHOWN - 1] + "…"


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like ``name``, or nothing."""
    close = difflib.get_close_matches(name.lower(), list(known), n=1, cutoff=0.6)
    return close[0] if close else ""


def unknown_name(
    file: DefinitionFile, path: KeyPath, name: str, known: Iterable[str], what: str
) -> Problem:
    """A reference to something (``what``, in Dutch) that does not exist."""
    allowed = list(known)
    close = nearest(name, allowed)
    details = {"name": name, "what": what}
    if close:
        return file.problem("KCC-C003b", path, value=name, nearest=close, **details)
    return file.problem(
        "KCC-C003c", path, value=name, allowed=listed(allowed), **details
    )


def listed(names: Iterable[str]) -> str:
    """Names to choose from, as a message shows them."""
    return ", ".join(names) or "(er is er geen)"
