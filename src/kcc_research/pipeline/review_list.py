"""citaten-<bron>.csv: the words that may be quoted, for a person to read (TRUST-Q5).

A file of its own among the processed answers: private, made anew by each cleaning, and
deleted by ``kcc purge``. No notebook shows it, for executed notebooks are kept. The
decision goes in quotes.toml, by fragment and fingerprint, without the words (P8).
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

from kcc_research import dutch
from kcc_research.microdata.cleaning import Cleaned
from kcc_research.microdata.remarks import review_quotes
from kcc_research.reporting.open_data import safe_text

# A double click in a Dutch Excel then shows columns, and é as é.
_DELIMITER, _ENCODING = ";", "utf-8-sig"


@dataclass(frozen=True, slots=True)
class ReviewList:
    """The file, and how many quotations are in it; shown without any of its words."""

    name: str
    count: int
    content: bytes = field(repr=False)

    def __str__(self) -> str:
        words = dutch.counted(self.count, "citaat", "citaten")
        return f"{self.name}: {words} om te lezen"


def of(cleaned: Cleaned, source: str) -> ReviewList:
    """The list of one source of remarks, safe in a spreadsheet."""
    found = review_quotes(cleaned)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=_DELIMITER, lineterminator="\r\n")
    writer.writerow(found.columns)
    for row in found.astype(object).where(found.notna(), "").itertuples(index=False):
        writer.writerow([safe_text(str(cell)) for cell in row])
    content = text.getvalue().encode(_ENCODING)
    return ReviewList(f"citaten-{source}.csv", len(found), content)
