"""Kernels of a batch: hermetic, private, and gone when the run is over.

They start with ``python -P -s`` and an allow-listed environment, in an empty working
folder, and talk over sockets in a private folder (DESIGN §8.21): nothing of the user's
IPython profile, locale or working folder can change a number, and nobody else on the
machine can listen in. Windows has no such sockets and keeps TCP.

This module writes only in the system's folder for temporary files.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import sys
import sysconfig
import threading
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from traitlets import Type

import kcc_research
from kcc_research import _ONE_THREAD
from kcc_research.microdata.recogniser import CACHE_VARIABLE, cache_folder
from kcc_research.pipeline.forked_kernels import provisioner
from kcc_research.pipeline.forked_kernels.provisioner import ForkServer
from kcc_research.pipeline.kernel_client import BatchKernelClient
from kcc_research.pipeline.kernel_names import (
    MEMORY_VARIABLE,
    STAGE_VARIABLE,
    STAGING_VARIABLE,
)
from kcc_research.pipeline.keys import KEYS_VARIABLE, keys_folder
from kcc_research.pipeline.plan import Stage
from kcc_research.pipeline.workspace import HOME_VARIABLE
from kcc_research.temporary_folders import new_folder, temporary

EXTENSION = "kcc_research.pipeline.kernel_side"
START_SECONDS = 60

Kernels = Literal["auto", "ordinary"]

# What the machine is, not what the user likes: without the last one a batch would add
# up in another order than a notebook by hand, where a machine sets it.
_ALLOWED = (
    "PATH",
    "LD_LIBRARY_PATH",
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "WINDIR",
    "COMSPEC",
    "PATHEXT",
    "NUMBER_OF_PROCESSORS",
    "OPENBLAS_CORETYPE",
)


class KernelRoom:
    """Private temporary folders of one command; a context manager.

    ``shared`` holds what kernels may share (font cache, empty IPython profile);
    each kernel gets a folder of its own beside it. With ``kernels="ordinary"`` none is
    forked from a server. Threads may share a room.
    """

    def __init__(self, kernels: Kernels = "auto") -> None:
        self._kernels = kernels
        self._folder: Path | None = None
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._server: ForkServer | None = None

    def __enter__(self) -> KernelRoom:
        self._folder = new_folder(temporary())
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    @property
    def folder(self) -> Path:
        if self._folder is None:
            raise RuntimeError("the kernel room is not open")
        return self._folder

    @property
    def fork_server(self) -> ForkServer | None:
        """The server of kernels; None where kernels are started the ordinary way."""
        if self._kernels == "ordinary" or not provisioner.is_available():
            return None
        with self._lock:
            if self._server is None:
                self._server = ForkServer(self.folder, _common(self, os.environ))
            return self._server

    def prepare(self) -> None:
        """Let the server of kernels begin, while the command does something else."""
        if self.fork_server is not None:
            self.fork_server.prepare()

    @contextlib.contextmanager
    def place(self) -> Iterator[Path]:
        """A fresh private folder for one kernel, with an empty ``work`` in it."""
        folder = self.folder / str(next(self._numbers))
        for each in (folder, folder / "work", folder / "tmp"):
            each.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


class BatchKernelManager(AsyncKernelManager):
    """An ordinary kernel of this very Python, over private sockets.

    Its command is fixed here, so no kernel needs to be installed and none that is can
    take its place.
    """

    client_factory = Type(BatchKernelClient)
    _group: int | None = None
    fork_server: ForkServer | None = None

    @property
    def kernel_spec(self) -> KernelSpec:
        command = [sys.executable, "-P", "-s", "-m", "ipykernel_launcher"]
        options = ["-f", "{connection_file}", "--ext", EXTENSION]
        forked = {"kernel_provisioner": {"provisioner_name": provisioner.NAME}}
        return KernelSpec(
            argv=command + options,
            display_name="kcc",
            language="python",
            interrupt_mode="signal",
            metadata=forked if self.fork_server is not None else {},
        )

    async def _async_launch_kernel(self, kernel_cmd: list[str], **kw: Any) -> None:
        await super()._async_launch_kernel(kernel_cmd, **kw)
        self._group = getattr(self.provisioner, "pgid", None)

    _launch_kernel = _async_launch_kernel

    def kill_group(self) -> None:
        """End whatever the kernel started, also when it did not end by itself (F55)."""
        if self._group and hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._group, signal.SIGKILL)
        forked = getattr(self.provisioner, "forked", None)
        if forked is not None:
            forked.close()


def new_manager(place: Path, server: ForkServer | None = None) -> BatchKernelManager:
    """A kernel manager whose sockets lie in ``place``."""
    connection = str(place / "c.json")
    if os.name != "posix":
        return BatchKernelManager(connection_file=connection)
    sockets = str(place / "s")
    manager = BatchKernelManager(
        connection_file=connection, transport="ipc", ip=sockets
    )
    manager.fork_server = server
    return manager


def environment(
    room: KernelRoom,
    place: Path,
    *,
    home: Path,
    staging: Path,
    stage: Stage,
    published: date,
    given: Mapping[str, str],
    memory: int = 0,
) -> dict[str, str]:
    """The whole environment of a kernel: what is allowed of ``given``, and our own.

    ``memory`` is how many bytes of data it may have; 0 for no limit.
    """
    epoch = (published - date(1970, 1, 1)).days * 86_400
    own = {
        HOME_VARIABLE: str(home),
        STAGING_VARIABLE: str(staging),
        STAGE_VARIABLE: stage,
        "HOME": str(place),
        "TMPDIR": str(place / "tmp"),
        "TEMP": str(place / "tmp"),
        "TMP": str(place / "tmp"),
        "JUPYTER_RUNTIME_DIR": str(place),
        "SOURCE_DATE_EPOCH": str(epoch),
        MEMORY_VARIABLE: str(memory) if memory else "",
    }
    if stage == "clean":  # no other step has anything to do with respondents' numbers
        own[KEYS_VARIABLE] = str(keys_folder(given))
        own[CACHE_VARIABLE] = str(cache_folder(given))
    every = _common(room, given) | own
    return {name: text for name, text in every.items() if text}


def _common(room: KernelRoom, given: Mapping[str, str]) -> dict[str, str]:
    """What every kernel of a room gets, and the server that forks them."""
    shared = room.folder / "shared"
    own = {
        "HOME": str(shared),
        "TMPDIR": str(room.folder),
        "IPYTHONDIR": str(shared / "ipython"),
        "JUPYTER_CONFIG_DIR": str(shared / "jupyter"),
        "JUPYTER_DATA_DIR": str(shared / "jupyter"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "MPLCONFIGDIR": str(shared / "matplotlib"),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": _package_path(),
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        # pyarrow would set 1 GB aside, which a limit of memory counts as used.
        "MIMALLOC_ARENA_EAGER_COMMIT": "0",
    }
    allowed = {name: given[name] for name in _ALLOWED if name in given}
    threads = dict.fromkeys(_ONE_THREAD, "1")
    return {name: text for name, text in (allowed | threads | own).items() if text}


def _package_path() -> str:
    """Where this very package stands, unless that is where packages are installed.

    The kernel then runs the same code as the runner, also from a source folder.
    """
    folder = str(Path(kcc_research.__file__).parents[1])
    installed = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    return "" if folder in installed else folder
