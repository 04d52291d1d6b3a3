"""Kill loop: SIGKILL at seeded random moments, and what must hold after each (T2).

Most kills are of a process that works in the store alone; some are of a real run, its
kernel, or the server that forks kernels. After each the stable folder verifies, nothing
of the dead is left once the next command has been, and the next run finishes.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from kcc_research.pipeline.manifest import faults
from kcc_research.pipeline.record import read_record, stale_outputs
from kcc_research.pipeline.saving import record_file
from kcc_research.pipeline.store import VERSIONS_KEPT, Store, version_numbers
from kcc_research.pipeline.workspace import Workspace
from tests import tiny_workspace as tiny
from tests.ready_command import ready_kcc
from tests.workspaces import REPOSITORY

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="fork, SIGKILL and /proc are Linux's"
)

KEY = "xx-stad/2024"


# --- the store alone ------------------------------------------------------------------


@pytest.fixture
def nursery(tmp_path):
    """A workspace, and the process whose children work in it until they are killed."""
    (tmp_path / "studies").mkdir()
    script = REPOSITORY / "tests" / "killed_store.py"
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path), KEY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Workspace(tmp_path), process
        process.stdin.close()
    assert process.returncode == 0


def kill_store(nursery, seed, count):
    """Kill ``count`` times, within four rounds of work; every word that was seen."""
    workspace, process = nursery
    moments, words = random.Random(seed), set()
    for _ in range(count):
        exchange = moments.random() < 0.6
        process.stdin.write(f"{moments.uniform(0.0, 4.0):.4f} {exchange}\n")
        process.stdin.flush()
        assert process.stdout.readline() == "killed\n"
        folder = workspace.output(KEY)
        if exchange and (folder / "manifest.json").exists():
            assert list(faults(KEY, folder, "outputs")) == []
        with Store(workspace).hold(KEY):
            pass  # what any next command does first
        words.add(require_sound(workspace))
    return words


def require_sound(workspace):
    """All old or all new, and nothing left of the dead; the word that was published."""
    folder = workspace.output(KEY)
    record = read_record(record_file(workspace, KEY, "analyse"))
    if record is not None:
        assert list(stale_outputs(record, workspace.processed(KEY))) == []
    staged = (workspace.staging(KEY), workspace.output_staging(KEY))
    assert [each for at in staged for each in at.glob("*")] == []
    assert not (workspace.administration(KEY) / "journal.json").exists()
    assert len(version_numbers(workspace.versions(KEY))) <= VERSIONS_KEPT + 1
    if not folder.exists():
        return ""
    assert list(faults(KEY, folder, "outputs")) == []
    names = ("report.html", "report.pdf", "tables/estimates.csv")
    [word] = {(folder / name).read_text() for name in names}
    return word


def test_a_store_whose_process_is_killed_is_always_whole(nursery):
    assert len(kill_store(nursery, seed=2024, count=37)) > 10


@pytest.mark.slow
def test_a_store_whose_process_is_killed_400_times_is_always_whole(nursery):
    assert len(kill_store(nursery, seed=53, count=400)) > 100


# --- real runs ------------------------------------------------------------------------

RUN = "from kcc_research.cli import app; app()"

# The same, telling where it is when it is asked to.
TELLING = "import faulthandler, signal; faulthandler.register(signal.SIGUSR1); " + RUN

# Seconds until there is something to kill, on a machine that has much else to do.
PATIENCE = 300

# One round in so many may come too late, or see nothing, and is done again.
REPEATS = 5


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    root = tiny.make_workspace(tmp_path_factory.mktemp("kills"))
    assert ready_kcc(root, "run", tiny.KEY).returncode == 0
    return root


def surroundings():
    return {k: v for k, v in os.environ.items() if not k.startswith("KCC_")}


def run(root, *words):
    return subprocess.run(
        [sys.executable, "-c", RUN, *words],
        cwd=root,
        env=surroundings(),
        capture_output=True,
        text=True,
        check=False,
    )


def room_of(pid):
    """The name of the folder of kernels of a command."""
    parent = Path(tempfile.gettempdir())
    return next((each.name for each in parent.glob(f"kcc-*-{pid}-*")), "")


def processes(room):
    """pid → (parent's pid, command line) of every process that names the room."""
    found = {}
    for each in Path("/proc").iterdir():
        if each.name.isdecimal():
            try:
                words = (each / "cmdline").read_bytes()
                status = (each / "status").read_text()
            except OSError:
                continue
            if room and room.encode() in words and "State:\tZ" not in status:
                line = next(x for x in status.splitlines() if x.startswith("PPid"))
                found[int(each.name)] = int(line.split()[1]), words
    return found


def victim(kind, driver):
    """The process to kill: driver, server of kernels, or kernel; None while not there.

    Where the server was too slow to start, kernels are the driver's own children.
    """
    if kind == "driver":
        return driver.pid
    for pid, (parent, words) in processes(room_of(driver.pid)).items():
        is_server = parent == driver.pid and b"forked_kernels.server" in words
        if (kind == "server") == is_server:
            return pid
    return None


def wait_for(kind, driver):
    """Whether there came something to kill before the run was over."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and driver.poll() is None:
        if victim(kind, driver):
            return True
        time.sleep(0.02)
    return False


def kill_after(kind, driver, pause):
    """Kill what there is some time after the first was seen; False if nothing was."""
    if not wait_for(kind, driver):
        return False
    time.sleep(pause)
    while driver.poll() is None:  # one kernel follows another
        doomed = victim(kind, driver)
        if doomed:
            try:
                os.kill(doomed, signal.SIGKILL)
            except ProcessLookupError:
                continue
            return True
    return False


def end_of(driver):
    """Let a run that was spared end, and tell where it was if it does not."""
    try:
        return driver.communicate(timeout=PATIENCE)[1]
    except subprocess.TimeoutExpired:
        driver.send_signal(signal.SIGUSR1)
        time.sleep(2)
        driver.kill()
        told = driver.communicate()[1]
        raise AssertionError(f"a run that was not killed hangs:\n{told}") from None


def kill_a_run(root, key, kind, pause):
    """Kill one process of a run some time after its first step began.

    Returns whether something was killed, and the name of the run's folder of kernels.
    """
    with subprocess.Popen(
        [sys.executable, "-c", TELLING, "run", key, "--force"],
        cwd=root,
        env=surroundings(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as driver:
        assert "clean-algemeen" in driver.stderr.readline()
        killed = kill_after(kind, driver, pause)
        room = room_of(driver.pid)
        told = end_of(driver)
    assert "Traceback" not in told
    until_gone(room)
    if not killed:
        assert driver.returncode == 0, told
    elif kind == "driver":
        assert driver.returncode == -signal.SIGKILL
    else:
        assert driver.returncode in (0, 1), told
        assert not room or not Path(tempfile.gettempdir(), room).exists()
    return killed, room


def until_gone(room):
    end = time.monotonic() + 20
    while processes(room) and time.monotonic() < end:
        time.sleep(0.05)
    assert processes(room) == {}


def kill_runs(root, key, seed, kinds):
    """Kill one process a run; after each everything that was published verifies.

    A round in which nothing was killed is no pass: it is done again, and counted.
    """
    moments, rooms, repeated = random.Random(seed), [], 0
    for number, kind in enumerate(kinds, start=1):
        killed = False
        while not killed:
            pause = moments.uniform(0.0, 3.0 if kind == "driver" else 0.4)
            killed, room = kill_a_run(root, key, kind, pause)
            print(f"{number}: {kind}, {pause:.2f} s: killed {killed}", flush=True)
            rooms.append(room)
            verified = run(root, "verify", key)
            assert verified.returncode == 0, verified.stderr
            repeated += not killed
            assert repeated <= 1 + len(kinds) // REPEATS
    print(f"{len(kinds)} killed, {repeated} rounds repeated", flush=True)
    done = run(root, "run", key)
    assert done.returncode == 0, done.stderr
    assert run(root, "status", key).stdout == f"{key}  up to date\n"
    rooms = [each for each in rooms if each]
    left = [each for each in rooms if Path(tempfile.gettempdir(), each).exists()]
    assert left == []
    workspace = Workspace(root)
    staged = (workspace.staging(key), workspace.output_staging(key))
    assert [each for at in staged for each in at.glob("*")] == []
    assert not (workspace.administration(key) / "journal.json").exists()


def test_a_run_of_which_something_is_killed_leaves_a_whole_report(published):
    kill_runs(published, tiny.KEY, 575, ["kernel", "server", "driver"])


@pytest.mark.slow
def test_a_hundred_killed_runs_leave_a_whole_report(published):
    kinds = ["driver", "kernel", "server", "driver", "kernel"] * 20
    kill_runs(published, tiny.KEY, 2013, kinds)
