"""An archive that is grouped and compared bit by bit ends as one that was made at once."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from presswatch.align import group_articles, periods
from presswatch.comparer import compare_articles, compare_batch, laying
from presswatch.model import Article, digest_text, make_id
from presswatch.tables import TABLES, make_frame
from presswatch.tables.merge import READ_TABLES
from presswatch.tables.rows import articles_from
from shelves import Archive

START = datetime(2026, 1, 20, 9, tzinfo=UTC)
PLACES = "Aldmoor Birkstead Carrow Dunlin Elsmere Farrowby Gransham Hollin Ivelton Jarrow Kestwick Lowmere".split()
THINGS = "ferry museum orchard viaduct lighthouse brewery theatre tannery quarry canal windmill arcade".split()
DEEDS = "reopened collapsed burned flooded expanded closed merged struck moved doubled vanished won".split()
FILLER = "council visitors repairs budget evening report winter committee local street season".split()


def make_article(number, story, at, chance):
    place, thing, deed = PLACES[story], THINGS[(story * 5) % 12], DEEDS[(story * 7) % 12]
    told = [
        f"The {thing} of {place} {deed} on Tuesday after {story + 3} years, the mayor of {place} said.",
        f"{place} had waited for its {thing} since {1900 + story}, and {THINGS[story]} keepers cheered.",
        f"“We never doubted that the {thing} would be heard of again,” said {place}'s {DEEDS[story]} warden.",
    ]
    chance.shuffle(told)
    noise = " ".join(chance.choices(FILLER, k=8)).capitalize() + "."
    return Article(
        article_id=make_id(number),
        outlet_id=f"outlet{number % 7}",
        url=f"https://outlet{number % 7}.example/{number}",
        headline=f"{place}: {thing} {deed}",
        text="\n".join([*told[: 2 + number % 2], noise]),
        text_digest=digest_text("".join(told) + noise),
        published_at=at,
        extractor="generic",
    )


def make_archive(seed):
    """Stories that break over five weeks and go on for a week, now and then over the end of a month; some undated."""
    chance = random.Random(seed)
    articles = []
    for number in range(60):
        story = chance.randrange(12)
        at = START + timedelta(days=3 * story, hours=chance.randrange(160))
        articles.append(make_article(number, story, None if number % 11 == 0 else at, chance))
    return articles, chance


def batch_of(articles):
    rows = {name: [] for name in READ_TABLES}
    alone = compare_articles(articles)
    told = {row["article_id"]: row for row in alone.articles.to_dict("records")}
    for article in articles:
        row = told[article.article_id]
        seen = (article.published_at or START) + timedelta(hours=1)
        own = {"fetched_at": seen, "first_seen_at": seen, "capture_id": make_id("capture", article.article_id)}
        plain = {name: row[name] for name in ("article_id", "outlet_id", "url", "headline", "text", "text_digest")}
        dates = {"published_at": article.published_at, "access": "full", "extractor": "generic", "revision": 1}
        rows["articles"].append(plain | dates | own)
    frames = {name: make_frame(TABLES[name], found) for name, found in rows.items()}
    return frames | {"mentions": alone.mentions}


def plain(archive):
    frames = {
        **archive.frames,
        "stories": archive.frames["stories"].assign(aliases=None),
    }  # what they were called before
    return {name: frame.sort_values(list(TABLES[name].key)).to_csv(index=False) for name, frame in frames.items()}


def parts(archive):
    """How many rows lie in which part."""
    return {key: len(rows) for key, rows in archive.shelf.tables.items()}


@pytest.fixture
def short_periods(monkeypatch):
    """Periods of few articles, so that an archive of sixty has many."""
    monkeypatch.setattr(periods, "MOST_ARTICLES", 10)


@pytest.fixture
def short_parts(monkeypatch):
    """Parts of few articles: a month is divided into days when more have come."""
    monkeypatch.setattr(laying, "PART_ARTICLES", 15)


@pytest.mark.parametrize("seed", range(4))
def test_bit_by_bit_in_any_order_is_as_at_once(short_periods, short_parts, seed):
    articles, chance = make_archive(seed)
    at_once = Archive().run(batch_of(articles))
    assert len({part for _, part in at_once.shelf.tables}) > 1, "an archive of several months"
    assert len(at_once.grouping.groups) > 3, "and of several periods"
    chance.shuffle(articles)
    archive, kinds = Archive(), []
    for start in range(0, 60, 7):
        archive = archive.run(batch_of(articles[start : start + 7]))
        kinds.append({len(part) for name, part in archive.shelf.tables if name == "articles"})
    assert kinds[0] == {len("2026-01")}, "months"
    assert {len("2026-01"), len("2026-01-20")} & kinds[-1] != kinds[0], "some of which have become days"
    assert plain(archive) == plain(at_once)
    assert parts(archive) == parts(at_once)
    assert archive.grouping.ties == at_once.grouping.ties


def invent_text(chance):
    """Sentences in words that nobody else uses: a story of their own."""
    words = ("".join(chance.choices("abcdeghilmnoprstu", k=8)) for _ in range(40))
    return " ".join(words).capitalize() + "."


@pytest.mark.parametrize("again", [False, True])
def test_few_parts_are_put_together_at_once(short_parts, monkeypatch, again):
    """However many there are: a rebuild of three years would else have ten thousand files open."""
    monkeypatch.setattr(laying, "_BATCH_MENTIONS", 1)  # a story a batch
    chance = random.Random(0)

    def tell():
        texts = [(number, invent_text(chance)) for number in range(40)]
        made = [make_article(number, 0, START + timedelta(hours=12 * number), chance) for number, _ in texts]
        own = [{"headline": text[:40], "text": text, "text_digest": digest_text(text)} for _, text in texts]
        return [replace(article, **told) for article, told in zip(made, own, strict=True)]

    archive = Archive().run(batch_of(tell()))
    if again:  # over parts that are stored
        archive = archive.run(batch_of(tell()))
    assert len(archive.stories) == len(archive.frames["stories"]) == 40
    assert len([name for name, _ in archive.shelf.tables if name == "articles"]) > 10
    assert archive.most_open <= 2


def test_stories_are_dealt_out_in_batches_of_about_a_second_each(monkeypatch):
    monkeypatch.setattr(laying, "_BATCH_MENTIONS", 12)
    dealt, counts = [], []

    def compare(batches, count):
        dealt.extend(batches)
        counts.append(count)
        return map(compare_batch, dealt)

    archive = Archive().run(batch_of(make_archive(2)[0]), each=compare)
    assert counts == [len(dealt)]
    assert sorted(story for batch in dealt for story in batch.stories) == sorted(archive.stories)
    for batch in dealt:
        of_article = Counter(batch.rows["mentions"]["article_id"].to_pylist())
        sizes = [sum(of_article[one] for one in ids) for ids in batch.stories.values()]
        assert sum(sizes[:-1]) < 12, "it was full before its last story"
        assert batch is dealt[-1] or sum(sizes) >= 12, "it had room for another story"


def test_an_article_that_leaves_is_as_if_it_had_never_been(short_periods, short_parts):
    articles, _ = make_archive(9)
    leaving = {article.article_id for article in articles[::9]}
    whole = Archive().run(batch_of(articles)).run(without=leaving)
    rest = Archive().run(batch_of([one for one in articles if one.article_id not in leaving]))
    assert parts(whole) == parts(rest)
    told = plain(whole)
    assert {name: told[name] for name in told if told[name].count("\n") > 1} == {
        name: rows for name, rows in plain(rest).items() if rows.count("\n") > 1
    }


def test_news_leaves_other_months_alone(short_periods):
    articles, _ = make_archive(3)
    archive = Archive().run(batch_of(articles))
    text = "A comet named Perrine-Okoye will pass over the southern sky in April, astronomers of Quillon announced."
    own = {"headline": "Comet Perrine-Okoye returns", "text": text, "text_digest": digest_text(text)}
    news = replace(make_article(99, 11, START + timedelta(days=45), random.Random(0)), **own)
    after = archive.run(batch_of([news]))
    assert after.compared.parts == ("2026-03",)
    assert after.compared.periods != frozenset(after.grouping.groups)


@pytest.mark.parametrize("seed", [5, 6])
def test_stories_are_those_of_all_articles_grouped_together(short_periods, seed):
    articles, _ = make_archive(seed)
    archive = Archive()
    for start in range(0, 60, 15):
        archive = archive.run(batch_of(articles[start : start + 15]))
    rows = archive.shelf.read("articles")
    assert group_articles(articles_from(rows)) == rows["story_id"].to_pylist()
