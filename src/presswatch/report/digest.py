"""What a run brought that was not there before: stories, claims, differences and changed words. Pure.

It is told from the tables before and after the run, and of these from the parts that hold the compared stories.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Any

import pyarrow.compute as pc

from presswatch.cleaning import clean_text
from presswatch.report.facts import name_difference
from presswatch.report.wording import tell_count
from presswatch.tables.rows import split_cell
from presswatch.tables.shelf import Shelf
from presswatch.urls import is_web

MOST_TOLD = 100  # stories of one digest: more than anybody reads in one sitting; what is beyond is counted

_WORDS_AROUND = 6  # of a change, on each side
_VALUES = ("kind", "value_a", "value_b", "unit")

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class NewArticle:
    """An article that was not there. `url` is None where it is no web address."""

    article_id: str
    outlet: str
    headline: str
    url: str | None


@dataclass(frozen=True, kw_only=True)
class NewClaim:
    """A claim that nobody in its story had made, and who makes it."""

    claim_id: str
    text: str
    outlets: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NewDifference:
    """Two values that had not stood against each other, each with who gives it and the sentence."""

    kind: str
    unit: str
    value_a: str
    outlet_a: str
    text_a: str
    value_b: str
    outlet_b: str
    text_b: str
    severity: float

    @property
    def title(self) -> str:
        """What it is about, in words; of a number with what is counted."""
        return name_difference(self.kind, self.unit)


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence of an article that is another now; empty before where it was added, and after where it was removed."""

    before: str
    after: str

    @property
    def brief(self) -> tuple[str, str]:
        """What changed, each side with a few words around it: of a long sentence else nobody would see it."""
        old, new = self.before.split(), self.after.split()
        head = _shared(old, new)
        tail = min(_shared(old[::-1], new[::-1]), len(old) - head, len(new) - head)
        cut_head, cut_tail = max(head - _WORDS_AROUND, 0), max(tail - _WORDS_AROUND, 0)
        first, second = (
            " ".join(
                [*(["…"] if cut_head else []), *side[cut_head : len(side) - cut_tail], *(["…"] if cut_tail else [])]
            )
            if old and new
            else " ".join(side)
            for side in (old, new)
        )
        return first, second


@dataclass(frozen=True, kw_only=True)
class NewRevision:
    """An article that says something else now."""

    article_id: str
    revision: int
    outlet: str
    headline: str
    url: str | None
    changes: tuple[Sentence, ...]


@dataclass(frozen=True, kw_only=True)
class StoryNews:
    """What is new in one story. Of a story that `is_new` claims are not told: all of them are."""

    story_id: str
    headline: str
    topics: tuple[str, ...]
    is_new: bool
    article_count: int
    outlet_count: int
    last_published_at: datetime | None
    articles: tuple[NewArticle, ...] = ()
    claims: tuple[NewClaim, ...] = ()
    differences: tuple[NewDifference, ...] = ()
    revisions: tuple[NewRevision, ...] = ()

    @property
    def summary(self) -> str:
        """What is new in it, in one line."""
        if self.is_new:
            counts = f"{tell_count(self.article_count, 'article')} of {tell_count(self.outlet_count, 'outlet')}"
            told = [f"new story, {counts}"]
        else:
            told = [tell_count(len(self.articles), "new article")] if self.articles else []
            told += [tell_count(len(self.claims), "new claim")] if self.claims else []
        told += [tell_count(len(self.differences), "new difference")] if self.differences else []
        told += [tell_count(len(self.revisions), "changed article")] if self.revisions else []
        return ", ".join(told)


@dataclass(frozen=True, kw_only=True)
class Digest:
    """What a run brought. The counts are of all stories that are followed; `stories` are the first of them.

    `is_first`: there was nothing before, so everything is new, and is counted alone.
    """

    is_first: bool = False
    story_count: int = 0  # stories with anything new
    new_story_count: int = 0
    article_count: int = 0
    claim_count: int = 0
    difference_count: int = 0
    revision_count: int = 0
    other_count: int = 0  # new stories of no topic, where topics are followed
    stories: tuple[StoryNews, ...] = ()
    topic_counts: Mapping[str, int] = field(default_factory=dict)  # new stories of each topic

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.story_count)

    @property
    def summary(self) -> str:
        """The counts in one line; empty where nothing is new."""
        if self.is_first:
            topics = "".join(f", {count:,} of {clean_text(name)}" for name, count in self.topic_counts.items())
            return f"{tell_count(self.story_count, 'story', 'stories')} to begin with{topics}"
        counts = [
            (self.new_story_count, "new story", "new stories"),
            (self.article_count, "new article", ""),
            (self.claim_count, "new claim", ""),
            (self.difference_count, "new difference", ""),
            (self.revision_count, "changed article", ""),
        ]
        told = [tell_count(count, noun, plural) for count, noun, plural in counts if count]
        told += [f"{tell_count(self.other_count, 'new story', 'new stories')} of no topic"] if self.other_count else []
        return ", ".join(told)


def find_news(
    before: Shelf, after: Shelf, parts: Collection[str], story_ids: Collection[str], *, has_topics: bool
) -> Digest:
    """What is new in the compared stories.

    Args: the tables before and after; the `parts` that hold these stories, before and after; with `has_topics`, stories
        of a topic are followed, and others only counted; without, all are.
    Returns: a claim is new where no mention of it was there and a new article makes it, not by its headline alone:
        that is told with the article. What a changed article says anew is told as its revision. A difference is new
        where no pair of its story differed in these two values. A story whose articles were in any story before is not
        new, whatever its id was.
    Cost: reads some columns of the parts, one part after the other, and no text of an article.
    """
    stories = _rows(after, "stories", parts, "story_id", story_ids)
    if not before.parts("articles"):
        return _count_first(stories)
    known = _known_stories(before, after, parts, story_ids)
    followed = [row for row in stories if row["topics"] or not has_topics]
    new = sorted((row for row in followed if row["story_id"] not in known), key=_by_size)
    told = [*(row for row in followed if row["story_id"] in known), *new[:MOST_TOLD]]
    change = _Change(before, after, parts, {row["story_id"] for row in told})
    news = sorted((found for row in told if (found := change.news_of(row))), key=_by_weight)
    rest = new[MOST_TOLD:]
    differing = _rows(after, "differences", parts, "story_id", {row["story_id"] for row in rest}, _VALUES)
    return Digest(
        story_count=len(news) + len(rest),
        new_story_count=len(new),
        article_count=sum(len(one.articles) for one in news) + sum(row["article_count"] for row in rest),
        claim_count=sum(len(one.claims) for one in news),
        difference_count=sum(len(one.differences) for one in news)
        + len({(row["story_id"], _values(row)) for row in differing}),
        revision_count=sum(len(one.revisions) for one in news),
        other_count=len({row["story_id"] for row in stories} - known - {row["story_id"] for row in followed}),
        stories=tuple(news[:MOST_TOLD]),
    )


def _count_first(stories: Sequence[Row]) -> Digest:
    counts: dict[str, int] = defaultdict(int)
    for row in stories:
        for topic in _topics(row):
            counts[topic] += 1
    return Digest(
        is_first=True, story_count=len(stories), new_story_count=len(stories), topic_counts=dict(sorted(counts.items()))
    )


def _known_stories(before: Shelf, after: Shelf, parts: Collection[str], story_ids: Collection[str]) -> set[str]:
    """Those stories of which an article was there before."""
    members = after.read("articles", parts, ["story_id", "article_id"], {"story_id": story_ids})
    stored = before.read("articles", parts, ["article_id"])["article_id"]
    return set(members.filter(pc.is_in(members["article_id"], value_set=stored))["story_id"].to_pylist())


class _Change:
    """The rows of some stories, before and after, looked up by id."""

    def __init__(self, before: Shelf, after: Shelf, parts: Collection[str], story_ids: set[str]) -> None:
        self.story_ids = story_ids
        columns = ["article_id", "revision", "is_latest", "outlet_id", "headline", "url", "text_digest", "published_at"]
        articles = _rows(after, "articles", parts, "story_id", story_ids, columns)
        ids = {row["article_id"] for row in articles}
        stored = _rows(before, "articles", parts, "article_id", ids, ["text_digest", "story_id"])
        self._names = {row["outlet_id"]: clean_text(row["name"]) for row in after.read("outlets").to_pylist()}
        self._digests = {(row["article_id"], row["text_digest"]) for row in stored}
        self._there = {row["article_id"] for row in stored}
        story_of = {row["article_id"]: row["story_id"] for row in stored}
        former: dict[str, set[str]] = defaultdict(set)
        for row in articles:
            if row["article_id"] in story_of:
                former[row["story_id"]].add(story_of[row["article_id"]])
        self._articles = _by_story(articles)
        self._article = {row["article_id"]: row for row in articles if row["is_latest"]}
        self._former = former
        differing = self._find_differences(before, after, parts)
        ends = {row[end] for row in differing for end in ("a_id", "b_id")}
        self._mention = {
            row["mention_id"]: row for row in _rows(after, "mentions", parts, "mention_id", ends, ["outlet_id", "text"])
        }
        self._find_claims(before, after, parts)
        self._differences: dict[str, list[NewDifference]] = defaultdict(list)
        for row in differing:
            self._differences[row["story_id"]].append(self._difference(row))
        self._changes: dict[tuple[str, int], list[Row]] = defaultdict(list)
        for row in _rows(after, "revisions", parts, "article_id", ids & self._there):
            self._changes[row["article_id"], row["revision"]].append(row)

    def _find_differences(self, before: Shelf, after: Shelf, parts: Collection[str]) -> list[Row]:
        """The first pair of each two values that had not stood against each other, the gravest first."""
        former = {one for ids in self._former.values() for one in ids}
        known: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
        for row in _rows(before, "differences", parts, "story_id", former, _VALUES):
            known[row["story_id"]].add(_values(row))
        seen = {one: set().union(*(known[was] for was in self._former.get(one, ()))) for one in self.story_ids}
        found: list[Row] = []
        rows = _rows(after, "differences", parts, "story_id", self.story_ids)
        for row in sorted(rows, key=lambda row: (-(row["severity"] or 0.0), row["a_id"], row["b_id"], row["kind"])):
            if _values(row) not in seen[row["story_id"]]:
                seen[row["story_id"]].add(_values(row))
                found.append(row)
        return found

    def _find_claims(self, before: Shelf, after: Shelf, parts: Collection[str]) -> None:
        """The claims of known stories that nobody had made."""
        columns = ["mention_id", "article_id", "outlet_id", "story_id", "claim_id", "part", "start_char"]
        mentions = _rows(after, "mentions", parts, "story_id", self._former, columns)
        former = {one for ids in self._former.values() for one in ids}
        said = {row["mention_id"] for row in _rows(before, "mentions", parts, "story_id", former, ["mention_id"])}
        texts = {
            row["claim_id"]: row["text"]
            for row in _rows(after, "claims", parts, "story_id", self._former, ["claim_id", "text"])
        }
        makers: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in mentions:
            if row["claim_id"]:
                makers[row["story_id"], row["claim_id"]].append(row)
        self._claims: dict[str, list[NewClaim]] = defaultdict(list)
        for (story_id, claim_id), rows in sorted(makers.items(), key=_by_place):
            new = [row for row in rows if row["article_id"] not in self._there and row["part"] != "headline"]
            if new and not any(row["mention_id"] in said for row in rows):
                outlets = tuple(sorted({self._name(row["outlet_id"]) for row in rows}))
                self._claims[story_id].append(
                    NewClaim(claim_id=claim_id, text=clean_text(texts[claim_id]), outlets=outlets)
                )

    def _difference(self, row: Row) -> NewDifference:
        a, b = self._mention[row["a_id"]], self._mention[row["b_id"]]
        return NewDifference(
            kind=clean_text(row["kind"]),
            unit=clean_text(row["unit"] or ""),
            value_a=clean_text(row["value_a"]),
            outlet_a=self._name(a["outlet_id"]),
            text_a=clean_text(a["text"]),
            value_b=clean_text(row["value_b"]),
            outlet_b=self._name(b["outlet_id"]),
            text_b=clean_text(b["text"]),
            severity=row["severity"] or 0.0,
        )

    def news_of(self, story: Row) -> StoryNews | None:
        """What is new in a story; None where nothing is."""
        story_id = story["story_id"]
        rows = [row for row in self._articles[story_id] if row["is_latest"]]
        news = StoryNews(
            story_id=story_id,
            headline=clean_text(story["headline"] or story_id),
            topics=_topics(story),
            is_new=story_id not in self._former,
            article_count=story["article_count"],
            outlet_count=story["outlet_count"],
            last_published_at=story["last_published_at"],
            articles=tuple(self._new_article(row) for row in rows if row["article_id"] not in self._there),
            claims=tuple(self._claims[story_id]),
            differences=tuple(self._differences[story_id]),
            revisions=tuple(self._revisions(self._articles[story_id])),
        )
        return news if news.summary else None

    def _new_article(self, row: Row) -> NewArticle:
        return NewArticle(
            article_id=row["article_id"],
            outlet=self._name(row["outlet_id"]),
            headline=clean_text(row["headline"] or row["url"]),
            url=_link(row),
        )

    def _revisions(self, articles: Iterable[Row]) -> Iterable[NewRevision]:
        """The texts of known articles that were not known: by their digests, for numbers move with an earlier text."""
        for row in articles:
            is_known = (row["article_id"], row["text_digest"]) in self._digests
            changes = self._changes[row["article_id"], row["revision"]]
            if row["article_id"] in self._there and not is_known and changes:
                latest = self._article[row["article_id"]]
                yield NewRevision(
                    article_id=row["article_id"],
                    revision=row["revision"],
                    outlet=self._name(row["outlet_id"]),
                    headline=clean_text(latest["headline"] or latest["url"]),
                    url=_link(latest),
                    changes=tuple(
                        Sentence(before=clean_text(change["before"] or ""), after=clean_text(change["after"] or ""))
                        for change in changes
                    ),
                )

    def _name(self, outlet_id: str) -> str:
        return self._names.get(outlet_id) or clean_text(outlet_id)


def _rows(  # noqa: PLR0917 - where, what of it, and which
    shelf: Shelf,
    name: str,
    parts: Collection[str],
    column: str,
    values: Collection[str],
    columns: Sequence[str] | None = None,
) -> list[Row]:
    """The rows of some parts that have one of some values in a column; all columns, or that one and some."""
    wanted = None if columns is None else list(dict.fromkeys([column, *columns]))
    rows: list[Row] = shelf.read(name, parts, wanted, {column: values}).to_pylist()
    return rows


def _by_place(item: tuple[tuple[str, str], list[Row]]) -> tuple[Any, ...]:
    """Claims of most outlets first, then as they stand in their articles."""
    key, rows = item
    first = min(rows, key=lambda row: (row["article_id"], row["start_char"]))
    return -len({row["outlet_id"] for row in rows}), first["article_id"], first["start_char"], key


def _by_story(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=_by_age):
        found[row["story_id"]].append(row)
    return found


def _by_age(row: Row) -> tuple[Any, ...]:
    return row["published_at"] is None, row["published_at"] or 0, row["article_id"], row["revision"]


def _values(row: Row) -> tuple[Any, ...]:
    """What makes two differences of a story the same, whoever gives the values."""
    return row["kind"], row["unit"] or "", frozenset((row["value_a"].casefold(), row["value_b"].casefold()))


def _topics(story: Row) -> tuple[str, ...]:
    return tuple(clean_text(topic) for topic in split_cell(story["topics"]))


def _link(row: Row) -> str | None:
    return str(row["url"]) if is_web(row["url"]) else None


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words two sequences begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _by_size(story: Row) -> tuple[Any, ...]:
    """What more outlets tell first, then the newest."""
    newest = -(story["last_published_at"].timestamp()) if story["last_published_at"] else 0.0
    return -story["outlet_count"], newest, story["story_id"]


def _by_weight(news: StoryNews) -> tuple[Any, ...]:
    """Differences first, then changed words, then by size."""
    return -len(news.differences), -len(news.revisions), *_by_size(vars(news))
