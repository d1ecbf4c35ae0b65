"""The words of the field as frozen dataclasses, and how their ids are made.

Standard library only: every other module may import this one. All times are timezone-aware UTC; all offsets are
characters. Ids are hashes of what a thing is, never of when or where it was processed, so the same captures give the
same ids on every machine and in every order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http import HTTPStatus
from typing import Literal

Access = Literal["full", "excerpt"]
MentionKind = Literal["statement", "quote"]
Voice = Literal["reported", "opinion"]
Part = Literal["body", "headline", "dek"]
Relation = Literal["same", "overlap", "quote"]
Stance = Literal["says", "differs", "silent", "not_fetched"]
ClaimStatus = Literal["shared", "unique", "differs"]
Verdict = Literal["confirmed", "altered", "not_found", "not_fetched", "self"]
DriftChange = Literal["trimmed", "elided", "bracketed", "reworded", "reattributed"]
DocumentKind = Literal["article", "feed", "sitemap", "robots", "wordpress", "front"]  # a front page leads to others

ENGLISH = "en"  # the language of the rules, and of an article of which none is told
SPEAKERS_JOINER = " and "  # between two who speak together, in `Mention.speaker`
DEFAULT_DELAY_S = 5.0  # between two requests to an outlet that names no other pace
ID_LENGTH = 16  # hex digits: 64 bits, so a collision among a billion things has odds of 1 in 37


def make_id(*parts: object) -> str:
    """A short id from parts: the first 64 bits of a SHA-256 over them, as 16 hex digits."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:ID_LENGTH]


def digest_bytes(body: bytes) -> str:
    """SHA-256 of bytes, as 64 hex digits."""
    return hashlib.sha256(body).hexdigest()


def digest_text(text: str) -> str:
    """A digest of a text that does not change with white space, quote marks or dashes: a new one is a new revision."""
    for signs, plain in _TYPOGRAPHY:
        for sign in signs:
            text = text.replace(sign, plain)  # ten times as fast as `translate`
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[: 2 * ID_LENGTH]


_TYPOGRAPHY = (("“”„«»", '"'), ("‘’", "'"), ("–—", "-"))


def utc(moment: datetime) -> datetime:
    """The same moment in UTC.

    Raises: ValueError where it has no time zone: guessing one is the caller's business.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC)


@dataclass(frozen=True, kw_only=True)
class Window:
    """A half-open stretch of time, UTC: `since` belongs to it, `until` does not."""

    since: datetime
    until: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.since <= moment < self.until

    def touches(self, month: str) -> bool:
        """Whether any of it lies in a month like `2024-01`."""
        last = self.until - timedelta(microseconds=1)
        return f"{self.since:%Y-%m}" <= month <= f"{last:%Y-%m}"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A URL that discovery found, with what the feed or sitemap said of it."""

    url: str
    outlet_id: str
    title: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    found_in: str = ""  # the feed or sitemap
    listed_as: str = ""  # how it was spelt there, where `url` is tidier


@dataclass(frozen=True, kw_only=True)
class Capture:
    """One stored HTTP response, or one ingested file. `body` is free of transfer and content encodings."""

    url: str  # as answered, after redirects
    outlet_id: str
    fetched_at: datetime
    body: bytes = field(repr=False)
    asked_url: str = ""  # before redirects; empty where it is the same
    listed_as: str = ""  # how a feed or sitemap spelt it, where that is neither
    listed_at: datetime | None = None  # when that says it was published
    moved: bool = False  # every hop from `asked_url` was a permanent one
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()  # names in lower case
    kind: DocumentKind = "article"

    @cached_property
    def capture_id(self) -> str:
        """The same bytes at the same address are the same capture, whenever they were fetched."""
        return make_id(self.url, self.digest)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the body, as 64 hex digits."""
        return digest_bytes(self.body)

    @property
    def content_type(self) -> str:
        """The declared media type, lower case, without parameters; empty where none was declared."""
        return self.header("content-type").partition(";")[0].strip().lower()

    def header(self, name: str) -> str:
        """The first value of a header, or an empty string."""
        return next((value for key, value in self.headers if key == name), "")


@dataclass(frozen=True, kw_only=True)
class Revisit:
    """An answer that brought nothing new: "not modified", or the bytes of the capture that it refers to."""

    url: str  # as answered, after redirects
    outlet_id: str
    fetched_at: datetime
    digest: str = ""  # of that capture's body; empty where an older version stored it
    refers_to: str = ""  # the WARC record of the capture
    refers_to_at: datetime | None = None  # when that was fetched
    asked_url: str = ""  # before redirects; empty where it is the same
    status: int = 304
    headers: tuple[tuple[str, str], ...] = ()  # names in lower case
    kind: DocumentKind = "article"

    @property
    def capture_id(self) -> str:
        """The id of the capture that it refers to; empty where nobody knows it."""
        return make_id(self.url, self.digest) if self.digest else ""

    @property
    def is_not_modified(self) -> bool:
        """Whether the outlet said so; else it sent the same bytes again."""
        return self.status == HTTPStatus.NOT_MODIFIED


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What went wrong with one URL: a row of `failures`."""

    url: str  # as asked, before redirects
    error: str  # a Code
    stage: Literal["discover", "fetch", "read"]
    message: str = ""
    outlet_id: str = ""
    run_id: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Removed:
    """A block taken out of an article, and the rule that took it."""

    rule: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """An entry of a live blog: from `start_char` of the article's text to the next one."""

    start_char: int
    at: datetime | None = None
    heading: str | None = None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Which source gave a field of an article; `note` says more, as why a date was dropped."""

    field: str
    source: str
    note: str = ""

    def __str__(self) -> str:
        return f"{self.field}: {self.source}" + (f" ({self.note})" if self.note else "")


@dataclass(frozen=True, kw_only=True)
class Article:
    """What one URL says. `url` is its own address, without tracking tags; `extractor` tells how the text was found."""

    article_id: str
    url: str
    text: str = field(repr=False)
    outlet_id: str = ""
    headline: str | None = None
    dek: str | None = None
    byline: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_is_day: bool = False  # the page tells a day, and `published_at` is where that begins
    modified_at: datetime | None = None
    listed_at: datetime | None = None  # when a feed or news sitemap says it was published
    listed_is_day: bool = False
    first_seen_at: datetime | None = None  # this text was out by then
    section: str | None = None
    language: str | None = None
    access: Access = "full"
    text_digest: str = ""
    removed: tuple[Removed, ...] = field(default=(), repr=False)
    evidence: tuple[Evidence, ...] = field(default=(), repr=False)  # what gave the fields above, and dates not believed
    extractor: str = ""
    has_layout: bool | None = (
        None  # whether all its pages have the outlet's layout; None where there is none to look for
    )
    aliases: tuple[str, ...] = ()  # other addresses that the page claims or that led to it
    sections: tuple[Section, ...] = ()  # of a live blog, in the order of the text

    def part(self, name: Part) -> str:
        """The string that the offsets of a mention count in."""
        return {"body": self.text, "headline": self.headline or "", "dek": self.dek or ""}[name]


@dataclass(frozen=True, kw_only=True)
class Mention:
    """One span of one article: a statement or a quote. `article.part(part)[start_char:end_char] == text`."""

    mention_id: str
    article_id: str
    start_char: int
    end_char: int
    text: str
    outlet_id: str = ""
    kind: MentionKind = "statement"
    part: Part = "body"
    quote_id: str | None = None
    speaker: str | None = None
    cue: str | None = None
    credit: str | None = None  # outlet id where known, else the name as printed
    credit_phrase: str | None = None  # the words that give the credit, as printed
    voice: Voice = "reported"


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """A scored pair of mentions of different articles, `a_id < b_id`."""

    a_id: str
    b_id: str
    score: float
    relation: Relation
    evidence: str = ""  # what counts for it: shared rare words, names, numbers


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A statement shared by aligned mentions of one story; `text` is the mention that says most of what is shared."""

    claim_id: str
    story_id: str
    text: str
    mention_ids: tuple[str, ...]  # each mention is in one claim: the one that it says most of
    mention_count: int
    outlet_count: int
    corroboration: int
    status: ClaimStatus
    first_outlet_id: str | None = None
    first_published_at: datetime | None = None
    first_is_certain: bool = False
    also_ids: tuple[str, ...] = ()  # mentions that say this too, and more of another claim


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How one outlet stands to one claim."""

    story_id: str
    claim_id: str
    outlet_id: str
    stance: Stance
    mention_id: str | None = None
    text: str | None = None
    weight: float = 0.0  # of an omission, 0 … 1: the part of the others that say it


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A number, date, name or wording in which two aligned mentions disagree, or what one of them denies."""

    a_id: str
    b_id: str
    story_id: str
    kind: str
    value_a: str
    value_b: str
    claim_id: str | None = None
    unit: str | None = None
    severity: float = 0.5  # 0 … 1


@dataclass(frozen=True, kw_only=True)
class Drift:
    """A quote that changed between two outlets."""

    a_id: str
    b_id: str
    story_id: str
    change: DriftChange
    text_a: str
    text_b: str
    severity: float = 0.5  # 0 … 1


def leads_to(change: str, before: str, after: str) -> bool:
    """Whether a change leads from one printing of a quote to another, and not back: what was cut has less after it."""
    if change == "bracketed":
        return "[" in after
    return change not in ("trimmed", "elided") or len(after) < len(before)


@dataclass(frozen=True, kw_only=True)
class Credit:
    """A mention that says where it was taken from, and what the credited outlet's own articles say to that."""

    mention_id: str
    article_id: str
    outlet_id: str
    credited: str  # outlet id where known, else the name as printed
    phrase: str
    verdict: Verdict
    source_mention_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class StoryComparison:
    """Everything that comparing the articles of one story gives."""

    story_id: str
    alignments: Sequence[Alignment] = ()
    claims: tuple[Claim, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    differences: tuple[Difference, ...] = ()
    drift: tuple[Drift, ...] = ()
    credits: tuple[Credit, ...] = ()
    syndicated: tuple[tuple[str, str], ...] = ()  # article_id, article_id that it is a copy of
