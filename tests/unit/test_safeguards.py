"""The registry of safeguards: every one exists, has a rule and is tested."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.mutants import find_function, source_file, switched_off
from tests.faults.corpus import IDS
from tests.rules import PROOFS, RULES, RUNNING
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


def test_every_fault_of_running_has_tests_that_pytest_finds():
    """F53–F64 are no inputs of the corpus: each has tests of its own, by name."""
    named = {rule: PROOFS.get(rule, ()) for rule in RUNNING}
    assert [rule for rule, nodes in named.items() if not nodes] == []
    assert [n for nodes in named.values() for n in nodes if "test_corpus" in n] == []
    wanted = sorted({node for nodes in named.values() for node in nodes})
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "--no-cov", *wanted],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    found = {line.partition("[")[0] for line in told.stdout.splitlines()}
    assert [node for node in wanted if node not in found] == [], told.stdout[-2000:]


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
