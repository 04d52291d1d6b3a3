"""What a run does and leaves alone; steps are faked, so no kernel starts."""

import errno
import json

import pytest

from kcc_research.errors import CallError, DataError, LockedError, problem
from kcc_research.pipeline import execution, fingerprint
from kcc_research.pipeline.last_run import LastRun, read_last_run
from kcc_research.pipeline.outcome import Outcome, exit_code
from kcc_research.pipeline.record import Record, sha256_of
from kcc_research.pipeline.run import Options, Runner
from kcc_research.pipeline.saving import commit
from kcc_research.pipeline.status import failed_keys, statuses
from kcc_research.pipeline.store import Store, last_run_file
from kcc_research.pipeline.store.operations import FileOperations

pytestmark = pytest.mark.usefixtures("known_package")


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
    """Cleaning is done again; it makes the same file, so the analysis is not stale.

    The report is made anew: its inputs.json holds the hash of every notebook.
    """
    run(workspace, tiny.KEY)
    performed.clear()
    tiny.edit_cell(workspace.notebooks / "10_clean_survey.ipynb", 1, "# Anders")
    run(workspace, tiny.KEY)
    assert performed == [(tiny.KEY, "clean-algemeen"), (tiny.KEY, "report")]


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
    assert f'href="{tiny.EARLIER}/report.html"' in page


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


def test_what_is_stale_names_the_cell_and_the_module(
    workspace, store, tiny, performed, monkeypatch
):
    run(workspace, tiny.KEY)
    tiny.edit_cell(workspace.notebooks / "20_analyse_experience.ipynb", 4, "x = 1")
    files = {**fingerprint.package_files("report"), "reporting/tables.py": "other"}
    monkeypatch.setattr(fingerprint, "package_files", lambda stage: files)
    [found] = statuses(store, (tiny.KEY,))
    notebook = "notebook notebooks/20_analyse_experience.ipynb changed"
    assert found.reasons[1].startswith(f"analyse: {notebook}: cell 4; ")
    assert "kcc_research changed: reporting/tables.py; " in found.reasons[2]


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


# --- one bad measurement stops no other (TRUST-F63) -----------------------------------

OTHER = "xx-andere/2024"


@pytest.fixture
def beside(workspace, tiny):
    """A second measurement, that builds on nothing."""
    tiny.add_measurement(workspace.root, OTHER, 2024)
    return workspace


def unreadable(monkeypatch, path):
    """As a file of mode 000 is to whoever is not root."""
    import io

    real = io.open

    def refuse(file, *args, **options):
        if str(file) == str(path):
            raise PermissionError(errno.EACCES, "Permission denied", str(file))
        return real(file, *args, **options)

    monkeypatch.setattr(io, "open", refuse)


UNREADABLE = {
    "measurement.toml": "KCC-C010d",
    "algemeen.toml": "KCC-C010d",
    "algemeen.csv": "KCC-R060",
}


@pytest.mark.parametrize("name", sorted(UNREADABLE))
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_file_that_may_not_be_read_stops_its_own_measurement(
    beside, tiny, performed, monkeypatch, name, dry_run
):
    folder = beside.raw if name.endswith("csv") else beside.study
    unreadable(monkeypatch, folder(tiny.KEY) / name)
    outcomes = run(beside, tiny.KEY, OTHER, dry_run=dry_run)
    good = "would run" if dry_run else "done"
    assert states(outcomes) == {tiny.KEY: "failed", OTHER: good}
    [told] = next(each for each in outcomes if each.key == tiny.KEY).problems
    assert told.code == UNREADABLE[name]
    assert told.file.endswith(name)
    by_key = {each.key: each for each in statuses(Store(beside), (tiny.KEY, OTHER))}
    assert by_key[tiny.KEY].state == "failed"
    assert UNREADABLE[name] in by_key[tiny.KEY].reasons[0]
    assert by_key[OTHER].state == ("stale" if dry_run else "up to date")


def test_a_notebook_that_may_not_be_read_is_told(
    workspace, tiny, performed, monkeypatch
):
    unreadable(monkeypatch, workspace.notebooks / "20_analyse_experience.ipynb")
    [outcome] = run(workspace, tiny.KEY)
    assert outcome.problems[0].code == "KCC-R060"


SECRET = "Mevr. Jansen 06-12345678"


def explode(*_, **__):
    raise LookupError(SECRET)


def test_a_fault_of_ours_stops_its_own_measurement_and_leaves_a_trace(
    beside, tiny, performed, monkeypatch
):
    perform = execution.perform

    def one_explodes(bench, assessment):
        return explode() if bench.key == tiny.KEY else perform(bench, assessment)

    monkeypatch.setattr(execution, "perform", one_explodes)
    outcomes = run(beside, tiny.KEY, OTHER)
    assert states(outcomes) == {tiny.KEY: "failed", OTHER: "done"}
    [told] = next(each for each in outcomes if each.key == tiny.KEY).problems
    assert told.code == "KCC-R063"
    assert "LookupError" in told.title and "Jansen" not in str(told)
    [trace] = beside.runs(tiny.KEY).glob("*/internal_error.txt")
    assert "LookupError: [afgeschermd" in trace.read_text()
    assert "Jansen" not in trace.read_text()
    assert beside.relative(trace.parent) in told.remedy
    assert failed_keys(Store(beside), (tiny.KEY, OTHER)) == (tiny.KEY,)
    assert "Jansen" not in last_run_file(beside, tiny.KEY).read_text()


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_fault_of_ours_before_the_lock_is_told_too(
    beside, tiny, performed, monkeypatch, dry_run
):
    from kcc_research.pipeline import run as running

    assess = running.assess_all

    def one_explodes(workspace, fingerprint, prepared, stale):
        if prepared.study.key == tiny.KEY:
            explode()
        return assess(workspace, fingerprint, prepared, stale)

    monkeypatch.setattr(running, "assess_all", one_explodes)
    outcomes = run(beside, tiny.KEY, OTHER, dry_run=dry_run)
    good = "would run" if dry_run else "done"
    assert states(outcomes) == {tiny.KEY: "failed", OTHER: good}
    [told] = next(each for each in outcomes if each.key == tiny.KEY).problems
    assert told.code == ("KCC-R063a" if dry_run else "KCC-R063")
    assert beside.all_processed.exists() != dry_run


def test_a_fault_of_ours_in_status_is_told_for_its_own_measurement(
    beside, tiny, performed, monkeypatch
):
    from kcc_research.pipeline import standing

    prepare = standing.prepare

    def one_explodes(workspace, key):
        return explode() if key == tiny.KEY else prepare(workspace, key)

    monkeypatch.setattr(standing, "prepare", one_explodes)
    found = {each.key: each for each in statuses(Store(beside), (tiny.KEY, OTHER))}
    assert (found[tiny.KEY].state, found[OTHER].state) == ("failed", "stale")
    assert "KCC-R063a" in found[tiny.KEY].reasons[0]


def make_circle(workspace, tiny):
    """The earlier measurement builds on the later one."""
    file = workspace.study(tiny.EARLIER) / "measurement.toml"
    file.write_text(file.read_text() + tiny.AFTER_EARLIER.replace("2023", "2024"))


def test_a_circle_stops_those_in_it_and_what_builds_on_them(two, tiny, performed):
    make_circle(two, tiny)
    after = tiny.AFTER_EARLIER.replace("2023", "2024")
    tiny.add_measurement(two.root, "xx-teststad/2025-meting", 2025, after)
    tiny.add_measurement(two.root, OTHER, 2024)
    outcomes = run(two, "xx-teststad/2025-meting", OTHER)
    codes = {each.key: [p.code for p in each.problems] for each in outcomes}
    assert codes == {
        tiny.EARLIER: ["KCC-R053e"],
        tiny.KEY: ["KCC-R053e"],
        "xx-teststad/2025-meting": ["KCC-R053a"],
        OTHER: [],
    }
    found = {each.key: each for each in statuses(Store(two), (tiny.KEY, OTHER))}
    assert (found[tiny.KEY].state, found[OTHER].state) == ("failed", "up to date")
    assert "KCC-R053e" in found[tiny.KEY].reasons[0]


# --- what others hold -----------------------------------------------------------------


class HeldBy(Store):
    """As if another process held one measurement."""

    def __init__(self, workspace, key):
        super().__init__(workspace)
        self.taken = key

    def hold(self, key, *, writing=True):
        if key == self.taken:
            raise LockedError(
                problem("KCC-R058", pid=1, host="a", since="b", value=key)
            )
        return super().hold(key, writing=writing)


def test_waiting_for_a_locked_measurement_is_no_failure(two, tiny, performed):
    outcomes = Runner(HeldBy(two, tiny.EARLIER)).run([tiny.KEY])
    assert states(outcomes) == {tiny.EARLIER: "locked", tiny.KEY: "locked"}
    assert [each.problems[0].code for each in outcomes] == ["KCC-R058", "KCC-R053o"]
    assert exit_code(outcomes) == 75
    assert failed_keys(Store(two), (tiny.EARLIER, tiny.KEY)) == ()


# --- what was not seen before ---------------------------------------------------------


def test_status_and_a_dry_run_see_that_what_it_builds_on_is_stale(two, tiny, performed):
    run(two, tiny.KEY)
    tiny.write_grades(two.root, tiny.EARLIER, (5,) * 12)
    reason = f"builds on {tiny.EARLIER}, which is not up to date"
    [found] = statuses(Store(two), (tiny.KEY,))
    assert found.state == "stale"
    assert found.reasons == (f"analyse: {reason}", f"report: {reason}")
    planned = {each.key: each for each in run(two, tiny.KEY, dry_run=True)}
    assert planned[tiny.KEY].state == "would run"
    assert planned[tiny.KEY].steps == (f"analyse: {reason}", f"report: {reason}")


def test_a_stale_report_of_an_earlier_measurement_makes_nothing_stale(
    two, tiny, performed
):
    run(two, tiny.KEY, tiny.EARLIER)
    (two.output(tiny.EARLIER) / "report.html").write_text("edited")
    found = {each.key: each for each in statuses(Store(two), (tiny.EARLIER, tiny.KEY))}
    assert (found[tiny.EARLIER].state, found[tiny.KEY].state) == ("stale", "up to date")


@pytest.fixture
def drafted(performed, monkeypatch):
    class Draft:
        files, problems = {}, ()

    monkeypatch.setattr(execution, "perform_draft", lambda bench, step: Draft)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "draft"),
        ("good", "draft"),
        ("failed", "failed"),
        ("running", "running"),
    ],
)
def test_a_draft_hides_no_failure(workspace, store, tiny, drafted, before, after):
    if before:
        with store.hold(tiny.KEY) as held:
            held.note_run(LastRun("1", before, "analyse").to_json())
    [outcome] = run(workspace, tiny.KEY, draft=True)
    assert outcome.state == "draft"
    last = read_last_run(last_run_file(workspace, tiny.KEY))
    assert last.state == after
    expected = (tiny.KEY,) if after in ("failed", "running") else ()
    assert failed_keys(store, (tiny.KEY,)) == expected


def test_failed_goes_on_to_what_waits_for_what_waits(two, tiny, store):
    last = "xx-teststad/2025-meting"
    after = tiny.AFTER_EARLIER.replace("2023", "2024")
    tiny.add_measurement(two.root, last, 2025, after)
    with Store(two).hold(tiny.EARLIER) as held:
        held.note_run(LastRun("1", "failed", "analyse").to_json())
    keys = (last, tiny.KEY, tiny.EARLIER)
    assert failed_keys(Store(two), keys) == tuple(sorted(keys))


def test_what_had_to_wait_is_remembered_when_the_first_is_mended(two, tiny, performed):
    file = two.study(tiny.EARLIER) / "measurement.toml"
    good = file.read_text()
    file.write_text("titel = 3\n")
    run(two, tiny.KEY)
    file.write_text(good)
    run(two, tiny.EARLIER)
    assert failed_keys(Store(two), (tiny.EARLIER, tiny.KEY)) == (tiny.KEY,)


def test_a_setting_for_a_broken_measurement_shows_what_broke(
    workspace, tiny, performed
):
    (workspace.study(tiny.KEY) / "measurement.toml").write_text("titel = 3\n")
    [outcome] = run(workspace, tiny.KEY, settings=("seed=2",))
    assert outcome.state == "failed"
    assert {each.code[:5] for each in outcome.problems} == {"KCC-C"}


def test_a_setting_that_only_a_broken_measurement_may_know_shows_both(
    beside, tiny, performed
):
    (beside.study(tiny.KEY) / "measurement.toml").write_text("titel = 3\n")
    with pytest.raises(CallError) as error:
        run(beside, tiny.KEY, OTHER, settings=("zaad=2",))
    codes = [each.code for each in error.value.problems]
    assert codes[-1] == "KCC-R053l" and codes[0].startswith("KCC-C")
    assert performed == []


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"measurement": {"title": 3}}'])
def test_a_report_that_cannot_be_listed_is_told_and_the_others_are(
    beside, tiny, performed, text
):
    run(beside, tiny.KEY, OTHER)
    inputs = beside.output(tiny.KEY) / "inputs.json"
    inputs.write_text(text)
    outcomes = run(beside, OTHER)
    [told] = outcomes[-1].problems
    assert (told.code, told.severity) == ("KCC-R062f", "warning")
    assert told.file == f"outputs/{tiny.KEY}/inputs.json"
    assert exit_code(outcomes) == 0
    page = beside.catalogue.read_text()
    assert OTHER in page and tiny.KEY not in page


def test_what_is_no_source_any_more_leaves_nothing(workspace, store, tiny, performed):
    folder = workspace.processed(tiny.KEY)
    with store.hold(tiny.KEY) as held:
        staging = held.new_staging("clean-balie")
        rows = b"source,row\nbalie,2\n"
        held.stage(staging, {"balie.parquet": b"x", "cleaning_log.csv": rows})
        outputs = {"balie.parquet": sha256_of(b"x"), "cleaning_log.csv": ""}
        commit(workspace, held, staging, Record("clean-balie", "run", {}, outputs))
    assert (folder / "balie.parquet").exists()
    run(workspace, tiny.KEY)
    assert not (folder / "balie.parquet").exists()
    assert not (workspace.records(tiny.KEY) / "clean-balie.json").exists()
    assert (folder / "cleaning_log.csv").read_bytes() == b"source,row\n"
    assert (folder / "a.parquet").exists()


def test_a_step_takes_with_it_what_it_makes_no_longer(workspace, store, tiny):
    folder = workspace.processed(tiny.KEY)
    outside = workspace.root / "outside"
    outside.write_text("x")
    for names in (("old.parquet", "same.parquet"), ("same.parquet",)):
        with store.hold(tiny.KEY) as held:
            staging = held.new_staging("analyse")
            held.stage(staging, dict.fromkeys(names, b"x"))
            outputs = dict.fromkeys(names, sha256_of(b"x"))
            commit(workspace, held, staging, Record("analyse", "run", {}, outputs))
        # A record that was tampered with removes nothing elsewhere.
        note = workspace.results(tiny.KEY) / "record.json"
        read = json.loads(note.read_text())
        read["outputs"][f"../../../../{outside.name}"] = "0"
        note.write_text(json.dumps(read))
    assert not (folder / "old.parquet").exists()
    assert (folder / "same.parquet").exists()
    assert outside.exists()


def test_run_json_tells_what_git_knows_and_inputs_json_does_not(
    workspace, tiny, performed
):
    run(workspace, tiny.KEY)
    [told] = workspace.runs(tiny.KEY).glob("*/run.json")
    assert json.loads(told.read_text())["uncommitted"] is None


def test_outcomes_of_waiting_are_failed_as_soon_as_one_of_them_is():
    from kcc_research.pipeline.outcome import waiting

    failed = Outcome("a/b", "failed", (problem("KCC-D039"),))
    locked = Outcome("a/c", "locked")
    assert waiting("x/y", [locked]).state == "locked"
    assert waiting("x/y", [locked, failed]).state == "failed"
    told = [each.code for each in waiting("x/y", [locked, failed]).problems]
    assert told == ["KCC-R053o", "KCC-R053a"]
