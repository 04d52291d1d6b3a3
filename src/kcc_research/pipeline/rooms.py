"""Where the temporary folders of kernels are, and clearing those of the dead.

Apart from the kernels themselves, so that every run can clear them, also one that
starts no kernel: what a notebook left there may hold rows of persons.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from kcc_research.pipeline.store import is_alive

PREFIX = "kcc-"

# Sockets have names of at most 107 bytes; ours add some 30 to the folder's.
_LONGEST_FOLDER = 60


def temporary() -> Path:
    """The folder for temporary files, or one with a name that is short enough."""
    usual = Path(tempfile.gettempdir())
    if os.name == "posix" and len(os.fsencode(usual)) > _LONGEST_FOLDER:
        return Path("/tmp")
    return usual


def user() -> int:
    """Whose folders they are; 0 where the system has no numbers."""
    return os.getuid() if hasattr(os, "getuid") else 0


def clear_dead(parent: Path) -> None:
    """Remove what commands of this user left that were killed before they could."""
    for folder in parent.glob(f"{PREFIX}{user()}-*-*"):
        pid = folder.name.removeprefix(PREFIX).split("-")[1]
        mine = os.name != "posix" or folder.lstat().st_uid == user()
        dead = pid.isdecimal() and int(pid) != os.getpid() and not is_alive(int(pid))
        if mine and dead and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)
