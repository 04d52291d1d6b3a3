"""A workspace full of invented municipalities, for trials and load tests.

The notebooks and the questionnaire are those of the workspace it is made from; the
answers are drawn anew, the same every time.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kcc_research.errors import CallError, problem
from kcc_research.microdata.synthetic_municipalities import (
    TOWNS,
    answers,
    planted,
    population,
    sample_size,
    with_fault,
)
from kcc_research.microdata.synthetic_municipality_contacts import (
    contacts,
    planted_contacts,
)
from kcc_research.microdata.synthetic_municipality_contacts import (
    with_fault as with_fault_in_contacts,
)
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.municipality import INVENTED as MOST

_TEMPLATE = "gm0575-noordwijk/2021-klantbeleving"
_OF_ANSWERS, _OF_CONTACTS = "2024-klantbeleving", "2024-contacten"
_NOTEBOOKS = ("10_clean_survey", "20_analyse_experience", "30_report_experience")
_FOR_CONTACTS = ("11_clean_contacts", "21_analyse_contacts", "37_report_contacts")

_MEASUREMENT = """\
title = "Klantbeleving {name}"
study = "experience"
municipality = "{code}"
wave = 0
synthetic = true                   # verzonnen gegevens
published = 2025-02-03
retain_until = 2030-12-31
commissioner = "{name}"
status = "definitief"

[fieldwork]
start = 2024-10-04
end = 2024-11-21
mode = "web"
recruitment = "random-sample"

[[source]]
id = "algemeen"
kind = "survey"
label = "algemene vragenlijst"
file = "algemeen.csv"
format = {{ delimiter = ";", decimal = ",", encoding = "utf-8" }}
questionnaire = "algemeen.toml"
target = "all"
invited = {invited}
population = {population}
margins = "bevolking.csv"
breakdowns = ["kanaal", "leeftijd", "kern"]
"""

_CONTACTS = """\
title = "Contacten {name}"
study = "contacts"
municipality = "{code}"
synthetic = true                   # verzonnen gegevens
published = 2024-09-16
retain_until = 2030-12-31
commissioner = "{name}"
status = "definitief"

[fieldwork]
start = 2024-01-01
end = 2024-06-30
mode = "registration"
recruitment = "registration"

[[source]]
id = "kiss"
kind = "contacts"
label = "contactregistratie"
file = "contactmomenten.csv.gz"
format = {{ delimiter = ";", encoding = "utf-8" }}
layout = "kiss"

[[norm]]
indicator = "in_een_keer"
share = 0.80
source = "Verzonnen aanname"
"""


def make(
    workspace: Workspace, to: Path, count: int, *, with_contacts: bool = False
) -> Workspace:
    """Make ``count`` municipalities with a measurement in the new folder ``to``.

    ``with_contacts`` gives each a second measurement, of its registration.

    Raises :class:`CallError` when ``to`` exists, when ``count`` is not 1…342, or when
    this workspace lacks the demonstration measurement it is copied from (R053r–t).
    """
    if not 1 <= count <= MOST:
        raise CallError(problem("KCC-R053r", value=count, most=MOST))
    if to.exists():
        raise CallError(problem("KCC-R053s", value=to.name))
    template = workspace.study(_TEMPLATE) / "algemeen.toml"
    if not template.is_file():
        raise CallError(problem("KCC-R053t", value=_TEMPLATE))
    found = Workspace(to.resolve())
    questionnaire = _renamed(template.read_text(encoding="utf-8"))
    notebooks = _NOTEBOOKS + (_FOR_CONTACTS if with_contacts else ())
    files = {
        **_shared(workspace, notebooks),
        **dict(_measurements(questionnaire, count)),
        **(dict(_registrations(count)) if with_contacts else {}),
    }
    Store(found).lay_out(files)
    return found


def faulty_keys(count: int, *, with_contacts: bool = False) -> Mapping[str, str]:
    """Key of each measurement that was made with a fault → which."""
    found = {_key(number): fault for number, fault in planted(count).items()}
    if with_contacts:
        of_contacts = planted_contacts(count).items()
        found |= {_key(n, _OF_CONTACTS): fault for n, fault in of_contacts}
    return found


def _shared(workspace: Workspace, notebooks: Iterable[str]) -> dict[str, bytes]:
    names = [f"notebooks/{each}.ipynb" for each in notebooks]
    found = {name: (workspace.root / name).read_bytes() for name in names}
    if workspace.lock_file.is_file():
        found[workspace.lock_file.name] = workspace.lock_file.read_bytes()
    return found


def _measurements(questionnaire: str, count: int) -> Iterator[tuple[str, bytes]]:
    faults = planted(count)
    for number in range(1, count + 1):
        key, fault = _key(number), faults.get(number, "")
        study = f"studies/{key}"
        yield f"{study}/measurement.toml", _measurement(number, fault).encode()
        yield f"{study}/algemeen.toml", questionnaire.encode()
        yield f"{study}/bevolking.csv", _margins(number).encode()
        raw = with_fault(answers(number), fault)
        yield f"data/raw/{key}/algemeen.csv", raw.encode()


def _registrations(count: int) -> Iterator[tuple[str, bytes]]:
    faults = planted_contacts(count)
    for number in range(1, count + 1):
        key = _key(number, _OF_CONTACTS)
        definition = _CONTACTS.format(**_named(number))
        yield f"studies/{key}/measurement.toml", definition.encode()
        text = with_fault_in_contacts(contacts(number), faults.get(number, ""))
        packed = gzip.compress(text.encode(), 6, mtime=0)
        yield f"data/raw/{key}/contactmomenten.csv.gz", packed


def _key(number: int, slug: str = _OF_ANSWERS) -> str:
    return f"gm{9000 + number}-voorbeeldgemeente-{number:03d}/{slug}"


def _named(number: int) -> dict[str, str]:
    return {"name": f"Voorbeeldgemeente {number:03d}", "code": f"GM{9000 + number}"}


def _measurement(number: int, fault: str) -> str:
    text = _MEASUREMENT.format(
        **_named(number),
        invited=sample_size(number) * 3,
        population=sum(population(number)["leeftijd"].values()),
    )
    return (
        text.replace("commissioner", "comissioner") if fault == "definition" else text
    )


def _margins(number: int) -> str:
    lines = ["variable,category,count"]
    for variable, counts in population(number).items():
        lines += [f"{variable},{_label(name)},{n}" for name, n in counts.items()]
    return "\n".join(lines) + "\n"


_AGES = {
    "1": "18–29 jaar",
    "2": "30–44 jaar",
    "3": "45–64 jaar",
    "4": "65 jaar en ouder",
}


def _label(name: str) -> str:
    return _AGES.get(name, name)


def _renamed(questionnaire: str) -> str:
    """The questionnaire of Noordwijk with the towns of an invented place."""
    for name, other in TOWNS.items():
        questionnaire = re.sub(rf'"{name}"', f'"{other}"', questionnaire)
    return questionnaire
