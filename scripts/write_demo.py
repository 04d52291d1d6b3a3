# ruff: noqa: INP001 (a script, not a package)
"""Write the invented raw files of the demonstration measurements again.

    python scripts/write_demo.py

The package itself never opens a raw file for writing; this script does, once, when
the generator changed. A test holds the committed files against the generator.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook

from kcc_research.microdata import (
    synthetic_assurance,
    synthetic_benchmark,
    synthetic_contacts,
    synthetic_den_haag,
    synthetic_doorlopend,
    synthetic_haarlem,
    synthetic_noordwijk,
)
from kcc_research.microdata.synthetic_sheet import Sheet

ROOT = Path(__file__).parents[1]


def write_demo(root: Path) -> list[Path]:
    """Write every file below ``root/data/raw`` and return their paths."""
    texts = {
        **synthetic_noordwijk.demo_files(),
        **synthetic_doorlopend.demo_series(),
        **synthetic_haarlem.demo_texts(),
        **synthetic_den_haag.demo_texts(),
        **synthetic_benchmark.demo_texts(),
    }
    packed = {
        **synthetic_contacts.demo_packed(),
        **synthetic_haarlem.demo_packed(),
        **synthetic_den_haag.demo_packed(),
        **synthetic_benchmark.demo_packed(),
    }
    sheets = {
        **synthetic_assurance.demo_workbooks(),
        **synthetic_haarlem.demo_sheets(),
    }
    return [
        *write_texts(root, texts),
        *write_packed(root, packed),
        *write_workbooks(root, sheets),
    ]


def write_texts(root: Path, texts: Mapping[str, str]) -> list[Path]:
    """Plain files, as an export writes them."""
    return [_written(root, name, text.encode()) for name, text in texts.items()]


def write_packed(root: Path, texts: Mapping[str, str]) -> list[Path]:
    """Compressed files, in the same bytes every time; tests compare their content."""
    return [
        _written(root, name, gzip.compress(text.encode(), 9, mtime=0))
        for name, text in texts.items()
    ]


def _written(root: Path, name: str, content: bytes) -> Path:
    path = root / "data" / "raw" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def write_workbooks(root: Path, sheets: Mapping[str, Sheet]) -> list[Path]:
    """Workbooks of one sheet; tests compare their cells."""
    written = []
    for name, sheet in sheets.items():
        path = root / "data" / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        book = Workbook()
        page = book.active
        page.title = sheet.name
        page.append(sheet.columns)
        for row in sheet.rows:
            page.append(list(row.values()))
        book.save(path)
        written.append(path)
    return written


if __name__ == "__main__":
    for path in write_demo(ROOT):
        print(path.relative_to(ROOT))
