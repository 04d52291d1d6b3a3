"""A page is read as a browser reads it: what it mends is an error of form."""

from kcc_research.reporting import html_tree

PAGE = (
    '<!DOCTYPE html><html lang="nl"><head><title>T</title></head><body>'
    "<p>een<b>twee</b><!-- niemand ziet dit -->drie</p>"
    '<figure class="breed  groot"><div><img alt="x"></div></figure><img alt="y">'
    "<table><tr><th>a<td>b</table></body></html>"
)


def test_end_tags_that_may_be_left_out_are_no_errors() -> None:
    tree = html_tree.parsed(PAGE)
    assert tree.errors == ()
    table = tree.first("table")
    assert [each.tag for each in table.iter()] == ["table", "tbody", "tr", "th", "td"]


def test_each_kind_of_error_is_told_once() -> None:
    tree = html_tree.parsed("<p></i></i><p></u>")
    assert tree.errors == ("expected-doctype-but-got-start-tag", "unexpected-end-tag")


def test_words_are_what_is_seen_and_comments_are_not() -> None:
    tree = html_tree.parsed(PAGE)
    assert html_tree.words(tree.first("p")) == "een twee drie"
    assert all(isinstance(each.tag, str) for each in tree.elements)


def test_what_stands_in_what() -> None:
    tree = html_tree.parsed(PAGE)
    inner, outer = tree.root.iter("img")
    assert tree.inside("figure", "img") == [inner]
    assert tree.around(inner, "figure") is tree.first("figure")
    assert tree.around(outer, "figure") is None
    assert tree.inside("figure", "img", tree.first("table")) == []


def test_a_class_is_one_of_several() -> None:
    tree = html_tree.parsed(PAGE)
    found = html_tree.of_class(tree.elements, "groot")
    assert [each.tag for each in found] == ["figure"]
    assert list(html_tree.of_class(tree.elements, "gro")) == []
