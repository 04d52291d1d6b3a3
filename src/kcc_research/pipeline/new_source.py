"""One raw file of a new measurement: what it seems to hold, and its definition.

A registration is recognised first, then coded remarks; anything else is a survey. The
kind of study that was asked for narrows that down: nothing in a study of experience is
taken for a registration.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kcc_research.errors import CallError, problem

if TYPE_CHECKING:
    from kcc_research.microdata.first_look import FirstLook
    from kcc_research.microdata.proposal import Proposal
    from kcc_research.microdata.registration_guess import Registration

NewKind = Literal["experience", "continuous", "counter", "phone", "contacts"]
SourceKind = Literal["survey", "contacts", "queue", "remarks"]

_TAKEN = frozenset({"measurement", "claims", "waves", "quotes", "aanbevelingen"})
_SURVEYS_ONLY: tuple[NewKind, ...] = ("experience", "continuous")
_BREAKDOWN = re.compile(
    r"kanaal|channel|leeftijd|geslacht|wijk|kern|buurt|dienst|product|opleiding"
)
_MOST_BREAKDOWNS = 4
_MOST_GROUPS = 12
_MODES = {"1": "web", "2": "paper", "3": "panel"}


@dataclass(frozen=True)
class NewSource:
    """One raw file: its id, its name under data/raw, and what it seems to hold.

    ``definition`` is the text of its questionnaire, layout or coding scheme; empty
    where a shipped layout, named by ``layout``, does. ``lines`` are further lines of
    the source in measurement.toml. ``mode``: how people were asked, where known.
    """

    id: str
    file: str
    path: Path
    kind: SourceKind
    look: FirstLook = field(repr=False)
    definition: str = field(repr=False, default="")
    layout: str = ""
    days: tuple[str, str] | None = None
    decimal: str = ""
    breakdowns: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    mode: str = ""
    is_burgerpeiling: bool = False
    is_phone: bool = False

    @property
    def is_registration(self) -> bool:
        return self.kind in ("contacts", "queue")


def look_at(path: Path, kind: NewKind | None) -> NewSource:
    """What ``path`` seems to hold. Raises a refusal when nothing can be made of it."""
    from kcc_research.microdata.first_look import look
    from kcc_research.microdata.registration_guess import recognise
    from kcc_research.microdata.remarks_guess import recognise_remarks

    seen = look(path)
    if kind not in _SURVEYS_ONLY:
        registration = recognise(seen, any_log=kind == "contacts")
        if registration is not None:
            return _registration(path, registration)
        remarks = None if kind == "contacts" else recognise_remarks(seen)
        if remarks is not None:
            from kcc_research.microdata.remarks_guess import scheme_text

            name = source_id(path)
            text = scheme_text(remarks, _title("Codering", name))
            return NewSource(name, _file_name(path), path, "remarks", seen, text)
    if kind == "contacts":
        raise CallError(problem("KCC-C014f", file=path.name))
    return _survey(path, seen, kind)


def source_id(path: Path) -> str:
    """The id of a source after its file: ``Enquête 2024.csv`` is ``enqu_te_2024``."""
    stem = path.name.casefold().split(".")[0]
    name = re.sub(r"[^a-z0-9]+", "_", stem).strip("_")[:40]
    return name if name[:1].isalpha() and name not in _TAKEN else f"bron_{name}"


def _file_name(path: Path) -> str:
    name = re.sub(r"[^A-Za-z0-9_.-]+", "_", path.name).lstrip(".-")
    return name or "bestand"


def _title(what: str, name: str) -> str:
    return f"{what} {name.replace('_', ' ')}"


# --- a registration -------------------------------------------------------------------


def _registration(path: Path, found: Registration) -> NewSource:
    from kcc_research.microdata.layout_text import layout_text

    name = source_id(path)
    text = "" if found.is_exact else layout_text(found, _title("Registratie", name))
    return NewSource(
        id=name,
        file=_file_name(path),
        path=path,
        kind="queue" if found.layout.kind == "queue" else "contacts",
        look=found.look,
        definition=text,
        layout=found.base if found.is_exact else f"{name}.toml",
        days=found.days,
        is_phone=found.layout.has("waiting", "talk"),
    )


# --- a survey -------------------------------------------------------------------------


def _survey(path: Path, look: FirstLook, kind: NewKind | None) -> NewSource:
    from kcc_research.microdata.proposal import is_burgerpeiling, propose
    from kcc_research.microdata.proposal_text import questionnaire_text

    name = source_id(path)
    proposal = propose(look, is_series=kind == "continuous")
    if not any(each.guess.is_closed for each in proposal.questions):
        raise CallError(problem("KCC-C014e", file=path.name))
    national = is_burgerpeiling(look)
    return NewSource(
        id=name,
        file=_file_name(path),
        path=path,
        kind="survey",
        look=look,
        definition=questionnaire_text(proposal, _title("Vragenlijst", name)),
        days=proposal.days or (_quarter(look) if national else None),
        decimal=proposal.decimal,
        breakdowns=tuple(_breakdowns(proposal)),
        lines=tuple(_weight(proposal)),
        mode=_mode(look) if national else "",
        is_burgerpeiling=national,
    )


def _breakdowns(proposal: Proposal) -> list[str]:
    found = [
        each.id
        for each in proposal.of_type("choice")
        if _BREAKDOWN.search(f"{each.id} {each.text}".casefold())
        and 1 < len(set(each.guess.codes.values())) <= _MOST_GROUPS
    ]
    return found[:_MOST_BREAKDOWNS]


def _weight(proposal: Proposal) -> list[str]:
    """The column of ready-made weights, where there is one and no other."""
    weights = proposal.of_type("weight")
    return [f'weight = "{weights[0].id}"'] if len(weights) == 1 else []


def _quarter(look: FirstLook) -> tuple[str, str] | None:
    """First and last day of the quarter that a Burgerpeiling says it is of."""
    years, quarters = _codes(look, "jr"), _codes(look, "kw")
    if len(years) != 1 or not years[0].isdigit() or not quarters:
        return None
    known = [int(each) for each in quarters if each in ("1", "2", "3", "4")]
    if not known:
        return None
    first, last = 3 * min(known) - 2, 3 * max(known)
    ends: Mapping[int, int] = {3: 31, 6: 30, 9: 30, 12: 31}
    return f"{years[0]}-{first:02d}-01", f"{years[0]}-{last:02d}-{ends[last]}"


def _mode(look: FirstLook) -> str:
    found = {_MODES[each] for each in _codes(look, "veldwerkmodus") if each in _MODES}
    return next(iter(found)) if len(found) == 1 else "mixed" if found else ""


def _codes(look: FirstLook, name: str) -> list[str]:
    if name not in look.names:
        return []
    return sorted({each for each in look.values(name) if each})
