"""Dutch sentences that say no more than their numbers do.

A sentence follows the interval of its number (DOMAIN-D30, D41; DESIGN §8.10, §8.14):
a difference that is not shown is never called equal, groups are ordered only where
their difference is, and words for a share of the population need the whole interval.
Every function takes the study and protected tables and gives markdown; a part that a
measurement does not have is worded, not skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import pandas as pd

from kcc_research import dutch
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
from kcc_research.reporting.participants import counted, speaks_for_itself
from kcc_research.reporting.result import (
    Result,
    find,
    find_all,
    headline,
    judged_by,
    question_with_role,
    with_role,
)
from kcc_research.reporting.trend import WaveResults, trend
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import EVERYONE, Source, Study
from kcc_research.study.questionnaire import Question

RECRUITMENT = {
    "random-sample": "een willekeurige steekproef",
    "panel": "een panel",
    "intercept": "bezoekers die ter plekke zijn gevraagd",
    "open-link": "een open link: iedereen kon meedoen",
    "self-selected": "deelnemers die zichzelf hebben aangemeld",
    "census": "iedereen",
    "registration": "een volledige registratie",
}
MODE = {
    "web": "via internet",
    "paper": "op papier",
    "phone": "per telefoon",
    "face-to-face": "in een gesprek",
    "mixed": "op verschillende manieren",
    "panel": "via een panel",
}


class FileLike(Protocol):
    """A raw file as received."""

    @property
    def name(self) -> str: ...
    @property
    def sha256(self) -> str: ...


class SourceLike(Protocol):
    """What the account of a run says about one source."""

    @property
    def id(self) -> str: ...
    @property
    def files(self) -> Sequence[FileLike]: ...
    @property
    def rows(self) -> int: ...
    @property
    def changes(self) -> Mapping[str, int]: ...
    @property
    def warnings(self) -> Sequence[str]: ...


class AccountLike(Protocol):
    """The frozen account of a run, as far as the *verantwoording* words it."""

    @property
    def sources(self) -> Sequence[SourceLike]: ...
    @property
    def warnings(self) -> Sequence[str]: ...
    @property
    def definitions(self) -> Mapping[str, str]: ...
    @property
    def notebooks(self) -> Mapping[str, str]: ...
    @property
    def software(self) -> Mapping[str, str]: ...
    @property
    def package_sha256(self) -> str: ...
    @property
    def lock_sha256(self) -> str: ...


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
    who = dutch.capitalised(respondents(study, source))
    shown = on_scale(result.value, question)
    weighted = "gewogen, " if result.weighted else ""
    sentence = (
        f"{who} geven de dienstverlening gemiddeld {shown} ({weighted}"
        f"{dutch.counted(result.n or 0, 'antwoord', 'antwoorden')})."
    )
    return f"{sentence} {_reach(study, result)}"


def _reach(study: Study, result: Result) -> str:
    if result.has_interval:
        low, high = dutch.grade(result.ci_low or 0), dutch.grade(result.ci_high or 0)
        return (
            f"Had iedereen uit deze groep geantwoord, dan lag het gemiddelde "
            f"waarschijnlijk tussen {low} en {high} (95% zekerheid)."
        )
    if study.measurement.has_sampling_error:
        return "Voor dit gemiddelde is geen marge te berekenen."
    return "Het cijfer geldt voor wie heeft geantwoord; een marge hoort daar niet bij."


def summarise(
    study: Study,
    estimates: pd.DataFrame,
    comparisons: pd.DataFrame,
    verdicts: pd.DataFrame,
    earlier: Iterable[WaveResults],
) -> str:
    """The findings a councillor should know, each hedged by its interval."""
    findings = [
        describe_headline(study, estimates),
        describe_satisfaction(study, estimates),
        describe_trend(study, estimates, comparisons, earlier),
        describe_gains(study, comparisons),
        describe_order(study, comparisons, "channel"),
        describe_improvements(study, verdicts),
    ]
    return "\n".join(f"- {finding}" for finding in findings if finding)


def describe_satisfaction(study: Study, estimates: pd.DataFrame) -> str:
    """Satisfaction of the headline's source, with its definition."""
    found = headline(study)
    sentences = []
    for source, indicator in with_role(study, "satisfaction"):
        result = find(estimates, source=source.id, indicator=indicator.id)
        if result is not None and found is not None and source.id == found[0].id:
            sentences.append(describe(study, source, indicator, result))
    return " ".join(sentences)


def describe_unknowns(study: Study, estimates: pd.DataFrame) -> str:
    """What this measurement cannot say, on the page where people look first."""
    points = [
        _non_response(study),
        *(_unweighted(study, each) for each in study.measurement.source),
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


def _unweighted(study: Study, source: Source) -> str:
    if source.margins is not None or source.weight is not None:
        return ""
    return (
        f"De antwoorden op de {source.label or source.id} zijn niet gewogen. Zijn "
        "sommige groepen vaker gaan meedoen dan andere, dan is dat niet hersteld."
    )


def _breaks(study: Study) -> str:
    broken = [each for each in study.measurement.earlier if not each.comparable]
    if not broken:
        return ""
    waves = dutch.listing(wave_words(each.measurement) for each in broken)
    return (
        f"Of het cijfer hoger of lager is dan in {waves}, is niet te zeggen: "
        f"{_lower_first(broken[0].reason)}"
    )


def _small_groups(study: Study, estimates: pd.DataFrame) -> str:
    small = {
        row.group
        for source, indicator in with_role(study, "headline")
        for row in find_all(estimates, source=source.id, indicator=indicator.id)
        if row.by not in (TOTAL, DOMAIN)
        and row.group not in (NOT_ASKED_GROUP, UNKNOWN_GROUP)
        and (row.is_indicative or row.status == "suppressed")
    }
    if not small:
        return ""
    named = dutch.listing(sorted(small)[:6]) + (" en andere" if len(small) > 6 else "")
    return (
        f"Over kleine groepen zegt dit onderzoek weinig: {named}. Minder dan 30 "
        "antwoorden is een voorbeeld, minder dan 10 publiceren wij niet."
    )


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
        return ""
    source, indicator = found
    rows = wave_differences(
        study, comparisons, source=source.id, indicator=indicator.id, by=TOTAL
    )
    if not rows:
        return ""
    points = trend(study, estimates, earlier, source, indicator)
    values = [point.result.value for point in points if point.result.is_shown][-2:]
    if rows[0].verdict != "not_comparable" or len(values) < 2:
        return describe_difference(rows[0])
    then, now = values
    reason = _lower_first(rows[0].reason).rstrip(".")
    return (
        f"Het cijfer is nu een {now}; in {rows[0].against} was het een {then}. Die "
        f"twee zijn **niet vergelijkbaar**: {reason}."
    )


def describe_gains(study: Study, comparisons: pd.DataFrame) -> str:
    """What demonstrably rose or fell since the latest comparable measurement."""
    found = headline(study)
    shown = [
        row
        for row in wave_differences(study, comparisons, by=TOTAL)
        if row.verdict in ("higher", "lower")
        and (found is None or row.indicator != found[1].id)
    ]
    if not shown:
        return ""
    latest = [row for row in shown if row.reference == shown[0].reference]
    words = [
        f"{_lower_first(row.label)} ({row.amount} "
        f"{'hoger' if row.verdict == 'higher' else 'lager'})"
        for row in latest
    ]
    return (
        f"Aantoonbaar veranderd sinds {latest[0].against}: **{dutch.listing(words)}**."
    )


def describe_changes(study: Study, comparisons: pd.DataFrame) -> str:
    """What was tested against earlier waves, and what could not be compared."""
    every = wave_differences(study, comparisons, by=TOTAL)
    tested = [row for row in every if row.is_tested]
    if not tested:
        return ""
    shown = [row for row in tested if row.verdict != "not_shown"]
    listed = tested if len(tested) <= MOST_SENTENCES else shown
    parts = [
        f"Wat wel te vergelijken is{_bridges(study)}:",
        "\n".join(f"- {describe_difference(row)}" for row in listed),
    ]
    if len(listed) < len(tested):
        parts.append(
            f"Bij de andere {dutch.number(len(tested) - len(listed))} uitkomsten in de "
            "tabel zien we geen duidelijk verschil."
        )
    if any(row.verdict == "not_comparable" for row in every):
        parts.append(
            "De andere uitkomsten zijn niet vergelijkbaar, om dezelfde reden als het "
            "cijfer."
        )
    return "\n\n".join(part for part in parts if part)


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
    if found is None:
        return ""
    source, question = found
    indicator = judged_by(study, source, role)
    if indicator is None:
        return ""
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
    what = question.short.lower()
    if not shown:
        return (
            f"Naar {what} zien we geen duidelijke verschillen. De marges zijn te groot "
            "om een volgorde te geven."
        )
    sentences = [
        f"**{dutch.capitalised(row.group)}** krijgt een "
        f"{'hoger' if row.verdict == 'higher' else 'lager'} cijfer dan de rest samen: "
        f"{row.amount} (waarschijnlijk tussen {row.span})."
        for row in shown
    ]
    rest = len(rows) - len(shown)
    more = " Bij de andere zien we geen duidelijk verschil met de rest."
    return " ".join(sentences) + (more if rest else "")


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
            "Voor de aspecten is geen gewenst niveau afgesproken. Daarom noemen we "
            "geen verbeterpunten."
        )

    def named(verdict: str) -> str:
        chosen = rows.loc[rows["verdict"].isin(verdict.split()), "indicator"]
        return dutch.listing(_lower_first(aspects[name]) for name in chosen)

    below, unsure = named("not_met not_yet"), named("undecided")
    sentences = [
        f"Verbeterpunten, aantoonbaar onder het afgesproken niveau: **{below}**."
        if below
        else "Geen enkel aspect ligt aantoonbaar onder het afgesproken niveau."
    ]
    if unsure:
        sentences.append(f"Te dichtbij om te zeggen: {unsure}.")
    return " ".join(sentences)


def aspect_name(study: Study, source: Source, indicator: Indicator) -> str:
    """An aspect goes by the short name of its question: *Flexibel*."""
    return study.questionnaires[source.id].questions[indicator.question].short


def author_text(study: Study, slot: str, estimates: pd.DataFrame) -> str:
    """The author's own words for a chapter, with estimates filled in.

    ``{rapportcijfer}`` becomes the printed value of that indicator, of the first
    source that has it. The chapter goes by the name of the slot; without a file for
    it the text is empty, and there is no such chapter.
    """
    if slot not in study.texts:
        return ""
    heading = dutch.capitalised(slot.replace("-", " "))
    words = study.texts[slot].format_map(printed(study, estimates))
    return f"## {heading}\n\n{words}"


def printed(study: Study, estimates: pd.DataFrame) -> dict[str, str]:
    """The printed value of every indicator, by id.

    A share of respondents who chose themselves comes with its count and base.
    """
    values: dict[str, str] = {}
    for source in study.measurement.source:
        for indicator in study.questionnaires[source.id].indicator:
            result = find(estimates, source=source.id, indicator=indicator.id)
            if result is not None:
                value = result.value
                if speaks_for_itself(study, result):
                    value = counted(study, estimates, result)
                values.setdefault(indicator.id, value)
    return values


def introduce(study: Study) -> str:
    """Who were asked, when, how and through which questionnaires."""
    measurement = study.measurement
    fieldwork = measurement.fieldwork
    head = (
        f"{measurement.commissioner} liet onderzoeken wat mensen vinden van de "
        f"dienstverlening in {study.place_name}. Het veldwerk liep van "
        f"{dutch.long_date(fieldwork.start)} tot en met "
        f"{dutch.long_date(fieldwork.end)}. De vragen zijn {MODE[fieldwork.mode]} "
        f"gesteld aan {RECRUITMENT[fieldwork.recruitment]}."
    )
    sources = [
        f"- De **{source.label or source.id}** spreekt voor "
        f"{respondents(study, source)}."
        for source in measurement.source
    ]
    several = (
        "\n\nDe vragenlijsten staan naast elkaar. Hun antwoorden worden nergens bij "
        "elkaar opgeteld."
        if len(sources) > 1
        else ""
    )
    return head + "\n\n" + "\n".join(sources) + several


def describe_weighting(study: Study, estimates: pd.DataFrame) -> str:
    """To which population each source was weighted, and what that did."""
    lines = ["### Weging", ""]
    for source in study.measurement.source:
        lines.append(f"- {_weighting(study, source, estimates)}")
    return "\n".join(lines)


def _weighting(study: Study, source: Source, estimates: pd.DataFrame) -> str:
    label = dutch.capitalised(source.label or source.id)
    weights = {
        row.category: row
        for row in find_all(estimates, source=source.id, indicator="gewicht")
    }
    if not weights:
        return f"{label}: niet gewogen, omdat geen samenstelling is opgegeven."
    questions = study.questionnaires[source.id].questions
    variables = study.margins.get(source.id, {})
    towards = dutch.listing(questions[name].short.lower() for name in variables)
    how = (
        f"gewogen naar {towards}" if towards else "gewogen met kant-en-klare gewichten"
    )
    low, high, deff = (
        dutch.number(weights[name].estimate or 0, 2)
        for name in ("kleinste", "grootste", "ontwerpeffect")
    )
    effective = dutch.number(weights["effectieve n"].estimate or 0)
    return (
        f"{label}: {how}. Het kleinste gewicht is {low}, het grootste {high} keer het "
        f"gemiddelde. Door de weging tellen de antwoorden voor de marges als "
        f"{effective} antwoorden (ontwerpeffect {deff})."
    )


def describe_precision(study: Study) -> str:
    """How margins were made, and what they leave out."""
    if not study.measurement.has_sampling_error:
        return (
            "### Marges\n\nBij deze manier van werven hoort geen marge: de uitkomsten "
            "gelden voor wie meedeed."
        )
    return (
        "### Marges\n\nDe marges gelden bij 95% zekerheid. Gemiddelden hebben een "
        "t-interval, percentages een interval van Korn en Graubard; de weging is "
        "meegerekend. Niet-respons zit niet in de marge: wie niet antwoordde, kan er "
        "anders over denken. Verschillen tussen metingen en groepen zijn getoetst op "
        "het verschil zelf, met correctie voor het aantal toetsen (Holm). De kolom "
        "`detectable` in de open data geeft het kleinste verschil dat dit onderzoek "
        "met 80% kans ziet."
    )


def describe_cleaning(study: Study, account: AccountLike) -> str:
    """What cleaning changed, per source and rule, from the frozen account."""
    lines = ["### Van ruw bestand naar antwoorden", ""]
    for source in account.sources:
        label = study.measurement.sources[source.id].label or source.id
        lines.append(
            f"- {dutch.capitalised(label)}: "
            f"{dutch.counted(_rows_read(source), 'rij', 'rijen')} gelezen; "
            f"{_changes(source.changes)}."
        )
        lines += [
            f"    - {each}" for each in dict.fromkeys(map(_title, source.warnings))
        ]
    lines += [f"- De meting zelf: {_title(each)}." for each in account.warnings]
    return "\n".join(lines)


def _rows_read(source: SourceLike) -> int:
    """Rows of the answers that were kept, and those of municipalities counted once."""
    return source.rows + source.changes.get(DUPLICATE_RESPONSE, 0)


DUPLICATE_RESPONSE = "duplicate_response"
RULES = {
    "identifier": "kolommen met een volgnummer weggelaten",
    "undeclared_column": "kolommen buiten de vragenlijst weggelaten",
    "normalised": "schrijfwijze gelijk gemaakt",
    "personal_data": "persoonsgegevens afgeschermd in open antwoorden",
    "off_route": "antwoorden op een niet gestelde vraag weggelaten",
    "out_of_range": "antwoorden buiten het bereik weggelaten",
    "reversed": "schalen omgedraaid",
    "empty_row": "lege rijen weggelaten",
    "control_characters": "onleesbare tekens weggelaten",
    "municipality": "namen van gemeenten gelijk gemaakt",
    "municipality_code": "gemeentecodes opgezocht bij de naam",
    "size_class": "inwonerklassen gelijk gemaakt aan het register",
    DUPLICATE_RESPONSE: "dubbele antwoorden van een gemeente weggelaten",
}


def _changes(changes: Mapping[str, int]) -> str:
    if not changes:
        return "niets veranderd"
    parts = [
        f"{RULES[rule]} ({dutch.number(number)})" for rule, number in changes.items()
    ]
    return "veranderd: " + dutch.listing(sorted(parts))


def _title(warning: str) -> str:
    """The title of a printed problem, which opens with code and severity."""
    return warning.partition("\n")[0].split("  ")[-1]


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
