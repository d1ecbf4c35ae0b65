"""Sparse vectors: build them, find each row's nearest rows, and compare chosen pairs of rows.

All costs follow the number of entries and of chosen pairs, never the square of the number of rows.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Matrix: TypeAlias = Any  # a scipy.sparse.csr_array: scipy tells no types

BLOCK_ENTRIES = 20_000_000  # of one product held at a time: some 250 MiB
BLOCK_PAIRS = 8_000
WHOLE_PRODUCT = 6  # where every so-manyth pair of rows is chosen, all of them together cost less than one by one


def count_items(rows: Iterable[Iterable[str]]) -> tuple[Matrix, list[str]]:
    """How often each item stands in each row, and the items in the order of the columns (sorted: a fixed order)."""
    column: dict[str, int] = {}
    places, starts = array("i"), array("q", [0])
    for row in rows:
        places.extend([column.setdefault(item, len(column)) for item in row])
        starts.append(len(places))
    items = sorted(column)
    order = np.empty(len(items), dtype=np.int32)
    order[[column[item] for item in items]] = np.arange(len(items), dtype=np.int32)
    found = sparse.csr_array(
        (np.ones(len(places)), order[np.frombuffer(places, dtype=np.int32)], np.frombuffer(starts, dtype=np.int64)),
        shape=(len(starts) - 1, len(items)),
    )
    found.sum_duplicates()
    return found, items


def map_entries(matrix: Matrix, change: Callable[[Floats], Floats]) -> Matrix:
    """The matrix with its stored values changed one by one."""
    return sparse.csr_array((change(matrix.data), matrix.indices, matrix.indptr), shape=matrix.shape)


def scale_columns(matrix: Matrix, weights: Sequence[float] | npt.NDArray[Any]) -> Matrix:
    """Each column times its weight; columns of weight 0 lose their entries."""
    factors = np.asarray(weights, dtype=np.float64)
    values = matrix.data * factors[matrix.indices]
    found = sparse.csr_array((values, matrix.indices, matrix.indptr), shape=matrix.shape, copy=True)
    found.eliminate_zeros()  # in place: hence the copy
    return found


def scale_rows(matrix: Matrix, factors: Floats) -> Matrix:
    """Each row times its factor."""
    values = matrix.data * np.repeat(factors, np.diff(matrix.indptr))
    return sparse.csr_array((values, matrix.indices, matrix.indptr), shape=matrix.shape)


def unit_rows(matrix: Matrix) -> Matrix:
    """Each row divided by its length; an empty row stays empty."""
    lengths = np.sqrt(row_sums(matrix.multiply(matrix).tocsr()))
    return scale_rows(matrix, np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0))


def join_columns(matrices: Sequence[Matrix]) -> Matrix:
    """Matrices of unit rows side by side, each with the same share of a new unit row."""
    return sparse.hstack([matrix * len(matrices) ** -0.5 for matrix in matrices], format="csr")


def row_sums(matrix: Matrix) -> Floats:
    """The sum of each row."""
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()


def column_counts(matrix: Matrix) -> Floats:
    """In how many rows each column has an entry."""
    return np.bincount(matrix.indices, minlength=matrix.shape[1]).astype(np.float64)


def dot_pairs(left: Matrix, right: Matrix, first: Places, second: Places) -> Floats:
    """The products of the chosen rows: `left[first[i]] · right[second[i]]` for each i."""
    if _are_many(left, right, first):
        return np.asarray((left @ right.T).toarray()[first, second])
    found = np.zeros(len(first))
    for start in range(0, len(first), BLOCK_PAIRS):
        part = slice(start, start + BLOCK_PAIRS)
        found[part] = row_sums(left[first[part]].multiply(right[second[part]]).tocsr())
    return found


def find_alike(matrix: Matrix, groups: Places, least: float, common: float) -> tuple[Places, Places]:
    """Pairs (i < j) of rows of one group whose sum over the columns that both have, of i's entries, reaches so much.

    As in `find_nearest`, what stands in more than `common` rows of a group tells nothing there.
    """
    codes = np.repeat(groups, np.diff(matrix.indptr)) * matrix.shape[1] + matrix.indices
    known, columns, counts = np.unique(codes, return_inverse=True, return_counts=True)  # a column for each group
    wide = sparse.csr_array((matrix.data, columns, matrix.indptr), (matrix.shape[0], len(known)))
    wide = scale_columns(wide, counts <= common)
    key = map_entries(wide, np.ones_like).T.tocsr()
    found = []
    for rows in split_work(wide, key):
        product = wide[rows] @ key
        product.data[product.data < least] = 0  # before they are listed: most are
        product.eliminate_zeros()
        first, second = (places.astype(np.int64) for places in product.tocoo().coords)
        first += rows.start
        found.append((first[first < second], second[first < second]))
    first, second = (np.concatenate([pair[side] for pair in found]) for side in (0, 1))
    return first, second


def dot_alike(products: Sequence[tuple[Matrix, Matrix]], first: Places, second: Places) -> list[Floats]:
    """As `dot_pairs`, of matrices that all have entries in the same places: which ones meet is found once."""
    if _are_many(*products[0], first):
        return [dot_pairs(left, right, first, second) for left, right in products]
    found = [np.zeros(len(first)) for _ in products]
    presence = map_entries(products[0][0], np.ones_like)
    places = map_entries(presence, lambda data: np.arange(1.0, len(data) + 1))  # from 1: an entry of 0 is none
    for start in range(0, len(first), BLOCK_PAIRS):
        part = slice(start, start + BLOCK_PAIRS)
        one = places[first[part]].multiply(presence[second[part]]).tocsr()
        other = presence[first[part]].multiply(places[second[part]]).tocsr().data.astype(np.int64) - 1
        mine = one.data.astype(np.int64) - 1
        for values, (left, right) in zip(found, products, strict=True):
            one.data = left.data[mine] * right.data[other]
            values[part] = row_sums(one)
    return found


def _are_many(left: Matrix, right: Matrix, first: Places) -> bool:
    """Whether so many pairs of rows are chosen that all together cost less."""
    return bool(left.shape[0] * right.shape[0] <= min(WHOLE_PRODUCT * len(first), BLOCK_ENTRIES))


def sum_best(first: Places, second: Places, values: Floats, count: int, best: int) -> Floats:
    """For each of `count` rows, the sum of the best values of its pairs."""
    rows = np.concatenate([first, second])
    order = np.argsort(-np.concatenate([values, values]))
    small = np.min_scalar_type(count)  # small numbers are sorted in linear time
    order = order[np.argsort(rows[order].astype(small), kind="stable")]
    counts = np.bincount(rows, minlength=count)
    rank = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    chosen = order[rank < best]
    return np.bincount(rows[chosen], values[chosen % len(values)], minlength=count).astype(np.float64)


def find_nearest(left: Matrix, right: Matrix, groups: Places, nearest: int, common: float) -> tuple[Places, Places]:
    """Pairs (i < j) of rows of different groups, each among the `nearest` best partners of i or of j.

    Best is by `left · rightᵀ`, over the columns that stand in at most `common` rows: what stands everywhere finds
    nobody, and would cost the square of the number of rows.
    """
    rare = column_counts(right) <= common
    query, key = scale_columns(left, rare), scale_columns(right, rare).T.tocsr()
    found = [_best_of_rows(query[rows] @ key, rows.start, groups, nearest) for rows in split_work(query, key)]
    first, second = (np.concatenate([pair[side] for pair in found]) for side in (0, 1))
    size = left.shape[0]
    codes = np.unique(np.minimum(first, second) * size + np.maximum(first, second))
    return codes // size, codes % size


def split_work(query: Matrix, key: Matrix) -> list[slice]:
    """The rows of the query in blocks whose products hold at most about `BLOCK_ENTRIES` entries."""
    per_row = row_sums(map_entries(query, lambda _: np.diff(key.indptr)[query.indices].astype(np.float64)))
    per_row = np.minimum(per_row, key.shape[1])
    block = np.floor(np.cumsum(per_row) / BLOCK_ENTRIES)
    borders = [0, *(np.flatnonzero(np.diff(block)) + 1).tolist(), len(block)]
    return [slice(start, end) for start, end in pairwise(borders)]


def _best_of_rows(scores: Matrix, offset: int, groups: Places, nearest: int) -> tuple[Places, Places]:
    """The best columns of every row, as pairs of row and column."""
    chosen = []
    for row, (start, end) in enumerate(pairwise(scores.indptr)):
        columns, values = scores.indices[start:end], scores.data[start:end]
        other = groups[columns] != groups[row + offset]
        columns, values = columns[other], values[other]
        if len(columns) > nearest:
            columns = columns[np.argpartition(-values, nearest - 1)[:nearest]]
        chosen.append(columns.astype(np.int64))
    rows = np.repeat(np.arange(len(chosen)) + offset, [len(columns) for columns in chosen])
    return rows, np.concatenate(chosen)
