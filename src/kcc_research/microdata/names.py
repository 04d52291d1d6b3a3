"""Names of people in open answers, found by an optional recogniser (TRUST-Q4).

Asked for by ``names = true`` on an open question or in a coding scheme; the library is
the extra ``kcc_research[pii]``. It proposes too much and too little: what it finds is
masked and listed as any hit, and whoever ticks quotations still reads them. Loading
takes seconds and a gigabyte, so it happens once a process, when first needed; what it
looks up is built in minutes, once, and kept in the user's cache folder (``KCC_CACHE``).
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kcc_research.microdata.personal_data import Finder
from kcc_research.microdata.recogniser import LIBRARY, cache_folder, version
from kcc_research.study.municipality import register
from kcc_research.temporary_folders import passing_folder

_PERSON = "persoon"
_LOOKUPS = Path("cache") / "lookup_structs.pickle"


@functools.cache
def finder() -> Finder:
    """The recogniser, loaded once. Raises ImportError when it is not installed."""
    recogniser = _loaded()

    def names(text: str) -> Iterator[tuple[int, int]]:
        for hit in recogniser.deidentify(text).annotations:
            if hit.tag == _PERSON and not _is_place(hit.text):
                yield hit.start_char, hit.end_char

    return names


def _is_place(text: str) -> bool:
    """The name of a municipality, which a recogniser may take for a surname."""
    return text.strip().casefold() in _places()


@functools.cache
def _places() -> frozenset[str]:
    return frozenset(each.name.casefold() for each in register())


def _loaded() -> Any:
    """The recogniser with its lookups from the cache, or built and then put there."""
    make = _maker()
    kept = cache_folder() / f"{LIBRARY}-{version()}"
    if (kept / _LOOKUPS).is_file() and _is_ours(kept):
        with contextlib.suppress(Exception):  # half written, or of another Python
            return make(cache_path=kept)
    with passing_folder() as place:
        made = make(cache_path=place, build_lookup_structs=True)
        with contextlib.suppress(OSError):  # no place to keep it: built again next time
            _keep(place / _LOOKUPS, kept / _LOOKUPS)
    return made


def _maker() -> Callable[..., Any]:
    """The class of the recogniser; its import may not touch our log (it would)."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        made: Callable[..., Any] = __import__(LIBRARY).Deduce
    finally:
        root.handlers[:], root.level = handlers, level
    return made


def _is_ours(folder: Path) -> bool:
    """Nobody else can write there: what is read from it is run."""
    if os.name != "posix":
        return True
    parts = (folder, (folder / _LOOKUPS).parent, folder / _LOOKUPS)
    return all(
        each.stat().st_uid == os.getuid() and not each.stat().st_mode & 0o022
        for each in parts
    )


def _keep(made: Path, target: Path) -> None:
    """Copy in one step: of two that are made at once either is whole."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(made.read_bytes())
        Path(beside).replace(target)
    finally:
        Path(beside).unlink(missing_ok=True)
