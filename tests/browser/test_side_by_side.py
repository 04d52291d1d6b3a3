"""342 municipalities side by side, ten numbers in three years, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import gathering, looking
from tests.browser.chromium import opened

pytestmark = pytest.mark.browser

SHOWN = "document.querySelectorAll('details:not([hidden]) tr[data-f]:not([hidden])')"
OPEN = "[...document.querySelectorAll('.naast')].filter(e => !e.hidden && e.open)"


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Path:
    return gathering.large_benchmark(tmp_path_factory.mktemp("benchmark"))


def test_it_is_small_and_says_what_is_not_on_it(large: Path) -> None:
    assert large.stat().st_size <= 1_500_000
    text = large.read_text("utf-8")
    panels = text.count('<details class="naast"')
    assert panels >= 7 and f"Nog {30 - panels} lijsten" in text


def test_axe_finds_no_violation_and_nothing_is_too_wide(desk: Page, large) -> None:
    opened(desk, large)
    assert looking.axe(desk) == []
    assert looking.too_wide_anywhere(desk) == []


@pytest.mark.parametrize(
    ("name", "value"), [("q", "gemeente 017"), ("grootte", "1"), ("provincie", "2")]
)
def test_a_filter_answers_at_once(desk: Page, large, name, value) -> None:
    opened(desk, large)
    assert looking.answer(desk, name, value) < looking.BUDGET


def test_a_number_is_chosen_by_keyboard_and_stays_when_all_is_wiped(
    desk: Page, large
) -> None:
    opened(desk, large)
    assert desk.evaluate(f"{SHOWN}.length") == 342
    desk.get_by_label("Uitkomst", exact=True).focus()
    desk.keyboard.press("ArrowDown")
    title = f"{OPEN}.map(each => each.querySelector('h2').textContent)"
    assert desk.evaluate(title) == [
        "Uitkomst 1 van de dienstverlening, klantbeleving 2022"
    ]
    desk.get_by_label("Zoek op gemeente").focus()
    desk.keyboard.type("gemeente 017")
    assert desk.get_by_role("status").inner_text() == "1 van 342 gemeenten."
    desk.keyboard.press("Enter")
    focused = "document.activeElement.ariaLabel"
    assert desk.evaluate(focused) == desk.evaluate(title)[0]
    desk.get_by_role("button", name="Wis alles").press("Enter")
    desk.wait_for_function(f"{SHOWN}.length === 342")
    assert "2022" in desk.evaluate(title)[0]


def test_nobody_can_sort_by_value(desk: Page, large) -> None:
    opened(desk, large)
    heads = desk.locator("details:not([hidden]) thead button")
    assert [each.strip() for each in heads.all_inner_texts()] == [
        "Gemeente",
        "Grootte",
        "n",
    ]
    heads.nth(1).press("Enter")
    sizes = desk.evaluate(f"[...{SHOWN}].map(e => Number(e.cells[1].dataset.k))")
    assert sizes == sorted(sizes) and len(set(sizes)) == 8


def test_without_script_every_number_can_be_unfolded(browser, large) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(large.as_uri())
    folded = page.locator("details.naast")
    assert folded.count() >= 7 and page.locator("form").is_hidden()
    second = folded.nth(1)
    assert second.locator("table").is_hidden()
    second.locator("summary").press("Enter")
    assert second.locator("tbody tr").count() == 342
    assert second.locator("table").is_visible()
    context.close()
