"""The fonts of the package: complete, and honest about what they cannot show."""

from hypothesis import given
from hypothesis import strategies as st

from kcc_research.reporting import fonts


def test_all_files_and_their_licence_are_there() -> None:
    present = {each.name for each in fonts.folder().iterdir()}
    assert set(fonts.FILES) | {"LICENSE_DEJAVU"} <= present
    assert not {each for each in present if "LastResort" in each}


def test_names_inside_a_pdf_are_those_of_the_files() -> None:
    from matplotlib.ft2font import FT2Font

    names = {
        FT2Font(str(fonts.folder() / each)).postscript_name for each in fonts.FILES
    }
    assert names == fonts.POSTSCRIPT_NAMES


def test_dutch_can_be_shown() -> None:
    assert fonts.missing("Café, één €, ‘zo’ – “ja” … ½ ≥ 5\u00a0% \u2212 ij ĳ \n") == ""


def test_what_cannot_be_shown_is_named_once_in_order() -> None:
    assert fonts.missing("件 en 文件") == "件文"
    assert fonts.missing("bel\x07") == "\x07"


@given(st.text())
def test_what_a_draft_shows_has_no_missing_characters(text: str) -> None:
    shown = fonts.shown(text)
    assert len(shown) == len(text)
    assert fonts.missing(shown) == ""
