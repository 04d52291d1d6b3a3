"""The baseline of a control chart, declared before anybody looked."""

from datetime import date

import pytest
from pydantic import ValidationError

from kcc_research.errors import DefinitionError
from kcc_research.study.chart import ChartPlan
from kcc_research.study.loading import load_study
from tests.workspaces import CONTINUOUS, fresh_copy

FILE = "measurement.toml"
GOOD = {
    "baseline_start": date(2024, 1, 1),
    "baseline_end": date(2024, 6, 30),
    "declared": date(2024, 1, 2),
}


def test_a_baseline_declared_in_time_is_taken():
    assert ChartPlan.model_validate(GOOD).fall == 0.10


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"declared": date(2024, 7, 1)}, "voordat zij voorbij is"),
        ({"baseline_end": date(2023, 12, 31)}, "eindigt voor zij begint"),
        (
            {"trend_break": [{"start": date(2024, 6, 1), "reason": "x"}]},
            "na de basisperiode",
        ),
        ({"fall": 0.0}, "greater than 0"),
    ],
)
def test_a_baseline_chosen_afterwards_is_refused(change, words):
    with pytest.raises(ValidationError, match=words):
        ChartPlan.model_validate(GOOD | change)


@pytest.fixture
def workspace(tmp_path):
    return fresh_copy(tmp_path, CONTINUOUS)


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        (
            "measurement.toml",
            'study = "continuous"',
            'study = "experience"',
            "C004",
            "",
        ),
        (
            "measurement.toml",
            'volumes = "uitnod',
            'volumes = "x_uitnod',
            "C004",
            "geen",
        ),
        ("measurement.toml", "baseline_end = 2024", "baseline_end = 2025", "C004", ""),
        ("antwoorden.toml", 'role = "contact_date"', "", "C004s", "contact_date"),
        ("uitnodigingen.toml", 'role = "invited"', "", "C004s", "invited"),
        ("uitnodigingen.toml", '"fixi", ', '"app", ', "C004w", "app en fixi"),
    ],
)
def test_what_does_not_fit_together_is_refused(workspace, file, old, new, code, words):
    path = workspace / "studies" / CONTINUOUS / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_study(workspace, CONTINUOUS)
    problems = caught.value.problems
    assert any(
        code in each.code and words in f"{each.title} {each.remedy}"
        for each in problems
    ), problems
