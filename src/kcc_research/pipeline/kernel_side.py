"""What the runner asks of a kernel: tell how it failed, without repeating the data.

Loaded as an IPython extension by the command line of batch kernels. A refusal of this
package travels to the runner with all its problems, as a display of our own media
type; of any other exception only its name and the lines it passed through are told,
because its text may hold an answer: *could not convert string to float: 'Mevr. …'*
(TRUST-F67).
"""

from __future__ import annotations

import contextlib
import os
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

import kcc_research
from kcc_research.errors import UserError, masked
from kcc_research.pipeline.kernel_names import (
    GUARDED_STAGES,
    MEMORY_VARIABLE,
    ROWS,
    SHOWN,
    STAGE_VARIABLE,
    TOLD,
)

FAILURE = "application/vnd.kcc.failure+json"

OUT_OF_MEMORY = "MemoryError"

# DuckDB's own: it is no MemoryError to Python.
_ALSO_OUT_OF_MEMORY = "OutOfMemoryException"

_PACKAGES = Path(kcc_research.__file__).parents[1]


def load_ipython_extension(shell: Any) -> None:
    """Let every exception in a cell be told by :func:`failure`; limit the memory.

    In a stage that reads persons' rows, also let no display show them.
    """
    limit_memory(os.environ.get(MEMORY_VARIABLE, ""))
    shell.set_custom_exc((Exception,), _handler)
    if os.environ.get(STAGE_VARIABLE) in GUARDED_STAGES:
        guard_displays(shell)


def limit_memory(given: str) -> None:
    """Let this process have no more bytes of data than ``given``, if anything.

    A notebook that asks for more gets a MemoryError, which is told, instead of the
    system ending some process of its own choice (TRUST-F54). Not on Windows, and not
    where the system keeps no such limit or one that is lower already.
    """
    if not given:
        return
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (int(given), int(given)))


def guard_displays(shell: Any) -> None:
    """Show what :mod:`.person_rows` lets through, and of the rest kind and size.

    Rows of persons are marked, so that the runner refuses the notebook; also when they
    are printed.
    """
    from kcc_research.pipeline import person_rows

    plain = shell.display_formatter.format

    def guarded(value: Any, include: Any = None, exclude: Any = None) -> Any:
        if _is_table(value) and person_rows.are_in(value):
            return {"text/plain": person_rows.size_of(value)}, {SHOWN: ROWS}
        if not person_rows.told(value):
            return {"text/plain": person_rows.hidden(value)}, {SHOWN: TOLD}
        shown, metadata = plain(value, include, exclude)
        return shown, {**metadata, SHOWN: TOLD}

    def printed(value: Any, said: Callable[[Any], str]) -> str:
        if not person_rows.are_in(value):
            return said(value)
        size = person_rows.size_of(value)
        shell.display_pub.publish({"text/plain": size}, {SHOWN: ROWS})
        return size

    shell.display_formatter.format = guarded
    _let_print(printed)


def _let_print(printed: Callable[[Any, Callable[[Any], str]], str]) -> None:
    """Let tables be printed by ``printed``, which is given what they say themselves."""
    import pandas as pd

    for kind in (pd.DataFrame, pd.Series):
        said = kind.__repr__

        def told(self: Any, said: Callable[[Any], str] = said) -> str:
            return printed(self, said)

        kind.__repr__ = told  # type: ignore[method-assign]


def _is_table(value: Any) -> bool:
    return type(value).__module__.partition(".")[0] == "pandas" and hasattr(
        value, "index"
    )


def _handler(
    shell: Any,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
    tb_offset: int | None = None,
) -> list[str]:
    told = failure(error, trace, _cell_file(shell))
    text = told["text"]
    shell.display_pub.publish({FAILURE: told, "text/plain": text})
    lines = text.splitlines()
    shell._showtraceback(kind, told["title"], lines)
    return list(lines)


def failure(
    error: BaseException,
    trace: TracebackType | None,
    is_cell: Callable[[str], bool],
) -> dict[str, Any]:
    """What may be told of ``error``: kind, title, text, problems, where.

    ``is_cell`` says whether a file name stands for a cell of the notebook.
    """
    kind = _kind(error)
    where = [_place(frame, is_cell) for frame in traceback.extract_tb(trace)]
    where = [each for each in where if each]
    if isinstance(error, UserError):
        problems = [asdict(each) for each in error.problems]
        return {
            "kind": kind,
            "title": error.problems[0].title if error.problems else kind,
            "text": str(error),
            "problems": problems,
            "where": where,
        }
    title = masked(error, "message")
    text = "\n".join((f"{kind}: {title}", *(f"  {each}" for each in where)))
    return {"kind": kind, "title": title, "text": text, "problems": [], "where": where}


def _kind(error: BaseException) -> str:
    """The name of an exception; one for every library's word for no memory."""
    name = type(error).__name__
    if isinstance(error, MemoryError) or name == _ALSO_OUT_OF_MEMORY:
        return OUT_OF_MEMORY
    return name


def _place(frame: traceback.FrameSummary, is_cell: Callable[[str], bool]) -> str:
    if is_cell(frame.filename):
        return f"line {frame.lineno} of the cell"
    path = Path(frame.filename)
    if path.is_relative_to(_PACKAGES):
        return f"line {frame.lineno} of {path.relative_to(_PACKAGES).as_posix()}"
    return ""


def _cell_file(shell: Any) -> Callable[[str], bool]:
    def is_cell(name: str) -> bool:
        return shell.compile.format_code_name(name) is not None

    return is_cell
