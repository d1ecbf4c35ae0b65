"""What a page says of addresses, read without reading the article: its own, and that of the article's next page."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from presswatch.errors import ExtractError
from presswatch.extract.decode import decode_page
from presswatch.extract.metadata import find_addresses
from presswatch.extract.page import parse_page
from presswatch.urls import is_next_page, is_web

_SAYS_NEXT = re.compile(rb"\brel\s*=\s*[\"']?[^\"'>]*\bnext\b", re.IGNORECASE)


def find_address(body: bytes) -> str | None:
    """The web address that a page without one claims by `canonical` or og:url; None where it claims none, or home.

    Cost: one parse, a few milliseconds. A body that is no page, or may not be parsed, has none.
    """
    try:
        own, _ = find_addresses(parse_page(decode_page(body, ""), ""), None)
    except ExtractError:
        return None
    return own if is_web(own) else None


def find_next_page(body: bytes, url: str) -> str | None:
    """The address of an article's next page, where `rel=next` says so; None where it has none.

    Older WordPress links the next article so: only an address that counts on from this one is a page of it.

    Cost: a search of the bytes; one parse where they say `next`.
    """
    if not _SAYS_NEXT.search(body):
        return None
    try:
        page = parse_page(decode_page(body, url), url)
    except ExtractError:
        return None
    for link in page.tree.css("link[rel~=next][href], a[rel~=next][href]"):
        try:
            following = urljoin(url, (link.attributes.get("href") or "").strip())
        except ValueError:  # half an IPv6 address, for example
            continue
        if is_web(following) and is_next_page(url, following):
            return following
    return None
