"""Between the dataclasses of `model` and the rows of the tables. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import pyarrow as pa

from presswatch.model import Article, Capture, Mention
from presswatch.outlets import Outlet
from presswatch.tables import JOINER

_ARTICLE_COLUMNS = [
    "article_id", "outlet_id", "url", "headline", "dek", "byline", "published_at", "published_is_day", "modified_at",
    "listed_at", "listed_is_day", "first_seen_at", "section", "language", "access", "text", "text_digest", "extractor",
    "has_layout",
]  # fmt: skip
_MENTION_COLUMNS = [
    "mention_id", "article_id", "outlet_id", "kind", "part", "start_char", "end_char", "text", "quote_id", "speaker",
    "cue", "credit", "credit_phrase", "voice",
]  # fmt: skip


def article_row(article: Article, capture: Capture, *, revision: int, topics: Iterable[str]) -> dict[str, Any]:
    """A row of `articles` for one capture; what only comparing can tell is left empty."""
    row = {name: getattr(article, name) for name in _ARTICLE_COLUMNS} | joined_cells(article)
    return row | {
        "revision": revision,
        "is_latest": True,
        "first_seen_at": capture.fetched_at,
        "fetched_at": capture.fetched_at,
        "word_count": len(article.text.split()),
        "topics": JOINER.join(topics) or None,
        "capture_id": capture.capture_id,
    }


def joined_cells(article: Article) -> dict[str, str | None]:
    """The cells of an article that hold several values."""
    return {
        "byline": JOINER.join(article.byline) or None,
        "evidence": JOINER.join(map(str, article.evidence)) or None,
    }


def split_cell(joined: str | None) -> list[str]:
    """The values of a cell that holds several."""
    return joined.split(JOINER) if joined else []


def mention_rows(mentions: Iterable[Mention], revision: int) -> list[dict[str, Any]]:
    """Rows of `mentions`, without a story or claim."""
    return [{**vars(mention), "revision": revision} for mention in mentions]


def articles_from(rows: pa.Table) -> list[Article]:
    """The articles of rows of `articles`, in the order of the rows."""
    made = []
    for row in rows.select(_ARTICLE_COLUMNS).to_pylist():
        row["byline"] = tuple(split_cell(row["byline"]))
        made.append(Article(**row))
    return made


def mentions_from(rows: pa.Table) -> list[Mention]:
    """The mentions of rows of `mentions`, in the order of the rows."""
    return [Mention(**row) for row in rows.select(_MENTION_COLUMNS).to_pylist()]


def story_row(
    story_id: str, articles: Sequence[Article], topics: Iterable[str], aliases: Iterable[str]
) -> dict[str, Any]:
    """The row of `stories` for the articles of one story, earliest first."""
    dates = [article.published_at for article in articles if article.published_at]
    return {
        "story_id": story_id,
        "aliases": JOINER.join(sorted(aliases)) or None,
        "headline": next((article.headline for article in articles if article.headline), None),
        "first_published_at": min(dates, default=None),
        "last_published_at": max(dates, default=None),
        "article_count": len(articles),
        "outlet_count": len({article.outlet_id for article in articles}),
        "topics": JOINER.join(sorted(set(topics))) or None,
    }


def outlet_rows(ids: Iterable[str], outlets: Mapping[str, Outlet], known: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of `outlets`: by the outlet files; else what was `known`; else the id alone."""
    before = {row["outlet_id"]: row for row in plain_rows(known)}
    return [
        _outlet_row(outlet_id, outlets.get(outlet_id))
        or before.get(outlet_id)
        or {"outlet_id": outlet_id, "name": outlet_id}
        for outlet_id in sorted(set(ids))
    ]


def _outlet_row(outlet_id: str, outlet: Outlet | None) -> dict[str, Any] | None:
    return {"outlet_id": outlet_id, "name": outlet.name, "hosts": JOINER.join(outlet.hosts)} if outlet else None


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as mappings of plain values: None for what is missing, datetimes for times."""
    columns = {str(name): _plain_column(column) for name, column in frame.items()}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _plain_column(column: pd.Series[Any]) -> list[Any]:
    if isinstance(column.dtype, pd.StringDtype):  # most are: three times as fast as value by value
        plain: list[Any] = pa.array(column.array, from_pandas=True).to_pylist()
        return plain
    values = column.tolist()
    return values if column.dtype.kind in "biu" and not column.hasnans else [_plain(value) for value in values]


def _plain(value: Any) -> Any:
    if value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value):  # noqa: PLR0124 - NaN alone differs from itself
        return None
    return value.to_pydatetime() if isinstance(value, datetime) and isinstance(value, pd.Timestamp) else value
