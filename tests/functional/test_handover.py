"""kcc handover: what a successor has to know, and no secret and no answer."""

from __future__ import annotations

import os
from datetime import date

import html5lib
import pytest
from bs4 import BeautifulSoup
from typer.testing import CliRunner

from kcc_research.cli import app
from kcc_research.errors import CallError
from kcc_research.pipeline.handover import handover
from kcc_research.pipeline.keys import key_file, obtain
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import Workspace

TODAY = date(2026, 11, 22)
ACTIONS = """
[[recommendation]]
text = "Bel binnen een dag terug"
owner = "n.t.b."
deadline = 2025-01-01
status = "open"
[[recommendation]]
text = "Zet de openingstijden online"
owner = "Team Web"
status = "gereed"
result = "Staat online."
"""


@pytest.fixture
def store(tmp_path, tiny, monkeypatch):
    """A workspace with two measurements that was never run, and a place for keys."""
    root = tiny.make_workspace(tmp_path / "project", with_earlier=True)
    monkeypatch.setenv("KCC_HOME", str(root))
    monkeypatch.setenv("KCC_KEYS", str(tmp_path / "sleutels"))
    monkeypatch.delenv("KCC_STAGING", raising=False)
    return Store(Workspace(root))


def text_of(path):
    content = path.read_text(encoding="utf-8")
    parser = html5lib.HTMLParser()
    parser.parse(content)
    assert parser.errors == []
    page = BeautifulSoup(content, "html5lib")
    assert page.html["lang"] == "nl"
    return " ".join(page.get_text(" ").replace("\xa0", " ").split())


def edit(store, tiny, name, old, new):
    path = store.workspace.study(tiny.KEY) / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_it_says_what_a_successor_asks(store, tiny, tmp_path):
    (store.workspace.study(tiny.KEY) / "aanbevelingen.toml").write_text(ACTIONS)
    path = handover(store, tiny.KEY, TODAY, tmp_path / "over")
    assert path.name == "overdracht-xx-teststad.2024-meting.html"
    told = text_of(path)
    for words in (
        "Overdracht: Proefmeting",
        "Opdrachtgever Gemeente Teststad",
        "algemeen.toml vragenlijst van bron algemeen",
        "Niet te vergelijken met xx-teststad/2023-meting: Andere vraag.",
        "Bel binnen een dag terug: nog van niemand, open, voor 01-01-2025 "
        "(de datum is voorbij)",
        "algemeen.csv bron algemeen",
        f"kcc run {tiny.KEY}",
        "er is nog geen rapport gepubliceerd",
        "Antwoorden bewaren tot en met 31 december 2030",
        "Niet nodig: deze meting koppelt geen antwoorden",
        "Bouwt op xx-teststad/2023-meting",
    ):
        assert words in told, words
    assert "openingstijden" not in told
    earlier = text_of(handover(store, tiny.EARLIER, TODAY, tmp_path / "over"))
    assert f"{tiny.KEY} bouwt op deze meting" in earlier


def test_from_whom_a_file_came_is_told_or_left_to_fill_in(store, tiny, tmp_path):
    blank = "Van wie, langs welke weg en volgens welke afspraak ze komen"
    assert blank in text_of(handover(store, tiny.KEY, TODAY, tmp_path / "leeg"))
    sent = 'delivery = { by = "Bureau Voorbeeld", received = 2024-02-06 }'
    edit(store, tiny, "measurement.toml", "invited", f"{sent}\ninvited")
    told = text_of(handover(store, tiny.KEY, TODAY, tmp_path / "over"))
    assert "Bron algemeen Van Bureau Voorbeeld, ontvangen op 6 februari 2024" in told
    assert blank not in told


def test_what_is_not_decided_yet_is_told_with_its_line(store, tiny, tmp_path):
    edit(
        store,
        tiny,
        "algemeen.toml",
        "[[question]]",
        "# BESLIS: welk cijfer?\n[[question]]",
    )
    told = text_of(handover(store, tiny.KEY, TODAY, tmp_path / "over"))
    assert f"studies/{tiny.KEY}/algemeen.toml, regel 3: welk cijfer?" in told
    assert "Dat is niet te zeggen zolang de definities niet kloppen." in told


def test_the_key_is_told_by_its_keeper_and_never_itself(store, tiny, tmp_path):
    edit(
        store,
        tiny,
        "algemeen.toml",
        "[[question]]",
        '[[question]]\nid = "nr"\ncolumn = "nr"\ntext = "Nummer"\ntype = "identifier"\n'
        "link = true\nsensitive = false\n[[question]]",
    )
    secret = obtain(tiny.KEY, store.workspace.root)
    path = handover(store, tiny.KEY, TODAY, tmp_path / "over")
    told = text_of(path)
    assert "Nodig voor algemeen" in told
    assert f"Bestand {key_file(tiny.KEY).name}" in told
    if os.name == "posix":
        assert f"van gebruiker {key_file(tiny.KEY).owner()}" in told
    raw = path.read_bytes()
    assert secret not in raw and secret.hex().encode() not in raw
    key_file(tiny.KEY).unlink()
    again = text_of(handover(store, tiny.KEY, TODAY, tmp_path / "nogmaals"))
    assert "niet aanwezig: vraag hem aan wie de kopie beheert" in again


def test_without_a_place_it_is_private_and_the_command_says_where(store, tiny):
    shown = CliRunner().invoke(app, ["handover", tiny.KEY])
    assert shown.exit_code == 0, shown.output
    path = store.workspace.runs(tiny.KEY)
    [written] = path.glob("*/overdracht.html")
    assert shown.output.strip() == str(written)
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("place", ["outputs", "data/raw", "twice"])
def test_it_is_not_put_among_what_is_published_or_over_another(
    store, tiny, tmp_path, place
):
    to = store.workspace.root / place
    if place == "twice":
        handover(store, tiny.KEY, TODAY, to)
    with pytest.raises(CallError) as error:
        handover(store, tiny.KEY, TODAY, to)
    assert [each.code for each in error.value.problems] == ["KCC-R053y"]
