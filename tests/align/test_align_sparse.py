"""Sparse products against dense ones."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from presswatch.align import sparse

ROWS, COLUMNS = 12, 6
LEAST = 2.0

tables = st.lists(
    st.lists(st.sampled_from([0.0, 0.0, 1.0, 1.5, 3.0]), min_size=COLUMNS, max_size=COLUMNS),
    min_size=ROWS,
    max_size=ROWS,
)
groups = st.lists(st.integers(0, 2), min_size=ROWS, max_size=ROWS)


@settings(max_examples=100, deadline=None)
@given(tables, groups, st.integers(1, ROWS), st.sampled_from([3, sparse.BLOCK_ENTRIES]))
def test_rows_of_a_group_are_alike_by_what_is_not_all_over_it(
    table: list[list[float]], group: list[int], common: int, block: int
) -> None:
    dense, of = np.array(table), np.array(group)
    expected = set()
    for number in set(group):
        own = np.flatnonzero(of == number)
        rare = (dense[own] > 0).sum(axis=0) <= common
        product = (dense[own] * rare) @ (dense[own] > 0).T
        expected |= {(own[i], own[j]) for i, j in np.argwhere(product >= LEAST) if i < j}
    matrix, _ = sparse.count_items([[str(column) for column, value in enumerate(row) if value] for row in table])
    values = [value for row in table for value in row if value]
    with_values = sparse.map_entries(matrix, lambda _: np.array(values))
    whole, sparse.BLOCK_ENTRIES = sparse.BLOCK_ENTRIES, block
    try:
        first, second = sparse.find_alike(with_values, of, LEAST, common)
    finally:
        sparse.BLOCK_ENTRIES = whole
    assert set(zip(first.tolist(), second.tolist(), strict=True)) == expected
    assert len(first) == len(expected)
