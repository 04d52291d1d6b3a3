"""The server: imports what notebooks use, then forks one kernel a request.

Started as ``python -P -s -m kcc_research.pipeline.forked_kernels.server SOCKET PID``,
in the environment of kernels, by the process PID. It has one thread and does nothing
but wait, so that a fork copies a process at rest. Over its socket it is asked in lines
of JSON, one connection a kernel: ``{"argv", "env", "cwd"}`` with the log's descriptor
beside it; it answers ``{"pid"}`` at once and ``{"exit"}`` when the kernel has ended.
The connection that says ``{"owner"}`` is that of the command: when it closes,
everything ends; so it does when the command dies before it said so.
"""

from __future__ import annotations

import atexit
import builtins
import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import tempfile
import time
import traceback
import types
from pathlib import Path
from typing import Any, NoReturn

from kcc_research import _HOMES

BACKLOG = 64
_LARGEST_REQUEST = 1 << 20
_LOOK_SECONDS = 1.0
_PRELOADED = (
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.extensions.storemagic",
    "sqlite3",
    "tornado.platform.asyncio",
    "tornado.queues",
    "zmq.utils.garbage",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "matplotlib_inline.backend_inline",
    *(f"PIL.{each}ImagePlugin" for each in ("Bmp", "Gif", "Jpeg", "Png", "Ppm")),
    "pandas",
    "pandas.core.arrays.arrow.extension_types",
    "pandas.core.methods.to_dict",
    "pandas.io.formats.html",
    "pandas.io.formats.string",
    "seaborn",
    "typst",
    "pyarrow.dataset",
    "pyarrow.pandas_compat",
    "pyarrow.parquet",
    "kcc_research.pipeline.kernel_side",
    *(f"kcc_research.{home}" for home in sorted(_HOMES)),
)


# An ordinary kernel gets these from the same imports.
_SET_BY_IMPORTS: dict[str, str] = {}


class NotAlone(Exception):
    """Something that was imported started a thread: a fork would not be safe."""


def threads() -> int:
    """How many threads this process has."""
    return sum(1 for _ in Path("/proc/self/task").iterdir())


def preload() -> None:
    """Import what notebooks use; pandas decides at import whether it is in a kernel."""
    before = set(os.environ)
    kernel = types.SimpleNamespace(kernel=True, config={"IPKernelApp": {}})
    builtins.get_ipython = lambda: kernel  # type: ignore[attr-defined]
    try:
        for name in _PRELOADED:
            importlib.import_module(name)
    finally:
        del builtins.get_ipython  # type: ignore[attr-defined]
    _SET_BY_IMPORTS.update({n: v for n, v in os.environ.items() if n not in before})
    if threads() != 1:
        raise NotAlone(f"{threads()} threads after the imports")
    gc.collect()
    gc.freeze()


class Server:
    """Listens at a socket; knows its connections and its kernels."""

    def __init__(self, path: str, starter: int) -> None:
        self._starter = starter
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(path)
        Path(path).chmod(0o600)
        self._listener.listen(BACKLOG)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._kernels: dict[int, socket.socket] = {}
        self._owner: socket.socket | None = None
        self._ended, self._woken = os.pipe()
        for end in (self._ended, self._woken):
            os.set_blocking(end, False)
        self._selector.register(self._ended, selectors.EVENT_READ)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # that is for the command

    def serve(self) -> NoReturn:
        """Until the command is gone, also when it never said that it is the owner."""
        while self._owner is not None or os.getppid() == self._starter:
            for key, _ in self._selector.select(None if self._owner else _LOOK_SECONDS):
                if key.fileobj is self._listener:
                    connection, _ = self._listener.accept()
                    self._selector.register(connection, selectors.EVENT_READ)
                elif key.fileobj == self._ended:
                    self._reap()
                elif isinstance(key.fileobj, socket.socket):
                    self._hear(key.fileobj)
        os._exit(0)

    def _hear(self, connection: socket.socket) -> None:
        try:
            request, files = _received(connection)
        except (OSError, ValueError):
            request, files = None, []
        if request is None:
            self._hang_up(connection)
        elif "owner" in request:
            self._owner = connection
        elif threads() != 1:
            _answer(connection, {"refused": "the server has more than one thread"})
        else:
            self._fork(connection, request, files)
        for each in files:
            os.close(each)

    def _fork(
        self, connection: socket.socket, request: dict[str, Any], files: list[int]
    ) -> None:
        pid = os.fork()
        if pid == 0:
            _become_kernel(request, files[0])
        self._kernels[pid] = connection
        _answer(connection, {"pid": pid})

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._ended, 4096)
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            connection = self._kernels.pop(pid, None)
            if connection is not None:
                _answer(connection, {"exit": os.waitstatus_to_exitcode(status)})

    def _hang_up(self, connection: socket.socket) -> None:
        """Whoever asked for a kernel is gone, so the kernel goes; or all of us."""
        self._selector.unregister(connection)
        connection.close()
        for pid, asker in list(self._kernels.items()):
            if asker is connection or connection is self._owner:
                _kill(pid)
        if connection is self._owner:
            os._exit(0)


def _received(connection: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """One line of JSON and the descriptors beside it; None at the end."""
    content, files, _, _ = socket.recv_fds(connection, _LARGEST_REQUEST, 1)
    while content and not content.endswith(b"\n"):
        more = connection.recv(_LARGEST_REQUEST)
        content = content + more if more else b""
    return (json.loads(content) if content else None), files


def _answer(connection: socket.socket, said: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):
        connection.sendall(json.dumps(said).encode() + b"\n")


def _kill(pid: int) -> None:
    """The kernel and all it started: it leads a group of its own."""
    for end in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            end(pid, signal.SIGKILL)


# --- in the new process ---------------------------------------------------------------


def _become_kernel(request: dict[str, Any], log: int) -> NoReturn:
    """What an ordinary kernel gets from its start, this one gets here."""
    code = 1
    try:
        server = os.getppid()
        os.setsid()
        _reset_signals()
        _reset_files(log)
        _reset_surroundings(request["env"], request["cwd"])
        code = _kernel(request["argv"], server)
    except BaseException:  # noqa: BLE001 - nothing may return into the server's loop
        traceback.print_exc()
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _reset_signals() -> None:
    signal.set_wakeup_fd(-1)
    for each in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(each, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _reset_files(log: int) -> None:
    """Nothing to read, everything to the log; no other descriptor stays open."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))


def _reset_surroundings(environment: dict[str, str], folder: str) -> None:
    os.environ.clear()
    os.environ.update(_SET_BY_IMPORTS | environment)
    os.chdir(folder)
    time.tzset()
    tempfile.tempdir = None
    import numpy as np

    np.random.seed()  # or all kernels would draw the same numbers


def _kernel(argv: list[str], server: int) -> int:
    """Run the kernel application as its launcher would; its exit code."""
    from ipykernel.kernelapp import IPKernelApp
    from matplotlib_inline import backend_inline

    class Application(IPKernelApp):
        def init_gui_pylab(self) -> None:
            """pyplot was imported before there was a shell to show figures in."""
            super().init_gui_pylab()  # type: ignore[no-untyped-call]
            backend_inline._enable_matplotlib_integration()  # type: ignore[no-untyped-call]

    Application.__name__ = "IPKernelApp"
    words = argv[argv.index("ipykernel_launcher") + 1 :]
    words.append(f"--IPKernelApp.parent_handle={server}")
    sys.argv = ["ipykernel_launcher", *words]
    try:
        Application.launch_instance(words)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return 0


def main(path: str, starter: str) -> None:
    """Import, say that all is ready, and serve the process that started this one."""
    preload()
    server = Server(path, int(starter))
    print("ready", flush=True)
    server.serve()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
