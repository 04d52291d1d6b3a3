"""The reference pages of the site, written from the code they describe.

Each function returns the text of a page. Nothing of it is in git: the site always shows
what the command line, the messages, the models and the plan are now.
"""

from __future__ import annotations

import importlib
import itertools
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

import typer
from typer.core import TyperCommand, TyperOption

import kcc_research
from kcc_research import cli, errors
from kcc_research.pipeline import plan
from kcc_research.study.loading import load_study
from kcc_research.study.measurement_key import list_keys

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from write_schemas import MODELS, model_schema  # noqa: E402

FAMILIES = {
    "C": "De definities: meting, vragenlijst, codeerschema",
    "D": "De gegevens: het bestand dat u kreeg",
    "P": "Persoonsgegevens",
    "Q": "Citaten",
    "S": "Onthulling: kleine aantallen",
    "R": "Running: the call, the steps, the machine",
    "O": "Outputs: the rules a report must meet",
}


def pages() -> dict[str, str]:
    """Name of a page → its text, in MyST."""
    return {
        "commands": commands(),
        "meldingen": messages("Meldingen over uw bestanden", "CDPQS", _DUTCH_HEAD),
        "messages": messages("Messages about runs and reports", "RO", _ENGLISH_HEAD),
        "definitions": definitions(),
        "studies": studies(),
        "python": python(),
    }


# --- the command line -----------------------------------------------------------------


def commands() -> str:
    """Every command with its own help, arguments, options and the exit codes."""
    parts = ["# Commands", "From the help of `kcc` itself.", _exit_codes()]
    for name, command in command_line().items():
        parts += [f"## kcc {name}", *_paragraphs(command.help or "")]
        context = command.make_context(f"kcc {name}", [], resilient_parsing=True)
        usage = command.get_usage(context).removeprefix("Usage: ")
        parts.append(f"```text\n{usage}\n```")
        rows = [_parameter(each) for each in command.params]
        if rows:
            parts.append(_table(("name", "what it does", "default"), rows))
        if command.epilog:
            parts.append(f"```text\n{command.epilog}\n```")
    return _joined(parts)


def command_line() -> dict[str, TyperCommand]:
    """The commands of ``kcc`` by name, as typer makes them."""
    return dict(_named("", typer.main.get_command(cli.app)))


def _named(prefix: str, group: Any) -> Iterator[tuple[str, TyperCommand]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _named(f"{prefix}{name} ", command)
        else:
            yield prefix + name, command


def _exit_codes() -> str:
    rows = [(f"`{code}`", words) for code, words in cli.EXIT_CODES.items()]
    return "## Exit codes\n\n" + _table(("code", "means"), rows)


def _parameter(parameter: Any) -> tuple[str, str, str]:
    """An argument or option: its name, its help, its default."""
    if isinstance(parameter, TyperOption):
        value = "" if parameter.is_flag else f" {_metavar(parameter)}"
        name = f"`{parameter.opts[0]}{value}`"
    else:
        name = f"`{_metavar(parameter)}`"
    if parameter.required:
        return name, _plain(parameter.help), "required"
    shown = parameter.default not in (None, False, "", 0, ())
    return name, _plain(parameter.help), f"`{parameter.default}`" if shown else ""


def _metavar(parameter: Any) -> str:
    choices = get_args(parameter.type_descriptor.annotation)
    if not parameter.metavar and all(isinstance(each, str) for each in choices):
        return " or ".join(choices)
    return str(parameter.metavar)


# --- messages -------------------------------------------------------------------------

_DUTCH_HEAD = """Elke melding heeft een code. Tussen ‹ en › komt wat er is gevonden. De
letter zegt waar het over gaat, het getal welke regel het is. Voorbeelden van
bestanden die worden geweigerd, staan in [Faults, and what you see](/faults.md)."""
_ENGLISH_HEAD = """Every message has a code. Between ‹ and › stands what is filled in.
Messages about your own material are Dutch and have a page of their own:
[meldingen](/reference/meldingen.md)."""


def messages(title: str, families: str, head: str) -> str:
    """The catalogue of messages of ``families``: code, severity, title and remedy."""
    parts = [f"# {title}", head]
    dutch = families[0] in "CDPQS"
    column = ("code", "melding", "herstel") if dutch else ("code", "title", "remedy")
    words = {"warning": "waarschuwing", "notice": "melding"} if dutch else {}
    for family in families:
        rows = []
        for code, entry in errors.catalogue(family).items():
            severity = entry.get("severity", "error")
            mild = "" if severity == "error" else f"*{words.get(severity, severity)}* "
            title_cell = mild + _filled(entry["title"])
            rows.append((f"`{code}`", title_cell, _filled(entry["remedy"])))
        parts += [f"## {FAMILIES[family]}", _table(column, rows)]
    return _joined(parts)


def _filled(template: str) -> str:
    text = re.sub(r"(?<!\{)\{(\w+)\}(?!\})", r"‹\1›", template)
    return _plain(text.replace("{{", "{").replace("}}", "}"))


# --- definitions ----------------------------------------------------------------------


def definitions() -> str:
    """Every definition file: its parts, their keys, kinds of value and defaults."""
    parts = [
        "# Definition files",
        "From the models that read them. An unknown key is an error. The same as schema"
        " files, for editors: `docs/schema` in the repository.",
    ]
    seen: set[str] = set()
    for name, model in MODELS.items():
        schema = model_schema(model)
        parts += [f"## {name}.toml", *_model(schema)]
        for part, each in schema.get("$defs", {}).items():
            if part not in seen and "properties" in each:
                seen.add(part)
                parts += [f"### {part}", *_model(each)]
    return _joined(parts)


def _model(schema: dict[str, Any]) -> Iterator[str]:
    yield from _paragraphs(schema.get("description", ""))
    required = schema.get("required", ())
    yield _table(
        ("key", "value", "default"),
        [
            (f"`{key}`", _kind(each), "required" if key in required else _default(each))
            for key, each in schema["properties"].items()
        ],
    )


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return f"*{schema['$ref'].rsplit('/', 1)[1]}*"
    if "anyOf" in schema:
        kinds = [_kind(each) for each in schema["anyOf"] if each != {"type": "null"}]
        return " or ".join(dict.fromkeys(kinds))
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        inner = schema.get("items") or schema.get("prefixItems", [{}])[0]
        return f"list of {_kind(inner)}"
    if schema.get("type") == "object":
        inner = schema.get("additionalProperties")
        return f"table of {_kind(inner)}" if isinstance(inner, dict) else "table"
    return str(schema.get("format") or schema.get("type") or "any value")


def _default(schema: dict[str, Any]) -> str:
    default = schema.get("default")
    plain = isinstance(default, str | int | float) and default != ""
    return f"`{default}`".lower() if plain else ""


# --- studies and notebooks ------------------------------------------------------------


def studies() -> str:
    """Study kinds with their notebooks and demonstrations; kinds of source."""
    shown: dict[str, list[str]] = {}
    for key in list_keys(ROOT):
        shown.setdefault(load_study(ROOT, key).measurement.study, []).append(key)
    kinds = [
        (f"`{kind}`", f"`{name}`", f"`{plan.REPORT[kind]}`", _codes(shown[kind]))
        for kind, name in plan.ANALYSE.items()
    ]
    sources = [(f"`{kind}`", f"`{name}`") for kind, name in plan.CLEAN.items()]
    return _joined(
        [
            "# Studies and notebooks",
            "From the plan that `kcc run` follows.",
            "## Kinds of study",
            _table(("`study`", "analysis", "report", "demonstrations"), kinds),
            "## Kinds of source",
            _table(("`kind` of a `[[source]]`", "cleaned by"), sources),
        ]
    )


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{each}`" for each in names)


# --- Python ---------------------------------------------------------------------------


def python() -> str:
    """The public functions, by the part of the package they come from."""
    homes = {
        name: home for home, names in kcc_research._HOMES.items() for name in names
    }
    parts = [
        "# Python",
        "What a notebook may use: `import kcc_research as kcc`, then `kcc.name`. The"
        " headings name where the source is.",
    ]
    layers = itertools.groupby(
        sorted((home, name) for name, home in homes.items()),
        key=lambda each: each[0].split(".")[0],
    )
    for layer, members in layers:
        parts.append(f"## {layer}")
        for home, names in itertools.groupby(members, key=lambda each: each[0]):
            module = importlib.import_module(f"kcc_research.{home}")
            first = (module.__doc__ or "").strip().splitlines()[0]
            parts.append(f"### {home}\n\n{_plain(first)}")
            parts += [
                f"```{{eval-rst}}\n.. autofunction:: kcc_research.{home}.{name}\n```"
                for _, name in names
            ]
    return _joined(parts)


# --- text -----------------------------------------------------------------------------


def _plain(text: str) -> str:
    """Text in which nothing is taken for markup, but for code."""
    text = text.replace("``", "`")
    return "".join(
        part if part[:1] in "`*" else re.sub(r"([\\*_<\[\]|])", r"\\\1", part)
        for part in re.split(r"(`[^`]*`|\*\w[^*]*\*)", text)
        if part
    ).replace("\n", " ")


def _paragraphs(docstring: str) -> list[str]:
    text = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", docstring.strip())
    return [_plain(each) for each in re.split(r"\n\s*\n", text) if each]


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table, without the columns that say nothing."""
    kept = [n for n, name in enumerate(head) if not name or any(r[n] for r in rows)]
    shown = [tuple(row[n] for n in kept) for row in (head, ("---",) * len(head), *rows)]
    return "\n".join("| " + " | ".join(each) + " |" for each in shown)


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"
