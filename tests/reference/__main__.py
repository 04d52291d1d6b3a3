"""Hold the package against truth fixtures: ``python -m tests.reference DIR``.

DIR holds ``cases.json`` (schema ``kcc-truth/1``) and ``data/*.csv``. One table says
which function answers which *need*; a new case is a new row of data, and nothing here
knows the name of a case, of a file or of a value. A need that the package does not
offer is listed by name. Reading rules: the README beside the fixtures.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kcc_research.estimation import interval, multiplicity, weighting
from kcc_research.estimation.design import Calibration, SurveyDesign, survey_design
from kcc_research.estimation.difference import Difference
from kcc_research.estimation.estimate import (
    Estimate,
    domain_means,
    mean,
    ratio,
    share,
    total,
)

SCHEMA = "kcc-truth/1"
NOT_OFFERED = "not offered"

# R's own variants, for information (README, reading rules).
_INFORMATION = re.compile(r"_R$|^R_|^se_R")


@dataclass(frozen=True)
class Case:
    """One case with its data, read when asked for."""

    content: dict[str, Any]
    folder: Path

    @property
    def id(self) -> str:
        return str(self.content["id"])

    @property
    def need(self) -> str:
        return str(self.content["need"])

    @property
    def args(self) -> dict[str, Any]:
        return self.content.get("args") or {}

    @property
    def expected(self) -> dict[str, Any]:
        return dict(self.content["expected"])

    @property
    def level(self) -> float:
        return float(self.args.get("level", 0.95))

    @property
    def data(self) -> pd.DataFrame:
        path = self.folder / "data" / self.content["data"]
        return pd.read_csv(path, keep_default_na=False, na_values=[""])

    @property
    def design(self) -> SurveyDesign:
        given = {key: value for key, value in self.content["design"].items() if value}
        renamed = {"fpc": "population"}
        return survey_design(
            self.data, **{renamed.get(key, key): value for key, value in given.items()}
        )


@dataclass(frozen=True)
class Outcome:
    """What became of a case; ``differences`` is empty when it passed."""

    case: str
    need: str
    offered: bool = True
    differences: list[str] = field(default_factory=list)

    @property
    def status(self) -> str:
        if not self.offered:
            return NOT_OFFERED
        return "failed" if self.differences else "passed"


# --- what the package answers -------------------------------------------------------


def _mean(case: Case) -> dict[str, Any]:
    return _of_mean(mean(case.design, case.args["y"]), case.level)


def _of_mean(found: Estimate, level: float) -> dict[str, Any]:
    return _of_estimate(found, level) | {
        "n": found.n[0],
        "deff_wr": found.design_effect()[0],
        "deff_wor": found.design_effect(replacement=False)[0],
    }


def _of_estimate(found: Estimate, level: float) -> dict[str, Any]:
    df = found.df("full")
    ci = interval.t_interval(found.value, found.std_error, df, level)
    return {
        "estimate": found.value[0],
        "se": found.std_error[0],
        "df": df[0],
        "ci": [limit[0] for limit in ci],
    }


def _total(case: Case) -> dict[str, Any]:
    return _of_estimate(total(case.design, case.args["y"]), case.level)


def _ratio(case: Case) -> dict[str, Any]:
    args = case.args
    return _of_estimate(ratio(case.design, args["num"], args["den"]), case.level)


def _gap(case: Case) -> dict[str, Any]:
    """Per respondent the difference of two answers, estimated as a mean."""
    data, args = case.data, case.args
    gap = data[args["performance"]] - data[args["expectation"]]
    return _of_mean(mean(case.design, gap), case.level)


def _proportion(case: Case) -> dict[str, Any]:
    """Uncapped, and with n where there is no variance, as the truths are."""
    found = share(case.design, case.args["y"])
    df, n = found.df("full"), found.n
    answer: dict[str, Any] = {
        "estimate": found.value[0],
        "se": found.std_error[0],
        "df": df[0],
        "n": n[0],
        "ci": {},
    }
    for method in case.expected["ci"]:
        if _INFORMATION.search(method):
            continue
        low, high = interval.share_interval(
            found.value,
            found.variance,
            n,
            df,
            n_if_certain=n,
            cap=False,
            method=method,
            level=case.level,
        )
        answer["ci"][method] = [low[0], high[0]]
    if found.variance[0] > 0:
        spread = found.value[0] * (1 - found.value[0])
        n_eff = spread / found.variance[0]
        price = interval.few_units(n, df, case.level)[0]
        answer |= {"n_eff": n_eff, "n_eff_df": n_eff * price}
    return answer


def _domain_mean(case: Case) -> dict[str, Any]:
    labels, found = domain_means(case.design, case.args["y"], case.args["by"])
    full, own = found.df("full"), found.df("domain")
    ci = interval.t_interval(found.value, found.std_error, full)
    ci_domain = interval.t_interval(found.value, found.std_error, own)
    return {
        "levels": list(labels),
        "estimate": found.value,
        "se": found.std_error,
        "cov": found.covariance,
        "df": full[0],
        "df_domain": own,
        "ci_low": ci[0],
        "ci_high": ci[1],
        "ci_domain_df_low": ci_domain[0],
        "ci_domain_df_high": ci_domain[1],
    }


def _group_ttest(case: Case) -> dict[str, Any]:
    """Second group minus first; one degree of freedom for the slope, as in R."""
    _, means = domain_means(case.design, case.args["y"], case.args["g"])
    found = means.contrast(np.array([[-1.0], [1.0]]))
    difference = Difference(found.value, found.std_error, found.df("domain") - 1)
    low, high = difference.interval(case.level)
    return {
        "difference": difference.value[0],
        "se": difference.std_error[0],
        "t": difference.t[0],
        "df": difference.df[0],
        "p": difference.p_value[0],
        "ci": [low[0], high[0]],
        "df_full_design": case.design.full_df - 1,
    }


def _rake(case: Case) -> dict[str, Any]:
    args, design = case.args, case.design
    raked = weighting.rake(design, args["margins"])
    summary = weighting.weight_summary(raked)
    same = weighting.calibrate(design, args["margins"], method="raking")
    y, prop = mean(raked, args["y"]), share(raked, args["prop"])
    ignoring = mean(dataclasses.replace(raked, calibration=None), args["y"])
    return {
        "weights": raked.weights,
        "sum": raked.weights.sum(),
        "min": summary.smallest,
        "max": summary.largest,
        "kish_deff": summary.design_effect,
        "n_eff": summary.n_effective,
        "mean": {
            "estimate": y.value[0],
            "se": y.std_error[0],
            "se_ignoring_raking": ignoring.std_error[0],
            "max_weight_diff_calibrate": np.abs(same.weights / raked.weights - 1).max(),
        },
        "prop": {
            "estimate": prop.value[0],
            # R/lib.R takes this one from rake() itself, whose projection averages
            # without weights; the mean's is from calibrate(), as ours are.
            "se": share(_unweighted_residuals(raked), args["prop"]).std_error[0],
        },
    }


def _unweighted_residuals(design: SurveyDesign) -> SurveyDesign:
    assert design.calibration is not None
    plain = dataclasses.replace(
        design.calibration, base_weights=np.ones(len(design.weights))
    )
    return dataclasses.replace(design, calibration=plain)


def _poststratify(case: Case) -> dict[str, Any]:
    table = pd.DataFrame(case.args["table"]).set_index(case.args["vars"])
    return _weighted(weighting.poststratify(case.design, table["Freq"]), case)


def _calibrate(case: Case) -> dict[str, Any]:
    args, design = case.args, case.design
    matrix = _model_matrix(args["formula"], case.data)
    target = Calibration(
        variables=tuple(matrix.columns),
        categories=tuple(matrix.columns),
        matrix=matrix.to_numpy(),
        totals=np.array([args["totals"][name] for name in matrix.columns]),
        base_weights=design.weights,
    )
    bounds = tuple(args.get("bounds") or weighting.BOUNDS)
    weighted = weighting.calibrate(
        design, target, method=args["calfun"], bounds=(bounds[0], bounds[1])
    )
    return _weighted(weighted, case)


def _weighted(design: SurveyDesign, case: Case) -> dict[str, Any]:
    found = mean(design, case.args["y"])
    return {
        "weights": design.weights,
        "mean": {"estimate": found.value[0], "se": found.std_error[0]},
    }


def _model_matrix(formula: str, data: pd.DataFrame) -> pd.DataFrame:
    """Treatment coding, alphabetically first level as reference."""
    columns = {"(Intercept)": np.ones(len(data))}
    for name in (each.strip() for each in formula.lstrip("~ ").split("+")):
        if pd.api.types.is_numeric_dtype(data[name]):
            columns[name] = data[name].to_numpy(dtype=float)
            continue
        for level in sorted(data[name].dropna().unique(), key=str.casefold)[1:]:
            columns[name + level] = (data[name] == level).to_numpy(dtype=float)
    return pd.DataFrame(columns)


def _prop_ci_srs(case: Case) -> dict[str, Any]:
    x, n = np.array(float(case.args["x"])), np.array(float(case.args["n"]))
    intervals = {
        "wilson": interval.wilson(x, n, case.level),
        "wilson_cc": interval.wilson(x, n, case.level, continuity=True),
        "clopper_pearson": interval.clopper_pearson(x, n, case.level),
        "jeffreys": interval.jeffreys(x, n, case.level),
    }
    limits = {
        name: [float(low), float(high)] for name, (low, high) in intervals.items()
    }
    return {"estimate": float(x / n)} | limits


def _multiple_testing(case: Case) -> dict[str, Any]:
    p = np.array(case.args["p"], dtype=float)
    return {method: multiplicity.adjusted(p, method) for method in case.expected}


NEEDS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "calibrate": _calibrate,
    "domain_mean": _domain_mean,
    "gap": _gap,
    "group_ttest": _group_ttest,
    "lonely_psu": _mean,
    "mean": _mean,
    "multiple_testing": _multiple_testing,
    "poststratify": _poststratify,
    "prop_ci_srs": _prop_ci_srs,
    "proportion": _proportion,
    "rake": _rake,
    "ratio": _ratio,
    "total": _total,
}
"""Need → the function that answers it, in the words of ``expected``."""


# --- comparing ----------------------------------------------------------------------


def read_cases(folder: Path) -> list[Case]:
    """All cases of a folder, in order."""
    content = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    if content["schema"] != SCHEMA:
        raise ValueError(f"schema {content['schema']!r} instead of {SCHEMA!r}")
    return [Case(each, folder) for each in content["cases"]]


def run(case: Case) -> Outcome:
    """Answer a case and compare every number with its own tolerance."""
    answer = NEEDS.get(case.need)
    if answer is None:
        return Outcome(case.id, case.need, offered=False)
    tolerance = case.content["tolerance"]
    differences = _differences(case.expected, answer(case), tolerance, "")
    return Outcome(case.id, case.need, differences=list(differences))


def _differences(
    want: Any, got: Any, tolerance: dict[str, float], where: str
) -> Iterator[str]:
    if isinstance(want, dict):
        for name, each in want.items():
            if _INFORMATION.search(name):
                continue
            if name not in got:
                yield f"{where}{name}: no answer"
            else:
                yield from _differences(each, got[name], tolerance, f"{where}{name}.")
    elif isinstance(want, list):
        if len(want) != len(got):
            yield f"{where} {len(got)} values instead of {len(want)}"
        for at, (each, other) in enumerate(zip(want, got, strict=False)):
            yield from _differences(each, other, tolerance, f"{where}{at}.")
    elif not _equal(want, got, tolerance):
        yield f"{where.rstrip('.')}: {got} instead of {want}"


def _equal(want: Any, got: Any, tolerance: dict[str, float]) -> bool:
    if want is None:
        return got is None or math.isnan(got)
    if isinstance(want, str):
        return bool(str(got) == want)
    return bool(abs(got - want) <= tolerance["abs"] + tolerance["rel"] * abs(want))


def main(arguments: list[str]) -> int:
    """Print each failure, what is not offered, and the counts; 1 if any case failed."""
    parser = argparse.ArgumentParser(prog="tests.reference", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with cases.json and data/")
    folder = parser.parse_args(arguments).folder
    outcomes = [run(case) for case in read_cases(folder)]
    for each in outcomes:
        for difference in each.differences:
            print(f"failed  {each.need}  {each.case}  {difference}")
    for need, count in sorted(_not_offered(outcomes).items()):
        print(f"{NOT_OFFERED}  {need}  ({count} cases)")
    counts = Counter(each.status for each in outcomes)
    print(", ".join(f"{count} {status}" for status, count in sorted(counts.items())))
    return 1 if counts["failed"] else 0


def _not_offered(outcomes: list[Outcome]) -> Counter[str]:
    return Counter(each.need for each in outcomes if not each.offered)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
