"""The notebooks run top to bottom with their defaults, as somebody in JupyterLab would.

In order, in one fresh workspace, with ``notebooks/`` as the kernel's working folder
and no runner around it.
"""

import contextlib
import os

import nbformat
import pytest
from nbclient import NotebookClient

from kcc_research.pipeline.forked_kernels import provisioner
from kcc_research.pipeline.freezing import account_by_hand
from kcc_research.pipeline.kernel import KernelRoom
from kcc_research.pipeline.kernel_names import ACCOUNT_FILE, SHOWN
from kcc_research.pipeline.notebook import Assignment, run_notebook
from kcc_research.pipeline.plan import plan_measurement
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.loading import load_study
from tests.workspaces import (
    ASSURANCE,
    BENCHMARK,
    CONTACTS,
    COUNTER,
    DEMONSTRATION,
    PHONE,
    REPOSITORY,
    fresh_copy,
)

NAMES = sorted(path.name for path in (REPOSITORY / "notebooks").glob("*.ipynb"))


FEWEST_FIGURES = {"36_report_profile.ipynb": 2}
MOST_HIDDEN = 2
"""Values of other kinds than tables of ours, which a run shows by size alone."""


def by_hand(notebook, root, **options):
    """A kernel as JupyterLab starts it: in the notebook's own folder."""
    folder = {"metadata": {"path": root / "notebooks"}}
    return NotebookClient(notebook, timeout=120, resources=folder, **options)


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Every notebook after it was run by hand, by name."""
    folder = tmp_path_factory.mktemp("werkplek met spatie")
    wanted = (ASSURANCE, COUNTER, PHONE, BENCHMARK, CONTACTS)
    root = fresh_copy(folder, DEMONSTRATION, *wanted)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("KCC_HOME", raising=False)
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        found = {}
        for name in NAMES:
            notebook = nbformat.read(root / "notebooks" / name, as_version=4)
            if name.startswith("2"):
                clean_other_sources(root, parameters(notebook)["measurement"])
            by_hand(notebook, root).execute()
            found[name] = notebook
        yield root, found


def parameters(notebook):
    """Name → default of the cell with parameters, which holds literals only."""
    cell = next(each for each in notebook.cells if "parameters" in tags(each))
    values = {}
    exec(cell.source, values)
    return values


def tags(cell):
    return cell.metadata.get("tags", ())


def clean_other_sources(root, key):
    """Run the cells that clean the sources no notebook has as its default.

    In this process: what a kernel does to a cleaning is seen by the defaults.
    """
    for step in plan_measurement(Workspace(root), load_study(root, key)):
        processed = root / "data" / "processed" / key
        if step.stage != "clean" or (processed / f"{step.source}.parquet").is_file():
            continue
        notebook = nbformat.read(step.notebook, as_version=4)
        cell = next(each for each in notebook.cells if "parameters" in tags(each))
        cell.source = f'measurement: str = "{key}"\nsource: str = "{step.source}"'
        code = [each.source for each in notebook.cells if each.cell_type == "code"]
        with contextlib.chdir(root / "notebooks"):
            exec("\n".join(code), {})


def outputs(notebook):
    return [
        output
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]


@pytest.fixture(scope="module")
def forked(executed, tmp_path_factory):
    """The same notebooks in kernels of a batch, on what was made by hand.

    Name → the notebook, and the files that it saved.
    """
    if not provisioner.is_available():
        pytest.skip("kernels cannot be forked here")
    root, by_name = executed
    found = {}
    with KernelRoom() as room:
        for name in NAMES:
            staging = tmp_path_factory.mktemp("staging")
            values = parameters(by_name[name])
            found[name] = (
                run_notebook(
                    room, assignment(root, name, values["measurement"], staging)
                ),
                saved(staging),
            )
    return found


def assignment(root, name, key, staging):
    """What the runner is asked to do with a notebook and its defaults."""
    study = load_study(root, key)
    stages = {"2": "analyse", "3": "report"}
    (staging / ACCOUNT_FILE).write_bytes(
        account_by_hand(Workspace(root), study).to_json()
    )
    return Assignment(
        path=root / "notebooks" / name,
        shown=f"notebooks/{name}",
        parameters={},
        home=root,
        staging=staging,
        stage=stages.get(name[0], "clean"),
        published=study.measurement.published,
        failed_folder="runs",
        environment=os.environ,
    )


def saved(staging):
    """The tables a notebook saved: name → content."""
    files = (each for each in staging.rglob("*.parquet"))
    return {each.relative_to(staging).as_posix(): each.read_bytes() for each in files}


@pytest.mark.parametrize("name", NAMES)
def test_a_forked_kernel_shows_and_saves_the_same(executed, forked, name):
    """Text, HTML and images of every cell, and every bit of what was saved.

    What may hold an answer is shown by hand, and in a run by its size alone.
    """
    root, by_hand = executed
    notebook, files = forked[name]
    batch, hand = shown(notebook), shown(by_hand[name])
    assert {each: len(of) for each, of in batch.items()} == {
        each: len(of) for each, of in hand.items()
    }
    for cell, of in batch.items():
        for one, other in zip(of, hand[cell], strict=True):
            if not is_hidden(one):
                assert one == other, cell
    hidden = sum(is_hidden(each) for of in batch.values() for each in of)
    assert hidden <= (0 if name.startswith("3") else MOST_HIDDEN)
    key = parameters(by_hand[name])["measurement"]
    processed = root / "data" / "processed" / key
    for file, content in files.items():
        assert content == (processed / file).read_bytes(), file
    assert bool(files) == (name[0] in "12")


def is_hidden(output):
    return output.get("data", {}).get("text/plain", "").startswith("[afgeschermd: ")


def shown(notebook):
    """What each cell shows, by its id; without the marks of what was let through."""
    return {
        cell.id: [
            {k: v for k, v in each.items() if k != "execution_count"}
            | {
                "metadata": {
                    k: v for k, v in each.get("metadata", {}).items() if k != SHOWN
                }
            }
            for each in cell.outputs
        ]
        for cell in notebook.cells
        if cell.cell_type == "code"
    }


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("3")])
def test_every_figure_of_a_forked_kernel_has_its_image(forked, name):
    notebook, _ = forked[name]
    figures = [
        output
        for output in outputs(notebook)
        if output.metadata.get("kcc", {}).get("kind") == "figure"
    ]
    assert len(figures) >= FEWEST_FIGURES.get(name, 4)
    for each in figures:
        assert any(kind.startswith("image/") for kind in each.data), list(each.data)


@pytest.mark.parametrize("name", NAMES)
def test_it_ends_without_error_or_warning(executed, name):
    _, notebooks = executed
    kinds = {output.output_type for output in outputs(notebooks[name])}
    assert "error" not in kinds
    assert "stream" not in kinds  # a warning on stderr would be one


def test_each_stage_leaves_what_the_next_one_reads(executed):
    root, _ = executed
    processed = root / "data" / "processed" / "gm0575-noordwijk" / "2021-klantbeleving"
    assert (processed / "algemeen.parquet").is_file()
    assert (processed / "cleaning_log.csv").is_file()
    names = {path.stem for path in (processed / "results").glob("*.parquet")}
    assert names == {"estimates", "comparisons", "verdicts"}


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("3")])
def test_the_report_shows_only_what_a_public_report_may_hold(executed, name):
    _, notebooks = executed
    records = [output.metadata.get("kcc") for output in outputs(notebooks[name])]
    assert all(records)
    kinds = [record["kind"] for record in records]
    assert kinds[0] == "title"
    assert kinds.count("figure") >= FEWEST_FIGURES.get(name, 4)


def test_a_report_before_its_analysis_says_what_to_run(tmp_path, monkeypatch):
    monkeypatch.delenv("KCC_HOME", raising=False)
    root = fresh_copy(tmp_path)
    name = "30_report_experience.ipynb"
    notebook = nbformat.read(root / "notebooks" / name, as_version=4)
    by_hand(notebook, root, allow_errors=True).execute()
    error = next(each for each in outputs(notebook) if each.output_type == "error")
    text = "\n".join(error.traceback)
    assert "draai eerst" in text.lower()
    assert "kcc run gm0575-noordwijk/2021-klantbeleving" in text
    assert "Traceback" not in text
