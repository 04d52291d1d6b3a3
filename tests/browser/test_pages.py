"""Every page for everybody: on a phone, by keyboard, in forced colours, on paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import gathering, looking
from tests.browser.chromium import DESK, PHONE, opened, unfold

pytestmark = pytest.mark.browser

TWICE_AS_LARGE = {"width": 640, "height": 450}


@pytest.fixture(params=gathering.PAGES)
def file(request, workspace) -> Path:
    return gathering.page(request.param)


def test_it_needs_nothing_from_elsewhere_and_the_browser_has_no_complaint(
    desk: Page, file: Path
) -> None:
    asked, told = [], []
    desk.on("request", lambda request: asked.append(request.url))
    desk.on("console", lambda message: told.append(message.text))
    desk.on("pageerror", lambda error: told.append(str(error)))
    opened(desk, file)
    elsewhere = [url for url in asked if not url.startswith("data:")]
    assert elsewhere == [file.as_uri()]
    assert told == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_no_violation(desk: Page, file: Path, size) -> None:
    unfold(opened(desk, file, **size))
    assert looking.axe(desk) == []


@pytest.mark.parametrize(
    "size", [PHONE, TWICE_AS_LARGE, DESK], ids=["320 px", "200%", "desk"]
)
def test_nothing_is_too_wide_or_cut_off(desk: Page, file: Path, size) -> None:
    unfold(opened(desk, file, **size))
    assert looking.too_wide(desk) == []


def test_more_space_between_letters_and_lines_cuts_nothing_off(
    desk: Page, file: Path
) -> None:
    """WCAG 1.4.12, with the values it names."""
    unfold(opened(desk, file, **PHONE))
    desk.add_style_tag(content=looking.SPACED)
    assert looking.too_wide(desk) == []


def test_the_first_tab_skips_to_the_text(desk: Page, file: Path) -> None:
    opened(desk, file)
    desk.keyboard.press("Tab")
    first = desk.evaluate(looking.FOCUSED)
    assert first["name"].startswith("a Naar ")
    assert looking.hidden_focus(first) == ""
    desk.keyboard.press("Enter")
    assert desk.evaluate("document.activeElement.localName") == "main"
    desk.keyboard.press("Tab")
    passed = desk.evaluate("!!document.activeElement.closest('header, nav')")
    assert not passed


@pytest.mark.parametrize("colours", ["none", "active"], ids=["own", "forced"])
def test_the_keyboard_reaches_everything_in_order_and_in_sight(
    browser: Browser, file: Path, colours
) -> None:
    context = browser.new_context(
        viewport=DESK, reduced_motion="reduce", forced_colors=colours
    )
    page = opened(context.new_page(), file)
    wanted = page.evaluate(looking.TABBABLE)
    places = list(looking.walk(page))
    page.locator("[data-walk]").last.focus()
    back = list(looking.walk(page, "Shift+Tab"))
    context.close()
    assert [each["walk"] for each in places] == wanted
    assert [each["walk"] for each in back][: len(wanted) - 1] == wanted[-2::-1]
    assert [why for each in places if (why := looking.hidden_focus(each))] == []


def test_in_forced_colours_every_word_can_be_read(browser: Browser, file: Path) -> None:
    context = browser.new_context(viewport=DESK, forced_colors="active")
    page = unfold(opened(context.new_page(), file))
    faint = looking.faint_text(page)
    context.close()
    assert faint == []


def test_on_paper_everything_is_open_and_nothing_is_cut_off(
    desk: Page, file: Path, tmp_path: Path
) -> None:
    opened(desk, file, **looking.PAPER)
    desk.emulate_media(media="print")
    assert desk.evaluate(looking.FOLDED) == []
    assert looking.too_wide(desk) == []
    assert looking.not_printed(desk, tmp_path / "printed.pdf") == []
