"""What a page calls its own address, read without reading the article."""

from __future__ import annotations

from presswatch.errors import ExtractError
from presswatch.extract.decode import decode_page
from presswatch.extract.metadata import find_addresses
from presswatch.extract.page import parse_page
from presswatch.urls import is_web


def find_address(body: bytes) -> str | None:
    """The web address that a page without one claims by `canonical` or og:url; None where it claims none, or home.

    Cost: one parse, a few milliseconds. A body that is no page, or may not be parsed, has none.
    """
    try:
        own, _ = find_addresses(parse_page(decode_page(body, ""), ""), None)
    except ExtractError:
        return None
    return own if is_web(own) else None
