import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from kcc_research.pipeline.record import (
    BY_HAND,
    SHARED,
    Record,
    canonical_json,
    differences,
    read_record,
    sha256_of_file,
    stale_outputs,
)

TEXTS = st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=4)


@given(TEXTS, TEXTS)
def test_a_record_is_read_as_it_was_written(parts, outputs):
    import tempfile
    from pathlib import Path

    record = Record("analyse", "run", parts, outputs)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.json"
        path.write_bytes(record.to_json())
        assert read_record(path) == record


def test_the_order_of_keys_changes_nothing():
    assert canonical_json({"b": 1, "a": 2}) == canonical_json({"a": 2, "b": 1})
    assert canonical_json({"é": 1}).decode() == '{\n "é": 1\n}\n'


def test_a_damaged_or_foreign_record_is_no_record(tmp_path):
    path = tmp_path / "record.json"
    assert read_record(path) is None
    for text in ("", "{", "[]", "3", '{"schema_version": 99}', '{"schema_version": 1}'):
        path.write_text(text)
        assert read_record(path) is None
    sound = {"schema_version": 1, "step": "a", "made_by": "run", "parts": {}}
    path.write_text(json.dumps({**sound, "outputs": {}}))
    assert read_record(path) == Record("a", "run")
    for outputs in ([], ["x"], {"x": 1}, {"x": None}, None):
        path.write_text(json.dumps({**sound, "outputs": outputs}))
        assert read_record(path) is None


def test_differences_are_told_by_name():
    record = Record("analyse", "run", {"a": "1", "b": "1", "c": "1"})
    parts = {"a": "1", "b": "2", "d": "1"}
    assert differences(record, parts) == ["b changed", "d is new", "c is gone"]
    assert differences(record, {"a": "1", "b": "1", "c": "1"}) == []


def test_a_step_run_by_hand_is_never_up_to_date():
    assert differences(Record("analyse", "hand"), {}) == [BY_HAND]


def test_outputs_are_checked_by_content(tmp_path):
    (tmp_path / "same").write_bytes(b"1")
    (tmp_path / "edited").write_bytes(b"2")
    (tmp_path / "log.csv").write_bytes(b"anything")
    one = hashlib.sha256(b"1").hexdigest()
    outputs = {"same": one, "edited": one, "gone": one, "log.csv": SHARED}
    record = Record("clean-a", "run", {}, outputs)
    found = list(stale_outputs(record, tmp_path))
    assert found == ["edited was changed", "gone is missing"]


def test_a_shared_file_must_be_there(tmp_path):
    record = Record("clean-a", "run", {}, {"log.csv": SHARED})
    assert list(stale_outputs(record, tmp_path)) == ["log.csv is missing"]


def test_files_are_hashed_whole(tmp_path):
    content = bytes(range(256)) * 10_000
    (tmp_path / "x").write_bytes(content)
    assert sha256_of_file(tmp_path / "x") == hashlib.sha256(content).hexdigest()


def test_what_a_step_made_has_one_hash():
    one = Record("a", "run", {"x": "1"}, {"f": "1"})
    assert one.content == Record("a", "hand", {}, {"f": "1"}).content
    assert one.content != Record("a", "run", {"x": "1"}, {"f": "2"}).content
    assert json.loads(one.to_json())["outputs"] == {"f": "1"}
