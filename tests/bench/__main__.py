"""Benchmarks and simulations: ``python -m tests.bench [GROUP …]``.

Each group prints its table and writes it as a page below docs/. Not part of the test
suite: speed is measured here, on an otherwise quiet machine (README.md beside this).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from tests.bench import contacts, country, coverage, estimation, exports, runs

DOCS = Path(__file__).parents[2] / "docs"

GROUPS: dict[str, tuple[Path, Callable[[], tuple[str, bool]]]] = {
    "contacts": (DOCS / "benchmarks" / "contacts.md", contacts.page),
    "country": (DOCS / "benchmarks" / "country.md", country.page),
    "coverage": (DOCS / "methods" / "coverage.md", coverage.page),
    "estimation": (DOCS / "benchmarks" / "estimation.md", estimation.page),
    "exports": (DOCS / "benchmarks" / "exports.md", exports.page),
    "runs": (DOCS / "benchmarks" / "runs.md", runs.page),
}
"""Group → the page it writes, and the function that measures and words it."""


def main(arguments: list[str]) -> int:
    """Run the groups asked for, or all; 1 when a goal or a validity gate is missed."""
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    parser.add_argument("group", nargs="*", help=f"one of {', '.join(GROUPS)}")
    chosen = parser.parse_args(arguments).group or list(GROUPS)
    unknown = sorted(set(chosen) - set(GROUPS))
    if unknown:
        parser.error(f"no group {', '.join(unknown)}; there are {', '.join(GROUPS)}")
    passed = [_run(name) for name in chosen]
    return 0 if all(passed) else 1


def _run(name: str) -> bool:
    path, measure = GROUPS[name]
    text, reached = measure()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(text)
    if not reached:
        print(f"{name}: a goal is missed or not measured; see above", file=sys.stderr)
    return reached


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
