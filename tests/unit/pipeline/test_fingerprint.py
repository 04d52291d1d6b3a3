"""What makes a step stale, and what does not (DESIGN §8.20)."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import kcc_research
from kcc_research.pipeline.assessment import prepare
from kcc_research.pipeline.fingerprint import (
    Fingerprint,
    Upstream,
    definition_files,
    notebook_hash,
    package_files,
    raw_files,
)
from kcc_research.pipeline.notebook_file import read_notebook
from kcc_research.pipeline.record import Record

NOTHING = Upstream({}, {})


@pytest.fixture
def parts(workspace, tiny):
    """Parts of every step as they are now: id → name → hash."""

    def now(*settings):
        prepared = prepare(workspace, tiny.KEY).with_settings(settings)
        fingerprint = Fingerprint(workspace)
        return {
            step.id: fingerprint.parts(
                prepared.study,
                step,
                prepared.notebook(step),
                prepared.parameters(step),
                NOTHING,
            )
            for step in prepared.steps
        }

    return now


def changed(before, after):
    """Which steps changed, and by what."""
    return {
        step: sorted(
            name
            for name in before[step].keys() | after[step].keys()
            if before[step].get(name) != after[step].get(name)
        )
        for step in before
        if before[step] != after[step]
    }


def test_touching_every_file_changes_nothing(workspace, parts):
    before = parts()
    for path in workspace.root.rglob("*"):
        os.utime(path, (0, 0))
    assert changed(before, parts()) == {}


def test_a_markdown_edit_in_a_report_changes_the_report_only(workspace, tiny, parts):
    before = parts()
    tiny.edit_cell(workspace.notebooks / "30_report_experience.ipynb", 1, "# Anders")
    name = "notebook notebooks/30_report_experience.ipynb"
    assert changed(before, parts()) == {"report": [name]}


def test_a_comment_or_layout_in_code_changes_nothing(workspace, tiny, parts):
    before = parts()
    path = workspace.notebooks / "20_analyse_experience.ipynb"
    source = json.loads(path.read_text())["cells"][3]["source"]
    tiny.edit_cell(path, 4, f"# waarom\n{source}   # en dit\n")
    assert changed(before, parts()) == {}


def test_code_in_a_notebook_changes_its_own_step(workspace, tiny, parts):
    before = parts()
    path = workspace.notebooks / "20_analyse_experience.ipynb"
    source = json.loads(path.read_text())["cells"][3]["source"]
    tiny.edit_cell(path, 4, f"{source}.clip(1, 10)")
    assert list(changed(before, parts())) == ["analyse"]


def test_outputs_stored_in_a_notebook_change_nothing(workspace, parts):
    before = parts()
    path = workspace.notebooks / "30_report_experience.ipynb"
    content = json.loads(path.read_text())
    content["cells"][2]["outputs"] = [{"output_type": "stream", "text": "x"}]
    content["cells"][2]["execution_count"] = 7
    path.write_text(json.dumps(content))
    assert changed(before, parts()) == {}


def test_a_tag_changes_the_step(workspace, parts):
    before = parts()
    path = workspace.notebooks / "30_report_experience.ipynb"
    content = json.loads(path.read_text())
    content["cells"][0]["metadata"] = {}
    path.write_text(json.dumps(content))
    assert list(changed(before, parts())) == ["report"]


def test_raw_answers_change_cleaning(workspace, tiny, parts):
    before = parts()
    tiny.write_grades(workspace.root, tiny.KEY, (1, 2, 3))
    assert changed(before, parts()) == {"clean-algemeen": ["raw file algemeen.csv"]}


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("algemeen.toml", ["analyse", "clean-algemeen", "report"]),
        ("claims.toml", ["analyse", "report"]),
        ("quotes.toml", ["analyse", "report"]),
        ("texts/conclusies.md", ["report"]),
    ],
)
def test_definitions_change_the_steps_that_may_read_them(
    workspace, tiny, parts, name, steps
):
    before = parts()
    path = workspace.study(tiny.KEY) / name
    path.parent.mkdir(exist_ok=True)
    if name == "claims.toml":
        text = '[[claim]]\ntext = "a"\nsource = "b"\nkind = "mean"\nvalue = "6.4"\n'
        path.write_text(text)
    else:
        path.write_text((path.read_text() if path.exists() else "") + "\n# x\n")
    found = changed(before, parts())
    assert sorted(found) == steps
    assert all(names == [f"definition {name}"] for names in found.values())


def test_an_own_report_notebook_changes_the_report_only(workspace, tiny, parts):
    own = workspace.study(tiny.KEY) / "report.ipynb"
    shutil.copy(workspace.notebooks / "30_report_experience.ipynb", own)
    definition = workspace.study(tiny.KEY) / "measurement.toml"
    name = workspace.relative(own)
    named = f'{definition.read_text()}\n[notebooks]\nreport = "{name}"\n'
    definition.write_text(named)
    before = parts()
    tiny.edit_cell(own, 1, "# Anders")
    assert changed(before, parts()) == {"report": [f"notebook {name}"]}
    content = json.loads(own.read_text())
    content["metadata"]["kernelspec"] = {"name": "python3"}
    before = parts()
    own.write_text(json.dumps(content))
    assert changed(before, parts()) == {}


def test_a_parameter_changes_the_notebooks_that_declare_it(workspace, tiny, parts):
    before = parts()
    prepared = prepare(workspace, tiny.KEY).with_settings(["seed=2"])
    given = {step.id: prepared.parameters(step) for step in prepared.steps}
    assert given["analyse"] == {"measurement": tiny.KEY, "seed": 2}
    assert "seed" not in given["clean-algemeen"] | given["report"]
    assert changed(before, parts("seed=2")) == {"analyse": ["parameters"]}
    assert parts("seed=2") != parts("seed=3")


def test_the_lock_changes_every_step(workspace, parts):
    before = parts()
    workspace.lock_file.write_text("pandas==3.1.2\n")
    found = changed(before, parts())
    assert len(found) == 3
    assert all(names == ["requirements.lock"] for names in found.values())


def test_results_built_on_are_part_of_a_step(workspace, tiny):
    prepared = prepare(workspace, tiny.KEY)
    step = prepared.steps[1]

    def parts_with(content):
        record = Record("clean-algemeen", "run", {}, {"algemeen.parquet": content})
        return Fingerprint(workspace).parts(
            prepared.study,
            step,
            prepared.notebook(step),
            {},
            Upstream({"clean-algemeen": record}, {}),
        )

    one, other = parts_with("1"), parts_with("2")
    assert one["step clean-algemeen"] != other["step clean-algemeen"]
    assert one == parts_with("1")


def test_earlier_results_and_definitions_are_part_of_a_step(tmp_path, tiny):
    from kcc_research.pipeline.workspace import Workspace

    workspace = Workspace(tiny.make_workspace(tmp_path / "p", with_earlier=True))
    prepared = prepare(workspace, tiny.KEY)
    record = Record("analyse", "run", {}, {"results/estimates.parquet": "1"})
    found = Fingerprint(workspace).parts(
        prepared.study,
        prepared.steps[1],
        prepared.notebook(prepared.steps[1]),
        {},
        Upstream({}, {tiny.EARLIER: record}),
    )
    assert found[f"earlier {tiny.EARLIER}"] == record.content
    assert f"definitions of {tiny.EARLIER}" in found


def test_layers_of_the_package_add_up(tmp_path, monkeypatch):
    """A change in a layer changes its own stage and those after it, and no other."""
    from kcc_research.pipeline import fingerprint

    copy = tmp_path / "kcc_research"
    ignored = shutil.ignore_patterns("__pycache__", "fonts")
    shutil.copytree(Path(kcc_research.__file__).parent, copy, ignore=ignored)
    monkeypatch.setattr(kcc_research, "__file__", str(copy / "__init__.py"))
    stages = ("clean", "analyse", "report")

    def stale_after(name):
        before = [fingerprint.package_files(stage) for stage in stages]
        path = copy / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text((path.read_text() if path.exists() else "") + "\n# changed\n")
        after = [fingerprint.package_files(stage) for stage in stages]
        return [s for s, b, a in zip(stages, before, after, strict=True) if b != a]

    assert stale_after("errors.py") == ["clean", "analyse", "report"]
    assert stale_after("microdata/new.py") == ["clean", "analyse", "report"]
    assert stale_after("estimation/new.py") == ["analyse", "report"]
    assert stale_after("disclosure/new.py") == ["analyse", "report"]
    assert stale_after("reporting/new.py") == ["report"]
    assert stale_after("data/templates/new.css") == ["report"]
    assert stale_after("data/messages/D.toml") == ["clean", "analyse", "report"]
    assert stale_after("data/messages/R.toml") == []
    assert stale_after("pipeline/run.py") == []
    assert stale_after("cli.py") == []


HASHES = """
import sys
from pathlib import Path
import kcc_research
kcc_research.__file__ = sys.argv[1]
from kcc_research.pipeline.fingerprint import package_files
from kcc_research.pipeline.record import canonical_json
stages = ("clean", "analyse", "report")
print(canonical_json([package_files(stage) for stage in stages]).decode())
"""


def test_the_package_s_hash_does_not_depend_on_the_run(tmp_path):
    """Elsewhere, compiled, at another time and with another hash seed: the same."""
    copy = tmp_path / "kcc_research"
    shutil.copytree(Path(kcc_research.__file__).parent, copy)
    (copy / "study" / "__pycache__").mkdir(exist_ok=True)
    (copy / "study" / "__pycache__" / "new.pyc").write_bytes(b"x")
    for path in copy.rglob("*.py"):
        os.utime(path, (0, 0))
    told = subprocess.run(
        [sys.executable, "-c", HASHES, str(copy / "__init__.py")],
        env={**os.environ, "PYTHONHASHSEED": "575"},
        capture_output=True,
        text=True,
        check=True,
    )
    here = [package_files(stage) for stage in ("clean", "analyse", "report")]
    assert json.loads(told.stdout) == here
    assert len({len(each) for each in here}) == 3


def test_hidden_files_are_no_definitions(workspace, tiny):
    folder = workspace.study(tiny.KEY)
    (folder / ".measurement.toml.swp").write_text("x")
    for name in ("texts/.slot.md.swp", ".ipynb_checkpoints/a", "texts/.x/y/z.md"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    names = [path.name for path in definition_files(folder, "report")]
    assert names == ["algemeen.toml", "measurement.toml"]


def test_raw_files_of_a_series_are_sorted(workspace, tiny):
    folder = workspace.raw(tiny.KEY)
    for name in ("2024-02.csv", "2024-01.csv", "other.txt"):
        (folder / name).write_text("v1\n7\n")
    prepared = prepare(workspace, tiny.KEY)
    [source] = prepared.study.measurement.source
    series = source.model_copy(update={"file": None, "files": "2024-*.csv"})
    found = [path.name for path in raw_files(workspace, tiny.KEY, series)]
    assert found == ["2024-01.csv", "2024-02.csv"]


def test_cells_in_another_order_are_another_notebook(workspace, tiny, tmp_path):
    hashes = set()
    for cells in (("a: int = 1", "x = 1", "y = 2"), ("a: int = 1", "y = 2", "x = 1")):
        tiny.write_notebook(tmp_path / "n.ipynb", cells, "x")
        hashes.add(notebook_hash(read_notebook(tmp_path / "n.ipynb", "n")))
    assert len(hashes) == 2


@pytest.mark.parametrize("number", [10, 20])
def test_what_inputs_json_tells_is_part_of_the_report(workspace, tiny, number):
    """A notebook that made the same again has another hash in the account."""
    from kcc_research.pipeline.assessment import assess
    from kcc_research.pipeline.freezing import freeze

    def now(*settings):
        prepared = prepare(workspace, tiny.KEY).with_settings(settings)
        report = prepared.steps[-1]
        parts = assess(workspace, Fingerprint(workspace), prepared, report).parts
        given = {each.shown: values for each, values in prepared.every_parameters()}
        notebooks = prepared.notebooks.values()
        return freeze(
            workspace, prepared.study, notebooks, given, Fingerprint(workspace)
        ).to_json(), parts

    states = [now(), now("seed=2")]
    [path] = workspace.notebooks.glob(f"{number}_*")
    tiny.edit_cell(path, 1, "# Anders")
    states.append(now())
    assert len({account for account, _ in states}) == 3
    assert len({json.dumps(parts, sort_keys=True) for _, parts in states}) == 3


def test_every_version_in_inputs_json_is_part_of_the_report(monkeypatch, workspace):
    from kcc_research.pipeline import fingerprint

    for versions in ({"Python": "3.11.7"}, {"Python": "3.11.8", "system": "Linux"}):
        monkeypatch.setattr(fingerprint, "software_versions", lambda v=versions: v)
        found = Fingerprint(workspace).account_parts([])
        assert found == {f"version of {name}": v for name, v in versions.items()}
