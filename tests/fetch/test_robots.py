"""What a robots.txt allows: RFC 9309, and what is done where it is silent."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.fetch.robots import Robots, is_allowed, list_sitemaps

US = "presswatch/0.1 (+https://quay.test/bot)"
THREE_GROUPS = (
    "User-agent: presswatch\nDisallow: /a\nUser-agent: gull\nDisallow: /b\nUser-agent: presswatch\nDisallow: /c"
)


def allowed(text: str | bytes, path: str, agent: str = US) -> bool:
    content = text if isinstance(text, bytes) else text.encode()
    return is_allowed(content, agent, f"https://quay.test{path}")


@pytest.mark.parametrize(
    ("text", "path", "verdict"),
    [
        # groups
        ("", "/x", True),
        ("User-agent: *\nDisallow: /", "/x", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("User-agent: *\nDisallow:", "/x", True),
        ("User-agent: PressWatch\nDisallow: /x\nUser-agent: *\nDisallow: /", "/y", True),
        ("User-agent: presswatch/2 beta\nDisallow: /x", "/x", False),
        ("User-agent: press\nDisallow: /", "/x", True),
        ("User-agent: presswatch-news\nDisallow: /", "/x", True),
        ("User-agent: gull\nUser-agent: presswatch\nDisallow: /x", "/x", False),
        (THREE_GROUPS, "/a", False),
        (THREE_GROUPS, "/b", True),
        (THREE_GROUPS, "/c", False),
        ("Disallow: /\n", "/x", True),
        # lines that the RFC does not know close no group
        ("User-agent: presswatch\nCrawl-delay: 9\nUser-agent: gull\nDisallow: /x", "/x", False),
        ("User-agent: presswatch\nSitemap: https://quay.test/s\nDisallow: /x", "/x", False),
        ("User-agent: presswatch\n\nMood: calm\n\nDisallow: /x", "/x", False),
        # precedence
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/c", False),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
        # patterns
        ("User-agent: *\nDisallow: /*.pdf$", "/log/tide.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/log/tide.pdf?page=2", True),
        ("User-agent: *\nDisallow: /*/draft", "/log/draft", False),
        ("User-agent: *\nDisallow: /?s=", "/?s=tide", False),
        ("User-agent: *\nDisallow: /caf%C3%A9", "/café", False),
        ("User-agent: *\nDisallow: /café", "/caf%c3%a9", False),
        ("User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
        # forms
        ("User-agent: *\rDisallow: /x\r", "/x", False),
        ("User-agent: *\r\nDisallow: /x # for now", "/x", False),
        ("  user-agent :*\n\tDISALLOW:/x", "/x", False),
        ("User-agent *\nDisallow /x", "/x", False),
        ("User-agent: *\nDissallow: /x", "/x", False),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /x", "/x", False),
        (b"\xff\xfe\x00\x01", "/x", True),
        ("<html><body>Lost at sea</body></html>", "/x", True),
    ],
)
def test_verdicts(text: str | bytes, path: str, *, verdict: bool) -> None:
    assert allowed(text, path) is verdict


def test_the_first_500_kib_count() -> None:
    padding = "# salt\n" * 80_000
    assert not allowed(f"User-agent: *\nDisallow: /early\n{padding}Disallow: /late", "/early")
    assert allowed(f"User-agent: *\nDisallow: /early\n{padding}Disallow: /late", "/late")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 7.5", 7.5),
        ("User-agent: presswatch\nDisallow: /x\nUser-agent: *\nCrawl-delay: 7", 0.0),
        ("User-agent: *\nCrawl-delay: soon", 0.0),
        ("User-agent: *\nCrawl-delay: -1", 0.0),
        ("User-agent: *\nCrawl-delay: inf", 0.0),
    ],
)
def test_crawl_delay(text: str, seconds: float) -> None:
    assert Robots(text.encode(), US).crawl_delay_s == seconds


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode), st.text(max_size=40), st.text(max_size=60))
def test_nothing_is_an_error(content: bytes, agent: str, url: str) -> None:
    assert is_allowed(content, agent, url) in (True, False)
    assert is_allowed(content, agent, "https://quay.test/robots.txt")


@given(
    st.lists(st.sampled_from(["/a", "/b/", "/*c", "/d$", "/*e*"]), min_size=1, max_size=4),
    st.sampled_from(["/a/b", "/xc", "/d", "/qe", "/z"]),
)
def test_a_group_of_our_own_hides_that_for_everyone(rules: list[str], path: str) -> None:
    own = "User-agent: presswatch\n" + "".join(f"Disallow: {rule}\n" for rule in rules)
    assert allowed(own, path) == allowed(own + "\nUser-agent: *\nDisallow: /\n", path)


def test_many_stars_do_not_hang() -> None:
    rule = "User-agent: *\nDisallow: /" + "*a" * 60 + "$"
    assert not allowed(rule, "/" + "a" * 200)
    assert allowed(rule, "/" + "a" * 200 + "b")


def test_the_check_is_imported_without_the_client() -> None:
    code = "import sys, presswatch.fetch.robots; sys.exit(any(m in sys.modules for m in ('httpx', 'fastwarc')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_sitemaps_are_listed_whatever_group_they_stand_in() -> None:
    content = (
        b"\xef\xbb\xbfSitemap: https://a.test/map.xml\r\nUser-agent: x\r\nDisallow: /\r\n sitemap : /news.xml # new\r\n"
        b"Sitemap:\r\nSITEMAP:https://a.test/map.xml\r\nSitemaps: https://a.test/no.xml\r\n"
    )
    assert list_sitemaps(content) == ["https://a.test/map.xml", "/news.xml"]
    assert list_sitemaps(b"") == []


def test_lines_of_blanks_are_read_in_time():
    content = (b"a" + b" " * 16_000 + b"b\n") * 31 + b"user-agent: *\ndisallow: /x"
    start = time.process_time()
    assert not allowed(content, "/x")
    assert list_sitemaps(content) == []
    assert time.process_time() - start < 3.0  # it took 40 s, for which every outlet waited
