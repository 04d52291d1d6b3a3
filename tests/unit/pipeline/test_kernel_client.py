"""Channels that hear what arrived, also when nobody told them."""

import asyncio
from queue import Empty

import pytest
import zmq.asyncio
from jupyter_client.session import Session

from kcc_research.pipeline import kernel_client
from kcc_research.pipeline.kernel import new_manager
from kcc_research.pipeline.kernel_client import BatchKernelClient, LookingChannel


@pytest.fixture
def talk(monkeypatch):
    """Run ``script(channel, say, deaf)`` on a channel whose other end says things."""
    monkeypatch.setattr(kernel_client, "LOOK_SECONDS", 0.05)

    async def set_up(script):
        context, session = zmq.asyncio.Context(), Session(key=b"k")
        here, there = context.socket(zmq.PAIR), context.socket(zmq.PAIR)
        here.bind("inproc://channel")
        there.connect("inproc://channel")

        def say(kind):
            session.send(there, session.msg(kind))

        def deaf():  # the only one who tells of what arrives
            asyncio.get_running_loop().remove_reader(here.FD)

        try:
            await script(LookingChannel(here, session), say, deaf)
        finally:
            context.destroy(linger=0)

    return lambda script: asyncio.run(set_up(script))


@pytest.mark.parametrize("timeout", [None, 60])
def test_a_message_of_which_nobody_told_is_heard(talk, timeout):
    async def script(channel, say, deaf):
        waiting = asyncio.ensure_future(channel.get_msg(timeout))
        await asyncio.sleep(0)
        deaf()
        say("late")
        heard = await asyncio.wait_for(waiting, 30)
        assert heard["header"]["msg_type"] == "late"

    talk(script)


@pytest.mark.parametrize("timeout", [0, 0.12])
def test_silence_lasts_as_long_as_was_asked(talk, timeout):
    async def script(channel, say, deaf):
        clock = asyncio.get_running_loop().time
        begun = clock()
        with pytest.raises(Empty):
            await channel.get_msg(timeout)
        assert clock() - begun >= timeout

    talk(script)


def test_messages_come_in_order(talk):
    async def script(channel, say, deaf):
        say("one")
        say("two")
        heard = [await channel.get_msg(5), await channel.get_msg(None)]
        assert [each["header"]["msg_type"] for each in heard] == ["one", "two"]

    talk(script)


def test_kernels_of_a_batch_are_heard_in_this_way(tmp_path):
    client = new_manager(tmp_path).client()
    assert isinstance(client, BatchKernelClient)
    for name in ("shell", "iopub", "control"):
        assert getattr(client, f"{name}_channel_class") is LookingChannel


class _Asked(BatchKernelClient):
    """A client whose kernel answers question N with what ``script`` says for N."""

    def __init__(self, script, *, alive=True):
        super().__init__()
        self.script, self.questions, self.alive, self.left = script, 0, alive, []

    def kernel_info(self, **_):
        self.questions += 1
        spoken = self.script.get(self.questions, {"shell": [], "iopub": []})
        self.left = {name: list(each) for name, each in spoken.items()}
        return f"question {self.questions}"

    async def is_alive(self):
        return self.alive

    async def get_shell_msg(self, timeout):
        return self._next("shell")

    async def get_iopub_msg(self, timeout):
        return self._next("iopub")

    def _next(self, channel):
        if not self.left[channel]:
            raise Empty
        number, state = self.left[channel].pop(0)
        parent = {"msg_id": f"question {number}"} if number else {}
        return {
            "parent_header": parent,
            "content": {"execution_state": state} if state else {},
        }


READY = {"shell": [(1, "")], "iopub": [(1, "busy"), (1, "idle"), (0, "later")]}


def test_a_kernel_that_answers_on_both_channels_is_ready_at_once():
    client = _Asked({1: READY})
    asyncio.run(client.wait_for_ready(5))
    assert client.questions == 1
    assert client.left["iopub"] == [(0, "later")]  # nothing is waited for after it


def test_answers_to_other_questions_do_not_count():
    unconnected = {"shell": [(1, "")], "iopub": []}
    stale = {"shell": [(1, ""), (2, "")], "iopub": [(1, "idle"), (0, "idle")]}
    good = {"shell": [(2, ""), (3, "")], "iopub": [(2, "idle"), (3, "idle")]}
    client = _Asked({1: unconnected, 2: stale, 3: good})
    asyncio.run(client.wait_for_ready(5))
    assert client.questions == 3


def test_a_dead_kernel_is_not_waited_for():
    with pytest.raises(RuntimeError, match="died"):
        asyncio.run(_Asked({}, alive=False).wait_for_ready(5))


def test_a_kernel_that_never_answers_is_given_up():
    with pytest.raises(RuntimeError, match="in 0 seconds"):
        asyncio.run(_Asked({}).wait_for_ready(0))
