"""Capture + Outlet → Article, with what was removed and why. Pure: no network, no clock, no disk.

decode   bytes → HTML text: sniffing, charset, forbidden characters
page     one parse; JSON-LD and meta tags; caps on size and depth
place    where on a page an element stands, seen from the headline
headline, byline, dates, metadata   what is known beside the text, by a stated order of trust, and which source won
boilerplate, body         text and what was taken out of it, rule by rule
refuse   what is no article
pages    which pages are one article
article  the order of these, written once
"""

from presswatch.extract.address import find_address
from presswatch.extract.article import extract_article, extract_capture, extract_pages, extract_text
from presswatch.extract.pages import MOST_PAGES, Pages, join_pages

__all__ = [
    "MOST_PAGES",
    "Pages",
    "extract_article",
    "extract_capture",
    "extract_pages",
    "extract_text",
    "find_address",
    "join_pages",
]
