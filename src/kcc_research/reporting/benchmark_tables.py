"""Tables of a benchmark: all municipalities together, norms and white spots."""

from __future__ import annotations

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.benchmark import RELIABILITY
from kcc_research.estimation.municipal_estimates import FUNNEL
from kcc_research.estimation.municipal_values import CONTACTS
from kcc_research.estimation.norm_coverage import (
    COVERED,
    NORM,
    REACHED,
    REALISED,
    WHITE,
    WHITE_SPOTS,
)
from kcc_research.estimation.tables import TOTAL
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.account_tables import definition
from kcc_research.reporting.benchmark_results import (
    counted,
    country,
    coverage,
    dimension_of,
    every_indicator,
    indicators_of,
    label,
    printed,
    printed_interval,
    questionnaire_of,
    size_question,
)
from kcc_research.reporting.cells import DASH, MARGIN, identifier, shown
from kcc_research.reporting.records import Align, Table
from kcc_research.reporting.result import Result, find, find_all
from kcc_research.study.benchmark import benchmarked
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Study

RIGHT: Align = "right"
NOT_FIRST = (WHITE_SPOTS["not_measured"], WHITE_SPOTS["no_norm"])
GEMEENTEN = "Gemeenten"
EVERYONE = "Alle gemeenten"


def tabulate_scores(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """The score of every dimension, as tiles."""
    rows = []
    for dimension in study.measurement.dimension:
        score = country(study, estimates, dimension.id)
        white = coverage(study, estimates, dimension.id).get(WHITE)
        if score is not None:
            spots = "" if white is None else f"; witte vlekken: {white.value}"
            rows.append(
                (
                    dimension.label,
                    f"{printed(study, score)} van 100",
                    f"95%-marge {printed_interval(study, score)}{spots}",
                )
            )
    if not rows:
        return Absent("Deze meting heeft geen dimensies.")
    return Table(
        id="kerncijfers",
        caption="Score per dimensie, gemiddeld over alle gemeenten",
        columns=("Dimensie", "Score", "Toelichting"),
        rows=tuple(rows),
        layout="key_figures",
    )


def tabulate_benchmark_design(study: Study, estimates: pd.DataFrame) -> Table:
    """How the measurement was made: the facts a reader of figures may ask for."""
    measurement = study.measurement
    start, end = measurement.fieldwork.start, measurement.fieldwork.end
    channels = [
        f"{dutch.number(row.n or 0)} per {row.group}"
        for row in find_all(estimates, indicator=CONTACTS)
        if row.by != TOTAL
    ]
    everyone = benchmarked(measurement)
    rows = [
        ("Opdrachtgever", measurement.commissioner),
        ("Wanneer", f"{dutch.long_date(start)} tot en met {dutch.long_date(end)}"),
        ("Welke gemeenten", f"alle {dutch.number(len(everyone))} gemeenten"),
        ("Contacten", dutch.listing(channels)),
        *_scenarios(study),
        *_scan(study, estimates),
        *(
            (
                f"Zelfgekozen groep {group.label}",
                f"{len(group.municipalities)} gemeenten",
            )
            for group in measurement.reference_group
        ),
    ]
    return Table(
        id="tabel-opzet",
        caption="Opzet van het onderzoek",
        columns=("Onderdeel", "Invulling"),
        rows=tuple(rows),
    )


def _scenarios(study: Study) -> list[tuple[str, str]]:
    """What was asked: the categories of the question about the service, if declared."""
    question = questionnaire_of(study).with_role("service")
    if question is None:
        return []
    return [("Vragen die zijn gesteld", dutch.listing(question.categories))]


def _scan(study: Study, estimates: pd.DataFrame) -> list[tuple[str, str]]:
    every = [
        row.n or 0
        for dimension in study.measurement.dimension
        if (row := coverage(study, estimates, dimension.id).get(WHITE)) is not None
    ]
    if not every:
        return []
    words = f"{dutch.number(sum(every))} mogelijke normen, uit openbare documenten"
    return [("Deskscan van servicekaders", words)]


def tabulate_dimension(study: Study, estimates: pd.DataFrame, name: str) -> Table:
    """Every outcome of a dimension, for all municipalities and per size class."""
    dimension = dimension_of(study, name)
    size = size_question(study)
    classes = [(size.id, each) for each in size.categories] if size else []
    places = [(TOTAL, TOTAL), *classes]
    names = [(each.id, label(each)) for each in indicators_of(study, dimension)]
    names.append((name, "Score (0–100)"))
    rows = []
    for indicator, words in names:
        found = [
            find(estimates, indicator=indicator, by=by, group=group)
            for by, group in places
        ]
        rows.append(
            (
                words,
                _with_margin(study, found[0]),
                *(printed(study, each) for each in found[1:]),
            )
        )
    heads = [group for _, group in places[1:]]
    numbers = [
        find(estimates, indicator=name, by=by, group=at) for by, at in places[1:]
    ]
    return Table(
        id=f"tabel-{identifier(name)}",
        caption=(
            f"{dimension.label}: gemiddelde van gemeenten, elk even zwaar, met "
            "uitsplitsing naar inwoners"
        ),
        columns=("Uitkomst", f"{EVERYONE} ({MARGIN})", *heads),
        rows=tuple(rows),
        align=("left", *(RIGHT,) * (1 + len(heads))),
        note=_numbers_note([each.answers for each in numbers if each is not None]),
    )


def _with_margin(study: Study, result: Result | None) -> str:
    """``84% (83–85%)``."""
    margin = printed_interval(study, result)
    return f"{printed(study, result)} ({margin})" if margin else printed(study, result)


def _numbers_note(numbers: list[str]) -> str:
    """How many municipalities there are in each group, in the order of the columns."""
    if not numbers:
        return ""
    return (
        f"Aantal gemeenten per groep, van klein naar groot: {dutch.listing(numbers)}."
    )


# --- norms ----------------------------------------------------------------------------


def tabulate_realisation(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """Per norm: who has it, how high it is, what was found, and how often it is met."""
    rows = [
        (
            label(indicator),
            norm.answers,
            norm.value,
            value.value,
            value.interval or DASH,
            *(
                _count(counted(estimates, indicator.id, each))
                for each in REACHED.values()
            ),
        )
        for indicator, norm, value in realised(study, estimates)
    ]
    if not rows:
        return Absent("In deze meting zijn geen normen vergeleken.")
    return Table(
        id="tabel-norm-realisatie",
        caption="Norm en uitkomst bij gemeenten die de norm hebben",
        columns=(
            "Norm",
            GEMEENTEN,
            "Hoogte",
            "Wij vonden",
            MARGIN,
            *(dutch.capitalised(each) for each in REACHED.values()),
        ),
        rows=tuple(rows),
        note=(
            "De laatste drie kolommen tellen gemeenten. Het oordeel over één gemeente "
            "houdt rekening met de marge van haar contacten."
        ),
    )


def realised(
    study: Study, estimates: pd.DataFrame
) -> list[tuple[Indicator, Result, Result]]:
    """Indicator, mean norm, and what was found in the same municipalities."""
    found = []
    for indicator in every_indicator(study):
        norm = counted(estimates, indicator.id, NORM)
        value = counted(estimates, indicator.id, REALISED)
        if norm is not None and value is not None and norm.is_shown:
            found.append((indicator, norm, value))
    return found


def _count(row: Result | None) -> str:
    return DASH if row is None or row.count is None else dutch.number(row.count)


def tabulate_coverage(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """Per norm how many municipalities have it and measure it: a complete count."""
    rows = []
    for name, words in coverage_subjects(study):
        parts = coverage(study, estimates, name)
        if parts:
            rows.append(
                (
                    words,
                    *(_share(parts.get(each)) for each in (COVERED, *NOT_FIRST)),
                    _share(parts.get(WHITE)),
                )
            )
    if not rows:
        return Absent("In deze meting zijn geen servicekaders onderzocht.")
    return Table(
        id="tabel-witte-vlekken",
        caption="Normen en witte vlekken, alle gemeenten",
        columns=(
            "Norm",
            "Norm en gemeten",
            "Wit: niet gemeten",
            "Wit: geen norm",
            "Wit samen",
        ),
        rows=tuple(rows),
        note="Aantal gemeenten en aandeel. Bij een dimensie zijn de normen opgeteld.",
        align=("left", RIGHT, RIGHT, RIGHT, RIGHT),
    )


def coverage_subjects(study: Study) -> list[tuple[str, str]]:
    """Id and words of every dimension with its norms under it."""
    return [
        subject
        for dimension in study.measurement.dimension
        for subject in (
            (dimension.id, f"{dimension.label} samen"),
            *((each.id, label(each)) for each in indicators_of(study, dimension)),
        )
    ]


def _share(row: Result | None) -> str:
    if row is None or row.count is None:
        return DASH
    return f"{dutch.number(row.count)} ({row.value})"


def tabulate_coverage_by_size(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """Share of white spots per norm and size class, both kinds in every cell."""
    size = size_question(study)
    if size is None:
        return Absent("De grootte van gemeenten is niet bekend.")
    places = [(TOTAL, TOTAL), *((size.id, each) for each in size.categories)]
    rows = [
        (
            label(indicator),
            *(
                _kinds(coverage(study, estimates, indicator.id, *place))
                for place in places
            ),
        )
        for indicator in every_indicator(study)
        if coverage(study, estimates, indicator.id)
    ]
    return Table(
        id="tabel-dekking-inwoners",
        caption="Dekking per norm en inwonerklasse",
        columns=("Norm", EVERYONE, *size.categories),
        rows=tuple(rows),
        note="In elke cel: norm en gemeten, wit (niet gemeten), wit (geen norm).",
        align=("left", *(RIGHT,) * len(places)),
    )


def _kinds(parts: object) -> str:
    assert isinstance(parts, dict)
    kinds = (COVERED, *NOT_FIRST)
    return " / ".join(shown(parts.get(each)) for each in kinds)


# --- the funnel -----------------------------------------------------------------------


def tabulate_funnel(
    study: Study, estimates: pd.DataFrame, indicator: Indicator
) -> Table:
    """Limits per number of contacts, and how many municipalities have that number."""
    limits = find_all(estimates, indicator=indicator.id, by=FUNNEL)
    sizes = sorted({row.group for row in limits}, key=int)
    by_place = {(row.group, row.category): row for row in limits}
    each = find_all(estimates, indicator=indicator.id, by="gemeente", category="")
    rows = []
    for size in sizes:
        here = [row for row in each if row.n == int(size)]
        values = [row.estimate for row in here if row.estimate is not None]
        span = dutch.share_interval(min(values), max(values)) if values else DASH
        rows.append(
            (
                size,
                str(len(here)),
                span,
                by_place[size, "95%"].interval,
                by_place[size, "99,8%"].interval,
            )
        )
    return Table(
        id=f"tabel-trechter-{identifier(indicator.id)}",
        caption=f"{label(indicator)}: gemeenten en grenzen per aantal contacten",
        columns=(
            "Contacten",
            GEMEENTEN,
            "Laagste en hoogste",
            "Grens 95%",
            "Grens 99,8%",
        ),
        rows=tuple(rows),
        note="Alle gemeenten apart staan in tables/estimates.csv.",
    )


# --- verantwoording -------------------------------------------------------------------


def tabulate_outcomes(study: Study) -> Table:
    """Every outcome with its dimension and how it is computed (STAT-C3)."""
    questions = questionnaire_of(study).questions
    return Table(
        id="tabel-uitkomsten",
        caption="Uitkomsten: dimensie en berekening",
        columns=("Uitkomst", "Dimensie", "Hoe berekend"),
        rows=tuple(
            (
                label(indicator),
                dimension.label,
                indicator.definition
                or definition(indicator, questions[indicator.question]),
            )
            for dimension in study.measurement.dimension
            for indicator in indicators_of(study, dimension)
        ),
    )


def tabulate_reliability(study: Study, estimates: pd.DataFrame) -> Table:
    """How much of what differs between municipalities is no chance, per dimension."""
    rows = []
    for dimension in study.measurement.dimension:
        row = counted(estimates, dimension.id, RELIABILITY)
        score = country(study, estimates, dimension.id)
        rows.append(
            (
                dimension.label,
                shown(row),
                printed(study, score),
                DASH if score is None else score.answers,
            )
        )
    return Table(
        id="tabel-betrouwbaarheid",
        caption="Betrouwbaarheid van de score van één gemeente",
        columns=("Dimensie", "Betrouwbaarheid", "Score van alle gemeenten", GEMEENTEN),
        rows=tuple(rows),
        note=(
            "0: verschillen zijn alleen toeval. 1: geen toeval. Nodig voor een "
            "oordeel: 0,7."
        ),
    )
