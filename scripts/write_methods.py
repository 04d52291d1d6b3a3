# ruff: noqa: INP001 (a script, not a package)
"""Write the methods page from the registry of methods and the docstrings.

    python scripts/write_methods.py

What a method is called, its formula, source and example stand in
tests/reference/methods.toml; what a function takes and gives in its docstring. Nothing
is written twice, and a test holds the page against both.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
REGISTRY = ROOT / "tests" / "reference" / "methods.toml"
TRUTH = ROOT / "tests" / "reference" / "truth" / "cases.json"
PAGE = ROOT / "docs" / "methods" / "index.md"
PACKAGE = "kcc_research.estimation"

HEAD = """# Methods

How each number is computed, and what proves it. Written by
`python scripts/write_methods.py` from the functions themselves and from
tests/reference/methods.toml; do not change it by hand.

- A number M, C, N or T refers to the project's handbook of statistics.
- *Cases*: truths computed by R or by a published formula, in
  [tests/reference/truth](../../tests/reference/truth/README.md). All of them:
  `python -m tests.reference tests/reference/truth`.
- [How often the intervals hold the truth](coverage.md), by simulation.
- [How fast it is](../benchmarks/estimation.md), beside R with the same digits.
- Examples know numpy as `np`, pandas as `pd`, `survey_design` and the functions of the
  method. A test runs them.

"""


@dataclass(frozen=True)
class Method:
    """One row of the registry."""

    id: str
    title: str
    functions: tuple[str, ...]
    formula: str
    source: str
    needs: tuple[str, ...]
    example: str
    proof: tuple[str, ...] = ()

    @property
    def modules(self) -> tuple[str, ...]:
        """Modules of the functions, each once."""
        return tuple(dict.fromkeys(name.split(".")[0] for name in self.functions))

    @property
    def unit_tests(self) -> tuple[str, ...]:
        """Unit tests mirror the modules."""
        return tuple(f"tests/unit/estimation/test_{each}.py" for each in self.modules)


def read_methods() -> list[Method]:
    """The registry; an unknown or missing key is an error."""
    content = tomllib.loads(REGISTRY.read_text(encoding="utf-8"))
    return [Method(**_tuples(each)) for each in content["method"]]


def _tuples(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        key: tuple(value) if isinstance(value, list) else value.strip("\n")
        for key, value in entry.items()
    }


def resolved(name: str) -> Any:
    """The function, class or method behind ``module.name`` or ``module.Class.name``."""
    module, *path = name.split(".")
    found: Any = importlib.import_module(f"{PACKAGE}.{module}")
    for part in path:
        found = getattr(found, part)
    return found


def page(methods: list[Method]) -> str:
    """The methods page, in markdown."""
    cases = json.loads(TRUTH.read_text(encoding="utf-8"))["cases"]
    counts = Counter(each["need"] for each in cases)
    overview = ["| no. | method | cases |", "|---|---|---|"]
    overview += [f"| {m.id} | {_link(m)} | {_cases(m, counts)} |" for m in methods]
    sections = [_section(each, counts) for each in methods]
    return HEAD + "\n".join(overview) + "\n\n" + "\n".join(sections)


def _link(method: Method) -> str:
    words = re.sub(r"[^\w\s-]", "", f"{method.id} {method.title}".lower())
    return f"[{method.title}](#{words.strip().replace(' ', '-')})"


def _cases(method: Method, counts: Counter[str]) -> str:
    return ", ".join(f"{need} {counts[need]}" for need in method.needs)


def _section(method: Method, counts: Counter[str]) -> str:
    parts = [
        f"## {method.id} {method.title}",
        f"```text\n{method.formula}\n```",
        f"**Source.** {method.source}",
        *(_described(name) for name in method.functions),
    ]
    if method.example:
        parts.append(f"**Example**\n\n```pycon\n{method.example}\n```")
    parts.append(f"**Proved by** {'; '.join(_proofs(method, counts))}.")
    return "\n\n".join(parts) + "\n"


def _proofs(method: Method, counts: Counter[str]) -> list[str]:
    proofs = [_need_words(need, counts[need]) for need in method.needs]
    files = dict.fromkeys([*method.unit_tests, *method.proof])
    return proofs + [_linked(each) for each in files]


def _need_words(need: str, count: int) -> str:
    if not count:
        return f"cases of need `{need}`, in the larger set only"
    return f"{count} {'case' if count == 1 else 'cases'} of need `{need}`"


def _linked(proof: str) -> str:
    """A path and perhaps words behind it, linked from the page."""
    path, _, words = proof.partition(" ")
    return f"[{path}](../../{path}) {words}".strip()


def _described(name: str) -> str:
    found = resolved(name)
    words = _markdown(inspect.cleandoc(found.__doc__ or ""))
    return f"**`{_signature(name, found)}`** {words}"


def _signature(name: str, found: Any) -> str:
    if inspect.isclass(found) or not callable(found):
        return name
    parameters = inspect.signature(found).parameters
    return f"{name}({', '.join(each for each in parameters if each != 'self')})"


_LITERAL = re.compile(r"``([^`]*)``")
_ROLE = re.compile(r":\w+:`[~.]*([^`]*)`")


def _markdown(docstring: str) -> str:
    """A docstring without its example, in markdown instead of reStructuredText."""
    text = docstring.split("\n>>> ")[0].strip()
    text = _LITERAL.sub(r"`\1`", _ROLE.sub(lambda role: f"`{role[1]}`", text))
    return text.replace("::\n\n    ", ":\n\n    ")


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(read_methods()), encoding="utf-8", newline="\n")
    print(PAGE.relative_to(ROOT))
