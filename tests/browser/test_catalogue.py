"""The catalogue of 342 municipalities and three waves, from disk, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import gathering, looking
from tests.browser.chromium import opened
from tests.unit.reporting.test_catalogue import FILES

pytestmark = pytest.mark.browser

ROWS = 342 * 3
SHOWN = "document.querySelectorAll('#rapporten tbody tr:not([hidden])').length"


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Path:
    return gathering.large_catalogue(tmp_path_factory.mktemp("catalogue"), FILES)


def test_it_is_small(large: Path) -> None:
    assert large.stat().st_size <= 1_500_000


def test_axe_finds_no_violation_and_nothing_is_too_wide(desk: Page, large) -> None:
    opened(desk, large)
    assert looking.axe(desk) == []
    assert looking.too_wide_anywhere(desk) == []


@pytest.mark.parametrize(
    ("name", "value"), [("q", "gemeente 017"), ("jaar", "1"), ("provincie", "2")]
)
def test_a_filter_answers_at_once(desk: Page, large, name, value) -> None:
    opened(desk, large)
    assert looking.answer(desk, name, value) < looking.BUDGET


def test_a_search_by_keyboard_is_told_and_leads_to_the_list(desk: Page, large) -> None:
    opened(desk, large)
    assert desk.evaluate(SHOWN) == ROWS
    desk.get_by_label("Zoek op gemeente of titel").focus()
    desk.keyboard.type("gemeente 017")
    assert desk.evaluate(SHOWN) == 3
    assert desk.get_by_role("status").inner_text() == "3 van 1.026 rapporten."
    desk.keyboard.press("Enter")
    assert desk.evaluate("document.activeElement.ariaLabel") == "Lijst met rapporten"
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.textContent.trim()") == "Rapport"
    for _ in range(3):
        desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.localName") == "a"
    assert looking.hidden_focus(desk.evaluate(looking.FOCUSED)) == ""


def test_a_choice_by_keyboard_narrows_the_list_and_can_be_wiped(
    desk: Page, large
) -> None:
    opened(desk, large)
    desk.get_by_label("Jaar").focus()
    desk.keyboard.press("ArrowDown")
    assert desk.evaluate(SHOWN) == 342
    assert desk.get_by_role("status").inner_text() == "342 van 1.026 rapporten."
    desk.get_by_role("button", name="Wis alles").press("Enter")
    desk.wait_for_function(f"{SHOWN} === {ROWS}")


def test_sorting_says_which_column_and_which_way(desk: Page, large) -> None:
    opened(desk, large)
    head = desk.get_by_role("columnheader", name="Datum")
    head.get_by_role("button").press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    head.get_by_role("button").press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    first = desk.locator("#rapporten tbody tr").first.locator("time")
    assert first.get_attribute("datetime") == "2024-03-29"


def test_without_script_every_row_is_there(browser, large) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(large.as_uri())
    assert page.locator("#rapporten tbody tr").count() == ROWS
    assert page.locator("form").is_hidden()
    context.close()
