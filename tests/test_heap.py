"""What is free goes back to the system."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from presswatch.heap import give_back

SIZE, COUNT = 100_000, 1_000  # bytes of a block that the C library keeps, and how many: 100 MB


def resident_mib() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have it their own way")
def test_what_was_freed_is_given_back() -> None:
    blocks = [bytearray(SIZE) for _ in range(COUNT)]
    pins = [bytearray(SIZE) for _ in range(2)]  # behind them, so that freeing alone does not shrink the heap
    held = resident_mib()
    blocks.clear()
    give_back()
    assert held - resident_mib() > 0.8 * SIZE * COUNT / 2**20
    assert len(pins) == 2
