"""A proposed record layout as the TOML file a researcher reads and decides on."""

from __future__ import annotations

from collections.abc import Iterator

from kcc_research.microdata.proposal_text import (
    decision,
    inline,
    listed,
    names,
    quoted,
)
from kcc_research.microdata.registration_guess import Registration
from kcc_research.study.record_layout import (
    TIMES,
    VOCABULARY,
    WEEKDAYS,
    RecordField,
    RecordLayout,
    Role,
)

_ROLE_WORDS: dict[str, str] = {
    "outcome": "hoe een contact afliep",
    "result": "wat eruit kwam",
    "transfer": "of iemand is doorverbonden",
    "satisfied": "of iemand tevreden was",
    "by_appointment": "of er een afspraak was",
    "confidential": "of een contact vertrouwelijk is",
}


def layout_text(found: Registration, title: str) -> str:
    """The layout file, with a decision where a code or a limit is a choice."""
    parts = [
        "\n".join(_head(found, title)),
        *("\n".join(_field(found, role)) for role in found.layout.field),
        "\n".join(_limits(found.layout)),
    ]
    return "\n\n".join(parts) + "\n"


def _head(found: Registration, title: str) -> Iterator[str]:
    layout = found.layout
    yield "# Voorstel van kcc new. Elke rij is een contact; wat hier niet staat, wordt"
    yield "# niet gelezen."
    yield ""
    seen = f"{found.known} van {len(found.look.names)} kolommen"
    if found.base:
        seen += f" staan zo in de meegeleverde indeling '{found.base}'"
    left = f"; niet gelezen: {', '.join(found.left_out)}" if found.left_out else ""
    yield from decision(
        "is dit een registratie met één rij per contact, en klopt de sleutel?",
        f"{seen}{left}.",
        f"ja; elke rij heeft een eigen {names(layout.key)}.",
    )
    yield f"title = {quoted(layout.title if found.base else title)}"
    yield f"kind = {quoted(layout.kind)}"
    yield f"noun = {listed(layout.noun)}"
    yield f"key = {listed(layout.key)}"
    if not layout.clock:
        yield "clock = false         # er staan alleen dagen in, geen tijden"


def _field(found: Registration, role: Role) -> Iterator[str]:
    declared = found.layout.field[role]
    if role in found.unexplained:
        codes = ", ".join(each or "(leeg)" for each in found.unexplained[role])
        yield from decision(
            f"wat betekenen deze codes van {declared.column} "
            f"({_ROLE_WORDS.get(role, role)})?",
            f"{codes}.",
            f"zoals bij codes staat. Kies uit: {', '.join(VOCABULARY[role])}.",
        )
    if found.is_doubtful and role == _first_time(found):
        yield from decision(
            f"staat in {declared.column} de dag voor de maand?",
            "elke datum is op meer manieren te lezen.",
            "zoals bij format staat.",
        )
    yield f"[field.{role}]"
    yield from _lines(declared)


def _first_time(found: Registration) -> Role:
    return next(role for role in TIMES if found.layout.has(role))


def _lines(declared: RecordField) -> Iterator[str]:
    if declared.value:
        yield f"value = {quoted(declared.value)}"
        return
    yield f"column = {quoted(declared.column)}"
    if declared.format != "iso":
        yield f"format = {quoted(declared.format)}"
    if declared.date_column:
        yield f"date_column = {quoted(declared.date_column)}"
        yield f"date_format = {quoted(declared.date_format)}"
    if declared.unit != "seconds":
        yield f"unit = {quoted(declared.unit)}"
    if declared.codes:
        yield f"codes = {inline(declared.codes)}"


def _limits(layout: RecordLayout) -> Iterator[str]:
    yield from decision(
        "welke openingstijden, normen en grenzen gelden bij u?",
        "dat staat niet in het bestand.",
        "zoals hieronder; zonder norm noemt het rapport geen oordeel.",
    )
    yield "[thresholds]"
    limits = layout.thresholds
    if layout.has("waiting") or limits.wait_norm_seconds:
        yield f"wait_norm_seconds = {limits.wait_norm_seconds or 300}"
        yield f"short_abandon_seconds = {limits.short_abandon_seconds}"
        yield f"wait_class_seconds = {limits.wait_class_seconds}"
    yield f"longest_wait_minutes = {limits.longest_wait_minutes}"
    yield f"longest_handling_minutes = {limits.longest_handling_minutes}"
    level = layout.service_level
    if level is not None:
        yield "\n[service_level]"
        yield f"seconds = {level.seconds}"
        yield f"share = {level.share}"
        yield f"formula = {quoted(level.formula)}"
    if layout.opening is not None:
        yield "\n[opening]"
        for day in WEEKDAYS:
            hours = getattr(layout.opening, day)
            if hours:
                yield f"{day} = {quoted(hours)}"
