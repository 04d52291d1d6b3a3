"""The header row against the questionnaire."""

from kcc_research.microdata.header import Header, closest, column_problems


def codes(header: Header, rows=()) -> list[tuple[str, str]]:
    found = column_problems(header, rows, "proef.csv")
    return [(each.code, each.column) for each in found]


def test_columns_are_found_in_the_order_of_the_questionnaire():
    header = Header(1, ("x", "b", "a"), ("a", "b", "c"))
    assert dict(header.present) == {"a": 2, "b": 1}
    assert header.missing == ("c",)
    assert header.undeclared == ("x",)
    assert codes(header) == [("KCC-D014", "c"), ("KCC-P001", "x")]


def test_many_missing_columns_are_one_problem():
    header = Header(1, ("a",), ("a", *"bcdefg"))
    assert codes(header) == [("KCC-D014", "b, c, d, e, f, g")]


def test_a_declared_name_twice_an_undeclared_one_does_not_matter():
    header = Header(1, ("a", "x", "a", "x"), ("a",))
    assert codes(header) == [("KCC-D030", "a"), ("KCC-P001", "x, x")]


def test_the_header_stands_lower():
    header = Header(1, ("Meting", ""), ("a", "b"))
    rows = [(1, ["Meting", ""]), (2, ["uitleg", ""]), (3, ["a", "b"])]
    found = column_problems(header, rows, "proef.csv")
    assert [(each.code, each.row) for each in found] == [("KCC-D031", "1")]
    assert "header_row = 3" in found[0].remedy


def test_closest():
    assert closest("Cijfer ", ["kanaal", "cijfers"]) == "cijfers"
    assert closest("cijfer", ["kanaal"]) == ""
    assert closest("cijfer", []) == ""
