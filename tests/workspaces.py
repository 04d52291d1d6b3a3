"""Copies of the repository's workspace, for tests that run the product for real."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bs4 import BeautifulSoup

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("KCC_SHARED", REPOSITORY.parent / "shared"))
DEMONSTRATION = "gm0575-noordwijk"
WAVES = tuple(f"{DEMONSTRATION}/{year}-klantbeleving" for year in (2021, 2022, 2023))
CONTINUOUS = f"{DEMONSTRATION}/2024-doorlopend"
ASSURANCE = "nl/2023-kwaliteitsborging"
BENCHMARK = "nl/burgerbenchmark"
PHONE = "gm0518-s-gravenhage/2013-telefoon"
COUNTER = "gm0392-haarlem/2023-balie"
CONTACTS = "gm9001-voorbeeldgemeente-001/2023-contacten"


def fresh_copy(root: Path, *demonstrations: str) -> Path:
    """What a fresh clone holds of studies, raw files and notebooks: no results.

    ``demonstrations``: owners or measurement keys; without any the three waves of
    Noordwijk.
    """
    wanted = demonstrations or WAVES
    for folder in (
        *(f"studies/{each}" for each in wanted),
        *(f"data/raw/{each}" for each in wanted),
        "notebooks",
    ):
        shutil.copytree(
            REPOSITORY / folder,
            root / folder,
            ignore=shutil.ignore_patterns(".ipynb_checkpoints", "*.swp"),
        )
    shutil.copy(REPOSITORY / "requirements.lock", root)
    return root


def kcc(
    root: Path, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user would, with ``root`` as working folder."""
    return subprocess.run(
        [sys.executable, "-m", "kcc_research", *arguments],
        cwd=root,
        env=environment() | variables,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def environment() -> dict[str, str]:
    """What surrounds these tests, but for what this package would take from it."""
    return {k: v for k, v in os.environ.items() if not k.startswith("KCC_")}


def published_figures(outputs: Path) -> dict[tuple[str, str, str, str], dict[str, str]]:
    """The published estimates by indicator, breakdown, group and category."""
    with (outputs / "tables" / "estimates.csv").open(encoding="utf-8") as file:
        return {
            (row["indicator"], row["by"], row["group"], row["category"]): row
            for row in csv.DictReader(file)
        }


def published_page(outputs: Path) -> BeautifulSoup:
    """The published report."""
    html = (outputs / "report.html").read_text(encoding="utf-8")
    return BeautifulSoup(html, "html.parser")


def words_of(page: BeautifulSoup) -> str:
    """Everything a page says, with plain single spaces."""
    return " ".join(page.get_text(" ").replace("\N{NO-BREAK SPACE}", " ").split())
