"""Figures: finished estimates drawn, with words for who cannot see them."""

import pytest

from kcc_research.reporting import drawing, figures
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.records import faults
from tests.unit.reporting.report_rows import (
    EARLIER,
    WAVE,
    Wave,
    closed,
    comparison,
    comparisons,
    estimate,
    estimates,
    noordwijk,
    share,
    suppressed,
)

STUDY = noordwijk()
GRADE = {"indicator": "rapportcijfer", "statistic": "mean"}
BROKEN = comparisons(closed(**GRADE))


def channel(group, value, **given):
    return estimate(
        source="contactmoment",
        by="kanaal",
        group=group,
        estimate=value,
        ci_low=value - 0.3,
        ci_high=value + 0.3,
        **given,
    )


CHANNELS = estimates(
    channel("telefoon", 7.0),
    channel("balie", 7.2, n=17, status="indicative"),
    suppressed(source="contactmoment", by="kanaal", group="fixi"),
)
CLASSES = estimates(
    *(
        share(indicator="cijferklassen", category=label, estimate=value, count=90)
        for label, value in (("1–5", 0.25), ("6", 0.75))
    )
)
ASPECTS = estimates(
    estimate(indicator="flexibel_score", estimate=3.0, ci_low=2.9, ci_high=3.1),
    share(indicator="flexibel_oneens", estimate=0.33),
    estimate(indicator="vriendelijk_score", estimate=3.9, ci_low=3.8, ci_high=4.0),
)
THEMES = estimates(
    share(indicator="thema", category="wachttijd en snelheid", estimate=0.18, count=39),
    share(indicator="thema", category="bejegening", estimate=0.06, count=12),
)


@pytest.mark.parametrize(
    "made",
    [
        lambda: figures.plot_distribution(STUDY, CLASSES),
        lambda: figures.plot_groups(STUDY, CHANNELS, "channel"),
        lambda: figures.plot_aspects(STUDY, ASPECTS),
        lambda: figures.plot_themes(STUDY, THEMES),
        lambda: figures.plot_trend(STUDY, estimates(estimate()), BROKEN, [WAVE]),
    ],
    ids=["distribution", "groups", "aspects", "themes", "trend"],
)
def test_every_figure_is_complete_and_marked_as_invented(made):
    figure = made()
    assert faults(figure.data) == []
    assert len(figure.alt) > 40
    assert figure.synthetic
    bundle = drawing.draw(figure.image, synthetic=figure.synthetic)
    assert 'id="kcc-synthetic"' in bundle["image/svg+xml"]


def test_the_alt_text_says_the_main_numbers():
    figure = figures.plot_groups(STUDY, CHANNELS, "channel")
    assert "telefoon 7,0 (6,7–7,3)" in figure.alt


def test_a_suppressed_group_is_not_drawn_nor_spoken():
    figure = figures.plot_groups(STUDY, CHANNELS, "channel")
    labels = [text.get_text() for text in figure.image.axes[0].get_yticklabels()]
    assert labels == ["Telefoon", "Balie"]
    assert "fixi" not in figure.alt.lower()
    assert ("fixi", "x", "–", "x") == {r[0]: r for r in figure.data.rows}["fixi"]


def test_a_broken_trend_has_no_line_between_its_waves():
    figure = figures.plot_trend(STUDY, estimates(estimate()), BROKEN, [WAVE])
    crossing = [
        line
        for axes in figure.image.axes
        for line in axes.get_lines()
        if sorted(set(line.get_xdata())) == [0, 1]
        and min(line.get_ydata()) > 1  # the break itself runs from 0 to 1 of the axis
    ]
    assert crossing == []
    words = [text.get_text() for text in figure.image.axes[0].texts]
    assert "trendbreuk" in words
    assert "trendbreuk" in figure.alt


def test_comparable_waves_are_joined():
    compared = comparisons(comparison(**GRADE, verdict="not_shown"))
    figure = figures.plot_trend(STUDY, estimates(estimate()), compared, [WAVE])
    joined = [
        line
        for line in figure.image.axes[0].get_lines()
        if list(line.get_xdata()) == [0, 1]
    ]
    assert len(joined) == 1
    assert "trendbreuk" not in figure.alt


def test_a_small_change_is_not_blown_up_by_a_short_axis():
    figure = figures.plot_trend(STUDY, estimates(estimate()), BROKEN, [WAVE])
    low, high = figure.image.axes[0].get_ylim()
    assert high - low >= 2


def test_a_routed_breakdown_has_no_line_of_people_who_were_not_asked():
    """In 2022 everybody gave a grade, and only who had contact named a channel."""
    study = noordwijk("gm0575-noordwijk/2022-klantbeleving")
    rows = estimates(
        estimate(estimate=6.4, n=412),
        estimate(by="domein", group="had_contact", estimate=6.1, n=311),
        estimate(by="kanaal", group="balie", estimate=6.9, n=90),
    )
    figure = figures.plot_groups(study, rows, "channel")
    words = [text.get_text() for text in figure.image.axes[0].texts]
    assert "totaal 6,1" in words
    assert "Contact in het afgelopen jaar: ja" in figure.caption


def test_what_is_not_there_is_said():
    assert isinstance(
        figures.plot_trend(STUDY, estimates(estimate()), comparisons(), []), Absent
    )
    assert isinstance(figures.plot_themes(STUDY, estimates(estimate())), Absent)
    questionnaires = {
        name: each.model_copy(
            update={
                "question": tuple(
                    question.model_copy(update={"role": None})
                    for question in each.question
                )
            }
        )
        for name, each in STUDY.questionnaires.items()
    }
    plain = STUDY.model_copy(update={"questionnaires": questionnaires})
    found = figures.plot_groups(plain, CHANNELS, "channel")
    assert found == Absent(
        "In deze meting is niet uitgesplitst naar het kanaal van het contact."
    )


@pytest.mark.parametrize(("count", "stacked"), [(3, False), (4, True)])
def test_many_measurements_get_the_width_of_the_page(count, stacked):
    waves = [
        Wave(EARLIER, estimate(estimate=6.4), share(estimate=0.97, ci_high=0.99))
        for _ in range(count - 1)
    ]
    rows = estimates(estimate(), share(estimate=0.98, ci_high=0.99))
    figure = figures.plot_trend(STUDY, rows, comparisons(), waves)

    grade, satisfied = figure.image.axes
    below = satisfied.get_position().y1 < grade.get_position().y0
    assert bool(below) is stacked
    assert satisfied.get_ylim()[1] <= figures.FULL
