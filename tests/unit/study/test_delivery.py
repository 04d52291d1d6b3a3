"""Who sent a raw file, and when: told with its source, and printed in the report."""

import tomllib
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from kcc_research.reporting.account_tables import tabulate_provenance
from kcc_research.study.delivery import Delivery
from kcc_research.study.measurement import Measurement

REPOSITORY = Path(__file__).parents[3]
FILE = REPOSITORY / "studies/gm0575-noordwijk/2023-klantbeleving/measurement.toml"
SENT = {"by": "Bureau Voorbeeld", "received": date(2023, 11, 21)}
MENDED = {
    "version": 2,
    "date": date(2024, 6, 3),
    "what": "Het cijfer",
    "reason": "Een ander bestand",
}


def measurement(delivery, **changes):
    found = tomllib.loads(FILE.read_text(encoding="utf-8"))
    found["source"][0]["delivery"] = delivery
    key = {"owner": "gm0575-noordwijk", "slug": "2023-klantbeleving"}
    return Measurement.model_validate(found | key | changes)


def test_it_is_told_in_one_sentence():
    short = Delivery.model_validate(SENT)
    assert (
        short.words
        == "van Bureau Voorbeeld, ontvangen op 21\N{NO-BREAK SPACE}november 2023"
    )
    more = {"via": "een beveiligde server", "agreement": "overeenkomst 2023-17"}
    assert Delivery.model_validate(SENT | more).words == (
        f"{short.words}, via een beveiligde server; afspraak: overeenkomst 2023-17"
    )


@pytest.mark.parametrize("field", ["by", "received"])
def test_a_sender_without_a_day_or_a_day_without_a_sender_is_refused(field):
    with pytest.raises(ValidationError, match=field):
        measurement({name: each for name, each in SENT.items() if name != field})


def test_a_file_cannot_come_in_after_the_report_unless_it_was_corrected():
    late = SENT | {"received": date(2024, 6, 1)}
    with pytest.raises(ValidationError, match="ontvangen na de datum van het rapport"):
        measurement(late)
    found = measurement(late, correction=[MENDED])
    assert found.source[0].delivery.received == date(2024, 6, 1)


def test_the_account_of_a_report_says_who_sent_what():
    nothing = dict.fromkeys(("definitions", "notebooks", "software"), {})
    account = SimpleNamespace(sources=(), package_sha256="", lock_sha256="", **nothing)
    study = SimpleNamespace(measurement=measurement(SENT))
    rows = tabulate_provenance(study, account).rows
    assert rows[0] == (
        "Levering van algemene vragenlijst",
        "van Bureau Voorbeeld, ontvangen op 21\N{NO-BREAK SPACE}november 2023",
    )
    assert len([each for each in rows if each[0].startswith("Levering")]) == 1
