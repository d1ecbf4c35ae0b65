from __future__ import annotations

import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from presswatch.errors import ConfigError, UsageError
from presswatch.outlets import Layout, load_outlet, load_outlets
from presswatch.urls import bare_host

PACKAGED = load_outlets()
FAMILIES = sorted(entry.name.removesuffix(".toml") for entry in (files("presswatch.outlets") / "families").iterdir())


def write(folder: Path, outlet_id: str, text: str) -> Path:
    path = folder / f"{outlet_id}.toml"
    path.write_text(text, "utf-8")
    return path


def faults_of(folder: Path, text: str, outlet_id: str = "gazette") -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_outlet(write(folder, outlet_id, text))
    assert str(folder / f"{outlet_id}.toml") in str(caught.value)
    return list(caught.value.faults)


GAZETTE = 'id = "gazette"\nname = "The Gazette"\nhosts = ["gazette.test"]\n'


def test_an_outlet_needs_three_keys_only(tmp_path: Path) -> None:
    outlet = load_outlet(write(tmp_path, "gazette", GAZETTE))
    assert (outlet.id, outlet.name, outlet.hosts) == ("gazette", "The Gazette", ("gazette.test",))
    assert outlet.layouts == (Layout(),)
    assert outlet.min_delay_s == 5.0


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    faults = faults_of(
        tmp_path,
        """
        id = "Gazette"
        hosts = ["gazette.test", "https://gazette.test/"]
        tiemzone = "America/New_York"
        timezone = "America/Old_York"
        min_delay_s = -1
        aliases = "TG"
        family = "wordpres"

        [[discover]]
        kind = "rss"
        url = "gazette.test/feed"

        [[layouts]]
        strip = ["div["]
        stop = ["(unclosed"]
        body = ""
        """,
    )
    wanted = [
        "`tiemzone` is not known; did you mean 'timezone'?",
        "`name` is missing",
        "'Gazette': small letters",
        "'https://gazette.test/' is no host name",
        "no family 'wordpres'; did you mean 'wordpress'?",
        "'America/Old_York' is unknown",
        "`min_delay_s` is -1",
        "`aliases` is 'TG': a list of texts",
        "`discover[0].kind` is 'rss'",
        "`discover[0].url` is 'gazette.test/feed', no http address",
        "`layouts[0].strip`: 'div[' is no CSS selector",
        "`layouts[0].stop`: '(unclosed' is no regular expression",
        "`layouts[0].body` is ''",
    ]
    for part in wanted:
        assert any(part in fault for fault in faults), part
    assert len(faults) == len(wanted)


SOURCE = "[[discover]]\nkind = '{}'\nurl = 'https://gazette.test{}'\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GAZETTE + "[[layouts]]\nboddy = '.a'", "`layouts[0].boddy` is not known; did you mean 'body'?"),
        (GAZETTE + "[[discover]]\nkind = 'feed'\nurll = 'x'\nurl = 'https://gazette.test/'", "did you mean 'url'?"),
        (GAZETTE + "[layouts]\nbody = '.a'", "[[layouts]] is wanted"),
        (
            GAZETTE + "[[layouts]]\nuntil = '2020-01-01'\n[[layouts]]",
            "a date without quotes, like 2024-06-30 is wanted",
        ),
        (GAZETTE + "[[layouts]]\n[[layouts]]", "`layouts[0].until` is missing"),
        (GAZETTE + "[[layouts]]\nuntil = 2020-01-01", "`layouts[0].until`: the last layout goes without"),
        (GAZETTE + "[[layouts]]\nuntil = 2020-01-01\n[[layouts]]\nuntil = 2019-01-01\n[[layouts]]", "oldest first"),
        (GAZETTE + "[[layouts]]\nuntil = 2020-01-01\n[[layouts]]\nuntil = 2020-01-01\n[[layouts]]", "oldest first"),
        (GAZETTE.replace('["gazette.test"]', "[]"), "`hosts` is empty"),
        (GAZETTE + "article_number = '(open'", "`article_number`: '(open' is no regular expression"),
        (GAZETTE + "article_number = '-\\d+$'", "is to have one group, around the number"),
        (GAZETTE + SOURCE.format("feed", "/{yyyy}/feed"), "{yyyy} means nothing where `kind` is 'feed'"),
        (GAZETTE + SOURCE.format("archive", "/{yyyy}/{month}/"), "{month} means nothing where `kind` is 'archive'"),
        (GAZETTE + SOURCE.format("archive", "/{mm}/"), "an archive's has {yyyy}, and may have {mm} and {dd}"),
        (GAZETTE + SOURCE.format("archive", "/{yyyy}/{dd}/"), "an archive's has {yyyy}, and may have {mm} and {dd}"),
        (GAZETTE + SOURCE.format("feed", "/feed") + "pages = 'https://gazette.test/2'", "with {n} for their number"),
        (GAZETTE + SOURCE.format("sitemap", "/s") + "pages = 'https://gazette.test/{n}'", "of a feed or archive"),
        (GAZETTE + SOURCE.format("feed", "/feed") + "links = 'a'", "'a' is for archives only"),
        (GAZETTE + SOURCE.format("archive", "/{yyyy}/") + "links = 'a['", "'a[' is no CSS selector"),
        ("id = ", "Invalid value"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, text: str, told: str) -> None:
    assert any(told in fault for fault in faults_of(tmp_path, text))


def test_a_day_that_is_none_is_not_told_as_missing_too(tmp_path: Path) -> None:
    assert len(faults_of(tmp_path, GAZETTE + "[[layouts]]\nuntil = 'May'\n[[layouts]]")) == 1


def test_the_file_is_named_after_the_id(tmp_path: Path) -> None:
    assert "the file is named herald.toml" in faults_of(tmp_path, GAZETTE, "herald")[0]


def test_what_is_no_text_is_a_fault_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "gazette.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError):
        load_outlet(path)
    with pytest.raises(ConfigError):
        load_outlet(tmp_path / "missing.toml")


def test_a_layout_inherits_from_its_family(tmp_path: Path) -> None:
    text = (
        GAZETTE
        + """
        family = "wpcom"
        [[layouts]]
        until = 2020-12-31
        body = ".storycontent"
        [[layouts]]
        strip = [".promo"]
        stop = ["^In other news$"]
        """
    )
    old, new = load_outlet(write(tmp_path, "gazette", text)).layouts
    family = load_outlet(write(tmp_path, "herald", GAZETTE.replace("gazette", "herald") + 'family = "wpcom"')).layouts[
        0
    ]
    assert (old.until, old.body, old.strip) == (date(2020, 12, 31), ".storycontent", family.strip)
    assert new == Layout(
        body=family.body,
        headline=family.headline,
        byline=family.byline,
        strip=(*family.strip, ".promo"),
        stop=(*family.stop, "^In other news$"),
    )


def test_a_family_inherits_from_another() -> None:
    wpcom, wordpress = PACKAGED["directorsseries"].layouts[-1], PACKAGED["filmstage"].layouts[-1]
    assert wpcom.body == wordpress.body
    assert set(wordpress.stop) < set(wpcom.stop)


def test_a_day_has_a_layout() -> None:
    outlet = PACKAGED["indiewire"]
    old, new = outlet.layouts
    assert old.until is not None
    assert outlet.layout_at(old.until) is old
    assert outlet.layout_at(date(2024, 5, 5)) is new
    assert outlet.layout_at(None) is new


def test_an_outlet_of_the_user_takes_the_place_of_a_packaged_one(tmp_path: Path) -> None:
    write(tmp_path, "filmstage", 'id = "filmstage"\nname = "Mine"\nhosts = ["thefilmstage.com", "mine.test"]')
    write(tmp_path, "gazette", GAZETTE)
    registry = load_outlets(tmp_path)
    assert set(registry) == {*PACKAGED, "gazette"}
    assert registry["filmstage"].name == "Mine"
    assert registry.for_url("https://mine.test/a") is registry["filmstage"]
    assert PACKAGED["filmstage"].name == "The Film Stage"


def test_two_outlets_cannot_share_a_host(tmp_path: Path) -> None:
    write(tmp_path, "gazette", GAZETTE.replace("gazette.test", "www.thefilmstage.com"))
    with pytest.raises(ConfigError, match=r"thefilmstage\.com belongs to both 'filmstage' and 'gazette'"):
        load_outlets(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        load_outlets(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("name", "outlet_id"),
    [
        ("W", "w"),
        ("W magazine", "w"),
        ("directors-series", "directorsseries"),
        ("The Film Stage", "filmstage"),
        ("the_film_stage", "filmstage"),
        ("the-hollywood-reporter", "hollywoodreporter"),
        ("/Film", "slashfilm"),
        ("Indiewire", "indiewire"),
        ("THR", "hollywoodreporter"),
        ("New York Times", "nytimes"),
        ("A.V. Club", "avclub"),
        ("the guardian", "guardian"),
        ("Consequence of Sound", "consequence"),
        ("RogerEbert.com", "rogerebert-com"),
    ],
)
def test_an_outlet_is_known_by_its_names(name: str, outlet_id: str) -> None:
    outlet = PACKAGED.named(name)
    assert outlet is not None
    assert outlet.id == outlet_id


@pytest.mark.parametrize("name", ["Roger Ebert", "The Times", "Screen", "Rolling Stones", "New York Magazine"])
def test_what_means_somebody_else_is_no_name_of_an_outlet(name: str) -> None:
    assert PACKAGED.named(name) is None


@pytest.mark.parametrize(
    ("url", "outlet_id"),
    [
        ("https://rss.nytimes.com/services/xml/rss/nyt/Movies.xml", "nytimes"),
        ("https://consequenceofsound.net/2016/a/", "consequence"),
        ("https://www.indiewire.com/news/a-1/", "indiewire"),
        ("http://m.indiewire.com/news/a-1/", "indiewire"),
        ("https://old.blog.slashfilm.com:8080/a", "slashfilm"),
        ("https://notindiewire.com/a", None),
        ("https://indiewire.com.evil.test/a", None),
        ("mailto:a@indiewire.com", None),
        ("https://[", None),
    ],
)
def test_an_outlet_is_known_by_its_hosts(url: str, outlet_id: str | None) -> None:
    outlet = PACKAGED.for_url(url)
    assert (outlet.id if outlet else None) == outlet_id
    assert {owner.id for owner in PACKAGED.values() if owner.owns(url)} == ({outlet_id} - {None})


def test_an_unknown_id_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'indiewire'"):
        PACKAGED.need("indiewier")
    with pytest.raises(UsageError, match="did you mean 'nme'"):
        PACKAGED.need("NME")
    assert PACKAGED.need("w").id == "w"


def test_hosts_and_names_of_packaged_outlets_are_unique() -> None:
    hosts = [bare_host(host) for outlet in PACKAGED.values() for host in outlet.hosts]
    assert len(hosts) == len(set(hosts))
    for outlet in PACKAGED.values():
        for name in (outlet.id, outlet.name, *outlet.aliases):
            assert PACKAGED.named(name) is outlet, name


@pytest.mark.parametrize("family", FAMILIES)
def test_families_are_sound(tmp_path: Path, family: str) -> None:
    outlet = load_outlet(write(tmp_path, "gazette", f'{GAZETTE}family = "{family}"'))
    assert outlet.layouts[-1].body


@pytest.mark.parametrize("outlet_id", list(PACKAGED))
def test_packaged_rules_work_in_the_parser_and_can_be_discovered(outlet_id: str) -> None:
    outlet = PACKAGED[outlet_id]
    assert outlet.discover
    assert all(outlet.owns(source.url) for source in outlet.discover)
    page = LexborHTMLParser("<html><body><p>Nothing of theirs.</p></body></html>")
    for layout in outlet.layouts:
        assert layout.body
        for selector in (layout.body, layout.headline, layout.byline, layout.dek, *layout.strip):
            assert selector is None or page.css(selector) == [] or selector == "h1"


OWN_PROMOS = [
    ("deadline", "Watch on Deadline"),
    ("hollywoodreporter", "This story first appeared in the May 8 issue of The Hollywood Reporter magazine."),
    ("vulture", "Already a subscriber? Sign in"),
    ("collider", "Please verify your email address."),
    ("playlist", "Follow along for all our coverage of the Alder Bay festival."),
    ("screendaily", "Register to read this story"),
    ("nytimes", "Want all of The Times? Subscribe."),
    ("pitchfork", "All products featured on Pitchfork are independently selected by our editors."),
    ("consequence", "Get Wheat City Festival Tickets Here"),
    ("lwlies", "Published 1 Oct 2023"),
]
SENTENCES = [
    "Popular on IndieWire",
    "Related Stories",
    "Must Read: The Kites of Orrin Bay Fly Again",
    "Read More: Ten Films to See Before the Thaw",
    "More from IndieWire",
    "Daily Headlines",
]
FORM = [
    "Leave a Reply",
    "Leave a Reply  Cancel reply",
    "Fill in your details below or click an icon to log in:",
    "Fill in your\u00a0details below or click an icon to log in: Logo",
    "You are commenting using your WordPress.com account. ( Log\u00a0Out /  Change )",
    "You are commenting using your account. Log Out /  Change )",
    "You are commenting using your Twitter account. (\u00a0Log Out\u00a0/\u00a0Change\u00a0)",
    "Connecting\u00a0to %s",
    "Notify me of new  comments via email.",
    "Twitter picture",
    "Share this:",
]
ORDINARY = [
    "Popular on the festival circuit, the film took two years to find a distributor.",
    "Must read lists have no place in her house, she said.",
    "Leave a reply to the casting office, the notice said, and somebody will call.",
    "Connecting to the audience took her three films.",
    "Related stories of the valley were cut from the second draft.",
    "Advertisements for the film were painted by hand.",
    "Recommended by her neighbour, the actor turned up with a kite.",
    "Already a subscriber to the theory, she moved to the coast.",
    "This story first appeared in the diary of a lighthouse keeper, who burned it.",
    "Email is sent by carrier gull on the island, and arrives.",
    "Published 1 October 2023 under another name, the novel sold nine copies.",
    "Get two tickets here and three there, and you have a family.",
    "Register to read, the sign said, and nobody did.",
    "Watch on Deadline Street, where the clock has stopped.",
]


def is_stopped(outlet_id: str, text: str) -> bool:
    return any(re.search(rule, text) for rule in PACKAGED[outlet_id].layouts[-1].stop)


@pytest.mark.parametrize("text", SENTENCES)
def test_promos_are_stopped(text: str) -> None:
    assert is_stopped("indiewire", text)


@pytest.mark.parametrize(("outlet_id", "text"), OWN_PROMOS)
def test_promos_of_one_outlet_are_stopped(outlet_id: str, text: str) -> None:
    assert is_stopped(outlet_id, text)


@pytest.mark.parametrize("text", FORM)
def test_the_comment_form_is_stopped(text: str) -> None:
    assert is_stopped("directorsseries", text)
    assert is_stopped("filmstage", text)


@pytest.mark.parametrize("text", ORDINARY)
@pytest.mark.parametrize("outlet_id", list(PACKAGED))
def test_ordinary_sentences_are_not_stopped(outlet_id: str, text: str) -> None:
    assert not is_stopped(outlet_id, text)


PENSKE = ("deadline", "hollywoodreporter", "indiewire", "rollingstone", "variety")


@pytest.mark.parametrize("outlet_id", PENSKE)
def test_penske_s_numbers_outlive_their_slugs(outlet_id: str) -> None:
    outlet = load_outlets()[outlet_id]
    home = f"https://www.{outlet.hosts[0]}"
    one = outlet.identity(f"{home}/2022/film/news/kites-over-quay-1235012345/")
    assert one == f"{outlet.hosts[0]}#1235012345"
    same = ("/2023/06/eels-1235012345", "/eels-1235012345/amp/", "/eels-1235012345/?utm_source=x")
    assert {outlet.identity(home + path) for path in same} == {one}
    others = (
        "/film/kites-1235012346/",
        "/film/kites-1235012345/2/",  # a later page
        "/film/kites-1235012345/?page=2",
        "/music/kites-20130621",  # a date
        "/tag/kites-900123/",
        "/1235012345/",
    )
    identities = {outlet.identity(home + path) for path in others}
    assert len(identities) == len(others)
    assert one not in identities
    elsewhere = "https://gazette.test/kites-1235012345/"
    assert outlet.identity(elsewhere) == "gazette.test/kites-1235012345"


def test_slashfilm_s_numbers_outlive_their_slugs() -> None:
    outlet = load_outlets()["slashfilm"]
    assert outlet.identity("https://www.slashfilm.com/1699999/kites/") == "slashfilm.com#1699999"
    assert outlet.identity("https://www.slashfilm.com/1699999/eels/") == "slashfilm.com#1699999"
    assert outlet.identity("https://www.slashfilm.com/category/movies/") == "slashfilm.com/category/movies"


def test_no_other_packaged_outlet_takes_a_number_for_an_article() -> None:
    assert {outlet.id for outlet in load_outlets().values() if outlet.article_number} == {*PENSKE, "slashfilm"}
