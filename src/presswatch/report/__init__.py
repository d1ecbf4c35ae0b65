"""Tables → text: a story for the terminal, as Markdown, CSV or one self-contained page. Pure text makers.

`describe_story` reads the tables once into a `StoryReport` of plain values; the renderers lay it out. Workbooks are
made by `workbook`, whose library is loaded where one is asked for.
"""

from presswatch.report.export import render_csv, render_markdown, render_run
from presswatch.report.page import MOST_LISTED, render_html, render_index
from presswatch.report.story import StoryReport, count_differences, describe_story
from presswatch.report.terminal import render_listing, render_terminal
from presswatch.report.wording import clean_text, tell_count

__all__ = [
    "MOST_LISTED",
    "StoryReport",
    "clean_text",
    "count_differences",
    "describe_story",
    "render_csv",
    "render_html",
    "render_index",
    "render_listing",
    "render_markdown",
    "render_run",
    "render_terminal",
    "tell_count",
]
