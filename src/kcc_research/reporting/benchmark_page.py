"""outputs/benchmark.html: one indicator of every municipality, each with its margin.

In order of name and never a ranking: the reader may sort, and the page says beside the
table what overlapping margins mean. Each municipality stands beside its own groups.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from kcc_research import dutch
from kcc_research.reporting import catalogue, page
from kcc_research.reporting.catalogue_entry import SIZES, Entry, Outcome
from kcc_research.reporting.printed import formatted

FILE = "benchmark.html"
TITLE = "Gemeenten naast elkaar"
_WIDTH, _MIDDLE = 168, 14
_FACETS = (("grootte", "Grootte"), ("groep", "Eigen groep"))
_VERDICTS = {
    "higher": "hoger dan de groep",
    "lower": "lager dan de groep",
    "not_shown": "geen duidelijk verschil",
}


@dataclass(frozen=True, slots=True)
class Beside:
    """A group a municipality was held against, with what came of it."""

    group: str
    verdict: str
    reason: str = ""

    @property
    def words(self) -> str:
        told = self.reason or _VERDICTS.get(self.verdict, "niet vergeleken")
        return f"{dutch.capitalised(self.group)}: {told}"


@dataclass(frozen=True, slots=True)
class Municipal:
    """One municipality: its number, and the groups it was held against."""

    name: str
    size_class: int
    outcome: Outcome
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A published benchmark; ``means`` holds the mean of each group by its name."""

    entry: Entry
    label: str
    municipalities: tuple[Municipal, ...]
    means: Mapping[str, float]


def render(benchmark: Benchmark) -> str:
    """The page of one benchmark, in order of name."""
    ordered = sorted(benchmark.municipalities, key=lambda each: each.name.casefold())
    return page.render(
        f"{TITLE}: {benchmark.label.lower()}",
        _main(benchmark, ordered),
        skip="Naar de lijst met gemeenten",
        style=catalogue.asset("css"),
        script=catalogue.asset("js"),
    )


def _main(benchmark: Benchmark, rows: Sequence[Municipal]) -> Iterator[str]:
    yield from _introduction(benchmark)
    codes = (_codes(rows, _size), _codes(rows, _group))
    yield from _form(codes)
    counted = dutch.counted(len(rows), "gemeente", "gemeenten")
    yield f'<p id="gevonden" role="status" data-all="{counted}">{counted}</p>'
    yield (
        '<section class="scroll" aria-label="Lijst met gemeenten" tabindex="0">'
        f'\n<table id="rapporten" class="naast">\n<caption>{counted}</caption>\n<thead>'
        '<tr><th scope="col" data-sort aria-sort="ascending">Gemeente</th>'
        '<th scope="col">Grootte</th><th scope="col" data-sort>n</th>'
        f'<th scope="col" data-sort>{escape(benchmark.label)}</th>'
        '<th scope="col">Cijfer, marge en groep</th>'
        '<th scope="col">Naast de eigen groep</th></tr></thead>\n<tbody>'
    )
    scale = _scale(rows)
    for each in rows:
        yield _row(each, benchmark.means, codes, scale)
    yield "</tbody>\n</table>\n</section>"


def _introduction(benchmark: Benchmark) -> Iterator[str]:
    entry = benchmark.entry
    if entry.synthetic:
        yield '<p><em class="mark">Verzonnen gegevens: een demonstratie.</em></p>'
    yield (
        f'<p class="how">Uit het rapport <a href="{escape(entry.path)}/report.html">'
        f'{escape(entry.title)}</a>. <a href="index.html">Alle rapporten</a></p>'
    )
    yield (
        '<p class="how"><b>Dit is geen ranglijst.</b> Elke gemeente heeft een marge, '
        "want per gemeente is maar een klein aantal contacten gemeten. Overlappen de "
        "marges van twee gemeenten, dan kan het verschil toeval zijn. Sorteert u op "
        "cijfer, dan zegt de volgorde van zulke gemeenten niets. Vergelijk een "
        "gemeente met haar eigen groep: het streepje omhoog is het gemiddelde van die "
        "groep. Een ster en een open stip betekenen: weinig contacten, lees het als "
        "voorbeeld.</p>"
    )


def _size(each: Municipal) -> str:
    return SIZES.get(each.size_class, "")


def _group(each: Municipal) -> str:
    return each.beside[0].group if each.beside else ""


def _codes(rows: Sequence[Municipal], of: Callable[[Municipal], str]) -> dict[str, str]:
    found = {of(each): each.size_class for each in rows if of(each)}
    ordered = sorted(found, key=lambda value: (found[value], value))
    return {value: str(number) for number, value in enumerate(ordered, start=1)}


def _form(codes: Sequence[Mapping[str, str]]) -> Iterator[str]:
    yield '<form id="zoek" role="search" aria-label="Gemeenten" hidden>'
    yield catalogue.search_field("Zoek op gemeente")
    for (name, label), values in zip(_FACETS, codes, strict=True):
        yield catalogue.choice(name, label, values)
    yield "</form>"


def _row(
    each: Municipal,
    means: Mapping[str, float],
    codes: Sequence[Mapping[str, str]],
    scale: tuple[float, float],
) -> str:
    outcome = each.outcome
    is_of = f"{codes[0].get(_size(each), '')}.{codes[1].get(_group(each), '')}"
    size = dutch.SUPPRESSED if outcome.n is None else dutch.base(outcome.n)
    beside = "".join(f"<p>{escape(b.words)}</p>" for b in each.beside)
    margin = escape(catalogue.unbroken(outcome.margin))
    return (
        f'<tr data-f="{is_of}"><th scope="row">{escape(each.name)}</th>'
        f"<td><small>{_size(each)}</small></td><td>{size}</td>"
        f"<td><b>{outcome.value}</b> <small>{margin}</small></td>"
        f"<td>{_drawn(outcome, means.get(_group(each)), scale)}</td>"
        f"<td>{beside}</td></tr>"
    )


def _scale(rows: Sequence[Municipal]) -> tuple[float, float]:
    given = [
        value
        for each in rows
        for value in (each.outcome.estimate, each.outcome.low, each.outcome.high)
        if value is not None
    ]
    return (min(given), max(given)) if given else (0.0, 1.0)


def _drawn(outcome: Outcome, mean: float | None, scale: tuple[float, float]) -> str:
    """The number, its margin and the mean of the group on one line for all."""
    if outcome.estimate is None:
        return ""

    def x(value: float) -> int:
        low, high = scale
        part = (value - low) / (high - low) if high > low else 0.5
        return round(8 + part * (_WIDTH - 16))

    tick = "" if mean is None else f'<path class="g" d="M{x(mean)} 3V25"/>'
    limits = ""
    if outcome.low is not None and outcome.high is not None:
        limits = f'<path class="i" d="M{x(outcome.low)} {_MIDDLE}H{x(outcome.high)}"/>'
    dot = f"M{x(outcome.estimate)} {_MIDDLE}h0"
    hollow = f'<path class="w" d="{dot}"/>' if outcome.status == "indicative" else ""
    told = "" if mean is None else f"; groep {formatted(mean, outcome.statistic)}"
    spoken = escape(f"{outcome.value}, {outcome.margin}{told}")
    return (
        f'<svg viewBox="0 0 {_WIDTH} 28" role="img" aria-label="{spoken}">{tick}'
        f'{limits}<path class="p" d="{dot}"/>{hollow}</svg>'
    )
