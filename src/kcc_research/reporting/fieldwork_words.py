"""How people were found and asked, in words that fit in a sentence."""

from __future__ import annotations

RECRUITMENT = {
    "random-sample": "een steekproef, getrokken door loting",
    "panel": "een panel",
    "intercept": "bezoekers die ter plekke zijn gevraagd",
    "open-link": "een open link: iedereen kon meedoen",
    "self-selected": "deelnemers die zichzelf hebben aangemeld",
    "census": "iedereen",
    "registration": "een volledige registratie",
}


MODE = {
    "web": "via internet",
    "paper": "op papier",
    "phone": "per telefoon",
    "face-to-face": "in een gesprek",
    "mixed": "op verschillende manieren",
    "panel": "via een panel",
    "registration": "uit een registratie",
}
