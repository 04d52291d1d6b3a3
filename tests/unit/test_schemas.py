"""The schemas editors use: up to date, and they accept what we have in studies/."""

import importlib.util
import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from kcc_research.study.loading import load_study
from kcc_research.study.measurement_key import list_keys

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "schema"


def _script():
    path = ROOT / "scripts" / "write_schemas.py"
    spec = importlib.util.spec_from_file_location("write_schemas", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def as_json(path):
    """The file as an editor checks it: a date is a text there."""
    text = path.read_text(encoding="utf-8")
    return json.loads(json.dumps(tomllib.loads(text), default=str))


def validator(name):
    schema = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_they_are_what_the_models_say():
    stored = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert stored == _script().schemas(), "run scripts/write_schemas.py"


def definitions():
    kinds = {"claims.toml": "claims", "waves.toml": "waves", "quotes.toml": "quotes"}
    kinds |= {"measurement.toml": "measurement", "aanbevelingen.toml": "aanbevelingen"}
    for key in list_keys(ROOT):
        folder = ROOT / "studies" / key
        study = load_study(ROOT, key)
        named = {
            each.questionnaire: "questionnaire"
            for each in study.measurement.source
            if each.questionnaire
        }
        named |= {
            each.coding: "coding" for each in study.measurement.source if each.coding
        }
        for name, kind in (kinds | named).items():
            if (folder / name).is_file():
                yield pytest.param(folder / name, kind, id=f"{key}/{name}")


@pytest.mark.parametrize(("path", "kind"), list(definitions()))
def test_they_accept_our_own_definitions(path, kind):
    faults = [
        f"{each.json_path}: {each.message[:200]}"
        for each in validator(kind).iter_errors(as_json(path))
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("measurement", {"titel": "verkeerd geschreven"}),
        ("measurement", {"status": "klaar"}),
        ("measurement", {"owner": "gm0575-noordwijk"}),
        ("questionnaire", {"question": []}),
    ],
)
def test_they_refuse_what_is_wrong(kind, change):
    folder = ROOT / "studies" / "gm0575-noordwijk" / "2023-klantbeleving"
    name = "measurement.toml" if kind == "measurement" else "algemeen.toml"
    good = as_json(folder / name)
    assert validator(kind).is_valid(good)
    assert not validator(kind).is_valid(good | change)
