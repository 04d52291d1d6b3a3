"""The locks hold all that pyproject.toml asks for, on every system we promise.

Offline: only the files are read. A universal lock may hold several versions of one
package, each with a marker; a target is served when exactly one marker applies.
"""

import re
import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from itertools import product
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = "requirements.lock"
DEVELOPMENT = "requirements-dev.lock"
SYSTEMS = {
    "linux": {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"},
    "windows": {
        "os_name": "nt",
        "sys_platform": "win32",
        "platform_system": "Windows",
    },
    "macos": {
        "os_name": "posix",
        "sys_platform": "darwin",
        "platform_system": "Darwin",
    },
}
MACHINES = {"linux": "x86_64", "windows": "AMD64", "macos": "arm64"}
PYTHONS = ("3.11.0", "3.11.9", "3.12.7", "3.13.1")


def environment(system: str, python: str) -> dict[str, str]:
    """The marker variables of one target."""
    return SYSTEMS[system] | {
        "platform_machine": MACHINES[system],
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "implementation_version": python,
        "python_version": python.rpartition(".")[0],
        "python_full_version": python,
        "platform_release": "",
        "platform_version": "",
        "extra": "",
    }


TARGETS = [
    pytest.param(environment(system, python), id=f"{system}-{python}")
    for system, python in product(SYSTEMS, PYTHONS)
]


def entries(text: str) -> list[tuple[Requirement, list[str]]]:
    """Each pin of a lock with its hashes."""
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^\s*#.*\n?", "", text))
    found = []
    for line in filter(None, map(str.strip, joined.splitlines())):
        requirement, *hashes = re.split(r"\s+--hash=", line)
        found.append((Requirement(requirement), hashes))
    return found


@cache
def lock(name: str) -> list[tuple[Requirement, list[str]]]:
    return entries((ROOT / name).read_text(encoding="utf-8"))


def applies(requirement: Requirement, target: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(target)


def without_marker(requirement: Requirement) -> Requirement:
    """The same requirement, now that its marker has been judged."""
    return Requirement(str(requirement).partition(";")[0])


def pins(name: str, target: dict[str, str]) -> dict[str, list[Version]]:
    """Package → the versions that a lock gives ``target``."""
    found: dict[str, list[Version]] = {}
    for requirement, _ in lock(name):
        if applies(requirement, target):
            (specifier,) = requirement.specifier
            version = Version(specifier.version)
            found.setdefault(canonicalize_name(requirement.name), []).append(version)
    return found


@cache
def asked(*extras: str) -> list[Requirement]:
    """What pyproject.toml requires, the build backend included."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)
    optional = project["project"]["optional-dependencies"]
    lines = project["build-system"]["requires"] + project["project"]["dependencies"]
    for extra in extras:
        lines = lines + optional[extra]
    return [Requirement(line) for line in lines]


def unmet(
    requirements: list[Requirement],
    pinned: dict[str, list[Version]],
    target: dict[str, str],
) -> list[str]:
    """The requirements that no pin, or more than one, answers."""
    wrong = []
    for each in requirements:
        if not applies(each, target):
            continue
        versions = pinned.get(canonicalize_name(each.name), [])
        if len(versions) != 1 or versions[0] not in each.specifier:
            wrong.append(f"{each}: pinned {[str(version) for version in versions]}")
    return wrong


def needs(
    name: str, extra: str, pinned: dict[str, list[Version]], target: dict[str, str]
) -> list[Requirement]:
    """What one pinned package asks for on ``target``, by its own metadata."""
    try:
        installed = distribution(name)
    except PackageNotFoundError:
        return []
    if [Version(installed.version)] != pinned.get(name):
        return []
    found = map(Requirement, installed.requires or [])
    variables = target | {"extra": extra}
    return [without_marker(each) for each in found if applies(each, variables)]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    ("name", "extras"),
    [(RUNTIME, ("build",)), (DEVELOPMENT, ("build", "dev"))],
    ids=["runtime", "development"],
)
def test_every_requirement_has_one_pin(name, extras, target):
    assert unmet(asked(*extras), pins(name, target), target) == []


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", [RUNTIME, DEVELOPMENT])
def test_no_package_has_two_versions_on_one_target(name, target):
    double = {each: found for each, found in pins(name, target).items() if found[1:]}
    assert double == {}


@pytest.mark.parametrize("target", TARGETS)
def test_the_development_lock_holds_the_runtime_lock(target):
    runtime, development = pins(RUNTIME, target), pins(DEVELOPMENT, target)
    assert runtime.items() <= development.items()


@pytest.mark.parametrize("name", [RUNTIME, DEVELOPMENT])
def test_every_pin_is_exact_and_hashed(name):
    for requirement, hashes in lock(name):
        assert [each.operator for each in requirement.specifier] == ["=="], requirement
        assert requirement.url is None
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes)


@pytest.mark.parametrize("name", [RUNTIME, DEVELOPMENT])
def test_no_lock_names_an_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    options = re.findall(r"(?m)^\s*(?:-i|-f|--(?!hash=))\S*.*", text)
    assert "://" not in text
    assert options == []


@pytest.mark.parametrize("target", TARGETS)
def test_what_the_pins_need_is_pinned_too(target):
    """Followed from package to package, as far as they are installed here."""
    pinned = pins(DEVELOPMENT, target)
    waiting, seen, wrong = list(asked("build", "dev")), set(), []
    while waiting:
        each = waiting.pop()
        wrong += unmet([each], pinned, target)
        for extra in ("", *each.extras):
            step = (canonicalize_name(each.name), extra)
            if step not in seen:
                seen.add(step)
                waiting += needs(*step, pinned, target)
    assert wrong == []
    assert len(seen) > len(asked("build", "dev"))


def test_a_missing_pin_is_noticed():
    target = environment("linux", "3.12.7")
    pinned = {"pandas": [Version("2.3.0")], "numpy": [Version("2.2"), Version("2.3")]}
    wanted = [Requirement(line) for line in ("pandas>=3", "numpy>=2", "scipy>=1")]
    wanted.append(Requirement("pywinpty>=2; os_name == 'nt'"))
    assert unmet(wanted, pinned, target) == [
        "pandas>=3: pinned ['2.3.0']",
        "numpy>=2: pinned ['2.2', '2.3']",
        "scipy>=1: pinned []",
    ]
