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
