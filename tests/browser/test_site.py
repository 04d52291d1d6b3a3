"""The documentation site, every page: for a screen reader, on a phone, in the dark."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, Page

from tests.browser import gathering, looking
from tests.browser.chromium import DESK, PHONE, opened, unfold
from tests.workspaces import REPOSITORY

# One worker opens them: what takes the time is the building, if it has to be done.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

HTML = REPOSITORY / "docs" / "_build" / "html"
MADE_FROM = ("docs", "src", "scripts", "notebooks", "tests/reference", "studies")


@pytest.fixture(scope="module")
def site() -> list[Path]:
    """Every page, as `make docs` made it; made here when what it is of is newer."""
    gathering.BUILT.mkdir(parents=True, exist_ok=True)
    with FileLock(gathering.BUILT / "site.lock"):
        index = HTML / "index.html"
        if not index.exists() or index.stat().st_mtime < max(_written()):
            script = REPOSITORY / "scripts" / "build_docs.py"
            subprocess.run([sys.executable, script], check=True, capture_output=True)
    pages = HTML.rglob("*.html")
    return sorted(each for each in pages if "_static" not in each.parts)


def _written() -> Iterator[float]:
    files = [*REPOSITORY.glob("*.md"), *(_sources())]
    yield from (file.stat().st_mtime for file in files)


def _sources() -> Iterator[Path]:
    for folder in MADE_FROM:
        for file in (REPOSITORY / folder).rglob("*"):
            if file.is_file() and not {"_build", "__pycache__"} & set(file.parts):
                yield file


def test_axe_finds_no_violation_on_any_page(desk: Page, site) -> None:
    assert len(site) > 40
    found = {}
    for file in site:
        unfold(opened(desk, file, **DESK))
        found[file.name] = looking.axe(desk)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_nothing_is_too_wide_or_cut_off_on_a_phone(desk: Page, site) -> None:
    found = {}
    for file in site:
        unfold(opened(desk, file, **PHONE))
        found[file.name] = looking.too_wide(desk)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_axe_finds_no_violation_in_the_dark_and_on_a_phone(
    browser: Browser, site
) -> None:
    """A page of each kind: prose in Dutch, a notebook, code, tables, the glossary."""
    kinds = ("index", "00_start", "nieuwe-meting", "commands", "python", "glossary")
    context = browser.new_context(color_scheme="dark", viewport=PHONE)
    page = context.new_page()
    found = {}
    for file in site:
        if file.stem in kinds:
            unfold(opened(page, file))
            found[file.as_posix()] = looking.axe(page)
    dark = page.evaluate("document.documentElement.dataset.theme")
    context.close()
    assert dark == "dark"
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_the_first_tab_skips_to_the_text(desk: Page, site) -> None:
    opened(desk, HTML / "nieuwe-meting.html")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    assert desk.url.endswith("#main-content")
