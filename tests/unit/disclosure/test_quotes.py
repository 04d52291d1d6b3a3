"""Each refusal of a decision on a quotation, and what may be printed."""

import pytest

from kcc_research.disclosure.quotes import Quotation, choose_quotes
from kcc_research.errors import PrivacyError
from kcc_research.microdata.remarks import load_remarks
from kcc_research.study.loading import load_study
from kcc_research.study.quote_decision import fingerprint
from tests.remarks_study import (
    HELPED,
    KEY,
    MEASUREMENT,
    SOURCE,
    WAITED,
    quote,
    rows,
    write_study,
)


@pytest.fixture
def chosen(tmp_path):
    """What is chosen from the raw lines by these decisions."""

    def made(*decisions, lines=None, source=SOURCE, **options):
        root = write_study(tmp_path, lines, quotes="\n".join(decisions), **options)
        study = load_study(root, KEY)
        cleaned = load_remarks(
            root / "data" / "raw" / KEY,
            study.measurement.sources[SOURCE],
            study.schemes[SOURCE],
        )
        return choose_quotes(study, {source: cleaned.responses})

    return made


@pytest.fixture
def refused(chosen):
    """Codes of the problems, and all their words together."""

    def made(*decisions, **options):
        with pytest.raises(PrivacyError) as caught:
            chosen(*decisions, **options)
        problems = caught.value.problems
        return [each.code for each in problems], str(caught.value)

    return made


def test_ticked_words_in_the_order_of_the_themes(chosen):
    found = chosen(
        quote("F21", HELPED, '["bezoeker"]'),
        quote("F01", WAITED, '["bezoeker", "gesprekken in de hal"]'),
    )

    assert found == (
        Quotation(
            "citaat-2", SOURCE, "snelheid", "bezoeker, gesprekken in de hal", WAITED
        ),
        Quotation("citaat-1", SOURCE, "maatwerk", "bezoeker", HELPED),
    )


def test_without_decisions_nothing_is_printed(chosen):
    assert chosen() == ()


def test_words_that_are_spaced_otherwise_are_the_same(chosen):
    lines = [each.replace("lang te", "lang  te") for each in rows()]

    assert len(chosen(quote("F01", WAITED), lines=lines)) == 1


def test_changed_words_are_refused_with_their_new_fingerprint(refused):
    changed = WAITED.replace("bus", "tram")
    lines = [each.replace(WAITED, changed) for each in rows()]
    codes, told = refused(quote("F01", WAITED), lines=lines)

    assert codes == ["KCC-Q005c"]
    assert fingerprint(changed) in told
    assert "tram" not in told


def test_words_in_which_something_was_screened(refused):
    codes, told = refused(quote("F02", "Bel mij op [afgeschermd], dan leg ik het uit."))

    assert codes == ["KCC-Q005b"]
    assert "06-" not in told


def test_a_fragment_without_words(refused):
    assert refused(quote("F05", ""))[0] == ["KCC-Q005b"]


def test_a_fragment_that_is_not_there(refused):
    codes, told = refused(quote("F1", WAITED))

    assert codes == ["KCC-Q005"]
    assert "Bedoelde u 'F" in told


def test_fragments_that_are_not_handed_over(refused):
    assert refused(quote("F01", WAITED), source="elders")[0] == ["KCC-Q005a"]


def test_a_speaker_who_is_somebody_else(refused):
    codes, _ = refused(quote("F01", WAITED, '["raadslid"]'))

    assert "KCC-Q005d" in codes


def test_a_speaker_of_whom_there_are_two(refused):
    lines = [*rows(), "F30;g12;panel;r;a;DUID;;0;Het stond nergens."]
    codes, _ = refused(quote("F30", "Het stond nergens.", '["raadslid"]'), lines=lines)

    assert codes == ["KCC-Q005e"]


def test_the_same_speaker_in_a_broader_word(chosen):
    lines = [*rows(), "F30;g12;panel;r;a;DUID;;0;Het stond nergens."]
    (found,) = chosen(
        quote("F30", "Het stond nergens.", '["gesprekspartner"]'), lines=lines
    )

    assert (found.speaker, found.theme) == ("gesprekspartner", "duidelijkheid")


def test_a_theme_that_the_fragment_does_not_have(refused):
    decision = quote("F01", WAITED) + 'theme = "maatwerk"\n'

    assert refused(decision)[0] == ["KCC-Q005f"]


def test_the_theme_that_was_decided(chosen):
    lines = [*rows(), "F01;g1;hal;b;a;MAAT;;0;"]
    decision = quote("F01", WAITED) + 'theme = "maatwerk"\n'

    assert chosen(decision, lines=lines)[0].theme == "maatwerk"


def test_words_said_in_confidence(refused):
    promised = MEASUREMENT + "confidential = true\n"

    assert refused(quote("F01", WAITED), measurement=promised)[0] == ["KCC-Q005g"]


def test_every_wrong_decision_is_told_at_once(refused):
    codes, _ = refused(quote("F02", ""), quote("F01", "anders"), quote("F99", ""))

    assert codes == ["KCC-Q005b", "KCC-Q005c", "KCC-Q005"]
