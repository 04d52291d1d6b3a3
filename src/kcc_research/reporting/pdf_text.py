"""The words on a page of a PDF that typst made, for the gate.

No text extractor is among the dependencies, and typst's pages are simple: every font
is subset with two-byte codes and a table back to Unicode.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Any

_SINGLE = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_RANGE = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_HEX = re.compile(rb"<([0-9a-fA-F]*)>")
_CODE_BYTES = 2


def page_text(page: Any) -> str:
    """All text that a page shows, without white space, in the order it is drawn.

    White space is dropped because a PDF holds lines, not sentences: compare with
    :func:`squeezed` words. Text inside pictures (form objects) is not read.
    """
    return squeezed("".join(_drawn(page)))


def squeezed(text: str) -> str:
    """``text`` without any white space."""
    return "".join(text.split())


def _drawn(page: Any) -> Iterator[str]:
    import pikepdf

    fonts = {
        name: _Unicode(font)
        for name, font in page.get("/Resources", {}).get("/Font", {}).items()
    }
    unknown = table = _Unicode()
    for instruction in pikepdf.parse_content_stream(page, "Tf Tj TJ"):
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
