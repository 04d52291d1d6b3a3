"""Whether the files of one measurement agree with each other.

A model can judge one file; here names that point from one file into another are
followed: from a source to its questionnaire, from a bridge to the indicators of both
measurements, from a table of margins to the categories of a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kcc_research import dutch
from kcc_research.errors import Problem, problem
from kcc_research.study.benchmark_coherence import benchmark_problems
from kcc_research.study.claim import Claims
from kcc_research.study.coding_scheme import CodingScheme
from kcc_research.study.contact_indicator import contact_indicators
from kcc_research.study.definition_file import DefinitionFile, nearest, unknown_name
from kcc_research.study.document_review import review_faults
from kcc_research.study.margins import MAX_SPREAD, Margins
from kcc_research.study.measurement import (
    EVERYONE,
    Bridge,
    Measurement,
    Source,
)
from kcc_research.study.municipality import COMPLETE_FROM, code_problems, municipality
from kcc_research.study.norm import ServiceNorm, direction_of
from kcc_research.study.policy_names import policy_problems
from kcc_research.study.questionnaire import Questionnaire, QuestionRole
from kcc_research.study.quote_decision import QuoteDecisions
from kcc_research.study.record_layout import RecordLayout
from kcc_research.study.staff import staff_problems
from kcc_research.study.toml_lines import KeyPath
from kcc_research.study.wave_coherence import bridge_scale_problems
from kcc_research.study.wave_map import WaveMap

Known = Questionnaire | RecordLayout
"""What defines the indicators of a source."""

ABOUT_MUNICIPALITIES = frozenset({"municipalities", "mystery"})
"""Kinds of source in which every row is about a municipality."""

GROUPING_TYPES = frozenset({"choice", "multiple", "scale", "grade", "number", "date"})

_BRACES = re.compile(r"\{[^{}]*\}|[{}]")
# Digits that are no outcome: years, dates, waves, list markers, chapter numbers.
_NO_OUTCOME = re.compile(
    r"\b(?:19|20)\d\d\b"
    rf"|\b\d{{1,2}} (?:{'|'.join(dutch.MONTHS)})\b"
    r"|\b\d+-meting\b"
    r"|^\s*\d+[.)]\s"
    r"|^#+ [\d.]+"
    r"|\b(?:hoofdstuk|paragraaf|bijlage|aanbeveling|conclusie) \d+\b",
    re.MULTILINE | re.IGNORECASE,
)
_TYPED_NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")


@dataclass(frozen=True, slots=True)
class ReadFiles:
    """What was read of a measurement, with the files it came from.

    ``questionnaires`` is keyed by source and holds those that could be read;
    ``earlier`` maps an earlier measurement to its questionnaires by source, or to None
    where it could not be read. ``margins`` are those of each source that has them.
    ``layouts`` holds the registrations, ``schemes`` the remarks, by source.
    """

    measurement: Measurement
    file: DefinitionFile
    questionnaires: Mapping[str, Questionnaire]
    earlier: Mapping[str, Mapping[str, Questionnaire] | None] = field(
        default_factory=dict
    )
    margins: Mapping[str, Margins] = field(default_factory=dict)
    layouts: Mapping[str, RecordLayout] = field(default_factory=dict)
    schemes: Mapping[str, CodingScheme] = field(default_factory=dict)

    @property
    def all_read(self) -> bool:
        read = self.questionnaires.keys() | self.layouts.keys() | self.schemes.keys()
        return all(each.id in read for each in self.measurement.source)

    @property
    def defined(self) -> tuple[Known, ...]:
        return (*self.questionnaires.values(), *self.layouts.values())


def coherence_problems(files: ReadFiles, waves: WaveMap) -> list[Problem]:
    """Every name in the *meting* that points nowhere, and the municipality.

    ``waves`` tells what indicators of a bridge are called in the earlier measurement.
    """
    problems = list(municipality_problems(files.measurement, files.file))
    if files.measurement.privacy is None and not files.measurement.synthetic:
        problems.append(files.file.problem("KCC-P003d", ("retain_until",)))
    for index, source in enumerate(files.measurement.source):
        questionnaire = files.questionnaires.get(source.id)
        path = ("source", index)
        if questionnaire is not None:
            problems += _source_problems(files.file, path, source, questionnaire)
            problems += _series_problems(files, path, source, questionnaire)
        margins = files.margins.get(source.id, {})
        problems += _population_problems(files.file, path, source, margins)
    problems += _norm_problems(files)
    problems += benchmark_problems(files.measurement, files.file, files.questionnaires)
    problems += policy_problems(files.measurement, files.file, files.questionnaires)
    problems += staff_problems(
        files.measurement, files.file, files.questionnaires, files.layouts
    )
    for index, earlier in enumerate(files.measurement.earlier):
        then = files.earlier.get(earlier.measurement)
        path = ("earlier", index)
        if then is None:
            value = earlier.measurement
            problems.append(
                files.file.problem("KCC-C004k", (*path, "measurement"), value=value)
            )
        for number, bridge in enumerate(earlier.bridge):
            at = (*path, "bridge", number)
            names = _names_then(files, waves, earlier.measurement)
            problems += _bridge_problems(files, at, bridge, then, names)
            problems += bridge_scale_problems(
                waves,
                files.file,
                at,
                bridge,
                files.questionnaires,
                then or {},
                earlier.measurement,
            )
    return problems


def municipality_problems(
    measurement: Measurement, file: DefinitionFile
) -> Iterator[Problem]:
    """Whether the municipality existed when the fieldwork began (TRUST-F13)."""
    if measurement.municipality is None:
        return
    path = ("municipality",)
    code, day = measurement.municipality, measurement.fieldwork.start
    found = code_problems(code, day)
    for each in found:
        details = dict(each.details)
        yield file.problem(each.code, path, value=code, **details)
    if found:
        return
    known = municipality(code, day)
    if known.is_invented and not measurement.synthetic:
        yield file.problem("KCC-C013d", path, value=code)
    if day < COMPLETE_FROM and not known.is_invented:
        yield file.problem(
            "KCC-C013b", path, value=code, name=known.name, year=day.year
        )


def _source_problems(
    file: DefinitionFile,
    path: KeyPath,
    source: Source,
    questionnaire: Questionnaire,
) -> Iterator[Problem]:
    known = questionnaire.questions
    domains = (EVERYONE, *questionnaire.filters)
    if source.target not in domains:
        what = "filter in de vragenlijst"
        yield unknown_name(file, (*path, "target"), source.target, domains, what)
    if source.kind in ABOUT_MUNICIPALITIES and not (
        questionnaire.with_role("municipality")
        or questionnaire.with_role("municipality_code")
    ):
        yield file.problem("KCC-C004o", (*path, "kind"), value=source.id)
    if source.kind == "documents":
        for fault in review_faults(questionnaire):
            at = (*path, "questionnaire")
            yield file.problem("KCC-C004r", at, value=source.questionnaire, fault=fault)
    if source.remove and not any(e.type == "identifier" for e in known.values()):
        yield file.problem("KCC-P003b", (*path, "remove"), source=source.id)
    if source.kind != "survey" and any(each.link for each in known.values()):
        at = (*path, "questionnaire")
        yield file.problem("KCC-P002c", at, value=source.id)
    pointers: list[tuple[KeyPath, str | None, frozenset[str]]] = [
        ((*path, "strata"), source.strata, frozenset({"choice"})),
        ((*path, "cluster"), source.cluster, GROUPING_TYPES),
        ((*path, "weight"), source.weight, frozenset({"weight"})),
    ]
    pointers += [
        ((*path, "breakdowns", index), name, frozenset({"choice"}))
        for index, name in enumerate(source.breakdowns)
    ]
    for at, name, types in pointers:
        if name is None:
            continue
        if name not in known:
            yield unknown_name(file, at, name, known, "vraag in de vragenlijst")
        elif known[name].type not in types:
            yield file.problem(
                "KCC-C004j",
                at,
                value=name,
                name=name,
                type=known[name].type,
                what=str(next(p for p in reversed(at) if isinstance(p, str))),
                expected=dutch.listing(sorted(types), last="of"),
            )


_VOLUME_ROLES: tuple[QuestionRole, ...] = (
    "contact_date",
    "channel",
    "contacts",
    "invited",
)


def _series_problems(
    files: ReadFiles, path: KeyPath, source: Source, questionnaire: Questionnaire
) -> Iterator[Problem]:
    """Whether answers and volumes of a continuous measurement fit each other."""
    wanted: tuple[QuestionRole, ...] = ()
    if source.kind == "volumes":
        wanted = _VOLUME_ROLES
    elif files.measurement.study == "continuous" and source.kind == "survey":
        wanted = ("contact_date", "channel")
    for role in wanted:
        if questionnaire.with_role(role) is None:
            yield files.file.problem("KCC-C004s", path, value=source.id, role=role)
    volumes = files.questionnaires.get(source.volumes or "")
    if volumes is None:
        return
    own, other = questionnaire.with_role("channel"), volumes.with_role("channel")
    if own and other and set(own.categories) != set(other.categories):
        differing = sorted(set(own.categories) ^ set(other.categories))
        yield files.file.problem(
            "KCC-C004w",
            (*path, "volumes"),
            value=source.volumes,
            difference=dutch.listing(differing),
        )


def _population_problems(
    file: DefinitionFile, path: KeyPath, source: Source, margins: Margins
) -> Iterator[Problem]:
    """A warning where the margins describe another number of people or contacts."""
    if source.population is None:
        return
    for name, counts in margins.items():
        total = sum(counts.values())
        if abs(total - source.population) > MAX_SPREAD * source.population:
            yield file.problem(
                "KCC-C004n",
                (*path, "population"),
                value=dutch.number(source.population),
                name=name,
                total=dutch.number(total),
            )


def _norm_problems(files: ReadFiles) -> Iterator[Problem]:
    if not files.all_read:
        return
    known = _indicators(files.defined)
    for index, norm in enumerate(files.measurement.norm):
        path = ("norm", index, "indicator")
        if norm.indicator not in known:
            yield unknown_name(
                files.file, path, norm.indicator, known, "indicator in een vragenlijst"
            )
        else:
            yield from _direction_problems(files, ("norm", index), norm)


def _direction_problems(
    files: ReadFiles, path: KeyPath, norm: ServiceNorm
) -> Iterator[Problem]:
    """A norm of which nothing says whether it is a floor or a ceiling."""
    name = norm.indicator
    by_source: dict[str, Known] = {**files.questionnaires, **files.layouts}
    in_order = (
        by_source[source.id]
        for source in files.measurement.source
        if source.id in by_source
    )
    found = direction_of(name, next(x for x in in_order if name in _indicators_of(x)))
    if norm.direction is None and found is None:
        yield files.file.problem("KCC-C004l", (*path, "indicator"), value=name)
    elif found is not None and norm.direction not in (None, found):
        at, value = (*path, "direction"), norm.direction
        yield files.file.problem("KCC-C004m", at, value=value, name=name, found=found)


def _indicators(defined: Iterable[Known]) -> dict[str, None]:
    return {name: None for each in defined for name in _indicators_of(each)}


def _indicators_of(each: Known) -> Iterable[str]:
    if isinstance(each, RecordLayout):
        return contact_indicators(each)
    return each.indicators


def _names_then(
    files: ReadFiles, waves: WaveMap, measurement: str
) -> dict[str, list[str]]:
    """Indicators now → their ids in an earlier measurement, one for each source."""
    found: dict[str, list[str]] = {}
    for source, questionnaire in files.questionnaires.items():
        for each in questionnaire.indicator:
            then = waves.link(source, each, measurement).then
            found.setdefault(each.id, []).append(then)
    return found


def _bridge_problems(
    files: ReadFiles,
    path: KeyPath,
    bridge: Bridge,
    then: Mapping[str, Questionnaire] | None,
    names_then: Mapping[str, list[str]],
) -> Iterator[Problem]:
    sides: list[
        tuple[Mapping[str, Questionnaire], str, str, Mapping[str, list[str]]]
    ] = []
    if files.all_read:
        sides.append((files.questionnaires, "domain_now", "deze meting", {}))
    if then is not None:
        sides.append((then, "domain_then", "de eerdere meting", names_then))
    for questionnaires, key, side, names in sides:
        domain = getattr(bridge, key)
        known = _indicators(questionnaires.values())
        for index, each in enumerate(bridge.indicators):
            options = names.get(each, [each])
            if not any(name in known for name in options):
                at = (*path, "indicators", index)
                what = f"indicator in {side}"
                yield unknown_name(files.file, at, options[0], known, what)
        domains = [EVERYONE] + [
            each for every in questionnaires.values() for each in every.filters
        ]
        if domain not in domains:
            what = f"filter in {side}"
            yield unknown_name(files.file, (*path, key), domain, domains, what)


def claim_problems(
    claims: Claims, file: DefinitionFile, defined: Iterable[Known]
) -> Iterator[Problem]:
    """Claims that name an indicator nobody measures."""
    known = _indicators(defined)
    for index, claim in enumerate(claims.claim):
        if claim.indicator is not None and claim.indicator not in known:
            path = ("claim", index, "indicator")
            what = "indicator in een vragenlijst"
            yield unknown_name(file, path, claim.indicator, known, what)


def quote_problems(
    decisions: QuoteDecisions,
    file: DefinitionFile,
    schemes: Mapping[str, CodingScheme],
) -> Iterator[Problem]:
    """Ticked quotations of a source, theme or speaker that does not exist."""
    seen: set[tuple[str, str]] = set()
    for index, quote in enumerate(decisions.quote):
        at = ("quote", index)
        if (quote.source, quote.fragment) in seen:
            yield file.problem("KCC-C004p", (*at, "fragment"), value=quote.fragment)
        seen.add((quote.source, quote.fragment))
        scheme = schemes.get(quote.source)
        if scheme is None:
            what = "bron met opmerkingen of gesprekken"
            yield unknown_name(file, (*at, "source"), quote.source, schemes, what)
            continue
        themes = [each.id for each in scheme.theme]
        if quote.theme is not None and quote.theme not in themes:
            what = "thema in het codeerschema"
            yield unknown_name(file, (*at, "theme"), quote.theme, themes, what)
        known = [scheme.person, *scheme.roles.values(), *scheme.sources.values()]
        for number, word in enumerate(quote.speaker):
            if word not in known:
                what = "omschrijving van een spreker (rol of bron in het codeerschema)"
                yield unknown_name(file, (*at, "speaker", number), word, known, what)


def text_problems(text: str, name: str, defined: Iterable[Known]) -> Iterator[Problem]:
    """Placeholders nobody can fill, and numbers typed by hand (a warning).

    ``{indicator}`` stands for the printed value of a mean or share.
    """
    known = [name for each in defined for name in _with_one_value(each)]
    for row, line in enumerate(text.splitlines(), start=1):
        for match in _BRACES.finditer(line):
            if match[0][1:-1] not in known:
                yield _no_outcome(match[0], known, name, row)
        yield from typed_numbers(line, name, row)


def _with_one_value(each: Known) -> list[str]:
    """Indicators that a sentence can hold: a distribution has more than one value."""
    if isinstance(each, RecordLayout):
        several = ("uitkomst", "gespreksresultaat", "normklasse")
        return [name for name in contact_indicators(each) if name not in several]
    return [one.id for one in each.indicator if one.statistic != "distribution"]


def _no_outcome(placeholder: str, known: list[str], file: str, row: int) -> Problem:
    name = placeholder.strip("{}")
    close = nearest(name, known)
    code = "KCC-C003d" if close else "KCC-C003e"
    example = known[0] if known else "rapportcijfer"
    return problem(
        code,
        file=file,
        row=row,
        value=placeholder,
        name=name,
        nearest=close,
        example=example,
    )


def typed_numbers(line: str, file: str, row: int) -> Iterator[Problem]:
    """Warnings about numbers a researcher typed into a text."""
    words = _NO_OUTCOME.sub("", _BRACES.sub("", line))
    for match in _TYPED_NUMBER.finditer(words):
        yield problem("KCC-C004i", file=file, row=row, value=match[0])


def place_name(measurement: Measurement) -> str:
    """Official name of the municipality, or the declared place."""
    if measurement.municipality is not None:
        return municipality(measurement.municipality, measurement.fieldwork.start).name
    return measurement.place or measurement.owner
