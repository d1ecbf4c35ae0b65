"""`outlets add`: what is found, what is asked for, what is written, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from presswatch import load
from presswatch.outlets import load_outlet

TRUTH = json.loads((Path(__file__).parents[1] / "demo" / "truth.json").read_text("utf-8"))
SPRING = ("--since", "2026-02-01", "--until", "2026-04-01")
HOSTS = {
    "k": "kmagazine.test",
    "slowshutter": "theslowshutter.test",
    "reelbeacon": "reelbeacon.test",
    "andmatinee": "andmatinee.test",
    "thirdactnotebook": "thirdactnotebook.test",
    "lanternpost": "lanternpost.test",
}


@pytest.mark.parametrize("outlet_id", list(HOSTS))
def test_an_outlet_of_the_newsroom_is_found_as_its_own_file_has_it(newsroom, run, outlet_id):
    bundled = load_outlet(newsroom.outlets_dir / f"{outlet_id}.toml")
    code, told = run("outlets", "add", f"http://{HOSTS[outlet_id]}/", "--id", outlet_id)
    assert code == 0
    written = load_outlet(Path("mine", f"{outlet_id}.toml"))
    assert (written.id, written.name, written.family) == (bundled.id, bundled.name, bundled.family)
    assert written.hosts == bundled.hosts
    assert set(written.discover) == set(bundled.discover)
    assert written.layouts == bundled.layouts
    assert told["path"] == f"mine/{outlet_id}.toml"
    assert {row["kind"] for row in told["documents"] if not row["fault"]} == {s.kind for s in bundled.discover}
    asked = [request.path for request in newsroom.requests]
    assert asked[0] == "/robots.txt"
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize(
    ("outlet_id", "timezone"),
    [("k", "America/New_York"), ("reelbeacon", "America/Los_Angeles"), ("thirdactnotebook", "UTC")],
)
def test_the_timezone_is_written_where_dates_tell_it(newsroom, call, outlet_id, timezone):
    call("outlets", "add", f"http://{HOSTS[outlet_id]}/", "--id", outlet_id)
    assert load_outlet(Path("mine", f"{outlet_id}.toml")).timezone == timezone


def test_a_backfill_with_the_written_file_brings_the_articles_that_the_bundled_one_brings(newsroom, ran, call, run):
    call("outlets", "add", "http://theslowshutter.test/", "--id", "slowshutter")
    fetched = [request.path for request in newsroom.requests]
    code, _ = run("backfill", *SPRING, "--outlet", "slowshutter")
    assert code == 0
    own = load("data/clean").articles
    own = own[own["is_latest"]].set_index("url").sort_index()
    theirs = ran.tables.articles
    theirs = theirs[(theirs["outlet_id"] == "slowshutter") & (theirs["revision"] == 1)].set_index("url").sort_index()
    assert list(own.index) == list(theirs.index)
    for column in ("headline", "byline", "published_at", "text", "extractor"):
        assert own[column].tolist() == theirs[column].tolist(), column
    assert "http://theslowshutter.test/" not in set(load("data/clean").failures["url"])  # a front page is no article
    again = [r.path for r in newsroom.requests[len(fetched) :] if r.path.count("/") == 2 and "sitemap" not in r.path]
    assert not set(again) & set(fetched) - {"/robots.txt", "/feed/"}  # articles are not fetched twice


def test_what_was_done_and_what_to_type_next_is_said(newsroom, call):
    code, out, err = call("outlets", "add", "http://kmagazine.test/")
    assert code == 0
    assert "http://kmagazine.test/rss" in out
    assert "K Magazine: 1 feed, 1 sitemap, markup of bdg, no layout of its own" in err
    assert "wrote mine/kmagazine-test.toml" in err
    assert "`presswatch outlets check kmagazine-test`" in err
    assert "`presswatch backfill --outlet kmagazine-test --since " in err
    assert "--dry-run`" in err
    assert "once `outlets` under [collect] in presswatch.toml names kmagazine-test" in err
    text = Path("mine/kmagazine-test.toml").read_text("utf-8")
    assert "# not read: not_article: a consent wall" in text
    assert "# its articles have dates at UTC -4 h" in text


def test_a_file_is_never_written_over_and_a_known_outlet_is_named(newsroom, call):
    Path("mine").mkdir()
    Path("mine/k.toml").write_text("# mine\n", "utf-8")
    code, out, err = call("outlets", "add", "http://kmagazine.test/", "--id", "k")
    assert (code, out) == (2, "")
    assert "mine/k.toml is here already" in err
    assert Path("mine/k.toml").read_text("utf-8") == "# mine\n"
    Path("mine/k.toml").unlink()
    assert call("outlets", "add", "http://kmagazine.test/", "--id", "k")[0] == 0
    asked = len(newsroom.requests)
    code, _, err = call("outlets", "add", "http://www.kmagazine.test/culture", "--id", "other")
    assert code == 2
    assert "K Magazine is known as 'k'" in err
    assert call("outlets", "add", "https://www.indiewire.com/", "--id", "other")[0] == 2
    assert len(newsroom.requests) == asked


@pytest.mark.parametrize(
    ("words", "ended"),
    [
        ("ftp://kmagazine.test/", (2, "no web address")),
        ("kmagazine.test", (2, "no web address")),
        ("http://kmagazine.test/ --id ../up", (2, "small letters")),
        ("http://reelbeacon.test/preview/", (1, "robots")),
        ("http://kmagazine.test/none/", (1, "gone")),
        ("http://kmagazine.test/none/", (1, "any other page that names its feeds will do")),
        ("http://kmagazine.test/media/still.svg", (1, "not_html")),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(newsroom, call, words, ended):
    code, out, err = call("outlets", "add", *words.split())
    assert (code, out) == (ended[0], "")
    assert ended[1] in err
    assert not Path("mine").exists()


@pytest.mark.parametrize("place", ["presswatch.toml/mine", "/proc/mine"])
def test_a_folder_that_will_not_do_is_told_before_anything_is_asked_for(newsroom, call, tmp_path, place):
    settings = tmp_path / "presswatch.toml"
    settings.write_text(settings.read_text("utf-8").replace('"mine"', f'"{place}"'), "utf-8")
    code, out, err = call("outlets", "add", "http://kmagazine.test/")
    assert (code, out) == (3, "")
    assert place.removesuffix("/mine") in err
    assert "`outlets` in presswatch.toml names another folder" in err
    assert newsroom.requests == []


def test_a_real_host_needs_a_contact_and_nobody_at_home_is_told(call, tmp_path):
    code, _, err = call("outlets", "add", "https://www.example.org/")
    assert code == 4
    assert "contact = " in err
    (tmp_path / "presswatch.toml").write_text(
        '[fetch]\ncontact = "a@b.test"\n[fetch.resolve]\n"tern.test" = "127.0.0.1:9"\n'
    )
    code, _, err = call("outlets", "add", "http://tern.test/")
    assert code == 6
    assert "unreachable" in err
    assert "is the host spelt right" in err
    assert "any other page" not in err
    assert not (tmp_path / "outlets").exists()


def test_without_a_configured_folder_the_default_is_made_and_what_to_configure_is_said(newsroom, call, tmp_path):
    settings = tmp_path / "presswatch.toml"
    settings.write_text(settings.read_text("utf-8").replace('outlets = "mine"\n', ""), "utf-8")
    code, _, err = call("outlets", "add", "http://kmagazine.test/", "--id", "k")
    assert code == 0
    assert load_outlet(Path("outlets/k.toml")).name == "K Magazine"
    assert 'put `outlets = "outlets"` at the top of presswatch.toml' in err


# ---------------------------------------------------------------- a site of our own

TOWNS = ["Marrow Point", "Orrin Bay", "Sallow Quay", "Corrigan Reach"]
FEED = '<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'


def article(town, number):
    lines = [
        f"The ferry to {town} leaves at dusk, and for most of the crossing nobody aboard says a word about it.",
        f"The people of {town} have counted its lamps for years, and they arrive at another number every time.",
        f"What stays of {town} is the last hour, when the engine stops and the harbor can be heard from the deck.",
        f"The council of {town} will vote on the pier in March, once the ice has gone and the boats are back.",
        f"Whoever has been to {town} knows the bell at the end of the pier, which was rung for the last time in May.",
    ]
    club = [
        "Every Thursday the members of our reading circle meet over soup at the customs house, and you may come too.",
        "A year of the circle costs as much as a pair of boots, and it keeps you warm for longer, as members say.",
    ]
    story, circle = ("".join(f"<p>{line}</p>" for line in group) for group in (lines, club))
    return (
        f"<html><head><title>To {town} | The Tern</title></head><body><main><h1>To {town}</h1>"
        f'<time datetime="2024-05-0{number}T08:00:00+02:00">May {number}, 2024</time>'
        f'<div class="story">{story}</div><div class="circle">{circle}</div></main></body></html>'
    )


@pytest.fixture
def tern(site):
    """A site of no known platform: a section page that names its feed, two sitemaps, a pitch under every article."""
    feed = "".join(
        f"<item><link>http://tern.test/a/{n}/</link><pubDate>0{n} May 2024 08:00 GMT</pubDate></item>"
        for n in range(1, len(TOWNS) + 1)
    )
    head = FEED.format(title="The Tern", href="/feed.xml") + FEED.format(title="Comments", href="/comments.xml")
    site.put("/film/", "<html><head><title>Film</title></head><body><p>Film</p></body></html>")
    site.put("/", f"<html><head><title>The Tern - boats and films</title>{head}</head><body><p>Hello</p></body></html>")
    site.put("/feed.xml", f"<rss version='2.0'><channel><title>T</title>{feed}</channel></rss>", "application/rss+xml")
    site.put(
        "/robots.txt",
        "User-agent: *\nDisallow: /private/\nSitemap: /private/map.xml\nSitemap: /map.xml\n",
        "text/plain",
    )
    urls = "<url><loc>http://tern.test/a/1/</loc></url>"
    site.put("/map.xml", f"<urlset>{urls}</urlset>", "application/xml")
    for n, town in enumerate(TOWNS, 1):
        site.put(f"/a/{n}/", article(town, n))
    return site


def test_a_site_of_no_platform_gets_what_can_be_found_and_remarks_on_the_rest(tern, run):
    code, told = run("outlets", "add", "http://tern.test/film/")
    assert code == 0
    outlet = load_outlet(Path("mine/tern-test.toml"))
    assert (outlet.name, outlet.family, outlet.timezone) == ("The Tern", None, "Europe/Berlin")
    assert [(source.kind, source.url) for source in outlet.discover] == [
        ("feed", "http://tern.test/feed.xml"),
        ("sitemap", "http://tern.test/map.xml"),
    ]
    assert outlet.layouts[-1].body == ".story"
    assert told["articles"] == [f"http://tern.test/a/{n}/" for n in (4, 3, 2)]
    assert "/comments.xml" not in tern.asked
    assert "/private/map.xml" not in tern.asked
    assert len(tern.asked) == len(set(tern.asked))
    text = Path("mine/tern-test.toml").read_text("utf-8")
    assert "# left out: http://tern.test/private/map.xml: robots" in text
    assert "# made of the page's title" in text
    assert "# a guess from 3 articles" in text


def test_an_outlet_without_feeds_gets_a_file_that_says_so(site, call):
    site.put(
        "/", "<html><head><meta property='og:site_name' content='The Tern'></head><body><p>Hello</p></body></html>"
    )
    code, _, err = call("outlets", "add", "http://tern.test/")
    assert code == 0
    assert "The Tern: no feed and no sitemap, no platform that is known" in err
    text = Path("mine/tern-test.toml").read_text("utf-8")
    assert "# no feed and no news sitemap was found" in text
    assert "# no sitemap was found" in text
    assert load_outlet(Path("mine/tern-test.toml")).discover == ()


def test_wordpress_is_asked_where_there_is_no_sitemap(site, run):
    head = '<meta name="generator" content="WordPress 6.7"><link rel="https://api.w.org/" href="/wp-json/">'
    site.put("/", f"<html><head><title>The Tern</title>{head}</head><body><p>Hello</p></body></html>")
    posts = [{"link": "http://tern.test/a/1/", "date_gmt": "2024-05-01T08:00:00", "title": {"rendered": "A"}}]
    path = "/wp-json/wp/v2/posts?per_page=1&_fields=link,title,date_gmt,modified_gmt"
    site.put(path, json.dumps(posts), "application/json")
    _, told = run("outlets", "add", "http://tern.test/")
    assert told["family"] == "wordpress"
    assert told["discover"] == [{"kind": "wordpress", "url": "http://tern.test/wp-json/wp/v2/posts"}]


def test_what_failed_leaves_nothing_open_and_nothing_to_be_read(newsroom, call):
    assert call("outlets", "add", "http://kmagazine.test/none/")[0] == 1
    assert list(Path("data/.spool").glob("*")) == []
    _, out, _ = call("status")
    assert "cut short" not in out
    assert "not read yet" not in out, "robots.txt and an answer that is no article"


# ---------------------------------------------------------------- sites that are odd


def urlset(*urls, root="urlset", one="url", day=None):
    news = f"<n:news><n:publication_date>{day}</n:publication_date></n:news>" if day else ""
    listed = "".join(f"<{one}><loc>{url}</loc>{news}</{one}>" for url in urls)
    return f"<{root} xmlns:n='x'>{listed}</{root}>"


def sources():
    return [(source.kind, source.url) for source in load_outlet(Path("mine/tern-test.toml")).discover]


def remarks():
    text = Path("mine/tern-test.toml").read_text("utf-8")
    return [line for line in text.splitlines() if line.startswith("#")]


def test_indexes_of_news_that_lead_on_and_on_are_left_after_three(tern, call):
    tern.put("/robots.txt", "Sitemap: /news-0.xml\n", "text/plain")
    for n in range(50):
        one = urlset(f"/news-{n + 1}.xml", root="sitemapindex", one="sitemap")
        tern.put(f"/news-{n}.xml", one, "application/xml")
    assert call("outlets", "add", "http://tern.test/")[0] == 0
    assert [path for path in tern.asked if "news" in path] == ["/news-0.xml", "/news-1.xml", "/news-2.xml"]
    assert ("sitemap", "http://tern.test/news-0.xml") in sources()


def test_what_a_sitemap_names_by_paths_is_found_as_a_backfill_finds_it(tern, run, call):
    tern.put("/", "<html><head><title>The Tern</title></head><body><p>Hello</p></body></html>")
    tern.put("/map.xml", urlset("/news-map.xml", root="sitemapindex", one="sitemap"), "application/xml")
    tern.put("/news-map.xml", urlset("/", *(f"/a/{n}/" for n in (1, 2, 3)), day="2024-05-02"), "application/xml")
    code, told = run("outlets", "add", "http://tern.test/")
    assert code == 0
    assert sources() == [("sitemap", "http://tern.test/map.xml"), ("news_sitemap", "http://tern.test/news-map.xml")]
    assert len(told["articles"]) == 3
    checked = {row["url"]: row["candidates"] for row in run("outlets", "check", "tern-test")[1]}
    added = {row["url"]: row["candidates"] for row in told["documents"]}
    assert added["http://tern.test/news-map.xml"] == checked["http://tern.test/news-map.xml"] == 3  # the home is none


def test_a_date_of_the_year_one_tells_no_timezone(tern, call):
    for n, town in enumerate(TOWNS, 1):
        page = article(town, n).replace(f"2024-05-0{n}T08:00:00+02:00", "0001-01-01T00:00:00+02:00")
        tern.put(f"/a/{n}/", page)
    assert call("outlets", "add", "http://tern.test/")[0] == 0
    assert load_outlet(Path("mine/tern-test.toml")).timezone == "UTC"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://intranet/", "'intranet' is no host name of the web"),
        ("http://me:secret@tern.test/", "`presswatch outlets add http://tern.test/`"),
        ("tern.test/film/", "`presswatch outlets add https://tern.test/film/`"),
    ],
)
def test_an_address_that_no_file_can_hold_is_told_before_anything_is_asked_for(site, call, url, told):
    code, out, err = call("outlets", "add", url)
    assert (code, out) == (2, "")
    assert told in err
    assert site.asked == []


def test_a_host_with_other_letters_is_one_outlet_in_both_spellings(site, call):
    site.put("/", '<html><head><title>Müller</title><link rel="alternate" type="application/rss+xml" href="/feed">')
    site.put("/feed", '<rss version="2.0"><channel><title>Müller</title></channel></rss>', "application/rss+xml")
    assert call("outlets", "add", "http://m\u00fcller.test/")[0] == 0
    assert load_outlet(Path("mine/muller-test.toml")).hosts == ("xn--mller-kva.test",)
    code, _, err = call("outlets", "add", "http://xn--mller-kva.test/", "--id", "other")
    assert code == 2
    assert "is known as 'muller-test'" in err


def test_a_host_that_the_page_leads_to_does_not_become_the_outlet(tern, call):
    tern.move("/", "http://consent.test/wall?x=1")
    tern.put("/wall?x=1", "<html><head><title>Before you continue</title></head><body><p>Cookies</p></body></html>")
    code, out, err = call("outlets", "add", "http://tern.test/")
    assert (code, out) == (2, "")
    assert "http://tern.test/ leads to http://consent.test/wall?x=1, another host" in err
    assert "`presswatch outlets add http://consent.test/`" in err
    assert not Path("mine").exists()


def test_a_page_that_was_named_will_do_where_the_front_page_fails(tern, call):
    tern.put("/", "no", status=403)
    assert call("outlets", "add", "http://tern.test/film/")[0] == 0
    assert sources() == [("sitemap", "http://tern.test/map.xml")]
    assert any("its front page was not read, which may name feeds: blocked" in line for line in remarks())


def test_a_page_that_was_named_will_do_where_the_front_page_leads_elsewhere(tern, call):
    tern.move("/", "http://consent.test/wall")
    tern.put("/wall", "<html><head><title>Before you continue</title></head><body><p>Cookies</p></body></html>")
    assert call("outlets", "add", "http://tern.test/film/")[0] == 0
    assert load_outlet(Path("mine/tern-test.toml")).hosts == ("tern.test",)
    assert any("leads to http://consent.test/wall, another host" in line for line in remarks())


def test_a_feed_that_is_down_today_is_kept_with_a_remark(tern, call):
    tern.put("/feed.xml", "oops", status=500)
    assert call("outlets", "add", "http://tern.test/")[0] == 0
    assert ("feed", "http://tern.test/feed.xml") in sources()
    text = Path("mine/tern-test.toml").read_text("utf-8")
    remark, _, rest = text.partition('[[discover]]\nkind = "feed"')
    assert remark.splitlines()[-1].startswith("# it did not answer when this file was made (server_error")
    assert rest


def test_what_was_not_asked_for_is_said_and_news_come_first(tern, call):
    links = "".join(FEED.format(title=f"Tag {n}", href=f"/tag{n}.xml") for n in range(8))
    tern.put("/", f"<html><head><title>The Tern</title>{links}</head><body><p>Hello</p></body></html>")
    maps = "".join(f"Sitemap: /map{n}.xml\n" for n in range(12))
    tern.put("/robots.txt", f"{maps}Sitemap: /news-map.xml\n", "text/plain")
    tern.put("/news-map.xml", urlset("/a/1/", day="2024-05-02"), "application/xml")
    assert call("outlets", "add", "http://tern.test/")[0] == 0
    assert ("news_sitemap", "http://tern.test/news-map.xml") in sources()
    told = "\n".join(remarks())
    assert "not asked for, beyond the first 6: 2 feeds: http://tern.test/tag6.xml, http://tern.test/tag7.xml" in told
    assert "not asked for, beyond the first 8: 5 sitemaps: http://tern.test/map7.xml" in told


def test_no_character_of_a_page_that_does_not_print_reaches_terminal_or_file(tern, call):
    name = "The \u202enreT\x1b[31m\u200b"
    head = f'<meta property="og:site_name" content="{name}">' + FEED.format(title="The Tern", href="/feed.xml")
    tern.put("/", f"<html><head>{head}</head><body><p>Hello</p></body></html>")
    code, out, err = call("outlets", "add", "http://tern.test/")
    assert code == 0
    text = Path("mine/tern-test.toml").read_text("utf-8")
    for told in (out, err, text, call("outlets", "list")[1]):
        assert not set("\u202e\x1b\u200b") & set(told)
    assert load_outlet(Path("mine/tern-test.toml")).name == "The nreT"


def test_a_host_gets_one_file_whether_its_folder_is_configured_or_not(newsroom, call, tmp_path):
    settings = tmp_path / "presswatch.toml"
    settings.write_text(settings.read_text("utf-8").replace('outlets = "mine"\n', ""), "utf-8")
    assert call("outlets", "add", "http://kmagazine.test/", "--id", "k")[0] == 0
    asked = len(newsroom.requests)
    code, _, err = call("outlets", "add", "http://kmagazine.test/", "--id", "other")
    assert code == 2
    assert "K Magazine is known as 'k': `presswatch outlets check outlets/k.toml`" in err
    assert len(newsroom.requests) == asked
    assert call("outlets", "check", "outlets/k.toml")[0] == 0
    code, _, err = call("outlets", "check", "k")
    assert code == 2
    assert 'outlets/k.toml is not read: put `outlets = "outlets"` at the top of presswatch.toml' in err
    assert [path.name for path in Path("outlets").iterdir()] == ["k.toml"]


def test_later_pages_of_an_article_come_with_it(tern, call, run):
    following = '<link rel="next" href="/a/4/2/">'
    tern.put("/a/4/", article(TOWNS[3], 4).replace("</head>", f"{following}</head>"))
    tern.put("/a/4/2/", article(TOWNS[3], 4).replace("harbor", "bay"))
    assert call("outlets", "add", "http://tern.test/")[0] == 0
    assert "/a/4/2/" in tern.asked


def test_the_pace_at_hosts_that_no_file_describes_is_the_settings(site, run, tmp_path):
    settings = tmp_path / "presswatch.toml"
    settings.write_text(settings.read_text("utf-8").replace("min_delay_s = 0", "min_delay_s = 0.3"), "utf-8")
    Path("mine").mkdir()
    Path("list").write_text("http://tern.test/a/\nhttp://tern.test/b/\n", "utf-8")
    code, told = run("backfill", "--urls", "list", "--dry-run")
    assert code == 0
    waits = [row["wait_s"] for row in told]
    assert waits[1] - waits[0] == pytest.approx(0.3, abs=0.01)
