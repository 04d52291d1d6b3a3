"""One row of the estimates table, as it is printed."""

import pytest

from kcc_research.reporting.result import (
    find,
    find_all,
    headline,
    judged_by,
    question_with_role,
    with_role,
)
from tests.unit.reporting.report_rows import (
    estimate,
    estimates,
    noordwijk,
    share,
    suppressed,
)


def only(row):
    return find(estimates(row), indicator=str(row["indicator"]))


def test_a_mean_is_printed_with_one_decimal_and_its_interval():
    result = only(estimate())
    assert (result.value, result.interval, result.answers) == ("6,6", "6,4–6,8", "353")


def test_a_share_is_printed_whole():
    result = only(share())
    assert (result.value, result.interval) == ("61%", "56–66%")


def test_a_tie_rounds_half_up():
    assert only(estimate(estimate=6.65)).value == "6,7"
    assert only(share(estimate=0.605)).value == "61%"


def test_a_suppressed_result_prints_x_and_no_number():
    result = only(suppressed())
    assert (result.value, result.answers, result.interval) == ("x", "x", "")
    assert not result.is_shown
    assert result.margin is None


def test_what_was_not_measured_is_not_a_suppression():
    result = only(suppressed(status="not_measured"))
    assert result.value == "n.b."


def test_the_margin_is_the_larger_half_of_the_interval():
    result = only(estimate(estimate=6.5, ci_low=6.2, ci_high=6.7))
    assert result.margin == pytest.approx(0.3)


def test_without_an_interval_there_is_no_margin():
    result = only(estimate(ci_low=None, ci_high=None))
    assert (result.interval, result.margin, result.has_interval) == ("", None, False)


def test_find_gives_the_total_unless_a_group_is_asked():
    rows = estimates(estimate(), estimate(by="kanaal", group="balie", estimate=7.2))
    assert find(rows, indicator="rapportcijfer").value == "6,6"
    asked = find(rows, indicator="rapportcijfer", by="kanaal", group="balie")
    assert asked.value == "7,2"


def test_find_gives_nothing_for_what_is_not_there():
    assert find(estimates(estimate()), indicator="tevreden") is None


def test_find_refuses_to_choose_between_two():
    with pytest.raises(LookupError, match="2 estimates"):
        find(estimates(estimate(), estimate()), indicator="rapportcijfer")


def test_find_all_keeps_the_order_of_the_table():
    rows = estimates(share(category="b"), share(category="a"))
    assert [row.category for row in find_all(rows, indicator="tevreden")] == ["b", "a"]


def test_the_headline_is_the_first_declared():
    source, indicator = headline(noordwijk())
    assert (source.id, indicator.id) == ("algemeen", "rapportcijfer")


def test_roles_are_found_over_all_sources():
    found = [
        (source.id, each.id) for source, each in with_role(noordwijk(), "headline")
    ]
    assert found == [("algemeen", "rapportcijfer"), ("contactmoment", "rapportcijfer")]


def test_channels_come_from_the_source_that_declares_them():
    source, question = question_with_role(noordwijk(), "channel")
    assert (source.id, question.id) == ("contactmoment", "kanaal")


def test_services_are_compared_by_their_own_grade_where_there_is_one():
    study = noordwijk()
    general = study.measurement.sources["algemeen"]
    assert judged_by(study, general, "channel").role == "headline"
    assert judged_by(study, general, "service").role in ("service", "headline")
