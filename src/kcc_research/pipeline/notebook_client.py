"""papermill's client for our batches: what got lost is known, and not waited for.

A cell is over when the kernel says that it is done, among the output, and when it
answers, apart from it. When only one of the two comes, the other is given
:data:`OTHER_HALF_SECONDS`, not the time that a cell may take.
"""

from __future__ import annotations

import time
from typing import Any

from nbclient.exceptions import (
    CellExecutionComplete,
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from papermill.clientwrap import PapermillNotebookClient

OTHER_HALF_SECONDS = 60


class BatchNotebookClient(PapermillNotebookClient):  # type: ignore[misc]
    """A client that knows a lost message from a slow cell and from a dead kernel.

    ``lost`` says which of the two that end a cell never came: ``"answer"``, or
    ``"end of output"``; empty when none was missed.
    """

    lost = ""

    def __init__(self, nb_man: Any, **options: Any) -> None:
        super().__init__(nb_man, iopub_timeout=OTHER_HALF_SECONDS, **options)
        self._out_of_time = False
        self._done_since: float | None = None

    def papermill_execute_cells(self) -> None:
        """Run the cells, until one fails.

        papermill also keeps how long each of them took. That goes into no notebook of
        ours, and was a tenth of the work on this side.
        """
        for index, cell in enumerate(self.nb.cells):
            try:
                self.execute_cell(cell, index)
            except CellExecutionError:
                self.nb_man.cell_exception(cell, cell_index=index)
                break

    def execute_cell(self, *args: Any, **options: Any) -> Any:
        """Run one cell; see its parent."""
        try:
            return super().execute_cell(*args, **options)
        except CellTimeoutError:
            if not self._out_of_time:
                self.lost = "end of output"
            raise
        finally:
            self._done_since = None

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """Take in what a cell shows; the kernel's last word on it starts the clock."""
        try:
            return super().process_message(msg, cell, cell_index)
        except CellExecutionComplete:
            self._done_since = time.monotonic()
            raise

    def output(self, outs: Any, msg: Any, display_id: Any, cell_index: int) -> Any:
        """Take in an output; what is printed is one piece, however it was sent.

        A kernel sends what it has five times a second, which may be half a line.
        """
        out = super().output(outs, msg, display_id, cell_index)
        if out is not None and _continues(outs):
            outs[-2].text += outs.pop().text
            return outs[-1]
        return out

    async def _async_check_alive(self) -> None:
        """Asked every second: is the kernel dead, or as good as dead to us?"""
        await super()._async_check_alive()
        since = self._done_since
        if since is not None and time.monotonic() - since > OTHER_HALF_SECONDS:
            self.lost = "answer"
            raise DeadKernelError("the kernel was done but never answered")

    async def _async_handle_timeout(self, timeout: int, cell: Any = None) -> Any:
        self._out_of_time = True
        return await super()._async_handle_timeout(timeout, cell)


def _continues(outs: Any) -> bool:
    """Whether the last output is more of the printed text before it."""
    kinds = [(each.output_type, each.get("name")) for each in outs[-2:]]
    return len(kinds) == 2 and kinds[0] == kinds[1] and kinds[0][0] == "stream"
