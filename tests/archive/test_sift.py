"""Taking captures out of a WARC file: what stays is byte for byte as it was, damage included."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from presswatch.archive import OutletState, RawWriter, Stored, peek_memory, read_captures, read_stored, sift_file
from presswatch.forgotten import FILE_NAME, Forgotten
from presswatch.model import Candidate, Capture, Failure
from presswatch.storage import DataDir

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def page(number: int) -> Capture:
    body = random.Random(number).randbytes(300 + number)
    at = NOON + timedelta(seconds=number)
    return Capture(url=f"https://quay.test/{number}", outlet_id="quay", fetched_at=at, body=body, headers=(("a", "b"),))


@pytest.fixture(scope="module")
def warc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with RawWriter(DataDir(tmp_path_factory.mktemp("raw")), "quay", "run", NOON) as writer:
        for number in range(8):
            writer.write(page(number))
        path = writer.commit()
    assert path is not None
    return path


def urls(path: Path) -> list[str]:
    return [one.url for one in read_captures(path) if isinstance(one, Capture)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(leaving=st.sets(st.integers(0, 7)))
def test_only_the_bytes_of_what_leaves_are_gone(warc: Path, tmp_path: Path, leaving: set[int]) -> None:
    copy = tmp_path / "copy.warc.gz"
    copy.unlink(missing_ok=True)
    gone = {page(number).url for number in leaving}
    sifted = sift_file(warc, copy, is_leaving=lambda capture: capture.url in gone)
    assert {one.capture.url for one in sifted.captures} == gone
    assert copy.exists() == bool(leaving), "a file that loses nothing is not copied"
    if not leaving:
        return
    content = warc.read_bytes()
    for one in sorted(sifted.captures, key=lambda one: -one.start):
        content = content[: one.start] + content[one.end :]
    assert copy.read_bytes() == content
    assert urls(copy) == [url for url in urls(warc) if url not in gone]
    with copy.open("rb") as file:
        assert len(list(ArchiveIterator(file, verify_digests=True))) == 9 - len(leaving)


def test_a_place_holds_its_record_alone(warc: Path, tmp_path: Path) -> None:
    stored = list(read_stored(warc))
    assert len(stored) > 1
    for one in stored:
        assert isinstance(one, Stored)
        alone = tmp_path / "one.warc.gz"
        alone.write_bytes(warc.read_bytes()[one.start : one.end])
        assert list(read_captures(alone)) == [one.capture]


def test_damage_stays_unless_it_is_to_go(warc: Path, tmp_path: Path) -> None:
    places = [one for one in read_stored(warc) if isinstance(one, Stored)]
    content = bytearray(warc.read_bytes())
    content[places[3].end - 30] ^= 0xFF
    torn = tmp_path / "torn.warc.gz"
    torn.write_bytes(content + content[:40])
    first = page(0).url
    sifted = sift_file(torn, tmp_path / "a", is_leaving=lambda capture: capture.url == first)
    assert sifted.damaged == ()
    assert (tmp_path / "a").read_bytes() == torn.read_bytes()[: places[0].start] + torn.read_bytes()[places[0].end :]
    sifted = sift_file(torn, tmp_path / "b", drops_damage=True)
    assert sifted.damaged == (bytes(content[places[3].start : places[3].end]), bytes(content[:40]))
    assert not [one for one in read_captures(tmp_path / "b") if isinstance(one, Failure)]
    assert len(urls(tmp_path / "b")) == 7


# ---------------------------------------------------------------- memories


def test_a_memory_is_looked_into_without_a_trace_and_while_a_run_writes(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    asked = [page(1).url, "https://www.quay.test/1?utm_source=x"]
    assert peek_memory(data, "quay", asked).candidates == ()
    with OutletState(data, "quay") as state:
        state.add_candidates([Candidate(url=page(1).url, outlet_id="quay", title="One")], NOON, is_news=True)
        assert [one.candidate.title for one in peek_memory(data, "quay", asked[1:]).candidates] == ["One"]
    before = {path: path.read_bytes() for path in data.state.iterdir()}
    found = peek_memory(data, "quay", asked)
    assert [(one.candidate.title, one.outcome.state, one.is_news) for one in found.candidates] == [
        ("One", "pending", True)
    ]
    assert {path: path.read_bytes() for path in data.state.iterdir()} == before


def test_what_is_forgotten_leaves_a_memory_and_its_free_pages_and_never_comes_back(tmp_path: Path) -> None:
    data, one, other = DataDir(tmp_path), page(1), page(2)
    tell = [Candidate(url=capture.url, outlet_id="quay", title=f"Title of {capture.url}") for capture in (one, other)]
    with OutletState(data, "quay") as state:
        state.add_candidates(tell, NOON, is_news=True)
        state.record_capture(one)
        state.record_capture(other)
    (tmp_path / FILE_NAME).write_bytes(Forgotten().with_more(NOON, urls=[one.url]).to_bytes())
    with OutletState(data, "quay") as state:
        assert (state.purge(), state.purge()) == (1, 0)
        assert state.add_candidates(tell, NOON, is_news=True) == 0
        state.record_capture(one)
        assert state.outcome(one.url) is None
        assert not state.has_capture(one.capture_id)
        assert getattr(state.outcome(other.url), "state", "") == "captured"
    assert not [path for path in data.state.iterdir() if b"quay.test/1" in path.read_bytes()]
