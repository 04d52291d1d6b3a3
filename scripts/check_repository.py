#!/usr/bin/env python3
"""What `make check` asks of the repository itself, beyond the ready-made tools.

It looks at what git holds (the index), not at the working tree: a notebook saved in
JupyterLab rightly has outputs on disk, but never in git. Notebooks carry no outputs,
no personal data and a kernel; files are small; no private key and no path of one
machine is in them; rows of persons stay out, but for invented ones.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stdnum import iban
from stdnum.nl import bsn

LARGEST = 5_000_000
KEY = re.compile(r"-----BEGIN [A-Z ]*" + r"PRIVATE KEY-----")
MACHINE_PATH = re.compile(
    r"(?<![\w.:/{}-])/(?:home|root|Users|work|tmp)/[\w.-]+|\b[A-Z]:\\\\?Users\\"
)
EMAIL = re.compile(r"[\w.+-]+@([\w-]+\.)+[a-z]{2,}")
INVENTED_EMAIL = re.compile(r"@(.*\.)?(voorbeeld\w*|example)\.[a-z]+$")
NINE_DIGITS = re.compile(r"(?<!\d)\d{9}(?!\d)")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}[A-Z0-9]{10,30}\b")
TEXT = frozenset(
    {"", ".cff", ".css", ".csv", ".html", ".ipynb", ".j2", ".json", ".lock", ".md"}
    | {".py", ".sh", ".toml", ".txt", ".typ", ".yaml", ".yml"}
)


def stored_results(notebook: dict[str, Any]) -> Iterator[str]:
    """What a notebook in git may not carry: traces of a run."""
    for number, cell in enumerate(notebook.get("cells", []), start=1):
        if cell.get("outputs"):
            yield f"cell {number} has stored outputs"
        if cell.get("execution_count") is not None:
            yield f"cell {number} has an execution count"
        if "papermill" in cell.get("metadata", {}):
            yield f"cell {number} carries metadata of a run"
    if "papermill" in notebook.get("metadata", {}):
        yield "the notebook carries metadata of a run"


def personal_data(text: str) -> Iterator[str]:
    """Kinds of personal data found in ``text``; the values are never repeated."""
    for found in EMAIL.finditer(text):
        if not INVENTED_EMAIL.search(found.group()):
            yield "an e-mail address"
    if any(bsn.is_valid(each) for each in NINE_DIGITS.findall(text)):
        yield "a number that passes as BSN"
    if any(iban.is_valid(each) for each in IBAN.findall(text)):
        yield "an IBAN"


def notebook_problems(content: str) -> Iterator[str]:
    """What is wrong with one notebook as git holds it."""
    notebook = json.loads(content)
    yield from stored_results(notebook)
    if not notebook.get("metadata", {}).get("kernelspec", {}).get("name"):
        yield "names no kernel"
    for number, cell in enumerate(notebook.get("cells", []), start=1):
        for kind in personal_data("".join(cell.get("source", ""))):
            yield f"cell {number} holds {kind}"


def is_invented(root: Path, name: str) -> bool:
    """Whether the raw file ``name`` belongs to a demonstration measurement."""
    key = Path(name).relative_to("data/raw").parent
    definition = root / "studies" / key / "measurement.toml"
    if not definition.is_file():
        return False
    with definition.open("rb") as file:
        return tomllib.load(file).get("synthetic") is True


def place_problems(root: Path, name: str) -> Iterator[str]:
    """Data and reports are not versioned; README files and invented data are."""
    readme = name.endswith("/README.md")
    if name.startswith(("data/processed/", "outputs/")) and not readme:
        yield "is made by a run and has no place in git"
    if name.startswith("data/raw/") and not readme and not is_invented(root, name):
        yield "is raw data of a measurement that is not marked synthetic = true"


def text_problems(name: str, content: str) -> Iterator[str]:
    """Private keys and paths of one machine."""
    if KEY.search(content):
        yield "holds a private key"
    if MACHINE_PATH.search(content) and not name.startswith("tests/"):
        yield "holds a path of one machine"
    if name.endswith(".lock") and "://" in content:
        yield "holds an address"
    if name.endswith("package-lock.json") and '"resolved"' in content:
        yield "holds an address"


def file_problems(root: Path, name: str) -> Iterator[str]:
    """Everything wrong with one file of the tree under ``root``."""
    path = root / name
    yield from place_problems(root, name)
    if path.stat().st_size > LARGEST:
        yield f"is larger than {LARGEST // 1_000_000} MB"
    elif path.suffix in TEXT:
        content = path.read_text(encoding="utf-8", errors="replace")
        yield from text_problems(name, content)
        if path.suffix == ".ipynb":
            yield from notebook_problems(content)


def problems(root: Path) -> list[str]:
    """One line per fault, for every file of the tree under ``root``."""
    names = (
        path.relative_to(root).as_posix()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink()
    )
    return [f"{name}: {each}" for name in names for each in file_problems(root, name)]


def problems_in_index(repository: Path) -> list[str]:
    """The faults of what git would commit now, whatever lies in the working tree."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["git", "checkout-index", "--all", f"--prefix={folder}/"],
            cwd=repository,
            check=True,
        )
        return problems(Path(folder))


def main() -> int:
    repository = Path(__file__).resolve().parents[1]
    if not (repository / ".git").exists():
        print("not a git checkout: there is no index to inspect")
        return 0
    found = problems_in_index(repository)
    for each in found:
        print(each)
    print(f"repository: {len(found)} problems" if found else "repository: in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
