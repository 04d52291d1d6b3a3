"""A raw file as coded remarks: which column holds the theme, the speaker, the words.

Recognised by the names that coders use. Codes are a researcher's own words and stand in
the proposal; what people said never does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kcc_research import dutch
from kcc_research.microdata.first_look import FirstLook
from kcc_research.microdata.personal_data import mask
from kcc_research.microdata.proposal_text import decision, inline, quoted, schema_line
from kcc_research.study.coding_scheme import SIGNS, VALENCES
from kcc_research.study.reserved import is_reserved_category

MOST_THEMES = 40
_MOST_SPEAKERS = 20
_LONGEST = 60

_NAMES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("theme", re.compile(r"^(?:thema|theme|onderwerp_?code|hoofdcode)$")),
    ("valence", re.compile(r"valentie|sentiment|toon|valence")),
    ("quotation", re.compile(r"citaat|quote|fragmenttekst|uitspraak")),
    ("coder", re.compile(r"^(?:codeur|coder)")),
    ("fragment", re.compile(r"^fragment")),
    ("person", re.compile(r"^(?:persoon|respondent|interview|gesprek|deelnemer)")),
    ("role", re.compile(r"^(?:rol|role|functie)$")),
    ("source", re.compile(r"^(?:bron|herkomst)$")),
)
_SIGNS = (
    (re.compile(r"pos|goed|tevreden|\+"), "positief"),
    (re.compile(r"neg|slecht|ontevreden|klacht|[-–−]"), "negatief"),  # noqa: RUF001
)


@dataclass(frozen=True)
class Coded:
    """A coding scheme to be: column by what it holds, and the codes that were seen."""

    look: FirstLook = field(repr=False)
    columns: Mapping[str, str]
    themes: tuple[str, ...]
    valence: Mapping[str, str]

    def seen(self, what: str) -> list[str]:
        """The different values of a column, in file order."""
        values = self.look.values(self.columns[what])
        return list(dict.fromkeys(each for each in values if each))


def recognise_remarks(look: FirstLook) -> Coded | None:
    """The coded remarks that a file holds; None when it is something else."""
    columns: dict[str, str] = {}
    for name in look.names:
        word = name.casefold()
        what = next((each for each, form in _NAMES if form.search(word)), None)
        if what is not None:
            columns.setdefault(what, name)
    if "theme" not in columns or not {"quotation", "valence", "coder"} & columns.keys():
        return None
    values = look.values(columns["theme"])
    themes = tuple(dict.fromkeys(each for each in values if each))
    if not 0 < len(themes) <= MOST_THEMES or not all(map(_is_code, themes)):
        return None
    columns = {what: name for what, name in columns.items() if _fits(look, what, name)}
    if "fragment" not in columns:
        columns.pop("coder", None)
    return Coded(look, columns, themes, _valence(look, columns))


def _is_code(text: str) -> bool:
    return len(text) <= _LONGEST and not mask(text)[1]


def _fits(look: FirstLook, what: str, name: str) -> bool:
    if what not in ("coder", "role", "source"):
        return True
    distinct = {each for each in look.values(name) if each}
    few = 0 < len(distinct) <= _MOST_SPEAKERS
    return few and all(_is_code(e) and not is_reserved_category(e) for e in distinct)


def _valence(look: FirstLook, columns: Mapping[str, str]) -> dict[str, str]:
    """Code → valence where the file does not write +, 0 and - or the words."""
    if "valence" not in columns:
        return {}
    seen = {each for each in look.values(columns["valence"]) if each}
    if seen <= {*SIGNS}:
        return {}
    return {each: _sign(each) for each in sorted(seen)}


def _sign(code: str) -> str:
    text = code.casefold()
    return next((word for form, word in _SIGNS if form.search(text)), VALENCES[1])


# --- the coding scheme ----------------------------------------------------------------


def scheme_text(coded: Coded, title: str) -> str:
    """The coding scheme file, with what a person must say about it."""
    parts = [
        "\n".join(_head(coded, title)),
        "\n".join(_columns(coded)),
        *("\n".join(_speakers(coded, what)) for what in ("source", "role", "coder")),
        *("\n".join(_theme(at, code)) for at, code in enumerate(coded.themes, start=1)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(coded: Coded, title: str) -> Iterator[str]:
    yield schema_line("coding")
    yield "# Voorstel van kcc new: hoe gesprekken of open antwoorden zijn gecodeerd."
    yield ""
    rows = dutch.number(len(coded.look.table.cells))
    left = [e for e in coded.look.names if e not in coded.columns.values()]
    seen = f"{rows} rijen met {len(coded.themes)} thema's"
    yield from decision(
        "is elke rij een fragment met een thema, en hoe heten de mensen die spraken?",
        f"{seen}; niet gelezen: {', '.join(left)}." if left else f"{seen}.",
        "respondenten. Citaten blijven weg tot u ze in quotes.toml aanwijst.",
    )
    yield f"title = {quoted(title)}"
    yield 'person = "respondent"'
    yield 'persons = "respondenten"'
    if any(not each for each in coded.look.values(coded.columns["theme"])):
        yield "uncoded = true          # er zijn fragmenten zonder thema"


def _columns(coded: Coded) -> Iterator[str]:
    yield "[column]"
    yield from (f"{what} = {quoted(name)}" for what, name in coded.columns.items())
    if coded.valence:
        yield ""
        yield from decision(
            "wat is positief en wat negatief?",
            f"codes {', '.join(coded.valence)}.",
            "zoals hieronder.",
        )
        yield f"[valence]\n{_table(coded.valence)}"


def _speakers(coded: Coded, what: str) -> Iterator[str]:
    """``[sources]``, ``[roles]`` and ``[coders]``; a coder is numbered, not named."""
    if what not in coded.columns:
        return
    seen = coded.seen(what)
    yield f"[{what}s]"
    if what == "coder":
        yield _table({each: f"codeur {n}" for n, each in enumerate(seen, start=1)})
    else:
        yield _table({each: each for each in seen})


def _table(values: Mapping[str, str]) -> str:
    """The lines of a table, each key as TOML writes it."""
    return "\n".join(inline({k: v})[2:-2] for k, v in values.items())


def _theme(at: int, code: str) -> Iterator[str]:
    if at == 1:
        yield from decision(
            "wanneer kiest een codeur welk thema?",
            "in het bestand staan alleen de codes.",
            "de code zelf als omschrijving. Vul de omschrijving uit uw codeboek in.",
        )
    yield "[[theme]]"
    yield f'id = "thema_{at}"'
    label = f"{code} (thema)" if is_reserved_category(code) else code
    yield f"label = {quoted(label)}"
    yield f"definition = {quoted(f'Gaat over: {label}.')}"
    yield f"codes = [{quoted(code)}]"
