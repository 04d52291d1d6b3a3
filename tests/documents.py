"""The blocks of code in the documentation, and what a comment above one asks.

A comment such as ``<!-- exits 1 -->`` stands on the line above a fence, for readers of
the source only. What there is, is told in docs/extending.md.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "notebooks" / "README.md",
    *sorted(
        each for each in (ROOT / "docs").rglob("*.md") if "_build" not in each.parts
    ),
)
TOUR = ROOT / "notebooks" / "00_start.ipynb"

_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\s*$")
_COMMENT = re.compile(r"^ *<!-- (.+) -->$")
_MARK = re.compile(r"(not run|exits|in|from|first|output)(?:: |\s|$)(.*)")


@dataclass(frozen=True)
class Block:
    """One fenced block: where it stands, its language, its text, its marks."""

    page: Path
    line: int
    language: str
    text: str
    marks: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """Every fenced block of a page, in its order."""
    found: list[Block] = []
    lines = page.read_text(encoding="utf-8").splitlines()
    start, opening = 0, None
    for number, line in enumerate(lines, start=1):
        fence = _FENCE.match(line)
        if fence is None:
            continue
        if opening is None:
            start, opening = number, fence
            continue
        indent = len(opening["indent"])
        text = "\n".join(each[indent:] for each in lines[start : number - 1]) + "\n"
        above = lines[start - 2] if start > 1 else ""
        found.append(Block(page, start, opening["language"], text, _marks(above)))
        opening = None
    assert opening is None, f"{page}: the fence of line {start} is not closed"
    return found


def _marks(above: str) -> dict[str, str]:
    comment = _COMMENT.match(above)
    if comment is None:
        return {}
    marks: dict[str, str] = {}
    for part in comment[1].split("; "):
        mark = _MARK.fullmatch(part)
        assert mark is not None, f"what does {part!r} ask?"
        marks[mark[1]] = mark[2]
    return marks


ALL = tuple(block for page in PAGES for block in blocks(page))


def commands(text: str) -> list[str]:
    """The calls of ``kcc`` in a block, one a line, without comments or redirection."""
    found = re.findall(r"(?m)(?:^|[ \\(/])kcc +((?!kcc)[a-z][^\n)|&]*)", text)
    return [re.split(r" +#| +2>", each)[0].strip() for each in found]


def prose() -> list[tuple[str, str]]:
    """Every page, and the texts of the guided tour: name and text."""
    pages = [
        (each.relative_to(ROOT).as_posix(), each.read_text("utf-8")) for each in PAGES
    ]
    cells = json.loads(TOUR.read_text("utf-8"))["cells"]
    texts = [
        "".join(each["source"]) for each in cells if each["cell_type"] == "markdown"
    ]
    return [*pages, (TOUR.name, "\n".join(texts))]


# --- putting a block into a definition ------------------------------------------------

_HEADER = re.compile(r"^\[+[\w.]+\]+", re.MULTILINE)
_REPLACED = ("[[question]]", "[[indicator]]")


def put(definition: str, block: str) -> str:
    """``definition`` with what ``block`` says: its keys, its questions."""
    parts = _parts(definition)
    for new in _parts(block):
        if not new.strip():
            continue
        places = [n for n, each in enumerate(parts) if _same(each, new)]
        if not places:
            parts.append("\n" + new)
        elif new.startswith(_REPLACED):
            parts[places[0]] = new + "\n"
        else:
            parts[places[0]] = _with_keys(parts[places[0]], new)
    return "".join(parts)


def without(definition: str, header: str, line: str) -> str:
    """``definition`` without the tables of that header that hold ``line``."""
    return "".join(
        each
        for each in _parts(definition)
        if not (each.startswith(header) and line in each.splitlines())
    )


def _parts(text: str) -> list[str]:
    starts = [0, *(each.start() for each in _HEADER.finditer(text)), len(text)]
    return [text[a:b] for a, b in zip(starts, starts[1:], strict=False)]


def _same(one: str, other: str) -> bool:
    headers = [_HEADER.match(each) for each in (one, other)]
    if not all(headers):
        return not any(headers)
    if headers[0][0] != headers[1][0]:
        return False
    ids = [re.search(r'^id = "(\w+)"', each, re.MULTILINE) for each in (one, other)]
    return ids[0] is None or ids[1] is None or ids[0][1] == ids[1][1]


def _with_keys(part: str, new: str) -> str:
    for line in new.splitlines():
        key = re.match(r"(\w+) = ", line)
        if key is None:
            continue
        old = re.compile(rf"^{key[1]} = .*$", re.MULTILINE)
        if old.search(part):
            part = old.sub(lambda _, line=line: line, part)
        else:
            first = re.search(r"^\w+ = .*\n", part, re.MULTILINE)
            assert first is not None
            part = part[: first.end()] + line + "\n" + part[first.end() :]
    return part
