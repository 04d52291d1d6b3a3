import hashlib
import json

import pytest

from kcc_research.pipeline.manifest import (
    faults,
    read_manifest,
    report_record,
    with_manifest,
)

KEY = "xx-stad/2024"


@pytest.fixture
def folder(tmp_path):
    files = {"report.html": b"<p>", "tables/x.csv": b"a\n"}
    complete = with_manifest(KEY, files, {"part": "1"}, {"tested": 5, "suppressed": 1})
    for name, content in complete.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def told(folder):
    return [(each.code, each.file) for each in faults(KEY, folder, "outputs/x")]


def test_what_was_written_is_in_order(folder):
    assert told(folder) == []


def test_the_manifest_holds_hashes_and_the_record_of_disclosure(folder):
    read = json.loads((folder / "manifest.json").read_text())
    assert read["files"]["report.html"] == hashlib.sha256(b"<p>").hexdigest()
    assert read["disclosure"] == {"tested": 5, "suppressed": 1}
    assert "manifest.json" not in read["files"]


def test_every_altered_missing_and_extra_file_is_named(folder):
    (folder / "report.html").write_bytes(b"<p>edited")
    (folder / "tables" / "x.csv").unlink()
    (folder / "tables" / "extra.csv").write_text("")
    assert told(folder) == [
        ("KCC-R062", "outputs/x/report.html"),
        ("KCC-R062b", "outputs/x/tables/extra.csv"),
        ("KCC-R062a", "outputs/x/tables/x.csv"),
    ]


def test_without_a_manifest_nothing_is_published(folder):
    (folder / "manifest.json").unlink()
    assert told(folder) == [("KCC-R062c", "outputs/x")]
    assert report_record(folder) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"schema_version": 1, "files": 3}',
        '{"schema_version": 1, "files": {}}',
        '{"schema_version": 1, "files": {}, "parts": []}',
        '{"schema_version": 1, "files": {"a": 3}, "parts": {}}',
    ],
)
def test_a_damaged_manifest_is_told(folder, text):
    (folder / "manifest.json").write_text(text)
    assert read_manifest(folder) is None
    assert report_record(folder) is None
    assert told(folder) == [("KCC-R062d", "outputs/x/manifest.json")]


def test_the_manifest_is_the_record_of_the_report_step(folder):
    record = report_record(folder)
    assert record is not None
    assert record.parts == {"part": "1"}
    assert sorted(record.outputs) == ["report.html", "tables/x.csv"]
