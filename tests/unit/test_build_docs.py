"""The documentation site: what is written from the code, and what is refused."""

import importlib.util
import sys
from pathlib import Path

import pytest

import kcc_research
from kcc_research import errors
from kcc_research.pipeline import plan

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def site():
    """scripts/build_docs.py as a module."""
    spec = importlib.util.spec_from_file_location(
        "build_docs", ROOT / "scripts" / "build_docs.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_docs"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["build_docs"]


@pytest.fixture(scope="module")
def pages(site):
    return site.reference_pages.pages()


class TestReference:
    def test_every_message_is_there(self, pages):
        text = pages["meldingen"] + pages["messages"]
        for family in "CDSPQRO":
            assert [c for c in errors.catalogue(family) if f"`{c}`" not in text] == []

    def test_every_public_function_is_there(self, pages):
        functions = [line.split(".")[-1] for line in pages["python"].splitlines()]
        assert set(kcc_research.__all__) <= set(functions)

    def test_every_command_has_its_options_explained(self, site, pages):
        for name, command in site.reference_pages.command_line().items():
            assert f"## kcc {name}\n" in pages["commands"]
            for parameter in command.params:
                shown = site.reference_pages._plain(parameter.help)
                assert shown in pages["commands"]

    def test_every_kind_of_study_has_its_notebooks(self, pages):
        for kind, name in plan.ANALYSE.items():
            assert (
                f"| `{kind}` | `{name}` | `{plan.REPORT[kind]}` |" in pages["studies"]
            )

    def test_every_key_of_a_measurement_is_there(self, pages):
        for key in ("retain_until", "undeliverable", "domain_then", "target_date"):
            assert f"| `{key}` |" in pages["definitions"]

    def test_signs_of_markup_stay_text(self, site):
        plain = site.reference_pages._plain("<a> | b_c ``d|e`` *f*")
        assert plain == r"\<a> \| b\_c `d|e` *f*"


class TestLinks:
    def test_a_page_of_the_site_is_linked_others_are_named(self, site):
        original = ROOT / "docs" / "README.md"
        text = (
            "[a](recipes.md#limits) [b](../GLOSSARY.md) [c](../tests/x.py)"
            " [`x.py`](../tests/x.py) [d](https://example.org) ![e](pictures/e.png)"
        )
        assert site.on_site(text, original) == (
            "[a](/recipes.md#limits) [b](/glossary.md) c (`tests/x.py`)"
            " `tests/x.py` [d](https://example.org) ![e](/pictures/e.png)"
        )

    @pytest.mark.parametrize(
        "text",
        [
            '<script src="https://cdn.example/a.js"></script>',
            '<link rel="stylesheet" href="//fonts.example/a.css">',
            '<img alt="" src="http://example.org/a.png">',
            "<style>@import 'https://example.org/a.css'</style>",
            "a { background: url(https://example.org/a.png) }",
        ],
    )
    def test_what_loads_from_elsewhere_is_found(self, site, tmp_path, text):
        (tmp_path / "page.html").write_text(text)
        [found] = site.loads_from_elsewhere(tmp_path)
        assert found.startswith("page.html: ")

    def test_a_link_to_elsewhere_loads_nothing(self, site, tmp_path):
        (tmp_path / "page.html").write_text('<a href="https://example.org">a</a>')
        assert site.loads_from_elsewhere(tmp_path) == []

    def test_a_place_that_is_not_there_is_found(self, site, tmp_path):
        (tmp_path / "one.html").write_text('<a href="two.html#a"></a><a href="#b"></a>')
        (tmp_path / "two.html").write_text('<p id="a">')
        assert site.lost_anchors(tmp_path) == ["one.html: #b"]


def test_pages_for_researchers_are_dutch_and_exist(site):
    names = site.dutch_pages()
    outside = {page.split(".")[0] for page in site.OUTSIDE.values()}
    made = {"nederlands", *(f"reference/{name}" for name in ("meldingen",))}
    for name in names:
        assert name in outside | made or (ROOT / "docs" / f"{name}.md").exists()
