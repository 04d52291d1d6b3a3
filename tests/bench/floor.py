"""The same cells without notebooks: what no way of running them can do without.

    python -m tests.bench.floor FOLDER KEY…

Runs the cells of the three notebooks for each measurement as a plain script, in one
process that has everything imported, and prints CPU seconds as JSON: one figure a
measurement. The first measurement warms the process up and does not count.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

STEPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("10_clean_survey", {"source": "algemeen"}),
    ("20_analyse_experience", {}),
    ("30_report_experience", {}),
)


def measured(root: Path, keys: list[str]) -> list[float]:
    """CPU seconds of the cells of each measurement but the first."""
    os.environ["KCC_HOME"] = str(root)
    spent = []
    for key in keys:
        begun = time.process_time()
        with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
            for name, values in STEPS:
                _run(
                    root / "notebooks" / f"{name}.ipynb", {"measurement": key} | values
                )
        spent.append(time.process_time() - begun)
    return spent[1:]


def _run(path: Path, parameters: dict[str, str]) -> None:
    names: dict[str, Any] = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), path.name, "exec"), names)
            if "parameters" in cell["metadata"].get("tags", ()):
                names |= parameters


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[1]), sys.argv[2:])))
