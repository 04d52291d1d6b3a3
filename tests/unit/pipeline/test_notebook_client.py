"""A kernel of which a message gets lost: known for what it is, and tried again."""

import asyncio
import logging
import os
from datetime import date
from queue import Empty
from types import SimpleNamespace

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from kcc_research.pipeline import notebook, notebook_client
from kcc_research.pipeline.notebook import Assignment, Failed, Limits, run_notebook
from kcc_research.pipeline.notebook_client import BatchNotebookClient

BUSY = ("status", {"execution_state": "busy"})
IDLE = ("status", {"execution_state": "idle"})
OK = ("execute_reply", {"status": "ok"})
ERROR = {"status": "error", "ename": "E", "evalue": "", "traceback": []}


def printed(text, name="stdout"):
    return "stream", {"name": name, "text": text}


def shown(text):
    return "display_data", {"data": {"text/plain": text}, "metadata": {}}


class FakeChannel:
    """Says what it was given, and then nothing for ever."""

    def __init__(self, said):
        self.said = list(said)

    async def get_msg(self, timeout=None):
        if not self.said:
            await asyncio.sleep(3600 if timeout is None else timeout)
            raise Empty
        kind, content = self.said.pop(0)
        return {
            "header": {"msg_type": kind},
            "msg_type": kind,
            "parent_header": {"msg_id": "cell"},
            "content": content,
            "metadata": {},
        }


class FakeKernel:
    """A client of a kernel that answers, shows and lives as it is told."""

    def __init__(self, answers, shows, alive=True):
        self.shell_channel, self.iopub_channel = (
            FakeChannel(answers),
            FakeChannel(shows),
        )
        self.alive = alive

    def execute(self, *args, **options):
        return "cell"

    async def is_alive(self):
        return self.alive


@pytest.fixture
def client(monkeypatch):
    """papermill's client on a fake kernel, patient for a second."""
    monkeypatch.setattr(notebook_client, "OTHER_HALF_SECONDS", 1)

    def make(answers, shows, *, alive=True, seconds=60):
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
        manager = SimpleNamespace(nb=book, autosave_cell=lambda: None)
        made = BatchNotebookClient(
            manager, timeout_func=lambda cell: seconds, record_timing=False
        )
        made.kc = FakeKernel(answers, shows, alive)
        return made

    return make


def run_cell(client):
    return client.execute_cell(client.nb.cells[0], 0)


def test_a_cell_is_over_when_the_kernel_answered_and_is_done(client):
    whole = client([OK], [BUSY, printed("a"), IDLE])
    assert run_cell(whole).outputs[0].text == "a"
    assert whole.lost == ""


def test_an_answer_that_never_comes_is_not_waited_for_as_long_as_a_cell(client):
    half = client([], [BUSY, printed("a"), IDLE])
    with pytest.raises(DeadKernelError):
        run_cell(half)
    assert half.lost == "answer"


def test_output_that_never_ends_is_not_a_cell_that_took_too_long(client):
    half = client([OK], [BUSY, printed("a")])
    with pytest.raises(CellTimeoutError):
        run_cell(half)
    assert half.lost == "end of output"


def test_a_cell_that_takes_too_long_is_no_lost_message(client):
    slow = client([], [BUSY], seconds=1)
    with pytest.raises(CellTimeoutError):
        run_cell(slow)
    assert slow.lost == ""


def test_a_cell_may_take_longer_than_the_other_half_is_given(client):
    slow = client([], [BUSY], seconds=3)
    with pytest.raises(CellTimeoutError):
        run_cell(slow)
    assert slow.lost == ""


def test_a_dead_kernel_is_no_lost_message(client):
    with pytest.raises(DeadKernelError):
        run_cell(dead := client([], [BUSY], alive=False))
    assert dead.lost == ""


def test_an_error_in_a_cell_is_no_lost_message(client):
    wrong = client([("execute_reply", ERROR)], [BUSY, ("error", ERROR), IDLE])
    with pytest.raises(CellExecutionError):
        run_cell(wrong)
    assert wrong.lost == ""


def test_what_was_done_before_is_no_sign_of_the_next_cell(client):
    two = client([OK], [BUSY, IDLE])
    run_cell(two)
    two.kc = FakeKernel([], [BUSY])
    two.timeout_func = lambda cell: 3
    with pytest.raises(CellTimeoutError):
        run_cell(two)
    assert two.lost == ""


def test_what_is_printed_is_one_piece_however_it_was_sent(client):
    pieces = [printed("on"), printed("e\n"), printed("2", "stderr"), shown("x")]
    pieces += [printed("3"), printed("4")]
    outputs = run_cell(client([OK], [BUSY, *pieces, IDLE])).outputs
    assert [each.get("text", "") for each in outputs] == ["one\n", "2", "", "34"]
    assert outputs[2].data == {"text/plain": "x"}


# --- a whole notebook -----------------------------------------------------------------


@pytest.fixture
def assignment(tmp_path, tiny):
    path = tmp_path / "proef.ipynb"
    tiny.write_notebook(path, ('measurement: str = "a/b"', "print(measurement)"), "x")
    return Assignment(
        path=path,
        shown="notebooks/proef.ipynb",
        parameters={"measurement": "x/y"},
        home=tmp_path,
        staging=tmp_path,
        stage="analyse",
        published=date(2024, 3, 29),
        failed_folder="runs/1",
        environment=os.environ,
        limits=Limits(cell=60, total=120),
    )


@pytest.fixture
def deafened(monkeypatch):
    """Let the answers of the first ``kernels`` that are started get lost."""

    def deafen(kernels):
        left, made = [kernels], BatchNotebookClient.execute

        def execute(self, **options):
            if left[0] > 0:
                left[0] -= 1
                self._async_poll_for_reply = never
            return made(self, **options)

        async def never(*args):
            await asyncio.sleep(3600)

        monkeypatch.setattr(notebook_client, "OTHER_HALF_SECONDS", 1)
        monkeypatch.setattr(BatchNotebookClient, "execute", execute)

    return deafen


@pytest.fixture
def room():
    with notebook.kernel.KernelRoom("ordinary") as opened:
        yield opened


def test_a_notebook_whose_answer_got_lost_is_run_again(
    room, assignment, deafened, caplog
):
    deafened(1)
    with caplog.at_level(logging.WARNING, logger=notebook.__name__):
        done = run_notebook(room, assignment)
    assert done.cells[-1].outputs[0].text == "x/y\n"
    assert "answer was not heard within" in caplog.text


def test_a_notebook_whose_answer_got_lost_twice_is_told_so(room, assignment, deafened):
    deafened(2)
    with pytest.raises(Failed) as caught:
        run_notebook(room, assignment)
    [problem] = caught.value.error.problems
    assert (problem.code, problem.row) == ("KCC-R054f", "2")
    assert "answer" in problem.title
