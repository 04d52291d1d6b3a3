"""For every test: a busy machine is no fault, and nobody waits for the disk."""

import os

import pytest
from hypothesis import settings

settings.register_profile("kcc", deadline=None)
settings.load_profile("kcc")


@pytest.fixture(scope="session", autouse=True)
def nothing_waits_for_the_disk():
    """What a disk still holds after a power cut no test can see; asking it takes long.

    That the store asks is proved by the tests of its operations, which look themselves.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture(scope="session")
def lent_server():
    """The server of kernels of all tests that want one which is there already."""
    from kcc_research.pipeline.forked_kernels import provisioner
    from tests.ready_kernels import KernelRoom, Lent

    if not provisioner.is_available():
        yield None
        return
    with KernelRoom() as room:
        yield Lent(room.fork_server)


@pytest.fixture(scope="module")
def ready_kernels(lent_server):
    """Runs in this process start no server of kernels; see tests/ready_kernels.py."""
    from tests.ready_kernels import KernelRoom, of_every_room

    with pytest.MonkeyPatch.context() as patch:
        if lent_server is not None:
            patch.setattr(KernelRoom, "fork_server", of_every_room(lent_server))
        yield
