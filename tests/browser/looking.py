"""What is looked at in a page: each function lists what is wrong, in words."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.chromium import CHECKERS, PHONE

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LEAST_TEXT, LEAST_MARK = 4.5, 3.0  # contrast, WCAG 1.4.3 and 1.4.11
MOST_TABS = 120
PAPER = {"width": 643, "height": 956}  # A4 within margins of 20 and 22 mm, at 96 dpi

# What Tab should reach: in the page, not folded away, not switched off.
TABBABLE = """() => [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  .filter(each => each.checkVisibility() && !each.disabled)
  .map((each, place) => (each.dataset.walk = String(place)))"""
# Where the focus is, and whether somebody who looks can see it.
FOCUSED = """() => {
  const it = document.activeElement;
  if (!it || it === document.body || it === document.documentElement) return null;
  const style = getComputedStyle(it), box = it.getBoundingClientRect();
  const wide = window.innerWidth, high = window.innerHeight;
  const left = Math.max(box.left, 0), right = Math.min(box.right, wide);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, high);
  const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  let paper = it.parentElement;
  const clear = 'rgba(0, 0, 0, 0)';
  while (paper && getComputedStyle(paper).backgroundColor === clear)
    paper = paper.parentElement;
  return {
    walk: it.dataset.walk ?? null,
    name: it.tagName.toLowerCase() + ' ' + (it.getAttribute('aria-label') ||
      it.textContent || it.id).trim().slice(0, 40),
    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    ink: style.outlineColor,
    paper: paper ? getComputedStyle(paper).backgroundColor : 'rgb(255, 255, 255)',
    inSight: right > left && bottom > top,
    onTop: !!at && (at === it || it.contains(at) || at.contains(it)),
  };
}"""
# Text and what is behind it, of every element that has words of its own.
INKS = """() => {
  const clear = 'rgba(0, 0, 0, 0)', found = [];
  for (const each of document.body.querySelectorAll('*')) {
    const seen = each.checkVisibility({visibilityProperty: true});
    if (!seen || each.closest('svg')) continue;
    const own = [...each.childNodes].some(
      node => node.nodeType === 3 && node.textContent.trim());
    if (!own || each.closest('.watermark, script, style')) continue;
    let paper = each;
    while (paper && getComputedStyle(paper).backgroundColor === clear)
      paper = paper.parentElement;
    found.push([each.textContent.trim().slice(0, 40), getComputedStyle(each).color,
      paper ? getComputedStyle(paper).backgroundColor : 'rgb(255, 255, 255)']);
  }
  return found;
}"""
# Elements that hide a part of their own words or pictures.
CLIPPED = """() => [...document.body.querySelectorAll('*')].filter(each => {
  const style = getComputedStyle(each);
  const hides = side => ['hidden', 'clip'].includes(style['overflow' + side]);
  if (style.clipPath !== 'none' || style.position === 'fixed') return false;
  if (!each.checkVisibility({visibilityProperty: true})) return false;
  if (each.closest('svg, .watermark')) return false;
  return hides('X') && each.scrollWidth > each.clientWidth + 1 ||
    hides('Y') && each.scrollHeight > each.clientHeight + 1;
}).map(each => each.tagName + ' ' + each.textContent.trim().slice(0, 40))"""
# What sticks out of the page to the right, the smallest parts of it.
WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const out = [...document.body.querySelectorAll('*')].filter(
    each => each.getBoundingClientRect().right > wide + 1 &&
      !each.closest('.scroll') && !each.closest('.skip'));
  return out.slice(-5).map(each => each.tagName + ' ' +
    Math.round(each.getBoundingClientRect().right) + ' px: ' +
    each.textContent.trim().slice(0, 40)).concat('the page is ' +
    document.documentElement.scrollWidth + ' px wide');
}"""
FOLDED = """() => [...document.querySelectorAll('details > :not(summary)')].filter(
    each => !each.checkVisibility() || each.getBoundingClientRect().height < 1)
  .map(each => each.textContent.trim().slice(0, 40))"""
# What a reader sees; not what is there for a screen reader only.
TEXT = """() => { const hidden = each => {
  for (; each; each = each.parentElement)
    if (getComputedStyle(each).clipPath !== 'none') return true;
  return false; };
  return [...document.querySelectorAll('header *, main *, footer *')]
  .filter(each => each.checkVisibility({visibilityProperty: true}) &&
    !each.closest('svg') && !hidden(each))
  .flatMap(each => [...each.childNodes].filter(node => node.nodeType === 3))
  .map(node => node.textContent).join(' '); }"""
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important; } p { margin-bottom: 2em !important; }"""


@cache
def _axe() -> str:
    return (CHECKERS / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def axe(page: Page) -> list[str]:
    """Violations of WCAG 2.2 A and AA and best practices, one line a node.

    axe comes in by evaluation: a script tag is refused by the page's own policy, which
    stays as strict as it is for readers (PUB-F23).
    """
    page.evaluate(_axe())
    found: dict[str, Any] = page.evaluate(
        "async tags => await axe.run(document, {runOnly: {type: 'tag', values: tags},"
        " resultTypes: ['violations']})",
        RULES,
    )
    return [
        f"{rule['id']}: {node['target'][0]}: {node['html'][:120]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """What makes a reader scroll sideways, and what is cut off."""
    found: list[str] = page.evaluate(WIDE)
    return found + [f"cut off: {each}" for each in page.evaluate(CLIPPED)]


def too_wide_anywhere(page: Page) -> list[str]:
    """What is wider than the page, as it is opened and then on a phone."""
    found = too_wide(page)
    page.set_viewport_size(PHONE)
    return found + too_wide(page)


BUDGET = 100  # milliseconds for an answer (issue: a filter answers in < 100 ms)
# From the choice until the page is laid out again, best of twenty: what the page needs,
# not what else the machine was doing.
_ANSWER = """([name, value]) => {
  const field = document.getElementById(name), took = [];
  for (let turn = 0; turn < 20; turn++) {
    for (const now of [value, '']) {
      const begin = performance.now();
      field.value = now;
      field.dispatchEvent(new Event('input', {bubbles: true}));
      document.body.getBoundingClientRect();
      took.push(performance.now() - begin);
    }
  }
  const slowest = which => Math.min(...took.filter((_, at) => at % 2 === which));
  return Math.max(slowest(0), slowest(1));
}"""


def answer(page: Page, name: str, value: str) -> float:
    """Milliseconds that a page needs for a choice in the field ``name``."""
    took: float = page.evaluate(_ANSWER, [name, value])
    return took


def contrast(ink: str, paper: str) -> float:
    """WCAG's ratio of two opaque ``rgb(…)`` colours, 1 to 21."""
    light, dark = sorted(map(_luminance, (ink, paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [float(each) / 255 for each in re.findall(r"[\d.]+", colour)[:3]]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4
        for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def faint_text(page: Page) -> list[str]:
    """Words that hardly differ from what is behind them."""
    return [
        f"{words!r}: {ink} on {paper}"
        for words, ink, paper in page.evaluate(INKS)
        if contrast(ink, paper) < LEAST_TEXT
    ]


def walk(page: Page, key: str = "Tab") -> Iterator[dict[str, Any]]:
    """Each place the focus comes, until it leaves the page or begins anew."""
    first = None
    for _ in range(MOST_TABS):
        page.keyboard.press(key)
        place = page.evaluate(FOCUSED)
        if place is None or place["walk"] == first:
            return
        first = first or place["walk"]
        yield place


def hidden_focus(place: dict[str, Any]) -> str:
    """Why somebody who looks cannot see where the focus is; empty when they can."""
    if not place["inSight"]:
        return f"{place['name']}: out of sight"
    if not place["onTop"]:
        return f"{place['name']}: under something else"
    if place["outline"] < 2:
        return f"{place['name']}: no outline"
    if contrast(place["ink"], place["paper"]) < LEAST_MARK:
        return f"{place['name']}: outline {place['ink']} on {place['paper']}"
    return ""


def not_printed(page: Page, file: Path) -> list[str]:
    """Words of the page that do not come out of the printer."""
    page.pdf(path=file, prefer_css_page_size=True)
    text = subprocess.run(
        ["pdftotext", "-layout", file, "-"], capture_output=True, check=True
    ).stdout.decode()
    paper = set(_words(text))
    joined = "".join(_words(text))  # words that were broken over two lines
    shown = dict.fromkeys(_words(page.evaluate(TEXT)))
    return [each for each in shown if each not in paper and each not in joined]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.replace("\N{SOFT HYPHEN}", "").casefold())
