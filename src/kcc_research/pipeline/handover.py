"""``kcc handover``: a page for whoever takes over a measurement (*overdracht*).

Made from the definitions and the notes of the workspace as they are now, so also of a
measurement that is not finished: what is still to be decided is what a successor needs
most. It is for colleagues, so it stands in a private folder or where the call says,
never among what is published. Keys are told by who keeps them; what is in them, never.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kcc_research import dutch
from kcc_research.errors import CallError, Problem, UserError, problem
from kcc_research.pipeline import handover_rerun as rerun
from kcc_research.pipeline import keys
from kcc_research.pipeline.fingerprint import links
from kcc_research.pipeline.purge_note import purged_on
from kcc_research.pipeline.release_note import Release, releases
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import Workspace, flat
from kcc_research.reporting import handover_page
from kcc_research.reporting.handover_page import Section
from kcc_research.study.loading import load_study, load_study_with_warnings
from kcc_research.study.measurement import Measurement, Study
from kcc_research.study.measurement_key import list_keys
from kcc_research.study.undecided import open_decisions

PAGE = "overdracht.html"

_NOBODY = frozenset({"?", "n.t.b.", "nader te bepalen", "nog onbekend", "onbekend"})
_FILES = {
    "measurement.toml": "de meting: wat, wanneer, bij wie, met welke bestanden",
    "aanbevelingen.toml": "wie wat doet, en wat er van eerdere aanbevelingen kwam",
    "claims.toml": "cijfers van anderen die het rapport natrekt",
    "quotes.toml": "welke citaten iemand heeft aangevinkt",
    "waves.toml": "hoe vragen in eerdere metingen heetten",
}


@dataclass(frozen=True, slots=True)
class _Known:
    """The workspace, the measurement, and its study where that is in order."""

    workspace: Workspace
    key: str
    today: date
    study: Study | None
    problems: tuple[Problem, ...]

    @property
    def declared(self) -> Measurement | None:
        return self.study.measurement if self.study else None


def handover(store: Store, key: str, today: date, to: Path | None = None) -> Path:
    """Write the page of ``key``; returns it.

    Without ``to`` it goes to a private folder of this command. Raises
    :class:`CallError` (R053y) when ``to`` is a folder of what is published or of raw
    files, or holds such a page already.
    """
    content = page(store.workspace, key, today)
    if to is None:
        with store.hold(key, writing=False) as held:
            return held.keep_by_product({PAGE: content}) / PAGE
    target = to.resolve() / f"overdracht-{flat(key)}.html"
    taken = (store.workspace.outputs, store.workspace.root / "data")
    if target.exists() or any(target.is_relative_to(e.resolve()) for e in taken):
        raise CallError(problem("KCC-R053y", value=target.name))
    store.write_page(target, content)
    return target


def page(workspace: Workspace, key: str, today: date) -> bytes:
    """The page as it would be now."""
    try:
        study, found = load_study_with_warnings(workspace.root, key)
        known = _Known(workspace, key, today, study, found)
    except UserError as error:
        known = _Known(workspace, key, today, None, error.problems)
    title = known.declared.title if known.declared else key
    sections = (
        _what(known),
        _decisions(known),
        _actions(known),
        _definitions(known),
        rerun.raw_files(workspace, key, known.study),
        rerun.how(workspace, key),
        _custody(known),
        _dates(known),
        _beside(known),
    )
    return handover_page.render(title, key, sections).encode()


def _what(known: _Known) -> Section:
    facts = [("Meting", known.key)]
    if declared := known.declared:
        report, fieldwork = declared.report, declared.fieldwork
        asked = (
            f"{dutch.long_date(fieldwork.start)} tot en met "
            f"{dutch.long_date(fieldwork.end)}"
        )
        facts += [
            ("Opdrachtgever", declared.commissioner),
            ("Uitvoerder", report.author or ""),
            ("Contact", report.contact or ""),
            ("Periode", asked),
            ("Status", f"{declared.status}, versie {declared.version}"),
            ("Datum van het rapport", dutch.long_date(declared.published)),
        ]
    facts += [("Uitgave", _released(e)) for e in releases(known.workspace, known.key)]
    return Section("Wat het is", facts=[each for each in facts if each[1]])


def _released(each: Release) -> str:
    day = dutch.long_date(date.fromisoformat(each.released))
    told = f"{each.number}, op {day}, door {each.maker}, nagekeken door {each.checker}"
    if not each.is_withdrawn:
        return told
    gone = dutch.long_date(date.fromisoformat(each.withdrawn))
    return f"{told}; ingetrokken op {gone} door {each.by}: {each.reason}"


# --- what is open ---------------------------------------------------------------------


def _decisions(known: _Known) -> Section:
    points = [*_undecided(known), *_refused(known), *_quotes(known)]
    if declared := known.declared:
        points += [
            f"Getekende uitzondering op {e.rule} ({e.table}), {e.name}, {e.role}, "
            f"{dutch.short_date(e.date)}: {e.reason}"
            for e in declared.disclosure.exception
        ]
        points += [
            f"Niet te vergelijken met {each.measurement}: {each.reason}"
            for each in declared.earlier
            if not each.comparable
        ]
        if declared.status != "definitief":
            points.append(f"De status is nog {declared.status}")
    none = "Er staat niets open in de definities."
    return Section(
        "Open besluiten",
        sentences=() if points else (none,),
        points=points,
        blanks=("Afgesproken, maar nergens opgeschreven:",),
    )


def _undecided(known: _Known) -> Iterator[str]:
    """Lines that say ``BESLIS``, with where they stand."""
    for path in _definition_paths(known):
        if path.suffix == ".toml":
            name = known.workspace.relative(path)
            text = path.read_text(encoding="utf-8", errors="replace")
            for each in open_decisions(text, name):
                yield f"{name}, regel {each.row}: {each.value}"


def _refused(known: _Known) -> Iterator[str]:
    """What keeps the definitions from being read, or is doubtful in them."""
    for each in known.problems:
        if each.code != "KCC-C014":
            yield f"{each.title} ({each.code}, {each.file})"


def _quotes(known: _Known) -> Iterator[str]:
    if known.study is None:
        return
    ticked = [each.source for each in known.study.quotes]
    for source in known.study.measurement.source:
        if source.kind == "remarks":
            yield (
                f"Bron {source.id}: {dutch.counted(ticked.count(source.id), *_TICKS)}; "
                "wat niet is aangevinkt, wordt niet gepubliceerd"
            )


_TICKS = ("citaat aangevinkt", "citaten aangevinkt")


def _actions(known: _Known) -> Section:
    listed = known.study.recommendations if known.study else ()
    points = []
    for each in listed:
        if each.status not in ("open", "bezig"):
            continue
        due = f", voor {dutch.short_date(each.deadline)}" if each.deadline else ""
        late = " (de datum is voorbij)" if each.is_late(known.today) else ""
        nobody = each.owner.casefold() in _NOBODY
        owner = "nog van niemand" if nobody else each.owner
        points.append(f"{each.text}: {owner}, {each.status}{due}{late}")
    none = "Er zijn geen aanbevelingen die nog openstaan."
    return Section(
        "Aanbevelingen die lopen", sentences=() if points else (none,), points=points
    )


# --- what there is --------------------------------------------------------------------


def _definition_paths(known: _Known) -> list[Path]:
    folder = known.workspace.study(known.key)
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if not path.name.startswith("."))


def _definitions(known: _Known) -> Section:
    roles = dict(_FILES)
    if declared := known.declared:
        for source in declared.source:
            for name, words in (
                (source.questionnaire, "vragenlijst"),
                (source.layout, "indeling"),
                (source.coding, "codeerschema"),
                (source.margins, "opbouw van de groep waarnaar is gewogen"),
            ):
                roles.setdefault(name or "", f"{words} van bron {source.id}")
    folder = known.workspace.study(known.key)
    names = [path.relative_to(folder).as_posix() for path in _definition_paths(known)]
    return Section(
        "Definities",
        sentences=(
            f"Alles staat in studies/{known.key} en hoort in versiebeheer (git).",
        ),
        facts=[(name, _role(name, roles)) for name in names],
    )


def _role(name: str, roles: dict[str, str]) -> str:
    if name.startswith("texts/"):
        return "eigen tekst van de onderzoeker in het rapport"
    if name.endswith(".ipynb"):
        return "eigen exemplaar van een notebook"
    return roles.get(name, "overig")


# --- keys, dates, other measurements --------------------------------------------------


def _custody(known: _Known) -> Section:
    heading = "Sleutel van de pseudoniemen"
    if known.study is None:
        told = "Dat is niet te zeggen zolang de definities niet kloppen."
        return Section(heading, sentences=(told,))
    sources = [e.id for e in known.study.measurement.source if links(known.study, e.id)]
    if not sources:
        told = "Niet nodig: deze meting koppelt geen antwoorden van personen."
        return Section(heading, sentences=(told,))
    path = keys.key_file(known.key)
    facts = [
        ("Nodig voor", dutch.listing(sources)),
        ("Bestand", path.name),
        ("Map", f"{path.parent} ({keys.KEYS_VARIABLE} wijst een andere aan)"),
        ("Op deze computer", _keeper(path)),
    ]
    return Section(
        heading,
        sentences=(
            "Zonder deze sleutel zijn de golven niet meer te koppelen. Geef hem over "
            "zoals een wachtwoord: nooit per mail, nooit in de projectmap.",
        ),
        facts=facts,
        blanks=("De kopie in de kluis van de organisatie beheert:",),
    )


def _keeper(path: Path) -> str:
    if not path.exists():
        return "niet aanwezig: vraag hem aan wie de kopie beheert"
    try:
        return f"aanwezig, van gebruiker {path.owner()}"
    except (KeyError, NotImplementedError):
        return "aanwezig"


def _dates(known: _Known) -> Section:
    facts = []
    if declared := known.declared:
        until = dutch.long_date(declared.retain_until)
        past = " (voorbij)" if declared.retain_until < known.today else ""
        facts = [("Antwoorden bewaren tot en met", until + past)]
        if declared.privacy:
            facts += [
                ("Verantwoordelijk voor de gegevens", declared.privacy.controller),
                ("Grondslag", declared.privacy.legal_basis),
            ]
        removed = sum(len(each.remove) for each in declared.source)
        if removed:
            who = dutch.counted(removed, "respondent", "respondenten")
            facts.append(("Op eigen verzoek weggelaten", who))
    purged = purged_on(known.workspace, known.key)
    if purged is not None:
        facts.append(("Verwijderd met kcc purge op", dutch.long_date(purged)))
    lines = () if purged else (f"kcc purge {known.key}",)
    sentence = "Na de bewaardatum toont kcc purge wat weg moet; met --yes gebeurt het."
    return Section("Bewaren en wissen", (sentence,), facts=facts, lines=lines)


def _beside(known: _Known) -> Section:
    """Measurements it builds on, and those that build on it."""
    points = []
    if declared := known.declared:
        points = [f"Bouwt op {each.measurement}" for each in declared.earlier]
    for key in list_keys(known.workspace.root):
        if key != known.key and known.key in _earlier(known.workspace, key):
            points.append(f"{key} bouwt op deze meting")
    none = "Geen andere meting hangt met deze samen."
    return Section(
        "Andere metingen", sentences=() if points else (none,), points=points
    )


def _earlier(workspace: Workspace, key: str) -> list[str]:
    try:
        declared = load_study(workspace.root, key).measurement
    except UserError:
        return []
    return [each.measurement for each in declared.earlier]
