"""The public surface: sorted, complete, and loaded only when used."""

import os
import subprocess
import sys
from types import ModuleType

import pytest

import kcc_research

HEAVY = ("pandas", "matplotlib", "seaborn", "papermill", "nbformat", "nbconvert")


def test_the_list_is_sorted_and_without_doubles():
    names = list(kcc_research.__all__)
    assert names
    assert names == sorted(set(names))


@pytest.mark.parametrize("name", kcc_research.__all__)
def test_every_name_can_be_imported(name):
    assert getattr(kcc_research, name) is not None


def test_nothing_else_of_ours_is_public():
    for name in kcc_research.__all__:
        getattr(kcc_research, name)
    public = {
        name
        for name, value in vars(kcc_research).items()
        if not name.startswith("_")
        and not isinstance(value, ModuleType)
        and getattr(value, "__module__", "").startswith("kcc_research")
    }
    assert public <= set(kcc_research.__all__)
    assert [name for name in dir(kcc_research) if name in kcc_research.__all__] == list(
        kcc_research.__all__
    )


def test_an_unknown_name_is_an_ordinary_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = kcc_research.no_such_name


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, kcc_research; "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_linear_algebra_has_one_thread_by_hand_as_well():
    """With more, covariances differed in their last digits from those of a run."""
    names = [f"{name}_NUM_THREADS" for name in ("OPENBLAS", "OMP", "MKL")]
    code = f"import os, kcc_research; print([os.environ[n] for n in {names!r}])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **dict.fromkeys(names, "8")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "['1', '1', '1']"
