"""What is true of every address, however it is spelt."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from presswatch import urls
from presswatch.urls import bare_host, host_of, identity, is_web, page_number, tidy

LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
PREFIXES = st.sampled_from(["", "www.", "m.", "amp.", "blog.", "www.m."])
HOSTS = st.builds("{}{}.{}".format, PREFIXES, LABELS, st.sampled_from(["test", "co.test"]))
PLAIN_SEGMENTS = st.from_regex(r"[a-z0-9_-]{1,12}", fullmatch=True)
ODD_SEGMENTS = st.sampled_from(
    ["A", "caf\u00e9", "caf%C3%A9", "caf%E9", "http:", "a%20b", "(a)", "a'b", "~a", "{x}", "$1", "a=b", "x%3By", "A|b",
     "%2e%2e", "a%2Fb", "..", ".", "", "amp", "x.amp", "x.amp.html", "%zz", "a;b=c", "\u2603", "a+b", "a,b", "a:b", "@",
     "%41", "index.html", "2", "page"]
)  # fmt: skip
PATHS = st.lists(PLAIN_SEGMENTS | ODD_SEGMENTS, max_size=4).map(lambda parts: "/" + "/".join(parts))
PLAIN_PATHS = st.lists(PLAIN_SEGMENTS.filter(lambda part: part != "amp"), min_size=1, max_size=4).map(
    lambda parts: "/" + "/".join(parts)
)
TRACKING = ["utm_source=x", "UTM_Medium=y", "fbclid=1", "gclid=2", "mc_cid=3", "at_medium=4", "ref_src=5", "source=rss"]
PAIRS = st.sampled_from(
    ["a=1", "b=2", "id=7", "id=8", "p=caf\u00e9", "q=", "12345", "page=2", "x=%26", "y=a+b", "cid=7", "cid=8", "game=1",
     "game=2", "uid=3", "u=https://other.test/x", "v=%E9", "gallery=4", "session=5", "z=a=b"]
)  # fmt: skip
QUERIES = st.lists(PAIRS | st.sampled_from(TRACKING), max_size=4).map("&".join)


def joined(scheme: str, host: str, path: str, query: str = "", fragment: str = "") -> str:
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


ADDRESSES = st.builds(
    joined, st.sampled_from(["http", "https", "HTTP"]), HOSTS, PATHS, QUERIES, st.sampled_from(["", "top", "a=b?c"])
)


@given(ADDRESSES | st.text(max_size=60) | st.text(max_size=40).map("http://a.test/{}".format))
def test_nothing_is_an_error_and_asking_twice_changes_nothing(url: str) -> None:
    assert tidy(tidy(url)) == tidy(url)
    assert identity(tidy(url)) == identity(url)
    assert is_web(tidy(url)) == is_web(url)
    host_of(url)
    page_number(url, url)
    if is_web(url):
        assert identity(f"https://{identity(url)}") == identity(url), "what it is made of is an address of the same"
        identity(url).encode()
        tidy(url).encode()


@given(PLAIN_PATHS, LABELS, QUERIES.filter(lambda query: "UTM" not in query), st.data())
def test_all_spellings_are_one(path: str, name: str, query: str, data: st.DataObject) -> None:
    first = identity(joined("https", f"{name}.test", path, query))
    pairs = [pair for pair in query.split("&") if pair]
    shuffled = "&".join([*data.draw(st.permutations(pairs)), data.draw(st.sampled_from(TRACKING))])
    spelt = joined(
        data.draw(st.sampled_from(["http", "https", "HTTPS"])),
        data.draw(st.sampled_from(["", "www.", "m.", "mobile.", "amp."]))
        + data.draw(st.sampled_from([name, name.upper()]))
        + ".test",
        path + data.draw(st.sampled_from(["", "/", "/amp", "/amp/"])),
        shuffled,
        data.draw(st.sampled_from(["", "comments"])),
    )
    assert identity(spelt) == first


@given(PLAIN_PATHS, PLAIN_PATHS, LABELS, LABELS)
def test_other_paths_and_hosts_are_others(one: str, other: str, name: str, another: str) -> None:
    assume((name, one) != (another, other))
    assert identity(f"https://{name}.test{one}") != identity(f"http://www.{another}.test{other}/")


@given(PLAIN_PATHS, st.lists(PAIRS, unique=True, max_size=4), st.lists(PAIRS, unique=True, max_size=4))
def test_other_queries_are_others(path: str, one: list[str], other: list[str]) -> None:
    assume(sorted(one) != sorted(other))
    assert identity(joined("https", "a.test", path, "&".join(one))) != identity(
        joined("https", "a.test", path, "&".join(other))
    )


@given(ADDRESSES)
def test_the_tidy_form_can_be_asked_for(url: str) -> None:
    """The same scheme, host and path, and what of the query tells which page it is."""
    assume(is_web(url))
    tidied, parts = urlsplit(tidy(url)), urlsplit(url)
    assert (tidied.scheme, tidied.hostname) == (parts.scheme, parts.hostname)
    assert tidied.fragment == ""
    assert bare(tidied.path) == bare(parts.path or "/")
    kept = [pair for pair in parts.query.split("&") if pair and pair not in TRACKING]
    assert list(map(bare, filter(None, tidied.query.split("&")))) == list(map(bare, kept))


def bare(text: str) -> bytes:
    """What a server makes of a part of an address."""
    return unquote_to_bytes(text)


@given(st.builds(joined, st.sampled_from(["http", "https"]), HOSTS, PLAIN_PATHS | PATHS, st.just("")))
def test_the_short_way_leads_where_the_long_one_does(url: str) -> None:
    short = identity(url), tidy(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(urls, "_is_plain", lambda _: None)
        identity.cache_clear()
        tidy.cache_clear()
        long = identity(url), tidy(url)
    identity.cache_clear()
    tidy.cache_clear()
    assert short == long


@given(HOSTS)
def test_a_bare_host_is_bare(host: str) -> None:
    assert bare_host(host) == bare_host(host.upper())
    assert host.endswith(bare_host(host))
