"""Every number of the truth fixtures, at its own tolerance (STAT-F1 to F7).

The truths stand outside the repository; without them the cases are skipped, and the
rules of the harness are tested all the same. ``KCC_SHARED`` says where they are.
"""

import importlib.util
import json
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("KCC_SHARED", ROOT.parent / "shared"))
TRUTHS = SHARED / "fixtures" / "statistics"


def _harness() -> ModuleType:
    path = Path(__file__).with_name("__main__.py")
    spec = importlib.util.spec_from_file_location("kcc_truth_harness", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


harness = _harness()

# The second issue completes these: each must get a function in NEEDS, or stay here.
NOT_OFFERED_YET = {
    "benchmark",
    "chisq_srs",
    "cohen_kappa",
    "cronbach_alpha",
    "erlang_c",
    "funnel",
    "importance",
    "krippendorff_alpha",
    "mcdonald_omega",
    "nps",
    "paired",
    "percentile",
    "prop_diff",
    "quantile",
    "rank_test",
    "rao_scott",
    "regression",
    "sd",
    "service_level",
    "shrinkage",
    "shrinkage_proportion",
    "spc_p",
    "spc_xmr",
    "trim_weights",
    "two_sample",
}

CASES = harness.read_cases(TRUTHS) if TRUTHS.is_dir() else []
needs_truths = pytest.mark.skipif(
    not CASES, reason=f"no truth fixtures in {SHARED.name} (set KCC_SHARED)"
)


@needs_truths
@pytest.mark.parametrize(
    "case", [each for each in CASES if each.need in harness.NEEDS], ids=lambda c: c.id
)
def test_agrees_with_the_truth(case):
    assert harness.run(case).differences == []


@needs_truths
def test_what_is_not_offered_is_known_by_name():
    assert {each.need for each in CASES} - set(harness.NEEDS) == NOT_OFFERED_YET


@needs_truths
def test_a_changed_truth_is_noticed():
    """The harness can fail: every offered case does when its numbers are moved."""
    for case in CASES:
        if case.need in harness.NEEDS:
            moved = json.loads(json.dumps(case.content), parse_float=_moved)
            moved["args"], moved["tolerance"] = case.args, case.content["tolerance"]
            assert harness.run(harness.Case(moved, case.folder)).differences, case.id


def _moved(text: str) -> float:
    return float(text) * 1.001 + 1e-6


def one_case(tmp_path: Path, **changes: object) -> Path:
    """A folder of the schema with one case worked by hand: three of five answers."""
    case = {
        "id": "hand",
        "need": "prop_ci_srs",
        "data": [],
        "args": {"x": 0, "n": 5, "level": 0.95},
        "expected": {"clopper_pearson": [0, 1 - 0.025**0.2], "se_R": 12345},
        "tolerance": {"rel": 1e-9, "abs": 1e-12},
    }
    content = {"schema": harness.SCHEMA, "cases": [case | changes]}
    (tmp_path / "cases.json").write_text(json.dumps(content), encoding="utf-8")
    return tmp_path


class TestAnyFolder:
    def test_a_case_that_holds_passes(self, tmp_path, capsys):
        assert harness.main([str(one_case(tmp_path))]) == 0
        assert capsys.readouterr().out == "1 passed\n"

    def test_a_case_that_does_not_hold_fails_and_says_where(self, tmp_path, capsys):
        expected = {"clopper_pearson": [0, 0.5]}
        assert harness.main([str(one_case(tmp_path, expected=expected))]) == 1
        out = capsys.readouterr().out
        assert "failed  prop_ci_srs  hand  clopper_pearson.1: 0.52" in out
        assert out.endswith("1 failed\n")

    def test_a_number_nobody_answers_fails(self, tmp_path):
        folder = one_case(tmp_path, expected={"likelihood": [0, 1]})
        (case,) = harness.read_cases(folder)
        assert harness.run(case).differences == ["likelihood: no answer"]

    def test_an_unknown_need_is_listed_by_name(self, tmp_path, capsys):
        assert harness.main([str(one_case(tmp_path, need="telepathy"))]) == 0
        out = capsys.readouterr().out
        assert out == "not offered  telepathy  (1 cases)\n1 not offered\n"

    def test_another_schema_is_refused(self, tmp_path):
        folder = one_case(tmp_path)
        text = (folder / "cases.json").read_text(encoding="utf-8")
        (folder / "cases.json").write_text(text.replace("truth/1", "truth/9"))
        with pytest.raises(ValueError, match="truth/9"):
            harness.read_cases(folder)
