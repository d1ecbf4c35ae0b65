"""Putting newly read articles among the stored ones: which text is a new revision, and which is no news. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from presswatch.tables import make_frame
from presswatch.tables.schema import TABLES

Frames = Mapping[str, pd.DataFrame]
READ_TABLES = ("articles", "mentions", "removed", "sections", "aliases")  # what reading a WARC file gives
FORMER = "address"  # the reason of an alias that another reading of the article has for its own
_CAPTURE = ["capture_id", "fetched_at"]  # tells one reading of an article from another
_AGE = ["fetched_at", "modified_at", "capture_id", "layer"]  # which reading is newer; files taken in share one time
# What may differ between two readings that say the same.
_NO_NEWS = {"fetched_at", "capture_id", "story_id", "syndicated_from", "claim_id", "evidence"}


def merge_batches(stored: Frames, batches: Sequence[Frames]) -> tuple[dict[str, pd.DataFrame], set[str]]:
    """Lay newly read articles over the stored ones.

    A batch numbers the readings of an article in its own `revision` column. Here those with one text become one
    revision: it was first seen when the earliest was captured, and is told by the newest. Revisions are numbered in
    the order in which they were first seen; the latest is that of the newest capture, be its text new or back again.
    A revision needs its two ends only, so neither the order of captures nor their batches change the result. What a
    feed said of an article holds for all its captures, also for those that were made without having read it.

    A capture that was read before gives way to its new reading. Mentions are kept of the latest revision only.

    Returns: all articles with what is of them, and the ids of those that say something else than before, or were read
        again.
    """
    layers = [{name: stored.get(name, make_frame(TABLES[name])) for name in READ_TABLES}, *batches]
    articles = _share_listing(_stack(layers, "articles"))
    new = articles[articles["layer"] > 0]
    is_reread = (articles["layer"] == 0) & pd.MultiIndex.from_frame(articles[_CAPTURE]).isin(
        pd.MultiIndex.from_frame(new[_CAPTURE])
    )
    reread = set(articles.loc[is_reread, "article_id"])
    is_touched = articles["article_id"].isin({*new["article_id"], *reread})
    first_seen = articles.groupby(["article_id", *_CAPTURE])["first_seen_at"].transform("min")
    pool = articles.assign(first_seen_at=first_seen)[is_touched & ~is_reread]
    frames = {"articles": pd.concat([articles[~is_touched], _number_revisions(pool)], ignore_index=True)}
    origin = frames["articles"][["layer", "article_id", "was", "revision", "is_latest"]]
    for name in ("mentions", "removed", "sections"):
        rows = _stack(layers, name).drop(columns="revision").merge(origin, on=["layer", "article_id", "was"])
        frames[name] = rows[rows["is_latest"]] if name == "mentions" else rows
    aliases = pd.concat([layer["aliases"] for layer in layers], ignore_index=True)
    frames["aliases"] = _with_former(aliases, articles, frames["articles"])
    declared = {name: frame[list(TABLES[name].column_names)].reset_index(drop=True) for name, frame in frames.items()}
    touched = set(articles.loc[is_touched, "article_id"])
    return declared, reread | _changed(layers[0], declared, touched)


def _with_former(aliases: pd.DataFrame, readings: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """The aliases, with every address that a reading of an article had for its own and the newest has not.

    Their reason sorts first, so that an address is told alike whether it was an alias before or not.
    """
    newest = articles.loc[articles["is_latest"].astype(bool), ["url", "article_id"]]
    former = readings[["url", "article_id"]].drop_duplicates().assign(reason=FORMER)
    found = pd.concat([aliases, former], ignore_index=True).sort_values(["url", "article_id", "reason"])
    found = found.drop_duplicates(["url", "article_id"])
    is_own = pd.MultiIndex.from_frame(found[["url", "article_id"]]).isin(pd.MultiIndex.from_frame(newest))
    return found[~is_own]


def _stack(layers: Sequence[Frames], name: str) -> pd.DataFrame:
    """The rows of all layers, each with its `layer` (0 is the stored one) and the revision that it `was` there."""
    parts = {number: layer[name] for number, layer in enumerate(layers) if len(layer[name])} or {0: layers[0][name]}
    stacked = pd.concat(parts.values(), ignore_index=True)
    numbers = np.repeat(list(parts), [len(part) for part in parts.values()])
    return stacked.assign(layer=numbers, was=stacked["revision"])


def _share_listing(articles: pd.DataFrame) -> pd.DataFrame:
    """Each reading with the earliest listing that a capture of its article came with, as the last layer reads it."""
    earliest = articles.groupby("article_id")["listed_at"].transform("min")
    is_day = articles["listed_is_day"].astype("object").where(articles["listed_at"] == earliest, None)
    is_day = is_day.groupby(articles["article_id"]).transform("last")
    return articles.assign(listed_at=earliest, listed_is_day=is_day.isin([True]))


def _number_revisions(pool: pd.DataFrame) -> pd.DataFrame:
    """Readings of the same articles as revisions: the newest of each text, in the order in which texts were seen."""
    pool = pool.sort_values(_AGE, kind="stable", na_position="first")
    first_seen = pool.groupby(["article_id", "text_digest"])["first_seen_at"].transform("min")
    pool = pool.assign(first_seen_at=first_seen, is_latest=~pool.duplicated("article_id", keep="last"))
    pool = pool.drop_duplicates(["article_id", "text_digest"], keep="last")
    pool = pool.sort_values("first_seen_at", kind="stable")
    return pool.assign(revision=pool.groupby("article_id").cumcount() + 1)


def _changed(before: Frames, now: Frames, touched: set[str]) -> set[str]:
    """The articles whose rows say something else than before."""
    ids_before = touched.intersection(before["articles"]["article_id"])
    ids_now = touched.intersection(now["articles"]["article_id"])
    both = ids_before & ids_now
    different: set[tuple[Any, ...]] = set()
    for name in ("articles", "mentions"):
        columns = [column for column in TABLES[name].column_names if column not in _NO_NEWS]
        columns.sort(key=lambda column: column != "article_id")
        old, new = (frames[name][frames[name]["article_id"].isin(both)][columns] for frames in (before, now))
        different |= _rows(old) ^ _rows(new)
    return (ids_before ^ ids_now) | {row[0] for row in different}


def _rows(frame: pd.DataFrame) -> set[tuple[Any, ...]]:
    """Rows as values that are equal where they look so; pandas cannot merge frames without any."""
    return set(frame.astype("object").where(frame.notna(), None).itertuples(index=False, name=None))
