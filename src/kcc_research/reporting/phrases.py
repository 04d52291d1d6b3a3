"""The fixed Dutch words around a report, the same in both routes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from kcc_research.study.measurement import Status

TitleStatus = Status | Literal["ingetrokken"]
"""What a title page can say: also that of the notice in the place of a report."""

REPORT = "Onderzoeksrapport"
CONTENTS = "Inhoud"
SYNTHETIC_MARK = "VERZONNEN GEGEVENS"
SYNTHETIC_WORDS = "Verzonnen gegevens"
# The id by which the gate finds the mark, whose words are outlines, in a drawing.
SYNTHETIC_GID = "kcc-synthetic"
SYNTHETIC_SENTENCE = (
    "Dit rapport is gemaakt met verzonnen gegevens. "
    "De uitkomsten zeggen niets over de werkelijkheid."
)
ROUNDED_SENTENCE = (
    "Aantallen zijn afgerond op vijftallen; daardoor tellen groepen niet altijd op tot "
    "het totaal."
)
STATUS_LABEL = "Status"
STATUS: Mapping[TitleStatus, str] = {
    "concept": "Concept",
    "wederhoor": "Concept voor wederhoor",
    "definitief": "Definitief",
    "ingetrokken": "Ingetrokken",
}
DATA_BEHIND = "Gegevens bij deze figuur"
APPENDIX = "Bijlage: gegevens bij de figuren"
APPENDIX_LEFT_OUT = (
    "De gegevens bij de figuren staan in de webversie van dit rapport en in de map "
    "tables."
)
FAULTS = "Wat er nog niet klopt"
FAULTS_INTRO = (
    "Dit is een proefversie. Zolang het volgende niet is opgelost, wordt het rapport "
    "niet gepubliceerd."
)
NO_FAULTS = "Dit is een proefversie. Er zijn geen fouten gevonden."
NO_ALT = "Uitvoer zonder tekstalternatief"
