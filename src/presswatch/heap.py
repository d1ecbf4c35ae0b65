"""Giving memory back to the system, which allocators keep for later."""

from __future__ import annotations

import ctypes
from contextlib import suppress

import pyarrow as pa

_ARROWS_OWN = pa.default_memory_pool()  # `keep_lean` leaves it to what Arrow does by itself
_MMAP_THRESHOLD = -3  # `M_MMAP_THRESHOLD` of glibc's mallopt
_LARGE_BYTES = 128 * 1024  # what glibc begins with; it grows with what is freed, up to 32 MB, unless it is set


def keep_lean() -> None:
    """Have large blocks come from the system and go back when they are freed, Arrow's too.

    It is for a process that runs the pipeline, whose threads free what others took: mimalloc, which Arrow uses
    otherwise, and glibc keep such memory.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)


def give_back() -> None:
    """Give back what is free of Arrow's memory, and of the C library's where that is glibc. Cost: some milliseconds."""
    _ARROWS_OWN.release_unused()
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
