"""The rule pack for personal data: what it finds, and what it leaves alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.nl import bsn

from kcc_research.microdata.personal_data import MASK, has_possible_bsn, mask


@pytest.mark.parametrize(
    ("text", "kind", "secret"),
    [
        (
            "Mail naar j.jansen@voorbeeld.nl graag",
            "e-mailadres",
            "j.jansen@voorbeeld.nl",
        ),
        ("rekening NL91 ABNA 0417 1643 00.", "IBAN", "NL91 ABNA 0417 1643 00"),
        ("rekening nl91abna0417164300", "IBAN", "nl91abna0417164300"),
        ("Konto DE89 3704 0044 0532 0130 00", "IBAN", "DE89 3704 0044 0532 0130 00"),
        ("bel 06-12345678", "telefoonnummer", "06-12345678"),
        ("bel 06 12 34 56 78 na vijf", "telefoonnummer", "06 12 34 56 78"),
        ("bel +31 6 12345678", "telefoonnummer", "+31 6 12345678"),
        ("bel 0031612345678", "telefoonnummer", "0031612345678"),
        ("bel (023) 511 51 15", "telefoonnummer", "(023) 511 51 15"),
        ("bel 0252-345678", "telefoonnummer", "0252-345678"),
        ("bel 06\u201112345678", "telefoonnummer", "06\u201112345678"),
        ("mijn BSN is 111222333", "BSN", "111222333"),
        ("burgerservicenummer: 1112.22.333", "BSN", "1112.22.333"),
        ("111222333 (bsn)", "BSN", "111222333"),
        ("sofinummer 123456789", "BSN", "123456789"),
        ("ik woon op 2011 AB 12a", "postcode met huisnummer", "2011 AB 12a"),
        ("op 2011ab, nr. 12", "postcode met huisnummer", "2011ab, nr. 12"),
        ("Dorpsstraat 12, 2011 AB", "postcode met huisnummer", "12, 2011 AB"),
        ("mijn auto 12-ABC-3 staat", "kenteken", "12-ABC-3"),
        ("mijn auto XK-123-B", "kenteken", "XK-123-B"),
        ("kenteken 12ABC3 stond", "kenteken", "12ABC3"),
        ("geboren op 3 maart 1961", "geboortedatum", "3 maart 1961"),
        ("geboortedatum 03-04-2012", "geboortedatum", "03-04-2012"),
        ("mijn vader (03-04-1941) kan", "geboortedatum", "03-04-1941"),
        ("zaaknummer 2023-12345", "zaaknummer", "2023-12345"),
        ("zaak Z/23/104422 loopt nog", "zaaknummer", "Z/23/104422"),
        ("kenmerk: WOZ.2023.881", "zaaknummer", "WOZ.2023.881"),
        ("over Z-2023-0012345", "zaaknummer", "Z-2023-0012345"),
    ],
)
def test_found_and_replaced(text, kind, secret):
    shown, kinds = mask(text)
    assert kinds == (kind,)
    assert shown == text.replace(secret, MASK)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "De balie was goed, 15 minuten gewacht.",
        "In 2023 en 12 keer daarvoor gebeld",
        "Ik kwam op 03-10-2023 om 14:30 langs",
        "Ik gaf een 7,5 in plaats van een 10",
        "Het kostte 1.234,56 euro voor 2 personen",
        "Ik belde 14 023 en werd geholpen",
        "Paspoort verlengd, 75000 mensen doen dat",
        "tussen 12-17 jaar of 18+",
        "Bos en groen, wijk 12, nummer 4",
        "De zaak duurde lang, sinds 2019 al",
        "aanvraag in 2023 gedaan",
        "111222333",
    ],
)
def test_left_alone(text):
    assert mask(text) == (text, ())


def test_several_hits_in_their_order():
    shown, kinds = mask("Ik ben j@x.nl, bel 0612345678 of mail k@y.nl")
    assert shown == f"Ik ben {MASK}, bel {MASK} of mail {MASK}"
    assert kinds == ("e-mailadres", "telefoonnummer", "e-mailadres")


def test_other_digits_are_digits():
    assert mask("bel ٠٦-١٢٣٤٥٦٧٨")[1] == ("telefoonnummer",)


def test_a_number_that_passes_the_elfproef_is_only_suspect():
    assert bsn.is_valid("111222333")
    assert has_possible_bsn("nummer 111222333")
    assert not has_possible_bsn("nummer 111222334")
    assert not has_possible_bsn("nummer 11122233")


@given(st.text(max_size=80))
def test_masking_keeps_what_is_not_masked(text):
    shown, kinds = mask(text)
    assert shown.count(MASK) - text.count(MASK) == len(kinds)
    start = 0
    for part in shown.split(MASK):
        assert text.find(part, start) >= 0
        start = text.find(part, start) + len(part)


@given(st.from_regex(r"\A0[1-9][0-9]{8}\Z"), st.text("abc .,", max_size=9))
def test_every_telephone_number_is_found(number, around):
    assert number not in mask(f"{around} {number} {around}")[0]
