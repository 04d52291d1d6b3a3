"""The *verantwoording* of a continuous measurement: weighting and rules, in words."""

from __future__ import annotations

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.chart_results import FEWEST_FOR_SPREAD, FEWEST_FOR_XMR
from kcc_research.estimation.control_chart import FEWEST_PER_PERIOD, RUN
from kcc_research.reporting import series
from kcc_research.reporting.result import find
from kcc_research.study.measurement import Study


def series_source(study: Study) -> str:
    """The id of the source with the answers."""
    return series.survey(study).id


def describe_series_weighting(study: Study, estimates: pd.DataFrame) -> str:
    """To what the answers were weighted, and what that cost."""
    source = series.survey(study)
    lines = ["### Weging", ""]
    if source.volumes is None:
        lines.append(
            "Hoeveel contacten elk kanaal had, is niet bekend. Daarom is er geen "
            "cijfer over kanalen samen."
        )
        return "\n".join(lines)
    lines.append(
        "Binnen elke periode zijn de antwoorden van een kanaal gewogen naar het aantal "
        "contacten van dat kanaal (poststratificatie naar periode en kanaal). Het "
        "jaarcijfer gaat over alle contacten in de perioden met antwoorden."
    )
    effective = find(
        estimates, source=source.id, indicator="gewicht", category="effectieve n"
    )
    if effective is not None and effective.is_shown:
        lines.append(
            f"Alle {effective.answers} antwoorden samen zijn door de weging zo "
            f"nauwkeurig als {dutch.number(effective.estimate or 0)}."
        )
    return "\n".join([*lines[:2], " ".join(lines[2:])])


def describe_series_method(study: Study, estimates: pd.DataFrame) -> str:
    """The rules of the control charts, as they were fixed beforehand."""
    plan = series.plan(study)
    points = [
        f"Periode: de maand als daarin {FEWEST_PER_PERIOD} antwoorden te verwachten "
        "zijn, anders het kwartaal. Verwacht is het gemiddelde per maand met "
        "antwoorden in de basisperiode. Een kanaal met minder per kwartaal krijgt geen "
        "kaart.",
        f"Basisperiode: {series.baseline_words(study)}, vastgelegd op "
        f"{dutch.long_date(plan.declared)}.",
        "Aandeel: p-kaart met grenzen op drie standaardfouten, berekend met het aantal "
        "antwoorden dat na de weging effectief overblijft. Bij een basisperiode van "
        f"{FEWEST_FOR_SPREAD} perioden of meer worden de grenzen verruimd als de "
        "aandelen meer schommelen dan toeval (Laney).",
        f"Cijfer: XmR-kaart, bij een basisperiode van minstens {FEWEST_FOR_XMR} "
        "perioden. De grenzen zijn nooit smaller dan de steekproef zelf toelaat.",
        f"Signaal: buiten de grenzen, of {RUN} perioden op een rij aan dezelfde kant "
        "van de middellijn. Een periode zonder antwoorden breekt zo’n rij.",
        "Tijd tot een signaal: berekend met de binomiale verdeling, voor beide regels.",
        *(
            f"Trendbreuk vanaf {dutch.long_date(each.start)}: {each.reason}"
            for each in plan.trend_break
        ),
    ]
    return "\n".join(["### Regelkaarten", "", *(f"- {each}" for each in points)])
