import pytest

from kcc_research.estimation.group_comparison import compare_breakdowns
from kcc_research.estimation.indicators import estimate_indicators
from kcc_research.estimation.study_design import study_design
from kcc_research.estimation.tables import COMPARISON_COLUMNS

AGES = {"leeftijd": {"jong": 700.0, "oud": 300.0}}


@pytest.fixture
def compared(make_study, make_responses):
    def of(rows=240, **changes):
        study = make_study(**changes)
        design = study_design(study, "algemeen", make_responses(rows))
        found = compare_breakdowns(study, "algemeen", design)
        return found, estimate_indicators(study, "algemeen", design)

    return of


def test_differences_are_those_of_the_estimates(compared):
    found, estimates = compared(margins=AGES)
    groups = estimates[
        (estimates["indicator"] == "tevreden") & (estimates["by"] == "kanaal")
    ].set_index("group")["estimate"]
    rows = found[found["indicator"] == "tevreden"]
    assert len(rows) == 3
    for row in rows.itertuples():
        expected = groups[row.group] - groups[row.reference]
        assert row.difference == pytest.approx(expected)


def test_families_are_named_and_distributions_left_out(compared):
    found, _ = compared(breakdowns=("kanaal", "leeftijd"))
    assert tuple(found.columns) == COMPARISON_COLUMNS
    assert set(found["indicator"]) == {"rapportcijfer", "tevreden"}
    assert set(found["family"]) == {
        f"groups: algemeen, {indicator} naar {by}"
        for indicator in ("rapportcijfer", "tevreden")
        for by in ("kanaal", "leeftijd")
    }
    assert (found["status"] == "published").all()


def test_only_the_target_is_compared(compared):
    found, estimates = compared(breakdowns=("leeftijd",), target="had_contact")
    young = estimates[
        (estimates["indicator"] == "tevreden") & (estimates["group"] == "jong")
    ]
    row = found[found["indicator"] == "tevreden"].iloc[0]
    assert row["n_reference"] == young["n"].iloc[0]


def test_small_groups_are_not_tested(compared):
    found, _ = compared(rows=60)
    assert found["p_value"].isna().all()
    assert found["reason"].str.startswith("te weinig antwoorden").all()


@pytest.mark.parametrize(
    "changes", [{"recruitment": "self-selected"}, {"breakdowns": ()}]
)
def test_nothing_to_compare_is_an_empty_table(compared, changes):
    found, _ = compared(**changes)
    assert len(found) == 0
    assert tuple(found.columns) == COMPARISON_COLUMNS
