"""A researcher's day in JupyterLab, in a real browser, on a copy of the workspace."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import gathering
from tests.browser.chromium import opened
from tests.browser.lab import FRONT, Lab

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("lab")]

KEY = "gm0575-noordwijk/2021-klantbeleving"  # what the notebooks name themselves
REPORT = "notebooks/30_report_experience.ipynb"
BY_HAND = ("notebooks/10_clean_survey.ipynb", "notebooks/20_analyse_experience.ipynb")
SENTENCE = "Het kanaal is de weg waarlangs iemand contact had."
OTHER = "Een kanaal is de weg waarlangs iemand de gemeente bereikte."
# Blocks in reading order, each with only the words that are not in a block inside it.
BLOCKS = """roots => {
  const kinds = {FIGCAPTION: 'caption', CAPTION: 'caption', TH: 'cell', TD: 'cell',
    DT: 'cell', DD: 'cell', IMG: 'picture'};
  const every = 'h2,h3,h4,p,li,figcaption,caption,summary,th,td,dt,dd,img';
  const found = [];
  for (const root of roots) for (const each of root.querySelectorAll(every)) {
    const copy = each.cloneNode(true);
    copy.querySelectorAll(every + ',.jp-InternalAnchorLink').forEach(e => e.remove());
    const words = each.localName === 'img' ? each.src : copy.textContent;
    const kind = each.matches('p.caption') ? 'caption' : kinds[each.tagName] || 'text';
    const head = !!each.closest('thead');
    found.push([kind, words.trim().replace(/\\s+/g, ' '), head]);
  }
  return found.filter(([, words]) => words);
}"""
RENDERED = f"{FRONT} .jp-RenderedMarkdown, {FRONT} .jp-RenderedHTML"
NUMBER = re.compile(r"^(Figuur|Tabel|Gegevens bij figuur) \d+\. ")

Block = tuple[str, str]


@pytest.fixture(scope="module")
def root(workspace: Path, tmp_path_factory) -> Path:
    """A copy of the workspace with its results, to work in."""
    copy = tmp_path_factory.mktemp("lab") / "kcc"
    for folder in ("studies", "notebooks", "data", "outputs"):
        shutil.copytree(workspace / folder, copy / folder, symlinks=True)
    shutil.copy(workspace / "requirements.lock", copy)  # its hash stands in the report
    return copy


@pytest.fixture(scope="module")
def lab(browser: Browser, root: Path) -> Iterator[Lab]:
    with Lab(browser, root) as running:
        yield running


def blocks(page: Page, selector: str) -> list[tuple[str, str, bool]]:
    found = page.locator(selector).evaluate_all(BLOCKS)
    return [(kind, NUMBER.sub("", words), head) for kind, words, head in found]


def tiles(page: Page) -> set[str]:
    """Captions of key figures: a table in the lab, tiles without heads on the page."""
    return set(page.locator(".key-figures .caption").all_inner_texts())


def as_on_the_page(found: list[tuple[str, str, bool]], tiles: set[str]) -> list[Block]:
    """What the lab shows, without the heads of tables that the page shows as tiles."""
    shown: list[Block] = []
    caption = ""
    for kind, words, head in found:
        caption = words if kind == "caption" else caption
        if not (head and caption in tiles):
            shown.append((kind, words))
    return shown


def test_the_lab_shows_what_the_page_shows_in_the_same_order(
    lab: Lab, root: Path, desk: Page
) -> None:
    notebook = lab.opened(REPORT)
    notebook.run_all()
    assert notebook.errors == []
    opened(desk, root / "outputs" / KEY / "report.html")
    in_lab = as_on_the_page(blocks(lab.page, RENDERED), tiles(desk))
    on_page = [each[:2] for each in blocks(desk, "main")]
    begin = in_lab.index(on_page[0])  # before it: the cell for colleagues and the title
    assert in_lab[begin:] == on_page
    kinds = {kind for kind, _ in on_page}
    assert kinds == {"text", "caption", "cell", "picture"}
    notebook.save()


@pytest.mark.parametrize("path", BY_HAND)
def test_cleaning_and_analysis_run_by_hand(lab: Lab, path: str) -> None:
    notebook = lab.opened(path)
    notebook.run_all()
    assert notebook.errors == []
    notebook.save()


def test_a_sentence_changed_in_the_lab_is_in_what_is_published(
    lab: Lab, root: Path, tmp_path: Path
) -> None:
    notebook = lab.opened(REPORT)
    notebook.edit(SENTENCE, OTHER)
    notebook.run_all()
    notebook.save()
    exported = tmp_path / "exported.pdf"
    notebook.exported("Kcc_pdf").save_as(exported)
    assert OTHER in text_of(exported)
    gathering.done(root, "run", KEY)
    published = root / "outputs" / KEY
    page = (published / "report.html").read_text("utf-8")
    assert OTHER in page and SENTENCE not in page
    assert OTHER in text_of(published / "report.pdf")


def text_of(pdf: Path) -> str:
    ran = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, check=True)
    return " ".join(ran.stdout.decode().split())
