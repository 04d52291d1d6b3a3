"""One browser for all tests of a worker, and pages that move nothing by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import gathering
from tests.browser.chromium import DESK, chromium


@pytest.fixture(scope="session")
def workspace() -> Path:
    """A workspace with every report up to date, to look at and not to change."""
    return gathering.workspace()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    """A page as wide as a desk, without smooth scrolling, that tells its faults."""
    page = browser.new_page(viewport=DESK, reduced_motion="reduce")
    yield page
    page.close()
