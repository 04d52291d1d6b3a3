"""What a report holds: read from a notebook once, rendered by both exporters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kcc_research.errors import OutputError, Problem
from kcc_research.reporting.markdown import Node
from kcc_research.reporting.records import Picture, Quote, Table, Title


@dataclass(frozen=True)
class Text:
    """Running text: blocks in reading order, headings with their ids."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class NumberedTable:
    """A table with its place in the count; key figures have none (0)."""

    table: Table
    number: int

    @property
    def caption(self) -> str:
        number = f"Tabel {self.number}. " if self.number else ""
        return number + self.table.caption


@dataclass(frozen=True)
class NumberedFigure:
    """A figure with its place in the count and its drawing."""

    picture: Picture
    number: int
    svg: str

    @property
    def caption(self) -> str:
        return f"Figuur {self.number}. {self.picture.caption}"

    @property
    def data_caption(self) -> str:
        return f"Gegevens bij figuur {self.number}. {self.picture.data.caption}"


@dataclass(frozen=True)
class Stray:
    """What does not belong in a report, as far as a draft can show it.

    ``image`` is a data URI or empty.
    """

    text: str
    image: str = ""


Content = Text | NumberedTable | NumberedFigure | Quote | Stray


@dataclass(frozen=True)
class Part:
    """One piece of the report, with the place and the name of the cell that made it.

    ``new_page``: on paper it opens a page (the cell has the tag *nieuwe-pagina*).
    """

    position: int
    cell: str
    content: Content
    new_page: bool = False


@dataclass(frozen=True)
class Report:
    """A whole report, with everything that keeps it from being published."""

    title: Title
    parts: tuple[Part, ...]
    problems: tuple[Problem, ...]

    def __deepcopy__(self, memo: dict[int, object]) -> Report:
        """Itself: nothing in it can change, and nbconvert copies what it is given."""
        return self

    def of(self, position: int) -> list[Content]:
        """What one cell, counted from 0, adds to the report."""
        return [part.content for part in self.parts if part.position == position]

    @property
    def contents(self) -> Iterator[Content]:
        return (part.content for part in self.parts)

    @property
    def headings(self) -> list[Node]:
        return [
            node
            for content in self.contents
            if isinstance(content, Text)
            for node in content.nodes
            if node.kind == "heading"
        ]

    @property
    def chapters(self) -> list[Node]:
        return [each for each in self.headings if each.level == 2]

    @property
    def figures(self) -> list[NumberedFigure]:
        return [each for each in self.contents if isinstance(each, NumberedFigure)]

    @property
    def tables(self) -> list[NumberedTable]:
        """Tables shown as a grid; key figures are not among them."""
        shown = (each for each in self.contents if isinstance(each, NumberedTable))
        return [each for each in shown if each.table.layout == "table"]

    @property
    def key_figures(self) -> list[NumberedTable]:
        shown = (each for each in self.contents if isinstance(each, NumberedTable))
        return [each for each in shown if each.table.layout == "key_figures"]

    @property
    def quotes(self) -> list[Quote]:
        return [each for each in self.contents if isinstance(each, Quote)]

    def count(self, kind: str) -> int:
        """How many nodes of a kind (table, quotation) its running text holds."""
        texts = (each for each in self.contents if isinstance(each, Text))
        nodes = (
            node for text in texts for block in text.nodes for node in block.walk()
        )
        return sum(node.kind == kind for node in nodes)

    def ready(self, *, draft: bool) -> Report:
        """The report as it may be shown: faultless, or a draft that says it is one.

        Raises OutputError with every problem when it is not a draft.
        """
        if draft:
            return Report(self.title.as_draft(), self.parts, self.problems)
        if self.problems:
            raise OutputError(self.problems)
        return self
