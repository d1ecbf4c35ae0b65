"""What a run tells the collector, and what it is told back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from presswatch.errors import SILENT_CODES, Code
from presswatch.model import Failure, Window
from presswatch.settings import FetchSettings
from presswatch.storage import DataDir

Progress = Callable[[str, int, int | None, str], None]  # stage, done, of how many, what


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a run tells the collector."""

    run_id: str
    started_at: datetime
    data: DataDir
    fetch: FetchSettings
    window: Window | None = None
    urls: tuple[str, ...] = ()
    query: str = ""
    is_restart: bool = False
    progress: Progress
    forecast: Callable[[Forecast], None]  # told of each outlet before its first article is asked for


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What is to be fetched of one outlet, as known when its feeds and sitemaps have been read.

    `delay_s` is the pace at the host of the first URL: the outlet's own, or a longer Crawl-delay.
    """

    outlet_id: str
    document_count: int
    url_count: int
    delay_s: float

    @property
    def duration_s(self) -> float:
        """How long that takes at least: later pages, retries and pauses come on top."""
        return self.url_count * self.delay_s


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Pages of WARC files that were not taken in, and are no failures."""

    page_count: int = 0  # of hosts that no outlet is registered for
    host_count: int = 0  # the first 10,000 are counted
    host: str = ""  # the one with most pages
    revisit_count: int = 0  # that refer to records which are in none of the files


@dataclass(frozen=True, kw_only=True)
class Collected:
    """What came of one outlet."""

    outlet_id: str
    warc: str | None = None  # relative to the data folder; None where nothing was stored
    discovered: int = 0
    fetched: int = 0
    revisits: int = 0  # answers that brought nothing new
    asked_again: int = 0  # stored articles that the plan had asked for again, and that were answered
    sent_anew: int = 0  # of those the ones whose bytes were others
    failures: tuple[Failure, ...] = ()
    handed_over: tuple[str, ...] = ()  # URLs at other outlets that redirects led to
    left_out: LeftOut | None = None  # of files that were taken in
    forecast: Forecast | None = None  # None where files were taken in

    @property
    def was_answered(self) -> bool:
        """Whether anything at all came back."""
        is_answer = self.fetched > 0 or self.revisits > 0
        return is_answer or any(f.error not in SILENT_CODES for f in self.failures) or not self.failures


def make_failure(order: Order, url: str, code: Code, message: str, outlet_id: str = "") -> Failure:
    """What went wrong with a URL, now."""
    return Failure(
        url=url,
        error=code,
        stage="fetch",
        message=message,
        outlet_id=outlet_id,
        run_id=order.run_id,
        at=datetime.now(UTC),
    )
