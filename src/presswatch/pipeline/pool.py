"""Comparing and grouping in the pool of workers, where there is enough to share."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presswatch.engine import GivenUp
from presswatch.errors import PresswatchError
from presswatch.pipeline.publishing import stage_page
from presswatch.pipeline.run import Run
from presswatch.tables import Tables, to_frame
from presswatch.tables.shelf import Shelf

if TYPE_CHECKING:
    from presswatch.comparer import Batch
    from presswatch.shelving import Work

_LEAST_SHARED = 8  # batches of stories that are worth starting workers for; each is compared in about a second
_LEAST_GROUPED = 2_000  # articles of several periods that are worth it; each takes about a millisecond
_COMPARE_DEADLINE_S = 1800.0  # of such a batch, however large its largest story is


def compare_in_pool(run: Run, shelf: Shelf, pages: dict[Path, Path]) -> Callable[[Any, int], Iterable[Any]]:
    """How batches of stories are compared: one after the other here, or in the pool where there are several.

    Their pages are written at once, and `pages` is told what puts them in their places.
    Raises: what comparing raises.
    """
    from presswatch.shelving import compare_and_show  # noqa: PLC0415 - heavy, and for news alone

    known = Tables(outlets=to_frame(shelf.read("outlets"))).outlet_names()
    names = known | {outlet_id: outlet.name for outlet_id, outlet in run.outlets.items()}

    def each(batches: Iterable[Any], count: int) -> Iterable[Any]:
        under_way: deque[Work] = deque()
        outcomes: Iterable[Any] = (
            map(compare_and_show, _noted(batches, names, under_way))
            if count < _LEAST_SHARED
            else run.engine.map(compare_and_show, _noted(batches, names, under_way), deadline_s=_COMPARE_DEADLINE_S)
        )
        for done, outcome in enumerate(outcomes, start=1):
            work = under_way.popleft()
            if isinstance(outcome, GivenUp):  # a worker may die of what else is on its machine
                again = next(iter(run.engine.map(compare_and_show, [work], deadline_s=_COMPARE_DEADLINE_S)))
            told, shown = _need(again if isinstance(outcome, GivenUp) else outcome, work.batch.stories)
            for story_id, page in shown.items():
                pages.update(stage_page(run, story_id, page))
            run.progress("compare", done, count, "batches of stories")
            yield told

    return each


def group_in_pool(run: Run, periods: Sequence[Any]) -> Iterable[Any]:
    """The groups of some periods: one after the other here, or in the pool where there is much in several.

    Raises: what grouping raises.
    """
    from presswatch.align.periods import group_period  # noqa: PLC0415 - heavy, and for news alone

    if len(periods) == 1 or sum(len(articles) for _, articles in periods) < _LEAST_GROUPED:
        return map(group_period, periods)
    outcomes = run.engine.map(group_period, periods, deadline_s=_COMPARE_DEADLINE_S)
    return (
        group_period(period) if isinstance(outcome, GivenUp) else _need(outcome, ())
        for period, outcome in zip(periods, outcomes, strict=True)
    )


def _noted(batches: Iterable[Batch], names: Mapping[str, str], under_way: deque[Work]) -> Iterator[Work]:
    """The batches as work, each noted when it is handed out."""
    from presswatch.shelving import Work  # noqa: PLC0415 - heavy, and for news alone

    for batch in batches:
        under_way.append(Work(batch, names))
        yield under_way[-1]


def _need(outcome: Any, stories: Collection[str]) -> Any:
    """A result, which has to be one: no story can be left out.

    Raises: PresswatchError where its worker died twice; else what it raised.
    """
    if isinstance(outcome, GivenUp):
        raise PresswatchError(f"stories could not be compared, one of {', '.join(sorted(stories))}: {outcome}")
    if isinstance(outcome, Exception):
        raise outcome
    return outcome
