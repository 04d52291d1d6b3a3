"""kcc_research: measure the quality of municipal customer service, reproducibly.

This is everything a notebook may use, and nothing else. Names are loaded when they
are first used, so that importing the package costs nothing.

>>> import kcc_research as kcc
>>> m = kcc.load_measurement("gm0575-noordwijk/2023-klantbeleving")  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
import os
from typing import Any

# Linear algebra on several threads adds up in another order, and sums in another order
# are other numbers in their last digits: by hand no less than in a run. Libraries read
# this when they are loaded, so it has to be here, before any of them is.
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))

_HOMES = {
    "disclosure.quotes": ("choose_quotes",),
    "estimation.chart_results": ("chart_periods",),
    "estimation.comparability": ("compare_waves",),
    "estimation.contact_kpis": ("estimate_contacts",),
    "estimation.contact_response": ("estimate_contact_response",),
    "estimation.contact_series": ("contact_series", "summarise_series_counts"),
    "estimation.continuous": ("compare_quarters", "estimate_periods"),
    "estimation.expectations": (
        "compare_expectations",
        "estimate_expectations",
    ),
    "estimation.feasibility": ("judge_claims",),
    "estimation.group_comparison": ("compare_breakdowns",),
    "estimation.group_ratio": ("estimate_ratios",),
    "estimation.indicators": ("estimate_indicators",),
    "estimation.municipal_estimates": (
        "compare_municipalities",
        "estimate_country",
        "estimate_funnels",
        "estimate_municipalities",
    ),
    "estimation.municipal_values": ("count_contacts", "measure_municipalities"),
    "estimation.norm_coverage": (
        "estimate_coverage",
        "estimate_realisation",
        "judge_service_norms",
    ),
    "estimation.participation": ("estimate_participation",),
    "estimation.priority": ("estimate_priorities",),
    "estimation.review": ("review_norms",),
    "estimation.remark_counts": ("estimate_remarks",),
    "estimation.study_design": ("study_design",),
    "estimation.tables": ("combine",),
    "estimation.target": ("judge_norms",),
    "estimation.weighting": ("summarise_weights",),
    "microdata.contacts": ("summarise_contacts",),
    "microdata.overview": (
        "list_problems",
        "summarise_responses",
    ),
    "pipeline.steps": (
        "load_account",
        "load_contacts",
        "load_earlier",
        "load_logo",
        "load_measurement",
        "load_quotes",
        "load_responses",
        "load_results",
        "read_contacts",
        "read_municipalities",
        "read_remarks",
        "read_responses",
        "save_contacts",
        "save_responses",
        "save_results",
    ),
    "reporting.account_tables": (
        "tabulate_claims",
        "tabulate_definitions",
        "tabulate_fieldwork",
        "tabulate_provenance",
        "tabulate_questionnaire",
        "tabulate_response",
        "tabulate_weighting",
    ),
    "reporting.account_texts": (
        "author_text",
        "describe_cleaning",
        "describe_precision",
        "describe_weighting",
        "introduce",
        "reading_guide",
    ),
    "reporting.benchmark_figures": (
        "plot_coverage",
        "plot_coverage_matrix",
        "plot_funnel",
        "plot_realisation",
    ),
    "reporting.benchmark_tables": (
        "tabulate_benchmark_design",
        "tabulate_dimension",
        "tabulate_outcomes",
        "tabulate_reliability",
        "tabulate_scores",
    ),
    "reporting.benchmark_wording": (
        "describe_benchmark_limits",
        "describe_benchmark_precision",
        "describe_dimension",
        "describe_funnel",
        "describe_own_position",
        "describe_realisation",
        "describe_scores",
        "describe_white_spots",
        "introduce_benchmark",
        "list_profiles",
        "summarise_benchmark",
    ),
    "reporting.protocol": ("describe_protocol", "tabulate_protocol"),
    "reporting.ambition": (
        "describe_distance",
        "plot_distance",
    ),
    "reporting.barriers": (
        "describe_barriers",
        "plot_barriers",
        "tabulate_barriers",
    ),
    "reporting.callers": (
        "describe_caller_limits",
        "describe_contrast",
        "introduce_callers",
        "summarise_callers",
        "tabulate_caller_figures",
        "tabulate_side_by_side",
    ),
    "reporting.chapters": (
        "list_compared_themes",
        "list_dimensions",
        "list_item_themes",
        "open_chapter",
    ),
    "reporting.caller_parts": (
        "list_caller_figures",
        "list_caller_filters",
        "list_caller_groups",
        "list_caller_services",
        "list_caller_shares",
        "list_contrast",
        "list_pairs",
    ),
    "reporting.contact_figures": (
        "plot_contact_groups",
        "plot_contacts",
        "plot_heat_map",
    ),
    "reporting.contact_tables": (
        "tabulate_contact_classes",
        "tabulate_contact_figures",
        "tabulate_contact_groups",
        "tabulate_contact_norms",
        "tabulate_gaps",
        "tabulate_registration",
    ),
    "reporting.contact_texts": (
        "describe_absent_waiting",
        "describe_attainment",
        "describe_contacts",
        "describe_handling",
        "describe_reachability",
        "describe_registration_limits",
        "describe_service_level",
        "describe_waiting",
        "introduce_registration",
        "summarise_registrations",
    ),
    "reporting.contact_values": (
        "list_breakdowns",
        "list_durations",
        "list_moments",
        "list_norm_figures",
        "list_outcomes",
    ),
    "reporting.contact_waiting": ("plot_waiting",),
    "reporting.counter": (
        "describe_counter_limits",
        "describe_felt_wait",
        "describe_top_themes",
        "describe_visit_grade",
        "describe_visits",
        "describe_waits",
        "list_felt_waits",
        "summarise_counter",
        "tabulate_counter_figures",
    ),
    "reporting.document": (
        "figure",
        "quote",
        "table",
        "text",
        "title",
    ),
    "reporting.expectations": (
        "describe_expectations",
        "tabulate_expectations",
    ),
    "reporting.figures": (
        "plot_aspects",
        "plot_distribution",
        "plot_groups",
        "plot_themes",
        "plot_trend",
    ),
    "reporting.grades": ("plot_grades",),
    "reporting.gap_figures": ("plot_expectations",),
    "reporting.observations": (
        "describe_observed",
        "introduce_observations",
        "list_observed_items",
        "list_observed_themes",
        "plot_observed",
        "tabulate_observed",
    ),
    "reporting.participant_figures": (
        "plot_cross_tables",
        "plot_group_means",
        "plot_items",
        "plot_participation",
    ),
    "reporting.participant_tables": (
        "tabulate_participant_figures",
        "tabulate_sizes",
    ),
    "reporting.participants": (
        "describe_cross_tables",
        "describe_fitting_bases",
        "describe_items",
        "describe_limits",
        "describe_participation",
        "describe_ratios",
        "introduce_participants",
        "summarise_participants",
    ),
    "reporting.priorities": ("plot_priorities",),
    "reporting.recommendations": (
        "tabulate_follow_up",
        "tabulate_recommendations",
    ),
    "reporting.profile": (
        "describe_own_norms",
        "describe_profile",
        "describe_standing",
        "plot_own_norms",
        "plot_profile",
        "profile_heading",
        "tabulate_own_norms",
        "tabulate_standing",
    ),
    "reporting.review": (
        "describe_review",
        "list_other_norms",
        "tabulate_review",
        "tabulate_review_counts",
    ),
    "reporting.remark_figures": ("plot_remark_matrix",),
    "reporting.remark_tables": (
        "list_remark_themes",
        "tabulate_agreement",
        "tabulate_remark_definitions",
        "tabulate_remark_matrix",
        "tabulate_remark_subthemes",
        "tabulate_remark_themes",
        "tabulate_speakers",
    ),
    "reporting.remark_texts": (
        "describe_agreement",
        "describe_remark_theme",
        "describe_remarks",
        "select_quotes",
    ),
    "reporting.privacy": (
        "describe_marks",
        "describe_protection",
        "tabulate_exceptions",
    ),
    "reporting.series_account": (
        "describe_series_method",
        "describe_series_weighting",
        "series_source",
    ),
    "reporting.series_figures": (
        "plot_channel_charts",
        "plot_contact_response",
        "plot_control_chart",
        "plot_quarter",
    ),
    "reporting.series_tables": (
        "tabulate_contact_response",
        "tabulate_detection",
        "tabulate_period_response",
        "tabulate_periods",
        "tabulate_quarter",
        "tabulate_series_channels",
        "tabulate_series_figures",
        "tabulate_signals",
    ),
    "reporting.series_wording": (
        "advise_quarter",
        "describe_blind_spots",
        "describe_channel_signals",
        "describe_contact_response",
        "describe_development",
        "describe_mix",
        "describe_quarter",
        "describe_signals",
        "describe_year_limits",
        "explain_chart",
        "introduce_series",
        "summarise_series",
    ),
    "reporting.shares": (
        "describe_shares",
        "plot_shares",
    ),
    "reporting.tables": (
        "tabulate_breakdowns",
        "tabulate_channel",
        "tabulate_differences",
        "tabulate_key_figures",
        "tabulate_norms",
    ),
    "reporting.wave_tables": (
        "tabulate_aspect_trend",
        "tabulate_wave_map",
    ),
    "reporting.wording": (
        "describe_changes",
        "describe_channel",
        "describe_headline",
        "describe_improvements",
        "describe_order",
        "describe_satisfaction",
        "describe_trend",
        "describe_unknowns",
        "list_channels",
        "summarise",
    ),
    "reporting.triangulation": (
        "tabulate_sources",
        "tabulate_triangulation",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
