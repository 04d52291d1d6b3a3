"""Telling how a run goes: plain lines, or a spinner on a terminal.

Progress goes to standard error; what a run made goes to standard output.
"""

from __future__ import annotations

import sys
from typing import Protocol, TextIO

from kcc_research.pipeline.outcome import Outcome


class Progress(Protocol):
    """What a run tells while it is busy."""

    def step(self, key: str, step: str, why: str) -> None:
        """A step begins, and why it is not up to date."""

    def finished(self, outcome: Outcome) -> None:
        """A measurement is done, unchanged, or has failed."""


class Silent:
    """Says nothing."""

    def step(self, key: str, step: str, why: str) -> None: ...

    def finished(self, outcome: Outcome) -> None: ...


class PlainLines:
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


class Spinner(PlainLines):
    """The same lines, with a sign of life while a step is busy."""

    def __init__(self) -> None:
        from rich.console import Console

        super().__init__(sys.stderr)
        self._console = Console(stderr=True, highlight=False)
        self._status = self._console.status("")

    def step(self, key: str, step: str, why: str) -> None:
        self._console.print(f"{key}  {step}  ({why})", markup=False)
        self._status.update(f"{key}  {step}")
        self._status.start()

    def finished(self, outcome: Outcome) -> None:
        self._status.stop()
        self._console.print(f"{outcome.key}  {outcome.state}", markup=False)


def progress_for(stream: TextIO) -> Progress:
    """A spinner when ``stream`` is a terminal, plain lines otherwise."""
    return Spinner() if stream.isatty() else PlainLines(stream)
