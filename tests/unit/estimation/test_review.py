"""Documents held against norms: the researchers' words, nothing computed."""

import pandas as pd

from kcc_research.estimation.review import BY_RESEARCHERS, review_norms
from tests.counter_study import counter_study


def review(**changes):
    row = {
        "onderdeel": "beleving",
        "norm": "Er is een norm.",
        "bron": "Handvest; website",
        "oordeel": "voldoet deels",
        "toelichting": "Niet in de hal.",
    }
    rows = pd.DataFrame([row | changes])
    (found,) = review_norms(counter_study().study, "normenkader", rows).to_dict(
        "records"
    )
    return found


def test_a_row_becomes_a_verdict_with_its_source_and_whose_judgement_it_is():
    found = review()
    assert found["indicator"] == "normenkader"
    assert (found["by"], found["group"]) == ("beleving", "Er is een norm.")
    assert found["verdict"] == "partly_met"
    assert found["reason"] == f"Handvest; website; {BY_RESEARCHERS}: Niet in de hal."
    assert pd.isna(found["estimate"])
    assert pd.isna(found["norm"])


def test_every_judgement_has_its_verdict():
    words = {
        "voldoet": "met",
        "voldoet deels": "partly_met",
        "voldoet niet": "not_met",
        "niet te beoordelen": "not_measured",
        None: "not_measured",
    }
    assert {word: review(oordeel=word)["verdict"] for word in words} == words


def test_without_explanation_the_reason_names_the_document_only():
    assert review(toelichting=None)["reason"] == f"Handvest; website; {BY_RESEARCHERS}"


def test_the_whole_form_becomes_one_row_per_norm():
    made = counter_study()
    rows = made.verdicts[made.verdicts["indicator"] == "normenkader"]
    judged = made.responses["normenkader"]["oordeel"].value_counts()
    assert len(rows) == len(made.responses["normenkader"])
    assert (rows["verdict"] == "met").sum() == judged["voldoet"]
    assert (rows["verdict"] == "not_met").sum() == judged["voldoet niet"]
