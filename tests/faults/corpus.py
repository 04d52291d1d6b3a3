"""The fault corpus: for each fault of TRUST §3.1, 3.2 and 3.4 at least one input.

Every input is made by code in the workspace of :mod:`.bench` and goes through the real
command line. A :class:`Fault` must be told with its code, at its place, and must leave
what was published as it was. A :class:`Proof` is a fault that needs no refusal: the
product does it right, and what a published report says shows that.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from tests.faults.bench import CSV, KEY, Bench

IDS = tuple(f"F{n}" for n in (*range(1, 53), *range(65, 73)))
"""F1–F52 and F65–F72; F53–F64 are faults of running, with tests of their own."""

PARTS = ("definitions", "reading", "content", "output")

STUDY = f"studies/{KEY}"
MEASUREMENT = f"{STUDY}/measurement.toml"
QUESTIONNAIRE = f"{STUDY}/balie.toml"
RAW = f"data/raw/{KEY}"
ANSWERS = f"{RAW}/{CSV}"
WORKBOOK = f"{RAW}/antwoorden.xlsx"

CHECK = ("check", KEY)
RUN = ("run", KEY)


def _undisturbed(_: Bench) -> AbstractContextManager[object]:
    return nullcontext()


@dataclass(frozen=True)
class Fault:
    """An input, and what must be said of it.

    ``exit``: 1 refused, 2 a wrong call, 0 told and gone on. ``meanwhile`` is what
    happens to the workspace during the call.
    """

    id: str
    what: str
    make: Callable[[Bench], object]
    code: str
    file: str = ""
    row: str = ""
    column: str = ""
    call: tuple[str, ...] = CHECK
    exit: int = 1
    meanwhile: Callable[[Bench], AbstractContextManager[object]] = _undisturbed

    @property
    def place(self) -> tuple[str, str, str, str]:
        return self.code, self.file, self.row, self.column

    @property
    def keeps_a_report(self) -> bool:
        """Whether the call leaves a *controlerapport* with this fault in it."""
        return self.call[0] == "check" and len(self.call) > 1 and self.exit < 2


@dataclass(frozen=True)
class Proof:
    """An input that stands in the published workspace; ``shown`` finds how it came out.

    ``shown`` raises AssertionError, or returns what a reader sees, in a few words.
    """

    id: str
    what: str
    shown: Callable[[Bench], str]


def corpus() -> Iterator[Fault | Proof]:
    """Every entry, in the order of the handbook."""
    entries = [
        each
        for part in PARTS
        for each in importlib.import_module(f"tests.faults.{part}").FAULTS
    ]
    yield from sorted(entries, key=lambda each: int(each.id[1:]))
