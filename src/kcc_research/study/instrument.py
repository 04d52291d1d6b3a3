"""How a number was measured: what must be equal before two reports stand side by side.

Within one municipality the gate between waves asks this of two studies at once
(:mod:`kcc_research.estimation.wave_gate`). Between municipalities there is no such
pair: every report says for itself how each of its numbers came to be, and whoever reads
a thousand reports only has to see whether two accounts are equal, word for word. There
is no bridge here. What nobody declared equal, is another number (DOMAIN-D10, D32).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kcc_research import dutch
from kcc_research.study.condition import Clause, parse_condition
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import EVERYONE, Source, Study
from kcc_research.study.questionnaire import Question, Questionnaire

PARTS: Mapping[str, str] = {
    "question": "de vraagtekst",
    "answers": "de schaal of de antwoorden",
    "measure": "de maat",
    "people": "de doelgroep",
    "asked": "aan wie de vraag is gesteld",
    "mode": "de manier van vragen",
    "recruitment": "de werving",
}
"""Every part of how a number was measured → what to call it where it differs."""

CHOSE_THEMSELVES = ("self-selected", "open-link")
"""Recruitment by which respondents speak for themselves only (DESIGN §8.3)."""

_FIRST = ("headline", "satisfaction")
_OPPOSITES = ("dissatisfaction", "aspect_low")


def comparable_numbers(study: Study) -> list[dict[str, str]]:
    """Of every question its main number, and how that was measured.

    Each has ``source``, ``indicator``, ``label``, ``statistic``, :data:`PARTS`, and
    ``who``, which says ``people`` and ``asked`` in a sentence. The headline comes
    first, then satisfaction, then the others as the questionnaire has them.
    """
    found = [
        (indicator, _described(study, source, indicator))
        for source in study.measurement.source
        if source.id in study.questionnaires
        for indicator in _main_numbers(study.questionnaires[source.id])
    ]
    return [told for _, told in sorted(found, key=lambda each: _place(each[0]))]


def _place(indicator: Indicator) -> int:
    return _FIRST.index(indicator.role) if indicator.role in _FIRST else len(_FIRST)


def _main_numbers(questionnaire: Questionnaire) -> Iterator[Indicator]:
    """One mean or share per question; headline and satisfaction may both be there."""
    by_question: dict[str, list[Indicator]] = {}
    for each in questionnaire.indicator:
        if each.statistic != "distribution" and each.role not in _OPPOSITES:
            by_question.setdefault(each.question, []).append(each)
    for own in by_question.values():
        first = [each for each in own if each.role in _FIRST]
        with_role = [each for each in own if each.role is not None]
        yield from first or (with_role or own)[:1]


def _described(study: Study, source: Source, indicator: Indicator) -> dict[str, str]:
    questionnaire = study.questionnaires[source.id]
    question = questionnaire.questions[indicator.question]
    target = _target(source, questionnaire)
    asked = question.routing.clauses if question.routing else ()
    return {
        "source": source.id,
        "indicator": indicator.id,
        "label": indicator.label,
        "statistic": indicator.statistic,
        "question": " ".join(question.text.split()),
        "answers": _answers(question),
        "measure": _measure(indicator),
        "people": _joined(questionnaire.population, target),
        "asked": _joined("", [each for each in asked if each not in target]),
        "mode": study.measurement.fieldwork.mode,
        "recruitment": study.measurement.fieldwork.recruitment,
        "who": _who(source, questionnaire, question),
    }


def _who(source: Source, questionnaire: Questionnaire, question: Question) -> str:
    """``contacten (alleen bij “Kreeg u antwoord?”: ja)``."""
    named = questionnaire.filters.get(source.target)
    who = questionnaire.population if named is None else named.label
    target = _target(source, questionnaire)
    asked = question.routing.clauses if question.routing else ()
    only = [
        f"alleen bij “{questionnaire.questions[each.question].short}”: "
        + "niet " * (each.operator != "in")
        + dutch.listing(each.categories, "of")
        for each in asked
        if each not in target
    ]
    return f"{who} ({'; '.join(only)})" if only else who


def _target(source: Source, questionnaire: Questionnaire) -> tuple[Clause, ...]:
    if source.target == EVERYONE:
        return ()
    return parse_condition(questionnaire.filters[source.target].condition).clauses


def _joined(first: str, clauses: tuple[Clause, ...] | list[Clause]) -> str:
    """``inwoners; had_contact = ja``, in one order."""
    told = sorted(
        f"{each.question} {'=' if each.operator == 'in' else '!='} "
        + " | ".join(sorted(each.categories))
        for each in clauses
    )
    return "; ".join(each for each in (first, *told) if each)


def _answers(question: Question) -> str:
    """``cijfer, 1 tot en met 10, hoger is beter``; categories in their order."""
    words = [_TYPES.get(question.type, question.type), *question.categories]
    if question.range is not None:
        low, high = question.range
        words.append(f"{low:g} tot en met {high:g}".replace(".", ","))
    if question.direction is not None:
        is_up = question.direction == "higher_is_better"
        words.append("hoger is beter" if is_up else "lager is beter")
    return ", ".join(words)


_TYPES = {
    "grade": "cijfer",
    "scale": "schaal",
    "number": "getal",
    "choice": "één antwoord",
    "multiple": "meer antwoorden mogelijk",
}


def _measure(indicator: Indicator) -> str:
    """``aandeel 7 of hoger, van geldige antwoorden``."""
    bounds = list(indicator.categories)
    limits = ((indicator.at_least, "hoger"), (indicator.at_most, "lager"))
    bounds += [
        f"{limit:g}".replace(".", ",") + f" of {word}"
        for limit, word in limits
        if limit is not None
    ]
    kind = "gemiddelde" if indicator.statistic == "mean" else "aandeel"
    return f"{kind} {dutch.listing(bounds, 'en')}".rstrip() + _BASES[indicator.base]


_BASES = {
    "valid": ", van geldige antwoorden",
    "asked": ", van wie de vraag kreeg",
    "all": ", van iedereen",
}


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, ...]:
    """What differs between two accounts of a number, in Dutch; empty if nothing."""
    return tuple(
        words
        for part, words in PARTS.items()
        if one.get(part, "") != other.get(part, "")
    )
