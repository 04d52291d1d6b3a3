"""A measurement's own copy of a shipped notebook, and when the original moves on."""

import json

import pytest

from kcc_research.errors import CallError
from kcc_research.pipeline import own_notebook as own
from kcc_research.pipeline.plan import plan_measurement
from kcc_research.pipeline.status import statuses
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.loading import load_study
from tests import tiny_workspace

KEY = tiny_workspace.KEY
SHIPPED = "notebooks/30_report_experience.ipynb"


@pytest.fixture
def store(tmp_path):
    tiny_workspace.make_workspace(tmp_path)
    return Store(Workspace(tmp_path))


def test_the_copy_is_run_instead_of_the_shipped_one(store):
    path = own.make_own(store, KEY, "report")
    study = load_study(store.workspace.root, KEY)
    assert study.measurement.notebooks == {"report": f"studies/{KEY}/report.ipynb"}
    assert plan_measurement(store.workspace, study)[-1].notebook == path
    shipped = json.loads((store.workspace.root / SHIPPED).read_text())
    copied = json.loads(path.read_text())
    assert copied["cells"] == shipped["cells"]
    assert copied["metadata"]["kcc"]["shipped"] == "30_report_experience.ipynb"
    assert own.moved_on(store.workspace, KEY) == []


def test_two_stages_stand_in_one_table(store):
    own.make_own(store, KEY, "report")
    own.make_own(store, KEY, "analyse")
    study = load_study(store.workspace.root, KEY)
    assert sorted(study.measurement.notebooks) == ["analyse", "report"]


def test_a_second_copy_is_refused(store):
    own.make_own(store, KEY, "report")
    with pytest.raises(CallError) as caught:
        own.make_own(store, KEY, "report")
    assert [each.code for each in caught.value.problems] == ["KCC-R064b"]


def test_a_file_that_stands_there_is_not_overwritten(store):
    path = store.workspace.study(KEY) / "report.ipynb"
    path.write_text("mine")
    with pytest.raises(CallError) as caught:
        own.make_own(store, KEY, "report")
    assert [each.code for each in caught.value.problems] == ["KCC-C014d"]
    assert path.read_text() == "mine"
    assert load_study(store.workspace.root, KEY).measurement.notebooks == {}


def test_a_notice_until_the_change_is_accepted(store):
    path = own.make_own(store, KEY, "report")
    tiny_workspace.edit_cell(store.workspace.root / SHIPPED, 1, "# Nieuwe inleiding")
    found = own.moved_on(store.workspace, KEY)
    assert [(each.code, each.severity) for each in found] == [("KCC-R064c", "notice")]
    assert f"kcc notebook {KEY} report --diff" in found[0].remedy
    assert "shipped notebook" in str(next(statuses(store, (KEY,))))
    lines = list(own.differences(store.workspace, KEY, "report"))
    assert "-# Nieuwe inleiding" in lines and "+# Rapporteren" in lines
    before = json.loads(path.read_text())["cells"]
    own.accept(store, KEY, "report")
    assert own.moved_on(store.workspace, KEY) == []
    assert json.loads(path.read_text())["cells"] == before


def test_outputs_and_edits_of_the_copy_are_no_change_of_the_original(store):
    path = own.make_own(store, KEY, "report")
    tiny_workspace.edit_cell(path, 1, "# Mijn inleiding")
    content = json.loads((store.workspace.root / SHIPPED).read_text())
    content["cells"][1]["execution_count"] = 7
    (store.workspace.root / SHIPPED).write_text(json.dumps(content))
    assert own.moved_on(store.workspace, KEY) == []


def test_what_is_no_copy_has_no_difference(store):
    with pytest.raises(CallError) as caught:
        list(own.differences(store.workspace, KEY, "report"))
    assert [each.code for each in caught.value.problems] == ["KCC-R064d"]
