"""The fixed Dutch words around a report, the same in both routes."""

from __future__ import annotations

from collections.abc import Mapping

from kcc_research.study.measurement import Status

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
STATUS: Mapping[Status, str] = {
    "concept": "Concept",
    "wederhoor": "Concept voor wederhoor",
    "definitief": "Definitief",
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
