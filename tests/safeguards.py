"""Every safeguard of the product: which rule it keeps, where it is, what proves it.

A safeguard is a function that holds something back or refuses something. ``off`` is
what its body becomes when it is switched off: an expression in the names of its
parameters. ``make mutants`` switches each off in a copy of the package and runs the
named tests: at least one must fail (TRUST-T8). Add yours to the tuple of your part.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Safeguard:
    """One function: ``target`` is ``module:function`` or ``module:Class.method``."""

    rule: str
    target: str
    off: str
    tests: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.rule} {self.target}"


_UNIT = "tests/unit/disclosure"
_PRIMARY = f"{_UNIT}/test_primary.py"
_PROTECTION = f"{_UNIT}/test_protection.py"
_ATTACKER = f"{_UNIT}/test_attacker.py"
_LINKED = f"{_UNIT}/test_linked.py"
_HERE = "kcc_research.disclosure"
_NONE = "pd.Series(False, index={}.index)"

DISCLOSURE = (
    Safeguard(
        "TRUST-G9",
        "kcc_research.study.policy_names:policy_problems",
        "iter(())",
        ("tests/unit/study/test_policy.py",),
    ),
    Safeguard(
        "TRUST-D1",
        f"{_HERE}.primary:too_few",
        _NONE.format("counts"),
        (_PROTECTION,),
    ),
    Safeguard(
        "TRUST-D2",
        f"{_HERE}.primary:small_cells",
        _NONE.format("rows"),
        (_PRIMARY,),
    ),
    Safeguard(
        "TRUST-D2",
        f"{_HERE}.protection:_without_numbers",
        "rows.copy()",
        (_PROTECTION,),
    ),
    Safeguard(
        "TRUST-D3",
        f"{_HERE}.primary:is_indicative",
        _NONE.format("counts"),
        (_PROTECTION,),
    ),
    Safeguard(
        "TRUST-D4",
        f"{_HERE}.primary:disclosed_groups",
        _NONE.format("rows"),
        (_PRIMARY,),
    ),
    Safeguard(
        "TRUST-D5",
        f"{_HERE}.secondary:_Search.failing",
        "iter(())",
        (f"{_UNIT}/test_secondary.py",),
    ),
    Safeguard(
        "TRUST-D5",
        f"{_HERE}.published:_targets",
        "iter(())",
        (_ATTACKER,),
    ),
    Safeguard(
        "TRUST-D5",
        f"{_HERE}.linked:_too_large",
        "frozenset()",
        (_LINKED,),
    ),
    Safeguard(
        "TRUST-D5",
        f"{_HERE}.companions:Companions.other_statistics",
        "iter(())",
        (_LINKED,),
    ),
    Safeguard(
        "TRUST-D5",
        f"{_HERE}.companions:Companions.same_groups",
        "iter(())",
        (_LINKED,),
    ),
    Safeguard(
        "TRUST-D5",
        f"{_HERE}.companions:weighted_composition",
        "iter(())",
        (_LINKED,),
    ),
    Safeguard(
        "TRUST-D6",
        f"{_HERE}.registry:nested",
        "iter(())",
        (_ATTACKER,),
    ),
    Safeguard(
        "TRUST-D6",
        f"{_HERE}.published:_between",
        "iter(())",
        (_PROTECTION,),
    ),
    Safeguard(
        "TRUST-D6",
        f"{_HERE}.registry:period",
        "''",
        (_ATTACKER,),
    ),
    Safeguard(
        "TRUST-D6",
        f"{_HERE}.protection:_compared",
        _NONE.format("comparisons"),
        (_PROTECTION,),
    ),
    Safeguard(
        "TRUST-D6",
        f"{_HERE}.protection:_verdicts_without",
        "verdicts",
        (_PROTECTION,),
    ),
    Safeguard(
        "TRUST-D9",
        f"{_HERE}.primary:one_sided_percentiles",
        _NONE.format("rows"),
        (_PRIMARY,),
    ),
    Safeguard(
        "TRUST-D9",
        f"{_HERE}.primary:refuse_extremes",
        "None",
        (_PRIMARY,),
    ),
    Safeguard(
        "TRUST-D1",
        f"{_HERE}.primary:no_secret",
        _NONE.format("rows"),
        (_PRIMARY,),
    ),
    Safeguard(
        "TRUST-D7",
        f"{_HERE}.rounding:round_estimates",
        "rows",
        (f"{_UNIT}/test_rounding.py",),
    ),
    Safeguard(
        "TRUST-D7",
        f"{_HERE}.rounding:round_comparisons",
        "rows",
        (f"{_UNIT}/test_rounding.py",),
    ),
    Safeguard(
        "TRUST-D7",
        "kcc_research.reporting.notebook_check:_says_rounded",
        "part",
        ("tests/unit/reporting/test_notebook_check.py",),
    ),
    Safeguard(
        "TRUST-D8",
        "kcc_research.reporting.open_data:number",
        "repr(value)",
        ("tests/unit/reporting/test_open_data.py",),
    ),
    Safeguard(
        "TRUST-D10",
        f"{_HERE}.magnitudes:dominated_rows",
        _NONE.format("estimates"),
        (f"{_UNIT}/test_magnitudes.py",),
    ),
    Safeguard(
        "TRUST-D11",
        f"{_HERE}.models:thin_models",
        _NONE.format("rows"),
        (f"{_UNIT}/test_models.py",),
    ),
    Safeguard(
        "TRUST-D12",
        "kcc_research.study.staff:_small_teams",
        "()",
        ("tests/unit/study/test_staff.py",),
    ),
    Safeguard(
        "TRUST-D14",
        f"{_HERE}.quotes:_speaker_problems",
        "iter(())",
        (f"{_UNIT}/test_quotes.py",),
    ),
    Safeguard(
        "TRUST-D16",
        "kcc_research.pipeline.release:_two_pairs_of_eyes",
        "iter(())",
        ("tests/functional/test_release.py",),
    ),
    Safeguard(
        "TRUST-D15",
        "kcc_research.reporting.open_data:_suppressed",
        "[False] * len(frame)",
        ("tests/unit/reporting/test_open_data.py",),
    ),
    Safeguard(
        "TRUST-P9",
        f"{_HERE}.sensitivity:sensitive_rows",
        _NONE.format("rows"),
        (f"{_UNIT}/test_sensitivity.py",),
    ),
)

PERSONAL_DATA = (
    Safeguard(
        "TRUST-P1",
        "kcc_research.study.questionnaire:Question.is_kept",
        "True",
        ("tests/unit/microdata/test_pseudonyms.py",),
    ),
    Safeguard(
        "TRUST-P1",
        "kcc_research.microdata.checking:_identifying",
        "iter(())",
        ("tests/unit/microdata/test_pseudonyms.py",),
    ),
    Safeguard(
        "TRUST-P2",
        "kcc_research.microdata.pseudonyms:pseudonymiser",
        "lambda number: hashlib.sha256(number.encode()).hexdigest()[:32]",
        ("tests/unit/microdata/test_pseudonyms.py",),
    ),
    Safeguard(
        "TRUST-P2",
        "kcc_research.pipeline.keys:_read",
        "path.read_bytes()",
        ("tests/unit/pipeline/test_keys.py",),
    ),
    Safeguard(
        "TRUST-P2",
        "kcc_research.pipeline.keys:identity",
        "'none'",
        ("tests/unit/pipeline/test_keys.py",),
    ),
    Safeguard(
        "TRUST-P3",
        "kcc_research.pipeline.purge:_folders",
        "[workspace.raw(key)]",
        ("tests/functional/test_purge.py",),
    ),
    Safeguard(
        "TRUST-P3",
        "kcc_research.pipeline.purge:_keys_to_go",
        "()",
        ("tests/functional/test_linking.py",),
    ),
    Safeguard(
        "TRUST-P3",
        "kcc_research.microdata.removal:without_removed",
        "table",
        ("tests/unit/microdata/test_removal.py",),
    ),
    Safeguard(
        "TRUST-P4",
        "kcc_research.pipeline.steps:_refuse_in_report",
        "None",
        ("tests/unit/pipeline/test_steps.py",),
    ),
    Safeguard(
        "TRUST-P4",
        "kcc_research.pipeline.doctor:_others_reach",
        "False",
        ("tests/unit/pipeline/test_doctor.py",),
    ),
    Safeguard(
        "TRUST-P6",
        "kcc_research.pipeline.kernel:_common",
        "dict(given)",
        ("tests/unit/pipeline/test_kernel.py",),
    ),
    Safeguard(
        "TRUST-P7",
        "kcc_research.study.staff:looks_like_staff",
        "False",
        ("tests/unit/study/test_staff.py",),
    ),
    Safeguard(
        "TRUST-F67",
        "kcc_research.microdata.shown:may_be_shown",
        "True",
        ("tests/unit/microdata/test_shown.py",),
    ),
    Safeguard(
        "TRUST-F67",
        "kcc_research.errors:masked",
        "str(value)",
        ("tests/unit/test_errors.py",),
    ),
    Safeguard(
        "TRUST-Q1",
        "kcc_research.microdata.personal_data:mask",
        "(text, ())",
        ("tests/unit/microdata/test_personal_data.py",),
    ),
    Safeguard(
        "TRUST-Q3",
        "kcc_research.microdata.personal_data:has_possible_bsn",
        "False",
        ("tests/unit/microdata/test_personal_data.py",),
    ),
    Safeguard(
        "TRUST-F67",
        "kcc_research.pipeline.safety_net:_trace",
        "''.join(traceback.format_exception(error))",
        ("tests/unit/pipeline/test_safety_net.py",),
    ),
    Safeguard(
        "TRUST-F67",
        "kcc_research.pipeline.kept_notebook:_mask",
        "None",
        ("tests/unit/pipeline/test_kept_notebook.py",),
    ),
    Safeguard(
        "TRUST-F67",
        "kcc_research.pipeline.kept_notebook:kept_log",
        "log",
        ("tests/unit/pipeline/test_kept_notebook.py",),
    ),
    Safeguard(
        "TRUST-F67",
        "kcc_research.microdata.header:Header.is_found",
        "True",
        ("tests/functional/test_planted_words.py",),
    ),
    Safeguard(
        "TRUST-G8",
        "kcc_research.pipeline.person_rows:are_in",
        "False",
        ("tests/unit/pipeline/test_person_rows.py",),
    ),
    Safeguard(
        "TRUST-G8",
        "kcc_research.pipeline.person_rows:told",
        "True",
        ("tests/unit/pipeline/test_person_rows.py",),
    ),
    Safeguard(
        "TRUST-G8",
        "kcc_research.pipeline.kept_notebook:refuse_rows",
        "None",
        ("tests/unit/pipeline/test_kept_notebook.py",),
    ),
    Safeguard(
        "TRUST-Q4",
        "kcc_research.microdata.checking:_without_recogniser",
        "iter(())",
        ("tests/unit/microdata/test_names.py",),
    ),
    Safeguard(
        "TRUST-Q4",
        "kcc_research.microdata.names:_is_ours",
        "True",
        ("tests/unit/microdata/test_names.py",),
    ),
    Safeguard(
        "TRUST-Q4",
        "kcc_research.microdata.answers:AnswerReader._names",
        "no_names",
        ("tests/unit/microdata/test_names.py",),
    ),
    Safeguard(
        "TRUST-Q5",
        f"{_HERE}.quotes:_word_problems",
        "iter(())",
        (f"{_UNIT}/test_quotes.py",),
    ),
)
_FILES = "faults/test_survey_files.py"
_READING = (
    (
        "F1",
        "study.definition_file:_control_characters",
        "[]",
        "unit/study/test_definition_file.py",
    ),
    (
        "F2",
        "pipeline.parameters:_definition_faults",
        "iter(())",
        "unit/pipeline/test_parameters.py",
    ),
    ("F9", "study.toml_lines:_Scanner._twice", "None", "unit/study/test_toml_lines.py"),
    ("F10", "study.loading:leads_inside", "True", "unit/study/test_loading.py"),
    ("F11", "study.measurement_key:key_problems", "[]", "unit/study/test_loading.py"),
    (
        "F13",
        "study.municipality:code_problems",
        "[]",
        "unit/study/test_municipality.py",
    ),
    ("F14", "microdata.header:column_problems", "[]", _FILES),
    (
        "F18",
        "microdata.numbers:parse_number",
        "float(text.replace(',', '.'))",
        "unit/microdata/test_numbers.py",
    ),
    ("F20", "microdata.decoding:_mojibake", "[]", _FILES),
    ("F25", "microdata.csv_reading:_continues", "False", _FILES),
    ("F26", "microdata.csv_reading:_swallowed", "[]", _FILES),
    ("F26", "microdata.reading:_expected", "()", _FILES),
    ("F28", "microdata.answers:AnswerReader._in_range", "Answer(number)", _FILES),
    ("F29", "microdata.answers:_was_rounded", "False", _FILES),
    ("F30", "microdata.header:_duplicates", "[]", _FILES),
    ("F31", "microdata.header:_better_row", "0", _FILES),
    ("F32", "microdata.xlsx_reading:_hidden", "iter(())", _FILES),
    ("F33", "microdata.xlsx_reading:_formulas", "iter(())", _FILES),
    ("F35", "microdata.answers:_parsed_date", 'Answer(reason="no_answer")', _FILES),
    (
        "F36",
        "microdata.contact_checking:Checker._impossible",
        "iter(())",
        "faults/test_contact_files.py",
    ),
    ("F37", "microdata.xlsx_package:_refuse_bomb", "None", _FILES),
    ("F38", "microdata.xlsx_reading:_refuse_shape", "None", _FILES),
    ("F41", "microdata.checking:_duplicates", "iter(())", _FILES),
    ("F42", "microdata.suspicion:_equal_rows", "iter(())", _FILES),
    ("F43", "microdata.answers:normalised", "text", _FILES),
    ("F44", "microdata.answers:AnswerReader._unknown", "Answer(text)", _FILES),
    ("F46", "microdata.sav_labels:_swapped", "iter(())", _FILES),
    (
        "F46",
        "study.wave_coherence:bridge_scale_problems",
        "iter(())",
        "unit/study/test_coherence.py",
    ),
    ("F48", "microdata.checking:_off_route", "iter(())", _FILES),
    ("F52", "microdata.checking:_huge_weights", "iter(())", _FILES),
)
READING = tuple(
    Safeguard(f"TRUST-{rule}", f"kcc_research.{target}", off, (f"tests/{test}",))
    for rule, target, off, test in _READING
)
OUTPUTS = (
    Safeguard(
        "TRUST-G6",
        "kcc_research.dutch:rounded",
        "round(Decimal(value), decimals)",
        ("tests/unit/test_dutch.py",),
    ),
    Safeguard(
        "TRUST-F65",
        "kcc_research.reporting.html_gate:_policy",
        "iter(())",
        ("tests/unit/reporting/test_html_gate.py",),
    ),
    Safeguard(
        "TRUST-F66",
        "kcc_research.reporting.html_gate:_self_contained",
        "iter(())",
        ("tests/unit/reporting/test_html_gate.py",),
    ),
    Safeguard(
        "TRUST-F68",
        "kcc_research.reporting.open_data:safe_text",
        "text",
        ("tests/unit/reporting/test_open_data.py",),
    ),
)
RUNNING = (
    Safeguard(
        "TRUST-F57",
        "kcc_research.pipeline.store:Held.require_space",
        "None",
        ("tests/unit/pipeline/store/test_store.py",),
    ),
    Safeguard(
        "TRUST-F59",
        "kcc_research.pipeline.store.locking:probe",
        "None",
        ("tests/unit/pipeline/store/test_locking.py",),
    ),
)

REGISTRY: tuple[Safeguard, ...] = (
    *DISCLOSURE,
    *READING,
    *PERSONAL_DATA,
    *OUTPUTS,
    *RUNNING,
)
