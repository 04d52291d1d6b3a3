"""What the protocol of the Burgerpeiling asks, one function for each requirement.

A requirement looks at the definitions and the protected table, and answers with what
the answer rests on (DOMAIN-D14). Numbers without a source of their own are those of
the protocol of 11 August 2022.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist
from typing import Literal

from kcc_research import dutch
from kcc_research.reporting.fieldwork_words import RECRUITMENT
from kcc_research.reporting.protocol_facts import ProtocolFacts
from kcc_research.study.protocol import (
    AGE_COLUMN,
    GRADES,
    NEVER_DROPPED,
    STATEMENTS,
)
from kcc_research.study.questionnaire import Question, Questionnaire

Answer = Literal["voldoet", "voldoet niet", "let op", "niet na te gaan"]

FEWEST_INVITED = 2000
RESPONSE_EXPECTED = (0.25, 0.40)
NET_WANTED, NET_FLOOR = 500, 475
MARGIN = 0.05
CONFIDENCE, STRATUM_CONFIDENCE = 0.95, 0.82
WEIGHT_RULE, WEIGHT_LIMIT = 3.0, 5.0
FEWEST_DAYS = 18
"""Two and a half weeks, in whole days."""
REMIND_AFTER_DAYS = 21
MOST_MONTHS = 2
MOST_DROPPED = 6
YOUNGEST, OLDEST, MONTHS_RESIDENT = 18, 85, 12

_UNDECLARED = "{} staat niet in [protocol] van de meting"
_NOT_RUN = "er zijn nog geen uitkomsten: draai eerst kcc run"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing the protocol asks, the answer, and what it rests on."""

    asks: str
    answer: Answer
    why: str


# --- one requirement each -------------------------------------------------------------


def _unknown(asks: str, key: str) -> Requirement:
    return Requirement(asks, "niet na te gaan", _UNDECLARED.format(key))


def _declared(
    asks: str, key: str, value: object, wanted: object, shown: str
) -> Requirement:
    """A fact that only the measurement can state, as ``key`` of [protocol]."""
    if value is None:
        return _unknown(asks, key)
    fits: Answer = "voldoet" if value == wanted else "voldoet niet"
    return Requirement(asks, fits, f"opgegeven: {shown}")


def _yes(value: bool | None) -> str:
    return "ja" if value else "nee"


def _frame(facts: ProtocolFacts) -> Requirement:
    asks = "steekproef uit de basisregistratie personen"
    drawn = facts.study.measurement.fieldwork.recruitment
    if drawn != "random-sample":
        return Requirement(asks, "voldoet niet", f"gevraagd zijn {RECRUITMENT[drawn]}")
    names = {"brp": "de basisregistratie", "other": "een ander bestand"}
    frame = facts.protocol.frame
    return _declared(asks, "frame", frame, "brp", names.get(frame or "", ""))


def _ages(facts: ProtocolFacts) -> Requirement:
    ages = facts.protocol.ages
    shown = f"{ages[0]} tot en met {ages[1]} jaar" if ages else ""
    asks = f"inwoners van {YOUNGEST} tot en met {OLDEST} jaar"
    return _declared(asks, "ages", ages, (YOUNGEST, OLDEST), shown)


def _resident(facts: ProtocolFacts) -> Requirement:
    asks = f"ten minste {MONTHS_RESIDENT} maanden inwoner"
    months = facts.protocol.resident_months
    if months is None:
        return _unknown(asks, "resident_months")
    fits: Answer = "voldoet" if months >= MONTHS_RESIDENT else "voldoet niet"
    return Requirement(asks, fits, f"opgegeven: {months} maanden")


def _household(facts: ProtocolFacts) -> Requirement:
    value = facts.protocol.one_per_household
    return _declared(
        "één persoon per huishouden", "one_per_household", value, True, _yes(value)
    )


def _codes(facts: ProtocolFacts) -> Requirement:
    value = facts.protocol.login_codes
    return _declared(
        "een eigen inlogcode per persoon", "login_codes", value, True, _yes(value)
    )


def _open_link(facts: ProtocolFacts) -> Requirement:
    asks = "geen open link naast de steekproef"
    drawn = facts.study.measurement.fieldwork.recruitment
    value = facts.protocol.open_link
    if drawn in ("open-link", "self-selected") or value:
        return Requirement(asks, "let op", "iedereen kon meedoen: apart houden")
    return _declared(asks, "open_link", value, False, "geen open link")


def _invited(facts: ProtocolFacts) -> Requirement:
    asks = f"ten minste {dutch.number(FEWEST_INVITED)} uitnodigingen"
    invited = facts.source.invited
    if invited is None:
        return Requirement(asks, "niet na te gaan", "invited staat niet bij de bron")
    few: Answer = "voldoet" if invited >= FEWEST_INVITED else "let op"
    return Requirement(asks, few, f"{dutch.number(invited)} uitgenodigd")


def _response(facts: ProtocolFacts) -> Requirement:
    low, high = RESPONSE_EXPECTED
    asks = f"respons naar verwachting {dutch.share_interval(low, high)}"
    if facts.estimates is None:
        return Requirement(asks, "niet na te gaan", _NOT_RUN)
    if facts.rate is None:
        return Requirement(asks, "niet na te gaan", "aantal uitnodigingen onbekend")
    expected: Answer = "voldoet" if low <= facts.rate <= high else "let op"
    return Requirement(asks, expected, f"respons {dutch.percentage(facts.rate)}")


def _net(facts: ProtocolFacts) -> Requirement:
    asks = f"ten minste {NET_WANTED} ingevulde vragenlijsten"
    if facts.net is None:
        return Requirement(asks, "niet na te gaan", _NOT_RUN)
    why = f"{dutch.number(facts.net)} ingevuld"
    if facts.net >= NET_WANTED:
        return Requirement(asks, "voldoet", why)
    if facts.net >= NET_FLOOR:
        return Requirement(asks, "let op", f"{why}; de ondergrens is {NET_FLOOR}")
    return Requirement(asks, "voldoet niet", f"{why}; de ondergrens is {NET_FLOOR}")


def _precision(facts: ProtocolFacts) -> Requirement:
    asks = "bij 95% zekerheid hoogstens 5 procentpunt marge"
    if facts.net is None:
        return Requirement(asks, "niet na te gaan", _NOT_RUN)
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    margin = z * _standard_error(facts.net, facts.source.population)
    fits: Answer = "voldoet" if margin <= MARGIN else "voldoet niet"
    return Requirement(
        asks, fits, f"{dutch.points(margin, 1)} bij 50%, zonder het effect van weging"
    )


def _strata(facts: ProtocolFacts) -> Requirement:
    asks = "per stratum ten minste 82% zekerheid bij 5 procentpunt"
    if facts.source.strata is None:
        return Requirement(asks, "voldoet", "niet van toepassing: geen strata")
    if not facts.strata:
        why = "aantallen per stratum zijn niet bekend: weeg naar de strata"
        return Requirement(asks, "niet na te gaan", why)
    sure = {name: _confidence(facts, *each) for name, each in facts.strata.items()}
    short = [name for name, each in sure.items() if each < STRATUM_CONFIDENCE]
    if short:
        return Requirement(asks, "voldoet niet", f"te weinig in {dutch.listing(short)}")
    least = dutch.percentage(min(sure.values()))
    return Requirement(asks, "voldoet", f"{len(sure)} strata, minst zeker: {least}")


def _standard_error(n: int, population: float | None) -> float:
    """Of a share of one half, with the correction for a finite population."""
    left = max(1 - n / population, 0.0) if population else 1.0
    return math.sqrt(0.25 / n * left) if n else math.inf


def _confidence(facts: ProtocolFacts, n: int, share: float | None) -> float:
    """How sure a margin of five points is with ``n`` answers in a stratum."""
    whole = facts.source.population
    size = share * whole if share is not None and whole is not None else None
    error = _standard_error(n, size)
    return 2 * NormalDist().cdf(MARGIN / error) - 1 if error else 1.0


def _weighting(facts: ProtocolFacts) -> Requirement:
    asks = "gewogen naar leeftijd, bij strata per wijk"
    source = facts.source
    if source.margins is None and source.weight is None:
        return Requirement(asks, "voldoet niet", "niet gewogen")
    if not facts.weighted_to:
        return _unknown(asks, "weighted_by (bij kant-en-klare gewichten)")
    shown = f"gewogen naar {dutch.listing(facts.weighted_to)}"
    if not any(_is_age(facts.questionnaire, name) for name in facts.weighted_to):
        return Requirement(asks, "voldoet niet", shown)
    if source.strata is None or source.margins is None:
        return Requirement(asks, "voldoet", shown)
    if source.strata not in facts.weighted_to:
        return Requirement(asks, "voldoet niet", f"{shown}, niet naar de strata")
    why = f"{shown}: apart, en niet leeftijd binnen elke wijk"
    return Requirement(asks, "voldoet niet", why)


def _is_age(questionnaire: Questionnaire, name: str) -> bool:
    question = questionnaire.questions.get(name)
    column = question.column.casefold() if question else ""
    text = f"{name} {question.text if question else ''}".casefold()
    return AGE_COLUMN in (column, name.casefold()) or "leeftijd" in text


def _shares(facts: ProtocolFacts) -> Requirement:
    asks = "samenstelling van de bevolking op twee decimalen"
    if facts.source.margins is not None:
        return Requirement(asks, "voldoet", "gewogen naar aantallen, niet afgerond")
    if facts.source.weight is None:
        return Requirement(asks, "voldoet niet", "niet gewogen")
    return Requirement(asks, "niet na te gaan", "de gewichten zijn kant-en-klaar")


def _largest(facts: ProtocolFacts) -> Requirement:
    asks = "gewichten als regel hoogstens 3, altijd onder 5"
    if facts.estimates is None:
        return Requirement(asks, "niet na te gaan", _NOT_RUN)
    largest = facts.weights.get("grootste")
    if largest is None:
        return Requirement(asks, "voldoet niet", "niet gewogen")
    why = f"het grootste gewicht is {dutch.number(largest, 2)}"
    if largest >= WEIGHT_LIMIT:
        return Requirement(asks, "voldoet niet", why)
    return Requirement(asks, "voldoet" if largest <= WEIGHT_RULE else "let op", why)


def _period(facts: ProtocolFacts) -> Requirement:
    days = _days(facts)
    fits: Answer = "voldoet" if days >= FEWEST_DAYS else "voldoet niet"
    why = f"{dutch.counted(days, 'dag', 'dagen')} veldwerk"
    return Requirement("ten minste tweeënhalve week veldwerk", fits, why)


def _days(facts: ProtocolFacts) -> int:
    fieldwork = facts.study.measurement.fieldwork
    return (fieldwork.end - fieldwork.start).days + 1


def _reminder(facts: ProtocolFacts) -> Requirement:
    """Needed where three weeks gave fewer than 500; how many these gave is unknown."""
    asks = "een herinnering als drie weken te weinig opleveren"
    sent = facts.protocol.reminder
    if sent:
        return Requirement(asks, "voldoet", "opgegeven: er is herinnerd")
    enough = facts.net is not None and facts.net >= NET_WANTED
    if enough and _days(facts) <= REMIND_AFTER_DAYS:
        return Requirement(asks, "voldoet", "binnen drie weken genoeg antwoorden")
    if sent is None:
        return _unknown(asks, "reminder")
    if facts.net is not None and not enough:
        return Requirement(asks, "voldoet niet", "te weinig antwoorden, niet herinnerd")
    why = "niet herinnerd; hoeveel er na drie weken waren, is niet bekend"
    return Requirement(asks, "niet na te gaan", why)


def _routing(facts: ProtocolFacts) -> Requirement:
    asks = "antwoorden op niet gestelde vragen verwijderd"
    routed = [each for each in facts.questionnaire.question if each.asked_if]
    if not routed:
        why = "in de vragenlijst staat geen routing (asked_if)"
        return Requirement(asks, "niet na te gaan", why)
    why = f"bij {dutch.counted(len(routed), 'vraag', 'vragen')} met routing"
    return Requirement(asks, "voldoet", f"het opschonen doet dit {why}")


def _age_of_data(facts: ProtocolFacts) -> Requirement:
    asks = f"aangeleverd binnen {MOST_MONTHS} maanden na het veldwerk"
    day, end = facts.protocol.delivered, facts.study.measurement.fieldwork.end
    if day is None:
        return _unknown(asks, "delivered")
    fits: Answer = "voldoet" if day <= _later(end, MOST_MONTHS) else "voldoet niet"
    why = f"veldwerk tot {dutch.long_date(end)}, geleverd {dutch.long_date(day)}"
    return Requirement(asks, fits, why)


def _later(day: date, months: int) -> date:
    """The same day so many months on, or the last one of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _dropped(facts: ProtocolFacts) -> Requirement:
    asks = f"hoogstens {MOST_DROPPED} gesloten vragen weggelaten"
    dropped = facts.protocol.dropped
    if dropped is None:
        return _unknown(asks, "dropped")
    needed = [each for each in dropped if each.casefold() in NEVER_DROPPED]
    if needed:
        why = f"routing of weging weggelaten: {dutch.listing(needed)}"
        return Requirement(asks, "voldoet niet", why)
    fits: Answer = "voldoet" if len(dropped) <= MOST_DROPPED else "voldoet niet"
    return Requirement(asks, fits, f"opgegeven: {len(dropped)} weggelaten")


def _format(facts: ProtocolFacts) -> Requirement:
    asks = "codes en schalen volgens het landelijke format"
    columns = {e.column.casefold(): e for e in facts.questionnaire.question}
    grades = [columns[name] for name in GRADES if name in columns]
    statements = [columns[name] for name in STATEMENTS if name in columns]
    if not grades and not statements:
        why = "geen vraag heet zoals in het format (dv01, dv05_0, …)"
        return Requirement(asks, "niet na te gaan", why)
    odd = [e.column for e in grades if not _is_grade(e)]
    odd += [e.column for e in statements if not _is_statement(e)]
    if odd:
        return Requirement(asks, "voldoet niet", f"anders: {dutch.listing(odd)}")
    count = dutch.counted(len(grades) + len(statements), "vraag", "vragen")
    why = f"{count} over dienstverlening; de letterlijke tekst toont kcc vng export"
    return Requirement(asks, "voldoet", why)


def _is_grade(question: Question) -> bool:
    return question.range == (1, 10) and question.missing.get("11") == "dont_know"


def _is_statement(question: Question) -> bool:
    turned = question.direction == "lower_is_better"
    bounds = question.range == (1, 5)
    return turned and bounds and question.missing.get("6") == "dont_know"


def _identifiers(facts: ProtocolFacts) -> Requirement:
    linked = [each.id for each in facts.questionnaire.question if each.link]
    asks = "geen gegevens waarmee iemand is te herkennen"
    if linked:
        return Requirement(asks, "let op", f"met sleutel bewaard: {', '.join(linked)}")
    why = "volgnummers en kolommen buiten de vragenlijst gaan niet mee"
    return Requirement(asks, "voldoet", why)


REQUIREMENTS: tuple[Callable[[ProtocolFacts], Requirement], ...] = (
    _frame,
    _ages,
    _resident,
    _household,
    _codes,
    _open_link,
    _invited,
    _response,
    _net,
    _precision,
    _strata,
    _weighting,
    _shares,
    _largest,
    _period,
    _reminder,
    _routing,
    _age_of_data,
    _dropped,
    _format,
    _identifiers,
)
