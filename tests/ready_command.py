"""``kcc`` for tests of what it makes: in a new process that need not import anything.

A command that starts takes some 4 seconds of a processor before it has done anything:
its own imports and those of its kernels. Here both are done once a test process; every
call is a fork of its own and every notebook has a kernel of its own, as always. How
the command starts and ends, and what a different start could change, is for tests that
use :func:`tests.workspaces.kcc`.
"""

from __future__ import annotations

import atexit
import functools
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from kcc_research.pipeline.forked_kernels import provisioner
from tests.workspaces import REPOSITORY, environment, kcc


def ready_kcc(
    root: Path, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """As ``kcc``, in ``root``; the ordinary one where kernels cannot be forked."""
    if not provisioner.is_available():
        return kcc(root, *arguments, **variables)
    with tempfile.TemporaryDirectory(prefix="ready-") as folder:
        said = {name: Path(folder) / name for name in ("out", "err")}
        for each in said.values():
            each.touch()
        asked = {
            "words": arguments,
            "folder": str(root),
            "environment": environment() | variables,
            **{name: str(path) for name, path in said.items()},
        }
        code = answer(asked)["exit"]
        out, err = (each.read_text(encoding="utf-8") for each in said.values())
    return subprocess.CompletedProcess(["kcc", *arguments], code, out, err)


def answer(asked: dict) -> dict:
    process = server()
    assert process.stdin is not None and process.stdout is not None
    print(json.dumps(asked), file=process.stdin, flush=True)
    line = process.stdout.readline()
    assert line, f"the process that runs commands has ended: {process.poll()}"
    return json.loads(line)


@functools.cache
def server() -> subprocess.Popen[str]:
    """Started when first asked; it ends with this process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.ready_server"],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment() | provisioner._AT_REST,
    )
    atexit.register(process.communicate)
    return process
