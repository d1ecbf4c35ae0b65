"""Articles and mentions → the tables: grouped into stories, compared story by story. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from presswatch.align import compare_story, group_articles
from presswatch.claims import diff_sentences, find_mentions
from presswatch.model import Article, Mention, StoryComparison
from presswatch.tables import JOINER, TABLES, Comparison, Tables, make_frame
from presswatch.tables.merge import READ_TABLES, Frames, merge_batches
from presswatch.tables.rows import articles_from, comparison_rows, joined_cells, mentions_from, plain_rows, story_row

STORY_TABLES = ("alignments", "claims", "coverage", "differences", "drift", "credits")
_ALL = (*READ_TABLES, *STORY_TABLES, "stories", "revisions")


@dataclass(frozen=True)
class Compared:
    """All tables but the logs, and the ids of the stories that were compared again."""

    frames: dict[str, pd.DataFrame]
    stories: tuple[str, ...]


def compare_articles(articles: Sequence[Article]) -> Comparison:
    """Compare articles: the tables of docs/tables.md for these articles alone.

    Args: articles of any number of stories, unique ids, in any order; without dates the text alone groups them.
        Who was first rests on `published_at`, and on `listed_at` and `first_seen_at` where you know them.
    Returns: `articles`, `mentions`, `alignments`, `claims`, `coverage`, `differences`, `drift`, `credits`, `stories`
        and `removed` as DataFrames. `coverage` has a row for every outlet with an article in the story, and for every
        outlet credited in it.
    Raises: ValueError where two articles share an id.
    Cost: about as much as finding the mentions, for stories of some dozen articles; alignments grow with their square.
    """
    if len({article.article_id for article in articles}) < len(articles):
        raise ValueError("two articles share an id")
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in READ_TABLES}
    for article in articles:
        key = {"article_id": article.article_id, "revision": 1}
        rows["articles"].append(
            {**vars(article), **key, **joined_cells(article), "is_latest": True}
            | {"word_count": len(article.text.split())}
        )
        rows["mentions"] += [{**vars(mention), "revision": 1} for mention in find_mentions(article)]
        rows["removed"] += [{**vars(block), **key} for block in article.removed]
        rows["sections"] += [{**vars(section), **key} for section in article.sections]
    frames = {name: make_frame(TABLES[name], found) for name, found in rows.items()}
    compared = _compare(frames, {}, {}, former={})
    return Tables(**compared.frames)


def compare_batches(
    stored: Frames, batches: Sequence[Frames], *, former: Frames | None = None, without: Collection[str] = ()
) -> Compared:
    """Lay newly read batches over the stored tables, and compare again the stories that they touch.

    Args: `stored` are all tables but the logs; a missing one is empty. Each batch has the tables of `READ_TABLES`.
        `former` are the `stories` and `articles` whose story ids are remembered: by default the stored ones.
        `without` are ids of articles that leave the tables; a story that loses one is compared again.
    Returns: all tables. A story whose articles say the same as before keeps its rows as they are.
    """
    merged = merge_batches(stored, batches)
    frames = merged.frames
    old = stored.get("revisions", make_frame(TABLES["revisions"]))
    kept = old[~old["article_id"].isin(merged.changed)]
    again = frames["articles"][frames["articles"]["article_id"].isin(merged.changed)]
    frames["revisions"] = _concat([kept, make_frame(TABLES["revisions"], _revision_rows(again))])
    if without:
        frames = {name: frame[~frame["article_id"].isin(list(without))] for name, frame in frames.items()}
    return _compare(frames, stored, merged.changed, former=stored if former is None else former)


def _compare(frames: dict[str, pd.DataFrame], stored: Frames, changed: Iterable[str], *, former: Frames) -> Compared:
    """Group all newest revisions; compare the stories that are not as they were stored; put everything together."""
    latest = frames["articles"][frames["articles"]["is_latest"].astype(bool)]
    articles = articles_from(latest)
    labels = dict(zip(latest["article_id"], group_articles(articles), strict=True))
    members: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        members[labels[article.article_id]].append(article)
    touched = _touched(members, stored, set(changed))
    mentions = _by_article(frames["mentions"], {a.article_id for story in touched for a in members[story]})
    earlier = _earlier_texts(frames["articles"], {a.article_id for story in touched for a in members[story]})
    results = {story: _compare_one(story, members[story], mentions, earlier) for story in touched}
    frames = dict(frames)
    frames["articles"] = _label_articles(frames["articles"], labels, stored, results)
    frames["mentions"] = _label_mentions(frames["mentions"], labels, stored, results)
    for name in STORY_TABLES:
        frames[name] = _replace_stories(name, stored.get(name), results, frames)
    frames["stories"] = _story_frame(members, frames["articles"], former.get("stories"), former.get("articles"))
    return Compared(frames, tuple(sorted(touched)))


def _compare_one(
    story: str,
    articles: Sequence[Article],
    mentions: Mapping[str, list[Mention]],
    earlier: Mapping[str, Sequence[Article]],
) -> StoryComparison:
    found = [mention for article in articles for mention in mentions.get(article.article_id, [])]
    return compare_story(articles, found, story_id=story, earlier=earlier)


def _earlier_texts(articles: pd.DataFrame, wanted: set[str]) -> dict[str, list[Article]]:
    """What articles said before the text that they have now: the revisions that were seen before it, oldest first."""
    mine = articles[articles["article_id"].isin(wanted)].sort_values(["article_id", "revision"])
    latest = mine["revision"].where(mine["is_latest"].astype(bool)).groupby(mine["article_id"]).transform("max")
    found: dict[str, list[Article]] = defaultdict(list)
    for article in articles_from(mine[mine["revision"] < latest]):
        found[article.article_id].append(article)
    return found


def _touched(members: Mapping[str, Sequence[Article]], stored: Frames, changed: set[str]) -> list[str]:
    """The stories that hold a changed article, or not the same articles as before."""
    before: dict[str, set[str]] = defaultdict(set)
    if "articles" in stored:
        latest = stored["articles"][stored["articles"]["is_latest"].astype(bool)]
        for story, article_id in zip(latest["story_id"], latest["article_id"], strict=True):
            before[story].add(article_id)
    now = {story: {article.article_id for article in articles} for story, articles in members.items()}
    return sorted(story for story, ids in now.items() if ids != before.get(story) or ids & changed)


def _by_article(frame: pd.DataFrame, wanted: set[str]) -> dict[str, list[Mention]]:
    found: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions_from(frame[frame["article_id"].isin(wanted)]):
        found[mention.article_id].append(mention)
    return found


def _label_articles(
    articles: pd.DataFrame, labels: Mapping[str, str], stored: Frames, results: Mapping[str, StoryComparison]
) -> pd.DataFrame:
    """The articles with their story, and what they are a copy of."""
    copies = {}
    if "articles" in stored:
        known = stored["articles"].dropna(subset=["syndicated_from"])
        copies = dict(zip(known["article_id"], known["syndicated_from"], strict=True))
    compared = {article for article, story in labels.items() if story in results}
    copies = {article: source for article, source in copies.items() if article not in compared}
    copies |= {copy: source for result in results.values() for copy, source in result.syndicated}
    return articles.assign(
        story_id=articles["article_id"].map(labels).astype("str"),
        syndicated_from=_text(articles["article_id"].map(copies)),
    )


def _label_mentions(
    mentions: pd.DataFrame, labels: Mapping[str, str], stored: Frames, results: Mapping[str, StoryComparison]
) -> pd.DataFrame:
    """The mentions with their story and claim. Those of untouched stories keep the claim that they had."""
    story = mentions["article_id"].map(labels)
    known = stored.get("mentions", mentions)
    before = dict(zip(known["mention_id"], known["claim_id"], strict=True))
    claims = {mention: claim.claim_id for r in results.values() for claim in r.claims for mention in claim.mention_ids}
    compared = story.isin(list(results))
    claim = mentions["mention_id"].map(before).where(~compared, mentions["mention_id"].map(claims))
    return mentions.assign(story_id=_text(story), claim_id=_text(claim))


def _replace_stories(
    name: str, old: pd.DataFrame | None, results: Mapping[str, StoryComparison], frames: Frames
) -> pd.DataFrame:
    """A table with the rows of compared stories made anew, and those of stories that are no more gone."""
    rows = [row for result in results.values() for row in comparison_rows(result)[name]]
    new = make_frame(TABLES[name], rows)
    if old is None:
        return new
    if "story_id" in TABLES[name].column_names:
        present = set(frames["articles"]["story_id"]) - set(results)
        return _concat([old[old["story_id"].isin(present)], new])
    articles = frames["articles"]
    untouched = articles.loc[~articles["story_id"].isin(list(results)), "article_id"]
    return _concat([old[old["article_id"].isin(untouched)], new])


def _story_frame(
    members: Mapping[str, Sequence[Article]],
    articles: pd.DataFrame,
    old: pd.DataFrame | None,
    old_articles: pd.DataFrame | None,
) -> pd.DataFrame:
    """The stories, each with the ids that it, or a story that is now part of it, had before."""
    former: dict[str, set[str]] = defaultdict(set)
    if old is not None and old_articles is not None:
        aliases = {row["story_id"]: {row["story_id"], *_split(row["aliases"])} for row in plain_rows(old)}
        was = dict(zip(old_articles["article_id"], old_articles["story_id"], strict=True))
        for story, found in members.items():
            for article in found:
                former[story] |= aliases.get(was.get(article.article_id, ""), set())
    topics = {row["article_id"]: _split(row["topics"]) for row in plain_rows(articles[["article_id", "topics"]])}
    rows = []
    for story, found in members.items():
        ordered = sorted(found, key=_by_publication)
        tags = {topic for article in found for topic in topics[article.article_id]}
        rows.append(story_row(story, ordered, tags, former[story] - members.keys()))
    return make_frame(TABLES["stories"], rows)


def _by_publication(article: Article) -> tuple[bool, Any, str]:
    return article.published_at is None, article.published_at or 0, article.article_id


def _revision_rows(articles: pd.DataFrame) -> list[dict[str, Any]]:
    """What each revision of some articles changed against the one before, sentence by sentence."""
    rows: list[dict[str, Any]] = []
    for article_id, revisions in articles.sort_values("revision").groupby("article_id"):
        texts = list(zip(revisions["revision"], revisions["text"], strict=True))
        for (_, before), (number, after) in pairwise(texts):
            rows += [
                {"article_id": article_id, "revision": number, "change": change, "before": old, "after": new}
                for change, old, new in diff_sentences(before, after)
            ]
    return rows


def _split(joined: str | None) -> list[str]:
    return joined.split(JOINER) if joined else []


def _text(column: pd.Series[Any]) -> pd.Series[Any]:
    return column.astype("object").where(column.notna(), None).astype("str")


def _concat(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else frames[0]
