"""The real command line on a damaged workspace, and what it says."""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kcc_research.cli import app
from tests.faults.bench import KEY, Bench, make
from tests.faults.corpus import Fault, Proof

_START = re.compile(r"(KCC-[A-Z]\d{3}[a-z]?)  (\w+)  (.+)")
_NAMES = {
    "bestand": "file",
    "rij": "row",
    "kolom": "column",
    "waarde": "value",
    "herstel": "remedy",
}


@dataclass(frozen=True)
class Message:
    """One message as the terminal showed it."""

    code: str
    severity: str
    title: str
    file: str = ""
    row: str = ""
    column: str = ""
    value: str = ""
    remedy: str = ""

    @property
    def place(self) -> tuple[str, str, str, str]:
        return self.code, self.file, self.row, self.column


@dataclass(frozen=True)
class Call:
    """What a call of the command line gave."""

    exit: int
    output: str
    messages: tuple[Message, ...]


def run(bench: Bench, words: tuple[str, ...]) -> Call:
    """Call ``kcc`` with these words in the workspace of ``bench``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KCC_HOME", str(bench.root))
        patch.delenv("KCC_STAGING", raising=False)
        done = CliRunner().invoke(app, list(words))
    return Call(done.exit_code, done.output, tuple(_messages(done.output)))


@dataclass(frozen=True)
class Trial:
    """A fault that was tried: the call, and what was published before and after.

    ``listed`` is the page over all reports, which also says what failed.
    """

    call: Call
    before: dict[str, str]
    after: dict[str, str]
    listed: str
    kept: str

    def told(self, fault: Fault) -> Message:
        """The message that ``fault`` asks for."""
        found = [each for each in self.call.messages if each.place == fault.place]
        assert found, f"wanted {fault.place}\n{self.call.output}"
        return found[0]


@dataclass(frozen=True)
class Trials:
    """One published workspace, and a copy of it for every fault."""

    folder: Path
    tried: dict[object, Trial] = field(default_factory=dict)

    @property
    def published(self) -> Bench:
        """The workspace after ``kcc run``, which is called once."""
        root = self.folder / "project"
        if not root.exists():
            done = run(make(root), ("run", KEY))
            assert done.exit == 0, done.output
        return Bench(root)

    def met(self, fault: Fault) -> Trial:
        """What happens; the same damage with the same call is tried once only."""
        known = (fault.make, fault.call)
        if known not in self.tried:
            self.tried[known] = self._try(fault)
        return self.tried[known]

    def shown(self, entry: Fault | Proof) -> Message | str:
        """What a user sees of it."""
        if isinstance(entry, Proof):
            return entry.shown(self.published)
        return self.met(entry).told(entry)

    def _try(self, fault: Fault) -> Trial:
        root = self.folder / "copy"
        shutil.copytree(self.published.root, root)
        bench = Bench(root)
        before = tree(bench)
        fault.make(bench)
        with fault.meanwhile(bench):
            done = run(bench, fault.call)
        after, kept = tree(bench), _check_report(done)
        listed = _list_of(bench).read_text(encoding="utf-8")
        shutil.rmtree(root)
        return Trial(done, before, after, listed, kept)


def _check_report(done: Call) -> str:
    """The table of the *controlerapport* that the call says it kept, if it did."""
    said = re.search(r"^(/.+)/controlerapport\.html$", done.output, re.MULTILINE)
    if said is None:
        return ""
    return (Path(said[1]) / "controlerapport.csv").read_text(encoding="utf-8")


def _messages(output: str) -> list[Message]:
    found: list[dict[str, str]] = []
    for line in output.splitlines():
        if start := _START.fullmatch(line):
            code, severity, title = start.groups()
            found.append({"code": code, "severity": severity, "title": title})
        elif found and (field := re.match(r"  (\w+) +(.+)", line)):
            name = _NAMES.get(field[1], field[1])
            found[-1][name] = field[2]
    return [Message(**each) for each in found]


def _list_of(bench: Bench) -> Path:
    return bench.outputs / "index.html"


def tree(bench: Bench) -> dict[str, str]:
    """The sha256 of every published file but the list of all reports."""
    return {
        path.relative_to(bench.root).as_posix(): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for path in sorted(bench.outputs.rglob("*"))
        if path.is_file() and path != _list_of(bench)
    }
