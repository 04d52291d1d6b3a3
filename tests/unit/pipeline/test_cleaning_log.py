from kcc_research.pipeline import cleaning_log

BALIE = b"source,row,from\nbalie,2,a\nbalie,3,b\n"
WEB = b'source,row,from\nweb,9,"x, y"\n'


def test_rows_of_a_source_take_the_place_of_its_own_only(tmp_path):
    path = tmp_path / cleaning_log.NAME
    assert cleaning_log.with_source(path, "web", WEB) == WEB
    path.write_bytes(WEB)
    both = cleaning_log.with_source(path, "balie", BALIE)
    assert both == BALIE + b'web,9,"x, y"\n'
    path.write_bytes(both)
    assert cleaning_log.with_source(path, "balie", b"source,row,from\n") == WEB


def test_rows_of_what_is_no_source_any_more_go(tmp_path):
    path = tmp_path / cleaning_log.NAME
    path.write_bytes(BALIE + WEB.splitlines(keepends=True)[1])
    assert cleaning_log.only_of(path, {"web"}) == WEB


def test_a_log_of_another_version_keeps_its_columns(tmp_path):
    path = tmp_path / cleaning_log.NAME
    path.write_bytes(b"source,row,why\nbalie,2,trim\n")
    found = cleaning_log.with_source(path, "web", WEB)
    assert found == b'source,row,from,why\nbalie,2,,trim\nweb,9,"x, y",\n'


def test_a_damaged_log_loses_its_damaged_lines_only(tmp_path):
    path = tmp_path / cleaning_log.NAME
    path.write_bytes(b"source,row,from\n\xff\n,,\nbalie,2\n")
    assert b"balie,2,\n" in cleaning_log.with_source(path, "web", WEB)
