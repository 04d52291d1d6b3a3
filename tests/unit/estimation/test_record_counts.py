"""Counts and percentiles from value × count, against numpy on the values themselves."""

from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kcc_research.estimation.record_counts import opened

WAITS = st.lists(
    st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 400)), min_size=1
)


def write(path: Path, rows) -> Path:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE r (channel VARCHAR, wait_seconds INTEGER)")
        connection.executemany("INSERT INTO r VALUES (?, ?)", rows)
        connection.execute(f"COPY r TO '{path}' (FORMAT parquet)")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("records")


@settings(max_examples=40)
@given(WAITS)
def test_spread_equals_numpy(folder, rows):
    path = write(folder / "waits.parquet", rows)

    with opened(path) as records:
        both = records.spreads("wait_seconds", ["kanaal"], norm=100)
        alone = records.spreads("wait_seconds", [], percents=(37,))
    found, whole = both["kanaal"], alone[None][None]

    assert set(found) == {channel for channel, _ in rows}
    for channel, spread in found.items():
        waits = np.array([wait for name, wait in rows if name == channel])
        assert spread.n == len(waits)
        assert spread.mean == pytest.approx(waits.mean(), abs=1e-9)
        assert spread.within == (waits <= 100).sum()
        assert spread.top == (
            max(waits),
            sorted([0, *waits])[-2 if len(waits) > 1 else -1],
        )
        for percent, value in spread.quantiles.items():
            assert value == pytest.approx(np.percentile(waits, percent), abs=1e-9)
    every = np.array([wait for _, wait in rows])
    assert both[None][None].mean == pytest.approx(every.mean(), abs=1e-9)
    assert both[None][None].within == (every <= 100).sum()
    assert whole.quantiles[37] == pytest.approx(np.percentile(every, 37), abs=1e-9)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(WAITS)
def test_counts_equal_counting(folder, rows):
    path = write(folder / "counts.parquet", rows)
    conditions = {
        "all": "true",
        "short": "wait_seconds < 50",
        "a": "channel = 'a'",
        "none": "wait_seconds < 0",
    }

    with opened(path) as records:
        found = records.counts(conditions, ["kanaal"])

    assert found[None][None] == {
        "all": len(rows),
        "short": sum(wait < 50 for _, wait in rows),
        "a": sum(channel == "a" for channel, _ in rows),
        "none": 0,
    }
    for channel, counts in found["kanaal"].items():
        own = [wait for name, wait in rows if name == channel]
        assert counts["all"] == len(own)
        assert counts["short"] == sum(wait < 50 for wait in own)
    assert set(found["kanaal"]) == {channel for channel, _ in rows}
