"""The canary test (TRUST-T9): marks in every raw column that must never be seen again.

Raw files of the demonstration studies are marked, and everything that is written is
searched: after a check, failed runs, a good run, a run that was killed, a release and a
purge. The story is in tests/canary_story.py; the counts of all studies in
docs/canary.md (``python scripts/canary.py``).
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.canary import Planted, Search
from tests.canary_story import CASES, Marked, prepare, tell

EVERYDAY = CASES[0]


@pytest.fixture(
    params=[
        pytest.param(
            each, id=each.key, marks=[] if each is EVERYDAY else [pytest.mark.slow]
        )
        for each in CASES
    ],
)
def marked(request) -> Iterator[Marked]:
    """A workspace with marked raw files, and a folder for temporary files."""
    # Sockets have short names, so the folder for temporary files stands high up.
    base = Path(tempfile.mkdtemp(prefix="kcn-"))
    try:
        yield prepare(request.param, base)
    finally:
        shutil.rmtree(base)


def test_nothing_that_was_marked_is_ever_seen_again(marked, record_property):
    """Every search of the story finds nothing at all."""
    for kind, count in marked.planted.counts.items():
        record_property(f"{marked.key}: planted in {kind}", count)
    assert marked.planted.counts["undeclared"] > 0
    assert marked.planted.counts["staff"] > 0
    for look in tell(marked):
        record_property(f"{marked.key} after {look.after}: files", look.files)
        assert look.files > 0
        assert look.hits == (), look.after


@pytest.mark.parametrize("kind", ["i", "u", "s", "t"])
def test_the_search_itself_finds_a_mark_wherever_it_is(tmp_path, kind):
    """A search that cannot find would prove nothing."""
    import base64
    import gzip
    import io
    import zipfile
    import zlib

    import pandas as pd
    import pikepdf

    mark = Planted().mark(kind, "x")

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + b"\0\0\0\0"

    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(mark.encode()))
    picture = b"\x89PNG\r\n\x1a\n" + text
    (tmp_path / "plain.html").write_text(f"<p>{mark.upper()}</p>", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(picture)
    inside = base64.b64encode(picture).decode()
    (tmp_path / "inside.html").write_text(f"src='data:image/png;base64,{inside}'")
    (tmp_path / "notebook.ipynb").write_text(json.dumps({"image/png": inside}))
    (tmp_path / "packed.csv.gz").write_bytes(gzip.compress(mark.encode()))
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", mark)
    frame = pd.DataFrame({"a": [mark] * 9})
    buffer = io.BytesIO()
    frame.to_parquet(buffer, compression="zstd")
    (tmp_path / "rows.parquet").write_bytes(buffer.getvalue())
    document = pikepdf.new()
    document.add_blank_page()
    document.pages[0].Contents = document.make_stream(zlib.compress(mark.encode()))
    document.pages[0].Contents.stream_dict.Filter = pikepdf.Name.FlateDecode
    document.pages[0].Contents.write(mark.encode())
    document.save(tmp_path / "streams.pdf", compress_streams=True)
    (tmp_path / f"{mark}.txt").write_text("")
    expected = {p.name for p in tmp_path.iterdir()}
    found = Search()
    found.folder(tmp_path, kind)
    missed = {n for n in expected if not any(n in hit for hit in found.hits)}
    assert missed == set()
    others = Search()
    others.folder(tmp_path, "".join({"i", "u", "s", "t"} - {kind}))
    assert others.hits == []


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("<td>7919</td>", True),
        ("<td>7.919</td>", True),
        ("<p>langste: 2:11:59</p>", True),
        ("<p>79,19 minuten</p>", True),
        ("<p>a7919f 17919 79190 0,7919 7919,5</p>", False),
    ],
)
def test_the_search_finds_a_rare_number(text, is_found):
    found = Search()
    found.numbers("x.html", text.encode())
    assert bool(found.hits) is is_found
