"""Hearing what a kernel says, also when nobody tells that it spoke.

The descriptor of a zmq socket tells of changes only, and once: whoever misses that
sleeps on beside a message that lies ready. These channels look for themselves every
second.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from traitlets import Type

LOOK_SECONDS = 1.0
_CONNECTING_SECONDS = 0.2


class LookingChannel(AsyncZMQSocketChannel):
    """A channel that does not rely on being told that something has arrived."""

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # type: ignore[override]
        """The next message; raises :class:`queue.Empty` after ``timeout`` seconds."""
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            left = LOOK_SECONDS if end is None else end - time.monotonic()
            try:
                return await super().get_msg(max(0.0, min(left, LOOK_SECONDS)))
            except Empty:
                if left <= 0:
                    raise


class BatchKernelClient(AsyncKernelClient):
    """A kernel's client whose channels look for themselves."""

    shell_channel_class = Type(LookingChannel)
    iopub_channel_class = Type(LookingChannel)
    control_channel_class = Type(LookingChannel)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return when the kernel answers on both channels that cells use.

        jupyter_client goes on until nothing has been said for a fifth of a second;
        here the end of the output of our own question is enough. Raises RuntimeError
        when the kernel is dead, or not ready in ``timeout`` seconds.
        """
        end = math.inf if timeout is None else time.monotonic() + timeout
        while not await self._is_answered(str(self.kernel_info())):
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > end:
                raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")

    async def _is_answered(self, question: str) -> bool:
        """Whether both channels speak of it; output may not be connected so soon."""
        try:
            await _heard(self.get_shell_msg, question, LOOK_SECONDS)
            await _heard(self.get_iopub_msg, question, _CONNECTING_SECONDS, "idle")
        except Empty:
            return False
        return True


async def _heard(
    get_msg: Callable[..., Any], question: str, seconds: float, state: str = ""
) -> None:
    """Read until something is said about ``question``; raises Empty if nothing is."""
    end = time.monotonic() + seconds
    while True:
        said = await get_msg(timeout=max(0.0, end - time.monotonic()))
        about = said["parent_header"].get("msg_id")
        if about == question and said["content"].get("execution_state", "") == state:
            return
