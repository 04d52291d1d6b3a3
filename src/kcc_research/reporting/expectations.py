"""What people expected and what they experienced: table and words.

A gap is the mean of each person's own difference, so both means shown beside it are
those of people who gave both (STAT-M20). *Lower* or *higher* is said only where the
interval of the gap excludes 0 (DESIGN §8.10).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.expectations import EXPECTED, EXPERIENCED
from kcc_research.estimation.gap import GAP
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import notes, shown
from kcc_research.reporting.document import Table
from kcc_research.reporting.result import Result, find, plain
from kcc_research.study.measurement import Source, Study

NO_GAPS = Absent("In deze meting is niet naar verwachtingen gevraagd.")


@dataclass(frozen=True, slots=True)
class Aspect:
    """One declared gap with its numbers and the outcome of its test."""

    source: Source
    label: str
    expected: Result
    experienced: Result
    gap: Result
    verdict: str

    @property
    def signed(self) -> str:
        """The gap with its sign: ``+0,8`` or ``−1,3``."""
        return signed(self.gap.estimate)

    @property
    def span(self) -> str:
        """``−1,4 tot −1,1``."""
        if not self.gap.has_interval:
            return ""
        return f"{signed(self.gap.ci_low)} tot {signed(self.gap.ci_high)}"


def signed(value: float | None) -> str:
    """One decimal with a sign; a rounded 0 has none."""
    if value is None:
        return dutch.SUPPRESSED
    printed = dutch.number(value, 1)
    if not printed.strip("0,−-"):
        return printed.lstrip("−-")
    return f"+{printed}" if value > 0 else printed


def aspects(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> list[Aspect]:
    """Every declared gap with numbers, the greatest shortfall first."""
    found = list(_aspects(study, estimates, comparisons))
    return sorted(found, key=lambda each: each.gap.estimate or 0)


def _aspects(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> Iterator[Aspect]:
    for source in study.surveys:
        for declared in study.questionnaires[source.id].gap:
            rows = estimates[
                (estimates["source"] == source.id)
                & (estimates["indicator"] == declared.id)
            ]
            gap = find(rows, statistic=GAP)
            sides = [find(rows, category=each) for each in (EXPECTED, EXPERIENCED)]
            if gap is None or not gap.is_shown or None in sides:
                continue
            expected, experienced = (each for each in sides if each is not None)
            verdict = _verdict(comparisons, source.id, declared.id)
            yield Aspect(source, declared.label, expected, experienced, gap, verdict)


def _verdict(comparisons: pd.DataFrame, source: str, gap: str) -> str:
    rows = comparisons[
        (comparisons["source"] == source)
        & (comparisons["indicator"] == gap)
        & (comparisons["statistic"] == GAP)
    ]
    return "" if rows.empty else str(plain(rows["verdict"].iloc[0]))


def tabulate_expectations(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> Table | Absent:
    """Expectation, experience and their difference per aspect, with interval and n."""
    found = aspects(study, estimates, comparisons)
    if not found:
        return NO_GAPS
    return Table(
        id="tabel-verwachting-ervaring",
        caption=f"Verwachting en ervaring per aspect, {scale_words(study, found)}",
        columns=(
            "Aspect",
            "Verwacht",
            "Ervaren",
            "Verschil",
            "95%-marge van het verschil",
            "Bezoeken met beide cijfers",
        ),
        rows=tuple(
            (
                each.label,
                shown(each.expected),
                shown(each.experienced),
                each.signed,
                each.span or "–",
                each.gap.answers,
            )
            for each in found
        ),
        note=notes(
            [each.gap for each in found],
            "Verschil: het gemiddelde van ervaring min verwachting, per bezoek "
            "berekend. Onder nul: minder dan verwacht.",
            "Gewogen naar het aantal bezoeken." if found[0].gap.weighted else "",
        ),
    )


def scale_words(study: Study, found: Sequence[Aspect]) -> str:
    """``cijfer van 1 tot en met 10``."""
    questionnaire = study.questionnaires[found[0].source.id]
    bounds = questionnaire.questions[questionnaire.gap[0].experience].range
    low, high = (dutch.number(each) for each in bounds or (1, 10))
    return f"cijfer van {low} tot en met {high}"


def describe_expectations(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> str:
    """Where experience demonstrably beats expectation, falls short, or neither."""
    found = aspects(study, estimates, comparisons)
    if not found:
        return NO_GAPS.reason
    worse = [each for each in found if each.verdict == "lower"]
    better = [each for each in reversed(found) if each.verdict == "higher"]
    rest = [each for each in found if each not in worse and each not in better]
    sentences = [
        _sentence("De ervaring **blijft achter** bij de verwachting op", worse),
        _sentence("De ervaring is **beter** dan verwacht op", better),
    ]
    if rest:
        names = dutch.listing(each.label.lower() for each in rest)
        sentences.append(f"Op {names} zien we geen duidelijk verschil.")
    return " ".join(each for each in sentences if each)


def _sentence(start: str, found: Sequence[Aspect]) -> str:
    """``… op privacy (6,5; verwacht 7,8) en snelheid (…)``."""
    if not found:
        return ""
    named = dutch.listing(
        f"{each.label.lower()} ({each.experienced.value}; verwacht "
        f"{each.expected.value})"
        for each in found
    )
    return f"{start} {named}."
