"""From a folder to a study, and from every fault to one clear Dutch message."""

import pytest

from kcc_research.errors import DefinitionError
from kcc_research.study.loading import load_study, load_study_with_warnings
from kcc_research.study.measurement_key import key_problems, list_keys

MEASUREMENT, QUESTIONS = "measurement.toml", "algemeen.toml"


def problems(folder):
    with pytest.raises(DefinitionError) as raised:
        load_study(folder.root, folder.key)
    return raised.value.problems


def only_problem(folder):
    (found,) = problems(folder)
    return found


def warnings(folder):
    return load_study_with_warnings(folder.root, folder.key)[1]


def test_a_study_holds_what_its_folder_defines(noordwijk):
    study = load_study(noordwijk.root, noordwijk.key)

    assert study.key == noordwijk.key
    assert study.place_name == "Noordwijk"
    assert study.measurement.synthetic
    assert list(study.questionnaires) == ["algemeen", "contactmoment"]
    assert study.questionnaires["contactmoment"].questions["kanaal"].categories == (
        "telefoon",
        "balie",
        "e-mail",
        "fixi",
        "website",
    )
    assert study.margins["algemeen"]["kern"] == {
        "Noordwijk": 21700,
        "Noordwijkerhout": 13050,
        "De Zilk": 1650,
    }
    assert [claim.n for claim in study.claims] == [353, None, None, None]
    assert set(study.texts) == {"aanbevelingen", "conclusies"}


def test_keys_are_listed_sorted(noordwijk):
    (noordwijk.root / "studies" / "losse-map").mkdir()

    assert list_keys(noordwijk.root) == (
        "gm0575-noordwijk/2021-klantbeleving",
        "gm0575-noordwijk/2022-klantbeleving",
        "gm0575-noordwijk/2023-klantbeleving",
        "gm0575-noordwijk/2024-doorlopend",
    )


def test_the_demonstration_measurements_have_no_errors_and_one_known_warning(noordwijk):
    found = {
        key: [each.code for each in load_study_with_warnings(noordwijk.root, key)[1]]
        for key in list_keys(noordwijk.root)
    }

    assert found == {
        "gm0575-noordwijk/2021-klantbeleving": ["KCC-C013b"],
        "gm0575-noordwijk/2022-klantbeleving": [],
        "gm0575-noordwijk/2023-klantbeleving": [],
        "gm0575-noordwijk/2024-doorlopend": [],
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "remedy"),
    [
        (MEASUREMENT, "commissioner =", "comissioner =", "KCC-C003", "'commissioner'"),
        (MEASUREMENT, "municipality =", "gemeeente =", "KCC-C003", "'municipality'"),
        (MEASUREMENT, "undeliverable =", "ondergang =", "KCC-C003a", "breakdowns"),
        (QUESTIONS, "required = true", "volgorde = true", "KCC-C003a", "out_of_range"),
        ("claims.toml", "kind = ", "knd = ", "KCC-C003", "'kind'"),
        (MEASUREMENT, "delimiter = ", "delimeter = ", "KCC-C003", "'delimiter'"),
    ],
)
def test_an_unknown_key_names_line_and_nearest_match(
    noordwijk, file, old, new, code, remedy
):
    line = noordwijk.edit(file, old, new)
    found = next(each for each in problems(noordwijk) if each.code == code)

    assert found.file == f"studies/{noordwijk.key}/{file}"
    assert found.row == str(line)
    assert found.column.split(".")[-1] == new.split(" =")[0]
    assert remedy in found.remedy


@pytest.mark.parametrize(
    ("file", "old", "new", "expected", "hint"),
    [
        (MEASUREMENT, "wave = 2 ", 'wave = "2" ', "een heel getal", "wave = 2."),
        (MEASUREMENT, "wave = 2 ", 'wave = "twee" ', "een heel getal", "Verbeter"),
        (
            MEASUREMENT,
            "published = 2024-03-29",
            'published = "2024-03-29"',
            "een datum",
            "published = 2024-03-29.",
        ),
        (MEASUREMENT, "synthetic = true", "synthetic = 1", "true of false", "Verbeter"),
        (
            MEASUREMENT,
            'breakdowns = ["kanaal"]',
            'breakdowns = "kanaal"',
            "een lijst",
            "[",
        ),
        (MEASUREMENT, "mean = 7.0", 'mean = "7.0"', "een getal", "mean = 7.0."),
        (QUESTIONS, 'j = "ja"', "j = 1", "tekst", 'j = "1".'),
        (QUESTIONS, "range = [1, 10]", 'range = ["1", 10]', "een getal", "1."),
    ],
)
def test_a_wrong_type_is_never_converted(noordwijk, file, old, new, expected, hint):
    line = noordwijk.edit(file, old, new)
    found = only_problem(noordwijk)

    assert found.code == "KCC-C004"
    assert (found.file.split("/")[-1], found.row) == (file, str(line))
    assert expected in found.title
    assert hint in found.remedy


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        (MEASUREMENT, "start = 2023-10-02", "", "KCC-C004a", "fieldwork"),
        (MEASUREMENT, '"definitief"', '"definitif"', "KCC-C004b", "wederhoor"),
        (
            MEASUREMENT,
            "invited = 2000",
            "invited = -1",
            "KCC-C004c",
            "groter zijn dan 0",
        ),
        (MEASUREMENT, '"bevolking.csv"', '"../b.csv"', "KCC-C004d", "zonder map"),
        (
            MEASUREMENT,
            'id = "algemeen"',
            'id = "Algemeen"',
            "KCC-C004d",
            "kleine letter",
        ),
        (MEASUREMENT, '= "GM0575"', '= "0575"', "KCC-C006a", "GM0575 (Noordwijk)"),
        (
            MEASUREMENT,
            "2023-11-19",
            "2023-09-19",
            "KCC-C004c",
            "eindigt voor het begint",
        ),
        (MEASUREMENT, "mean = 7.0", "", "KCC-C004c", "share (0 tot 1) of mean"),
        ("claims.toml", '"6.6"', '"6,6"', "KCC-C004c", "getal met een punt"),
        (QUESTIONS, "at_least = 7", "", "KCC-C004c", "grens nodig"),
        (QUESTIONS, "low = 6,", "low = 5,", "KCC-C004c", "overlappen"),
        (QUESTIONS, '"contact', '"\\u0007', "KCC-C001", "U+0007"),
    ],
)
def test_a_wrong_value_is_explained_in_dutch(noordwijk, file, old, new, code, words):
    if code == "KCC-C001":
        old, new = 'text = "Meting"', 'text = "Me\\u0007ting"'
    noordwijk.edit(file, old, new)
    found = next(each for each in problems(noordwijk) if each.code == code)

    assert found.file.endswith(file)
    assert words in f"{found.title} {found.remedy}"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('question = "cijfer"\n', 'question = "cyfer"\n', "bedoelde u 'cijfer'"),
        ('"had_contact = ja"', '"had_contact = jaa"', "bedoelde u 'ja'"),
        ('"had_contact = ja"', '"had_contct = ja"', "bedoelde u 'had_contact'"),
        ('"had_contact = ja"', '"had_contact"', "geen voorwaarde"),
        ("11 = ", "10 = ", "code 10 is ook een geldig antwoord"),
        ('column = "kern"', 'column = "leeftijd"', "al van vraag 'leeftijd'"),
        ('id = "kern"', 'id = "leeftijd"', "staat er twee keer"),
        ('question = "cijfer"\n', 'question = "kern"\n', "geen gemiddelde"),
        ("range = [1, 10]", "range = [10, 1]", "van laag naar hoog"),
        ('codes = ["Noordwijk", "Noordwijkerhout", "De Zilk"]', "", "codes ontbreken"),
        ('direction = "higher_is_better"', "", "direction ontbreekt"),
    ],
)
def test_a_questionnaire_that_contradicts_itself_is_refused(noordwijk, old, new, words):
    noordwijk.edit(QUESTIONS, old, new)
    found = problems(noordwijk)

    assert any(words in each.title for each in found)
    assert {each.code for each in found} <= {"KCC-C004c", "KCC-C004g"}


def test_a_reference_within_a_questionnaire_has_its_own_line(noordwijk):
    line = noordwijk.edit(
        QUESTIONS,
        'question = "cijfer"\nlabel = "Tevreden',
        'question = "cyfer"\nlabel = "T',
    )

    assert only_problem(noordwijk).row == str(line)


@pytest.mark.parametrize(
    ("old", "new", "column", "near"),
    [
        (
            '["kanaal", "product"',
            '["kanal", "product"',
            "source.breakdowns",
            "'kanaal'",
        ),
        (
            '"had_contact"\ninvited',
            '"had_contct"\ninvited',
            "source.target",
            "'had_contact'",
        ),
        (
            'indicator = "snel_score"',
            'indicator = "snel_skore"',
            "norm.indicator",
            "snel",
        ),
        (
            'domain_then = "had_contact"',
            'domain_then = "contact"',
            "earlier.bridge.domain_then",
            "'had_contact'",
        ),
    ],
)
def test_a_name_that_points_nowhere_gets_the_nearest(noordwijk, old, new, column, near):
    line = noordwijk.edit(MEASUREMENT, old, new)
    found = only_problem(noordwijk)

    assert found.code == "KCC-C003b"
    assert (found.row, found.column) == (str(line), column)
    assert near in found.remedy


def test_a_bridge_is_followed_into_both_measurements(noordwijk):
    noordwijk.edit(MEASUREMENT, '"flexibel", "luist', '"cijfer_dienst", "luist')
    found = only_problem(noordwijk)

    assert (found.code, found.value) == ("KCC-C003b", "cijfer_dienst")
    assert "de eerdere meting" in found.title


def test_a_breakdown_by_a_grade_is_refused(noordwijk):
    noordwijk.edit(MEASUREMENT, 'breakdowns = ["kanaal"]', 'breakdowns = ["cijfer"]')
    found = only_problem(noordwijk)

    assert found.code == "KCC-C004j"
    assert "'grade'" in found.title and "breakdowns" in found.title


def test_an_earlier_measurement_that_is_gone_is_a_warning(noordwijk):
    (
        noordwijk.root / "studies/gm0575-noordwijk/2021-klantbeleving/algemeen.toml"
    ).unlink()
    (found,) = warnings(noordwijk)

    assert (found.code, found.severity) == ("KCC-C004k", "warning")
    assert found.value == "gm0575-noordwijk/2021-klantbeleving"
    assert found.row == str(noordwijk.line(MEASUREMENT, "2021-klantbeleving"))


def test_all_problems_of_all_files_come_at_once(noordwijk):
    noordwijk.edit(MEASUREMENT, "wave = 2 ", 'wave = "2" ')
    noordwijk.edit(QUESTIONS, 'question = "cijfer"\n', 'question = "cyfer"\n')
    noordwijk.edit("contactmoment.toml", "[1, 10]", "[10, 1]")
    noordwijk.edit("claims.toml", 'kind = "mean"', 'kind = "average"')
    (noordwijk.path / "contactvolume.csv").unlink()

    assert [(each.file.split("/")[-1], each.code) for each in problems(noordwijk)] == [
        (MEASUREMENT, "KCC-C004"),
        (QUESTIONS, "KCC-C004c"),
        ("contactmoment.toml", "KCC-C004c"),
        (MEASUREMENT, "KCC-C010a"),
        ("claims.toml", "KCC-C004b"),
    ]


def test_a_duplicate_key_has_both_lines(noordwijk):
    line = noordwijk.edit(MEASUREMENT, "wave = 2 ", "wave = 2\nwave = 3 ")
    found = only_problem(noordwijk)

    assert found.code == "KCC-C009"
    assert f"op regel {line} en op regel {line + 1}" in found.title


@pytest.mark.parametrize("value", ["0363", "no", "12:30", "'s-Gravenhage", "GM0575"])
def test_a_syntax_error_has_its_line(noordwijk, value):
    line = noordwijk.edit(MEASUREMENT, '"GM0575"', value)
    found = only_problem(noordwijk)

    assert found.code == "KCC-C006"
    assert found.row == str(line)
    assert value in found.value


def test_an_unclosed_bracket_at_the_end_has_a_line(noordwijk):
    path = noordwijk.path / MEASUREMENT
    path.write_text("title = [1,\n\n", encoding="utf-8")

    assert only_problem(noordwijk).code == "KCC-C006"


def test_a_file_over_64_kib_is_refused(noordwijk):
    path = noordwijk.path / QUESTIONS
    path.write_bytes(path.read_bytes() + b"# " + b"x" * 65536)
    found = only_problem(noordwijk)

    assert found.code == "KCC-C008"
    assert "64 KiB" in found.title


def test_a_file_that_is_not_utf_8_is_refused(noordwijk):
    for name in (MEASUREMENT, "bevolking.csv", "texts/conclusies.md"):
        path = noordwijk.path / name
        before = path.read_bytes()
        path.write_bytes(before + "# één".encode("cp1252"))
        found = only_problem(noordwijk)
        path.write_bytes(before)

        assert (found.code, found.file.split("/")[-1]) == (
            "KCC-C006b",
            name.split("/")[-1],
        )


def test_a_byte_order_mark_and_windows_line_ends_are_fine(noordwijk):
    for path in noordwijk.path.rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text, encoding="utf-8-sig", newline="\r\n")

    assert load_study(noordwijk.root, noordwijk.key).place_name == "Noordwijk"


def test_accents_typed_in_two_parts_are_the_same_letter(noordwijk):
    noordwijk.edit(QUESTIONS, '"De Zilk"', '"De Zi\u0301lk"')
    noordwijk.edit("bevolking.csv", "De Zilk", "De Z\u00edlk")
    margins = load_study(noordwijk.root, noordwijk.key).margins

    assert list(margins["algemeen"]["kern"])[-1] == "De Z\u00edlk"


def test_an_expired_code_names_the_successor_and_its_line(noordwijk):
    owner = noordwijk.root / "studies" / "gm0501-brielle"
    (noordwijk.root / "studies/gm0575-noordwijk").rename(owner)
    noordwijk.path = owner / "2023-klantbeleving"
    line = noordwijk.edit(MEASUREMENT, '"GM0575"', '"GM0501"')
    with pytest.raises(DefinitionError) as raised:
        load_study(noordwijk.root, "gm0501-brielle/2023-klantbeleving")
    found = raised.value.problems[0]

    assert (found.code, found.row, found.value) == ("KCC-C013", str(line), "GM0501")
    assert "GM1992 (Voorne aan Zee)" in found.remedy


def test_an_invented_municipality_must_be_marked(noordwijk):
    owner = noordwijk.root / "studies" / "gm9001-voorbeeldgemeente-001"
    (noordwijk.root / "studies/gm0575-noordwijk").rename(owner)
    noordwijk.path = owner / "2023-klantbeleving"
    noordwijk.edit(MEASUREMENT, '"GM0575"', '"GM9001"')
    key = "gm9001-voorbeeldgemeente-001/2023-klantbeleving"
    assert load_study(noordwijk.root, key).place_name == "Voorbeeldgemeente 001"

    noordwijk.edit(MEASUREMENT, "synthetic = true", "synthetic = false")
    with pytest.raises(DefinitionError) as raised:
        load_study(noordwijk.root, key)
    assert "KCC-C013d" in {each.code for each in raised.value.problems}


def test_the_folder_and_the_code_must_agree(noordwijk):
    line = noordwijk.edit(MEASUREMENT, '"GM0575"', '"GM0518"')
    found = only_problem(noordwijk)

    assert (found.code, found.row) == ("KCC-C004c", str(line))
    assert "hoort niet bij GM0518" in found.title


def test_the_key_is_not_repeated_in_the_file(noordwijk):
    noordwijk.edit(MEASUREMENT, "wave = 2 ", 'owner = "gm0575-noordwijk"\nwave = 2 ')
    found = only_problem(noordwijk)

    assert (found.code, found.column) == ("KCC-C003a", "owner")
    assert "slug" not in found.remedy


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("dag = 2024-01-01", "KCC-C005", "parameters.dag"),
        ('"Hallo\\nwereld" = 1', "KCC-C002", "parameters.Hallo\nwereld"),
        ("lijst = [1]", "KCC-C004", "parameters.lijst"),
    ],
)
def test_a_parameter_is_a_plain_name_and_a_scalar(noordwijk, text, code, column):
    noordwijk.edit(MEASUREMENT, "[report]", f"[parameters]\n{text}\n[report]")
    found = next(each for each in problems(noordwijk) if each.code != "KCC-C001")

    assert (found.code, found.column) == (code, column)


def test_parameters_keep_their_types(noordwijk):
    noordwijk.edit(
        MEASUREMENT, "[report]", '[parameters]\na = 1\nb = "x"\nc = true\n[report]'
    )
    study = load_study(noordwijk.root, noordwijk.key)

    assert study.measurement.parameters == {"a": 1, "b": "x", "c": True}


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("../../x", "KCC-C010"),
        ("../x", "KCC-C011"),
        ("gm0575-noordwijk", "KCC-C010"),
        ("gm0575-noordwijk/a/b", "KCC-C010"),
        ("gm0575-noordwijk/con", "KCC-C011"),
        ("gm0575-noordwijk/2023.", "KCC-C011"),
        ("gm0575-noordwijk/\x00", "KCC-C011"),
        ("gm0575-noordwijk/" + "a" * 61, "KCC-C011"),
        ("gm0575-noordwijk/{gemeente}", "KCC-C011"),
        ("/etc", "KCC-C011"),
        ("Gm0575-noordwijk/2023-klantbeleving", "KCC-C011"),
    ],
)
def test_a_key_that_could_be_a_path_is_refused(tmp_path, key, code):
    with pytest.raises(DefinitionError) as raised:
        load_study(tmp_path, key)

    assert raised.value.problems[0].code == code


def test_a_good_key_has_no_problems():
    assert key_problems("gm0575-noordwijk/" + "a" * 60) == []


def test_an_unknown_key_gets_the_nearest(noordwijk):
    with pytest.raises(DefinitionError) as raised:
        load_study(noordwijk.root, "gm0575-noordwijk/2023-klantbelevng")
    (found,) = raised.value.problems

    assert found.code == "KCC-C010b"
    assert noordwijk.key in found.remedy


def test_a_definition_in_yaml_is_not_read(noordwijk):
    (noordwijk.path / MEASUREMENT).rename(noordwijk.path / "measurement.yaml")

    assert only_problem(noordwijk).code == "KCC-C007"


def test_a_folder_or_file_that_leads_outside_is_refused(noordwijk, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (noordwijk.path / "bevolking.csv").rename(outside / "bevolking.csv")
    (noordwijk.path / "bevolking.csv").symlink_to(outside / "bevolking.csv")
    assert only_problem(noordwijk).code == "KCC-C010c"

    noordwijk.path.rename(outside / "study")
    noordwijk.path.symlink_to(outside / "study")
    assert only_problem(noordwijk).code == "KCC-C010c"


def test_a_logo_must_be_there(noordwijk):
    line = noordwijk.edit(MEASUREMENT, "[report]", '[report]\nlogo = "logo.svg"')
    found = only_problem(noordwijk)

    assert (found.code, found.row, found.value) == (
        "KCC-C010a",
        str(line + 1),
        "logo.svg",
    )


def test_a_placeholder_nobody_can_fill_is_an_error(noordwijk):
    noordwijk.edit("texts/conclusies.md", "{rapportcijfer}", "{raportcijfer} {")
    first, second = problems(noordwijk)

    assert (first.code, first.row, first.value) == ("KCC-C003d", "1", "{raportcijfer}")
    assert first.remedy == "Bedoelde u {rapportcijfer}?"
    assert (second.code, second.value) == ("KCC-C003e", "{")


def test_a_distribution_is_no_number_for_a_text(noordwijk):
    noordwijk.edit("texts/conclusies.md", "{rapportcijfer}", "{cijferklassen}")

    assert only_problem(noordwijk).code in ("KCC-C003d", "KCC-C003e")


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("een 6,6 of 70%", ["6,6", "70%"]),
        ("op 29 maart 2024 bij de 2-meting in 2023", []),
        ("353 inwoners", ["353"]),
        ("zie hoofdstuk 3", []),
        ("1.234 keer", ["1.234"]),
    ],
)
def test_a_number_typed_by_hand_is_a_warning(noordwijk, typed, values):
    noordwijk.edit("texts/conclusies.md", "een {rapportcijfer}", typed)
    found = warnings(noordwijk)

    assert [each.value for each in found] == values
    assert {each.severity for each in found} <= {"warning"}


def test_problems_read_as_dutch_without_a_traceback(noordwijk):
    noordwijk.edit(MEASUREMENT, "wave = 2 ", 'wave = "2" ')
    with pytest.raises(DefinitionError) as raised:
        load_study(noordwijk.root, noordwijk.key)

    assert str(raised.value).splitlines() == [
        "KCC-C004  fout  Verkeerd soort waarde: hier hoort een heel getal",
        f"  bestand  studies/{noordwijk.key}/measurement.toml",
        "  rij      9",
        "  kolom    wave",
        "  waarde   2",
        "  herstel  Er staat tekst. Haal de aanhalingstekens weg: wave = 2.",
    ]


SECRET = "geheim = 'Mevrouw De Vries'\n"


@pytest.mark.parametrize(
    "name",
    [
        "texts/conclusies.md",
        "claims.toml",
        "bevolking.csv",
        QUESTIONS,
        MEASUREMENT,
    ],
)
def test_no_file_is_read_through_a_link_out_of_the_folder(noordwijk, name):
    outside = noordwijk.root / "elders.txt"
    outside.write_text(SECRET, encoding="utf-8")
    (noordwijk.path / name).unlink()
    (noordwijk.path / name).symlink_to(outside)
    found = problems(noordwijk)

    assert "KCC-C010c" in {each.code for each in found}
    assert not any("Vries" in str(each) for each in found)


def test_a_folder_of_texts_elsewhere_is_not_read(noordwijk):
    elsewhere = noordwijk.root / "elders"
    (noordwijk.path / "texts").rename(elsewhere)
    (noordwijk.path / "texts").symlink_to(elsewhere)

    assert {each.code for each in problems(noordwijk)} == {"KCC-C010c"}


def test_a_link_that_leads_round_is_no_file(noordwijk):
    link = noordwijk.path / "texts/nawoord.md"
    link.symlink_to(link)

    assert only_problem(noordwijk).code in ("KCC-C010c", "KCC-C010d")


def test_files_of_an_editor_are_no_texts(noordwijk):
    (noordwijk.path / "texts/.#conclusies.md").symlink_to("iemand@computer.1234")
    (noordwijk.path / "texts/.conclusies.md").write_text("{}")

    assert set(load_study(noordwijk.root, noordwijk.key).texts) == {
        "aanbevelingen",
        "conclusies",
    }


def test_a_folder_is_no_text(noordwijk):
    (noordwijk.path / "texts/nawoord.md").mkdir()
    found = only_problem(noordwijk)

    assert found.code == "KCC-C010d"
    assert found.file.endswith("texts/nawoord.md")


@pytest.mark.parametrize(
    ("name", "code", "remedy"),
    [
        ("conclusie.md", "KCC-C003b", "'conclusies'"),
        ("xyz.md", "KCC-C003c", "reactie-college"),
    ],
)
def test_a_text_the_report_has_no_place_for_is_refused(noordwijk, name, code, remedy):
    (noordwijk.path / "texts" / name).write_text("Goed.", encoding="utf-8")
    found = only_problem(noordwijk)

    assert found.code == code
    assert remedy in found.remedy


def test_a_folder_whose_name_is_no_key_is_not_listed(noordwijk):
    copy = noordwijk.path.with_name("2023-klantbeleving (kopie)")
    copy.mkdir()
    (copy / MEASUREMENT).write_bytes((noordwijk.path / MEASUREMENT).read_bytes())

    assert all("kopie" not in key for key in list_keys(noordwijk.root))
    assert len(list_keys(noordwijk.root)) == 4


def test_nan_is_told_in_dutch(noordwijk):
    line = noordwijk.edit(QUESTIONS, "range = [1, 10]", "range = [1, nan]")
    found = next(each for each in problems(noordwijk) if each.row == str(line))

    assert found.code == "KCC-C004c"
    assert "nan" in found.title and "geen getal" in found.title


def test_a_hidden_character_in_a_text_is_told_with_its_line(noordwijk):
    path = noordwijk.path / "texts/nawoord.md"
    path.write_text("Goed.\n\tIngesprongen.\nRood: \x1b[31m.\n", encoding="utf-8")
    found = only_problem(noordwijk)

    assert (found.code, found.row) == ("KCC-C001", "3")
    assert "U+001B" in found.title
