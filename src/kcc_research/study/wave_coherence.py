"""Whether a wave map agrees with the questionnaires of both its measurements.

Every id has to exist on its own side, every scale has to be the one that the
questionnaire declares, and no outcome of an earlier measurement may be held against two
of now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kcc_research.errors import Problem
from kcc_research.study.definition_file import DefinitionFile, unknown_name
from kcc_research.study.measurement import Bridge
from kcc_research.study.questionnaire import Question, Questionnaire
from kcc_research.study.toml_lines import KeyPath
from kcc_research.study.wave_map import Before, Scale, WaveItem, WaveMap

Questionnaires = Mapping[str, Questionnaire]


def wave_map_problems(
    waves: WaveMap,
    file: DefinitionFile,
    now: Questionnaires,
    earlier: Mapping[str, Questionnaires | None],
) -> Iterator[Problem]:
    """Every row that points nowhere or tells another scale than the questionnaires.

    ``now`` are the questionnaires of this measurement by source, ``earlier`` those of
    each declared earlier one, None where they could not be read.
    """
    for index, item in enumerate(waves.item):
        path = ("item", index)
        owners = [
            source
            for source, each in now.items()
            if item.question in each.questions and item.source in (None, source)
        ]
        if len(owners) == 1:
            yield from _item_problems(file, path, item, owners[0], now, earlier)
        else:
            yield _owner_problem(file, path, item, owners, now)
    yield from _shared(waves, file, now, earlier)


def _owner_problem(
    file: DefinitionFile,
    path: KeyPath,
    item: WaveItem,
    owners: list[str],
    now: Questionnaires,
) -> Problem:
    """No source has the question, or more than one."""
    if owners:
        at = (*path, "question")
        sources = ", ".join(f"'{each}'" for each in owners)
        return file.problem("KCC-C004t", at, value=item.question, sources=sources)
    if item.source is not None and item.source not in now:
        what = "bron met een vragenlijst"
        return unknown_name(file, (*path, "source"), item.source, now, what)
    asked = [name for each in now.values() for name in each.questions]
    what = "vraag in deze meting"
    return unknown_name(file, (*path, "question"), item.question, asked, what)


def _item_problems(
    file: DefinitionFile,
    path: KeyPath,
    item: WaveItem,
    source: str,
    now: Questionnaires,
    earlier: Mapping[str, Questionnaires | None],
) -> Iterator[Problem]:
    question = now[source].questions[item.question]
    at = (*path, "scale")
    yield from _scale_problems(file, at, item.scale, question, "deze meting")
    for number, before in enumerate(item.was):
        was = (*path, "was", number)
        yield from _indicators_now(file, was, item, before, now[source])
        for index, key in enumerate(before.measurements):
            if key not in earlier:
                what = "eerdere meting ([[earlier]] in de meting)"
                at = (*was, "measurements", index)
                yield unknown_name(file, at, key, earlier, what)
                continue
            known = earlier[key] or {}
            if source in known:
                yield from _then_problems(file, was, item, before, known[source], key)


def _indicators_now(
    file: DefinitionFile,
    was: KeyPath,
    item: WaveItem,
    before: Before,
    questionnaire: Questionnaire,
) -> Iterator[Problem]:
    own = [e.id for e in questionnaire.indicator if e.question == item.question]
    for name in before.indicators:
        if name not in own:
            what = f"uitkomst van vraag '{item.question}' in deze meting"
            yield unknown_name(file, (*was, "indicators", name), name, own, what)


def _then_problems(
    file: DefinitionFile,
    was: KeyPath,
    item: WaveItem,
    before: Before,
    questionnaire: Questionnaire,
    key: str,
) -> Iterator[Problem]:
    name = before.question or item.question
    question = questionnaire.questions.get(name)
    if question is None:
        asked = questionnaire.questions
        yield unknown_name(file, (*was, "question"), name, asked, f"vraag in '{key}'")
        return
    scale, at = item.scale_of(before), (*was, "scale")
    yield from _scale_problems(file, at, scale, question, f"'{key}'")
    own = [each.id for each in questionnaire.indicator if each.question == name]
    for now, then in before.indicators.items():
        if then not in own:
            what = f"uitkomst van vraag '{name}' in '{key}'"
            yield unknown_name(file, (*was, "indicators", now), then, own, what)


def _scale_problems(
    file: DefinitionFile,
    at: KeyPath,
    declared: Scale | None,
    question: Question,
    where: str,
) -> Iterator[Problem]:
    """The scale in the map must be the one of the questionnaire, on both sides."""
    if declared != question.range:
        yield file.problem(
            "KCC-C004u",
            at,
            value=scale_words(declared),
            name=question.id,
            where=where,
            found=scale_words(question.range),
        )


def bridge_scale_problems(
    waves: WaveMap,
    file: DefinitionFile,
    path: KeyPath,
    bridge: Bridge,
    now: Questionnaires,
    then: Questionnaires,
    key: str,
) -> Iterator[Problem]:
    """A bridge between two scales of which the wave map says nothing (TRUST-F46)."""
    for index, name in enumerate(bridge.indicators):
        for source in now.keys() & then.keys():
            one, other = (x[source].indicators.get(name) for x in (now, then))
            if one is None or other is None or waves.link(source, one, key).item:
                continue
            asked = now[source].questions[one.question].range
            before = then[source].questions[other.question].range
            if asked != before:
                yield file.problem(
                    "KCC-C004y",
                    (*path, "indicators", index),
                    value=name,
                    now=scale_words(asked),
                    then=scale_words(before),
                    measurement=key,
                )


def scale_words(scale: Scale | None) -> str:
    """``1 tot 10``, or that there is none."""
    return "geen schaal" if scale is None else f"{scale[0]:g} tot {scale[1]:g}"


def _shared(
    waves: WaveMap,
    file: DefinitionFile,
    now: Questionnaires,
    earlier: Mapping[str, Questionnaires | None],
) -> Iterator[Problem]:
    """Two outcomes of now that would be held against one of then."""
    for key, known in earlier.items():
        for source, questionnaire in now.items():
            then = (known or {}).get(source)
            if then is None:
                continue
            claimed: dict[str, str] = {}
            for indicator in questionnaire.indicator:
                name = waves.link(source, indicator, key).then
                if name not in then.indicators:
                    continue
                if name in claimed:
                    yield file.problem(
                        "KCC-C004v",
                        ("item",),
                        value=name,
                        name=name,
                        first=claimed[name],
                        second=indicator.id,
                        measurement=key,
                    )
                claimed.setdefault(name, indicator.id)
