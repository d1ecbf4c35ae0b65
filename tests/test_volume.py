"""A drop in volume is told against the outlet's own past, and rarely without cause."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from presswatch.cli import run_command
from presswatch.tables import TABLES, make_arrow, write_arrow
from presswatch.volume import Drop, find_drops

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def articles(counts, outlet_id="quay"):
    """So many articles in each week back from noon, the last one first."""
    days = [NOON - timedelta(weeks=week, hours=1 + n) for week, count in enumerate(counts) for n in range(count)]
    return pd.DataFrame({"outlet_id": outlet_id, "published_at": pd.to_datetime(days, utc=True)})


def test_less_than_half_of_the_poorest_week_is_a_drop():
    past = [9, 8, 12, 8, 10, 9, 11, 8]
    assert find_drops(articles([3, *past]), NOON) == [Drop(outlet_id="quay", count=3, least=8, most=12)]
    assert find_drops(articles([4, *past]), NOON) == []
    assert [drop.count for drop in find_drops(articles([0, *past]), NOON)] == [0]


def test_outlets_are_held_against_their_own_past_alone():
    both = pd.concat([articles([20] * 9), articles([1, *[6] * 8], "kino")])
    assert [drop.outlet_id for drop in find_drops(both, NOON)] == ["kino"]


@pytest.mark.parametrize("past", [[3] * 8, [9, 9, 9, 0, 9, 9, 9, 9], [9] * 7])
def test_a_past_that_is_short_poor_or_has_holes_says_nothing(past):
    assert find_drops(articles([0, *past]), NOON) == []


def test_articles_without_a_date_and_of_the_future_count_for_nothing():
    frame = articles([1, *[9] * 8])
    later = pd.DataFrame({"outlet_id": "quay", "published_at": [pd.NaT, NOON + timedelta(days=1)] * 9})
    later["published_at"] = pd.to_datetime(later["published_at"], utc=True)
    assert [drop.count for drop in find_drops(pd.concat([frame, later]), NOON)] == [1]
    assert find_drops(frame.iloc[:0], NOON) == []


@pytest.mark.parametrize(("mean", "caught"), [(12, 0.7), (20, 0.85)])
def test_the_odds_are_as_stated(mean, caught):
    random = np.random.default_rng(1)
    means = mean * random.gamma(1 / 0.09, 0.09, (2000, 9))
    draws, fallen = random.poisson(means), random.poisson(means * 0.1)
    least = draws[:, 1:].min(axis=1)

    def told(counts):
        return float(((least >= 4) & (counts[:, 0] < least / 2)).mean())

    assert told(draws) < 0.02
    assert told(fallen) > caught
    one = np.flatnonzero((least >= 4) & (fallen[:, 0] < least / 2))[0]
    assert find_drops(articles([int(fallen[one, 0]), *map(int, draws[one, 1:])]), NOON)


def test_status_names_an_outlet_that_has_fallen(tmp_path, capsys):
    rows = articles([1, *[6] * 8]).assign(
        article_id=lambda frame: [f"{n:016x}" for n in range(len(frame))], revision=1, is_latest=True, story_id="s"
    )
    run = {"run_id": "r", "command": "watch", "started_at": NOON, "finished_at": NOON, "outcome": "ok"}
    run |= dict.fromkeys(("discovered", "fetched", "extracted", "stories", "failed"), 0)
    for name, content in (("articles", rows.to_dict("records")), ("runs", [run])):
        write_arrow(make_arrow(TABLES[name], content), tmp_path / "clean" / name / f"{name}.parquet")
    assert run_command(["status", "--data", str(tmp_path)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "quay: 1 article in the 7 days to the last watch, 6 in each of the 8 weeks before" in told
    assert "presswatch outlets check quay" in told
