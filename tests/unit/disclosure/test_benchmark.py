"""Few contacts with a municipality: its number goes, its white spot stays."""

import pandas as pd

from kcc_research.disclosure import protect
from tests.benchmark_study import benchmark_study, published_benchmark

INDICATOR = "in_een_keer"


def few():
    """Municipalities with fewer than ten contacts behind one indicator."""
    found = benchmark_study().measured
    return found[(found["indicator"] == INDICATOR) & (found["n"] < 10)]["unit"]


def own(rows, unit):
    return rows[
        (rows["indicator"] == INDICATOR)
        & (rows["by"] == "gemeente")
        & (rows["group"] == unit)
    ]


def test_fewer_than_ten_contacts_are_not_published():
    assert len(few()) > 0
    safe = published_benchmark()
    for unit in few():
        row = own(safe.estimates, unit).iloc[0]
        assert row["status"] == "suppressed"
        assert pd.isna(row["estimate"])
        assert pd.isna(row["n"])
        assert own(safe.comparisons, unit)["difference"].isna().all()


def test_ten_to_twenty_nine_are_an_example():
    rows = published_benchmark().estimates
    rows = rows[(rows["by"] == "gemeente") & (rows["n"] < 30)]
    assert set(rows["status"]) == {"indicative"}


def test_contacts_are_no_persons_only_the_base_counts():
    # Three of twelve contacts is a small cell: of persons it would be withheld.
    rows = published_benchmark().estimates
    rows = rows[(rows["by"] == "gemeente") & (rows["statistic"] == "share")]
    assert (rows["count"] < 5).any()


def test_hardly_anything_is_lost():
    safe = published_benchmark()
    assert 0 < safe.suppressed < 0.02 * safe.tested


def test_a_white_spot_of_a_hidden_number_stays():
    found = benchmark_study()
    estimates = found.estimates.copy()
    place = (estimates["by"] == "gemeente") & (estimates["group"] == "GM9042")
    estimates.loc[place, "n"] = 9
    safe = protect(found.study, estimates, found.comparisons, found.verdicts)
    before = found.verdicts[found.verdicts["group"] == "GM9042"]
    after = safe.verdicts[safe.verdicts["group"] == "GM9042"]
    white = before["verdict"].isin(["no_norm", "not_measured"])
    assert after["indicator"].tolist() == before.loc[white, "indicator"].tolist()
    assert after["estimate"].isna().all()
    unmeasured = after["verdict"] == "not_measured"
    assert after.loc[unmeasured, "norm"].notna().all()
