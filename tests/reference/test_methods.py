"""The registry of methods: complete, true, and the methods page is made from it."""

import doctest
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from kcc_research.estimation.design import survey_design
from tests.reference.__main__ import NEEDS

ROOT = Path(__file__).parents[2]


def _script() -> ModuleType:
    path = ROOT / "scripts" / "write_methods.py"
    spec = importlib.util.spec_from_file_location("kcc_script_write_methods", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


script = _script()
METHODS = script.read_methods()


def test_every_method_of_the_handbook_is_there():
    numbered = [each.id for each in METHODS if each.id.startswith("M")]
    assert numbered == [f"M{number}" for number in range(1, 30)]


def test_every_need_of_the_truths_belongs_to_one_method():
    needs = [need for method in METHODS for need in method.needs]
    assert len(needs) == len(set(needs))
    assert set(NEEDS) <= set(needs)


@pytest.mark.parametrize("method", METHODS, ids=lambda each: each.id)
def test_functions_are_documented_and_proved(method):
    assert method.formula and method.source
    for name in method.functions:
        assert (script.resolved(name).__doc__ or "").strip(), name
    for proof in (*method.unit_tests, *method.proof):
        assert (ROOT / proof.split(" ")[0]).is_file(), proof


@pytest.mark.parametrize(
    "method", [each for each in METHODS if each.example], ids=lambda each: each.id
)
def test_the_example_is_true(method):
    known = {"np": np, "pd": pd, "survey_design": survey_design}
    for name in method.functions:
        if name.count(".") == 1:
            known[name.split(".")[1]] = script.resolved(name)
    flags = doctest.NORMALIZE_WHITESPACE
    test = doctest.DocTestParser().get_doctest(
        method.example, known, method.id, str(script.REGISTRY), 0
    )
    said: list[str] = []
    found = doctest.DocTestRunner(optionflags=flags).run(test, out=said.append)
    assert found.attempted > 0
    assert found.failed == 0, "".join(said)


def test_the_page_is_current():
    """After a change of a docstring: python scripts/write_methods.py."""
    assert script.PAGE.read_text(encoding="utf-8") == script.page(METHODS)
