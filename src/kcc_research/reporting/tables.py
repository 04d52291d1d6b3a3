"""The tables of findings: protected numbers as formatted Dutch cells.

Every function gives a :class:`~kcc_research.reporting.records.Table`, or an
:class:`~kcc_research.reporting.absent.Absent` that says in Dutch why there is none.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.tables import NOT_ASKED_GROUP, TOTAL, UNKNOWN_GROUP
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import (
    DASH,
    MARGIN,
    base_cell,
    captioned,
    count_cell,
    identifier,
    notes,
    rounding_note,
    shown,
    size_cell,
    with_interval,
    with_margins,
)
from kcc_research.reporting.comparison import wave_differences
from kcc_research.reporting.contact_values import (
    level_value,
    measured_in,
    name_of,
    printed_value,
)
from kcc_research.reporting.records import Table
from kcc_research.reporting.result import (
    Result,
    find,
    find_all,
    formatted,
    question_with_role,
    with_role,
)
from kcc_research.reporting.trend import TrendPoint
from kcc_research.reporting.wording import (
    aspect_name,
    dont_know,
    list_channels,
    respondents,
)
from kcc_research.study.contact_indicator import contact_indicators
from kcc_research.study.indicator import Indicator, Role
from kcc_research.study.measurement import Source, Study
from kcc_research.study.norm import ServiceNorm
from kcc_research.study.questionnaire import Question, Questionnaire


def tabulate_key_figures(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """The numbers people look for first, each with what stands behind it."""
    rows = []
    roles: tuple[Role, ...] = ("headline", "satisfaction")
    for role in roles:
        for source, indicator in with_role(study, role):
            result = find(estimates, source=source.id, indicator=indicator.id)
            if result is not None:
                rows.append(_key_figure(source, indicator, result))
    if not rows:
        return Absent("Deze meting heeft geen kerncijfers.")
    return Table(
        id="kerncijfers",
        caption=f"Kerncijfers {study.measurement.wave_name}",
        columns=("Kerncijfer", "Uitkomst", "Toelichting"),
        rows=tuple(rows),
        layout="key_figures",
    )


def _key_figure(
    source: Source, indicator: Indicator, result: Result
) -> tuple[str, str, str]:
    label = f"{dutch.capitalised(indicator.label)}, {source.label or source.id}"
    margin = f"95%-marge {result.interval}" if result.interval else ""
    base = "" if result.n is None else dutch.counted(result.n, "antwoord", "antwoorden")
    return label, shown(result), "; ".join(each for each in (margin, base) if each)


def tabulate_distribution(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """The spread of the headline: share per class with its interval."""
    found = next(with_role(study, "distribution"), None)
    if found is None:
        return Absent("De verdeling van de cijfers is in deze meting niet gevraagd.")
    source, indicator = found
    rows = distribution(estimates, source, indicator)
    return with_margins(
        id="tabel-verdeling",
        caption=captioned(indicator.label, base_words(study, source, rows)),
        columns=("Klasse", "Aandeel", MARGIN, "Antwoorden in deze klasse"),
        rows=[
            (row.category, shown(row), row.interval, count_cell(row)) for row in rows
        ],
        note=notes(rows, rounding_note(rows)),
    )


def distribution(
    estimates: pd.DataFrame, source: Source, indicator: Indicator
) -> list[Result]:
    """The shares of a distribution over the whole target group, in declared order."""
    return [
        row
        for row in find_all(
            estimates,
            source=source.id,
            indicator=indicator.id,
            by=TOTAL,
            statistic="share",
        )
        if row.category
    ]


def base_words(study: Study, source: Source, rows: Sequence[Result]) -> str:
    """``inwoners met contact (n = 353)``, for a caption."""
    sizes = {row.n for row in rows if row.n is not None}
    n = f" ({dutch.base(sizes.pop())})" if len(sizes) == 1 else ""
    return f"{respondents(study, source)}{n}"


def tabulate_groups(
    study: Study, estimates: pd.DataFrame, source_id: str, by: str
) -> Table | Absent:
    """Grades and satisfaction per group of a breakdown, with base and interval."""
    source = study.measurement.sources[source_id]
    if by not in source.breakdowns:
        return Absent(f"In deze meting is niet uitgesplitst naar {by}.")
    question = study.questionnaires[source_id].questions[by]
    return _group_table(study, estimates, source, question)


def _group_table(
    study: Study, estimates: pd.DataFrame, source: Source, question: Question
) -> Table | Absent:
    indicators = [
        indicator
        for indicator in study.questionnaires[source.id].indicator
        if indicator.role in _group_roles(question)
    ]
    rows = results_by_group(estimates, source, question, indicators)
    every = [result for results in rows.values() for result in results]
    if not any(every):
        return Absent(f"Er zijn geen uitkomsten naar {question.short.lower()}.")
    return Table(
        id=f"tabel-{source.id}-{question.id}".replace("_", "-"),
        caption=captioned(
            f"uitkomsten naar {question.short.lower()}",
            asked_respondents(study, source, question),
        ),
        columns=(
            question.short,
            *(dutch.capitalised(indicator.label) for indicator in indicators),
            "Aantal antwoorden",
        ),
        rows=tuple(
            (
                group,
                *(with_interval(result) for result in results),
                base_cell(results[0]),
            )
            for group, results in rows.items()
        ),
        note=notes(
            every,
            "Tussen haakjes de 95%-marge."
            if any(r and r.interval for r in every)
            else "",
            unknown_note(estimates, source, question),
        ),
    )


def results_by_group(
    estimates: pd.DataFrame,
    source: Source,
    question: Question,
    indicators: Sequence[Indicator],
) -> dict[str, list[Result | None]]:
    """Per group, in declared order, the results of the indicators."""
    return {
        group: [
            find(
                estimates,
                source=source.id,
                indicator=indicator.id,
                by=question.id,
                group=group,
            )
            for indicator in indicators
        ]
        for group in question.categories
    }


def asked_respondents(study: Study, source: Source, question: Question) -> str:
    """Who a breakdown is about: of a routed question only those who were asked."""
    who = respondents(study, source)
    questionnaire = study.questionnaires[source.id]
    routed = question.routing is not None and not is_target(
        questionnaire, source, question
    )
    return f"{who} ({asked_if_words(questionnaire, question)})" if routed else who


def is_target(questionnaire: Questionnaire, source: Source, question: Question) -> bool:
    """Whether the question went to exactly the people the source speaks for."""
    target = questionnaire.filters.get(source.target)
    return target is not None and target.condition == question.asked_if


def _group_roles(question: Question) -> tuple[str, ...]:
    if question.role == "service":
        return ("service", "headline")
    return ("headline", "satisfaction")


def unknown_note(estimates: pd.DataFrame, source: Source, question: Question) -> str:
    """Who is in no group, counted once under a table (TRUST-F49)."""
    words = {UNKNOWN_GROUP: "Onbekend", NOT_ASKED_GROUP: "Niet gevraagd"}
    counts = {
        group: max(
            (
                row.count or 0
                for row in find_all(
                    estimates, source=source.id, by=question.id, group=group
                )
            ),
            default=0,
        )
        for group in words
    }
    return " ".join(
        f"{words[group]}: {dutch.counted(count, 'respondent', 'respondenten')}."
        for group, count in counts.items()
        if count
    )


def tabulate_aspects(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """Score and share dissatisfied per aspect, lowest score first."""
    pairs = aspects(study, estimates)
    if not pairs:
        return Absent("In deze meting is niet naar aspecten gevraagd.")
    flat = [result for pair in pairs for result in pair[1:]]
    return with_margins(
        id="tabel-aspecten",
        caption=f"Aspecten van de dienstverlening: {_aspect_base(study)}",
        columns=(
            "Aspect",
            "Score",
            MARGIN,
            f"Aandeel {low_word(study)}",
            "Weet niet",
            "Aantal antwoorden",
        ),
        rows=[
            (
                label,
                shown(score),
                score.interval,
                with_interval(low),
                shown(dont_know(study, estimates, score)),
                score.answers,
            )
            for label, score, low in pairs
        ],
        note=notes(flat, "Score: gemiddelde van wie een oordeel gaf, hoger is beter."),
    )


def low_word(study: Study) -> str:
    """What people are who score low, in the words of the scale: *oneens*."""
    for source, indicator in with_role(study, "aspect_low"):
        question = study.questionnaires[source.id].questions[indicator.question]
        if indicator.at_most is not None:
            return question.codes.get(f"{indicator.at_most:.0f}", "laag")
    return "laag"


def _aspect_base(study: Study) -> str:
    source, _ = next(with_role(study, "aspect"))
    return respondents(study, source)


def aspects(
    study: Study, estimates: pd.DataFrame
) -> list[tuple[str, Result, Result | None]]:
    """Per aspect its label, score and share dissatisfied, lowest score first."""
    low = {
        (source.id, indicator.question): find(
            estimates, source=source.id, indicator=indicator.id
        )
        for source, indicator in with_role(study, "aspect_low")
    }
    found = []
    for source, indicator in with_role(study, "aspect"):
        score = find(estimates, source=source.id, indicator=indicator.id)
        if score is not None:
            pair = low.get((source.id, indicator.question))
            found.append((aspect_name(study, source, indicator), score, pair))
    return sorted(found, key=lambda each: each[1].estimate or 0)


def tabulate_themes(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """Themes of the open answers, as coded: persons, not mentions."""
    rows = themes(study, estimates)
    if not rows:
        return Absent("De open antwoorden zijn in deze meting niet gecodeerd.")
    return with_margins(
        id="tabel-themas",
        caption="Thema’s in de open antwoorden",
        columns=("Thema", "Aantal personen", "Aandeel", MARGIN),
        rows=[
            (row.category, count_cell(row), shown(row), row.interval) for row in rows
        ],
        note=notes(
            rows,
            f"Basis: {dutch.number(theme_base(rows))} personen met een open antwoord. "
            "Wie meer thema’s noemt, telt bij elk thema mee.",
        ),
    )


def theme_base(rows: Sequence[Result]) -> int:
    """Persons with an open answer."""
    return max((row.n or 0 for row in rows), default=0)


def themes(study: Study, estimates: pd.DataFrame) -> list[Result]:
    """Shares of persons per theme, largest first."""
    rows = [
        row
        for source, indicator in with_role(study, "theme")
        for row in distribution(estimates, source, indicator)
    ]
    return sorted(rows, key=lambda row: (-(row.estimate or 0), row.category))


def tabulate_waves(panels: Sequence[tuple[str, Sequence[TrendPoint]]]) -> Table:
    """Indicators per wave as each wave published them; a break is named in words."""
    points = [point for _, points in panels for point in points]
    reasons = dict.fromkeys(point.reason for point in points if point.reason)
    return with_margins(
        id="tabel-metingen",
        caption="Uitkomsten per meting",
        columns=("Uitkomst en meting", "Waarde", MARGIN, "Aantal antwoorden"),
        rows=[
            (
                f"{dutch.capitalised(label)}, {point.name}",
                shown(point.result),
                point.result.interval,
                point.result.answers,
            )
            for label, points in panels
            for point in points
        ],
        note=notes(
            (point.result for point in points),
            *(f"Trendbreuk: {reason}" for reason in reasons),
        ),
    )


def tabulate_differences(study: Study, comparisons: pd.DataFrame) -> Table | Absent:
    """Every tested difference with an earlier wave, with what could be detected."""
    every = wave_differences(study, comparisons, by=TOTAL)
    rows = [row for row in every if row.is_tested]
    if not rows:
        return Absent("")  # the text above says why
    return Table(
        id="tabel-verschillen",
        caption="Getoetste verschillen met eerdere metingen",
        columns=(
            "Uitkomst",
            "Verschil",
            "Marge van het verschil",
            "Oordeel",
            "Kleinst zichtbaar",
            "Antwoorden nu en toen",
        ),
        rows=tuple(
            (
                f"{dutch.capitalised(row.label)}, nu min {row.year}",
                row.signed,
                row.range,
                VERDICT_WORDS[row.verdict],
                row.smallest_detectable or DASH,
                f"{size_cell(row.n)} en {size_cell(row.n_reference)}",
            )
            for row in rows
        ),
        note=(
            "Verschillen van aandelen in procentpunt, van gemiddelden in punten. De "
            "marge hoort bij 95% zekerheid over alle verschillen samen (Holm). Kleinst "
            "zichtbaar: het verschil dat dit onderzoek met 80% kans ziet."
        ),
    )


VERDICT_WORDS = {
    "higher": "▲ hoger",
    "lower": "▼ lager",
    "not_shown": "geen duidelijk verschil",
    "not_comparable": "niet vergelijkbaar",
}


def asked_if_words(questionnaire: Questionnaire, question: Question) -> str:
    """Routing in the words of the questionnaire: *Contact gehad: ja*."""
    if question.routing is None:
        return "iedereen"
    parts = [
        f"{questionnaire.questions[clause.question].short}: "
        f"{'niet ' if clause.operator == 'not in' else ''}"
        f"{dutch.listing(clause.categories, 'of')}"
        for clause in question.routing.clauses
    ]
    return dutch.listing(parts)


def tabulate_channel(
    study: Study, estimates: pd.DataFrame, channel: str
) -> Table | Absent:
    """Every indicator of one channel: value, interval and base."""
    found = question_with_role(study, "channel")
    if found is None or channel not in list_channels(study, estimates):
        return Absent(f"Over {channel} zijn geen uitkomsten.")
    source, question = found
    rows = [
        (indicator, result)
        for indicator in channel_indicators(study, source)
        if (
            result := find(
                estimates,
                source=source.id,
                indicator=indicator.id,
                by=question.id,
                group=channel,
            )
        )
    ]
    return with_margins(
        id=f"kanaal-{identifier(channel)}",
        caption=f"Uitkomsten {channel}",
        columns=("Uitkomst", "Waarde", MARGIN, "Aantal antwoorden"),
        rows=[
            (
                dutch.capitalised(indicator.label),
                shown(result),
                result.interval,
                result.answers,
            )
            for indicator, result in rows
        ],
        note=notes(result for _, result in rows),
    )


def channel_indicators(study: Study, source: Source) -> list[Indicator]:
    """What a channel's table shows: of a scale its mean only, no distributions."""
    questionnaire = study.questionnaires[source.id]
    scored = {
        each.question
        for each in questionnaire.indicator
        if each.statistic == "mean"
        and questionnaire.questions[each.question].type == "scale"
    }
    return [
        each
        for each in questionnaire.indicator
        if each.statistic != "distribution"
        and (each.statistic == "mean" or each.question not in scored)
    ]


def tabulate_norms(study: Study, verdicts: pd.DataFrame) -> Table | Absent:
    """Every declared norm, the level reached, and the verdict in plain words."""
    rows = [row for row in verdicts.to_dict("records") if row["by"] == TOTAL]
    if not rows:
        return Absent("Voor deze meting zijn geen normen opgegeven.")
    return Table(
        id="tabel-normen",
        caption="Uitkomsten naast de norm",
        columns=("Uitkomst en norm", "Behaald", "Oordeel", "Toelichting"),
        rows=tuple(_norm_row(study, row) for row in rows),
        note=" ".join(_norm_sources(study)),
        align=("left", "right", "left", "left"),
    )


def _norm_sources(study: Study) -> list[str]:
    """Where each norm comes from, once per source."""
    labels: dict[str, list[str]] = {}
    for norm in study.measurement.norm:
        labels.setdefault(norm.source, []).append(norm_label(study, norm).lower())
    return [
        f"Bron van de norm voor {dutch.listing(names)}: {source}."
        for source, names in labels.items()
    ]


def _norm_row(study: Study, row: dict[Hashable, Any]) -> tuple[str, ...]:
    norm = next(
        norm
        for norm in study.measurement.norm
        if norm.indicator == row["indicator"]
        and (norm.share if norm.share is not None else norm.mean) == row["norm"]
    )
    statistic = "share" if norm.share is not None else "mean"
    reached, asked = row["estimate"], formatted(row["norm"], statistic)
    found = DASH if pd.isna(reached) else formatted(reached, statistic)
    if measured_in(study, norm.indicator) is not None:
        asked = level_value(norm.indicator, row["norm"], statistic)
        if found != DASH:
            found = printed_value(norm.indicator, reached, statistic)
    return (
        f"{norm_label(study, norm)}: {asked}",
        found,
        NORM_WORDS[row["verdict"]],
        _reason(row),
    )


NORM_WORDS = {
    "met": "gehaald",
    "partly_met": "deels gehaald",
    "not_met": "niet gehaald",
    "not_yet": "nog niet op doel",
    "undecided": "te dichtbij om te zeggen",
    "not_measured": "niet te beoordelen",
}


def _reason(row: dict[Hashable, Any]) -> str:
    repeated = row["reason"] == NORM_WORDS[row["verdict"]]
    return DASH if repeated or not row["reason"] else dutch.capitalised(row["reason"])


def norm_label(study: Study, norm: ServiceNorm) -> str:
    """The name of the indicator a norm is about."""
    registration = measured_in(study, norm.indicator)
    if registration is not None:
        return name_of(study, registration.id, norm.indicator)
    for source in study.surveys:
        known = study.questionnaires[source.id].indicators
        if norm.indicator in known:
            return dutch.capitalised(known[norm.indicator].label)
    for layout in study.layouts.values():
        found = contact_indicators(layout).get(norm.indicator)
        if found is not None:
            return found.label
    return norm.indicator


def tabulate_breakdowns(study: Study, estimates: pd.DataFrame) -> list[Table]:
    """A table per breakdown that has no figure of its own."""
    drawn = [question_with_role(study, role) for role in ("channel", "service")]
    found: list[Table] = []
    for source in study.surveys:
        for name in source.breakdowns:
            question = study.questionnaires[source.id].questions[name]
            if (source, question) in drawn:
                continue
            table = _group_table(study, estimates, source, question)
            if isinstance(table, Table):
                found.append(table)
    return found
