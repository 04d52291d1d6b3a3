"""How to refer to a released report: for people, and as a Citation File (CFF 1.2.0).

The format is that of https://citation-file-format.github.io: the tables are a data set,
and the report is the citation that is preferred.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

FILE = "CITATION.cff"
KEYWORDS = ("dienstverlening", "gemeente", "klantbeleving", "onderzoek")

_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")


@dataclass(frozen=True, slots=True)
class Citation:
    """What a reference to a report needs; ``license`` is a SPDX name where it has one.

    ``author`` made the report, ``institution`` had it made and publishes it. ``dated``
    is the day that the report itself bears, ``released`` that of its release.
    """

    author: str
    institution: str
    title: str
    version: int
    dated: date
    released: date
    license: str

    def readable(self) -> str:
        """``Bureau X (2024). Titel (versie 1). Gemeente Y.``"""
        last = "" if self.author == self.institution else f" {self.institution}."
        year = self.dated.year
        return f"{self.author} ({year}). {self.title} (versie {self.version}).{last}"

    def cff(self) -> bytes:
        """The Citation File; strings are JSON, which YAML reads."""
        return ("\n".join(self._lines()) + "\n").encode()

    def _lines(self) -> Iterator[str]:
        yield "cff-version: 1.2.0"
        yield f"message: {_text('Verwijs naar dit rapport zoals hieronder staat.')}"
        yield "type: dataset"
        yield from self._shared("")
        yield f"version: {_text(str(self.version))}"
        yield f"date-released: {_text(self.released.isoformat())}"
        if _SPDX.fullmatch(self.license):
            yield f"license: {self.license}"
        yield "keywords:"
        yield from (f"  - {each}" for each in KEYWORDS)
        yield "preferred-citation:"
        yield "  type: report"
        yield from self._shared("  ")
        yield f"  version: {_text(str(self.version))}"
        yield f"  year: {self.dated.year}"
        yield f"  month: {self.dated.month}"
        yield "  institution:"
        yield f"    name: {_text(self.institution)}"

    def _shared(self, indent: str) -> Iterator[str]:
        yield f"{indent}title: {_text(self.title)}"
        yield f"{indent}authors:"
        yield f"{indent}  - name: {_text(self.author)}"


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
