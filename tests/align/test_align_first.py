"""Who was first: what a user reads in `claims` for articles with every mixture of times, credits and revisions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import presswatch
from presswatch.align import compare_story
from presswatch.model import Article, Mention, StoryComparison, make_id
from presswatch.outlets import Outlet

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MIDNIGHT_IN_NEW_YORK = datetime(2031, 5, 4, 4, tzinfo=UTC)
VIOLIN = "Odalys Brenner handed the stolen Marchetti violin to the Tarn Museum"
HARBOUR = "The harbour café in Aldmoor will close its doors for the winter."


def article(outlet: str, text: str = f"{VIOLIN}.", **fields: Any) -> Article:
    url = f"https://{outlet}.test/violin"
    return Article(article_id=make_id(outlet), url=url, text=text, outlet_id=outlet, **fields)


def first_of(*articles: Article, words: str = VIOLIN) -> tuple[str | None, bool]:
    """`first_outlet_id` and `first_is_certain` of the claim that has these words, as `compare` gives them."""
    claims = presswatch.compare(articles).claims
    (row,) = claims[claims["text"].str.contains(words, regex=False)].to_dict("records")
    outlet_id = row["first_outlet_id"]
    return (outlet_id if isinstance(outlet_id, str) else None, bool(row["first_is_certain"]))


def times(**hours: float | None) -> dict[str, Any]:
    """Times of an article, in hours after noon."""
    return {name: None if hour is None else NOON + hour * HOUR for name, hour in hours.items()}


@pytest.mark.parametrize(
    ("gazette", "courier", "expected"),
    [
        # what the pages say
        (times(published_at=0), times(published_at=1), ("gazette", True)),
        (times(published_at=0), times(published_at=0), (None, False)),
        (times(published_at=0), {}, ("gazette", False)),
        ({}, {}, (None, False)),
        # what feeds say where the pages say nothing
        (times(listed_at=0), times(published_at=1), ("gazette", True)),
        (times(listed_at=2), times(listed_at=1), ("courier", True)),
        # first seen bounds from above alone
        (times(first_seen_at=-1), times(published_at=0), ("gazette", True)),
        (times(first_seen_at=1), times(published_at=0), ("courier", False)),
        (times(first_seen_at=-1), times(first_seen_at=5), (None, False)),
        (times(first_seen_at=-1), times(listed_at=0, first_seen_at=5), ("gazette", True)),
        # later than it was seen: that is no first publication
        (times(published_at=6, first_seen_at=-1), times(published_at=0), ("gazette", True)),
        (times(published_at=6, first_seen_at=1), times(published_at=0), ("courier", False)),
        (times(published_at=0.01, first_seen_at=0), times(published_at=1), ("gazette", True)),  # clocks differ
        # page and feed disagree: either may be right
        (times(published_at=3, listed_at=-2), times(published_at=0), ("gazette", False)),
        (times(published_at=3, listed_at=-2), times(published_at=-3), ("courier", True)),
        (times(published_at=3, listed_at=-2), times(published_at=4), ("gazette", True)),
    ],
)
def test_who_was_first_by_page_feed_and_first_sight(
    gazette: dict[str, Any], courier: dict[str, Any], expected: tuple[str | None, bool]
) -> None:
    pair = article("gazette", **gazette), article("courier", f"{VIOLIN} at last.", **courier)
    assert first_of(*pair) == expected
    assert first_of(*reversed(pair)) == expected


@pytest.mark.parametrize(
    ("gazette", "expected"),
    [
        # a day is a day where the outlet sits
        ({"published_at": MIDNIGHT_IN_NEW_YORK, "published_is_day": True}, ("gazette", False)),
        ({"published_at": MIDNIGHT_IN_NEW_YORK}, ("gazette", True)),
        ({"listed_at": MIDNIGHT_IN_NEW_YORK, "listed_is_day": True}, ("gazette", False)),
        # midnight in UTC is what systems make of a day
        ({"published_at": NOON - 12 * HOUR}, ("gazette", False)),
        ({"published_at": NOON - 36 * HOUR}, ("gazette", True)),
        # the feed tells the minute of the day, or first sight when it was over
        ({"published_at": NOON - 12 * HOUR, **times(listed_at=-1)}, ("gazette", True)),
        ({"published_at": NOON - 12 * HOUR, **times(listed_at=1)}, ("courier", True)),
        ({"published_at": NOON - 12 * HOUR, **times(first_seen_at=-1)}, ("gazette", True)),
    ],
)
def test_a_date_without_a_time_is_a_whole_day(gazette: dict[str, Any], expected: tuple[str, bool]) -> None:
    assert first_of(article("gazette", **gazette), article("courier", **times(published_at=0))) == expected


@pytest.mark.parametrize(
    ("date", "is_day"),
    [
        ("2031-05-04", True),
        ("2031-05-04T00:00:00-07:00", True),
        ("2031-05-04T00:00:00Z", True),
        ("2031-05-04T04:00:00Z", True),  # midnight in New York
        ("2031-05-04T09:00:00Z", False),
    ],
)
def test_a_page_that_tells_a_day_alone_says_so(date: str, *, is_day: bool) -> None:
    text = f"<p>{VIOLIN} on Monday, three weeks after it had gone.</p><p>{HARBOUR}</p>" * 3
    page = f'<meta property="article:published_time" content="{date}"><article><h1>Violin</h1>{text}</article>'
    outlet = Outlet(id="gazette", name="Gazette", hosts=("gazette.test",), timezone="America/New_York")
    read = presswatch.extract_article(page.encode(), "https://gazette.test/violin", outlet=outlet)
    assert read.published_is_day == is_day


def test_a_page_from_the_end_of_time_is_compared_like_any_other() -> None:
    page = f'<meta property="article:published_time" content="9999-12-31T23:59:59Z"><h1>Violin</h1><p>{VIOLIN}.</p>'
    outlet = Outlet(id="gazette", name="Gazette", hosts=("gazette.test",), timezone="Europe/Oslo")
    body = (page + f"<p>{HARBOUR}</p>" * 9).encode()
    read = presswatch.extract_article(body, "https://gazette.test/violin", outlet=outlet)
    late = presswatch.compare([read, article("courier", f"{VIOLIN} at last.", **times(published_at=0))]).claims
    assert set(late["first_outlet_id"]) == {"courier", "gazette"}


def test_first_published_at_is_what_the_page_of_the_first_says() -> None:
    found = presswatch.compare(
        [
            article("gazette", **times(published_at=3, listed_at=-2)),
            article("courier", f"{VIOLIN} at last.", **times(published_at=4)),
        ]
    )
    (claim,) = found.claims.to_dict("records")
    assert (claim["first_outlet_id"], claim["first_is_certain"]) == ("gazette", True)
    assert claim["first_published_at"] == NOON + 3 * HOUR
    listed = found.articles.set_index("outlet_id")["listed_at"]
    assert listed["gazette"] == NOON - 2 * HOUR


def told(*articles: Article, credit: str = "", earlier: dict[str, list[Article]] | None = None) -> StoryComparison:
    """Each article's text as its one mention; the last article credits `credit`."""
    mentions = [
        Mention(
            mention_id=make_id("mention", one.article_id),
            article_id=one.article_id,
            start_char=0,
            end_char=len(one.text),
            text=one.text,
            credit=credit or None if one is articles[-1] else None,
        )
        for one in articles
    ]
    return compare_story(articles, mentions, earlier=earlier)


@pytest.mark.parametrize(
    ("taker", "is_certain"),
    [
        (times(first_seen_at=-3), False),  # though the taker had it before
        (times(first_seen_at=3), True),
        (times(published_at=1), True),
    ],
)
def test_a_credit_beats_every_clock(taker: dict[str, Any], *, is_certain: bool) -> None:
    gazette = article("gazette", **times(published_at=0, first_seen_at=1))
    (claim,) = told(gazette, article("courier", f"{VIOLIN} today.", **taker), credit="gazette").claims
    assert (claim.first_outlet_id, claim.first_is_certain) == ("gazette", is_certain)


def test_an_origin_of_which_nothing_is_there_leaves_a_doubt() -> None:
    early = article("courier", **times(published_at=0)), article("herald", **times(published_at=2))
    (claim,) = told(*early, credit="tribune").claims
    assert (claim.first_outlet_id, claim.first_is_certain) == ("courier", False)


@pytest.mark.parametrize(("hours", "expected"), [(0, (None, False)), (1, ("gazette", True))])
def test_which_of_two_copies_was_first_is_told_by_the_clock(hours: int, expected: tuple[str | None, bool]) -> None:
    text = (
        f"{VIOLIN} on Monday after three weeks, wrapped in an old velvet curtain from the stairs of her house. "
        "Curators will examine its varnish before it goes back to the glass case in the east wing of the building, and "
        "the guard who slept through the night of the spring festival has been moved to the garden for the summer."
    )
    pair = article("gazette", text, **times(published_at=0)), article("courier", text, **times(published_at=hours))
    found = told(*pair)
    (claim,) = found.claims
    assert len(found.syndicated) == claim.corroboration == 1
    assert (claim.first_outlet_id, claim.first_is_certain) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (VIOLIN, ("gazette", True)),  # it stood in the first text that was seen
        (VIOLIN.replace("Marchetti", "Marchesi"), ("gazette", True)),  # but for a name, which was corrected
        (HARBOUR, ("courier", False)),  # it came with a change that was seen at three
        (VIOLIN.partition(" the ")[0], ("courier", False)),  # the rest of it did
    ],
)
def test_a_wording_that_came_with_a_change_is_as_old_as_its_first_sight(
    before: str, expected: tuple[str, bool]
) -> None:
    now = article("gazette", **times(published_at=0, first_seen_at=3))
    was = article("gazette", f"{before}. More soon.", **times(published_at=0, first_seen_at=0.5))
    rival = article("courier", f"{VIOLIN} at last.", **times(published_at=1, first_seen_at=4))
    (claim,) = told(now, rival, earlier={now.article_id: [was]}).claims
    assert (claim.first_outlet_id, claim.first_is_certain) == expected


def test_a_wording_that_was_added_before_another_outlet_published_was_first() -> None:
    now = article("gazette", **times(published_at=0, first_seen_at=3))
    was = article("gazette", HARBOUR, **times(published_at=0, first_seen_at=0.5))
    (claim,) = told(now, article("courier", **times(published_at=4)), earlier={now.article_id: [was]}).claims
    assert (claim.first_outlet_id, claim.first_is_certain) == ("gazette", True)


def test_silence_weighs_as_the_part_of_the_others_that_say_it() -> None:
    shared = (
        "The Marchetti violin of the Tarn Museum in Aldmoor had been missing since the spring festival. "
        "Curators will examine the varnish of the Marchetti violin. "
    )
    handed = "Brenner handed it over wrapped in an old velvet curtain."
    texts = {"gazette": shared + handed, "courier": f"{shared}At last {handed}", "herald": shared, "tribune": shared}
    access = {"tribune": "excerpt"}
    found = presswatch.compare(
        [article(name, text, access=access.get(name, "full"), published_at=NOON) for name, text in texts.items()]
    )
    claim_id = found.claims.loc[found.claims["text"].str.contains("velvet"), "claim_id"].item()
    rows = found.coverage[found.coverage["claim_id"] == claim_id].set_index("outlet_id")
    assert rows[["stance", "weight"]].T.to_dict("list") == {
        "courier": ["says", 0.0],
        "gazette": ["says", 0.0],
        "herald": ["silent", 1.0],
        "tribune": ["not_fetched", 0.0],
    }


def test_outlets_that_have_it_from_each_other_weigh_as_one() -> None:
    pair = article("gazette", **times(published_at=0)), article("courier", f"{VIOLIN} today.", **times(published_at=1))
    quiet = [article(name, f"{HARBOUR} {name}") for name in ("herald", "tribune")]
    found = told(*quiet, *pair, credit="gazette")
    claim = next(claim for claim in found.claims if VIOLIN in claim.text)
    weights = {row.outlet_id: row.weight for row in found.coverage if row.claim_id == claim.claim_id}
    assert weights == {"gazette": 0.0, "courier": 0.0, "herald": 1 / 3, "tribune": 1 / 3}
