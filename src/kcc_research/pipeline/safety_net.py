"""What one measurement may meet without stopping the others (TRUST-F63).

A refusal is told as it is worded; what the operating system refuses is told in our
words; anything else is a fault of ours, told by its kind and place only, because its
text may hold an answer (TRUST-F67).
"""

from __future__ import annotations

import contextlib
import errno
import os
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import kcc_research
from kcc_research.errors import Problem, RunError, UserError, masked, problem

TRACE = "internal_error.txt"

_PACKAGES = Path(kcc_research.__file__).parents[1]


@contextlib.contextmanager
def told_as_problems() -> Iterator[None]:
    """What the operating system refuses becomes a RunError (F57, F60)."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise RunError(_refused_by_system(error)) from error


@contextlib.contextmanager
def faults_told(
    key: str = "", keep: Callable[[bytes], str] | None = None
) -> Iterator[None]:
    """Every exception becomes a :class:`UserError`: the net around one measurement.

    ``keep`` puts the trace of an internal error in a private place and says where
    (R063); without it nothing is written (R063a). Without a key it is the command
    that stopped (R063b).
    """
    try:
        with told_as_problems():
            yield
    except (UserError, BrokenPipeError):
        raise
    except Exception as error:
        raise RunError(_internal(error, key, keep)) from error


def _refused_by_system(error: OSError) -> Problem:
    name = Path(str(error.filename or "")).name
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return problem("KCC-R057b", file=name)
    if isinstance(error, PermissionError):
        return problem("KCC-R060", file=name)
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    return problem("KCC-R057a", file=name, value=reason)


def _internal(
    error: Exception, key: str, keep: Callable[[bytes], str] | None
) -> Problem:
    told = {"value": key, "error": type(error).__name__, "place": _place(error)}
    if keep is not None:
        with contextlib.suppress(UserError, OSError):
            folder = keep(_trace(error).encode())
            return problem("KCC-R063", folder=folder, trace=TRACE, **told)
    return problem("KCC-R063a" if key else "KCC-R063b", **told)


def _trace(error: BaseException) -> str:
    """Every line that the error, and those behind it, passed through; no text (F67).

    Each is told by its name and the length of what it said.
    """
    behind = error.__cause__ or error.__context__
    first = _trace(behind) if behind is not None else ""
    lines = traceback.format_tb(error.__traceback__)
    told = f"{type(error).__name__}: {masked(error, 'message')}"
    return "\n".join([*([first] if first else []), "".join(lines) + told, ""])


def _place(error: Exception) -> str:
    """The last line of this package that the error passed through."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(_PACKAGES / "kcc_research"):
            return f"line {frame.lineno} of {path.relative_to(_PACKAGES).as_posix()}"
    return "an unknown line"
