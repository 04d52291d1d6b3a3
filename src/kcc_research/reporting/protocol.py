"""Does a measurement keep to the protocol of the Burgerpeiling (DOMAIN-D14)?

Every requirement gets one of four answers. *Niet na te gaan* is an answer as well:
what nobody declared and no file shows is not known, and a report says so. The verdict
is computed from the definitions and the protected tables, so that the command line and
the *verantwoording* cannot differ.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import pandas as pd

from kcc_research import dutch
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.protocol_facts import ProtocolFacts
from kcc_research.reporting.protocol_requirements import (
    REQUIREMENTS,
    Answer,
    Requirement,
)
from kcc_research.reporting.records import Table
from kcc_research.study.measurement import Study


@dataclass(frozen=True)
class ProtocolVerdict:
    """Every requirement of the protocol for one source."""

    source: str
    requirements: tuple[Requirement, ...]

    def those(self, answer: Answer) -> list[Requirement]:
        return [each for each in self.requirements if each.answer == answer]

    @property
    def answer(self) -> Answer:
        """The worst answer counts; a point to note does not fail a measurement."""
        for worst in ("voldoet niet", "niet na te gaan"):
            if self.those(worst):
                return worst
        return "voldoet"

    def as_facts(self) -> dict[str, object]:
        """The verdict as a script reads it."""
        return {"source": self.source, "verdict": self.answer, **asdict(self)}

    def lines(self) -> list[str]:
        """The verdict as a terminal shows it: what is wrong first."""
        order: tuple[Answer, ...] = (
            "voldoet niet",
            "niet na te gaan",
            "let op",
            "voldoet",
        )
        rows = [
            f"  {each.answer:<16}{dutch.capitalised(each.asks)}: {each.why}"
            for answer in order
            for each in self.those(answer)
        ]
        return [*rows, self.sentence]

    @property
    def sentence(self) -> str:
        """The verdict in one Dutch sentence, with what it rests on."""
        failing = self.those("voldoet niet")
        unknown = self.those("niet na te gaan")
        total = len(self.requirements)
        if failing:
            more = f"; {len(unknown)} kunnen wij niet nagaan" if unknown else ""
            return (
                f"De meting voldoet niet aan {len(failing)} van de {total} eisen{more}."
            )
        if unknown:
            return (
                "Wij kunnen niet nagaan of de meting aan het protocol voldoet: over "
                f"{len(unknown)} van de {total} eisen is niets vastgelegd."
            )
        return f"De meting voldoet aan alle {total} eisen die wij nagingen."


def judge_protocol(
    study: Study, estimates: pd.DataFrame | None
) -> ProtocolVerdict | None:
    """Hold a measurement against the protocol it declares; None without one.

    ``estimates``: its protected table, or None when nothing was computed yet.
    """
    protocol, source = study.measurement.protocol, study.measurement.protocol_source
    if protocol is None or source is None:
        return None
    facts = ProtocolFacts(study, protocol, source, estimates)
    return ProtocolVerdict(source.id, tuple(judge(facts) for judge in REQUIREMENTS))


def describe_protocol(study: Study, estimates: pd.DataFrame) -> str:
    """The verdict at the head of the *verantwoording*; empty without a protocol."""
    found = judge_protocol(study, estimates)
    if found is None:
        return ""
    text = (
        "### Protocol van de Burgerpeiling\n\nVolgens de opdrachtgever volgt deze "
        f"meting het protocol van de VNG (11 augustus 2022). **{found.sentence}**"
    )
    points = [
        f"- {each.answer}: {each.asks} ({each.why})"
        for answer in ("voldoet niet", "let op")
        for each in found.those(answer)
    ]
    return "\n".join([text, *([""] if points else []), *points])


def tabulate_protocol(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """Every requirement with its answer; nothing where no protocol is declared."""
    found = judge_protocol(study, estimates)
    if found is None:
        return Absent("")
    return Table(
        id="tabel-protocol",
        caption="De eisen van het protocol, een voor een",
        columns=("Eis", "Oordeel", "Waarop dit berust"),
        rows=tuple(
            (dutch.capitalised(e.asks), dutch.capitalised(e.answer), e.why)
            for e in found.requirements
        ),
        note="Niet na te gaan: niemand legde het vast en geen bestand laat het zien.",
    )
