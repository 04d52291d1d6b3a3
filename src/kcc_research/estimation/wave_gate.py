"""The gate between two waves: is it the same question, put to the same people?

Two questions are asked of every indicator. Were text, scale, definition and fieldwork
mode the same in both measurements: if not, nothing helps but a parallel measurement.
And do both speak for the same people, found in the same way, within the same borders:
that may be spanned by a declared bridge. What the wave map says of a question goes
before what the texts look like (DOMAIN-D10, D32).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kcc_research import dutch
from kcc_research.study.condition import Clause
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import EVERYONE, Study
from kcc_research.study.municipality import register
from kcc_research.study.questionnaire import Question, Questionnaire
from kcc_research.study.wave_coherence import scale_words
from kcc_research.study.wave_map import Link

_RECRUITMENT = {
    "random-sample": "aselecte steekproef",
    "panel": "panel",
    "intercept": "aangesproken bezoekers",
    "open-link": "open link",
    "self-selected": "eigen aanmelding",
    "census": "iedereen",
    "registration": "registratie",
}


def measured_differently(
    now: Study, then: Study, source: str, indicator: str, link: Link | None = None
) -> str:
    """What makes an indicator another one in both waves, in Dutch; empty if nothing.

    ``link`` is its row of the wave map, when there is one.
    """
    link = link or Link(indicator)
    before = then.questionnaires[source]
    if link.before is not None and not link.before.comparable:
        return link.before.reason
    if link.then not in before.indicators:
        return "in de eerdere meting bestaat deze uitkomst niet"
    if chose_themselves(now) or chose_themselves(then):
        return "deelnemers kozen zelf: een verschil kan aan hen liggen"
    after = now.questionnaires[source]
    a, b = after.indicators[indicator], before.indicators[link.then]
    if link.has_other_scale and a.statistic == "mean":
        return "gemiddelden op twee verschillende schalen zijn niet te vergelijken"
    changed = _changed(after.questions[a.question], before.questions[b.question], link)
    if not link.has_other_scale:
        changed += _changed_definition(a, b)
    elif (a.statistic, a.base) != (b.statistic, b.base):
        changed.append("de maat of de basis")
    modes = (each.measurement.fieldwork.mode for each in (now, then))
    if len(set(modes)) > 1 and not rests_on(link):
        changed.append("de manier van veldwerk")
    return (
        f"anders dan in de eerdere meting: {dutch.listing(changed)}" if changed else ""
    )


def chose_themselves(study: Study) -> bool:
    """Whether respondents speak for themselves only (DESIGN §8.3)."""
    return study.measurement.fieldwork.recruitment in ("self-selected", "open-link")


def _changed(now: Question, then: Question, link: Link) -> list[str]:
    """What differs between two questions, but for what the wave map speaks about."""
    found = []
    if link.before is None and " ".join(now.text.split()) != " ".join(
        then.text.split()
    ):
        found.append("de vraagtekst")
    if link.has_other_scale:
        return found
    if now.type != then.type:
        found.append("het soort vraag")
    if now.range != then.range:
        scales = f"{scale_words(now.range)} tegenover {scale_words(then.range)}"
        found.append(f"de schaal ({scales})")
    if now.direction != then.direction:
        found.append("de richting van de schaal")
    if now.categories != then.categories:
        found.append("de antwoorden waaruit men kon kiezen")
    return found


def _changed_definition(now: Indicator, then: Indicator) -> Iterator[str]:
    if now.statistic != then.statistic:
        yield "de maat"
    bounds = ("at_least", "at_most", "categories")
    if any(getattr(now, each) != getattr(then, each) for each in bounds):
        yield "de grens"
    if now.base != then.base:
        yield "de basis"


def other_people(
    now: Study, then: Study, source: str, indicator: str, link: Link | None = None
) -> str:
    """Why both waves speak for other people, in Dutch; empty if they do not.

    Other than what makes a question another question, a declared bridge may span this.
    Questions that only changed their id, as the wave map says, are the same here.
    """
    id_then = link.then if link else indicator
    names = now.waves.names(source, then.key)
    changed = []
    if _target(now, source, {}) != _target(then, source, names):
        changed.append("de doelgroep")
    elif _asked(now, source, indicator, {}) != _asked(then, source, id_then, names):
        changed.append("aan wie de vraag is gesteld")
    before, after = (_recruitment(each) for each in (then, now))
    if before != after:
        changed.append(f"de werving ({after} tegenover {before})")
    if borders_changed(now, then):
        changed.append("de gemeentegrens")
    return (
        f"anders dan in de eerdere meting: {dutch.listing(changed)}" if changed else ""
    )


def _recruitment(study: Study) -> str:
    return _RECRUITMENT[study.measurement.fieldwork.recruitment]


def _asked(
    study: Study, source: str, indicator: str, names: Mapping[str, str]
) -> frozenset[Clause]:
    """The routing of the question, where it narrows the target down."""
    questionnaire = study.questionnaires[source]
    question = questionnaire.questions[questionnaire.indicators[indicator].question]
    asked = question.routing.clauses if question.routing else ()
    return _renamed(asked, names) - _target(study, source, names)[1]


def _renamed(clauses: Iterable[Clause], names: Mapping[str, str]) -> frozenset[Clause]:
    """Conditions of an earlier measurement with the ids of now."""
    return frozenset(
        replace(each, question=names.get(each.question, each.question))
        for each in clauses
    )


def borders_changed(now: Study, then: Study) -> bool:
    """Whether the municipality is another, or took another in (DOMAIN-D46).

    The register knows borders from 2022 on; of earlier years it knows nothing.
    """
    a, b = now.measurement, then.measurement
    if (a.municipality, a.place) != (b.municipality, b.place):
        return True
    if a.municipality is None:
        return False
    first, last = sorted((a.fieldwork.start, b.fieldwork.start))
    return any(
        each.successor == a.municipality
        and each.valid_to is not None
        and first < each.valid_to <= last
        for each in register()
    )


def _target(
    study: Study, source: str, names: Mapping[str, str]
) -> tuple[str, frozenset[Clause]]:
    """Who the answers speak for: the population and the conditions of the filter."""
    questionnaire: Questionnaire = study.questionnaires[source]
    target = study.measurement.sources[source].target
    clauses = questionnaire.filters[target].parsed.clauses if target != EVERYONE else ()
    return questionnaire.population, _renamed(clauses, names)


def rests_on(link: Link) -> str:
    """What a comparison rests on beyond equal questions, in Dutch; mostly nothing."""
    if link.before is None or link.before.parallel is None:
        return ""
    return f"parallelmeting: {link.before.parallel}"
