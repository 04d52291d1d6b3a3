"""Cross tables: two shares of the same respondents, held against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kcc_research.study.indicator import Indicator
from kcc_research.study.model import Definition, Fault, Identifier, Text


class CrossTable(Definition):
    """Who reaches one indicator, the other, both or neither (a 2×2 table).

    ``rows`` and ``columns`` name indicators that are shares; ``row_label`` and
    ``column_label`` are their names in the table. Only who answered both counts.
    """

    id: Identifier
    label: Text
    rows: Identifier
    columns: Identifier
    row_label: Text
    column_label: Text

    def cell(self, *, row: bool, column: bool) -> str:
        """The name of one cell: *visie en normen*, *alleen visie*, *geen van beide*."""
        first, second = self.row_label.lower(), self.column_label.lower()
        if row and column:
            return f"{first} en {second}"
        if row or column:
            return f"alleen {first if row else second}"
        return "geen van beide"

    @property
    def cells(self) -> tuple[str, ...]:
        """Both, the first only, the second only, neither."""
        return tuple(
            self.cell(row=row, column=column)
            for row in (True, False)
            for column in (True, False)
        )


def cross_faults(
    tables: Iterable[CrossTable], indicators: Iterable[Indicator]
) -> Iterator[Fault]:
    """Cross tables of what is no share of this questionnaire."""
    shares = {each.id for each in indicators if each.statistic == "share"}
    for index, table in enumerate(tables):
        for key in ("rows", "columns"):
            name = getattr(table, key)
            if name not in shares:
                text = f"'{name}' is geen indicator met statistic = \"share\""
                yield ("cross", index, key), text
