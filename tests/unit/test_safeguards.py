"""The registry of safeguards: every one exists, has a rule and is tested."""

import re
from pathlib import Path

import pytest

from scripts.mutants import find_function, source_file, switched_off
from tests.safeguards import DISCLOSURE, PERSONAL_DATA, REGISTRY
from tests.workspaces import REPOSITORY, SHARED

RULE = re.compile(r"(TRUST|PUB|STAT|DOMAIN)-[A-Z]+[0-9]+")
KEPT = {"D1", "D2", "D3", "D4", "D5", "D6", "D9", "D15", "G9", "P9"}


@pytest.mark.parametrize("safeguard", REGISTRY, ids=lambda each: each.name)
def test_a_safeguard_exists_and_its_tests_do(safeguard):
    assert RULE.fullmatch(safeguard.rule)
    file = source_file(REPOSITORY / "src", safeguard)
    source = file.read_text(encoding="utf-8")
    function = find_function(source, safeguard.target.partition(":")[2])
    assert function.body
    compile(switched_off(source, safeguard), str(file), "exec")
    assert safeguard.tests
    for test in safeguard.tests:
        assert (REPOSITORY / test.partition("::")[0]).is_file()


def test_no_safeguard_is_registered_twice():
    targets = [each.target for each in REGISTRY]
    assert len(targets) == len(set(targets))


def test_every_rule_of_disclosure_that_is_built_has_a_safeguard():
    rules = {each.rule.removeprefix("TRUST-") for each in DISCLOSURE}
    assert rules == KEPT


def test_every_rule_of_personal_data_that_is_built_has_a_safeguard():
    rules = {each.rule.removeprefix("TRUST-") for each in PERSONAL_DATA}
    built = {"F67", "G8", "P1", "P2", "P3", "P4", "P6", "Q1", "Q3", "Q4", "Q5"}
    assert rules == built


def test_rules_are_those_of_the_handbook():
    handbook = SHARED / "TRUST.md"
    if not handbook.is_file():
        pytest.skip("the handbook is not beside this checkout")
    text = handbook.read_text(encoding="utf-8")
    known = set(re.findall(r"^\| ([A-Z][0-9]+) \|", text, re.MULTILINE))
    known |= set(re.findall(r"^- \*\*([A-Z][0-9]+)\.", text, re.MULTILINE))
    named = {each.rule.partition("-")[2] for each in REGISTRY if "TRUST" in each.rule}
    assert named <= known


def test_switching_off_replaces_the_body_and_nothing_else(tmp_path: Path):
    safeguard = DISCLOSURE[0]
    source = (
        'def policy_problems(a):\n    """Doc."""\n    x = a\n    return x\n\n\nb = 1\n'
    )
    off = switched_off(source, safeguard)
    assert off == "def policy_problems(a):\n    return iter(())\n\n\nb = 1\n"
