"""Which tests prove what is promised of faults. A row without a test, or with one that is gone, is a failure."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent

PROOFS = {
    "permanent and passing moves, loops, hops, other schemes": """
        fetch/test_client: a_permanent_move_is_noted_and_a_passing_one_is_not, ten_hops_are_followed_and_eleven_are_not,
        redirects_that_lead_nowhere, robots_is_asked_at_every_hop,
        a_redirect_to_another_outlet_is_that_outlets_to_follow
        fetch/test_variants: a_chain_of_all_kinds_over_hosts_is_followed_and_moved_only_where_all_of_it_is,
        locations_in_all_spellings, locations_that_lead_nowhere_good
        test_faults: permanent_moves_are_aliases""",
    "addresses that are not public": """
        fetch/test_guard: what_is_not_the_public_internet, numbers_that_only_resolvers_understand
        fetch/test_client: no_redirect_leads_into_the_house, a_name_with_one_private_answer_is_refused,
        other_ports_are_refused
        fetch/test_wire: the_guard_is_asked_before_the_proxy""",
    "refusals and challenges": """
        fetch/test_client: final_answers_are_asked_for_once_and_not_stored, five_refusals_in_a_row_end_the_outlets_run,
        a_challenge_that_says_so_is_a_wall
        extract/test_refuse: a_challenge_answered_200_is_blocked
        test_faults: refusals_in_a_row_pause_the_outlet""",
    "gone pages": "fetch/test_client: a_failure_does_not_take_the_place_of_what_is_stored",
    "pleas for patience": """
        fetch/test_client: a_host_is_left_alone_for_as_long_as_it_says, a_pause_may_be_a_date,
        a_century_is_for_the_next_run, patience_with_a_host_ends_after_five_minutes
        fetch/test_variants: pauses_in_all_forms
        test_faults: patience_is_rewarded""",
    "servers that ail, and garbage on the wire": """
        fetch/test_client: passing_errors_get_three_tries, what_is_broken_on_the_wire,
        an_outlet_that_went_down_is_not_asked_for_ever
        fetch/test_variants: heads, two_locations_are_one
        test_faults: fault_of_the_wire_is_tried_so_often_and_told,
        next_run_asks_for_what_failed_for_a_while_and_for_nothing_else""",
    "robots.txt": """
        fetch/test_robots: verdicts, the_first_500_kib_count, crawl_delay, many_stars_do_not_hang
        fetch/test_client: a_robots_that_is_refused_allows, a_robots_that_cannot_be_had_forbids_until_the_next_run,
        an_old_robots_serves_while_the_host_has_none, a_robots_may_move_and_be_long, a_longer_crawl_delay_is_kept
        fetch/test_variants: files_of_rules_in_all_forms, rules_that_moved_hold_for_the_host_that_was_asked
        fetch/test_wire: a_proxy_that_wants_a_password_is_no_robots_that_allows_all
        properties/test_documents: rules_are_read_whatever_they_are
        test_faults: robots_that_cannot_be_had_forbids""",
    "trickles and hangs": """
        fetch/test_client: whoever_takes_for_ever_meets_the_deadline
        fetch/test_wire: a_handshake_that_hangs_meets_the_deadline, a_proxy_that_is_down_or_hangs
        fetch/test_variants: a_body_of_a_million_tiny_chunks_holds_nobody_else_up""",
    "bodies that are cut": """
        fetch/test_client: what_is_broken_on_the_wire
        fetch/test_wire: a_connection_that_ends_early
        fetch/test_variants: bodies, encodings
        properties/test_bytes: pieces_do_not_change_what_becomes_of_broken_bytes""",
    "bombs, long bodies and encodings that nobody asked for": """
        fetch/test_client: bombs_end_at_the_cap_in_bounded_memory, honest_encodings_are_undone
        fetch/test_wire: a_long_body_under_tls_stays_within_memory, whoever_sends_faster_than_is_read_waits
        fetch/test_variants: hostile_heads_take_bounded_memory, a_flood_of_cookies_is_not_carried_along""",
    "certificates and connections": """
        fetch/test_wire: a_certificate_that_proves_nothing_ends_it, what_follows_an_answer_is_not_the_next_one,
        a_server_that_closes_kept_connections_costs_no_request,
        a_server_that_drops_kept_connections_under_a_request_costs_one""",
    "charsets": """
        extract/test_decode: a_charset_is_found, decoding_never_fails
        properties/test_bytes: what_is_declared_rightly_is_read_rightly, a_mark_beats_every_word,
        no_bytes_and_no_name_are_an_error, markup_is_not_hidden_from_whoever_looks_for_it""",
    "pages that hold a worker": """
        extract/test_page: traps_are_told_before_they_are_parsed, broken_and_bottomless_json_is_no_object
        extract/test_hostile: a_page_of_one_thing_many_times_is_read_in_time
        properties/test_documents: pages
        test_faults: worker_that_hangs_is_killed_and_the_run_goes_on""",
    "characters that may never be stored": """
        properties/test_bytes: a_clean_line_is_clean
        test_faults: tables_and_reports_are_clean_of_what_a_page_hides,
        posts_with_half_characters_do_not_end_the_run""",
    "sitemaps": """
        discover/test_documents: entities_are_inert, a_sitemap_stops_at_its_caps
        discover/test_discover: a_loop_of_indexes_ends, indexes_are_followed_so_deep_and_no_deeper,
        documents_and_addresses_are_counted, only_addresses_of_the_outlet_are_candidates
        properties/test_documents: sitemaps, packed_sitemaps, documents_that_are_too_much_take_bounded_memory
        test_faults: faults_of_documents""",
    "feeds": """
        discover/test_documents: a_broken_feed_is_read_as_far_as_it_goes_and_noted, a_feed_over_the_cap_is_not_read
        properties/test_documents: feeds, posts""",
    "dates": """
        properties/test_dates: a_moment_is_read_as_it_is_rendered, what_lies_outside_is_nothing,
        a_page_says_why_a_date_was_dropped, a_change_may_lie_before_the_publication
        test_faults: date_that_cannot_be_is_dropped""",
    "the same article under many addresses": """
        properties/test_addresses: all_spellings_are_one, other_queries_are_others, the_tidy_form_can_be_asked_for,
        the_short_way_leads_where_the_long_one_does
        test_faults: same_text_under_a_second_url_is_told_as_a_copy""",
    "canonical links": "test_faults: canonical_to_another_host_is_recorded_and_not_believed",
    "what is no article": "extract/test_refuse: what_is_no_article_is_told, a_home_page_and_a_list_are_indexes",
    "what is no HTML": "extract/test_decode: what_is_no_html_is_told",
    "names of files": "test_faults: files_have_no_names_of_the_web",
    "markup in reports": """
        report/test_page: hostile_text_is_shown_and_does_nothing, only_web_addresses_are_links,
        the_policy_allows_the_page_its_own_style_and_script_and_nothing_else""",
    "formulas in cells": "report/test_export: no_cell_of_the_csv_is_a_formula",
    "a full disk": """
        test_disk: full_disk_ends_the_run_and_leaves_the_tables_as_they_were,
        what_was_fetched_before_the_disk_was_full_is_not_lost
        fetch/test_client: a_full_disk_is_no_failure_of_the_url""",
    "a kill": """
        test_kill: backfill_killed_at_any_request, watch_killed_at_any_request, backfill_killed_all_the_way,
        watch_killed_all_the_way, killed_after_collecting""",
    "two runs at once": "test_disk: second_run_is_told_who_is_first_or_waits, note_of_a_run_that_is_dead_holds_nobody",
    "clocks that jump": """
        fetch/test_client: requests_are_spaced_from_start_to_start_robots_included_and_across_runs""",
    "damaged files": """
        archive/test_warc: a_torn_tail_is_told_and_the_rest_is_read, a_flipped_bit_costs_one_record_and_is_told
        properties/test_bytes: damage_is_told_and_what_is_whole_is_read
        tables/test_tables: flipped_bit_is_noticed
        desk/test_doctor: a_torn_tail_and_a_strange_file_are_set_aside""",
    "tables of another version": "tables/test_tables: tables_of_another_version_are_refused_with_both_versions",
}


@cache
def defined_in(place: str) -> frozenset[str]:
    tree = ast.parse((TESTS / f"{place}.py").read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("fault", PROOFS)
def test_what_proves_a_fault_is_there(fault: str) -> None:
    place = ""
    named = PROOFS[fault].replace(",", " ").split()
    assert len(named) > 1
    for word in named:
        if word.endswith(":"):
            place = word[:-1]
        else:
            assert f"test_{word}" in defined_in(place), f"{place}: {word}"
