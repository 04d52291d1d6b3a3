"""A second study of a kind, with names of its own, gets every part of the report."""

import pytest
from bs4 import BeautifulSoup

from kcc_research import dutch
from tests.ready_command import ready_kcc
from tests.renamed_study import rename
from tests.workspaces import (
    ASSURANCE,
    BENCHMARK,
    COUNTER,
    PHONE,
    fresh_copy,
)

SLOW = pytest.mark.slow  # the first two show how it is done, and are the smallest


@pytest.fixture(
    scope="module",
    params=[
        ASSURANCE,
        PHONE,
        pytest.param(COUNTER, marks=SLOW),
        pytest.param(BENCHMARK, marks=SLOW),
    ],
)
def report(request, tmp_path_factory):
    root = fresh_copy(tmp_path_factory.mktemp("anders"), request.param)
    themes = rename(root / "studies" / request.param)
    done = ready_kcc(root, "run", request.param)
    assert done.returncode == 0, done.stdout + done.stderr
    page = (root / "outputs" / request.param / "report.html").read_text("utf-8")
    return request.param, themes, BeautifulSoup(page, "html.parser")


def chapter(page, words, tag):
    """Elements of a kind under the heading that begins so, up to the next of its rank.

    ``tag``: ``figure``, ``table``.
    """
    heading = next(
        each
        for each in page.select("main h2, main h3")
        if each.get_text(strip=True).startswith(words)
    )
    found = []
    for each in heading.find_all_next(["h2", heading.name, tag]):
        if each.name != tag:
            break
        found.append(each)
    return found


def test_no_part_is_empty(report):
    key, themes, page = report
    words = " ".join(page.get_text(" ", strip=True).replace("\u00a0", " ").split())
    assert themes
    for absent in (
        "is in deze bron niets vastgelegd",
        "Er zijn geen bronnen om per thema",
        "kan deze meting niet",
        "Voor de antwoorden van deze meting is geen doel",
    ):
        assert absent not in words
    PARTS[key](page, themes, words)


def _assurance(page, themes, words):
    assert len(themes) == 6
    for theme in themes.values():
        assert chapter(page, dutch.capitalised(theme), "figure")
    assert len(chapter(page, "Anders servicenormen", "figure")) == 2
    assert "Het personeel zelf noemden 54 van de 84 deelnemende gemeenten" in words


def _phone(page, themes, words):
    assert "Dat verschil is duidelijk: de marges raken elkaar niet." in words
    assert "In één keer geholpen (volgens de beller)" in words
    beside = next(
        each
        for each in page.select("table")
        if each.caption and "Beleving en uitvoering" in each.caption.get_text()
    )
    rows = [
        [cell.get_text(strip=True) for cell in row.select("th, td")]
        for row in beside.select("tbody tr")
    ]
    assert [row[0] for row in rows if "–" not in row[1:]] == [
        "Rapportcijfer",
        "In één keer geholpen",
        "Doorverbonden",
    ]
    assert len(chapter(page, "Resultaten enquête", "figure")) == 7


def _counter(page, themes, words):
    assert "vaker wel dan niet" in words
    assert "Bezoekers schatten hun wachttijd gemiddeld op" in words
    assert "observaties: gezien" in words.lower()
    assert chapter(page, "Observaties en gesprekken", "figure")


def _benchmark(page, themes, words):
    for dimension in ("Bereikbaarheid", "Informatievoorziening", "Dienstverlening"):
        assert chapter(page, dimension, "figure")
        assert chapter(page, dimension, "table")


PARTS = {
    ASSURANCE: _assurance,
    PHONE: _phone,
    COUNTER: _counter,
    BENCHMARK: _benchmark,
}
