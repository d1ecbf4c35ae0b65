from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from presswatch.report import describe_story, render_html, render_listing, render_markdown, render_terminal
from presswatch.tables import Tables

Rows = dict[str, list[dict[str, object]]]
MakeTables = Callable[..., Tables]


def _print(tables: Tables, story_id: str, names: dict[str, str], width: int = 80, **options: bool) -> str:
    out = io.StringIO()
    terminal = options.pop("terminal", False)
    console = Console(file=out, width=width, force_terminal=terminal, no_color=not terminal, legacy_windows=False)
    render_terminal(describe_story(tables, story_id, names), console, **options)
    return out.getvalue()


def test_differences_come_first_then_claims_credits_and_drift(
    tables: Tables, story_id: str, names: dict[str, str]
) -> None:
    shown = _print(tables, story_id, names)
    titles = re.findall(r"^([A-Z ]+) \(\d+\) ─", shown, re.MULTILINE)
    assert titles == [
        "WHERE THEY DIFFER",
        "WHO SAYS WHAT",
        "WHO HAS IT FROM WHOM",
        "QUOTES THAT CHANGED ON THE WAY",
        "OUTLET BY OUTLET",
    ]
    assert "ten  Reel & Rope" in shown


@pytest.mark.parametrize("width", [80, 120])
def test_marks_line_up_from_claim_to_claim_and_the_legend_names_them(
    tables: Tables, story_id: str, names: dict[str, str], width: int
) -> None:
    shown = _print(tables, story_id, names, width)
    assert "● says   ◐ in part   ≠ differs   · silent   ? not fetched" in shown
    rows = [line for line in shown.splitlines() if re.match(r"  [●≠·?] The Harbour Ledger", line)]
    assert len(rows) == 4
    assert len({row.index("Kinograph") for row in rows}) == 1
    assert "≠ Reel & Rope: Ten crews shared the tide" in shown


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_no_line_is_wider_than_the_console(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str], width: int
) -> None:
    wide = "渡し船は九つの班が一度の大潮のあいだに撮影した。" * 12 + "한국어 ❤️ 🇩🇪 👩‍👩‍👧" * 8 + "x" * 300
    mentions = [{**row, "text": wide} for row in base_rows["mentions"]]
    claims = [{**row, "text": wide} for row in base_rows["claims"]]
    coverage = [{**row, "text": wide} for row in base_rows["coverage"]]
    tables = with_rows(mentions=mentions, claims=claims, coverage=coverage)
    names = {**names, "kino": "映画新聞" * 30}
    for full, terminal in product((True, False), repeat=2):
        shown = _print(tables, story_id, names, width, full=full, terminal=terminal)
        bare = re.sub(r"\x1b\[[0-9;]*m", "", shown)
        assert max(cell_len(line) for line in bare.splitlines()) <= width


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.one_of(st.characters(), st.sampled_from("[]/bold\x1b\x9b\u202e東\u200b")), min_size=1))
def test_scraped_text_is_neither_markup_nor_control(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str], text: str
) -> None:
    text = text.encode("utf-8", "ignore").decode()  # parquet holds no lone surrogates
    tables = with_rows(claims=[{**row, "text": text} for row in base_rows["claims"]])
    shown = _print(tables, story_id, names)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b-\u200f]", shown)
    assert max(cell_len(line) for line in shown.splitlines()) <= 80


def test_rich_markup_is_shown_as_written(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    hostile = "[red]Ten[/red] [link=https://evil.example]crews[/link] [/]"
    tables = with_rows(claims=[{**row, "text": hostile} for row in base_rows["claims"]])
    assert hostile in _print(tables, story_id, {**names, "kino": "[bold]K[/bold]"}, terminal=True)


def test_what_is_not_shown_is_counted_and_full_shows_it(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    more = [dict(base_rows["claims"][0], claim_id=f"d{number}", text=f"Claim {number}") for number in range(20)]
    cells = [dict(row, claim_id=f"d{number}") for row in base_rows["coverage"][: len(names)] for number in range(20)]
    tables = with_rows(claims=base_rows["claims"] + more, coverage=base_rows["coverage"] + cells)
    short, full = _print(tables, story_id, names), _print(tables, story_id, names, full=True)
    assert "… and 12 more shared claims" in short
    assert "Claim 19" not in short
    assert "Claim 19" in full
    assert "more shared" not in full


def test_the_heaviest_omission_of_each_outlet_is_shown_and_full_shows_all(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    silent = {"stance": "silent", "mention_id": None, "text": None}
    rows = [
        {**row, **silent, "weight": 0.75 if row["claim_id"] == "c1" else 0.25} if row["outlet_id"] == "quay" else row
        for row in base_rows["coverage"]
    ]
    tables = with_rows(coverage=rows)
    told = {row["claim_id"]: str(row["text"])[:30] for row in base_rows["claims"]}
    short, full = (_print(tables, story_id, names, width=120, full=full) for full in (False, True))
    short, full = (re.search(r"\nQuay: .*?(?=\n\S)", shown, re.DOTALL)[0] for shown in (short, full))  # type: ignore[index]
    assert f"left out: {told['c1']}" in short
    assert short.count("left out:") == 1
    assert full.index(told["c1"]) < full.index(told["c0"])


def test_a_claim_of_which_nobody_can_tell_who_was_first_says_so(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    unknown = [{**row, "first_outlet_id": None, "first_is_certain": False} for row in base_rows["claims"]]
    tables = with_rows(claims=unknown)
    assert "4 independent outlets behind it · who was first cannot be told" in _print(tables, story_id, names)
    report = describe_story(tables, story_id, names)
    assert "| cannot tell |" in render_markdown(report)
    assert "4 independent outlets; who was first cannot be told" in render_html(report)


def test_a_story_of_one_article_says_that_there_is_nothing_to_compare(
    lone_tables: Tables, story_id: str, names: dict[str, str]
) -> None:
    shown = _print(lone_tables, story_id, names)
    assert "Only Marquee Weekly is here: there is nothing to compare it with yet" in shown
    assert "(0)" not in shown  # no section that says that there is nothing in it
    assert "Marquee Weekly: 1 article from 14 May 2031, 12:30 UTC\n" in shown
    written = render_markdown(describe_story(lone_tables, story_id, names))
    assert "there is nothing to compare it with yet" in written
    assert "Where they differ" not in written


def test_where_two_outlets_share_nothing_it_is_said_where_it_was_looked_for(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    tables = with_rows(claims=[], coverage=[], differences=[], drift=[])
    shown = _print(tables, story_id, names)
    assert "No difference found" in shown
    assert "No claim that two outlets share." in shown


def test_how_sure_a_difference_is_is_explained_once(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    first, *_ = base_rows["differences"]
    rows = [{**first, "kind": kind, "severity": 0.3} for kind in ("number", "place", "name")]
    tables = with_rows(differences=rows)
    shown = _print(tables, story_id, names)
    written = render_markdown(describe_story(tables, story_id, names))
    for text in (shown, written):
        flat = " ".join(text.split())
        assert flat.count("possible") == len(rows)
        assert flat.count("possible: the sentences share little, so they may mean two things") == 1
        assert flat.index("possible:") == flat.index("possible")


def test_an_outlet_whose_dates_are_not_known_says_so(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    undated = with_rows(articles=[{**row, "published_at": None} for row in base_rows["articles"]])
    assert "Quay: 1 article, date unknown; first with " in _print(undated, story_id, names)


def _list(rows: list[dict[str, object]], width: int) -> list[str]:
    out = io.StringIO()
    render_listing(rows, Console(file=out, width=width), title="Failures")
    return out.getvalue().splitlines()


_FAILURES: list[dict[str, object]] = [
    {
        "at": datetime(2031, 5, 12, 9, 30, tzinfo=UTC),
        "outlet_id": "kino",
        "tries": 3,
        "url": "https://kino.example/" + "a-long-way-down/" * 6,
        "message": None,
    },
    {"at": None, "outlet_id": "quay", "tries": 12, "url": "https://quay.example/", "message": "no \x1b[31manswer"},
]


def test_a_listing_that_fits_is_a_table() -> None:
    title, head, first, second = _list(_FAILURES, 200)
    assert title.startswith("FAILURES (2) ─")
    assert head.split() == ["at", "outlet_id", "tries", "url", "message"]
    assert first.startswith("12 May 2031, 09:30 UTC  kino")
    assert second.rstrip().endswith("no answer")
    assert second.index("12 ") == first.index("3  https") - 1  # numbers stand flush right


@pytest.mark.parametrize("width", [30, 80])
def test_a_listing_that_does_not_fit_has_its_longest_values_below(width: int) -> None:
    lines = _list(_FAILURES, width)
    address = f"  {_FAILURES[0]['url']}"  # is copied to the next command, and looked for with grep
    assert address in lines
    assert max(len(line) for line in lines if line != address) <= width
    assert "  https://quay.example/" in lines


def test_a_listing_keeps_the_name_of_a_row_in_it_and_numbers_below_have_theirs() -> None:
    rows: list[dict[str, object]] = [{"run_id": "20310512T093000Z-8e23de", "stories": 4, "at": None, "failed": 31}]
    _, head, first, *below = _list(rows, 36)
    assert head.split() == ["run_id", "at", "failed"]
    assert first.split() == ["20310512T093000Z-8e23de", "31"]
    assert below == ["  stories 4"]
