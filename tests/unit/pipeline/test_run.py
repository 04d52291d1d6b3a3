"""What a run does and leaves alone; steps are faked, so no kernel starts."""

import errno
import json

import pytest

from kcc_research.errors import CallError, DataError, problem
from kcc_research.pipeline import execution
from kcc_research.pipeline.last_run import read_last_run
from kcc_research.pipeline.manifest import with_manifest
from kcc_research.pipeline.outcome import exit_code
from kcc_research.pipeline.record import Record, sha256_of
from kcc_research.pipeline.run import Options, Runner
from kcc_research.pipeline.saving import commit
from kcc_research.pipeline.status import failed_keys, statuses
from kcc_research.pipeline.store import Store, last_run_file
from kcc_research.pipeline.store.operations import FileOperations
from kcc_research.pipeline.workspace import Workspace


@pytest.fixture
def performed(monkeypatch):
    """Steps that were performed; each makes one file that says what it was made of."""
    steps = []

    def perform(bench, assessment):
        step = assessment.step
        steps.append((bench.key, step.id))
        content = json.dumps(bench.prepared.parameters(step)).encode()
        if step.stage == "report":
            facts = {
                "key": bench.key,
                "title": bench.prepared.study.measurement.title,
                "place": "Teststad",
                "published": "2024-03-29",
                "status": "definitief",
                "synthetic": True,
            }
            inputs = json.dumps({"measurement": facts}).encode()
            files = {"report.html": content, "inputs.json": inputs}
            bench.held.publish(with_manifest(bench.key, files, assessment.parts, {}))
            return
        folder = bench.held.new_staging(step.id)
        name = f"results/{step.id}.parquet" if step.stage == "analyse" else "a.parquet"
        bench.held.stage(folder, {name: content})
        record = Record(step.id, "run", assessment.parts, {name: sha256_of(content)})
        commit(bench.workspace, bench.held, folder, record)

    monkeypatch.setattr(execution, "perform", perform)
    return steps


@pytest.fixture
def two(tmp_path, tiny, monkeypatch):
    """A measurement and the one it builds on."""
    root = tiny.make_workspace(tmp_path / "two", with_earlier=True)
    monkeypatch.setenv("KCC_HOME", str(root))
    return Workspace(root)


def run(workspace, *keys, operations=None, **options):
    return Runner(Store(workspace, operations), Options(**options)).run(keys)


def states(outcomes):
    return {each.key: each.state for each in outcomes}


ALL_STEPS = ["clean-algemeen", "analyse", "report"]


def test_everything_is_done_once_and_then_nothing(workspace, tiny, performed):
    [first] = run(workspace, tiny.KEY)
    assert (first.state, first.steps) == ("done", tuple(ALL_STEPS))
    performed.clear()
    [again] = run(workspace, tiny.KEY)
    assert (again.state, again.steps) == ("unchanged", ())
    assert performed == []


def test_what_it_builds_on_is_brought_up_to_date_first(two, tiny, performed):
    run(two, tiny.KEY)
    assert performed == [
        (tiny.EARLIER, "clean-algemeen"),
        (tiny.EARLIER, "analyse"),
        *((tiny.KEY, step) for step in ALL_STEPS),
    ]
    assert not two.output(tiny.EARLIER).exists()


def test_only_what_is_stale_is_done(workspace, tiny, performed):
    run(workspace, tiny.KEY)
    performed.clear()
    tiny.edit_cell(workspace.notebooks / "30_report_experience.ipynb", 1, "# Anders")
    run(workspace, tiny.KEY)
    assert performed == [(tiny.KEY, "report")]


def test_the_same_result_stops_the_work_there(workspace, tiny, performed):
    """Cleaning is done again; it makes the same file, so nothing after it is stale."""
    run(workspace, tiny.KEY)
    performed.clear()
    tiny.edit_cell(workspace.notebooks / "10_clean_survey.ipynb", 1, "# Anders")
    run(workspace, tiny.KEY)
    assert performed == [(tiny.KEY, "clean-algemeen")]


def test_a_file_edited_by_hand_makes_its_step_stale(workspace, tiny, performed):
    run(workspace, tiny.KEY)
    performed.clear()
    (workspace.output(tiny.KEY) / "report.html").write_text("edited")
    run(workspace, tiny.KEY)
    assert performed == [(tiny.KEY, "report")]


def test_force_does_every_step_of_what_was_named(two, tiny, performed):
    run(two, tiny.KEY)
    performed.clear()
    run(two, tiny.KEY, force=True)
    assert performed == [(tiny.KEY, step) for step in ALL_STEPS]


def test_a_setting_makes_the_steps_that_know_it_stale(two, tiny, performed):
    run(two, tiny.KEY)
    performed.clear()
    run(two, tiny.KEY, settings=("seed=5",))
    assert performed == [(tiny.KEY, "analyse"), (tiny.KEY, "report")]


def test_a_setting_that_no_notebook_knows_stops_the_call(workspace, tiny, performed):
    with pytest.raises(CallError) as error:
        run(workspace, tiny.KEY, settings=("sed=5",))
    assert error.value.problems[0].code == "KCC-R053l"
    assert performed == []


def test_a_dry_run_tells_and_does_nothing(workspace, tiny, performed):
    [outcome] = run(workspace, tiny.KEY, dry_run=True)
    assert outcome.state == "would run"
    assert [line.split(":")[0] for line in outcome.steps] == ALL_STEPS
    assert performed == []
    assert not workspace.outputs.exists()
    assert not workspace.all_processed.exists()


def test_a_failure_stops_its_successor_by_name_and_no_other(two, tiny, performed):
    tiny.add_measurement(two.root, "xx-andere/2024", 2024)
    (two.study(tiny.EARLIER) / "measurement.toml").write_text("titel = 3\n")
    outcomes = run(two, tiny.KEY, "xx-andere/2024")
    assert states(outcomes) == {
        tiny.EARLIER: "failed",
        tiny.KEY: "failed",
        "xx-andere/2024": "done",
    }
    [blocked] = [each for each in outcomes if each.key == tiny.KEY]
    [told] = blocked.problems
    assert told.code == "KCC-R053a"
    assert tiny.EARLIER in told.title
    assert exit_code(outcomes) == 1


def test_a_missing_earlier_measurement_is_named(two, tiny, performed):
    import shutil

    shutil.rmtree(two.study(tiny.EARLIER))
    outcomes = run(two, tiny.KEY)
    assert states(outcomes) == {tiny.EARLIER: "failed", tiny.KEY: "failed"}
    codes = [each.problems[0].code for each in outcomes]
    assert codes == ["KCC-C010b", "KCC-R053a"]


def test_a_failed_step_leaves_what_was_published(
    workspace, tiny, performed, monkeypatch
):
    run(workspace, tiny.KEY)
    before = (workspace.output(tiny.KEY) / "report.html").read_bytes()

    def refuse(bench, assessment):
        raise DataError(problem("KCC-D039"))

    monkeypatch.setattr(execution, "perform", refuse)
    tiny.write_grades(workspace.root, tiny.KEY, ())
    [outcome] = run(workspace, tiny.KEY)
    assert (outcome.state, outcome.reached) == ("failed", "clean-algemeen")
    assert (workspace.output(tiny.KEY) / "report.html").read_bytes() == before
    last = read_last_run(last_run_file(workspace, tiny.KEY))
    assert (last.state, last.step) == ("failed", "clean-algemeen")
    assert "KCC-D039" in last.problems[0]


def test_failed_chooses_the_failed_and_those_that_wait_for_them(two, tiny, performed):
    tiny.add_measurement(two.root, "xx-andere/2024", 2024)
    file = two.study(tiny.EARLIER) / "measurement.toml"
    good = file.read_text()
    file.write_text("titel = 3\n")
    keys = (tiny.EARLIER, tiny.KEY, "xx-andere/2024")
    run(two, *keys)
    assert failed_keys(Store(two), keys) == (tiny.EARLIER, tiny.KEY)
    file.write_text(good)
    run(two, tiny.EARLIER, tiny.KEY)
    assert failed_keys(Store(two), keys) == ()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "KCC-R057b"),
        (errno.EACCES, "KCC-R060"),
        (errno.EIO, "KCC-R057a"),
    ],
)
def test_what_the_system_refuses_is_told_in_our_words(
    workspace, tiny, performed, number, code
):
    class Refusing(FileOperations):
        def sync(self, handle):
            raise OSError(number, "no", "/somewhere/private/x.parquet")

    outcomes = run(workspace, tiny.KEY, operations=Refusing())
    assert states(outcomes) == {tiny.KEY: "failed", "outputs/index.html": "failed"}
    [told] = outcomes[0].problems
    assert (told.code, told.file) == (code, "x.parquet")


def test_the_catalogue_lists_what_is_published(two, tiny, performed):
    run(two, tiny.KEY, tiny.EARLIER)
    page = two.catalogue.read_text()
    assert f'href="{tiny.KEY}/report.html"' in page
    assert f'href="{tiny.EARLIER}/report.pdf"' in page


def test_statuses_follow_a_measurement(workspace, store, tiny, performed):
    def status():
        [found] = statuses(store, (tiny.KEY,))
        return found

    assert status().state == "stale"
    assert status().reasons[0] == "clean-algemeen: was not run yet"
    run(workspace, tiny.KEY)
    assert (status().state, status().reasons) == ("up to date", ())
    tiny.write_grades(workspace.root, tiny.KEY, (7,) * 12)
    assert status().state == "stale"
    assert status().reasons == (
        "clean-algemeen: raw file algemeen.csv changed",
        "analyse: builds on clean-algemeen, which is not up to date",
        "report: builds on clean-algemeen, which is not up to date",
    )
    with store.hold(tiny.KEY):
        pass  # being held leaves nothing behind
    assert status().state == "stale"
    (workspace.study(tiny.KEY) / "measurement.toml").write_text("x")
    assert status().state == "failed"


def test_a_run_that_was_cut_off_is_told_with_its_step(
    workspace, store, tiny, performed, monkeypatch
):
    class Killed(BaseException):
        """As SIGKILL does: nothing is caught, nothing is noted."""

    def die(bench, assessment):
        raise Killed

    monkeypatch.setattr(execution, "perform", die)
    with pytest.raises(Killed):
        run(workspace, tiny.KEY)
    [found] = statuses(store, (tiny.KEY,))
    assert found.state == "interrupted"
    assert "'clean-algemeen'" in found.reasons[0]
    assert failed_keys(store, (tiny.KEY,)) == (tiny.KEY,)
