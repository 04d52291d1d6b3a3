"""Chapters that a study declares itself: themes of its questions, its dimensions.

A notebook names no theme: it asks for the list and shows every part alike. What is to
be said of one theme in one study stands in ``texts/<theme>.md``, above its figures.
"""

from __future__ import annotations

import pandas as pd

from kcc_research import dutch
from kcc_research.reporting.account_texts import author_text
from kcc_research.reporting.result import theme_of
from kcc_research.study.measurement import Study
from kcc_research.study.text_slots import slot_of


def list_item_themes(study: Study) -> list[str]:
    """Themes of questions with an outcome, as the questionnaires come to them.

    Without those of :func:`list_compared_themes`, which have a chapter already.
    """
    compared = list_compared_themes(study)
    return [each for each in _themes(study) if each not in compared]


def list_compared_themes(study: Study) -> list[str]:
    """Themes of the outcomes by which groups are compared (``[[ratio]]``)."""
    ratios = [
        (source.id, ratio.indicator)
        for source in study.surveys
        for ratio in study.questionnaires[source.id].ratio
    ]
    found = (theme_of(study, source, indicator) for source, indicator in ratios)
    return list(dict.fromkeys(each for each in found if each))


def _themes(study: Study) -> list[str]:
    found = (
        theme_of(study, source.id, each.id)
        for source in study.surveys
        for each in study.questionnaires[source.id].indicator
    )
    return list(dict.fromkeys(each for each in found if each))


def list_dimensions(study: Study) -> list[str]:
    """Ids of the dimensions of a benchmark, as declared."""
    return [each.id for each in study.measurement.dimension]


def open_chapter(
    study: Study, estimates: pd.DataFrame, name: str, *, level: int = 2
) -> str:
    """The heading of a theme or dimension and, where there is one, the author's text.

    The text of *visie en beleid* is ``texts/visie-en-beleid.md``.
    """
    labels = {each.id: each.label for each in study.measurement.dimension}
    heading = f"{'#' * level} {dutch.capitalised(labels.get(name, name))}"
    words = author_text(study, slot_of(name), estimates, heading=False)
    return f"{heading}\n\n{words}".strip()
