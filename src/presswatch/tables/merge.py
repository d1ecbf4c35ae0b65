"""Putting newly read articles among the stored ones: which text is a new revision, and which is no news. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from presswatch.tables import make_frame
from presswatch.tables.schema import TABLES

Frames = Mapping[str, pd.DataFrame]
READ_TABLES = ("articles", "mentions", "removed", "aliases")  # what reading a WARC file gives


@dataclass(frozen=True)
class Merged:
    """`frames` hold all articles; `changed` names those whose rows are not what they were."""

    frames: dict[str, pd.DataFrame]
    changed: frozenset[str]


def merge_batches(stored: Frames, batches: Sequence[Frames]) -> Merged:
    """Lay newly read articles over the stored ones.

    A batch numbers the texts of an article in its own `revision` column; here all captures of an article are put in
    order of time, one whose text is that of the capture before is dropped, and the rest is numbered anew. A capture
    that was read before is replaced. The result does not depend on the order of the batches.

    Mentions are kept of the newest revision only.
    """
    layers = [{name: stored.get(name, make_frame(TABLES[name])) for name in READ_TABLES}, *batches]
    articles = _stack(layers, "articles")
    new = articles[articles["layer"] > 0]
    reread = (articles["layer"] == 0) & articles["capture_id"].isin(new["capture_id"])
    touched = set(new["article_id"]) | set(articles.loc[reread, "article_id"])
    kept = articles[~articles["article_id"].isin(touched)]
    pool = articles[articles["article_id"].isin(touched) & ~reread]
    numbered = _number_revisions(pool)
    changed = _changed(layers[0]["articles"], numbered, touched)
    frames = {"articles": pd.concat([kept, numbered], ignore_index=True)}
    origin = frames["articles"][["layer", "article_id", "was", "revision", "is_latest"]]
    for name in ("mentions", "removed"):
        rows = _stack(layers, name).drop(columns="revision").merge(origin, on=["layer", "article_id", "was"])
        frames[name] = rows[rows["is_latest"]] if name == "mentions" else rows
    aliases = pd.concat([layer["aliases"] for layer in layers], ignore_index=True)
    frames["aliases"] = aliases.drop_duplicates(["url", "article_id"])
    declared = {name: frame[list(TABLES[name].column_names)].reset_index(drop=True) for name, frame in frames.items()}
    return Merged(declared, changed)


def _stack(layers: Sequence[Frames], name: str) -> pd.DataFrame:
    """The rows of all layers, each with its `layer` (0 is the stored one) and the revision that it `was` there."""
    parts = {number: layer[name] for number, layer in enumerate(layers) if len(layer[name])} or {0: layers[0][name]}
    stacked = pd.concat(parts.values(), ignore_index=True)
    numbers = np.repeat(list(parts), [len(part) for part in parts.values()])
    return stacked.assign(layer=numbers, was=stacked["revision"])


def _number_revisions(pool: pd.DataFrame) -> pd.DataFrame:
    """Captures of the same articles as revisions: in order of time, without those that say what the last one said."""
    pool = pool.sort_values(["article_id", "fetched_at", "layer", "capture_id"], kind="stable")
    first_seen = pool.groupby("article_id")["first_seen_at"].transform("min")
    pool = pool.assign(first_seen_at=first_seen)
    before = pool.groupby("article_id")["text_digest"].shift()
    pool = pool[pool["text_digest"] != before]
    revision = pool.groupby("article_id").cumcount() + 1
    last = pool.groupby("article_id")["revision"].transform("size")
    return pool.assign(revision=revision, is_latest=revision == last)


def _changed(stored: pd.DataFrame, numbered: pd.DataFrame, touched: set[str]) -> frozenset[str]:
    """The articles whose rows differ from the stored ones, or that are gone."""
    columns = ["article_id", "revision", "capture_id", "text_digest", "extractor", "published_at", "first_seen_at"]
    old = stored[stored["article_id"].isin(touched)][columns]
    return frozenset(row[0] for row in _rows(old) ^ _rows(numbered[columns]))


def _rows(frame: pd.DataFrame) -> set[tuple[Any, ...]]:
    """Rows as values that are equal where they look so; pandas cannot merge frames without any."""
    return set(frame.astype("object").where(frame.notna(), None).itertuples(index=False, name=None))
