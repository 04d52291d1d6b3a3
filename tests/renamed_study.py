"""A demonstration study in which everything it names itself is called otherwise.

Sources, questions, outcomes, groups, themes and dimensions get other names; columns,
answers and labels stay, because the raw file is the same. A report that leans on a
name of the demonstration loses a part.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from kcc_research.study.text_slots import TEXT_SLOTS, slot_of

OTHER = "anders"
_OWN = (
    "source",
    "question",
    "indicator",
    "filter",
    "cross",
    "ratio",
    "dimension",
    "gap",
)
_NAMING = re.compile(
    r"^(?:id|source|indicators?|question|rows|columns|group|reference|condition|"
    r"asked_if|theme|breakdowns|cluster|expectation|experience) = ",
)


def rename(folder: Path) -> dict[str, str]:
    """Change the definitions in ``folder``; old theme → new theme."""
    names = dict(_names(folder))
    themes = dict(_themes(folder))
    for path in folder.glob("*.toml"):
        if "column" in tomllib.loads(path.read_text("utf-8")):
            continue  # a coding scheme names columns and themes of remarks only
        lines = path.read_text("utf-8").splitlines(keepends=True)
        text = "".join(_line(each, names, themes) for each in lines)
        path.write_text(text, encoding="utf-8")
    for path in folder.glob("*.csv"):
        path.write_text(_replaced(path.read_text("utf-8"), names, "^{}(?=,)"), "utf-8")
    definition = tomllib.loads((folder / "measurement.toml").read_text("utf-8"))
    study = definition["study"]
    slots = {slot_of(old): slot_of(new) for old, new in (names | themes).items()}
    for path in sorted(folder.glob("texts/*.md")):
        text = _replaced(path.read_text("utf-8"), names, r"(?<=\{{){}(?=\}})")
        path.write_text(text, "utf-8")
        if path.stem not in TEXT_SLOTS or study == "assurance":
            path.rename(path.with_stem(slots.get(path.stem, path.stem)))
    return themes


def _names(folder: Path) -> Iterator[tuple[str, str]]:
    for path in folder.glob("*.toml"):
        content = tomllib.loads(path.read_text("utf-8"))
        for kind in _OWN:
            for each in content.get(kind, []):
                yield each["id"], f"{OTHER}_{each['id']}"


def _themes(folder: Path) -> Iterator[tuple[str, str]]:
    for path in folder.glob("*.toml"):
        for each in tomllib.loads(path.read_text("utf-8")).get("question", []):
            if each.get("theme"):
                own = each["theme"] == each["id"]
                new = f"{OTHER}_{each['id']}" if own else f"{OTHER} {each['theme']}"
                yield each["theme"], new


def _line(line: str, names: dict[str, str], themes: dict[str, str]) -> str:
    if line.startswith("codes = ["):  # of a scan: the file has the old names
        codes = tomllib.loads(line)["codes"]
        if set(codes) <= names.keys():
            told = ", ".join(f'{each} = "{names[each]}"' for each in codes)
            return f"codes = {{ {told} }}\n"
    if not _NAMING.match(line):
        return line
    if line.startswith("theme = "):
        return _replaced(line, themes, '(?<="){}(?=")')
    if line.startswith(("condition", "asked_if")):
        return _replaced(line, names, r"\b{}(?=\s*(?:!?=|in\b))")
    return _replaced(line, names, '(?<="){}(?=")')


def _replaced(text: str, names: dict[str, str], place: str) -> str:
    """``text`` with every name replaced at its place, all at once."""
    either = "(" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + ")"
    pattern = re.compile(place.format(either), re.MULTILINE)
    return pattern.sub(lambda found: names[found[1]], text)
