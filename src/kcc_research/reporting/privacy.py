"""What the *verantwoording* says about protecting people: the rules, the exceptions."""

from __future__ import annotations

from kcc_research import dutch
from kcc_research.reporting import phrases
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.cells import captioned
from kcc_research.reporting.records import Table
from kcc_research.study.measurement import Study
from kcc_research.study.policy import DisclosureException, DisclosurePolicy

RULES = {
    "D1": "te weinig mensen achter een getal",
    "D2": "een klein aantal bij een gevoelige vraag",
    "D4": "bijna iedereen in een groep gaf hetzelfde antwoord",
    "D5": "weglaten om een ander getal te beschermen",
    "D6": "een klein verschil tussen twee groepen",
    "D9": "te weinig waarnemingen aan een kant van een percentiel",
    "D10": "een gemiddelde dat vooral van één of twee mensen is",
    "D11": "te weinig mensen voor een model met zoveel vragen",
}
_PLACES = {
    "totaal": "iedereen samen",
    "domein": "de filters",
    "weging": "de weging",
}


def describe_protection(study: Study) -> str:
    """By which rules numbers were left out, and what was made stricter."""
    policy = study.measurement.disclosure
    lines = [
        "### Bescherming van personen",
        "",
        f"Een getal over minder dan {dutch.number(policy.minimum_base)} mensen "
        "publiceren we niet, ook niet in de tabellen: daar staat een *x*. Bij "
        f"minder dan {dutch.number(policy.indicative_below)} mensen is een getal een "
        "voorbeeld.",
    ]
    names = _sensitive(study)
    if names:
        lines[-1] += (
            f" Gevoelig zijn: {dutch.listing(names)}. Daarvan laten we ook een "
            f"antwoord weg dat minder dan {dutch.number(policy.minimum_cell)} mensen "
            "gaven, en zo nodig andere getallen: anders is het weggelaten getal uit te "
            "rekenen."
        )
    if _has_amounts(study):
        lines[-1] += (
            " Een gemiddelde tijd of andere hoeveelheid laten we ook weg als één of "
            "twee mensen die voor het grootste deel bepalen."
        )
    if policy.round_counts:
        lines[-1] += f" {phrases.ROUNDED_SENTENCE}"
    if policy.model_copy(update={"exception": ()}) != DisclosurePolicy():
        lines[-1] += " Deze meting is strenger dan de vaste regels."
    return "\n".join(lines)


def describe_marks(study: Study, noun: str = "antwoorden") -> str:
    """One point of the reading guide: what is not published, what is an example.

    ``noun`` is what is counted: *antwoorden*, *gemeenten*, *contacten*.
    """
    policy = study.measurement.disclosure
    few, some = policy.minimum_base, policy.indicative_below - 1
    return (
        f"- Cijfers over minder dan {few} {noun} publiceren we niet (*x*). Bij {few} "
        f"tot en met {some} {noun} staat een sterretje: lees dat cijfer als voorbeeld."
    )


def few_words(study: Study, noun: str) -> str:
    """What *x* means under a table that counts ``noun``."""
    least = study.measurement.disclosure.minimum_base
    return f"x: minder dan {least} {noun}, niet gepubliceerd."


def _has_amounts(study: Study) -> bool:
    """Whether there are means that one person can be most of (TRUST-D10)."""
    return any(
        questionnaire.questions[each.question].type == "number"
        for questionnaire in study.questionnaires.values()
        for each in questionnaire.indicator
        if each.statistic == "mean"
    ) or any(each.has_waiting or each.has_handling for each in study.layouts.values())


def tabulate_exceptions(study: Study) -> Table | Absent:
    """The signed exceptions to the rules: what, why, who and when (TRUST-G9)."""
    signed = study.measurement.disclosure.exception
    if not signed:
        return Absent("Op de regels voor bescherming is geen uitzondering gemaakt.")
    return Table(
        id="uitzonderingen",
        caption=captioned("uitzonderingen op de bescherming", "getekend"),
        columns=("Regel", "Tabel", "Reden", "Getekend door", "Datum"),
        rows=tuple(
            (
                dutch.capitalised(RULES[each.rule]),
                _table(study, each),
                each.reason,
                f"{each.name}, {each.role}",
                dutch.long_date(each.date),
            )
            for each in signed
        ),
    )


def _table(study: Study, exception: DisclosureException) -> str:
    """The table in words: what was measured, of whom, split by what."""
    source, indicator, by = exception.place
    label = study.measurement.sources[source].label or source
    questionnaire = study.questionnaires.get(source)
    what, split = indicator.replace("_", " "), by
    if questionnaire is not None:
        if indicator in questionnaire.indicators:
            what = questionnaire.indicators[indicator].label
        if by in questionnaire.questions:
            split = questionnaire.questions[by].short.lower()
    return f"{dutch.capitalised(what)}, naar {_PLACES.get(by, split)} ({label})"


def _sensitive(study: Study) -> list[str]:
    """Sensitive questions in words; of a confidential source all of them."""
    added = study.measurement.disclosure.sensitive
    names = []
    for source, questionnaire in study.questionnaires.items():
        declared = study.measurement.sources[source]
        if declared.confidential:
            names.append(f"alle vragen van de {declared.label or source}")
            continue
        names += [
            f"‘{question.short}’"
            for question in questionnaire.question
            if question.is_closed and (question.sensitive or question.id in added)
        ]
    return list(dict.fromkeys(names))
