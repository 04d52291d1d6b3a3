"""A proposed questionnaire as the TOML file a researcher reads and decides on.

Every decision stands above the lines it is about, with what was seen and a default:
who agrees removes the line with BESLIS, who does not changes what is below it first.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping

from kcc_research import dutch
from kcc_research.microdata.label_words import polarity
from kcc_research.microdata.numbers import as_code
from kcc_research.microdata.proposal import Point, Proposal, Proposed, shortened
from kcc_research.study.definition_file import MAX_BYTES
from kcc_research.study.staff import looks_like_staff
from kcc_research.study.undecided import MARK

_WIDTH = 88
_MOST_NAMED = 6
_FEWEST_STEPS = 4
"""From the lowest to the highest answer: below, two on either side overlap."""
_LEFT_OUT = {
    "personal": "gegevens van personen",
    "open": "open antwoorden of te veel verschillende waarden",
    "technical": "kolommen van het programma, of buiten dit onderzoek",
    "empty": "leeg",
    "rest": "past niet meer in één vragenlijst (verdeel het bestand)",
}
_MOST_BYTES = MAX_BYTES - 4096
"""Room for a person's own words in a definition file."""


def questionnaire_text(proposal: Proposal, title: str) -> str:
    """The questionnaire file; nothing in it is an answer to an open question."""
    text = _written(proposal, title)
    while len(text.encode()) > _MOST_BYTES and len(proposal.questions) > 1:
        proposal = shortened(proposal, len(proposal.questions) * 9 // 10)
        text = _written(proposal, title)
    return text


def _written(proposal: Proposal, title: str) -> str:
    parts = [
        "\n".join(_head(proposal, title)),
        *("\n".join(_question(proposal, each)) for each in proposal.questions),
        "\n".join(_indicators(proposal)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def decision(what: str, seen: str, default: str) -> list[str]:
    """A point to decide, as lines of comment; the first of them holds the mark."""
    first = f"{MARK} {what}"
    rest = (("Gezien", seen), ("Voorstel", default))
    lines = textwrap.wrap(first, _WIDTH, subsequent_indent="#   ")
    for name, text in rest:
        if text:
            lines += textwrap.wrap(
                f"# {name}: {text}", _WIDTH, subsequent_indent="#   "
            )
    return lines


def schema_line(kind: str) -> str:
    """By which an editor finds the schema of a definition file, and checks along."""
    return f"#:schema ../../../docs/schema/{kind}.json"


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "")


def inline(table: Mapping[str, str]) -> str:
    """A table on one line, its keys quoted where TOML asks so."""
    pairs = (f"{_key(key)} = {quoted(value)}" for key, value in table.items())
    return "{ " + ", ".join(pairs) + " }"


def listed(items: Iterable[str]) -> str:
    """A list of texts as TOML writes it."""
    return f"[{', '.join(map(quoted, items))}]"


def _key(text: str) -> str:
    bare = text.isascii() and text.replace("_", "").replace("-", "").isalnum()
    return text if bare else quoted(text)


def names(items: Iterable[str]) -> str:
    """Names in a sentence; of many only the first are named."""
    listed = list(items)
    shown = listed[:_MOST_NAMED]
    more = len(listed) - len(shown)
    return ", ".join(shown) + (f" en nog {more}" if more else "")


def _head(proposal: Proposal, title: str) -> Iterator[str]:
    yield schema_line("questionnaire")
    yield "# Voorstel van kcc new. Wat een code betekent, staat hier en nergens anders."
    yield ""
    if any(proposal.left_out.values()) or proposal.look.twice:
        yield from decision(
            "mogen deze kolommen buiten het onderzoek blijven?",
            _left_out(proposal),
            "niet lezen. Wilt u er een lezen, maak er dan een [[question]] van.",
        )
    yield f"title = {quoted(title)}"
    yield 'population = "respondenten"'


def _left_out(proposal: Proposal) -> str:
    parts = [
        f"{_LEFT_OUT[reason]}: {', '.join(columns)}"
        for reason, columns in proposal.left_out.items()
        if columns
    ]
    if proposal.look.twice:
        parts.append(f"de naam staat er twee keer: {', '.join(proposal.look.twice)}")
    return "; ".join(parts)


# --- questions -----------------------------------------------------------------------


def _question(proposal: Proposal, each: Proposed) -> Iterator[str]:
    for point in proposal.points:
        if point.at == each.id:
            yield from _decision(proposal, point)
    guess = each.guess
    yield "[[question]]"
    yield f"id = {quoted(each.id)}"
    if each.columns:
        yield f"columns = {inline(each.columns)}"
    else:
        yield f"column = {quoted(guess.column)}"
    yield f"text = {quoted(each.text)}"
    if each.label:
        yield f"label = {quoted(each.label)}"
    yield f"type = {quoted(guess.type)}"
    if guess.codes:
        yield f"codes = {inline(guess.codes)}"
    if guess.range is not None:
        low, high = guess.range
        seen = "      # laagste en hoogste in het bestand"
        note = seen if guess.type == "number" else ""
        yield f"range = [{as_code(low)}, {as_code(high)}]{note}"
    if guess.direction is not None:
        yield f"direction = {quoted(guess.direction)}"
    if guess.date_format and guess.date_format != "%Y-%m-%d":
        yield f"date_format = {quoted(guess.date_format)}"
    if guess.missing:
        yield f"missing = {inline(guess.missing)}"
    if guess.exclude:
        yield 'out_of_range = "exclude"'
    if each.route is not None:
        yield f"asked_if = {quoted(each.route.condition)}"
    if each.role is not None:
        yield f"role = {quoted(each.role)}"
    if _is_opinion(each) and looks_like_staff(each.id, guess.column, *each.columns):
        yield 'staff = "nobody"      # een oordeel, geen namen of nummers'
    yield f"sensitive = {str(guess.sensitive).lower()}"


def _signs(each: Proposed) -> dict[str, int]:
    """Answers in words → 1 for praise, -1 for the opposite, 0 for neither."""
    return {label: polarity(label) for label in each.guess.codes.values()}


def _is_opinion(each: Proposed) -> bool:
    """A scale that was stored in words: some answers praise, others do not."""
    return {-1, 1} <= set(_signs(each).values())


def _decision(proposal: Proposal, point: Point) -> list[str]:
    """The words of one point; ``about`` says what was seen."""
    if point.kind == "special":
        return _about_special(proposal, point)
    if point.kind == "route":
        return _about_route(proposal, point)
    which, about = names(point.questions), "; ".join(point.about)
    what, seen, default = _POINTS[point.kind]
    return decision(what.format(which=which), seen.format(about=about), default)


_POINTS = {
    "labels": (
        "wat betekenen de codes van {which}?",
        "codes {about}, en in het bestand geen uitleg.",
        "de code zelf als naam. Vul de antwoorden uit de vragenlijst in.",
    ),
    "wording": (
        "hoe zijn de vragen gesteld?",
        "in het bestand staan alleen namen van kolommen.",
        "de naam als tekst. Zet bij text de vraag zoals zij is gesteld.",
    ),
    "direction": (
        "welke kant is goed bij {which}?",
        "{about}. Een vraag kan ook andersom zijn gesteld.",
        "zoals bij direction staat.",
    ),
    "date": (
        "staat bij {which} de dag voor de maand?",
        "elke datum is op meer manieren te lezen.",
        "zoals bij date_format staat.",
    ),
    "rare": (
        "welke antwoorden horen nog bij {which}?",
        "er zijn antwoorden die minder dan 3 mensen gaven; die staan hier niet.",
        "niet meetellen (out_of_range). Vul ze aan uit de vragenlijst.",
    ),
    "praise": (
        "welk antwoord is goed bij {which}?",
        "{about}. Een vraag kan ook andersom zijn gesteld.",
        "wie het eens of tevreden is, zoals bij categories onderaan. Zet er bij een "
        "vraag die andersom is, de andere antwoorden neer.",
    ),
    "grade": (
        "is {which} een rapportcijfer?",
        "{about}; geen woord zegt dat het een cijfer is.",
        "ja. Zijn het codes, zet dan type = choice met codes.",
    ),
}
"""Kind of doubt → the question, what was seen, and the default."""


def _about_special(proposal: Proposal, point: Point) -> list[str]:
    return decision(
        f"wat betekent code {', '.join(point.about)} bij {names(point.questions)}?",
        f"{_special_counts(proposal, point)}; buiten de schaal en zonder uitleg.",
        "geen antwoord, zoals bij missing staat; telt nergens in mee.",
    )


def _about_route(proposal: Proposal, point: Point) -> list[str]:
    found = proposal.questions
    routes = [e.route for e in found if e.id in point.questions and e.route is not None]
    filled = min(each.filled for each in routes)
    return decision(
        f"is {names(point.questions)} alleen gevraagd als "
        f"{' of als '.join(point.about)}?",
        f"leeg bij alle anderen; {filled} van {routes[0].asked} vulden in.",
        "ja, zoals bij asked_if staat.",
    )


def _special_counts(proposal: Proposal, point: Point) -> str:
    counts = []
    for each in proposal.questions:
        if each.id in point.questions and not each.columns:
            values = proposal.look.values(each.guess.column)
            n = sum(_same(value, point.about) for value in values)
            counts.append(f"{each.id} {dutch.number(n)} keer")
    return names(counts)


def _same(value: str, codes: tuple[str, ...]) -> bool:
    return value in codes or value.removesuffix(",0").removesuffix(".0") in codes


# --- outcomes ------------------------------------------------------------------------


def _indicators(proposal: Proposal) -> Iterator[str]:
    blocks = [*_grades(proposal), *_scales(proposal), *_praise(proposal)]
    if not blocks:
        blocks = list(_distributions(proposal))
    if not blocks:
        return
    yield from decision(
        "welke uitkomsten wilt u, en vanaf welk cijfer heet iemand tevreden?",
        f"vragen om een cijfer: {len(proposal.of_type('grade'))}; schalen: "
        f"{len(proposal.of_type('scale'))}.",
        "een gemiddelde per cijfer, tevreden is een 7 of hoger; bij een schaal het "
        "gemiddelde en de aandelen van de twee beste en de twee slechtste antwoorden.",
    )
    yield "\n\n".join("\n".join(block) for block in blocks)


def _block(name: str, question: str, label: str, *lines: str) -> list[str]:
    return [
        "[[indicator]]",
        f"id = {quoted(name)}",
        f"question = {quoted(question)}",
        f"label = {quoted(label)}",
        *lines,
    ]


def _short(each: Proposed) -> str:
    return textwrap.shorten(each.label or each.text, 70, placeholder="…")


def _grades(proposal: Proposal) -> Iterator[list[str]]:
    for number, each in enumerate(proposal.of_type("grade")):
        first = number == 0
        yield _block(
            f"{each.id}_gemiddeld"[:60],
            each.id,
            "Rapportcijfer" if first else _short(each),
            'statistic = "mean"',
            *(['role = "headline"'] if first else []),
        )
        if first and each.guess.range == (1.0, 10.0) and not each.guess.decimals:
            yield _block(
                f"{each.id}_klassen",
                each.id,
                "Verdeling van de rapportcijfers",
                'statistic = "distribution"',
                "classes = [",
                '  { label = "1–5", low = 1, high = 5 },',
                '  { label = "6", low = 6, high = 6 },',
                '  { label = "7", low = 7, high = 7 },',
                '  { label = "8", low = 8, high = 8 },',
                '  { label = "9–10", low = 9, high = 10 },',
                "]",
                'role = "distribution"',
            )
        if first:
            yield _block(
                f"{each.id}_tevreden",
                each.id,
                "Tevreden (cijfer 7 of hoger)",
                'statistic = "share"',
                "at_least = 7",
                'role = "satisfaction"',
            )


def _scales(proposal: Proposal) -> Iterator[list[str]]:
    for each in proposal.of_type("scale"):
        low, high = each.guess.range or (1.0, 5.0)
        lower = each.guess.direction == "lower_is_better"
        share, label = 'statistic = "share"', _short(each)
        below, above = (
            f"at_most = {as_code(low + 1)}",
            f"at_least = {as_code(high - 1)}",
        )
        good, bad = (below, above) if lower else (above, below)
        mean = ('statistic = "mean"', 'role = "aspect"')
        yield _block(f"{each.id}_score", each.id, label, *mean)
        if high - low >= _FEWEST_STEPS:
            positive, negative = f"{label} (positief)", f"{label} (negatief)"
            yield _block(f"{each.id}_positief", each.id, positive, share, good)
            low_role = 'role = "aspect_low"'
            yield _block(f"{each.id}_negatief", each.id, negative, share, bad, low_role)


def _praise(proposal: Proposal) -> Iterator[list[str]]:
    """Of a scale that was stored in words: the share of the good answers."""
    for each in proposal.of_type("choice"):
        if _is_opinion(each):
            signs = _signs(each)
            good = ", ".join(quoted(label) for label, n in signs.items() if n == 1)
            yield _block(
                f"{each.id}_positief"[:60],
                each.id,
                _short(each),
                'statistic = "share"',
                f"categories = [{good}]",
            )


def _distributions(proposal: Proposal) -> Iterator[list[str]]:
    for each in proposal.of_type("choice"):
        if len(each.guess.codes) > 1:
            yield _block(
                f"{each.id}_verdeling"[:60],
                each.id,
                _short(each),
                'statistic = "distribution"',
            )
