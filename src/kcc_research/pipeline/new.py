"""``kcc new``: from raw files to the folder of a measurement, with what is to decide.

Everything is looked at before anything is written. The folder holds proposals; as
long as a line with BESLIS stands in it, ``kcc check`` and ``kcc run`` refuse it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kcc_research.errors import CallError, Problem, UserError, problem
from kcc_research.pipeline.new_source import NewKind, NewSource, look_at
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.store.new_files import add_measurement
from kcc_research.pipeline.workspace import checked_key
from kcc_research.study.measurement_key import MEASUREMENT_FILE, key_problems
from kcc_research.study.undecided import open_decisions

if TYPE_CHECKING:
    from kcc_research.pipeline.new_measurement import Frame


@dataclass(frozen=True)
class NewMeasurement:
    """What was made: folder, kind of study, and open decisions per file in it.

    ``sources``: raw file → what it was taken for.
    """

    folder: Path
    kind: NewKind
    sources: Mapping[str, str]
    decisions: Mapping[str, int]


def make(
    store: Store,
    key: str,
    files: Sequence[Path],
    today: date,
    kind: NewKind | None = None,
) -> NewMeasurement:
    """Propose the measurement ``key`` from ``files``; ``today`` stands in for dates.

    ``kind``: the kind of study; without it the one that the files make probable.
    Raises :class:`CallError` when something is there already or a key is no key, and
    the refusals of all files when one of them cannot be read.
    """
    from kcc_research.pipeline.new_measurement import Frame, proposed_kind

    wrong = key_problems(key)
    if wrong:
        raise CallError(wrong)
    if store.workspace.study(checked_key(key)).exists():
        raise CallError(problem("KCC-C014a", value=key))
    sources = _looked_at(files, kind)
    frame = Frame(key, kind or proposed_kind(sources), sources, today)
    texts = dict(_definitions(frame))
    folder = add_measurement(
        store,
        key,
        {name: text.encode() for name, text in texts.items()},
        {each.file: each.path for each in sources},
    )
    counts = {name: len(open_decisions(text, name)) for name, text in texts.items()}
    kinds = {each.file: each.kind for each in sources}
    return NewMeasurement(folder, frame.kind, kinds, counts)


def _looked_at(files: Sequence[Path], kind: NewKind | None) -> list[NewSource]:
    found: list[NewSource] = []
    refused: list[Problem] = []
    for path in files:
        try:
            found.append(look_at(path, kind))
        except UserError as error:
            refused += error.problems
    ids = [each.id for each in found]
    twice = sorted({each for each in ids if ids.count(each) > 1})
    refused += [problem("KCC-C014c", value=each) for each in twice]
    if refused:
        raise CallError(refused)
    return found


def _definitions(frame: Frame) -> Iterator[tuple[str, str]]:
    from kcc_research.pipeline.new_measurement import measurement_text

    yield MEASUREMENT_FILE, measurement_text(frame)
    for each in frame.sources:
        if each.definition:
            yield f"{each.id}.toml", each.definition
