"""Words for the study of a counter: every number is read per visit, not per person.

A visitor who comes often had more chance of being asked; therefore sentences speak of
visits (DOMAIN §1.1). The summary holds what a councillor should know, each finding
hedged by its interval, and what this study cannot say stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.contact_kpis import OUTCOME_WORDS
from kcc_research.estimation.tables import TOTAL
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.contact_tables import tabulate_registration
from kcc_research.reporting.contact_values import (
    classes_of,
    contact_value,
    groups_of,
    in_words,
    label_of,
    level_value,
    registrations,
    total_of,
)
from kcc_research.reporting.document import Table
from kcc_research.reporting.expectations import describe_expectations
from kcc_research.reporting.observations import (
    describe_observed,
    list_observed_items,
)
from kcc_research.reporting.result import Result, find, headline, with_role
from kcc_research.reporting.review import describe_review
from kcc_research.reporting.tables import NORM_WORDS, tabulate_key_figures, themes
from kcc_research.reporting.wording import evidence, is_weighted
from kcc_research.study.indicator import Role
from kcc_research.study.measurement import Source, Study

TOP_THEMES = 4
OUTCOME, WITHIN = "uitkomst", "wachttijd_binnen_norm"
HELPED = OUTCOME_WORDS["helped"]
OTHER_OUTCOMES = {
    OUTCOME_WORDS["no_show"]: ("kwamen", "mensen niet op hun afspraak"),
    OUTCOME_WORDS["abandoned"]: ("gingen", "bezoekers weg voor hun beurt"),
}


def tabulate_counter_figures(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """Tiles: visitors helped, waiting, the grade of a visit, who is satisfied."""
    rows = [
        *_helped_tiles(study, estimates),
        *_rows(tabulate_registration(study, estimates))[1:],
        *_rows(tabulate_key_figures(study, estimates)),
    ]
    if not rows:
        return Absent("Deze meting heeft geen kerncijfers.")
    return Table(
        id="kerncijfers",
        caption="Kerncijfers van de balie",
        columns=("Kerncijfer", "Uitkomst", "Toelichting"),
        rows=tuple(rows),
        layout="key_figures",
    )


def _rows(part: Table | Absent) -> tuple[tuple[str, ...], ...]:
    return part.rows if isinstance(part, Table) else ()


def _helped_tiles(
    study: Study, estimates: pd.DataFrame
) -> Iterator[tuple[str, str, str]]:
    for source in registrations(study):
        helped = total_of(estimates, source.id, OUTCOME, HELPED)
        if helped is not None and helped.count is not None:
            behind = f"{label_of(source)}; allemaal geteld"
            yield "Geholpen bezoekers", dutch.number(helped.count), behind


def describe_visits(study: Study, estimates: pd.DataFrame) -> str:
    """How many tickets there are: visitors helped, who left, who did not come."""
    return " ".join(
        _visits(estimates, source)
        for source in registrations(study)
        if total_of(estimates, source.id, OUTCOME, HELPED) is not None
    )


def _visits(estimates: pd.DataFrame, source: Source) -> str:
    counts = {
        row.category: dutch.number(row.count or 0)
        for row in classes_of(estimates, source.id, OUTCOME)
        if row.is_shown
    }
    everyone = total_of(estimates, source.id, "contacten")
    others = [
        f"{words} {counts[category]} {who}"
        for category, (words, who) in OTHER_OUTCOMES.items()
        if category in counts
    ]
    of_whom = dutch.listing([f"zijn **{counts[HELPED]} bezoekers geholpen**", *others])
    return (
        f"De {label_of(source)} telt {contact_value(everyone)} tickets. Daarvan "
        f"{of_whom}."
    )


def describe_waits(
    study: Study, estimates: pd.DataFrame, verdicts: pd.DataFrame
) -> str:
    """Waiting in one or two sentences: mean, within the norm, and the verdict."""
    sentences = []
    for source in registrations(study):
        mean = total_of(estimates, source.id, "wachttijd")
        within = total_of(estimates, source.id, WITHIN)
        if mean is None or not mean.is_shown:
            continue
        sentences.append(f"Bezoekers wachten gemiddeld **{in_words(mean)}**.")
        limit = study.layouts[source.id].thresholds.wait_norm_seconds
        if within is None or not within.is_shown or limit is None:
            continue
        minutes = dutch.counted(limit // 60, "minuut", "minuten")
        groups = dutch.listing(
            f"{row.group} {contact_value(row)}"
            for row in groups_of(estimates, source.id, "afspraak", WITHIN)
            if row.is_shown
        )
        apart = f" ({groups})" if groups else ""
        sentences.append(
            f"Binnen {minutes} is **{contact_value(within)}** aan de beurt{apart}."
        )
        sentences += _wait_norm(verdicts)
    return " ".join(sentences)


def _wait_norm(verdicts: pd.DataFrame) -> Iterator[str]:
    chosen = verdicts[(verdicts["indicator"] == WITHIN) & (verdicts["by"] == TOTAL)]
    for row in chosen.to_dict("records"):
        level = level_value(WITHIN, float(row["norm"]), "share")
        yield f"De norm van {level} is **{NORM_WORDS[row['verdict']]}**."


def list_felt_waits(study: Study) -> list[str]:
    """Outcomes that hold how long people think they waited."""
    return [each.id for _, each in with_role(study, "felt_wait")]


def describe_felt_wait(study: Study, estimates: pd.DataFrame, indicator: str) -> str:
    """What visitors think they waited, beside what was registered (DOMAIN-D23)."""
    felt = next(
        (
            result
            for source in study.surveys
            if (result := find(estimates, source=source.id, indicator=indicator))
        ),
        None,
    )
    counted = [
        total_of(estimates, each.id, "wachttijd") for each in registrations(study)
    ]
    if felt is None or not felt.is_shown or not counted or counted[0] is None:
        return ""
    return (
        f"Bezoekers schatten hun wachttijd gemiddeld op **{felt.value} minuten** "
        f"({evidence(felt)}). De registratie komt op {in_words(counted[0])}. Het zijn "
        "andere weken en een andere manier van meten: de twee staan naast elkaar, en "
        "het ene verklaart het andere niet."
    )


def summarise_counter(
    study: Study,
    estimates: pd.DataFrame,
    comparisons: pd.DataFrame,
    verdicts: pd.DataFrame,
) -> str:
    """Visits, waiting, experience, what visitors name, what was seen, the documents."""
    findings = [
        describe_visits(study, estimates),
        describe_waits(study, estimates, verdicts),
        describe_visit_grade(study, estimates),
        describe_expectations(study, estimates, comparisons),
        describe_top_themes(study, estimates),
        *_tailored(study, estimates),
        describe_review(study, verdicts),
    ]
    return "\n".join(f"- {finding}" for finding in findings if finding)


def describe_visit_grade(study: Study, estimates: pd.DataFrame) -> str:
    """The grade of a visit, and whether more are satisfied than dissatisfied."""
    found = headline(study)
    if found is None:
        return ""
    source, indicator = found
    grade = find(estimates, source=source.id, indicator=indicator.id)
    if grade is None or not grade.is_shown:
        return "Er zijn te weinig antwoorden om een rapportcijfer te publiceren."
    sentence = f"Een bezoek krijgt gemiddeld een **{grade.value}** ({evidence(grade)})."
    return f"{sentence} {_satisfaction(study, estimates)}".strip()


def _satisfaction(study: Study, estimates: pd.DataFrame) -> str:
    """*Meer bezoekers zijn tevreden dan ontevreden* only where intervals agree."""
    satisfied = _with_role(study, estimates, "satisfaction")
    dissatisfied = _with_role(study, estimates, "dissatisfaction")
    if satisfied is None or dissatisfied is None:
        return ""
    words = (
        f"tevreden **{satisfied.value}**, ontevreden **{dissatisfied.value}** "
        "van de bezoeken"
    )
    low, high = satisfied.ci_low, dissatisfied.ci_high
    if low is not None and high is not None and low > high:
        return f"Bezoekers zijn vaker tevreden dan ontevreden: {words}."
    return f"{dutch.capitalised(words)}."


def _with_role(study: Study, estimates: pd.DataFrame, role: Role) -> Result | None:
    for source, indicator in with_role(study, role):
        found = find(estimates, source=source.id, indicator=indicator.id)
        return found if found is not None and found.is_shown else None
    return None


def describe_top_themes(study: Study, estimates: pd.DataFrame) -> str:
    """The themes that most visitors name by themselves, with how many do."""
    rows = [row for row in themes(study, estimates) if row.is_shown and row.count]
    if not rows:
        return ""
    top = sorted(rows, key=lambda row: -(row.count or 0))[:TOP_THEMES]
    named = dutch.listing(
        f"{row.category} ({dutch.number(row.count or 0)})" for row in top
    )
    return (
        f"In eigen woorden noemen bezoekers het meest: {named}, van "
        f"{dutch.number(rows[0].n or 0)} met een toelichting."
    )


def _tailored(study: Study, estimates: pd.DataFrame) -> Iterator[str]:
    """Every item of an observation form that has a theme of its own name."""
    for source, indicator in list_observed_items(study):
        words = describe_observed(study, estimates, source, indicator)
        yield f"Geobserveerd. {words}"


def describe_counter_limits(study: Study, estimates: pd.DataFrame) -> str:
    """What this study cannot say, on the page where people look first."""
    fieldwork = study.measurement.fieldwork
    points = [
        "Wie **niet** kwam, of wegging voor de beurt, is niets gevraagd.",
        "Antwoorden gelden **per bezoek**: wie vaak komt, telt vaker mee.",
        *_refusals(study, estimates),
        f"Gevraagd is van {dutch.long_date(fieldwork.start)} tot en met "
        f"{dutch.long_date(fieldwork.end)}. Een ander seizoen kan anders zijn.",
        *_unregistered(study, estimates),
        *_unweighted(study, estimates),
        *_qualitative(study),
    ]
    return "\n".join(["### Wat we niet weten", "", *(f"- {each}" for each in points)])


def _refusals(study: Study, estimates: pd.DataFrame) -> Iterator[str]:
    for source in study.surveys:
        rate = find(estimates, source=source.id, indicator="respons", statistic="share")
        if rate is None or not rate.is_shown or source.invited is None:
            continue
        yield (
            f"Van de aangesproken bezoekers deed {rate.value} mee "
            f"({dutch.number(rate.count or 0)} van {dutch.number(source.invited)}). "
            "Wie weigerde, denkt misschien anders."
        )


def _unregistered(study: Study, estimates: pd.DataFrame) -> Iterator[str]:
    for source in registrations(study):
        gaps = total_of(estimates, source.id, "dagen_zonder_registratie")
        if gaps is not None and gaps.count:
            days = dutch.counted(gaps.count, "werkdag", "werkdagen")
            yield f"Over {days} is niets geregistreerd. Wie toen kwam, is niet geteld."


def _unweighted(study: Study, estimates: pd.DataFrame) -> Iterator[str]:
    names = [
        source.label or source.id
        for source in study.surveys
        if not is_weighted(source, estimates)
    ]
    if names:
        yield f"Niet gewogen naar soort bezoek: {dutch.listing(names)}."


def _qualitative(study: Study) -> Iterator[str]:
    if study.schemes:
        yield "Gesprekken laten zien **wat** er speelt, niet hoe vaak."
