"""The committed register equals what the refresh script makes of the files of CBS."""

import csv
import importlib.util
import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SHARED = Path(os.environ.get("KCC_SHARED", REPOSITORY.parent / "shared"))
DATA = SHARED / "data" / "gemeenten"


@pytest.fixture(scope="module")
def script():
    path = REPOSITORY / "scripts" / "refresh_municipalities.py"
    spec = importlib.util.spec_from_file_location("refresh_municipalities", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no files of CBS in {DATA}")
def test_the_register_is_what_the_script_writes(script):
    with script.TARGET.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        committed = list(reader)

    assert reader.fieldnames == list(script.COLUMNS)
    assert committed == script.rows(DATA)


def test_the_history_of_cbs_gives_a_first_day(script):
    assert script.since("Ontstaan per 01-01-2022") == "2022-01-01"
    assert script.since("Begindatum voor 1830") == ""
    assert (
        script.since(
            "Gemeentelijke herindeling per 01-01-2005\n\nBegindatum 01-12-1913"
        )
        == "1913-12-01"
    )
