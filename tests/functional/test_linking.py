"""Two waves of one series, linked by pseudonyms of which the key lies elsewhere."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd
import pytest
from typer.testing import CliRunner

from kcc_research.cli import app
from kcc_research.pipeline import keys
from kcc_research.pipeline import purge as purging
from kcc_research.pipeline.run import Runner
from kcc_research.pipeline.status import statuses
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import Workspace

pytestmark = pytest.mark.usefixtures("ready_kernels")

AFTER = date(2031, 1, 1)
NUMBER = """\
[[question]]
id = "nr"
column = "nr"
text = "Volgnummer"
type = "identifier"
link = true
sensitive = false
[[question]]
id = "cijfer"
"""


@pytest.fixture(scope="module")
def linked(tmp_path_factory, tiny):
    """Two waves among the same people, run; the key folder beside the project."""
    base = tmp_path_factory.mktemp("reeks")
    root = tiny.make_workspace(base / "project", with_earlier=True)
    for key in (tiny.KEY, tiny.EARLIER):
        asked = root / "studies" / key / "algemeen.toml"
        text = asked.read_text(encoding="utf-8")
        text = text.replace('[[question]]\nid = "cijfer"\n', NUMBER, 1)
        asked.write_text(text, encoding="utf-8")
        rows = [f"MARK-{n:03d};{g}" for n, g in enumerate(tiny.GRADES)]
        content = "\n".join(["nr;v1", *rows]) + "\n"
        raw = root / "data" / "raw" / key / "algemeen.csv"
        raw.write_text(content, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KCC_HOME", str(root))
        patch.setenv("KCC_KEYS", str(base / "sleutels"))
        patch.delenv("KCC_STAGING", raising=False)
        yield Store(Workspace(root))


def answers(store, key):
    return pd.read_parquet(store.workspace.processed(key) / "algemeen.parquet")


def test_check_makes_no_key(linked, tiny):
    shown = CliRunner().invoke(app, ["check", tiny.KEY])
    assert shown.exit_code == 0, shown.output
    assert not keys.key_file(tiny.KEY).exists()


def test_the_waves_can_be_joined_and_the_numbers_are_nowhere(linked, tiny):
    outcomes = Runner(linked).run([tiny.KEY, tiny.EARLIER])
    assert [each.state for each in outcomes] == ["done", "done"]
    now, then = (answers(linked, key) for key in (tiny.KEY, tiny.EARLIER))
    assert now["nr"].is_unique and len(now) == len(tiny.GRADES)
    assert list(now["nr"]) == list(then["nr"])
    secret = keys.key_file(tiny.KEY).read_bytes()
    root, raw = linked.workspace.root, linked.workspace.root / "data" / "raw"
    for path in root.rglob("*"):
        if path.is_file() and not path.is_relative_to(raw):
            content = path.read_bytes()
            assert b"MARK-0" not in content, path
            assert secret not in content and secret.hex().encode() not in content
    states = [each.state for each in statuses(linked, (tiny.EARLIER, tiny.KEY))]
    assert states == ["up to date", "up to date"]


def test_another_key_makes_the_answers_anew_and_the_report_not(linked, tiny):
    Runner(linked).run([tiny.KEY])
    report = linked.workspace.output(tiny.KEY) / "report.html"
    inputs = report.with_name("inputs.json")
    before = report.read_bytes(), inputs.read_bytes()
    old = answers(linked, tiny.KEY)["nr"]
    keys.delete(keys.key_file(tiny.KEY))
    [found] = statuses(linked, (tiny.KEY,))
    assert found.state == "stale" and "key of pseudonyms" in str(found.reasons)
    outcomes = Runner(linked).run([tiny.KEY])
    assert {each.state for each in outcomes} == {"done"}
    new = answers(linked, tiny.KEY)["nr"]
    assert not set(old) & set(new)
    assert list(new) == list(answers(linked, tiny.EARLIER)["nr"])
    assert (report.read_bytes(), inputs.read_bytes()) == before


def test_the_key_goes_with_the_last_data_it_links(linked, tiny):
    Runner(linked).run([tiny.KEY])
    path = keys.key_file(tiny.KEY)
    assert purging.planned(linked.workspace, tiny.KEY).keys == ()
    purging.purge(linked, tiny.EARLIER, AFTER)
    assert path.exists()
    shown = CliRunner().invoke(app, ["purge", tiny.KEY])
    assert f"key of pseudonyms {path.name}" in shown.output
    assert path.exists()
    found = purging.purge(linked, tiny.KEY, AFTER)
    assert found.keys == (path,) and not path.exists()
    note = linked.workspace.processed(tiny.KEY) / "purged.json"
    assert json.loads(note.read_bytes())["keys"] == 1
