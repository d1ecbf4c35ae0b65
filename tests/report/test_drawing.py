from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from presswatch.report import describe_story
from presswatch.report.drawing import draw_graph, join_credits, place_articles


@pytest.fixture
def report(tables, story_id, names):
    return describe_story(tables, story_id, names)


def _per_cent(text):
    return float(text.removesuffix("%"))


def test_articles_stand_in_proportion_to_their_times(report):
    timeline = place_articles(report.articles)
    places = {outlet_id: _per_cent(marks[0].at) for outlet_id, marks in timeline.marks.items()}
    assert places["ledger"] == 3.0
    assert places["marquee"] == pytest.approx(97.0, abs=0.1)
    assert places["reel"] == pytest.approx(3 + 94 * 26 / 51, abs=0.2)
    assert all(not mark.width for marks in timeline.marks.values() for mark in marks)
    assert [tick.day for tick in timeline.ticks] == ["13 May 2031", "14 May 2031"]


def test_what_is_known_to_the_day_is_a_bar_and_what_has_no_date_no_mark(report):
    first, day, unknown, *others = report.articles
    day = replace(day, out_by=day.out_from + timedelta(days=1))
    unknown = replace(unknown, out_from=None)
    timeline = place_articles([first, day, unknown, *others])
    (bar,) = timeline.marks[day.outlet_id]
    assert _per_cent(bar.width) == pytest.approx(94 * 24 / 51, abs=0.3)
    assert unknown.outlet_id not in timeline.marks


def test_without_any_date_there_is_no_timeline(report):
    assert not place_articles([replace(article, out_from=None) for article in report.articles]).marks


def test_years_between_articles_have_four_ticks_at_most(report):
    last = replace(report.articles[-1], out_from=report.articles[0].out_from + timedelta(days=2900), out_by=None)
    assert 1 < len(place_articles([report.articles[0], last]).ticks) <= 4


def test_an_edge_has_the_gravest_verdict_of_its_credits_and_an_arc(report):
    told, noted = report.credits
    fine = replace(told, verdict="confirmed")
    own = replace(told, verdict="self", credited="Reel & Rope")
    report = replace(report, credits=(told, fine, noted, own))
    edges = join_credits(report)
    assert [(edge.outlet, edge.credited, edge.verdict, len(edge.credits)) for edge in edges] == [
        ("Reel & Rope", "Quay", "altered", 2),
        ("Marquee Weekly", "Northlight Film Quarterly", "not_fetched", 1),
    ]
    graph = draw_graph(report, edges)
    assert [(arc.number, arc.verdict) for arc in graph.arcs] == [(1, "altered"), (2, "not_fetched")]
    assert [node.full_name for node in graph.nodes] == [
        "Quay",
        "Reel & Rope",
        "Marquee Weekly",
        "Northlight Film Quarterly",
    ]
    assert graph.nodes[-1].name == "Northlight Film Qua…"


def test_two_outlets_that_credit_each_other_have_two_arcs_apart(report):
    told, _ = report.credits
    back = replace(told, said=replace(told.said, outlet="Quay"), credited="Reel & Rope")
    report = replace(report, credits=(told, back))
    there, back_again = draw_graph(report, join_credits(report)).arcs
    assert there.path != back_again.path
    assert there.title == "Quay credits Reel & Rope: altered"


def test_where_nobody_credits_another_there_is_no_graph(report):
    assert draw_graph(replace(report, credits=()), ()) is None
