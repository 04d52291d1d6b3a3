"""Dutch sentences about all municipalities together, and what they leave open.

Never a rank and never a name: with some thirty contacts per municipality most of what
differs is chance (STAT-S7). Of 342 municipalities 17 fall outside their 95% limits
even when all are alike; that is said wherever limits are shown.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.bands import PROBABLE, RELIABLE
from kcc_research.estimation.benchmark import FEWEST_OTHERS, RELIABILITY
from kcc_research.estimation.municipal_estimates import (
    EXPECTED_OUTSIDE,
    FUNNEL_LEVELS,
    IN_A_BAND,
    OUTSIDE,
    SPREAD,
)
from kcc_research.estimation.municipal_values import CONTACTS
from kcc_research.estimation.norm_coverage import (
    NORM,
    REACHED,
    REALISED,
    WHITE,
    WHITE_SPOTS,
)
from kcc_research.reporting.benchmark_results import (
    contacts_each,
    counted,
    country,
    coverage,
    dimension_of,
    every_indicator,
    indicators_of,
    label,
    printed,
    printed_interval,
)
from kcc_research.reporting.result import Result, find, find_all
from kcc_research.study.benchmark import Dimension, profile_page, profiled
from kcc_research.study.measurement import Study

_LONGEST_LIST = 12  # profiles named one under the other; more go in one paragraph


def summarise_benchmark(study: Study, estimates: pd.DataFrame) -> str:
    """The findings a reader should know, none about one municipality."""
    findings = [
        _who(study, estimates),
        *_scores(study, estimates),
        _white_spots(study, estimates),
        _below_norm(study, estimates),
    ]
    return "\n".join(f"- {finding}" for finding in findings if finding)


def _who(study: Study, estimates: pd.DataFrame) -> str:
    total = find(estimates, indicator=CONTACTS)
    each = contacts_each(study, estimates)
    if total is None or total.n is None or not each:
        return ""
    k = dutch.number(len(each))
    return (
        f"Onderzoekers namen als inwoner **{dutch.number(total.n)} keer** contact op "
        f"met **{k} gemeenten**: {_between(each)} keer per gemeente."
    )


def _between(numbers: list[int]) -> str:
    low, high = numbers[0], numbers[-1]
    return str(low) if low == high else f"{low} tot {high}"


def _scores(study: Study, estimates: pd.DataFrame) -> Iterator[str]:
    for dimension in study.measurement.dimension:
        score = country(study, estimates, dimension.id)
        if score is not None:
            yield (
                f"**{dimension.label}**: gemiddeld {printed(study, score)} van de 100 "
                f"punten (95%-marge {printed_interval(study, score)}). "
                f"{_highest_and_lowest(study, estimates, dimension)}"
            )


def _highest_and_lowest(
    study: Study, estimates: pd.DataFrame, dimension: Dimension
) -> str:
    """Two shares of the dimension, where the margins put them in order."""
    shares = [
        (indicator, result)
        for indicator in indicators_of(study, dimension)
        if (result := country(study, estimates, indicator.id)) is not None
        and result.statistic == "share"
        and result.ci_low is not None
        and result.ci_high is not None
    ]
    if len(shares) < 2:
        return ""
    shares.sort(key=lambda pair: pair[1].estimate or 0)
    (low, least), (high, most) = shares[0], shares[-1]
    if (least.ci_high or 1) >= (most.ci_low or 0):
        return ""
    return (
        f"Het hoogst scoort *{high.label.lower()}* ({most.value}), het laagst "
        f"*{low.label.lower()}* ({least.value})."
    )


def _white_spots(study: Study, estimates: pd.DataFrame) -> str:
    """Where most white spots are: a complete count, so the order is a fact."""
    found = _white_shares(study, estimates)
    if not found:
        return ""
    found.sort(key=lambda pair: -(pair[1].estimate or 0))
    (dimension, most), rest = found[0], found[1:]
    others = dutch.listing(f"{each.label.lower()} {row.value}" for each, row in rest)
    return (
        f"De meeste **witte vlekken** zitten in *{dimension.label.lower()}*: "
        f"{dutch.number(most.count or 0)} van de {most.answers} mogelijke normen "
        f"({most.value}). Daar is geen norm gepubliceerd, of de gemeente meet niet of "
        f"zij de norm haalt. Ter vergelijking: {others}."
    )


def _white_shares(
    study: Study, estimates: pd.DataFrame
) -> list[tuple[Dimension, Result]]:
    return [
        (dimension, row)
        for dimension in study.measurement.dimension
        if (row := coverage(study, estimates, dimension.id).get(WHITE)) is not None
    ]


def _realised(
    study: Study, estimates: pd.DataFrame
) -> list[tuple[str, Result, Result]]:
    """Label, mean norm and what was found, of every norm that anybody has."""
    found = []
    for indicator in every_indicator(study):
        norm = counted(estimates, indicator.id, NORM)
        value = counted(estimates, indicator.id, REALISED)
        if norm is not None and value is not None and norm.is_shown:
            found.append((label(indicator), norm, value))
    return found


def _below_norm(study: Study, estimates: pd.DataFrame) -> str:
    pairs = _realised(study, estimates)
    if not pairs:
        return ""
    below = [
        name
        for name, norm, value in pairs
        if (value.ci_high or 0) < (norm.estimate or 0)
    ]
    if len(below) == len(pairs):
        which = f"Bij **alle {dutch.number(len(pairs))} normen**"
    else:
        which = f"Bij **{dutch.number(len(below))} van de {len(pairs)} normen**"
    return (
        f"{which} ligt wat wij vonden gemiddeld onder wat gemeenten met die norm zelf "
        "beloven."
    )


def describe_benchmark_limits(study: Study, estimates: pd.DataFrame) -> str:
    """What this benchmark cannot say, on the page where people look first."""
    each = contacts_each(study, estimates)
    few = f"{_between(each)} contacten" if each else "weinig contacten"
    points = [
        f"**Welke gemeente de beste is.** Met {few} per gemeente is het grootste deel "
        "van de verschillen toeval. Daarom staat er geen ranglijst in dit rapport, en "
        "geen oordeel over één gemeente.",
        "**Hoe inwoners het zelf ervaren.** Onderzoekers stelden vaste vragen. Wie een "
        "andere vraag heeft, of moeilijker uit zijn woorden komt, kan iets anders "
        "meemaken.",
        "**Waarom er witte vlekken zijn.** We telden wat een gemeente heeft "
        "gepubliceerd. Een norm die alleen intern bekend is, telt niet mee.",
    ]
    return "\n".join(["### Wat we niet weten", "", *(f"- {each}" for each in points)])


def introduce_benchmark(study: Study, estimates: pd.DataFrame) -> str:
    """Who were contacted, when, along which ways and how often."""
    fieldwork = study.measurement.fieldwork
    channels = [
        row for row in find_all(estimates, indicator=CONTACTS) if row.by != "totaal"
    ]
    spread = dutch.listing(
        f"{dutch.number(row.n or 0)} per {row.group}" for row in channels
    )
    each = contacts_each(study, estimates)
    total = find(estimates, indicator=CONTACTS)
    lines = [
        f"Van {dutch.long_date(fieldwork.start)} tot en met "
        f"{dutch.long_date(fieldwork.end)} namen onderzoekers contact op met gemeenten "
        "alsof zij inwoner waren. Zij gebruikten overal dezelfde vragen en vulden na "
        "elk contact hetzelfde formulier in."
    ]
    if total is not None and total.n is not None and each:
        lines.append(
            f"In totaal zijn het {dutch.number(total.n)} contacten met "
            f"{dutch.number(len(each))} gemeenten: {spread}. Per gemeente zijn het er "
            f"{_between(each)}. Wie niemand bereikte of geen antwoord kreeg, staat ook "
            "in de cijfers: dat is een uitkomst."
        )
    return "\n\n".join(lines)


def describe_scores(study: Study) -> str:
    """How outcomes make a score, per dimension."""
    lines = [
        "Per dimensie is er een score van 0 tot 100. Elke uitkomst telt daarin even "
        "zwaar. Een percentage telt zoals het is; een rapportcijfer van 1 tot en met "
        "10 telt als een plaats tussen 0 en 100.",
        "",
    ]
    for dimension in study.measurement.dimension:
        names = dutch.listing(
            each.label.lower() for each in indicators_of(study, dimension)
        )
        lines.append(f"- **{dimension.label}**: {names}.")
    return "\n".join(lines)


def describe_dimension(study: Study, estimates: pd.DataFrame, name: str) -> str:
    """The score of a dimension, and what differs beside chance."""
    dimension = dimension_of(study, name)
    score = country(study, estimates, name)
    if score is None:
        return f"{dimension.label} is in deze meting niet gemeten."
    low, high = (counted(estimates, name, each) for each in SPREAD)
    text = (
        f"Gemiddeld halen gemeenten **{printed(study, score)} van de 100 punten** "
        f"(95%-marge {printed_interval(study, score)}; {score.answers} gemeenten, elk "
        "even zwaar)."
    )
    if low is not None and high is not None and low.is_shown and high.is_shown:
        span = dutch.interval(low.estimate or 0, high.estimate or 0, 0)
        text += (
            " Halen we het toeval eruit, dan liggen acht van de tien gemeenten naar "
            f"schatting tussen de {span.replace(dutch.EN_DASH, ' en ')} punten."
        )
    return text


def describe_funnel(study: Study, estimates: pd.DataFrame, name: str) -> str:
    """How many lie outside the funnel, and how many would by chance alone."""
    first = _funnel_indicator(study, estimates, name)
    if first is None:
        return ""
    found = {
        level: (
            counted(estimates, first, OUTSIDE + level),
            counted(estimates, first, EXPECTED_OUTSIDE + level),
        )
        for level in FUNNEL_LEVELS
    }
    seen, expected = found["95%"]
    if seen is None or expected is None or seen.estimate is None:
        return ""
    by_chance, number = (
        dutch.number(expected.estimate or 0),
        dutch.number(seen.estimate),
    )
    text = (
        f"Van de {seen.answers} gemeenten liggen er **{number}** buiten de binnenste "
        f"lijnen. Door toeval alleen zijn dat er gemiddeld {by_chance}, ook als alle "
        "gemeenten gelijk zijn."
    )
    if name == study.measurement.dimension[0].id:
        text = (
            "Elke stip in de trechter is een gemeente. Hoe meer contacten, hoe kleiner "
            f"de rol van het toeval, en hoe smaller de trechter. {text}"
        )
    if seen.estimate > _CLEARLY_MORE * (expected.estimate or 0):
        return f"{text} {_REAL_DIFFERENCES}"
    return f"{text} Dat scheelt weinig."


_CLEARLY_MORE = 1.5
_REAL_DIFFERENCES = (
    "Er zijn dus echte verschillen tussen gemeenten. Maar welke stip echt afwijkt en "
    "welke door toeval, is bij één gemeente niet te zien."
)


def _funnel_indicator(study: Study, estimates: pd.DataFrame, name: str) -> str | None:
    for indicator in indicators_of(study, dimension_of(study, name)):
        if counted(estimates, indicator.id, OUTSIDE + "95%") is not None:
            return indicator.id
    return None


def describe_realisation(study: Study, estimates: pd.DataFrame) -> str:
    """Norms against what was found, in municipalities that have the norm."""
    pairs = _realised(study, estimates)
    if not pairs:
        return "In deze meting zijn geen normen vergeleken."
    unclear = sum(
        row.count or 0
        for indicator in every_indicator(study)
        if (row := counted(estimates, indicator.id, REACHED["undecided"])) is not None
    )
    every = sum(norm.n or 0 for _, norm, _ in pairs)
    return (
        "Hieronder staan per norm twee cijfers van dezelfde gemeenten: de hoogte van "
        "hun eigen norm, en wat wij bij hen vonden. Gemeenten zonder die norm tellen "
        f"niet mee.\n\n{_below_norm(study, estimates)} Over één gemeente is dat minder "
        f"zeker: bij {dutch.number(unclear)} van de {dutch.number(every)} normen "
        "liggen norm en uitkomst te dicht bij elkaar om te zeggen of de norm wordt "
        "gehaald."
    )


def describe_white_spots(study: Study, estimates: pd.DataFrame) -> str:
    """Per dimension how much is white, and of which kind."""
    lines = []
    for dimension, white in _white_shares(study, estimates):
        parts = coverage(study, estimates, dimension.id)
        kinds = dutch.listing(
            f"{parts[kind].value} {kind}" for kind in WHITE_SPOTS.values()
        )
        lines.append(
            f"- **{dimension.label}**: {dutch.number(white.count or 0)} van de "
            f"{white.answers} mogelijke normen zijn wit ({white.value}): {kinds}."
        )
    if not lines:
        return "In deze meting zijn geen servicekaders onderzocht."
    return (
        "Een *witte vlek* is een uitkomst waar de gemeente zelf niets over kan zeggen. "
        "Er zijn twee soorten: er is **geen norm** gepubliceerd, of er is wel een "
        "norm, maar de gemeente meet **niet** of zij die haalt. Dit is een volledige "
        "telling: er hoort geen marge bij.\n\n" + "\n".join(lines)
    )


def describe_own_position(study: Study, estimates: pd.DataFrame) -> str:
    """How one municipality is compared, and why that is no verdict."""
    found = [
        (dimension, counted(estimates, dimension.id, RELIABILITY))
        for dimension in study.measurement.dimension
    ]
    reliable = dutch.listing(
        f"{dimension.label.lower()} {dutch.number(row.estimate, 2)}"
        for dimension, row in found
        if row is not None and row.estimate is not None
    )
    bands = sum(
        int(row.estimate or 0)
        for dimension in study.measurement.dimension
        if (row := counted(estimates, dimension.id, IN_A_BAND)) is not None
    )
    each = contacts_each(study, estimates)
    alarms = dutch.number(0.05 * len(each))
    if bands:
        none = f"{dutch.number(bands)} keer is dat zeker genoeg voor zo'n plaats."
    else:
        none = "Dat haalt geen enkele gemeente: niemand krijgt hier zo'n plaats."
    return (
        "Een gemeente vergelijken we met de groep die zij zelf koos. Koos zij geen "
        "groep, dan vergelijken we met gemeenten van haar grootte. De gemeente zelf "
        f"telt in haar groep niet mee. Zijn er minder dan {FEWEST_OTHERS} andere "
        "gemeenten, dan nemen we een ruimere groep; welke, staat erbij.\n\n"
        "Hoeveel van de verschillen tussen gemeenten echt is, heet *betrouwbaarheid*: "
        "0 is alles toeval, 1 is niets toeval. Hier is die gemiddeld: "
        f"{reliable}. Pas vanaf {dutch.number(RELIABLE, 1)} mag een gemeente een "
        "plaats krijgen bij de hoge, middelste of lage scores, en alleen als zij daar "
        f"met {dutch.percentage(PROBABLE)} kans ook echt hoort. {none}\n\n"
        "Toetsten we elke gemeente met 5% kans op een vergissing, dan kregen van de "
        f"{dutch.number(len(each))} gemeenten er gemiddeld {alarms} ten onrechte het "
        "oordeel *afwijkend*. Ook daarom doen we dat niet."
    )


def list_profiles(study: Study) -> str:
    """Links to the pages of municipalities, in the order of their codes."""
    links = [
        f"[{each.name}]({profile_page(each)})" for each in profiled(study.measurement)
    ]
    if not links:
        return "Bij dit rapport zijn geen pagina’s per gemeente gemaakt."
    several = dutch.counted(len(links), "pagina hoort", "pagina’s horen")
    intro = (
        f"{several} bij dit rapport, elk over één gemeente: haar eigen cijfers, haar "
        "groep en haar servicekader."
    )
    if len(links) <= _LONGEST_LIST:
        return intro + "\n\n" + "\n".join(f"- {link}" for link in links)
    return intro + "\n\n" + " · ".join(links)


def describe_benchmark_precision(study: Study) -> str:
    """How margins were made, and what they leave out."""
    return (
        "### Marges\n\n"
        "Alle gemeenten zijn gemeten: er is geen steekproef van gemeenten. Wel is elke "
        "gemeente gemeten met een klein aantal contacten. De marge (95%) zegt hoe ver "
        "een cijfer door de keuze van die contacten kan schuiven.\n\n"
        "- Van één gemeente heeft een percentage het interval van Wilson, en bij "
        "weinig contacten het exacte interval (Clopper-Pearson). Een score en een "
        "rapportcijfer hebben een interval met de spreiding binnen alle gemeenten "
        "samen, omdat tien of dertig contacten te weinig zijn om de eigen spreiding "
        "te kennen.\n"
        "- Van alle gemeenten samen telt elke gemeente even zwaar, hoe groot zij ook "
        "is.\n"
        "- Een gemeente is vergeleken met haar groep zonder zichzelf, met de verdeling "
        "van Student (aantal andere gemeenten min 1 vrijheidsgraden). Voor "
        "*ongewoon binnen de groep* telt ook de echte spreiding tussen gemeenten mee "
        "(tau², REML). Over alle gemeenten samen is gecorrigeerd voor het aantal "
        "vergelijkingen (Holm).\n"
        "- Elk contact is door één onderzoeker gescoord. Hoe verschillend onderzoekers "
        "scoren, zit niet in de marge."
    )
