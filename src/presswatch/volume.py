"""Whether an outlet's articles have become few against its own past. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

_WEEK_DAYS = 7  # an outlet's days differ, its weeks hardly: none publishes on Sundays as on Tuesdays
_PAST_WEEKS = 8
_LEAST = 4  # articles in the poorest of the past weeks; fewer, and a week of none is nothing strange
_SHARE = 0.5  # of the poorest week


@dataclass(frozen=True, kw_only=True)
class Drop:
    """An outlet with `count` articles in the last seven days; each of the eight weeks before had `least` to `most`."""

    outlet_id: str
    count: int
    least: int
    most: int


def find_drops(articles: pd.DataFrame, until: datetime) -> list[Drop]:
    """The outlets of which the last week holds less than half of what the poorest of the eight weeks before it held.

    The rule supposes nothing of how articles are spread but that weeks are alike: any of nine is the poorest one time
    in nine, and the half keeps that from being told. Drawn at random (Poisson, and a mean that varies by three tenths
    from week to week), at most 14 weeks of a thousand are told without cause, whatever the mean; a fall to a tenth is
    told three times of four at 12 articles a week, nine times at 20. Outlets with few articles are never told of.

    Args: `articles` are latest revisions with `outlet_id` and `published_at`; `until` is when outlets were last asked.
    Returns: by outlet_id.
    """
    dated = articles.dropna(subset="published_at")
    weeks = (until - dated["published_at"]).dt.days // _WEEK_DAYS
    found = []
    for outlet_id, ages in weeks.groupby(dated["outlet_id"]):
        counts = [int((ages == week).sum()) for week in range(_PAST_WEEKS + 1)]
        count, past = counts[0], counts[1:]
        if min(past) >= _LEAST and count < _SHARE * min(past):
            found.append(Drop(outlet_id=str(outlet_id), count=count, least=min(past), most=max(past)))
    return found
