"""Kernels from the server: as separate as ordinary ones, and none is left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from kcc_research.pipeline import kernel
from kcc_research.pipeline.forked_kernels import provisioner
from kcc_research.pipeline.kernel import KernelRoom
from kcc_research.pipeline.notebook import Assignment, Failed, Limits, run_notebook
from kcc_research.temporary_folders import clear_dead, temporary

pytestmark = pytest.mark.skipif(
    not provisioner.is_available(),
    reason="kernels are forked on Linux, from an installed package",
)


@pytest.fixture(scope="module")
def room():
    with KernelRoom() as opened:
        yield opened


@pytest.fixture
def run_whole(tmp_path, tiny):
    """Every output of a notebook of these cells."""

    def run_cells(room, *cells, name="proef", seconds=60.0):
        path = tmp_path / f"{name}.ipynb"
        tiny.write_notebook(path, ('measurement: str = "a/b"', *cells), "Proef")
        assignment = Assignment(
            path=path,
            shown="notebooks/proef.ipynb",
            parameters={"measurement": "x/y"},
            home=tmp_path,
            staging=tmp_path,
            stage="analyse",
            published=date(2024, 3, 29),
            failed_folder="data/processed/x/y/runs/1",
            environment=os.environ,
            limits=Limits(cell=seconds, total=120),
        )
        cells_done = run_notebook(room, assignment).cells
        return [each for cell in cells_done for each in cell.get("outputs", [])]

    return run_cells


@pytest.fixture
def run(run_whole):
    """The texts that a notebook of these cells shows."""

    def run_cells(room, *cells, **more):
        found = run_whole(room, *cells, **more)
        return [each.get("text") or each["data"]["text/plain"] for each in found]

    return run_cells


def server_of(room):
    return room.fork_server._process.pid


def processes_with(text):
    """Ids of processes whose command line or environment holds ``text``."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if text.encode() in told and state != "Z":
            found.append(int(folder.name))
    return found


def until_gone(text, seconds=20):
    end = time.monotonic() + seconds
    while processes_with(text) and time.monotonic() < end:
        time.sleep(0.05)
    return processes_with(text)


def test_a_kernel_is_a_child_of_the_server(room, run):
    [parent] = run(room, "import os\nprint(os.getppid())")
    assert int(parent) == server_of(room)


def test_a_server_that_began_before_it_was_needed_is_the_one_that_is_used(run):
    with KernelRoom() as room:
        room.prepare()
        begun = server_of(room)
        [parent] = run(room, "import os\nprint(os.getppid())")
        assert int(parent) == begun == server_of(room)
        place = str(room.folder)
    assert until_gone(place) == []


def test_a_server_that_is_never_used_ends_with_its_room():
    with KernelRoom() as room:
        room.prepare()
        place = str(room.folder)
        assert processes_with(place)
    assert until_gone(place) == []


def test_a_server_whose_command_died_before_it_was_ready_ends(tmp_path):
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    module = "kcc_research.pipeline.forked_kernels.server"
    with KernelRoom() as room:
        done = subprocess.run(
            [sys.executable, "-P", "-m", module, str(tmp_path / "s"), str(gone.pid)],
            env=room.fork_server._environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert (done.returncode, done.stdout) == (0, "ready\n"), done.stderr


def test_nothing_passes_from_one_kernel_to_the_next(room, run):
    run(room, "import pandas as pd\npd.marker = 1\nx = 1")
    [seen] = run(
        room, "import pandas as pd\nprint('x' in globals(), hasattr(pd, 'marker'))"
    )
    assert seen.strip() == "False False"


def test_kernels_draw_different_numbers_and_hash_the_same(room, run):
    cell = (
        "import random\nimport numpy as np\n"
        "print(random.random(), np.random.rand(), hash('kcc'))"
    )
    first, second = (run(room, cell)[0].split() for _ in range(2))
    assert first[0] != second[0]
    assert first[1] != second[1]
    assert first[2] == second[2]


def test_it_has_the_surroundings_of_an_ordinary_kernel(room, run):
    """Environment, folder, path, clock, flags: a number may depend on each of them."""
    cell = (
        "import os, sys, tempfile, time\n"
        "own = os.path.dirname(os.environ['TMPDIR'])\n"
        "room = os.path.dirname(own)\n"
        "env = {n: v for n, v in os.environ.items() if n != 'JPY_PARENT_PID'}\n"
        "seen = [sorted(env.items()), os.getcwd(), tempfile.gettempdir(),"
        " time.tzname, sys.path, sys.flags]\n"
        "print(str(seen).replace(own, 'OWN').replace(room, 'ROOM'))"
    )
    with KernelRoom("ordinary") as other:
        ordinary = run(other, cell)
    forked = run(room, cell)
    assert forked == ordinary
    assert "OWN/work" in forked[0]


def test_it_shows_frames_and_figures_as_an_ordinary_kernel(room, run_whole):
    cells = (
        "import pandas as pd\npd.DataFrame({'a': range(3), 'b': [1.5, None, 2]})",
        "import matplotlib.pyplot as plt\n_ = plt.plot([1, 2, 3])",
        "import matplotlib\nmatplotlib.get_backend(), plt.rcParams['figure.dpi']",
    )
    with KernelRoom("ordinary") as other:
        ordinary = run_whole(other, *cells)
    forked = run_whole(room, *cells)
    assert forked == ordinary
    assert any("image/png" in each.get("data", {}) for each in forked)


@pytest.mark.parametrize(
    "cell", ["import os\nos._exit(7)", "import ctypes\nctypes.string_at(0)"]
)
def test_a_kernel_that_dies_is_told_and_the_next_one_lives(room, run, cell):
    with pytest.raises(Failed) as error:
        run(room, cell)
    assert [e.code for e in error.value.error.problems] == ["KCC-R054"]
    assert run(room, "print(1 + 1)") == ["2\n"]


def test_a_cell_that_hangs_is_stopped(room, run):
    with pytest.raises(Failed) as error:
        run(room, "while True: pass", seconds=2)
    assert [e.code for e in error.value.error.problems] == ["KCC-R055"]


def test_a_killed_server_fails_its_kernels_and_is_replaced(room, run):
    run(room, "1")
    first = server_of(room)
    killer = threading.Timer(1.5, os.kill, (first, signal.SIGKILL))
    killer.start()
    with pytest.raises(Failed):
        run(room, "import time\ntime.sleep(60)")
    killer.join()
    assert run(room, "print(1 + 1)") == ["2\n"]
    assert server_of(room) != first


def test_a_server_that_does_not_start_leaves_ordinary_kernels(run, monkeypatch, caplog):
    """It is tried once: a second notebook does not wait for it again."""
    monkeypatch.setattr(provisioner, "_MODULE", "kcc_research.no_such_module")
    with KernelRoom() as broken:
        for _ in range(2):
            [parent] = run(broken, "import os\nprint(os.getppid())")
            assert int(parent) == os.getpid()
        assert broken.fork_server._count == 1
    assert "starting an ordinary kernel" in caplog.text


def test_changed_code_gets_a_new_server(room, run, monkeypatch):
    run(room, "1")
    first = server_of(room)
    run(room, "1")
    assert server_of(room) == first
    monkeypatch.setattr(provisioner, "_sources", lambda: (("changed.py", 1, 1),))
    run(room, "1")
    assert server_of(room) != first


def test_a_kernel_outlives_the_server_that_is_replaced(room, run, monkeypatch):
    """Somebody edits the package while another notebook is busy."""
    with ThreadPoolExecutor(1) as pool:
        cell = "import time\ntime.sleep(4)\nprint('done')"
        busy = pool.submit(run, room, cell, name="busy")
        time.sleep(1.5)
        monkeypatch.setattr(provisioner, "_sources", lambda: (("edited.py", 2, 2),))
        assert run(room, "print(1 + 1)") == ["2\n"]
        assert busy.result() == ["done\n"]


def test_many_at_a_time(room, run):
    def one(number):
        return run(
            room, f"import time\ntime.sleep(.05)\nprint({number})", name=f"n{number}"
        )

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one, range(12))) == [[f"{n}\n"] for n in range(12)]


def test_nothing_is_left_when_the_room_closes(run):
    with KernelRoom() as room:
        run(room, "import subprocess\nsubprocess.Popen(['sleep', '300'])\n1")
        name = room.folder.name
        assert processes_with(name)
    assert until_gone(name) == []
    assert not room._folder


def test_nothing_is_left_when_the_command_is_killed(tmp_path):
    script = tmp_path / "command.py"
    script.write_text(_COMMAND, encoding="utf-8")
    env = os.environ | {"PYTHONPATH": str(Path(kernel.__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env=env,
    ) as command:
        name = command.stdout.readline().strip()
        end = time.monotonic() + 60
        while not (tmp_path / "busy").exists() and time.monotonic() < end:
            time.sleep(0.05)
        assert (tmp_path / "busy").exists()
        command.kill()
    assert until_gone(name) == []
    clear_dead()
    assert not list(temporary().glob(name))


_COMMAND = """
import datetime, os, sys
from pathlib import Path
import nbformat
from nbformat import v4
from kcc_research.pipeline.kernel import KernelRoom
from kcc_research.pipeline.notebook import Assignment, run_notebook
folder = Path(sys.argv[1])
parameters = v4.new_code_cell('measurement: str = "x"')
parameters.metadata["tags"] = ["parameters"]
busy = f"from pathlib import Path\\nPath({str(folder / 'busy')!r}).touch()"
cells = [parameters, v4.new_code_cell(busy + "\\nimport time\\ntime.sleep(300)")]
nbformat.write(v4.new_notebook(cells=cells), folder / "n.ipynb")
with KernelRoom() as room:
    print(room.folder.name, flush=True)
    run_notebook(room, Assignment(folder / "n.ipynb", "n", {"measurement": "y"}, folder,
        folder, "clean", datetime.date(2024, 1, 1), "f", dict(os.environ)))
"""
