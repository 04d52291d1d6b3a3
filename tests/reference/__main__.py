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
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kcc_research.estimation import (
    agreement,
    association,
    benchmark,
    control_chart,
    crosstab,
    erlang,
    funnel,
    importance,
    interval,
    multiplicity,
    nps,
    pairs,
    quantile,
    regression,
    scale,
    service_level,
    shrinkage,
    spread,
    trimming,
    two_samples,
    weighting,
)
from kcc_research.estimation.call_counts import fraction
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
from kcc_research.estimation.gap import gap
from kcc_research.estimation.grouping import FloatArray
from tests.reference.comparing import (
    FAILED,
    INFORMATION,
    Mismatch,
    Outcome,
    mismatches,
    summary,
    totals,
)

SCHEMA = "kcc-truth/1"


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

    def column(self, name: str) -> FloatArray:
        """The numbers of the column that an argument names."""
        return self.data[self.args[name]].to_numpy(dtype=float)

    @property
    def design(self) -> SurveyDesign:
        given = {key: value for key, value in self.content["design"].items() if value}
        renamed = {"fpc": "population"}
        return survey_design(
            self.data, **{renamed.get(key, key): value for key, value in given.items()}
        )


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
        if INFORMATION.search(method):
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


def _sd(case: Case) -> dict[str, Any]:
    """With n of all rows, as the truths are (STAT-F7)."""
    found = spread.variance(case.design, case.args["y"], n="rows")
    deviation = spread.standard_deviation(case.design, case.args["y"], n="rows")
    return {"variance": found.value[0], "sd": deviation.value[0]}


def _quantile(case: Case) -> dict[str, Any]:
    """Ties in the order of the file, on which R's hf7 depends."""
    args = case.args
    centred_on_p, centred_on_estimate = (
        quantile.quantiles(
            case.design,
            args["y"],
            args["probs"],
            rule=args["qrule"],
            centre=centre,
            ties="file_order",
            df="full",
            level=case.level,
        )
        for centre in ("p", "estimate")
    )
    return {
        "estimate": centred_on_p["estimate"],
        "ci_p_low": centred_on_p["ci_low"],
        "ci_p_high": centred_on_p["ci_high"],
        "ci_low": centred_on_estimate["ci_low"],
        "ci_high": centred_on_estimate["ci_high"],
        "se": centred_on_estimate["std_error"],
    }


def _percentile(case: Case) -> dict[str, Any]:
    """Waiting times of the calls that were answered."""
    calls = case.data
    waits = calls.loc[calls["answered"] == 1, "wait_s"]
    found = quantile.percentiles(waits, case.args["probs"], level=case.level)
    return {
        "type7": found["estimate"],
        "ci_low": found["ci_low"],
        "ci_high": found["ci_high"],
    }


def _regression(case: Case) -> dict[str, Any]:
    outcome, right = (side.strip() for side in case.args["formula"].split("~"))
    found = regression.regression(
        case.design,
        outcome,
        [name.strip() for name in right.split("+")],
        family=case.args["family"],
        fpc=True,
    )
    names = ["".join(term) or "(Intercept)" for term in found.terms]
    return {
        "coef": dict(zip(names, found.estimate.value, strict=True)),
        "se": dict(zip(names, found.estimate.std_error, strict=True)),
        "df": found.df("domain")[0],
    }


def _rank_test(case: Case) -> dict[str, Any]:
    """Every group, however small, and the degrees of freedom of the full design."""
    args = case.args
    found = association.rank_test(
        case.design, args["y"], args["g"], fewest=1, df="full", fpc=True
    )
    if args["k"] == 2:
        difference = found.difference
        return {
            "difference_mean_rank": difference.value[0],
            "t": difference.t[0],
            "df": difference.df[0],
            "p": difference.p_value[0],
        }
    return {
        "chisq": found.test.chi_square,
        "df": found.test.df,
        "p": found.test.p_chi_square,
        "F": found.test.statistic,
        "p_F": found.test.p_value,
    }


def _rao_scott(case: Case) -> dict[str, Any]:
    found = association.independence_test(
        case.design, case.args["row"], case.args["col"], df="domain", fpc=True
    )
    tests = {"F": found.test, "Wald": found.wald, "adjWald": found.adjusted_wald}
    return {
        "cell_prop": found.cells.to_numpy().tolist(),
        "Chisq": {
            "statistic": found.pearson,
            "df": [len(found.effects)],
            "p": found.p_first_order,
        },
    } | {
        name: {
            "statistic": each.statistic,
            "df": [each.df, each.df_error],
            "p": each.p_value,
        }
        for name, each in tests.items()
    }


def _two_sample(case: Case) -> dict[str, Any]:
    args = case.args
    x, y = (
        case.data.query(rows)[args["y"]].dropna().to_numpy(dtype=float)
        for rows in (args["x"], args["vs"])
    )
    corrected = two_samples.mann_whitney(x, y)
    plain = two_samples.mann_whitney(x, y, continuity=False)
    return {
        "n": [len(x), len(y)],
        "mean": [x.mean(), y.mean()],
        "sd": [x.std(ddof=1), y.std(ddof=1)],
        "welch": _of_difference(two_samples.welch(x, y), case.level),
        "student": _of_difference(two_samples.student(x, y), case.level),
        "mannwhitney": {
            "W": corrected.pairs_won,
            "p_cc": corrected.p_value,
            "p_nocc": plain.p_value,
        },
        "cohen_d": two_samples.cohens_d(x, y),
        "hedges_g": two_samples.hedges_g(x, y).value,
        "cliffs_delta": corrected.cliffs_delta.value,
        "prob_superiority": corrected.superiority.value,
    }


def _of_difference(found: Difference, level: float) -> dict[str, Any]:
    low, high = found.interval(level)
    return {
        "difference": found.value[0],
        "t": found.t[0],
        "df": found.df[0],
        "p": found.p_value[0],
        "ci": [low[0], high[0]],
    }


def _paired(case: Case) -> dict[str, Any]:
    """Those in both waves; of McNemar's table the corners are given."""
    args = case.args
    waves = case.data.pivot(index=args["id"], columns=args["wave"], values=args["y"])
    before, after = (waves.dropna()[each] for each in sorted(waves.columns))
    ranks = pairs.signed_ranks(before, after)
    (_, gained), (lost, _) = args["mcnemar_table"]
    change = pairs.Change(gained=gained, lost=lost)
    return _of_difference(pairs.paired_difference(before, after), case.level) | {
        "n": len(before),
        "dz": pairs.standardised_change(before, after),
        "wilcoxon": {"V": ranks.positive, "p_cc": ranks.p_value},
        "mcnemar": {
            "chisq": change.chi_square,
            "p": change.p_chi_square,
            "exact_p": change.p_exact,
        },
    }


def _prop_diff(case: Case) -> dict[str, Any]:
    found = crosstab.share_difference(
        *(case.args[name] for name in ("x1", "n1", "x2", "n2"))
    )
    return {
        "difference": found.difference,
        "chisq": found.chi_square,
        "p": found.p_chi_square,
        "wald_ci": found.wald_interval(case.level),
        "newcombe_ci": found.interval(case.level),
        "fisher_p": found.p_fisher,
        "cohen_h": found.cohens_h,
    }


def _chisq_srs(case: Case) -> dict[str, Any]:
    table = crosstab.cross_table(case.args["table"])
    return {
        "statistic": table.chi_square,
        "df": table.df,
        "p": table.p_chi_square,
        "expected": table.expected,
        "std_residuals": table.residuals,
        "cramers_v": table.cramers_v,
        "cramers_v_bc": table.corrected_v,
    }


def _trim_weights(case: Case) -> dict[str, Any]:
    """Start from the weights that another case expects; bounds in weights."""
    cases = read_cases(case.folder)
    (source,) = (each for each in cases if each.id == case.args["weights_from"])
    weights = np.array(source.expected["weights"])
    design = dataclasses.replace(case.design, weights=weights)
    bounds = (
        case.args["lower"] / weights.mean(),
        case.args["upper"] / weights.mean(),
    )
    trimmed = trimming.trim_weights(design, bounds)
    return {
        "weights": trimmed.weights,
        "sum": trimmed.weights.sum(),
        "mean": mean(trimmed, source.args["y"]).value[0],
    }


def _cronbach_alpha(case: Case) -> dict[str, Any]:
    found = scale.cronbach_alpha(case.data[case.args["items"]])
    return {
        "n": found.n,
        "k": found.k,
        "alpha_raw": found.alpha,
        "alpha_std": found.standardised,
        "mean_interitem_r": found.mean_correlation,
        "alpha_if_dropped": found.alpha_if_dropped,
        "item_rest_r": found.item_rest,
        "feldt_ci": found.interval(case.level),
    }


def _mcdonald_omega(case: Case) -> dict[str, Any]:
    items = case.data[case.args["items"]]
    answer: dict[str, Any] = {}
    for method in ("ml", "minres"):
        found = scale.one_factor(items, method)
        answer |= {f"omega_{method}": found.omega, f"loadings_{method}": found.loadings}
    return answer


def _gap(case: Case) -> dict[str, Any]:
    args = case.args
    return _of_mean(
        gap(case.design, args["performance"], args["expectation"]), case.level
    )


def _nps(case: Case) -> dict[str, Any]:
    answers = case.data[case.args["y"]].to_numpy(dtype=float)
    plain = nps.plain_nps(answers)
    return _of_estimate(nps.nps(case.design, case.args["y"]), case.level) | {
        "unweighted": {"n": plain.n, "nps": plain.score, "se": plain.std_error}
    }


def _importance(case: Case) -> dict[str, Any]:
    args = case.args
    complete = case.data.dropna(subset=[args["y"], *args["x"]])
    weight = args["weights"]
    weights = complete[weight] if weight else pd.Series(1.0, complete.index)
    found = importance.association(
        complete[args["x"]].to_numpy(dtype=float),
        complete[args["y"]].to_numpy(dtype=float),
        weights.to_numpy(dtype=float),
    )

    def named(values: FloatArray) -> dict[str, float]:
        return dict(zip(args["x"], values[0], strict=True))

    return {
        "n": len(complete),
        "r2": found.r_squared[0],
        "correlation": named(found.with_outcome),
        "beta_std": named(found.coefficients),
        "lmg": named(found.lmg),
        "relative_weights": named(found.relative_weights),
    }


def _krippendorff_alpha(case: Case) -> dict[str, Any]:
    codings = case.data[case.args["coders"]]
    return {
        metric: agreement.krippendorff_alpha(codings, metric)
        for metric in case.args["levels"]
    }


def _cohen_kappa(case: Case) -> dict[str, Any]:
    """The quadratic standard error is psych's, which slips (see the function)."""
    first, second = (case.data[each] for each in case.args["coders"])
    plain = agreement.cohen_kappa(first, second)
    near = agreement.cohen_kappa(first, second, weights="quadratic", variance="psych")
    return {
        "n": plain.n,
        "agreement": plain.agreement,
        "kappa": plain.value,
        "kappa_quadratic": near.value,
        "se_kappa": plain.std_error,
        "ci": plain.interval(case.level),
        "se_quadratic": near.std_error,
    }


def _benchmark(case: Case) -> dict[str, Any]:
    """The predictive z in the form of the truths: ``frame="sample"`` (STAT-M25)."""
    names = {"code": "unit", "mean": "estimate", "se": "std_error"}
    found = benchmark.position(
        case.data.rename(columns=names), case.args["focus"], [case.args["group"]]
    )
    pooled, pooled_error = found.pooled
    from_mean = found.from_mean
    return {
        "own": found.value,
        "n_ref": found.n_reference,
        "ref_mean_unweighted": found.reference_mean,
        "ref_sd": found.reference_sd,
        "difference": from_mean.value[0],
        "se_diff": from_mean.std_error[0],
        "z": from_mean.t[0],
        "rank_desc": 1 + found.above,
        "percentile_in_group": found.percentile,
        "ref_fixed_effect": pooled,
        "se_fixed_effect": pooled_error,
        "z_predictive": found.within_group("sample").t[0],
    }


def _funnel(case: Case) -> dict[str, Any]:
    args = case.args
    found = funnel.funnel(case.column("x"), case.column("n"), alphas=args["alphas"])
    return dataclasses.asdict(found)


def _shrinkage(case: Case) -> dict[str, Any]:
    found = shrinkage.shrink(case.column("y"), case.column("se"), case.args["method"])
    return {
        "tau2": found.tau2,
        "mu": found.mean,
        "se_mu": found.mean_std_error,
        "Q": found.heterogeneity,
        "I2": found.i_squared,
        "blup": found.value,
        "blup_se": found.std_error,
    }


def _shrinkage_proportion(case: Case) -> dict[str, Any]:
    found = shrinkage.shrink_shares(case.column("x"), case.column("n"))
    low, high = found.interval(case.level)
    return {
        "alpha": found.alpha,
        "beta": found.beta,
        "prior_mean": found.prior_mean,
        "posterior_mean": found.value,
        "ci_low": low,
        "ci_high": high,
    }


def _spc_p(case: Case) -> dict[str, Any]:
    x, n = case.column("x"), case.column("n")
    plain = control_chart.p_chart(x, n, laney=False)
    wider = control_chart.p_chart(x, n, laney=True)
    return {
        "center": plain.center,
        "lcl": plain.low,
        "ucl": plain.high,
        "signals": control_chart.positions(plain.outside),
        "laney_sigma_z": wider.spread,
        "laney_lcl": wider.low,
        "laney_ucl": wider.high,
        "laney_signals": control_chart.positions(wider.outside),
    }


def _spc_xmr(case: Case) -> dict[str, Any]:
    y = case.column("y")
    found = control_chart.xmr_chart(y)
    return {
        "center": found.center,
        "sigma": found.spread,
        "lcl": found.low[0],
        "ucl": found.high[0],
        "mr_ucl": control_chart.moving_range_limit(y),
        "signals": control_chart.positions(found.outside),
        "run8": control_chart.positions(found.in_run),
    }


def _service_level(case: Case) -> dict[str, Any]:
    calls, args = case.data, case.args
    waits = calls["wait_s"].to_numpy(), calls["answered"].to_numpy()
    found = service_level.count_calls(
        *waits, threshold=args["threshold_s"], short_abandon=args["short_abandon_s"]
    )
    in_time, offered = (np.array(float(x)) for x in found.service_level("offered"))
    return {
        "offered": found.offered,
        "answered": found.answered,
        "abandoned": found.abandoned,
        "abandon_rate": fraction(found.abandonment(with_short=True)),
        "sl_answered": fraction(found.service_level("answered")),
        "sl_offered": fraction(found.service_level("offered")),
        "sl_excl_short": fraction(found.service_level("offered_excl_short")),
        "sl_abandon_in_time_ok": fraction(found.service_level("abandoned_in_time_ok")),
        "asa": service_level.speed_of_answer(*waits),
        "wilson_sl_offered": [
            float(limit) for limit in interval.wilson(in_time, offered, case.level)
        ],
    }


def _erlang_c(case: Case) -> dict[str, Any]:
    args = case.args
    found = erlang.erlang_c(args["calls"], args["aht"], args["agents"], args["t"])
    return {
        "load": found.load,
        "occupancy": found.occupancy,
        "erlang_b": found.blocking,
        "p_wait": found.p_wait,
        "service_level": found.service_level,
        "asa": found.wait,
    }


NEEDS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "benchmark": _benchmark,
    "calibrate": _calibrate,
    "chisq_srs": _chisq_srs,
    "cohen_kappa": _cohen_kappa,
    "cronbach_alpha": _cronbach_alpha,
    "domain_mean": _domain_mean,
    "erlang_c": _erlang_c,
    "funnel": _funnel,
    "gap": _gap,
    "group_ttest": _group_ttest,
    "importance": _importance,
    "krippendorff_alpha": _krippendorff_alpha,
    "lonely_psu": _mean,
    "mcdonald_omega": _mcdonald_omega,
    "mean": _mean,
    "multiple_testing": _multiple_testing,
    "nps": _nps,
    "paired": _paired,
    "percentile": _percentile,
    "poststratify": _poststratify,
    "prop_ci_srs": _prop_ci_srs,
    "prop_diff": _prop_diff,
    "proportion": _proportion,
    "quantile": _quantile,
    "rake": _rake,
    "rank_test": _rank_test,
    "rao_scott": _rao_scott,
    "ratio": _ratio,
    "regression": _regression,
    "sd": _sd,
    "service_level": _service_level,
    "shrinkage": _shrinkage,
    "shrinkage_proportion": _shrinkage_proportion,
    "spc_p": _spc_p,
    "spc_xmr": _spc_xmr,
    "total": _total,
    "trim_weights": _trim_weights,
    "two_sample": _two_sample,
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
    tolerance = case.content["tolerance"]
    if case.need not in NEEDS:
        return Outcome(case.id, case.need, tolerance, offered=False)
    try:
        answer = NEEDS[case.need](case)
    except Exception as error:  # noqa: BLE001 (whatever went wrong, this case failed)
        found = (Mismatch(type(error).__name__, error, "an answer"),)
    else:
        found = tuple(mismatches(case.expected, answer, tolerance))
    return Outcome(case.id, case.need, tolerance, mismatches=found)


def main(arguments: list[str]) -> int:
    """Print each case that failed and the totals per need; 1 if any case failed."""
    parser = argparse.ArgumentParser(prog="tests.reference", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with cases.json and data/")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    asked = parser.parse_args(arguments)
    outcomes = [run(case) for case in read_cases(asked.folder)]
    if asked.json:
        print(_as_json(outcomes))
    else:
        for each in outcomes:
            if each.status == FAILED:
                print(each)
        print(summary(outcomes))
    return 1 if any(each.status == FAILED for each in outcomes) else 0


def _as_json(outcomes: list[Outcome]) -> str:
    content = {
        "cases": [each.as_dict() for each in outcomes],
        "totals": totals(outcomes),
    }
    return json.dumps(content, indent=1, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
