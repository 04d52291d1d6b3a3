"""The pages that are looked at: made by the product, in folders of their own.

``build/browser`` holds a copy of the workspace and what `kcc run --all` made of it;
nobody's own outputs are read or touched. A second visit makes only what changed.
"""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from filelock import FileLock

from kcc_research.reporting.catalogue import render
from kcc_research.reporting.catalogue_entry import Entry, Outcome
from tests.workspaces import BENCHMARK, REPOSITORY, WAVES, fresh_copy, kcc

BUILT = REPOSITORY / "build" / "browser"
OTHER_KEY = WAVES[0]
REPORTS = tuple(
    sorted(
        file.parent.relative_to(REPOSITORY / "studies").as_posix()
        for file in (REPOSITORY / "studies").rglob("measurement.toml")
    )
)
PROFILES = tuple(
    tomllib.loads(
        (REPOSITORY / "studies" / BENCHMARK / "measurement.toml").read_text("utf-8")
    )["profiles"]
)
PAGES = (
    *(f"{key}/report.html" for key in REPORTS),
    *(f"profile {code}" for code in PROFILES),
    "index.html",
    "benchmark.html",
    "changes.html",
    "controlerapport.html",
    "draft.html",
)


def workspace() -> Path:
    """The copy of the workspace, with every report up to date."""
    root = BUILT / "workspace"
    BUILT.mkdir(parents=True, exist_ok=True)
    visit = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    ready = BUILT / "ready"
    with FileLock(BUILT / "lock"):
        if ready.exists() and ready.read_text("utf-8") == visit:
            return root
        for folder in ("studies", "notebooks", "data/raw"):
            shutil.rmtree(root / folder, ignore_errors=True)
        fresh_copy(root, *sorted({key.split("/")[0] for key in REPORTS}))
        done(root, "run", "--all")
        _others(root)
        ready.write_text(visit, "utf-8")
    return root


def page(name: str) -> Path:
    """The file of one of PAGES, once the workspace was made."""
    outputs = BUILT / "workspace" / "outputs"
    if name.startswith("profile "):
        number = name[-3:]
        return outputs / BENCHMARK / "profiles" / f"voorbeeldgemeente-{number}.html"
    beside = BUILT / "pages" / name
    return beside if beside.exists() else outputs / name


def done(root: Path, *arguments: str, code: int = 0) -> str:
    """What `kcc` told, once it ended with ``code``."""
    ran = kcc(root, *arguments)
    if ran.returncode != code:
        raise RuntimeError(f"kcc {arguments}: {ran.returncode}\n{ran.stderr[-3000:]}")
    return ran.stdout


def _others(root: Path) -> None:
    """Pages that come of a change, a fault and a draft, in build/browser/pages."""
    pages, other = BUILT / "pages", BUILT / "other"
    for folder in (pages, other):
        shutil.rmtree(folder, ignore_errors=True)
    pages.mkdir()
    fresh_copy(other, OTHER_KEY)
    for folder in ("data/processed", "outputs", "outputs/.versions"):
        shutil.copytree(root / folder / OTHER_KEY, other / folder / OTHER_KEY)
    _changed(other)
    done(other, "run", OTHER_KEY)
    done(other, "diff", OTHER_KEY)
    shutil.copy(other / "outputs" / OTHER_KEY / "changes.html", pages)
    done(other, "run", "--draft", OTHER_KEY)
    shutil.copy(_newest(other, "report.html"), pages / "draft.html")
    _spoilt(other)
    done(other, "check", OTHER_KEY, code=1)
    shutil.copy(_newest(other, "controlerapport.html"), pages)


def _changed(root: Path) -> None:
    """Other scores for a few respondents."""
    _rewrite(root, {"cijfer": "10"})


def _spoilt(root: Path) -> None:
    """Answers that the questionnaire does not know."""
    _rewrite(root, {"cijfer": "77", "had_contact": "misschien", "datum": "gisteren"})


def _rewrite(root: Path, values: Mapping[str, str]) -> None:
    """Put ``values`` by column in every thirtieth row of the raw file."""
    file = root / "data" / "raw" / OTHER_KEY / "algemeen.csv"
    lines = [each.split(";") for each in file.read_text("utf-8").splitlines()]
    for cells in lines[1::30]:
        for column, value in values.items():
            cells[lines[0].index(column)] = value
    file.write_text("".join(f"{';'.join(each)}\n" for each in lines), "utf-8")


def _newest(root: Path, name: str) -> Path:
    """What a run put in its private folder last."""
    runs = (root / "data" / "processed" / OTHER_KEY / "runs").rglob(name)
    return max(runs, key=lambda file: file.stat().st_mtime_ns)


def large_catalogue(folder: Path, files: tuple[str, ...]) -> Path:
    """A catalogue of three waves of 342 municipalities."""
    outcome = Outcome(
        indicator="rapportcijfer",
        label="rapportcijfer voor de dienstverlening",
        statistic="mean",
        status="published",
        estimate=6.6,
        low=6.4,
        high=6.8,
        n=353,
        change="not_shown",
    )
    provinces = ("Drenthe", "Limburg", "Utrecht")
    entries = (
        Entry(
            key=f"gm{9001 + number}-voorbeeldgemeente-{number:03}/{year}-klantbeleving",
            title="Meting klantbeleving",
            place=f"Voorbeeldgemeente {number:03}",
            published=date(year + 1, 3, 29),
            status="definitief",
            synthetic=True,
            files=files,
            study="experience",
            year=year,
            province=provinces[number % 3],
            size_class=1 + number % 8,
            outcome=replace(outcome, estimate=6 + number % 9 / 10),
            norms_met=5,
            norms_judged=9,
        )
        for number in range(1, 343)
        for year in (2021, 2022, 2023)
    )
    file = folder / "index.html"
    file.write_text(render(entries), "utf-8")
    return file
