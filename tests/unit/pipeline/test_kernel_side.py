import pytest

from kcc_research.errors import DataError, problem
from kcc_research.pipeline.kernel_side import failure

SECRET = "Mevr. Jansen 06-12345678"


def raised(error):
    try:
        raise error
    except Exception as caught:  # noqa: BLE001 - whatever the test raises
        return failure(caught, caught.__traceback__, lambda name: name == __file__)


def test_a_refusal_travels_with_all_its_problems():
    found = [problem("KCC-D039"), problem("KCC-D040", file="a.csv", row=3)]
    told = raised(DataError(found))
    assert told["kind"] == "DataError"
    assert [each["code"] for each in told["problems"]] == ["KCC-D039", "KCC-D040"]
    assert told["problems"][1]["row"] == "3"
    assert told["text"] == "\n".join(map(str, found))


def test_the_text_of_a_foreign_exception_is_not_told():
    told = raised(ValueError(f"could not convert string to float: '{SECRET}'"))
    assert told["kind"] == "ValueError"
    assert told["problems"] == []
    assert "Jansen" not in str(told)
    assert f"{len(SECRET) + 37} tekens" in told["title"]


def test_where_it_went_wrong_is_told():
    told = raised(ValueError("x"))
    assert told["where"] == [each for each in told["where"] if "of the cell" in each]
    assert told["where"]


def test_files_of_the_package_are_named_and_others_are_not():
    from kcc_research.dutch import rounded

    with pytest.raises(ValueError, match="finite") as caught:
        rounded(float("nan"))
    told = failure(caught.value, caught.value.__traceback__, lambda name: False)
    assert all("kcc_research/dutch.py" in each for each in told["where"])
    assert len(told["where"]) == 2
