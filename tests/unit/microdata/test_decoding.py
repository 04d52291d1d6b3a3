"""Bytes to text, or a refusal that names the row."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.errors import DataError
from kcc_research.microdata.decoding import decode, unpacked


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_utf8_is_decoded_to_what_was_written(text):
    told = "\ufeff" in text[:2] or any(sign in text for sign in ("Ã", "Â", "â€"))
    if not told:
        assert decode(text.encode(), "proef.csv", None).text == text


@given(
    st.binary(max_size=40), st.sampled_from([None, "utf-8", "utf-16", "windows-1252"])
)
def test_any_bytes_are_decoded_or_refused(data, declared):
    try:
        found = decode(data, "proef.csv", declared)
    except DataError as refusal:
        assert refusal.problems[0].code in (
            "KCC-D019",
            "KCC-D020",
            "KCC-D021",
            "KCC-D022",
        )
    else:
        assert len(found.text) <= len(data)


def test_gz_is_unpacked_up_to_a_limit(monkeypatch):
    assert unpacked(gzip.compress(b"a;b"), "proef.csv.gz") == b"a;b"
    monkeypatch.setattr("kcc_research.microdata.decoding.MOST_BYTES", 1000)
    with pytest.raises(DataError) as refusal:
        unpacked(gzip.compress(b"0" * 1001), "proef.csv.gz")
    assert refusal.value.problems[0].code == "KCC-D037"


@pytest.mark.parametrize(
    ("data", "declared", "code"),
    [
        (b"\xff\xfea", None, "KCC-D022"),
        (b"\xef\xbb\xbfa;b", "windows-1252", "KCC-D020"),
        (b"a\x00b", "utf-16", None),
        (b"abc", "utf-16", "KCC-D019"),
    ],
)
def test_encodings_that_contradict_the_bytes(data, declared, code):
    if code is None:
        assert decode(data + b"\x00", "proef.csv", declared).encoding == "UTF-16"
        return
    with pytest.raises(DataError) as refusal:
        decode(data, "proef.csv", declared)
    assert [each.code for each in refusal.value.problems] == [code]
