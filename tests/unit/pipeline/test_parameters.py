import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.errors import CallError, DefinitionError
from kcc_research.pipeline.notebook_file import Cell, NotebookFile
from kcc_research.pipeline.parameters import (
    from_call,
    from_definition,
    require_settable,
    resolved,
    settable,
)
from kcc_research.study.definition_file import DefinitionFile
from kcc_research.study.toml_lines import key_lines

FILE = DefinitionFile(
    "studies/a/b/measurement.toml", {}, key_lines("[parameters]\n\ndrempl = 1\n")
)
SOURCE = """\
measurement: str = "a/b"
source: str = "algemeen"
drempel: int = 7
aandeel: float = 0.9
gewogen: bool = True
jaren: list[int] = [2022]
gemeente: str = ""
"""


def notebook(source=SOURCE):
    from pathlib import Path

    cell = Cell(2, "code", source, frozenset({"parameters"}))
    return NotebookFile(Path("x.ipynb"), "notebooks/x.ipynb", (cell,))


def refused(values):
    with pytest.raises(DefinitionError) as error:
        from_definition(values, [notebook()], FILE)
    return error.value.problems


def refused_call(*settings):
    with pytest.raises(CallError) as error:
        require_settable(settings, [notebook()])
    assert error.value.exit_code == 2
    return error.value.problems


def test_values_of_the_declared_type_pass():
    values = {"drempel": 6, "aandeel": 0.8, "gewogen": False, "jaren": [1]}
    assert from_definition(values, [notebook()], FILE) is None


def test_code_in_a_name_is_refused():
    [problem] = refused({"x=1\nopen('PWNED','w')\ny": 1})
    assert problem.code == "KCC-C002"
    assert problem.file == "studies/a/b/measurement.toml"


def test_a_mistyped_name_gets_the_nearest():
    [problem] = refused({"gemeeente": "Haarlem"})
    assert problem.code == "KCC-C003"
    assert "'gemeente'" in problem.remedy


def test_a_strange_name_gets_the_list():
    [problem] = refused({"zwembad": 1})
    assert problem.code == "KCC-C003a"
    assert "drempel" in problem.remedy


@pytest.mark.parametrize("name", ["measurement", "source"])
def test_the_runner_s_own_names_cannot_be_set(name):
    assert refused({name: "x"})[0].code in ("KCC-C003", "KCC-C003a")
    assert refused_call(f"{name}=x")[0].code == "KCC-R053l"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("drempel", "10", "een heel getal"),
        ("drempel", True, "een heel getal"),
        ("aandeel", 1, "een getal met een punt"),
        ("gewogen", 1, "true of false"),
    ],
)
def test_a_wrong_type_is_refused_and_said(name, value, expected):
    [problem] = refused({name: value})
    assert problem.code == "KCC-C004"
    assert expected in problem.title
    assert repr(value) in problem.remedy


def test_a_date_is_refused_with_how_to_write_it():
    [problem] = refused({"gemeente": datetime.date(2024, 3, 29)})
    assert problem.code == "KCC-C005"
    assert 'gemeente = "2024-03-29"' in problem.remedy


def test_all_faults_come_at_once():
    found = refused({"drempl": 1, "drempel": "1", "a b": 1})
    assert [(each.code, each.row, each.column) for each in found] == [
        ("KCC-C003", "3", "parameters.drempl"),
        ("KCC-C004", "1", "parameters.drempel"),
        ("KCC-C002", "1", "parameters.a b"),
    ]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("drempel=6", 6),
        ("drempel=-6", -6),
        ("aandeel=0.5", 0.5),
        ("gewogen=false", False),
        ("jaren=[1, 2]", [1, 2]),
        ("gemeente=a=b", "a=b"),
        ("gemeente=", ""),
        ("gemeente=0363", "0363"),
    ],
)
def test_a_setting_is_read_as_the_declared_type(setting, value):
    require_settable([setting], [notebook()])
    assert from_call([setting], notebook()) == {setting.split("=")[0]: value}


def test_a_setting_is_read_as_each_notebook_declares_it():
    number = notebook('measurement: str = "a"\nseed: int = 1')
    words = notebook('measurement: str = "a"\nseed: str = ""')
    require_settable(["seed=7"], [number, words])
    assert from_call(["seed=7"], number) == {"seed": 7}
    assert from_call(["seed=7"], words) == {"seed": "7"}


def test_a_setting_that_one_notebook_cannot_read_is_told_as_its_type():
    words = notebook('measurement: str = "a"\nseed: str = ""')
    number = notebook('measurement: str = "a"\nseed: int = 1')
    with pytest.raises(CallError) as error:
        require_settable(["seed=x"], [words, number])
    [problem] = error.value.problems
    assert (problem.code, "type int" in problem.title) == ("KCC-R053m", True)


def test_a_name_is_set_once():
    [problem] = refused_call("drempel=6", "aandeel=0.5", "drempel=7")
    assert (problem.code, problem.column, problem.value) == (
        "KCC-R053q",
        "drempel",
        "2",
    )


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ("drempel", "KCC-R053n"),
        ("=3", "KCC-R053n"),
        ("__import__('os')=3", "KCC-R053n"),
        ("dremple=3", "KCC-R053l"),
        ("drempel=zes", "KCC-R053m"),
        ("drempel=6.0", "KCC-R053m"),
        ("drempel=1+1", "KCC-R053m"),
        ("gewogen=True", "KCC-R053m"),
        ("jaren=1", "KCC-R053m"),
        ("aandeel=0,5", "KCC-R053m"),
        ("drempel={[]:1}", "KCC-R053m"),
        ("drempel={{}}", "KCC-R053m"),
        ("drempel=" + "-" * 100_000 + "1", "KCC-R053m"),
        ("drempel=" + "(" * 100_000, "KCC-R053m"),
        ("drempel=1\0", "KCC-R053m"),
    ],
)
def test_a_setting_that_does_not_fit_is_a_wrong_call(setting, code):
    assert [each.code for each in refused_call(setting)] == [code]


def test_a_mistyped_setting_gets_the_nearest():
    assert "'drempel'" in refused_call("dremple=3")[0].remedy


@given(st.text(max_size=40))
def test_no_setting_is_read_as_anything_but_a_value(text):
    """Whatever is typed is either refused or of the declared type."""
    try:
        require_settable([f"drempel={text}"], [notebook()])
    except CallError:
        return
    assert type(from_call([f"drempel={text}"], notebook())["drempel"]) is int


def test_each_notebook_is_given_its_own_names_only():
    other = notebook('measurement: str = "a"\ngewogen: bool = True')
    values = {"drempel": 6, "gewogen": False}
    assert resolved(other, "x/y", "", values) == {
        "measurement": "x/y",
        "gewogen": False,
    }
    assert resolved(notebook(), "x/y", "balie", {}) == {
        "measurement": "x/y",
        "source": "balie",
    }


def test_what_can_be_set_is_listed_over_all_notebooks():
    other = notebook('measurement: str = "a"\nzaad: int = 1')
    assert settable([notebook(), other]) == [
        "aandeel",
        "drempel",
        "gemeente",
        "gewogen",
        "jaren",
        "zaad",
    ]
