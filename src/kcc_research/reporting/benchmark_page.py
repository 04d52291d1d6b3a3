"""outputs/benchmark.html: one number of every municipality, each with its margin.

In order of name and never a ranking: the page has no order by value, and says beside
the table what overlapping margins mean. Each municipality stands beside the others of
its size. Every number is on the page, one folded table each; a script only chooses,
searches and filters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape

from kcc_research import dutch
from kcc_research.reporting import catalogue, page
from kcc_research.reporting.catalogue_entry import SIZES, Outcome
from kcc_research.reporting.fieldwork_words import MODE, RECRUITMENT
from kcc_research.reporting.printed import formatted
from kcc_research.reporting.side_by_side import OWN_SIZE, Beside, Municipal, Panel

FILE = "benchmark.html"
TITLE = "Gemeenten naast elkaar"
SYNTHETIC = "Verzonnen gegevens: een demonstratie."
STAMP = "data-of="
TOO_CLOSE = "te dichtbij om te zeggen"

_WIDTH, _MIDDLE = 168, 14
_VERDICTS = {"higher": "hoger", "lower": "lager", "not_shown": TOO_CLOSE}

Facet = tuple[str, str, Callable[[Municipal], str]]
_FACETS: tuple[Facet, ...] = (
    ("grootte", "Grootte", lambda each: SIZES.get(each.size_class, "")),
    ("provincie", "Provincie", lambda each: each.province),
    ("groep", "Naast de groep", lambda each: dutch.capitalised(_stands(each))),
)
Codes = Sequence[Mapping[str, str]]


def render(panels: Sequence[Panel], *, left_out: int = 0, stamp: str = "") -> str:
    """The page of all ``panels``; ``left_out`` counts what did not fit on it.

    ``stamp`` stands in the page and names what it was made from.
    """
    return page.render(
        TITLE,
        _main(panels, left_out, stamp),
        skip="Naar de lijst met gemeenten",
        style=catalogue.asset("css"),
        script=catalogue.asset("js"),
    )


def _main(panels: Sequence[Panel], left_out: int, stamp: str) -> Iterator[str]:
    marked = not all(each.synthetic for each in panels)
    yield from _introduction(marked=marked)
    codes = [_codes(panels, of) for _, _, of in _FACETS]
    titles = _titles(panels)
    yield from _form(titles, codes)
    made_of = f' {STAMP}"{stamp}"' if stamp else ""
    yield f'<p id="gevonden" role="status"{made_of}></p>'
    for number, (panel, title) in enumerate(zip(panels, titles, strict=True)):
        yield from _panel(panel, title, number, codes, marked=marked)
    if left_out:
        more = dutch.counted(left_out, "lijst", "lijsten")
        yield (
            f'<p class="how">Nog {more} met andere uitkomsten of eerdere jaren passen '
            'niet op deze pagina. Ze staan in <a href="index.html">de rapporten</a>.'
            "</p>"
        )


def _introduction(*, marked: bool) -> Iterator[str]:
    if not marked:
        yield f'<p><em class="mark">{SYNTHETIC}</em></p>'
    yield (
        '<p class="how">Per uitkomst ziet u hier alle gemeenten die haar op dezelfde '
        'manier hebben gemeten. <a href="index.html">Alle&nbsp;rapporten</a></p>'
        '<p class="how"><b>Dit is geen ranglijst.</b> De gemeenten staan op naam. Elk '
        "cijfer heeft een marge, want niet iedereen is gevraagd. Overlappen de marges "
        f"van twee gemeenten, dan is het {TOO_CLOSE} wie hoger zit. Daarom kunt u niet "
        "op cijfer sorteren.</p>"
        '<details class="how"><summary>Zo leest u de lijst</summary><p>Vergelijk een '
        "gemeente met de andere van haar grootte. Zijn dat er minder dan tien, dan "
        "staat zij naast alle andere gemeenten. De laatste kolom zegt of het verschil "
        f"groter is dan toeval. Zo niet, dan staat er: {TOO_CLOSE}. De marge van dat "
        "verschil is ruim genomen, omdat er veel gemeenten tegelijk vergeleken worden."
        "</p><p>In het plaatje is de stip het cijfer, de liggende streep de marge en "
        "het streepje omhoog het gemiddelde van de groep. Een open stip en een ster: "
        "weinig antwoorden, lees het als voorbeeld. Een x: te weinig antwoorden om te "
        "tonen.</p><p>Naast elkaar staat alleen wat gelijk is: de vraag, de antwoorden,"
        " de mensen, de manier van vragen en het jaar. Wie er daarom niet bij staat, "
        "staat onder de lijst. Een gemeente zonder rapport staat er helemaal niet bij."
        "</p></details>"
    )


def _titles(panels: Sequence[Panel]) -> list[str]:
    """Every panel by its own name; of two with the same name, who was asked."""
    known = Counter(each.title for each in panels)
    return [
        f"{each.title} ({each.told.get('who') or 'benchmark'})"
        if known[each.title] > 1
        else each.title
        for each in panels
    ]


# --- choosing and filtering -----------------------------------------------------------


def _codes(
    panels: Sequence[Panel], of: Callable[[Municipal], str]
) -> Mapping[str, str]:
    found = {of(row): row.size_class for each in panels for row in each.municipalities}
    found.pop("", None)
    is_size = of is _FACETS[0][2]
    ordered = sorted(found, key=lambda value: (found[value] if is_size else 0, value))
    return {value: str(number) for number, value in enumerate(ordered, start=1)}


def _form(titles: Sequence[str], codes: Codes) -> Iterator[str]:
    yield '<form id="zoek" class="few" role="search" aria-label="Gemeenten" hidden>'
    if len(titles) > 1:
        options = "".join(f"<option>{escape(each)}</option>" for each in titles)
        yield (
            '<div class="q"><label for="wat">Uitkomst</label>'
            f'<select id="wat" name="wat" autocomplete="off">{options}</select></div>'
        )
    yield catalogue.search_field("Zoek op gemeente")
    for (name, label, _), values in zip(_FACETS, codes, strict=True):
        yield catalogue.choice(name, label, values)
    yield "</form>"


def _stands(each: Municipal) -> str:
    if not each.beside or each.beside[0].reason:
        return "niet vergeleken"
    return _VERDICTS.get(each.beside[0].verdict, "niet vergeleken")


# --- one number -----------------------------------------------------------------------


def _panel(
    panel: Panel, title: str, number: int, codes: Codes, *, marked: bool
) -> Iterator[str]:
    rows = sorted(panel.municipalities, key=lambda each: each.name.casefold())
    counted = dutch.counted(len(rows), "gemeente", "gemeenten")
    name = escape(title)
    yield (
        f'<details class="naast" id="u{number + 1}"{" open" * (number == 0)}>'
        f"<summary><h2>{name}</h2> <small>{counted}</small></summary>"
    )
    yield from _how(panel, marked=marked)
    scale = _scale(rows)
    low, high = (formatted(each, panel.statistic) for each in scale)
    yield (
        f'<section class="scroll" aria-label="{name}" tabindex="0">\n'
        f'<table data-all="{counted}">\n<caption>{name}: {counted}</caption>\n'
        '<thead><tr><th scope="col" data-sort aria-sort="ascending">Gemeente</th>'
        '<th scope="col" data-sort>Grootte</th><th scope="col" data-sort>n</th>'
        '<th scope="col">Uitkomst</th><th scope="col">Marge en groep'
        f'<small class="as"><span>{low}</span> <span>{high}</span></small></th>'
        '<th scope="col">Naast de groep</th></tr></thead>\n<tbody>'
    )
    for each in rows:
        yield _row(each, codes, scale)
    yield "</tbody>\n</table>\n</section>"
    yield from _absent(panel)
    yield "</details>"


def _how(panel: Panel, *, marked: bool) -> Iterator[str]:
    """How it was measured: what makes these numbers one and the same."""
    told, parts = panel.told, []
    if told:
        mode = MODE.get(told["mode"], told["mode"])
        found = RECRUITMENT.get(told["recruitment"], told["recruitment"])
        parts.append(
            f"Vraag: “{told['question']}” ({told['answers']}). De uitkomst is het "
            f"{told['measure']}. De cijfers gaan over "
            f"{told.get('who', told['people'])}. De vragen zijn {mode} gesteld aan "
            f"{found}."
        )
    text = escape(" ".join(parts))
    if panel.source is not None:
        words, path = panel.source
        text += f' Uit het rapport <a href="{escape(path)}">{escape(words)}</a>.'
    if panel.synthetic and marked:
        text += f' <em class="mark">{SYNTHETIC}</em>'
    yield f'<p class="how">{text.strip()}</p>'


def _absent(panel: Panel) -> Iterator[str]:
    """Who is not in the list, by reason."""
    by_reason: dict[str, list[str]] = {}
    for name, why in panel.absent:
        by_reason.setdefault(why, []).append(name)
    for why, names in sorted(by_reason.items()):
        listed = dutch.listing(sorted(names, key=str.casefold))
        words = escape(f"Niet in deze lijst ({why}): {listed}.")
        yield f'<p class="how">{words}</p>'


def _row(each: Municipal, codes: Codes, scale: tuple[float, float]) -> str:
    outcome = each.outcome
    is_of = ".".join(
        values.get(of(each), "")
        for (_, _, of), values in zip(_FACETS, codes, strict=True)
    )
    size = dutch.SUPPRESSED if outcome.n is None else dutch.base(outcome.n)
    margin = escape(catalogue.unbroken(outcome.margin))
    beside = "".join(
        f"<small>{escape(group)}</small><p>{escape(verdict)}</p>"
        for group, verdict in (told(one, outcome.statistic) for one in each.beside)
    )
    mean = each.beside[0].mean if each.beside else None
    return (
        f'<tr data-f="{is_of}"><th scope="row">{_name(each)}</th>'
        f'<td data-k="{each.size_class}"><small>{SIZES.get(each.size_class, "")}'
        f"</small></td><td>{size}</td><td><b>{outcome.value}</b> "
        f"<small>{margin}</small></td><td>{_drawn(outcome, mean, scale)}</td>"
        f"<td>{beside}</td></tr>"
    )


def _name(each: Municipal) -> str:
    name = escape(each.name)
    if each.report:
        name = f'<a href="{escape(each.report)}">{name}</a>'
    if each.profile:
        name += f' <small><a href="{escape(each.profile)}">Profiel</a></small>'
    return name


def told(beside: Beside, statistic: str) -> tuple[str, str]:
    """``28 andere van deze grootte: gemiddeld 6,7``, and what the difference says."""
    group = dutch.capitalised(beside.group)
    if beside.mean is not None:
        count = "" if beside.others is None else f"{beside.others} "
        is_own = beside.group.startswith(OWN_SIZE)
        who = "van deze grootte" if is_own else f"({beside.group})"
        mean = formatted(beside.mean, statistic)
        group = f"{count}andere {who}: gemiddeld {mean}"
    if beside.reason:
        return group, dutch.capitalised(beside.reason)
    return group, dutch.capitalised(_verdict(beside, statistic))


def _verdict(beside: Beside, statistic: str) -> str:
    """``0,31 tot 0,72 hoger``, or that it is too close, and between what."""
    verdict = _VERDICTS.get(beside.verdict, "niet vergeleken")
    if beside.low is None or beside.high is None:
        return verdict
    low, high = (_difference(each, statistic) for each in (beside.low, beside.high))
    unit = f"{dutch.NBSP}procentpunt" if statistic == "share" else ""
    if beside.low < 0 < beside.high:
        return f"{verdict}: {low}{unit} lager tot {high}{unit} hoger"
    near, far = (low, high) if beside.low >= 0 else (high, low)
    return f"{near} tot {far}{unit} {verdict}"


def _difference(value: float, statistic: str) -> str:
    scaled = abs(value) * (100 if statistic == "share" else 1)
    return dutch.number(scaled, 1 if statistic == "share" else 2)


# --- the picture ----------------------------------------------------------------------


def _scale(rows: Sequence[Municipal]) -> tuple[float, float]:
    given = [
        value
        for each in rows
        for value in (each.outcome.estimate, each.outcome.low, each.outcome.high)
        if value is not None
    ]
    return (min(given), max(given)) if given else (0.0, 1.0)


def _drawn(outcome: Outcome, mean: float | None, scale: tuple[float, float]) -> str:
    """The number, its margin and the mean of its group, on one line for all.

    Every number in it stands as text in the same row, so it is hidden from who listens.
    """
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
    return (
        f'<svg viewBox="0 0 {_WIDTH} 28" aria-hidden="true">{tick}{limits}'
        f'<path class="p" d="{dot}"/>{hollow}</svg>'
    )
