"""A web that means harm, through the whole pipeline: what each fault leaves in the tables; the rest is there."""

from __future__ import annotations

import gzip
import html
import io
import random
import re
import socket
import struct
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from presswatch import reader
from presswatch.archive import OutletState
from presswatch.model import Window
from presswatch.pipeline import Plan, Summary, run_plan
from presswatch.report import describe_story, render_terminal
from presswatch.settings import FetchSettings, Settings
from presswatch.storage import DataDir
from presswatch.tables import Tables, load

Route = bytes | Callable[[socket.socket, int], bytes | None]
SPRING = Window(since=datetime(2026, 3, 1, tzinfo=UTC), until=datetime(2026, 4, 1, tzinfo=UTC))

# --- what is served


def answer(
    body: str | bytes = b"", *lines: str, status: str = "200 OK", media: str = "text/html; charset=utf-8"
) -> bytes:
    body = body.encode() if isinstance(body, str) else body
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", f"Content-Type: {media}", *lines, "", ""]
    return "\r\n".join(head).encode() + body


def moved(location: str, status: str = "302 Found") -> bytes:
    return answer(b"", f"Location: {location}", status=status)


def article(headline: str, *, date: str = "2026-03-14T09:00:00Z", head: str = "", body: str = "") -> bytes:
    """A page of ordinary markup; its words are made of drawn syllables, so that no two pages are one story."""
    hat = random.Random(headline)
    words = ["".join(hat.choice("bdfglmnprstv") + hat.choice("aeiou") for _ in range(3)) for _ in range(80)]
    paragraphs = [f"The {' '.join(words[start : start + 20])}." for start in range(0, 80, 20)]
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return answer(
        f"<!doctype html><html lang=en><head><title>{headline}</title><meta property=og:type content=article>"
        f'<meta property="article:published_time" content="{date}">{head}</head>'
        f"<body><article><h1>{headline}</h1>{text}{body}</article></body></html>"
    )


def listing(*urls: str) -> bytes:
    items = "".join(
        f"<item><title>Pier</title><link>{html.escape(url)}</link>"
        "<pubDate>Sat, 14 Mar 2026 09:00:00 GMT</pubDate></item>"
        for url in urls
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Pier</title>{items}</channel></rss>'.encode()


def sitemap(*urls: str) -> bytes:
    locs = "".join(f"<url><loc>{html.escape(url)}</loc><lastmod>2026-03-14</lastmod></url>" for url in urls)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locs}</urlset>'.encode()


def reset(connection: socket.socket, _: int) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hang(connection: socket.socket, _: int) -> None:
    connection.settimeout(30)
    with suppress(OSError):
        connection.recv(1)  # until the client gives up


class HostileServer:
    """Answers `routes["host/path"]`; a missing robots.txt allows everything, other paths are answered 404."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.asked: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.target = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._counts: dict[str, int] = defaultdict(int)
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection, connection.makefile("rb") as lines:
            while request := lines.readline().split():
                headers = dict(
                    line.decode("latin-1").strip().lower().split(": ", 1) for line in iter(lines.readline, b"\r\n")
                )
                address = f"{headers['host']}{request[1].decode()}"
                with self._lock:
                    self.asked.append(address)
                    self._counts[address] += 1
                told = self.routes.get(address, answer(b"no such page", status="404 Not Found"))
                told = told(connection, self._counts[address]) if callable(told) else told
                if told is None:
                    return
                connection.sendall(told)


@dataclass
class Web:
    """The server, and a folder with outlets, settings and data for it."""

    folder: Path
    server: HostileServer = field(default_factory=HostileServer)
    outlet_ids: list[str] = field(default_factory=list)

    def add(self, outlet_id: str, routes: dict[str, Route], *sources: tuple[str, str]) -> list[str]:
        """Put an outlet on the web, `<outlet_id>.test`. Gives its URLs."""
        outlets = self.folder / "outlets"
        outlets.mkdir(exist_ok=True)
        discover = "".join(
            f'\n[[discover]]\nkind = "{kind}"\nurl = "http://{outlet_id}.test{path}"\n' for kind, path in sources
        )
        (outlets / f"{outlet_id}.toml").write_text(
            f'id = "{outlet_id}"\nname = "The {outlet_id.title()}"\nhosts = ["{outlet_id}.test"]\nmin_delay_s = 0\n'
            + discover
        )
        self.outlet_ids.append(outlet_id)
        self.server.routes |= {f"{outlet_id}.test{path}": route for path, route in routes.items()}
        return [f"http://{outlet_id}.test{path}" for path in routes if path != "/robots.txt"]

    def settings(self, **fetch: float) -> Settings:
        resolve = {f"{outlet_id}.test": self.server.target for outlet_id in self.outlet_ids}
        return Settings(
            data=self.folder / "data",
            outlets_folder=self.folder / "outlets",
            fetch=FetchSettings(**{"concurrency": 16, "total_timeout_s": 10.0, **fetch}, resolve=resolve),
        )

    def run(self, *urls: str, command: str = "backfill", **fetch: float) -> Summary:
        """Fetch these URLs, or what the outlets list."""
        window = SPRING if command == "backfill" and not urls else None
        plan = Plan(command=command, outlet_ids=() if urls else tuple(self.outlet_ids), window=window, urls=urls)
        return run_plan(self.settings(**fetch), plan)

    @property
    def tables(self) -> Tables:
        return load(self.folder / "data" / "clean")

    def failures(self) -> set[tuple[str, str, str, str]]:
        rows = self.tables.failures[["url", "outlet_id", "stage", "error"]]
        return set(rows.itertuples(index=False, name=None))


@contextmanager
def open_web(folder: Path) -> Iterator[Web]:
    web = Web(folder)
    try:
        yield web
    finally:
        web.server.close()


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    with open_web(tmp_path) as web:
        yield web


# --- faults of pages: one run over all of them

CONSENT = """<html><head><title>Before you continue</title></head><body><div id="consent-wall" class="cmp-consent">
<h1>We value your privacy</h1><p>We and our 811 partners use cookies and process personal data. Click accept to
consent to cookies, or manage your privacy preferences. You can withdraw consent at any time in the cookie settings.</p>
<button>Accept all cookies</button><button>Reject all cookies</button></div></body></html>"""
CHALLENGE = """<html><head><title>Just a moment...</title></head><body><h1>Checking your browser before accessing</h1>
<noscript>Enable JavaScript and cookies to continue</noscript>
<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script></body></html>"""
BOMB = gzip.compress(bytes(40_000_000))
LONG_SLUG = "/..%2f..%2f..%2f..%2fetc%2f" + "very-long-slug-" * 200


@dataclass(frozen=True)
class Fault:
    """A page and the failure it leaves."""

    route: Route
    stage: str
    error: str


FAULTS = {
    "/private/memo": Fault(article("Memo"), "fetch", "robots"),
    "/404": Fault(answer(b"no", status="404 Not Found"), "fetch", "gone"),
    "/410": Fault(answer(b"no", status="410 Gone"), "fetch", "gone"),
    "/403": Fault(answer(b"no", status="403 Forbidden"), "fetch", "blocked"),
    "/bomb": Fault(answer(BOMB, "Content-Encoding: gzip"), "fetch", "too_large"),
    "/12-mb": Fault(answer(b"<p>pier</p>" * 1_100_000), "fetch", "too_large"),
    "/brotli": Fault(answer(b"\x0b\x02\x80pier\x03", "Content-Encoding: br"), "fetch", "bad_encoding"),
    "/to-private": Fault(moved("http://10.0.0.7/admin"), "fetch", "refused_address"),
    "/to-metadata": Fault(moved("http://169.254.169.254/latest/meta-data/"), "fetch", "refused_address"),
    "/to-file": Fault(moved("file:///etc/passwd"), "fetch", "bad_redirect"),
    "/loop": Fault(moved("/loop-2"), "fetch", "bad_redirect"),
    "/pdf": Fault(answer(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"), "read", "not_html"),
    "/empty": Fault(answer(b""), "read", "not_article"),
    "/deep": Fault(answer("<div>" * 50_000 + "<p>Pier</p>"), "read", "too_large"),
    "/consent": Fault(answer(CONSENT), "read", "not_article"),
    "/challenge": Fault(answer(CHALLENGE), "read", "blocked"),
}
HARBOR_PAGES = {
    "/good": article("Lantern Week"),
    "/moved-1": moved("/moved-here", "301 Moved Permanently"),
    "/moved-2": moved("/moved-1", "308 Permanent Redirect"),
    "/moved-here": article("Ropewalk"),
    "/elsewhere": moved("/seen-there", "302 Found"),
    "/seen-there": article("Net Loft"),
    "/canonical": article("Chandlery", head='<link rel="canonical" href="http://elsewhere.test/chandlery">'),
    LONG_SLUG: article("Slugs"),
    "/year-2199": article("Tomorrow", date="2199-03-14T09:00:00Z"),
    "/year-1729": article("Yesterday", date="1729-03-14T09:00:00Z"),
    "/loud": article(
        "Siren \u202eBuoy\u2066 <script>alert(1)</script>",
        body='<script>alert(2)</script><p onclick="alert(3)">The siren of\x00 Loudport \u202ewas heard by '
        'forty keepers on \u2067Sunday, and <a href="javascript:alert(4)">the mayor</a> <img src=x onerror=alert(5)> '
        "wrote “=cmd|calc” on the wall.</p>",
    ),
}


@pytest.fixture(scope="module")
def harbor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, Summary]]:
    """One run over an outlet with every fault of a page, and over outlets that fail as a whole, side by side."""
    with open_web(tmp_path_factory.mktemp("harbor")) as web:
        robots = answer("User-agent: *\nDisallow: /private/\n", media="text/plain")
        urls = web.add(
            "harbor",
            {"/robots.txt": robots, **HARBOR_PAGES, **{path: fault.route for path, fault in FAULTS.items()}},
        )
        web.server.routes["harbor.test/loop-2"] = moved("/loop")
        urls.remove("http://harbor.test/moved-here")
        urls.remove("http://harbor.test/seen-there")
        locked = {f"/locked-{n}": answer(b"no", status="403 Forbidden") for n in range(5)}
        urls += web.add("quay", {**locked, "/after-1": article("Quay One"), "/after-2": article("Quay Two")})
        urls += web.add("pier", {"/busy": busy_once, "/idle": article("Pier Idle")})
        urls += web.add("dock", {"/500": answer(b"no", status="500 Oops"), "/fine": article("Dock Fine")})
        urls += web.add("mole", {"/reset": reset, "/fine": article("Mole Fine")})
        urls += web.add("jetty", {"/cut": cut, "/fine": article("Jetty Fine")})
        urls += web.add("slip", {"/hang": hang, "/fine": article("Slip Fine")})
        urls += web.add("shoal", {"/robots.txt": answer(b"no", status="503 Oops"), "/hidden": article("Hidden")})
        yield web, web.run(*urls, "no address at all", total_timeout_s=6.0)


def busy_once(_: socket.socket, count: int) -> bytes:
    if count == 1:
        return answer(b"later", "Retry-After: 1", status="429 Too Many Requests")
    return article("Pier Busy")


def cut(connection: socket.socket, _: int) -> None:
    connection.sendall(article("Cut")[:-200])


def urls_of(tables: Tables) -> set[str]:
    return set(tables.articles["url"])


@pytest.mark.parametrize("path", FAULTS)
def test_fault_of_a_page_is_a_row_with_its_code(harbor: tuple[Web, Summary], path: str) -> None:
    web, _ = harbor
    rows = [row for row in web.failures() if row[0] == f"http://harbor.test{path}"]
    assert rows == [(f"http://harbor.test{path}", "harbor", FAULTS[path].stage, FAULTS[path].error)]


def test_what_is_left_are_articles(harbor: tuple[Web, Summary]) -> None:
    web, summary = harbor
    assert len([url for url in urls_of(web.tables) if "harbor.test" in url]) == len(HARBOR_PAGES) - 3
    assert {"http://harbor.test/moved-here", "http://harbor.test/seen-there"} <= urls_of(web.tables)
    assert summary.failed == len(web.tables.failures)


def test_nothing_is_both(harbor: tuple[Web, Summary]) -> None:
    tables = harbor[0].tables
    known = urls_of(tables) | set(tables.aliases["url"])
    assert not known & set(tables.failures["url"])
    assert not tables.failures.duplicated(["url", "run_id"]).any()


def test_refusals_in_a_row_pause_the_outlet(harbor: tuple[Web, Summary]) -> None:
    web, _ = harbor
    rows = {row for row in web.failures() if row[1] == "quay"}
    names = [*(f"locked-{n}" for n in range(5)), "after-1", "after-2"]
    assert rows == {(f"http://quay.test/{name}", "quay", "fetch", "blocked") for name in names}
    assert [address for address in web.server.asked if "quay.test/after" in address] == []


def test_patience_is_rewarded(harbor: tuple[Web, Summary]) -> None:
    web, _ = harbor
    assert web.server.asked.count("pier.test/busy") == 2
    assert {"http://pier.test/busy", "http://pier.test/idle"} <= urls_of(web.tables)


@pytest.mark.parametrize(
    ("outlet", "path", "error", "tries"),
    [
        ("dock", "/500", "server_error", 3),
        ("mole", "/reset", "unreachable", 3),
        ("jetty", "/cut", "truncated", 3),
        ("slip", "/hang", "timeout", 1),
    ],
)
def test_fault_of_the_wire_is_tried_so_often_and_told(
    harbor: tuple[Web, Summary], outlet: str, path: str, error: str, tries: int
) -> None:
    web, _ = harbor
    assert {row for row in web.failures() if row[1] == outlet} == {
        (f"http://{outlet}.test{path}", outlet, "fetch", error)
    }
    assert web.server.asked.count(f"{outlet}.test{path}") == tries
    assert f"http://{outlet}.test/fine" in urls_of(web.tables), "the next page of the outlet is had"


def test_robots_that_cannot_be_had_forbids(harbor: tuple[Web, Summary]) -> None:
    web, _ = harbor
    assert ("http://shoal.test/hidden", "shoal", "fetch", "robots") in web.failures()
    assert "shoal.test/hidden" not in web.server.asked


def test_line_that_is_no_address_is_a_row(harbor: tuple[Web, Summary]) -> None:
    assert ("no address at all", "", "fetch", "bad_document") in harbor[0].failures()


def test_run_is_partly_done_because_something_is_tried_again(harbor: tuple[Web, Summary]) -> None:
    assert harbor[1].outcome == "partly"
    assert harbor[1].exit_code == 5


def test_permanent_moves_are_aliases(harbor: tuple[Web, Summary]) -> None:
    tables = harbor[0].tables
    aliases = set(tables.aliases.set_index("url")["reason"].items())
    assert {("http://harbor.test/moved-1", "moved"), ("http://harbor.test/moved-2", "moved")} <= aliases
    assert ("http://harbor.test/elsewhere", "redirect") in aliases
    here = tables.articles.set_index("url").loc["http://harbor.test/moved-here", "article_id"]
    assert set(tables.aliases.loc[tables.aliases["reason"] == "moved", "article_id"]) == {here}


def test_canonical_to_another_host_is_recorded_and_not_believed(harbor: tuple[Web, Summary]) -> None:
    tables = harbor[0].tables
    article_id = tables.articles.set_index("url").loc["http://harbor.test/canonical", "article_id"]
    noted = tables.aliases[tables.aliases["url"] == "http://elsewhere.test/chandlery"]
    assert list(noted["article_id"]) == [article_id]
    assert list(noted["reason"]) == ["canonical"]


def test_files_have_no_names_of_the_web(harbor: tuple[Web, Summary]) -> None:
    web, _ = harbor
    assert any("very-long-slug" in url for url in urls_of(web.tables))
    names = [path.name for path in (web.folder / "data").rglob("*")]
    assert not [name for name in names if "slug" in name or len(name) > 80]
    assert {path.name for path in web.folder.iterdir()} == {"data", "outlets"}


@pytest.mark.parametrize("year", [2199, 1729])
def test_date_that_cannot_be_is_dropped(harbor: tuple[Web, Summary], year: int) -> None:
    articles = harbor[0].tables.articles.set_index("url")
    assert pd.isna(articles.loc[f"http://harbor.test/year-{year}", "published_at"])


def test_tables_and_reports_are_clean_of_what_a_page_hides(harbor: tuple[Web, Summary]) -> None:
    web, _ = harbor
    tables = web.tables
    row = tables.articles.set_index("url").loc["http://harbor.test/loud"]
    shown = f"{row['headline']} {row['text']}" + " ".join(tables.mentions["text"])
    assert "Siren" in row["headline"]
    assert "Loudport" in row["text"]
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", shown)
    assert "alert(2)" not in shown
    page = (web.folder / "data" / "report" / f"{row['story_id']}.html").read_text("utf-8")
    assert "Loudport" in page
    assert not re.search("<img|href=.javascript:|\x1b|\u202e", page)
    assert page.count("<script") == 1  # its own, that the policy names
    terminal = io.StringIO()
    render_terminal(describe_story(tables, row["story_id"], {}), Console(file=terminal, width=100), full=True)
    assert "Siren Buoy" in terminal.getvalue()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", terminal.getvalue())


# --- feeds and sitemaps


def test_faults_of_documents(web: Web) -> None:
    good, named = article("Regatta"), "http://{}.test/article".format
    web.add("html", {"/feed": answer("<html><body><h1>Not here</h1></body></html>")}, ("feed", "/feed"))
    broken = listing(named("broken"), "http://broken.test/second")[:-90]
    web.add("broken", {"/feed": answer(broken, media="text/xml"), "/article": good}, ("feed", "/feed"))
    web.add("missing", {}, ("feed", "/feed"))
    web.add("cut", {"/feed": answer(b"", media="text/xml")}, ("feed", "/feed"))
    forbids = answer("User-agent: *\nDisallow: /feed\n", media="text/plain")
    web.add("shy", {"/robots.txt": forbids, "/feed": answer(listing(named("shy")))}, ("feed", "/feed"))
    foreign = [
        "javascript:alert(1)", "http://127.0.0.1:9/admin", "http://other.test/article", "ftp://mixed.test/article",
        "file:///etc/passwd", "//mixed.test/article", "http://mixed.test@other.test/", "http://10.1.1.1/mixed.test",
        "http://mixed.test:99999/", "mailto:keeper@mixed.test",
    ]  # fmt: skip
    web.add("mixed", {"/map.xml": answer(sitemap(*foreign)), "/article": article("Mixed")}, ("sitemap", "/map.xml"))
    entity = b'<!DOCTYPE x [<!ENTITY a "pier">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 12) for n in range(9)
    ) + b"]><urlset><url><loc>http://entity.test/&j;</loc></url></urlset>"  # fmt: skip
    web.add("entity", {"/map.xml": answer(entity)}, ("sitemap", "/map.xml"))
    looped = b"<sitemapindex><sitemap><loc>http://looped.test/map.xml</loc></sitemap></sitemapindex>"
    web.add("looped", {"/map.xml": answer(looped)}, ("sitemap", "/map.xml"))

    summary = web.run()

    assert summary.outcome == "ok", "nothing of this is mended by asking again"
    assert {(url, error) for url, _, stage, error in web.failures() if stage == "discover"} == {
        ("http://html.test/feed", "bad_document"),
        ("http://broken.test/feed", "bad_document"),
        ("http://missing.test/feed", "gone"),
        ("http://cut.test/feed", "bad_document"),
        ("http://shy.test/feed", "robots"),
        ("http://entity.test/map.xml", "bad_document"),
    }
    assert urls_of(web.tables) == {named("broken"), named("mixed")}
    assert {address.partition("/")[0] for address in web.server.asked} == {f"{name}.test" for name in web.outlet_ids}
    assert web.server.asked.count("looped.test/map.xml") == 1
    assert "shy.test/feed" not in web.server.asked


def test_posts_with_half_characters_do_not_end_the_run(web: Web) -> None:
    """JSON may hold halves of characters, which no database takes; and a charset may be the name of anything."""
    half = '{"link": "http://weir.test/\\ud800", "title": {"rendered": "Half"}, "date_gmt": "2026-03-14T09:00:00"}'
    title = "\\ud83d Whole \\u202e\\u0000"
    whole = (
        f'{{"link": "http://weir.test/whole", "title": {{"rendered": "{title}"}}, "date_gmt": "2026-03-14T09:00:00"}}'
    )
    page = article("Whole").replace(b"charset=utf-8", b"charset=zlib").replace(b"</h1>", b" caf\xe9</h1>")

    def serve(connection: socket.socket, _: int) -> None:
        connection.sendall(re.sub(rb"Content-Length: \d+\r\n", b"", page))  # the end of the connection is its own

    listed = answer(f"[{half}, {whole}]", media="application/json")
    web.add("weir", {"/whole": serve}, ("wordpress", "/posts"))
    query = "after=2026-02-28T00%3A00%3A00&before=2026-04-02T00%3A00%3A00&per_page=100&orderby=date&order=asc"
    web.server.routes[f"weir.test/posts?{query}&_fields=link%2Ctitle%2Cdate_gmt%2Cmodified_gmt&page=1"] = listed
    summary = web.run()
    assert summary.outcome == "ok"
    assert urls_of(web.tables) == {"http://weir.test/whole"}
    assert "café" in web.tables.articles["headline"].iloc[0]


# --- what is tried again, and what is not


def test_next_run_asks_for_what_failed_for_a_while_and_for_nothing_else(web: Web) -> None:
    state = {"fails": True}

    def ailing(_: socket.socket, __: int) -> bytes:
        return answer(b"no", status="500 Oops") if state["fails"] else article("Recovered")

    routes: dict[str, Route] = {
        "/ails": ailing,
        "/gone": answer(b"no", status="410 Gone"),
        "/pdf": answer(b"%PDF-1.7 pier"),
        "/good": article("Good"),
    }
    listed = [f"http://reef.test{path}" for path in routes]
    web.add("reef", {**routes, "/feed": answer(listing(*listed))}, ("feed", "/feed"))
    assert web.run(command="watch").outcome == "partly"
    state["fails"], web.server.asked[:] = False, []
    summary = web.run(command="watch")
    assert summary.outcome == "ok"
    assert web.server.asked == ["reef.test/feed", "reef.test/ails"]
    assert urls_of(web.tables) == {"http://reef.test/ails", "http://reef.test/good"}


def test_what_failed_while_the_clock_was_wrong_is_tried_again(web: Web) -> None:
    state = {"fails": True}

    def ailing(_: socket.socket, __: int) -> bytes:
        return answer(b"no", status="500 Oops") if state["fails"] else article("Recovered")

    (url,) = web.add("reef", {"/ails": ailing})
    web.run(url)
    with OutletState(DataDir(web.folder / "data"), "reef") as memory:
        memory.record_miss(url, "server_error", datetime.now(UTC) + timedelta(days=4000))
    state["fails"] = False
    assert web.run(url).outcome == "ok"
    assert urls_of(web.tables) == {url}


def test_an_archive_in_an_odd_charset_does_not_end_the_run(web: Web) -> None:
    page = '<a href="/2026/03/the-lamp-of-the-weir">Café of the weir</a>'
    routes: dict[str, Route] = {
        "/2026/03/": answer(page, media="text/html; charset=idna"),
        "/2026/03/the-lamp-of-the-weir": article("Lamp"),
    }
    web.add("weir", routes, ("archive", "/{yyyy}/{mm}/"))
    web.add("cove", {"/feed": answer(listing("http://cove.test/a")), "/a": article("Cove")}, ("feed", "/feed"))
    assert web.run().outcome == "ok"
    assert urls_of(web.tables) == {"http://weir.test/2026/03/the-lamp-of-the-weir", "http://cove.test/a"}


def test_same_text_under_a_second_url_is_told_as_a_copy(web: Web) -> None:
    page = article("Twice")
    urls = web.add("cove", {"/first": page, "/second": page}) + web.add("bay", {"/third": page})
    assert web.run(*urls).outcome == "ok"
    tables = web.tables
    assert len(tables.articles) == 3
    assert len(set(tables.articles["story_id"])) == 1
    assert tables.articles["syndicated_from"].notna().sum() == 2
    assert tables.claims["corroboration"].max() == 1


# --- pages that hold a worker


def test_worker_that_hangs_is_killed_and_the_run_goes_on(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under every cap of size and depth, and yet some ten times the deadline's work: 26 s on a fast machine."""
    monkeypatch.setattr(reader, "READ_DEADLINE_S", 3.0)
    slow = answer(("<div>" * 1400 + "pier " * 400 + "</div>" * 1400) * 50)
    urls = web.add("weir", {"/slow": slow, "/first": article("Weir First"), "/second": article("Weir Second")})
    summary = web.run(*urls)
    assert summary.outcome == "ok", "the page would hold the next run's worker too"
    assert web.failures() == {("http://weir.test/slow", "weir", "read", "extract_timeout")}
    assert urls_of(web.tables) == {"http://weir.test/first", "http://weir.test/second"}
