import errno

import pytest

from kcc_research.errors import DataError, RunError, problem
from kcc_research.pipeline.safety_net import faults_told

SECRET = "Mevr. Jansen 06-12345678"


def told(error, key="xx/y", keep=None):
    with pytest.raises(RunError) as caught, faults_told(key, keep):
        raise error
    [found] = caught.value.problems
    return found


def test_a_refusal_comes_out_as_it_was():
    refusal = DataError(problem("KCC-D039"))
    with pytest.raises(DataError) as caught, faults_told("xx/y"):
        raise refusal
    assert caught.value is refusal


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "KCC-R057b"),
        (errno.EACCES, "KCC-R060"),
        (errno.EIO, "KCC-R057a"),
    ],
)
def test_what_the_system_refuses_names_the_file_and_no_folder(number, code):
    found = told(OSError(number, "no", "/home/someone/x.csv"))
    assert (found.code, found.file) == (code, "x.csv")


def test_any_other_error_is_told_by_kind_and_place_only():
    found = told(ValueError(SECRET))
    assert found.code == "KCC-R063a"
    assert "ValueError" in found.title and "safety_net.py" in found.title
    assert "Jansen" not in str(found)
    assert told(ValueError(SECRET), key="").code == "KCC-R063b"


def test_its_trace_is_kept_where_it_is_said_to_be():
    kept = []

    def keep(trace):
        kept.append(trace.decode())
        return "data/processed/xx/y/runs/1"

    error = ValueError(SECRET)
    error.__cause__ = KeyError(SECRET)
    found = told(error, keep=keep)
    assert found.code == "KCC-R063"
    assert "data/processed/xx/y/runs/1" in found.remedy
    assert "raise error" in kept[0] and "test_safety_net.py" in kept[0]
    assert kept[0].index("KeyError: [afg") < kept[0].index("ValueError: [afg")
    assert "Jansen" not in kept[0]


def test_a_trace_that_cannot_be_kept_hides_nothing():
    def keep(trace):
        raise OSError(errno.ENOSPC, "full")

    assert told(ValueError(SECRET), keep=keep).code == "KCC-R063a"


def test_a_reader_that_stopped_listening_is_no_fault():
    with pytest.raises(BrokenPipeError), faults_told():
        raise BrokenPipeError
