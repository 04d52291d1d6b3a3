"""What a model refuses, as problems (the files of a study: see test_loading)."""

from typing import Literal

import pytest
from pydantic import Field, ValidationError

from kcc_research.study.definition_file import DefinitionFile
from kcc_research.study.model import Definition, Slug, refuse
from kcc_research.study.refusal import validation_problems
from kcc_research.study.toml_lines import key_lines


class Part(Definition):
    id: str = ""
    size: int = Field(default=1, ge=1, le=9)
    kind: Literal["a", "b"] = "a"


class Whole(Definition):
    title: str = Field(default="x", min_length=1, max_length=5)
    name: Slug = "x"
    part: tuple[Part, ...] = Field(default=(), strict=False)
    pair: tuple[float, float] | None = Field(default=None, strict=False)


TEXT = """\
title = "x"

[[part]]
id = "een"
size = 1
[[part]]
id = "twee"
size = 1
"""


def problems(**changes):
    values = {"title": "x", "part": [{"id": "een"}, {"id": "twee", "size": 1}]}
    file = DefinitionFile("a.toml", values | changes, key_lines(TEXT))
    with pytest.raises(ValidationError) as raised:
        Whole.model_validate(file.values)
    return validation_problems(file, raised.value, Whole)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": ""}, "de tekst is leeg"),
        ({"title": "abcdef"}, "langer dan 5 tekens"),
        ({"part": [{"size": 0}]}, "minstens 1 zijn"),
        ({"part": [{"size": 10}]}, "hoogstens 9 zijn"),
        ({"pair": [1.0]}, "te weinig waarden"),
        ({"pair": [1.0, 2.0, 3.0]}, "hoogstens 2"),
    ],
)
def test_bounds_are_said_in_dutch(changes, reason):
    (found,) = problems(**changes)

    assert reason in found.title


def test_every_problem_has_the_line_and_table_of_its_key():
    parts = [{"id": "een", "sise": 1}, {"id": "twee", "size": "1", "kind": "c"}]
    found = problems(part=parts)

    assert [(each.code, each.row, each.column) for each in found] == [
        ("KCC-C003", "3", "part.sise"),
        ("KCC-C004", "8", "part.size"),
        ("KCC-C004b", "6", "part.kind"),
    ]
    assert "'size'" in found[0].remedy
    assert found[2].remedy == "Kies een van: a, b."


def test_a_form_is_explained():
    (found,) = problems(name="Met Hoofdletter")

    assert (found.code, found.value) == ("KCC-C004d", "Met Hoofdletter")


def test_a_list_where_a_table_belongs_is_not_echoed():
    (found,) = problems(part=[[1, 2]])

    assert (found.code, found.value) == ("KCC-C004", "")
    assert "een lijst" in found.remedy


def test_no_faults_refuse_nothing():
    assert refuse(()) is None
