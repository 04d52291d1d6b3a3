"""What the list of reports says of each: stale, failed, released, withdrawn, and why.

In Dutch, and without a value of any raw file: of what failed only the kind of problem
is named, because the list is for more eyes than the *controlerapport*.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kcc_research import dutch
from kcc_research.errors import catalogue
from kcc_research.pipeline.last_run import read_last_run
from kcc_research.pipeline.purge_note import purged_on
from kcc_research.pipeline.record import canonical_json
from kcc_research.pipeline.release_note import releases
from kcc_research.pipeline.store import Store, last_run_file
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.measurement_key import list_keys

if TYPE_CHECKING:
    from kcc_research.pipeline.status import Status

STALE, FAILED, CUT_OFF = "verouderd", "mislukt", "afgebroken"
RELEASED, WITHDRAWN, PURGED = "uitgegeven", "ingetrokken", "opgeruimd"

_STAGES = {"clean": "opschonen", "analyse": "analyseren", "report": "rapport maken"}
_BEGINNINGS = {
    "raw file ": "bronbestand ",
    "definition ": "definitie ",
    "definitions of ": "definities van ",
    "step ": "stap ",
    "earlier ": "eerdere meting ",
    "version of ": "versie van ",
    "parameters of ": "parameters van ",
    "builds on ": "bouwt op ",
}
_ENDINGS = {
    "was not run yet": "nog niet gedaan",
    ", which is not up to date": ", dat niet bij is",
    "was run by hand": "met de hand gedaan",
    " was changed": " is veranderd",
    " changed": " is veranderd",
    " is new": " is nieuw",
    " is gone": " is weg",
    " is missing": " ontbreekt",
}
_PLACEHOLDER = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Stand:
    """A word for how a measurement stands, and one line that says why."""

    word: str
    why: str = ""


def standings(workspace: Workspace) -> dict[str, Stand]:
    """Every measurement of which there is something to say, from notes alone.

    What is stale takes reading every raw file to know, so that is as ``kcc status``
    last found it, without what was run since.
    """
    stale = remembered(workspace)
    found = {}
    for key in list_keys(workspace.root):
        stand = _stand(workspace, key) or stale.get(key)
        if stand is not None:
            found[key] = stand
    return found


def _stand(workspace: Workspace, key: str) -> Stand | None:
    """Released, withdrawn, purged, failed or cut off; None for neither."""
    if released := releases(workspace, key):
        last = released[-1]
        if last.is_withdrawn:
            day = _day(last.withdrawn)
            return Stand(WITHDRAWN, f"versie {last.number}, op {day}: {last.reason}")
        return Stand(RELEASED, f"versie {last.number}, op {_day(last.released)}")
    purged = purged_on(workspace, key)
    if purged is not None:
        return Stand(PURGED, f"gegevens verwijderd op {dutch.long_date(purged)}")
    last_run = read_last_run(last_run_file(workspace, key))
    if last_run is not None and last_run.state == "failed":
        kinds = _kinds(each.partition(" ")[0] for each in last_run.problems)
        return Stand(FAILED, f"bij {_step(last_run.step)}: {kinds}")
    if last_run is not None and last_run.state == "running":
        return Stand(CUT_OFF, f"bij {_step(last_run.step)}")
    return None


# --- what only a look at every file can tell ------------------------------------------


def remember_stale(store: Store, found: Iterable[Status]) -> None:
    """Keep what ``kcc status`` found stale, for the list."""
    stale = {
        each.key: asdict(_stale(each.reasons[0]))
        for each in found
        if each.state == "stale" and each.reasons
    }
    _write(store, stale)


def forget(store: Store, keys: Collection[str]) -> None:
    """What a run has just done is not stale any more."""
    known = remembered(store.workspace)
    left = {key: asdict(each) for key, each in known.items() if key not in keys}
    if len(left) < len(known):
        _write(store, left)


def _stale(reason: str) -> Stand:
    """From ``clean-algemeen: raw file a.csv changed; …``."""
    step, _, why = reason.partition(": ")
    return Stand(STALE, f"{_step(step)}: {in_dutch(why.partition('; ')[0])}")


def _write(store: Store, stands: Mapping[str, object]) -> None:
    content = canonical_json(stands)
    path = standing_file(store.workspace)
    written = path.read_bytes() if path.exists() else canonical_json({})
    if written != content:
        store.write_page(path, content)


def remembered(workspace: Workspace) -> dict[str, Stand]:
    """What ``kcc status`` last found stale, without what was run since."""
    try:
        read = json.loads(standing_file(workspace).read_bytes())
        return {key: Stand(**each) for key, each in read.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def standing_file(workspace: Workspace) -> Path:
    """Where that stands."""
    return workspace.catalogue_lock.with_name("standing.json")


def _day(day: str) -> str:
    return dutch.long_date(date.fromisoformat(day))


def _step(step: str) -> str:
    """``clean-algemeen`` → ``opschonen algemeen``."""
    stage, _, source = step.partition("-")
    return " ".join(each for each in (_STAGES.get(stage, stage), source) if each)


def _kinds(codes: Iterator[str]) -> str:
    """The first kind of problem in words, and how many more there are."""
    unique = list(dict.fromkeys(codes))
    more = len(unique) - 1
    first = unique[0] if unique else ""
    told = f"{_general(first)} ({first})" if first else "onbekende oorzaak"
    return told + (f", en {more} ander{'e' * (more > 1)}" if more else "")


def _general(code: str) -> str:
    """The title of a kind of problem, its details left open."""
    message = catalogue(code[4]).get(code, {}) if re.match(r"KCC-[A-Z]", code) else {}
    return _PLACEHOLDER.sub("…", message.get("title", "fout"))


def in_dutch(reason: str) -> str:
    """Why a step is stale, as ``kcc status`` says it, in the words of the list.

    Which cells or modules changed is for that command: the list has no room for it.

    >>> in_dutch("raw file algemeen.csv changed")
    'bronbestand algemeen.csv is veranderd'
    """
    reason, _, _ = reason.partition(": ")
    for english, words in _BEGINNINGS.items():
        if reason.startswith(english):
            reason = words + reason.removeprefix(english)
            break
    if reason == "parameters changed":
        return "parameters zijn veranderd"
    for english, words in _ENDINGS.items():
        if reason.endswith(english):
            return reason.removesuffix(english) + words
    return reason
