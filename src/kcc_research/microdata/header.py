"""The header row against the questionnaire: every declared column, once."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kcc_research.errors import Problem, problem
from kcc_research.microdata.raw_table import column_name, shown_names


@dataclass(frozen=True, slots=True)
class Header:
    """The names in the header row and the columns that the questionnaire declares."""

    row: int
    names: tuple[str, ...]
    declared: tuple[str, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def present(self) -> Mapping[str, int]:
        """Declared column → its first position, in the order of the questionnaire."""
        first = {name: at for at, name in reversed(list(enumerate(self.names)))}
        return {
            name: first[column_name(name)]
            for name in self.declared
            if column_name(name) in first
        }

    @property
    def is_found(self) -> bool:
        """Whether most of what is declared stands here: else it may be no header."""
        return 2 * len(self.present) >= len(self.declared)

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(name for name in self.declared if name not in self.present)

    @property
    def undeclared(self) -> tuple[str, ...]:
        """Names of the columns that are dropped; a column without a name goes too."""
        known = {column_name(name) for name in self.declared}
        return tuple(name for name in self.names if name not in known)


def column_problems(
    header: Header, rows: Sequence[tuple[int, Sequence[str]]], file: str
) -> list[Problem]:
    """What is wrong with the header; ``rows`` are the first rows of the file.

    When a later row holds every declared column, the header simply stands lower.
    """
    lower = _better_row(header, rows)
    if header.missing and lower:
        return [problem("KCC-D031", file=file, row=header.row, found=lower)]
    problems = [_missing(header, name, file) for name in header.missing]
    if len(problems) > 5 or (problems and not header.present):
        problems = [_all_missing(header, file)]
    return [*problems, *_duplicates(header, file), *_dropped(header, file)]


def _better_row(header: Header, rows: Sequence[tuple[int, Sequence[str]]]) -> int:
    for row, names in rows:
        if row != header.row and {column_name(n) for n in header.declared} <= set(
            names
        ):
            return row
    return 0


def _missing(header: Header, name: str, file: str) -> Problem:
    near = closest(name, header.undeclared)
    return problem(
        "KCC-D014",
        file=file,
        row=header.row,
        column=name,
        hint=f"Bedoelt de vragenlijst '{near}'? " if near else "",
        found=shown_names(header.undeclared, of_header=header.is_found),
    )


def _all_missing(header: Header, file: str) -> Problem:
    return problem(
        "KCC-D014",
        file=file,
        row=header.row,
        column=", ".join(header.missing),
        hint="",
        found=shown_names(header.names, of_header=header.is_found),
    )


def _duplicates(header: Header, file: str) -> list[Problem]:
    """Declared names that occur twice; of undeclared ones nothing is read."""
    found = []
    for name in header.declared:
        at = [
            i
            for i, each in enumerate(header.names, start=1)
            if each == column_name(name)
        ]
        if len(at) > 1:
            places = " en ".join(str(each) for each in at)
            found.append(
                problem(
                    "KCC-D030",
                    file=file,
                    row=header.row,
                    column=name,
                    places=places,
                )
            )
    return found


def _dropped(header: Header, file: str) -> list[Problem]:
    if not header.undeclared or not header.present:
        return []
    names = shown_names(header.undeclared, of_header=header.is_found)
    count = len(header.undeclared)
    return [problem("KCC-P001", file=file, row=header.row, column=names, count=count)]


def closest(name: str, candidates: Sequence[str]) -> str:
    """The candidate most like ``name``, ignoring case; empty when none is near."""
    folded = {each.casefold().strip(): each for each in candidates}
    near = difflib.get_close_matches(name.casefold().strip(), list(folded), n=1)
    return folded[near[0]] if near else ""
