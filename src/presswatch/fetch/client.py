"""One outlet's way to the web for one run.

What happens to a request, in this order, at every hop of a redirect: the address is checked for form, robots.txt is
asked, the host's turn is waited for, the guard looks at the resolved address, the body is read under a cap and a
deadline, the capture is written to the WARC file. Failures are `FetchError`s; only disk trouble and cancellation pass.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from types import TracebackType
from typing import Literal, Self, overload
from urllib.parse import urldefrag, urljoin, urlsplit

import httpcore
import httpx

from presswatch.archive import Inflater, OutletState, RawWriter, RobotsNote
from presswatch.errors import SILENT_CODES, Code, FetchError
from presswatch.fetch.agent import has_contact
from presswatch.fetch.guard import (
    WIRE_ERRORS,
    Guard,
    GuardedTransport,
    Lookup,
    RefusedAddressError,
    is_disguise,
    lookup_addresses,
)
from presswatch.fetch.pace import Hosts, Pacer
from presswatch.fetch.robots import MAX_ROBOTS_BYTES, Robots
from presswatch.model import Candidate, Capture, DocumentKind, Revisit
from presswatch.outlets import Outlet, Registry
from presswatch.settings import FetchSettings
from presswatch.urls import ascii_host, is_web, origin_of, tidy

MAX_HOPS = 10
TRIES = 3  # of one URL in a run (docs/architecture.md, limits)
ROBOTS_AGE = timedelta(hours=24)  # RFC 9309, 2.4

_MAX_FEED_BYTES = 5_000_000  # the same
_MAX_SITEMAP_BYTES = 50_000_000
_REFUSALS = 5  # in a row, then the outlet is left alone for the run
_SILENCES = 10  # in a row; a host that went down in the middle would cost a deadline for every URL left
_RETRIES_A_RUN = 50  # of one outlet: a server that ails everywhere is not asked everything three times
_MOST_COOKIES = 50  # of one run, and bytes of one: what RFC 6265 (6.1) asks a browser to keep for a host
_MOST_COOKIE_BYTES = 4096
_LONGEST_VALIDATOR = 1024  # characters; sent back, a longer one may make a request that its own server refuses
_FIRST_BACKOFF_S = 1.0  # doubled each time, times 0.5 … 1.5
_TRIED_AGAIN: frozenset[Code] = frozenset({"unreachable", "server_error", "truncated"})

_PERMANENT = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})
_REDIRECTS = _PERMANENT | {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT}
_THROTTLED = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_PASSING = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.MISDIRECTED_REQUEST})

_ACCEPT: dict[DocumentKind, str] = {
    "article": "text/html,application/xhtml+xml,*/*;q=0.5",
    "feed": "application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.5",
    "sitemap": "application/xml,text/xml,application/gzip;q=0.9,*/*;q=0.5",
    "robots": "text/plain,*/*;q=0.5",
    "wordpress": "application/json,*/*;q=0.5",
    "front": "text/html,application/xhtml+xml,*/*;q=0.5",
}


class _PostponedError(FetchError):
    """The URL was not asked for in this run, so the next one does, whatever the code."""


@dataclass
class _Deadline:
    """What is left of a URL's time; waiting for one's turn does not count."""

    left_s: float


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


@dataclass(frozen=True)
class _Verdict:
    """What a host's robots.txt says, or why nobody can tell."""

    robots: Robots | None
    until: datetime
    error: FetchError | None = None


_NO_OUTLETS = Registry([])
IsPart = Callable[[Capture], bool]  # whether an answer is one page of an article of several


def _is_no_part(_: Capture) -> bool:
    return False


class FetchSession:
    """Fetches for one outlet during one run, one request at a time. An asynchronous context manager.

    A redirect to a host of another outlet in `outlets` is not followed: its article is told to `hand_over`, for that
    outlet to fetch. `hosts` is what the sessions of a run share, so that none asks a host too soon after another one.
    Cookies live as long as the session. Every answer that is kept is in `writer` and `state` before
    `fetch` returns; one that brings nothing new is kept as a revisit.
    `clock`, `monotonic`, `sleep`, `jitter` (0 … 1) and `lookup` (the resolver) are arguments for the sake of tests.
    """

    def __init__(
        self,
        outlet: Outlet,
        settings: FetchSettings,
        state: OutletState,
        writer: RawWriter,
        *,
        run_id: str,
        user_agent: str,
        outlets: Registry = _NO_OUTLETS,
        hosts: Hosts | None = None,
        hand_over: Callable[[Candidate], None] = lambda _: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        lookup: Lookup = lookup_addresses,
    ) -> None:
        self.run_id = run_id
        self._outlet, self._settings, self._state, self._writer = outlet, settings, state, writer
        self._outlets, self._hand_over = outlets, hand_over
        self._user_agent, self._clock, self._monotonic, self._jitter = user_agent, clock, monotonic, jitter
        self._hosts = hosts or Hosts()
        self._pacer = Pacer(state, self._hosts, clock=clock, monotonic=monotonic, sleep=sleep)
        self._hand = asyncio.Lock()
        self._verdicts: dict[str, _Verdict] = {}
        self._retries_left = _RETRIES_A_RUN
        self._refusals = self._silences = 0
        self._guard = Guard(settings.resolve, lookup)
        self._transport = GuardedTransport(self._guard, settings.proxy)
        self._cookies = httpx.Cookies()

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.__aexit__(kind, error, trace)

    @overload
    async def fetch(
        self, url: str, *, kind: DocumentKind = "article", conditional: Literal[False] = False, is_part: IsPart = ...
    ) -> Capture: ...
    @overload
    async def fetch(
        self, url: str, *, kind: DocumentKind = "article", conditional: bool, is_part: IsPart = ...
    ) -> Capture | Revisit: ...
    async def fetch(
        self,
        url: str,
        *,
        kind: DocumentKind = "article",
        conditional: bool = False,
        is_part: IsPart = _is_no_part,
    ) -> Capture | Revisit:
        """Fetch a URL and store what it answers.

        The outcome of an article is remembered in the state, that of a failure too; the row for `failures` is the
        caller's. The media type is not looked at: a PDF is stored, and reading says `not_html`.

        Args:
            url: absolute, http or https.
            kind: what is expected; it decides the cap.
            conditional: ask only for what is newer than the stored copy.
            is_part: asked of an answer whose bytes are stored: what is a page of an article of several is stored
                again, because the pages are read together.

        Returns: the answer, also where its bytes were stored already; a Revisit where it is "not modified".
        Raises: FetchError with the URL as asked; DiskError.
        """
        async with self._hand:
            try:
                self._check_endurance(url)
                return await self._follow(url, kind, conditional=conditional, is_part=is_part)
            except FetchError as error:
                told = _about(url, error)
                if kind == "article":
                    again = True if isinstance(error, _PostponedError) else None
                    self._state.record_miss(url, told.code, self._clock(), try_again=again)
                raise told from error

    async def check_robots(self, url: str) -> None:
        """Ask whether robots.txt allows a URL; nothing else of it is fetched.

        Raises: FetchError, `robots` where it does not.
        """
        async with self._hand:
            self._check_host(url)
            await self._check_robots(url)

    def delay_s(self, url: str) -> float:
        """Seconds between two requests to a URL's host, as far as its robots.txt is known."""
        return self._delay_s(url)

    async def _follow(
        self, asked: str, kind: DocumentKind, *, conditional: bool = False, is_part: IsPart = _is_no_part
    ) -> Capture | Revisit:
        """Ask for a URL and go where it is said to have gone."""
        deadline = _Deadline(self._settings.total_timeout_s)
        here, is_moved, seen = asked, True, set()
        for _ in range(MAX_HOPS + 1):
            self._check_host(here)
            if kind != "robots":  # which is followed to any host (RFC 9309, 2.3.1.2)
                self._leave_to_owner(here, kind)
                await self._check_robots(here)
            if kind == "article" and self._state.is_forgotten(here, self._outlet.article_id):
                raise FetchError("gone", asked, "not asked: the article was forgotten, see `presswatch forget`")
            seen.add((here, self._cookie_pairs()))
            answer = await self._ask(here, kind, deadline, conditional=conditional)
            if answer.status == HTTPStatus.NOT_MODIFIED:
                return self._keep_revisit(answer, kind, here, asked)
            if answer.status not in _REDIRECTS:
                capture = self._describe(answer, kind, here, asked, is_moved=is_moved and here != asked)
                return self._keep(capture, answer, asked, is_part)
            is_moved = is_moved and answer.status in _PERMANENT
            here = _next_hop(here, answer.header("location"))
            if (here, self._cookie_pairs()) in seen:  # with a new cookie the same address may answer otherwise
                raise FetchError("bad_redirect", here, "a redirect that leads back to itself")
        raise FetchError("bad_redirect", here, f"more than {MAX_HOPS} redirects")

    def _check_host(self, url: str) -> None:
        """Go on where a URL has the form of one, and its host may know who asks.

        Raises: FetchError, `bad_redirect` or `refused_address`.
        """
        _check_form(url)
        if not has_contact(self._settings) and not self._guard.is_exempt(_host(url)):
            raise FetchError("refused_address", url, "without a contact no host outside [fetch.resolve] is asked")

    def _leave_to_owner(self, url: str, kind: DocumentKind) -> None:
        """Go on where a URL is of no other outlet: that one's pace and memory are not ours, nor is what it says.

        Raises: FetchError `bad_redirect`.
        """
        owner = self._outlets.for_url(url)
        if owner is None or owner.id == self._outlet.id:
            return
        if kind == "article":
            self._hand_over(Candidate(url=tidy(url), outlet_id=owner.id))
        raise FetchError("bad_redirect", url, f"this is {owner.name}'s, and left to the outlet {owner.id!r}")

    def _describe(self, answer: _Answer, kind: DocumentKind, here: str, asked: str, *, is_moved: bool) -> Capture:
        listed_as, listed_at = self._state.listing(asked) if kind == "article" else ("", None)
        return Capture(
            url=here,
            outlet_id=self._outlet.id,
            fetched_at=self._clock(),
            body=answer.body,
            asked_url="" if here == asked else asked,
            listed_as=listed_as,
            listed_at=listed_at,
            moved=is_moved,
            status=answer.status,
            headers=answer.headers,
            kind=kind,
        )

    def _keep(self, capture: Capture, answer: _Answer, asked: str, is_part: IsPart) -> Capture:
        """Store an answer, or that it is what is stored."""
        copy = self._state.copy_of(capture.url)
        if copy is not None and copy.is_of(capture) and not is_part(capture):
            self._keep_revisit(answer, capture.kind, capture.url, asked)
        else:
            self._writer.write(capture)
            self._state.record_capture(capture)
        return capture

    def _keep_revisit(self, answer: _Answer, kind: DocumentKind, here: str, asked: str) -> Revisit:
        copy = self._state.copy_of(here)
        revisit = Revisit(
            url=here,
            outlet_id=self._outlet.id,
            fetched_at=self._clock(),
            digest=copy.digest if copy else "",
            refers_to=copy.record_id if copy else "",
            refers_to_at=copy.at if copy else None,
            asked_url="" if here == asked else asked,
            status=answer.status,
            headers=answer.headers,
            kind=kind,
        )
        self._writer.write(revisit)
        self._state.record_revisit(revisit)
        return revisit

    def _cookie_pairs(self) -> frozenset[tuple[str, str | None]]:
        return frozenset((cookie.name, cookie.value) for cookie in self._cookies.jar)

    # --- one address --------------------------------------------------------------------------------------------------

    async def _ask(self, url: str, kind: DocumentKind, deadline: _Deadline, *, conditional: bool) -> _Answer:
        """An answer that is content, a redirect or "not modified", after as many tries as are due."""
        host = ascii_host(_host(url))
        tries = 0
        while True:
            tries += 1
            async with self._hosts.turn(host):
                await self._pacer.take_turn(host, self._delay_s(url), url)
                try:
                    answer = await self._try_once(url, kind, deadline, conditional=conditional)
                    _check_status(answer, url, kind, conditional=conditional)
                except FetchError as error:
                    self._note_end(error.code, kind)
                    if error.code not in _TRIED_AGAIN or not self._may_retry(tries):
                        raise
                    self._pacer.hold(host, _FIRST_BACKOFF_S * 2 ** (tries - 1) * (0.5 + self._jitter()))
                    continue
            self._note_end(None, kind)
            if answer.status not in _THROTTLED:
                return answer
            self._pacer.pause(host, answer.header("retry-after"), url)
            if tries >= TRIES:
                raise FetchError("throttled", url, f"answered {answer.status} {tries} times")

    async def _try_once(self, url: str, kind: DocumentKind, deadline: _Deadline, *, conditional: bool) -> _Answer:
        began = self._monotonic()
        try:
            async with asyncio.timeout(deadline.left_s):
                return await self._request(url, kind, conditional=conditional)
        except TimeoutError:
            raise FetchError("timeout", url, f"no whole answer within {self._settings.total_timeout_s:g} s") from None
        finally:
            deadline.left_s -= self._monotonic() - began

    async def _request(self, url: str, kind: DocumentKind, *, conditional: bool) -> _Answer:
        headers = {"Host": "", "User-Agent": self._user_agent, "Accept": _ACCEPT[kind], "Accept-Encoding": "gzip"}
        headers |= self._conditions(url) if conditional else {}
        try:
            address = httpx.URL(url)
            headers["Host"] = address.netloc.decode("ascii")
            headers |= self._cookie_header(address)
            response = await self._transport.ask(
                address, headers, lambda: self._pacer.note_start(ascii_host(_host(url)))
            )
            async with contextlib.aclosing(response):
                pairs = tuple(_pairs(response.headers))
                if response.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED and self._settings.proxy:
                    # the proxy's word, not the host's: taken for one, a robots.txt that was never seen would allow all
                    raise FetchError("unreachable", url, "the proxy wants a name and a password, or others")
                self._keep_cookies(address, response)
                is_wanted = HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES
                body = await _read_body(response, _joined(pairs), url, *self._cap(kind)) if is_wanted else b""
                return _Answer(response.status, pairs, body)
        except RefusedAddressError as error:
            raise FetchError("refused_address", url, str(error)) from error
        except WIRE_ERRORS as error:
            raise FetchError(_code_of(error), url, str(error) or type(error).__name__) from error
        except (httpx.InvalidURL, ValueError) as error:
            raise FetchError("bad_redirect", url, f"no address that can be asked: {error}") from error
        except OSError as error:  # what TLS says in the middle of a stream is not always translated
            raise FetchError("unreachable", url, str(error)) from error

    def _cookie_header(self, address: httpx.URL) -> dict[str, str]:
        """The cookies that are the address's, as a header."""
        if not self._cookies:
            return {}
        request = httpx.Request("GET", address, cookies=self._cookies)
        return {"Cookie": request.headers["cookie"]} if "cookie" in request.headers else {}

    def _keep_cookies(self, address: httpx.URL, response: httpcore.Response) -> None:
        lines = [(n, v) for n, v in response.headers if n.lower() == b"set-cookie" and len(v) <= _MOST_COOKIE_BYTES]
        if not lines:
            return
        request = httpx.Request("GET", address)
        self._cookies.extract_cookies(httpx.Response(response.status, headers=lines, request=request))
        for cookie in list(self._cookies.jar)[:-_MOST_COOKIES]:
            self._cookies.jar.clear(cookie.domain, cookie.path, cookie.name)

    def _conditions(self, url: str) -> dict[str, str]:
        known = self._state.validators(url)
        if known is None:
            return {}
        told = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in told.items() if value.isascii() and 0 < len(value) <= _LONGEST_VALIDATOR}

    def _cap(self, kind: DocumentKind) -> tuple[int, bool]:
        """How many bytes are read, and whether the rest is dropped or an error."""
        if kind == "robots":
            return MAX_ROBOTS_BYTES, True
        caps = {"feed": _MAX_FEED_BYTES, "sitemap": _MAX_SITEMAP_BYTES}
        return caps.get(kind, self._settings.max_body_bytes), False

    def _delay_s(self, url: str) -> float:
        verdict = self._verdicts.get(origin_of(url))
        asked_s = verdict.robots.crawl_delay_s if verdict and verdict.robots else 0.0
        return max(self._outlet.min_delay_s, asked_s)

    def _may_retry(self, tries: int) -> bool:
        if tries >= TRIES or self._retries_left <= 0:
            return False
        self._retries_left -= 1
        return True

    def _note_end(self, code: Code | None, kind: DocumentKind) -> None:
        if kind != "robots":  # which many a host refuses, and means nothing by it
            self._refusals = self._refusals + 1 if code == "blocked" else 0
        self._silences = self._silences + 1 if code in SILENT_CODES else 0

    def _check_endurance(self, url: str) -> None:
        if self._refusals >= _REFUSALS:
            raise _PostponedError("blocked", url, f"not asked: {_REFUSALS} requests in a row were refused")
        if self._silences >= _SILENCES:
            raise _PostponedError("unreachable", url, f"not asked: {_SILENCES} requests in a row went unanswered")

    # --- robots -------------------------------------------------------------------------------------------------------

    async def _check_robots(self, url: str) -> None:
        """Go on where robots.txt allows it.

        Raises: FetchError `robots`; where nobody can tell, see `_unknown`.
        """
        origin = origin_of(url)
        verdict = self._verdicts.get(origin)
        if verdict is None or verdict.until <= self._clock():
            verdict = self._verdicts[origin] = await self._find_verdict(origin)
        if verdict.error is not None:
            raise _PostponedError(verdict.error.code, url, verdict.error.message)
        if verdict.robots is not None and not verdict.robots.allows(url):
            raise FetchError("robots", url, f"{origin}/robots.txt does not allow it")

    async def _find_verdict(self, origin: str) -> _Verdict:
        note = self._state.robots(origin)
        if note is None or note.fetched_at + ROBOTS_AGE <= self._clock() or note.fetched_at > self._clock():
            try:
                note = await self._fetch_robots(origin)
            except FetchError as error:
                if note is None or note.status != HTTPStatus.OK:
                    return _Verdict(None, self._clock() + ROBOTS_AGE, _unknown(origin, error))
                # RFC 9309, 2.4: an old copy is better than none while the host does not answer
                return _Verdict(Robots(note.body, self._user_agent), self._clock() + ROBOTS_AGE)
        return _Verdict(Robots(note.body, self._user_agent), note.fetched_at + ROBOTS_AGE)

    async def _fetch_robots(self, origin: str) -> RobotsNote:
        """What robots.txt says. A refusal, a hole or an endless redirect allows everything (RFC 9309, 2.3.1)."""
        try:
            answer = await self._follow(f"{origin}/robots.txt", "robots")
        except FetchError as error:
            if error.code not in ("gone", "blocked", "bad_redirect"):
                raise
            note = RobotsNote(status=HTTPStatus.NOT_FOUND, body=b"", fetched_at=self._clock())
        else:
            body = answer.body if isinstance(answer, Capture) else b""
            note = RobotsNote(status=HTTPStatus.OK, body=body, fetched_at=self._clock())
        self._state.record_robots(origin, note)
        return note


def _unknown(origin: str, error: FetchError) -> FetchError:
    """Why nothing of a host may be asked for while its robots.txt cannot be had (RFC 9309, 2.3.1.4).

    A host that cannot be reached, that hangs, that is none of ours or that asks for patience is called that. All else
    (5xx, a cut or undecodable file) is `robots`. The next run asks again in every case.
    """
    kept = ("unreachable", "timeout", "refused_address", "throttled")
    code: Code = error.code if error.code in kept else "robots"
    why = error.message if code == error.code else f"{error.code}: {error.message}"
    return FetchError(code, error.url, f"{origin}/robots.txt cannot be had, so nothing is asked for: {why}")


def _about(url: str, error: FetchError) -> FetchError:
    """The error in terms of the URL as asked."""
    message = error.message if error.url == url else f"{error.message} (at {error.url})"
    return FetchError(error.code, url, message)


def _check_form(url: str) -> None:
    if not is_web(url) or urlsplit(url).username is not None:
        raise FetchError("bad_redirect", url, "no address of the web")
    if is_disguise(_host(url)):
        raise FetchError("refused_address", url, "an address in disguise")


def _next_hop(here: str, location: str) -> str:
    if not location:
        raise FetchError("bad_redirect", here, "a redirect that does not say where to")
    try:
        return str(httpx.URL(urldefrag(urljoin(here, location)).url))
    except (httpx.InvalidURL, ValueError) as error:
        code: Code = "refused_address" if is_disguise(_host(location)) else "bad_redirect"
        raise FetchError(code, here, f"a redirect to {location[:200]!r}: {error}") from error


def _check_status(answer: _Answer, url: str, kind: DocumentKind, *, conditional: bool) -> None:
    """Let content, redirects, "not modified" where it was asked for, and pleas for patience through."""
    status = answer.status
    if status in _GONE:
        raise FetchError("gone", url, f"answered {status}")
    if answer.header("cf-mitigated") == "challenge":  # a wall that says so in its headers
        raise FetchError("blocked", url, f"answered {status} with a challenge")
    if status in _PASSING or (status >= HTTPStatus.INTERNAL_SERVER_ERROR and status not in _THROTTLED):
        raise FetchError("server_error", url, f"answered {status}")
    if status == HTTPStatus.SERVICE_UNAVAILABLE and kind == "robots":
        raise FetchError("server_error", url, f"answered {status}")
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _THROTTLED:
        raise FetchError("blocked", url, f"answered {status}")
    is_odd = HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST and status not in _REDIRECTS
    if is_odd and not (status == HTTPStatus.NOT_MODIFIED and conditional):
        raise FetchError("bad_redirect", url, f"answered {status}")
    if status == HTTPStatus.PARTIAL_CONTENT:
        raise FetchError("truncated", url, "answered with a part that nobody asked for")


async def _read_body(
    response: httpcore.Response,
    headers: Mapping[str, str],
    url: str,
    cap: int,
    cuts: bool,  # noqa: FBT001  # one value of a pair
) -> bytes:
    """The decoded body, of at most `cap` bytes.

    Raises: FetchError `too_large`, `truncated` or `bad_encoding`.
    """
    inflater = Inflater(url, headers.get("content-encoding", ""), cap, cuts=cuts)
    promised = headers.get("content-length", "") if "transfer-encoding" not in headers else ""
    if not cuts and promised.isdigit() and int(promised[:18]) > cap:
        raise FetchError("too_large", url, f"{promised} bytes are announced; {cap:,} are read")
    body = bytearray()  # not a list of parts: chunks may be of one byte each
    try:
        async for chunk in response.aiter_stream():
            body += inflater.feed(chunk)
            if inflater.is_full:
                break
    except WIRE_ERRORS as error:
        raise FetchError("truncated", url, str(error) or type(error).__name__) from error
    inflater.finish()
    return bytes(body)


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by name; what several lines say of one name, in one (RFC 9110, 5.3)."""
    lines: dict[str, list[str]] = {}
    for name, value in pairs:
        lines.setdefault(name, []).append(value)
    return {name: ", ".join(values) for name, values in lines.items()}


def _pairs(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[str, str]]:
    for name, value in headers:
        yield _text(name).lower(), _text(value).strip()


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")  # what HTTP once said headers are


def _code_of(error: Exception) -> Code:
    """What went wrong before the body began."""
    if isinstance(error, httpcore.TimeoutException):
        return "timeout"
    if isinstance(error, httpcore.UnsupportedProtocol | httpcore.LocalProtocolError):
        return "bad_redirect"
    if isinstance(error, httpcore.RemoteProtocolError) and "without sending" not in str(error):
        return "too_large" if "too long" in str(error) else "server_error"  # endless headers; garbage
    return "unreachable"


def _host(url: str) -> str:
    """The host of a URL as it is written, for full-width digits disguise an address; empty where it has none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""
