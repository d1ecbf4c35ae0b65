"""What is new after a run, told from an archive before and after it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rich.cells import cell_len
from rich.console import Console

from presswatch.comparer import compare_articles
from presswatch.model import Article, digest_text, make_id
from presswatch.report import Digest, find_news, render_digest, render_news
from presswatch.report.digest import MOST_TOLD, Sentence
from presswatch.tables import TABLES, make_frame
from presswatch.tables.merge import READ_TABLES
from shelves import Archive

NOON = datetime(2031, 5, 12, 12, tzinfo=UTC)
FERRY = [
    "The slow ferry Aurelia of Vell will sail again on Sunday after eleven years, the harbour office said.",
    "“We never doubted that the Aurelia would leave this harbour once more,” said Captain Oda Brannt.",
]


def make_article(outlet: str, headline: str, *sentences: str, hours: float = 0.0) -> Article:
    text = "\n".join(sentences)
    return Article(
        article_id=make_id(outlet, headline.partition(":")[0]),
        outlet_id=outlet,
        url=f"https://{outlet}.example/{headline.split(maxsplit=1)[0].lower()}",
        headline=headline,
        text=text,
        text_digest=digest_text(text),
        published_at=NOON + timedelta(hours=hours),
        extractor="generic",
    )


def run(archive: Archive, articles: Sequence[Article], *, at: float, topics: str | None = None) -> Archive:
    """The archive after a run that read these articles, captured so many hours after noon."""
    alone = compare_articles(articles)
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in READ_TABLES}
    for article in articles:
        seen = NOON + timedelta(hours=at)
        plain = {name: getattr(article, name) for name in ("article_id", "outlet_id", "url", "headline", "text")}
        rows["articles"].append(
            plain
            | {"text_digest": article.text_digest, "published_at": article.published_at, "access": "full"}
            | {"extractor": "generic", "revision": 1, "topics": topics}
            | {"fetched_at": seen, "first_seen_at": seen, "capture_id": make_id(article.article_id, at)}
        )
    frames = {name: make_frame(TABLES[name], found) for name, found in rows.items()}
    return archive.run(frames | {"mentions": alone.mentions})


def news(before: Archive, after: Archive, *, has_topics: bool = False) -> Digest:
    assert after.compared is not None
    return find_news(before.shelf, after.shelf, after.compared.parts, after.stories, has_topics=has_topics)


@pytest.fixture
def ferry() -> Archive:
    """A story of two outlets, and another of one."""
    return run(
        Archive(),
        [
            make_article("quay", "Aurelia sails again", *FERRY),
            make_article("kino", "The Aurelia ferry returns", *FERRY, hours=1),
            make_article("reel", "Lamps of Quillon", "Forty lamp makers met in Quillon on Friday to elect a warden."),
        ],
        at=2,
    )


def test_a_first_run_is_counted_and_not_listed(ferry: Archive) -> None:
    digest = news(Archive(), ferry)
    assert (digest.is_first, digest.stories) == (True, ())
    assert digest.summary == "2 stories to begin with"
    assert show(digest, 80).splitlines()[1:] == [digest.summary, ""]
    assert render_news(digest) == "## What is new (2)\n\n2 stories to begin with\n"


def test_an_article_that_joins_a_story_brings_its_claims_and_differences(ferry: Archive) -> None:
    joined = make_article(
        "ledger",
        "Aurelia to sail on Sunday",
        FERRY[0].replace("eleven", "nine"),
        FERRY[1],
        "Tickets for the first crossing are drawn by lot among the oyster fishers.",
        hours=3,
    )
    after = run(ferry, [joined], at=4)
    digest = news(ferry, after)
    (story,) = digest.stories
    assert not story.is_new
    assert [article.outlet for article in story.articles] == ["ledger"]
    assert [claim.text for claim in story.claims] == [joined.text.splitlines()[2]]
    (difference,) = story.differences
    assert {difference.value_a, difference.value_b} == {"eleven", "nine"}
    assert (digest.new_story_count, digest.article_count, digest.difference_count) == (0, 1, 1)
    again = run(after, [make_article("lamp", "Aurelia, once more", *joined.text.splitlines()[:2], hours=5)], at=6)
    (story,) = news(after, again).stories
    assert [article.outlet for article in story.articles] == ["lamp"]
    assert story.differences == (), "these two values stood against each other before"
    assert story.claims == (), "who only repeats says nothing new"


def test_a_changed_article_tells_what_it_said_and_what_it_says(ferry: Archive) -> None:
    changed = make_article("quay", "Aurelia sails again", FERRY[0].replace("Sunday", "Monday"), FERRY[1])
    digest = news(ferry, run(ferry, [changed], at=5))
    (story,) = digest.stories
    assert (story.articles, story.claims) == ((), ())
    (revision,) = story.revisions
    assert (revision.outlet, revision.headline, revision.url) == ("quay", "Aurelia sails again", changed.url)
    (change,) = revision.changes
    assert change == Sentence(before=FERRY[0], after=FERRY[0].replace("Sunday", "Monday"))
    assert change.brief == (
        "… of Vell will sail again on Sunday after eleven years, the harbour office …",
        "… of Vell will sail again on Monday after eleven years, the harbour office …",
    )


def test_what_is_read_again_and_says_the_same_is_no_news(ferry: Archive) -> None:
    after = run(ferry, [make_article("quay", "Aurelia sails again", *FERRY)], at=9)
    assert not news(ferry, after)


def test_a_story_whose_id_has_changed_is_not_new(ferry: Archive) -> None:
    earlier = make_article("lamp", "Aurelia before all others", *FERRY, hours=-8)
    after = run(ferry, [earlier], at=4)
    assert set(after.stories) - set(ferry.stories), "its earliest article is another now"
    (story,) = news(ferry, after).stories
    assert not story.is_new
    assert [article.outlet for article in story.articles] == ["lamp"]
    assert story.claims == ()


def test_with_topics_other_stories_are_counted_alone(ferry: Archive) -> None:
    comet = make_article("quay", "Comet returns", "A comet named Perrine-Okoye will pass over the southern sky.")
    after = run(ferry, [comet], at=4)
    digest = news(ferry, after, has_topics=True)
    assert not digest
    assert (digest.other_count, digest.stories) == (1, ())
    tagged = run(ferry, [comet], at=4, topics="comets")
    (story,) = news(ferry, tagged, has_topics=True).stories
    assert (story.is_new, story.topics, story.headline) == (True, ("comets",), "Comet returns")
    assert story.summary == "new story, 1 article of 1 outlet"


def test_many_new_stories_are_counted_and_the_first_of_them_told(ferry: Archive) -> None:
    places = [
        f"{first}{last}" for first in ("Ald", "Birk", "Carr", "Dunl", "Els") for last in "abcdefghijklmnopqrstuvwx"
    ]
    many = [
        make_article(
            "quay", f"{place} x", f"The {place}moor{at} mill of {place}stead{at} burned {place}ishly on Monday."
        )
        for at, place in enumerate(places)
    ]
    digest = news(ferry, run(ferry, many, at=4))
    assert digest.story_count > MOST_TOLD
    assert len(digest.stories) == MOST_TOLD
    assert digest.article_count == len(many)
    shown = show(digest, 80)
    assert f"… and {digest.story_count - 12} more stories with news" in shown
    assert f"… and {digest.story_count - 20} more stories with news" in render_news(digest)


def show(digest: Digest, width: int, *, full: bool = False) -> str:
    out = io.StringIO()
    render_digest(digest, Console(file=out, width=width), full=full)
    return out.getvalue()


@pytest.mark.parametrize("width", [30, 80, 160])
def test_no_line_is_wider_than_the_console_and_nothing_is_control(ferry: Archive, width: int) -> None:
    wide = "渡し船は九つの班が一度の大潮のあいだに撮影した。" * 4
    hostile = [
        make_article(
            "ledger", f"Aurelia \x1b[31m{wide}\u202e", FERRY[0].replace("eleven", "nine"), FERRY[1], wide, hours=3
        ),
        replace(make_article("quay", "Aurelia sails again", FERRY[0], FERRY[1], "x" * 300), url="javascript:alert(1)"),
    ]
    digest = news(ferry, run(ferry, hostile, at=4))
    assert digest.difference_count
    assert digest.revision_count
    for full in (True, False):
        shown = show(digest, width, full=full)
        assert max(cell_len(line) for line in shown.splitlines()) <= width
        assert "\x1b" not in shown
        assert "\u202e" not in shown
    assert "javascript" not in render_news(digest)
