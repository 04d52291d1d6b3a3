"""The catalogue of messages and the code that uses it agree, in both directions."""

import ast
import re
import string
import tomllib
from functools import cache
from pathlib import Path

import kcc_research

SOURCE = Path(kcc_research.__file__).parent
MESSAGES = SOURCE / "data" / "messages"
CODE = re.compile(r"KCC-[A-Z][0-9]{3}[a-z]?(?![0-9a-z])")
NUMBERS = {
    "C": range(1, 15),
    "D": range(14, 53),
    "S": range(1, 17),
    "P": range(1, 10),
    "Q": range(1, 7),
    "R": range(53, 65),
    "O": range(65, 73),
}
DUTCH = frozenset("CDSPQ")
ALWAYS_GIVEN = {"file", "row", "column", "value"}
ONLY_DUTCH = frozenset(
    "de het een niet en van voor met deze dit geen moet kan wordt zijn staat heeft"
    " er welke kies maak haal gebruik geef verwijder controleer".split()
)
ONLY_ENGLISH = frozenset(
    "the and not with this must cannot from should which has are that".split()
)


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every message of every family."""
    entries: dict[str, dict[str, str]] = {}
    for path in sorted(MESSAGES.glob("*.toml")):
        family = tomllib.loads(path.read_text(encoding="utf-8"))
        assert {code[4] for code in family} == {path.stem}, path.name
        entries |= family
    return entries


@cache
def sources() -> dict[str, str]:
    return {
        path.relative_to(SOURCE).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(SOURCE.rglob("*.py"))
    }


def literal_problems() -> list[tuple[str, str, set[str]]]:
    """Place, code and given names of each ``problem("KCC-…", …)`` in the source.

    A call that passes ``**details`` is left out: what it gives is not in the text.
    """
    found = []
    for name, text in sources().items():
        for call in ast.walk(ast.parse(text)):
            if isinstance(call, ast.Call) and _is_problem(call.func) and call.args:
                code, given = call.args[0], {each.arg for each in call.keywords}
                if isinstance(code, ast.Constant) and None not in given:
                    found.append((f"{name}:{call.lineno}", str(code.value), given))
    return found


def _is_problem(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else None
    return (function.id if isinstance(function, ast.Name) else name) == "problem"


def placeholders(template: str) -> list[tuple[str, str | None, str | None]]:
    return [
        (name, form, conversion)
        for _, name, form, conversion in string.Formatter().parse(template)
        if name is not None
    ]


def words(entry: dict[str, str]) -> set[str]:
    """The words of a message, without placeholders and what is quoted as code."""
    text = f"{entry['title']} {entry['remedy']}"
    plain = re.sub(r"\{\w*\}|`[^`]*`|\"[^\"]*\"|'[^']*'", " ", text)
    return set(re.findall(r"[a-zà-ÿ]+", plain.lower()))


def test_there_are_messages_and_sources():
    assert len(catalogue()) > 10
    assert len(sources()) > 10


def test_every_code_in_the_source_has_a_message():
    used = {
        (name, code)
        for name, text in sources().items()
        for code in CODE.findall(text)
        if code not in catalogue()
    }
    assert sorted(used) == []


def test_every_message_is_used():
    used = {code for text in sources().values() for code in CODE.findall(text)}
    assert sorted(set(catalogue()) - used) == []


def test_every_number_belongs_to_its_family():
    strange = [
        code
        for code in catalogue()
        if not CODE.fullmatch(code) or int(code[5:8]) not in NUMBERS[code[4]]
    ]
    assert strange == []


def test_every_message_has_a_title_a_remedy_and_perhaps_a_severity():
    for code, entry in catalogue().items():
        assert {"title", "remedy"} <= set(entry) <= {"title", "remedy", "severity"}, (
            code
        )
        assert entry["title"].strip() and entry["remedy"].strip(), code
        assert entry.get("severity", "warning") in ("warning", "notice"), code
        assert "\n" not in entry["title"].strip(), code


def test_placeholders_are_plain_names():
    for code, entry in catalogue().items():
        for name, form, conversion in placeholders(entry["title"] + entry["remedy"]):
            assert name.isidentifier(), code
            assert not form and conversion is None, code


def test_every_message_is_in_the_language_of_its_family():
    strange = {
        code: sorted(words(entry) & (ONLY_ENGLISH if code[4] in DUTCH else ONLY_DUTCH))
        for code, entry in catalogue().items()
    }
    assert {code: found for code, found in strange.items() if found} == {}


def test_each_family_speaks_its_language():
    """Each word list is met in its own families, so that the rule above has teeth."""
    for family in {code[4] for code in catalogue()}:
        expected = ONLY_DUTCH if family in DUTCH else ONLY_ENGLISH
        entries = [each for code, each in catalogue().items() if code[4] == family]
        assert any(words(entry) & expected for entry in entries), family


def test_every_problem_is_given_what_its_message_asks():
    missing = []
    for place, code, given in literal_problems():
        entry = catalogue().get(code, {"title": "", "remedy": ""})
        names = {name for name, *_ in placeholders(entry["title"] + entry["remedy"])}
        if names - ALWAYS_GIVEN - given:
            missing.append((place, code, sorted(names - ALWAYS_GIVEN - given)))
    assert missing == []
