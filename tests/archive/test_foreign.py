"""WARC files of others: every way of packing and writing them, revisits, and what is hostile or damaged."""

from __future__ import annotations

import gzip
import hashlib
import io
import random
import re
import struct
import subprocess
import sys
import zlib
from base64 import b32encode
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from backports import zstd

from presswatch.archive import ForeignPages
from presswatch.model import Capture, Failure

gzipped = partial(gzip.compress, mtime=0)  # without the time: names of tests are the same in every process


def record(uri: str, block: bytes, kind: str = "response", **headers: str) -> bytes:
    fields = {"WARC-Type": kind, "WARC-Target-URI": uri, "WARC-Date": "2024-05-06T07:08:09Z", **headers}
    fields["WARC-Record-ID"] = "<urn:uuid:0b0b0b0b-0000-4000-8000-000000000001>"
    fields["Content-Length"] = str(len(block))
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return b"WARC/1.0\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def http(body: bytes, *lines: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", "Content-Type: text/html", *lines, "", ""]).encode() + body


def sha1(body: bytes) -> str:
    return f"sha1:{b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()}"


def chunked(body: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:5], body[5:])) + b"0\r\n\r\n"


PAGE = b"<html><p>The ferry was late.</p></html>"
BR_PAGE = b"\x0b\x13\x80" + PAGE + b"\x03"  # brotli, stored as it is


def read_one(tmp_path: Path, *records: bytes, packed: bool = False) -> list[Capture | Failure]:
    path = tmp_path / ("other.warc.gz" if packed else "other.warc")
    path.write_bytes(b"".join(gzipped(r) if packed else r for r in records))
    return list(ForeignPages().read(path))


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize(
    "block",
    [
        http(PAGE),
        http(PAGE, "Transfer-Encoding: chunked"),  # an archive that keeps the header and not the chunks
        http(chunked(PAGE), "Transfer-Encoding: chunked"),
        http(gzipped(PAGE), "Content-Encoding: gzip"),
        http(PAGE, "Content-Encoding: gzip"),
        http(chunked(gzipped(PAGE)), "Content-Encoding: gzip", "Transfer-Encoding: chunked"),
        http(PAGE, "X-Crawler-Content-Encoding: gzip", f"Content-Length: {len(PAGE)}"),
        http(PAGE).replace(b"\r\n", b"\n"),
        http(PAGE, "Content-Encoding: br"),
        http(PAGE, "Content-Encoding: zstd"),
        http(PAGE, "Content-Encoding: deflate"),
        http(PAGE, "Content-Encoding: utf-8"),  # a charset, where some servers put it
        http(BR_PAGE, "Content-Encoding: br"),
        http(zstd.compress(PAGE), "Content-Encoding: zstd"),
        http(zlib.compress(PAGE), "Content-Encoding: deflate"),
        http(zstd.compress(gzipped(PAGE)), "Content-Encoding: gzip, zstd"),
        http(PAGE).replace(b"HTTP/1.1 200 OK", b"HTTP/2 200"),
        http(PAGE).replace(b"HTTP/1.1", b"HTTP/2.0"),
    ],
)
def test_pages_of_other_archives_are_decoded(tmp_path: Path, block: bytes, *, packed: bool) -> None:
    (capture,) = read_one(tmp_path, record("https://pier.test/a", block), packed=packed)
    assert isinstance(capture, Capture)
    assert (capture.url, capture.status, capture.body) == ("https://pier.test/a", 200, PAGE)
    assert capture.fetched_at == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert capture.outlet_id == ""


def test_what_is_no_page_is_passed_over(tmp_path: Path) -> None:
    assert (
        read_one(
            tmp_path,
            record("https://pier.test/gone", http(PAGE, status="404 Not Found")),
            record("https://pier.test/move", http(b"", "Location: /b", status="301 Moved")),
            record("https://pier.test/a.png", http(b"\x89PNG").replace(b"text/html", b"image/png")),
            record("dns:pier.test", b"pier.test. 10 A 192.0.2.1", kind="resource"),
            record("https://pier.test/a", b"GET / HTTP/1.1\r\n\r\n", kind="request"),
        )
        == []
    )


@pytest.mark.parametrize(
    ("block", "code"),
    [
        (http(gzipped(bytes(20_000_000)), "Content-Encoding: gzip"), "too_large"),
        (http(gzipped(PAGE)[:-9], "Content-Encoding: gzip"), "truncated"),
        (http(chunked(PAGE)[:20], "Transfer-Encoding: chunked"), "truncated"),
        (http(b"\x1f\x9d\x90" + PAGE, "Content-Encoding: compress"), "bad_encoding"),
        (http(b"\x00\x01\x02", "Content-Encoding: zstd"), "bad_encoding"),
        (http(bytes(11_000_000)), "too_large"),
        (http(zstd.compress(bytes(20_000_000)), "Content-Encoding: zstd"), "too_large"),
        (http(zstd.compress(PAGE)[:-6], "Content-Encoding: zstd"), "truncated"),
    ],
)
def test_pages_that_cannot_be_had_are_failures_with_their_url(tmp_path: Path, block: bytes, code: str) -> None:
    bad, good = read_one(tmp_path, record("https://pier.test/bad", block), record("https://pier.test/a", http(PAGE)))
    assert isinstance(bad, Failure)
    assert (bad.url, bad.error) == ("https://pier.test/bad", code)
    assert isinstance(good, Capture)


@pytest.mark.parametrize("packed", [True, False])
def test_damage_in_an_archive_of_others_costs_what_it_touches(tmp_path: Path, *, packed: bool) -> None:
    blocks = [http(random.Random(n).randbytes(3000)) for n in range(4)]
    records = [record(f"https://pier.test/{n}", block) for n, block in enumerate(blocks)]
    path = tmp_path / "other.warc"
    parts = [gzip.compress(r, mtime=0) if packed else r for r in records]
    content = bytearray(b"".join(parts))
    content[len(parts[0]) + (1500 if packed else 3)] ^= 0x10
    path.write_bytes(bytes(content)[:-50])
    read = list(ForeignPages().read(path))
    urls = [item.url for item in read if isinstance(item, Capture)]
    assert urls == ["https://pier.test/0", "https://pier.test/2"]
    assert [item.error for item in read if isinstance(item, Failure)] == ["corrupt", "corrupt"]


def test_a_digest_that_does_not_hold_is_damage(tmp_path: Path) -> None:
    wrong = record("https://pier.test/a", http(PAGE), WARC_Block_Digest="sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
    (failure,) = read_one(tmp_path, wrong)
    assert isinstance(failure, Failure)
    assert failure.error == "corrupt"


def test_one_gzip_around_a_whole_archive_is_read(tmp_path: Path) -> None:
    path = tmp_path / "one.warc.gz"
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb") as packed:
        for number in range(3):
            packed.write(record(f"https://pier.test/{number}", http(PAGE)))
    path.write_bytes(buffer.getvalue())
    assert [item.url for item in ForeignPages().read(path)] == [f"https://pier.test/{n}" for n in range(3)]


# --- how a file is packed


def numbered(count: int, size: int = 400) -> list[bytes]:
    """Records of as many pages, with text that does not pack to nothing."""
    texts = [random.Random(n).randbytes(size).hex().encode() for n in range(count)]
    return [record(f"https://pier.test/{n}", http(PAGE + text)) for n, text in enumerate(texts)]


def urls_of(path: Path) -> tuple[list[str], list[Failure]]:
    found = list(ForeignPages().read(path))
    numbers = [item.url.rpartition("/")[2] for item in found if isinstance(item, Capture)]
    return numbers, [item for item in found if isinstance(item, Failure)]


def skippable(number: int, content: bytes) -> bytes:
    return struct.pack("<II", 0x184D2A50 + number, len(content)) + content


CHECKED = {zstd.CompressionParameter.checksum_flag: 1}  # as the specification asks for


def pack(content: bytes, zstd_dict: zstd.ZstdDict | None = None) -> bytes:
    return zstd.compress(content, options=CHECKED, zstd_dict=zstd_dict)


DICTIONARY = zstd.train_dict(numbered(200, size=60), 4096)


def with_dictionary(records: list[bytes], told: bytes) -> list[bytes]:
    return [skippable(13, told), *(pack(one, DICTIONARY) for one in records)]


PACKED = {
    "plain": lambda records: records,
    "gzip": lambda records: [gzip.compress(one, mtime=0) for one in records],
    "one gzip": lambda records: [gzipped(b"".join(records))],
    "zstd": lambda records: [pack(one) for one in records],
    "one zstd": lambda records: [zstd.compress(b"".join(records))],
    "records of two frames": lambda records: [
        zstd.compress(half) for one in records for half in (one[:300], one[300:])
    ],
    "other frames between": lambda records: [
        zstd.compress(b""),
        *(skippable(1, b"?" * 9) + zstd.compress(one) for one in records),
    ],
    "dictionary": lambda records: with_dictionary(records, DICTIONARY.dict_content),
    "packed dictionary": lambda records: with_dictionary(records, zstd.compress(DICTIONARY.dict_content)),
}


@pytest.mark.parametrize("how", PACKED)
def test_every_way_of_packing_is_read_whatever_the_file_is_called(tmp_path: Path, how: str) -> None:
    path = tmp_path / "crawl.warc"
    path.write_bytes(b"".join(PACKED[how](numbered(5))))
    assert urls_of(path) == (["0", "1", "2", "3", "4"], [])


@pytest.mark.parametrize("how", ["plain", "gzip", "zstd", "dictionary", "packed dictionary"])
@pytest.mark.parametrize("seed", range(6))
def test_damage_costs_the_record_that_it_touches(tmp_path: Path, how: str, seed: int) -> None:
    digest = "WARC_Block_Digest"
    blocks = [http(PAGE + random.Random(n).randbytes(400).hex().encode()) for n in range(5)]
    told = [
        {digest: f"sha1:{b32encode(hashlib.sha1(block, usedforsecurity=False).digest()).decode()}"} for block in blocks
    ]
    records = [record(f"https://pier.test/{n}", block, **told[n]) for n, block in enumerate(blocks)]
    parts = PACKED[how](records)
    hurt = bytearray(parts[-3])
    for place in random.Random(seed).sample(range(len(hurt) - 300, len(hurt) - 20), 12):
        hurt[place] ^= 0xFF
    parts[-3] = bytes(hurt)
    path = tmp_path / "hurt.warc"
    path.write_bytes(b"".join(parts))
    numbers, failures = urls_of(path)
    assert numbers == ["0", "1", "3", "4"]
    (failure,) = failures
    assert failure.error == "corrupt"
    start = sum(map(len, parts[:-3]))
    assert f"{path}, byte {start}:" in failure.message


@pytest.mark.parametrize("how", ["plain", "gzip", "zstd", "dictionary"])
def test_a_torn_tail_costs_the_last_record(tmp_path: Path, how: str) -> None:
    path = tmp_path / "torn.warc"
    path.write_bytes(b"".join(PACKED[how](numbered(4)))[:-200])
    numbers, (failure,) = urls_of(path)
    assert numbers == ["0", "1", "2"]
    assert failure.error == "corrupt"


@pytest.mark.parametrize("how", ["one gzip", "one zstd"])
def test_of_one_torn_stream_is_read_what_was_packed_before_the_tear(tmp_path: Path, how: str) -> None:
    path = tmp_path / "torn.warc"
    content = b"".join(PACKED[how](numbered(400, size=900)))
    path.write_bytes(content[: len(content) // 2])
    numbers, failures = urls_of(path)
    assert numbers == [str(n) for n in range(len(numbers))]
    assert 100 < len(numbers) < 300
    assert [failure.error for failure in failures] == ["corrupt"]


@pytest.mark.parametrize(
    "told",
    [
        b"no dictionary at all",
        DICTIONARY.dict_content[:4],
        zstd.compress(DICTIONARY.dict_content)[:-30],
        zstd.compress(bytes(9_000_000)),
    ],
)
def test_without_its_dictionary_a_file_is_damaged(tmp_path: Path, told: bytes) -> None:
    path = tmp_path / "crawl.warc.zst"
    path.write_bytes(b"".join(with_dictionary(numbered(3), told)))
    numbers, failures = urls_of(path)
    assert numbers == []
    assert [failure.error for failure in failures] == ["corrupt"]


def test_a_dictionary_that_claims_more_than_there_is_is_told(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.zst"
    path.write_bytes(struct.pack("<II", 0x184D2A5D, 0xFFFFFFF0) + b"abc")
    (failure,) = ForeignPages().read(path)
    assert isinstance(failure, Failure)
    assert "a dictionary of 4294967280 bytes" in failure.message


# --- how records are written


def shout(head: bytes) -> bytes:
    """Header names in upper case."""
    version, *lines = head.split(b"\r\n")
    pairs = (line.partition(b":") for line in lines)
    return b"\r\n".join([version, *(name.upper() + colon + value for name, colon, value in pairs)])


@pytest.mark.parametrize(
    "change",
    [
        lambda head: head.replace(b"WARC/1.0", b"WARC/0.18"),
        lambda head: head.replace(b"WARC/1.0", b"WARC/1.1"),
        lambda head: head.replace(b"07:08:09Z", b"07:08:09"),
        lambda head: head.replace(b"\r\n", b"\n"),
        lambda head: head.replace(b"https://pier.test/1", b"<https://pier.test/1>"),
        lambda head: head.replace(b": ", b":"),
        lambda head: head.replace(b": ", b":\t "),
        lambda head: head.replace(b"WARC-Date: ", b"X-Note: two\r\n  lines\r\nWARC-Date: "),
        lambda head: head.replace(b"WARC-Date: ", b"X-Note: caf\xe9\r\nno header at all\r\nWARC-Date: "),
        lambda head: b"\r\n\r\n\n" + head,
        shout,
    ],
)
@pytest.mark.parametrize("how", ["plain", "gzip", "one zstd"])
def test_records_are_read_as_crawlers_write_them(tmp_path: Path, change, how: str) -> None:
    first, second, third = numbered(3)
    head, gap, block = second.partition(b"\r\n\r\n")
    changed = change(head + gap[:2]) + (b"\n" if b"\r" not in change(head) else b"\r\n") + block
    path = tmp_path / "crawl.warc"
    path.write_bytes(b"".join(PACKED[how]([first, changed, third])))
    assert urls_of(path) == (["0", "1", "2"], [])


@pytest.mark.parametrize("how", ["plain", "gzip", "one gzip"])
def test_nothing_need_stand_between_records(tmp_path: Path, how: str) -> None:
    path = tmp_path / "crawl.warc"
    path.write_bytes(b"".join(PACKED[how]([one.removesuffix(b"\r\n\r\n") for one in numbered(3)])))
    assert urls_of(path) == (["0", "1", "2"], [])


def test_an_address_that_a_crawler_wrote_with_blanks_can_be_asked_for(tmp_path: Path) -> None:
    (capture,) = read_one(tmp_path, record('https://pier.test/a "b"', http(PAGE)))
    assert capture.url == "https://pier.test/a%20%22b%22"


def test_records_of_other_kinds_hold_no_page(tmp_path: Path) -> None:
    kinds = ("request", "metadata", "conversion", "continuation", "warcinfo", "spoof")
    assert read_one(tmp_path, *(record("https://pier.test/a", http(PAGE), kind) for kind in kinds)) == []


# --- what is hostile


def length(told: bytes):
    """Have a record claim another length."""
    return lambda one: re.sub(rb"Content-Length: [0-9]+", b"Content-Length: " + told, one, count=1)


HOSTILE = {
    "10 GB": length(b"10000000000"),
    "endless": length(b"9" * 17),
    "negative": length(b"-1"),
    "too many digits": length(b"9" * 400),
    "no number": length(b"many"),
    "missing": lambda one: one.replace(b"Content-Length: ", b"X-Length: ", 1),
    "a header of 5 MB": lambda one: one.replace(b"WARC-Date: ", b"X: " + b"a" * 5_000_000 + b"\r\nWARC-Date: "),
    "300,000 headers": lambda one: one.replace(b"WARC-Date: ", b"X: a\r\n" * 300_000 + b"WARC-Date: "),
    "no date": lambda one: one.replace(b"2024-05-06T07:08:09Z", b"last week"),
    "a date before all dates": lambda one: one.replace(b"2024-05-06T07:08:09Z", b"0001-01-01T00:00:00+14:00"),
    "no version": lambda one: one.replace(b"WARC/1.0", b"HTTP/1.0"),
    "junk": lambda _: b"\x00\xff\r\n" * 5000,
    "a wrong digest": lambda one: one.replace(
        b"WARC-Date: ", b"WARC-Block-Digest: sha1:" + b"A" * 32 + b"\r\nWARC-Date: "
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("how", ["plain", "gzip", "zstd", "dictionary"])
def test_a_record_that_lies_costs_itself(tmp_path: Path, what: str, how: str) -> None:
    first, second, third = numbered(3)
    path = tmp_path / "crawl.warc"
    path.write_bytes(b"".join(PACKED[how]([first, HOSTILE[what](second), third])))
    numbers, failures = urls_of(path)
    assert numbers == ["0", "2"]
    assert [failure.error for failure in failures] == ["corrupt"]


@pytest.mark.parametrize("what", sorted(HOSTILE.keys() - {"10 GB", "endless"}))
@pytest.mark.parametrize("how", ["one gzip", "one zstd"])
def test_within_one_stream_too(tmp_path: Path, what: str, how: str) -> None:
    test_a_record_that_lies_costs_itself(tmp_path, what, how)


@pytest.mark.parametrize("how", ["one gzip", "one zstd"])
def test_in_one_stream_a_length_beyond_its_end_costs_the_rest_and_is_told(tmp_path: Path, how: str) -> None:
    first, second, third = numbered(3)
    path = tmp_path / "crawl.warc"
    path.write_bytes(b"".join(PACKED[how]([first, HOSTILE["10 GB"](second), third])))
    numbers, (failure,) = urls_of(path)
    assert numbers == ["0"]
    assert "bytes are missing" in failure.message


def test_what_is_no_whole_page_is_told_with_its_url(tmp_path: Path) -> None:
    cut = record("https://pier.test/cut", http(PAGE), WARC_Truncated="length")
    part = record("https://pier.test/part", http(PAGE), WARC_Segment_Number="1")
    found = read_one(tmp_path, cut, part)
    assert [(one.url, one.error) for one in found if isinstance(one, Failure)] == [
        ("https://pier.test/cut", "truncated"),
        ("https://pier.test/part", "truncated"),
    ]


MEASURED = """
import resource, sys
from pathlib import Path
from presswatch.archive import ForeignPages
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
codes = [getattr(found, "error", "page") for found in ForeignPages().read(Path(sys.argv[1]))]
print(*codes, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""

gzipped = partial(gzip.compress, mtime=0)  # without the time: names of tests are the same in every process


def giant(size: int, pack) -> bytes:
    """A record of so many bytes, nearly all zeros, as one member; made without holding it."""
    begin = length(b"%d" % size)(record("https://pier.test/giant", http(b""))).removesuffix(b"\r\n\r\n")
    parts = [pack.compress(begin)]
    left = size - len(http(b""))
    while left:
        parts.append(pack.compress(bytes(min(left, 1 << 20))))
        left -= min(left, 1 << 20)
    return b"".join([*parts, pack.compress(b"\r\n\r\n"), pack.flush()])


@pytest.mark.parametrize(
    ("how", "pack"), [("zstd", zstd.ZstdCompressor), ("gzip", lambda: zlib.compressobj(wbits=zlib.MAX_WBITS | 16))]
)
def test_a_bomb_takes_no_memory_and_costs_itself(tmp_path: Path, how: str, pack) -> None:
    first, second = PACKED[how](numbered(2))
    path = tmp_path / "bomb.warc"
    path.write_bytes(first + giant(600_000_000, pack()) + second)
    assert path.stat().st_size < 1_000_000
    done = subprocess.run([sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True)
    *codes, mib = done.stdout.split()
    assert codes == ["page", "too_large", "page"]
    assert int(mib) < 40


def test_a_window_that_asks_for_much_memory_is_refused(tmp_path: Path) -> None:
    frame = b"\x28\xb5\x2f\xfd" + bytes([0, (31 - 10) << 3]) + struct.pack("<I", (5 << 3) | 1)[:3] + b"hello"
    first, second = PACKED["zstd"](numbered(2))
    path = tmp_path / "crawl.warc.zst"
    path.write_bytes(first + frame + second)
    numbers, (failure,) = urls_of(path)
    assert numbers == ["0", "1"]
    assert "too much memory" in failure.message


def test_a_long_file_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    path = tmp_path / "long.warc"
    one = b"".join(numbered(20, size=20_000))
    with path.open("wb") as file:
        for _ in range(150):
            file.write(one)
    assert path.stat().st_size > 100_000_000
    done = subprocess.run([sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True)
    *codes, mib = done.stdout.split()
    assert codes == ["page"] * 3000
    assert int(mib) < 40


# --- revisits

SAME = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
UNCHANGED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
FIRST, LATER, OTHER = "https://pier.test/a", "https://pier.test/a?from=front", "https://pier.test/b"


def original(url: str = FIRST, body: bytes = PAGE, **headers: str) -> bytes:
    return record(url, http(body), **headers)


def revisit(url: str = LATER, block: bytes = b"", profile: str = SAME, **headers: str) -> bytes:
    headers = {"WARC_Payload_Digest": sha1(PAGE), **headers}
    made = record(url, block, "revisit", WARC_Profile=profile, **headers)
    return made.replace(b"2024-05-06T07:08:09Z", b"2024-06-01T00:00:00Z", 1)


def follow(*paths: Path) -> tuple[list[tuple[str, bytes, datetime]], int]:
    """What revisits stand for, and how many are lost."""
    pages = ForeignPages()
    for path in paths:
        list(pages.read(path))
    found = [one for one in pages.follow_revisits() if isinstance(one, Capture)]
    return [(one.url, one.body, one.fetched_at) for one in found], pages.lost_count


JUNE = datetime(2024, 6, 1, tzinfo=UTC)
REFERS = {
    "digest": ({"WARC_Payload_Digest": sha1(PAGE)}, {}),
    "address and time": ({}, {"WARC_Refers_To_Target_URI": FIRST, "WARC_Refers_To_Date": "2024-05-06T07:08:09Z"}),
    "a time with a fraction": (
        {},
        {"WARC_Refers_To_Target_URI": f"<{FIRST}>", "WARC_Refers_To_Date": "2024-05-06T07:08:09.250Z"},
    ),
    "id": ({}, {"WARC_Refers_To": "<urn:uuid:0b0b0b0b-0000-4000-8000-000000000001>"}),
    "id, without a digest": (
        {},
        {"WARC_Refers_To": "<urn:uuid:0b0b0b0b-0000-4000-8000-000000000001>", "WARC_Payload_Digest": ""},
    ),
}


@pytest.mark.parametrize("how", ["plain", "gzip", "one gzip", "zstd"])
@pytest.mark.parametrize("by", REFERS)
def test_a_revisit_has_the_payload_that_it_refers_to(tmp_path: Path, how: str, by: str) -> None:
    of_original, of_revisit = REFERS[by]
    records = [original(OTHER, PAGE + b"<p>Another", WARC_Payload_Digest=sha1(b"another")), original(**of_original)]
    if by.startswith("id"):
        records = records[1:]  # all records of these tests have one id
    (path := tmp_path / "crawl.warc").write_bytes(b"".join(PACKED[how]([*records, revisit(**of_revisit)])))
    assert follow(path) == ([(LATER, PAGE, JUNE)], 0)


def test_the_original_may_stand_in_any_file(tmp_path: Path) -> None:
    (first := tmp_path / "1.warc").write_bytes(revisit())
    (second := tmp_path / "2.warc").write_bytes(original(WARC_Payload_Digest=sha1(PAGE)))
    assert follow(first, second) == follow(second, first) == ([(LATER, PAGE, JUNE)], 0)


def test_a_revisit_is_decoded_as_its_original(tmp_path: Path) -> None:
    packed = gzip.compress(PAGE, mtime=0)
    block = http(packed, "Content-Encoding: gzip")
    refers = {"WARC_Payload_Digest": sha1(packed), "WARC_Refers_To_Target_URI": FIRST}
    told = revisit(block=http(b"", "Content-Encoding: gzip"), WARC_Refers_To_Date="2024-05-06T07:08:09Z", **refers)
    (path := tmp_path / "crawl.warc").write_bytes(record(FIRST, block) + told)
    assert follow(path) == ([(LATER, PAGE, JUNE)], 0)


@pytest.mark.parametrize(
    "told",
    [
        revisit(FIRST),  # the same bytes at the same address: the capture that we have
        revisit(profile=UNCHANGED),
        revisit(block=b"HTTP/1.1 304 Not Modified\r\n\r\n"),
        revisit(block=http(b"").replace(b"text/html", b"image/png")),
        revisit("ftp://pier.test/a"),
    ],
)
def test_a_revisit_that_says_nothing_new_is_passed_over(tmp_path: Path, told: bytes) -> None:
    (path := tmp_path / "crawl.warc").write_bytes(original(WARC_Payload_Digest=sha1(PAGE)) + told)
    assert follow(path) == ([], 0)


@pytest.mark.parametrize(
    "first",
    [
        b"",
        original(WARC_Payload_Digest=sha1(b"another")),
        original(body=PAGE + b"<p>And more."),  # its digest is not told, and is not that of the revisit
        original(body=PAGE).replace(b"HTTP/1.1 200 OK", b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000),
    ],
)
def test_of_an_original_that_is_not_there_nothing_is_made_up(tmp_path: Path, first: bytes) -> None:
    at = {"WARC_Refers_To_Target_URI": FIRST, "WARC_Refers_To_Date": "2024-05-06T07:08:09Z"}
    (path := tmp_path / "crawl.warc").write_bytes(first + revisit(**at) + revisit(OTHER, **at))
    assert follow(path) == ([], 2)


def test_many_revisits_take_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc"
    with path.open("wb") as file:
        for n in range(20_000):
            file.write(revisit(f"{LATER}-{n}", WARC_Payload_Digest=sha1(b"%d" % n)))
    done = subprocess.run([sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 40
