"""The registry of safeguards: every one exists, has a rule and is tested."""

import re
from pathlib import Path

import pytest

from scripts.mutants import find_function, source_file, switched_off
from tests.faults.corpus import IDS
from tests.rules import PROOFS, RULES
from tests.safeguards import DISCLOSURE, REGISTRY
from tests.workspaces import REPOSITORY, SHARED

RULE = re.compile(r"(TRUST|PUB|STAT|DOMAIN)-[A-Z]+[0-9]+")


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


def test_every_rule_of_the_handbook_is_kept_by_something():
    switched = {each.rule.removeprefix("TRUST-") for each in REGISTRY}
    assert switched | PROOFS.keys() == set(RULES)


@pytest.mark.parametrize("rule", PROOFS)
def test_the_tests_that_prove_a_rule_exist(rule):
    for node in PROOFS[rule]:
        file, _, name = node.partition("::")
        text = (REPOSITORY / file).read_text(encoding="utf-8")
        assert re.search(rf"^ *def {name}\(", text, re.MULTILINE), node


def test_faults_that_the_corpus_proves_are_in_the_corpus():
    corpus = {
        r for r, nodes in PROOFS.items() if any("test_corpus" in n for n in nodes)
    }
    assert corpus - {"G1", "G4", "G7", "Q6"} == set(IDS)


def test_rules_are_those_of_the_handbook():
    handbook = SHARED / "TRUST.md"
    if not handbook.is_file():
        pytest.skip("the handbook is not beside this checkout")
    text = handbook.read_text(encoding="utf-8")
    known = set(re.findall(r"^\| ([A-Z][0-9]+) \|", text, re.MULTILINE))
    known |= set(re.findall(r"^- \*\*([A-Z][0-9]+)\.", text, re.MULTILINE))
    assert {each for each in known if each[0] in "GFDPQU"} == set(RULES)


def test_switching_off_replaces_the_body_and_nothing_else(tmp_path: Path):
    safeguard = DISCLOSURE[0]
    source = (
        'def policy_problems(a):\n    """Doc."""\n    x = a\n    return x\n\n\nb = 1\n'
    )
    off = switched_off(source, safeguard)
    assert off == "def policy_problems(a):\n    return iter(())\n\n\nb = 1\n"
