# ruff: noqa: INP001 (a script, not a package)
"""Bring truth cases into the project: those on invented or published numbers.

    python scripts/write_truth.py FOLDER

FOLDER is of schema ``kcc-truth/1``. Cases on the public school data of R survey stay
out: that data has a notice of its own and does not belong in what we distribute. What
is left goes to tests/reference/truth, where the README is written by hand. A test
holds the folder against its source when that is at hand.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

TRUTH = Path(__file__).parents[1] / "tests" / "reference" / "truth"
SCHEMA = "kcc-truth/1"
PUBLIC_SCHOOL_DATA = ("apistrat.csv", "apiclus1.csv", "apisrs.csv")


def write_truth(source: Path, target: Path) -> dict[str, Any]:
    """Write the cases that may be distributed, with their data; return them."""
    content = json.loads((source / "cases.json").read_text(encoding="utf-8"))
    if content["schema"] != SCHEMA:
        raise ValueError(f"schema {content['schema']!r} instead of {SCHEMA!r}")
    cases = [each for each in content["cases"] if _may_be_distributed(each)]
    _refuse_broken_references(cases)
    kept = content | {"n_cases": len(cases), "cases": cases}
    text = json.dumps(kept, indent=1, ensure_ascii=False)
    (target / "data").mkdir(parents=True, exist_ok=True)
    (target / "cases.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    for name in sorted({each["data"] for each in cases if each["data"]}):
        shutil.copyfile(source / "data" / name, target / "data" / name)
    return kept


def _may_be_distributed(case: dict[str, Any]) -> bool:
    return case["data"] not in PUBLIC_SCHOOL_DATA


def _refuse_broken_references(cases: list[dict[str, Any]]) -> None:
    """A case may start from the weights of another, which must then be there too."""
    known = {each["id"] for each in cases}
    asked = {each.get("args", {}).get("weights_from") for each in cases} - {None}
    if asked - known:
        raise ValueError(f"cases that others start from are left out: {asked - known}")


if __name__ == "__main__":
    written = write_truth(Path(sys.argv[1]), TRUTH)
    print(f"{written['n_cases']} cases in {TRUTH.relative_to(TRUTH.parents[2])}")
