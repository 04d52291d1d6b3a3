"""Registrations of a few rows, in which every row is there for a reason."""

import gzip
import json
from datetime import date

import duckdb
import pytest

from kcc_research.errors import DataError
from kcc_research.microdata.contacts import contact_problems, import_contacts
from kcc_research.study.layout_file import joined, shipped_layouts
from kcc_research.study.measurement import Source
from kcc_research.study.record_layout import RecordLayout

TICKETS = (
    "ticketnr;datum;locatie;balie;product;afspraak;afspraaktijd;aanmeldtijd;"
    "oproeptijd;starttijd;eindtijd;status"
)
CALLS = (
    "call_id;datumtijd;wachtrij;keuzemenu;wachttijd_s;gesprekstijd_s;hold_s;nawerk_s;"
    "status;doorverbonden_naar"
)


@pytest.fixture
def read(tmp_path):
    """Reads rows under a layout; gives the log and the records as dicts."""

    def run(layout, *lines, name="bestand.csv", **source):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return _read(path, layout, tmp_path / "uit.parquet", source)

    return run


def _source(path, given):
    return Source.model_validate(
        {"id": "bron", "kind": "contacts", "layout": "x.toml", "file": path.name}
        | given
    )


def _read(path, layout, target, given):
    log = import_contacts(path, _source(path, given), layout, target)
    columns = "* REPLACE (strftime(moment AT TIME ZONE 'UTC', '%d %H:%M:%S') AS moment)"
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT {columns} FROM '{target}'")
        names = [each[0] for each in found.description]
        return log, [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def codes(log):
    return {each.code: each for each in log.problems}


def layout(name: str = "klantgeleiding", **more: object) -> RecordLayout:
    """A shipped layout with changes, as a municipality would make them."""
    values = shipped_layouts()[name].model_dump(exclude_defaults=True)
    return RecordLayout.model_validate(joined(values, more))


def plain(**more: object) -> RecordLayout:
    """A layout of an id and a time."""
    base = {
        "title": "Proef",
        "kind": "contacts",
        "key": ["id"],
        "field": {"arrived": {"column": "tijd"}},
    }
    return RecordLayout.model_validate(joined(base, more))


def field(**fields: object) -> dict[str, object]:
    return {"field": fields}


# --- waiting and handling -------------------------------------------------------------


def test_a_ticket_waits_from_arrival_to_call(read):
    _, (found,) = read(
        layout(),
        TICKETS,
        "A1;04-03-2024;Centrum;3;Paspoort;n;;09:00:10;09:07:30;09:08:00;09:20:00;geholpen",
    )

    assert found["wait_seconds"] == 440
    assert found["handling_seconds"] == 720
    assert (found["outcome"], found["with_appointment"]) == ("helped", False)
    assert (found["day"], found["month"]) == (date(2024, 3, 4), "2024-03")
    assert (found["weekday"], found["hour"]) == (1, 9)


@pytest.mark.parametrize(
    ("arrived", "called", "wait"),
    [
        ("08:50:00", "09:05:00", 300),  # early: waits from the appointment
        ("09:10:00", "09:15:00", 300),  # late: waits from the arrival
        ("08:50:00", "08:55:00", 0),  # helped before the appointment
    ],
)
def test_with_an_appointment_waiting_starts_at_the_later(read, arrived, called, wait):
    log, (found,) = read(
        layout(),
        TICKETS,
        f"A1;04-03-2024;C;3;P;j;09:00:00;{arrived};{called};{called};09:30:00;geholpen",
    )

    assert (found["wait_seconds"], found["with_appointment"]) == (wait, True)
    assert ("KCC-D036d" in codes(log)) == (wait == 0)


def test_no_shows_are_a_class_of_their_own_without_times(read):
    _, (found, left) = read(
        layout(),
        TICKETS,
        "A1;04-03-2024;C;3;P;j;09:00:00;;;;;no-show",
        "A2;04-03-2024;C;3;P;n;;09:00:00;;;;vertrokken",
    )

    assert (found["outcome"], left["outcome"]) == ("no_show", "abandoned")
    assert found["wait_seconds"] is left["wait_seconds"] is None
    assert found["handling_seconds"] is None
    assert found["hour"] == 9


def test_a_ticket_may_cross_midnight(read):
    _, (found,) = read(
        layout(),
        TICKETS,
        "A1;29-02-2024;C;3;P;n;;23:50:00;00:05:00;00:06:00;00:21:00;geholpen",
    )

    assert (found["wait_seconds"], found["handling_seconds"]) == (900, 900)
    assert found["day"] == date(2024, 2, 29)


def test_a_call_takes_talk_hold_and_wrap_up(read):
    _, found = read(
        layout("telefonie"),
        CALLS,
        "1;2024-03-04T09:00:00;a;b;12;100;20;30;beantwoord;",
        "2;2024-03-04T09:00:00;a;b;12,5;100;;;Beantwoord;team vergunningen",
        "3;2024-03-04T18:00:00;a;b;7;;;;opgehangen;",
    )

    assert [each["handling_seconds"] for each in found] == [150, 100, None]
    assert [each["wait_seconds"] for each in found] == [12, 13, 7]
    assert [each["transfer"] for each in found] == ["none", "transferred", "none"]
    assert [each["in_hours"] for each in found] == [True, True, False]


def test_a_holiday_is_outside_opening_hours_on_a_saturday_too(read):
    opening = {"saturday": "09:00-13:00"}

    _, found = read(
        plain(opening=opening),
        "id;tijd",
        "1;2024-04-20 10:00",
        "2;2024-04-27 10:00",  # King's Day
        "3;2024-04-20 13:00",
    )

    assert [each["in_hours"] for each in found] == [True, False, False]


def test_nobody_to_whom_a_call_went_is_kept(read, tmp_path):
    read(
        layout("telefonie"),
        CALLS,
        "1;2024-03-04T09:00:00;a;b;12;100;20;30;beantwoord;mevrouw Jansen",
    )

    assert b"Jansen" not in (tmp_path / "uit.parquet").read_bytes()


@pytest.mark.parametrize(
    ("unit", "text", "seconds"),
    [
        ("seconds", "90", 90),
        ("minutes", "1,5", 90),
        ("clock", "1:30", 90),
        ("clock", "01:01:30", 3690),
    ],
)
def test_units_of_a_duration(read, unit, text, seconds):
    waiting = {"column": "wacht", "unit": unit}

    _, (found,) = read(
        plain(**field(waiting=waiting)), "id;tijd;wacht", f"1;2024-03-04 09:00;{text}"
    )

    assert found["wait_seconds"] == seconds


# --- the clock ------------------------------------------------------------------------


def times(read, *rows):
    return read(
        plain(**field(started={"column": "start"}, ended={"column": "eind"})),
        "id;tijd;start;eind",
        *rows,
    )


def test_over_the_start_of_summer_time_the_clock_jumps(read):
    _, (found,) = times(
        read, "1;2024-03-31 01:55:00;2024-03-31 03:05:00;2024-03-31 03:25:00"
    )

    assert (found["wait_seconds"], found["handling_seconds"]) == (600, 1200)
    assert found["moment"] == "31 00:55:00"


def test_a_time_that_the_clock_skipped_is_listed(read):
    log, (found,) = times(
        read, "1;2024-03-31 01:55:00;2024-03-31 02:30:00;2024-03-31 04:00:00"
    )

    assert codes(log)["KCC-D036b"].column == "start"
    assert codes(log)["KCC-D036b"].severity == "warning"
    assert found["handling_seconds"] == 1800  # 02:30 is read as 03:30


def test_the_hour_that_comes_twice_is_the_first_unless_that_is_too_early(read):
    """TRUST-F36: 02:50 → 02:10 is twenty minutes, not minus forty."""
    log, (found,) = times(
        read, "1;2024-10-27 02:50:00;2024-10-27 02:10:00;2024-10-27 02:20:00"
    )

    assert (found["wait_seconds"], found["handling_seconds"]) == (1200, 600)
    assert codes(log)["KCC-D036c"].severity == "notice"
    assert "KCC-D036" not in codes(log)


def test_an_offset_decides_which_hour_it_was(read):
    log, (found,) = times(
        read,
        "1;2024-10-27T02:10:00+02:00;2024-10-27T02:10:00+01:00;2024-10-27T01:30:00Z",
    )

    assert (found["wait_seconds"], found["handling_seconds"]) == (3600, 1200)
    assert found["hour"] == 2
    assert "KCC-D036c" not in codes(log)


def test_the_local_day_is_that_of_the_clock_not_of_utc(read):
    _, (found,) = times(read, "1;2024-06-30T22:30:00Z;;")

    assert (found["day"], found["month"], found["hour"]) == (
        date(2024, 7, 1),
        "2024-07",
        0,
    )


# --- doubtful durations ---------------------------------------------------------------


def test_doubtful_durations_are_listed_and_left_out(read):
    log, found = times(
        read,
        "1;2024-03-04 09:00;2024-03-04 08:59;2024-03-04 08:50",
        "2;2024-03-04 09:00;2024-03-04 14:00;2024-03-05 14:00",
        "3;2024-03-04 09:00;2024-03-04 13:00;2024-03-04 17:00",
    )

    assert [each["wait_seconds"] for each in found] == [None, None, 14_400]
    assert [each["handling_seconds"] for each in found] == [None, None, 14_400]
    shown = [(p.code, p.row, p.column, p.severity) for p in log.problems]
    assert ("KCC-D036", "2", "start", "warning") in shown
    assert ("KCC-D036", "2", "eind", "warning") in shown
    assert ("KCC-D036a", "3", "start", "warning") in shown
    assert log.records == 3


# --- norms ----------------------------------------------------------------------------


def norm(read, *rows, **more):
    return read(
        plain(
            **joined(
                field(ended={"column": "eind"}, channel={"column": "kanaal"}), more
            )
        ),
        "id;tijd;eind;kanaal;streef",
        *rows,
    )


def test_open_cases_and_cases_without_norm_are_classes(read):
    _, found = norm(
        read,
        "1;2024-03-04;2024-03-08T16:00;post;2024-03-08",
        "2;2024-03-04;2024-03-09T00:00;post;2024-03-08",
        "3;2024-03-04;;post;2024-03-08",
        "4;2024-03-04;2024-03-05;post;",
        **field(due={"column": "streef"}),
    )

    assert [each["norm_state"] for each in found] == [
        "within",
        "late",
        "open",
        "no_norm",
    ]
    assert [each["outcome"] for each in found] == ["helped", "helped", "open", "helped"]
    assert found[2]["throughput_minutes"] is None


def test_a_norm_in_working_days_per_channel(read):
    """Thursday before Easter 2024; Good Friday counts, Easter Monday does not."""
    limits = {"norm_working_days": {"e-mail": 2, "post": 3}}

    _, found = norm(
        read,
        "1;2024-03-28 09:00;2024-04-02 23:59;e-mail;",
        "2;2024-03-28 09:00;2024-04-03 00:00;e-mail;",
        "3;2024-03-28 09:00;2024-04-03 12:00;post;",
        "4;2024-03-30 09:00;2024-04-03 12:00;e-mail;",
        "5;2024-03-28 09:00;2024-03-28 12:00;balie;",
        thresholds=limits,
    )

    assert [each["norm_state"] for each in found] == [
        "within",
        "late",
        "within",
        "within",
        "no_norm",
    ]


def test_calling_back_within_the_norm(read):
    _, found = read(
        plain(
            **field(
                callback_requested={"column": "gevraagd"},
                callback_done={"column": "gebeld"},
            ),
            thresholds={"callback_working_days": 2},
        ),
        "id;tijd;gevraagd;gebeld",
        "1;2024-05-07 09:00;2024-05-07 09:00;2024-05-10 17:00",  # Ascension Day between
        "2;2024-05-07 09:00;2024-05-07 09:00;2024-05-13 09:00",
        "3;2024-05-07 09:00;2024-05-07 09:00;",
        "4;2024-05-13 09:00;2024-05-13 09:00;",  # its term still runs
        "5;2024-05-13 09:00;;",
    )

    assert [each["callback_state"] for each in found] == [
        "kept",
        "missed",
        "missed",
        "not_due",
        None,
    ]


# --- first contact --------------------------------------------------------------------

RESULT = {"column": "uitslag", "codes": {"ok": "resolved", "door": "transferred"}}


def test_first_contact_needs_nobody_to_come_back(read):
    _, found = read(
        plain(
            **field(person={"column": "klant"}, result=RESULT),
            thresholds={"repeat_days": 7},
        ),
        "id;tijd;klant;uitslag",
        "1;2024-03-04 09:00;a;ok",
        "2;2024-03-11 09:00;a;ok",  # exactly 7 days later: the first was repeated
        "3;2024-03-04 09:00;b;ok",
        "4;2024-03-12 09:00;b;door",
        "5;2024-03-18 09:00;c;ok",  # the file ends sooner than 7 days later
        "6;2024-03-05 09:00;;ok",
        "7;2024-03-20 09:00;d;ok",
    )

    assert [each["repeated"] for each in found] == [
        True,
        False,
        False,
        False,
        None,
        None,
        None,
    ]
    assert [each["first_contact"] for each in found] == [
        False,
        True,
        True,
        False,
        None,
        None,
        None,
    ]


def test_results_of_kiss_from_pages_of_the_api(tmp_path):
    rows = [
        ("1", "Zelfstandig afgehandeld"),
        ("2", "Doorverbonden naar afdeling"),
        ("3", "Verwezen naar ander instantie"),
        ("4", "Verbinding verbroken"),
        ("5", None),
    ]
    pages = [rows[:3], rows[3:]]
    for number, page in enumerate(pages):
        records = [
            {
                "id": name,
                "startdatum": "2024-10-27T00:30:00Z",
                "einddatum": "2024-10-27T00:40:00+00:00",
                "gespreksresultaat": result,
                "kanaal": "telefoon",
                "verantwoordelijkeAfdeling": "Burgerzaken",
                "emailadresKcm": "j.jansen@voorbeeldgemeente.nl",
                "bronnen": [{"soort": "vac"}],
            }
            for name, result in page
        ]
        (tmp_path / f"pagina-{number}.json").write_text(
            json.dumps({"results": records})
        )
    source = _source(tmp_path, {"file": None, "files": "pagina-*.json"})

    log = import_contacts(
        tmp_path, source, shipped_layouts()["kiss"], tmp_path / "uit.parquet"
    )

    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT file, row, result, transfer, first_contact, handling_seconds"
            f" FROM '{tmp_path / 'uit.parquet'}'"
        ).fetchall()
    assert found == [
        (0, 2, "resolved", "none", True, 600),
        (0, 3, "transferred", "transferred", False, 600),
        (0, 4, "referred", "none", None, 600),
        (1, 2, "excluded", "none", None, 600),
        (1, 3, None, None, None, 600),
    ]
    assert log.records == 5
    assert b"jansen" not in (tmp_path / "uit.parquet").read_bytes()


def test_a_task_that_follows_means_not_at_once(read, tmp_path):
    path = tmp_path / "klantcontacten.json"
    shared = {"kanaal": "telefoon", "plaatsgevondenOp": "2024-03-04T09:00:00+01:00"}
    path.write_text(
        json.dumps(
            [
                shared
                | {
                    "nummer": number,
                    "vertrouwelijk": secret,
                    "indicatieContactGelukt": reached,
                    "leiddeTotInterneTaken": tasks,
                    "inhoud": "vrije tekst",
                }
                for number, secret, reached, tasks in (
                    (1, False, True, []),
                    (2, False, True, [{"uuid": "x"}]),
                    (3, True, False, None),
                )
            ]
        )
    )

    _, found = _read(path, shipped_layouts()["openklant"], tmp_path / "u.parquet", {})

    assert [each["first_contact"] for each in found] == [True, False, True]
    assert [each["outcome"] for each in found] == ["helped", "helped", "disconnected"]
    # A confidential contact counts in totals only.
    assert [each["confidential"] for each in found] == [False, False, True]
    secret = found[2]
    assert secret["channel"] is secret["month"] is secret["hour"] is None
    assert secret["day"] == date(2024, 3, 4)


# --- duplicates, gaps, files ----------------------------------------------------------


def test_the_same_ticket_twice_counts_once(read):
    row = "A1;04-03-2024;C;3;P;n;;09:00:10;09:07:30;09:08:00;09:20:00;geholpen"
    other_day = row.replace("04-03", "05-03")

    log, found = read(layout(), TICKETS, row, other_day, row)

    assert [each["row"] for each in found] == [2, 3]
    assert (codes(log)["KCC-D041h"].row, log.records) == ("4", 2)


def test_the_first_of_records_that_differ_where_the_layout_says_so(read):
    rows = ("id;tijd", "1;2024-03-04 09:00", "1;2024-03-04 10:00")

    log, (found,) = read(plain(duplicates="first"), *rows)

    assert found["hour"] == 9
    assert codes(log)["KCC-D041f"].row == "3"


def test_records_without_a_key_all_count(read):
    log, found = read(plain(), "id;tijd", ";2024-03-04 09:00", ";2024-03-04 09:00")

    assert len(found) == 2
    assert codes(log)["KCC-D041g"].severity == "warning"


def test_working_days_without_a_record_are_listed(read):
    log, _ = read(
        plain(calendar={"closed": [date(2024, 4, 8)]}),
        "id;tijd",
        "1;2024-03-28 09:00",
        "2;2024-04-03 09:00",
        "3;2024-04-09 09:00",
    )

    assert log.gaps == (
        (date(2024, 3, 29), date(2024, 4, 2), 2),
        (date(2024, 4, 4), date(2024, 4, 5), 2),
    )
    notice = codes(log)["KCC-D039c"]
    assert "29-03-2024 tot en met 02-04-2024, 04-04-2024 tot en met 05" in notice.title


def test_files_packed_and_in_another_encoding(tmp_path):
    text = "id;tijd;product\n1;2024-03-04 09:00;Café\n".encode("cp1252")
    path = tmp_path / "oud.csv.gz"
    path.write_bytes(gzip.compress(text))

    log, (found,) = _read(
        path,
        plain(**field(product={"column": "product"})),
        tmp_path / "uit.parquet",
        {},
    )

    assert found["product"] == "Café"
    assert codes(log)["KCC-D019a"].row == "2"
    assert log.facts[0].encoding == "windows-1252"


def test_reading_leaves_the_raw_file_and_the_folder_alone(read, tmp_path):
    read(plain(), "id;tijd", "1;2024-03-04 09:00")

    assert (tmp_path / "bestand.csv").read_text() == "id;tijd\n1;2024-03-04 09:00\n"
    assert {each.name for each in tmp_path.iterdir()} == {"bestand.csv", "uit.parquet"}


def test_the_problems_of_a_sound_file_without_writing(read, tmp_path):
    read(plain(), "id;tijd;naam", "1;2024-03-04 09:00;x")
    path = tmp_path / "bestand.csv"

    found = contact_problems(path, _source(path, {}), plain())

    assert [each.code for each in found] == ["KCC-P001b"]


def test_nothing_is_written_when_the_file_is_refused(read, tmp_path):
    with pytest.raises(DataError):
        read(plain(), "id;tijd", "1;gisteren")

    assert not (tmp_path / "uit.parquet").exists()
