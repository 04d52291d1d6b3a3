"""Funnel, coverage and norms drawn: what the tables hold, in fills that grey keeps."""

import matplotlib
import numpy as np
import pytest

from kcc_research.reporting import benchmark_figures as figures
from kcc_research.reporting import benchmark_tables as tables
from kcc_research.reporting.absent import Absent
from tests.benchmark_study import benchmark_study, published_benchmark

matplotlib.use("agg")


@pytest.fixture
def study():
    return benchmark_study().study


@pytest.fixture
def estimates():
    return published_benchmark().estimates


@pytest.fixture(autouse=True)
def closed():
    yield
    matplotlib.pyplot.close("all")


def test_every_municipality_is_a_dot_in_the_funnel(study, estimates):
    figure = figures.plot_funnel(study, estimates, "informatievoorziening")
    (axes,) = figure.image.axes
    dots = axes.get_lines()[-1].get_xdata()
    assert np.isnan(dots).sum() == 342
    counted = [int(row[1]) for row in figure.data.rows]
    assert sum(counted) == 342
    assert "Trechterfiguur" in figure.alt


def test_equal_dots_lie_side_by_side():
    xs, ys = figures._side_by_side([(20, 0.5), (20, 0.5), (21, 0.5)])
    assert ys == [0.5, 0.5, 0.5]
    assert xs[0] < 20 < xs[1]
    assert xs[2] == 21


def test_three_parts_that_can_be_told_apart_without_colour(study, estimates):
    figure = figures.plot_coverage(study, estimates)
    (axes,) = figure.image.axes
    looks = {(each.get_facecolor(), each.get_hatch()) for each in axes.patches}
    assert len(looks) == 3
    assert len(axes.patches) == 30
    widths = [each.get_width() for each in axes.patches[:3]]
    assert sum(widths) == pytest.approx(1)


def test_the_matrix_has_a_cell_per_norm_and_size_class(study, estimates):
    figure = figures.plot_coverage_matrix(study, estimates)
    (axes,) = figure.image.axes
    assert len(axes.patches) == 10 * 5 * 3
    words = [each.get_text() for each in axes.texts if "wit" in each.get_text()]
    assert len(words) == 50
    assert "97% wit" in words
    cell = figure.data.rows[0][1]
    assert cell.count("/") == 2


def test_norm_and_value_with_their_margin(study, estimates):
    figure = figures.plot_realisation(study, estimates)
    table = tables.tabulate_realisation(study, estimates)
    assert len(table.rows) == 10
    (axes,) = figure.image.axes
    assert len(axes.get_yticks()) == 9  # the grade has another scale
    assert "rapportcijfer" in figure.caption
    for row in table.rows:
        assert sum(int(each) for each in row[-3:]) == int(row[1])


def test_without_a_scan_there_is_nothing_to_draw(study, estimates):
    sources = [each for each in study.measurement.source if each.kind == "mystery"]
    measurement = study.measurement.model_copy(update={"source": tuple(sources)})
    alone = study.model_copy(update={"measurement": measurement})
    rows = estimates[estimates["source"] == "contacten"]
    rows = rows[~rows["category"].isin(["norm", "gerealiseerd"])]
    assert isinstance(figures.plot_coverage(alone, rows), Absent)
    assert isinstance(figures.plot_realisation(alone, rows), Absent)


def test_scores_and_sizes_in_tables(study, estimates):
    scores = tables.tabulate_scores(study, estimates)
    assert [row[0] for row in scores.rows] == [
        "Bereikbaarheid",
        "Informatievoorziening",
        "Dienstverlening",
    ]
    assert all(row[1].endswith(" van 100") for row in scores.rows)
    table = tables.tabulate_dimension(study, estimates, "bereikbaarheid")
    assert len(table.columns) == 2 + 4
    assert "70, 181, 59 en 32" in table.note
    design = dict(tables.tabulate_benchmark_design(study, estimates).rows)
    assert design["Welke gemeenten"] == "alle 342 gemeenten"
    assert "4.104 per telefoon" in design["Contacten"]
