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
