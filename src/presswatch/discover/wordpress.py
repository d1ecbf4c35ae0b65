"""WordPress's own interface (REST, `/wp-json/wp/v2/posts`) → entries: the posts of a window, page by page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from presswatch.discover.said import DAY, Calendar, Entry, Reading, read_title
from presswatch.model import Window

POSTS_A_PAGE = 100  # the most that WordPress gives at once


def first_page(url: str, window: Window) -> str:
    """The address of the first posts of a window, oldest first.

    A day more is asked for at each end, because sites compare in zones of their own; what each post says of its
    publication decides afterwards.
    """
    query = {
        "after": f"{window.since - DAY:%Y-%m-%dT%H:%M:%S}",
        "before": f"{window.until + DAY:%Y-%m-%dT%H:%M:%S}",
        "per_page": POSTS_A_PAGE,
        "orderby": "date",
        "order": "asc",
        "_fields": "link,title,date_gmt,modified_gmt",
        "page": 1,
    }
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"


def next_page(url: str, total_pages: str, count: int) -> str | None:
    """The address of the page after this one; None where it was the last.

    Args: `total_pages` is what the header `X-WP-TotalPages` says; where it says nothing, a full page has a next one.
    """
    base, _, number = url.rpartition("page=")
    page = int(number)
    # cut: no site has so many, and Python refuses to read a number of thousands of digits
    is_last = page >= int(total_pages[:9]) if total_pages.isdecimal() else count < POSTS_A_PAGE
    return None if is_last else f"{base}page={page + 1}"


def read_posts(body: bytes, calendar: Calendar) -> Reading:
    """The posts of one page."""
    try:
        posts = json.loads(body)
    except (ValueError, RecursionError) as error:
        return Reading(fault=("bad_document", f"no JSON: {error}"))
    if not isinstance(posts, list):
        return Reading(fault=("bad_document", "no list of posts"))
    return Reading(entries=[entry for post in posts if (entry := _read_post(post, calendar))])


def _read_post(post: Any, calendar: Calendar) -> Entry | None:
    if not isinstance(post, dict) or not isinstance(post.get("link"), str) or not post["link"]:
        return None
    title = post.get("title")
    return Entry(
        url=post["link"],
        title=read_title(title.get("rendered") if isinstance(title, dict) else None),
        published=calendar.read(_utc(post, "date_gmt")),
        modified=calendar.read(_utc(post, "modified_gmt")),
    )


def _utc(post: Mapping[str, Any], name: str) -> str | None:
    """A time that WordPress prints without its zone, which is UTC."""
    value = post.get(name)
    return f"{value}Z" if isinstance(value, str) and value else None
