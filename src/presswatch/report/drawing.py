"""Where the marks of the page's two pictures stand: articles on a line of time, and who has it from whom.

The timeline counts in per cent of its width, so that it fits any column; the graph in pixels that a phone has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from presswatch.model import Verdict
from presswatch.report.lines import VERDICT_ORDER, ArticleLine, CreditLine, StoryReport
from presswatch.report.wording import tell_day

# per cent: where the first and last mark of a timeline stand, so that none is cut off
_STRIP_FROM, _STRIP_TO = 3.0, 97.0
_EXACT = timedelta(hours=1)  # what is known so well is a dot; else a bar from the earliest moment to the latest
_MOST_TICKS = 4  # more dates do not fit over a third of a page
_TICK_DAYS = (1, 2, 7, 14, 30, 91, 182, 365, 730, 1825, 3650)

MOST_EDGES = 40  # more arcs are a ball of wool; the table has them
_ROW = 34  # pixels between two outlets
_ARCS = 168  # pixels for the arcs; with the longest name that is some 360, and fits a phone
_LONGEST_NAME = 20  # characters
_DOT = 5.0
_APART = 4.0
_HEAD = 8.0
_CHAR = 9.0  # pixels of a bold letter at most
_LEAST_BULGE, _BULGE = 46.0, 20.0  # of an arc: at least, and for each outlet between its ends
_MOST_BULGE = 190.0  # a cubic curve goes three quarters as far


@dataclass(frozen=True, kw_only=True)
class Mark:
    """An article on the timeline, in per cent: a dot, or a bar with a width."""

    at: str
    width: str = ""


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A midnight on the timeline."""

    at: str
    day: str


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The marks of each outlet's articles, by outlet id, and the days between. Articles without a date have no mark."""

    marks: dict[str, list[Mark]]
    ticks: list[Tick]


@dataclass(frozen=True, kw_only=True)
class Edge:
    """What one outlet has from another: the credits, those that do not hold first."""

    outlet: str
    credited: str
    credits: tuple[CreditLine, ...]

    @property
    def verdict(self) -> Verdict:
        """The gravest of its verdicts."""
        return self.credits[0].verdict


@dataclass(frozen=True, kw_only=True)
class Node:
    """An outlet of the graph, at its height in pixels."""

    y: int
    name: str
    full_name: str


@dataclass(frozen=True, kw_only=True)
class Arc:
    """An edge as a curve from who credits to who is credited, and where its sign stands."""

    number: int  # of the edge in the table, from 1
    verdict: Verdict
    path: str
    head: str
    sign_x: float
    sign_y: float
    title: str


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Outlets below each other, and an arc for each pair of which one credits the other."""

    width: int
    height: int
    names: int  # where the names end
    nodes: tuple[Node, ...]
    arcs: tuple[Arc, ...]


def place_articles(articles: Sequence[ArticleLine]) -> Timeline:
    """Where articles stand on the story's line of time."""
    dated = [article for article in articles if article.out_from]
    if not dated:
        return Timeline(marks={}, ticks=[])
    begin = min(article.out_from for article in dated if article.out_from)
    end = max(article.out_by or article.out_from or begin for article in dated)
    length = max(end - begin, timedelta(minutes=1))

    def at(moment: datetime) -> float:
        return _STRIP_FROM + (moment - begin) / length * (_STRIP_TO - _STRIP_FROM)

    marks: dict[str, list[Mark]] = {}
    for article in dated:
        earliest, latest = article.out_from or begin, article.out_by or article.out_from or begin
        width = f"{at(latest) - at(earliest):.1f}%" if latest - earliest > _EXACT else ""
        marks.setdefault(article.outlet_id, []).append(Mark(at=f"{at(earliest):.1f}%", width=width))
    return Timeline(marks=marks, ticks=[Tick(at=f"{at(day):.1f}%", day=tell_day(day)) for day in _days(begin, end)])


def _days(begin: datetime, end: datetime) -> list[datetime]:
    """The midnights to mark between two moments: at most `_MOST_TICKS`, evenly apart."""
    step = next((days for days in _TICK_DAYS if (end - begin) / timedelta(days=days) <= _MOST_TICKS), _TICK_DAYS[-1])
    day = begin.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    days: list[datetime] = []
    while day <= end and len(days) < _MOST_TICKS:
        days.append(day)
        day += timedelta(days=step)
    return days


def join_credits(report: StoryReport) -> tuple[Edge, ...]:
    """The credits that outlets give to others, by who gives them to whom; those that do not hold first."""
    ordered = sorted(report.credits_to_others, key=lambda line: (line.said.outlet, line.credited))
    edges = [
        Edge(outlet=outlet, credited=credited, credits=tuple(lines))
        for (outlet, credited), lines in groupby(ordered, key=lambda line: (line.said.outlet, line.credited))
    ]
    return tuple(sorted(edges, key=lambda edge: (VERDICT_ORDER.index(edge.verdict), edge.outlet, edge.credited)))


def draw_graph(report: StoryReport, edges: Sequence[Edge]) -> Graph | None:
    """Who has it from whom, as a picture; None where no outlet credits another one."""
    drawn = list(enumerate(edges, 1))[:MOST_EDGES]
    if not drawn:
        return None
    ends = {name for _, edge in drawn for name in (edge.outlet, edge.credited)}
    named = [outlet.outlet for outlet in report.outlets if outlet.outlet in ends]
    order = [*dict.fromkeys(named), *sorted(ends - set(named))]
    height = {name: place * _ROW + _ROW // 2 for place, name in enumerate(order)}
    names = round(_CHAR * max(len(_fit(name)) for name in order))
    left = names + 3 * _DOT
    return Graph(
        width=names + _ARCS,
        height=len(order) * _ROW,
        names=names,
        nodes=tuple(Node(y=height[name], name=_fit(name), full_name=name) for name in order),
        arcs=tuple(_draw_arc(number, edge, left, height[edge.outlet], height[edge.credited]) for number, edge in drawn),
    )


def _draw_arc(number: int, edge: Edge, left: float, start: int, end: int) -> Arc:
    """An arc to the right, from `left`: it leaves its dot below and comes in above, so that two ways are two arcs."""
    bulge = min(_LEAST_BULGE + _BULGE * abs(end - start) / _ROW, _MOST_BULGE)
    out, back, far = start + _APART, end - _APART, round(left + bulge)
    return Arc(
        number=number,
        verdict=edge.verdict,
        path=f"M{left:.0f} {out:.0f}C{far} {out:.0f} {far} {back:.0f} {left + _HEAD:.0f} {back:.0f}",
        head=f"M{left:.0f} {back:.0f}l{_HEAD:.0f} -4v8z",
        sign_x=round(left + 0.75 * bulge, 1),
        sign_y=(start + end) / 2,
        title=f"{edge.outlet} credits {edge.credited}: {edge.verdict.replace('_', ' ')}",
    )


def _fit(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1].rstrip() + "…"
