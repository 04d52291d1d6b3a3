"""Which words of respondents leave the project: ticked, screened and unchanged.

The gate is a person, who read the words and ticked them in quotes.toml (TRUST-Q5). Here
every decision is held against the fragments as they are now: the words must be those
that were read, without personal data, said by somebody who is one of at least ten that
the description fits (TRUST-D14). One that fails refuses them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from kcc_research.errors import PrivacyError, Problem, problem
from kcc_research.microdata.header import closest
from kcc_research.study.coding_scheme import (
    FRAGMENT,
    PERSON,
    QUOTATION,
    ROLE,
    SOURCE,
    THEME,
    CodingScheme,
)
from kcc_research.study.measurement import Study
from kcc_research.study.quote_decision import QuoteDecision, fingerprint

QUOTES_FILE = "quotes.toml"
COUNTS = "telt"

Remarks = Mapping[str, pd.DataFrame]
"""Source → its coded fragments, as cleaning made them."""


class Quotation(NamedTuple):
    """Words that may be printed, and who said them in at most two broad words."""

    id: str
    source: str
    theme: str
    speaker: str
    text: str


def choose_quotes(study: Study, remarks: Remarks) -> tuple[Quotation, ...]:
    """The ticked quotations, by theme in the order of the coding scheme.

    Raises :class:`PrivacyError` with every decision that does not hold: a fragment that
    is not there or may not be quoted, words that changed since they were read, a
    speaker who is described wrongly or too narrowly.
    """
    file = f"studies/{study.key}/{QUOTES_FILE}"
    found: list[tuple[int, Quotation]] = []
    problems: list[Problem] = []
    for number, decision in enumerate(study.quotes, start=1):
        wrong = list(_problems(study, remarks, decision, file))
        problems += wrong
        if not wrong:
            rows = _of_fragment(remarks[decision.source], decision)
            scheme = study.schemes[decision.source]
            theme = _theme(scheme, decision, rows)
            quotation = Quotation(
                id=f"citaat-{number}",
                source=decision.source,
                theme=theme,
                speaker=", ".join(decision.speaker),
                text=str(rows[QUOTATION].iloc[0]),
            )
            found.append((scheme.labels.index(theme), quotation))
    if problems:
        raise PrivacyError(problems)
    return tuple(each for _, each in sorted(found, key=lambda pair: pair[0]))


def _of_fragment(rows: pd.DataFrame, decision: QuoteDecision) -> pd.DataFrame:
    return rows[(rows[FRAGMENT] == decision.fragment) & rows[COUNTS]]


def _problems(
    study: Study, remarks: Remarks, decision: QuoteDecision, file: str
) -> Iterator[Problem]:
    place = {"file": file, "column": decision.source, "value": decision.fragment}
    if study.measurement.sources[decision.source].confidential:
        yield problem("KCC-Q005g", **place)
        return
    if decision.source not in remarks:
        yield problem("KCC-Q005a", **place)
        return
    everyone = remarks[decision.source]
    rows = _of_fragment(everyone, decision)
    if rows.empty:
        near = closest(decision.fragment, list(everyone[FRAGMENT].unique()))
        hint = f"Bedoelde u '{near}'? " if near else ""
        yield problem("KCC-Q005", **place, hint=hint)
        return
    yield from _word_problems(rows, decision, place)
    yield from _speaker_problems(study, everyone, rows, decision, place)
    if _theme(study.schemes[decision.source], decision, rows) == "":
        yield problem("KCC-Q005f", **place, theme=decision.theme or "")


Place = dict[str, str]


def _word_problems(
    rows: pd.DataFrame, decision: QuoteDecision, place: Place
) -> Iterator[Problem]:
    words = rows[QUOTATION].iloc[0]
    if pd.isna(words):
        yield problem("KCC-Q005b", **place)
    elif fingerprint(words) != decision.fingerprint:
        yield problem("KCC-Q005c", **place, found=fingerprint(words))


def _speaker_problems(
    study: Study,
    everyone: pd.DataFrame,
    rows: pd.DataFrame,
    decision: QuoteDecision,
    place: Place,
) -> Iterator[Problem]:
    scheme = study.schemes[decision.source]
    fits = pd.Series(True, index=everyone.index)
    for word in decision.speaker:
        if word == scheme.person:
            continue
        described = (everyone[ROLE] == word) | (everyone[SOURCE] == word)
        if not described[rows.index].all():
            yield problem("KCC-Q005d", **place, speaker=word)
        fits &= described
    alike = everyone.loc[fits & everyone[COUNTS], PERSON].nunique()
    least = study.measurement.disclosure.minimum_base
    if alike < least:
        said = ", ".join(decision.speaker)
        yield problem("KCC-Q005e", **place, speaker=said, least=least)


def _theme(scheme: CodingScheme, decision: QuoteDecision, rows: pd.DataFrame) -> str:
    """The theme the words stand under: the one decided, or the first of the scheme.

    Empty where the fragment does not have it.
    """
    themes = set(rows[THEME].dropna())
    labels = [
        theme.label
        for theme in scheme.theme
        if theme.label in themes and decision.theme in (None, theme.id)
    ]
    return labels[0] if labels else ""
