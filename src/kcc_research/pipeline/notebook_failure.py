"""Telling why a notebook did not reach its end: one problem, and nobody's answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from kcc_research import errors
from kcc_research.errors import Problem, RunError, UserError, masked, problem
from kcc_research.pipeline.kernel_side import FAILURE, OUT_OF_MEMORY
from kcc_research.pipeline.notebook_client import OTHER_HALF_SECONDS
from kcc_research.pipeline.run_cells import number_of, runs


class Allowed(Protocol):
    """Seconds a cell, and a whole notebook, may take; and memory, in words."""

    @property
    def cell(self) -> float: ...
    @property
    def total(self) -> float: ...
    @property
    def shown_memory(self) -> str: ...


class Stopped(Protocol):
    """How far a run came: its notebook, the number of its last cell, and why not on.

    ``lost`` is what was missed of the kernel's messages, if anything.
    """

    notebook: Any
    cell: int
    lost: str
    out_of_time: bool


def why_stopped(
    error: Exception, stopped: Stopped, where: Mapping[str, str], limits: Allowed
) -> UserError:
    """What went wrong; ``where`` names the notebook and the folder it is kept in."""
    if isinstance(error, UserError):
        return error
    if isinstance(error, PapermillExecutionError):
        return _cell_error(error, stopped.notebook, where, limits)
    row = number_of(stopped.notebook, stopped.cell)
    if stopped.lost:
        waited = f"{OTHER_HALF_SECONDS:g}"
        return RunError(
            problem("KCC-R054f", row=row, value=stopped.lost, seconds=waited, **where)
        )
    if isinstance(error, CellTimeoutError):
        if stopped.out_of_time:
            return RunError(problem("KCC-R055a", value=f"{limits.total:g}", **where))
        return RunError(problem("KCC-R055", row=row, value=f"{limits.cell:g}", **where))
    if stopped.cell == 0:
        return RunError(problem("KCC-R061", value=type(error).__name__, **where))
    if isinstance(error, DeadKernelError):
        return RunError(problem("KCC-R054", row=row, **where))
    kind = type(error).__name__
    return RunError(
        problem("KCC-R056a", row=row, error=kind, where=masked(error), **where)
    )


def _cell_error(
    error: PapermillExecutionError,
    notebook: Any,
    where: Mapping[str, str],
    limits: Allowed,
) -> UserError:
    told = _failure_of(notebook)
    if told is not None and told["problems"]:
        kind = getattr(errors, told["kind"], UserError)
        return kind([_problem(each) for each in told["problems"]])
    places = told["where"] if told is not None else []
    row = number_of(notebook, _failed_position(notebook))
    if told is not None and told["kind"] == OUT_OF_MEMORY:
        shown = limits.shown_memory
        return RunError(problem("KCC-R054e", row=row, limit=shown, **where))
    return RunError(
        problem(
            "KCC-R056a",
            row=row,
            value=masked(error.evalue, "message"),
            error=error.ename,
            where=f"Look at {' → '.join(places)}" if places else "Look at this cell",
            **where,
        )
    )


def _problem(told: dict[str, Any]) -> Problem:
    details = tuple((name, text) for name, text in told.pop("details"))
    return Problem(**told, details=details)


def _failure_of(notebook: Any) -> dict[str, Any] | None:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if FAILURE in output.get("data", {}):
                told: dict[str, Any] = output["data"][FAILURE]
                return told
    return None


def _failed_position(notebook: Any) -> int:
    """Which of the cells that run holds an error, counted from 1."""
    code = [each for each in notebook.cells if runs(each)]
    for position, cell in enumerate(code, 1):
        if any(each.output_type == "error" for each in cell.outputs):
            return position
    return len(code)


def mask_errors(notebook: Any) -> None:
    """Leave no text of a foreign exception in a notebook that is kept (F67)."""
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        told = any(FAILURE in each.get("data", {}) for each in outputs)
        for output in outputs:
            if output.output_type == "error" and not told:
                output.evalue = masked(output.evalue, "message")
                output.traceback = [f"{output.ename}: {output.evalue}"]
