"""Dutch sentences that say no more than their numbers do.

A sentence follows the interval of its number (DOMAIN-D30, D41; DESIGN §8.10, §8.14):
a difference that is not shown is never called equal, groups are ordered only where
their difference is, and words for a share of the population need the whole interval.
Every function takes the study and protected tables and gives markdown; a part that a
measurement does not have is worded, not skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.answers import DONT_KNOW, DONT_KNOW_SUFFIX
from kcc_research.estimation.difference import REST
from kcc_research.estimation.tables import (
    DOMAIN,
    NOT_ASKED_GROUP,
    TOTAL,
    UNKNOWN_GROUP,
)
from kcc_research.reporting.comparison import (
    Difference,
    differences,
    wave_differences,
    wave_words,
)
from kcc_research.reporting.result import (
    Result,
    find,
    find_all,
    formatted,
    headline,
    judged_by,
    question_with_role,
    with_role,
)
from kcc_research.reporting.trend import WaveResults, trend
from kcc_research.study.indicator import Indicator, Role
from kcc_research.study.measurement import EVERYONE, Source, Study
from kcc_research.study.questionnaire import Question


def respondents(study: Study, source: Source) -> str:
    """Who the answers of a source speak for, as a noun phrase."""
    questionnaire = study.questionnaires[source.id]
    if source.target == EVERYONE:
        return questionnaire.population
    return questionnaire.filters[source.target].label


def evidence(result: Result) -> str:
    """What stands behind a number: its base, weighting and interval.

    ``gewogen; 353 antwoorden; 95%-marge 6,4–6,8`` or ``525 van 750``.
    """
    if result.n is None:
        return "te weinig antwoorden om te publiceren"
    unweighted_share = result.statistic == "share" and not result.weighted
    if unweighted_share and result.count is not None:
        parts = [f"{dutch.number(result.count)} van {dutch.number(result.n)}"]
    else:
        parts = ["gewogen"] if result.weighted else []
        parts.append(dutch.counted(result.n, "antwoord", "antwoorden"))
    if result.interval:
        parts.append(f"95%-marge {result.interval}")
    if result.is_indicative:
        parts.append("weinig antwoorden: lees als voorbeeld")
    return "; ".join(parts)


def on_scale(value: str, question: Question) -> str:
    """``een 6,6`` for a grade, ``3,7 op een schaal van 1 tot en met 5`` for a scale."""
    if question.type == "grade" or question.range is None:
        return f"een **{value}**"
    low, high = (dutch.number(bound) for bound in question.range)
    return f"**{value}** op een schaal van {low} tot en met {high}"


def describe(study: Study, source: Source, indicator: Indicator, result: Result) -> str:
    """One sentence about one number."""
    question = study.questionnaires[source.id].questions[indicator.question]
    if not result.is_shown:
        return f"{dutch.capitalised(indicator.label)}: {evidence(result)}."
    if indicator.statistic == "mean":
        shown = f"gemiddeld {on_scale(result.value, question)}"
    else:
        shown = f"**{result.value}**"
    return f"{dutch.capitalised(indicator.label)}: {shown} ({evidence(result)})."


def describe_headline(study: Study, estimates: pd.DataFrame) -> str:
    """The grade of the measurement, who gave it, and how sure it is."""
    found = headline(study)
    if found is None:
        return "Deze meting heeft geen rapportcijfer."
    source, indicator = found
    result = find(estimates, source=source.id, indicator=indicator.id)
    if result is None or not result.is_shown:
        return "Er zijn te weinig antwoorden om een rapportcijfer te publiceren."
    question = study.questionnaires[source.id].questions[indicator.question]
    shown = on_scale(result.value, question)
    sentence = f"{_givers(study, source, result)} de dienstverlening gemiddeld {shown}"
    answers = dutch.counted(result.n or 0, "antwoord", "antwoorden")
    base = f"gewogen, {answers}" if result.weighted else answers
    parts = [f"{sentence} ({base}).", _reach(study, result)]
    unsure = dont_know(study, estimates, result)
    if unsure is not None and unsure.is_shown:
        parts.append(f"Weet niet: {unsure.value}.")
    return " ".join(parts)


def _givers(study: Study, source: Source, result: Result) -> str:
    """Who gives the grade: the people the answers speak for, or who took part."""
    if not study.measurement.has_sampling_error:
        return f"De {dutch.number(result.n or 0)} deelnemers geven"
    return f"{dutch.capitalised(respondents(study, source))} geven"


def _reach(study: Study, result: Result) -> str:
    if result.has_interval:
        low, high = dutch.grade(result.ci_low or 0), dutch.grade(result.ci_high or 0)
        return (
            "Hadden we de hele groep gevraagd, dan was het gemiddelde waarschijnlijk "
            f"tussen {low} en {high} (95% zekerheid). Wie niet wilde antwoorden, telt "
            "in die marge niet mee."
        )
    if study.measurement.has_sampling_error:
        return "Voor dit gemiddelde is geen marge te berekenen."
    return "Het cijfer geldt voor wie heeft geantwoord; een marge hoort daar niet bij."


def dont_know(study: Study, estimates: pd.DataFrame, result: Result) -> Result | None:
    """The share *weet niet* of the question behind a result (DOMAIN-D19)."""
    indicators = study.questionnaires[result.source].indicators
    question = indicators[result.indicator].question
    return find(
        estimates,
        source=result.source,
        indicator=f"{question}{DONT_KNOW_SUFFIX}",
        by=result.by,
        group=result.group,
        category=DONT_KNOW,
    )


def summarise(
    study: Study,
    estimates: pd.DataFrame,
    comparisons: pd.DataFrame,
    verdicts: pd.DataFrame,
    earlier: Iterable[WaveResults],
) -> str:
    """The findings a councillor should know, each hedged by its interval."""
    waves = study.measurement.earlier
    findings = [
        describe_headline(study, estimates),
        describe_satisfaction(study, estimates),
        describe_trend(study, estimates, comparisons, earlier) if waves else "",
        describe_gains(study, estimates, comparisons),
        describe_order(study, comparisons, "channel"),
        describe_improvements(study, verdicts),
    ]
    return "\n".join(f"- {finding}" for finding in findings if finding)


def describe_satisfaction(study: Study, estimates: pd.DataFrame) -> str:
    """Satisfied and dissatisfied people of the headline's source, as defined."""
    found = headline(study)
    roles: tuple[Role, ...] = ("satisfaction", "dissatisfaction")
    sentences = []
    for source, indicator in (
        each for role in roles for each in with_role(study, role)
    ):
        result = find(estimates, source=source.id, indicator=indicator.id)
        if result is not None and found is not None and source.id == found[0].id:
            sentences.append(describe(study, source, indicator, result))
    return " ".join(sentences)


def describe_unknowns(study: Study, estimates: pd.DataFrame) -> str:
    """What this measurement cannot say, on the page where people look first."""
    points = [
        _non_response(study),
        *(_unweighted(study, each, estimates) for each in study.surveys),
        _breaks(study),
        _small_groups(study, estimates),
    ]
    lines = [f"- {point}" for point in points if point]
    return "\n".join(["### Wat we niet weten", "", *lines]) if lines else ""


def _non_response(study: Study) -> str:
    if not study.measurement.has_sampling_error:
        return (
            "De antwoorden gelden voor wie meedeed. Over anderen zegt dit onderzoek "
            "niets."
        )
    return (
        "Wie niet meedeed, denkt misschien anders dan wie wel meedeed. Dat zit niet in "
        "de marges."
    )


def _unweighted(study: Study, source: Source, estimates: pd.DataFrame) -> str:
    if is_weighted(source, estimates) or not study.measurement.has_sampling_error:
        return ""
    return (
        f"{dutch.capitalised(source.label or source.id)}: de antwoorden zijn niet "
        "gewogen. Deden "
        "sommige groepen vaker mee dan andere, dan is dat niet hersteld."
    )


def is_weighted(source: Source, estimates: pd.DataFrame) -> bool:
    """Whether the numbers of a source are weighted, as the tables say."""
    rows = estimates[(estimates["source"] == source.id) & (estimates["by"] == TOTAL)]
    return bool(rows["weighted"].any())


def _breaks(study: Study) -> str:
    broken = [each for each in study.measurement.earlier if not each.comparable]
    if not broken or headline(study) is None:
        return ""
    waves = dutch.listing((wave_words(each.measurement) for each in broken), "of")
    return (
        f"Of het cijfer hoger of lager is dan in {waves}, is niet te zeggen: "
        f"{_lower_first(broken[0].reason)}"
    )


def _small_groups(study: Study, estimates: pd.DataFrame) -> str:
    policy = study.measurement.disclosure
    small: dict[str, list[str]] = {}
    for source, indicator in with_role(study, "headline"):
        for row in find_all(estimates, source=source.id, indicator=indicator.id):
            is_group = row.by not in (TOTAL, DOMAIN)
            has_name = row.group not in (NOT_ASKED_GROUP, UNKNOWN_GROUP)
            if is_group and has_name and (row.is_indicative or not row.is_shown):
                groups = small.setdefault(_breakdown(study, source, row.by), [])
                groups += [row.group] if row.group not in groups else []
    if not small:
        return ""
    named = "; ".join(
        f"naar {breakdown} {_first(sorted(groups))}"
        for breakdown, groups in sorted(small.items())
    )
    return (
        f"Over kleine groepen zegt dit onderzoek weinig: {named}. Een cijfer van "
        f"minder dan {policy.indicative_below} mensen is een voorbeeld, van minder dan "
        f"{policy.minimum_base} publiceren we niet."
    )


def _first(names: Sequence[str], most: int = 6) -> str:
    """Some names; of more than ``most`` the rest is counted."""
    if len(names) <= most:
        return dutch.listing(names)
    return f"{', '.join(names[:most])} en nog {len(names) - most}"


def _breakdown(study: Study, source: Source, by: str) -> str:
    return study.questionnaires[source.id].questions[by].short.lower()


def describe_trend(
    study: Study,
    estimates: pd.DataFrame,
    comparisons: pd.DataFrame,
    earlier: Iterable[WaveResults],
) -> str:
    """The headline against the latest earlier measurement, or why that cannot be."""
    found = headline(study)
    if not study.measurement.earlier:
        return "Er is geen eerdere meting om mee te vergelijken."
    if found is None:
        return "Deze meting heeft geen rapportcijfer om in de tijd te volgen."
    source, indicator = found
    rows = wave_differences(
        study, comparisons, source=source.id, indicator=indicator.id, by=TOTAL
    )
    if not rows:
        return "In de eerdere metingen is dit cijfer niet gevraagd."
    waves = list(earlier)
    points = [
        point
        for point in trend(study, estimates, comparisons, waves, source, indicator)
        if point.result.is_shown
    ]
    if rows[0].verdict != "not_comparable" or len(points) < 2:
        return describe_difference(rows[0])
    then, now = (point.result for point in points[-2:])
    reason = _lower_first(rows[0].reason).rstrip(".")
    return (
        f"Het cijfer is nu een {now.value}; in {rows[0].against} was het een "
        f"{then.value} ({dutch.counted(then.n or 0, 'antwoord', 'antwoorden')}). Die "
        f"twee zijn **niet vergelijkbaar**: {reason}."
    )


def describe_gains(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> str:
    """What demonstrably rose or fell since the latest comparable measurement."""
    found = headline(study)
    shown = [
        row
        for row in wave_differences(study, comparisons, by=TOTAL)
        if row.verdict in ("higher", "lower")
        and (found is None or row.indicator != found[1].id)
    ]
    latest = [row for row in shown if row.reference == shown[0].reference]
    if not latest:
        return ""
    changes = "; ".join(_change(estimates, row) for row in latest)
    return f"Aantoonbaar veranderd sinds {latest[0].against}: {changes}."


def _change(estimates: pd.DataFrame, row: Difference) -> str:
    """``**duidelijke communicatie**: 64%, was 47% (waarschijnlijk tussen …)``."""
    now = find(estimates, source=row.source, indicator=row.indicator)
    name = f"**{_lower_first(row.label)}**"
    span = f"waarschijnlijk tussen {row.span}; {row.sizes}"
    if now is None or now.estimate is None or row.difference is None:
        return f"{name} {row.amount} ({span})"
    then = formatted(now.estimate - row.difference, now.statistic)
    return f"{name} {now.value}, was {then} ({span})"


def describe_changes(study: Study, comparisons: pd.DataFrame) -> str:
    """What was tested against earlier waves, and what could not be compared."""
    every = wave_differences(study, comparisons, by=TOTAL)
    tested = [row for row in every if row.is_tested]
    shown = [row for row in tested if row.verdict != "not_shown"]
    listed = tested if len(tested) <= MOST_SENTENCES else shown
    told, rest_of = _latest_only(listed)
    parts = []
    if listed:
        parts.append(f"Wat wel te vergelijken is{_bridges(study)}:")
        parts.append("\n".join(f"- {describe_difference(row)}" for row in told))
    if rest_of:
        parts.append(
            f"Wat verschilt van {dutch.listing(rest_of)}, staat in de tabel hieronder."
        )
    if len(listed) < len(tested):
        rest = dutch.number(len(tested) - len(listed))
        which = f"de andere {rest}" if listed else f"geen van de {rest}"
        none = "geen" if listed else "een"
        parts.append(
            f"Bij {which} getoetste uitkomsten zien we {none} duidelijk verschil."
        )
    return "\n\n".join([*parts, *_closed(study, every)])


def _latest_only(rows: Sequence[Difference]) -> tuple[list[Difference], list[str]]:
    """Differences to tell in sentences, and the measurements left to the table.

    More than a few sentences are told of the latest measurement only.
    """
    references = list(dict.fromkeys(row.reference for row in rows))
    if len(rows) <= MOST_SENTENCES or len(references) == 1:
        return list(rows), []
    latest = [row for row in rows if row.reference == references[0]]
    return latest, [wave_words(each) for each in references[1:]]


def _closed(study: Study, rows: Sequence[Difference]) -> list[str]:
    """Why the rest is not compared: once per reason, bridges by name."""
    bridged = {
        (earlier.measurement, name)
        for earlier in study.measurement.earlier
        for bridge in earlier.bridge
        for name in bridge.indicators
    }
    closed = [row for row in rows if row.verdict == "not_comparable"]
    named = [row for row in closed if (row.reference, row.indicator) in bridged]
    found = [describe_difference(row) for row in named]
    others: dict[str, list[Difference]] = {}
    for row in closed:
        if row not in named:
            others.setdefault(_lower_first(row.reason).rstrip("."), []).append(row)
    if len(others) == 1:
        (why,) = others
        return [*found, f"De andere uitkomsten zijn niet vergelijkbaar: {why}."]
    return found + [_not_comparable(rows, why) for why, rows in others.items()]


def _not_comparable(rows: Sequence[Difference], why: str) -> str:
    """One reason, with the outcomes and the measurements it is about."""
    labels = list(dict.fromkeys(_lower_first(row.label) for row in rows))
    waves = list(dict.fromkeys(row.against for row in rows))
    if len(labels) > MOST_SENTENCES:
        what = f"{dutch.number(len(labels))} uitkomsten zijn"
    else:
        verb = "is" if len(labels) == 1 else "zijn"
        what = f"{dutch.capitalised(dutch.listing(labels))} {verb}"
    return f"{what} niet vergelijkbaar met {dutch.listing(waves)}: {why}."


MOST_SENTENCES = 6  # more than that is a table, not a text


def _bridges(study: Study) -> str:
    """The declared reasons why some indicators can be compared all the same."""
    reasons = dict.fromkeys(
        _lower_first(bridge.reason).rstrip(".")
        for earlier in study.measurement.earlier
        for bridge in earlier.bridge
    )
    return f" ({dutch.listing(reasons)})" if reasons else ""


def describe_difference(row: Difference) -> str:
    """One comparison in words; *not shown* is never *equal* (STAT-C5)."""
    what = dutch.capitalised(row.label)
    if row.verdict == "not_comparable":
        reason = _lower_first(row.reason).rstrip(".")
        return f"{what}: **niet vergelijkbaar** met {row.against}: {reason}."
    if not row.is_tested:
        return f"{what}, tegenover {row.against}: {row.reason or 'niet te toetsen'}."
    if row.verdict == "not_shown":
        return (
            f"{what}: we zien geen duidelijk verschil met {row.against}. Het ligt "
            f"waarschijnlijk tussen {row.span}."
        )
    word = "hoger" if row.verdict == "higher" else "lager"
    return (
        f"{what}: **{word}** dan in {row.against}, met {row.amount} (waarschijnlijk "
        f"tussen {row.span})."
    )


def describe_order(study: Study, comparisons: pd.DataFrame, role: str) -> str:
    """Groups that demonstrably differ from the others together (STAT-C10)."""
    found = question_with_role(study, role)
    indicator = judged_by(study, found[0], role) if found else None
    if found is None or indicator is None:
        return ""
    source, question = found
    rows = differences(
        study,
        comparisons,
        source=source.id,
        by=question.id,
        indicator=indicator.id,
        reference=REST,
    )
    if not rows:
        return ""
    shown = [row for row in rows if row.verdict in ("higher", "lower")]
    if not shown:
        return (
            f"Naar {question.short.lower()} zien we geen duidelijke verschillen. De "
            "marges zijn te groot om een volgorde te geven."
        )
    sentences = [
        f"**{dutch.capitalised(row.group)}** krijgt een "
        f"{'hoger' if row.verdict == 'higher' else 'lager'} cijfer dan de rest samen: "
        f"{row.amount} (waarschijnlijk tussen {row.span}; {row.sizes})."
        for row in shown
    ]
    if len(shown) < len(rows):
        sentences.append("Bij de andere zien we geen duidelijk verschil met de rest.")
    return f"{_about(study, source)}{' '.join(sentences)}"


def _about(study: Study, source: Source) -> str:
    """Which questionnaire a finding comes from, where there are more."""
    if len(study.surveys) == 1:
        return ""
    return f"{dutch.capitalised(source.label or source.id)}: "


def list_channels(study: Study, estimates: pd.DataFrame) -> list[str]:
    """Channels with answers, in declared order; empty where none was asked."""
    found = question_with_role(study, "channel")
    if found is None:
        return []
    source, question = found
    present = {
        row.group for row in find_all(estimates, source=source.id, by=question.id)
    }
    return [group for group in question.categories if group in present]


def describe_channel(study: Study, estimates: pd.DataFrame, channel: str) -> str:
    """A chapter opening for one channel: grade and satisfaction, with their base."""
    found = question_with_role(study, "channel")
    if found is None:
        return ""
    source, question = found
    lines = [f"## {dutch.capitalised(channel)}", ""]
    for indicator in study.questionnaires[source.id].indicator:
        if indicator.role in ("headline", "satisfaction"):
            result = find(
                estimates,
                source=source.id,
                indicator=indicator.id,
                by=question.id,
                group=channel,
            )
            if result is not None:
                lines.append(describe(study, source, indicator, result))
    return "\n".join(lines)


def describe_improvements(study: Study, verdicts: pd.DataFrame) -> str:
    """Aspects below their declared level, as far as the interval shows it."""
    aspects = {
        indicator.id: aspect_name(study, source, indicator)
        for source, indicator in with_role(study, "aspect")
    }
    rows = verdicts[verdicts["indicator"].isin(list(aspects))]
    if not aspects:
        return ""
    if rows.empty:
        return (
            "Voor de aspecten is geen gewenst niveau opgegeven. Daarom noemen we geen "
            "verbeterpunten."
        )
    if (rows["verdict"] == "not_measured").all():
        return (
            "Of de aspecten het gewenste niveau halen, is niet te zeggen: "
            f"{rows['reason'].iloc[0]}."
        )

    def named(verdict: str) -> str:
        chosen = rows.loc[rows["verdict"].isin(verdict.split()), "indicator"]
        return dutch.listing(f"“{_lower_first(aspects[name])}”" for name in chosen)

    level = _levels(rows["norm"])
    below, unsure = named("not_met not_yet"), named("undecided")
    sentences = [
        f"Verbeterpunten, aantoonbaar onder {level}: **{below}**."
        if below
        else f"Geen enkel aspect ligt aantoonbaar onder {level}."
    ]
    if unsure:
        sentences.append(f"Te dichtbij om te zeggen is het bij {unsure}.")
    return " ".join(sentences)


def _levels(norms: pd.Series) -> str:
    known = sorted(set(norms.dropna()))
    if len(known) == 1:
        return f"de norm van {dutch.grade(known[0])}"
    return "hun norm"


def aspect_name(study: Study, source: Source, indicator: Indicator) -> str:
    """An aspect goes by the short name of its question: *Flexibel*."""
    return study.questionnaires[source.id].questions[indicator.question].short


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
