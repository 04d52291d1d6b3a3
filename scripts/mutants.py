#!/usr/bin/env python3
"""Switch each registered safeguard off in turn: a named test must then fail.

    python scripts/mutants.py             every safeguard of tests/safeguards.py
    python scripts/mutants.py TRUST-D5    those of one rule, or with a word in the name

A safeguard is switched off in a copy of the package, in a temporary folder: the body of
its function becomes one return. A mutant that survives is a safeguard that nothing
proves; so is one whose tests fail already. Exit code 1 then.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.safeguards import REGISTRY, Safeguard  # noqa: E402

SECONDS = 600


def main(words: Sequence[str]) -> int:
    chosen = [x for x in REGISTRY if all(word in x.name for word in words)]
    tests = sorted({test for each in chosen for test in each.tests})
    with tempfile.TemporaryDirectory() as folder:
        package = Path(shutil.copytree(ROOT / "src", Path(folder) / "src"))
        if not passes(package, tests):
            print("the named tests fail with every safeguard on; mend them first")
            return 1
        alive = [each for each in chosen if survives(package, each)]
    killed = len(chosen) - len(alive)
    print(f"mutants: {killed} of {len(chosen)} safeguards switched off were noticed")
    return 1 if alive or not chosen else 0


def survives(package: Path, safeguard: Safeguard) -> bool:
    """Whether all tests pass with the safeguard off."""
    file = source_file(package, safeguard)
    before = file.read_text(encoding="utf-8")
    file.write_text(switched_off(before, safeguard), encoding="utf-8")
    try:
        alive = passes(package, safeguard.tests)
    finally:
        file.write_text(before, encoding="utf-8")
    print(f"{'ALIVE ' if alive else 'killed'}  {safeguard.name}", flush=True)
    return alive


def source_file(package: Path, safeguard: Safeguard) -> Path:
    module = safeguard.target.partition(":")[0]
    file = package / f"{module.replace('.', '/')}.py"
    return file if file.exists() else file.with_suffix("") / "__init__.py"


def switched_off(source: str, safeguard: Safeguard) -> str:
    """``source`` with the body of the function replaced by ``return <off>``."""
    lines = source.splitlines()
    function = find_function(source, safeguard.target.partition(":")[2])
    first, last = function.body[0].lineno, function.body[-1].end_lineno
    indent = " " * function.body[0].col_offset
    return "\n".join(
        [*lines[: first - 1], f"{indent}return {safeguard.off}", *lines[last:], ""]
    )


def find_function(source: str, name: str) -> ast.FunctionDef:
    """The function ``name`` or ``Class.method``."""
    found: list[ast.stmt] = ast.parse(source).body
    for part in name.split("."):
        named = [
            x
            for x in found
            if isinstance(x, ast.FunctionDef | ast.ClassDef) and x.name == part
        ]
        if not named:
            raise LookupError(f"no function {name}")
        function = named[0]
        found = function.body
    if not isinstance(function, ast.FunctionDef):
        raise LookupError(f"{name} is no function")
    return function


def passes(package: Path, tests: Sequence[str]) -> bool:
    """Run the tests against a copy; a test that cannot even start is an error."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "--no-cov"]
    command += ["-p", "no:cacheprovider", *tests]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
