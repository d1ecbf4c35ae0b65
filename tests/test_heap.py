"""What is free goes back to the system."""

from __future__ import annotations

import platform
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from presswatch.heap import give_back, keep_lean

SIZE, COUNT = 100_000, 1_000  # bytes of a block that the C library keeps, and how many: 100 MB
LARGE_SIZE, LARGE_COUNT = 1_000_000, 100  # as many bytes, of blocks that it keeps once it has seen one go
glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have it their own way")


def resident_mib() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


@glibc
def test_what_was_freed_is_given_back() -> None:
    blocks = [bytearray(SIZE) for _ in range(COUNT)]
    pins = [bytearray(SIZE) for _ in range(2)]  # behind them, so that freeing alone does not shrink the heap
    held = resident_mib()
    blocks.clear()
    give_back()
    assert held - resident_mib() > 0.8 * SIZE * COUNT / 2**20
    assert len(pins) == 2


def take_bytes(size: int) -> object:
    return b"x" * size


def take_arrow(size: int) -> object:
    return pa.repeat(1, size // 8)


@glibc
@pytest.mark.parametrize("take", [take_bytes, take_arrow])
def test_large_blocks_go_back_when_they_are_freed(take: Callable[[int], object]) -> None:
    keep_lean()
    take(LARGE_SIZE)  # and let go
    blocks, pins = [], []
    for _ in range(LARGE_COUNT):
        blocks.append(take(LARGE_SIZE))
        pins.append(take(SIZE))  # between them, so that no two that are freed lie side by side
    held = resident_mib()
    blocks.clear()
    assert held - resident_mib() > 0.8 * LARGE_SIZE * LARGE_COUNT / 2**20
    assert len(pins) == LARGE_COUNT
