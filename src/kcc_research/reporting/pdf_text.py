"""The words on a page of a PDF that typst made, for the gate.

No text extractor is among the dependencies, and typst's pages are simple: every font
is subset with two-byte codes and a table back to Unicode, every text object begins and
ends at the start of a line.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_SINGLE = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_RANGE = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_HEX = re.compile(rb"<([0-9a-fA-F]*)>")
_CODE_BYTES = 2
# The rest of a page is drawing: numbers without end, read in vain.
_TEXT_OBJECT = re.compile(rb"\nBT\b.*?\nET\b", re.DOTALL)


def page_text(page: Any) -> str:
    """All text that a page shows, without white space, in the order it is drawn.

    White space is dropped because a PDF holds lines, not sentences: compare with
    :func:`squeezed` words. Text inside pictures (form objects) is not read.
    """
    return page_texts([page])[0]


def page_texts(pages: Iterable[Any]) -> list[str]:
    """What :func:`page_text` says of each page; a font they share is read once."""
    import pikepdf

    tables: dict[tuple[int, int], _Unicode] = {}
    with pikepdf.new() as apart:
        drawn = (
            _shown(pikepdf.Stream(apart, _texts(page)), _fonts(page, tables))
            for page in pages
        )
        return [squeezed("".join(each)) for each in drawn]


def squeezed(text: str) -> str:
    """``text`` without any white space."""
    return "".join(text.split())


def _texts(page: Any) -> bytes:
    """The text objects of a page, one after another."""
    import pikepdf

    found = page.get("/Contents", [])
    parts = found if isinstance(found, pikepdf.Array) else [found]
    drawn = b"\n".join([b"", *(part.read_bytes() for part in parts)])
    return b"".join(_TEXT_OBJECT.findall(drawn))


def _fonts(page: Any, tables: dict[tuple[int, int], _Unicode]) -> dict[str, _Unicode]:
    """The fonts of a page by name; ``tables`` holds those that were read before."""
    fonts = {}
    for name, font in page.get("/Resources", {}).get("/Font", {}).items():
        table = font.get("/ToUnicode")
        place = (0, 0) if table is None else table.objgen
        if place not in tables:
            tables[place] = _Unicode(font)
        fonts[name] = tables[place]
    return fonts


def _shown(texts: Any, fonts: Mapping[str, _Unicode]) -> Iterator[str]:
    import pikepdf

    unknown = table = _Unicode()
    for instruction in pikepdf.parse_content_stream(texts, "Tf Tj TJ"):
        operands = instruction.operands
        match str(instruction.operator):
            case "Tf":
                table = fonts.get(str(operands[0]), unknown)
            case "Tj":
                yield table.text(bytes(operands[0]))
            case "TJ":
                strings = (e for e in operands[0] if isinstance(e, pikepdf.String))
                yield table.text(b"".join(map(bytes, strings)))


class _Unicode(dict[int, str]):
    """Code → text by the ToUnicode map of a font; other codes have no text."""

    def __init__(self, font: Any = None) -> None:
        table = _unicode_table(font) if font is not None else {}
        super().__init__({int.from_bytes(k): text for k, text in table.items()})

    def __missing__(self, code: int) -> str:
        return ""

    def text(self, codes: bytes) -> str:
        """What two-byte ``codes`` say, one after another."""
        count = len(codes) // _CODE_BYTES
        found = struct.unpack_from(f">{count}H", codes)
        return "".join(map(self.__getitem__, found))


def _unicode_table(font: Any) -> dict[bytes, str]:
    """Code → text, from the font's ToUnicode map."""
    if "/ToUnicode" not in font:
        return {}
    stream = font.ToUnicode.read_bytes()
    table: dict[bytes, str] = {}
    for section in _SINGLE.findall(stream):
        codes = [bytes.fromhex(each.decode()) for each in _HEX.findall(section)]
        for code, text in zip(codes[::2], codes[1::2], strict=True):
            table[code] = text.decode("utf-16-be")
    for section in _RANGE.findall(stream):
        codes = [bytes.fromhex(each.decode()) for each in _HEX.findall(section)]
        for first, last, text in zip(codes[::3], codes[1::3], codes[2::3], strict=True):
            table |= _spread(first, last, text)
    return table


def _spread(first: bytes, last: bytes, text: bytes) -> dict[bytes, str]:
    start, stop = int.from_bytes(first), int.from_bytes(last)
    base = text.decode("utf-16-be")
    return {
        code.to_bytes(len(first)): base[:-1] + chr(ord(base[-1]) + code - start)
        for code in range(start, stop + 1)
    }
