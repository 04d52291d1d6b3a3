"""Margins: the composition of the population, one count per category of a question."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path

from kcc_research import dutch
from kcc_research.errors import Problem, problem
from kcc_research.study.definition_file import (
    DefinitionFile,
    read_text,
    unknown_name,
)
from kcc_research.study.questionnaire import Question, Questionnaire

HEADER = ["variable", "category", "count"]
# Counts of one population by two variables may differ a little, by the date of the
# source or by rounding; more means that two populations were mixed.
MAX_SPREAD = 0.01

Margins = dict[str, dict[str, float]]
_COUNT = re.compile(r"[1-9][0-9]*")


def read_margins(
    path: Path, name: str, questionnaire: Questionnaire
) -> tuple[Margins, list[Problem]]:
    """Read ``variable,category,count`` and hold it against the questionnaire.

    Returns variable → category → count, in the order of the questionnaire's
    categories. ``name`` is how messages call the file.
    """
    text, unread = read_text(path, name)
    if unread:
        return {}, unread
    rows = list(csv.reader(io.StringIO(text), strict=False))
    if not rows or rows[0] != HEADER:
        value = ",".join(rows[0]) if rows else ""
        return {}, [problem("KCC-C004e", file=name, row=1, value=value)]
    margins, twice, problems = _counts(rows, name)
    if problems:
        return {}, problems
    for variable, counts in margins.items():
        question = questionnaire.questions.get(variable)
        if question is None or question.type != "choice":
            problems.append(_no_such_question(name, variable, questionnaire))
        else:
            problems += _category_problems(name, question, counts, twice[variable])
    if not problems:
        problems += _total_problems(name, margins)
    return _in_order(margins, questionnaire), problems


def _counts(
    rows: list[list[str]], name: str
) -> tuple[Margins, dict[str, Counter[str]], list[Problem]]:
    margins: Margins = {}
    times: dict[str, Counter[str]] = {}
    problems = []
    for number, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        if len(row) != len(HEADER) or not _COUNT.fullmatch(row[2].strip()):
            value = ",".join(row)
            problems.append(problem("KCC-C004f", file=name, row=number, value=value))
            continue
        variable, category, count = (each.strip() for each in row)
        margins.setdefault(variable, {})[category] = float(count)
        times.setdefault(variable, Counter())[category] += 1
    return margins, times, problems


def _no_such_question(
    name: str, variable: str, questionnaire: Questionnaire
) -> Problem:
    choices = [each.id for each in questionnaire.question if each.type == "choice"]
    what = "keuzevraag in de vragenlijst"
    return unknown_name(DefinitionFile(name, {}), (variable,), variable, choices, what)


def _category_problems(
    name: str, question: Question, counts: dict[str, float], times: Counter[str]
) -> list[Problem]:
    missing = [each for each in question.categories if each not in counts]
    unknown = [each for each in counts if each not in question.categories]
    twice = [category for category, number in times.items() if number > 1]
    words = [
        f"{label}: {dutch.listing(found)}"
        for label, found in (
            ("Ontbreekt", missing),
            ("Onbekend", unknown),
            ("Dubbel", twice),
        )
        if found
    ]
    if not words:
        return []
    return [
        problem("KCC-C004g", file=name, column=question.id, difference=". ".join(words))
    ]


def _total_problems(name: str, margins: Margins) -> list[Problem]:
    totals = {variable: sum(counts.values()) for variable, counts in margins.items()}
    if not totals or max(totals.values()) <= min(totals.values()) * (1 + MAX_SPREAD):
        return []
    words = dutch.listing(
        f"{variable} {dutch.number(total)}" for variable, total in totals.items()
    )
    return [problem("KCC-C004h", file=name, totals=words)]


def _in_order(margins: Margins, questionnaire: Questionnaire) -> Margins:
    ordered: Margins = {}
    for variable, counts in margins.items():
        question = questionnaire.questions.get(variable)
        order = question.categories if question else tuple(counts)
        ordered[variable] = {each: counts[each] for each in order if each in counts}
    return ordered
