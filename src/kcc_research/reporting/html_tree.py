"""A page as a browser takes it in: its tree, and what is wrong with its form.

What a browser would drop or move when it mends a page is an error of form (KCC-O066a),
so a tree without such errors is the page as it was written.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from xml.etree.ElementTree import Comment, Element

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True)
class Tree:
    """``root`` is the element html; ``errors`` are html5lib's names, each once."""

    root: Element
    errors: tuple[str, ...]

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """Every element, in the order of the page; comments are none."""
        return tuple(each for each in self.root.iter() if isinstance(each.tag, str))

    @cached_property
    def _parents(self) -> dict[Element, Element]:
        return {child: parent for parent in self.root.iter() for child in parent}

    def first(self, name: str) -> Element | None:
        """The first element of that name."""
        return next(self.root.iter(name), None)

    def around(self, tag: Element, name: str) -> Element | None:
        """The nearest element of that name that ``tag`` stands in."""
        outer = self._parents.get(tag)
        while outer is not None and outer.tag != name:
            outer = self._parents.get(outer)
        return outer

    def inside(
        self, outer: str, inner: str, within: Element | None = None
    ) -> list[Element]:
        """Every ``inner`` in an ``outer``, of the page or of a part of it."""
        every = (self.root if within is None else within).iter(inner)
        return [each for each in every if self.around(each, outer) is not None]


@lru_cache(maxsize=2)
def parsed(html: str) -> Tree:
    """The page as a tree, for reading only: who asks next gets the same one."""
    import html5lib

    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        root = parser.parse(html)
    for comment in root.iter(Comment):
        comment.text = ""  # nobody sees it
    return Tree(root, tuple(dict.fromkeys(name for _, name, _ in parser.errors)))


def words(tag: Element) -> str:
    """All text in an element, pieces and white space apart by one space."""
    return spaced(" ".join(tag.itertext()))


def spaced(text: str) -> str:
    """``text`` with one space for all white space in a row."""
    return " ".join(text.split())


def of_class(tags: Iterable[Element], name: str) -> Iterator[Element]:
    """Those of the elements that have the class ``name``."""
    return (each for each in tags if name in each.get("class", "").split())
