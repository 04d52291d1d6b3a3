"""An executed notebook as it is kept: nothing in it can be a person's words.

What a notebook of the first stages prints, warns or logs may be an answer, so of that
kind and length are kept; what it displays was judged in the kernel
(:mod:`.person_rows`), and anything that was not goes as well (TRUST-G8, F67).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

from kcc_research.errors import PrivacyError, masked, problem
from kcc_research.pipeline.kernel_names import GUARDED_STAGES, ROWS, SHOWN
from kcc_research.pipeline.kernel_side import FAILURE
from kcc_research.pipeline.plan import Stage

# A crash is told by Python with names of files and functions, never with values.
_OF_A_CRASH = re.compile(
    r"(?:Fatal Python error|Current thread|Thread 0x|Extension modules|  File \")"
)


def kept(notebook: Any, stage: Stage) -> Any:
    """A copy without what was printed, or displayed unjudged, in a guarded stage."""
    if stage not in GUARDED_STAGES:
        return notebook
    made = copy.deepcopy(notebook)
    for cell in made.cells:
        for output in cell.get("outputs", []):
            _mask(output)
    return made


def kept_log(log: bytes) -> bytes:
    """What a kernel wrote beside its notebook: a crash as it is, the rest by length."""
    lines = log.decode(errors="replace").splitlines()
    told = (
        line if not line or _OF_A_CRASH.match(line) else masked(line, "regel")
        for line in lines
    )
    return "".join(f"{line}\n" for line in told).encode()


def refuse_rows(notebook: Any, numbers: dict[str, int], shown: str) -> None:
    """Raise :class:`PrivacyError` (P004b) for each cell that shows rows of persons."""
    found = [
        problem("KCC-P004b", file=shown, row=numbers.get(cell.get("id", ""), ""))
        for cell in notebook.cells
        if any(_says(output) == ROWS for output in cell.get("outputs", []))
    ]
    if found:
        raise PrivacyError(found)


def _mask(output: Any) -> None:
    if output.output_type == "stream":
        output.text = f"{masked(output.text)}\n"
        return
    if output.output_type == "error" or FAILURE in output.data:
        return
    if _says(output) is None:
        text = "".join(_texts(output.data))
        output.data = type(output.data)({"text/plain": masked(text)})
    output.metadata.pop(SHOWN, None)


def _says(output: Any) -> str | None:
    said: str | None = output.get("metadata", {}).get(SHOWN)
    return said


def _texts(data: Any) -> Iterator[str]:
    for value in data.values():
        yield value if isinstance(value, str) else str(value)
