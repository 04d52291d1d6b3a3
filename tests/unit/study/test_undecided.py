"""A definition file with an open decision is refused, with file and line."""

from kcc_research.study.definition_file import read_definition
from kcc_research.study.undecided import open_decisions


def test_each_open_decision_is_told_with_its_line():
    text = 'title = "a"\n# BESLIS: is dit goed?\nx = 1  # BESLIS nog dit\n'
    found = open_decisions(text, "studies/a/b/v.toml")
    assert [(each.code, each.file, each.row, each.value) for each in found] == [
        ("KCC-C014", "studies/a/b/v.toml", "2", "is dit goed?"),
        ("KCC-C014", "studies/a/b/v.toml", "3", "nog dit"),
    ]


def test_a_file_with_an_open_decision_is_refused(tmp_path):
    path = tmp_path / "v.toml"
    path.write_text('# BESLIS: klopt dit?\ntitle = "a"\n')
    file, problems = read_definition(path, "v.toml")
    assert file.values == {"title": "a"}
    assert [each.code for each in problems] == ["KCC-C014"]
    path.write_text('# Wij beslisten dit. BESLISSING: ja\ntitle = "a"\n')
    file, problems = read_definition(path, "v.toml")
    assert file.values == {"title": "a"} and problems == []
