import pytest

from kcc_research.errors import RunError
from kcc_research.pipeline import plan
from kcc_research.pipeline.plan import notebooks_of, plan_measurement
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.loading import load_study
from tests.workspaces import ASSURANCE, BENCHMARK, REPOSITORY


def edit(workspace, tiny, old, new):
    file = workspace.study(tiny.KEY) / "measurement.toml"
    file.write_text(file.read_text().replace(old, new))
    return load_study(workspace.root, tiny.KEY)


def test_cleaning_per_source_then_analysis_then_report(workspace, tiny):
    study = load_study(workspace.root, tiny.KEY)
    steps = plan_measurement(workspace, study)
    assert [(each.id, each.notebook.name, each.source) for each in steps] == [
        ("clean-algemeen", "10_clean_survey.ipynb", "algemeen"),
        ("analyse", "20_analyse_experience.ipynb", ""),
        ("report", "30_report_experience.ipynb", ""),
    ]


def test_a_measurement_may_name_its_own_notebook(workspace, tiny):
    own = '\n[notebooks]\nreport = "notebooks/eigen.ipynb"\n'
    file = workspace.study(tiny.KEY) / "measurement.toml"
    file.write_text(file.read_text() + own)
    study = load_study(workspace.root, tiny.KEY)
    steps = plan_measurement(workspace, study)
    assert steps[-1].notebook == workspace.root / "notebooks" / "eigen.ipynb"
    assert steps[0].notebook == workspace.notebooks / "10_clean_survey.ipynb"


@pytest.mark.parametrize("name", ["../elsewhere.ipynb", "/etc/x.ipynb"])
def test_a_notebook_outside_the_workspace_is_refused(workspace, tiny, name):
    file = workspace.study(tiny.KEY) / "measurement.toml"
    file.write_text(f'{file.read_text()}\n[notebooks]\nreport = "{name}"\n')
    with pytest.raises(RunError) as error:
        plan_measurement(workspace, load_study(workspace.root, tiny.KEY))
    [problem] = error.value.problems
    assert (problem.code, problem.value) == ("KCC-R053f", name)


def test_a_kind_of_study_that_is_not_built_is_named(workspace, tiny, monkeypatch):
    monkeypatch.delitem(plan.ANALYSE, "counter")
    study = edit(workspace, tiny, 'study = "experience"', 'study = "counter"')
    with pytest.raises(RunError) as error:
        plan_measurement(workspace, study)
    [problem] = error.value.problems
    assert problem.code == "KCC-R053b"
    assert "'counter' are not built yet" in problem.title


def test_a_kind_of_source_that_is_not_built_is_named(workspace, tiny, monkeypatch):
    monkeypatch.delitem(plan.CLEAN, "survey")
    study = load_study(workspace.root, tiny.KEY)
    with pytest.raises(RunError) as error:
        plan_measurement(workspace, study)
    [problem] = error.value.problems
    assert (problem.code, problem.column) == ("KCC-R053c", "algemeen")


def test_a_study_among_municipalities_has_its_own_notebooks(workspace):
    study = load_study(REPOSITORY, ASSURANCE)
    steps = plan_measurement(workspace, study)
    assert [(each.id, each.notebook.name) for each in steps] == [
        ("clean-gemeenten", "13_clean_municipalities.ipynb"),
        ("analyse", "24_analyse_assurance.ipynb"),
        ("report", "33_report_assurance.ipynb"),
    ]


def test_a_benchmark_has_a_page_per_profile_with_the_report():
    workspace = Workspace(REPOSITORY)
    steps = plan_measurement(workspace, load_study(REPOSITORY, BENCHMARK))
    assert [each.id for each in steps] == [
        "clean-contacten",
        "clean-servicekader",
        "analyse",
        "report",
    ]
    pages = steps[-1].pages
    assert [each.municipality.gm for each in pages] == ["GM9001", "GM9042", "GM9128"]
    assert pages[0].file == "profiles/voorbeeldgemeente-001.html"
    assert {each.notebook.name for each in pages} == {"36_report_profile.ipynb"}
    assert all(not each.pages for each in steps[:-1])


def test_the_notebook_of_pages_is_asked_for_a_municipality():
    workspace = Workspace(REPOSITORY)
    steps = plan_measurement(workspace, load_study(REPOSITORY, BENCHMARK))
    given = {path.name: names for path, names in notebooks_of(steps).items()}
    assert given["36_report_profile.ipynb"] == ("measurement", "municipality")
    assert given["34_report_benchmark.ipynb"] == ("measurement",)
    assert len(given) == 4
