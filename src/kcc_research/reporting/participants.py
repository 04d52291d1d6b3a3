"""Dutch sentences about respondents who chose themselves: counts, and nothing wider.

Self-selected participants speak for themselves (DESIGN §8.3, STAT-C9): every share is
*26 van de 84 deelnemende gemeenten (31%)*, with the base of its own question. There is
no margin, no interval, no order between answers, and no word for a share of those who
did not take part. What two answers of one respondent have in common is no cause.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.feasibility import feasible_counts, fitting_bases
from kcc_research.estimation.fieldwork import COMPLETED, RESPONSE
from kcc_research.estimation.participation import PARTICIPATION
from kcc_research.estimation.tables import DOMAIN, TOTAL
from kcc_research.estimation.wave_gate import chose_themselves
from kcc_research.reporting.result import Result, find, find_all, theme_of
from kcc_research.study.cross_table import CrossTable
from kcc_research.study.group_ratio import GroupRatio
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Source, Study

NO_MARGIN = "Geen marge: de deelnemers meldden zichzelf aan."
"""What a caption says instead of an interval (PUB §6)."""

DUPLICATES = {
    "latest": "het laatst ingevulde antwoord",
    "most_complete": "het volledigste antwoord",
}
TOO_FEW = "te weinig antwoorden om te publiceren"
# Fewer than 70% of the participants answering a question is hardly what was meant.
_LOWEST_BASE = 0.7


def speaks_for_itself(study: Study, result: Result) -> bool:
    """Whether a number must be worded as a count of participants."""
    unweighted_share = result.statistic == "share" and not result.weighted
    return chose_themselves(study) and unweighted_share


def counted(study: Study, estimates: pd.DataFrame, result: Result) -> str:
    """``26 van de 84 deelnemende gemeenten (31%)``: count, base of the item, share.

    Where not every participant answered, the base says so.
    """
    if result.n is None or result.count is None:
        return TOO_FEW
    who = study.questionnaires[result.source].population
    everyone = completed(estimates, result.source)
    answered = "" if result.n == everyone else " die antwoord gaven"
    return (
        f"{dutch.number(result.count)} van de {dutch.number(result.n)} "
        f"{who}{answered} ({result.value})"
    )


def completed(estimates: pd.DataFrame, source: str) -> int | None:
    """How many respondents a source has."""
    found = find(estimates, source=source, indicator=RESPONSE, category=COMPLETED)
    return None if found is None else found.count


def introduce_participants(study: Study) -> str:
    """Who were asked, when and how, and which answer counts."""
    fieldwork = study.measurement.fieldwork
    lines = [
        f"De vragenlijst stond open van {dutch.long_date(fieldwork.start)} tot en met "
        f"{dutch.long_date(fieldwork.end)}. Gemeenten meldden zichzelf aan; er is geen "
        "steekproef getrokken. Per gemeente telt één antwoord."
    ]
    lines += [
        "Stuurde een gemeente meer dan één antwoord in, dan telt "
        f"{DUPLICATES[source.duplicates]}."
        for source in study.surveys
        if source.duplicates is not None
    ]
    return " ".join(lines)


def describe_participation(study: Study, estimates: pd.DataFrame) -> str:
    """How much of the country took part, and how many did not."""
    found = _participation(study, estimates)
    if found is None or found.estimate is None:
        return "Hoeveel gemeenten er waren, is niet bekend."
    took_part, everyone = found.count or 0, found.n or 0
    counts = f"{dutch.number(took_part)} van de {dutch.number(everyone)} gemeenten"
    return (
        f"**{counts}** deden mee ({dutch.percentage(found.estimate, 1)}). Zij spreken "
        f"voor zichzelf: over de andere {dutch.number(everyone - took_part)} zegt dit "
        "onderzoek niets."
    )


def _participation(study: Study, estimates: pd.DataFrame) -> Result | None:
    return find(estimates, indicator=PARTICIPATION)


def summarise_participants(study: Study, estimates: pd.DataFrame) -> str:
    """The findings a reader should know, each a count of participants."""
    findings = [
        describe_participation(study, estimates),
        *(
            _cross_sentence(study, estimates, source, table)
            for source in study.surveys
            for table in study.questionnaires[source.id].cross
        ),
        *(
            _ratio_sentence(study, estimates, source, ratio)
            for source in study.surveys
            for ratio in study.questionnaires[source.id].ratio
        ),
    ]
    return "\n".join(f"- {finding}" for finding in findings if finding)


def items(
    study: Study, estimates: pd.DataFrame, theme: str
) -> list[tuple[str, Result]]:
    """The shares of one theme with their names, in the order of the questionnaire.

    A distribution gives a share per category. Never sorted by size: participants who
    chose themselves put nothing in order.
    """
    return [
        (result.category or indicator.label, result)
        for source in study.surveys
        for indicator in _of_theme(study, source, theme)
        for result in find_all(
            estimates,
            source=source.id,
            indicator=indicator.id,
            by=TOTAL,
            statistic="share",
        )
    ]


def _of_theme(study: Study, source: Source, theme: str) -> Iterator[Indicator]:
    questionnaire = study.questionnaires[source.id]
    for indicator in questionnaire.indicator:
        if questionnaire.questions[indicator.question].theme == theme:
            yield indicator


def name_of(study: Study, source: Source, indicator: Indicator) -> str:
    """The name of an outcome on its own; a ticked box needs that of its question."""
    question = study.questionnaires[source.id].questions[indicator.question]
    if question.type != "multiple":
        return dutch.capitalised(indicator.label)
    return f"{dutch.capitalised(question.short)} ({indicator.label})"


def describe_items(study: Study, estimates: pd.DataFrame, theme: str) -> str:
    """The headline outcomes of a theme, and every outcome on fewer answers.

    The figure holds the rest: all of those rest on the answers of every participant.
    """
    found = [
        (source, indicator, result)
        for source in study.surveys
        for indicator in _of_theme(study, source, theme)
        if (result := find(estimates, source=source.id, indicator=indicator.id))
        and result.statistic == "share"
    ]
    if not found:
        return ""
    told = [
        f"{name_of(study, source, indicator)}: **{counted(study, estimates, result)}**."
        for source, indicator, result in found
        if indicator.role == "headline" or not _is_complete(estimates, result)
    ]
    everyone = completed(estimates, found[0][0].id) or 0
    rest = len(found) - len(told)
    population = study.questionnaires[found[0][0].id].population
    all_answered = (
        f"Alle {dutch.number(everyone)} {population} beantwoordden "
        f"{'de andere vragen' if told else 'deze vragen'}."
    )
    return "\n".join(f"- {each}" for each in told + [all_answered] * bool(rest))


def _is_complete(estimates: pd.DataFrame, result: Result) -> bool:
    return result.n == completed(estimates, result.source)


def describe_cross_tables(
    study: Study, estimates: pd.DataFrame, theme: str = ""
) -> str:
    """Each cross table, or each of a theme, in a sentence: how many in every cell."""
    return "\n\n".join(
        _cross_sentence(study, estimates, source, table)
        for source, table in cross_tables(study, theme)
    )


def cross_tables(study: Study, theme: str = "") -> Iterator[tuple[Source, CrossTable]]:
    """The declared cross tables; one belongs to the theme of its columns."""
    for source in study.surveys:
        for table in study.questionnaires[source.id].cross:
            if theme in ("", theme_of(study, source.id, table.columns)):
                yield source, table


def _cross_sentence(
    study: Study, estimates: pd.DataFrame, source: Source, table: CrossTable
) -> str:
    """*Van de 84 deelnemende gemeenten hebben 15 (18%) visie en normen, …*"""
    cells = find_all(estimates, source=source.id, indicator=table.id, by=TOTAL)
    if not cells:
        return ""
    parts = [f"**{_count(cell)}** ({cell.value}) {cell.category}" for cell in cells]
    base = dutch.number(cells[0].n or 0)
    who = study.questionnaires[source.id].population
    return f"Van de {base} {who} hebben {dutch.listing(parts)}."


def _count(result: Result) -> str:
    return dutch.SUPPRESSED if result.count is None else dutch.number(result.count)


def sides(study: Study, source: Source, indicator: str) -> tuple[str, str]:
    """The answers that reach an indicator and those that do not, in words.

    *ja* and *deels of nee*; without named answers *wel* and *niet*.
    """
    questionnaire = study.questionnaires[source.id]
    known = questionnaire.indicators[indicator]
    question = questionnaire.questions[known.question]
    if not known.categories or question.type == "multiple":
        return "wel", "niet"
    others = [each for each in question.categories if each not in known.categories]
    return dutch.listing(known.categories, "of"), dutch.listing(others, "of")


def describe_ratios(study: Study, estimates: pd.DataFrame) -> str:
    """Every declared ratio, with both means and what it does not prove."""
    found = [
        sentence
        for source in study.surveys
        for ratio in study.questionnaires[source.id].ratio
        if (sentence := _ratio_sentence(study, estimates, source, ratio))
    ]
    if not found:
        return ""
    caution = (
        "Dat is een samenhang bij deze deelnemers, geen bewijs van een oorzaak. "
        "Dezelfde persoon vulde in wat de gemeente heeft geregeld en welke problemen "
        "er zijn. Een percentage *meer* is iets anders dan een verschil in "
        "procentpunten."
    )
    return "\n\n".join([*found, caution])


def _ratio_sentence(
    study: Study, estimates: pd.DataFrame, source: Source, ratio: GroupRatio
) -> str:
    """*… melden gemiddeld 3,4 problemen, … 2,4: 42% meer.*"""
    questionnaire = study.questionnaires[source.id]
    sides = [
        _group_mean(estimates, source, ratio.indicator, name)
        for name in (ratio.group, ratio.reference)
    ]
    found = find(
        estimates,
        source=source.id,
        indicator=ratio.id,
        by=DOMAIN,
        group=ratio.group,
    )
    if found is None or found.estimate is None or None in sides:
        return ""
    labels = [
        questionnaire.filters[name].label for name in (ratio.group, ratio.reference)
    ]
    what = questionnaire.indicators[ratio.indicator].label
    (first, second) = (
        f"{label} **{side.value}** ({dutch.base(side.n or 0)})"
        for label, side in zip(labels, sides, strict=True)
        if side is not None
    )
    few = " Weinig antwoorden: lees als voorbeeld." if found.is_indicative else ""
    return (
        f"{dutch.capitalised(what)}: {first}, {second}. Dat is {_more(found.estimate)} "
        f"(een verhouding van {dutch.number(found.estimate, 2)}).{few}"
    )


def _group_mean(
    estimates: pd.DataFrame, source: Source, indicator: str, group: str
) -> Result | None:
    return find(
        estimates, source=source.id, indicator=indicator, by=DOMAIN, group=group
    )


def _more(ratio: float) -> str:
    size = dutch.percentage(abs(ratio - 1))
    return f"{size} {'meer' if ratio >= 1 else 'minder'}"


def describe_limits(study: Study, estimates: pd.DataFrame) -> str:
    """What this measurement cannot say, on the page where people look first."""
    found = _participation(study, estimates)
    others = "" if found is None else dutch.number((found.n or 0) - (found.count or 0))
    points = [
        f"Hoe het is bij de {others} gemeenten die niet meededen. Wie zich aanmeldt, "
        "kan verder zijn met dit onderwerp dan wie dat niet doet. Daarom staat er "
        "nergens een marge.",
        "Of een beleid werkt. Per gemeente antwoordde één persoon, over het beleid én "
        "over de problemen.",
        "Of groepen van elkaar verschillen. Een groep van minder dan "
        f"{study.measurement.disclosure.indicative_below} gemeenten (met een "
        "sterretje) is een voorbeeld, geen maat.",
    ]
    return "\n".join(["### Wat we niet weten", "", *(f"- {each}" for each in points)])


def describe_fitting_bases(study: Study) -> str:
    """On which bases all quoted percentages together would have been possible.

    Only where they are quoted on one number of answers. Bases from 70% of it are
    tried: with fewer answers the quoted number would hardly have been named.
    """
    quoted = [each for each in study.claims if each.kind == "percentage" and each.n]
    sizes = {each.n for each in quoted if each.n}
    if len(sizes) != 1 or any(each.weighted for each in quoted):
        return ""
    (n,) = sizes
    values = [each.value for each in quoted]
    impossible = [value for value in values if not feasible_counts(value, n)]
    if not impossible:
        return ""
    lowest = -int(-n * _LOWEST_BASE // 1)
    bases = fitting_bases(values, range(lowest, n + 1))
    said = dutch.listing(f"{value}%" for value in impossible)
    start = (
        f"{said} {'is' if len(impossible) == 1 else 'zijn'} onmogelijk als alle "
        f"{dutch.number(n)} deelnemers de vraag beantwoordden."
    )
    if not bases:
        return f"{start} Er is ook geen kleiner aantal waarbij alle percentages passen."
    fits = dutch.listing((dutch.number(each) for each in bases), last="of")
    return (
        f"{start} Alle {dutch.number(len(values))} percentages samen passen wel bij "
        f"{fits} antwoorden (gezocht van {dutch.number(lowest)} tot en met "
        f"{dutch.number(n)}). Welk aantal het was, is niet af te leiden. Daarom staat "
        "in dit rapport bij elke vraag het aantal antwoorden."
    )
