"""An SPSS file as the mould of another: names, labels, formats, declared missings.

The official template of the Burgerpeiling is the user's own; nothing of it is kept
here. What the library that writes .sav cannot carry over is looked for afterwards, in
the written file itself, and told: a delivery is never silently less than its mould.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from kcc_research.errors import DataError, problem
from kcc_research.microdata.sav_reading import read_stored

_ROLES = b"$@Role"
_LOOKED_AT: tuple[tuple[str, str], ...] = (
    ("label", "column_names_to_labels"),
    ("waardelabels", "variable_value_labels"),
    ("notatie", "original_variable_types"),
    ("ontbrekende waarden", "missing_ranges"),
    ("meetniveau", "variable_measure"),
    ("kolombreedte", "variable_display_width"),
)


@dataclass(frozen=True)
class SavTemplate:
    """The dictionary of a .sav; ``has_roles``: it says which variable is a target."""

    file: str
    meta: Any = field(repr=False)
    has_roles: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.meta.column_names)

    @property
    def labels(self) -> Mapping[str, str]:
        return dict(self.meta.column_names_to_labels)

    def value_labels(self, name: str) -> Mapping[Any, str]:
        return dict(self.meta.variable_value_labels.get(name, {}))

    def is_text(self, name: str) -> bool:
        return str(self.meta.original_variable_types[name]).startswith("A")

    def declares_missing(self, name: str, number: float) -> bool:
        ranges = self.meta.missing_ranges.get(name, ())
        numeric = (e for e in ranges if not isinstance(e["lo"], str))
        return any(each["lo"] <= number <= each["hi"] for each in numeric)


@dataclass(frozen=True, slots=True)
class Unwritten:
    """Something of the template that the written file has not, or has otherwise."""

    variable: str
    what: str
    template: str
    written: str


def read_template(path: Path) -> SavTemplate:
    """Read the dictionary of ``path``; :class:`DataError` (D040b, D040d) if it cannot.

    Rows of the template, if it has any, are not looked at.
    """
    try:
        data = path.read_bytes()
    except OSError:
        raise DataError(problem("KCC-D040b", file=path.name)) from None
    _, meta = read_stored(data, path.name, metadataonly=True)
    return SavTemplate(path.name, meta, _ROLES in data)


def write_like(
    template: SavTemplate, rows: pd.DataFrame, target: Path, label: str = ""
) -> None:
    """Write ``rows`` to ``target`` with everything of the template that can be written.

    ``rows`` has the columns of the template, in its order. ``label`` replaces the
    label of the file.
    """
    meta = template.meta
    pyreadstat.write_sav(
        rows,
        target,
        file_label=label or meta.file_label or "",
        column_labels=meta.column_names_to_labels,
        note=meta.notes or None,
        variable_value_labels=meta.variable_value_labels,
        missing_ranges=meta.missing_ranges,
        variable_display_width=meta.variable_display_width,
        variable_measure=meta.variable_measure,
        variable_format=meta.original_variable_types,
    )


def unwritten(template: SavTemplate, path: Path) -> list[Unwritten]:
    """What of the template is not, or differently, in the file that was written."""
    written = read_template(path)
    return [*_differences(template, written), *_never_written(template, written)]


def _differences(template: SavTemplate, written: SavTemplate) -> Iterator[Unwritten]:
    for what, attribute in _LOOKED_AT:
        wanted = getattr(template.meta, attribute)
        found = getattr(written.meta, attribute)
        for name in template.names:
            one, other = wanted.get(name), found.get(name)
            if (one or None) != (other or None):
                yield Unwritten(name, what, str(one or ""), str(other or ""))


def _never_written(template: SavTemplate, written: SavTemplate) -> Iterator[Unwritten]:
    wanted, found = template.meta.variable_alignment, written.meta.variable_alignment
    turned = [name for name in template.names if wanted.get(name) != found.get(name)]
    if turned:
        yield Unwritten("", "uitlijning", f"{len(turned)} kolommen", "rechts")
    for name, answers in template.meta.mr_sets.items():
        parts = ", ".join(answers["variable_list"])
        yield Unwritten(f"${name}", "meervoudige-antwoordset", parts, "")
    if template.has_roles:
        yield Unwritten("", "rollen van variabelen", "opgegeven", "")
