import json

import pytest

from kcc_research.errors import RunError
from kcc_research.pipeline.notebook_file import faults, read_notebook

REQUIRED = ("measurement",)


def notebook(tmp_path, tiny, *sources):
    path = tmp_path / "x.ipynb"
    tiny.write_notebook(path, sources, "Proef")
    return read_notebook(path, "notebooks/x.ipynb")


def codes(notebook, required=REQUIRED):
    return [(each.code, each.row) for each in faults(notebook, required)]


def test_annotated_literals_are_parameters(tmp_path, tiny):
    found = notebook(
        tmp_path,
        tiny,
        'measurement: str = "a#b"  # met = en #\nwave: int = 2  # 0 = nulmeting\n'
        "share: float = 0.9\nweighted: bool = True\nyears: list[int] = [2022, 2023]",
    ).parameters
    assert {n: (p.type, p.default, p.line) for n, p in found.items()} == {
        "measurement": ("str", "a#b", 1),
        "wave": ("int", 2, 2),
        "share": ("float", 0.9, 3),
        "weighted": ("bool", True, 4),
        "years": ("list[int]", [2022, 2023], 5),
    }


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("int", 3, True),
        ("int", 3, "3"),
        ("int", 3, 3.0),
        ("float", 3.0, 3),
        ("bool", False, 0),
        ("str", "3", 3),
        ("list[int]", [1, 2], [1, "2"]),
        ("list[int]", [], (1,)),
    ],
)
def test_types_are_not_coerced(tmp_path, tiny, kind, good, bad):
    source = f'measurement: str = "a"\nx: {kind} = {good!r}'
    parameter = notebook(tmp_path, tiny, source).parameters["x"]
    assert parameter.accepts(good)
    assert not parameter.accepts(bad)


@pytest.mark.parametrize(
    "line",
    [
        "x = 3",
        "x: int",
        "x: str | None = None",
        "x: int = 'three'",
        "x: int = 1 + len('a')",
        "import os",
        "print(3)",
        "x: int = {[]: 1}",
        "x: list[int] = [{}, {{}}]",
    ],
)
def test_anything_else_in_the_parameters_cell_is_a_fault(tmp_path, tiny, line):
    found = notebook(tmp_path, tiny, f'measurement: str = "a"\n{line}')
    [problem] = faults(found, REQUIRED)
    assert problem.code == "KCC-R056d"
    assert "line 2" in problem.title


def test_a_parameter_of_the_stage_must_be_declared_as_text(tmp_path, tiny):
    found = notebook(tmp_path, tiny, "measurement: int = 3")
    assert codes(found, ("measurement", "source")) == [
        ("KCC-R056e", ""),
        ("KCC-R056e", ""),
    ]


def test_a_notebook_without_parameters_is_refused(tmp_path, tiny):
    path = tmp_path / "x.ipynb"
    tiny.write_notebook(path, ("a: int = 1",), "Proef")
    content = json.loads(path.read_text())
    content["cells"][1]["metadata"] = {}
    path.write_text(json.dumps(content))
    assert codes(read_notebook(path, "x.ipynb")) == [("KCC-R056c", "")]


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        ("answer = input('?')", "input()"),
        ("import sys\nsys.exit(1)", "sys.exit()"),
        ("if True:\n    exit()", "exit()"),
        ("quit()", "quit()"),
        ("import os\nos._exit(0)", "os._exit()"),
    ],
)
def test_what_no_unattended_run_can_do_is_refused(tmp_path, tiny, call, shown):
    found = notebook(tmp_path, tiny, 'measurement: str = "a"', "x = 1", call)
    [problem] = faults(found, REQUIRED)
    assert (problem.code, problem.row, problem.value) == ("KCC-R056", "4", shown)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ('x = kcc.load_responses(m, "a")', "load_responses"),
        ('print(kcc.read_responses(m, "a"))', "read_responses"),
        ("kcc.save_results(m, a, b, c)", "save_results"),
        ("f = kcc.save_responses", "save_responses"),
        ("from kcc_research import load_responses as f", "load_responses"),
        ("pd.read_parquet(path)", "read_parquet"),
        ("steps.microdata.load_survey(path)", "load_survey"),
    ],
)
def test_a_report_may_not_even_name_what_reads_answers(tmp_path, tiny, code, name):
    found = notebook(tmp_path, tiny, 'measurement: str = "a"', code)
    [problem] = faults(found, REQUIRED, for_report=True)
    assert (problem.code, problem.row, problem.value) == ("KCC-P004a", "3", name)
    assert codes(found) == []


def test_what_a_report_does_is_no_fault(tmp_path, tiny):
    code = "read_me = kcc.load_results(m)\nkcc.text(kcc.load_logo(m))  # load_responses"
    found = notebook(tmp_path, tiny, 'measurement: str = "a"', code)
    assert list(faults(found, REQUIRED, for_report=True)) == []


def test_a_zero_byte_in_a_cell_is_told_as_no_python(tmp_path, tiny):
    found = notebook(tmp_path, tiny, 'measurement: str = "a"', "x = 1\0")
    assert codes(found) == [("KCC-R056b", "3")]


def test_words_that_only_look_like_it_are_fine(tmp_path, tiny):
    text = "input = 3  # exit()\nexits = 'sys.exit()'"
    assert codes(notebook(tmp_path, tiny, 'measurement: str = "a"', text)) == []


def test_a_cell_that_is_not_python_is_named_with_its_line(tmp_path, tiny):
    found = notebook(tmp_path, tiny, 'measurement: str = "a"', "x = 1\ny = = 2")
    [problem] = faults(found, REQUIRED)
    assert (problem.code, problem.row) == ("KCC-R056b", "3")
    assert "line 2" in problem.remedy


def test_magics_of_a_researcher_are_not_python_and_no_fault(tmp_path, tiny):
    cells = ('measurement: str = "a"', "%matplotlib inline\nx = 1", "%%time\ny = (")
    assert codes(notebook(tmp_path, tiny, *cells)) == []


def test_all_faults_come_at_once(tmp_path, tiny):
    found = notebook(tmp_path, tiny, "x = 1", "input()", "y = (")
    assert codes(found) == [
        ("KCC-R056", "3"),
        ("KCC-R056b", "4"),
        ("KCC-R056d", "2"),
        ("KCC-R056e", ""),
    ]


NOT_NOTEBOOKS = [
    "",
    "{",
    "[]",
    '{"cells": 3}',
    '{"cells": [1]}',
    '{"cells": []}',
    '{"cells": [], "nbformat": 4}',
    '{"cells": [], "nbformat": 3, "nbformat_minor": 5}',
    '{"cells": [], "nbformat": 4, "nbformat_minor": "5"}',
    "[" * 100_000,
]


@pytest.mark.parametrize("content", NOT_NOTEBOOKS, ids=range(len(NOT_NOTEBOOKS)))
def test_what_is_no_notebook_is_refused(tmp_path, content):
    path = tmp_path / "x.ipynb"
    path.write_text(content)
    with pytest.raises(RunError) as error:
        read_notebook(path, "x.ipynb")
    assert error.value.problems[0].code == "KCC-R056f"


def test_a_notebook_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(RunError) as error:
        read_notebook(tmp_path / "x.ipynb", "notebooks/x.ipynb")
    [problem] = error.value.problems
    assert (problem.code, problem.file) == ("KCC-R053d", "notebooks/x.ipynb")


def test_source_may_be_a_list_of_lines(tmp_path, tiny):
    path = tmp_path / "x.ipynb"
    tiny.write_notebook(path, ('measurement: str = "a"',), "Proef")
    content = json.loads(path.read_text())
    content["cells"][1]["source"] = ['measurement: str = "a"\n', "n: int = 2"]
    path.write_text(json.dumps(content))
    assert set(read_notebook(path, "x").parameters) == {"measurement", "n"}
