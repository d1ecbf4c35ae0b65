"""What a run must remember of an outlet, and that nothing of it is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from presswatch.archive import OutletState, RobotsNote, Validators
from presswatch.errors import DamagedError, DiskError, SchemaError
from presswatch.model import Candidate, Capture, Failure, Window
from presswatch.storage import DataDir

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
SITE = "https://quay.test"


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path)


@pytest.fixture
def state(data: DataDir) -> Iterator[OutletState]:
    with OutletState(data, "quay") as state:
        yield state


def candidate(name: str, day: int | None = None) -> Candidate:
    published = None if day is None else datetime(2026, 3, day, tzinfo=UTC)
    return Candidate(url=f"{SITE}/{name}", outlet_id="quay", published_at=published, found_in=f"{SITE}/feed")


def capture(name: str, **more: object) -> Capture:
    made = Capture(url=f"{SITE}/{name}", outlet_id="quay", fetched_at=NOON, body=name.encode())
    return replace(made, **more)  # type: ignore[arg-type]


def urls(state: OutletState, window: Window | None = None) -> list[str]:
    return [found.url.removeprefix(f"{SITE}/") for found in state.pending(window)]


def test_the_file_is_made_by_the_first_use(data: DataDir, state: OutletState) -> None:
    assert not data.state.exists()
    state.add_candidates([candidate("a")], NOON, is_news=True)
    assert (data.state / "quay.sqlite").exists()


def test_a_memory_is_not_whole_until_somebody_says_so(data: DataDir, state: OutletState) -> None:
    state.record_capture(capture("a"))
    state.close()
    assert not state.is_whole
    state.note_whole()
    state.close()
    assert state.is_whole


def test_candidates_come_back_as_they_were_told(data: DataDir, state: OutletState) -> None:
    full = replace(candidate("a", 3), title="Tide turns", modified_at=NOON)
    assert state.add_candidates([full, candidate("b")], NOON, is_news=True) == 2
    state.close()
    with OutletState(data, "quay") as other:
        assert list(other.pending()) == [full, candidate("b")]


def test_spellings_of_one_address_are_one_candidate(state: OutletState) -> None:
    assert state.add_candidates([candidate("a"), candidate("b")], NOON, is_news=True) == 2
    again = Candidate(
        url="http://www.quay.test/a/?utm_source=x", outlet_id="quay", title="Tide turns", published_at=NOON
    )
    assert state.add_candidates([again], NOON + timedelta(days=1), is_news=True) == 0
    first = next(state.pending())
    assert (first.url, first.title, first.published_at) == (f"{SITE}/a", "Tide turns", NOON)
    outcome = state.outcome(f"{SITE}/a")
    assert outcome is not None
    assert outcome.first_seen_at == NOON


def test_a_window_leaves_out_what_is_known_to_lie_outside(state: OutletState) -> None:
    late = replace(candidate("edited"), modified_at=datetime(2026, 3, 20, tzinfo=UTC))
    old = replace(candidate("old"), modified_at=datetime(2026, 3, 2, tzinfo=UTC))
    state.add_candidates(
        [candidate("a", 4), candidate("b", 5), candidate("c", 9), candidate("d", 10), candidate("e"), late, old],
        NOON,
        is_news=True,
    )
    window = Window(since=datetime(2026, 3, 5, tzinfo=UTC), until=datetime(2026, 3, 10, tzinfo=UTC))
    assert urls(state, window) == ["b", "c", "e", "edited"]
    assert state.count_pending(window) == 4
    assert state.count_pending() == 7


def test_each_pending_candidate_comes_once_while_outcomes_are_recorded(state: OutletState) -> None:
    names = [f"n{number}" for number in range(1203)]
    state.add_candidates(map(candidate, names), NOON, is_news=True)
    seen = []
    for number, found in enumerate(state.pending()):
        seen.append(found.url.removeprefix(f"{SITE}/"))
        if number % 2:
            state.record_miss(found.url, "unreachable", NOON)
        else:
            state.record_capture(capture(seen[-1]))
    assert seen == names
    assert urls(state) == names[1::2]


def test_what_was_listed_of_an_address_is_known_by_any_spelling(state: OutletState) -> None:
    listed = replace(candidate("a", 3), listed_as=f"{SITE}/a?utm_source=rss")
    state.add_candidates([listed, candidate("b")], NOON, is_news=True)
    state.add_candidates([candidate("a", 9)], NOON, is_news=True)  # what was said first stays
    assert state.listing("http://www.quay.test/a/?utm_medium=mail") == (listed.listed_as, listed.published_at)
    assert state.listing(f"{SITE}/b") == state.listing(f"{SITE}/unheard-of") == ("", None)


def test_a_captured_address_is_not_pending_again(state: OutletState) -> None:
    state.add_candidates([candidate("old"), candidate("new"), candidate("other")], NOON, is_news=True)
    moved = capture("new", asked_url=f"{SITE}/old", moved=True)
    state.record_capture(moved)
    state.record_capture(moved)
    assert urls(state) == ["other"]
    outcome = state.outcome(f"{SITE}/old")
    assert outcome is not None
    assert (outcome.state, outcome.capture_id, outcome.is_open) == ("captured", moved.capture_id, False)


def test_feeds_are_no_candidates_and_known_when_their_candidates_are(state: OutletState) -> None:
    feed = capture("feed", kind="feed", headers=(("etag", '"1"'),))
    state.record_capture(feed)
    state.replay([feed])
    assert state.outcome(f"{SITE}/feed") is None
    assert state.validators(f"{SITE}/feed") is None
    state.record_documents([feed])
    assert state.validators(f"{SITE}/feed") == Validators(etag='"1"')


def test_news_and_the_past_are_apart(state: OutletState) -> None:
    state.add_candidates([candidate("a", 3), candidate("b", 3)], NOON, is_news=False)
    assert urls(state) == []
    state.add_candidates([candidate("b", 3), candidate("c", 3)], NOON, is_news=True)
    state.add_candidates([candidate("c", 3)], NOON, is_news=False)
    assert urls(state) == ["b", "c"]
    march = Window(since=datetime(2026, 3, 1, tzinfo=UTC), until=datetime(2026, 4, 1, tzinfo=UTC))
    assert urls(state, march) == ["a", "b", "c"]


def test_pages_of_an_article_are_told_of_as_one_and_the_next_one_waits_through_a_kill(state: OutletState) -> None:
    state.add_candidates([candidate("old")], NOON, is_news=True)
    first = capture("ferry", asked_url=f"{SITE}/old")
    state.record_capture(first)
    state.expect_page(first, f"{SITE}/ferry/2")
    state.replay([first])
    assert urls(state) == ["ferry/2"]
    for name in ("old", "ferry", "ferry/2"):
        outcome = state.outcome(f"{SITE}/{name}")
        assert outcome
        assert (outcome.article, outcome.is_open) == (f"{SITE}/ferry", True)
    state.record_capture(capture("ferry/2"))
    state.expect_page(first, None)
    assert urls(state) == []
    told = state.outcome(f"{SITE}/old")
    assert told
    assert not told.is_open


@pytest.mark.parametrize(("version", "younger"), [(2, ["article", "is_news"]), (3, ["article"]), (4, [])])
def test_what_an_older_version_left_is_still_asked_for(
    data: DataDir, state: OutletState, version: int, younger: list[str]
) -> None:
    state.add_candidates([candidate("a"), candidate("b")], NOON, is_news=True)
    state.record_capture(capture("b", headers=(("etag", '"1"'),)))
    state.close()
    with sqlite3.connect(data.state / "quay.sqlite") as db:
        for index in ("planned_candidates", "article_pages")[: 1 + bool(younger)]:
            db.execute(f"DROP INDEX {index}")
        for column in ("captured_at", "revisit_at", *younger):
            db.execute(f"ALTER TABLE candidates DROP COLUMN {column}")
        for column in ("digest", "told", "at", "asked_url"):
            db.execute(f"ALTER TABLE copies DROP COLUMN {column}")
        db.execute("ALTER TABLE copies RENAME TO validators")
        db.execute(f"PRAGMA user_version = {version}")
    db.close()
    assert urls(state) == ["a"]
    assert state.validators(f"{SITE}/b") == Validators(etag='"1"')
    assert state.due(NOON + timedelta(days=1), 9) == [], "when it was captured first is not known"
    copy = state.copy_of(f"{SITE}/b")
    assert copy is not None
    assert not copy.is_of(capture("b")), "nor what was captured"
    state.record_capture(capture("b"))
    assert [one.url for one in state.due(NOON + timedelta(days=1), 9)] == [f"{SITE}/b"]


def test_a_copy_is_the_same_where_reading_it_would_tell_the_same(state: OutletState) -> None:
    first = capture("a", headers=(("content-type", "text/html"),))
    state.record_capture(first)
    copy = state.copy_of(first.url)
    assert copy is not None
    assert copy.is_of(replace(first, fetched_at=NOON + timedelta(days=1)))
    others = (
        {"body": b"b"},
        {"listed_at": NOON},
        {"listed_as": f"{SITE}/a?utm_source=rss"},
        {"asked_url": f"{SITE}/old"},
        {"headers": (("content-type", "text/html; charset=latin-1"),)},
    )
    assert not any(copy.is_of(replace(first, **other)) for other in others)  # type: ignore[arg-type]
    state.record_capture(replace(first, body=b"older", fetched_at=NOON - timedelta(days=1)))  # taken in from a file
    assert state.copy_of(first.url) == copy


def test_what_is_lost_is_no_copy_any_more_by_whatever_address_it_was_asked(state: OutletState) -> None:
    moved = capture("a/", asked_url=f"{SITE}/a")
    state.add_candidates([candidate("a")], NOON, is_news=True)
    for stored in (moved, capture("b"), capture("feed", kind="feed")):
        state.record_capture(stored)
    state.reopen_lost([moved.capture_id])
    assert urls(state) == ["a"]
    assert [state.copy_of(f"{SITE}/{name}") is None for name in ("a/", "b", "feed")] == [True, False, True]


def test_the_plan_ends_with_what_is_gone_and_goes_on_after_other_failures(state: OutletState) -> None:
    state.add_candidates([candidate("a"), candidate("b")], NOON, is_news=True)
    for name in "ab":
        state.record_capture(capture(name))
    state.record_miss(f"{SITE}/a", "gone", NOON)
    state.record_miss(f"{SITE}/b", "timeout", NOON + timedelta(hours=1))
    assert urls(state) == [], "a failure does not open what is stored"
    hours = (1.9, 2.1, 200)
    due = [[one.url for one in state.due(NOON + timedelta(hours=hour), 9)] for hour in hours]
    assert due == [[], [f"{SITE}/b"], [f"{SITE}/b"]]


@pytest.mark.parametrize(
    ("code", "is_open"), [("timeout", True), ("throttled", True), ("gone", False), ("robots", False)]
)
def test_the_code_says_whether_the_next_run_asks_again(state: OutletState, code: str, *, is_open: bool) -> None:
    state.add_candidates([candidate("a")], NOON, is_news=True)
    state.record_miss(f"{SITE}/a", code, NOON)  # type: ignore[arg-type]
    assert urls(state) == (["a"] if is_open else [])
    state.record_miss(f"{SITE}/a", code, NOON, try_again=True)  # type: ignore[arg-type]
    outcome = state.outcome(f"{SITE}/a")
    assert outcome is not None
    assert (outcome.state, outcome.code, outcome.tries, outcome.is_open) == ("failed", code, 2, True)


def test_replay_brings_back_what_was_captured(data: DataDir, state: OutletState) -> None:
    state.add_candidates([candidate("a"), candidate("b")], NOON, is_news=True)
    damage = Failure(url="x", error="corrupt", stage="read")
    assert state.replay([capture("a"), damage]) == 1
    assert state.replay([capture("a"), damage]) == 1
    assert urls(state) == ["b"]


def test_failures_wait_until_they_are_exported(data: DataDir, state: OutletState) -> None:
    rows = [
        Failure(url=f"{SITE}/{n}", error="gone", stage="fetch", run_id="r1", outlet_id="quay", at=NOON) for n in "ab"
    ]
    for row in rows:
        state.record_failure(row)
    state.close()
    with OutletState(data, "quay") as other:
        assert other.failures() == rows
        other.clear_failures(rows[:1])
        assert other.failures() == rows[1:]


def test_pace_and_robots_outlive_the_run(data: DataDir, state: OutletState) -> None:
    note = RobotsNote(status=200, body=b"User-agent: *\xff", fetched_at=NOON)
    state.record_robots("https://quay.test", note)
    state.record_request("quay.test", NOON)
    state.close()
    with OutletState(data, "quay") as other:
        assert other.robots("https://quay.test") == note
        assert other.robots("http://quay.test") is None
        assert other.last_request_at("quay.test") == NOON
        assert other.last_request_at("pier.test") is None


def test_a_damaged_file_is_told_with_what_mends_it(data: DataDir, state: OutletState) -> None:
    data.state.mkdir(parents=True)
    (data.state / "quay.sqlite").write_bytes(b"driftwood " * 500)
    with pytest.raises(DamagedError, match=r"quay\.sqlite.*delete"):
        state.count_pending()


def test_a_file_of_a_newer_version_is_refused(data: DataDir, state: OutletState) -> None:
    data.state.mkdir(parents=True)
    db = sqlite3.connect(data.state / "quay.sqlite")
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(SchemaError, match="99"):
        state.count_pending()


def test_a_folder_that_cannot_be_made_is_told(data: DataDir, state: OutletState) -> None:
    data.state.write_text("in the way")
    with pytest.raises(DiskError, match="state"):
        state.count_pending()


def test_an_error_in_the_middle_of_many_candidates_adds_none(state: OutletState) -> None:
    def broken() -> object:
        yield candidate("a")
        raise KeyError("feed")

    with pytest.raises(KeyError):
        state.add_candidates(broken(), NOON, is_news=True)  # type: ignore[arg-type]
    assert state.count_pending() == 0
