"""What a question says of itself, and what makes it contradict itself."""

import pytest
from pydantic import ValidationError

from kcc_research.study.model import FaultsError
from kcc_research.study.questionnaire import Filter, Question, Questionnaire

BASE = {"id": "vraag", "text": "Wat vindt u?", "sensitive": False}
GRADE = BASE | {
    "type": "grade",
    "column": "v1",
    "range": [1, 10],
    "direction": "higher_is_better",
}


def question(**values):
    return Question.model_validate(BASE | values)


def faults(model, values):
    with pytest.raises(ValidationError) as raised:
        model.model_validate(values)
    (detail,) = raised.value.errors()
    cause = detail["ctx"]["error"]
    assert isinstance(cause, FaultsError)
    return list(cause.faults)


def test_categories_stand_in_declared_order_each_once():
    found = question(
        type="choice", column="v1", codes={"2": "nee", "1": "ja", "3": "nee"}
    )

    assert found.categories == ("nee", "ja")
    assert found.raw_columns == ("v1",)
    assert found.is_closed and not found.is_numeric
    assert found.short == "Wat vindt u?"


def test_a_list_of_codes_stands_for_itself():
    assert question(type="choice", column="v1", codes=["a", "b"]).codes == {
        "a": "a",
        "b": "b",
    }


def test_a_multiple_question_reads_one_column_per_category():
    found = question(type="multiple", columns={"te duur": "b1", "te traag": "b2"})

    assert found.categories == ("te duur", "te traag")
    assert found.raw_columns == ("b1", "b2")


def test_routing_is_parsed():
    found = Question.model_validate(GRADE | {"asked_if": "contact = ja"})

    assert found.routing.questions == ("contact",)
    assert Question.model_validate(GRADE).routing is None
    assert Question.model_validate(GRADE).is_numeric


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (BASE | {"type": "number"}, [(), "column ontbreekt"]),
        (BASE | {"type": "choice", "column": "v"}, [(), "codes ontbreken"]),
        (BASE | {"type": "multiple", "column": "v"}, [(), "columns of separator"]),
        (
            BASE | {"type": "multiple", "separator": "|", "codes": ["a"]},
            [(), "hoort een column"],
        ),
        (
            BASE | {"type": "text", "column": "v", "separator": ","},
            [("type",), "alleen bij"],
        ),
        (GRADE | {"range": [5, 5]}, [("range",), "van laag naar hoog"]),
        (
            GRADE | {"type": "scale", "codes": {"1": "laag", "6": "weet niet"}},
            [("codes", "6"), "telt zo mee in het gemiddelde"],
        ),
        (
            GRADE | {"missing": {"10": "refused"}},
            [("missing", "10"), "geldig antwoord"],
        ),
        (
            GRADE | {"type": "scale", "codes": {"1": "nee", "11": "ja"}},
            [("codes", "11"), "buiten de range"],
        ),
        (GRADE | {"asked_if": "contact"}, [("asked_if",), "geen voorwaarde"]),
        (GRADE | {"codes": {"hoog": "hoog"}}, [("codes", "hoog"), "geen getal"]),
        (GRADE | {"codes": {"nan": "hoog"}}, [("codes", "nan"), "geen getal"]),
        (
            BASE | {"type": "date", "column": "v", "date_format": "%d-%d-%Y"},
            [("date_format",), "schrijfwijze"],
        ),
        (
            BASE | {"type": "date", "column": "v", "date_format": "dd-mm-jjjj"},
            [("date_format",), "schrijfwijze"],
        ),
    ],
)
def test_a_question_without_what_it_needs_is_refused(values, expected):
    (path, text), *others = faults(Question, values)

    assert others == []
    assert path == expected[0]
    assert expected[1] in text


def test_a_grade_lacks_range_and_direction_at_once():
    found = faults(Question, BASE | {"type": "grade", "column": "v1"})

    assert len(found) == 2
    assert "range" in found[0][1] and "direction" in found[1][1]


def test_all_names_that_point_nowhere_are_told_at_once():
    values = {
        "title": "Proef",
        "question": [
            GRADE | {"id": "cijfer", "asked_if": "contct = ja"},
            BASE | {"id": "contact", "type": "choice", "column": "v2", "codes": ["ja"]},
            BASE | {"id": "contact", "type": "text", "column": "v2"},
        ],
        "filter": [{"id": "weg", "condition": "contact = nee", "label": "mensen"}],
        "indicator": [
            {"id": "a", "question": "cijfers", "label": "A", "statistic": "mean"},
        ],
    }

    assert [path for path, _ in faults(Questionnaire, values)] == [
        ("question", 2, "id"),
        ("question", 2, "column"),
        ("question", 0, "asked_if"),
        ("filter", 0, "condition"),
        ("indicator", 0, "question"),
    ]


def test_the_mean_of_a_multiple_question_counts_what_was_ticked():
    boxes = BASE | {"id": "q", "type": "multiple", "columns": {"a": "a", "b": "b"}}
    mean = {"id": "i", "question": "q", "label": "I", "statistic": "mean"}
    values = {"title": "Proef", "question": [boxes], "indicator": [mean]}

    found = Questionnaire.model_validate(values)
    assert found.indicators["i"].statistic == "mean"


def test_a_question_is_found_by_its_role():
    name = BASE | {"id": "q", "type": "text", "column": "n", "role": "municipality"}
    found = Questionnaire.model_validate({"title": "Proef", "question": [name]})

    assert found.with_role("municipality") is found.question[0]
    assert found.with_role("size_class") is None


def test_faults_of_cross_tables_and_ratios_are_told_with_the_others():
    table = {"id": "k", "label": "K", "row_label": "A", "column_label": "B"}
    ratio = {"id": "v", "label": "V", "group": "a", "reference": "b"}
    values = {
        "title": "Proef",
        "question": [GRADE],
        "cross": [table | {"rows": "x", "columns": "y"}],
        "ratio": [ratio | {"indicator": "x"}],
    }

    assert [path for path, _ in faults(Questionnaire, values)] == [
        ("cross", 0, "rows"),
        ("cross", 0, "columns"),
        ("ratio", 0, "indicator"),
        ("ratio", 0, "group"),
        ("ratio", 0, "reference"),
    ]


@pytest.mark.parametrize(
    ("indicator", "path"),
    [
        ({"statistic": "share", "at_least": 2.0, "question": "kanaal"}, "at_least"),
        (
            {"statistic": "share", "categories": ["fax"], "question": "kanaal"},
            "categories",
        ),
        ({"statistic": "mean", "question": "kanaal"}, "statistic"),
        ({"statistic": "distribution", "question": "duur"}, "statistic"),
        (
            {
                "statistic": "distribution",
                "question": "kanaal",
                "classes": [{"label": "1", "low": 1.0, "high": 2.0}],
            },
            "classes",
        ),
    ],
)
def test_an_indicator_must_suit_its_question(indicator, path):
    values = {
        "title": "Proef",
        "question": [
            BASE
            | {"id": "kanaal", "type": "choice", "column": "v", "codes": ["balie"]},
            BASE | {"id": "duur", "type": "number", "column": "d"},
        ],
        "indicator": [{"id": "a", "label": "A"} | indicator],
    }
    (found, _), *others = faults(Questionnaire, values)

    assert others == []
    assert found[:3] == ("indicator", 0, path)


CHOICE = BASE | {"type": "choice", "codes": ["ja", "nee"]}


def of(*questions, **more):
    return {"title": "Proef", "question": list(questions)} | more


def indicator(name, **more):
    given = {"id": name, "question": "cijfer", "label": "L", "statistic": "mean"}
    return given | more


@pytest.mark.parametrize(
    ("values", "path", "word"),
    [
        (
            of(CHOICE | {"id": "a", "column": "a", "codes": {"9": "Onbekend"}}),
            ("question", 0, "codes"),
            "'Onbekend'",
        ),
        (
            of(
                BASE
                | {"id": "a", "type": "multiple", "columns": {"niet gevraagd": "x"}}
            ),
            ("question", 0, "columns"),
            "'niet gevraagd'",
        ),
        (
            of(CHOICE | {"id": "a__missing", "column": "a"}),
            ("question", 0, "id"),
            "'a__missing'",
        ),
        (
            of(CHOICE | {"id": "totaal", "column": "a"}),
            ("question", 0, "id"),
            "'totaal'",
        ),
        (
            of(GRADE | {"id": "cijfer"}, indicator=[indicator("respons")]),
            ("indicator", 0, "id"),
            "'respons'",
        ),
        (
            of(GRADE | {"id": "cijfer"}, indicator=[indicator("cijfer_weet_niet")]),
            ("indicator", 0, "id"),
            "'cijfer_weet_niet'",
        ),
        (
            of(
                CHOICE | {"id": "a", "column": "a"},
                filter=[{"id": "all", "condition": "a = ja", "label": "iedereen"}],
            ),
            ("filter", 0, "id"),
            "'all'",
        ),
    ],
)
def test_a_name_that_results_use_themselves_is_refused(values, path, word):
    ((found, text),) = faults(Questionnaire, values)

    assert found == path
    assert word in text


def spread(base, **values):
    return {
        "id": "verdeling",
        "question": "cijfer",
        "label": "Verdeling",
        "statistic": "distribution",
        "base": base,
    } | values


def test_no_answer_is_a_class_of_its_own_already():
    bands = [
        {"label": "geen antwoord", "low": 1.0, "high": 5.0},
        {"label": "wel", "low": 6.0, "high": 10.0},
    ]
    grade = GRADE | {"id": "cijfer"}
    values = of(grade, indicator=[spread("all", classes=bands)])
    ((path, text),) = faults(Questionnaire, values)
    assert path == ("indicator", 0, "classes")
    assert "'geen antwoord'" in text
    Questionnaire.model_validate(of(grade, indicator=[spread("valid", classes=bands)]))


def routed(name, condition):
    return CHOICE | {"id": name, "column": name, "asked_if": condition}


def test_a_question_cannot_depend_on_itself():
    found = faults(
        Questionnaire,
        of(
            routed("a", "a = ja"),
            routed("b", "c = ja"),
            routed("c", "d = ja"),
            routed("d", "b = ja"),
            routed("e", "b = ja"),
        ),
    )
    assert [path for path, _ in found] == [
        ("question", at, "asked_if") for at in range(4)
    ]


def test_a_questionnaire_has_a_question():
    with pytest.raises(ValidationError, match="at least 1"):
        Questionnaire.model_validate(of())


@pytest.mark.parametrize("bound", [float("nan"), float("inf")])
def test_a_range_ends_in_numbers(bound):
    with pytest.raises(ValidationError, match="finite"):
        Question.model_validate(GRADE | {"range": [1, bound]})


def test_classes_hold_every_whole_grade():
    classes = [
        {"label": "laag", "low": 1.0, "high": 5.0},
        {"label": "hoog", "low": 7.0, "high": 10.0},
    ]
    verdeling = indicator("v", statistic="distribution", classes=classes)
    values = of(GRADE | {"id": "cijfer"}, indicator=[verdeling])
    ((path, text),) = faults(Questionnaire, values)

    assert path == ("indicator", 0, "classes")
    assert "antwoord 6 " in text
    classes[1]["low"] = 6.0
    assert Questionnaire.model_validate(values).indicators["v"].classes


def test_lookups_are_by_id_and_by_raw_column():
    found = Questionnaire.model_validate(
        {
            "title": "Proef",
            "question": [GRADE | {"id": "cijfer"}],
            "indicator": [
                {"id": "a", "question": "cijfer", "label": "A", "statistic": "mean"}
            ],
        }
    )

    assert found.columns["v1"] is found.questions["cijfer"]
    assert found.indicators["a"].question == "cijfer"
    assert found.filters == {}


def test_a_filter_has_a_condition_that_can_be_read():
    assert faults(Filter, {"id": "a", "condition": "x", "label": "y"})[0][0] == (
        "condition",
    )


def test_the_codes_of_a_tick_box_are_ticked_or_not():
    with pytest.raises(ValueError, match="aangekruist"):
        Question(
            id="kanalen",
            text="Welke kanalen gebruikt u?",
            type="multiple",
            columns={"telefoon": "k1"},
            codes={"Y": "ja"},
            sensitive=False,
        )
