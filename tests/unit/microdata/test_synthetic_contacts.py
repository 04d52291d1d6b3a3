"""The committed contact records: as the generator makes them, in the shape of KISS."""

import csv
import gzip
import io
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from kcc_research.microdata.synthetic_contacts import (
    FILE,
    FIRST,
    LAST,
    OUT_OF_ORDER,
    demo_packed,
)
from kcc_research.study.layout_file import shipped_layouts
from tests.workspaces import REPOSITORY


@cache
def rows():
    return list(csv.DictReader(io.StringIO(demo_packed()[FILE]), delimiter=";"))


def moments():
    zone = ZoneInfo("Europe/Amsterdam")
    return [datetime.fromisoformat(r["startdatum"]).astimezone(zone) for r in rows()]


def test_the_committed_file_is_what_the_generator_makes():
    path = REPOSITORY / "data" / "raw" / FILE
    assert gzip.decompress(path.read_bytes()).decode() == demo_packed()[FILE]


def test_it_has_the_columns_that_the_layout_reads_and_a_member_of_staff():
    layout = shipped_layouts()["kiss"]
    assert {*layout.columns} <= {*rows()[0]}
    assert "emailadresKcm" in layout.drop
    assert {r["emailadresKcm"].partition("@")[2] for r in rows()} == {
        "voorbeeldgemeente.nl"
    }


def test_contacts_fall_in_dutch_office_hours_before_and_after_summer_time():
    assert {each.hour for each in moments()} == set(range(8, 17))
    assert {each.utcoffset().total_seconds() for each in moments()} == {3_600, 7_200}
    assert all(each.weekday() < 5 for each in moments())
    days = [each.date() for each in moments()]
    assert (min(days), max(days)) == (FIRST, LAST)


def test_a_week_without_records_is_in_it():
    days = {each.date() for each in moments()}
    assert not any(OUT_OF_ORDER[0] <= day <= OUT_OF_ORDER[1] for day in days)


def test_every_contact_has_its_own_number_and_ends_after_it_starts():
    assert len({r["id"] for r in rows()}) == len(rows())
    assert all(r["startdatum"] < r["einddatum"] for r in rows())
