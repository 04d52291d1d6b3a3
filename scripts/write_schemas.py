#!/usr/bin/env python3
"""Write docs/schema/*.json: what an editor needs to complete and check our TOML.

Made from the models that read the files, so that the two cannot differ; a test says
whether they are up to date. What a model takes beside its own type (a list of answers
for ``codes``) is added by hand below. A record layout may extend another and has no
schema. An editor sees types and names; only ``kcc check`` follows references.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from kcc_research.study.claim import Claims
from kcc_research.study.coding_scheme import CodingScheme
from kcc_research.study.measurement import Measurement
from kcc_research.study.questionnaire import Questionnaire
from kcc_research.study.quote_decision import QuoteDecisions
from kcc_research.study.recommendation import Recommendations
from kcc_research.study.wave_map import WaveMap

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "schema"
MODELS: dict[str, type[BaseModel]] = {
    "measurement": Measurement,
    "questionnaire": Questionnaire,
    "claims": Claims,
    "waves": WaveMap,
    "aanbevelingen": Recommendations,
    "quotes": QuoteDecisions,
    "coding": CodingScheme,
}
_LIST = {"type": "array", "items": {"type": ["string", "number"]}}
_ONE = {"type": "string"}
# Definition → property → what the model takes beside its own type.
_ALSO: dict[str, dict[str, dict[str, Any]]] = {
    "Question": {"codes": _LIST, "columns": _LIST},
    "Measurement": {"profiles": _ONE},
    "RemarkColumns": {"theme": _ONE, "subtheme": _ONE},
}


def schemas() -> dict[str, str]:
    """File name → content, for every kind of definition file."""
    return {
        f"{name}.json": json.dumps(model_schema(model), indent=1, ensure_ascii=False)
        + "\n"
        for name, model in MODELS.items()
    }


def model_schema(model: type[BaseModel]) -> dict[str, Any]:
    """JSON schema of one kind of definition file."""
    found = model.model_json_schema()
    parts = {model.__name__: found, **found.get("$defs", {})}
    for name, extra in _ALSO.items():
        for key, other in extra.items():
            properties = parts.get(name, {}).get("properties", {})
            if key in properties:
                properties[key] = {"anyOf": [properties[key], other]}
    for key in getattr(model, "NOT_IN_FILE", ()):
        del found["properties"][key]
        found["required"].remove(key)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in schemas().items():
        (FOLDER / name).write_text(content, encoding="utf-8", newline="\n")
        sys.stdout.write(f"docs/schema/{name}\n")


if __name__ == "__main__":
    main()
