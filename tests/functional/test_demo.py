"""kcc demo: invented municipalities; planted faults fail alone."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from kcc_research.cli import app
from kcc_research.pipeline import demo
from kcc_research.pipeline.check import check
from kcc_research.pipeline.executor import Threads
from kcc_research.pipeline.run import Runner
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.measurement_key import list_keys
from tests.workspaces import REPOSITORY

pytestmark = pytest.mark.usefixtures("ready_kernels")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Twelve municipalities; faults in five surveys and three registrations."""
    to = tmp_path_factory.mktemp("proef") / "werkplek"
    return demo.make(Workspace(REPOSITORY), to, 12, with_contacts=True)


@pytest.fixture(scope="module")
def faulty():
    return demo.faulty_keys(12, with_contacts=True)


def test_every_fault_is_told_and_nothing_else(made, faulty, monkeypatch):
    monkeypatch.setenv("KCC_HOME", str(made.root))
    assert len(list_keys(made.root)) == 24
    assert len(faulty) == 8
    assert demo.faulty_keys(12).items() < faulty.items()
    for key in list_keys(made.root):
        errors = [e.code for e in check(made, key) if e.severity == "error"]
        assert bool(errors) == (key in faulty), (key, errors)


def test_faults_fail_alone_and_the_others_are_published(made, faulty, monkeypatch):
    """A survey and a registration that are sound and two that are not, at a time."""
    monkeypatch.setenv("KCC_HOME", str(made.root))
    keys = []
    for slug in ("2024-klantbeleving", "2024-contacten"):
        of_kind = [key for key in list_keys(made.root) if key.endswith(slug)]
        keys.append(next(key for key in of_kind if key not in faulty))
        keys.append(next(key for key in of_kind if key in faulty))
    outcomes = {e.key: e for e in Runner(Store(made), executor=Threads(2)).run(keys)}
    for key in keys:
        assert outcomes[key].is_good == (key not in faulty), outcomes[key].problems
        assert made.output(key).exists() == (key not in faulty)


def test_without_contacts_a_demonstration_is_of_surveys_only(tmp_path):
    found = demo.make(Workspace(REPOSITORY), tmp_path / "x", 2)
    assert [key.partition("/")[2] for key in list_keys(found.root)] == [
        "2024-klantbeleving"
    ] * 2
    names = {each.name for each in found.notebooks.iterdir()}
    assert "11_clean_contacts.ipynb" not in names


def test_an_existing_folder_is_left_alone(made):
    before = sorted(made.root.rglob("*"))
    words = ["demo", "--municipalities", "2", "--to", str(made.root)]
    shown = CliRunner().invoke(app, words, env={"KCC_HOME": str(REPOSITORY)})
    assert shown.exit_code == 2
    assert "KCC-R053s" in shown.output
    assert sorted(made.root.rglob("*")) == before


@pytest.mark.parametrize("count", [0, 343, -1])
def test_there_are_342_municipalities_at_most(tmp_path, count):
    words = ["demo", f"--municipalities={count}", "--to", str(tmp_path / "x")]
    shown = CliRunner().invoke(app, words, env={"KCC_HOME": str(REPOSITORY)})
    assert shown.exit_code == 2
    assert "KCC-R053r" in shown.output
    assert not (tmp_path / "x").exists()
