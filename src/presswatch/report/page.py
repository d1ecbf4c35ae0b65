"""A story, and the list of all stories, as self-contained pages: no script, no request.

Every text goes through Jinja's autoescape, only http(s) addresses become links, and the content security policy allows
the page's one style sheet, by its hash, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from presswatch.report import wording
from presswatch.report.story import VERDICTS, WORDS, StoryReport, count_differences
from presswatch.tables import Tables
from presswatch.tables.rows import plain_rows

_ONLY_HERE_SHOWN = 12  # sentences per outlet: more would reprint its article, which is not ours to do
_LEFT_OUT_SHOWN = 12  # per outlet; the matrix has them all, and lists of hundreds would double the page
MOST_LISTED = 1_000  # stories on the list: some 200 kB; `presswatch stories` lists all
_OUTLETS_ABREAST = 8  # with more of them, the names over the matrix stand upright
_STRIP_FROM, _STRIP_TO = 2.0, 98.0  # per cent: where a timeline's first and last dot stand, so that none is cut off


def render_html(report: StoryReport) -> str:
    """One story as one HTML page that needs nothing else and can be printed."""
    template = _templates().get_template("story.html.j2")
    return template.render(
        report=report,
        strips=_place_articles(report),
        only_here_shown=_ONLY_HERE_SHOWN,
        left_out_shown=_LEFT_OUT_SHOWN,
        is_wide=len(report.outlets) > _OUTLETS_ABREAST,
    )


def render_index(tables: Tables, names: Mapping[str, str], *, total: int) -> str:
    """The newest stories, newest first, as an HTML page; each links to `<story_id>.html` beside it.

    Args: the stored tables, of the newest months at least; display names by outlet id; how many stories there are.
    """
    outlets: dict[str, set[str]] = defaultdict(set)
    latest = tables.articles[tables.articles["is_latest"]]
    for story_id, outlet_id in latest[["story_id", "outlet_id"]].itertuples(index=False):
        outlets[story_id].add(wording.clean_text(names.get(outlet_id, outlet_id)))
    differences = count_differences(tables.differences)
    rows = plain_rows(tables.stories)
    rows.sort(key=lambda row: (str(row["last_published_at"] or ""), row["story_id"]), reverse=True)
    stories = [
        {
            "story_id": row["story_id"],
            "headline": wording.clean_text(row["headline"] or row["story_id"]),
            "span": wording.tell_span(row["first_published_at"], row["last_published_at"]),
            "article_count": row["article_count"],
            "outlets": sorted(outlets[row["story_id"]]),
            "difference_count": differences[row["story_id"]],
        }
        for row in rows[:MOST_LISTED]
    ]
    return _templates().get_template("index.html.j2").render(stories=stories, total=total)


@cache
def _templates() -> Environment:
    style = (files("presswatch.report") / "templates" / "page.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(
        loader=PackageLoader("presswatch.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals |= {
        "style": style,
        "policy": f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        "words": WORDS,
        "verdicts": VERDICTS,
        "tell_time": wording.tell_time,
        "tell_day": wording.tell_day,
        "tell_lag": wording.tell_lag,
        "tell_count": wording.tell_count,
    }
    return environment


def _place_articles(report: StoryReport) -> dict[str, list[str]]:
    """Where each outlet's articles stand on the story's timeline, in per cent of its length, by outlet id."""
    begin, end = report.first_published_at, report.last_published_at
    places: dict[str, list[str]] = defaultdict(list)
    for article in report.articles:
        if article.published_at and begin and end:
            share = (article.published_at - begin) / (end - begin) if end > begin else 0.0
            places[article.outlet_id].append(f"{_STRIP_FROM + share * (_STRIP_TO - _STRIP_FROM):.1f}%")
    return places
