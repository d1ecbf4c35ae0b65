"""WARC files of any origin as records, one after the other: plain, gzip or zstd, in any number of members.

A member is what was packed by itself: a gzip member or a zstd frame, mostly one a record; a plain file is one. What is
read is never more than what is asked for and a chunk, whatever a file claims.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, cast

from backports import zstd
from isal import igzip_lib

from presswatch.archive.codings import CHUNK_BYTES, GZIP_MAGIC
from presswatch.archive.members import mapped
from presswatch.archive.records import DamagedRecordError, header_pairs, read_text
from presswatch.storage import disk_error

_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"  # a skippable frame with the number that the WARC zstd specification gives it
_PACKING_ERRORS: tuple[type[Exception], ...] = (cast("type[Exception]", igzip_lib.IsalError), zstd.ZstdError)
_MAX_DICTIONARY_BYTES = 8 * 1024 * 1024  # packed and unpacked; what the specification asks of a reader
_MAX_WINDOW_LOG = 27  # 128 MiB, as `zstd` itself allows; the specification asks for 2 ** 23
_MAX_HEAD_BYTES = CHUNK_BYTES  # of a record's own headers; the longest address that is read has 4,096
_PEEK_BYTES = 1024  # enough to unpack the first letters of a member, whatever name a gzip header gives it
_VERSION = re.compile(rb"WARC/[0-9]+\.[0-9]+[ \t]*\r?\n")
_START = re.compile(rb"\n(?=WARC/[0-9]+\.)")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_BETWEEN = b"\r\n"  # separates records
_GAP = re.compile(rb"\n\r?\n")
_LENGTH = re.compile(r"[0-9]{1,18}")


class _Decompressor(Protocol):
    """What isal and zstd agree on: the interface of the standard library's bz2."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class RecordHead:
    """A record's own headers, names in lower case, and the length of its block as claimed."""

    headers: dict[str, str]
    length: int

    def header(self, name: str) -> str:
        """A header's value; empty where it is missing."""
        return self.headers.get(name.lower(), "")


class Tape:
    """The records of one file, in order: `head`, then `take` of its block what is wanted; after a fault `resume`.

    Raises, from `head` and `take`, DamagedRecordError where the file is not what a WARC file is, or ends too
    early; DiskError.
    """

    def __init__(self, path: Path, content: mmap.mmap) -> None:
        self._path, self._content = path, content
        self._descriptor = os.open(path, os.O_RDONLY)  # read, not mapped: mapped pages count as our memory
        self._new: Callable[[], _Decompressor] | None = None  # None: the file is plain
        self._member: _Decompressor | None = None
        self._is_begun = False
        self._start = 0  # of the member under way
        self._read = 0  # how far the file was read
        self._buffer = b""  # unpacked, and not taken yet
        self._left = 0  # of the block under way
        self._fault: Literal["", "packing", "overrun"] = ""
        self.place = 0  # of the record or the fault: where the member begins; of a plain file, where the record does

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    @property
    def bytes_read(self) -> int:
        """How far the file was read."""
        return self._read

    def _begin(self) -> None:
        """Find out how the file is packed."""
        self._is_begun = True
        magic = self._content[:4]
        if magic[:3] == GZIP_MAGIC:
            self._new = lambda: igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)
        elif magic in (_ZSTD_MAGIC, _DICTIONARY_MAGIC):
            dictionary = self._read_dictionary() if magic == _DICTIONARY_MAGIC else None
            options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _MAX_WINDOW_LOG}
            self._new = lambda: zstd.ZstdDecompressor(zstd_dict=dictionary, options=options)

    def head(self) -> RecordHead | None:
        """The headers of the next record; None at the end of the file."""
        if not self._is_begun:
            self._begin()
        self._skip()
        self._buffer = self._buffer.lstrip(_BETWEEN)
        while not self._buffer:
            if not self._pull() and not self._next_member():
                return None
            self._buffer = self._buffer.lstrip(_BETWEEN)
        self.place = self._start if self._new else self._read - len(self._buffer)
        head = self._take_head()
        lines = read_text(_FOLD.sub(b" ", head)).replace("\r\n", "\n").split("\n")
        headers: dict[str, str] = {}
        for name, value in header_pairs(lines[1:]):
            headers.setdefault(name, value)
        told = headers.get("content-length", "")
        if not _LENGTH.fullmatch(told):
            raise DamagedRecordError("a record that does not tell its length")
        room = len(self._content) - self.place - len(head)
        if not self._new and int(told) > room:
            raise DamagedRecordError(f"the record has {room} of {told} bytes")
        self._left = int(told)
        return RecordHead(headers, self._left)

    def take(self, most: int) -> bytes:
        """The next bytes of the block: all that are left of it, and no more than `most`."""
        parts, wanted = [], min(most, self._left)
        while wanted:
            if not self._buffer:
                self._go_on()
            parts.append(self._buffer[:wanted])
            self._buffer = self._buffer[wanted:]
            wanted -= len(parts[-1])
            self._left -= len(parts[-1])
        return b"".join(parts)

    def resume(self) -> None:
        """Go on behind a fault, where the next record begins; at the end of the file where none does.

        Cost: what lies between is searched once, so a file of nothing but faults is read some two times.
        """
        fault, self._fault, self._left = self._fault, "", 0
        if not self._new:
            self._read, self._buffer = self._next_plain(self.place), b""
        elif fault == "packing" or not self._find_in_members(is_here=fault == "overrun"):
            self._read, self._member, self._buffer = self._next_packed(self._start + 1), None, b""

    def _skip(self) -> None:
        """Pass over the rest of a block. It is unpacked all the same, but for a plain file."""
        if not self._new and self._left > len(self._buffer):
            self._read += self._left - len(self._buffer)
            self._buffer, self._left = b"", 0
        while self._left:
            self.take(CHUNK_BYTES)

    def _take_head(self) -> bytes:
        """The headers with the empty line behind them."""
        gap, searched = None, 0
        while not (gap := _GAP.search(self._buffer, searched)):
            if len(self._buffer) > _MAX_HEAD_BYTES:
                raise DamagedRecordError(f"a record with more than {_MAX_HEAD_BYTES} bytes of headers")
            if b"\n" in self._buffer and not _VERSION.match(self._buffer):
                break
            searched = max(0, len(self._buffer) - 2)
            if not self._pull():
                raise DamagedRecordError("the file ends within the headers of a record")
        if not gap or not _VERSION.match(self._buffer):
            raise DamagedRecordError("no record begins where one should")
        head, self._buffer = self._buffer[: gap.end()], self._buffer[gap.end() :]
        return head

    def _go_on(self) -> None:
        """More of a block: of this member or, if that does not begin a record of its own, of the next ones."""
        while not self._pull():
            if not self._next_member():
                raise DamagedRecordError(f"the record is cut off: {self._left} bytes are missing")
            if self._pull() and self._buffer.startswith(b"WARC/"):
                self._fault = "overrun"
                raise DamagedRecordError(f"the record is cut off: another begins {self._left} bytes too early")
            if self._buffer:
                return

    def _pull(self) -> bool:
        """Unpack some more of the member. Returns: whether there was more."""
        if not self._new:
            chunk = self._read_chunk()
            self._buffer += chunk
            return bool(chunk)
        while self._member and not self._member.eof:
            chunk = self._read_chunk() if self._member.needs_input else b""
            if self._member.needs_input and not chunk:
                self._fault, self.place = "packing", self._start
                raise DamagedRecordError("the file is cut off")
            try:
                part = self._member.decompress(chunk, CHUNK_BYTES)
            except _PACKING_ERRORS as error:
                self._fault, self.place = "packing", self._start
                raise DamagedRecordError(f"it cannot be unpacked: {error}") from error
            self._read -= len(self._member.unused_data)
            if part:
                self._buffer += part
                return True
        return False

    def _next_member(self) -> bool:
        """Begin the next member. Returns: whether there is one."""
        if not self._new or self._read >= len(self._content):
            return False
        self._start, self._member = self._read, self._new()
        return True

    def _read_chunk(self) -> bytes:
        try:
            chunk = os.pread(self._descriptor, CHUNK_BYTES, self._read)
        except OSError as error:
            raise disk_error(error, self._path) from error
        self._read += len(chunk)
        return chunk

    def _next_plain(self, place: int) -> int:
        """Where the next record begins behind a place of a plain file."""
        while (found := self._content.find(b"\nWARC/", place)) >= 0:
            if _VERSION.match(self._content, found + 1):
                return found + 1
            place = found + 1
        return len(self._content)

    def _next_packed(self, place: int) -> int:
        """Where, from a place on, the next member lies that begins with a record."""
        if not self._new:
            return len(self._content)
        magic = GZIP_MAGIC if self._content[:3] == GZIP_MAGIC else _ZSTD_MAGIC
        while (place := self._content.find(magic, place)) >= 0:
            with contextlib.suppress(*_PACKING_ERRORS):
                begin = self._new().decompress(self._content[place : place + _PEEK_BYTES], len(b"WARC/"))
                if begin == b"WARC/":
                    return place
            place += 1
        return len(self._content)

    def _find_in_members(self, *, is_here: bool) -> bool:
        """Go on to where a record begins, in this member or the next ones. Returns: whether they can be unpacked."""
        try:
            while not is_here:
                if found := _START.search(self._buffer):
                    self._buffer = self._buffer[found.end() :]
                    return True
                self._buffer = self._buffer[-len(b"\nWARC/1.") :]  # a beginning may lie across two chunks
                if not self._pull():
                    self._buffer = b"\n"
                    if not self._next_member():
                        return True
        except DamagedRecordError:
            self._fault = ""
            return False
        return True

    def _read_dictionary(self) -> zstd.ZstdDict:
        """The dictionary in front of a zstd file; what is read next stands behind it."""
        size = int.from_bytes(self._content[4:8], "little")
        if size > min(_MAX_DICTIONARY_BYTES, len(self._content) - 8):
            raise DamagedRecordError(f"a dictionary of {size} bytes")
        told = self._content[8 : 8 + size]
        try:
            if told.startswith(_ZSTD_MAGIC):
                unpacked = zstd.ZstdDecompressor()
                told = unpacked.decompress(told, _MAX_DICTIONARY_BYTES)
                if not unpacked.eof:
                    raise DamagedRecordError("a dictionary that is too large, or cut off")
            dictionary = zstd.ZstdDict(told)
        except (zstd.ZstdError, ValueError) as error:
            raise DamagedRecordError(f"the dictionary cannot be read: {error}") from error
        self._read = 8 + size
        return dictionary


def open_tapes(path: Path) -> Iterator[Tape]:
    """A file as a tape; nothing where it is empty.

    Raises: DiskError.
    """
    for content in mapped(path):
        tape = Tape(path, content)
        try:
            yield tape
        finally:
            tape.close()
