"""Content encodings, undone under a cap."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable

from backports import zstd
from fastwarc.stream_io import BrotliReader

from presswatch.errors import FetchError

MAX_FOREIGN_BODY_BYTES = 10_000_000  # decoded; what `[fetch] max_body_bytes` is by default

_MAX_MEMBERS = 1000  # of one gzip body; more are an attack on our time
GZIP_MAGIC = b"\x1f\x8b\x08"
CHUNK_BYTES = 64 * 1024
_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[^\r\n]*\r\n")
_MAX_WINDOW_LOG = 23  # 8 MiB; RFC 9659 allows no more for a content encoding


class Inflater:
    """Undoes one content encoding, bounded: memory never exceeds the cap by more than one chunk.

    Raises, from `feed` and `finish`, FetchError about `url`: `too_large` over the cap (of either side: an endless
    stream that inflates to nothing ends too), `truncated` where the stream stops before its end, `bad_encoding`
    where it is damaged or of a kind that nobody asked for. With `cuts` what is over the cap is dropped instead, and
    `is_full` says so.
    """

    def __init__(self, url: str, encoding: str, cap: int, *, cuts: bool = False) -> None:
        self._url, self._cap, self._cuts = url, cap, cuts
        self.is_full = False
        self._encoding = encoding.strip().lower()
        if self._encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise FetchError("bad_encoding", url, f"content encoding {self._encoding!r} was not asked for")
        self._read = self._given = self._members = 0
        self._stream: zlib._Decompress | None = None
        self._held = b""  # the first byte of deflate: only two tell of what kind it is
        self._has_tail = False  # what follows the last member, which is never a member again

    def feed(self, chunk: bytes) -> bytes:
        """The decoded form of the next bytes."""
        self._read += len(chunk)
        decoded = self._inflate(chunk) if self._is_packed else chunk
        room = self._cap - self._given
        self._given += len(decoded)
        if max(self._read, self._given) <= self._cap:
            return decoded
        if not self._cuts:
            raise FetchError("too_large", self._url, f"more than {self._cap:,} bytes")
        self.is_full = True
        return decoded[: max(room, 0)]

    def finish(self) -> None:
        """Say that nothing follows."""
        is_open = bool(self._held) if self._stream is None else not self._stream.eof
        if is_open and not self.is_full:
            raise FetchError("truncated", self._url, f"the {self._encoding} stream stops before its end")

    @property
    def _is_packed(self) -> bool:
        return self._encoding not in ("", "identity")

    def _inflate(self, chunk: bytes) -> bytes:
        if self._encoding == "deflate" and self._stream is None:
            chunk = self._held + chunk
            self._held = chunk if len(chunk) == 1 else b""
            chunk = b"" if self._held else chunk
        parts = []
        left = self._cap - self._given
        try:
            while chunk and left >= 0:
                stream = self._stream_for(chunk)
                if stream is None:
                    break
                part = stream.decompress(chunk, left + 1)  # one byte over the cap shows that there is more
                parts.append(part)
                left -= len(part)
                chunk = stream.unused_data
        except zlib.error as error:
            raise FetchError("bad_encoding", self._url, f"the {self._encoding} stream is damaged: {error}") from error
        return b"".join(parts)

    def _stream_for(self, chunk: bytes) -> zlib._Decompress | None:
        """The decoder for the next bytes; none where they are what some servers leave behind the last member."""
        if self._stream is not None and self._stream.eof:
            self._has_tail = self._has_tail or self._encoding == "deflate" or chunk[:1] != GZIP_MAGIC[:1]
        if self._stream is None or (self._stream.eof and not self._has_tail):
            self._members += 1
            if self._members > _MAX_MEMBERS:
                raise FetchError("bad_encoding", self._url, f"more than {_MAX_MEMBERS} gzip members")
            self._stream = zlib.decompressobj(self._window_bits(chunk))
        return None if self._stream.eof else self._stream

    def _window_bits(self, chunk: bytes) -> int:
        """gzip; or deflate, which half of all servers take for a zlib stream and half for a bare one."""
        if self._encoding != "deflate":
            return zlib.MAX_WBITS | 16
        is_zlib = chunk[0] & 0x0F == zlib.DEFLATED and int.from_bytes(chunk[:2]) % 31 == 0  # RFC 1950
        return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS


def inflate(chunks: Iterable[bytes], encoding: str, cap: int, *, url: str = "") -> bytes:
    """The whole of an encoded body, of at most `cap` bytes.

    Raises: FetchError as `Inflater`.
    """
    inflater = Inflater(url, encoding, cap)
    body = b"".join(inflater.feed(chunk) for chunk in chunks)
    inflater.finish()
    return body


def undo_codings(headers: dict[str, str], body: bytes, url: str) -> bytes:
    """A body without its codings. Many archives store decoded bodies under the headers of the wire: those stay.

    Raises: FetchError as `Inflater`.
    """
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = join_chunks(body, url)
    encodings = [name for part in headers.get("content-encoding", "").split(",") if (name := part.strip().lower())]
    for encoding in reversed(encodings):
        body = _undo_encoding(encoding, body, url)
    if len(body) > MAX_FOREIGN_BODY_BYTES:
        raise FetchError("too_large", url, f"more than {MAX_FOREIGN_BODY_BYTES:,} bytes")
    return body


def join_chunks(body: bytes, url: str) -> bytes:
    """A chunked body in one piece (RFC 9112, 7.1); one that is stored in one piece already stays.

    The body is in memory, so this is bounded.

    Raises: FetchError, `truncated`, where the last chunk is missing.
    """
    if not re.match(rb"[0-9a-fA-F]+[ \t]*[;\r]", body):
        return body
    parts: list[bytes] = []
    place = 0
    while size := _CHUNK_SIZE.match(body, place):
        length, begin = int(size[1], 16), size.end()
        if length == 0:
            return b"".join(parts)
        parts.append(body[begin : begin + length])
        place = begin + length + 2
    raise FetchError("truncated", url, "the last chunk is missing")


def _undo_encoding(encoding: str, body: bytes, url: str) -> bytes:
    """A body without one of its content encodings, those that we never ask for among them."""
    if encoding in ("gzip", "x-gzip") and not body.startswith(GZIP_MAGIC[:2]):
        return body
    try:
        if encoding == "br":
            return BrotliReader(io.BytesIO(body)).read(MAX_FOREIGN_BODY_BYTES + 1)
        if encoding == "zstd":
            return _unpack_zstd(body, url)
        return inflate([body], encoding, MAX_FOREIGN_BODY_BYTES, url=url)
    except OSError as error:  # so says brotli
        if _is_markup(body):
            return body
        raise FetchError("bad_encoding", url, f"the {encoding} stream is damaged") from error
    except FetchError as error:
        if error.code == "bad_encoding" and _is_markup(body):
            return body
        raise


def _is_markup(body: bytes) -> bool:
    """Whether a body is a page as it stands; no encoding begins so."""
    return body[:CHUNK_BYTES].lstrip(b"\xef\xbb\xbf\t\r\n ").startswith(b"<")


def _unpack_zstd(body: bytes, url: str) -> bytes:
    stream = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _MAX_WINDOW_LOG})
    try:
        decoded: bytes = stream.decompress(body, MAX_FOREIGN_BODY_BYTES + 1)
    except zstd.ZstdError as error:
        raise FetchError("bad_encoding", url, f"the zstd stream is damaged: {error}") from error
    if stream.needs_input and not stream.eof:
        raise FetchError("truncated", url, "the zstd stream stops before its end")
    return decoded
