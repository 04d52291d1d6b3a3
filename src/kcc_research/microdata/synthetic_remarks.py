"""Sentences of which invented open answers are made, by coded theme.

The few personal data in them are nobody's: a phone number of zeros, an address under
the reserved name ``.example``. They are there so that masking can be seen to work.
"""

from __future__ import annotations

from collections.abc import Mapping

from kcc_research.microdata.synthetic import Draws

NO_COMPLAINT = "P"

Sentences = Mapping[str, tuple[str, ...]]

ANYWHERE: Sentences = {
    "W": (
        "Het duurde veel te lang voordat ik antwoord kreeg.",
        "Pas na drie weken hoorde ik iets.",
        "Het mag allemaal wel wat sneller.",
        "Steeds weer wachten.",
    ),
    "D": (
        "De brief stond vol moeilijke woorden.",
        "Twee mensen gaven mij een verschillend antwoord.",
        "Er stond nergens hoe lang het zou duren.",
        "De regels zijn voor een gewone inwoner niet te volgen.",
    ),
    "B": (
        "Ik voelde me niet serieus genomen.",
        "Er werd nogal kortaf gereageerd.",
        "Je bent een nummer.",
        "Een beetje meer begrip zou fijn zijn.",
    ),
    "T": (
        "Er zou teruggebeld worden, maar dat is niet gebeurd.",
        "Graag een bericht als het langer duurt.",
        "Ik moest zelf steeds navragen hoe het ervoor stond.",
    ),
    "M": (
        "Er werd niet meegedacht, alleen naar de regels verwezen.",
        "Mijn situatie paste niet in het hokje en dan houdt het op.",
        "Met een klein beetje soepelheid was het in één keer geregeld.",
        "Niemand luisterde naar wat ik eigenlijk nodig had.",
        "Ik werd van het kastje naar de muur gestuurd.",
    ),
    "V": (
        "Op de website kon ik het niet vinden.",
        "De openingstijden zijn onhandig als je werkt.",
        "Het duurde even voordat ik wist waar ik moest zijn.",
    ),
    NO_COMPLAINT: (
        "Prima geholpen.",
        "Ging vlot, niets op aan te merken.",
        "Ik kreeg duidelijke uitleg.",
        "Top!",
        "Goede service.",
        "Meteen het goede antwoord.",
        "Tevreden over.",
    ),
}

# What is said only of one channel, or of one service (by its code).
SOMEWHERE: Mapping[str, Sentences] = {
    "telefoon": {
        "W": (
            "Ik heb ruim een half uur in de wacht gestaan.",
            "Wachttijd aan de telefoon was lang.",
        ),
        "V": ("Het telefoonnummer staat goed verstopt.",),
        "B": ("De stem aan de andere kant klonk ongeïnteresseerd.",),
        NO_COMPLAINT: ("Keurig, ook goed teruggebeld.", "Snel iemand aan de lijn."),
    },
    "balie": {
        "W": (
            "De afspraak liep flink uit.",
            "Er was pas over twee weken plek voor een afspraak.",
        ),
        "V": ("In De Zilk is geen loket, dus je moet altijd reizen.",),
        NO_COMPLAINT: (
            "Binnen tien minuten stond ik weer buiten.",
            "Vriendelijke medewerker, snel klaar.",
            "Complimenten voor de balie.",
        ),
    },
    "e-mail": {
        "T": ("Op mijn tweede mail kwam geen reactie.",),
        "W": ("Op een mailtje pas na twee weken antwoord.",),
        NO_COMPLAINT: ("De volgende dag al antwoord op mijn mail.",),
    },
    "fixi": {
        "T": (
            "De melding werd gesloten terwijl er niets was gedaan.",
            "Ik heb nooit meer iets gehoord over mijn melding.",
        ),
        NO_COMPLAINT: ("Handige app.",),
    },
    "website": {
        "V": (
            "De zoekfunctie van de site geeft de verkeerde pagina's.",
            "Het formulier liep vast op mijn telefoon.",
        ),
        NO_COMPLAINT: ("Fijn dat het digitaal kan.",),
    },
    "1": {
        "D": ("Ik snapte niet welke papieren ik mee moest nemen.",),
        NO_COMPLAINT: ("Binnen een week mijn nieuwe paspoort.",),
    },
    "3": {
        "W": ("Op mijn aanvraag heb ik maanden moeten wachten.",),
        "D": ("Onduidelijk wat de kosten zijn.",),
        "M": (
            "Er is geen ruimte voor een uitzondering, hoe logisch ook.",
            "Het plan lag al vast, onze inbreng deed er niet toe.",
        ),
    },
    "4": {
        "W": ("Op inzage heb ik zes weken gewacht.",),
        "D": ("De uitleg op het formulier klopt niet met wat mij werd gezegd.",),
        "V": ("Het archief is lastig te doorzoeken.",),
    },
    "5": {
        "T": ("Na de melding is het stil gebleven.",),
        NO_COMPLAINT: ("De melding was de volgende ochtend al opgelost.",),
    },
    "6": {
        "W": ("De container stond er na een week nog.",),
        "D": ("De afvalkalender klopt niet.",),
    },
}

OPENINGS: Mapping[str, tuple[str, ...]] = {
    "1": ("Paspoort: ", "Rijbewijs verlengd. ", "", ""),
    "2": ("Verhuizing doorgegeven. ", "Over mijn verhuizing: ", "", ""),
    "3": ("Vergunning voor een dakkapel: ", "Omgevingsvergunning: ", ""),
    "4": ("Ik vroeg om inzage in een bouwdossier. ", "Inzage documenten: ", ""),
    "5": ("Losse stoeptegel gemeld. ", "Lantaarnpaal kapot. ", "Zwerfafval: ", ""),
    "6": ("Over grofvuil: ", "Milieustraat: ", "", ""),
    "7": ("", "", "Kwijtschelding. ", "Vraag over parkeren: "),
}

# Said by nobody about anybody.
PERSONAL_ENDINGS: tuple[str, ...] = (
    " Mail mij gerust: inwoner@voorbeeld.example.",
    " U kunt mij bellen op 06-00000000.",
    " Het gaat om zaaknummer Z-2023-000000.",
    " Reageer graag naar p.proef@voorbeeld.example",
    " Bel 071-0000000 voor meer uitleg.",
)

_SECOND_THEME = 0.25
# Themes to draw from, by service; a letter twice is a theme twice as likely.
_COMPLAINTS = {"3": "WWDMMTB", "4": "WWDDMMTV", "5": "TTTWMV"}
_OTHER_COMPLAINTS = "WWDDBTMMV"


def remark(draws: Draws, content: float, product: str, channel: str) -> tuple[str, str]:
    """An open answer and its coded themes, such as ``("Top!", "P")``.

    ``content`` is the latent opinion (standard normal): the lower, the likelier a
    complaint. ``product`` is the code of the service it is about.
    """
    if content + 0.6 * draws.normal() > 0.35:
        themes = [NO_COMPLAINT]
    else:
        choice = _COMPLAINTS.get(product, _OTHER_COMPLAINTS)
        themes = [draws.pick(choice)]
        if draws.chance(_SECOND_THEME):
            themes = sorted({themes[0], draws.pick(choice)})
    sentences = [draws.pick(_sentences(theme, product, channel)) for theme in themes]
    return draws.pick(OPENINGS[product]) + " ".join(sentences), "|".join(themes)


def _sentences(theme: str, product: str, channel: str) -> tuple[str, ...]:
    """What can be said; twice as likely when it fits the channel or the service."""
    special: tuple[str, ...] = ()
    for place in (channel, product):
        special += SOMEWHERE.get(place, {}).get(theme, ())
    return ANYWHERE[theme] + special + special
