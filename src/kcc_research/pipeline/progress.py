"""Telling how a run goes: bars on a terminal, plain lines, and a log for machines.

Progress goes to standard error; what a run made goes to standard output.
"""

from __future__ import annotations

import contextlib
import json
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, TextIO

from kcc_research.pipeline.outcome import Outcome

if TYPE_CHECKING:
    from rich.console import Console

    from kcc_research.pipeline.store import Store

_SHOWN = 3


class Progress(Protocol):
    """What a run tells while it is busy; threads may call it at the same time."""

    def begin(self, keys: Sequence[str]) -> None:
        """Which measurements there are to look at."""

    def step(self, key: str, step: str, why: str) -> None:
        """A step begins, and why it is not up to date."""

    def finished(self, outcome: Outcome) -> None:
        """A measurement is done, unchanged, or has failed."""

    def end(self) -> None:
        """The run is over, whatever way it ended."""


class Silent:
    """Says nothing."""

    def begin(self, keys: Sequence[str]) -> None: ...

    def step(self, key: str, step: str, why: str) -> None: ...

    def finished(self, outcome: Outcome) -> None: ...

    def end(self) -> None: ...


class PlainLines(Silent):
    """One line an event, for logs and pipes."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr

    def step(self, key: str, step: str, why: str) -> None:
        self._line(f"{key}  {step}  ({why})")

    def finished(self, outcome: Outcome) -> None:
        self._line(f"{outcome.key}  {outcome.state}")

    def _line(self, text: str) -> None:
        """In one piece: lines of measurements that run together stay lines."""
        self._stream.write(f"{text}\n")
        self._stream.flush()


class Bar(Silent):
    """A bar with what is done, how fast, how long still, what is busy, what failed.

    Above it a line for each measurement that was done or failed.
    """

    def __init__(self, console: Console | None = None) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            TextColumn,
            TimeRemainingColumn,
        )
        from rich.progress import Progress as Bars

        self._console = console or Console(stderr=True, highlight=False)
        self._lock = threading.Lock()
        self._busy: dict[str, str] = {}
        self._failed = self._seen = 0
        self._begun = time.monotonic()
        self._bars = Bars(
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}", markup=False),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[failed]}", markup=False, style="bold red"),
            TextColumn("{task.fields[busy]}", markup=False),
            console=self._console,
            transient=True,
        )
        self._task = self._bars.add_task("", total=0, rate="", failed="", busy="")

    def begin(self, keys: Sequence[str]) -> None:
        self._begun = time.monotonic()
        self._bars.update(self._task, total=len(keys))
        self._bars.start()

    def step(self, key: str, step: str, why: str) -> None:
        with self._lock:
            self._busy[key] = step
        self._show()

    def finished(self, outcome: Outcome) -> None:
        with self._lock:
            self._busy.pop(outcome.key, None)
            self._seen += 1
            self._failed += not outcome.is_good
        self._bars.advance(self._task)
        if outcome.state != "unchanged":
            self._console.print(f"{outcome.key}  {outcome.state}", markup=False)
        self._show()

    def end(self) -> None:
        self._bars.stop()

    def _show(self) -> None:
        with self._lock:
            minutes = max(time.monotonic() - self._begun, 1) / 60
            failed = f"{self._failed} failed" if self._failed else ""
            busy = busy_words(self._busy)
            rate = f"{self._seen / minutes:.0f}/min" if self._seen else ""
        self._bars.update(self._task, rate=rate, failed=failed, busy=busy)


def busy_words(busy: Mapping[str, str]) -> str:
    """What is being done now, the first few by name.

    >>> busy_words({"a/b": "report", "c/d": "analyse"})
    'a/b report, c/d analyse'
    """
    words = [f"{key} {step}" for key, step in list(busy.items())[:_SHOWN]]
    more = len(busy) - _SHOWN
    return ", ".join(words) + (f" and {more} more" if more > 0 else "")


class Log(Silent):
    """JSON lines in a private file of the run: for whoever must find out later.

    No value of a file is in it: of problems the code, file and row (TRUST §2). A run
    that changes nothing writes nothing, and a log that cannot be written stops no run.
    """

    def __init__(self, store: Store, run: str) -> None:
        self._store, self._run = store, run
        self._lock = threading.Lock()
        self._waiting: list[bytes] = []
        self._is_open = False

    def begin(self, keys: Sequence[str]) -> None:
        self._write("begin", lasting=False, measurements=len(keys))

    def step(self, key: str, step: str, why: str) -> None:
        self._write("step", lasting=True, key=key, step=step, why=why)

    def finished(self, outcome: Outcome) -> None:
        problems = [
            {"code": each.code, "file": each.file, "row": each.row}
            for each in outcome.problems
        ]
        self._write(
            "finished",
            lasting=outcome.state != "unchanged",
            key=outcome.key,
            state=outcome.state,
            reached=outcome.reached,
            problems=problems,
        )

    def end(self) -> None:
        self._write("end", lasting=False)

    def _write(self, event: str, *, lasting: bool, **facts: object) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": now, "event": event, **facts}, ensure_ascii=False)
        with self._lock:
            self._waiting.append(f"{line}\n".encode())
            self._is_open = self._is_open or lasting
            if self._is_open:
                with contextlib.suppress(OSError):
                    self._store.add_to_log(self._run, b"".join(self._waiting))
                self._waiting.clear()


class Together:
    """Tells each of several."""

    def __init__(self, *each: Progress) -> None:
        self._each = each

    def begin(self, keys: Sequence[str]) -> None:
        for each in self._each:
            each.begin(keys)

    def step(self, key: str, step: str, why: str) -> None:
        for each in self._each:
            each.step(key, step, why)

    def finished(self, outcome: Outcome) -> None:
        for each in self._each:
            each.finished(outcome)

    def end(self) -> None:
        for each in self._each:
            each.end()


def progress_for(stream: TextIO) -> Progress:
    """A bar when ``stream`` is a terminal, plain lines otherwise."""
    return Bar() if stream.isatty() else PlainLines(stream)
