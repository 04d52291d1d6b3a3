"""What is remembered of a measurement, and every change that memory has to notice."""

import json
import os
import shutil
from types import SimpleNamespace

import pytest

from kcc_research.pipeline import (
    assessment,
    pages,
    run,
    standing,
    standstill,
    unchanged,
)
from kcc_research.pipeline.last_run import LastRun
from kcc_research.pipeline.options import Options
from kcc_research.pipeline.run import Runner
from kcc_research.pipeline.status import statuses
from kcc_research.pipeline.store import Store, last_run_file
from kcc_research.pipeline.store.operations import FileOperations
from kcc_research.pipeline.unchanged import (
    Kept,
    Known,
    Memory,
    installed,
    is_settled,
    mark_of,
    read_kept,
    shows,
)

pytestmark = pytest.mark.usefixtures("known_package")

SECOND = 1_000_000_000


@pytest.fixture(autouse=True)
def later(monkeypatch, tmp_path):
    """Every look is some seconds later than it is, so that all files are settled.

    The package is a small one of its own: that of the tests may be written meanwhile.
    """
    clock = unchanged.time.time_ns
    monkeypatch.setattr(unchanged, "_now", lambda: clock() + 10 * SECOND)
    monkeypatch.setenv("KCC_KEYS", str(tmp_path / "keys"))
    package = tmp_path / "kcc_research"
    (package / "__pycache__").mkdir(parents=True)
    (package / "__init__.py").write_text("number = 1\n")
    stand_in = SimpleNamespace(__file__=str(package / "__init__.py"))
    monkeypatch.setattr(unchanged, "kcc_research", stand_in)
    return package


def bring(workspace, *keys, operations=None, **options):
    return Runner(Store(workspace, operations), Options(**options)).run(keys)


@pytest.fixture
def done(workspace, tiny, performed):
    """A workspace that was brought up to date, and is remembered so."""
    bring(workspace, tiny.KEY)
    performed.clear()
    known = Memory(workspace).known(tiny.KEY)
    assert (known.is_fresh, known.earlier, known.notices) == (True, (), ())
    return workspace


@pytest.fixture
def unread(monkeypatch):
    """Nothing may be read: neither definitions nor notebooks, whoever asks."""

    def refuse(*_):
        raise AssertionError("it was read")

    for module in (run, standing):
        monkeypatch.setattr(module, "prepare", refuse)
    monkeypatch.setattr(assessment, "load_study", refuse)
    return refuse


def still(workspace, *keys, **options):
    return standstill.nothing_to_do(Store(workspace), keys, Options(**options))


# --- nothing changed ------------------------------------------------------------------


def test_when_nothing_changed_nothing_is_read(done, tiny, unread):
    assert [each.state for each in still(done, tiny.KEY)] == ["unchanged"]
    assert [each.state for each in bring(done, tiny.KEY)] == ["unchanged"]
    [found] = statuses(Store(done), (tiny.KEY,))
    assert (found.state, found.reasons) == ("up to date", ())


def test_and_nothing_is_written(done, tiny):
    before = {path: shows(path.stat()) for path in done.root.rglob("*")}
    bring(done, tiny.KEY)
    store, memory = Store(done), Memory(done)
    pages.renew(store, memory, statuses(store, (tiny.KEY,), memory))
    assert {path: shows(path.stat()) for path in done.root.rglob("*")} == before


def test_a_dry_run_knows_it_too(done, tiny, unread):
    done.catalogue.unlink()
    assert [each.state for each in still(done, tiny.KEY, dry_run=True)] == ["unchanged"]


def test_what_a_touched_file_holds_is_read_and_then_remembered(done, tiny, performed):
    [raw] = done.raw(tiny.KEY).iterdir()
    os.utime(raw, (0, 0))
    assert Memory(done).known(tiny.KEY) is None
    assert [each.state for each in bring(done, tiny.KEY)] == ["unchanged"]
    assert performed == []
    assert Memory(done).known(tiny.KEY).is_fresh


# --- every change is noticed ----------------------------------------------------------


def same_size_and_time(path):
    """Other content of the same size, with the time of the last change put back."""
    stat = path.stat()
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert path.stat().st_size == stat.st_size
    assert path.stat().st_mtime_ns == stat.st_mtime_ns


def by_another(path):
    """The same content and time, in another file of that name."""
    copy = path.with_name("copy")
    shutil.copy2(path, copy)
    copy.replace(path)


def by_a_link(path):
    target = path.with_name("elsewhere")
    path.rename(target)
    path.symlink_to(target)


def raw(workspace, tiny):
    return workspace.raw(tiny.KEY) / "algemeen.csv"


def definition(workspace, tiny):
    return workspace.study(tiny.KEY) / "measurement.toml"


def notebook(workspace, _):
    return workspace.notebooks / "30_report_experience.ipynb"


def report(workspace, tiny):
    return workspace.output(tiny.KEY) / "report.html"


def manifest(workspace, tiny):
    return workspace.output(tiny.KEY) / "manifest.json"


def result(workspace, tiny):
    return workspace.results(tiny.KEY) / "analyse.parquet"


def record(workspace, tiny):
    return workspace.records(tiny.KEY) / "clean-algemeen.json"


def lock(workspace, _):
    return workspace.lock_file


@pytest.mark.parametrize("change", [same_size_and_time, by_another, by_a_link])
@pytest.mark.parametrize(
    "file", [raw, definition, notebook, report, manifest, result, record, lock]
)
def test_a_file_that_is_another_is_noticed(done, tiny, file, change):
    change(file(done, tiny))
    assert Memory(done).known(tiny.KEY) is None
    assert still(done, tiny.KEY) is None


@pytest.mark.parametrize("file", [raw, definition, notebook, report, record, lock])
def test_a_file_that_is_gone_is_noticed(done, tiny, file):
    file(done, tiny).unlink()
    assert Memory(done).known(tiny.KEY) is None


@pytest.mark.parametrize(
    "place",
    [
        lambda w, k: w.study(k) / "texts" / "conclusies.md",
        lambda w, k: w.raw(k) / "b.csv",
        lambda w, k: w.notebooks / "99_eigen.ipynb",
        lambda w, k: w.processed(k) / "purged.json",
        lambda w, k: w.output(k) / "extra.html",
        lambda w, k: w.releases(k) / "1.json",
    ],
)
def test_a_file_that_is_new_is_noticed(done, tiny, place):
    path = place(done, tiny.KEY)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}")
    assert Memory(done).known(tiny.KEY) is None


def test_a_published_file_that_was_damaged_is_made_again(done, tiny, performed):
    before = report(done, tiny).read_bytes()
    same_size_and_time(report(done, tiny))
    bring(done, tiny.KEY)
    assert performed == [(tiny.KEY, "report")]
    assert report(done, tiny).read_bytes() == before


def test_a_module_of_the_package_is_noticed(done, tiny, later):
    (later / "__pycache__" / "a.pyc").write_text("compiled")
    assert Memory(done).known(tiny.KEY).is_fresh
    same_size_and_time(later / "__init__.py")
    assert Memory(done).known(tiny.KEY) is None


def test_another_package_of_the_same_content_is_noticed(done, tiny, later, monkeypatch):
    other = shutil.move(later, later.with_name("other"))
    stand_in = SimpleNamespace(__file__=str(other / "__init__.py"))
    monkeypatch.setattr(unchanged, "kcc_research", stand_in)
    assert Memory(done).known(tiny.KEY) is None


def test_another_version_of_a_library_is_noticed(done, tiny, tmp_path, monkeypatch):
    (tmp_path / "site" / "pandas-9.9.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(tmp_path / "site")
    assert Memory(done).known(tiny.KEY) is None


def test_installed_packages_are_told_with_their_versions(tmp_path):
    for name in ("pandas-3.1.1.dist-info", "old-1.egg-info", "pandas", "a.txt"):
        (tmp_path / name).mkdir()
    folders = [str(tmp_path), str(tmp_path / "gone")]
    assert installed(folders) == ["old-1.egg-info", "pandas-3.1.1.dist-info"]


@pytest.mark.parametrize("fact", ["version", "platform"])
def test_another_python_or_system_is_noticed(done, tiny, fact, monkeypatch):
    monkeypatch.setattr(unchanged.sys, fact, "other")
    assert Memory(done).known(tiny.KEY) is None


def test_a_key_of_pseudonyms_is_noticed(done, tiny, tmp_path):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "xx-teststad.key").write_bytes(b"k" * 32)
    assert Memory(done).known(tiny.KEY) is None


def test_keys_that_are_looked_for_elsewhere_are_noticed(
    done, tiny, tmp_path, monkeypatch
):
    monkeypatch.setenv("KCC_KEYS", str(tmp_path / "elsewhere"))
    assert Memory(done).known(tiny.KEY) is None


def test_what_it_builds_on_is_looked_at_too(two, tiny, performed):
    bring(two, tiny.KEY, tiny.EARLIER)
    known = Memory(two).known(tiny.KEY)
    assert (known.is_fresh, known.earlier) == (True, (tiny.EARLIER,))
    assert [each.key for each in still(two, tiny.KEY)] == [tiny.EARLIER, tiny.KEY]
    same_size_and_time(two.results(tiny.EARLIER) / "analyse.parquet")
    assert Memory(two).known(tiny.KEY) is None
    assert still(two, tiny.KEY) is None


def test_what_is_not_remembered_of_an_earlier_one_is_not_known(two, tiny, performed):
    bring(two, tiny.KEY, tiny.EARLIER)
    kept = read_kept(two.memory).measurements
    only = Kept({tiny.KEY: kept[tiny.KEY]})
    assert Memory(two, only).known(tiny.KEY) is None


def test_what_runs_does_not_count(done, tiny):
    """Logs and staging are looked at by no plan."""
    for folder in (done.runs(tiny.KEY), done.staging(tiny.KEY)):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "log").write_text("x")
    assert Memory(done).known(tiny.KEY).is_fresh


# --- what is not remembered -----------------------------------------------------------


def stat(**changes):
    facts = {"st_ino": 1, "st_size": 2, "st_mtime_ns": 3, "st_ctime_ns": 4}
    return SimpleNamespace(**(facts | changes))


@pytest.mark.parametrize("name", ["st_ino", "st_size", "st_mtime_ns", "st_ctime_ns"])
def test_each_fact_of_a_file_counts(name):
    assert shows(stat()) == shows(stat()) != shows(stat(**{name: 9}))


@pytest.mark.parametrize(
    ("changed", "settled_at"),
    [
        (5 * SECOND + 1, 5 * SECOND + 1 + SECOND // 50),
        (5 * SECOND, 8 * SECOND),
    ],
)
def test_a_file_is_settled_when_the_clock_has_ticked(changed, settled_at):
    """Whole seconds may come from a file system that knows no other."""
    file = stat(st_ctime_ns=changed)
    assert not is_settled(file, settled_at - 1)
    assert is_settled(file, settled_at)


@pytest.mark.parametrize("file", [raw, definition, notebook, report, record, lock])
def test_of_a_file_that_has_just_changed_nothing_is_remembered(
    done, tiny, file, monkeypatch
):
    """It could change again within the same tick, and nothing would show it."""
    by_another(file(done, tiny))
    changed = file(done, tiny).stat().st_ctime_ns
    monkeypatch.setattr(unchanged, "_now", lambda: changed)
    bring(done, tiny.KEY)
    assert Memory(done).known(tiny.KEY) is None
    assert still(done, tiny.KEY) is None
    monkeypatch.setattr(unchanged, "_now", lambda: changed + 10 * SECOND)
    bring(done, tiny.KEY)
    assert Memory(done).known(tiny.KEY).is_fresh


def test_a_change_while_it_is_read_is_not_remembered_as_read(
    done, tiny, monkeypatch, performed
):
    """The look comes first: what was read later than that is another state."""
    os.utime(raw(done, tiny), (0, 0))
    prepare = standing.prepare

    def and_then_changed(*arguments):
        found = prepare(*arguments)
        same_size_and_time(raw(done, tiny))
        return found

    monkeypatch.setattr(standing, "prepare", and_then_changed)
    bring(done, tiny.KEY)
    assert Memory(done).known(tiny.KEY) is None


@pytest.mark.parametrize("file", [raw, notebook])
def test_where_there_are_links_nothing_is_remembered(done, tiny, file):
    by_a_link(file(done, tiny))
    assert [each.state for each in bring(done, tiny.KEY)] == ["unchanged"]
    assert Memory(done).known(tiny.KEY) is None


def test_on_a_system_without_time_of_change_nothing_is(done, tiny, monkeypatch):
    monkeypatch.setattr(unchanged, "_KEEPS_TIME_OF_CHANGE", False)
    assert Memory(done).known(tiny.KEY) is None


def test_how_stale_a_measurement_is_has_to_be_read(done, tiny):
    raw(done, tiny).write_text(raw(done, tiny).read_text().replace("7", "8"))
    [found] = statuses(Store(done), (tiny.KEY,))
    assert found.reasons[0] == "clean-algemeen: raw file algemeen.csv changed"
    assert not Memory(done).known(tiny.KEY).is_fresh
    assert list(statuses(Store(done), (tiny.KEY,))) == [found]
    assert still(done, tiny.KEY) is None


def test_a_notebook_that_stands_elsewhere_is_always_read(workspace, tiny, performed):
    (workspace.root / "mine").mkdir()
    shutil.copy(notebook(workspace, tiny), workspace.root / "mine" / "report.ipynb")
    with definition(workspace, tiny).open("a") as file:
        file.write('\n[notebooks]\nreport = "mine/report.ipynb"\n')
    bring(workspace, tiny.KEY)
    assert Memory(workspace).known(tiny.KEY) is None


def test_a_measurement_that_is_refused_is_always_read(done, tiny):
    definition(done, tiny).write_text("title = 1\n")
    bring(done, tiny.KEY)
    assert Memory(done).known(tiny.KEY) is None


def test_a_linked_folder_and_a_file_that_goes_meanwhile_tell_nothing(
    tmp_path, monkeypatch
):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").write_text("x")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "linked").symlink_to(tmp_path / "a")
    now = unchanged._now()
    assert mark_of(tmp_path / "a", now) is not None
    assert mark_of(tmp_path / "b", now) is None
    assert mark_of(tmp_path / "gone", now) == mark_of(tmp_path / "absent", now)
    assert mark_of(tmp_path / "gone", now) != mark_of(tmp_path / "a", now)

    def gone(*_):
        raise FileNotFoundError

    monkeypatch.setattr(unchanged, "shows", gone)
    assert mark_of(tmp_path / "a", now) is None


# --- a memory is no truth -------------------------------------------------------------


def damaged(found, **changes):
    return json.dumps({**json.loads(found), **changes}).encode()


def other_entry(found, **changes):
    read = json.loads(found)
    read["measurements"] = {k: v | changes for k, v in read["measurements"].items()}
    return json.dumps(read).encode()


@pytest.mark.parametrize(
    "damage",
    [
        lambda found: b"",
        lambda found: found[:-20],
        lambda found: b"[]",
        lambda found: b"null",
        lambda found: b"\xff",
        lambda found: damaged(found, schema_version=0),
        lambda found: damaged(found, measurements=[]),
        lambda found: damaged(found, measurements={"../x": {}}),
        lambda found: other_entry(found, mark="0"),
        lambda found: other_entry(found, mark=None),
        lambda found: other_entry(found, earlier=1),
        lambda found: other_entry(found, earlier=["../../x"]),
        lambda found: other_entry(found, is_fresh="yes"),
    ],
)
def test_a_damaged_memory_is_not_believed_and_written_anew(
    done, tiny, performed, damage
):
    sound = done.memory.read_bytes()
    done.memory.write_bytes(damage(sound))
    known = Memory(done).known(tiny.KEY)
    assert known is None or not known.is_fresh
    assert still(done, tiny.KEY) is None
    assert [each.state for each in bring(done, tiny.KEY)] == ["unchanged"]
    assert performed == []


def test_without_memory_everything_is_read_and_remembered(done, tiny, performed):
    before = done.memory.read_bytes()
    shutil.rmtree(done.memory.parent)
    assert [each.state for each in bring(done, tiny.KEY)] == ["unchanged"]
    assert done.memory.read_bytes() == before


def test_a_memory_that_cannot_be_written_stops_nothing(workspace, tiny, performed):
    class Full(FileOperations):
        def open(self, path):
            if workspace.memory.parent in path.parents:
                raise OSError(28, "No space left on device", str(path))
            return super().open(path)

    outcomes = bring(workspace, tiny.KEY, operations=Full())
    assert [each.state for each in outcomes] == ["done"]
    assert not workspace.memory.exists()


def test_what_is_remembered_of_others_stays(done, tiny):
    other = {"aa/bb": Known("0", (), is_fresh=True)}
    kept = read_kept(done.memory)
    Store(done).keep_memory(kept.__class__({**kept.measurements, **other}).to_json())
    os.utime(raw(done, tiny), (0, 0))
    bring(done, tiny.KEY)
    assert read_kept(done.memory).measurements.keys() == {tiny.KEY, "aa/bb"}


# --- what is asked, and what the last run left ----------------------------------------


@pytest.mark.parametrize(
    "options", [{"force": True}, {"settings": ("seed=2",)}, {"draft": True}]
)
def test_who_asks_for_more_gets_it(done, tiny, performed, options):
    assert still(done, tiny.KEY, **options) is None


def test_forced_steps_are_done(done, tiny, performed):
    bring(done, tiny.KEY, force=True)
    assert [step for _, step in performed] == ["clean-algemeen", "analyse", "report"]


def test_a_value_that_the_call_sets_is_another_report(done, tiny, performed):
    bring(done, tiny.KEY, settings=("seed=2",))
    assert (tiny.KEY, "analyse") in performed


@pytest.mark.parametrize("state", ["failed", "running", "draft"])
def test_a_run_that_ended_badly_is_looked_at_again(done, tiny, state):
    last_run_file(done, tiny.KEY).write_bytes(LastRun("x", state).to_json())
    assert still(done, tiny.KEY) is None


def test_a_promise_of_a_dead_run_is_kept_first(done, tiny):
    (done.administration(tiny.KEY) / "journal.json").write_text("{}")
    assert still(done, tiny.KEY) is None


def test_a_released_measurement_is_frozen_without_reading(done, tiny, unread):
    note = done.releases(tiny.KEY) / "1.json"
    note.parent.mkdir(parents=True)
    facts = dict.fromkeys(("released", "maker", "checker", "manifest"), "x")
    note.write_text(json.dumps({"measurement": tiny.KEY, "number": 1, **facts}))
    assert still(done, tiny.KEY) is None, "its page does not say so yet"
    mark = Memory(done).look.mark([tiny.KEY])
    kept = Kept({tiny.KEY: Known(mark.hash, (), is_fresh=False)})
    Store(done).keep_memory(kept.to_json())
    assert [e.state for e in still(done, tiny.KEY, dry_run=True)] == ["released"]
    assert still(done, tiny.KEY, dry_run=True, reopen=True) is None


# --- the pages over all reports -------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda w: w.catalogue.unlink(),
        lambda w: same_size_and_time(w.catalogue),
        lambda w: (w.outputs / "benchmark.html").write_text("of another time"),
        lambda w: (w.catalogue_lock.with_name("standing.json")).write_text("{}"),
    ],
)
def test_a_page_that_is_not_as_it_was_written_is_made_again(done, tiny, change):
    before = done.catalogue.read_bytes()
    change(done)
    assert still(done, tiny.KEY) is None
    bring(done, tiny.KEY)
    assert done.catalogue.read_bytes() == before
    assert not (done.outputs / "benchmark.html").exists()
    assert still(done, tiny.KEY) is not None


def test_pages_tell_of_every_measurement_whichever_is_run(two, tiny, performed):
    bring(two, tiny.KEY, tiny.EARLIER)
    note = last_run_file(two, tiny.EARLIER)
    note.write_bytes(LastRun("x", "failed", "report").to_json())
    assert not pages.are_current(Store(two), Memory(two))
    note.unlink()
    shutil.rmtree(two.output(tiny.EARLIER))
    assert still(two, tiny.KEY) is None


def test_what_was_said_to_be_stale_is_taken_back(done, tiny):
    content = raw(done, tiny).read_bytes()
    raw(done, tiny).write_bytes(content.replace(b"7", b"8"))
    store, memory = Store(done), Memory(done)
    pages.renew(store, memory, statuses(store, (tiny.KEY,), memory))
    assert "Verouderd" in done.catalogue.read_text("utf-8")
    raw(done, tiny).write_bytes(content)
    list(statuses(store, (tiny.KEY,)))
    assert Memory(done).known(tiny.KEY).is_fresh
    assert still(done, tiny.KEY) is None
    bring(done, tiny.KEY)
    assert "Verouderd" not in done.catalogue.read_text("utf-8")
    assert still(done, tiny.KEY) is not None


def test_what_cannot_be_listed_is_told_every_time(done, tiny):
    (done.output(tiny.KEY) / "inputs.json").write_text("{}")
    manifest(done, tiny).write_text("not a manifest")
    bring(done, tiny.KEY)
    broken = done.outputs / "aa-elders" / "2020-meting"
    shutil.copytree(done.output(tiny.KEY), broken)
    (broken / "inputs.json").write_text("{}")
    for _ in range(2):
        assert still(done, tiny.KEY) is None
        told = bring(done, tiny.KEY)[-1]
        assert [each.code for each in told.problems] == ["KCC-R062f"]
