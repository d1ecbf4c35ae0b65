from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.urls import counts_pages, host_of, identity, is_web, outlet_id_from_host, page_number, tidy

SAME = "https://example.com/film/lantern-song"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/film/lantern-song",
        "https://www.example.com/film/lantern-song/",
        "https://m.example.com/film/lantern-song?utm_source=feed&utm_medium=rss",
        "https://example.com/film/lantern-song/amp/",
        "https://example.com/film/lantern-song#comments",
        "https://EXAMPLE.com:443/film/lantern-song?fbclid=abc",
    ],
)
def test_spellings_of_one_address_are_one(url):
    assert identity(url) == identity(SAME)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/film/lantern-song-2",
        "https://example.com/Film/lantern-song",
        "https://example.com/film/lantern-song?page=2",
        "https://example.com:8080/film/lantern-song",
        "https://blog.example.com/film/lantern-song",
    ],
)
def test_other_addresses_stay_apart(url):
    assert identity(url) != identity(SAME)


def test_order_of_the_query_does_not_count():
    assert identity("https://example.com/?b=2&a=1") == identity("https://example.com/?a=1&b=2")


def test_tidy_can_still_be_asked_for():
    assert tidy("http://www.example.com/a/?utm_source=x&id=3#top") == "http://www.example.com/a/?id=3"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:page.html", "//x/y", "ftp://a.b/c", "https://", "http://a b/", "http://a:x/"]
)
def test_what_is_no_web_address(url):
    assert not is_web(url)
    assert identity(url) == url


def test_host_without_www():
    assert host_of("https://www.Example.com/x") == "example.com"
    assert host_of("nonsense") == ""


def test_a_host_of_other_letters_is_one_however_it_is_written():
    written = ("https://bücher.example/a", "https://www.BÜCHER.example/a", "https://xn--bcher-kva.example/a")
    assert {host_of(url) for url in written} == {"xn--bcher-kva.example"}
    assert {outlet_id_from_host(host_of(url)) for url in written} == {"bucher-example"}
    assert {identity(url) for url in written} == {"xn--bcher-kva.example/a"}
    assert host_of("http://" + "ü" * 80 + ".example/") == "ü" * 80 + ".example", "too long for a name: as it is"


@given(st.text(max_size=60))
def test_any_text_has_an_identity_that_is_stable(text):
    assert identity(text) == identity(text)
    assert tidy(tidy(text)) == tidy(text)


@given(
    st.from_regex(r"https://[a-z]{1,8}\.(com|org)(/[a-zA-Z0-9._~%-]{0,9}){0,3}(\?[a-z]=[a-z0-9]{0,3})?", fullmatch=True)
)
def test_tidying_twice_is_tidying_once(url):
    assert tidy(tidy(url)) == tidy(url)
    assert identity(tidy(url)) == identity(url)


@pytest.mark.parametrize(
    ("first", "later", "number"),
    [
        ("/ferry/", "/ferry/2/", 2),
        ("/ferry", "/ferry/page/3/?utm_source=x", 3),
        ("/ferry/1/", "/ferry/2/", 2),
        ("/ferry.html", "/ferry-2.html", 2),
        ("/ferry?id=7", "/ferry?page=12&id=7", 12),
        ("/story/12/", "/story/12/2/", 2),
        ("/ferry/", "/ferry/1/", 0),
        ("/ferry/2/", "/ferry/3/", 0),
        ("/ferry-1.html", "/ferry-2.html", 0),
        ("/?p=1", "/?p=2", 0),
        ("/ferry/", "/pier/2/", 0),
        ("/ferry/", "https://other.example/ferry/2/", 0),
    ],
)
def test_pages_are_counted_from_the_first(first, later, number):
    later = later if later.startswith("http") else f"https://example.com{later}"
    assert page_number(later, f"https://www.example.com{first}") == number
    assert counts_pages(later) or not number


PLAIN_PARTS = ["a", "b-c", "2022", "amp", "-", "_", "index", "page", "0", "utm_x", "www", "amp/", "//"]


@given(
    st.sampled_from(["http://a.test", "https://www.x.co", "https://m.b.org", "https://amp.b.org", "http://a-b.c.test"]),
    st.lists(st.sampled_from(PLAIN_PARTS), min_size=1, max_size=5),
    st.sampled_from(["", "/"]),
)
def test_a_plain_address_is_what_cleaning_would_make_of_it(host, parts, end):
    url = f"{host}/{'/'.join(parts)}{end}"
    # a fragment keeps it from being plain, and counts for nothing
    assert identity(url) == identity(f"{url}#x")
    assert tidy(url) == tidy(f"{url}#x")


def test_an_address_of_more_than_4096_characters_is_a_trap_and_none() -> None:
    longest = "https://example.com/" + "a" * 4076
    assert is_web(longest)
    assert identity(longest) == longest.removeprefix("https://")
    for trap in (longest + "a", longest[:-1] + "?b"):
        assert not is_web(trap)
        assert identity(trap) == tidy(trap) == trap, "it is nobody's address, and no spelling of another"
