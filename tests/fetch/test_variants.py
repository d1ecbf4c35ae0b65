"""What an unseen server would try: odd forms of redirects, heads, bodies, cookies, pauses and robots.txt."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hostile import (
    NOON,
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
    redirect,
)

from presswatch.errors import FetchError
from presswatch.fetch.pace import read_retry_after
from presswatch.model import Capture

pack = partial(gzip.compress, mtime=0)  # without the time: names of tests are the same in every process

OK = b"HTTP/1.1 200 OK\r\n"


def raw(head: str, body: bytes = b"") -> Any:
    """A route that sends these bytes and closes."""
    return cut(head.replace("\n", "\r\n").encode("latin-1") + body)


def then_next(bench: Bench, run: Run, route: Any, **options: Any) -> Any:
    """What a route gives; the page after it has to be had as ever."""
    bench.server.routes |= {"/a": route, "/next": answer(b"<p>next</p>")}

    async def job() -> Any:
        async with bench.session(total_timeout_s=5.0, **options) as session:
            try:
                result: Any = await session.fetch(f"{SITE}/a")
            except FetchError as error:
                result = error
            assert (await session.fetch(f"{SITE}/next")).body == b"<p>next</p>"
            return result

    return run(job)


# --- redirects


def test_a_chain_of_all_kinds_over_hosts_is_followed_and_moved_only_where_all_of_it_is(bench: Bench, run: Run) -> None:
    pier = "http://pier.test"
    bench.server.routes |= {
        "quay.test/1": redirect(f"{pier}/2", "301 Moved"),
        "pier.test/2": redirect(f"{SITE}/3", "308 Moved"),
        "quay.test/3": redirect("4", "301 Moved"),
        "quay.test/4": answer(),
        "quay.test/mixed": redirect(f"{pier}/mixed", "301 Moved"),
        "pier.test/mixed": redirect(f"{SITE}/5", "307 Passing"),
        "quay.test/5": redirect("/4", "308 Moved"),
    }
    moved, mixed = fetch_one(bench, run, "/1"), fetch_one(bench, run, "/mixed")
    assert isinstance(moved, Capture)
    assert isinstance(mixed, Capture)
    assert (moved.url, moved.asked_url, moved.moved) == (f"{SITE}/4", f"{SITE}/1", True)
    assert (mixed.url, mixed.asked_url, mixed.moved) == (f"{SITE}/4", f"{SITE}/mixed", False)
    hosts = [hit.host for hit in bench.server.hits if hit.path == "/robots.txt"]
    assert hosts == ["quay.test", "pier.test"], "each host's robots.txt, once"


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/there now", "/there%20now"),
        (" /there\t", "/there"),
        ("/caf\u00e9?q=\u2603", "/caf%C3%A9?q=%E2%98%83"),
        ("/caf%c3%a9", "/caf%c3%a9"),
        ("there", "/deep/there"),
        ("../there", "/there"),
        ("../../../there", "/there"),
        ("./", "/deep/"),
        ("?page=2", "/deep/a?page=2"),
        ("//quay.test/there", "/there"),
        ("http://QUAY.test:80/there", "/there"),
        ("HTTP://quay.test/there", "/there"),
        ("http:/there", "/there"),
        ("/there#fragment", "/there"),
        ("/a;b,c|d", "/a;b,c|d"),
        ("/x/%2e%2e/there", "/x/%2e%2e/there"),
        ('/a"<b>', "/a%22%3Cb%3E"),
    ],
)
def test_locations_in_all_spellings(bench: Bench, run: Run, location: str, path: str) -> None:
    bench.server.routes |= {"/deep/a": redirect(location), path: answer()}
    result = fetch_one(bench, run, "/deep/a")
    assert isinstance(result, Capture), result
    assert bench.server.paths()[1:] == ["/deep/a", path]


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("#here", "bad_redirect"),
        ("http://quay.test@10.0.0.1/", "bad_redirect"),
        ("http://keeper:pw@pier.test/", "bad_redirect"),
        ("http://quay.test:70000/", "bad_redirect"),
        ("http://quay.test:x/", "bad_redirect"),
        ("https:", "bad_redirect"),
        ("http://%00/", "bad_redirect"),
        ("http://a b/", "bad_redirect"),
        ("http://" + "a" * 300 + ".test/", "bad_redirect"),
        ("/" + "a" * 5000, "bad_redirect"),
        ("data:text/html,<p>pier</p>", "bad_redirect"),
        ("blob:http://quay.test/1", "bad_redirect"),
        ("gopher://quay.test/", "bad_redirect"),
        ("http://\uff11\uff12\uff17.0.0.1/", "refused_address"),
        ("http://127.1/", "refused_address"),
        ("http://0x7f000001/", "refused_address"),
        ("http://017700000001/", "refused_address"),
        ("http://127.0.0.1./", "refused_address"),
        ("http://[::ffff:7f00:1]/", "refused_address"),
        ("http://[fe80::1%25eth0]/", "refused_address"),
        ("\\\\10.0.0.1\\a", "bad_redirect"),  # a path, by the RFC; a browser takes it for a host
        ("/a\\b", "bad_redirect"),
    ],
)
def test_locations_that_lead_nowhere_good(bench: Bench, run: Run, location: str, code: str) -> None:
    async def lookup(host: str, port: int) -> list[str]:
        return [host.strip("[].")]

    bench.server.routes["/a"] = redirect(location)
    assert code_of(fetch_one(bench, run, "/a", lookup=lookup)) in (code, {"bad_redirect": "refused_address"}.get(code))
    assert {hit.host for hit in bench.server.hits} == {"quay.test"}


def test_two_locations_are_one(bench: Bench, run: Run) -> None:
    bench.server.routes |= {"/a": redirect("/first", "302 Found", "Location: /second"), "/first": answer()}
    assert code_of(fetch_one(bench, run, "/a")) == "ok"


def test_a_redirect_with_a_body_without_end_is_not_read(bench: Bench, run: Run) -> None:
    route = dribble(b"HTTP/1.1 302 Found\r\nLocation: /next\r\n\r\n", b"x" * 60_000, 0)
    result = then_next(bench, run, route)
    assert isinstance(result, Capture)
    assert result.url == f"{SITE}/next"


# --- heads


@pytest.mark.parametrize(
    ("head", "code"),
    [
        # what can be read is read
        ("HTTP/1.1 200\nContent-Length: 4\n\n", "ok"),
        ("HTTP/1.1 200 \nContent-Length: 4\n\n", "ok"),
        ("HTTP/1.0 200 OK\n\n", "ok"),
        ("HTTP/1.1 200 OK\n\n", "ok"),
        ("HTTP/1.1 200 Ol\xe9\nContent-Length: 4\nX: caf\xe9\n\n", "ok"),
        ("HTTP/1.1 200 OK\nContent-Length: 4\nContent-Length: 4\n\n", "ok"),
        ("HTTP/1.1 200 OK\nContent-Length: 4, 4\n\n", "ok"),
        ("HTTP/1.1 200 OK\nContent-Length: 00000004\n\n", "ok"),
        ("HTTP/1.1 200 OK\nX-Long: a\n  b\n\tc\nContent-Length: 4\n\n", "ok"),
        ("HTTP/1.1 100 Go on\n\nHTTP/1.1 103 Hints\nLink: x\n\nHTTP/1.1 200 OK\nContent-Length: 4\n\n", "ok"),
        ("HTTP/1.1 202 Later\nContent-Length: 4\n\n", "ok"),
        # what cannot is the server's error
        ("", "unreachable"),
        ("pier, in a protocol of its own\n\n", "server_error"),
        ("http/1.1 200 ok\nContent-Length: 4\n\n", "server_error"),
        ("HTTP/2 200 OK\nContent-Length: 4\n\n", "server_error"),
        ("HTTP/1.1 20 OK\nContent-Length: 4\n\n", "server_error"),
        ("HTTP/1.1 2OO OK\nContent-Length: 4\n\n", "server_error"),
        ("HTTP/1.1 999 Denied\nContent-Length: 4\n\n", "server_error"),
        ("HTTP/1.1 600 Beyond\nContent-Length: 4\n\n", "server_error"),
        ("HTTP/1.1 000 Zero\nContent-Length: 4\n\n", "server_error"),
        ("HTTP/1.1 101 Switching\nUpgrade: websocket\n\n", "server_error"),
        ("HTTP/1.1 200 OK\nno colon here\nContent-Length: 4\n\n", "server_error"),
        ("HTTP/1.1 200 OK\n: nameless\nContent-Length: 4\n\n", "server_error"),
        ("HTTP/1.1 200 OK\nContent-Length : 4\n\n", "server_error"),
        ("HTTP/1.1 200 OK\n  folded: first\nContent-Length: 4\n\n", "server_error"),
        ("HTTP/1.1 200 OK\nX: a\x00b\nContent-Length: 4\n\n", "server_error"),
        ("HTTP/1.1 200 OK\nContent-Length: 4\nContent-Length: 5\n\n", "server_error"),
        ("HTTP/1.1 200 OK\nContent-Length: 4, 5\n\n", "server_error"),
        ("HTTP/1.1 200 OK\nContent-Length: +4\n\n", "server_error"),
        ("HTTP/1.1 200 OK\nContent-Length: -4\n\n", "server_error"),
        ("HTTP/1.1 200 OK\nContent-Length: 0x4\n\n", "server_error"),
        ("HTTP/1.1 200 OK\nContent-Length: 4.0\n\n", "server_error"),
        ("HTTP/1.1 200 OK\nContent-Length: \n\n", "server_error"),
        ("HTTP/1.1 200 OK\nTransfer-Encoding: gzip\n\n", "server_error"),
        ("HTTP/1.1 200 OK\nTransfer-Encoding: chunked, chunked\n\n", "server_error"),
        ("HTTP/1.1 200 OK\nX: " + "y" * 200_000 + "\nContent-Length: 4\n\n", "too_large"),
        ("HTTP/1.1 200 OK\n" + "X: y\n" * 40_000 + "Content-Length: 4\n\n", "too_large"),
        ("HTTP/1.1 200 OK\n" + "A: b\n" * 10_000 + "Content-Length: 4\n\n", "ok"),
        # lengths that cannot be
        ("HTTP/1.1 200 OK\nContent-Length: 99999999999999999999\n\n", "too_large"),
        ("HTTP/1.1 200 OK\nContent-Length: 5\n\n", "truncated"),
    ],
)
def test_heads(bench: Bench, run: Run, head: str, code: str) -> None:
    result = then_next(bench, run, raw(head, b"pier"))
    assert code_of(result) == code, result
    if isinstance(result, Capture):
        assert result.body == b"pier"
        assert result in bench.stored(), "what the archive holds is what was had"


# --- bodies

CHUNKS = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n"


@pytest.mark.parametrize(
    ("head", "body", "code"),
    [
        (CHUNKS, b"4\r\npier\r\n0\r\n\r\n", "ok"),
        (CHUNKS, b"0004\r\npier\r\n000\r\n\r\n", "ok"),
        (CHUNKS, b'4;name="v;al"\r\npier\r\n0;x\r\n\r\n', "ok"),
        (CHUNKS, b"2\r\npi\r\n2\r\ner\r\n0\r\nX-Trailer: one\r\nSet-Cookie: a=b\r\n\r\n", "ok"),
        (CHUNKS.replace("\n\n", "\nContent-Length: 99999999999\n\n"), b"4\r\npier\r\n0\r\n\r\n", "ok"),
        (CHUNKS.replace("chunked", "Chunked"), b"4\r\npier\r\n0\r\n\r\n", "ok"),
        (CHUNKS, b"4\r\npier\r\n0\r\n\r\n" + answer(b"forged"), "ok"),
        (CHUNKS, b"4\r\npier\r\n", "truncated"),
        (CHUNKS, b"4\r\npier\r\n0\r\n", "truncated"),
        (CHUNKS, b"4\r\npierXX0\r\n\r\n", "truncated"),
        (CHUNKS, b"-4\r\npier\r\n0\r\n\r\n", "truncated"),
        (CHUNKS, b"+4\r\npier\r\n0\r\n\r\n", "truncated"),
        (CHUNKS, b"0x4\r\npier\r\n0\r\n\r\n", "truncated"),
        (CHUNKS, b"\r\npier\r\n0\r\n\r\n", "truncated"),
        (CHUNKS, b"f" * 40 + b"\r\npier\r\n0\r\n\r\n", "truncated"),
        (CHUNKS, b"ffffffffffffffff\r\npier", "truncated"),
        (CHUNKS, b"4;" + b"x" * 300_000, "truncated"),
        (CHUNKS, b"4\r\npier\r\n0\r\n" + b"X: y\r\n" * 50_000 + b"\r\n", "truncated"),
        ("HTTP/1.1 206 Part\nContent-Range: bytes 0-3/9\nContent-Length: 4\n\n", b"pier", "truncated"),
    ],
)
def test_bodies(bench: Bench, run: Run, head: str, body: bytes, code: str) -> None:
    result = then_next(bench, run, raw(head, body))
    assert code_of(result) == code, result
    if isinstance(result, Capture):
        assert result.body == b"pier"


@pytest.mark.parametrize("status", ["200 OK", "201 Made", "204 None", "205 Again", "203 Other"])
@pytest.mark.parametrize("body", [b"", b"pier"])
def test_answers_with_and_without_a_body(bench: Bench, run: Run, status: str, body: bytes) -> None:
    """Some have none, whatever follows them; what is empty is for reading to judge."""
    result = then_next(bench, run, answer(body, status=status))
    assert isinstance(result, Capture)
    assert result.body == (b"" if status.startswith("204") else body)


def test_a_body_of_a_million_tiny_chunks_holds_nobody_else_up(bench: Bench, run: Run) -> None:
    bench.server.routes |= {"/a": cut(CHUNKS.replace("\n", "\r\n").encode() + b"1\r\nx\r\n" * 200_000 + b"0\r\n\r\n")}
    turns = 0

    async def job() -> str:
        async def others() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        async with bench.session() as session:
            await session.check_robots(f"{SITE}/a")
            other, before = asyncio.create_task(others()), turns
            code = await attempt(session, f"{SITE}/a")
            other.cancel()
            assert turns - before > 5, "one in at least 200 KB of the 1.2 MB"
            return code

    assert run(job) == "ok"


RAW = zlib.compressobj(wbits=-15)
DEFLATED = RAW.compress(PAGE) + RAW.flush()


@pytest.mark.parametrize(
    ("lines", "body", "code"),
    [
        (["Content-Encoding: GZIP"], pack(PAGE), "ok"),
        (["Content-Encoding:"], PAGE, "ok"),
        (["Content-Encoding: deflate"], DEFLATED, "ok"),
        (["Content-Encoding: gzip"], pack(PAGE) + b"trailing bytes", "ok"),
        (["Content-Encoding: gzip"], b"".join(pack(PAGE[n : n + 1]) for n in range(len(PAGE))), "ok"),
        (["Content-Encoding: gzip", "Content-Encoding: gzip"], pack(pack(PAGE)), "bad_encoding"),
        (["Content-Encoding: gzip", "Content-Encoding: br"], pack(PAGE), "bad_encoding"),
        (["Content-Encoding: gzip, gzip"], pack(pack(PAGE)), "bad_encoding"),
        (["Content-Encoding: compress"], PAGE, "bad_encoding"),
        (["Content-Encoding: br"], b"\x0b\x02\x80pier\x03", "bad_encoding"),
        (["Content-Encoding: gzip"], pack(PAGE)[:10], "truncated"),
        (["Content-Encoding: gzip"], pack(PAGE)[:-1], "truncated"),
        (["Content-Encoding: gzip"], pack(PAGE)[:-8] + bytes(8), "bad_encoding"),
        (["Content-Encoding: gzip"], pack(PAGE) + pack(PAGE)[:12], "truncated"),
        (["Content-Encoding: gzip"], pack(b"") * 1001, "bad_encoding"),
        (["Content-Encoding: deflate"], zlib.compress(PAGE)[:-5], "truncated"),
    ],
)
def test_encodings(bench: Bench, run: Run, lines: list[str], body: bytes, code: str) -> None:
    result = then_next(bench, run, answer(body, *lines))
    assert code_of(result) == code, result
    if isinstance(result, Capture):
        assert result.body == PAGE
        assert result in bench.stored()


# --- cookies


def test_a_flood_of_cookies_is_not_carried_along(bench: Bench, run: Run) -> None:
    """Some fifty are kept; one is not so long that the next request would be refused."""

    def flood(hit: Hit) -> bytes:
        cookies = [f"Set-Cookie: {hit.path[1:]}-{n}={'v' * 20}; Path=/" for n in range(1000)]
        return answer(PAGE, *cookies, "Set-Cookie: long=" + "v" * 5000)

    bench.server.routes |= {f"/{name}": flood for name in "abcdef"} | {"/end": answer()}

    async def job() -> None:
        async with bench.session() as session:
            for name in (*"abcdef", "end"):
                await session.fetch(f"{SITE}/{name}")

    run(job)
    told = bench.server.hits[-1].headers["cookie"]
    assert len(told) < 2000
    assert "f-999" in told
    assert "long=" not in told


@pytest.mark.parametrize(
    "line",
    [
        b"a=caf\xe9", b"a=\xff\xfe", "a=\u2603".encode(), b"=", b";;;", b"a", b"a=b; Expires=never; Max-Age=soon",
        b'a="b; c"', b"a=b; Domain=.test", b"a=b; Domain=mole.test", b"a=b; Path=\x01", b"a=\x7f", b"a=" + b"x" * 4000,
        b"a=b; Version=99999999999999999999", b"a=b; Max-Age=99999999999999999999",
        b"a=b; Expires=Fri, 31 Dec 9999 23:59:59 GMT",
        b"a=b; Max-Age=-1", b"a=b; Port=x", b"__Host-a=b",
    ],
)  # fmt: skip
def test_an_odd_cookie_harms_no_request(bench: Bench, run: Run, line: bytes) -> None:
    page = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nSet-Cookie: " + line + b"\r\n\r\npier"
    result = then_next(bench, run, page)
    assert isinstance(result, Capture)


def test_a_cookie_goes_to_its_host_alone(bench: Bench, run: Run) -> None:
    bench.server.routes |= {
        "quay.test/a": redirect("http://pier.test/b", "302 Found", "Set-Cookie: secret=1"),
        "pier.test/b": answer(),
    }
    assert code_of(fetch_one(bench, run, "/a")) == "ok"
    assert not [hit for hit in bench.server.hits if hit.host == "pier.test" and "cookie" in hit.headers]


# --- pauses


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 120), (" 7 ", 7), ("007", 7), ("0", 0), ("9" * 30, float("9" * 18)),
        ("Sat, 14 Mar 2026 12:02:00 GMT", 120), ("Saturday, 14-Mar-26 12:02:00 GMT", 120),
        ("Sat Mar 14 12:02:00 2026", 120), ("Sat, 14 Mar 2026 13:02:00 +0100", 120), ("14 Mar 2026 12:02 GMT", 120),
        ("Sat, 14 Mar 2026 11:00:00 GMT", -3600),
        ("", None), ("soon", None), ("-1", None), ("+5", None), ("1.5", None), ("1e3", None), ("120, 240", None),
        ("\u0661\u0662", None), ("Sat, 99 Mar 2026 12:02:00 GMT", None), ("Sat, 14 Mar 99999 12:02:00 GMT", None),
        ("Sat, 14 Mar 2026 12:02:00 +9999", None), ("0x10", None), ("null", None), ("\x00", None),
    ],
)  # fmt: skip
def test_pauses_in_all_forms(bench: Bench, told: str, seconds: float | None) -> None:
    assert read_retry_after(told, NOON) == seconds


# --- robots.txt

FORBIDS = b"User-agent: *\nDisallow: /a\n"


@pytest.mark.parametrize(
    ("robots", "code"),
    [
        (answer(b"<!doctype html><html><body><h1>Home</h1></body></html>"), "ok"),
        (answer(b"\x00\x00" + FORBIDS), "ok"),
        (answer(b"\x00\n" + FORBIDS + b"\x00"), "robots"),
        (answer(FORBIDS.replace(b"\n", b"\r")), "robots"),
        (answer(b"\xef\xbb\xbf" + FORBIDS), "robots"),
        (answer("User-agent: *\nDisallow: /a\n".encode("utf-16")), "ok"),
        (answer(pack(FORBIDS), "Content-Encoding: gzip"), "robots"),
        (answer(pack(FORBIDS)), "ok"),
        (answer(FORBIDS + b"# salt\n" * 900_000), "robots"),
        (answer(b"# salt\n" * 900_000 + FORBIDS), "ok"),
        (answer(FORBIDS, status="206 Part"), "robots"),
        (answer(FORBIDS, status="203 Other"), "robots"),
        (answer(b"", status="204 None"), "ok"),
        (answer(b"", status="418 Teapot"), "ok"),
        (answer(b"", status="300 Choose"), "ok"),
        (answer(b"", status="304 Same"), "ok"),
        (redirect("/robots.txt"), "ok"),
        (redirect("ftp://quay.test/robots.txt"), "ok"),
        (redirect("http://10.0.0.7/robots.txt"), "refused_address"),
        (answer(b"", status="500 Oops"), "robots"),
        (answer(b"", status="999 Odd"), "robots"),
        (raw("garbage\n\n"), "robots"),
        (raw("HTTP/1.1 200 OK\nContent-Length: 99\n\n", FORBIDS), "robots"),
        (raw(CHUNKS, b"1e\r\n" + FORBIDS), "robots"),
    ],
)
def test_files_of_rules_in_all_forms(bench: Bench, run: Run, robots: Any, code: str) -> None:
    bench.server.routes |= {"/robots.txt": robots, "/a": answer()}
    assert code_of(fetch_one(bench, run, "/a")) == code
    assert bench.server.asked("/a") == (code == "ok")


@pytest.mark.parametrize(("hops", "code"), [(1, "robots"), (5, "robots"), (10, "robots"), (11, "ok")])
def test_rules_that_moved_hold_for_the_host_that_was_asked(bench: Bench, run: Run, hops: int, code: str) -> None:
    """RFC 9309, 2.3.1.2: at least five hops, over hosts; beyond, as if there were none."""
    hosts = ("http://quay.test", "http://pier.test")
    bench.server.routes |= {
        f"/r{n}": redirect(f"{hosts[n % 2]}/r{n - 1}", "301 Moved" if n % 3 else "302 Found") for n in range(1, hops)
    }
    bench.server.routes |= {"/robots.txt": redirect(f"{hosts[hops % 2]}/r{hops - 1}"), "/r0": answer(FORBIDS)}
    bench.server.routes["/a"] = answer()
    assert code_of(fetch_one(bench, run, "/a")) == code


def test_rules_that_recover_are_believed_by_the_next_run(bench: Bench, run: Run) -> None:
    bench.server.routes |= {"/robots.txt": answer(b"", status="500 Oops"), "/a": answer(), "/b": answer()}
    assert code_of(fetch_one(bench, run, "/a")) == "robots"
    bench.server.routes["/robots.txt"] = answer(FORBIDS)
    assert [code_of(fetch_one(bench, run, path)) for path in ("/a", "/b")] == ["robots", "ok"]
    bench.server.routes["/robots.txt"] = answer(b"", status="404 No")
    bench.time.shift = timedelta(hours=25)
    assert code_of(fetch_one(bench, run, "/a")) == "ok"


def test_hostile_heads_take_bounded_memory(bench: Bench, run: Run) -> None:
    bench.server.routes["/a"] = dribble(OK, b"A: " + b"b" * 60_000, 0)
    tracemalloc.start()
    code = code_of(fetch_one(bench, run, "/a"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert code == "too_large"
    assert peak < 10_000_000
