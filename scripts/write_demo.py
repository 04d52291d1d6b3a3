# ruff: noqa: INP001 (a script, not a package)
"""Write the invented raw files of the demonstration measurements again.

    python scripts/write_demo.py

The package itself never opens a raw file for writing; this script does, once, when
the generator changed. A test holds the committed files against the generator.
"""

from __future__ import annotations

from pathlib import Path

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
    return written


if __name__ == "__main__":
    for path in write_demo(ROOT):
        print(path.relative_to(ROOT))
