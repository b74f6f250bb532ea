"""Which tests are fast: those that `pytest -m fast` runs while somebody works.

Every test is, and so are the doctests of coreg, but for four kinds:

- what needs a browser, a message bus, a server or a program of its own;
- the modules below, which begin programs or servers, draw pages, or play a practice
  again and again: by what they do, or because they took seconds where it was measured;
- what hypothesis tries with hundreds of examples;
- a single test of another module that carries the marker `slow`.

A new module is fast until somebody enters it here; all fast ones together are to stay
under a minute.
"""

import pytest

SLOW_FIXTURES = frozenset({"browser", "bus", "failing_disk"})

SLOW_MODULES = frozenset(
    {
        "test_adapt",
        "test_afterwards",
        "test_app",
        "test_batch",
        "test_batch_cluster",
        "test_beat_times",
        "test_calling_home",
        "test_clinic",
        "test_clinic_hour",
        "test_command_help",
        "test_command_line",
        "test_command_line_errors",
        "test_companions",
        "test_drawing_apart",
        "test_engine",
        "test_evening_over_bluez",
        "test_examples_together",
        "test_fake_bluez",
        "test_fake_bluez_faults",
        "test_fake_bluez_service",
        "test_fault_harness",
        "test_fixed_pace",
        "test_found_pace",
        "test_going_on",
        "test_going_on_command",
        "test_going_on_pages",
        "test_going_on_straps",
        "test_hostile_evenings",
        "test_house",
        "test_how_tos",
        "test_installed_as_a_tool",
        "test_kept_awake",
        "test_language_of_commands",
        "test_library_in_practice",
        "test_link_drops",
        "test_loop",
        "test_loose_ends",
        "test_lost_beats",
        "test_nightly",
        "test_numbers_in_files",
        "test_one_heart_erased",
        "test_out_folder",
        "test_over_counted",
        "test_packaging",
        "test_pages_apart",
        "test_pages_seen",
        "test_parts_of_a_practice",
        "test_pooling",
        "test_practice_without_straps_command",
        "test_private_answers",
        "test_public_library",
        "test_reception",
        "test_repeated_packets",
        "test_report",
        "test_report_awake",
        "test_report_german",
        "test_report_names",
        "test_report_of_a_break",
        "test_report_on_a_phone",
        "test_report_paper",
        "test_report_settled",
        "test_screen_saver",
        "test_scripted_couples",
        "test_second_start",
        "test_sessions_of_0_1",
        "test_settled_truth",
        "test_shown_plainly",
        "test_simulated_couple",
        "test_single_file",
        "test_skips",
        "test_store_damage",
        "test_store_erasing",
        "test_store_failing_disk",
        "test_store_faults",
        "test_store_foreign_log",
        "test_store_library",
        "test_store_slow_disk",
        "test_store_wal",
        "test_strap_latency",
        "test_strap_regained",
        "test_strap_session",
        "test_straps_at_home",
        "test_straps_in_use",
        "test_straps_over_bluez",
        "test_supervised_tasks",
        "test_synchrony",
        "test_synchrony_command",
        "test_taps",
        "test_taps_kept",
        "test_texts_apart",
        "test_texts_bounded",
        "test_together_pages",
        "test_unreadable_evenings",
        "test_way_in",
        "test_web_connections",
        "test_web_consent_again",
        "test_web_door",
        "test_web_hostile_words",
        "test_web_lan",
        "test_web_lock",
        "test_web_own_words",
        "test_web_pace",
        "test_web_passcodes",
        "test_web_practice",
        "test_web_streams",
        "test_web_taps",
        "test_web_taps_seen",
        "test_who_may_see",
    }
)


def is_fast(item: pytest.Item) -> bool:
    """Whether a test is run while somebody works, not only before a commit."""
    return (
        item.path.stem not in SLOW_MODULES
        and not SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ()))
        and not getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        and item.get_closest_marker("slow") is None
    )
