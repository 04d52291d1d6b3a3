"""``kcc new``: from raw files to the folder of a measurement, with what is to decide.

Everything is looked at before anything is written. The folder holds proposals; as
long as a line with BESLIS stands in it, ``kcc check`` and ``kcc run`` refuse it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kcc_research.errors import CallError, Problem, UserError, problem
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.store.new_files import add_measurement
from kcc_research.pipeline.workspace import checked_key
from kcc_research.study.loading import MEASUREMENT_FILE, key_problems
from kcc_research.study.undecided import open_decisions

if TYPE_CHECKING:
    from kcc_research.microdata.proposal import Proposal

_MUNICIPALITY = re.compile(r"gm(?P<code>[0-9]{4})-(?P<name>.+)")
_TAKEN = frozenset({"measurement", "claims", "waves", "quotes", "aanbevelingen"})
_BREAKDOWN = re.compile(
    r"kanaal|channel|leeftijd|geslacht|wijk|kern|buurt|dienst|product|opleiding"
)
_MOST_BREAKDOWNS = 4
_MOST_GROUPS = 12
_YEARS_KEPT = 2


@dataclass(frozen=True)
class NewMeasurement:
    """What was made: the folder and, per file in it, the number of open decisions."""

    folder: Path
    decisions: Mapping[str, int]


@dataclass(frozen=True)
class NewSource:
    """One raw file: its id, its name under data/raw, and what it seems to hold."""

    id: str
    file: str
    path: Path
    proposal: Proposal


def make(store: Store, key: str, files: Sequence[Path], today: date) -> NewMeasurement:
    """Propose the measurement ``key`` from ``files``; ``today`` stands in for dates.

    Raises :class:`CallError` when something is there already or a key is no key, and
    the refusals of all files when one of them cannot be read.
    """
    wrong = key_problems(key)
    if wrong:
        raise CallError(wrong)
    if store.workspace.study(checked_key(key)).exists():
        raise CallError(problem("KCC-C014a", value=key))
    sources = _looked_at(files)
    texts = dict(_definitions(key, sources, today))
    folder = add_measurement(
        store,
        key,
        {name: text.encode() for name, text in texts.items()},
        {each.file: each.path for each in sources},
    )
    counts = {name: len(open_decisions(text, name)) for name, text in texts.items()}
    return NewMeasurement(folder, counts)


def _looked_at(files: Sequence[Path]) -> list[NewSource]:
    from kcc_research.microdata.first_look import look
    from kcc_research.microdata.proposal import propose

    found: list[NewSource] = []
    refused: list[Problem] = []
    for path in files:
        try:
            name = source_id(path)
            proposal = propose(look(path))
            if not any(each.guess.is_closed for each in proposal.questions):
                raise CallError(problem("KCC-C014e", file=path.name))
            found.append(NewSource(name, _file_name(path), path, proposal))
        except UserError as error:
            refused += error.problems
    ids = [each.id for each in found]
    twice = sorted({each for each in ids if ids.count(each) > 1})
    refused += [problem("KCC-C014c", value=each) for each in twice]
    if refused:
        raise CallError(refused)
    return found


def source_id(path: Path) -> str:
    """The id of a source after its file: ``Enquête 2024.csv`` is ``enqu_te_2024``."""
    stem = path.name.casefold().split(".")[0]
    name = re.sub(r"[^a-z0-9]+", "_", stem).strip("_")[:40]
    return name if name[:1].isalpha() and name not in _TAKEN else f"bron_{name}"


def _file_name(path: Path) -> str:
    name = re.sub(r"[^A-Za-z0-9_.-]+", "_", path.name).lstrip(".-")
    return name or "bestand"


def _definitions(
    key: str, sources: Sequence[NewSource], today: date
) -> Iterator[tuple[str, str]]:
    from kcc_research.microdata.proposal_text import questionnaire_text

    yield MEASUREMENT_FILE, "\n".join(_measurement(key, sources, today)) + "\n"
    for each in sources:
        title = f"Vragenlijst {each.id.replace('_', ' ')}"
        yield f"{each.id}.toml", questionnaire_text(each.proposal, title)


# --- measurement.toml ----------------------------------------------------------------


def _measurement(key: str, sources: Sequence[NewSource], today: date) -> Iterator[str]:
    from kcc_research.microdata.proposal_text import decision, quoted, schema_line

    owner, slug = key.split("/")
    match = _MUNICIPALITY.fullmatch(owner)
    place = (match["name"] if match else owner).replace("-", " ").title()
    days = [each.proposal.days for each in sources if each.proposal.days is not None]
    start = min((first for first, _ in days), default=today.isoformat())
    end = max((last for _, last in days), default=today.isoformat())
    published = max(end, today.isoformat())
    yield schema_line("measurement")
    yield "# Voorstel van kcc new. Haal een regel met BESLIS pas weg als u het eens"
    yield "# bent met wat eronder staat. Tot dan weigeren kcc check en kcc run haar."
    yield ""
    yield from decision(
        "wat is gemeten, in opdracht van wie, en wanneer verschijnt het?",
        f"alleen de naam {key}.",
        "klantbeleving, als concept; de gegevens blijven twee jaar bewaard.",
    )
    yield f"title = {quoted('Klantbeleving ' + slug.replace('-', ' '))}"
    yield 'study = "experience"'
    code = match["code"] if match else None
    yield f'municipality = "GM{code}"' if code else f"place = {quoted(place)}"
    yield f"published = {published}"
    yield f"retain_until = {int(published[:4]) + _YEARS_KEPT}-12-31"
    yield f"commissioner = {quoted('Gemeente ' + place)}"
    yield 'status = "concept"'
    yield ""
    yield from decision(
        "wie is verantwoordelijk voor de gegevens, en op welke grond (AVG)?",
        "",
        "de gemeente, voor een taak van algemeen belang.",
    )
    yield "[privacy]"
    yield f"controller = {quoted('College van B en W van ' + place)}"
    yield 'legal_basis = "taak van algemeen belang (AVG art. 6 lid 1 e)"'
    yield ""
    yield from decision(
        "wanneer en hoe is gevraagd, en wie mochten meedoen?",
        f"antwoorden van {start} tot en met {end}." if days else "geen datums.",
        "via internet, met een open link: dan krijgt geen getal een marge.",
    )
    yield "[fieldwork]"
    yield f"start = {start}"
    yield f"end = {end}"
    yield 'mode = "web"'
    yield 'recruitment = "open-link"       # random-sample bij een aselecte steekproef'
    for each in sources:
        yield ""
        yield from _source(each)


def _source(source: NewSource) -> Iterator[str]:
    from kcc_research.microdata.proposal_text import decision, quoted

    proposal, look = source.proposal, source.proposal.look
    groups = _breakdowns(proposal)
    seen = [f"{len(look.table.cells)} rijen", *look.evidence]
    if proposal.decimal:
        seen.append(f"getallen met '{proposal.decimal}' voor de decimalen")
    yield from decision(
        f"klopt het bestand {source.file}, en naar welke groepen splitst u uit?",
        "; ".join(seen) + ".",
        "zo lezen; ongewogen. Hoeveel mensen zijn uitgenodigd (invited)?",
    )
    yield "[[source]]"
    yield f"id = {quoted(source.id)}"
    yield 'kind = "survey"'
    yield f"file = {quoted(source.file)}"
    form = _format(proposal)
    if form:
        yield f"format = {{ {', '.join(form)} }}"
    yield f"rows = {len(look.table.cells)}"
    yield f'sha256 = "{look.table.facts[0].sha256}"'
    yield f"questionnaire = {quoted(source.id + '.toml')}"
    yield "# invited = 2000"
    yield f"breakdowns = [{', '.join(map(quoted, groups))}]"


def _format(proposal: Proposal) -> list[str]:
    from kcc_research.microdata.proposal_text import quoted

    form = proposal.look.format
    texts = {
        "delimiter": form.delimiter,
        "decimal": proposal.decimal if form.delimiter else None,
        "encoding": form.encoding,
        "sheet": form.sheet,
    }
    found = [f"{name} = {quoted(text)}" for name, text in texts.items() if text]
    if form.header_row != 1:
        found.append(f"header_row = {form.header_row}")
    if form.first_row is not None:
        found.append(f"first_row = {form.first_row}")
    return found


def _breakdowns(proposal: Proposal) -> list[str]:
    found = [
        each.id
        for each in proposal.of_type("choice")
        if _BREAKDOWN.search(f"{each.id} {each.text}".casefold())
        and 1 < len(set(each.guess.codes.values())) <= _MOST_GROUPS
    ]
    return found[:_MOST_BREAKDOWNS]
