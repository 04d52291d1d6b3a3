"""The rules of the handbook of trust that this product has to keep, and their proof.

The list stands here, for the product stands without the handbook; a test compares the
two where the handbook is beside this checkout. A rule is kept by a function that can be
switched off (``safeguards.REGISTRY``), by tests of behaviour that no one function has
(:data:`PROOFS`), or by both.
"""

from __future__ import annotations

FAULTS = tuple(f"F{number}" for number in range(1, 73))
RUNNING = FAULTS[52:64]
RULES = (
    *(f"G{number}" for number in range(1, 11)),
    *FAULTS,
    *(f"D{number}" for number in range(1, 17)),
    *(f"P{number}" for number in range(1, 10)),
    *(f"Q{number}" for number in range(1, 7)),
    *(f"U{number}" for number in range(1, 8)),
)

_CORPUS = "tests/faults/test_corpus.py::"
_TOLD = f"{_CORPUS}test_a_fault_is_told_and_nothing_is_published"
_SHOWN = f"{_CORPUS}test_what_needs_no_refusal_comes_out_right"
_NOTEBOOK = "tests/unit/pipeline/test_notebook.py::"
_CLIENT = "tests/unit/pipeline/test_notebook_client.py::"
_CLI_RUN = "tests/functional/test_cli_run.py::"
_OPERATIONS = "tests/unit/pipeline/store/test_operations.py::"
_LOCKING = "tests/unit/pipeline/store/test_locking.py::"
_STORE = "tests/unit/pipeline/store/test_store.py::"
_BROKEN = "tests/unit/pipeline/store/test_faults.py::"
_HERMETIC = "tests/functional/test_hermetic.py::"
_CANARY = (
    "tests/functional/test_canary.py::test_nothing_that_was_marked_is_ever_seen_again"
)
_RUN = "tests/unit/pipeline/test_run.py::"

PROOFS: dict[str, tuple[str, ...]] = {
    # Principles: each is many functions; these are the tests that fail without it.
    "G1": (_TOLD,),
    "G2": ("tests/unit/pipeline/test_parameters.py::test_code_in_a_name_is_refused",),
    "G3": (f"{_NOTEBOOK}test_an_end_marker_cannot_be_printed_by_the_notebook",),
    "G4": (f"{_BROKEN}test_a_report_is_the_old_or_the_new_one", _TOLD),
    "G5": (f"{_HERMETIC}test_a_hostile_profile_locale_zone_and_folder",),
    "G7": (
        "tests/functional/test_disclosure.py::test_every_number_of_a_suppressed_row_is_an_x",
        _SHOWN,
    ),
    "G8": (
        _CANARY,
        "tests/unit/pipeline/test_steps.py::test_nothing_unprotected_is_ever_written",
    ),
    "G10": (
        f"{_HERMETIC}test_without_a_network",
        f"{_HERMETIC}test_a_report_asks_for_nothing_outside",
    ),
    # Faults: F1–F52 and F65–F72 are inputs of the corpus, of which a test says that
    # it has them all; F53–F64 are faults of running.
    **{rule: (_TOLD, _SHOWN) for rule in (*FAULTS[:52], *FAULTS[64:])},
    "F53": (
        "tests/faults/test_kills.py::test_a_run_of_which_something_is_killed_leaves_a_whole_report",
        f"{_RUN}test_a_run_that_was_cut_off_is_told_with_its_step",
        f"{_CLI_RUN}test_a_killed_run_leaves_a_whole_report_and_the_next_one_finishes",
    ),
    "F54": (
        f"{_NOTEBOOK}test_a_killed_kernel_is_told_with_its_cell",
        f"{_NOTEBOOK}test_exiting_quietly_is_no_success",
        f"{_NOTEBOOK}test_an_end_marker_cannot_be_printed_by_the_notebook",
        f"{_NOTEBOOK}test_a_cell_that_needs_too_much_memory_is_told_with_the_limit",
        f"{_CLIENT}test_a_notebook_whose_answer_got_lost_is_run_again",
    ),
    "F55": (
        f"{_NOTEBOOK}test_a_cell_that_hangs_is_stopped_with_all_it_started",
        f"{_NOTEBOOK}test_a_notebook_that_takes_too_long_in_all_is_stopped",
        f"{_CLIENT}test_an_answer_that_never_comes_is_not_waited_for_as_long_as_a_cell",
    ),
    "F56": (
        f"{_NOTEBOOK}test_input_is_refused_by_the_kernel_too",
        "tests/unit/pipeline/test_notebook_file.py::test_what_no_unattended_run_can_do_is_refused",
    ),
    "F57": (
        f"{_STORE}test_a_nearly_full_disk_is_refused_before_anything_is_written",
        f"{_BROKEN}test_a_report_is_the_old_or_the_new_one",
    ),
    "F58": (
        f"{_LOCKING}test_a_second_run_is_refused_and_told_who_was_first",
        f"{_CLI_RUN}test_a_run_beside_another_is_told_to_wait",
        "tests/faults/test_two_at_once.py::test_two_executors_on_one_folder_end_with_whole_reports",
    ),
    "F59": (
        f"{_LOCKING}test_a_folder_where_locks_do_not_hold_is_refused",
        f"{_LOCKING}test_the_lock_of_a_host_that_is_gone_is_named_and_never_broken",
    ),
    "F60": (
        f"{_STORE}test_a_report_that_is_open_elsewhere_keeps_the_new_one_for_later",
        f"{_OPERATIONS}test_a_failed_replacement_leaves_the_old_file_and_nothing_else",
        f"{_OPERATIONS}test_a_file_that_is_open_for_a_moment_is_waited_for",
        "tests/unit/pipeline/test_safety_net.py::test_what_the_system_refuses_names_the_file_and_no_folder",
    ),
    "F61": (
        f"{_HERMETIC}test_a_hostile_profile_locale_zone_and_folder",
        f"{_HERMETIC}test_these_worlds_are_hostile_indeed",
        f"{_NOTEBOOK}test_a_hostile_home_and_environment_change_nothing",
    ),
    "F62": (
        "tests/functional/test_cli_other.py::test_verify_names_what_was_altered_is_missing_or_extra",
        f"{_RUN}test_a_file_edited_by_hand_makes_its_step_stale",
    ),
    "F63": (
        f"{_RUN}test_a_failure_stops_its_successor_by_name_and_no_other",
        f"{_RUN}test_failed_chooses_the_failed_and_those_that_wait_for_them",
        f"{_CLI_RUN}test_a_bad_file_fails_its_measurement_and_its_successor_only",
    ),
    "F64": (
        f"{_HERMETIC}test_a_hostile_profile_locale_zone_and_folder",
        f"{_CLI_RUN}test_rows_of_persons_stay_in_the_run_s_private_folder",
    ),
    # Geography: postcode4 at most, by the same function as P1.
    "D13": (
        "tests/unit/microdata/test_pseudonyms.py::test_a_column_of_addresses_is_refused",
    ),
    "P5": (f"{_STORE}test_by_products_are_for_the_owner_only", _CANARY),
    "P8": (
        "tests/unit/test_repository.py::test_the_index_counts_and_not_the_working_tree",
        "tests/unit/test_repository.py::test_a_file_with_a_fault",
    ),
    # The rule pack is one expression per kind within ``mask`` (Q1).
    "Q2": ("tests/unit/microdata/test_personal_data.py::test_found_and_replaced",),
    "Q4": ("tests/unit/microdata/test_personal_data.py::test_left_alone",),
    "Q6": (_SHOWN,),
    "U1": (f"{_LOCKING}test_a_second_run_is_refused_and_told_who_was_first",),
    "U2": (f"{_STORE}test_whoever_holds_the_lock_clears_all_that_others_left",),
    "U3": (
        f"{_STORE}test_a_nearly_full_disk_is_refused_before_anything_is_written",
        f"{_BROKEN}test_other_faults_are_no_different",
    ),
    "U4": (
        "tests/functional/test_cli_run.py::test_a_stray_output_is_refused_on_publication_and_shown_in_a_draft",
    ),
    "U5": (f"{_STORE}test_holds_sees_a_file_too_many_or_too_few",),
    "U6": (f"{_STORE}test_the_last_three_versions_stay_as_they_were",),
    "U7": (
        "tests/unit/pipeline/store/test_journal.py::test_a_swap_is_completed_from_wherever_it_stopped",
        "tests/unit/pipeline/store/test_operations.py::test_two_folders_trade_places",
    ),
}
