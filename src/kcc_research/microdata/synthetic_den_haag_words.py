"""Sentences of the invented callers of The Hague: barriers and interview fragments.

Nobody said any of this. Interviews are held with dissatisfied callers only; they show
what occurs, not how often. Themes are codes of the coding scheme in ``studies/``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

NO_BARRIER = "X"

BARRIER_SENTENCES: Mapping[str, tuple[str, ...]] = {
    "N": (
        "Ik moest drie keer bellen voor hetzelfde.",
        "Ze konden mij niet meteen helpen.",
        "Na twee weken was het nog niet geregeld.",
        "Ik moest later nog een keer bellen.",
        "Het is nog steeds niet opgelost.",
    ),
    "K": (
        "De medewerker wist het antwoord niet.",
        "Ik kreeg een antwoord dat later niet klopte.",
        "Ze lazen voor wat ik zelf al op de website had gezien.",
        "Er werd geraden in plaats van opgezocht.",
    ),
    "D": (
        "Steeds weer doorverbonden.",
        "Ik werd doorverbonden en toen viel de lijn weg.",
        "Bij iedereen moest ik opnieuw mijn verhaal doen.",
    ),
    "T": (
        "Er zou teruggebeld worden, maar dat is niet gebeurd.",
        "Ik heb twee dagen op een telefoontje gewacht.",
    ),
    "W": (
        "Ik stond een kwartier in de wacht.",
        "Eerst een heel keuzemenu en dan nog wachten.",
    ),
    "U": (
        "De uitleg was niet te volgen.",
        "De brief zei iets anders dan de medewerker.",
    ),
    "B": (
        "Ik werd nogal kortaf te woord gestaan.",
        "Ik voelde mij een lastige klant.",
    ),
    NO_BARRIER: (
        "Geen idee, het was gewoon matig.",
        "Kan ik niet zo zeggen.",
        "Het ging wel.",
    ),
}

# Said by nobody about anybody.
PERSONAL_ENDINGS: tuple[str, ...] = (
    " U kunt mij bellen op 06-00000000.",
    " Mail maar naar beller@voorbeeld.example.",
    " Bel 070-0000000 als u meer wilt weten.",
)


class Fragment(NamedTuple):
    """A passage of an interview with its codes; ``second``: those of another coder."""

    text: str
    themes: tuple[str, ...]
    valence: str = "-"
    second: tuple[str, ...] = ()


_RESIDENT, _BUSINESS = "inwoner", "ondernemer"
_WALL, _KNOW, _BACK, _EXPLAIN = "kastje", "kennis", "terugbellen", "uitleg"
_SELF, _MENU, _TONE = "zelf", "menu", "houding"

FRAGMENTS: tuple[tuple[str, tuple[Fragment, ...]], ...] = (
    (
        _RESIDENT,
        (
            Fragment(
                "Voor mijn verhuizing moest ik bij drie afdelingen zijn. Geen van de "
                "drie wist wat de andere deed.",
                (_WALL,),
            ),
            Fragment(
                "De eerste mevrouw was vriendelijk, dat wel. Alleen kon zij niets in "
                "het systeem zien.",
                (_KNOW, _TONE),
                "0",
                (_KNOW,),
            ),
            Fragment("Uiteindelijk heb ik zelf alles op een rij gezet.", (_SELF,)),
        ),
    ),
    (
        _RESIDENT,
        (
            Fragment(
                "Ze zeiden: u hoort vandaag nog iets. Ik heb de hele middag naast de "
                "telefoon gezeten.",
                (_BACK,),
            ),
            Fragment(
                "De volgende die ik sprak, wist van niets. Er stond geen notitie.",
                (_KNOW, _SELF),
                "-",
                (_SELF,),
            ),
            Fragment("Toen moest ik weer van voren af aan beginnen.", (_WALL,)),
        ),
    ),
    (
        _BUSINESS,
        (
            Fragment(
                "Voor een terras heb je een vergunning nodig, en een ontheffing, en "
                "nog iets van parkeren. Daar bestaat niet één nummer voor.",
                (_WALL,),
            ),
            Fragment(
                "Van de ene kreeg ik te horen dat het mocht, van de andere van niet.",
                (_EXPLAIN, _KNOW),
            ),
            Fragment("Ik ben ondernemer, ik bel in mijn eigen tijd.", (_SELF,), "0"),
        ),
    ),
    (
        _RESIDENT,
        (
            Fragment(
                "Ik vroeg of mijn uitkering doorliep als ik ging samenwonen. Dat "
                "moest ik aan een ander vragen, en die was er niet.",
                (_WALL, _KNOW),
            ),
            Fragment(
                "Pas de vierde keer kreeg ik iemand die het dossier kende.", (_KNOW,)
            ),
            Fragment(
                "Die laatste nam wel de tijd. Had ik die maar meteen gehad.",
                (_TONE,),
                "+",
            ),
            Fragment("Twee beloften om terug te bellen, nul keer gebeld.", (_BACK,)),
        ),
    ),
    (
        _RESIDENT,
        (
            Fragment("Je hoort vijf keuzes en geen ervan past.", (_MENU,)),
            Fragment(
                "Ik ben twee keer doorverbonden naar een nummer dat niet opnam.",
                (_WALL,),
            ),
            Fragment(
                "Het antwoord zelf was helder, toen ik het had.", (_EXPLAIN,), "+"
            ),
        ),
    ),
    (
        _RESIDENT,
        (
            Fragment(
                "De aanslag klopte niet. Aan de telefoon zeiden ze dat ik bezwaar "
                "moest maken, terwijl het een tikfout was.",
                (_KNOW,),
            ),
            Fragment("Een brief sturen, terwijl ik iemand aan de lijn had.", (_SELF,)),
        ),
    ),
    (
        _BUSINESS,
        (
            Fragment(
                "Ze kennen de regels voor inwoners. Zodra het over een bedrijf gaat, "
                "wordt het stil.",
                (_KNOW,),
            ),
            Fragment(
                "Ik werd doorgezet naar een afdeling die er niet meer over gaat.",
                (_WALL,),
            ),
            Fragment("Niemand belde terug.", (_BACK,)),
        ),
    ),
    (
        _RESIDENT,
        (
            Fragment(
                "Voor hulp in huis moest ik drie keer hetzelfde vertellen. Dat is niet "
                "leuk als het over je gezondheid gaat.",
                (_WALL, _TONE),
                "-",
                (_WALL,),
            ),
            Fragment(
                "De medewerker las een tekst op. Op mijn vraag kwam geen antwoord.",
                (_KNOW,),
            ),
            Fragment(
                "Mijn dochter heeft het daarna via internet geregeld.", (_SELF,), "0"
            ),
        ),
    ),
    (
        _RESIDENT,
        (
            Fragment("Ik wachtte lang en toen was het alsof ik stoorde.", (_TONE,)),
            Fragment("Ik kreeg een zucht te horen.", (_TONE,)),
            Fragment(
                "Van paspoort tot parkeervergunning: bij elke vraag een ander.",
                (_WALL,),
            ),
        ),
    ),
    (
        _RESIDENT,
        (
            Fragment(
                "De medewerker zei eerlijk dat zij het niet wist. Dat waardeerde ik, "
                "maar ik had nog steeds geen antwoord.",
                (_KNOW, _TONE),
                "0",
            ),
            Fragment("Ze zou het uitzoeken en bellen. Dat is niet gebeurd.", (_BACK,)),
            Fragment("Na een week belde ik zelf weer.", (_SELF,)),
        ),
    ),
    (
        _RESIDENT,
        (
            Fragment(
                "De brief en de telefoon spraken elkaar tegen over de datum.",
                (_EXPLAIN,),
            ),
            Fragment("Wie van de twee gelijk had, kon niemand zeggen.", (_KNOW,)),
        ),
    ),
    (
        _RESIDENT,
        (
            Fragment(
                "Mijn vraag ging over schulden en over huur. Voor het ene moest ik "
                "hier zijn, voor het andere daar.",
                (_WALL,),
            ),
            Fragment(
                "Ik heb een lijstje bijgehouden van met wie ik sprak.", (_SELF,), "0"
            ),
            Fragment(
                "Eén iemand belde wel terug, precies op tijd. Het kan dus.",
                (_BACK,),
                "+",
            ),
        ),
    ),
    (
        _BUSINESS,
        (
            Fragment("Eerst een bandje, dan muziek, dan weer een bandje.", (_MENU,)),
            Fragment(
                "De uitleg over de precario was zo ingewikkeld dat ik het heb laten "
                "zitten.",
                (_EXPLAIN,),
            ),
        ),
    ),
    (
        _RESIDENT,
        (
            Fragment(
                "Ik werd van Burgerzaken naar Belastingen gestuurd en weer terug.",
                (_WALL,),
            ),
            Fragment(
                "Bij de tweede keer zei ik: kunt u het niet zelf even vragen? Dat kon "
                "niet.",
                (_WALL, _SELF),
                "-",
                (_WALL,),
            ),
            Fragment(
                "Wat zij zei, bleek achteraf niet te kloppen. Dat kostte een boete.",
                (_KNOW, _EXPLAIN),
                "-",
                (_KNOW,),
            ),
        ),
    ),
    (
        _RESIDENT,
        (
            Fragment(
                "Ik belde over een kapotte lantaarn en kreeg drie verschillende "
                "antwoorden.",
                (_EXPLAIN,),
            ),
            Fragment("Terugbellen doen ze niet, dat weet ik nu.", (_BACK,)),
            Fragment(
                "Ik wil gewoon één iemand die zegt: dit regel ik voor u.",
                (_SELF, _WALL),
                "0",
                (_SELF,),
            ),
        ),
    ),
)
"""Role of the caller and the passages of each of the 15 interviews."""
