"""Capture ↔ WARC, and what a run must remember. The only importer of the WARC library.

Raw files are the truth: one `data/raw/<outlet_id>/<yyyy-mm>/<run_id>.warc.gz` per run and outlet, written in the spool
and put in place by a rename, never opened for writing again. Each record is a gzip member of its own, so damage to one
leaves the others readable. What `OutletState` remembers is derived: it can be made again from raw.

An answer that brings nothing new ("not modified", or the bytes that are stored) is a revisit record: what was sent but
for the body, and the record that holds that (WARC 1.1, 6.7).

Bodies are stored decoded, Common Crawl's way: `Content-Encoding`, `Transfer-Encoding` and `Content-Length` of the wire
are kept as `X-Crawler-…`, and a true `Content-Length` is written.
"""

from __future__ import annotations

from presswatch.archive.codings import Inflater, inflate
from presswatch.archive.foreign import ForeignPages
from presswatch.archive.memory import (
    Memory,
    Outcome,
    OutletState,
    Remembered,
    RobotsNote,
    Validators,
    compare_memory,
    peek_memory,
)
from presswatch.archive.raw import (
    RawWriter,
    Sifted,
    Stored,
    StoredRevisit,
    holds_articles,
    is_open_file,
    read_answers,
    read_captures,
    read_history,
    read_stored,
    recover_spool,
    sift_file,
)

__all__ = [
    "ForeignPages",
    "Inflater",
    "Memory",
    "Outcome",
    "OutletState",
    "RawWriter",
    "Remembered",
    "RobotsNote",
    "Sifted",
    "Stored",
    "StoredRevisit",
    "Validators",
    "compare_memory",
    "holds_articles",
    "inflate",
    "is_open_file",
    "peek_memory",
    "read_answers",
    "read_captures",
    "read_history",
    "read_stored",
    "recover_spool",
    "sift_file",
]
