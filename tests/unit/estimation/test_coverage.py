"""A short look at the coverage of our intervals, with fixed seeds.

The whole simulation, over more strata, sizes and samples, is ``make bench
GROUP=coverage``; its tables stand in docs/methods/coverage.md.
"""

import pytest

from tests.bench.coverage import mean_coverage, share_coverage

SHORT = {"populations": 5, "samples": 600}


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("strata", [5, 40])
def test_satterthwaite_covers_where_others_fail(strata, weighted):
    table = mean_coverage(strata, weighted, 10, **SHORT).set_index("rule")
    assert 93 <= table.loc["satterthwaite", "covers"] <= 97.5
    assert table.loc["satterthwaite", "none"] < 8
    assert table.loc["full", "covers"] < 93
    if strata == 40:
        assert table.loc["domain", "none"] > 40


@pytest.mark.parametrize("weighted", [False, True])
def test_korn_graubard_covers_rare_answers_where_wilson_fails(weighted):
    table = share_coverage(0.05, weighted, 28, **SHORT).set_index("method")
    assert table.loc["beta", "covers"] >= 94
    assert table.loc["beta", "width"] > table.loc["wilson_neff", "width"]
