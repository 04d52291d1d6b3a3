"""The tables of a report: protected numbers as formatted Dutch cells.

Every function gives a :class:`~kcc_research.reporting.records.Table`, or an
:class:`Absent` that says in Dutch why this measurement has no such table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.feasibility import judge_claims
from kcc_research.estimation.tables import NOT_ASKED_GROUP, TOTAL, UNKNOWN_GROUP
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.comparison import wave_differences
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
    MODE,
    RECRUITMENT,
    AccountLike,
    aspect_name,
    list_channels,
    respondents,
)
from kcc_research.study.indicator import Indicator, Role
from kcc_research.study.measurement import Measurement, Source, Study
from kcc_research.study.norm import ServiceNorm
from kcc_research.study.questionnaire import Question, Questionnaire

SUPPRESSED_NOTE = "x: minder dan 10 antwoorden, niet gepubliceerd."
INDICATIVE_NOTE = "*: 10 tot 30 antwoorden, lees als voorbeeld."
ROUNDING_NOTE = "Door afronding tellen percentages niet altijd op tot 100%."
INTERVAL_NOTE = "De 95%-marge zegt tussen welke waarden het cijfer waarschijnlijk ligt."
DASH = "–"
NOT_KNOWN = "n.b."


def shown(result: Result | None) -> str:
    """The value with its mark: ``6,6``, ``6,6*``, ``x``, or a dash where none is."""
    if result is None:
        return DASH
    return result.value + ("*" if result.is_indicative and result.is_shown else "")


def notes(results: Iterable[Result | None], *extra: str) -> str:
    """The legend of the marks that occur in a table, and no others."""
    present = [result for result in results if result is not None]
    legend = [each for each in extra if each]
    if any(result.status == "suppressed" for result in present):
        legend.append(SUPPRESSED_NOTE)
    if any(result.is_indicative for result in present):
        legend.append(INDICATIVE_NOTE)
    return " ".join(legend)


def rounding_note(results: Sequence[Result]) -> str:
    """The rounding sentence, and only when it is true (DOMAIN-D37)."""
    shares = [result.estimate for result in results if result.estimate is not None]
    if not shares:
        return ""
    total = sum(dutch.rounded(dutch.rounded(share * 100, 9)) for share in shares)
    return "" if total == 100 else ROUNDING_NOTE


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


def _caption(what: str, who: str) -> str:
    return f"{dutch.capitalised(what)}: {who}"


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
    return Table(
        id="tabel-verdeling",
        caption=_caption(indicator.label, base_words(study, source, rows)),
        columns=("Klasse", "Aandeel", "95%-marge", "Aantal antwoorden"),
        rows=tuple(
            (row.category, shown(row), row.interval or DASH, _count(row))
            for row in rows
        ),
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


def _count(row: Result) -> str:
    return dutch.SUPPRESSED if row.count is None else dutch.number(row.count)


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
    rows = {
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
    every = [result for results in rows.values() for result in results]
    if not any(every):
        return Absent(f"Er zijn geen uitkomsten naar {question.short.lower()}.")
    return Table(
        id=f"tabel-{source.id}-{question.id}".replace("_", "-"),
        caption=_caption(
            f"uitkomsten naar {question.short.lower()}", respondents(study, source)
        ),
        columns=(
            question.short,
            *(dutch.capitalised(indicator.label) for indicator in indicators),
            "Aantal antwoorden",
        ),
        rows=tuple(
            (group, *(with_interval(result) for result in results), _base(results[0]))
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


def with_interval(result: Result | None) -> str:
    """``7,0 (6,7–7,2)``, where there is an interval."""
    if result is None or not result.interval:
        return shown(result)
    return f"{shown(result)} ({result.interval})"


def _group_roles(question: Question) -> tuple[str, ...]:
    if question.role == "service":
        return ("service", "headline")
    return ("headline", "satisfaction")


def _base(result: Result | None) -> str:
    return DASH if result is None else result.answers


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
    return Table(
        id="tabel-aspecten",
        caption=f"Aspecten van de dienstverlening: {_aspect_base(study)}",
        columns=(
            "Aspect",
            "Score",
            "95%-marge",
            "Ontevreden",
            "Weet niet",
            "Aantal antwoorden",
        ),
        rows=tuple(
            (
                label,
                shown(score),
                score.interval or DASH,
                shown(low),
                shown(dont_know(study, estimates, score)),
                score.answers,
            )
            for label, score, low in pairs
        ),
        note=notes(flat, "Score: gemiddelde van wie een oordeel gaf, hoger is beter."),
    )


def dont_know(study: Study, estimates: pd.DataFrame, result: Result) -> Result | None:
    """The share *weet niet* of the question behind a result (DOMAIN-D19)."""
    indicators = study.questionnaires[result.source].indicators
    question = indicators[result.indicator].question
    return find(
        estimates,
        source=result.source,
        indicator=f"{question}_weet_niet",
        by=result.by,
        group=result.group,
        category="weet niet",
    )


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
    return Table(
        id="tabel-themas",
        caption="Thema’s in de open antwoorden",
        columns=("Thema", "Aantal personen", "Aandeel"),
        rows=tuple((row.category, _count(row), shown(row)) for row in rows),
        note=notes(
            rows,
            f"Basis: {dutch.number(max(row.n or 0 for row in rows))} personen met een "
            "open antwoord. Wie meer thema’s noemt, telt bij elk thema mee.",
        ),
    )


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
    return Table(
        id="tabel-metingen",
        caption="Uitkomsten per meting",
        columns=("Uitkomst en meting", "Waarde", "95%-marge", "Aantal antwoorden"),
        rows=tuple(
            (
                f"{dutch.capitalised(label)}, {point.label.replace(chr(10), ' ')}",
                shown(point.result),
                point.result.interval or DASH,
                point.result.answers,
            )
            for label, points in panels
            for point in points
        ),
        note=notes(
            (point.result for point in points),
            *(f"Trendbreuk: {reason}" for reason in reasons),
        ),
    )


def tabulate_differences(study: Study, comparisons: pd.DataFrame) -> Table | Absent:
    """Every tested difference with an earlier wave, with what could be detected."""
    every = [row for row in wave_differences(study, comparisons) if row.by == TOTAL]
    rows = [row for row in every if row.is_tested]
    if not every:
        return Absent("Er is geen eerdere meting om mee te vergelijken.")
    if not rows:
        return Absent("Er is geen uitkomst die met een eerdere meting te toetsen is.")
    return Table(
        id="tabel-verschillen",
        caption="Getoetste verschillen met eerdere metingen",
        columns=(
            "Uitkomst",
            "Verschil",
            "95%-marge",
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
                f"{_n(row.n)} en {_n(row.n_reference)}",
            )
            for row in rows
        ),
        note=(
            "Verschillen van aandelen in procentpunt, van gemiddelden in punten. "
            "Kleinst zichtbaar: het verschil dat dit onderzoek met 80% kans ziet."
        ),
    )


VERDICT_WORDS = {
    "higher": "▲ hoger",
    "lower": "▼ lager",
    "not_shown": "geen duidelijk verschil",
    "not_comparable": "niet vergelijkbaar",
}


def _n(n: int | None) -> str:
    return dutch.SUPPRESSED if n is None else dutch.number(n)


def tabulate_questionnaire(study: Study, source_id: str) -> Table:
    """The questions as asked, with their answers and codes for *weet niet*."""
    questionnaire = study.questionnaires[source_id]
    source = study.measurement.sources[source_id]
    rows = [
        (question.text, _answers(question), _asked_if(questionnaire, question))
        for question in questionnaire.question
        if question.type not in ("identifier", "weight")
    ]
    return Table(
        id=f"vragenlijst-{source_id}".replace("_", "-"),
        caption=f"Vragenlijst {source.label or source.id}: {questionnaire.title}",
        columns=("Vraag", "Antwoorden", "Gesteld bij"),
        rows=tuple(rows),
    )


def _asked_if(questionnaire: Questionnaire, question: Question) -> str:
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


def _answers(question: Question) -> str:
    words = list(question.categories)
    if question.range is not None and not words:
        low, high = (dutch.number(bound) for bound in question.range)
        words = [f"{low} tot en met {high}"]
    words = words or [OPEN_ANSWERS.get(question.type, question.type)]
    if "dont_know" in question.missing.values():
        words.append("weet niet")
    return dutch.listing(words, "of")


OPEN_ANSWERS = {"text": "open antwoord", "date": "datum", "number": "getal"}


def tabulate_fieldwork(study: Study) -> Table:
    """How the measurement was made: the facts a reader of figures may ask for."""
    measurement = study.measurement
    fieldwork = measurement.fieldwork
    facts = [
        ("Opdrachtgever", measurement.commissioner),
        ("Plaats", study.place_name),
        *_wave(measurement),
        (
            "Veldwerk",
            f"{dutch.long_date(fieldwork.start)} tot en met "
            f"{dutch.long_date(fieldwork.end)}",
        ),
        ("Manier van vragen", MODE[fieldwork.mode]),
        ("Wie zijn gevraagd", RECRUITMENT[fieldwork.recruitment]),
    ]
    return Table(
        id="tabel-onderzoek",
        caption="Opzet van het onderzoek",
        columns=("Onderdeel", "Invulling"),
        rows=tuple(facts),
    )


def _wave(measurement: Measurement) -> list[tuple[str, str]]:
    """*2-meting*: only a repeated measurement counts its waves."""
    if measurement.study != "experience":
        return []
    return [("Meting", measurement.wave_name)]


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
    return Table(
        id=f"kanaal-{_identifier(channel)}",
        caption=f"Uitkomsten {channel}",
        columns=("Uitkomst", "Waarde", "95%-marge", "Aantal antwoorden"),
        rows=tuple(
            (
                dutch.capitalised(indicator.label),
                shown(result),
                result.interval or DASH,
                result.answers,
            )
            for indicator, result in rows
        ),
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


def _identifier(words: str) -> str:
    """A name as part of an HTML id."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "x"


def tabulate_response(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """Response per source with every count of the formula."""
    rows = []
    for source in study.measurement.source:
        steps = {
            row.category: row
            for row in find_all(estimates, source=source.id, indicator="respons")
        }
        if "" in steps and steps[""].is_shown:
            rows.append(
                (
                    dutch.capitalised(source.label or source.id),
                    *(_step(steps.get(step)) for step in RESPONSE_STEPS),
                    shown(steps.get("")),
                )
            )
    if not rows:
        return Absent(
            "Hoeveel mensen zijn uitgenodigd, is niet opgegeven. De respons is daarom "
            "niet te berekenen."
        )
    return Table(
        id="tabel-respons",
        caption="Respons per vragenlijst",
        columns=(
            "Vragenlijst",
            *(dutch.capitalised(step) for step in RESPONSE_STEPS),
            "Respons",
        ),
        rows=tuple(rows),
        note=(
            "Respons: ingevuld gedeeld door uitgenodigd, min onbestelbaar, min "
            "uitgescreend. Wie geen contact had, is uitgescreend en telt niet als "
            "weigering."
        ),
    )


RESPONSE_STEPS = ("uitgenodigd", "onbestelbaar", "uitgescreend", "ingevuld")


def _step(result: Result | None) -> str:
    return NOT_KNOWN if result is None or not result.is_shown else result.value


def tabulate_weighting(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """Composition before and after weighting, beside the population."""
    rows = []
    for source in study.measurement.source:
        questionnaire = study.questionnaires[source.id]
        for variable in study.margins.get(source.id, {}):
            name = questionnaire.questions[variable].short
            rows += _composition(
                estimates, source, variable, f"{name} ({source.label or source.id})"
            )
    if not rows:
        return Absent("De antwoorden zijn niet gewogen.")
    return Table(
        id="tabel-weging",
        caption="Samenstelling voor en na weging",
        columns=("Groep", "Voor weging", "Na weging", "Populatie"),
        rows=tuple(rows),
    )


def _composition(
    estimates: pd.DataFrame, source: Source, variable: str, name: str
) -> list[tuple[str, ...]]:
    shares: dict[str, dict[str, str]] = {}
    for row in find_all(
        estimates, source=source.id, indicator=f"weging_{variable}", by="weging"
    ):
        shares.setdefault(row.category, {})[row.group] = row.value
    return [
        (
            f"{name}: {category}",
            *(found.get(when, DASH) for when in WEIGHTING_STEPS),
        )
        for category, found in shares.items()
    ]


WEIGHTING_STEPS = ("voor weging", "na weging", "populatie")


def tabulate_norms(study: Study, verdicts: pd.DataFrame) -> Table | Absent:
    """Every declared norm, the level reached, and the verdict in plain words."""
    rows = [row for row in verdicts.to_dict("records") if row["by"] == TOTAL]
    if not rows:
        return Absent("Voor deze meting zijn geen normen opgegeven.")
    norms = {norm.indicator: norm for norm in study.measurement.norm}
    return Table(
        id="tabel-normen",
        caption="Uitkomsten naast de norm",
        columns=("Uitkomst", "Norm", "Behaald", "Oordeel", "Toelichting"),
        rows=tuple(
            (
                norm_label(study, norms[row["indicator"]]),
                formatted(row["norm"], norm_statistic(norms[row["indicator"]])),
                _reached(row["estimate"], norms[row["indicator"]]),
                NORM_WORDS[row["verdict"]],
                _reason(row),
            )
            for row in rows
        ),
        note=" ".join(dict.fromkeys(f"{norm.source}." for norm in norms.values())),
    )


NORM_WORDS = {
    "met": "gehaald",
    "not_met": "niet gehaald",
    "not_yet": "nog niet op doel",
    "undecided": "te dichtbij om te zeggen",
    "not_measured": "witte vlek: niet gemeten",
}


def _reason(row: dict[Hashable, Any]) -> str:
    repeated = row["reason"] == NORM_WORDS[row["verdict"]]
    return DASH if repeated or not row["reason"] else dutch.capitalised(row["reason"])


def norm_statistic(norm: ServiceNorm) -> str:
    return "share" if norm.share is not None else "mean"


def norm_label(study: Study, norm: ServiceNorm) -> str:
    """The name of the indicator a norm is about."""
    for source in study.measurement.source:
        known = study.questionnaires[source.id].indicators
        if norm.indicator in known:
            return dutch.capitalised(known[norm.indicator].label)
    return norm.indicator


def _reached(estimate: float, norm: ServiceNorm) -> str:
    return DASH if pd.isna(estimate) else formatted(estimate, norm_statistic(norm))


def tabulate_claims(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """Figures quoted elsewhere, held against the counts (DESIGN §8.7)."""
    if not study.claims:
        return Absent("Er zijn geen cijfers van elders om na te rekenen.")
    judged = judge_claims(study.claims, estimates)
    return Table(
        id="tabel-beweringen",
        caption="Cijfers van elders, nagerekend",
        columns=("Bewering", "Bron", "Oordeel", "Waarom"),
        rows=tuple(
            (
                str(row["text"]),
                str(row["source"]),
                dutch.capitalised(str(row["verdict"])),
                dutch.capitalised(str(row["reason"])),
            )
            for row in judged.to_dict("records")
        ),
    )


def tabulate_provenance(study: Study, account: AccountLike) -> Table:
    """Files, code and versions behind the report, so that it can be made again."""
    rows = [
        (f"Ruw bestand {file.name}", short_hash(file.sha256))
        for source in account.sources
        for file in source.files
    ]
    rows += [
        (f"Definitie {name}", short_hash(sha256))
        for name, sha256 in account.definitions.items()
    ]
    rows += [
        (f"Notebook {name}", short_hash(sha256))
        for name, sha256 in account.notebooks.items()
    ]
    rows += [
        ("Programmacode kcc_research", short_hash(account.package_sha256)),
        ("Lijst van versies", short_hash(account.lock_sha256)),
    ]
    rows += [
        (f"Versie van {name}", version) for name, version in account.software.items()
    ]
    return Table(
        id="tabel-herkomst",
        caption="Herkomst: bestanden, code en versies",
        columns=("Onderdeel", "Kenmerk"),
        rows=tuple(rows),
        note=(
            "Kenmerk: de eerste 16 tekens van de sha256 van het bestand. De volledige "
            "lijst staat in inputs.json en manifest.json naast dit rapport."
        ),
    )


def short_hash(sha256: str) -> str:
    return sha256[:16] or NOT_KNOWN


def tabulate_breakdowns(study: Study, estimates: pd.DataFrame) -> list[Table]:
    """A table per breakdown that has no figure of its own."""
    drawn = [question_with_role(study, role) for role in ("channel", "service")]
    found: list[Table] = []
    for source in study.measurement.source:
        for name in source.breakdowns:
            question = study.questionnaires[source.id].questions[name]
            if (source, question) in drawn:
                continue
            table = _group_table(study, estimates, source, question)
            if isinstance(table, Table):
                found.append(table)
    return found
