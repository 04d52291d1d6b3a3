"""The helper that tells a wrong length from the validator's own error."""

from tests.pdf_standards import wrong_lengths

RIGHT = b"1 0 obj\n<< /Length 4 >>\nstream\nabc\r\nendstream\nendobj\n"


def test_a_stream_that_ends_in_a_return_has_its_length():
    assert wrong_lengths(RIGHT) == []


def test_a_wrong_length_is_found():
    for wrong in (b"/Length 2", b"/Length 9"):
        assert len(wrong_lengths(RIGHT.replace(b"/Length 4", wrong))) == 1
