"""The page of evidence says what the gates do: no more, and no less."""

import re
from inspect import getsource

from kcc_research.pipeline import report_files
from kcc_research.reporting import accessibility, html_gate, pdf_exporter, pdf_gate


def codes(*modules):
    found = set()
    for each in modules:
        found |= set(
            re.findall(r'problem\(\s*"KCC-(O0(?:66|70)[a-z]?)"', getsource(each))
        )
    return found


def test_every_check_of_both_gates_is_on_the_page():
    in_gates = codes(html_gate, pdf_gate, pdf_exporter, report_files)
    assert in_gates == accessibility.CODES


def test_no_check_is_told_twice():
    every = [*accessibility.HTML_CHECKS, *accessibility.PDF_CHECKS]
    assert sum(len(each.codes) for each in every) == len(accessibility.CODES)


def test_criteria_are_those_of_level_a_and_aa():
    every = [*accessibility.HTML_CHECKS, *accessibility.PDF_CHECKS]
    named = {each.criteria for each in every if each.criteria}
    level_a = {"1.1.1", "1.3.1", "2.4.1", "2.4.2", "2.4.3", "2.4.4", "3.1.1"}
    assert named == level_a | {"1.4.3", "2.4.5"}
