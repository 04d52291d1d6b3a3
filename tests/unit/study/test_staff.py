"""Staff (TRUST-D12, P7): nothing per employee, and a team only of five or more."""

import typing

import pytest

from kcc_research.errors import DefinitionError
from kcc_research.study.layout_file import shipped_layouts
from kcc_research.study.loading import load_study
from kcc_research.study.record_layout import GROUPINGS, Role
from kcc_research.study.staff import STAFF_WORDS, looks_like_staff

QUESTION = """
[[question]]
id = "{name}"
column = "{name}"
text = "Wie hielp u?"
type = "choice"
codes = {{ 1 = "Noord", 2 = "Zuid" }}
sensitive = false
{more}
"""


def problems(folder, name, more=""):
    path = folder.path / "algemeen.toml"
    before = path.read_text("utf-8")
    path.write_text(before + QUESTION.format(name=name, more=more), "utf-8")
    try:
        load_study(folder.root, folder.key)
    except DefinitionError as error:
        return [(each.code, each.value) for each in error.problems]
    return []


@pytest.mark.parametrize("name", ["medewerker", "naam_medewerker", "team", "loket_nr"])
def test_a_column_of_staff_has_to_say_what_it_is(noordwijk, name):
    assert problems(noordwijk, name) == [("KCC-S012", name)]


def test_it_may_say_that_it_is_about_nobody_who_works_there(noordwijk):
    assert problems(noordwijk, "team", 'staff = "nobody"') == []


@pytest.mark.parametrize(
    ("employees", "expected"),
    [
        ("{ Noord = 5, Zuid = 12 }", []),
        ("{ Noord = 4, Zuid = 12 }", [("KCC-S012a", "Noord")]),
        ("{ Noord = 5 }", [("KCC-S012a", "Zuid")]),
        ("{}", [("KCC-S012a", "Noord"), ("KCC-S012a", "Zuid")]),
    ],
)
def test_every_team_has_at_least_five_employees(noordwijk, employees, expected):
    more = f'staff = "team"\nemployees = {employees}'
    assert problems(noordwijk, "afdeling", more) == expected


def test_a_measurement_may_ask_for_larger_teams(noordwijk):
    path = noordwijk.path / "measurement.toml"
    policy = "\n[disclosure]\nminimum_team = 8\n"
    path.write_text(path.read_text("utf-8") + policy, "utf-8")
    more = 'staff = "team"\nemployees = { Noord = 7, Zuid = 8 }'
    assert problems(noordwijk, "afdeling", more) == [("KCC-S012a", "Noord")]


def test_grades_about_staff_are_no_grouping(noordwijk):
    text = QUESTION.replace('type = "choice"', 'type = "grade"')
    text = text.replace('codes = {{ 1 = "Noord", 2 = "Zuid" }}', "range = [1, 10]")
    path = noordwijk.path / "algemeen.toml"
    more = 'direction = "higher_is_better"'
    question = text.format(name="medewerker", more=more)
    path.write_text(path.read_text("utf-8") + question, "utf-8")
    assert load_study(noordwijk.root, noordwijk.key).questionnaires


def test_no_role_of_a_registration_is_a_person_who_works_there():
    """What no role names is never read; of the groupings the column is judged."""
    assert STAFF_WORDS.isdisjoint(typing.get_args(Role))
    for name, layout in shipped_layouts().items():
        for role in GROUPINGS:
            if role in layout.field:
                assert not looks_like_staff(layout.field[role].column), (name, role)
