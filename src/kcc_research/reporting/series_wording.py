"""Dutch sentences about a continuous measurement: what changed, what cannot be seen.

A signal says that chance does not explain a period, not why. No signal is no proof
that nothing changed: the sentence that says so names how long a real fall would stay
unseen. Answers are about contacts, not persons (DOMAIN §1.6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.contact_response import LATE
from kcc_research.estimation.control_chart import FEWEST_PER_PERIOD, RUN
from kcc_research.estimation.fieldwork import RESPONSE
from kcc_research.reporting import series
from kcc_research.reporting.fieldwork_words import MODE
from kcc_research.reporting.result import Result, find
from kcc_research.reporting.series import Point
from kcc_research.reporting.series_tables import (
    change_words,
    contacts_share,
    last_quarter,
    signals,
)
from kcc_research.reporting.wording import describe, describe_order, evidence
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Study
from kcc_research.study.period import bounds, in_words

MIX_WORTH_TELLING = 0.02
"""A period whose weighted and unweighted share lie further apart is named."""


def summarise_series(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> str:
    """The year as a councillor should know it, each finding hedged."""
    findings = [
        _year(study, estimates),
        describe_development(study, estimates, comparisons),
        describe_channel_signals(study, estimates, comparisons),
        describe_order(study, comparisons, "channel"),
    ]
    return "\n".join(f"- {finding}" for finding in findings if finding)


def _year(study: Study, estimates: pd.DataFrame) -> str:
    source = series.survey(study)
    sentences = []
    for role in ("satisfaction", "headline"):
        indicator = series.indicator_of(study, role)
        result = (
            find(estimates, source=source.id, indicator=indicator.id)
            if indicator
            else None
        )
        if indicator is not None and result is not None and result.is_shown:
            sentences.append(describe(study, source, indicator, result))
    return " ".join(sentences)


def _satisfaction(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame, channel: str = ""
) -> tuple[Indicator, list[Point]] | None:
    indicator = series.indicator_of(study, "satisfaction")
    if indicator is None:
        return None
    found = series.points(study, estimates, comparisons, indicator, channel)
    return (indicator, found) if series.has_chart(found) else None


def describe_development(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> str:
    """Whether any period lies outside what chance explains, and how sure that is."""
    chart = _satisfaction(study, estimates, comparisons)
    if chart is None:
        return (
            f"Of er iets veranderde, is niet te zeggen: {series.why_no_chart(study)}."
        )
    indicator, found = chart
    marked = [each for each in found if each.is_signal]
    if not marked:
        return f"{_no_signal(study, found)} {_how_soon(study, estimates, found)}"
    centre = series.printed(marked[0].center, indicator)
    values = dutch.listing(each.result.value for each in marked)
    names = series.listed([each.period for each in marked])
    return (
        f"In **{names}** was een {_how_large(marked)} deel tevreden dan toeval "
        f"verklaart: {values}, tegen {centre} in de basisperiode "
        f"({series.baseline_words(study)}). Waardoor dat komt, zegt de meting niet."
    )


def _how_large(marked: Sequence[Point]) -> str:
    sides = {each.verdict for each in marked}
    if len(sides) > 1:
        return "kleiner of groter"
    return "kleiner" if sides == {"lower"} else "groter"


def _no_signal(study: Study, found: Sequence[Point]) -> str:
    none = "geen enkele maand"
    if series.length_word(found) == "kwartaal":
        none = "geen enkel kwartaal"
    return (
        f"In {none} lag het aandeel tevreden buiten wat toeval verklaart. Dat is geen "
        "bewijs dat er niets veranderde."
    )


def _how_soon(study: Study, estimates: pd.DataFrame, found: Sequence[Point]) -> str:
    seen = series.detections(study, estimates).get(series.length_word(found))
    return "" if seen is None else f"{series.detection_sentence(study, seen)}."


def describe_channel_signals(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> str:
    """Which channels with a chart gave a signal on satisfaction, and which did not."""
    told, quiet = [], []
    for channel in series.charted_channels(study, estimates):
        chart = _satisfaction(study, estimates, comparisons, channel)
        if chart is None:
            continue
        indicator, found = chart
        marked = [each for each in found if each.is_signal]
        if not marked:
            quiet.append(channel)
            continue
        last = marked[-1]
        side = "lager" if last.verdict == "lower" else "hoger"
        told.append(
            f"Bij **{channel}** is het aandeel tevreden in {in_words(last.period)} "
            f"{side} dan toeval verklaart: {last.result.value}, tegen "
            f"{series.printed(last.center, indicator)} in de basisperiode."
        )
    if quiet:
        told.append(f"Bij {dutch.listing(quiet)} zien we geen signaal.")
    return " ".join(told)


def describe_year_limits(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> str:
    """What the year does not tell, on the page where people look first."""
    points = [
        _gap_sentence(study, estimates, comparisons),
        _too_small(study, estimates),
        "Wie niet antwoordde, denkt misschien anders dan wie wel antwoordde. Dat zit "
        "niet in de marges.",
    ]
    lines = [f"- {point}" for point in points if point]
    return "\n".join(["### Wat we niet weten", "", *lines])


def _gap_sentence(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> str:
    indicator = series.indicator_of(study, "satisfaction")
    if indicator is None:
        return ""
    found = series.points(study, estimates, comparisons, indicator)
    gaps = [each.period for each in found if each.is_gap]
    if not gaps:
        return ""
    others = "maanden" if series.length_word(found) == "maand" else "kwartalen"
    return (
        f"Over {series.listed(gaps)} weten we niets: er zijn geen antwoorden. De "
        f"cijfers over het jaar gaan over de andere {others}."
    )


def _too_small(study: Study, estimates: pd.DataFrame) -> str:
    charted = series.charted_channels(study, estimates)
    question = series.channel_question(study)
    small = [each for each in question.categories if each not in charted]
    if not small:
        return ""
    return (
        f"Of {dutch.listing(small, 'of')} in de loop van het jaar beter of slechter "
        "werd, is niet te zien: het aantal antwoorden per kwartaal is minder dan "
        f"{FEWEST_PER_PERIOD}. Daarvoor is alleen een jaarcijfer."
    )


# --- 1 set-up -------------------------------------------------------------------------


def introduce_series(study: Study, estimates: pd.DataFrame) -> str:
    """Who were asked after which contact, and how answers became figures."""
    fieldwork = study.measurement.fieldwork
    source = series.survey(study)
    found = find(estimates, source=source.id, indicator=RESPONSE)
    counted = ""
    if found is not None and found.is_shown:
        counted = (
            f" Van de {found.answers} uitnodigingen die aankwamen, zijn er "
            f"{dutch.number(found.count or 0)} beantwoord ({found.value})."
        )
    late = find(estimates, source=source.id, indicator=RESPONSE, category=LATE)
    return (
        f"{study.measurement.commissioner} vraagt het hele jaar door wat mensen van "
        "een contact vonden. Na een contact krijgt een deel van hen, door loting "
        f"gekozen, een korte vragenlijst ({MODE[fieldwork.mode]}). Deze meting loopt "
        f"van {dutch.long_date(fieldwork.start)} tot en met "
        f"{dutch.long_date(fieldwork.end)}.{counted}\n\n"
        "De cijfers gaan over **contacten**, niet over personen: wie vaker contact "
        "had, kan vaker zijn gevraagd. Een antwoord hoort bij de periode van het "
        f"contact, ook als het later binnenkwam{_late(late)}."
    )


def _late(found: Result | None) -> str:
    if found is None or not found.count:
        return ""
    times = dutch.counted(found.count, "antwoord", "antwoorden")
    return f" ({times} kwamen een maand later)"


def describe_contact_response(study: Study, estimates: pd.DataFrame) -> str:
    """Which channels answer most and least, and what is done about it."""
    found = series.responses(study, estimates)
    if len(found) < 2:
        return ""
    in_order = sorted(found, key=lambda each: each[1].estimate or 0)
    (low, lowest), (high, highest) = in_order[0], in_order[-1]
    return (
        f"De respons verschilt per kanaal: van {lowest.value} via {low} tot "
        f"{highest.value} via {high}. Zonder correctie zou {high} te zwaar meetellen "
        f"en {low} te licht. Daarom telt elk kanaal in elke periode zo zwaar als zijn "
        "aandeel in de contacten (*gewogen*)."
    )


# --- 2 development --------------------------------------------------------------------


def explain_chart(study: Study, estimates: pd.DataFrame) -> str:
    """How to read a control chart, and why the period is what it is."""
    if not series.any_chart(estimates):
        return ""
    plan = series.plan(study)
    words = (
        "Elk cijfer schommelt, ook als er niets verandert. De **regelkaart** laat zien "
        "hoeveel schommeling toeval is:\n\n"
        f"- De middellijn is het niveau van {series.baseline_words(study)}, de "
        f"basisperiode. Die is vastgelegd op {dutch.long_date(plan.declared)}, voordat "
        "de rest bekend was.\n"
        "- Tussen de streeplijnen ligt wat toeval verklaart.\n"
        f"- Een **signaal** is een punt daarbuiten, of {RUN} punten op een rij aan "
        "dezelfde kant van de middellijn. Zoek dan uit wat er aan de hand is."
    )
    month = series.detections(study, estimates).get("maand")
    if month is None:
        return words
    expected = f"Per maand verwachten we {dutch.number(month.expected)} antwoorden."
    if month.expected >= FEWEST_PER_PERIOD:
        why = "Dat is genoeg (100 of meer) om per **maand** te kijken."
    else:
        why = "Dat is minder dan 100; daarom kijken we per **kwartaal**."
    return f"{words}\n\n{expected} {why}"


def describe_mix(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> str:
    """Where weighted and unweighted differ, and how the mix of channels shifted."""
    indicator = series.indicator_of(study, "satisfaction")
    if indicator is None:
        return ""
    found = series.points(study, estimates, comparisons, indicator)
    apart = [
        (each, each.unweighted)
        for each in found
        if each.unweighted is not None
        and each.result.estimate is not None
        and each.unweighted.estimate is not None
        and abs(each.result.estimate - each.unweighted.estimate) > MIX_WORTH_TELLING
    ]
    sentences = [_shift(study, estimates)]
    if apart:
        told = dutch.listing(
            f"{in_words(point.period)} {point.result.value} gewogen en {other.value} "
            "ongewogen"
            for point, other in apart
        )
        sentences.append(
            f"Gewogen en ongewogen liggen in enkele perioden uit elkaar: {told}. Dat "
            "komt door de samenstelling van de antwoorden, niet door de kwaliteit."
        )
    return " ".join(each for each in sentences if each)


def _shift(study: Study, estimates: pd.DataFrame) -> str:
    """The channel whose share of the contacts changed most over the year."""
    quarters = sorted(
        {
            str(each)
            for each in estimates.loc[
                estimates["by"].str.startswith("kwartaal "), "group"
            ]
        }
    )
    if len(quarters) < 2:
        return ""
    shifts = []
    for channel in series.channel_question(study).categories:
        first, last = (
            contacts_share(study, estimates, channel, each)
            for each in (quarters[0], quarters[-1])
        )
        if first is not None and last is not None:
            shifts.append((abs(last - first), channel, first, last))
    if not shifts:
        return ""
    _, channel, first, last = max(shifts)
    return (
        f"Het aandeel van {channel} in de contacten ging van {dutch.percentage(first)} "
        f"in {in_words(quarters[0])} naar {dutch.percentage(last)} in "
        f"{in_words(quarters[-1])}. Zo’n verschuiving kan op een verandering van "
        "kwaliteit lijken; daarom staat het ongewogen cijfer ernaast."
    )


# --- 4 signals, 5 limits --------------------------------------------------------------


def describe_signals(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> str:
    """How many signals there were, and how many chance alone would give."""
    found = signals(study, estimates, comparisons)
    chart = _satisfaction(study, estimates, comparisons)
    alarm = ""
    if chart is not None:
        seen = series.detections(study, estimates).get(series.length_word(chart[1]))
        if seen is not None:
            alarm = (
                " Verandert er niets, dan geeft de kaart van alle kanalen gemiddeld "
                f"eens per {dutch.number(seen.false_alarm / 12)} jaar een vals alarm."
            )
    if not series.any_chart(estimates):
        return "Er is geen regelkaart, en dus ook geen signaal."
    if not found:
        return f"De regelkaarten gaven geen signaal.{alarm}"
    number = dutch.counted(len(found), "signaal", "signalen")
    shared = (
        " Eén oorzaak kan meer signalen geven: elk kanaal telt ook mee in *alle "
        "kanalen*."
        if len(found) > 1
        else ""
    )
    return (
        f"De regelkaarten gaven {number}. Een signaal zegt dát er iets is, niet wát."
        f"{shared}{alarm}"
    )


def describe_blind_spots(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> str:
    """What this series cannot see (yet), and what it would take."""
    lines = [*_small_changes(study, estimates, comparisons), *_weeks(study, estimates)]
    lines += [
        f"**{label}** {sentence}"
        for label, sentence in (
            ("Kleine kanalen.", _too_small(study, estimates)),
            ("Ontbrekende perioden.", _gap_sentence(study, estimates, comparisons)),
            ("Perioden met weinig antwoorden.", _blind(study, estimates, comparisons)),
            ("De basisperiode.", _short_baseline(study)),
            (
                "Oorzaken.",
                "De meting zegt wanneer iets veranderde en in welk kanaal, niet "
                "waardoor.",
            ),
        )
        if sentence
    ]
    return "\n".join(f"- {line}" for line in lines)


def _small_changes(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> Iterator[str]:
    chart = _satisfaction(study, estimates, comparisons)
    length = series.length_word(chart[1]) if chart else ""
    seen = series.detections(study, estimates).get(length)
    if seen is not None:
        yield (
            "**Kleine of korte veranderingen.** "
            f"{series.detection_sentence(study, seen)}. In één {length} is de kans op "
            f"een signaal dan {dutch.percentage(seen.chance)}. Geen signaal betekent "
            "dus niet dat er niets veranderde."
        )


def _weeks(study: Study, estimates: pd.DataFrame) -> Iterator[str]:
    week = series.detections(study, estimates).get("week")
    if week is not None:
        fall = dutch.points(series.plan(study).fall)
        yield (
            f"**Weken.** In een week komen ongeveer {dutch.number(week.expected)} "
            f"antwoorden binnen. Daalt het aandeel tevreden met {fall}, dan is de kans "
            f"op een signaal in een bepaalde week {dutch.percentage(week.chance)}. Een "
            "weekcijfer is blind, niet stabiel. En wie elke week kijkt, krijgt vaker "
            "vals alarm."
        )


def _blind(study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame) -> str:
    told = []
    for channel in ("", *series.charted_channels(study, estimates)):
        chart = _satisfaction(study, estimates, comparisons, channel)
        blind = [each for each in chart[1] if each.is_blind] if chart else []
        if blind:
            whose = channel or "alle kanalen"
            told.append(f"{series.listed([each.period for each in blind])} ({whose})")
    if not told:
        return ""
    return (
        f"Minder dan {FEWEST_PER_PERIOD} antwoorden waren er in {dutch.listing(told)}. "
        "Daar is een verandering nauwelijks te zien."
    )


def _short_baseline(study: Study) -> str:
    plan = series.plan(study)
    months = (plan.baseline_end - plan.baseline_start).days / 30.4
    if months > 11.5:
        return ""
    return (
        f"De middellijn rust op {dutch.number(months)} maanden en is dus zelf een "
        "schatting. Of cijfers meer schommelen dan toeval alleen, is met zo weinig "
        "maanden niet te zien. Seizoenen evenmin."
    )


# --- the quarter page -----------------------------------------------------------------


def describe_quarter(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> str:
    """The last quarter in a few lines: the figure, what changed, what to do."""
    quarter = last_quarter(study, estimates)
    indicator = series.indicator_of(study, "satisfaction")
    if not quarter or indicator is None:
        return "Er is nog geen kwartaal met antwoorden."
    lines = [
        _now(study, estimates, indicator, quarter),
        _beside_baseline(study, estimates, comparisons),
        _changed(study, comparisons, indicator),
        _signals_in(study, estimates, comparisons, quarter),
    ]
    return " ".join(each for each in lines if each)


def _now(
    study: Study, estimates: pd.DataFrame, indicator: Indicator, quarter: str
) -> str:
    found = series.quarters(study, estimates, indicator)
    if not found or found[-1].group != quarter:
        return f"Over {in_words(quarter)} is er geen cijfer van alle kanalen samen."
    now = found[-1]
    return f"Tevreden in {in_words(quarter)}: **{now.value}** ({evidence(now)})."


def _beside_baseline(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> str:
    chart = _satisfaction(study, estimates, comparisons)
    if chart is None:
        return ""
    indicator, found = chart
    centre = next((each.center for each in found if each.center is not None), None)
    return (
        f"In de basisperiode ({series.baseline_words(study)}) was dat "
        f"{series.printed(centre, indicator)}."
    )


def _changed(study: Study, comparisons: pd.DataFrame, indicator: Indicator) -> str:
    row = series.change(study, comparisons, indicator)
    if row is None:
        return ""
    words, before = change_words(row), in_words(str(row["reference"]))
    low, high = row["ci_low"], row["ci_high"]
    if low is None or high is None:
        return f"Vergeleken met {before}: {words}."
    span = f"{_points(low)} en {_points(high)}"
    return f"Vergeleken met {before}: {words} (het ligt waarschijnlijk tussen {span})."


def _points(value: object) -> str:
    number = float(str(value))
    side = "lager" if number < 0 else "hoger"
    return f"{dutch.points(abs(number))} {side}"


def _signals_in(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame, quarter: str
) -> str:
    if not series.any_chart(estimates):
        return ""
    found = _quarter_signals(study, estimates, comparisons, quarter)
    if not found:
        return "De regelkaarten gaven dit kwartaal geen signaal."
    told = dutch.listing(
        f"{channel or 'alle kanalen'} ({in_words(point.period)}: {point.result.value})"
        for channel, point in found
    )
    return f"Signalen dit kwartaal: {told}."


def _quarter_signals(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame, quarter: str
) -> list[tuple[str, Point]]:
    """The signals on satisfaction in a quarter, each with its channel."""
    start, end = bounds(quarter)
    return [
        (channel, point)
        for channel, indicator, point in signals(study, estimates, comparisons)
        if indicator.statistic == "share" and start <= bounds(point.period)[0] <= end
    ]


def advise_quarter(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> str:
    """What a signal asks of a manager, and what the absence of one does not allow."""
    quarter = last_quarter(study, estimates)
    if not quarter:
        return ""
    found = _quarter_signals(study, estimates, comparisons, quarter)
    channels = [each for each in dict.fromkeys(channel for channel, _ in found) if each]
    if not series.any_chart(estimates):
        points = [
            "Met zo weinig antwoorden is een verandering niet te zien. Dat er geen "
            "signaal is, zegt dus niets.",
            "Lees de toelichtingen, en kijk of er meer mensen te vragen zijn.",
        ]
    elif not found:
        points = [
            "Deze cijfers geven geen aanleiding om iets te veranderen. Zij bewijzen "
            "niet dat alles gelijk bleef.",
            "Lees wel de toelichtingen: een klein probleem geeft nog geen signaal.",
        ]
    else:
        begin = (
            f"Begin bij {dutch.listing(channels)}: daar gaf de kaart een signaal."
            if channels
            else "Kijk welk kanaal het verschil maakt: geen gaf zelf een signaal."
        )
        points = [
            begin,
            "Zoek uit wat er in die weken anders was: bezetting, systemen, brieven of "
            "een nieuw onderwerp. Lees daarvoor de toelichtingen.",
            "Wacht niet op nog een kwartaal: een signaal is zeldzaam als er niets is.",
        ]
    return "\n".join(f"- {each}" for each in points)
