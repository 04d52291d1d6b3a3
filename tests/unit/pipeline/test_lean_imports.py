"""What is left out while importing is there again afterwards."""

import importlib
import sys

import pytest

from kcc_research.pipeline.lean_imports import without

NAME = "kcc_for_this_test"


@pytest.fixture
def package(tmp_path, monkeypatch):
    (tmp_path / f"{NAME}.py").write_text("found = True\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop(NAME, None)


@pytest.mark.usefixtures("package")
def test_it_is_not_found_meanwhile_and_found_again_after():
    with without(NAME), pytest.raises(ImportError):
        importlib.import_module(NAME)
    assert importlib.import_module(NAME).found


@pytest.mark.usefixtures("package")
def test_what_was_imported_before_stays():
    before = importlib.import_module(NAME)
    with without(NAME):
        assert importlib.import_module(NAME) is before
    assert sys.modules[NAME] is before


@pytest.mark.usefixtures("package")
def test_it_is_found_again_after_an_error():
    with pytest.raises(ZeroDivisionError), without(NAME):
        1 / 0  # noqa: B018
    assert importlib.import_module(NAME).found
