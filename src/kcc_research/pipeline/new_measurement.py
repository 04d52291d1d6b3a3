"""The proposed measurement.toml: five decisions at most, each with what was seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kcc_research.microdata.proposal_text import (
    decision,
    listed,
    quoted,
    schema_line,
)
from kcc_research.pipeline.new_source import NewKind, NewSource

_MUNICIPALITY = re.compile(r"gm(?P<code>[0-9]{4})-(?P<name>.+)")
_YEARS_KEPT = 2
_TITLES: dict[NewKind, str] = {
    "experience": "Klantbeleving",
    "continuous": "Doorlopende meting",
    "counter": "Dienstverlening aan de balie",
    "phone": "Telefonische dienstverlening",
    "contacts": "Contacten",
}
_KIND_WORDS: dict[NewKind, str] = {
    "experience": "klantbeleving",
    "continuous": "een doorlopende meting",
    "counter": "een onderzoek van de balie",
    "phone": "een onderzoek van de telefonie",
    "contacts": "een telling van contacten",
}


@dataclass(frozen=True)
class Frame:
    """What all parts of the file know: the key, the kind of study and the days."""

    key: str
    kind: NewKind
    sources: Sequence[NewSource]
    today: date

    @property
    def code(self) -> str | None:
        match = _MUNICIPALITY.fullmatch(self.key.split("/")[0])
        return match["code"] if match else None

    @property
    def place(self) -> str:
        owner = self.key.split("/")[0]
        match = _MUNICIPALITY.fullmatch(owner)
        return (match["name"] if match else owner).replace("-", " ").title()

    @property
    def seen_days(self) -> list[tuple[str, str]]:
        return [each.days for each in self.sources if each.days is not None]

    @property
    def days(self) -> tuple[str, str]:
        """First and last day of all sources; today where none has any."""
        today = self.today.isoformat()
        start = min((first for first, _ in self.seen_days), default=today)
        return start, max((last for _, last in self.seen_days), default=today)

    @property
    def published(self) -> str:
        return max(self.days[1], self.today.isoformat())


def proposed_kind(sources: Sequence[NewSource]) -> NewKind:
    """The kind of study that the files make probable; a person decides."""
    registrations = [each for each in sources if each.is_registration]
    if len(registrations) == len(sources):
        return "contacts"
    if any(each.kind == "queue" for each in registrations):
        return "counter"
    if registrations:
        return "phone"
    remarks = any(each.kind == "remarks" for each in sources)
    return "counter" if remarks else "experience"


def measurement_text(frame: Frame) -> str:
    """The whole file."""
    parts = [_head(frame), _privacy(frame), _fieldwork(frame)]
    if frame.kind == "continuous":
        parts.append(_chart(frame))
    if any(each.is_burgerpeiling for each in frame.sources):
        parts.append(_protocol())
    parts += [_source(each) for each in frame.sources]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _head(frame: Frame) -> Iterator[str]:
    slug = frame.key.split("/")[1].replace("-", " ")
    files = ", ".join(f"{each.file} ({each.kind})" for each in frame.sources)
    yield schema_line("measurement")
    yield "# Voorstel van kcc new. Haal een regel met BESLIS pas weg als u het eens"
    yield "# bent met wat eronder staat. Tot dan weigeren kcc check en kcc run haar."
    yield ""
    yield from decision(
        "wat is gemeten, in opdracht van wie, en wanneer verschijnt het?",
        f"de naam {frame.key} en {files}.",
        f"{_KIND_WORDS[frame.kind]}, als concept; de gegevens blijven twee jaar "
        "bewaard.",
    )
    yield f"title = {quoted(f'{_TITLES[frame.kind]} {slug}')}"
    yield f'study = "{frame.kind}"'
    place = f"place = {quoted(frame.place)}"
    yield f'municipality = "GM{frame.code}"' if frame.code else place
    yield f"published = {frame.published}"
    yield f"retain_until = {int(frame.published[:4]) + _YEARS_KEPT}-12-31"
    yield f"commissioner = {quoted('Gemeente ' + frame.place)}"
    yield 'status = "concept"'


def _privacy(frame: Frame) -> Iterator[str]:
    yield from decision(
        "wie is verantwoordelijk voor de gegevens, en op welke grond (AVG)?",
        "",
        "de gemeente, voor een taak van algemeen belang.",
    )
    yield "[privacy]"
    yield f"controller = {quoted('College van B en W van ' + frame.place)}"
    yield 'legal_basis = "taak van algemeen belang (AVG art. 6 lid 1 e)"'


def _fieldwork(frame: Frame) -> Iterator[str]:
    start, end = frame.days
    counted = all(each.is_registration for each in frame.sources)
    modes = {each.mode for each in frame.sources if each.mode}
    mode = next(iter(modes)) if len(modes) == 1 else "web"
    part = any(each.look.is_part for each in frame.sources)
    where = ", in de rijen die zijn bekeken" if part else ""
    period = f"gegevens van {start} tot en met {end}{where}."
    how = "via internet, met een open link: dan krijgt geen getal een marge."
    yield from decision(
        "over welke dagen gaat het?"
        if counted
        else "wanneer en hoe is gevraagd, en wie mochten meedoen?",
        period if frame.seen_days else "geen datums.",
        "alles wat in het bestand staat, geteld." if counted else how,
    )
    yield "[fieldwork]"
    yield f"start = {start}"
    yield f"end = {end}"
    yield f'mode = "{"registration" if counted else mode}"'
    note = "       # random-sample bij een aselecte steekproef"
    yield (
        'recruitment = "registration"'
        if counted
        else (f'recruitment = "open-link"{note}')
    )


def _chart(frame: Frame) -> Iterator[str]:
    start, end = (date.fromisoformat(each) for each in frame.days)
    half = start + timedelta(days=(end - start).days // 2)
    yield from decision(
        "welke periode is de basis waarmee u vergelijkt, en vanaf wanneer stond dat "
        "vast?",
        "",
        "de eerste helft van de dagen; een daling van 10 procentpunt willen wij zien.",
    )
    yield "[chart]"
    yield f"baseline_start = {start}"
    yield f"baseline_end = {half}"
    yield f"declared = {start}"
    yield "fall = 0.10"


def _protocol() -> Iterator[str]:
    yield from decision(
        "volgt deze meting het protocol van de Burgerpeiling?",
        "de namen van kolommen uit het landelijke format.",
        "ja. Haal anders dit blok weg. Wat u niet invult, heet in het rapport "
        "niet na te gaan.",
    )
    yield "[protocol]"
    yield 'name = "vng-burgerpeiling"'
    yield '# frame = "brp"               # getrokken uit de basisregistratie personen'
    yield "# ages = [18, 85]"
    yield "# resident_months = 12"
    yield "# one_per_household = true"
    yield "# login_codes = true"
    yield "# open_link = false"
    yield "# reminder = true"
    yield '# weighted_by = ["leeftijd"]'
    yield "# dropped = []                # weggelaten gesloten vragen"
    yield "# delivered = 2024-01-15"


def _source(source: NewSource) -> Iterator[str]:
    rows = len(source.look.table.cells)
    counted = [] if source.look.is_part else [f"{rows} rijen"]
    seen = [*counted, *source.look.evidence]
    if source.decimal:
        seen.append(f"getallen met '{source.decimal}' voor de decimalen")
    yield from _about_file(source, "; ".join(seen) + ".")
    yield "[[source]]"
    yield f"id = {quoted(source.id)}"
    yield f"kind = {quoted(source.kind)}"
    yield f"file = {quoted(source.file)}"
    form = _format(source)
    if form:
        yield f"format = {{ {', '.join(form)} }}"
    if not source.look.is_part:
        yield f"rows = {rows}"
    yield f'sha256 = "{source.look.table.facts[0].sha256}"'
    if source.is_registration:
        yield f"layout = {quoted(source.layout)}"
        return
    if source.kind == "remarks":
        yield f"coding = {quoted(source.id + '.toml')}"
        return
    yield f"questionnaire = {quoted(source.id + '.toml')}"
    yield from source.lines
    yield "# invited = 2000"
    yield f"breakdowns = {listed(source.breakdowns)}"


def _about_file(source: NewSource, seen: str) -> list[str]:
    """The decision above a source; a registration asks no more than is it right."""
    if source.is_registration or source.kind == "remarks":
        shipped = source.layout and not source.layout.endswith(".toml")
        how = f"met de meegeleverde indeling '{source.layout}'" if shipped else ""
        what = f"zo lezen{', ' + how if how else ''}."
        return decision(f"klopt het bestand {source.file}?", seen, what)
    weighted = "gewogen met de kolom van het bestand" if source.lines else "ongewogen"
    return decision(
        f"klopt het bestand {source.file}, en naar welke groepen splitst u uit?",
        seen,
        f"zo lezen; {weighted}. Hoeveel mensen zijn uitgenodigd (invited)?",
    )


def _format(source: NewSource) -> list[str]:
    form = source.look.format
    texts = {
        "delimiter": form.delimiter,
        "decimal": source.decimal if form.delimiter else None,
        "encoding": form.encoding,
        "sheet": form.sheet,
    }
    found = [f"{name} = {quoted(text)}" for name, text in texts.items() if text]
    if form.header_row != 1:
        found.append(f"header_row = {form.header_row}")
    if form.first_row is not None:
        found.append(f"first_row = {form.first_row}")
    return found
