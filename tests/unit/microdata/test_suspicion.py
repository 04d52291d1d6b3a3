"""Odd but allowed answers."""

import numpy as np
import pytest

from kcc_research.microdata.survey import problems


@pytest.fixture
def told(tmp_path, question, questionnaire, source):
    """Codes and rows told of columns of grades or scales."""

    def tell(columns: dict[str, list[int]], kind: str = "grade", **more: object):
        lines = [";".join(columns)]
        lines += [
            ";".join(map(str, row)) for row in zip(*columns.values(), strict=True)
        ]
        (tmp_path / "proef.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        asked = questionnaire(*(question(name, kind, **more) for name in columns))
        found = problems(tmp_path / "proef.csv", source(), asked)
        return [(each.code, each.row or each.column) for each in found]

    return tell


def test_equal_rows_need_ten_answers(told):
    row = [1, 2, 3, 4, 5, 5, 4, 3, 2, 1]
    ten = {f"q{n}": [value, value, 3] for n, value in enumerate(row)}
    assert ("KCC-D042", "2 en 3") in told(ten, "scale")
    nine = dict(list(ten.items())[:9])
    assert "KCC-D042" not in [code for code, _ in told(nine, "scale")]


def test_a_straight_line_needs_five_questions_of_one_theme(told):
    five = {f"q{n}": [4, n + 1] for n in range(5)}
    assert told(five, "scale") == [("KCC-D042a", "2")]
    four = dict(list(five.items())[:4])
    assert told(four, "scale") == []


def test_scales_that_agree_are_not_suspect(told):
    rng = np.random.default_rng(1)
    mood = rng.integers(2, 9, 200)
    columns = {f"q{n}": (mood + rng.integers(-1, 2, 200)).tolist() for n in range(4)}
    assert told(columns) == []
    columns["q2"] = [11 - value for value in columns["q2"]]
    assert told(columns) == [("KCC-D046b", "q2")]


def test_unrelated_scales_are_not_suspect(told):
    rng = np.random.default_rng(2)
    columns = {f"q{n}": rng.integers(1, 11, 200).tolist() for n in range(6)}
    assert told(columns) == []


@pytest.mark.parametrize(("high", "warned"), [(5, False), (6, False), (7, True)])
def test_half_a_scale_is_odd_only_when_it_is_wide(told, high, warned):
    columns = {"q": [1, 2, 3] * 10}
    found = told(columns, "scale", range=[1, high])
    assert found == ([("KCC-D046a", "q")] if warned else [])


@pytest.mark.parametrize(("sensitive", "value"), [(True, ""), (False, '"3" is het')])
def test_the_highest_answer_is_told_unless_it_is_sensitive(
    tmp_path, question, questionnaire, source, sensitive, value
):
    lines = ["q", *map(str, [1, 2, 3] * 10)]
    (tmp_path / "proef.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    asked = questionnaire(question("q", "grade", sensitive=sensitive))
    (found,) = problems(tmp_path / "proef.csv", source(), asked)

    assert found.code == "KCC-D046a"
    assert found.value[:10] == value
