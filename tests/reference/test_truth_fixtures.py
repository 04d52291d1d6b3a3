"""Every number of the truth cases, at its own tolerance (STAT-F1 to F7).

The project's own cases always run; those of a larger folder when it is there
(``KCC_SHARED`` says where).
"""

import ast
import importlib.util
import json
import os
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("KCC_SHARED", ROOT.parent / "shared"))
ALL_TRUTHS = SHARED / "fixtures" / "statistics"
OWN_TRUTHS = Path(__file__).with_name("truth")


def _harness() -> ModuleType:
    path = Path(__file__).with_name("__main__.py")
    spec = importlib.util.spec_from_file_location("kcc_truth_harness", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


harness = _harness()


def _labelled(case):
    return f"{case.folder.name}: {case.id}"


OWN_CASES = harness.read_cases(OWN_TRUTHS)
CASES = OWN_CASES + (harness.read_cases(ALL_TRUTHS) if ALL_TRUTHS.is_dir() else [])
OFFERED = [each for each in CASES if each.need in harness.NEEDS]
needs_all_truths = pytest.mark.skipif(
    not ALL_TRUTHS.is_dir(), reason="only the project's own truths (see KCC_SHARED)"
)


@pytest.mark.parametrize("case", OFFERED, ids=_labelled)
def test_agrees_with_the_truth(case):
    assert harness.run(case).mismatches == ()


@needs_all_truths
def test_every_need_is_offered():
    assert {each.need for each in CASES} == set(harness.NEEDS)


@pytest.mark.parametrize("need", sorted({each.need for each in OFFERED}))
def test_a_changed_truth_is_noticed(need):
    """The harness can fail: every offered case does when its numbers are moved."""
    for case in OFFERED:
        if case.need == need:
            moved = json.loads(json.dumps(case.content), parse_float=_moved)
            moved["args"], moved["tolerance"] = case.args, case.content["tolerance"]
            assert harness.run(harness.Case(moved, case.folder)).mismatches, case.id


@needs_all_truths
def test_our_own_truths_are_those_of_the_source(tmp_path):
    written = _script("write_truth").write_truth(ALL_TRUTHS, tmp_path)
    files = sorted(each for each in tmp_path.rglob("*") if each.is_file())
    assert len(files) == 1 + len(
        {each["data"] for each in written["cases"] if each["data"]}
    )
    for each in files:
        ours = OWN_TRUTHS / each.relative_to(tmp_path)
        assert ours.read_bytes() == each.read_bytes(), ours.name


def _script(name: str) -> ModuleType:
    path = ROOT / "scripts" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"kcc_script_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_harness_knows_no_case_no_file_and_no_value():
    """Only words in front of a number may tell a case from another: its need."""
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.name.startswith("test_"):
            continue
        source = path.read_text(encoding="utf-8")
        words = {
            node.value
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        files = {str(case.content["data"]) for case in CASES if case.content["data"]}
        for name in {case.id for case in CASES} | files:
            assert name not in source, (path.name, name)
        assert not words & {Path(name).stem for name in files}, path.name
        assert not set(re.findall(r"\d+\.\d{5,}", source)) & _values(), path.name


def _values() -> set[str]:
    texts = (json.dumps(case.expected) for case in CASES)
    return {each for text in texts for each in re.findall(r"\d+\.\d{5,}", text)}


def _moved(text: str) -> float:
    return float(text) * 1.01 + 1e-6


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
        assert capsys.readouterr().out == "prop_ci_srs 1/1; together 1/1\n"

    def test_a_case_that_does_not_hold_fails_and_says_where(self, tmp_path, capsys):
        expected = {"clopper_pearson": [0, 0.5], "estimate": 0}
        assert harness.main([str(one_case(tmp_path, expected=expected))]) == 1
        line, total = capsys.readouterr().out.splitlines()
        assert line.startswith("failed  prop_ci_srs  hand  clopper_pearson.1: got 0.52")
        assert line.endswith(", wanted 0.5 (rel 1e-09, abs 1e-12)")
        assert total == "prop_ci_srs 0/1; together 0/1"

    def test_of_several_mismatches_the_worst_is_shown(self, tmp_path, capsys):
        expected = {"clopper_pearson": [0, 0.5], "wilson": [0, 0.001]}
        harness.main([str(one_case(tmp_path, expected=expected))])
        assert " wilson.1: got 0.43" in (out := capsys.readouterr().out)
        assert "; 1 more\n" in out

    def test_a_number_nobody_answers_fails(self, tmp_path):
        folder = one_case(tmp_path, expected={"likelihood": [0, 1]})
        (case,) = harness.read_cases(folder)
        (found,) = harness.run(case).mismatches
        assert str(found) == "likelihood: got no answer, wanted [0, 1]"

    @pytest.mark.parametrize("expected", [None, [0.1, 0.2, 0.3], "0.5", {"low": 0}])
    def test_another_shape_or_kind_fails(self, tmp_path, expected):
        folder = one_case(tmp_path, expected={"clopper_pearson": expected})
        (case,) = harness.read_cases(folder)
        assert harness.run(case).status == "failed"

    def test_what_must_not_be_a_number_may_be_missing(self):
        ends = (None, float("nan"))
        tolerance = {"rel": 0, "abs": 0}
        assert not [*harness.mismatches([None, None], ends, tolerance)]
        assert [*harness.mismatches([1.0, 1.0], ends, tolerance)]

    def test_a_function_that_stops_fails_its_case_only(self, tmp_path, capsys):
        folder = one_case(tmp_path, args={"x": "many", "n": 5})
        assert harness.main([str(folder)]) == 1
        out = capsys.readouterr().out
        assert "failed  prop_ci_srs  hand  ValueError: got " in out

    def test_an_unknown_need_is_listed_by_name(self, tmp_path, capsys):
        assert harness.main([str(one_case(tmp_path, need="telepathy"))]) == 0
        out = capsys.readouterr().out
        assert out == "telepathy 0/1 (not offered); together 0/1\n"

    def test_as_json(self, tmp_path, capsys):
        expected = {"clopper_pearson": [0, 0.5]}
        folder = str(one_case(tmp_path, expected=expected))
        assert harness.main([folder, "--json"]) == 1
        found = json.loads(capsys.readouterr().out)
        (case,) = found["cases"]
        assert (case["id"], case["status"]) == ("hand", "failed")
        (mismatch,) = case["mismatches"]
        assert mismatch["where"] == "clopper_pearson.1"
        assert mismatch["got"] == pytest.approx(1 - 0.025**0.2)
        assert mismatch["wanted"] == 0.5
        assert found["totals"] == {"prop_ci_srs": {"failed": 1}}

    def test_another_schema_is_refused(self, tmp_path):
        folder = one_case(tmp_path)
        text = (folder / "cases.json").read_text(encoding="utf-8")
        (folder / "cases.json").write_text(text.replace("truth/1", "truth/9"))
        with pytest.raises(ValueError, match="truth/9"):
            harness.read_cases(folder)
