"""What invented visitors, panel members and others say about the counter.

Sentences by theme: those of open answers, and those of conversations with the valence
a coder gave them. The few personal data are nobody's (see :mod:`.synthetic_remarks`).
"""

from __future__ import annotations

from collections.abc import Mapping

Said = tuple[str, str, str]
"""Subcode, valence (``+``, ``0`` or ``-``) and the words."""

ANSWERS: Mapping[str, tuple[str, ...]] = {
    "duidelijkheid": (
        "Ik wist meteen wat ik mee moest nemen.",
        "Er werd rustig uitgelegd wat er nu gebeurt.",
        "De brief van tevoren was niet zo duidelijk als het gesprek.",
        "Duidelijke uitleg, geen moeilijke woorden.",
    ),
    "snelheid": (
        "Ik was binnen tien minuten weer buiten.",
        "Zonder afspraak is het wel lang zitten.",
        "Lekker vlot geholpen.",
        "Op mijn afspraak moest ik toch nog wachten.",
    ),
    "klantgerichtheid": (
        "Er werd met mij meegedacht.",
        "De medewerker nam echt de tijd.",
        "Heel vriendelijk ontvangen.",
        "Ze zochten een oplossing toen mijn papieren niet compleet waren.",
    ),
    "deskundigheid": (
        "Zij wist precies hoe het zat.",
        "De medewerker moest het navragen, maar kwam terug met het goede antwoord.",
        "Op al mijn vragen kwam een antwoord.",
    ),
    "ontvangst in de hal": (
        "Bij de ingang werd ik goed geholpen met het aanmelden.",
        "Ik zag niet waar ik mijn nummer moest halen.",
    ),
    "privacy": (
        "Iedereen kan aan de balie meeluisteren.",
        "De balies staan te dicht op elkaar.",
    ),
    "openingstijden": (
        "Graag vaker in de avond open.",
        "Overdag komt mij slecht uit, ik werk.",
    ),
    "online regelen": (
        "Ik had dit liever thuis geregeld.",
        "Een afspraak maken op de website lukte niet goed.",
    ),
}
PERSONAL = (
    " Bel mij op 06-00000000 als er iets is.",
    " U kunt mailen naar bezoeker@voorbeeld.example.",
)

FRAGMENTS: Mapping[str, tuple[Said, ...]] = {
    "duidelijkheid": (
        ("vooraf", "-", "Op de website stond niet dat de oude pas mee moest."),
        ("vooraf", "+", "In de bevestiging stond precies wat ik nodig had."),
        ("aan de balie", "+", "Ze zei stap voor stap wat er ging gebeuren."),
        ("aan de balie", "0", "Ik heb er niet echt op gelet hoe het werd uitgelegd."),
        ("achteraf", "-", "Ik weet nu nog niet wanneer ik bericht krijg."),
    ),
    "snelheid": (
        ("wachten", "-", "Zonder afspraak zit je hier soms een half uur."),
        ("wachten", "+", "Ik zat nog niet of mijn nummer kwam al op het scherm."),
        ("afhandeling", "+", "Ophalen was zo gebeurd."),
        ("afspraak", "-", "De eerste vrije plek was pas over twee weken."),
        ("afspraak", "0", "Een afspraak maken hoort er nu eenmaal bij."),
    ),
    "klantgerichtheid": (
        ("meedenken", "+", "Ze belde zelf een collega om het voor mij te regelen."),
        ("meedenken", "+", "Er werd een uitzondering gemaakt voor mijn moeder."),
        ("bejegening", "+", "Heel vriendelijk, en ze keek me aan."),
        ("bejegening", "-", "Ik had het gevoel dat ik stoorde."),
        ("maatwerk", "+", "Ze hebben de aangifte met ons samen ingevuld."),
    ),
    "deskundigheid": (
        ("kennis", "+", "Hij wist het uit zijn hoofd."),
        ("kennis", "-", "Bij de tweede balie hoorde ik iets anders."),
        ("doorvragen", "+", "Ze vroeg door tot ze begreep wat ik bedoelde."),
        ("kennis", "0", "Voor een paspoort hoef je niet veel te weten."),
    ),
    "ontvangst in de hal": (
        ("gastvrouw", "+", "De gastvrouw bij de deur is een aanwinst."),
        ("bewegwijzering", "-", "Ik liep eerst naar de verkeerde zuil."),
    ),
    "privacy": (
        ("meeluisteren", "-", "Mijn buurman stond achter mij en hoorde alles."),
        ("meeluisteren", "0", "Ik heb niets te verbergen, maar prettig is anders."),
    ),
    "openingstijden": (
        ("avond", "-", "Alleen donderdagavond is te weinig als je werkt."),
        ("avond", "+", "De avond is voor mij precies goed."),
    ),
    "online regelen": (
        ("website", "-", "Online liep het vast bij het uploaden van de foto."),
        ("website", "+", "De verhuizing heb ik thuis op de bank doorgegeven."),
    ),
}
OBSERVERS_NOTES = (
    "Medewerker legt de stappen uit.",
    "Bezoeker had een document niet bij zich; er wordt naar een oplossing gezocht.",
    "Overleg met een collega, daarna antwoord.",
    "Vlot en vriendelijk.",
    "Gesprek is op de wachtstoelen te volgen.",
    "",
    "",
)

NORMS: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "beleid en visie",
        "Er is een vastgestelde visie op dienstverlening aan de balie.",
        "Visie op dienstverlening 2021",
        "voldoet",
        "De raad stelde de visie vast.",
    ),
    (
        "beleid en visie",
        "De visie is uitgewerkt in doelen die te meten zijn.",
        "Visie op dienstverlening 2021; Programmabegroting 2023",
        "voldoet niet",
        "De doelen zijn kwalitatief; er staat geen streefwaarde bij.",
    ),
    (
        "beleid en visie",
        "De gemeente weet wat bezoekers van de balie verwachten.",
        "Klantonderzoek 2019",
        "voldoet deels",
        "Er is naar tevredenheid gevraagd, niet naar verwachtingen.",
    ),
    (
        "beleid en visie",
        "Er is beleid voor bezoekers die minder goed lezen of geen computer hebben.",
        "Uitvoeringsplan Iedereen doet mee",
        "voldoet",
        "Er is een loket met hulp en een werkafspraak over taal.",
    ),
    (
        "contacten en wachttijden",
        "Er is een norm voor de wachttijd en die is bekend bij bezoekers.",
        "Kwaliteitshandvest, website",
        "voldoet deels",
        "De norm staat op de website, niet in de hal.",
    ),
    (
        "contacten en wachttijden",
        "Aantallen bezoeken en wachttijden worden volledig geregistreerd.",
        "Klantgeleidingssysteem, storingsrapport",
        "voldoet deels",
        "Een week zonder registratie is niet achteraf aangevuld.",
    ),
    (
        "contacten en wachttijden",
        "De inzet van medewerkers volgt de drukte over de week.",
        "Roosters voorjaar en najaar",
        "voldoet deels",
        "Er is een rooster voor piekuren, niet voor bezoek zonder afspraak.",
    ),
    (
        "beleving",
        "Medewerkers zijn getraind in duidelijke taal en gastvrijheid.",
        "Opleidingsplan Burgerzaken",
        "voldoet",
        "Elke medewerker volgde de training in de afgelopen drie jaar.",
    ),
    (
        "beleving",
        "Gesprekken aan de balie zijn niet te volgen voor anderen.",
        "Huisvestingsplan publiekshal",
        "voldoet niet",
        "Het plan noemt privacy, maar niet de afstand tussen de balies.",
    ),
    (
        "sturing en monitoring",
        "Het management bespreekt uitkomsten minstens elk kwartaal.",
        "Verslagen teamoverleg",
        "voldoet deels",
        "Wachttijden wel, beleving niet.",
    ),
    (
        "sturing en monitoring",
        "De raad krijgt elk jaar informatie over kwaliteit, niet alleen aantallen.",
        "Jaarstukken 2021 en 2022",
        "voldoet niet",
        "De jaarstukken noemen alleen aantallen producten.",
    ),
    (
        "sturing en monitoring",
        "Klachten over de balie leiden aantoonbaar tot verbetering.",
        "Klachtenregistratie",
        "niet te beoordelen",
        "De registratie maakt geen onderscheid naar balie.",
    ),
)
"""Part, norm, document, judgement and explanation of the review of documents."""
