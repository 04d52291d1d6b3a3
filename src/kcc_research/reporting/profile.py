"""One page about one municipality: its own numbers, its group, its service norms.

Its group never holds the municipality itself. With some thirty contacts a difference
is almost always within chance, and the page says so in every sentence; the observed
value always stands there, with its margin and number of contacts (DESIGN §8.11).
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.benchmark import EVERYONE, MUNICIPALITY
from kcc_research.estimation.municipal_values import CHOSEN_GROUP, group_members
from kcc_research.estimation.norm_coverage import NO_NORM, NOT_MEASURED, WHITE_SPOTS
from kcc_research.estimation.tables import FEWEST_FOR_A_TEST
from kcc_research.reporting import style
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.benchmark_figures import (
    HATCHED,
    annotate_right,
    draw_found,
    draw_many,
    draw_norm,
)
from kcc_research.reporting.benchmark_results import (
    difference_words,
    each_municipality,
    every_indicator,
    indicators_of,
    is_score,
    label,
    named,
    norms,
    own,
    printed,
    printed_interval,
    questionnaire_of,
    size_question,
)
from kcc_research.reporting.cells import DASH, MARGIN, SUPPRESSED_NOTE
from kcc_research.reporting.document import Figure
from kcc_research.reporting.figures import HEAD_HEIGHT, make_room
from kcc_research.reporting.records import Table
from kcc_research.reporting.result import Result, formatted, plain
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Study

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

REPORT_PAGE = "../report.html"
WHITE_WORDS = "witte vlek: "


@dataclass(frozen=True, slots=True)
class Standing:
    """One outcome of a municipality beside its group: the mean of the others."""

    name: str
    words: str
    value: Result
    group: str
    n_group: int | None
    group_mean: float | None
    low: float | None
    high: float | None
    verdict: str
    is_score: bool

    @property
    def difference(self) -> float | None:
        if self.value.estimate is None or self.group_mean is None:
            return None
        return self.value.estimate - self.group_mean


def profile_heading(study: Study, municipality: str) -> str:
    """The title of the page: which municipality, in which measurement."""
    name = named(study, municipality).name
    year = study.measurement.fieldwork.start.year
    return f"{name} in de burgerbenchmark {year}"


def standings(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame, code: str
) -> list[Standing]:
    """Every dimension with its outcomes under it, in declared order."""
    rows = comparisons[
        (comparisons["by"] == MUNICIPALITY)
        & (comparisons["group"] == code)
        & (comparisons["category"] == "")
    ]
    compared = {row["indicator"]: row for row in rows.to_dict("records")}
    names = [
        pair
        for dimension in study.measurement.dimension
        for pair in (
            (dimension.id, dimension.label),
            *((each.id, label(each)) for each in indicators_of(study, dimension)),
        )
    ]
    return [
        _standing(study, name, words, value, compared.get(name, {}))
        for name, words in names
        if (value := own(estimates, name, code)) is not None
    ]


def _standing(
    study: Study,
    name: str,
    words: str,
    value: Result,
    row: Mapping[str, object] | Mapping[object, object],
) -> Standing:
    found = {str(each): plain(content) for each, content in row.items()}
    difference = found.get("difference")
    mean = (
        None
        if difference is None or value.estimate is None
        else value.estimate - difference
    )
    number = found.get("n_reference")
    return Standing(
        name=name,
        words=words,
        value=value,
        group=str(found.get("reference") or ""),
        n_group=None if number is None else int(number),
        group_mean=mean,
        low=found.get("ci_low"),
        high=found.get("ci_high"),
        verdict=str(found.get("verdict") or ""),
        is_score=is_score(study, name),
    )


# --- words ----------------------------------------------------------------------------


def describe_profile(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame, code: str
) -> str:
    """Who this page is about, on how many contacts it rests, and who the group is."""
    found = standings(study, estimates, comparisons, code)
    name = named(study, code).name
    if not found or found[0].value.n is None:
        return f"Met {name} zijn te weinig contacten gemaakt om over te berichten."
    lines = [
        f"Onderzoekers namen **{found[0].value.answers} keer** als inwoner contact op "
        f"met {name}. Op deze pagina staat wat zij meemaakten, naast "
        f"**{_group_words(study, found[0])}**. {name} zelf telt in die groep niet mee. "
        "Hoe het onderzoek is gedaan, staat in het "
        f"[landelijke rapport]({REPORT_PAGE})."
    ]
    if any(each.value.is_indicative for each in found):
        lines.append(
            f"Cijfers op minder dan {FEWEST_FOR_A_TEST} contacten zijn een "
            "**voorbeeld**, geen oordeel. Andere contacten hadden een ander cijfer "
            "gegeven. Hoeveel anders, zegt de marge."
        )
    return "\n\n".join(lines)


def _group_words(study: Study, standing: Standing) -> str:
    """*12 andere gemeenten in Leerkring Dienstverlening*."""
    number = dutch.counted(standing.n_group or 0, "andere gemeente", "andere gemeenten")
    size = size_question(study)
    if standing.group.startswith(f"{CHOSEN_GROUP} "):
        chosen = standing.group.removeprefix(f"{CHOSEN_GROUP} ")
        return f"{number} uit de zelfgekozen groep {chosen}"
    if size is not None and standing.group.startswith(f"{size.id} "):
        return f"{number} met {standing.group.removeprefix(f'{size.id} ')} inwoners"
    return f"{number}: {standing.group or EVERYONE}"


def describe_standing(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame, code: str
) -> str:
    """The score of every dimension beside the group, never more sure than it is."""
    found = standings(study, estimates, comparisons, code)
    return "\n".join(
        f"- **{each.words}**: {_standing_words(study, each)}"
        for each in found
        if each.is_score
    )


def _standing_words(study: Study, each: Standing) -> str:
    if each.value.estimate is None:
        return "te weinig contacten om te publiceren."
    text = (
        f"{printed(study, each.value)} van de 100 punten "
        f"({MARGIN} {printed_interval(study, each.value)})"
    )
    if each.group_mean is None or each.low is None or each.high is None:
        return f"{text}."
    group = formatted_like(study, each.name, each.group_mean)
    text += f"; de groep heeft gemiddeld {group}. "
    if each.verdict in ("higher", "lower"):
        word = {"higher": "hoger", "lower": "lager"}[each.verdict]
        size = difference_words(study, each.name, each.difference or 0)
        return f"{text}Dat is {size} {word} dan de groep."
    return f"{text}We zien geen duidelijk verschil: {_span(study, each)}."


def _span(study: Study, each: Standing) -> str:
    """*het ligt waarschijnlijk tussen 14 punten lager en 8 punten hoger*."""
    low, high = (
        f"{difference_words(study, each.name, limit)} "
        f"{'lager' if limit < 0 else 'hoger'}"
        for limit in (each.low or 0, each.high or 0)
    )
    return f"het ligt waarschijnlijk tussen {low} en {high}"


def formatted_like(study: Study, name: str, value: float) -> str:
    """A number in the form of the values of an indicator or score."""
    if is_score(study, name):
        return dutch.number(value)
    return formatted(value, questionnaire_of(study).indicators[name].statistic)


def describe_own_norms(study: Study, verdicts: pd.DataFrame, code: str) -> str:
    """How many norms the municipality has and measures, and which are white spots."""
    found = norms(verdicts, code)
    if not found:
        return "Van deze gemeente is geen servicekader onderzocht."
    kinds = [str(row["verdict"]) for row in found.values()]
    none, unmeasured = kinds.count(NO_NORM), kinds.count(NOT_MEASURED)
    covered = len(kinds) - none - unmeasured
    name = named(study, code).name
    return (
        f"{name} kan voor {len(kinds)} uitkomsten een norm hebben. Bij **{covered}** "
        f"is er een norm die de gemeente zelf meet. De andere {none + unmeasured} zijn "
        f"**witte vlekken**: {none} keer is er geen norm, {unmeasured} keer is er wel "
        "een norm maar meet de gemeente niet of zij die haalt."
    )


# --- tables ---------------------------------------------------------------------------


def tabulate_standing(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame, code: str
) -> Table | Absent:
    """Every outcome: own value with margin and contacts, and the mean of the group."""
    found = standings(study, estimates, comparisons, code)
    if not found:
        return Absent("Deze gemeente is in deze meting niet gemeten.")
    hidden = any(each.value.status == "suppressed" for each in found)
    return Table(
        id="tabel-profiel",
        caption=f"Uitkomsten van {named(study, code).name} naast haar groep",
        columns=("Uitkomst", "Eigen cijfer", MARGIN, "Contacten", "Groep", "Verschil"),
        rows=tuple(
            (
                f"{each.words}, score (0–100)" if each.is_score else each.words,
                printed(study, each.value),
                printed_interval(study, each.value) or DASH,
                each.value.answers,
                _mean_cell(study, each),
                _difference_cell(study, each),
            )
            for each in found
        ),
        note=" ".join(
            [
                *([SUPPRESSED_NOTE] if hidden else []),
                f"Groep: {_group_words(study, found[0])}, elk even zwaar. Een verschil "
                "is pas duidelijk als er ‘hoger’ of ‘lager’ bij staat.",
            ]
        ),
    )


def _mean_cell(study: Study, each: Standing) -> str:
    if each.group_mean is None:
        return DASH
    return formatted_like(study, each.name, each.group_mean)


def _difference_cell(study: Study, each: Standing) -> str:
    if each.difference is None:
        return DASH
    sign = dutch.MINUS if each.difference < 0 else "+"
    size = difference_words(study, each.name, each.difference)
    word = {"higher": " ▲ hoger", "lower": " ▼ lager"}.get(each.verdict, "")
    return f"{sign}{size}{word}"


def tabulate_own_norms(
    study: Study, estimates: pd.DataFrame, verdicts: pd.DataFrame, code: str
) -> Table | Absent:
    """The service norms of a municipality, with every white spot in words."""
    found = norms(verdicts, code)
    if not found:
        return Absent("Van deze gemeente is geen servicekader onderzocht.")
    rows = []
    for indicator in every_indicator(study):
        row = found.get(indicator.id)
        if row is not None:
            value = own(estimates, indicator.id, code)
            rows.append(
                (
                    label(indicator),
                    _norm_cell(indicator, row),
                    _measured_cell(row),
                    printed(study, value),
                    printed_interval(study, value) or DASH,
                    _judged_cell(row),
                )
            )
    return Table(
        id="tabel-servicekader",
        caption=f"Servicekader van {named(study, code).name}",
        columns=("Uitkomst", "Norm", "Gemeten", "Wij vonden", MARGIN, "Oordeel"),
        rows=tuple(rows),
        note=(
            "Gemeten: of de gemeente zelf meet of zij de norm haalt. Oordeel: ons "
            "cijfer met zijn marge tegen de norm."
        ),
    )


def _norm_cell(indicator: Indicator, row: Mapping[str, object]) -> str:
    level = plain(row["norm"])
    return (
        WHITE_SPOTS[NO_NORM] if level is None else formatted(level, indicator.statistic)
    )


def _measured_cell(row: Mapping[str, object]) -> str:
    if row["verdict"] == NO_NORM:
        return "n.v.t."
    return "niet gemeten" if row["verdict"] == NOT_MEASURED else "ja"


VERDICTS: Mapping[str, str] = {
    "met": "gehaald",
    "not_met": "niet gehaald",
    "undecided": "te dichtbij om te zeggen",
    NO_NORM: "witte vlek",
    NOT_MEASURED: "witte vlek",
}


def _judged_cell(row: Mapping[str, object]) -> str:
    return VERDICTS[str(row["verdict"])]


# --- figures --------------------------------------------------------------------------


def plot_profile(
    study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame, code: str
) -> Figure | Absent:
    """Scores of a municipality with margins, over those of the others in its group."""
    table = tabulate_standing(study, estimates, comparisons, code)
    found = [
        each
        for each in standings(study, estimates, comparisons, code)
        if each.value.estimate is not None
        and (each.is_score or each.value.statistic == "share")
    ]
    if isinstance(table, Absent) or not found:
        return Absent("Deze gemeente is in deze meting niet gemeten.")
    others = {each.name: _others(study, estimates, each, code) for each in found}
    name = named(study, code).name
    said = dutch.listing(
        f"{each.words.lower()} {printed(study, each.value)}, groep "
        f"{_mean_cell(study, each)}"
        for each in found
        if each.is_score
    )
    return Figure(
        id="profiel",
        caption=(
            f"{name} (stip, met 95%-marge) naast {_group_words(study, found[0])}: elk "
            "streepje is een andere gemeente, de ruit is hun gemiddelde"
        ),
        alt=(
            "Puntenplot met scores en percentages van 0 tot 100, en daarachter de "
            f"andere gemeenten van de groep. {dutch.capitalised(said)}."
        ),
        image=_draw_profile(study, found, others),
        data=table,
        synthetic=study.measurement.synthetic,
    )


def _others(
    study: Study, estimates: pd.DataFrame, each: Standing, code: str
) -> list[float]:
    members = group_members(study, each.group) - {code}
    values = each_municipality(study, estimates, each.name)
    return [
        row.estimate
        for gm, row in values.items()
        if gm in members and row.estimate is not None
    ]


def _draw_profile(
    study: Study, found: Sequence[Standing], others: Mapping[str, list[float]]
) -> matplotlib.figure.Figure:
    import matplotlib.pyplot as plt

    places = _profile_places(found)
    names = [textwrap.fill(each.words, 34) for each in found]
    with style.apply():
        height = HEAD_HEIGHT + 0.42 * places[-1] + 0.4
        figure, axes = plt.subplots(figsize=(style.WIDTH, height))
        for place, each in zip(places, found, strict=True):
            scale = 1.0 if each.is_score else 100.0
            _draw_standing(axes, place, each, others[each.name], scale)
            annotate_right(axes, place, printed(study, each.value))
        axes.set_xlim(0, 100)
        axes.set_ylim(places[-1] + 0.7, -0.8)
        axes.set_yticks(places, labels=names)
        for tick, each in zip(axes.get_yticklabels(), found, strict=True):
            tick.set_fontweight("bold" if each.is_score else "normal")
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("Score (0–100, vet) of percentage van de contacten")
        make_room(figure, names, ["100%"])
    return figure


def _profile_places(found: Sequence[Standing]) -> list[float]:
    """Rows from the top down; a dimension begins a little lower."""
    places: list[float] = []
    at = 0.0
    for number, each in enumerate(found):
        at += 0.5 if each.is_score and number else 0.0
        places.append(at)
        at += 1.0
    return places


def _draw_standing(
    axes: matplotlib.axes.Axes,
    place: float,
    each: Standing,
    others: Sequence[float],
    scale: float,
) -> None:
    draw_many(
        axes,
        [scale * value for value in others],
        [place] * len(others),
        (0.0, 0.42),
        color=style.SKY,
        linewidth=0.8,
        cap="butt",
    )
    if each.group_mean is not None:
        axes.plot(
            scale * each.group_mean,
            place,
            "D",
            color=style.ORANGE,
            markerfacecolor="white",
            markeredgewidth=1.6,
            markersize=6.5,
            zorder=3,
        )
    if each.value.ci_low is not None and each.value.ci_high is not None:
        axes.plot(
            [scale * each.value.ci_low, scale * each.value.ci_high],
            [place, place],
            color=style.BLUE,
            linewidth=2.2,
            solid_capstyle="butt",
            zorder=2,
        )
    axes.plot(
        scale * (each.value.estimate or 0),
        place,
        "o",
        color=style.BLUE,
        markersize=8.5 if each.is_score else 7,
        zorder=4,
    )


def plot_own_norms(
    study: Study, estimates: pd.DataFrame, verdicts: pd.DataFrame, code: str
) -> Figure | Absent:
    """The own rows of the coverage matrix, with norm and what was found."""
    table = tabulate_own_norms(study, estimates, verdicts, code)
    if isinstance(table, Absent):
        return table
    found = norms(verdicts, code)
    rows = [
        (indicator, found[indicator.id], own(estimates, indicator.id, code))
        for indicator in every_indicator(study)
        if indicator.id in found and indicator.statistic == "share"
    ]
    name = named(study, code).name
    said = dutch.listing(
        f"{label(indicator).lower()}: {_row_words(indicator, row)}"
        for indicator, row, _ in rows
    )
    return Figure(
        id="servicekader",
        caption=(
            f"Servicekader van {name}: norm (ruit) en wat wij vonden (stip, met "
            "95%-marge). Een gestreepte of lege rij is een witte vlek"
        ),
        alt=f"Per uitkomst de norm en wat is gevonden. {dutch.capitalised(said)}.",
        image=_draw_own_norms(rows),
        data=table,
        synthetic=study.measurement.synthetic,
    )


OwnNorm = tuple[Indicator, Mapping[str, object], "Result | None"]


def _row_words(indicator: Indicator, row: Mapping[str, object]) -> str:
    """*norm 90%*, with the kind of white spot where it is one."""
    if row["verdict"] == NO_NORM:
        return f"{WHITE_WORDS}{WHITE_SPOTS[NO_NORM]}"
    if row["verdict"] == NOT_MEASURED:
        return f"{WHITE_WORDS}{WHITE_SPOTS[NOT_MEASURED]}"
    return f"norm {_norm_cell(indicator, row)}, gemeten"


def _draw_own_norms(rows: Sequence[OwnNorm]) -> matplotlib.figure.Figure:
    import matplotlib.pyplot as plt

    names = [label(indicator) for indicator, _, _ in rows]
    remarks = [_row_words(indicator, row) for indicator, row, _ in rows]
    with style.apply():
        height = HEAD_HEIGHT + 0.46 * len(rows)
        figure, axes = plt.subplots(figsize=(style.WIDTH, height))
        for place, (indicator, row, value) in enumerate(rows):
            _white_band(axes, place, str(row["verdict"]))
            level = plain(row["norm"])
            if value is not None and value.estimate is not None:
                draw_found(axes, place, value)
            if level is not None:
                draw_norm(axes, place, level, formatted(level, indicator.statistic))
            annotate_right(axes, place, remarks[place])
        axes.set_xlim(0, 1.04)
        axes.xaxis.set_major_formatter(style.DutchPercentFormatter())
        axes.set_xlabel("Aandeel van de contacten")
        axes.set_yticks(range(len(names)), labels=names)
        axes.set_ylim(len(names) - 0.45, -0.7)
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        make_room(figure, names, remarks)
    return figure


def _white_band(axes: matplotlib.axes.Axes, place: float, verdict: str) -> None:
    """The ground of a white spot: hatched where not measured, outlined without norm."""
    if verdict not in (NO_NORM, NOT_MEASURED):
        return
    axes.barh(
        place,
        1.04,
        height=0.8,
        color="none",
        edgecolor=HATCHED,
        hatch="///" if verdict == NOT_MEASURED else None,
        linestyle="-" if verdict == NOT_MEASURED else (0, (4, 3)),
        linewidth=1.0,
        zorder=0,
    )
