"""One server of kernels for many runs: its imports take 2 seconds of a processor.

Every notebook still has a kernel, a folder and an environment of its own. That a run
starts a server, and takes it along when it ends, is for the tests of kernels, of the
command line and of what is killed; they use none of this.
"""

from __future__ import annotations

import socket

from kcc_research.pipeline.forked_kernels import provisioner
from kcc_research.pipeline.kernel import KernelRoom


class Lent(provisioner.ForkServer):
    """A server as those see it who did not start it and do not end it."""

    def __init__(self, owned: provisioner.ForkServer) -> None:
        super().__init__(owned._folder, {})
        owned._connected().close()  # it is ready, then
        self._path = owned._path

    def prepare(self) -> None:
        pass

    def close(self) -> None:
        pass

    def _connected(self) -> socket.socket:
        return provisioner._connection(self._path)


def of_every_room(lent: Lent) -> property:
    """What ``KernelRoom.fork_server`` becomes: ``lent``, for who wants any at all."""

    def fork_server(room: KernelRoom) -> Lent | None:
        return None if room._kernels == "ordinary" else lent

    return property(fork_server)
