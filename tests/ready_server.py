"""The process behind ``ready_kcc``: all is imported, each command is a fork of it.

Started by tests/ready_command.py. Over its standard input it is asked in
lines of JSON: ``{"words", "folder", "environment", "out", "err"}``; it answers
``{"exit"}`` over its standard output when the command has ended. It ends when nobody
asks any more.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path
from typing import NoReturn

from kcc_research.pipeline import lean_imports
from kcc_research.pipeline.forked_kernels.server import threads

USED = (
    "check",
    "execution",
    "executor",
    "options",
    "outcome",
    "pages",
    "progress",
    "run",
    "side_by_side",
    "standstill",
    "status",
    "unchanged",
    "verify",
)


def main() -> None:
    with lean_imports.without():
        importlib.import_module("kcc_research.cli")
        for each in USED:
            importlib.import_module(f"kcc_research.pipeline.{each}")
        from tests.ready_kernels import KernelRoom, Lent, of_every_room

    del sys.path[0]  # where this module was found
    with KernelRoom() as room:
        assert room.fork_server is not None
        KernelRoom.fork_server = of_every_room(Lent(room.fork_server))
        gc.collect()
        gc.freeze()
        answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
        for line in sys.stdin:
            told = {"exit": done(json.loads(line))}
            print(json.dumps(told), file=answers, flush=True)
    os._exit(0)  # libraries that are taken apart only complain


def done(asked: dict) -> int:
    """The exit code of the command, which has a process of its own."""
    if threads() != 1:
        raise RuntimeError("a process with threads cannot be copied")
    pid = os.fork()
    if pid == 0:
        become(asked)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def become(asked: dict) -> NoReturn:
    """The command, as ``python -m kcc_research`` would be once it has imported all."""
    code = 1
    try:
        os.setpgid(0, 0)
        files(asked["out"], asked["err"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        os.chdir(asked["folder"])
        time.tzset()
        tempfile.tempdir = None
        random.seed()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.fsync = lambda descriptor: None  # as tests/conftest.py does
        from kcc_research.cli import app

        sys.argv = ["kcc", *asked["words"]]
        app(prog_name="kcc")
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:  # noqa: BLE001 - nothing may return into the server's loop
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            threading._shutdown()
            atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def files(out: str, err: str) -> None:
    """Nothing to read; what is said goes to files of the caller."""
    given = [os.open(os.devnull, os.O_RDONLY)]
    given += [os.open(each, os.O_WRONLY) for each in (out, err)]
    for number, each in enumerate(given):
        os.dup2(each, number)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    sys.stdin = Path(os.devnull).open(encoding="utf-8")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main()
