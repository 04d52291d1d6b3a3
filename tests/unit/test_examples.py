"""Examples in docstrings say what the functions do."""

import doctest
import importlib
import pkgutil

import pytest

import kcc_research

MODULES = sorted(
    each.name
    for each in pkgutil.walk_packages(kcc_research.__path__, "kcc_research.")
    if not each.name.endswith("__main__")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name):
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for test in doctest.DocTestFinder().find(importlib.import_module(name)):
        runner.run(test, out=said.append)
    assert runner.failures == 0, "".join(said)
