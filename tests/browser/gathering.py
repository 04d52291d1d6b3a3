"""The pages that are looked at: made by the product, in folders of their own.

``build/browser`` holds a copy of the workspace and what `kcc run --all` made of it;
nobody's own outputs are read or touched. A second visit makes only what changed.
"""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

from filelock import FileLock

from kcc_research.reporting import benchmark_page, catalogue
from kcc_research.reporting.catalogue_entry import Entry, Outcome
from kcc_research.reporting.side_by_side import (
    Number,
    Report,
    fitting,
    judged,
    panels,
)
from kcc_research.study.instrument import PARTS
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


_HEADLINE = Outcome(
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


def large_catalogue(folder: Path, files: tuple[str, ...]) -> Path:
    """A catalogue of three waves of 342 municipalities."""
    file = folder / "index.html"
    file.write_text(catalogue.render(_entries(files)), "utf-8")
    return file


def large_benchmark(folder: Path) -> Path:
    """Ten numbers of all of them side by side, as far as they fit on one page."""
    reports = (Report(each, tuple(_numbers(each))) for each in _entries(()))
    kept, left_out = fitting(panels(reports))
    file = folder / "benchmark.html"
    shown = [judged(each) for each in kept]
    file.write_text(benchmark_page.render(shown, left_out=left_out), "utf-8")
    return file


def _entries(files: tuple[str, ...]) -> Iterator[Entry]:
    """Three waves of every invented municipality."""
    provinces = ("Drenthe", "Limburg", "Utrecht")
    for number, year in product(range(1, 343), (2021, 2022, 2023)):
        yield Entry(
            key=f"gm{9000 + number}-voorbeeldgemeente-{number:03}/{year}-klantbeleving",
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
            outcome=replace(_HEADLINE, estimate=6 + number % 9 / 10),
            norms_met=5,
            norms_judged=9,
        )


def _numbers(entry: Entry) -> Iterator[Number]:
    """Ten numbers of one report; now and then too few answers to show one."""
    for place in range(10):
        indicator = f"uitkomst_{place}"
        told = dict.fromkeys(PARTS, "Welk cijfer geeft u onze dienstverlening?")
        told |= {"source": "algemeen", "indicator": indicator, "asked": ""}
        told |= {"label": f"Uitkomst {place + 1} van de dienstverlening"}
        value = (entry.outcome or _HEADLINE).estimate or 6.6
        shown = {"estimate": value, "low": value - 0.2, "high": value + 0.2}
        if entry.key[4] == "7" and place:
            shown = dict.fromkeys((*shown, "n")) | {"status": "suppressed"}
        outcome = replace(_HEADLINE, indicator=indicator, **shown)
        yield Number(told, outcome, 0.1)
