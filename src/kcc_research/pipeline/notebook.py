"""Running one notebook: papermill on a copy, with a proof that it reached its end.

papermill's own metadata says *completed* for cells that never ran (TRUST-G3), so a cell
of the runner's own stands last, prints a word only this run knows, and is removed
again. Nothing is saved along the way; what becomes of a notebook, finished or failed,
is for the caller to decide.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_event_loop
from papermill.engines import Engine
from papermill.execute import execute_notebook, raise_for_execution_errors

from kcc_research.errors import RunError, UserError, problem
from kcc_research.pipeline import kernel
from kcc_research.pipeline.notebook_client import BatchNotebookClient
from kcc_research.pipeline.notebook_failure import mask_errors, why_stopped
from kcc_research.pipeline.notebook_file import Value
from kcc_research.pipeline.plan import Stage
from kcc_research.pipeline.run_cells import with_end_cell, without_own_cells

CELL_SECONDS = 600
TOTAL_SECONDS = 3600
_KERNEL = "kcc"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds a cell, and a whole notebook, may take; bytes a kernel may have.

    ``memory`` 0 is no limit.
    """

    cell: float = CELL_SECONDS
    total: float = TOTAL_SECONDS
    memory: int = 0

    @property
    def shown_memory(self) -> str:
        return f"{self.memory // 1_000_000} MB" if self.memory else "memory there is"


@dataclass(frozen=True, slots=True)
class Assignment:
    """What to run: a notebook, its parameters, and where its saves are staged.

    ``stage`` decides what the notebook may read and save; ``shown`` is how messages
    name it; ``failed_folder`` is where they say that a failed one can be found.
    """

    path: Path
    shown: str
    parameters: Mapping[str, Value]
    home: Path
    staging: Path
    stage: Stage
    published: date
    failed_folder: str
    environment: Mapping[str, str]
    limits: Limits = Limits()


class Failed(Exception):
    """A notebook that did not reach its end: why, how far it came, what it logged.

    ``lost`` tells that a message of the kernel never came, for which the notebook is
    not to blame.
    """

    def __init__(
        self, error: UserError, notebook: Any, log: bytes, *, lost: bool = False
    ) -> None:
        super().__init__(str(error))
        self.error, self.notebook, self.log, self.lost = error, notebook, log, lost


def run_notebook(room: kernel.KernelRoom, assignment: Assignment) -> Any:
    """Execute a copy of the notebook; returns it with outputs, own cells removed.

    Once more, in a new kernel, when a message of the first one got lost: it saves the
    same files again. Raises :class:`Failed`.
    """
    try:
        return _attempt(room, assignment)
    except Failed as failed:
        if not failed.lost:
            raise
        _LOG.warning("%s; running it again", failed.error.problems[0].title)
    return _attempt(room, assignment)


def _attempt(room: kernel.KernelRoom, assignment: Assignment) -> Any:
    marker = secrets.token_hex(16)
    with room.place() as place, (place / "kernel.log").open("w+b") as log:
        copy = place / "notebook.ipynb"
        copy.write_text(with_end_cell(assignment.path, marker), encoding="utf-8")
        execution = _Execution(room, place, assignment, log)
        try:
            finished = _papermill(copy, execution)
            _require_end(finished, marker, assignment)
        except Exception as error:  # noqa: BLE001 - told in our own words, below
            where = {"file": assignment.shown, "folder": assignment.failed_folder}
            why = why_stopped(error, execution, where, assignment.limits)
            notebook = without_own_cells(execution.notebook)
            mask_errors(notebook)
            log.seek(0)
            lost = bool(execution.lost)
            raise Failed(why, notebook, log.read(), lost=lost) from None
    return without_own_cells(finished)


def _papermill(copy: Path, execution: _Execution) -> Any:
    """The notebook with its parameters and outputs; its text is for the caller."""
    logging.getLogger("papermill").setLevel(logging.ERROR)
    prepared = execute_notebook(
        copy,
        None,
        parameters=dict(execution.assignment.parameters),
        kernel_name=_KERNEL,
        language="python",
        prepare_only=True,
    )
    with _event_loop():
        notebook = _KccEngine.execute_notebook(
            prepared, _KERNEL, progress_bar=False, execution=execution
        )
    raise_for_execution_errors(notebook, None)
    return notebook


@contextlib.contextmanager
def _event_loop() -> Iterator[None]:
    """Outside the main thread: an event loop for one notebook, closed after it.

    Jupyter makes one for each thread that has none, and leaves it open.
    """
    if threading.current_thread() is threading.main_thread():
        yield
        return
    loop = ensure_event_loop()
    try:
        yield
    finally:
        loop.close()


class _KccEngine(Engine):  # type: ignore[misc]
    """What papermill calls: it hands the work to the execution it was given."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, execution: _Execution, **_: Any
    ) -> None:
        """Run the cells of the notebook that ``nb_man`` manages."""
        execution.run(nb_man, kernel_name)


class _Execution:
    """One run of a notebook, holding on to it if it fails."""

    def __init__(
        self, room: kernel.KernelRoom, place: Path, assignment: Assignment, log: Any
    ) -> None:
        self.room, self.place, self.assignment, self.log = room, place, assignment, log
        self.notebook: Any = None
        self.cell = 0
        self.lost = ""
        self.out_of_time = False
        self._deadline = 0.0

    def run(self, nb_man: Any, kernel_name: str) -> None:
        """Start our kernel, run the cells, stop the kernel."""
        self.notebook = nb_man.nb
        self._deadline = time.monotonic() + self.assignment.limits.total
        manager = kernel.new_manager(self.place, self.room.fork_server)
        client = BatchNotebookClient(
            nb_man,
            km=manager,
            kernel_name=kernel_name,
            timeout_func=self._seconds_for,
            startup_timeout=kernel.START_SECONDS,
            record_timing=False,
            shutdown_kernel="immediate",
        )
        try:
            client.execute(cleanup_kc=True, **self._launch_options())
        finally:
            self.lost = client.lost
            manager.kill_group()

    def _launch_options(self) -> dict[str, Any]:
        """How the process starts: its environment, empty folder, and own output."""
        env = kernel.environment(
            self.room,
            self.place,
            home=self.assignment.home,
            staging=self.assignment.staging,
            stage=self.assignment.stage,
            published=self.assignment.published,
            given=self.assignment.environment,
            memory=self.assignment.limits.memory,
        )
        work = str(self.place / "work")
        return {"env": env, "cwd": work, "stdout": self.log, "stderr": self.log}

    def _seconds_for(self, cell: Any) -> float:
        self.cell += 1
        left = self._deadline - time.monotonic()
        self.out_of_time = left < self.assignment.limits.cell
        return max(0.1, min(left, self.assignment.limits.cell))


def _require_end(notebook: Any, marker: str, assignment: Assignment) -> None:
    outputs = notebook.cells[-1].get("outputs", [])
    if [each.get("text", "").strip() for each in outputs] != [marker]:
        raise RunError(
            problem("KCC-R054a", file=assignment.shown, folder=assignment.failed_folder)
        )
