"""What the catalogue knows of a published report: facts and protected numbers only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kcc_research import dutch
from kcc_research.reporting.printed import DECIMALS, formatted

STUDIES = {
    "experience": "klantbeleving",
    "continuous": "doorlopende meting",
    "counter": "dienstverlening aan de balie",
    "phone": "dienstverlening aan de telefoon",
    "assurance": "kwaliteitsborging",
    "benchmark": "benchmark van gemeenten",
    "contacts": "registratie van contacten",
}
SIZES = {
    1: "minder dan 5.000 inwoners",
    2: "5.000 tot 10.000 inwoners",
    3: "10.000 tot 20.000 inwoners",
    4: "20.000 tot 50.000 inwoners",
    5: "50.000 tot 100.000 inwoners",
    6: "100.000 tot 150.000 inwoners",
    7: "150.000 tot 250.000 inwoners",
    8: "250.000 inwoners of meer",
}
_CHANGES = {
    "higher": "Hoger dan de meting ervoor",
    "lower": "Lager dan de meting ervoor",
    "not_shown": "Geen duidelijk verschil met de meting ervoor",
    "not_comparable": "Niet te vergelijken met de meting ervoor",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The headline of a report; a suppressed one has no numbers at all.

    ``norm`` and ``verdict`` are those of the headline, ``reason`` says how far off;
    ``change`` is the verdict on the difference with the wave before.
    """

    indicator: str
    label: str
    statistic: str
    status: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    norm: float | None = None
    verdict: str = ""
    reason: str = ""
    change: str = ""

    @property
    def value(self) -> str:
        if self.estimate is None:
            hidden = self.status == "suppressed"
            return dutch.SUPPRESSED if hidden else dutch.NOT_AVAILABLE
        star = "*" if self.status == "indicative" else ""
        return formatted(self.estimate, self.statistic) + star

    @property
    def is_comparable(self) -> bool:
        """Whether the report compares this wave with the one before."""
        return self.change != "not_comparable"

    def evidence(self) -> str:
        """``95%-marge 6,4–6,8; n = 353``."""
        if self.estimate is None:
            return "te weinig antwoorden" if self.status == "suppressed" else ""
        few = "weinig antwoorden" if self.status == "indicative" else ""
        size = "" if self.n is None else dutch.base(self.n)
        return "; ".join(each for each in (self.margin, size, few) if each)

    @property
    def margin(self) -> str:
        """``95%-marge 6,4–6,8``; empty where there is none."""
        if self.low is None or self.high is None:
            return ""
        if self.statistic == "share":
            return f"95%-marge {dutch.share_interval(self.low, self.high)}"
        decimals = DECIMALS.get(self.statistic, 1)
        return f"95%-marge {dutch.interval(self.low, self.high, decimals)}"

    def judgements(self) -> Iterator[tuple[str, str]]:
        """Sentences at a glance, with the class of its mark: yes, no, neither."""
        if self.norm is not None and self.verdict in _VERDICTS:
            mark, words = _VERDICTS[self.verdict]
            norm = formatted(self.norm, self.statistic)
            told = self.verdict != "undecided" and self.reason
            yield mark, words.format(norm) + (f": {self.reason}" if told else "")
        if self.change in _CHANGES:
            yield "", _CHANGES[self.change]


_VERDICTS = {
    "met": ("ja", "Norm {} gehaald"),
    "not_met": ("nee", "Norm {} niet gehaald"),
    "not_yet": ("nee", "Doel {} nog niet gehaald"),
    "undecided": ("", "Norm {}: te dichtbij om te zeggen"),
    "not_measured": ("", "Norm {}: niet gemeten"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One published report; ``files`` are the names of all that was published with it.

    ``folder`` is where they stand below the page, if that is not the key. Without
    ``files`` there is no report yet. ``standing`` is a word for what a reader of the
    list must know of it (*verouderd, mislukt, uitgegeven, ingetrokken*), ``why`` says
    more. ``others`` are earlier versions: what to call them, and where they are.
    ``year`` is that of the end of the fieldwork. ``size_class`` is 0 and ``province``
    empty where the report is not about one municipality. The norms are
    those over everybody together: met, judged, and too close to call.
    """

    key: str
    title: str
    place: str
    published: date
    status: str
    synthetic: bool
    files: tuple[str, ...] = ()
    study: str = ""
    year: int = 0
    province: str = ""
    size_class: int = 0
    outcome: Outcome | None = None
    norms_met: int = 0
    norms_judged: int = 0
    norms_undecided: int = 0
    folder: str = ""
    version: int = 1
    standing: str = ""
    why: str = ""
    others: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        return self.folder or self.key

    @property
    def study_words(self) -> str:
        return STUDIES.get(self.study, self.study)

    @property
    def when(self) -> int:
        return self.year or self.published.year

    @property
    def norms(self) -> str:
        """``Normen: 5 van 9 gehaald, 1 te dichtbij om te zeggen``; empty without."""
        if not self.norms_judged:
            return ""
        close = f", {self.norms_undecided} te dichtbij om te zeggen"
        told = f"Normen: {self.norms_met} van {self.norms_judged} gehaald"
        return told + close * bool(self.norms_undecided)

    @property
    def series(self) -> tuple[str, ...]:
        """Equal for waves of one study in one place with the same headline."""
        if self.outcome is None:
            return ()
        owner = self.key.partition("/")[0]
        return owner, self.study, self.outcome.indicator, self.outcome.statistic
