"""How wide the columns of a table on paper are, from what stands in them.

A browser does this by itself; typst gives a free column what the others leave, which
is nothing beside a column of sentences. Widths are counted in characters.
"""

from __future__ import annotations

from dataclasses import dataclass

from kcc_research.reporting.records import Table

PAGE = 90  # characters of a table across an A4 page, cell padding included
PADDING = 4
BOLD = 0.15  # by so much is a bold word wider
SHORT = 16  # cells up to this, as *2.487 van 3.182*, are not broken when that fits
WIDEST = 60  # a longer cell wraps in any case


@dataclass(frozen=True, slots=True)
class Widths:
    """``shares`` of the table's own width; ``page``: how much of the page it takes.

    Without shares the first column takes what the others leave.
    """

    shares: tuple[int, ...]
    page: int


def column_widths(table: Table) -> Widths:
    """Room for every cell on one line where that fits; else for every whole word."""
    heads = (head + " " * round(len(head) * BOLD) for head in table.columns)
    columns = list(zip(heads, *table.rows, strict=True))
    natural = [max(map(len, cells)) + PADDING for cells in columns]
    wanted = sum(natural)
    if wanted <= PAGE:
        # The eye must not have to travel far from a name to its number.
        return Widths(
            (), next(page for page in (55, 78, 100) if wanted <= PAGE * page / 100)
        )
    least = [_least(cells) for cells in columns]
    if sum(least) > PAGE:
        least = [max(map(_longest_word, cells)) + PADDING for cells in columns]
    spare = max(PAGE - sum(least), 0)
    wish = [
        max(min(full, WIDEST) - needed, 0)
        for full, needed in zip(natural, least, strict=True)
    ]
    given = [
        needed + round(spare * each / max(sum(wish), 1))
        for needed, each in zip(least, wish, strict=True)
    ]
    return Widths(tuple(given), 100)


def _least(cells: tuple[str, ...]) -> int:
    """Room for every whole word; for a number and its unit, on one line."""
    head, *body = cells
    whole = max(map(len, body), default=0)
    if whole > SHORT:
        whole = max(map(_longest_word, body))
    return max(_longest_word(head), whole) + PADDING


def _longest_word(cell: str) -> int:
    head = cell.rstrip(" ")
    longest = max(map(len, head.split()), default=0)
    return round(longest * (1 + BOLD)) if head != cell else longest
