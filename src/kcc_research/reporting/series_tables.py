"""Tables of a continuous measurement: periods, channels, signals, what can be seen."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.contact_series import PERIOD, QUARTER
from kcc_research.estimation.continuous import of_channel
from kcc_research.estimation.fieldwork import COMPLETED, INVITED, RESPONSE
from kcc_research.estimation.tables import TOTAL
from kcc_research.reporting import series
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import DASH, notes, shown, with_interval
from kcc_research.reporting.records import Align, Table
from kcc_research.reporting.result import Result, find, find_all, formatted
from kcc_research.reporting.series import Point
from kcc_research.reporting.tables import results_by_group
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Study
from kcc_research.study.period import in_words, is_quarter

GAP = DASH
BLIND = "te weinig"
QUIET = "nee"
NO_DIFFERENCE = "geen duidelijk verschil"
NO_CHART = "nee"


def tabulate_series_figures(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """The year in three numbers: satisfaction, grade, response."""
    rows = []
    for role in ("satisfaction", "headline"):
        indicator = series.indicator_of(study, role)
        result = _total(study, estimates, indicator) if indicator else None
        if indicator is not None and result is not None and result.is_shown:
            words = [f"95%-marge {result.interval}", _answers(result)]
            words += ["gewogen"] if result.weighted else []
            label = dutch.capitalised(indicator.label)
            rows.append((label, shown(result), "; ".join(words)))
    response = find(estimates, source=series.survey(study).id, indicator=RESPONSE)
    if response is not None and response.is_shown:
        counts = f"{dutch.number(response.count or 0)} van {response.answers} bereikt"
        rows.append(("Respons", response.value, counts))
    if not rows:
        return Absent("Deze meting heeft geen kerncijfers.")
    return Table(
        id="kerncijfers",
        caption=f"Kerncijfers {_year(study)}",
        columns=("Kerncijfer", "Uitkomst", "Toelichting"),
        rows=tuple(rows),
        layout="key_figures",
    )


def _year(study: Study) -> str:
    fieldwork = study.measurement.fieldwork
    years = dict.fromkeys((fieldwork.start.year, fieldwork.end.year))
    return dutch.EN_DASH.join(str(each) for each in years)


def _answers(result: Result) -> str:
    return dutch.counted(result.n or 0, "antwoord", "antwoorden")


def _total(
    study: Study, estimates: pd.DataFrame, indicator: Indicator
) -> Result | None:
    return find(estimates, source=series.survey(study).id, indicator=indicator.id)


def tabulate_periods(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> Table | Absent:
    """Per period: answers, invited, response, satisfaction, grade and verdict."""
    satisfied = series.indicator_of(study, "satisfaction")
    grade = series.indicator_of(study, "headline")
    if satisfied is None or grade is None:
        return Absent("Deze meting heeft geen cijfer en geen aandeel tevreden.")
    found = series.points(study, estimates, comparisons, satisfied)
    if not any(each.result.is_shown for each in found):
        return Absent(f"Er is geen tabel per periode: {series.why_no_chart(study)}.")
    grades = {
        each.period: each.result
        for each in series.points(study, estimates, comparisons, grade)
    }
    rows = [
        (
            series.in_table(study, each.period),
            each.result.answers if each.result.is_shown else DASH,
            _value(each.result),
            "" if each.unweighted is None else shown(each.unweighted),
            _value(grades.get(each.period)),
            verdict_words(each),
        )
        for each in found
    ]
    columns = (
        dutch.capitalised(series.length_word(found)),
        "n",
        "Tevreden",
        "Ongewogen",
        "Cijfer",
        "Signaal",
    )
    return _without_empty(
        Table(
            id="tabel-perioden",
            caption=f"Uitkomsten per {series.length_word(found)} in {_year(study)}, "
            "alle kanalen",
            columns=columns,
            rows=tuple(rows),
            note=notes(
                (each.result for each in found),
                "Tevreden is het aandeel met een 7 of hoger."
                if satisfied.at_least == 7
                else "",
                "n: antwoorden met een cijfer. Tussen haakjes: de 95%-marge.",
                "Signaal: van de regelkaart van het aandeel tevreden.",
                *_explained(found),
            ),
            align=("left", *("right",) * 4, "left"),
        )
    )


def _explained(found: Sequence[Point]) -> list[str]:
    """The marks of gaps and of periods with few answers, where there are any."""
    gaps = any(each.is_gap for each in found)
    blind = any(each.is_blind for each in found)
    return [
        *(["Een streepje: geen antwoorden."] if gaps else []),
        *(["Te weinig: minder dan 100 antwoorden."] if blind else []),
    ]


def _without_empty(table: Table) -> Table:
    """Leave out the columns in which nothing stands."""
    kept = [
        at
        for at in range(len(table.columns))
        if at == 0 or any(row[at] not in ("", DASH) for row in table.rows)
    ]
    return Table(
        id=table.id,
        caption=table.caption,
        columns=tuple(table.columns[at] for at in kept),
        rows=tuple(tuple(row[at] or DASH for at in kept) for row in table.rows),
        note=table.note,
        align=tuple(table.align[at] for at in kept),
    )


def _value(result: Result | None) -> str:
    return DASH if result is None or not result.is_shown else with_interval(result)


def verdict_words(point: Point) -> str:
    """What the chart says of one period, in a cell."""
    if not point.result.is_shown:
        return GAP
    if point.is_signal:
        side = "lager" if point.verdict == "lower" else "hoger"
        return side
    if point.is_broken:
        return "trendbreuk"
    if point.is_blind:
        return BLIND
    return QUIET


def _counts(
    study: Study, estimates: pd.DataFrame, by: str, group: str
) -> tuple[str, str, str]:
    source = series.survey(study).id
    cells = []
    for step in (INVITED, COMPLETED):
        found = find(
            estimates,
            source=source,
            indicator=RESPONSE,
            by=by,
            group=group,
            category=step,
        )
        cells.append(DASH if found is None else found.value)
    rate = find(estimates, source=source, indicator=RESPONSE, by=by, group=group)
    share = DASH if rate is None or not rate.is_shown else rate.value
    return cells[0], cells[1], share


def tabulate_contact_response(study: Study, estimates: pd.DataFrame) -> Table:
    """Contacts, invitations, answers and response per channel, and of all."""
    question = series.channel_question(study)
    places = [(question.id, each) for each in question.categories]
    rows = []
    for by, group in [*places, (TOTAL, TOTAL)]:
        contacts = series.contacts_in(study, estimates, by, group)
        rows.append(
            (
                "Alle kanalen" if by == TOTAL else dutch.capitalised(group),
                DASH if contacts is None else dutch.number(contacts),
                *_counts(study, estimates, by, group),
            )
        )
    return _without_empty(
        Table(
            id="tabel-respons",
            caption="Contacten, uitnodigingen en respons per kanaal",
            columns=("Kanaal", "Contacten", "Uitgenodigd", "Antwoorden", "Respons"),
            rows=tuple(rows),
            note="Respons: antwoorden gedeeld door uitgenodigd, min onbestelbaar.",
            align=("left", *("right",) * 4),
        )
    )


def tabulate_period_response(study: Study, estimates: pd.DataFrame) -> Table:
    """Contacts, invitations, answers and response per month or quarter."""
    source = series.survey(study).id
    rates = find_all(
        estimates, source=source, indicator=RESPONSE, by=PERIOD, statistic="share"
    )
    rows = []
    for rate in sorted(rates, key=lambda row: row.group):
        contacts = series.contacts_in(study, estimates, PERIOD, rate.group)
        rows.append(
            (
                series.in_table(study, rate.group),
                DASH if contacts is None else dutch.number(contacts),
                *_counts(study, estimates, PERIOD, rate.group),
            )
        )
    length = "Kwartaal" if rates and is_quarter(rates[0].group) else "Maand"
    return _without_empty(
        Table(
            id="tabel-respons-perioden",
            caption=f"Contacten, uitnodigingen en respons per {length.lower()} in "
            f"{_year(study)}",
            columns=(length, "Contacten", "Uitgenodigd", "Antwoorden", "Respons"),
            rows=tuple(rows),
            align=("left", *("right",) * 4),
        )
    )


def tabulate_series_channels(study: Study, estimates: pd.DataFrame) -> Table:
    """The year per channel with its margins, and whether it has a chart."""
    question = series.channel_question(study)
    with_chart = series.charted_channels(study, estimates)
    source = series.survey(study)
    found = [
        series.indicator_of(study, "satisfaction"),
        series.indicator_of(study, "headline"),
    ]
    used = [each for each in found if each is not None]
    by_channel = results_by_group(estimates, source, question, used)
    rows, results = [], []
    numbers: list[Align] = ["right" for _ in used]
    for channel in question.categories:
        own = by_channel[channel]
        results += own
        first = own[0] if own else None
        rows.append(
            (
                dutch.capitalised(channel),
                DASH if first is None else first.answers,
                *(_value(each) for each in own),
                "per kwartaal" if channel in with_chart else NO_CHART,
            )
        )
    return Table(
        id="tabel-kanalen",
        caption="Het hele jaar per kanaal",
        columns=(
            "Kanaal",
            "Antwoorden",
            *(_short(each) for each in used),
            "Regelkaart",
        ),
        rows=tuple(rows),
        note=notes(results, "Tussen haakjes: de 95%-marge."),
        align=("left", "right", *numbers, "left"),
    )


def _short(indicator: Indicator) -> str:
    return "Tevreden" if indicator.statistic == "share" else "Cijfer"


def signals(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> list[tuple[str, Indicator, Point]]:
    """Every signal of every chart: channel (empty: all), indicator, period."""
    wanted = [
        each
        for role in ("satisfaction", "headline")
        if (each := series.indicator_of(study, role)) is not None
    ]
    return [
        (channel, indicator, point)
        for channel in ("", *series.charted_channels(study, estimates))
        for indicator in wanted
        for point in series.points(study, estimates, comparisons, indicator, channel)
        if point.is_signal
    ]


def tabulate_signals(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> Table | Absent:
    """The signals as a list, each with the rule that gave it."""
    found = signals(study, estimates, comparisons)
    if not found:
        return Absent("")  # the text above says so
    return Table(
        id="tabel-signalen",
        caption="Signalen van de regelkaarten",
        columns=("Wanneer", "Kanaal", "Uitkomst", "Waarde", "Middellijn", "Regel"),
        rows=tuple(
            (
                series.in_table(study, point.period),
                dutch.capitalised(channel) or "Alle kanalen",
                _short(indicator),
                series.finely(point.result.estimate, indicator),
                series.finely(point.center, indicator),
                _rule(point, indicator),
            )
            for channel, indicator, point in found
        ),
        align=("left", "left", "left", "right", "right", "left"),
    )


def _rule(point: Point, indicator: Indicator) -> str:
    """``onder de ondergrens van 66,4%``, or the row on one side."""
    words = []
    for part in point.reason.split("; "):
        if part != "buiten de grenzen":
            words.append(f"{part} aan dezelfde kant")
        elif point.verdict == "lower":
            words.append(
                f"onder de ondergrens van {series.finely(point.low, indicator)}"
            )
        else:
            words.append(
                f"boven de bovengrens van {series.finely(point.high, indicator)}"
            )
    return "; ".join(words)


def tabulate_detection(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """What a week, a month and a quarter could see, and how often each errs."""
    found = series.detections(study, estimates)
    if not found:
        return Absent("")
    channels = [
        (channel, seen["kwartaal"])
        for channel in series.charted_channels(study, estimates)
        if "kwartaal" in (seen := series.detections(study, estimates, channel))
    ]
    rows = [(f"Alle kanalen, per {length}", seen) for length, seen in found.items()]
    rows += [
        (f"{dutch.capitalised(channel)}, per kwartaal", seen)
        for channel, seen in channels
    ]
    fall = dutch.points(series.plan(study).fall)
    return Table(
        id="tabel-opsporing",
        caption=f"Hoe snel een daling van {fall} te zien is",
        columns=(
            "Reeks",
            "Antwoorden verwacht",
            "Kans op een signaal in één periode",
            "Gemiddeld gezien na",
            "Vals alarm, gemiddeld eens per",
        ),
        rows=tuple(
            (
                name,
                dutch.number(seen.expected),
                dutch.percentage(seen.chance),
                series.months(seen.months),
                _years(seen.false_alarm),
            )
            for name, seen in rows
        ),
        note=(
            "Berekend voor het aandeel tevreden, met de nauwkeurigheid die na de "
            "weging overblijft. De kans is die op een punt onder de ondergrens; bij "
            "het gemiddelde telt ook de regel van 8 op een rij mee."
        ),
        align=("left", *("right",) * 4),
    )


def _years(number: float) -> str:
    if number < 24:
        return series.months(number)
    return f"{dutch.number(number / 12)} jaar"


def tabulate_quarter(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> Table | Absent:
    """The last quarter beside the one before and the baseline, per chart."""
    indicator = series.indicator_of(study, "satisfaction")
    if indicator is None:
        return Absent("Deze meting heeft geen aandeel tevreden.")
    rows = []
    for channel in ("", *series.charted_channels(study, estimates)):
        found = series.quarters(study, estimates, indicator, channel)
        if not found:
            continue
        before = found[-2] if len(found) > 1 else None
        chart = series.points(study, estimates, comparisons, indicator, channel)
        rows.append(
            (
                dutch.capitalised(channel) or "Alle kanalen",
                found[-1].answers,
                _value(found[-1]),
                _value(before),
                _centre(chart, indicator),
                change_words(series.change(study, comparisons, indicator, channel)),
            )
        )
    if not rows:
        return Absent("Er is nog geen kwartaal met antwoorden.")
    return Table(
        id="tabel-kwartaal",
        caption=f"Aandeel tevreden in {in_words(last_quarter(study, estimates))}",
        columns=(
            "Kanaal",
            "n",
            "Dit kwartaal",
            "Vorig kwartaal",
            "Basis",
            "Verschil met vorig",
        ),
        rows=tuple(rows),
        note=(
            "n: antwoorden dit kwartaal. Tussen haakjes: de 95%-marge. Basis: de "
            f"middellijn, het niveau van {series.baseline_words(study)}."
        ),
        align=("left", *("right",) * 4, "left"),
    )


def _centre(chart: Sequence[Point], indicator: Indicator) -> str:
    centre = next((each.center for each in chart if each.center is not None), None)
    return series.printed(centre, indicator) or DASH


def last_quarter(study: Study, estimates: pd.DataFrame) -> str:
    """The last quarter with a number, of all or of a channel; empty without any."""
    indicator = series.indicator_of(study, "satisfaction")
    found = [
        row.group
        for channel in ("", *series.charted_channels(study, estimates))
        for row in (
            series.quarters(study, estimates, indicator, channel) if indicator else []
        )
    ]
    return max(found, default="")


def change_words(row: dict[str, object] | None) -> str:
    """``geen duidelijk verschil``, ``6 procentpunt lager``, or why not."""
    if row is None:
        return DASH
    if row["verdict"] == "not_comparable":
        return "niet vergelijkbaar: trendbreuk"
    if row["difference"] is None:
        return str(row["reason"]) or DASH
    if row["verdict"] == "not_shown":
        return NO_DIFFERENCE
    size = abs(float(str(row["difference"])))
    words = (
        dutch.points(size)
        if row["statistic"] == "share"
        else formatted(size, str(row["statistic"]))
    )
    return f"{words} {'lager' if row['verdict'] == 'lower' else 'hoger'}"


def contacts_share(
    study: Study, estimates: pd.DataFrame, channel: str, quarter: str
) -> float | None:
    """Share of a channel in the contacts of a quarter."""
    names = series.channel_question(study).categories
    counts = {
        each: series.contacts_in(study, estimates, of_channel(QUARTER, each), quarter)
        for each in names
    }
    known = [each for each in counts.values() if each is not None]
    own = counts[channel]
    return None if own is None or not sum(known) else own / sum(known)
