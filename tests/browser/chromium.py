"""The browser of the system, driven by Playwright, and what we do in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent
CHECKERS = FOLDER / "node_modules"
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}
SETTLED = "async () => { await document.fonts.ready; }"


@contextmanager
def chromium() -> Iterator[Browser]:
    """The Chromium of the system; without its sandbox, which root cannot have."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise FileNotFoundError("no Chromium: run scripts/prepare_browser_tests.py")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-background-networking"],
        )
        try:
            yield browser
        finally:
            browser.close()


def opened(page: Page, file: Path, **size: int) -> Page:
    """``page`` showing ``file`` from disk, as a reader without a server opens it."""
    if size:
        page.set_viewport_size({**DESK, **size})
    page.goto(file.as_uri())
    page.evaluate(SETTLED)
    return page


def unfold(page: Page) -> Page:
    """``page`` with everything open that folds, so that it is looked at too.

    Rows out of sight get their place only when a reader comes near; what measures
    places would see them on top of each other, so they are laid out first.
    """
    page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    page.evaluate(
        "document.querySelectorAll('tbody tr')"
        ".forEach(e => e.style.contentVisibility = 'visible')"
    )
    return page
