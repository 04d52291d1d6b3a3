"""Bytes → text, without guessing: a declared encoding, or a strict one that fits.

Text that was read in the wrong encoding looks like text; so it is searched for the
marks that this leaves (TRUST-F19–F22).
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from dataclasses import dataclass, replace

from kcc_research.errors import DataError, Problem, problem

MOST_BYTES = 200 * 2**20

_BOM8, _BOM16 = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
_CONTINUATION = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_MOJIBAKE = re.compile(f"[ÂÃ][{_CONTINUATION}]|â€[{_CONTINUATION}]")
_NAMES = {
    "utf-8": "UTF-8",
    "cp1252": "windows-1252",
    "utf-16": "UTF-16",
}


@dataclass(frozen=True)
class Decoded:
    """The text of a file and how it was decoded."""

    text: str
    encoding: str
    byte_order_mark: bool
    problems: tuple[Problem, ...]


def unpacked(data: bytes, file: str) -> bytes:
    """The bytes inside a .gz, at most ``MOST_BYTES`` of them."""
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise DataError(problem("KCC-D040d", file=file, kind="gz")) from None
    if len(content) > MOST_BYTES:
        raise DataError(
            problem("KCC-D037", file=file, found="meer dan 200 MB uitgepakt")
        )
    return content


def is_utf16(data: bytes) -> bool:
    """Whether the bytes begin with the mark of UTF-16."""
    return data.startswith(_BOM16)


def decode(data: bytes, file: str, declared: str | None) -> Decoded:
    """Bytes → text: the declared encoding, else strict UTF-8, else windows-1252.

    Raises :class:`DataError` with the row where decoding fails (F19, F21, F22).
    """
    if is_utf16(data):
        decoded = _decoded_utf16(data, file, declared)
    elif declared is not None:
        decoded = _decoded_as(data, file, declared)
    else:
        decoded = _decoded_strictly(data, file)
    if "\ufeff" in decoded.text[:2]:
        raise DataError(problem("KCC-D021", file=file, row=1))
    return replace(decoded, problems=(*decoded.problems, *_mojibake(decoded, file)))


def _decoded_utf16(data: bytes, file: str, declared: str | None) -> Decoded:
    if declared not in (None, "utf-16"):
        raise DataError(
            problem("KCC-D022", file=file, row=1, value="UTF-16", declared=declared)
        )
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError:
        raise DataError(
            problem("KCC-D022", file=file, row=1, value="UTF-16", declared="utf-16")
        ) from None
    notice = problem("KCC-D022a", file=file, row=1)
    return Decoded(text, "UTF-16", True, (notice,))


def _decoded_as(data: bytes, file: str, declared: str) -> Decoded:
    codec = {"windows-1252": "cp1252"}.get(declared, declared)
    bom = data.startswith(_BOM8)
    if bom and codec == "cp1252":
        raise DataError(problem("KCC-D020", file=file, row=1, value='"ï»¿"'))
    try:
        text = (data[3:] if bom else data).decode(codec)
    except UnicodeDecodeError as error:
        raise DataError(_undecodable(data, file, _NAMES[codec], error.start)) from None
    return Decoded(text, _NAMES[codec], bom, _bom_notice(bom, file))


def _decoded_strictly(data: bytes, file: str) -> Decoded:
    bom = data.startswith(_BOM8)
    try:
        text = (data[3:] if bom else data).decode("utf-8")
        return Decoded(text, "UTF-8", bom, _bom_notice(bom, file))
    except UnicodeDecodeError as error:
        at, whole = error.start, data
    try:
        text = whole.decode("cp1252")
    except UnicodeDecodeError:
        raise DataError(
            _undecodable(whole, file, "UTF-8 of windows-1252", at)
        ) from None
    row = whole.count(b"\n", 0, at) + 1
    return Decoded(
        text, "windows-1252", False, (problem("KCC-D019a", file=file, row=row),)
    )


def _undecodable(data: bytes, file: str, encoding: str, at: int) -> Problem:
    row = data.count(b"\n", 0, at) + 1
    return problem(
        "KCC-D019", file=file, row=row, value=f"byte {data[at]:#04x}", encoding=encoding
    )


def _bom_notice(found: bool, file: str) -> tuple[Problem, ...]:
    return (problem("KCC-D021a", file=file, row=1),) if found else ()


def _mojibake(decoded: Decoded, file: str) -> list[Problem]:
    if not any(sign in decoded.text for sign in ("Ã", "Â", "â€")):
        return []
    hits = list(_MOJIBAKE.finditer(decoded.text))
    if not hits:
        return []
    row = decoded.text.count("\n", 0, hits[0].start()) + 1
    return [
        problem(
            "KCC-D020",
            file=file,
            row=row,
            value=f'"{hits[0][0]}"',
            count=len(hits),
            encoding=decoded.encoding,
        )
    ]
