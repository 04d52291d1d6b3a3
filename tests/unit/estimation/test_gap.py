import dataclasses

import numpy as np
import pandas as pd
import pytest

from kcc_research.estimation.design import survey_design
from kcc_research.estimation.gap import GAP, compare_gaps, estimate_gaps, gap
from kcc_research.estimation.tables import COMPARISON_COLUMNS

PAIRS = {
    "snelheid": ("ervaren_snelheid", "verwacht_snelheid"),
    "bejegening": ("ervaren_bejegening", "verwacht_bejegening"),
}


def respondents(rows=100):
    """Speed falls one point short; treatment is as expected."""
    draws = np.random.default_rng(3)
    level = draws.normal(size=rows)
    noise = draws.normal(scale=0.3, size=(rows, 4))
    frame = pd.DataFrame(
        {
            "verwacht_snelheid": 4 + level + noise[:, 0],
            "ervaren_snelheid": 3 + level + noise[:, 1],
            "verwacht_bejegening": 4 + level + noise[:, 2],
            "ervaren_bejegening": 4 + level + noise[:, 3],
        }
    )
    return frame.assign(N=400)


def test_only_who_answered_both_counts():
    data = pd.DataFrame({"ervaren": [3.0, 5, np.nan], "verwacht": [4.0, np.nan, 5]})
    found = gap(survey_design(data), "ervaren", "verwacht")
    assert (found.value[0], found.n[0]) == (-1, 1)


def test_the_margin_is_that_of_the_difference_per_person():
    data = respondents()
    found = gap(survey_design(data), *PAIRS["snelheid"])
    difference = data["ervaren_snelheid"] - data["verwacht_snelheid"]
    assert found.value[0] == pytest.approx(difference.mean())
    assert found.std_error[0] == pytest.approx(difference.std() / 10)
    # As a difference of two independent means it would be far less precise.
    separate = np.hypot(*(data[each].std() / 10 for each in PAIRS["snelheid"]))
    assert found.std_error[0] < separate / 2


def test_rows_per_theme_and_group():
    data = respondents().assign(wijk=["a", "b"] * 50)
    found = estimate_gaps(survey_design(data), PAIRS, by=["wijk"])
    assert set(found["statistic"]) == {GAP}
    assert found["indicator"].tolist() == ["snelheid", "bejegening"] * 3
    assert found["group"].tolist() == ["totaal"] * 2 + ["a"] * 2 + ["b"] * 2


class TestAgainstZero:
    def test_the_family_is_named_and_adjusted(self):
        found = compare_gaps(survey_design(respondents()), PAIRS)
        assert tuple(found.columns) == COMPARISON_COLUMNS
        assert found["verdict"].tolist() == ["lower", "not_shown"]
        assert found["p_adjusted"].iloc[0] == pytest.approx(
            2 * found["p_value"].iloc[0]
        )
        assert found["family"].str.startswith("gap").all()

    def test_the_finite_population_correction_is_off(self):
        corrected = survey_design(respondents(), population="N")
        pd.testing.assert_frame_equal(
            compare_gaps(corrected, PAIRS),
            compare_gaps(corrected.without_fpc, PAIRS),
        )
        assert corrected.has_fpc

    def test_fewer_than_thirty_pairs_get_no_test(self):
        found = compare_gaps(survey_design(respondents(20)), PAIRS)
        assert set(found["verdict"]) == {"not_shown"}
        assert found["p_value"].isna().all()
        assert found["reason"].str.contains("te weinig").all()

    def test_no_themes_no_rows(self):
        assert compare_gaps(survey_design(respondents()), {}).empty


def test_row_order_and_the_scale_of_weights_do_not_matter():
    data = respondents().assign(w=np.linspace(1, 3, 100))
    design = survey_design(data, weights="w")
    turned = survey_design(data[::-1].reset_index(drop=True), weights="w")
    larger = dataclasses.replace(design, weights=design.weights * 7)
    expected = estimate_gaps(design, PAIRS)
    for other in (turned, larger):
        pd.testing.assert_frame_equal(estimate_gaps(other, PAIRS), expected)
