import os
import re
import sys
from datetime import date
from pathlib import Path

import pytest

from kcc_research.pipeline import kernel
from kcc_research.temporary_folders import temporary


@pytest.fixture
def room():
    with kernel.KernelRoom() as opened:
        yield opened


def environment(room, place, given):
    return kernel.environment(
        room,
        place,
        home=Path("/project"),
        staging=Path("/project/staging"),
        stage="report",
        published=date(2024, 3, 29),
        given=given,
    )


def test_only_what_is_allowed_passes(room):
    hostile = {
        "PATH": "/usr/bin",
        "PYTHONSTARTUP": "/evil.py",
        "PYTHONPATH": "/evil",
        "IPYTHONDIR": "/evil",
        "LD_PRELOAD": "/evil.so",
        "HOME": "/home/someone",
        "LC_ALL": "nl_NL",
        "TZ": "Asia/Tokyo",
        "SECRET_TOKEN": "x",
        "PYTHONHASHSEED": "7",
    }
    with room.place() as place:
        found = environment(room, place, hostile)
    assert found["PATH"] == "/usr/bin"
    assert "evil" not in str(found)
    assert not {"PYTHONSTARTUP", "LD_PRELOAD", "SECRET_TOKEN"} & found.keys()
    assert (found["TZ"], found["LC_ALL"]) == ("UTC", "C.UTF-8")
    assert found["PYTHONHASHSEED"] == "0"
    assert found["HOME"].startswith(str(room.folder))
    for name in ("OPENBLAS", "OMP", "MKL"):
        assert found[f"{name}_NUM_THREADS"] == "1"
    assert found["KCC_STAGE"] == "report"
    assert found["KCC_STAGING"] == "/project/staging"


def test_the_epoch_is_the_day_of_publication(room):
    with room.place() as place:
        found = environment(room, place, {})
    assert found["SOURCE_DATE_EPOCH"] == "1711670400"


@pytest.mark.skipif(os.name != "posix", reason="sockets with names are POSIX's")
def test_sockets_lie_in_a_private_folder_with_a_short_name(room):
    with room.place() as place:
        manager = kernel.new_manager(place)
        assert manager.transport == "ipc"
        assert Path(manager.ip).parent == place
        assert len(f"{manager.ip}-5".encode()) < 107
        assert place.stat().st_mode & 0o777 == 0o700
        assert room.folder.stat().st_mode & 0o777 == 0o700
    assert not place.exists()


def test_the_working_folder_is_empty_and_each_kernel_has_its_own(room):
    with room.place() as one, room.place() as other:
        assert one != other
        assert list((one / "work").iterdir()) == []


def test_kernels_start_hermetically(room):
    with room.place() as place:
        command = kernel.new_manager(place).kernel_spec.argv
    assert command[:3] == [sys.executable, "-P", "-s"]


def test_a_room_is_known_by_who_made_it():
    with kernel.KernelRoom() as room:
        assert re.fullmatch(rf"kcc-[0-9]+-{os.getpid()}-[0-9]+-[^-]+", room.folder.name)
        assert room.folder.parent == temporary()


def test_a_room_is_gone_after_use():
    with kernel.KernelRoom() as room:
        folder = room.folder
        assert folder.is_dir()
    assert not folder.exists()
    with pytest.raises(RuntimeError, match="not open"):
        _ = room.folder
