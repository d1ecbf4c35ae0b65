"""Comparing some stories: what a worker does. Rows of articles and mentions in, rows of the other tables out. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from presswatch.align import Alignments, arrange, compare_story
from presswatch.model import Article, Mention
from presswatch.tables import TABLES, arrow_schema, empty_arrow, make_arrow, sort_arrow
from presswatch.tables.rows import articles_from, mentions_from, split_cell, story_row

# The tables whose rows lie with their stories, and that comparing a story makes anew.
STORY_TABLES = tuple(name for name, table in TABLES.items() if table.has_stories)
FOUND_TABLES = (*(name for name in STORY_TABLES if name not in ("articles", "mentions")), "credits")


@dataclass(frozen=True)
class Batch:
    """Some stories, each with the ids of its articles and those that it had before; and all rows of these articles.

    `rows` are those of `articles` (earlier revisions too), `mentions` and `removed`.
    """

    stories: Mapping[str, tuple[str, ...]]
    aliases: Mapping[str, Sequence[str]]
    rows: Mapping[str, pa.Table]


@dataclass(frozen=True)
class Told:
    """What the articles of some stories say, side by side: all rows of the tables of stories, and of `credits`.

    `stories` are their ids, in order.
    """

    stories: tuple[str, ...]
    tables: Mapping[str, pa.Table]


def compare_batch(batch: Batch) -> Told:
    """Compare some stories."""
    rows = batch.rows["articles"]
    latest = rows.filter(rows["is_latest"])
    articles = {article.article_id: article for article in articles_from(latest)}
    topics = dict(zip(*(latest[name].to_pylist() for name in ("article_id", "topics")), strict=True))
    earlier = _earlier_texts(rows, latest)
    mentions: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions_from(batch.rows["mentions"]):
        mentions[mention.article_id].append(mention)
    found: dict[str, list[Any]] = {name: [] for name in FOUND_TABLES if name != "alignments"}
    alignments = [empty_arrow(TABLES["alignments"])]
    story_of, claim_of, copies = dict[str, str](), dict[str, str](), dict[str, str]()
    for story_id, ids in batch.stories.items():
        own = [articles[one] for one in ids]
        said = [mention for one in ids for mention in mentions[one]]
        compared = compare_story(
            own, said, story_id=story_id, earlier={one: earlier[one] for one in ids if one in earlier}
        )
        alignments.append(_lay_alignments(arrange(compared.alignments), story_id))
        for name, items in found.items():
            items += [{**vars(item), "story_id": story_id} for item in getattr(compared, name, ())]
        tags = {topic for one in ids for topic in split_cell(topics[one])}
        ordered = sorted(own, key=_by_publication)
        found["stories"].append(story_row(story_id, ordered, tags, batch.aliases.get(story_id, ())))
        story_of |= dict.fromkeys(ids, story_id)
        claim_of |= {mention: claim.claim_id for claim in compared.claims for mention in claim.mention_ids}
        copies |= compared.syndicated
    tables = {name: make_arrow(TABLES[name], items) for name, items in found.items()}
    tables["alignments"] = sort_arrow(TABLES["alignments"], pa.concat_tables(alignments))
    tables["articles"] = label_articles(rows, story_of, copies)
    tables["mentions"] = label_mentions(batch.rows["mentions"], story_of, claim_of)
    return Told(tuple(batch.stories), tables)


def _lay_alignments(alignments: Alignments, story_id: str) -> pa.Table:
    columns = {**alignments.columns(), "story_id": pa.repeat(story_id, len(alignments))}
    return pa.Table.from_pydict(columns, arrow_schema(TABLES["alignments"]))


def label_articles(rows: pa.Table, story_of: Mapping[str, str], copies: Mapping[str, str]) -> pa.Table:
    """Articles with their story, and what they are a copy of."""
    ids = rows["article_id"]
    return _labelled("articles", rows, story_id=look_up(ids, story_of), syndicated_from=look_up(ids, copies))


def label_mentions(rows: pa.Table, story_of: Mapping[str, str], claim_of: Mapping[str, str]) -> pa.Table:
    """Mentions with their story and claim."""
    story, claim = look_up(rows["article_id"], story_of), look_up(rows["mention_id"], claim_of)
    return _labelled("mentions", rows, story_id=story, claim_id=claim)


def _labelled(name: str, rows: pa.Table, **columns: pa.Array) -> pa.Table:
    """Rows with some of their columns in the place of others, in stored order."""
    for column, values in columns.items():
        rows = rows.set_column(rows.schema.get_field_index(column), rows.schema.field(column), values)
    return sort_arrow(TABLES[name], rows)


def look_up(column: pa.ChunkedArray, values: Mapping[str, str]) -> pa.Array:
    """What each value of a column stands for; nothing where that is not told."""
    encoded = column.combine_chunks().dictionary_encode()
    found = pa.array([values.get(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return found.take(encoded.indices)


def _earlier_texts(articles: pa.Table, latest: pa.Table) -> dict[str, list[Article]]:
    """What articles said before the text that they have now: the revisions that were seen before it, oldest first."""
    newest = dict(zip(*(latest[name].to_pylist() for name in ("article_id", "revision")), strict=True))
    older = articles.filter(pc.invert(articles["is_latest"])).sort_by([("revision", "ascending")])
    found: dict[str, list[Article]] = defaultdict(list)
    for article, revision in zip(articles_from(older), older["revision"].to_pylist(), strict=True):
        if revision < newest[article.article_id]:
            found[article.article_id].append(article)
    return found


def _by_publication(article: Article) -> tuple[bool, Any, str]:
    return article.published_at is None, article.published_at or 0, article.article_id
