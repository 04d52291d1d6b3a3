"""Columns on paper get room for what stands in them."""

from hypothesis import given
from hypothesis import strategies as st

from kcc_research.reporting.column_widths import column_widths
from kcc_research.reporting.records import Table


def table(*rows: tuple[str, ...]) -> Table:
    head = tuple(f"K{place}" for place in range(len(rows[0])))
    return Table("t", "c", head, rows)


def test_a_narrow_table_takes_part_of_the_page():
    widths = column_widths(table(("balie", "7,1")))
    assert (widths.shares, widths.page) == ((), 55)


def test_a_wide_table_takes_the_whole_page():
    widths = column_widths(table(("a" * 20, "b" * 30, "c" * 20)))
    assert (widths.shares, widths.page) == ((), 100)


def test_sentences_leave_room_for_the_first_column():
    sentence = "een lange zin met veel woorden " * 4
    first, second, third = column_widths(table(("Bewering één", sentence, "ja"))).shares
    assert first >= len("Bewering")
    assert second > first > third


words = st.text(alphabet="abcdefgh ", min_size=1, max_size=120)


@given(st.lists(st.tuples(words, words, words), min_size=1, max_size=5))
def test_no_word_is_squeezed_while_the_words_fit_the_page(rows):
    made = table(*rows)
    widths = column_widths(made)
    longest = [
        max((len(word) for cell in column for word in cell.split()), default=0)
        for column in zip(*rows, strict=True)
    ]
    if widths.shares and sum(longest) + 20 <= 92:
        for share, word in zip(widths.shares, longest, strict=True):
            assert share >= word


def test_a_number_and_its_unit_are_not_broken_beside_long_names():
    long_name = "Doorverbonden naar een andere afdeling van de gemeente"
    made = table((long_name, "2.487 van 3.182", "niet gehaald", long_name))
    shares = column_widths(made).shares
    assert shares[1] >= len("2.487 van 3.182")
    assert shares[2] >= len("niet gehaald")
