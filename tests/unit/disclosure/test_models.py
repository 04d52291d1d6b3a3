"""Model output (TRUST-D11): a regression with too few people to spare."""

import pytest

from kcc_research.disclosure import models
from kcc_research.disclosure.models import is_modelled, thin_models
from kcc_research.disclosure.policy import DisclosurePolicy
from kcc_research.disclosure.protection import protect
from kcc_research.estimation.tables import empty_comparisons, empty_verdicts
from tests.unit.disclosure.result_rows import (
    comparison,
    comparisons,
    estimate,
    estimates,
)

POLICY = DisclosurePolicy()
ASPECTS = tuple(f"aspect_{number}" for number in range(20))


def modelled(n, make=estimate):
    """Twenty aspects of one outcome: twenty-one parameters with the constant."""
    sizes = (n,) if make is estimate else (n, n)
    return [
        make(*sizes, indicator=each, statistic="ratio", category="belang", by="totaal")
        for each in ASPECTS
    ]


@pytest.mark.parametrize(("n", "expected"), [(30, True), (31, False), (0, False)])
def test_ten_degrees_of_freedom_are_left(n, expected):
    rows = estimates(*modelled(n))
    assert set(thin_models(rows, POLICY)) == {expected}


def test_what_is_explained_goes_along_and_a_mean_does_not():
    rows = estimates(
        *modelled(30),
        estimate(30, statistic="ratio", category="verklaard"),
        estimate(30, statistic="ratio", category="hangt samen met aspect_1"),
        estimate(30),
    )
    assert thin_models(rows, POLICY).tolist()[-3:] == [True, True, False]


def test_sides_of_the_matrix_go_along(study):
    rows, sides = estimates(*modelled(30)), comparisons(*modelled(30, comparison))
    safe = protect(study, rows, sides, empty_verdicts())
    assert set(safe.estimates["status"]) == {"suppressed"}
    assert set(safe.comparisons["verdict"]) == {"not_shown"}
    assert safe.comparisons["difference"].isna().all()


def test_the_scores_of_the_aspects_stay(study):
    rows = estimates(*modelled(30), estimate(30, indicator="aspect_1", by="totaal"))
    waves = comparison(30, 300, indicator="aspect_1", by="totaal")
    safe = protect(study, rows, comparisons(waves), empty_verdicts())
    assert safe.estimates["status"].tolist()[-1] == "published"
    assert safe.comparisons["difference"].tolist() == [0.5]


def test_a_measurement_asks_for_more():
    rows = estimates(*modelled(40))
    assert thin_models(rows, DisclosurePolicy(model_df=20)).all()


def test_nothing_else_that_is_modelled_can_be_published():
    """Importance is the one regression; a new one has to be named in ``models``."""
    from tests.workspaces import REPOSITORY

    folder = REPOSITORY / "src" / "kcc_research"
    users = {
        path.stem
        for path in folder.rglob("*.py")
        if "import regression\n" in path.read_text("utf-8")
        or "estimation.regression import regression" in path.read_text("utf-8")
        or "estimation.importance import" in path.read_text("utf-8")
    }
    assert users == {"priority"}
    assert not is_modelled(estimates(estimate(30))).any()
    assert empty_comparisons().empty
    assert set(models.MODELLED) == {
        "belang",
        "correlatie",
        "verklaard",
        "gemiddeld belang",
    }
