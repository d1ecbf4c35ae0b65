"""A server on loopback that means harm: one test per row of hostile input, and what becomes of the URL."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from functools import partial
from typing import Any

import pytest
from hostile import (
    ANY_TIME,
    PAGE,
    SITE,
    Bench,
    Hit,
    Run,
    answer,
    attempt,
    code_of,
    cut,
    dribble,
    fetch_one,
    hang,
    hang_up,
    redirect,
)

from presswatch.errors import DiskError, FetchError
from presswatch.fetch import Hosts
from presswatch.model import Candidate, Capture, Revisit

pack = partial(gzip.compress, mtime=0)  # without the time: names of tests are the same in every process


def gzip_bomb(size: int = 60_000_000) -> bytes:
    return pack(bytes(size))


def deflate_bomb(size: int = 60_000_000) -> bytes:
    return zlib.compress(bytes(size))


def test_a_page_is_stored_before_it_is_handed_over(bench: Bench, run: Run) -> None:
    bench.server.routes["/a"] = answer(
        PAGE, "Content-Type: text/html", 'ETag: "one"', "Set-Cookie: a=1", "Set-Cookie: b=2"
    )
    seen_in_spool = []

    async def job() -> Capture | Revisit:
        async with bench.session() as session:
            capture = await session.fetch(f"{SITE}/a")
            seen_in_spool.extend(path.stat().st_size for path in bench.data.spool.iterdir())
            return capture

    capture = run(job)
    assert isinstance(capture, Capture)
    assert (capture.body, capture.status, capture.asked_url, capture.kind) == (PAGE, 200, "", "article")
    assert capture.outlet_id == "quay"
    assert seen_in_spool
    assert capture in bench.stored()
    assert bench.server.hits[1].headers["user-agent"] == "presswatch/0 (+https://quay.test/bot)"
    assert bench.server.hits[1].headers["accept-encoding"] == "gzip"
    with bench.state() as state:
        assert getattr(state.outcome("https://www.quay.test/a/?utm_source=x"), "state", "") == "captured"


# --- robots


def test_robots_comes_first_and_is_stored(bench: Bench, run: Run) -> None:
    bench.server.routes |= {"/robots.txt": answer(b"User-agent: *\nDisallow: /private"), "/a": answer()}
    assert code_of(fetch_one(bench, run, "/a")) == "ok"
    assert bench.server.paths() == ["/robots.txt", "/a"]
    assert [capture.kind for capture in bench.stored()] == ["robots", "article"]
    assert code_of(fetch_one(bench, run, "/private/b")) == "robots"
    assert bench.server.paths() == ["/robots.txt", "/a"], "kept for a day, and what it forbids is not asked for"


def test_robots_is_asked_again_after_a_day(bench: Bench, run: Run) -> None:
    bench.server.routes |= {"/robots.txt": answer(b"User-agent: *\nDisallow: /a"), "/a": answer()}
    assert code_of(fetch_one(bench, run, "/a")) == "robots"
    bench.server.routes["/robots.txt"] = answer(b"")
    bench.time.now += 25 * 3600
    assert code_of(fetch_one(bench, run, "/a")) == "ok"


@pytest.mark.parametrize("status", ["400 Bad Request", "401 No", "403 Forbidden", "404 Not Found", "410 Gone"])
def test_a_robots_that_is_refused_allows(bench: Bench, run: Run, status: str) -> None:
    bench.server.routes |= {"/robots.txt": answer(b"", status=status), "/a": answer()}
    assert code_of(fetch_one(bench, run, "/a")) == "ok"


@pytest.mark.parametrize(
    ("robots", "code", "tries"),
    [
        (answer(b"", status="500 Oops"), "robots", 3),
        (answer(b"", status="503 Busy"), "robots", 3),
        (cut(answer(b"User-agent: *", length=500)), "robots", 3),
        (answer(b"xx", "Content-Encoding: br"), "robots", 1),
        (hang_up, "unreachable", 3),
    ],
)
def test_a_robots_that_cannot_be_had_forbids_until_the_next_run(
    bench: Bench, run: Run, robots: Any, code: str, tries: int
) -> None:
    bench.server.routes |= {"/robots.txt": robots, "/a": answer(), "/b": answer()}

    async def job() -> list[str]:
        async with bench.session() as session:
            return [await attempt(session, f"{SITE}/{name}") for name in "ab"]

    assert run(job) == [code, code]
    assert bench.server.paths() == ["/robots.txt"] * tries, "and not once more for the second page"
    with bench.state() as state:
        outcome = state.outcome(f"{SITE}/a")
        assert outcome is not None
        assert outcome.is_open
    bench.server.routes["/robots.txt"] = answer(b"")
    assert code_of(fetch_one(bench, run, "/a")) == "ok"


def test_a_robots_that_hangs_forbids(bench: Bench, run: Run) -> None:
    bench.server.routes |= {"/robots.txt": hang, "/a": answer()}
    assert code_of(fetch_one(bench, run, "/a", total_timeout_s=0.2)) == "timeout"
    assert "/a" not in bench.server.paths()


def test_an_old_robots_serves_while_the_host_has_none(bench: Bench, run: Run) -> None:
    bench.server.routes |= {"/robots.txt": answer(b"User-agent: *\nDisallow: /a"), "/b": answer()}
    assert code_of(fetch_one(bench, run, "/a")) == "robots"
    bench.server.routes["/robots.txt"] = answer(b"", status="500 Oops")
    bench.time.now += 25 * 3600
    assert code_of(fetch_one(bench, run, "/a")) == "robots"
    assert code_of(fetch_one(bench, run, "/b")) == "ok"


def test_a_robots_may_move_and_be_long(bench: Bench, run: Run) -> None:
    rules = b"User-agent: *\nDisallow: /a\n" + b"# harbour\n" * 600_000
    bench.server.routes |= {
        "/robots.txt": redirect("http://pier.test/rules.txt", "301 Moved"),
        "/rules.txt": answer(rules),
    }
    bench.server.routes["/b"] = answer()
    assert code_of(fetch_one(bench, run, "/a")) == "robots"
    assert code_of(fetch_one(bench, run, "/b")) == "ok"
    assert len(bench.stored()[0].body) == 500 * 1024


def test_a_packed_robots_bomb_is_cut(bench: Bench, run: Run) -> None:
    bomb = pack(b"User-agent: *\nDisallow: /a\n" + bytes(30_000_000))
    bench.server.routes |= {"/robots.txt": answer(bomb, "Content-Encoding: gzip"), "/a": answer()}
    assert code_of(fetch_one(bench, run, "/a")) == "robots"


def test_robots_is_asked_at_every_hop(bench: Bench, run: Run) -> None:
    bench.server.routes |= {
        "/a": redirect("http://pier.test/b"),
        "pier.test/robots.txt": answer(b"User-agent: presswatch\nDisallow: /b"),
        "/b": answer(),
    }
    result = fetch_one(bench, run, "/a")
    assert code_of(result) == "robots"
    assert isinstance(result, FetchError)
    assert result.url == f"{SITE}/a", "the URL as asked"
    assert "/b" not in bench.server.paths()


# --- redirects


def test_a_permanent_move_is_noted_and_a_passing_one_is_not(bench: Bench, run: Run) -> None:
    bench.server.routes |= {
        "/old": redirect("/mid", "301 Moved"),
        "/mid": redirect("http://quay.test/new#top", "308 Moved"),
        "/today": redirect("/new", "302 Found"),
        "/new": answer(),
    }
    moved, passing = fetch_one(bench, run, "/old"), fetch_one(bench, run, "/today")
    assert isinstance(moved, Capture)
    assert isinstance(passing, Capture)
    assert (moved.url, moved.asked_url, moved.moved) == (f"{SITE}/new", f"{SITE}/old", True)
    assert (passing.asked_url, passing.moved) == (f"{SITE}/today", False)
    with bench.state() as state:
        assert getattr(state.outcome(f"{SITE}/old"), "state", "") == "captured"
        assert getattr(state.outcome(f"{SITE}/new"), "state", "") == "captured"


@pytest.mark.parametrize(
    "location",
    [
        "/a",
        "ftp://quay.test/a",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://",
        "http://u:p@quay.test/",
        "http://[::1",
        "",
    ],
)
def test_redirects_that_lead_nowhere(bench: Bench, run: Run, location: str) -> None:
    bench.server.routes["/a"] = redirect(location)
    assert code_of(fetch_one(bench, run, "/a")) == "bad_redirect"
    assert bench.server.asked("/a") == 1


def test_ten_hops_are_followed_and_eleven_are_not(bench: Bench, run: Run) -> None:
    bench.server.routes |= {f"/{n}": redirect(f"/{n - 1}") for n in range(1, 12)} | {"/0": answer()}
    assert code_of(fetch_one(bench, run, "/10")) == "ok"
    assert code_of(fetch_one(bench, run, "/11")) == "bad_redirect"


def test_a_page_that_sets_a_cookie_and_sends_back_is_no_loop(bench: Bench, run: Run) -> None:
    def greet(hit: Hit) -> bytes:
        return (
            answer() if "seen=1" in hit.headers.get("cookie", "") else redirect("/a", "302 Found", "Set-Cookie: seen=1")
        )

    bench.server.routes["/a"] = greet
    assert code_of(fetch_one(bench, run, "/a")) == "ok"
    assert code_of(fetch_one(bench, run, "/a")) == "ok"
    assert bench.server.asked("/a") == 4, "cookies live for one run"


@pytest.mark.parametrize(
    "url", ["ftp://quay.test/a", "nonsense", "http://", "javascript:void(0)", "http://quay.test:99999/a"]
)
def test_what_is_no_web_address_is_told_and_not_asked(bench: Bench, run: Run, url: str) -> None:
    async def job() -> str:
        async with bench.session() as session:
            return await attempt(session, url)

    assert run(job) == "bad_redirect"
    assert bench.server.hits == []


# --- addresses


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/", "http://10.0.0.7/", "http://169.254.169.254/meta", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
        "http://2130706433/", "http://0177.0.0.1/", "http://0x7f.1/", "http://localhost/", "http://0.0.0.0/",
        "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://quay.test.localhost/",
    ],
)  # fmt: skip
def test_no_redirect_leads_into_the_house(bench: Bench, run: Run, target: str) -> None:
    bench.server.routes["/a"] = redirect(target)

    async def lookup(host: str, port: int) -> list[str]:
        return ["127.0.0.1"] if "localhost" in host else [host]

    assert code_of(fetch_one(bench, run, "/a", lookup=lookup)) == "refused_address"
    assert bench.server.paths() == ["/robots.txt", "/a"]


def test_a_redirect_to_another_outlet_is_that_outlets_to_follow(bench: Bench, run: Run) -> None:
    bench.server.routes |= {"/a": redirect("http://www.mole.test/b?utm_source=quay", "301 Moved"), "/b": answer()}
    told = fetch_one(bench, run, "/a")
    assert code_of(told) == "bad_redirect"
    assert "mole" in str(told)
    assert {hit.host for hit in bench.server.hits} == {"quay.test"}
    assert bench.handed_over == [Candidate(url="http://www.mole.test/b", outlet_id="mole")]
    assert code_of(fetch_one(bench, run, "/a", kind="feed")) == "bad_redirect"
    assert len(bench.handed_over) == 1, "a feed is no article"


def test_no_stranger_is_asked_without_a_contact(bench: Bench, run: Run) -> None:
    async def lookup(host: str, port: int) -> list[str]:
        raise AssertionError(f"{host} was looked up")

    bench.server.routes |= {"/a": redirect("http://stranger.test/b"), "/c": answer()}
    told = fetch_one(bench, run, "/a", lookup=lookup, contact=" ")
    assert code_of(told) == "refused_address"
    assert "contact" in str(told)
    assert code_of(fetch_one(bench, run, "/c", lookup=lookup, contact=None)) == "ok", "ours may be asked"


def test_a_name_with_one_private_answer_is_refused(bench: Bench, run: Run) -> None:
    async def lookup(host: str, port: int) -> list[str]:
        return ["93.184.215.14", "192.168.1.1"]

    assert code_of(fetch_one(bench, run, "http://two.test/", lookup=lookup)) == "refused_address"


def test_other_ports_are_refused(bench: Bench, run: Run) -> None:
    assert code_of(fetch_one(bench, run, "http://93.184.215.14:22/")) == "refused_address"


def test_a_name_without_an_address_is_unreachable(bench: Bench, run: Run) -> None:
    async def lookup(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    assert code_of(fetch_one(bench, run, "http://nowhere.test/", lookup=lookup)) == "unreachable"


def test_a_refused_connection_is_unreachable(bench: Bench, run: Run) -> None:
    assert code_of(fetch_one(bench, run, "/a", resolve={"quay.test": "127.0.0.1:1"})) == "unreachable"


def test_proxies_come_from_the_settings_alone(bench: Bench, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    bench.server.routes["/a"] = answer()
    assert code_of(fetch_one(bench, run, "/a")) == "ok"
    bench.server.routes["http://quay.test/a"] = answer(b"by proxy")

    async def job() -> Any:
        async with bench.session(proxy=f"http://{bench.server.target}") as session:
            return await session.fetch(f"{SITE}/a")

    assert run(job).body == b"by proxy"


# --- status


@pytest.mark.parametrize(
    ("status", "code"),
    [("401 No", "blocked"), ("402 Pay", "blocked"), ("403 No", "blocked"), ("451 Law", "blocked"), ("404 No", "gone"),
     ("410 Gone", "gone"), ("418 Teapot", "blocked"), ("300 Choose", "bad_redirect"), ("304 Same", "bad_redirect")],
)  # fmt: skip
def test_final_answers_are_asked_for_once_and_not_stored(bench: Bench, run: Run, status: str, code: str) -> None:
    bench.server.routes["/a"] = answer(b"", status=status)
    assert code_of(fetch_one(bench, run, "/a")) == code
    assert bench.server.asked("/a") == 1
    assert bench.stored() == []
    with bench.state() as state:
        outcome = state.outcome(f"{SITE}/a")
        assert outcome is not None
        assert (outcome.code, outcome.is_open) == (code, False)


@pytest.mark.parametrize("status", ["500 Oops", "502 Bad", "504 Late", "408 Slow"])
def test_passing_errors_get_three_tries(bench: Bench, run: Run, status: str) -> None:
    bench.server.routes["/a"] = answer(b"", status=status)
    assert code_of(fetch_one(bench, run, "/a")) == "server_error"
    assert bench.server.asked("/a") == 3
    bench.server.routes["/b"] = lambda hit: answer() if hit.count == 3 else answer(b"", status=status)
    assert code_of(fetch_one(bench, run, "/b")) == "ok"


def test_a_challenge_that_says_so_is_a_wall(bench: Bench, run: Run) -> None:
    bench.server.routes["/a"] = answer(b"prove it", "cf-mitigated: challenge", status="503 Wait")
    assert code_of(fetch_one(bench, run, "/a")) == "blocked"


def test_five_refusals_in_a_row_end_the_outlets_run(bench: Bench, run: Run) -> None:
    bench.server.routes |= {f"/{n}": answer(b"", status="403 No") for n in range(8)}

    async def job() -> list[str]:
        async with bench.session() as session:
            return [await attempt(session, f"{SITE}/{n}") for n in range(8)]

    assert run(job) == ["blocked"] * 8
    assert len(bench.server.hits) == 1 + 5
    with bench.state() as state:
        assert [candidate.url for candidate in state.pending(ANY_TIME)] == [f"{SITE}/{n}" for n in (5, 6, 7)], (
            "never asked"
        )


def test_a_page_between_refusals_shows_that_the_outlet_is_open(bench: Bench, run: Run) -> None:
    bench.server.routes |= {f"/{n}": answer() if n == 4 else answer(b"", status="403 No") for n in range(9)}

    async def job() -> list[str]:
        async with bench.session() as session:
            return [await attempt(session, f"{SITE}/{n}") for n in range(9)]

    assert run(job) == ["blocked"] * 4 + ["ok"] + ["blocked"] * 4
    assert len(bench.server.hits) == 1 + 9


# --- pauses


def busy_once(retry_after: str, status: str = "429 Slow down") -> Callable[[Hit], bytes]:
    line = f"Retry-After: {retry_after}" if retry_after else "X-No: header"
    return lambda hit: answer(b"", line, status=status) if hit.count == 1 else answer()


@pytest.mark.parametrize("status", ["429 Slow down", "503 Busy"])
@pytest.mark.parametrize(("retry_after", "pause_s"), [("17", 17), ("", 5), ("soon", 5), ("-3", 5), ("0", 1)])
def test_a_host_is_left_alone_for_as_long_as_it_says(
    bench: Bench, run: Run, status: str, retry_after: str, pause_s: float
) -> None:
    bench.server.routes["/a"] = busy_once(retry_after, status)
    assert code_of(fetch_one(bench, run, "/a")) == "ok"
    assert bench.time.slept == [pytest.approx(pause_s)]


def test_a_pause_may_be_a_date(bench: Bench, run: Run) -> None:
    bench.server.routes["/a"] = busy_once(format_datetime(bench.time.clock() + timedelta(seconds=40), usegmt=True))
    assert code_of(fetch_one(bench, run, "/a")) == "ok"
    assert bench.time.slept == [pytest.approx(40, abs=1)]


@pytest.mark.parametrize("retry_after", ["3155760000", "9" * 400, "Fri, 31 Dec 2126 23:59:59 GMT"])
def test_a_century_is_for_the_next_run(bench: Bench, run: Run, retry_after: str) -> None:
    bench.server.routes |= {"/a": busy_once(retry_after), "/b": answer()}

    async def job() -> list[str]:
        async with bench.session() as session:
            return [await attempt(session, f"{SITE}/{name}") for name in "ab"]

    assert run(job) == ["throttled", "throttled"]
    assert bench.server.paths() == ["/robots.txt", "/a"]
    assert bench.time.slept == []
    assert code_of(fetch_one(bench, run, "/a")) == "ok"


def test_three_pleas_are_enough_for_one_url(bench: Bench, run: Run) -> None:
    bench.server.routes["/a"] = answer(b"", "Retry-After: 2", status="429 Slow down")
    assert code_of(fetch_one(bench, run, "/a")) == "throttled"
    assert bench.server.asked("/a") == 3


def test_patience_with_a_host_ends_after_five_minutes(bench: Bench, run: Run) -> None:
    bench.server.routes |= {f"/{n}": answer(b"", "Retry-After: 50", status="429 Slow down") for n in range(9)}

    async def job() -> list[str]:
        async with bench.session() as session:
            return [await attempt(session, f"{SITE}/{n}") for n in range(9)]

    assert run(job) == ["throttled"] * 9
    assert sum(bench.time.slept) <= 300
    assert len(bench.server.hits) <= 1 + 7


# --- pace


def test_requests_are_spaced_from_start_to_start_robots_included_and_across_runs(bench: Bench, run: Run) -> None:
    bench.server.routes |= {"/robots.txt": answer(b""), "/a": answer(), "/b": answer()}

    async def job() -> None:
        async with bench.session(delay_s=7.0) as session:
            await session.fetch(f"{SITE}/a")
            bench.time.now += 3
            await session.fetch(f"{SITE}/b")

    run(job)
    assert bench.time.slept == [7.0, 4.0]
    bench.time.now += 2
    fetch_one(bench, run, "/b", delay_s=7.0)
    assert bench.time.slept[2:] == [5.0]
    bench.time.shift = timedelta(days=-3)
    fetch_one(bench, run, "/b", delay_s=7.0)
    assert 0 < bench.time.slept[-1] <= 7.0, "a clock that was set back makes nobody wait for days"


def test_a_longer_crawl_delay_is_kept(bench: Bench, run: Run) -> None:
    bench.server.routes |= {"/robots.txt": answer(b"User-agent: *\nCrawl-delay: 11"), "/a": answer(), "/b": answer()}

    async def job() -> None:
        async with bench.session(delay_s=2.0) as session:
            await session.fetch(f"{SITE}/a")
            await session.fetch(f"{SITE}/b")

    run(job)
    assert bench.time.slept == [11.0, 11.0]


def test_a_crawl_delay_of_a_day_does_not_hold_the_run(bench: Bench, run: Run) -> None:
    bench.server.routes |= {"/robots.txt": answer(b"User-agent: *\nCrawl-delay: 86400"), "/a": answer()}
    assert code_of(fetch_one(bench, run, "/a")) == "throttled"
    bench.time.now += 23.5 * 3600
    bench.time.now += 3600
    assert code_of(fetch_one(bench, run, "/a")) in ("ok", "throttled")


def test_a_host_that_two_outlets_share_is_asked_as_if_by_one(bench: Bench, run: Run) -> None:
    """Feeds of many outlets lie on one host; and what it asks one of them to wait holds for the other."""
    asked_at: list[float] = []
    at_once = most_at_once = 0

    def count(told: bytes) -> Any:
        def route(hit: Hit) -> Any:
            async def job() -> None:
                nonlocal at_once, most_at_once
                asked_at.append(bench.time.now)
                at_once += 1
                most_at_once = max(most_at_once, at_once)
                await asyncio.sleep(0.05)
                at_once -= 1
                hit.writer.write(told)

            return job()

        return route

    busy = count(answer(b"", "Retry-After: 60", status="429 Busy"))
    feed, rules = count(answer(b"<rss></rss>")), count(answer(b""))
    bench.server.routes |= {
        "pier.test/robots.txt": rules,
        "pier.test/quay": lambda hit: busy(hit) if hit.count == 1 else feed(hit),
        "pier.test/mole": feed,
    }
    hosts = Hosts()

    async def visit(outlet_id: str) -> None:
        async with bench.session(outlet_id=outlet_id, hosts=hosts, delay_s=7.0) as session:
            await session.fetch(f"http://pier.test/{outlet_id}", kind="feed")

    async def job() -> None:
        await asyncio.gather(visit("quay"), visit("mole"))

    run(job)
    assert most_at_once == 1
    gaps = [after - before for before, after in itertools.pairwise(asked_at)]
    assert len(gaps) == 4
    assert min(gaps) >= 7.0
    assert sum(gap >= 60 for gap in gaps) == 1, "the pause is everybody's"


def test_a_host_is_one_in_any_spelling(bench: Bench, run: Run) -> None:
    bench.server.routes |= {"/robots.txt": answer(b""), "/a": answer(), "/b": answer()}

    async def job() -> None:
        resolve = {"b\u00fccher.test": bench.server.target}
        async with bench.session(delay_s=7.0, resolve=resolve) as session:
            for url in ("http://b\u00fccher.test/a", "http://XN--bcher-kva.test/b", "http://B\u00dcCHER.test/a"):
                await session.fetch(url)

    run(job)
    assert bench.server.paths() == ["/robots.txt", "/a", "/b", "/a"]
    assert bench.time.slept == [7.0, 7.0, 7.0]


def test_two_hosts_of_an_outlet_do_not_wait_for_each_other(bench: Bench, run: Run) -> None:
    bench.server.routes |= {"/a": answer()}

    async def job() -> None:
        async with bench.session(delay_s=5.0) as session:
            await asyncio.gather(session.fetch(f"{SITE}/a"), session.fetch("http://pier.test/a"))

    run(job)
    assert sum(bench.time.slept) <= 10.0


# --- the wire


@pytest.mark.parametrize(
    "route",
    [
        hang,
        dribble(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b"x"),
        dribble(b"HTTP/1.1 200 OK\r\n", b"X"),
        dribble(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        dribble(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50, 0),
        dribble(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["hang", "body", "headers", "continue", "hints", "chunks"],
)
def test_whoever_takes_for_ever_meets_the_deadline(bench: Bench, run: Run, route: Any) -> None:
    bench.server.routes |= {"/a": route, "/b": answer()}

    async def job() -> list[str]:
        async with bench.session(total_timeout_s=0.3) as session:
            return [await attempt(session, f"{SITE}/{name}") for name in "ab"]

    assert run(job) == ["timeout", "ok"]


@pytest.mark.parametrize(
    ("route", "code"),
    [
        (hang_up, "unreachable"),
        (b"\x00\xff garbage \r\n\r\n", "server_error"),
        (b"HTTP/1.1 9999 Odd\r\n\r\n", "server_error"),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "server_error"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "server_error"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "server_error"),
        (dribble(b"HTTP/1.1 200 OK\r\n", b"X-Pad: " + b"y" * 9000 + b"\r\n", 0), "too_large"),
        (answer(PAGE[:20], length=len(PAGE)), "truncated"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\nshort", "truncated"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nodd", "truncated"),
        (answer(pack(PAGE)[:-6], "Content-Encoding: gzip"), "truncated"),
        (answer(PAGE, "Content-Encoding: gzip"), "bad_encoding"),
        (answer(PAGE, "Content-Encoding: br"), "bad_encoding"),
        (answer(PAGE, "Content-Encoding: zstd"), "bad_encoding"),
        (answer(pack(pack(PAGE)), "Content-Encoding: gzip, gzip"), "bad_encoding"),
        (answer(PAGE, status="206 Part"), "truncated"),
    ],
)
def test_what_is_broken_on_the_wire(bench: Bench, run: Run, route: Any, code: str) -> None:
    bench.server.routes |= {"/a": cut(route) if isinstance(route, bytes) else route, "/b": answer()}

    async def job() -> list[str]:
        async with bench.session(total_timeout_s=5.0) as session:
            return [await attempt(session, f"{SITE}/{name}") for name in "ab"]

    assert run(job) == [code, "ok"]
    assert [capture.url for capture in bench.stored()] == [f"{SITE}/b"]


@pytest.mark.parametrize(
    "packed",
    [
        answer(pack(PAGE), "Content-Encoding: gzip"),
        answer(pack(PAGE[:9]) + pack(PAGE[9:]), "Content-Encoding: x-gzip"),
        answer(pack(PAGE) + bytes(40), "Content-Encoding: gzip"),
        answer(zlib.compress(PAGE), "Content-Encoding: deflate"),
        answer(zlib.compress(PAGE)[2:-4], "Content-Encoding: deflate"),
        answer(PAGE, "Content-Encoding: identity"),
        b"HTTP/1.0 200 OK\r\n\r\n" + PAGE,
    ],
)
def test_honest_encodings_are_undone(bench: Bench, run: Run, packed: bytes) -> None:
    bench.server.routes["/a"] = packed
    result = fetch_one(bench, run, "/a")
    assert isinstance(result, Capture)
    assert result.body == PAGE
    assert result in bench.stored()


@pytest.mark.parametrize(
    "route",
    [
        answer(gzip_bomb(), "Content-Encoding: gzip"),
        answer(deflate_bomb(), "Content-Encoding: deflate"),
        answer(b"x" * 2_000_000),
        dribble(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 60_000, 0),
        dribble(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", pack(b"") * 400, 0),
        answer(b"", length=10**15),
    ],
    ids=["gzip", "deflate", "long", "endless", "empty members", "announced"],
)
def test_bombs_end_at_the_cap_in_bounded_memory(bench: Bench, run: Run, route: Any) -> None:
    bench.server.routes["/a"] = route
    tracemalloc.start()
    code = code_of(fetch_one(bench, run, "/a", max_body_bytes=1_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert code in ("too_large", "bad_encoding")
    assert peak < 30_000_000
    assert bench.server.asked("/a") == 1


def test_feeds_and_sitemaps_have_caps_of_their_own(bench: Bench, run: Run) -> None:
    bench.server.routes["/s"] = answer(b"<x>" * 2_000_000)
    assert code_of(fetch_one(bench, run, "/s", kind="feed")) == "too_large"
    assert code_of(fetch_one(bench, run, "/s", kind="sitemap", max_body_bytes=1000)) == "ok"


# --- conditional requests and what is remembered


def test_a_page_that_is_as_it_was_is_not_sent_again(bench: Bench, run: Run) -> None:
    def versioned(hit: Hit) -> bytes:
        told = hit.headers.get("if-none-match"), hit.headers.get("if-modified-since")
        if told == ('"v1"', "Sat, 14 Mar 2026 10:00:00 GMT"):
            return answer(b"", status="304 Same")
        return answer(PAGE, 'ETag: "v1"', "Last-Modified: Sat, 14 Mar 2026 10:00:00 GMT")

    bench.server.routes["/a"] = versioned

    async def job() -> list[Any]:
        async with bench.session() as session:
            return [await session.fetch(f"{SITE}/a", conditional=flag) for flag in (True, True, False)]

    first, second, third = run(job)
    assert isinstance(first, Capture)
    assert isinstance(second, Revisit)
    assert isinstance(third, Capture)


def test_a_tag_of_many_kilobytes_is_not_sent_back(bench: Bench, run: Run) -> None:
    """A server that refuses long requests would never let its feed be read again."""

    def careless(hit: Hit) -> bytes:
        if sum(map(len, hit.headers.values())) > 8192:
            return answer(b"", status="431 Too Large")
        return answer(PAGE, f'ETag: "{"e" * 20_000}"', "Last-Modified: Sat, 14 Mar 2026 10:00:00 GMT")

    bench.server.routes["/a"] = careless

    async def job() -> list[Any]:
        async with bench.session() as session:
            return [await session.fetch(f"{SITE}/a", conditional=True) for _ in range(2)]

    assert [code_of(result) for result in run(job)] == ["ok", "ok"]
    assert bench.server.hits[-1].headers["if-modified-since"] == "Sat, 14 Mar 2026 10:00:00 GMT"
    assert "if-none-match" not in bench.server.hits[-1].headers


def test_a_failure_does_not_take_the_place_of_what_is_stored(bench: Bench, run: Run) -> None:
    bench.server.routes["/a"] = lambda hit: answer() if hit.count == 1 else answer(b"", status="404 No")
    assert code_of(fetch_one(bench, run, "/a")) == "ok"
    assert code_of(fetch_one(bench, run, "/a")) == "gone"
    with bench.state() as state:
        outcome = state.outcome(f"{SITE}/a")
        assert outcome is not None
        assert (outcome.state, outcome.code) == ("captured", "gone")


def test_a_full_disk_is_no_failure_of_the_url(bench: Bench, run: Run) -> None:
    bench.server.routes["/a"] = answer()
    bench.data.spool.parent.mkdir(parents=True)
    bench.data.spool.write_text("in the way")

    async def job() -> None:
        async with bench.session() as session:
            await session.fetch(f"{SITE}/a")

    with pytest.raises(DiskError):
        run(job)


def test_an_outlet_that_went_down_is_not_asked_for_ever(bench: Bench, run: Run) -> None:
    bench.server.routes |= {"/robots.txt": answer(b"")}
    bench.server.routes |= {f"/{n}": hang_up for n in range(30)}

    async def job() -> set[str]:
        async with bench.session() as session:
            return {await attempt(session, f"{SITE}/{n}") for n in range(30)}

    assert run(job) == {"unreachable"}
    assert len(bench.server.hits) < 1 + 15
