"""`outlets record`: a fixture pair that is read as the page is, of the stored page where there is one."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from presswatch.extract import extract_article
from presswatch.outlets import load_outlet

PAPER = "http://theslowshutter.test/paper-regatta-orvane-short-film/"
SPRING = ("--since", "2026-02-01", "--until", "2026-04-01")


@pytest.fixture
def registered(newsroom, tmp_path):
    """The newsroom with its own outlet files."""
    settings = tmp_path / "presswatch.toml"
    text = settings.read_text("utf-8").replace('outlets = "mine"', f"outlets = {json.dumps(str(newsroom.outlets_dir))}")
    settings.write_text(text, "utf-8")
    return newsroom


def articles_of(newsroom, host):
    """The addresses of a host's articles, as its own front page lists them."""
    from selectolax.lexbor import LexborHTMLParser

    front = LexborHTMLParser(newsroom.answer(host, "/").body)
    return [f"http://{host}{link.attributes['href']}" for link in front.css("main h2 a, main h3 a, main a:has(h2)")]


def expect(told):
    """What the fixture's .json says, checked as tests/outlets/test_fixtures.py checks it."""
    expected = json.loads(Path(told["json"]).read_text("utf-8"))
    keys = set(expected) | set(expected.get("absent", ()))
    wanted = "headline byline published_at modified_at section language access text removed url fetched_at".split()
    assert keys - {"dek", "absent"} == set(wanted)
    assert all(expected.values())
    return expected


@pytest.mark.parametrize(
    ("outlet_id", "host"),
    [
        ("k", "kmagazine.test"),
        ("slowshutter", "theslowshutter.test"),
        ("andmatinee", "andmatinee.test"),
        ("thirdactnotebook", "thirdactnotebook.test"),
        ("lanternpost", "lanternpost.test"),
    ],
)
def test_a_pair_is_read_as_its_json_says_and_holds_nothing_of_the_page(registered, run, outlet_id, host):
    url = articles_of(registered, host)[-1]
    code, told = run("outlets", "record", url)
    assert code == 0
    assert told["differs"] == []
    assert told["is_stored"] is False
    html = Path(told["html"])
    assert html.parent == Path("fixtures", outlet_id)
    assert Path(told["json"]) == html.with_suffix(".json")
    expected = expect(told)
    outlet = load_outlet(registered.outlets_dir / f"{outlet_id}.toml")
    at = datetime.fromisoformat(expected["fetched_at"])
    article = extract_article(html.read_bytes(), expected["url"], outlet=outlet, fetched_at=at)
    assert article.text.split("\n") == expected["text"]
    assert article.headline == expected["headline"]
    assert list(article.byline) == expected["byline"]
    removed = [block.text for block in article.removed]
    assert all(any(words in text for text in removed) for words in expected["removed"])
    page = registered.answer(host, url.removeprefix(f"http://{host}")).body
    original = extract_article(page, url, outlet=outlet, fetched_at=at)
    assert original.extractor == article.extractor
    assert original.published_at == article.published_at
    assert not [line for line in original.text.split("\n") if line in html.read_text("utf-8")]


def test_a_stored_page_is_taken_and_nothing_is_asked_for(registered, run):
    run("backfill", *SPRING, "--outlet", "slowshutter")
    asked = len(registered.requests)
    url = articles_of(registered, "theslowshutter.test")[-1]
    code, told = run("outlets", "record", f"{url}?utm_source=x", "--outlet", "slowshutter", "--out", "pairs")
    assert (code, told["is_stored"]) == (0, True)
    assert Path(told["html"]).parent == Path("pairs")
    assert len(registered.requests) == asked


def test_what_was_fetched_for_a_pair_is_not_fetched_again(registered, run):
    url = articles_of(registered, "theslowshutter.test")[-1]
    assert run("outlets", "record", url)[1]["is_stored"] is False
    run("outlets", "record", url, "--out", "again")
    run("backfill", *SPRING, "--outlet", "slowshutter")
    assert [r.path for r in registered.requests].count(url.removeprefix("http://theslowshutter.test")) == 1


def test_a_pair_is_never_written_over(registered, call):
    url = articles_of(registered, "kmagazine.test")[-1]
    assert call("outlets", "record", url)[0] == 0
    written = {path: path.read_bytes() for path in Path("fixtures").rglob("*.*")}
    code, out, err = call("outlets", "record", url)
    assert (code, out) == (2, "")
    assert "is here already" in err
    assert {path: path.read_bytes() for path in Path("fixtures").rglob("*.*")} == written


def ferry(site, path, title="A Ferry"):
    lines = "".join(
        f"<p>The ferry number {n} leaves the pier at dusk, and nobody aboard says a word.</p>" for n in range(9)
    )
    body = f"<article><h1>{title}</h1>{lines}</article>"
    site.put(path, f"<html lang=en><head><title>{title}</title></head><body>{body}</body></html>")
    return f"http://tern.test{path}"


def test_pages_whose_addresses_end_alike_get_names_of_their_own(site, run, call):
    Path("mine").mkdir()
    paths = ["/2024/05/1001.html", "/2024/05/1002.html", "/film/review/", "/music/review/", "/?p=12"]
    told = [run("outlets", "record", ferry(site, path))[1] for path in paths]
    names = [Path(row["html"]).name for row in told]
    assert names == ["1001.html", "1002.html", "review.html", "music-review.html", "p-12.html"]
    assert [Path(row["json"]).stem for row in told] == [name.removesuffix(".html") for name in names]
    code, _, err = call("outlets", "record", "http://tern.test/music/review/")
    assert code == 2
    assert "music-review.json is here already" in err
    assert "--out DIR" in err


def test_a_title_of_another_script_stands_neither_in_the_page_nor_in_the_files_name(site, run):
    Path("mine").mkdir()
    title = "Тайна пристани"
    told = run("outlets", "record", ferry(site, f"/news/{quote(title.replace(' ', '-'))}/", title))[1]
    name, page = Path(told["html"]).stem, Path(told["html"]).read_text("utf-8")
    assert name.count("-") == 1
    for word in title.casefold().split():
        assert word not in name
        assert word not in unquote(page + told["url"]).casefold()


def test_a_page_that_is_not_stored_is_not_looked_for_in_all_that_is(site, run):
    """Where memory says that nothing is stored no WARC file is opened: one that cannot be read is no matter."""
    Path("mine").mkdir()
    run("outlets", "record", ferry(site, "/a/one.html"))
    (warc,) = Path("data/raw/tern-test").rglob("*.warc.gz")
    aside = warc.rename(warc.with_suffix(".aside"))
    warc.symlink_to(warc.name)
    assert run("outlets", "record", ferry(site, "/a/two.html"))[0] == 0
    aside.rename(warc)
    assert run("outlets", "record", "http://tern.test/a/one.html", "--out", "again")[1]["is_stored"] is True


@pytest.mark.parametrize("place", ["presswatch.toml", "/proc/pairs"])
def test_a_folder_that_will_not_do_is_told_before_anything_is_asked_for(registered, call, place):
    url = articles_of(registered, "kmagazine.test")[-1]
    code, out, err = call("outlets", "record", url, "--out", place)
    assert (code, out) == (3, "")
    assert place in err
    assert "--out names another folder" in err
    assert registered.requests == []


@pytest.mark.parametrize(
    ("words", "ended"),
    [
        ("theslowshutter.test/a", (2, "no web address")),
        ("http://theslowshutter.test/a/ --outlet slowshuter", (2, "did you mean 'slowshutter'?")),
        ("http://theslowshutter.test/none/", (1, "gone")),
        ("http://kmagazine.test/culture/orvane-seven-songs-for-an-empty-pool", (1, "a consent wall")),
    ],
)
def test_what_is_no_article_gives_no_pair(registered, call, words, ended):
    code, out, err = call("outlets", "record", *words.split())
    assert (code, out) == (ended[0], "")
    assert ended[1] in err
    assert not Path("fixtures").exists()


def test_a_page_of_no_known_outlet_is_filed_under_its_host(site, run):
    Path("mine").mkdir()
    code, told = run("outlets", "record", ferry(site, "/a/ferry-at-dusk.html"))
    assert (code, told["differs"], told["outlet_id"]) == (0, [], "tern-test")
    assert set(json.loads(Path(told["json"]).read_text("utf-8"))["absent"]) >= {"byline", "published_at", "section"}


def test_nobody_at_home_ends_with_6(call, tmp_path):
    (tmp_path / "presswatch.toml").write_text(
        '[fetch]\ncontact = "a@b.test"\n[fetch.resolve]\n"tern.test" = "127.0.0.1:9"\n'
    )
    code, _, err = call("outlets", "record", "http://tern.test/a/")
    assert code == 6
    assert "unreachable" in err
