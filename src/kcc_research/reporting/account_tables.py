"""Tables of the *verantwoording* and appendices: how the numbers were made."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.answers import BASE_WORDS
from kcc_research.estimation.feasibility import judge_claims
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.account_texts import AccountLike
from kcc_research.reporting.cells import (
    DASH,
    MARGIN,
    NOT_KNOWN,
    base_cell,
    captioned,
    exact_number,
    notes,
    shown,
    with_margins,
)
from kcc_research.reporting.contact_definitions import (
    tabulate_contact_definitions,
)
from kcc_research.reporting.contact_values import label_of, registrations
from kcc_research.reporting.fieldwork_words import MODE, RECRUITMENT
from kcc_research.reporting.records import Table
from kcc_research.reporting.result import (
    Result,
    find,
    find_all,
)
from kcc_research.reporting.tables import (
    asked_if_words,
)
from kcc_research.reporting.wording import respondents
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import EVERYONE, Measurement, Source, Study
from kcc_research.study.questionnaire import Question


def tabulate_questionnaire(study: Study, source_id: str) -> Table:
    """The questions as asked, with their answers and who got them."""
    questionnaire = study.questionnaires[source_id]
    rows = [
        (question.text, _answers(question), asked_if_words(questionnaire, question))
        for question in questionnaire.question
        if question.type not in ADMINISTRATIVE and len(question.categories) != 1
    ]
    return Table(
        id=f"vragenlijst-{source_id}".replace("_", "-"),
        caption=f"Vragenlijst: {questionnaire.title}",
        columns=("Vraag", "Antwoorden", "Gesteld bij"),
        rows=tuple(rows),
    )


ADMINISTRATIVE = ("identifier", "weight", "date")


def tabulate_definitions(
    study: Study, estimates: pd.DataFrame, source_id: str
) -> Table:
    """Every indicator with its definition, value and base (STAT-C3)."""
    source = study.measurement.sources[source_id]
    if source_id in study.layouts:
        return tabulate_contact_definitions(study, estimates, source)
    questionnaire = study.questionnaires[source_id]
    rows = []
    for indicator in questionnaire.indicator:
        result = find(estimates, source=source_id, indicator=indicator.id)
        if indicator.statistic != "distribution":
            question = questionnaire.questions[indicator.question]
            rows.append(
                (
                    dutch.capitalised(indicator.label),
                    definition(indicator, question),
                    shown(result),
                    result.interval if result else "",
                    base_cell(result),
                )
            )
    return with_margins(
        id=f"uitkomsten-{source_id}".replace("_", "-"),
        caption=captioned(
            f"alle uitkomsten, {source.label or source.id}", respondents(study, source)
        ),
        columns=("Uitkomst", "Hoe berekend", "Waarde", MARGIN, "Aantal antwoorden"),
        rows=rows,
        note=notes(
            find(estimates, source=source_id, indicator=each.id)
            for each in questionnaire.indicator
        ),
    )


def definition(indicator: Indicator, question: Question) -> str:
    """What an indicator counts: ``aandeel met 7 of hoger; van geldige antwoorden``."""
    base = BASE_WORDS[indicator.base]
    if indicator.definition:
        return f"{indicator.definition} {dutch.capitalised(base)}."
    if indicator.statistic == "mean":
        return f"gemiddelde van “{question.short}”; {base}"
    if indicator.categories:
        return f"aandeel {dutch.listing(indicator.categories, 'of')}; {base}"
    bounds = [
        f"{dutch.number(limit)} of {word}"
        for limit, word in (
            (indicator.at_least, "hoger"),
            (indicator.at_most, "lager"),
        )
        if limit is not None
    ]
    return f"aandeel {dutch.listing(bounds)} op “{question.short}”; {base}"


def _answers(question: Question) -> str:
    words = list(question.categories)
    if question.range is not None and not words:
        low, high = (exact_number(bound) for bound in question.range)
        unit = f" {question.unit}" if question.unit else ""
        words = [f"{low} tot en met {high}{unit}"]
    words = words or [OPEN_ANSWERS.get(question.type, question.type)]
    if "dont_know" in question.missing.values():
        words.append("weet niet")
    return dutch.listing(words, "of")


OPEN_ANSWERS = {"text": "open antwoord", "date": "datum", "number": "getal"}


def tabulate_fieldwork(study: Study) -> Table:
    """How the measurement was made: the facts a reader of figures may ask for."""
    measurement = study.measurement
    facts = [
        ("Opdrachtgever", measurement.commissioner),
        ("Plaats", study.place_name),
        *_wave(measurement),
        *_asking(study),
        *(fact for source in study.surveys for fact in _population(study, source)),
        *(fact for source in registrations(study) for fact in _records(study, source)),
        *_privacy(measurement),
    ]
    return Table(
        id="tabel-onderzoek",
        caption="Opzet van het onderzoek",
        columns=("Onderdeel", "Invulling"),
        rows=tuple(facts),
    )


def _asking(study: Study) -> list[tuple[str, str]]:
    """When and how people were asked; of registrations only, when they ran."""
    fieldwork = study.measurement.fieldwork
    start, end = dutch.long_date(fieldwork.start), dutch.long_date(fieldwork.end)
    period = f"{start} tot en met {end}"
    if not study.surveys:
        return [("Periode", period)]
    return [
        ("Veldwerk", period),
        ("Manier van vragen", MODE[fieldwork.mode]),
        ("Wie zijn gevraagd", RECRUITMENT[fieldwork.recruitment]),
    ]


def _records(study: Study, source: Source) -> list[tuple[str, str]]:
    """Which registration a source is, and which limits it was counted with."""
    layout, label = study.layouts[source.id], label_of(source)
    limits = layout.thresholds
    facts = [
        (f"Registratie {label}", f"{layout.title}: alle {layout.records} in de periode")
    ]
    if layout.has_waiting:
        longest = dutch.number(limits.longest_wait_minutes)
        text = f"langer dan {longest} minuten geldt als fout en telt niet mee"
        facts.append((f"Wachttijd, {label}", text))
    if layout.has_handling:
        longest = dutch.number(limits.longest_handling_minutes)
        text = f"langer dan {longest} minuten geldt als fout en telt niet mee"
        facts.append((f"Afhandeltijd, {label}", text))
    return facts


def _privacy(measurement: Measurement) -> list[tuple[str, str]]:
    """Who answers for the persons' data, and until when these are kept."""
    declared = measurement.privacy
    if declared is None:
        return []
    return [
        ("Verantwoordelijk voor de gegevens", declared.controller),
        ("Grondslag", declared.legal_basis),
        (
            "Gegevens worden bewaard tot en met",
            dutch.long_date(measurement.retain_until),
        ),
    ]


def _wave(measurement: Measurement) -> list[tuple[str, str]]:
    """*2-meting*: only a repeated measurement counts its waves."""
    if measurement.study != "experience":
        return []
    return [("Meting", measurement.wave_name)]


def _population(study: Study, source: Source) -> list[tuple[str, str]]:
    """Whom a source speaks for, and from how many it was drawn."""
    label = source.label or source.id
    facts = [(f"Doelgroep {label}", respondents(study, source))]
    if source.population is not None:
        facts.append((f"Getrokken uit, {label}", dutch.number(source.population)))
    return facts


def tabulate_response(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """Response per source with every count of the formula."""
    everyone = all(source.target == EVERYONE for source in study.surveys)
    kept = [x for x in RESPONSE_STEPS if not (everyone and x == "uitgescreend")]
    rows = []
    for source in study.surveys:
        steps = {
            row.category: row
            for row in find_all(estimates, source=source.id, indicator="respons")
        }
        if "" in steps and steps[""].is_shown:
            rows.append(
                (
                    dutch.capitalised(source.label or source.id),
                    *(_step(source, step, steps) for step in kept),
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
            *(dutch.capitalised(step) for step in kept),
            "Respons",
        ),
        rows=tuple(rows),
        note=" ".join(
            [
                "Respons: ingevuld gedeeld door uitgenodigd, min onbestelbaar"
                f"{'' if everyone else ', min uitgescreend'}.",
                *_screening(study),
            ]
        ),
    )


def _screening(study: Study) -> list[str]:
    """Who was screened out, per source with a target of its own."""
    return [
        f"{dutch.capitalised(source.label or source.id)}: uitgescreend is wie niet bij "
        f"de doelgroep hoort ({respondents(study, source)}); dat is geen weigering. "
        "Van wie niet antwoordde, is niet bekend of zij bij de doelgroep horen."
        for source in study.surveys
        if source.target != EVERYONE
    ]


RESPONSE_STEPS = ("uitgenodigd", "onbestelbaar", "uitgescreend", "ingevuld")


def _step(source: Source, step: str, steps: Mapping[str, Result]) -> str:
    if step == "uitgescreend" and source.target == EVERYONE:
        return "n.v.t."
    result = steps.get(step)
    return NOT_KNOWN if result is None or not result.is_shown else result.value


def tabulate_weighting(study: Study, estimates: pd.DataFrame) -> Table | Absent:
    """Composition before and after weighting, beside the population."""
    rows = []
    for source in study.surveys:
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
        note=CIRCULAR if study.measurement.synthetic else "",
    )


CIRCULAR = (
    "De verzonnen gegevens zijn op deze cijfers gemaakt. Bevestigd zegt hier alleen "
    "dat de berekening klopt."
)


def tabulate_provenance(study: Study, account: AccountLike) -> Table:
    """Files, code and versions behind the report, so that it can be made again."""
    rows = [
        (f"Ruw bestand {file.name}", short_hash(file.sha256))
        for source in account.sources
        for file in source.files
    ]
    rows += [
        (f"Levering van {source.label or source.id}", source.delivery.words)
        for source in study.measurement.source
        if source.delivery is not None
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
