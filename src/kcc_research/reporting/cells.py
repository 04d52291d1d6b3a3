"""Cells and notes of tables: how a result is printed, and the legend of its marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kcc_research import dutch
from kcc_research.reporting.records import Table
from kcc_research.reporting.result import (
    Result,
)
from kcc_research.study.text_slots import slot_of

SUPPRESSED_NOTE = "x: te weinig antwoorden, niet gepubliceerd."


INDICATIVE_NOTE = "*: weinig antwoorden, lees als voorbeeld."


ROUNDING_NOTE = "Door afronding tellen percentages niet altijd op tot 100%."


DASH = "–"


MARGIN = "95%-marge"


NOT_KNOWN = "n.b."


def shown(result: Result | None) -> str:
    """The value with its mark: ``6,6``, ``6,6*``, ``x``, or a dash where none is."""
    if result is None:
        return DASH
    return result.value + ("*" if result.is_indicative and result.is_shown else "")


def notes(results: Iterable[Result | None], *extra: str) -> str:
    """The legend of the marks that occur in a table, and no others."""
    present = [result for result in results if result is not None]
    legend = [each for each in extra if each]
    if any(result.status == "suppressed" for result in present):
        legend.append(SUPPRESSED_NOTE)
    if any(result.is_indicative for result in present):
        legend.append(INDICATIVE_NOTE)
    return " ".join(legend)


def rounding_note(results: Sequence[Result]) -> str:
    """The rounding sentence, and only when it is true (DOMAIN-D37)."""
    shares = [result.estimate for result in results if result.estimate is not None]
    whole = sum(shares)
    printed = sum(dutch.rounded(share * 100) for share in shares)
    is_complete = bool(shares) and abs(whole - 1) < 1e-9
    return ROUNDING_NOTE if is_complete and printed != 100 else ""


def captioned(what: str, who: str) -> str:
    return f"{dutch.capitalised(what)}: {who}"


def with_margins(
    *,
    id: str,  # noqa: A002
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    note: str = "",
) -> Table:
    """A table whose column of margins is there only when there are margins."""
    empty = {
        place
        for place, name in enumerate(columns)
        if name.startswith(MARGIN) and not any(row[place] for row in rows)
    }

    def kept(cells: Sequence[str]) -> tuple[str, ...]:
        return tuple(cell for place, cell in enumerate(cells) if place not in empty)

    return Table(
        id=id,
        caption=caption,
        columns=kept(columns),
        rows=tuple(tuple(cell or DASH for cell in kept(row)) for row in rows),
        note=note,
    )


def count_cell(row: Result) -> str:
    return dutch.SUPPRESSED if row.count is None else dutch.number(row.count)


def with_interval(result: Result | None) -> str:
    """``7,0 (6,7–7,2)``, where there is an interval."""
    if result is None or not result.interval:
        return shown(result)
    return f"{shown(result)} ({result.interval})"


def base_cell(result: Result | None) -> str:
    return DASH if result is None else result.answers


def size_cell(n: int | None) -> str:
    return dutch.SUPPRESSED if n is None else dutch.number(n)


def exact_number(value: float) -> str:
    """A declared bound with the decimals it was declared with: 0,5 or 120."""
    return dutch.number(value, 0 if value == int(value) else 1)


def identifier(words: str) -> str:
    """A name as part of an HTML id."""
    return slot_of(words) or "x"
