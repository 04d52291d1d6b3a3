"""Hearing what a kernel says, also when nobody tells that it spoke.

The descriptor of a zmq socket tells of changes only, and once: whoever misses that
sleeps on beside a message that lies ready. These channels look for themselves every
second.
"""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from traitlets import Type

LOOK_SECONDS = 1.0


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
