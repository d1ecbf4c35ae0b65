"""What a run must remember of an outlet: `data/state/<outlet_id>.sqlite`."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from presswatch.archive.moments import as_text, moment, moment_or_none
from presswatch.archive.records import record_id_of
from presswatch.errors import RETRIED_CODES, Code, DamagedError, DiskError, SchemaError
from presswatch.forgotten import Forgotten, load_forgotten
from presswatch.model import Candidate, Capture, Failure, Revisit, Window, make_id
from presswatch.outlets import check_outlet_id
from presswatch.storage import DataDir, disk_error
from presswatch.urls import counts_pages, identity

# When an article that was news is asked for again, counted from its first capture: each three to four times as late as
# the one before, so that a change is seen by the time that the article is four times as old as it was then.
REVISIT_AGES = (
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
)
NEWS_AGE = timedelta(days=2)  # of what a news sitemap may list, by Google's rules; older articles are hardly changed
_PLAN_ENDS = 2 * REVISIT_AGES[-1]  # else a pause of the schedule, or a lost memory, would have all the past asked for

_STATE_VERSION = 5
_STATE_SCHEMA = """
CREATE TABLE IF NOT EXISTS candidates (
    id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE, url TEXT NOT NULL, title TEXT, published_at TEXT,
    modified_at TEXT, found_in TEXT NOT NULL DEFAULT '', listed_as TEXT NOT NULL DEFAULT '',
    first_seen_at TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending', code TEXT NOT NULL DEFAULT '', at TEXT, tries INTEGER NOT NULL DEFAULT 0,
    is_open INTEGER NOT NULL DEFAULT 1, capture_id TEXT NOT NULL DEFAULT '', is_news INTEGER NOT NULL DEFAULT 0,
    article TEXT NOT NULL DEFAULT '', captured_at TEXT, revisit_at TEXT);
CREATE INDEX IF NOT EXISTS open_candidates ON candidates (id) WHERE is_open;
CREATE INDEX IF NOT EXISTS article_pages ON candidates (article) WHERE article != '';
CREATE INDEX IF NOT EXISTS planned_candidates ON candidates (revisit_at) WHERE revisit_at IS NOT NULL AND is_news;
CREATE TABLE IF NOT EXISTS captures (capture_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (key TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS copies (
    url TEXT PRIMARY KEY, etag TEXT NOT NULL DEFAULT '', last_modified TEXT NOT NULL DEFAULT '',
    digest TEXT NOT NULL DEFAULT '', told TEXT NOT NULL DEFAULT '', at TEXT NOT NULL DEFAULT '',
    asked_url TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS requests (host TEXT PRIMARY KEY, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS robots (
    origin TEXT PRIMARY KEY, status INTEGER NOT NULL, body BLOB NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS failures (
    run_id TEXT, url TEXT, stage TEXT, error TEXT, message TEXT, outlet_id TEXT, at TEXT,
    PRIMARY KEY (run_id, url, stage, error));
"""
# nobody knows who found what an older version left, so all of it stays where `watch` looks
_STATE_FROM_2 = "ALTER TABLE candidates ADD COLUMN is_news INTEGER NOT NULL DEFAULT 1;"
_STATE_FROM_3 = "ALTER TABLE candidates ADD COLUMN article TEXT NOT NULL DEFAULT '';"
# what an older version stored is not asked for again by the plan, and its bytes are not known here
_STATE_FROM_4 = """
ALTER TABLE candidates ADD COLUMN captured_at TEXT;
ALTER TABLE candidates ADD COLUMN revisit_at TEXT;
ALTER TABLE validators RENAME TO copies;
ALTER TABLE copies ADD COLUMN digest TEXT NOT NULL DEFAULT '';
ALTER TABLE copies ADD COLUMN told TEXT NOT NULL DEFAULT '';
ALTER TABLE copies ADD COLUMN at TEXT NOT NULL DEFAULT '';
ALTER TABLE copies ADD COLUMN asked_url TEXT NOT NULL DEFAULT '';
"""
_STATE_STEPS = {  # by the version that they lead from
    2: _STATE_FROM_2 + _STATE_FROM_3 + _STATE_FROM_4,
    3: _STATE_FROM_3 + _STATE_FROM_4,
    4: _STATE_FROM_4,
}
_FILE_NOTE = "file "  # before the name of a WARC file, among the notes
_WAL_PAGES = 4_000  # 16 MB; SQLite's own 1,000 brings two waits for the disk every 150 captures
_PAGE_ROWS = 500  # of candidates in memory at once
_OF_ARTICLE = "article = ? AND article != ''"  # the second half lets SQLite use the index that has no other rows
_IN_WINDOW = """((:since IS NULL AND is_news) OR (published_at >= :since AND published_at < :until)
    OR (:since IS NOT NULL AND published_at IS NULL AND (modified_at IS NULL OR modified_at >= :since)))"""
_REOPEN = f"UPDATE candidates SET is_open = 1 WHERE {_IN_WINDOW}"  # noqa: S608  # a constant


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a candidate. `at` and `is_open` of one page of several are those of its article."""

    state: Literal["pending", "captured", "failed"]
    first_seen_at: datetime
    article: str = ""  # the first page's URL, where the article is known to have several
    code: str = ""  # a Code, where it failed
    at: datetime | None = None  # of the last try
    tries: int = 0  # runs that tried and failed
    is_open: bool = True  # the next run asks for it
    capture_id: str = ""
    revisit_at: datetime | None = None  # when a watch asks for it again, if it is news


@dataclass(frozen=True, kw_only=True)
class Validators:
    """What a conditional request says of the copy that we have."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, kw_only=True)
class Copy:
    """The newest capture of exactly one URL, as far as it takes to see that an answer is the same again."""

    url: str
    digest: str  # of the body; empty where an older version stored it
    told: str  # of what else reading makes use of
    at: datetime | None
    asked_url: str

    @property
    def record_id(self) -> str:
        """The WARC record that holds it; empty where nobody knows."""
        return record_id_of(make_id(self.url, self.digest), self.asked_url, self.at) if self.at else ""

    def is_of(self, capture: Capture) -> bool:
        """Whether a capture would tell the reader nothing else than this one."""
        return self.digest == capture.digest and self.told == _told_with(capture)


@dataclass(frozen=True, kw_only=True)
class RobotsNote:
    """A robots.txt as it was answered."""

    status: int
    body: bytes
    fetched_at: datetime


class OutletState:
    """What must outlive a run of one outlet: `data/state/<outlet_id>.sqlite`, in one hand at a time.

    The file is made by the first use. It is derived: until `is_whole`, `replay` over all of the outlet's raw files
    brings back what was captured. Every method is a transaction of its own and survives a kill.

    Raises: ValueError where `outlet_id` is none; from every method DiskError; DamagedError where the file is no longer
    a database; SchemaError where it was written by a newer presswatch.
    """

    def __init__(self, data: DataDir, outlet_id: str) -> None:
        self._path = data.state / f"{check_outlet_id(outlet_id)}.sqlite"
        self._root, self._outlet_id = data.root, outlet_id
        self._open_db: sqlite3.Connection | None = None
        self._last_row: dict[str, Any] | None = None  # of the candidates; none once anything is written
        self._has_pages: bool | None = None  # whether any article is known to have several; None until it matters

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        if self._open_db is not None:
            self._open_db.close()
            self._open_db = None

    @property
    def exists(self) -> bool:
        """Whether anything was ever remembered of the outlet; the first use makes the file."""
        return self._path.exists()

    @property
    def is_whole(self) -> bool:
        """Whether all that was ever stored of the outlet is remembered; not so where the file was lost."""
        return self._has_note("whole")

    def note_whole(self, files: Iterable[str] = ()) -> None:
        """All that was ever stored of the outlet is remembered now. `files` are WARC files that it noted by name."""
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO notes VALUES ('whole')")
            db.executemany("INSERT OR REPLACE INTO notes VALUES (?)", [(_FILE_NOTE + one,) for one in files])

    def read_files(self) -> frozenset[str]:
        """The WARC files that are noted as remembered."""
        rows = self._rows("SELECT key FROM notes WHERE key LIKE ?", (f"{_FILE_NOTE}%",))
        return frozenset(row["key"].removeprefix(_FILE_NOTE) for row in rows)

    @cached_property
    def _forgotten(self) -> Forgotten:
        return load_forgotten(self._root)

    def is_forgotten(self, url: str, article_id: Callable[[str], str] | None = None) -> bool:
        """Whether a URL is never to be asked for again. Nothing is remembered of such.

        Args: `article_id` gives the id of the article at an address, which may have been forgotten at another one.
        """
        if not self._forgotten.keys:  # as nearly always: then nothing is hashed
            return False
        is_listed = self._forgotten.covers(url)
        return is_listed or (article_id is not None and self._forgotten.covers_article(article_id(url)))

    def purge(self) -> int:
        """Take out whatever is known of what is forgotten, also from the file's free pages. Idempotent.

        Returns: how many candidates went. Cost: every address is looked at; some 5 µs each.
        """
        forgotten = self._forgotten
        with self._guarded():
            db = self._db()
            db.execute("PRAGMA secure_delete = ON")  # else SQLite only forgets where it stands
            db.create_function("is_forgotten", 1, lambda url: forgotten.covers(url or ""), deterministic=True)
        by_url = ("copies WHERE is_forgotten(url)", "failures WHERE is_forgotten(url)")
        with self._transaction() as db:
            leaving = "is_forgotten(url) OR is_forgotten(listed_as) OR is_forgotten('http://' || article)"
            captures = f"SELECT capture_id FROM candidates WHERE {leaving}"  # noqa: S608  # a constant
            db.execute(f"DELETE FROM captures WHERE capture_id IN ({captures})")  # noqa: S608
            count = db.execute(f"DELETE FROM candidates WHERE {leaving}").rowcount  # noqa: S608
            for rows in by_url:
                db.execute(f"DELETE FROM {rows}")  # noqa: S608
        with self._guarded():
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(count)

    def add_candidates(self, candidates: Iterable[Candidate], seen_at: datetime, *, is_news: bool) -> int:
        """Remember candidates; of one that is known, what was missing is filled in.

        One that the outlet says was changed since it last told of it is open again.

        Args: `is_news` tells the newest coverage, which every watch asks for, from the past, which backfills ask for.
        Returns: how many were new. Cost: streamed; about 0.1 ms each, most of it for `urls.identity`.
        """
        with self._transaction() as db:
            before = self._last_id(db)
            self._put(db, candidates, seen_at, is_news=is_news)
            return self._last_id(db) - before

    def rehearse(
        self, candidates: Iterable[Candidate], seen_at: datetime, window: Window | None, *, is_restart: bool
    ) -> list[Candidate]:
        """What `pending` would give if these were remembered, and reopened where that is wanted; nothing is changed."""
        with self._guarded():
            db = self._db()
            db.execute("BEGIN IMMEDIATE")
            try:
                self._put(db, candidates, seen_at, is_news=False)
                if is_restart:
                    db.execute(_REOPEN, _bounds(window))
                return list(self.pending(window))
            finally:
                db.execute("ROLLBACK")
                self._last_row = None

    def _put(
        self, db: sqlite3.Connection, candidates: Iterable[Candidate], seen_at: datetime, *, is_news: bool
    ) -> None:
        rows = (
            (
                *(identity(c.url), c.url, c.title, as_text(c.published_at), as_text(c.modified_at)),
                *(c.found_in, c.listed_as, as_text(seen_at), is_news),
            )
            for c in candidates
            if not self.is_forgotten(c.url)
        )
        db.executemany(
            """INSERT INTO candidates
            (identity, url, title, published_at, modified_at, found_in, listed_as, first_seen_at, is_news)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (identity) DO UPDATE SET
            title = coalesce(title, excluded.title), published_at = coalesce(published_at, excluded.published_at),
            modified_at = coalesce(excluded.modified_at, modified_at),
            found_in = coalesce(nullif(found_in, ''), excluded.found_in),
            listed_as = coalesce(nullif(listed_as, ''), excluded.listed_as), is_news = is_news OR excluded.is_news,
            is_open = is_open OR coalesce(excluded.modified_at > coalesce(modified_at, published_at), 0)""",
            rows,
        )

    def pending(self, window: Window | None = None) -> Iterator[Candidate]:
        """Candidates that are to be asked for, in the order of discovery; each comes once, whatever happens meanwhile.

        With a window: those published in it, and those of which nothing says that they were not; else the news.
        """
        last = 0
        while rows := self._pending_page(window, last):
            for row in rows:
                yield _candidate_of(self._outlet_id, row)
            last = rows[-1]["id"]

    def count_pending(self, window: Window | None = None) -> int:
        """How many `pending` would give."""
        asked = f"SELECT count(*) AS n FROM candidates WHERE is_open AND {_IN_WINDOW}"  # noqa: S608  # a constant
        return int(self._rows(asked, _bounds(window))[0]["n"])

    def outcome(self, url: str) -> Outcome | None:
        """What became of a URL in any of its spellings; None where it was never heard of."""
        if not (row := self._candidate_row(url)):
            return None
        if row["article"]:
            told = f"SELECT max(is_open) AS is_open, max(at) AS at FROM candidates WHERE {_OF_ARTICLE}"  # noqa: S608  # a constant
            pages = self._rows(told, (row["article"],))
            first = self._rows("SELECT url AS article FROM candidates WHERE identity = ?", (row["article"],))
            row |= pages[0] | first[0]
        return _outcome_of(row)

    def listing(self, url: str) -> tuple[str, datetime | None]:
        """What a feed or sitemap said of a URL: how it spelt it, and when it was published.

        The first is empty where it is the form that is asked for or nothing is known, the second None where it is not.
        """
        row = self._candidate_row(url)
        return (row["listed_as"], moment_or_none(row["published_at"])) if row else ("", None)

    def reopen(self, window: Window | None, urls: Iterable[str] = ()) -> None:
        """Have candidates asked for again whatever became of them: these, or all that may lie in a window."""
        with self._transaction() as db:
            listed = [(identity(url),) for url in urls]
            if listed:
                db.executemany("UPDATE candidates SET is_open = 1 WHERE identity = ?", listed)
            else:
                db.execute(_REOPEN, _bounds(window))

    def reopen_lost(self, capture_ids: Iterable[str]) -> None:
        """Have asked for again, as if for the first time, what was stored as these captures and is no more."""
        ids = [(one,) for one in capture_ids]
        lost = set(ids)
        with self._transaction() as db:
            db.executemany("DELETE FROM captures WHERE capture_id = ?", ids)
            known = db.execute("SELECT url, digest FROM copies").fetchall()
            gone = [(row["url"],) for row in known if (make_id(row["url"], row["digest"]),) in lost]
            db.executemany("DELETE FROM copies WHERE url = ?", gone)
            db.executemany("DELETE FROM copies WHERE url IN (SELECT url FROM candidates WHERE capture_id = ?)", ids)
            db.execute(
                "DELETE FROM copies WHERE url NOT IN (SELECT url FROM candidates)"
            )  # feeds may be lost with them
            db.executemany(
                "UPDATE candidates SET state = 'pending', is_open = 1, capture_id = '' WHERE capture_id = ?", ids
            )

    def expect_page(self, first: Capture, following: str | None) -> None:
        """Of the pages of an article the one that follows is all that is still to be asked for; None where none is.

        All of them are one article from now on, so that `outcome` tells what is left of it by any of their addresses.
        """
        own = {identity(first.url), identity(first.asked_url or first.url)}
        if self._has_pages is None:
            self._has_pages = bool(self._rows("SELECT 1 FROM candidates WHERE article != '' LIMIT 1"))
        if following is None and not self._has_pages:
            return  # one page, as nearly always
        self._has_pages = True
        asked = {"first": identity(first.asked_url or first.url), "seen_at": as_text(first.fetched_at)}
        with self._transaction() as db:
            db.executemany(f"UPDATE candidates SET is_open = 0 WHERE {_OF_ARTICLE}", [(one,) for one in own])  # noqa: S608  # a constant
            if following is None or self.is_forgotten(following):
                return
            db.execute(
                """INSERT INTO candidates (identity, url, published_at, modified_at, found_in, first_seen_at, is_news)
                SELECT :identity, :url, published_at, modified_at, url, :seen_at, is_news FROM candidates
                WHERE identity = :first ON CONFLICT (identity) DO UPDATE SET is_open = 1""",
                {**asked, "identity": identity(following), "url": following},
            )
            pages = [(identity(first.url), one) for one in (*own, identity(following))]
            told = "article = ?, captured_at = NULL, revisit_at = NULL"  # the plan is for articles of one page
            db.executemany(f"UPDATE candidates SET {told} WHERE identity = ?", pages)  # noqa: S608  # a constant

    def close_pages(self, article: str) -> None:
        """The first page of an article could not be had: whether it is asked for again says its own code alone."""
        with self._transaction() as db:
            key = identity(article)
            db.execute(f"UPDATE candidates SET is_open = 0 WHERE {_OF_ARTICLE} AND identity != ?", (key, key))  # noqa: S608  # a constant

    def part_page(self, url: str) -> None:
        """What was expected to be a later page of an article is none of it."""
        with self._transaction() as db:
            db.execute("UPDATE candidates SET article = '' WHERE identity = ?", (identity(url),))

    def has_capture(self, capture_id: str) -> bool:
        """Whether these bytes of this address are stored, be they the newest of it or not."""
        return bool(self._rows("SELECT capture_id FROM captures WHERE capture_id = ?", (capture_id,)))

    def record_capture(self, capture: Capture) -> None:
        """An article is stored: its address, and the one that was asked for, are not to be fetched again. Idempotent.

        Its plan of revisits begins with the first capture, if that was news. Of other documents only the copy is
        remembered: see `record_documents`.
        """
        is_article = capture.kind == "article"
        if is_article and self._forgotten.covers_capture(capture):
            return
        at, capture_id = capture.fetched_at, capture.capture_id
        asked = capture.asked_url or capture.url
        with self._transaction() as db:
            _keep_copy(db, capture)
            if not is_article:
                return
            db.execute("INSERT OR IGNORE INTO captures VALUES (?)", (capture_id,))
            outcome = Outcome(state="captured", first_seen_at=at, at=at, is_open=False, capture_id=capture_id)
            _settle(db, asked, outcome, is_news=_is_told_news(capture), captured_at=_plan_from(capture))
            if identity(capture.url) != identity(asked):
                _settle(db, capture.url, outcome)

    def record_documents(self, read: Iterable[Capture]) -> None:
        """All candidates of these feeds and sitemaps are remembered as news: ask only for newer versions."""
        with self._transaction() as db:
            for document in read:
                _keep_validators(db, document)

    def record_revisit(self, revisit: Revisit) -> None:
        """What is stored of an article is still what the outlet sends: its plan goes on. Idempotent.

        Nothing is remembered of other documents.
        """
        if revisit.kind != "article":
            return
        at = as_text(revisit.fetched_at)
        keys = {identity(url) for url in (revisit.url, revisit.asked_url or revisit.url)}
        with self._transaction() as db:
            db.executemany(
                """UPDATE candidates SET is_open = 0, code = '', at = max(coalesce(at, ''), :at),
                revisit_at = next_look(captured_at, max(coalesce(at, ''), :at)) WHERE identity = :key""",
                [{"key": key, "at": at} for key in keys],
            )
            _keep_validators(db, revisit)

    def due(self, now: datetime, most: int) -> list[Candidate]:
        """Stored articles that a watch asks for again, by their plan: those first that wait longest.

        The plan is `REVISIT_AGES`. Whatever comes of asking takes it on; an article that is `gone` has none any more,
        and those of several pages have none at all.
        """
        asked = f"""SELECT * FROM candidates WHERE is_news AND NOT is_open AND revisit_at <= :now
            AND captured_at > :since ORDER BY revisit_at, id LIMIT {most:d}"""  # noqa: S608  # a number
        rows = self._rows(asked, {"now": as_text(now), "since": as_text(now - _PLAN_ENDS)})
        return [_candidate_of(self._outlet_id, row) for row in rows]

    def record_miss(self, url: str, code: Code, at: datetime, *, try_again: bool | None = None) -> None:
        """A URL could not be had. `try_again` says whether the next run asks for it; by default the code does.

        What is stored of it stays, and stays captured.
        """
        is_open = code in RETRIED_CODES if try_again is None else try_again
        with self._transaction() as db:
            _settle(db, url, Outcome(state="failed", first_seen_at=at, code=code, at=at, is_open=is_open))

    def replay(self, stored: Iterable[Capture | Revisit | Failure]) -> int:
        """Remember the captures and revisits of a raw file, after a kill or the loss of this file. Idempotent.

        Returns: how many there were.
        """
        count = 0
        for capture in stored:
            if isinstance(capture, Capture):
                self.record_capture(capture)
                count += 1
            elif isinstance(capture, Revisit):
                self.record_revisit(capture)
        return count

    def validators(self, url: str) -> Validators | None:
        """What the last whole answer of exactly this URL said of its version."""
        rows = self._rows("SELECT etag, last_modified FROM copies WHERE url = ?", (url,))
        return Validators(**rows[0]) if rows and any(rows[0].values()) else None

    def copy_of(self, url: str) -> Copy | None:
        """What is stored of exactly this URL; None where nothing is."""
        known = self._last_row  # which a run has asked for just before
        if known is not None and known["url"] == url and not known["capture_id"]:
            return None
        rows = self._rows("SELECT url, digest, told, at, asked_url FROM copies WHERE url = ?", (url,))
        return Copy(**{**rows[0], "at": moment_or_none(rows[0]["at"] or None)}) if rows else None

    def record_request(self, host: str, at: datetime) -> None:
        """A request to a host begins."""
        self._rows("INSERT OR REPLACE INTO requests VALUES (?, ?)", (host, as_text(at)))  # one statement: atomic

    def last_request_at(self, host: str) -> datetime | None:
        """When the last request to a host began, in this run or an earlier one."""
        rows = self._rows("SELECT at FROM requests WHERE host = ?", (host,))
        return moment(rows[0]["at"]) if rows else None

    def record_robots(self, origin: str, note: RobotsNote) -> None:
        """Keep what the robots.txt of an origin (scheme, host and port) says."""
        with self._transaction() as db:
            row = (origin, note.status, note.body, as_text(note.fetched_at))
            db.execute("INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)", row)

    def robots(self, origin: str) -> RobotsNote | None:
        """The robots.txt of an origin as last answered, however old."""
        rows = self._rows("SELECT * FROM robots WHERE origin = ?", (origin,))
        return _robots_note(rows[0]) if rows else None

    def record_failure(self, failure: Failure) -> None:
        """Keep a row for the `failures` table until it is exported, so that a kill loses none."""
        row = (failure.run_id, failure.url, failure.stage, failure.error, failure.message, failure.outlet_id)
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, as_text(failure.at)))

    def failures(self) -> list[Failure]:
        """The rows that were not exported yet, those of killed runs too, in the order in which they came."""
        rows = self._rows("SELECT * FROM failures ORDER BY rowid")
        return [Failure(**{**row, "at": moment_or_none(row["at"])}) for row in rows]

    def clear_failures(self, exported: Iterable[Failure]) -> None:
        """Forget rows that are in the tables now."""
        keys = [(f.run_id, f.url, f.stage, f.error) for f in exported]
        with self._transaction() as db:
            db.executemany("DELETE FROM failures WHERE run_id = ? AND url = ? AND stage = ? AND error = ?", keys)

    def _has_note(self, key: str) -> bool:
        return bool(self._rows("SELECT key FROM notes WHERE key = ?", (key,)))

    def _candidate_row(self, url: str) -> dict[str, Any] | None:
        """What is remembered of a URL. A run asks for the same row several times, so the last one is kept."""
        key = identity(url)
        if self._last_row is None or self._last_row["identity"] != key:
            rows = self._rows("SELECT * FROM candidates WHERE identity = ?", (key,))
            self._last_row = rows[0] if rows else None
        return dict(self._last_row) if self._last_row else None

    def _pending_page(self, window: Window | None, last: int) -> list[dict[str, Any]]:
        asked = f"SELECT * FROM candidates WHERE is_open AND id > :last AND {_IN_WINDOW} ORDER BY id LIMIT {_PAGE_ROWS}"  # noqa: S608
        return self._rows(asked, {**_bounds(window), "last": last})

    @staticmethod
    def _last_id(db: sqlite3.Connection) -> int:
        return int(db.execute("SELECT coalesce(max(id), 0) FROM candidates").fetchone()[0])

    def _rows(self, query: str, values: Mapping[str, object] | Sequence[object] = ()) -> list[dict[str, Any]]:
        with self._guarded():
            return [dict(row) for row in self._db().execute(query, values)]

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._guarded():
            db, self._last_row = self._db(), None
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    def _db(self) -> sqlite3.Connection:
        if self._open_db is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # one hand at a time, though not always the same thread
            db = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            try:
                self._prepare(db)
            except BaseException:
                db.close()
                raise
            self._open_db = db
        return self._open_db

    def _prepare(self, db: sqlite3.Connection) -> None:
        db.row_factory = sqlite3.Row
        version = _read_version(db, self._path)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last rows, never the file
        db.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")
        db.create_function("next_look", 2, _next_look, deterministic=True)
        if version < _STATE_VERSION:
            step = _STATE_STEPS.get(version, "")
            db.executescript(f"BEGIN IMMEDIATE; {step} {_STATE_SCHEMA} PRAGMA user_version = {_STATE_VERSION}; COMMIT;")

    def _guarded(self) -> contextlib.AbstractContextManager[None]:
        return _told_by_sqlite(self._path)


@contextlib.contextmanager
def _told_by_sqlite(path: Path) -> Iterator[None]:
    """What SQLite and the disk say of a file, in our words."""
    try:
        yield
    except OSError as error:
        raise disk_error(error, path) from error
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest is detail
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise DamagedError(f"{path} is damaged ({error}): delete it; it is made again from raw") from error
        raise DiskError(f"{path}: {error}") from error


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """What an outlet's memory says of one URL."""

    outlet_id: str
    candidate: Candidate
    outcome: Outcome
    is_news: bool  # the next watch asks for it, if it is open; else a backfill


@dataclass(frozen=True)
class Memory:
    """What is remembered of some URLs, the robots.txt of their origins, and failures that are in no table yet."""

    candidates: tuple[Remembered, ...] = ()
    robots: Mapping[str, RobotsNote] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()


def peek_memory(data: DataDir, outlet_id: str, urls: Iterable[str], origins: Iterable[str] = ()) -> Memory:
    """Look into an outlet's memory without a hand on it: nothing is written, and a run may be at work.

    Args: `urls` in any spelling; later pages of an article are found by its first one's.
    Raises: DiskError, DamagedError as `OutletState`.
    """
    path = data.state / f"{check_outlet_id(outlet_id)}.sqlite"
    if not path.exists():
        return Memory()
    keys, asked = {identity(url) for url in urls}, set(origins)
    marks = ", ".join("?" * len(keys))
    with _told_by_sqlite(path), contextlib.closing(_open_read_only(path)) as db:
        rows = list(db.execute(f"SELECT * FROM candidates WHERE identity IN ({marks})", [*keys]))  # noqa: S608  # marks
        if rows and "article" in rows[0].keys():  # noqa: SIM118  # a Row iterates over its values
            rows += db.execute(f"SELECT * FROM candidates WHERE article IN ({marks})", [*keys])  # noqa: S608
        notes = {row["origin"]: row for row in db.execute("SELECT * FROM robots") if row["origin"] in asked}
        failed = [row for row in db.execute("SELECT * FROM failures") if identity(row["url"]) in keys]
    found = {row["identity"]: _remembered(outlet_id, dict(row)) for row in rows}
    return Memory(
        tuple(found.values()),
        {origin: _robots_note(row) for origin, row in notes.items()},
        tuple(Failure(**{**dict(row), "at": moment_or_none(row["at"])}) for row in failed),
    )


def compare_memory(
    data: DataDir, outlet_id: str, ids: AbstractSet[str], all_ids: AbstractSet[str]
) -> tuple[int, list[str]]:
    """Hold an outlet's memory against raw; nothing is written.

    Args: ids of the captures of articles in the outlet's folder, and in all of data/raw.
    Returns: how many of its folder it does not know, and the ids of those that it takes for stored, and raw has not.
    Raises: DamagedError, DiskError; SchemaError where a newer presswatch wrote it.
    """
    path = data.state / f"{check_outlet_id(outlet_id)}.sqlite"
    with _told_by_sqlite(path), contextlib.closing(_open_read_only(path)) as db:
        if _read_version(db, path) < _STATE_VERSION:
            return 0, []  # the next run brings it up to date
        if (told := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise DamagedError(f"{path} is damaged ({told}): delete it; it is made again from raw")
        known = {row[0] for row in db.execute("SELECT capture_id FROM captures")}
        named = {row[0] for row in db.execute("SELECT capture_id FROM candidates WHERE capture_id != ''")}
        is_whole = db.execute("SELECT count(*) FROM notes WHERE key = 'whole'").fetchone()[0]
    return len(ids - known) if is_whole else 0, sorted(named - all_ids)


def _read_version(db: sqlite3.Connection, path: Path) -> int:
    """The version of a memory's tables. Raises: SchemaError where a newer presswatch wrote them."""
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > _STATE_VERSION:
        raise SchemaError(f"{path} has version {version}; this presswatch reads {_STATE_VERSION}: update it")
    return version


def _open_read_only(path: Path) -> sqlite3.Connection:
    """A database as it is; what a run is writing meanwhile is seen too, and else no file is made beside it."""
    is_at_work = path.with_name(f"{path.name}-wal").exists()
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro{'' if is_at_work else '&immutable=1'}", uri=True)
    db.row_factory = sqlite3.Row
    return db


def _remembered(outlet_id: str, row: Mapping[str, Any]) -> Remembered:
    return Remembered(
        outlet_id=outlet_id,
        candidate=_candidate_of(outlet_id, row),
        outcome=_outcome_of(row),
        is_news=bool(row.get("is_news", True)),
    )


def _outcome_of(row: Mapping[str, Any]) -> Outcome:
    """What became of a candidate, by its row, which may be one of an older version."""
    return Outcome(
        state=row["state"],
        first_seen_at=moment(row["first_seen_at"]),
        article=row.get("article", ""),
        code=row["code"],
        at=moment_or_none(row["at"]),
        tries=row["tries"],
        is_open=bool(row["is_open"]),
        capture_id=row["capture_id"],
        revisit_at=moment_or_none(row.get("revisit_at")),
    )


def _candidate_of(outlet_id: str, row: Mapping[str, Any]) -> Candidate:
    return Candidate(
        url=row["url"],
        outlet_id=outlet_id,
        title=row["title"],
        published_at=moment_or_none(row["published_at"]),
        modified_at=moment_or_none(row["modified_at"]),
        found_in=row["found_in"],
        listed_as=row["listed_as"],
    )


def _robots_note(row: Mapping[str, Any]) -> RobotsNote:
    return RobotsNote(status=row["status"], body=row["body"], fetched_at=moment(row["at"]))


def _settle(
    db: sqlite3.Connection, url: str, outcome: Outcome, *, is_news: bool = False, captured_at: datetime | None = None
) -> None:
    """Write down what became of a URL. What is captured stays so: a failure is only noted, and opens nothing.

    Pages of an article of several are asked for as one, so a failure may open a page that was captured.
    """
    at = as_text(outcome.at)
    named = {**vars(outcome), "identity": identity(url), "url": url, "at": at, "is_news": is_news}
    begin = as_text(captured_at)
    named |= {"first_seen_at": as_text(outcome.first_seen_at), "captured_at": begin}
    named["revisit_at"] = _next_look(begin, at) if at else None
    db.execute(
        """INSERT INTO candidates (identity, url, first_seen_at, code, at, tries, capture_id, is_open, state, is_news,
        captured_at, revisit_at)
        VALUES (:identity, :url, :first_seen_at, :code, :at, :state = 'failed', :capture_id, :is_open, :state, :is_news,
        :captured_at, :revisit_at)
        ON CONFLICT (identity) DO UPDATE SET code = :code, at = :at, tries = tries + (:state = 'failed'),
        capture_id = coalesce(nullif(:capture_id, ''), capture_id),
        is_open = :is_open AND (state != 'captured' OR is_open OR article != ''),
        state = CASE WHEN state = 'captured' THEN state ELSE :state END,
        is_news = is_news OR :is_news, captured_at = coalesce(captured_at, :captured_at),
        revisit_at = CASE WHEN :code = 'gone' THEN NULL WHEN captured_at IS NULL THEN :revisit_at
        ELSE next_look(captured_at, :at) END""",
        named,
    )


def _next_look(captured_at: str | None, at: str) -> str | None:
    """When an article is to be asked for again that was looked at last at `at`; None where the plan is at its end."""
    if captured_at is None:
        return None
    first, last = datetime.fromisoformat(captured_at), datetime.fromisoformat(at)
    return next((as_text(first + age) for age in REVISIT_AGES if first + age > last), None)


def _plan_from(capture: Capture) -> datetime | None:
    """When the plan of an article begins; None where it was no news any more. Without a date that only a watch can say.

    Later pages are asked for with their first one.
    """
    is_old = capture.listed_at is not None and not _is_told_news(capture)
    return None if is_old or counts_pages(capture.asked_url or capture.url) else capture.fetched_at


def _is_told_news(capture: Capture) -> bool:
    """Whether a feed or sitemap told of it as news: so raw says it again, where this memory is lost."""
    return capture.listed_at is not None and capture.fetched_at - capture.listed_at <= NEWS_AGE


def _keep_copy(db: sqlite3.Connection, capture: Capture) -> None:
    """The newest capture of a URL; what its version is called is only kept of articles, see `record_documents`."""
    told, at = _told_with(capture), as_text(capture.fetched_at)
    tags = _validators_of(capture) if capture.kind == "article" else ("", "")
    db.execute(
        """INSERT INTO copies (url, etag, last_modified, digest, told, at, asked_url) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (url) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified,
        digest = excluded.digest, told = excluded.told, at = excluded.at, asked_url = excluded.asked_url
        WHERE excluded.at >= at""",
        (capture.url, *tags, capture.digest, told, at, capture.asked_url),
    )


def _told_with(capture: Capture) -> str:
    """A digest of what reading makes use of beside the body: what led to it, what a feed said, how it is encoded."""
    told = (capture.asked_url, capture.moved, capture.listed_as, as_text(capture.listed_at), capture.status)
    return make_id(*told, capture.header("content-type"))


def _keep_validators(db: sqlite3.Connection, answer: Capture | Revisit) -> None:
    tags = _validators_of(answer)
    if any(tags):
        db.execute("UPDATE copies SET etag = ?, last_modified = ? WHERE url = ?", (*tags, answer.url))


def _validators_of(answer: Capture | Revisit) -> tuple[str, str]:
    told = dict(reversed(answer.headers))  # the first of each counts
    return told.get("etag", ""), told.get("last-modified", "")


def _bounds(window: Window | None) -> dict[str, str | None]:
    return (
        {"since": as_text(window.since), "until": as_text(window.until)} if window else {"since": None, "until": None}
    )
