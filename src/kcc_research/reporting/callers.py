"""The telephone quick scan in words: what callers say beside what the switchboard says.

Experience and execution stand side by side; neither is a proxy for the other
(DOMAIN-D23). Calls are drawn, not persons; interviews show what occurs, not how often
(DOMAIN-D34).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from kcc_research import dutch
from kcc_research.reporting.ambition import Goal, goals
from kcc_research.reporting.barriers import describe_barriers
from kcc_research.reporting.cells import DASH, shown
from kcc_research.reporting.contact_values import contact_value, gaps_of
from kcc_research.reporting.fieldwork_words import MODE
from kcc_research.reporting.records import Table
from kcc_research.reporting.result import Result, find, with_role
from kcc_research.reporting.tables import NORM_WORDS
from kcc_research.reporting.wording import evidence, respondents
from kcc_research.study.contact_indicator import ContactIndicator, contact_indicators
from kcc_research.study.indicator import Indicator, Role
from kcc_research.study.measurement import Source, Study
from kcc_research.study.municipality import COMPLETE_FROM
from kcc_research.study.record_layout import RecordLayout


def tabulate_caller_figures(
    study: Study,
    estimates: pd.DataFrame,
    verdicts: pd.DataFrame,
    indicators: Sequence[str],
) -> Table:
    """Tiles of the summary: satisfaction, the distance to its goal, and ``indicators``.

    Figures of a registration are counted, so their note says so instead of a margin.
    """
    rows = []
    for goal in goals(study, estimates, verdicts):
        rows.append((goal.indicator.label, shown(goal.result), evidence(goal.result)))
        rows += [_distance(goal)] if goal.distance else []
    for name in indicators:
        found = _figure(study, estimates, name)
        if found is not None:
            rows.append((found[0], _value(found[1]), _behind(found[1])))
    return Table(
        id="kerncijfers",
        caption="Kerncijfers",
        columns=("Kerncijfer", "Uitkomst", "Toelichting"),
        rows=tuple(rows),
        layout="key_figures",
    )


def _distance(goal: Goal) -> tuple[str, str, str]:
    """The distance as a tile: its size, and below it the span and the verdict."""
    size, _, span = goal.distance.partition(f"{dutch.NBSP}procentpunt")
    due = f"{goal.aim.lower()}; " if goal.due else ""
    between = span.partition("(")[2].rstrip(")")
    likely = f"waarschijnlijk {between}; " if between else ""
    return (
        f"Procentpunten tot het doel van {dutch.percentage(goal.level)}",
        size,
        f"{likely}{due}{NORM_WORDS[goal.verdict]}",
    )


def _figure(
    study: Study, estimates: pd.DataFrame, name: str
) -> tuple[str, Result] | None:
    """An outcome by id, of a questionnaire or of a registration, with its label."""
    labels: dict[str, tuple[str, str]] = {}
    for source in study.surveys:
        for each in study.questionnaires[source.id].indicator:
            labels.setdefault(each.id, (source.id, each.label))
    for key, layout in study.layouts.items():
        for known in contact_indicators(layout).values():
            labels.setdefault(known.id, (key, _plain(layout, known)))
    if name not in labels:
        return None
    key, label = labels[name]
    result = find(estimates, source=key, indicator=name)
    return None if result is None else (label, result)


def _plain(layout: RecordLayout, indicator: ContactIndicator) -> str:
    """What a key figure is called among people who do not run a call centre."""
    level = layout.service_level
    if indicator.id != "servicelevel" or level is None:
        return indicator.label
    return f"Binnen {level.seconds} seconden opgenomen (servicelevel)"


def _value(result: Result) -> str:
    """A figure of a registration as all its tables print it, else as a share."""
    return contact_value(result) if result.uncertainty == "none" else shown(result)


def _behind(result: Result) -> str:
    """``alle 28.767 geteld`` of a registration, else the evidence of the sample."""
    if result.uncertainty == "none" and result.n is not None:
        return f"alle {dutch.number(result.n)} geteld, geen marge"
    return evidence(result)


def summarise_callers(
    study: Study,
    estimates: pd.DataFrame,
    verdicts: pd.DataFrame,
    contrast: Sequence[str],
) -> str:
    """The findings for page one, each with its base and interval.

    ``contrast``: two filters of the survey, the first of whom satisfaction is told
    beside the second; nothing is told of fewer.
    """
    points = [
        _satisfaction(study, estimates),
        *(
            f"{each.aim}. Oordeel: **{each.judged}**."
            for each in goals(study, estimates, verdicts)
        ),
        describe_contrast(study, estimates, *contrast) if len(contrast) == 2 else "",
        describe_barriers(study, estimates),
    ]
    return "\n".join(f"- {each}" for each in points if each)


def _satisfaction(study: Study, estimates: pd.DataFrame) -> str:
    """Content, not content and no grade: together everybody who was asked."""
    shares = _shares(study, estimates)
    if len(shares) != 2:
        return ""
    (_, good), (_, bad) = shares
    silent = (good.n or 0) - (good.count or 0) - (bad.count or 0)
    last = (
        f" {dutch.number(silent)} bellers gaven geen cijfer; zij tellen wel mee."
        if silent
        else ""
    )
    told = dutch.listing(_with_cut(label, result) for label, result in shares)
    return f"Van de {dutch.number(good.n or 0)} bellers is {told}.{last}"


def _with_cut(label: str, result: Result) -> str:
    """``**70% tevreden** (cijfer 7 of hoger; 525 van 750; 95%-marge 67–73%)``."""
    what, _, cut = label.partition(" (")
    behind = "; ".join(each for each in (cut.rstrip(")"), evidence(result)) if each)
    return f"**{result.value} {what}** ({behind})"


def _shares(study: Study, estimates: pd.DataFrame) -> list[tuple[str, Result]]:
    roles: tuple[Role, ...] = ("satisfaction", "dissatisfaction")
    found = []
    for role in roles:
        for source, indicator in with_role(study, role):
            result = find(estimates, source=source.id, indicator=indicator.id)
            if result is not None and result.is_shown:
                found.append((_lower(indicator.label), result))
    return found


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def describe_contrast(
    study: Study, estimates: pd.DataFrame, low: str, high: str
) -> str:
    """Satisfaction of two named groups side by side.

    Called a clear difference only when their margins do not touch.
    """
    found = next(with_role(study, "satisfaction"), None)
    if found is None:
        return ""
    source, indicator = found
    less, more = (
        _group(study, estimates, source, indicator, each) for each in (low, high)
    )
    if less is None or more is None or not (less.is_shown and more.is_shown):
        return ""
    names = study.questionnaires[source.id].filters
    certain = (less.ci_high or 1) < (more.ci_low or 0)
    return (
        f"Van de {names[high].label} is **{more.value}** tevreden "
        f"({evidence(more)}). Van de {names[low].label} is dat **{less.value}** "
        f"({evidence(less)}). {_CLEAR if certain else _UNCLEAR}"
    )


_CLEAR = "Dat verschil is duidelijk: de marges raken elkaar niet."
_UNCLEAR = "De marges overlappen: of er een verschil is, is te dichtbij om te zeggen."


def _group(
    study: Study,
    estimates: pd.DataFrame,
    source: Source,
    indicator: Indicator,
    group: str,
) -> Result | None:
    return find(
        estimates, source=source.id, indicator=indicator.id, by="domein", group=group
    )


def describe_caller_limits(study: Study, estimates: pd.DataFrame) -> str:
    """What this scan cannot say, on the page where people look first."""
    points = [
        "Wie niet meedeed, denkt misschien anders. Dat zit niet in de marges, en de "
        "antwoorden zijn niet gewogen.",
        "Getrokken zijn gesprekken, niet personen: wie vaak belt, telt vaker mee.",
        "Dit is één moment: of het beter of slechter gaat dan eerder, is niet te "
        "zeggen.",
        *_interview_limit(study),
        *_gaps(study, estimates),
    ]
    return "### Wat we niet weten\n\n" + "\n".join(f"- {each}" for each in points)


def _gaps(study: Study, estimates: pd.DataFrame) -> list[str]:
    """Working days on which the switchboard registered nothing."""
    days = [row.group for name in study.layouts for row in gaps_of(estimates, name)]
    if not days:
        return []
    return [
        f"Op {dutch.listing(days)} is geen enkel gesprek geregistreerd; waarom weten "
        "we niet."
    ]


def _interview_limit(study: Study) -> list[str]:
    if not any(each.kind == "remarks" for each in study.measurement.source):
        return []
    return [
        "De interviews zijn gehouden met ontevreden bellers. Ze zeggen niets over "
        "tevreden bellers, en niet hoe vaak iets voorkomt."
    ]


def introduce_callers(study: Study) -> str:
    """Who were called back, which calls were counted, whom we spoke to at length."""
    measurement = study.measurement
    fieldwork = measurement.fieldwork
    period = (
        f"van {dutch.long_date(fieldwork.start)} tot en met "
        f"{dutch.long_date(fieldwork.end)}"
    )
    lines = [
        f"{measurement.commissioner} liet onderzoeken hoe {study.place_name} mensen "
        f"aan de telefoon helpt, {period}. Het onderzoek heeft "
        f"{_number(len(measurement.source))} bronnen. Ze staan naast elkaar en worden "
        "nergens bij elkaar opgeteld."
    ]
    for source in measurement.source:
        lines.append(f"- {_source_words(study, source)}")
    listed = "\n".join(lines[1:])
    return "\n\n".join(x for x in (lines[0], listed, _register(study)) if x)


def _register(study: Study) -> str:
    """What is known of the municipality in a year before the register is complete."""
    code, start = study.measurement.municipality, study.measurement.fieldwork.start
    if code is None or start >= COMPLETE_FROM:
        return ""
    return (
        f"Het register van gemeenten is volledig vanaf {COMPLETE_FROM.year}. Voor "
        f"{start.year} is alleen de code van {study.place_name} ({code}) gecontroleerd."
    )


_NUMBERS = {1: "één", 2: "twee", 3: "drie", 4: "vier"}


def _number(count: int) -> str:
    return _NUMBERS.get(count, dutch.number(count))


def _source_words(study: Study, source: Source) -> str:
    name = dutch.capitalised(source.label or source.id)
    if source.id in study.questionnaires:
        return (
            f"**{name}** (beleving): een aselecte trekking uit de gesprekken. De "
            f"vragen zijn {MODE[study.measurement.fieldwork.mode]} gesteld. De "
            f"antwoorden spreken voor de {respondents(study, source)}."
        )
    if source.kind == "remarks":
        return (
            f"**{name}** (verdieping): lange gesprekken met bellers die ontevreden "
            "waren. Zij zijn bewust gekozen, niet geloot."
        )
    return (
        f"**{name}** (uitvoering): alle gesprekken in de registratie. Dat is geen "
        "steekproef, dus daar hoort geen marge bij."
    )


def tabulate_side_by_side(
    study: Study, estimates: pd.DataFrame, pairs: Mapping[str, tuple[str, str]]
) -> Table:
    """What callers say beside what was registered: two indicators on every line.

    ``pairs``: subject → indicator of the survey and indicator of the registration; an
    empty id where only one of the two knows it.
    """
    return Table(
        id="tabel-naast-elkaar",
        caption="Beleving en uitvoering naast elkaar",
        columns=(
            "Onderwerp",
            "Wat bellers zeggen (enquête, met 95%-marge)",
            "Wat is geregistreerd (alle gesprekken)",
        ),
        rows=tuple(
            (subject, _side(study, estimates, said), _side(study, estimates, counted))
            for subject, (said, counted) in pairs.items()
        ),
        note=(
            "De twee kolommen meten niet hetzelfde. De ene is geen vervanging van de "
            "andere."
        ),
    )


def _side(study: Study, estimates: pd.DataFrame, name: str) -> str:
    found = _figure(study, estimates, name) if name else None
    if found is None:
        return DASH
    label, result = found
    return f"{label}: {_value(result)} ({_behind(result)})"
