# ruff: noqa: INP001 (a script, not a package)
"""Write the invented raw files of the demonstration measurements again.

    python scripts/write_demo.py

The package itself never opens a raw file for writing; this script does, once, when
the generator changed. A test holds the committed files against the generator.
"""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from kcc_research.microdata.synthetic_assurance import demo_workbooks
from kcc_research.microdata.synthetic_benchmark import demo_benchmark
from kcc_research.microdata.synthetic_noordwijk import demo_files

ROOT = Path(__file__).parents[1]


def write_demo(root: Path) -> list[Path]:
    """Write every file below ``root/data/raw`` and return their paths."""
    written = []
    for name, text in demo_files().items():
        path = root / "data" / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        written.append(path)
    for name, content in demo_benchmark().items():
        path = root / "data" / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    return written + write_workbooks(root)


def write_workbooks(root: Path) -> list[Path]:
    """Write every workbook below ``root/data/raw``; tests compare their cells."""
    written = []
    for name, sheet in demo_workbooks().items():
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
