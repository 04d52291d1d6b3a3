"""Every command and block of code in the documentation is true.

The everyday part reads them: calls against the command line, TOML against the models,
Python by running it. The slow part runs the commands of every page, in one workspace.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
import typer.main
import yaml
from pydantic import TypeAdapter, ValidationError

from kcc_research import cli, errors
from kcc_research.pipeline.outcome import Outcome, State, exit_code
from kcc_research.study.claim import Claims
from kcc_research.study.coding_scheme import CodingScheme
from kcc_research.study.measurement import Measurement
from kcc_research.study.questionnaire import Questionnaire
from kcc_research.study.quote_decision import QuoteDecisions
from tests import messy_files
from tests.documents import ALL, ROOT, Block, commands, prose, put, without
from tests.workspaces import WAVES, fresh_copy

NOT_RUN = {
    "README.md": 3,
    "CONTRIBUTING.md": 3,
    "docs/eerste-rapport.md": 1,
    "docs/installeren.md": 3,
    "docs/nieuwe-meting.md": 1,
    "docs/recipes.md": 2,
    "docs/uitgeven-en-bewaren.md": 1,
}
"""Blocks that are read, not run: they fetch packages, or are of another machine."""

LANGUAGES = {"sh", "bash", "powershell", "toml", "python", "pycon", "text", "yaml"}
SHELLS = ("sh", "bash", "powershell", "yaml", "text")
MODELS = (Measurement, Questionnaire, Claims, QuoteDecisions, CodingScheme)


def named(language: str, *marks: str, without: str = "") -> list:
    """Blocks of a language with and without certain marks, as parameters."""
    return [
        pytest.param(each, id=each.name)
        for each in ALL
        if each.language == language
        and all(mark in each.marks for mark in marks)
        and (not without or without not in each.marks)
    ]


def test_every_block_says_its_language():
    assert [each.name for each in ALL if each.language not in LANGUAGES] == []


def test_what_is_not_run_is_counted_and_says_why():
    found: dict[str, int] = {}
    for each in ALL:
        if "not run" in each.marks:
            assert len(each.marks["not run"].split()) >= 2, each.name
            page = each.page.relative_to(ROOT).as_posix()
            found[page] = found.get(page, 0) + 1
    assert found == NOT_RUN


def test_another_shell_is_never_run_here():
    foreign = [each for each in ALL if each.language in ("powershell", "bash")]
    assert foreign and all("not run" in each.marks for each in foreign)


@cache
def command_line() -> dict:
    """The commands by name: ``run``, ``vng check``."""
    found = {}
    for name, command in typer.main.get_command(cli.app).commands.items():
        parts = getattr(command, "commands", None)
        found |= {f"{name} {part}": each for part, each in (parts or {}).items()}
        found |= {} if parts else {name: command}
    return found


def split(call: str) -> tuple[str, list[str]]:
    """The name of the command, of two words where it is one of a group; the rest."""
    words = shlex.split(call)
    size = 2 if " ".join(words[:2]) in command_line() else 1
    return " ".join(words[:size]), words[size:]


def calls() -> Iterator[tuple[str, str]]:
    for each in ALL:
        if each.language in SHELLS:
            yield from ((each.name, call) for call in commands(each.text))


@pytest.mark.parametrize(("place", "call"), tuple(calls()))
def test_a_command_can_be_given(place, call):
    name, words = split(call)
    assert name in command_line(), place
    known = {name for each in command_line()[name].params for name in each.opts}
    assert {each for each in words if each.startswith("--")} <= known | {"--help"}
    command_line()[name].make_context(name, words)


def test_commands_within_a_sentence_exist():
    wrong = []
    for page, text in prose():
        for call in re.findall(r"`kcc ([a-z][^`]*)`", text):
            name, words = split(call)
            known = {
                option
                for each in getattr(command_line().get(name), "params", ())
                for option in each.opts
            }
            options = {each.split("=")[0] for each in words if each.startswith("--")}
            if name not in command_line() or not options <= known | {"--help"}:
                wrong.append(f"{page}: kcc {call}")
    assert wrong == []


@pytest.mark.parametrize("block", named("toml", without="from"))
def test_a_definition_fits_its_model(block):
    content = tomllib.loads(block.text)
    if all(key.startswith("KCC-") for key in content):
        assert all({"title", "remedy"} <= set(each) for each in content.values())
        return
    [model, *_] = [
        each for each in MODELS if content.keys() <= each.model_fields.keys()
    ]
    for key, value in content.items():
        assert _faults(model.model_fields[key].annotation, value) == []


def _faults(kind: object, value: object) -> list[str]:
    """What is wrong with a fragment, apart from what it leaves out."""
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        return [str(each) for each in error.errors() if each["type"] != "missing"]
    return []


@pytest.mark.parametrize("block", named("toml", "from"))
def test_a_quoted_definition_stands_in_its_file(block):
    file = (ROOT / block.marks["from"]).read_text(encoding="utf-8")
    assert block.text in file


@pytest.mark.parametrize("block", named("python"))
def test_python_runs(block):
    exec(compile(block.text, block.name, "exec"), {})


@pytest.mark.parametrize("block", named("yaml"))
def test_yaml_can_be_read(block):
    assert yaml.safe_load(block.text)


def test_examples_of_methods_stand_where_they_are_run():
    pages = {each.page.name for each in ALL if each.language == "pycon"}
    assert pages == {"index.md"}  # tests/reference/test_methods.py


# --- the command line and what is said of it ------------------------------------------


@pytest.mark.parametrize("name", command_line())
def test_help_explains_everything(name):
    command = command_line()[name]
    assert command.help and command.help[0].isupper() and command.help.endswith(".")
    for each in command.params:
        choices = re.match(r"typing.Literal", str(each.type_descriptor.annotation))
        assert each.help and each.help.endswith("."), each.name
        is_flag = getattr(each, "is_flag", False)
        assert is_flag or each.metavar or choices, f"{each.name} names no value"
    [example] = commands(command.epilog)
    called, words = split(example)
    assert called == name
    command.make_context(name, words)


def test_a_code_of_exit_is_one_of_those_that_are_told():
    told = {
        error.exit_code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.UserError)
    }
    told |= {exit_code([Outcome("a/b", state)]) for state in get_args(State)}
    told |= {int(each) for block in ALL for each in _codes(block)}
    assert told == set(cli.EXIT_CODES)


def _codes(block: Block) -> list[str]:
    return block.marks.get("exits", "0").split(" or ")


# --- running them ---------------------------------------------------------------------

ORDER = (
    "README.md",
    "docs/eerste-rapport.md",
    "docs/nieuwe-meting.md",
    "docs/wegen-en-vergelijken.md",
    "docs/opmerkingen-en-citaten.md",
    "docs/eigen-notebook.md",
    "docs/uitgeven-en-bewaren.md",
    "docs/installeren.md",
    "docs/recipes.md",
)


class Walk:
    """One workspace in which the pages are followed, each block after the other."""

    def __init__(self, folder: Path) -> None:
        self.root = fresh_copy(folder / "project", *WAVES)
        messy_files.windows_csv(self.root / "bewoners.csv")
        programs = folder / "bin"
        programs.mkdir()
        (programs / "kcc").write_text(
            f'#!/bin/sh\nexec "{sys.executable}" -m kcc_research "$@"\n'
        )
        (programs / "kcc").chmod(0o755)
        kept = {k: v for k, v in os.environ.items() if not k.startswith("KCC_")}
        self.environment = kept | {"PATH": f"{programs}:{os.environ['PATH']}"}
        self.shown = ""

    def follow(self, block: Block) -> str:
        """Do what the block says; the empty text, or what went wrong."""
        if step := block.marks.get("first"):
            STEPS[step](self.root)
        if "in" in block.marks:
            file = self.root / block.marks["in"]
            file.parent.mkdir(exist_ok=True)
            old = file.read_text("utf-8") if file.exists() else ""
            text = put(old, block.text) if block.language == "toml" else block.text
            file.write_text(text, encoding="utf-8")
        if "output" in block.marks and block.text not in self.shown:
            return f"not shown: {block.text}\nbut: {self.shown}"
        if block.language != "sh" or "not run" in block.marks:
            return ""
        done = subprocess.run(
            ["sh", "-c", block.text],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        self.shown = (done.stdout + done.stderr).replace("\N{NO-BREAK SPACE}", " ")
        if str(done.returncode) in _codes(block):
            return ""
        return f"{block.text}exit {done.returncode}\n{done.stdout}{done.stderr}"


def _decide(root: Path) -> None:
    for path in (root / "studies").rglob("*.toml"):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        kept = [each for each in lines if not each.startswith("# BESLIS")]
        path.write_text("".join(kept), encoding="utf-8")


def _drop(root: Path) -> None:
    path = root / "studies" / "gm0575-noordwijk" / "2024-proef" / "algemeen.toml"
    text = path.read_text("utf-8")
    for question in ("leeftijd", "product"):
        text = without(text, "[[indicator]]", f'question = "{question}"')
    path.write_text(text, encoding="utf-8")


STEPS = {"decide": _decide, "drop the indicators of age and service": _drop}


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """What went wrong in each page, all of them followed in one workspace."""
    walk = Walk(tmp_path_factory.mktemp("pages"))
    return {
        page: [
            f"{each.name}\n{wrong}"
            for each in ALL
            if each.page == ROOT / page and (wrong := walk.follow(each))
        ]
        for page in ORDER
    }


def test_every_page_with_something_to_run_is_followed():
    pages = {
        each.page.relative_to(ROOT).as_posix()
        for each in ALL
        if each.language == "sh" and "not run" not in each.marks
    }
    assert pages <= set(ORDER)


@pytest.mark.slow
def test_the_site_is_built_without_a_warning():
    """In the clone itself: what it writes is ignored by git."""
    script = ROOT / "scripts" / "build_docs.py"
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    index = (ROOT / "docs" / "_build" / "html" / "nederlands.html").read_text("utf-8")
    assert '<html lang="nl"' in index


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the blocks are for sh")
@pytest.mark.parametrize("page", ORDER)
def test_what_a_page_says_can_be_done(walked, page):
    assert walked[page] == [], "\n\n".join(walked[page])
