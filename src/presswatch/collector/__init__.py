"""Outlets, or files of the user's, → WARC files in data/raw. Nothing is read here that is not stored first.

order         what a run tells the collector, and what it is told back
visiting      one outlet, for one run: its memory, its WARC file, its way to the web
fetching      outlets side by side          ingesting     files of the user's
looking       the same without leaping: what would be fetched, what documents list
remembering   what memories learn before and after a run
"""

from presswatch.collector.fetching import collect_outlets
from presswatch.collector.ingesting import ingest_files
from presswatch.collector.looking import (
    DocumentRow,
    Previewed,
    check_documents,
    describe_contents,
    describe_document,
    preview_outlets,
    tell_verdict,
)
from presswatch.collector.order import Collected, Forecast, LeftOut, Order, Progress
from presswatch.collector.remembering import forget_failures, recover
from presswatch.collector.visiting import Visit, open_visit

__all__ = [
    "Collected",
    "DocumentRow",
    "Forecast",
    "LeftOut",
    "Order",
    "Previewed",
    "Progress",
    "Visit",
    "check_documents",
    "collect_outlets",
    "describe_contents",
    "describe_document",
    "forget_failures",
    "ingest_files",
    "open_visit",
    "preview_outlets",
    "recover",
    "tell_verdict",
]
