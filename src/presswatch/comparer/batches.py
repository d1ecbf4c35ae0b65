"""Comparing some stories: what a worker does. Rows of articles and mentions in, rows of the other tables out. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from presswatch.align import compare_story
from presswatch.model import Article, Mention
from presswatch.tables import JOINER, TABLES, make_arrow
from presswatch.tables.rows import articles_from, comparison_rows, mentions_from, story_row

STORY_TABLES = ("alignments", "claims", "coverage", "differences", "drift", "credits", "stories")
CLAIMED = pa.schema([("mention_id", pa.string()), ("claim_id", pa.string())])


@dataclass(frozen=True)
class Batch:
    """Some stories, each with the ids of its articles, and the rows of all these articles, earlier revisions too."""

    stories: Mapping[str, tuple[str, ...]]
    articles: pa.Table
    mentions: pa.Table


@dataclass(frozen=True)
class Told:
    """What the articles of some stories say, side by side."""

    tables: Mapping[str, pa.Table]  # of `STORY_TABLES`; the stories without their aliases
    claimed: pa.Table  # the claim of each mention that has one
    copies: Mapping[str, str]  # article → whose copy it is


def compare_batch(batch: Batch) -> Told:
    """Compare some stories."""
    latest = batch.articles.filter(batch.articles["is_latest"])
    articles = {article.article_id: article for article in articles_from(latest)}
    topics = dict(zip(*(latest[name].to_pylist() for name in ("article_id", "topics")), strict=True))
    earlier = _earlier_texts(batch.articles, latest)
    mentions: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions_from(batch.mentions):
        mentions[mention.article_id].append(mention)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in STORY_TABLES}
    copies: dict[str, str] = {}
    for story_id, ids in batch.stories.items():
        own = [articles[one] for one in ids]
        said = [mention for one in ids for mention in mentions[one]]
        compared = compare_story(
            own, said, story_id=story_id, earlier={one: earlier[one] for one in ids if one in earlier}
        )
        for name, found in comparison_rows(compared).items():
            rows[name] += found
        tags = {topic for one in ids for topic in split_cell(topics[one])}
        rows["stories"].append(story_row(story_id, sorted(own, key=_by_publication), tags))
        copies |= compared.syndicated
    claimed = [(mention, claim["claim_id"]) for claim in rows["claims"] for mention in claim["mention_ids"]]
    return Told(
        {name: make_arrow(TABLES[name], found) for name, found in rows.items()},
        pa.table([pa.array(column, pa.string()) for column in zip(*claimed, strict=True)] or [[], []], CLAIMED),
        copies,
    )


def _earlier_texts(articles: pa.Table, latest: pa.Table) -> dict[str, list[Article]]:
    """What articles said before the text that they have now: the revisions that were seen before it, oldest first."""
    newest = dict(zip(*(latest[name].to_pylist() for name in ("article_id", "revision")), strict=True))
    older = articles.filter(pc.invert(articles["is_latest"])).sort_by([("revision", "ascending")])
    found: dict[str, list[Article]] = defaultdict(list)
    for article, revision in zip(articles_from(older), older["revision"].to_pylist(), strict=True):
        if revision < newest[article.article_id]:
            found[article.article_id].append(article)
    return found


def split_cell(joined: str | None) -> list[str]:
    """The values of a cell that holds several."""
    return joined.split(JOINER) if joined else []


def _by_publication(article: Article) -> tuple[bool, Any, str]:
    return article.published_at is None, article.published_at or 0, article.article_id
