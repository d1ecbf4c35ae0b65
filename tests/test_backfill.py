"""Backfills over a server on loopback: what is asked for, what it comes to, and what is said before and meanwhile."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from presswatch.cli.call import Call
from presswatch.cli.progress import Outlook
from presswatch.collector import Forecast
from presswatch.model import Window
from presswatch.pipeline import Plan
from presswatch.settings import Settings
from presswatch.tables import load

MONTH = Window(since=datetime(2026, 3, 1, tzinfo=UTC), until=datetime(2026, 4, 1, tzinfo=UTC))
MARCH = ("--since", "2026-03-01", "--until", "2026-04-01")
HOME = "http://quay.test"
PROSE = (
    "The ferry Marchetti ran aground off Ostrel Island with forty passengers and a cello on board.",
    "Harbour pilots blamed the fog that had stood over the Aldmoor channel since the lantern festival.",
    "Two tugs from Quillon pulled the Marchetti free before the evening tide, and nobody was hurt.",
)
GENERATOR = "<generator>https://wordpress.org/?v=6.4</generator>"


class Handler(BaseHTTPRequestHandler):
    """Answers with `server.routes` by path; what is not there is 404."""

    def do_GET(self):
        self.server.asked.append(self.path)
        status, body = self.server.routes.get(self.path, (404, ""))
        if isinstance(body, str):
            body = body.encode()
        self.send_response(status)
        if status == 301:
            self.send_header("Location", body.decode())
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nobody reads it."""


class Site:
    """An outlet on loopback, its file, and the folder that commands run in."""

    def __init__(self, server, folder):
        self.routes = server.routes = {"/robots.txt": (200, "User-agent: *\nAllow: /\n")}
        self.asked = server.asked = []
        self._address, self._folder = f"127.0.0.1:{server.server_port}", folder
        (folder / "outlets").mkdir()

    def describe(self, *sources, **keys):
        """Write the outlet's file: each source is the keys of a `[[discover]]`."""
        lines = ['id = "quay"', 'name = "The Quay"', 'hosts = ["quay.test"]']
        keys = {"min_delay_s": 0, "timezone": "UTC"} | keys
        lines += [f"{key} = '{value}'" if isinstance(value, str) else f"{key} = {value}" for key, value in keys.items()]
        for source in sources:
            lines += ["[[discover]]", *(f"{key} = {value!r}" for key, value in source.items())]
        (self._folder / "outlets" / "quay.toml").write_text("\n".join(lines))
        settings = ['outlets = "outlets"', "[collect]", 'outlets = ["quay"]', "[fetch.resolve]"]
        (self._folder / "presswatch.toml").write_text("\n".join([*settings, f'"quay.test" = "{self._address}"']))

    def publish(self, path, title="The Ferry", *, date="", canonical="", prose=PROSE):
        head = f'<title>{title}</title><meta property="og:type" content="article">'
        head += f'<meta property="article:published_time" content="{date}">' if date else ""
        head += f'<link rel="canonical" href="{HOME}{canonical}">' if canonical else ""
        text = "".join(f"<p>{sentence}</p>" for sentence in prose)
        page = f"<html lang=en><head>{head}</head><body><article><h1>{title}</h1>{text}</article></body></html>"
        self.routes[path] = (200, page)

    def feed(self, path, *items, head=""):
        """A feed of (path, day of March) pairs; None tells no date."""
        written = "".join(
            f"<item><title>T {to}</title><link>{HOME}{to}</link>"
            + (f"<pubDate>{day:02} Mar 2026 15:00:00 GMT</pubDate>" if isinstance(day, int) else day or "")
            + "</item>"
            for to, day in items
        )
        self.routes[path] = (200, f'<rss version="2.0"><channel><title>Q</title>{head}{written}</channel></rss>')

    def sitemap(self, path, *urls):
        written = "".join(f"<url><loc>{HOME}{to}</loc></url>" for to in urls)
        self.routes[path] = (200, f"<urlset>{written}</urlset>")


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield Site(server, tmp_path)
        server.shutdown()


@pytest.fixture
def run(call):
    """Runs a command with --json; gives its exit code, what it printed and what it said."""

    def run(*words):
        code, out, err = call(*words, "--json")
        return code, json.loads(out), err

    return run


FEED = {"kind": "feed", "url": f"{HOME}/feed/"}
FEBRUARY = "<pubDate>01 Feb 2026 10:00:00 GMT</pubDate>"
APRIL = "<pubDate>20 Apr 2026 10:00:00 GMT</pubDate>"


def listed(rows):
    return {row["url"].removeprefix(HOME): row["published_at"] for row in rows}


# ---------------------------------------------------------------- later pages of feeds


def test_pages_of_a_wordpress_feed_are_read_until_one_is_older_than_the_window(site, run):
    site.describe(FEED)
    site.feed("/feed/", ("/newest", APRIL), ("/a", 30), head=GENERATOR)
    site.feed("/feed/?paged=2", ("/b", 20), ("/c", 2), head=GENERATOR)
    site.feed("/feed/?paged=3", ("/old", FEBRUARY), head=GENERATOR)
    site.feed("/feed/?paged=4", ("/older", FEBRUARY), head=GENERATOR)
    code, rows, _ = run("backfill", *MARCH, "--dry-run")
    assert code == 0
    assert listed(rows).keys() == {"/a", "/b", "/c"}
    assert listed(rows)["/c"] == "2026-03-02T15:00:00+00:00"
    assert site.asked == ["/robots.txt", "/feed/", "/feed/?paged=2", "/feed/?paged=3"]


def test_a_watch_asks_for_the_first_page_alone(site, run):
    site.describe(FEED)
    site.feed("/feed/", ("/a", 30), head=GENERATOR)
    site.feed("/feed/?paged=2", ("/b", 20), head=GENERATOR)
    site.publish("/a")
    run("watch")
    assert site.asked == ["/robots.txt", "/feed/", "/a"]


@pytest.mark.parametrize("end", ["gone", "empty", "repeated"])
def test_pages_of_a_feed_end(site, run, end):
    site.describe(FEED)
    site.feed("/feed/", ("/a", 30), head=GENERATOR)
    site.feed("/feed/?paged=2", ("/b", 20), head=GENERATOR)
    if end != "gone":
        items = [("/b", 20)] if end == "repeated" else []
        site.feed("/feed/?paged=3", *items, head=GENERATOR)
        site.feed("/feed/?paged=4", ("/c", 10), head=GENERATOR)
    code, told, err = run("backfill", *MARCH, "--query", "no such words")
    assert (code, told["failed"]) == (0, 0), err
    assert told["discovered"] == 2
    assert site.asked == ["/robots.txt", "/feed/", "/feed/?paged=2", "/feed/?paged=3"]


def test_pages_by_the_template_of_the_outlet_s_file(site, run):
    sitemap = {"kind": "sitemap", "url": f"{HOME}/sitemap.xml"}
    site.describe(FEED | {"pages": f"{HOME}/feed/page/{{n}}/"}, sitemap)
    site.feed("/feed/", ("/a", 30))
    site.feed("/feed/page/2/", ("/b", 20))
    site.sitemap("/sitemap.xml", "/d")
    _, rows, _ = run("backfill", *MARCH, "--dry-run")
    assert listed(rows).keys() == {"/a", "/b", "/d"}
    assert "/feed/page/3/" in site.asked


def test_what_else_tells_of_the_past_spares_the_pages_of_a_feed(site, run):
    site.describe(FEED, {"kind": "sitemap", "url": f"{HOME}/sitemap.xml"})
    site.feed("/feed/", ("/a", 30), head=GENERATOR)
    site.sitemap("/sitemap.xml", "/d")
    run("backfill", *MARCH, "--dry-run")
    assert site.asked == ["/robots.txt", "/feed/", "/sitemap.xml"]


@pytest.mark.parametrize("rel", ["next", "prev-archive"])
def test_links_of_rfc_5005_lead_to_older_entries(site, run, rel):
    def atom(path, to, day, link=""):
        entry = f'<entry><link href="{HOME}{to}"/><published>2026-03-{day}T10:00:00Z</published></entry>'
        site.routes[path] = (200, f'<feed xmlns="http://www.w3.org/2005/Atom">{link}{entry}</feed>')

    site.describe(FEED)
    atom("/feed/", "/a", 30, f'<link rel="self" href="/feed/"/><link rel="{rel}" href="/feed/older"/>')
    atom("/feed/older", "/b", 20, f'<link rel="{rel}" href="http://elsewhere.test/feed"/>')
    _, rows, _ = run("backfill", *MARCH, "--dry-run")
    assert listed(rows).keys() == {"/a", "/b"}
    assert site.asked == ["/robots.txt", "/feed/", "/feed/older"]


def test_a_json_feed_and_its_next_page_are_read(site, run):
    def items(to, date):
        return [{"id": "1", "url": HOME + to, "title": "Kites &amp; eels", "date_published": date}, {"id": 2}, "none"]

    site.describe(FEED)
    first = {"items": items("/a", "2026-03-30T10:00:00Z"), "next_url": f"{HOME}/feed/2"}
    site.routes["/feed/"] = (200, json.dumps(first))
    site.routes["/feed/2"] = (200, json.dumps({"items": items("/b", "2026-03-03T10:00:00-05:00")}))
    _, rows, _ = run("backfill", *MARCH, "--dry-run")
    assert listed(rows) == {"/a": "2026-03-30T10:00:00+00:00", "/b": "2026-03-03T15:00:00+00:00"}
    run("backfill", *MARCH, "--query", "no such words")
    told = next(row for row in run("explain", f"{HOME}/b")[1]["listed"] if row["title"])
    assert (told["title"], told["found_in"]) == ("Kites & eels", f"{HOME}/feed/2")
    assert told["published_at"] == "2026-03-03T15:00:00+00:00"


# ---------------------------------------------------------------- archives


def archive(*links, tail=""):
    menu = (
        '<nav><a href="/best-films-of-all-time/">Best</a></nav><div class="sidebar"><a href="/a-b-c-d/">Hot</a></div>'
    )
    body = "".join(
        f'<article><h2><a href="{to}">{title}</a></h2><a href="{to}">Read more</a></article>' for to, title in links
    )
    return 200, f"<html><body>{menu}{body}{tail}<footer><a href='/all-about-our-house/'>Us</a></footer></body></html>"


def test_only_the_days_that_can_hold_the_window_are_asked_for(site, run):
    site.describe({"kind": "archive", "url": f"{HOME}/{{yyyy}}/{{mm}}/{{dd}}/"}, timezone="America/New_York")
    site.routes["/2026/03/05/"] = archive(
        ("/2026/03/05/kites/", "Kites &amp; eels"),
        ("/2025/12/24/an-old-one-again/", "Old"),
        ("/category/film-news-of-today/", "Film"),
        ("/film/", "Film"),
        ("http://elsewhere.test/a-longer-slug-here", "Ad"),
        ("/a-quiet-harbor-review/", "A Quiet Harbor"),
    )
    code, rows, _ = run("backfill", "--since", "2026-03-04T05:00", "--until", "2026-03-06T05:00", "--dry-run")
    assert code == 0  # the day without articles is no failure
    assert site.asked == ["/robots.txt", "/2026/03/04/", "/2026/03/05/"]
    begin = "2026-03-05T05:00:00+00:00"  # of the day, in New York
    assert listed(rows) == {"/2026/03/05/kites/": begin, "/a-quiet-harbor-review/": begin}


def test_a_day_that_the_window_cuts_tells_no_time_but_its_articles_are_taken(site, run):
    site.describe({"kind": "archive", "url": f"{HOME}/{{yyyy}}/{{mm}}/{{dd}}/"})
    site.routes["/2026/03/05/"] = archive(("/2026/03/05/kites/", "Kites"))
    _, rows, _ = run("backfill", "--since", "2026-03-05T12:00", "--until", "2026-03-05T20:00", "--dry-run")
    assert listed(rows) == {"/2026/03/05/kites/": None}


def test_months_are_read_page_by_page_and_reach_explain(site, run):
    links = {"links": "h2 a"}
    site.describe({"kind": "archive", "url": f"{HOME}/{{yyyy}}/{{mm}}/page/{{n}}/"} | links)
    site.routes["/2026/03/page/1/"] = archive(("/kites/", "Kites &amp; eels"))
    site.routes["/2026/03/page/2/"] = archive(("/eels/", "Eels"))
    site.publish("/kites/", date="2026-03-04T10:00:00Z")
    site.publish("/eels/")
    code, told, err = run("backfill", *MARCH)
    assert (code, told["fetched"], told["extracted"], told["failed"]) == (0, 5, 2, 0), err
    assert site.asked[1:4] == ["/2026/03/page/1/", "/2026/03/page/2/", "/2026/03/page/3/"]
    _, facts, _ = run("explain", f"{HOME}/kites/")
    first = next(row for row in facts["listed"] if row["title"])
    assert (first["title"], first["published_at"]) == ("Kites & eels", None)  # a month tells no day
    assert first["found_in"] == f"{HOME}/2026/03/page/1/"


def test_the_link_to_the_next_page_is_followed(site, run):
    site.describe({"kind": "archive", "url": f"{HOME}/{{yyyy}}/{{mm}}/"})
    site.routes["/2026/03/"] = archive(("/one-two-three/", "A"), tail='<a rel="next" href="/2026/03/page/2/">Older</a>')
    site.routes["/2026/03/page/2/"] = archive(("/four-five-six/", "B"))
    _, rows, _ = run("backfill", *MARCH, "--dry-run")
    assert listed(rows).keys() == {"/one-two-three/", "/four-five-six/"}


def test_an_archive_of_which_nothing_is_there_is_told(site, run):
    site.describe({"kind": "archive", "url": f"{HOME}/{{yyyy}}/{{mm}}/"})
    code, told, _ = run("backfill", *MARCH)
    assert (code, told["failure_counts"]) == (0, {"gone": 1})
    (row,) = load("data/clean").failures.to_dict("records")
    assert (row["url"], row["stage"]) == (f"{HOME}/2026/03/", "discover")


def test_a_page_with_too_many_tags_is_told_and_not_read(site, run):
    site.describe({"kind": "archive", "url": f"{HOME}/{{yyyy}}/{{mm}}/"})
    site.routes["/2026/03/"] = (200, "<div>" * 30_000)
    assert run("backfill", *MARCH)[1]["failure_counts"] == {"too_large": 1}


# ---------------------------------------------------------------- a number outlives a slug


NUMBERED = {"article_number": r"-(12\d{8})/?$"}
OLD, NEW = "/film/ferry-aground-1235012345/", "/film/ferry-freed-at-last-1235012345/"


@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)])
@pytest.mark.parametrize("is_changed", [True, False])
def test_two_slugs_of_one_number_are_one_article(site, run, order, is_changed):
    site.describe(FEED, **NUMBERED)
    for number, path in enumerate(order):
        site.feed("/feed/", (path, 20 + number))
        site.publish(path, prose=PROSE[: 3 - number] if is_changed else PROSE)
        assert run("backfill", *MARCH)[0] == 0
    tables = load("data/clean")
    assert tables.articles["article_id"].nunique() == 1
    assert len(tables.articles) == 1 + is_changed
    newest = tables.articles[tables.articles["is_latest"]].iloc[0]
    assert newest["url"] == HOME + order[1]
    assert tables.aliases[["url", "reason"]].to_dict("records") == [{"url": HOME + order[0], "reason": "address"}]
    before = tables.aliases.to_csv() + tables.articles.to_csv()
    run("rebuild")
    assert load("data/clean").aliases.to_csv() + load("data/clean").articles.to_csv() == before
    for path in (OLD, NEW, "/film/ferry-under-a-third-name-1235012345/"):
        facts = run("explain", HOME + path)[1]
        assert [one["article_id"] for one in facts["articles"]] == [newest["article_id"]]
        assert len(facts["captures"]) == 2


def test_an_article_is_forgotten_under_all_slugs_of_its_number(site, run):
    site.describe(FEED, **NUMBERED)
    site.feed("/feed/", (OLD, 20))
    site.publish(OLD)
    run("backfill", *MARCH)
    assert run("forget", HOME + OLD)[0] == 0
    site.feed("/feed/", (NEW, 21), ("/film/other-1235012346/", 21))
    site.publish(NEW)
    site.publish("/film/other-1235012346/")
    site.asked.clear()
    run("backfill", *MARCH)
    assert NEW not in site.asked
    assert load("data/clean").articles["url"].tolist() == [f"{HOME}/film/other-1235012346/"]


def test_without_a_rule_two_slugs_are_two_articles(site, run):
    site.describe(FEED)
    site.feed("/feed/", (OLD, 20), (NEW, 21))
    site.publish(OLD)
    site.publish(NEW)
    run("backfill", *MARCH)
    assert load("data/clean").articles["article_id"].nunique() == 2


# ---------------------------------------------------------------- the plan


def test_a_backfill_says_what_it_is_going_to_do(site, run, call):
    site.routes["/robots.txt"] = (200, "User-agent: *\nCrawl-delay: 0.2\n")
    site.describe(FEED)
    site.feed("/feed/", *((f"/{n}", 10) for n in range(3)))
    for n in range(3):
        site.publish(f"/{n}")
    code, told, err = run("backfill", *MARCH)
    assert code == 0
    lines = err.splitlines()
    assert lines[0] == "backfill: 2026-03-01T00:00Z … 2026-04-01T00:00Z, the end not included; quay"
    assert "quay: 1 document read, 3 URLs to fetch, about 1 s at least (one request every 0.2 s)" in lines
    assert "quay: 3 of 3 done" in lines
    plan = told["plan"]
    assert (plan["since"], plan["until"]) == ("2026-03-01T00:00:00+00:00", "2026-04-01T00:00:00+00:00")
    assert (plan["documents"], plan["urls"], round(plan["duration_s"], 3)) == (1, 3, 0.6)
    assert [(one["outlet_id"], one["urls"], one["delay_s"]) for one in plan["outlets"]] == [("quay", 3, 0.2)]
    assert call("backfill", *MARCH, "--quiet") == (0, "", "")


def test_a_dry_run_says_the_same_and_changes_nothing_of_what_the_next_run_tells(site, run):
    site.describe(FEED, {"kind": "sitemap", "url": f"{HOME}/sitemap.xml"})
    site.feed("/feed/", ("/a", 10), ("/b", 11))
    site.publish("/a")
    site.publish("/b")
    code, rows, err = run("backfill", *MARCH, "--dry-run")
    assert code == 0
    assert len(rows) == 2
    assert "quay: 1 document read, 2 URLs to fetch" in err.splitlines()
    code, told, _ = run("backfill", *MARCH)
    assert (told["discovered"], told["plan"]["urls"], told["failure_counts"]) == (2, 2, {"gone": 1})
    assert run("backfill", *MARCH, "--dry-run")[1] == []
    assert len(run("backfill", *MARCH, "--dry-run", "--restart")[1]) == 2
    assert run("backfill", *MARCH)[1]["plan"]["urls"] == 0


def test_a_cause_is_told_once_however_many_urls_it_fails(site, call):
    site.describe(FEED, {"kind": "sitemap", "url": f"{HOME}/sitemap.xml"})
    site.routes["/robots.txt"] = (500, "")
    err = call("backfill", *MARCH, "--dry-run")[2]
    assert err.count("robots.txt cannot be had") == 1
    assert f"({HOME}/feed/ and 1 more)" in err


def test_the_time_to_go_is_what_is_left_at_the_pace_of_each_outlet():
    plan = Plan(command="backfill", outlet_ids=("quay", "pier"), window=MONTH)
    told = Outlook(Call(None, False, True, False), Settings(), plan)
    told.take(Forecast(outlet_id="quay", document_count=3, url_count=312, delay_s=6.0))
    assert told.tell_left({"quay": (40, 312)}) == "about 27 min to go"
    assert told.tell_left({"quay": (309, 312)}) == "about 18 s to go"
    assert told.tell_left({"quay": (0, 312)}) == "about 31 min to go"
    assert told.tell_left({"pier": (0, 10)}) == ""  # not known yet
    told.take(Forecast(outlet_id="pier", document_count=1, url_count=10, delay_s=600.0))
    assert told.tell_left({"quay": (40, 312), "pier": (1, 10)}) == "about 1.5 h to go"  # side by side
    assert told.tell_left(told.with_waiting({"quay": (40, 312)})) == "about 1.7 h to go"
    assert told.row()["plan"]["duration_s"] == 6000


def test_outlets_are_told_together_when_the_last_is_known(capsys):
    plan = Plan(command="backfill", outlet_ids=("quay", "pier"), window=MONTH)
    told = Outlook(Call(None, False, False, False), Settings(), plan)
    told.take(Forecast(outlet_id="quay", document_count=3, url_count=312, delay_s=6.0))
    told.take(Forecast(outlet_id="pier", document_count=1, url_count=1, delay_s=5.0))
    assert capsys.readouterr().err.splitlines()[1:] == [
        "quay: 3 documents read, 312 URLs to fetch, about 31 min at least (one request every 6 s)",
        "pier: 1 document read, 1 URL to fetch, about 5 s at least (one request every 5 s)",
        "together: 4 documents read, 313 URLs to fetch, about 31 min at least (outlets go side by side)",
    ]


# ---------------------------------------------------------------- the registry's commands


def test_check_reads_the_documents_of_the_past_too(site, run):
    site.describe(
        {"kind": "sitemap", "url": f"{HOME}/index.xml"},
        {"kind": "sitemap", "url": f"{HOME}/sitemap.xml"},
        {"kind": "archive", "url": f"{HOME}/{{yyyy}}/", "links": "h2 a"},
        {"kind": "wordpress", "url": f"{HOME}/wp-json/wp/v2/posts"},
    )
    site.routes["/index.xml"] = (200, f"<sitemapindex><sitemap><loc>{HOME}/1.xml</loc></sitemap></sitemapindex>")
    site.sitemap("/sitemap.xml", "/a", "/b")
    code, rows, _ = run("outlets", "check", "quay")
    assert code == 0
    assert [(row["kind"], row["candidates"], row["documents"]) for row in rows] == [
        ("sitemap", 0, 1),
        ("sitemap", 2, 0),
        ("archive", 0, 0),
        ("wordpress", 0, 0),
    ]
    assert [bool(row["fault"]) for row in rows] == [False, False, True, True]
    assert "/1.xml" not in site.asked


def test_list_says_where_an_outlet_s_file_stands(site, run):
    site.describe(FEED)
    rows = {row["outlet_id"]: row["file"] for row in run("outlets", "list")[1]}
    assert rows["quay"].endswith("outlets/quay.toml")
    assert rows["variety"] == "packaged"
