"""kcc purge: persons' data go, what was published stays and can still be verified."""

from __future__ import annotations

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from kcc_research.cli import app
from kcc_research.errors import PrivacyError
from kcc_research.pipeline import purge as purging
from kcc_research.pipeline.purge_note import purged_on
from kcc_research.pipeline.run import Runner
from kcc_research.pipeline.status import statuses
from kcc_research.pipeline.verify import verify
from kcc_research.pipeline.workspace import Workspace

pytestmark = pytest.mark.usefixtures("ready_kernels")

AFTER = date(2031, 1, 1)


@pytest.fixture(scope="module")
def finished(tmp_path_factory, tiny):
    """A workspace with a measurement and its predecessor, both published."""
    root = tiny.make_workspace(tmp_path_factory.mktemp("klaar"), with_earlier=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KCC_HOME", str(root))
        patch.delenv("KCC_STAGING", raising=False)
        from kcc_research.pipeline.store import Store

        store = Store(Workspace(root))
        outcomes = Runner(store).run([tiny.KEY, tiny.EARLIER])
        assert [each.state for each in outcomes] == ["done", "done"]
        yield store


@pytest.fixture
def store(finished, monkeypatch):
    monkeypatch.setenv("KCC_HOME", str(finished.workspace.root))
    return finished


def tree(workspace, key):
    """Everything that stands in raw and processed, as names from the root."""
    folders = (workspace.raw(key), workspace.processed(key))
    return sorted(
        workspace.relative(path)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    )


def test_before_the_date_nothing_goes(store, tiny):
    before = tree(store.workspace, tiny.KEY)
    with pytest.raises(PrivacyError) as error:
        purging.purge(store, tiny.KEY, date(2030, 12, 31))
    [found] = error.value.problems
    assert (found.code, found.value) == ("KCC-P003", "31-12-2030")
    assert tree(store.workspace, tiny.KEY) == before


def test_without_yes_the_command_lists_and_deletes_nothing(store, tiny):
    before = tree(store.workspace, tiny.KEY)
    shown = CliRunner().invoke(app, ["purge", tiny.KEY])
    assert shown.exit_code == 0
    listed = [line for line in shown.output.splitlines() if line.startswith("data/")]
    results = f"data/processed/{tiny.KEY}/results/"
    assert listed == [each for each in before if not each.startswith(results)]
    assert f"data/raw/{tiny.KEY}/algemeen.csv" in listed
    assert tree(store.workspace, tiny.KEY) == before


def test_a_link_is_refused_because_the_answers_stand_elsewhere(store, tiny, tmp_path):
    real = tmp_path / "elders.csv"
    real.write_text("r\n1\n", encoding="utf-8")
    link = store.workspace.raw(tiny.KEY) / "link.csv"
    link.symlink_to(real)
    try:
        with pytest.raises(PrivacyError) as error:
            purging.purge(store, tiny.KEY, AFTER)
    finally:
        link.unlink()
    assert [each.code for each in error.value.problems] == ["KCC-P003c"]
    assert (store.workspace.raw(tiny.KEY) / "algemeen.csv").is_file()


def test_afterwards_no_row_of_a_person_is_left(store, tiny):
    """Of the predecessor: the measurement that builds on it stays whole."""
    workspace, key = store.workspace, tiny.EARLIER
    found = purging.purge(store, key, AFTER)
    assert len(found.files) > 3
    left = tree(workspace, key)
    results = f"data/processed/{key}/results/"
    assert [each for each in left if not each.startswith(results)] == [
        f"data/processed/{key}/purged.json"
    ]
    note = json.loads((workspace.processed(key) / "purged.json").read_bytes())
    assert note["purged"] == "2031-01-01"
    assert note["files"] == len(found.files)
    assert not workspace.raw(key).exists()
    assert [e.name for e in workspace.processed(key).iterdir() if e.is_dir()] == [
        "results"
    ]
    assert verify(store, key) == []
    assert [each.state for each in statuses(store, (key, tiny.KEY))] == [
        "purged",
        "up to date",
    ]
    states = [each.state for each in Runner(store).run([tiny.KEY, key])]
    assert states == ["purged", "unchanged"]


def test_with_the_raw_files_back_it_can_be_made_again(store, tiny):
    """Definitions outlive data: a successor puts the files back and runs."""
    key = tiny.EARLIER
    if not purged_on(store.workspace, key):
        purging.purge(store, key, AFTER)
    raw = store.workspace.raw(key)
    raw.mkdir(parents=True)
    source = store.workspace.raw(tiny.KEY) / "algemeen.csv"
    (raw / "algemeen.csv").write_bytes(source.read_bytes())
    assert purged_on(store.workspace, key) is None
    [outcome] = Runner(store).run([key])
    assert outcome.state in ("done", "unchanged")
    assert verify(store, key) == []
