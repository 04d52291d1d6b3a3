"""Asking the server for a kernel, the way in which jupyter_client starts kernels."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import IO, Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

import kcc_research

NAME = "kcc-fork"
_GROUP = "jupyter_client.kernel_provisioners"
_START_SECONDS = 60.0
_STOP_SECONDS = 5.0
_MODULE = "kcc_research.pipeline.forked_kernels.server"
# What a process at rest needs to stay so: no thread of a library's own.
_AT_REST = {
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
_Stamp = tuple[tuple[str, int, int], ...]


def is_available() -> bool:
    """Whether kernels can be forked here: Linux, and installed as an entry point."""
    return sys.platform.startswith("linux") and _is_installed()


@functools.cache
def _is_installed() -> bool:
    return bool(entry_points(group=_GROUP, name=NAME))


class ServerGone(OSError):
    """No kernel could be had from the server."""


class ForkServer:
    """The server of one command: started when first asked, anew when code changed.

    ``folder`` is private and short: the socket is in it. Safe to share by threads.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = dict(environment) | _AT_REST
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._owner: socket.socket | None = None
        self._path = ""
        self._is_ready = False
        self._count = 0
        self._stamp: _Stamp = ()
        self._failed: _Stamp | None = None
        self._retired: list[tuple[subprocess.Popen[str], socket.socket | None]] = []

    def spawn(
        self, argv: list[str], env: Mapping[str, str], cwd: str, log: int
    ) -> ForkedProcess:
        """A kernel, its output going to descriptor ``log``.

        Raises :class:`ServerGone` when there is none to be had.
        """
        request = {"argv": argv, "env": dict(env), "cwd": cwd}
        connection = self._connected()
        try:
            line = json.dumps(request).encode() + b"\n"
            socket.send_fds(connection, [line], [log])
            answer = json.loads(_line(connection, _START_SECONDS))
            return ForkedProcess(answer["pid"], connection)
        except (OSError, ValueError, KeyError) as error:
            connection.close()
            raise ServerGone(f"no kernel from the server: {error}") from error

    def prepare(self) -> None:
        """Let the server begin its imports; nobody waits for them yet."""
        with self._lock:
            self._begin(_sources())

    def close(self) -> None:
        """End the server, those it replaced, and every kernel they still have."""
        with self._lock:
            self._retire()
            while self._retired:
                _end(*self._retired.pop())

    def _connected(self) -> socket.socket:
        with self._lock:
            stamp = _sources()
            if stamp == self._failed:
                raise ServerGone("the server of kernels did not start before")
            dead = self._process is None or self._process.poll() is not None
            if dead or stamp != self._stamp:
                self._begin(stamp)
            if not self._is_ready:
                self._finish_start()
            return _connection(self._path)

    def _begin(self, stamp: _Stamp) -> None:
        self._retire()
        self._count += 1
        self._path, self._stamp = str(self._folder / f"f{self._count}"), stamp
        command = [sys.executable, "-P", "-s", "-m", _MODULE, self._path, _me()]
        log = (self._folder / f"f{self._count}.log").open("wb")
        with log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                env=self._environment,
                cwd=self._folder,
                text=True,
                start_new_session=True,
            )

    def _finish_start(self) -> None:
        assert self._process is not None
        if not _says_ready(self._process.stdout):
            self._retire()
            self._failed = self._stamp
            raise ServerGone("the server of kernels did not start")
        self._owner = _connection(self._path)
        self._owner.sendall(b'{"owner": true}\n')
        self._is_ready = True

    def _retire(self) -> None:
        """Let the server go on for the kernels it has; others ask a new one."""
        if self._process is not None:
            self._retired.append((self._process, self._owner))
        self._process = self._owner = None
        self._is_ready = False


def _me() -> str:
    return str(os.getpid())


def _end(process: subprocess.Popen[str], owner: socket.socket | None) -> None:
    if owner is not None:
        owner.close()
    try:
        process.wait(_STOP_SECONDS if owner is not None else 0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _says_ready(output: IO[str] | None) -> bool:
    if output is None or not select.select([output], [], [], _START_SECONDS)[0]:
        return False
    return output.readline().strip() == "ready"


def _connection(path: str) -> socket.socket:
    found = socket.socket(socket.AF_UNIX)
    try:
        found.connect(path)
    except OSError as error:
        found.close()
        raise ServerGone(f"the server of kernels does not answer: {error}") from error
    return found


def _line(connection: socket.socket, seconds: float) -> bytes:
    """The next line; raises :class:`ServerGone` when none comes."""
    content = b""
    while not content.endswith(b"\n"):
        if not select.select([connection], [], [], seconds)[0]:
            raise ServerGone("no answer in time")
        more = connection.recv(4096)
        if not more:
            raise ServerGone("the connection was closed")
        content += more
    return content


def _sources() -> _Stamp:
    """Times and sizes of the package's own files: a server of old code is replaced."""
    found = [
        (each.path, each.stat().st_mtime_ns, each.stat().st_size)
        for each in _python_files(Path(kcc_research.__file__).parent)
    ]
    return tuple(sorted(found))


def _python_files(folder: str | Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for each in entries:
            if each.name.endswith(".py"):
                yield each
            elif each.is_dir() and each.name != "__pycache__":
                yield from _python_files(each.path)


class ForkedProcess:
    """The part of ``subprocess.Popen`` that jupyter_client uses."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, connection: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._connection = connection

    def poll(self) -> int | None:
        """The exit code, or None while it runs; -9 when the server is gone."""
        self._hear(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code, after waiting for the end."""
        if self.returncode is None:
            self._hear(timeout)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def _hear(self, seconds: float | None) -> None:
        if self.returncode is not None:
            return
        if not select.select([self._connection], [], [], seconds)[0]:
            return
        try:
            told = json.loads(_line(self._connection, _STOP_SECONDS))
            self.returncode = int(told["exit"])
        except (OSError, ValueError, KeyError):
            self.returncode = -signal.SIGKILL
        self.close()

    def close(self) -> None:
        """Hang up: the server ends the kernel, if that has not ended yet."""
        self._connection.close()
        if self.returncode is None:
            self.returncode = -signal.SIGKILL


class ForkProvisioner(LocalProvisioner):
    """Kernels from the manager's ``fork_server``; the ordinary way when it has none.

    ``forked`` is the kernel's process, whoever else lets go of it.
    """

    forked: ForkedProcess | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork a kernel; on trouble log it and start one as always."""
        server: ForkServer | None = getattr(self.parent, "fork_server", None)
        log = kwargs.get("stdout")
        if server is None or log is None:
            return await super().launch_kernel(cmd, **kwargs)
        try:
            forked = server.spawn(cmd, kwargs["env"], str(kwargs["cwd"]), log.fileno())
        except OSError as error:
            self.log.warning("%s; starting an ordinary kernel", error)
            return await super().launch_kernel(cmd, **kwargs)
        self.forked = forked
        self.process = forked  # type: ignore[assignment]
        self.pid = self.pgid = forked.pid
        return self.connection_info

    async def wait(self) -> int | None:
        """As its parent does, without a tenth of a second between two looks."""
        pause = 0.001
        while await self.poll() is None:
            await asyncio.sleep(pause)
            pause = min(2 * pause, 0.05)
        code = self.process.wait() if self.process else 0
        for name in ("stdin", "stdout", "stderr"):
            stream = getattr(self.process, name, None)
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self.process = None
        return code
