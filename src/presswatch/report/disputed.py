"""Differences and figures of one thing, put together so that no reader meets a disagreement twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace

from presswatch.report.facts import FigureLine, ValueLine, find_values, name_release
from presswatch.report.lines import DIFFERENCE_WORDS, DifferenceLine, by_said

_MOST_FIGURES = 12  # rows of the table; a reader looks for one number, and lists of fifty hide it
_DISPUTE_ORDER = (*(word for _, word in DIFFERENCE_WORDS), "")


def settle(
    differences: Sequence[DifferenceLine], figures: Sequence[FigureLine]
) -> tuple[tuple[DifferenceLine, ...], tuple[FigureLine, ...]]:
    """Put differences and figures of the same thing together: both name it alike, and the same outlets with each value.

    A difference is of a figure where two of the figure's values stand against each other in it. It then has whoever
    else prints one of them; nobody twice, where several differences are of one figure. Figures in dispute come before
    those on which all agree, behind what was shown first; those that are not of one thing go.

    Args: differences, surest first; figures as `find_figures` orders them.
    """
    places = {value.key: place for place, figure in enumerate(figures) for value in figure.values}
    keys = [_find_disputed(line, places) for line in differences]
    told = {
        (key, said.outlet_id)
        for line, own in zip(differences, keys, strict=True)
        for side, key in zip(line.sides, own, strict=True)
        for said in side.said
    }
    settled, disputes = [], dict[int, str]()
    for line, own in zip(differences, keys, strict=True):
        place = next((places[key] for key in own if key is not None), None)
        if place is None:
            settled.append(replace(line, thing=name_release(line.sides)) if line.kind == "release" else line)
            continue
        disputes.setdefault(place, line.sureness)
        sides = list(_complete(line.sides, own, figures[place], told))
        settled.append(replace(line, sides=tuple(sides), thing=figures[place].thing))
    disputed = (replace(figure, dispute=disputes.get(place, "")) for place, figure in enumerate(figures))
    lines = [figure for figure in disputed if figure.is_of_one_thing]
    lines.sort(key=lambda line: (not line.is_first_shown, _DISPUTE_ORDER.index(line.dispute)))
    return tuple(settled), tuple(lines[:_MOST_FIGURES])


def _find_disputed(difference: DifferenceLine, places: Mapping[Hashable, int]) -> list[Hashable]:
    """For each side of a difference its value's key in the figure that it is of; None where it has none."""
    found = find_values(difference.kind, difference.unit, difference.sides)
    met: dict[int, set[Hashable]] = defaultdict(set)
    for keys in found:
        for key in keys:
            if key in places:
                met[places[key]].add(key)
    disputed = min((place for place, keys in met.items() if len(keys) > 1), default=None)
    return [next((key for key in keys if places.get(key, -1) == disputed), None) for keys in found]


def _complete(
    sides: Sequence[ValueLine], keys: Sequence[Hashable], figure: FigureLine, told: set[tuple[Hashable, str]]
) -> Iterator[ValueLine]:
    """The sides of a difference, those that print one value in two ways as one, each with who else prints it."""
    values = {value.key: value.said for value in figure.values}
    for here, (side, key) in enumerate(zip(sides, keys, strict=True)):
        if key is None:
            yield side
        elif key not in keys[:here]:
            same = [said for other, its in zip(sides, keys, strict=True) if its == key for said in other.said]
            more = [said for said in values[key] if (key, said.outlet_id) not in told]
            told.update((key, said.outlet_id) for said in more)
            yield replace(side, said=(*sorted(same, key=by_said), *more))
