"""The base of every definition: frozen, strict, and refusing what it does not know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from kcc_research.study.reserved import is_device

Identifier = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)
]
Slug = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
]
MeasurementKey = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$", max_length=121
    ),
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
GemeenteCode = Annotated[str, StringConstraints(pattern=r"^GM[0-9]{4}$")]
# No folder, no hidden file; ``*`` and ``?`` serve a source of several files.
FILE_NAME_PATTERN = r"^[A-Za-z0-9_*?][A-Za-z0-9_.*?-]*$"


def _possible_everywhere(name: str) -> str:
    """A file that a colleague on Windows can have as well (TRUST-F11)."""
    if is_device(name):
        raise ValueError(f"'{name}' is in Windows een gereserveerde naam")
    if name.endswith("."):
        raise ValueError(f"'{name}' eindigt op een punt; dat kan in Windows niet")
    return name


FileName = Annotated[
    str,
    StringConstraints(pattern=FILE_NAME_PATTERN, max_length=100),
    AfterValidator(_possible_everywhere),
]


class Definition(BaseModel):
    """A part of a measurement or questionnaire file: values in, no behaviour added."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        populate_by_name=True,
        allow_inf_nan=False,
    )


Fault = tuple[tuple[str | int, ...], str]
"""Key path within a definition, and what is wrong there, in Dutch."""


class FaultsError(ValueError):
    """Everything that is wrong within one definition, told at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(text for _, text in self.faults))


def refuse(faults: Iterable[Fault]) -> None:
    """Raise :class:`FaultsError` when there is any fault."""
    found = tuple(faults)
    if found:
        raise FaultsError(found)
