"""Average linkage: what its groups must satisfy, whatever the graph."""

from __future__ import annotations

import random
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from presswatch.align.linkage import Likeness, join_pairs, link_average

SIZE = 9
CUT = 0.4
graphs = st.dictionaries(
    st.sampled_from(list(combinations(range(SIZE), 2))), st.floats(0.05, 1.0, allow_nan=False), max_size=30
)


def groups_of(labels: list[int]) -> list[list[int]]:
    return [[i for i, label in enumerate(labels) if label == chosen] for chosen in sorted(set(labels))]


@settings(max_examples=50, deadline=None)
@given(graphs, st.randoms(use_true_random=False))
def test_order_of_pairs_does_not_matter(graph: dict[tuple[int, int], float], shuffler: random.Random) -> None:
    pairs = [(i, j, score) for (i, j), score in graph.items()]
    expected = link_average(pairs, [None] * SIZE, CUT)
    shuffler.shuffle(pairs)
    assert link_average(pairs, [None] * SIZE, CUT) == expected


@settings(max_examples=50, deadline=None)
@given(graphs)
def test_no_two_groups_are_left_that_belong_together(graph: dict[tuple[int, int], float]) -> None:
    groups = groups_of(link_average([(i, j, s) for (i, j), s in graph.items()], [None] * SIZE, CUT))
    for one, other in combinations(groups, 2):
        total = sum(graph.get((min(i, j), max(i, j)), 0.0) for i in one for j in other)
        assert total / (len(one) * len(other)) < CUT + 1e-9


@settings(max_examples=50, deadline=None)
@given(graphs, st.lists(st.sampled_from(["x", "y", "z"]), min_size=SIZE, max_size=SIZE))
def test_items_of_a_unit_meet_only_as_repetition(graph: dict[tuple[int, int], float], units: list[str]) -> None:
    together = [pair for pair, score in graph.items() if score >= 0.3]
    labels = link_average([(i, j, s) for (i, j), s in graph.items()], units, CUT, together=together)
    for group in groups_of(labels):
        for i, j in combinations(group, 2):
            assert units[i] != units[j] or (i, j) in together


def test_chains_do_not_form() -> None:
    chain = [(i, i + 1, 0.9) for i in range(SIZE - 1)]
    assert max(len(group) for group in groups_of(link_average(chain, [None] * SIZE, CUT))) <= 3


def test_agreement_inside_a_unit_is_allowed_and_counts_nothing() -> None:
    pairs = [(0, 1, 1.0), (0, 2, 0.9), (1, 2, 0.9)]
    assert link_average(pairs[:1], ["x", "x"], CUT, together=[(0, 1)]) == [0, 1]
    assert link_average(pairs, ["x", "x", "y"], CUT, together=[(0, 1)]) == [0, 0, 0]
    assert link_average(pairs, ["x", "x", "y"], CUT) == [0, 1, 0]


def test_parts_that_hold_together_far_better_than_with_each_other_stay_apart() -> None:
    tight = [(0, 1, 1.0), (2, 3, 1.0)]
    between = [(i, j, 0.6) for i in (0, 1) for j in (2, 3)]
    assert link_average([*tight, *between], [None] * 4, CUT) == [0, 0, 0, 0]
    assert link_average([*tight, *between], [None] * 4, CUT, likeness=Likeness(0.8, 1.0)) == [0, 0, 2, 2]
    assert link_average([*tight, *between], [None] * 4, CUT, likeness=Likeness(0.8, 0.7)) == [0, 0, 0, 0]
    assert (
        link_average([(0, 1, 1.0), (0, 2, 0.5), (1, 2, 0.5)], [None] * 3, CUT, likeness=Likeness(0.8, 1.0)) == [0] * 3
    )


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(list(combinations(range(SIZE), 2))), max_size=SIZE))
def test_what_pairs_connect_is_one_group_and_nothing_else_is(pairs: list[tuple[int, int]]) -> None:
    groups = {item: {item} for pair in pairs for item in pair}
    for one, other in pairs:
        joined = groups[one] | groups[other]
        groups |= dict.fromkeys(joined, joined)
    found = join_pairs(pairs)
    assert {one: {other for other in found if found[other] == found[one]} for one in found} == groups


def test_a_chain_of_a_hundred_thousand_pairs_is_joined_and_does_not_cost_its_square() -> None:
    assert len(set(join_pairs((place + 1, place) for place in range(100_000)).values())) == 1
