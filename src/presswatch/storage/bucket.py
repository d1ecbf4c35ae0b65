"""A bucket of an object store: whole objects, put under conditions. The one importer of obstore."""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from presswatch.errors import ConfigError, DiskError

_PATIENCE = timedelta(seconds=60)  # from the first try of a request on; no other begins after that
_TRIES = 30  # that fill it, however the pauses between them fall
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(milliseconds=100), timedelta(seconds=10)
_GROWTH = 4.0  # of a pause at most; each is drawn from between the first one and the former one times this
_PAUSES_S = (0.2, 1.0, 4.0, 10.0)  # before a request is sent again that was broken off
_REQUEST_S = "300s"  # for one try: what is put at once goes through a line of 2 Mbit/s
_WHOLE_BYTES = 64 * 1024 * 1024  # what is larger is put in parts
_CONNECT_S = "5s"
_CHUNK_BYTES = 1024 * 1024
_FIRST_NAME = "0"  # before all names that begin with a letter or digit, in the order of a listing
_PROBE = ".probe"  # an empty object, put only where it is not yet
_NO_CREDENTIALS = ("169.254.169.254", "credential")  # where the store's library looks when the environment has none
_KEYS = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN, where there is one)"
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
_WEB = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?")
_TYPES = {".html": "text/html; charset=utf-8", ".json": "application/json"}  # so that a browser shows a page
_ADVICE = {  # where other rights would not help
    "ExpiredToken": f"set {_KEYS} anew",
    "InvalidObjectState": "a rule of the bucket has archived objects: restore them",
    "InvalidToken": f"set {_KEYS} anew",
    "RequestTimeTooSkewed": "set the clock of this machine",
    "TokenRefreshRequired": f"set {_KEYS} anew",
}
_BROKEN_OFF = ("HTTP error", "ConditionalRequestConflict")  # in what its library says of a broken connection, or a 409

Result = TypeVar("Result")


class _BrokenOffError(DiskError):
    """The store may have done what it was asked, and may not."""


class Unmet(Exception):  # noqa: N818 - the answer of a conditional put, for the caller to judge
    """The object is not what the put asked it to be: somebody else was first."""


@dataclass(frozen=True)
class Found:
    """One object of a listing. `etag` names its content; `size` is in bytes."""

    key: str
    etag: str
    size: int
    modified: datetime


class Bucket:
    """What lies below `s3://bucket/prefix`. Keys are relative to it. Threads may share it.

    Credentials, region and endpoint are those of the environment (AWS_*). Requests that fail for a while are tried
    again, up to a minute each.

    Raises: ConfigError where obstore is not installed; from every method ConfigError for a bucket or credentials that
    do not do, DiskError where the store does not answer.
    """

    def __init__(self, address: str) -> None:
        try:
            from obstore.store import S3Store  # noqa: PLC0415 - an extra, and only for buckets
        except ImportError:
            raise ConfigError(address, ["a bucket needs obstore: `pip install 'presswatch[s3]'`"]) from None
        self.address = address.rstrip("/")
        _check_environment(self.address)
        self._name, _, prefix = self.address.removeprefix("s3://").partition("/")
        with self._told():
            self._store = S3Store(
                self._name,
                prefix=prefix or None,
                client_options={
                    "timeout": _REQUEST_S,
                    "connect_timeout": _CONNECT_S,
                    "allow_http": os.environ.get("AWS_ALLOW_HTTP", "").casefold() in ("1", "true"),  # else forgotten
                },
                retry_config={
                    "max_retries": _TRIES,
                    "retry_timeout": _PATIENCE,
                    "backoff": {"init_backoff": _FIRST_PAUSE, "max_backoff": _LONGEST_PAUSE, "base": _GROWTH},
                },
            )

    def check(self) -> None:
        """Say before any work that nothing can be put, or that conditions of puts are not kept.

        Cost: three requests.
        """
        with suppress(Unmet):  # it is there but for the first time
            self._put(_PROBE, b"", "create")
        for header, mode in (("If-None-Match: *", "create"), ("If-Match", {"e_tag": '"no content has this"'})):
            try:
                self._put(_PROBE, b"", mode)
            except Unmet:
                continue
            fault = f"this store ignores `{header}` of a PUT, so two machines could overwrite each other's work"
            raise ConfigError(self.address, [fault])

    def get(self, key: str, *, unless: str = "") -> tuple[bytes, str] | None:
        """An object and its etag; None where there is none. Where its etag is `unless` the content is left out."""
        import obstore  # noqa: PLC0415
        from obstore.exceptions import NotModifiedError  # noqa: PLC0415

        with self._told():
            try:
                got = obstore.get(self._store, key, options={"if_none_match": unless} if unless else None)
                return bytes(got.bytes()), got.meta["e_tag"] or ""
            except FileNotFoundError as error:
                self._refuse_missing(error)
                return None
            except NotModifiedError:
                return b"", unless

    def fetch(self, key: str, path: Path) -> str:
        """Write an object to a file, some of it at a time; gives its etag.

        Raises: FileNotFoundError where there is no such object.
        """
        import obstore  # noqa: PLC0415

        with self._told():
            try:
                got = obstore.get(self._store, key)
                with path.open("wb") as file:
                    for chunk in got.stream(min_chunk_size=_CHUNK_BYTES):
                        file.write(chunk)
            except FileNotFoundError as error:
                self._refuse_missing(error)
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), f"{self.address}/{key}") from error
            return got.meta["e_tag"] or ""

    def put(self, key: str, content: bytes | Path, *, etag: str | None = None) -> str:
        """Put an object whole; gives its etag.

        Args: `etag` is what the object must have until now: empty where it must not be there, None where anything will
            do. A large file that must not be there is put all the same: S3 knows no conditions for parts, so its key
            has to be one that nobody else uses.
        Raises: Unmet, but not where the object has this very content: it was put, and the answer was lost. Memory: the
            object, up to 64 MiB where there are no conditions, or that of a large file.
        """
        is_in_parts = not etag and isinstance(content, Path) and content.stat().st_size > _WHOLE_BYTES
        mode: Any = "overwrite" if etag is None or is_in_parts else {"e_tag": etag} if etag else "create"
        try:
            return self._put(key, content, mode, is_in_parts=is_in_parts)
        except Unmet:
            got = self.get(key)
            if got is None or got[0] != (content.read_bytes() if isinstance(content, Path) else content):
                raise
            return got[1]

    def _put(self, key: str, content: bytes | Path, mode: Any, *, is_in_parts: bool = False) -> str:
        return _persist(partial(self._put_once, key, content, mode, is_in_parts=is_in_parts))

    def _put_once(self, key: str, content: bytes | Path, mode: Any, *, is_in_parts: bool) -> str:
        import obstore  # noqa: PLC0415
        from obstore.exceptions import AlreadyExistsError, PreconditionError  # noqa: PLC0415

        kind = _TYPES.get(Path(key).suffix)
        attributes: Any = {"Content-Type": kind} if kind else None
        with self._told():
            try:
                made = obstore.put(
                    self._store, key, content, mode=mode, use_multipart=is_in_parts, attributes=attributes
                )
            except (AlreadyExistsError, PreconditionError) as error:
                if _is_broken_off(error):
                    raise
                raise Unmet(key) from error
            except FileNotFoundError as error:
                self._refuse_missing(error)
                raise Unmet(key) from error
            return made["e_tag"] or ""

    def listing(self, folder: str) -> Iterator[Found]:
        """The objects below a folder, in order of their keys. Cost: a request for a thousand.

        Those come first whose names begin with neither letter nor digit: none of ours does, and the store's library
        reads none of a list with a name that is empty or a dot. They are left out.
        """
        import obstore  # noqa: PLC0415

        with self._told():
            for batch in obstore.list(self._store, folder, offset=f"{folder}/{_FIRST_NAME}"):
                for one in batch:
                    yield Found(one["path"], one["e_tag"] or "", one["size"], one["last_modified"])

    def delete(self, keys: Iterable[str]) -> None:
        """Take objects away; those that are not there are no fault."""
        wanted = sorted(keys)
        if wanted:
            _persist(partial(self._delete_once, wanted))

    def _delete_once(self, keys: list[str]) -> None:
        import obstore  # noqa: PLC0415

        with self._told():
            try:
                obstore.delete(self._store, keys)
            except FileNotFoundError as error:
                self._refuse_missing(error)

    def _refuse_missing(self, error: Exception) -> None:
        """Tell a missing bucket from a missing object."""
        if "NoSuchBucket" in str(error):
            raise self._no_bucket() from error

    def _no_bucket(self) -> ConfigError:
        made = f"`aws s3 mb s3://{self._name}` makes it"
        return ConfigError(self.address, [f"there is no bucket {self._name!r} there: {made}, or mend `data`"])

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the store says, in our words."""
        from obstore.exceptions import BaseError  # noqa: PLC0415

        try:
            yield
        except BaseError as error:
            raise self._tell(error) from error

    def _tell(self, error: Exception) -> Exception:
        from obstore.exceptions import PermissionDeniedError, UnauthenticatedError  # noqa: PLC0415

        text = str(error)
        code = re.search(r"<Code>([^<]*)</Code>", text)
        message = re.search(r"<Message>([^<]*)</Message>", text)
        said = message[1] if message else text.partition("\n")[0]
        name = code[1] if code else ""
        if name == "NoSuchBucket":
            return self._no_bucket()
        if isinstance(error, PermissionDeniedError | UnauthenticatedError) or name in _ADVICE:
            advice = _ADVICE.get(name, f"check {_KEYS}, and that they may list, read, put and delete there")
            return ConfigError(self.address, [f"access is refused ({': '.join(filter(None, (name, said)))}): {advice}"])
        if any(word in text for word in _NO_CREDENTIALS):
            return ConfigError(self.address, [f"no credentials are found: set {_KEYS}"])
        if "builder error" in text:
            return ConfigError(self.address, ["AWS_ENDPOINT_URL has no TLS: set AWS_ALLOW_HTTP=true to allow that"])
        if "configured region" in text or name in ("PermanentRedirect", "AuthorizationHeaderMalformed"):
            return ConfigError(self.address, [f"the region is wrong ({said}): set AWS_REGION to the bucket's"])
        kind = _BrokenOffError if _is_broken_off(error) else DiskError
        advice = "move that object away" if "invalid path" in text else "try again"  # somebody's, met in a listing
        return kind(f"{self.address}: the store does not answer as it should ({said}); {advice}")


def _check_environment(address: str) -> None:
    """Have an empty variable count as not set, which the store's library would take for a value.

    Raises: ConfigError for an endpoint that is no address, of which that library panics.
    """
    for name in [name for name, value in os.environ.items() if name.startswith("AWS_") and not value.strip()]:
        del os.environ[name]
    wrong = {name: os.environ[name] for name in _ENDPOINTS if not _WEB.fullmatch(os.environ.get(name, "http://none"))}
    if wrong:
        wanted = "an address like https://s3.example.org is wanted"
        raise ConfigError(address, [f"{name} is {value!r}: {wanted}" for name, value in wrong.items()])


def _is_broken_off(error: Exception) -> bool:
    """Whether a request may be sent again that the store's library does not repeat, because it may have been done."""
    return any(words in str(error) for words in _BROKEN_OFF)


def _persist(work: Callable[[], Result]) -> Result:
    """Do something again where the store broke it off, or was at work for another machine at the same place."""
    end = time.monotonic() + _PATIENCE.total_seconds()
    for pause_s in _PAUSES_S:
        try:
            return work()
        except _BrokenOffError:
            if time.monotonic() + pause_s > end:
                raise
        time.sleep(pause_s)
    return work()
