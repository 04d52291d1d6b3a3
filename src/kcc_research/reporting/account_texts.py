"""Dutch texts of the introduction and the *verantwoording*: how it was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import pandas as pd

from kcc_research import dutch
from kcc_research.reporting.contact_values import (
    contact_value,
    known,
    label_of,
    records_of,
    registrations,
    total_of,
)
from kcc_research.reporting.fieldwork_words import MODE, RECRUITMENT
from kcc_research.reporting.participants import counted, speaks_for_itself
from kcc_research.reporting.privacy import describe_marks
from kcc_research.reporting.result import (
    find,
    find_all,
)
from kcc_research.reporting.wording import (
    is_weighted,
    respondents,
)
from kcc_research.study.contact_indicator import contact_indicators
from kcc_research.study.measurement import Source, Study

SLOT_NAMES = {"aanleiding": "Aanleiding en vraagstelling"}
"""Chapters that are not called after their slot."""


class FileLike(Protocol):
    """A raw file as received."""

    @property
    def name(self) -> str: ...
    @property
    def sha256(self) -> str: ...


class SourceLike(Protocol):
    """What the account of a run says about one source."""

    @property
    def id(self) -> str: ...
    @property
    def files(self) -> Sequence[FileLike]: ...
    @property
    def rows(self) -> int: ...
    @property
    def changes(self) -> Mapping[str, int]: ...
    @property
    def warnings(self) -> Sequence[str]: ...


class AccountLike(Protocol):
    """The frozen account of a run, as far as the *verantwoording* words it."""

    @property
    def sources(self) -> Sequence[SourceLike]: ...
    @property
    def warnings(self) -> Sequence[str]: ...
    @property
    def definitions(self) -> Mapping[str, str]: ...
    @property
    def notebooks(self) -> Mapping[str, str]: ...
    @property
    def software(self) -> Mapping[str, str]: ...
    @property
    def package_sha256(self) -> str: ...
    @property
    def lock_sha256(self) -> str: ...


def author_text(
    study: Study,
    slot: str,
    estimates: pd.DataFrame,
    *,
    heading: bool = True,
    level: int = 2,
) -> str:
    """The author's own words for a chapter, with estimates filled in.

    ``{rapportcijfer}`` becomes the printed value of that indicator, of the first
    source that has it. The chapter goes by the name of the slot, as a heading of
    ``level``, unless it stands in another one (``heading=False``); without a file for
    it the text is empty, and there is no such chapter.
    """
    if slot not in study.texts:
        return ""
    words = study.texts[slot].format_map(printed(study, estimates))
    name = SLOT_NAMES.get(slot) or dutch.capitalised(slot.replace("-", " "))
    return f"{'#' * level} {name}\n\n{words}" if heading else words


def printed(study: Study, estimates: pd.DataFrame) -> dict[str, str]:
    """The printed value of every indicator, by id.

    A share of respondents who chose themselves comes with its count and base.
    """
    values: dict[str, str] = {}
    for source in registrations(study):
        for name in known(study, source.id):
            counted_whole = total_of(estimates, source.id, name)
            if counted_whole is not None:
                values.setdefault(name, contact_value(counted_whole))
    for source in study.surveys:
        for indicator in study.questionnaires[source.id].indicator:
            result = find(estimates, source=source.id, indicator=indicator.id)
            if result is not None:
                value = result.value
                if speaks_for_itself(study, result):
                    value = counted(study, estimates, result)
                values.setdefault(indicator.id, value)
    for name, layout in study.layouts.items():
        for each in contact_indicators(layout):
            result = find(estimates, source=name, indicator=each)
            if result is not None:
                values.setdefault(each, result.value)
    return values


def introduce(study: Study) -> str:
    """Who were asked, when, how and through which questionnaires."""
    measurement = study.measurement
    fieldwork = measurement.fieldwork
    head = (
        f"{measurement.commissioner} liet onderzoeken wat mensen vinden van de "
        f"dienstverlening in {study.place_name}. Het veldwerk liep van "
        f"{dutch.long_date(fieldwork.start)} tot en met "
        f"{dutch.long_date(fieldwork.end)}. De vragen zijn {MODE[fieldwork.mode]} "
        f"gesteld aan {RECRUITMENT[fieldwork.recruitment]}."
    )
    speaks = "spreekt voor" if measurement.has_sampling_error else "is ingevuld door"
    sources = [
        f"- **{dutch.capitalised(source.label or source.id)}**: {speaks} "
        f"{respondents(study, source)}."
        for source in study.surveys
    ]
    several_lists = len(sources) > 1
    sources += [
        f"- De **{label_of(source)}** is een registratie: alle "
        f"{records_of(study, source.id)} tellen mee."
        for source in registrations(study)
    ]
    several = (
        "\n\nDe vragenlijsten staan naast elkaar. Hun antwoorden worden nergens bij "
        "elkaar opgeteld."
        if several_lists
        else ""
    )
    return head + "\n\n" + "\n".join(sources) + several


def reading_guide(study: Study) -> str:
    """How to read the numbers of this report; margins only where there are any."""
    points = [
        "Achter elk cijfer staat hoeveel mensen antwoordden. Hoe minder antwoorden, "
        "hoe minder zeker het cijfer."
    ]
    if study.measurement.has_sampling_error:
        points += [
            "Een meting onder een deel van de mensen heeft een **marge**. Staat er "
            "*95%-marge 6,4–6,8*, dan ligt het cijfer van de hele groep waarschijnlijk "
            "tussen die twee waarden. In figuren is de marge een streep.",
            "Een verschil noemen we alleen als het groter is dan zijn marge. Anders "
            "schrijven we: *we zien geen duidelijk verschil*. Dat is iets anders dan "
            "*gelijk gebleven*.",
        ]
    points.append(describe_marks(study).removeprefix("- "))
    return "### Zo leest u de cijfers\n\n" + "\n".join(f"- {each}" for each in points)


def describe_weighting(study: Study, estimates: pd.DataFrame) -> str:
    """To which population each source was weighted, and what that did."""
    lines = ["### Weging", ""]
    for source in study.surveys:
        lines.append(f"- {_weighting(study, source, estimates)}")
    return "\n".join(lines)


def _weighting(study: Study, source: Source, estimates: pd.DataFrame) -> str:
    label = dutch.capitalised(source.label or source.id)
    weights = {
        row.category: row
        for row in find_all(estimates, source=source.id, indicator="gewicht")
    }
    if not weights:
        return f"{label}: niet gewogen: {_why_unweighted(study, source)}."
    questions = study.questionnaires[source.id].questions
    variables = study.margins.get(source.id, {})
    towards = dutch.listing(questions[name].short.lower() for name in variables)
    how = f"gewogen naar {towards}" if towards else "met kant-en-klare gewichten"
    low, high, deff = (
        dutch.number(weights[name].estimate or 0, 2)
        for name in ("kleinste", "grootste", "ontwerpeffect")
    )
    effective = weights["effectieve n"]
    return (
        f"{label}: {how}. Het kleinste gewicht is {low}, het grootste {high} keer het "
        f"gemiddelde. Alle {effective.answers} ingevulde vragenlijsten samen zijn door "
        f"de weging zo nauwkeurig als {dutch.number(effective.estimate or 0)} "
        f"(ontwerpeffect {deff})."
    )


def _why_unweighted(study: Study, source: Source) -> str:
    if source.margins is None:
        return "er is geen samenstelling opgegeven om naar te wegen"
    who = respondents(study, source)
    return f"de samenstelling van de groep ({who}) is onbekend"


def describe_precision(study: Study, estimates: pd.DataFrame) -> str:
    """How margins were made, and what they leave out."""
    if not study.measurement.has_sampling_error:
        return (
            "### Marges\n\nBij deze manier van werven hoort geen marge: de uitkomsten "
            "gelden voor wie meedeed."
        )
    weighted = any(is_weighted(each, estimates) for each in study.surveys)
    return (
        "### Marges\n\nDe marges gelden bij 95% zekerheid. Gemiddelden hebben een "
        "t-interval, percentages een interval van Korn en Graubard"
        f"{'; de weging is meegerekend' if weighted else ''}. Wie niet antwoordde, kan "
        "er anders over denken: dat zit niet in de marge. Verschillen zijn getoetst op "
        "het verschil zelf. Bij meer toetsen samen is de marge ruimer gemaakt (Holm)."
    )


def describe_cleaning(study: Study, account: AccountLike) -> str:
    """What cleaning changed, per source and rule, from the frozen account."""
    goal = "antwoorden" if study.surveys else "cijfers"
    lines = [f"### Van ruw bestand naar {goal}", ""]
    for source in account.sources:
        label = study.measurement.sources[source.id].label or source.id
        lines.append(
            f"- {dutch.capitalised(label)}: "
            f"{dutch.counted(_rows_read(source), 'rij', 'rijen')} gelezen; "
            f"{_changes(source.changes)}."
        )
        lines += [
            f"    - {each}" for each in dict.fromkeys(map(_title, source.warnings))
        ]
    lines += [f"- De meting zelf: {_title(each)}." for each in account.warnings]
    return "\n".join(lines)


def _rows_read(source: SourceLike) -> int:
    """Rows that were kept, and those that cleaning left out as a whole."""
    return source.rows + sum(source.changes.get(rule, 0) for rule in LEFT_OUT)


DUPLICATE_RESPONSE = "duplicate_response"
LEFT_OUT = (
    DUPLICATE_RESPONSE,
    "removed_on_request",
    "repeated_record",
    "repeated_key",
)
"""Rules by which a whole row goes."""
RULES = {
    "identifier": "kolommen met een volgnummer weggelaten",
    "pseudonym": "kolommen met een volgnummer vervangen door een code met sleutel",
    "undeclared_column": "kolommen buiten de vragenlijst weggelaten",
    "normalised": "schrijfwijze gelijk gemaakt",
    "personal_data": "persoonsgegevens afgeschermd in open antwoorden",
    "off_route": "antwoorden op een niet gestelde vraag weggelaten",
    "out_of_range": "antwoorden buiten het bereik weggelaten",
    "reversed": "schalen omgedraaid",
    "empty_row": "lege rijen weggelaten",
    "control_characters": "onleesbare tekens weggelaten",
    "person_numbered": "mensen door een volgnummer vervangen",
    "double_code": "dubbele codes van een fragment weggelaten",
    "municipality": "namen van gemeenten gelijk gemaakt",
    "municipality_code": "gemeentecodes opgezocht bij de naam",
    "size_class": "inwonerklassen gelijk gemaakt aan het register",
    DUPLICATE_RESPONSE: "dubbele antwoorden van een gemeente weggelaten",
    "removed_on_request": "respondenten op eigen verzoek verwijderd",
    "repeated_record": "contacten die er twee keer stonden één keer geteld",
    "repeated_key": "contacten met een nummer dat al voorkwam weggelaten",
    "impossible_duration": "tijden die niet waar kunnen zijn leeg gelaten",
}


def _changes(changes: Mapping[str, int]) -> str:
    if not changes:
        return "niets veranderd"
    parts = [
        f"{RULES[rule]} ({dutch.number(number)})" for rule, number in changes.items()
    ]
    return "veranderd: " + dutch.listing(sorted(parts))


def _title(warning: str) -> str:
    """The title of a printed problem, which opens with code and severity."""
    return warning.partition("\n")[0].split("  ")[-1]
