"""WARC files: what is written is read back, and damage costs no more than what it touched."""

from __future__ import annotations

import gzip
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from presswatch.archive import (
    ForeignPages,
    OutletState,
    RawWriter,
    Stored,
    holds_articles,
    read_answers,
    read_captures,
    read_history,
    recover_spool,
)
from presswatch.errors import DiskError
from presswatch.model import Capture, Failure, Revisit
from presswatch.storage import DataDir

NOON = datetime(2026, 3, 14, 12, 0, 0, 250, tzinfo=UTC)
RUN = "20260314T120000-ab12"


def page(number: int, size: int = 900) -> Capture:
    body = b"<p>harbour report</p>" + random.Random(number).randbytes(size)
    return Capture(
        url=f"https://quay.test/{number}",
        outlet_id="quay",
        fetched_at=NOON + timedelta(seconds=number),
        body=body,
        headers=(
            ("content-type", "text/html"),
            ("content-encoding", "gzip"),
            ("content-length", "77"),
            ("etag", '"é"'),
        ),
    )


def write(data: DataDir, captures: Sequence[Capture | Revisit], run_id: str = RUN) -> Path:
    with RawWriter(data, "quay", run_id, NOON) as writer:
        for capture in captures:
            writer.write(capture)
        path = writer.commit()
    assert path is not None
    return path


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path / "data")


word = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
captures = st.builds(
    Capture,
    url=word.map("https://quay.test/{}".format),
    outlet_id=st.sampled_from(["", "quay", "the-jetty"]),
    fetched_at=st.datetimes(min_value=datetime(1996, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # the zone is the other argument
    body=st.binary(max_size=300),
    asked_url=st.sampled_from(["", "http://quay.test/old"]),
    listed_as=st.sampled_from(["", "http://quay.test/old?utm_source=rss"]),
    listed_at=st.none()
    | st.datetimes(min_value=datetime(1996, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # as above
    moved=st.booleans(),
    status=st.sampled_from([200, 203, 206]),
    headers=st.lists(
        st.tuples(
            st.sampled_from(["content-type", "content-length", "transfer-encoding", "x-note", "set-cookie"]), word
        ),
        max_size=4,
    ).map(tuple),
    kind=st.sampled_from(["article", "feed", "sitemap", "robots", "wordpress"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(captures, min_size=1, max_size=4))
def test_captures_come_back_equal(tmp_path_factory: pytest.TempPathFactory, some: list[Capture]) -> None:
    path = write(DataDir(tmp_path_factory.mktemp("data")), some)
    assert list(read_captures(path)) == some


def test_the_file_lies_where_the_contract_says_and_other_tools_read_it(data: DataDir) -> None:
    path = write(data, [page(1)])
    assert path == data.raw / "quay" / "2026-03" / f"{RUN}.warc.gz"
    assert list(data.spool.iterdir()) == []
    with path.open("rb") as file:
        blocks = [(r.headers["WARC-Type"], r.verify_block_digest()) for r in ArchiveIterator(file, parse_http=False)]
    with path.open("rb") as file:
        payloads = [record.verify_payload_digest() for record in ArchiveIterator(file) if record.is_http]
    assert blocks == [("warcinfo", True), ("response", True)]
    assert payloads == [True]
    text = gzip.decompress(path.read_bytes())
    assert b"WARC/1.1" in text
    assert b"x-crawler-content-encoding: gzip" in text
    assert b"content-length: 921" in text


def test_a_record_is_with_the_system_before_the_next_is_written(data: DataDir) -> None:
    writer = RawWriter(data, "quay", RUN, NOON)
    assert not data.spool.exists(), "opened only when there is something to write"
    writer.write(page(1))
    (spooled,) = data.spool.iterdir()
    assert list(read_captures(spooled)) == [page(1)]
    writer.close()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (b"2026-03-14T10:00:00+01:00", datetime(2026, 3, 14, 9, tzinfo=UTC)),
        (b"2026-03-14T10:00:00", None),  # in whose zone?
        (b"yesterday", None),
        (b"0001-01-01T00:00:00+14:00", None),
    ],
)
def test_what_a_file_of_others_says_that_a_feed_said_is_believed_where_it_can_be_read(
    data: DataDir, told: bytes, expected: datetime | None
) -> None:
    path = write(data, [replace(page(1), listed_at=NOON)])
    plain = path.with_name("others.warc")
    ours = b"X-Presswatch-Listed-At: "
    head, found, rest = gzip.decompress(path.read_bytes()).partition(ours)
    plain.write_bytes(head + found + told + b"\r\n" + rest.partition(b"\r\n")[2])
    (capture,) = ForeignPages().read(plain)
    assert isinstance(capture, Capture)
    assert capture.listed_at == expected


def test_nothing_written_is_no_file(data: DataDir) -> None:
    assert RawWriter(data, "quay", RUN, NOON).commit() is None
    assert not data.raw.exists()


def test_a_second_file_of_the_same_run_stands_beside_the_first(data: DataDir) -> None:
    first, second = write(data, [page(1)]), write(data, [page(2)])
    assert first != second
    assert [*read_captures(first), *read_captures(second)] == [page(1), page(2)]


def test_a_file_in_place_of_the_folder_is_told_with_its_path(data: DataDir) -> None:
    data.root.mkdir()
    data.spool.write_text("in the way")
    with pytest.raises(DiskError, match=r"\.spool"):
        RawWriter(data, "quay", RUN, NOON).write(page(1))


def test_an_ingested_text_is_a_resource(data: DataDir) -> None:
    note = Capture(url="file:pier%20notes.txt", outlet_id="quay", fetched_at=NOON, body=b"Tide\nHigh.")
    typed = Capture(
        url="file:b.html", outlet_id="", fetched_at=NOON, body=b"<p>x", headers=(("content-type", "text/html"),)
    )
    path = write(data, [note, typed])
    assert b"WARC-Type: resource" in gzip.decompress(path.read_bytes())
    assert list(read_captures(path)) == [note, typed]
    assert list(ForeignPages().read(path)) == [note, typed]


def damaged(path: Path, content: bytes) -> tuple[list[Capture], list[Failure]]:
    path.write_bytes(content)
    read = list(read_captures(path))
    return [c for c in read if isinstance(c, Capture)], [f for f in read if isinstance(f, Failure)]


def test_a_torn_tail_is_told_and_the_rest_is_read(data: DataDir) -> None:
    path = write(data, [page(1), page(2), page(3)])
    whole, (failure,) = damaged(path, path.read_bytes()[:-100])
    assert whole == [page(1), page(2)]
    assert (failure.error, failure.stage) == ("corrupt", "read")
    assert path.name in failure.message
    assert "presswatch backfill" in failure.message


@pytest.mark.parametrize("seed", range(25))
def test_a_flipped_bit_costs_one_record_and_is_told(data: DataDir, seed: int) -> None:
    pages = [page(1), page(2), page(3)]
    path = write(data, pages)
    content = bytearray(path.read_bytes())
    place = random.Random(seed).randrange(400, len(content))
    content[place] ^= 1 << (seed % 8)
    whole, failures = damaged(path, bytes(content))
    if whole != pages:  # a gzip header has bytes that say nothing
        assert len(failures) == 1
        assert len(whole) == 2
    assert all(capture in pages for capture in whole)


def test_bytes_taken_out_of_the_middle_cost_what_they_touch(data: DataDir) -> None:
    path = write(data, [page(n) for n in range(6)])
    content = path.read_bytes()
    cut = len(content) // 2
    whole, failures = damaged(path, content[:cut] + content[cut + 900 :])
    assert page(0) in whole
    assert page(5) in whole
    assert len(failures) == 1


@pytest.mark.parametrize("junk", [b"", b"\x1f\x8b\x08", b"<html>no archive</html>", bytes(5000)])
def test_junk_is_told_as_damage(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "junk.warc.gz"
    path.write_bytes(junk)
    assert [type(item) for item in read_captures(path)] == [Failure]
    assert [type(item) for item in ForeignPages().read(path)] == [Failure]


def test_recovery_keeps_all_whole_records_wherever_the_kill_came(data: DataDir) -> None:
    writer = RawWriter(data, "quay", RUN, NOON)
    pages = [page(n, size=20) for n in range(3)]
    ends = []
    for capture in pages:
        writer.write(capture)
        ends.append(next(data.spool.iterdir()).stat().st_size)
    (spooled,) = data.spool.iterdir()
    content = spooled.read_bytes()
    writer.close()
    for length in range(len(content) + 1):
        spooled.write_bytes(content[:length])
        recovered = recover_spool(data)
        expected = [capture for capture, end in zip(pages, ends, strict=True) if end <= length]
        assert [capture for path in recovered for capture in read_captures(path)] == expected
        assert list(data.spool.iterdir()) == []
        assert recover_spool(data) == []
        for path in recovered:
            assert path.parent == data.raw / "quay" / "2026-03"
            path.unlink()


def test_a_run_that_is_tried_again_does_not_touch_its_first_try(data: DataDir) -> None:
    for number in (1, 2):
        with RawWriter(data, "quay", RUN, NOON) as writer:
            writer.write(page(number))
    recovered = recover_spool(data)
    assert sorted(capture.url for path in recovered for capture in read_captures(path)) == [page(1).url, page(2).url]


# --- revisits


def again(number: int, **more: object) -> Revisit:
    capture = page(number)
    told = {"url": capture.url, "outlet_id": "quay", "fetched_at": NOON + timedelta(days=1), "digest": capture.digest}
    return Revisit(**told, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [304, 200])
def test_a_revisit_says_what_it_refers_to_in_a_way_that_other_tools_read(data: DataDir, status: int) -> None:
    first = write(data, [page(1)])
    (stored,) = [one for one in read_answers(first) if isinstance(one, Stored)]
    revisit = again(1, status=status, refers_to=stored.record_id, refers_to_at=stored.capture.fetched_at)
    revisit = replace(revisit, headers=(("etag", '"2"'), ("content-length", "9")), asked_url="https://quay.test/old")
    second = write(data, [revisit, page(2)], "second")
    assert list(read_history(second)) == [revisit, page(2)]
    assert list(read_captures(second)) == [page(2)]
    assert revisit.capture_id == page(1).capture_id
    with second.open("rb") as file:
        told = next(dict(one.headers) for one in ArchiveIterator(file) if one.record_type is WarcRecordType.revisit)
    with first.open("rb") as file:
        (response,) = [dict(one.headers) for one in ArchiveIterator(file) if one.is_http]
    profile = "server-not-modified" if status == 304 else "identical-payload-digest"
    assert told["WARC-Profile"] == f"http://netpreserve.org/warc/1.1/revisit/{profile}"
    assert told["WARC-Refers-To"] == response["WARC-Record-ID"]
    assert told["WARC-Refers-To-Date"] == response["WARC-Date"]
    assert told["WARC-Refers-To-Target-URI"] == response["WARC-Target-URI"]
    assert told["WARC-Payload-Digest"] == response["WARC-Payload-Digest"]
    assert list(ForeignPages().read(second)) == [page(2)], "taken in as a file of anybody's it holds one page"


def test_a_file_of_revisits_holds_nothing_to_read_unless_it_is_damaged(data: DataDir) -> None:
    path = write(data, [again(1), replace(page(2), kind="feed")])
    assert not holds_articles(path)
    assert holds_articles(write(data, [again(1), page(2)]))
    path.write_bytes(path.read_bytes()[:-5])
    assert holds_articles(path)


def test_a_killed_run_leaves_its_revisits(data: DataDir) -> None:
    writer = RawWriter(data, "quay", RUN, NOON)
    writer.write(again(1))
    writer.close()
    (path,) = recover_spool(data)
    assert list(read_history(path)) == [again(1)]
    with OutletState(data, "quay") as state:
        state.record_capture(page(1))
        assert state.replay(read_history(path)) == 0
        assert state.due(NOON + timedelta(days=2.5), 9) == []
