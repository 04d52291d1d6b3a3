"""Dutch sentences about a registration: counted whole, so said by value.

A complete registration has no margin and no *te dichtbij om te zeggen*; what weakens
its numbers is said instead: days without records, durations that cannot be true, cases
still open, norms that nobody agreed (DOMAIN-D17, D27).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.tables import TOTAL
from kcc_research.reporting.contact_tables import VERDICTS, all_counted, norm_of
from kcc_research.reporting.contact_values import (
    BY_WORDS,
    DAYS_WITHOUT,
    contact_value,
    evidence,
    gaps_of,
    group_words,
    groups_of,
    in_words,
    is_registered,
    known,
    label_of,
    level_value,
    list_durations,
    measured_in,
    name_of,
    period_of,
    records_of,
    registrations,
    seconds_words,
    total_of,
    unknown_of,
)
from kcc_research.reporting.result import Result
from kcc_research.study.measurement import Source, Study

_FEWEST_FULL_MONTHS = 3
_FIRST_DAYS, _LAST_DAYS = 4, 27  # weekends and holidays around them are not a cut
_MOST_LIMITS = 2  # on page one; all of them stand with the registration itself


def introduce_registration(
    study: Study, estimates: pd.DataFrame, source_id: str
) -> str:
    """Period, number, what a record is, and everything that is missing."""
    source = study.measurement.sources[source_id]
    noun = study.layouts[source_id].noun[0]
    head = (
        f"De **{label_of(source)}** is een volledige registratie: "
        f"**{all_counted(study, estimates, source_id)}**, van "
        f"{period_of(estimates, source_id)}. Het is geen steekproef. Daarom hoort er "
        f"geen marge bij. Eén {noun} is niet één persoon: dezelfde persoon kan vaker "
        "meetellen."
    )
    missing = list(_missing(study, estimates, source_id))
    if not missing:
        return head
    return "\n\n".join(
        [head, "Wat er ontbreekt:", "\n".join(f"- {each}" for each in missing)]
    )


def _missing(study: Study, estimates: pd.DataFrame, source_id: str) -> Iterator[str]:
    """Gaps, open cases, no norm, durations that are unknown or cannot be true."""
    records = records_of(study, source_id)
    days = total_of(estimates, source_id, DAYS_WITHOUT)
    if days is not None and days.count:
        yield (
            f"Op {dutch.number(days.count)} van de {dutch.number(days.n or 0)} "
            f"werkdagen is niets geregistreerd{_longest_gap(estimates, source_id)}."
        )
    for name, words in (
        (
            "nog open",
            "waren nog open. Of die op tijd zijn, is niet bekend. Zij tellen niet als "
            "op tijd en niet als te laat",
        ),
        ("geen norm", "hebben geen norm. Ook die tellen niet als op tijd"),
    ):
        count = _class_count(estimates, source_id, "normklasse", name)
        if count:
            yield f"{dutch.number(count)} {records} {words}."
    yield from _doubtful(study, estimates, source_id)
    unknown = unknown_of(estimates, source_id, "kanaal")
    if unknown is not None and unknown.count:
        yield (
            f"Van {dutch.number(unknown.count)} {records} is het kanaal niet bekend. "
            "Die tellen alleen in het totaal mee."
        )


def _longest_gap(estimates: pd.DataFrame, source_id: str) -> str:
    gaps = gaps_of(estimates, source_id)
    longest = max(gaps, key=lambda row: row.count or 0, default=None)
    if longest is None or (longest.count or 0) < 2:
        return ""
    return f"; de langste onderbreking is {longest.group}"


def _class_count(
    estimates: pd.DataFrame, source_id: str, indicator: str, category: str
) -> int:
    found = total_of(estimates, source_id, indicator, category)
    return 0 if found is None else found.count or 0


def _doubtful(study: Study, estimates: pd.DataFrame, source_id: str) -> Iterator[str]:
    """How many that were helped or closed have no usable duration."""
    closed = total_of(estimates, source_id, "binnen_norm")
    for duration, everyone in (
        ("wachttijd", _helped(estimates, source_id)),
        ("doorlooptijd", None if closed is None else closed.n),
    ):
        found = total_of(estimates, source_id, duration)
        if found is None or found.n is None or everyone is None:
            continue
        lost = everyone - found.n
        if lost > 0:
            yield (
                f"Van {dutch.number(lost)} {records_of(study, source_id)} is de "
                f"{duration} onbekend of kan die niet kloppen. Die tellen in de "
                f"{duration} niet mee."
            )


def _helped(estimates: pd.DataFrame, source_id: str) -> int | None:
    found = total_of(estimates, source_id, "uitkomst", "geholpen")
    return None if found is None else found.count


def describe_contacts(study: Study, estimates: pd.DataFrame, source_id: str) -> str:
    """How many, through which channels, and when it is busiest."""
    records = records_of(study, source_id)
    parts = [
        f"In totaal: **{all_counted(study, estimates, source_id)}**.",
        _channels(study, estimates, source_id),
    ]
    months = _full_months(estimates, source_id)
    if len(months) >= _FEWEST_FULL_MONTHS:
        parts.append(
            f"Van de volle maanden was {_most('maand', months)} het drukst en "
            f"{_least('maand', months)} het rustigst."
        )
    days = [r for r in groups_of(estimates, source_id, "weekdag") if r.count]
    hours = [r for r in groups_of(estimates, source_id, "uur") if r.count]
    if len(days) > 1:
        text = f"De meeste {records} kwamen op {_most('weekdag', days)}"
        if len(hours) > 1:
            text += f", en op een dag van {_most('uur', hours)}"
        parts.append(f"{text}.")
    return " ".join(each for each in parts if each)


def _full_months(estimates: pd.DataFrame, source_id: str) -> list[Result]:
    """Months that the registration covers; its first and last may be cut off."""
    months = groups_of(estimates, source_id, "maand")
    first, _, last = period_of(estimates, source_id).partition(" tot en met ")
    if _day(first) > _FIRST_DAYS:
        months = months[1:]
    if _day(last) < _LAST_DAYS:
        months = months[:-1]
    return [row for row in months if row.count is not None]


def _day(words: str) -> int:
    """The day in *2 januari 2023*; 0 where there is none."""
    number = words.split(dutch.NBSP)[0]
    return int(number) if number.isdigit() else 0


def _channels(study: Study, estimates: pd.DataFrame, source_id: str) -> str:
    rows = groups_of(estimates, source_id, "kanaal")
    if len(rows) < 2:
        return ""
    said = (f"{row.group} {dutch.number(row.count)}" for row in rows if row.count)
    few = [row.group for row in rows if row.count is None]
    hidden = f" Te weinig om te publiceren: {dutch.listing(few)}." if few else ""
    return f"Per kanaal: {dutch.listing(said)}.{hidden}"


def _most(by: str, rows: list[Result]) -> str:
    return _with_count(by, max(rows, key=lambda row: row.count or 0))


def _least(by: str, rows: list[Result]) -> str:
    return _with_count(by, min(rows, key=lambda row: row.count or 0))


def _with_count(by: str, row: Result) -> str:
    return f"{group_words(by, row.group)} ({dutch.number(row.count or 0)})"


def describe_waiting(
    study: Study, estimates: pd.DataFrame, source_id: str, duration: str = "wachttijd"
) -> str:
    """Mean, median, p90 and the share within the norm; also of *doorlooptijd*."""
    mean = total_of(estimates, source_id, duration)
    if mean is None or not mean.is_shown:
        return ""
    shown = f"**{in_words(mean)}** ({evidence(mean)} {mean.base})"
    parts = [f"De {duration} is gemiddeld {shown}."]
    half, most = (
        total_of(estimates, source_id, f"{duration}_{ending}")
        for ending in ("mediaan", "p90")
    )
    if half is not None and half.is_shown:
        text = f"Bij de helft is die hoogstens {in_words(half)}"
        if most is not None and most.is_shown:
            text += f", bij negen van de tien hoogstens {in_words(most)}"
        parts.append(f"{text}.")
    if duration == "wachttijd":
        parts += [
            _within_norm(study, estimates, source_id),
            _by_appointment(estimates, source_id),
        ]
    return " ".join(each for each in parts if each)


def _within_norm(study: Study, estimates: pd.DataFrame, source_id: str) -> str:
    within = total_of(estimates, source_id, "wachttijd_binnen_norm")
    norm = study.layouts[source_id].thresholds.wait_norm_seconds
    if within is None or not within.is_shown or norm is None:
        return ""
    return (
        f"Binnen de norm van {seconds_words(norm)} bleef "
        f"**{contact_value(within)}** ({evidence(within)})."
    )


def _by_appointment(estimates: pd.DataFrame, source_id: str) -> str:
    rows = groups_of(estimates, source_id, "afspraak", "wachttijd")
    said = [
        f"{row.group} {in_words(row)} ({dutch.base(row.n or 0)})"
        for row in rows
        if row.is_shown
    ]
    if len(said) < 2:
        return ""
    return (
        f"Gemiddeld {dutch.listing(said)}. Wie een afspraak heeft, wacht vanaf de "
        "afgesproken tijd."
    )


def describe_reachability(study: Study, estimates: pd.DataFrame, source_id: str) -> str:
    """How much of what was offered was answered, and who gave up."""
    reached = total_of(estimates, source_id, "bereikbaarheid")
    gone = total_of(estimates, source_id, "uitval")
    parts = []
    if reached is not None and reached.is_shown:
        parts.append(
            f"De bereikbaarheid is **{contact_value(reached)}**: "
            f"{evidence(reached)} {reached.base}."
        )
    if gone is not None and gone.is_shown:
        who = (
            "ging weg voor de oproep"
            if study.layouts[source_id].kind == "queue"
            else "hing op voor er werd opgenomen"
        )
        parts.append(f"**{contact_value(gone)}** {who} ({evidence(gone)} {gone.base}).")
    return " ".join(parts)


def describe_absent_waiting(study: Study, source_id: str) -> str:
    """That a registration holds no waiting time at all, where that is so."""
    if list_durations(study, source_id):
        return ""
    return "Wachttijd en bereikbaarheid staan niet in deze registratie."


def describe_service_level(
    study: Study, estimates: pd.DataFrame, source_id: str
) -> str:
    """The service level with the formula it was computed by (DOMAIN-D18)."""
    level = total_of(estimates, source_id, "servicelevel")
    if level is None or not level.is_shown:
        return ""
    return (
        f"Het servicelevel is **{contact_value(level)}** ({evidence(level)} "
        f"{level.base}). Zo is het berekend: {level.method}. Een andere formule geeft "
        "bij dezelfde oproepen een ander percentage. Vergelijk dit cijfer alleen met "
        "cijfers volgens dezelfde formule."
    )


def describe_handling(study: Study, estimates: pd.DataFrame, source_id: str) -> str:
    """Handling time, first contact resolution, transfers and call-backs kept."""
    parts = []
    for name, words in (
        ("afhandeltijd", "Een contact duurt gemiddeld {value} ({n} {base})."),
        ("in_een_keer", "In één keer goed: {value} ({n} {base}), {method}."),
        ("doorverbonden", "Doorverbonden: {value} ({n} {base})."),
        ("terugbel_nagekomen", "Teruggebeld binnen de termijn: {value} ({n} {base})."),
    ):
        found = total_of(estimates, source_id, name)
        if found is None or not found.is_shown or name not in known(study, source_id):
            continue
        parts.append(
            words.format(
                value=f"**{in_words(found)}**",
                n=evidence(found),
                base=found.base,
                method=found.method,
            )
        )
    return " ".join(parts)


def describe_attainment(
    study: Study,
    estimates: pd.DataFrame,
    verdicts: pd.DataFrame,
    *,
    groups: bool = True,
) -> str:
    """Each norm on a registration with its verdict by value, groups after the whole.

    Where cases have a due date but nobody agreed how many must be on time, that is a
    white spot (*witte vlek*) and is said.
    """
    rows = [row for row in verdicts.to_dict("records") if groups or row["by"] == TOTAL]
    sentences = [
        sentence
        for row in rows
        if row["by"] == TOTAL
        and (sentence := _attained(study, estimates, row, rows)) != ""
    ]
    sentences += [
        sentence
        for source in registrations(study)
        if (sentence := _without_level(study, estimates, source)) != ""
    ]
    return "\n".join(f"- {each}" for each in sentences)


def _attained(
    study: Study,
    estimates: pd.DataFrame,
    row: Mapping[Any, Any],
    rows: list[dict[Any, Any]],
) -> str:
    norm = norm_of(study, row)
    if norm is None or not is_registered(study, norm.indicator):
        return ""
    statistic = "share" if norm.share is not None else "mean"
    level = norm.share if norm.share is not None else norm.mean or 0.0
    source = measured_in(study, norm.indicator)
    name = name_of(study, source.id if source else "", norm.indicator)
    asked = f"de norm is {level_value(norm.indicator, level, statistic)}"
    found = total_of(estimates, source.id, norm.indicator) if source else None
    if row["verdict"] == "not_measured" or found is None or not found.is_shown:
        return (
            f"{name}: {asked}, maar dit is niet gemeten: een **witte vlek**. Of de "
            "norm is gehaald, is niet te zeggen."
        )
    reason = f" ({row['reason']})" if row["reason"] else ""
    verdict = f"**{VERDICTS[str(row['verdict'])]}**{reason}"
    return (
        f"{name}: **{contact_value(found)}** ({evidence(found)} {found.base}); "
        f"{asked}: {verdict}.{_groups_attained(row, rows)}"
    )


def _groups_attained(row: Mapping[Any, Any], rows: list[dict[Any, Any]]) -> str:
    """For which groups it was reached and for which not; all counted, so by value."""
    same = [
        each
        for each in rows
        if each["indicator"] == row["indicator"]
        and each["norm"] == row["norm"]
        and each["by"] != TOTAL
    ]
    breakdowns = dict.fromkeys(str(each["by"]) for each in same)
    return "".join(
        f" Naar {BY_WORDS[by]}: {_by_verdict(same, by)}."
        for by in breakdowns
        if by in BY_WORDS
    )


def _by_verdict(rows: list[dict[Any, Any]], by: str) -> str:
    """``gehaald bij e-mail; niet gehaald bij telefoon en balie``."""
    said = []
    for verdict in ("met", "not_met", "not_yet"):
        names = [
            group_words(by, str(each["group"]))
            for each in rows
            if each["by"] == by and each["verdict"] == verdict
        ]
        if names:
            said.append(f"{VERDICTS[verdict]} bij {dutch.listing(names)}")
    return "; ".join(said)


def _without_level(study: Study, estimates: pd.DataFrame, source: Source) -> str:
    """Attainment of due dates for which no share was agreed."""
    declared = {norm.indicator for norm in study.measurement.norm}
    found = total_of(estimates, source.id, "binnen_norm")
    if found is None or not found.is_shown or "binnen_norm" in declared:
        return ""
    per_channel = [
        f"{row.group} {_without_star(row)}"
        for row in groups_of(estimates, source.id, "kanaal", "binnen_norm")
        if row.is_shown
    ]
    channels = (
        f" Per kanaal: {dutch.listing(per_channel)}." if len(per_channel) > 1 else ""
    )
    return (
        f"Van de {dutch.number(found.n or 0)} {found.base} is "
        f"**{contact_value(found)}** op tijd ({dutch.number(found.count or 0)})."
        f"{channels} Welk deel op tijd moet zijn, is niet afgesproken: een **witte "
        "vlek**. Daarom staat hier geen oordeel."
    )


def _without_star(row: Result) -> str:
    """``61,9% (13 van 21, weinig: lees als voorbeeld)``."""
    few = ", weinig: lees als voorbeeld" if row.is_indicative else ""
    return f"{contact_value(row).rstrip('*')} ({evidence(row)}{few})"


def describe_registration_limits(study: Study, estimates: pd.DataFrame) -> str:
    """What the registrations cannot say, on the page where people look first."""
    points = [
        "Wat mensen ervan vonden. Een registratie zegt wat er gebeurde en hoe lang het "
        "duurde, niet hoe dat werd beleefd.",
        "Wie het niet probeerde, opgaf voor de registratie begon, of niet werd "
        "vastgelegd. Die tellen niet mee.",
    ]
    several = len(registrations(study)) > 1
    for source in registrations(study):
        where = f"{dutch.capitalised(label_of(source))}: " if several else ""
        points += [
            f"{where}{_lower(each) if where else each}"
            for each in list(_missing(study, estimates, source.id))[:_MOST_LIMITS]
        ]
    return "\n".join(["### Wat we niet weten", "", *(f"- {each}" for each in points)])


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def summarise_registrations(
    study: Study, estimates: pd.DataFrame, verdicts: pd.DataFrame
) -> str:
    """The findings a councillor should know, of all registrations."""
    points = []
    for source in registrations(study):
        points += [
            f"{dutch.capitalised(label_of(source))}: "
            f"{all_counted(study, estimates, source.id)}, van "
            f"{period_of(estimates, source.id)}.",
            describe_reachability(study, estimates, source.id),
            describe_waiting(study, estimates, source.id),
            describe_waiting(study, estimates, source.id, "doorlooptijd"),
        ]
    lines = [f"- {each}" for each in points if each]
    attained = describe_attainment(study, estimates, verdicts, groups=False)
    return "\n".join([*lines, *([attained] if attained else [])])
