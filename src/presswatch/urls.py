"""When two URLs are one address, and which hosts belong together. Pure: nothing is looked up or fetched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

# Query parameters that say where a reader came from, not what is read, by their whole names in lower case. `cid`,
# `eid` and `uid` are not among them: they number articles as often.
_TRACKING = frozenset(
    "fbclid gclid dclid msclkid twclid igshid yclid gbraid wbraid clickid partnerid _ga _gl ref ref_src referer "
    "referrer source campaign xtor cmpid ocid ito smid taid guccounter guce_referrer guce_referrer_sig ncid sr_share "
    "amp outputtype".split()
)
_TRACKING_PREFIXES = ("utm_", "at_", "pk_", "mtm_", "hsa_", "mc_", "itm_", "mkt_", "oly_", "vero_", "ga_")
_HOST_PREFIXES = ("www.", "m.", "mobile.", "amp.")
_AMP_SUFFIX = re.compile(r"/amp/?$|\.amp(?=\.html$|$)")
_NO_URL = re.compile(r"[\s<>\"\\\x00-\x1f\x7f\ud800-\udfff]")  # half surrogates come out of JSON; nothing stores them
_LONGEST_URL = 4096  # characters; longer ones occur in traps only
# An address of which every character stands for itself: nine of ten in sitemaps. Cleaning it would change nothing, and
# takes 50 µs. Nothing here may be a tracking tag, a port, an escape, a dot segment or an AMP path.
_PLAIN = re.compile(
    r"https?://([a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+)((?:/[a-z0-9_-]+)+)/?"
)
# Letters that Unicode does not take apart into a plain one and a mark.
_UNPARTED = str.maketrans(dict(zip("łøđðħıŧæœþ", "l o d d h i t ae oe th".split(), strict=True)))
_REMEMBERED = 1000  # addresses: one page's are asked about several times, and cost 50 µs each


def host_of(url: str) -> str:
    """The host of a URL as `ascii_host`, without `www.`, `m.` and the like; empty where it has none."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    return bare_host(host)


def bare_host(host: str) -> str:
    """A host name without the prefixes that serve the same articles: `www.`, `m.`, `mobile.`, `amp.`."""
    host = ascii_host(host)
    while host.startswith(_HOST_PREFIXES) and host.count(".") > 1:
        host = host.partition(".")[2]
    return host


def ascii_host(host: str) -> str:
    """A host name as it goes over the wire: in lower case, other letters by IDNA. What cannot be one stays as it is.

    >>> ascii_host("Bücher.example")
    'xn--bcher-kva.example'
    """
    host = host.lower()
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def told_host(host: str) -> str:
    """A host name as people read it.

    >>> told_host("xn--bcher-kva.example")
    'bücher.example'
    """
    if "xn--" not in host:
        return host
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def origin_of(url: str) -> str:
    """The scheme, host and port of a web URL: what has a robots.txt of its own."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{ascii_host(parts.netloc)}"


def is_web(url: str) -> bool:
    """Whether a URL is absolute http(s) with a host, and short enough to be meant."""
    if len(url) > _LONGEST_URL:
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not _NO_URL.search(url)


def join_url(base: str, url: str) -> str:
    """A URL as it stands on the page at `base`, made absolute; empty where it is none.

    >>> join_url("https://example.com/a/", " b?c=1 ")
    'https://example.com/a/b?c=1'
    """
    try:
        return urljoin(base, url.strip())
    except ValueError:  # half an IPv6 address, for example
        return ""


def _is_plain(url: str) -> re.Match[str] | None:
    """The host and path of an address that is clean already; None where it may not be."""
    return _PLAIN.fullmatch(url) if len(url) <= _LONGEST_URL else None


@lru_cache(maxsize=_REMEMBERED)
def tidy(url: str) -> str:
    """A web URL that can still be asked for, without fragment and tracking tags. Other URLs are given back as they are.

    Everything else stays as it is but for escapes: a server may answer only one spelling.
    """
    if _is_plain(url) or not is_web(url):
        return url
    parts = urlsplit(url)
    # feeds escape twice: `&amp;` is no name of anything
    query = "&".join(p for p in parts.query.replace("&amp;", "&").split("&") if p and not _is_tracking(p))
    user, at, host = parts.netloc.rpartition("@")
    host = host.lower().removesuffix(":80" if parts.scheme == "http" else ":443")
    tidied = urlunsplit((parts.scheme, user + at + host, parts.path or "/", query, ""))
    try:
        return safe_url_string(tidied)
    except ValueError:  # a host that no name server could be asked for
        return tidied


def _is_tracking(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


@lru_cache(maxsize=_REMEMBERED)
def identity(url: str) -> str:
    """What all spellings of one address share: the key for finding duplicates and the base of `article_id`.

    Scheme, `www.`/`m.`/`amp.` hosts, AMP paths, tracking tags, fragment, order of the query, doubled slashes and one
    at the end do not count. Not a URL to ask for.

    >>> identity("http://www.example.com/a/?utm_source=x#top") == identity("https://m.example.com/a/amp/")
    True
    """
    if (plain := _is_plain(url)) and not url.rstrip("/").endswith("/amp"):
        return bare_host(plain[1]) + plain[2]
    if not is_web(url):
        return url
    parts = urlsplit(canonicalize_url(tidy(url)))
    port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
    path, longer = _flat(parts.path), ""
    while path != longer:  # some add it to what has it
        path, longer = _AMP_SUFFIX.sub("", path), path
    query = f"?{parts.query}" if parts.query else ""
    return f"{bare_host(parts.hostname or '')}{port}{path}{query}"


def _flat(path: str) -> str:
    """A path as servers take it: without dots (RFC 3986, 5.2.4), doubled slashes and one at the end."""
    steps: list[str] = []
    for step in path.split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return "".join(f"/{step}" for step in steps)


# How addresses count the pages of one article: /2/, /page/2, ?page=2, ferry-2.html. WordPress's ?p=2 is a post's id.
_PAGE_NUMBERS = (
    re.compile(r"/(?:page[/-])?(?P<number>\d{1,2})(?=/?(?:$|\?))"),
    re.compile(r"(?<=[?&])(?:page|pg|seite|pagina)=(?P<number>\d{1,2})(?=&|$)"),
)
_FILE_NUMBER = re.compile(r"[-_,](?P<number>\d{1,2})(?=\.\w{3,5}(?:$|\?))")
_SECOND = 2  # the first page has no number, or 1


def page_number(url: str, first: str) -> int:
    """Which page of the article at `first` an address counts as; 0 where it counts on from another one, or not at all.

    The first page has no number, or 1; but ferry-1.html is a part of a series more often than a first page.

    >>> page_number("https://example.com/a/ferry/2/", "https://example.com/a/ferry/")
    2
    >>> page_number("https://example.com/season-1/4/", "https://example.com/season-1/3/")
    0
    """
    one = identity(first)
    for address, found in _counted(url):
        is_numbered = found.re is not _FILE_NUMBER and one == _with_number(address, found, "1")
        if is_numbered or one == _without_number(address, found):
            return int(found["number"])
    return 0


def counts_pages(url: str) -> bool:
    """Whether an address ends as those of later pages do. So do those of episodes and of years."""
    return any(_counted(url))


def _counted(url: str) -> Iterator[tuple[str, re.Match[str]]]:
    """The `identity` of an address with each number in it that may be that of a later page."""
    address = identity(url)
    for found in (pattern.search(address) for pattern in (*_PAGE_NUMBERS, _FILE_NUMBER)):
        if found and int(found["number"]) >= _SECOND:
            yield address, found


def _without_number(url: str, found: re.Match[str]) -> str:
    return re.sub(r"[?&]$|(?<=\?)&|&(?=&)", "", url[: found.start()] + url[found.end() :])


def _with_number(url: str, found: re.Match[str], number: str) -> str:
    return url[: found.start("number")] + number + url[found.end("number") :]


def fold_letters(text: str) -> str:
    """A text in lower case, each letter without what makes it another one of the Latin alphabet.

    >>> fold_letters("Łódź, Übergröße")
    'lodz, ubergrosse'
    """
    folded = text.casefold()
    if folded.isascii():
        return folded
    parts = unicodedata.normalize("NFKD", folded.translate(_UNPARTED))
    return "".join(char for char in parts if not unicodedata.combining(char))


def outlet_id_from_host(host: str) -> str:
    """The id of an outlet that no file describes: its host with hyphens for dots; `unknown` where there is none.

    >>> outlet_id_from_host("www.example.co.uk")
    'example-co-uk'

    What is no host but the name of a file is made one as well.

    >>> outlet_id_from_host("kmagazine-übung")
    'kmagazine-ubung'
    """
    return re.sub(r"[^a-z0-9]+", "-", fold_letters(told_host(bare_host(host)))).strip("-") or "unknown"
