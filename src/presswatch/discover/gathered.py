"""What several documents say of each address, put together: in a table on disk, for a million would fill the memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Lock

from presswatch.discover.said import Entry, Stamp
from presswatch.errors import DiskError

# Moments are microseconds since 1970: whole numbers compare as they should, and half as long as texts.
_SCHEMA = """
CREATE TABLE said (
    id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE, url TEXT NOT NULL, title TEXT, published INTEGER,
    published_end INTEGER, modified INTEGER, modified_end INTEGER, listed_as TEXT NOT NULL, document INTEGER NOT NULL);
CREATE TABLE documents (id INTEGER PRIMARY KEY, url TEXT NOT NULL);
"""
# The first title, the most exact publication, the latest modification. Into a full table gets only what is known.
_PUT = """
INSERT INTO said (identity, url, title, published, published_end, modified, modified_end, listed_as, document)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
WHERE (SELECT coalesce(max(id), 0) FROM said) < ?10 OR EXISTS (SELECT 1 FROM said WHERE identity = ?1)
ON CONFLICT (identity) DO UPDATE SET
    title = coalesce(title, excluded.title),
    (published, published_end) = (SELECT p, e FROM (
        SELECT said.published AS p, said.published_end AS e
        UNION ALL SELECT excluded.published, excluded.published_end)
        ORDER BY p IS NULL, e - p, p LIMIT 1),
    (modified, modified_end) = (SELECT m, e FROM (
        SELECT said.modified AS m, said.modified_end AS e UNION ALL SELECT excluded.modified, excluded.modified_end)
        ORDER BY m IS NULL, m DESC, e DESC LIMIT 1),
    listed_as = coalesce(nullif(listed_as, ''), excluded.listed_as)
"""
_CACHE_KIB = 16_384  # of pages in memory; with SQLite's own 2 MB a million addresses take twice as long
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Gathered:
    """Addresses in the order in which they were first named, each with all that was said of it, up to `most`.

    The table is SQLite's own temporary file, which has no name and goes when it is closed, or with the process.

    Threads may share it: a run that is interrupted closes it while a document is still being taken in elsewhere.
    Raises: DiskError from every method, where the folder for temporary files is full.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._hand = Lock()  # SQLite takes the process with it, where it is closed amid a statement
        self._is_open = True
        with _told_as_disk():
            self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            self._db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            self._db.execute("PRAGMA journal_mode = OFF")  # nobody rolls back, and a crash leaves nothing
            self._db.execute("PRAGMA synchronous = OFF")
            self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Give the file back; what is being taken in is left where it is."""
        self._is_open = False
        with self._hand:
            self._db.close()

    def add(self, entries: Iterable[tuple[str, Entry]], found_in: str) -> int:
        """Take in what a document says of some addresses, by their `identity`. Returns: how many had no room."""
        with self._hand, _told_as_disk():
            if not self._is_open:
                return 0
            document = self._db.execute("INSERT INTO documents (url) VALUES (?)", (found_in,)).lastrowid
            count = 0

            def rows() -> Iterator[tuple[object, ...]]:
                nonlocal count
                for key, entry in entries:
                    if not self._is_open:
                        return
                    count += 1
                    dates = (*_numbers(entry.published), *_numbers(entry.modified))
                    yield (key, entry.url, entry.title, *dates, entry.listed_as, document, self._most)

            self._db.execute("BEGIN")
            put = self._db.executemany(_PUT, rows()).rowcount
            self._db.execute("COMMIT")
        return count - max(put, 0)

    def __iter__(self) -> Iterator[tuple[Entry, str]]:
        """Each address, with the document that named it first."""
        asked = """SELECT said.url, title, published, published_end, modified, modified_end, listed_as, documents.url
            FROM said JOIN documents ON documents.id = document ORDER BY said.id"""
        with _told_as_disk():
            for url, title, published, published_end, modified, modified_end, listed_as, found_in in self._db.execute(
                asked
            ):
                yield (
                    Entry(url, title, _stamp(published, published_end), _stamp(modified, modified_end), listed_as),
                    found_in,
                )


def _numbers(stamp: Stamp | None) -> tuple[int | None, int | None]:
    return ((stamp.start - _EPOCH) // _MICROSECOND, (stamp.end - _EPOCH) // _MICROSECOND) if stamp else (None, None)


def _stamp(start: int | None, end: int | None) -> Stamp | None:
    if start is None or end is None:
        return None
    return Stamp(_EPOCH + start * _MICROSECOND, _EPOCH + end * _MICROSECOND)


@contextmanager
def _told_as_disk() -> Iterator[None]:
    """What SQLite says of its temporary file, in our words."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise DiskError(f"the folder for temporary files (TMPDIR): {error}") from error
