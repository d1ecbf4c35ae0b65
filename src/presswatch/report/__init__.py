"""Tables → text: a story for the terminal, as Markdown, CSV or one self-contained page; news as a feed. Pure.

`describe_story` reads the tables once into a `StoryReport` of plain values (`lines`); the renderers lay it out.
Workbooks are made by `workbook`, whose library is loaded where one is asked for.
"""

from presswatch.report.digest import Digest, find_news
from presswatch.report.export import CSV_ENCODING, render_csv, render_markdown, render_news, render_run
from presswatch.report.feed import (
    FEED_NAME,
    Feed,
    add_news,
    begin_feed,
    feed_from_json,
    feed_to_json,
    follow_stories,
    render_feed,
)
from presswatch.report.lines import StoryReport
from presswatch.report.page import MOST_LISTED, render_forward, render_html, render_index
from presswatch.report.story import count_differences, describe_stories, describe_story
from presswatch.report.terminal import render_digest, render_listing, render_terminal
from presswatch.report.wording import tell_count

__all__ = [
    "CSV_ENCODING",
    "FEED_NAME",
    "MOST_LISTED",
    "Digest",
    "Feed",
    "StoryReport",
    "add_news",
    "begin_feed",
    "count_differences",
    "describe_stories",
    "describe_story",
    "feed_from_json",
    "feed_to_json",
    "find_news",
    "follow_stories",
    "render_csv",
    "render_digest",
    "render_feed",
    "render_forward",
    "render_html",
    "render_index",
    "render_listing",
    "render_markdown",
    "render_news",
    "render_run",
    "render_terminal",
    "tell_count",
]
