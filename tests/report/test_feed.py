"""The feed: what RFC 4287 asks for, what is kept and what goes, and hostile words in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.report import (
    Digest,
    Feed,
    add_news,
    begin_feed,
    feed_from_json,
    feed_to_json,
    follow_stories,
    render_feed,
)
from presswatch.report.digest import NewArticle, NewClaim, NewDifference, NewRevision, Sentence, StoryNews

MAY = datetime(2031, 5, 12, 9, 30, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


def make_news(story_id: str = "5a17", headline: str = "The Salt Ferry sails", **more: object) -> StoryNews:
    article = NewArticle(
        article_id=f"a-{story_id}", outlet="Reel & Rope", headline=headline, url="https://reel.example/?a&b"
    )
    fields = {"topics": ("salt-ferry",), "is_new": False, "article_count": 3, "outlet_count": 2, "articles": (article,)}
    told = {"story_id": story_id, "headline": headline, "last_published_at": MAY, **fields, **more}
    return StoryNews(**told)  # type: ignore[arg-type]


def make_digest(*stories: StoryNews, **more: int) -> Digest:
    return Digest(story_count=more.pop("story_count", len(stories)), stories=stories, **more)


def read(feed: Feed) -> ET.Element:
    return ET.fromstring(render_feed(feed))  # noqa: S314 - of our own making


def texts(feed: Feed, name: str) -> list[str | None]:
    return [one.text for one in read(feed).iterfind(f"{ATOM}entry/{ATOM}{name}")]


@pytest.fixture
def empty() -> Feed:
    return begin_feed("https://press.example.org/about", "20310512T093000Z-abc123", MAY)


def test_a_feed_has_all_that_the_standard_asks_for(empty: Feed) -> None:
    feed = add_news(empty, make_digest(make_news(), make_news("5a18", "Lamps of Quillon")), MAY + timedelta(hours=2))
    root = read(feed)
    assert root.tag == f"{ATOM}feed"
    for node in (root, *root.iterfind(f"{ATOM}entry")):
        assert [len(node.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert node.find(f"{ATOM}author/{ATOM}name") is not None
        assert len([link for link in node.iterfind(f"{ATOM}link") if link.get("rel") == "alternate"]) == 1
        updated = node.findtext(f"{ATOM}updated") or ""
        assert datetime.strptime(updated, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) == MAY + timedelta(hours=2)
    ids = [one.text or "" for one in root.iter(f"{ATOM}id")]
    assert len(set(ids)) == 3
    assert ids[0] == "tag:press.example.org,2031-05-12:presswatch/20310512T093000Z-abc123"
    assert all(one.startswith(ids[0]) for one in ids)
    (own,) = [link.get("href") for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own == "feed.xml"


def test_a_reader_of_feeds_understands_it(empty: Feed) -> None:
    difference = NewDifference(
        kind="number", unit="crews", value_a="nine", outlet_a="Quay", text_a="By nine crews.", value_b="ten",
        outlet_b="Reel & Rope", text_b="By <ten> crews.", severity=0.5,
    )  # fmt: skip
    revision = NewRevision(
        article_id="a", revision=2, outlet="Quay", headline="Salt", url=None,
        changes=(Sentence(before="It sails on Sunday.", after="It sails on Monday."),),
    )  # fmt: skip
    claims = tuple(NewClaim(claim_id=f"c{n}", text=f"Claim {n}.", outlets=("Quay",)) for n in range(20))
    news = make_news(differences=(difference,), revisions=(revision,), claims=claims)
    found = feedparser.parse(render_feed(add_news(empty, make_digest(news), MAY)))
    assert not found.bozo
    (entry,) = found.entries
    assert entry.title == "The Salt Ferry sails"
    assert entry.link == "5a17.html"
    assert entry.summary == "1 new article, 20 new claims, 1 new difference, 1 changed article"
    assert [author.name for author in entry.authors] == ["Reel & Rope", "Quay"]
    assert [tag.term for tag in entry.tags] == ["salt-ferry"]
    content = entry.content[0].value
    assert "By &lt;ten&gt; crews." in content
    assert "It sails on <del>Sunday.</del> <ins>Monday.</ins>" in content
    assert '<a href="https://reel.example/?a&amp;b">' in content
    assert "Claim 11." in content
    assert "Claim 12." not in content, "a feed does not reprint an article"
    assert "and 8 more claims" in content


@pytest.mark.parametrize(
    "contact", [None, "desk@example.org", "https://[bad/", "https://localhost/", "https://\u00fc.example/"]
)
def test_without_a_contact_of_ones_own_the_id_is_in_nobodys_name(contact: str | None) -> None:
    assert begin_feed(contact, "run", MAY).feed_id == "tag:presswatch.invalid,2031-05-12:presswatch/run"


def test_news_that_is_told_again_stands_once(empty: Feed) -> None:
    one, other = make_news(), make_news("5a18", "Lamps of Quillon")
    feed = add_news(add_news(empty, make_digest(one, other), MAY), make_digest(one), MAY + timedelta(hours=2))
    assert texts(feed, "title") == ["The Salt Ferry sails", "Lamps of Quillon"]
    assert texts(feed, "updated") == ["2031-05-12T11:30:00Z", "2031-05-12T09:30:00Z"]
    more = make_news(articles=(*one.articles, NewArticle(article_id="b", outlet="Quay", headline="Salt", url=None)))
    assert len(set(texts(add_news(feed, make_digest(more), MAY), "id"))) == 3


def test_older_entries_are_kept_up_to_a_number(empty: Feed) -> None:
    feed = empty
    for number in range(30):
        stories = [make_news(f"{number}-{at}", f"Story {number} {at}") for at in range(10)]
        feed = add_news(feed, make_digest(*stories), MAY + timedelta(hours=number))
    titles = texts(feed, "title")
    assert len(titles) == 200
    assert titles[0] == "Story 29 0"
    assert titles[-1] == "Story 10 9"


def test_what_is_not_told_one_by_one_is_counted(empty: Feed) -> None:
    first = Digest(is_first=True, story_count=312, new_story_count=312, topic_counts={"salt-ferry": 2})
    feed = add_news(empty, first, MAY)
    assert texts(feed, "title") == ["312 stories to begin with, 2 of salt-ferry"]
    assert read(feed).find(f"{ATOM}entry/{ATOM}link").get("href") == "index.html"  # type: ignore[union-attr]
    feed = add_news(feed, make_digest(make_news(), story_count=41, new_story_count=41), MAY + timedelta(hours=1))
    assert texts(feed, "title")[:2] == ["The Salt Ferry sails", "40 more stories with news"]
    assert add_news(feed, Digest(), MAY + timedelta(hours=2)) == feed


def test_entries_follow_their_stories_and_go_with_them(empty: Feed) -> None:
    count = Digest(is_first=True, story_count=9, new_story_count=9)
    feed = add_news(
        add_news(empty, count, MAY), make_digest(*(make_news(f"5a{n}", f"Story {n}") for n in range(4))), MAY
    )
    feed = follow_stories(feed, {"5a0": "5aff", "5a1": None}, dropped=["5a2"])
    links = [link.get("href") for link in read(feed).iterfind(f"{ATOM}entry/{ATOM}link")]
    assert links == ["5aff.html", "5a3.html", "index.html"]


def test_what_is_stored_is_what_is_read(empty: Feed) -> None:
    feed = add_news(empty, make_digest(make_news(), make_news("5a18", "渡し船 “returns”")), MAY)
    assert feed_from_json(feed_to_json(feed)) == feed
    for damaged in (
        "",
        "[]",
        "{}",
        feed_to_json(feed)[:-20],
        feed_to_json(feed).replace('"version": 1', '"version": 9'),
    ):
        with pytest.raises(ValueError, match=r"\S"):
            feed_from_json(damaged)


@given(
    st.text(
        st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("<&\"'>]\x00\x0b\ufffe\uffff")), min_size=1
    )
)
def test_any_words_make_a_feed_that_can_be_read(words: str) -> None:
    article = NewArticle(article_id="a", outlet=words, headline=words, url=f"https://a.example/{words}")
    news = make_news(headline=words, topics=(words,), articles=(article,))
    feed = add_news(begin_feed(None, "run", MAY), make_digest(news), MAY)
    root = read(feed)
    content = root.findtext(f"{ATOM}entry/{ATOM}content") or ""
    assert "<script" not in content
    assert content.count("<a ") == 1
