"""Encodings and records: whatever goes in comes out again, in whatever pieces it came."""

from __future__ import annotations

import gzip
import re
import unicodedata
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import get_args
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.archive import Inflater, read_captures
from presswatch.archive.codings import undo_codings
from presswatch.archive.records import pack, record_of
from presswatch.errors import CODES, ExtractError, FetchError
from presswatch.extract.decode import clean_line, decode_page, decode_text, tidy_line
from presswatch.model import Capture, DocumentKind

# --- content encodings

BODIES = st.binary(max_size=300) | st.builds(bytes.__mul__, st.binary(min_size=1, max_size=3), st.integers(1, 5000))


def deflated(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def members(body: bytes) -> bytes:
    half = len(body) // 2
    return gzip.compress(body[:half]) + gzip.compress(body[half:])


PACKED = [
    ("gzip", gzip.compress),
    ("gzip", members),
    ("gzip", lambda body: gzip.compress(body) + b"\0\0\x1f\x8b tail"),
    ("deflate", zlib.compress),
    ("deflate", deflated),
    ("identity", bytes),
]


def pieces(body: bytes, cuts: list[int]) -> Iterator[bytes]:
    places = sorted({0, len(body), *(cut % (len(body) + 1) for cut in cuts)})
    for start, end in pairwise(places):
        yield body[start:end]


def inflated(body: bytes, encoding: str, cuts: list[int], cap: int) -> tuple[str, bytes]:
    inflater, found = Inflater("u", encoding, cap), b""
    try:
        for piece in pieces(body, cuts):
            found += inflater.feed(piece)
        inflater.finish()
    except FetchError as error:
        return error.code, b""
    return "", found


CUTS = st.lists(st.integers(0, 100_000), max_size=8) | st.just(list(range(500)))


@given(BODIES, st.sampled_from(PACKED), CUTS)
def test_every_honest_encoding_is_undone_in_whatever_pieces(body: bytes, packed: tuple, cuts: list[int]) -> None:
    encoding, pack_body = packed
    assert inflated(pack_body(body), encoding, cuts, 1_000_000) == ("", body)


@given(BODIES, st.sampled_from(PACKED), CUTS, st.integers(0, 10_000), st.binary(max_size=3), st.integers(0, 400))
def test_pieces_do_not_change_what_becomes_of_broken_bytes(  # noqa: PLR0917  # Hypothesis passes by place
    body: bytes, packed: tuple, cuts: list[int], place: int, put: bytes, cap: int
) -> None:
    encoding, pack_body = packed
    content = pack_body(body)
    place %= len(content) + 1
    broken = content[:place] + put + content[place + 1 :]
    whole = inflated(broken, encoding, [], cap)
    told = inflated(broken, encoding, cuts, cap)
    assert told[0] in CODES | {""}
    assert len(told[1]) <= cap
    if "too_large" not in (whole[0], told[0]):  # which fault is met first is a matter of the pieces
        assert told == whole


@given(
    st.binary(max_size=200),
    st.sampled_from(["", "gzip", "br", "zstd", "deflate", "chunked"]),
    st.sampled_from(["chunked", "identity"]),
)
def test_bodies_of_other_archives_are_read_or_refused(body: bytes, encoding: str, transfer: str) -> None:
    headers = {"content-encoding": encoding, "transfer-encoding": transfer}
    try:
        undo_codings(headers, body, "u")
    except FetchError as error:
        assert error.code in CODES  # noqa: PT017


# --- charsets

CHARSETS = {
    "utf-8": "Süß, \u0431\u0443\u0439, \u706f\u53f0, \u05d0",
    "windows-1252": "café “pier” – €",
    "iso-8859-1": "café Müller",
    "iso-8859-2": "žluťoučký kůň",
    "iso-8859-15": "€ cœur",
    "windows-1250": "łódź ŠŽ",
    "windows-1251": "маяк и буй",
    "koi8-r": "маяк и буй",
    "windows-1253": "φάρος",
    "windows-1254": "ışık",
    "windows-1255": "מגדלור",
    "windows-1256": "منارة",
    "shift_jis": "灯台の守り人ソ表",
    "euc-jp": "灯台の守り人",
    "iso-2022-jp": "灯台の守り人",
    "euc-kr": "등대지기",
    "gb2312": "灯塔看守人",
    "gbk": "燈塔看守人",
    "gb18030": "灯塔看守人 €",
    "big5": "燈塔看守人",
}


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("how", ["header", "meta"])
@given(data=st.data())
def test_what_is_declared_rightly_is_read_rightly(charset: str, how: str, data: st.DataObject) -> None:
    text = "<p>" + "".join(data.draw(st.lists(st.sampled_from(CHARSETS[charset] + "az "), max_size=30))) + "</p>"
    text = text if how == "header" else f'<meta charset="{charset}">{text}'
    body = text.encode(charset)
    if is_utf8(body) and charset != "iso-2022-jp":
        return  # letters of two charsets at once; UTF-8 is believed before any word
    assert decode_text(body, declared=f"text/html; charset={charset}" if how == "header" else "text/html") == text


def is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-32"])
@given(text=st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs", "Cc"]), max_size=40))
def test_a_mark_beats_every_word(charset: str, text: str) -> None:
    html = f'<meta charset="koi8-r"><p>{text}</p>'
    assert decode_text(html.encode(charset), declared="text/html; charset=windows-1251") == html


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@given(text=st.text(st.characters(max_codepoint=0xFF, exclude_categories=["Cc"]), max_size=40))
def test_wide_characters_are_known_by_their_markup(charset: str, text: str) -> None:
    html = f"<!doctype html><html><head><title>Pier</title></head><body><p>{text}</p></body></html>"
    assert decode_text(html.encode(charset)) == html


# whatever Python knows of that name, and what nobody knows
NAMES = st.sampled_from(
    "utf-7 zlib bz2 rot13 base64 hex uu quopri punycode idna unicode_escape raw_unicode_escape undefined mbcs utf-16 "
    "utf-32 x-user-defined unknown-8bit binary \x00 iso-2022-kr hz utf-8 ascii charmap".split()
) | st.text(max_size=12)


@given(st.binary(max_size=200), NAMES, st.sampled_from(["header", "meta"]))
def test_no_bytes_and_no_name_are_an_error(body: bytes, name: str, how: str) -> None:
    body = b"<meta charset='" + name.encode("utf-8", "replace") + b"'><p>" + body if how == "meta" else body
    text = decode_text(body, declared="text/html" if how == "meta" else f"text/html; charset={name}")
    assert len(text) <= len(body)
    text.encode()
    try:
        decode_page(body, "u", declared=f"text/html; charset={name}")
    except ExtractError as error:
        assert error.code in ("not_html", "not_article")  # noqa: PT017


def test_markup_is_not_hidden_from_whoever_looks_for_it() -> None:
    """UTF-7 and escapes are what they are: text."""
    hidden = b"<p>+ADw-script+AD4- \\u003cscript\\u003e caf\xe9</p>"
    for name in ("utf-7", "unicode_escape", "raw_unicode_escape"):
        assert "<script>" not in decode_text(hidden, declared=f"text/html; charset={name}")


@given(st.text(max_size=80) | st.text("\u00c3\u00a9\u00e2\u20ac\u2122\u202e\u200b\u0000\ufeff\ud800 a", max_size=20))
def test_a_clean_line_is_clean(text: str) -> None:
    line = clean_line(text)
    assert clean_line(line) == line
    assert line == " ".join(line.split())
    assert unicodedata.is_normalized("NFC", line)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", line)
    line.encode()
    assert tidy_line(tidy_line(text)) == tidy_line(text)


# --- records

MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # bounds of it
NAMES_OF_HEADERS = st.sampled_from(
    ["content-type", "content-encoding", "content-length", "transfer-encoding", "x-crawler-content-length", "etag",
     "set-cookie", "x-crawler-x", "warc-type", "location", "x-presswatch-kind"]
)  # fmt: skip
VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=30).map(str.strip)
URLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map("http://a.test/{}".format)


def spelt(url: str) -> str:
    """An address without what would end its line."""
    return re.sub(r"[\x00-\x1f\x7f]+", lambda found: quote(found[0]), url)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("records") / "one.warc.gz"


@given(
    url=URLS,
    asked=URLS | st.just(""),
    at=MOMENTS,
    listed_at=st.none() | MOMENTS,
    body=st.binary(max_size=200) | st.sampled_from([b"\r\n\r\n", b"WARC/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"]),
    status=st.integers(100, 599),
    headers=st.lists(st.tuples(NAMES_OF_HEADERS, VALUES), max_size=5),
    kind=st.sampled_from(get_args(DocumentKind)),
    moved=st.booleans(),
)
def test_what_is_stored_is_read_again(place: Path, **fields: object) -> None:
    asked, headers = fields.pop("asked"), fields.pop("headers")
    capture = Capture(
        outlet_id="quay",
        fetched_at=fields.pop("at"),
        asked_url=asked,
        listed_as=asked,
        headers=tuple(headers),
        **fields,
    )
    place.write_bytes(pack(record_of(capture)))
    (found,) = read_captures(place)
    assert isinstance(found, Capture), found
    assert (found.body, found.status, found.kind, found.moved) == (
        capture.body, capture.status, capture.kind, capture.moved
    )  # fmt: skip
    assert (found.fetched_at, found.outlet_id) == (capture.fetched_at, "quay")
    assert (found.url, found.asked_url, found.listed_as) == (spelt(capture.url), spelt(asked), spelt(asked))
    assert found.listed_at == capture.listed_at
    told = tuple((name, re.sub(r"[\x00-\x1f\x7f]+", " ", value).strip(" \t")) for name, value in headers)
    assert found.headers == told


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=3), st.integers(0, 10_000), st.binary(max_size=4))
def test_damage_is_told_and_what_is_whole_is_read(place: Path, bodies: list[bytes], at: int, put: bytes) -> None:
    """Bytes put over others anywhere in a file: every capture is as it was, or there is a failure that says so."""
    noon = datetime(2026, 3, 14, tzinfo=UTC)
    captures = [
        Capture(url=f"http://a.test/{n}", outlet_id="quay", fetched_at=noon + timedelta(hours=n), body=body)
        for n, body in enumerate(bodies)
    ]
    content = b"".join(pack(record_of(capture)) for capture in captures)
    at %= len(content)
    place.write_bytes(content[:at] + put + content[at + len(put) :])
    found = list(read_captures(place))
    whole = [item for item in found if isinstance(item, Capture)]
    faults = [item for item in found if not isinstance(item, Capture)]
    assert {capture.url: capture.body for capture in whole}.items() <= {c.url: c.body for c in captures}.items()
    assert len(whole) == len(captures) or faults
    assert {fault.error for fault in faults} <= {"corrupt"}
