"""What a story's page costs, weighs, and how soon it is open: `make bench-page` prints it with what must be reached.

The small story is the newsroom's main one. The large one is made of it: each copy of its articles is told in other long
words, by outlets that take turns, so that every claim of the small story is there once for each copy. It is opened by
Debian's chromium, from a file; without one that figure is skipped. Seconds are the processor's, but for opening.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median

import pyarrow as pa

from presswatch import extract_article, find_mentions
from presswatch.align import compare_story
from presswatch.align.told import read_figures
from presswatch.model import Article, Mention, make_id
from presswatch.report import describe_stories, render_html
from presswatch.tables import TABLES, make_arrow
from presswatch.tables.rows import mention_rows
from sheet import Sheet
from unit_costs import MAIN_STORY, retell, serve_pages, time_in_turns

LARGE = 200  # articles at least, in whole copies of the small story
OUTLETS = 40  # that print them in turns
OPENINGS = 5  # the median is told
SMALL_MS, SMALL_KB = 10.0, 300.0  # what a page must not exceed; `publish` makes thousands in one process
LARGE_MB, OPEN_S = 5.0, 2.0
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]


def main() -> int:
    """Measure everything; 1 where a must is missed."""
    sheet = Sheet()
    articles = [
        article
        for body, url, outlet in serve_pages()
        if MAIN_STORY in (article := extract_article(body, url, outlet=outlet)).text
    ]
    mentions = [mention for article in articles for mention in find_mentions(article)]
    small = measure_page(sheet, articles, mentions)
    sheet.tell("its page", f"< {SMALL_KB:.0f} kB", f"{len(small) / 1e3:.0f} kB", reached=len(small) < SMALL_KB * 1e3)
    large = measure_page(sheet, *copy_story(articles, mentions))
    sheet.tell("its page", f"< {LARGE_MB:.0f} MB", f"{len(large) / 1e6:.2f} MB", reached=len(large) < LARGE_MB * 1e6)
    measure_opening(sheet, large)
    return sheet.close()


def copy_story(articles: Sequence[Article], mentions: Sequence[Mention]) -> tuple[list[Article], list[Mention]]:
    """So many copies of a story that they are `LARGE`, as one, a day apart."""
    told, said = [], []
    for number in range(-(-LARGE // len(articles))):
        for place, article in enumerate(articles):
            outlet_id = f"outlet-{(number * len(articles) + place) % OUTLETS:02}"
            article_id = make_id(article.article_id, number)
            at = article.published_at and article.published_at + timedelta(days=number)
            told.append(
                replace(
                    article, article_id=article_id, outlet_id=outlet_id, published_at=at, url=f"{article.url}/{number}"
                )
            )
            own = (retell(mention, number) for mention in mentions if mention.article_id == article.article_id)
            said += [replace(mention, outlet_id=outlet_id) for mention in own]
    return told, said


def measure_page(sheet: Sheet, articles: Sequence[Article], mentions: Sequence[Mention]) -> bytes:
    """Processor time to describe a story and lay it out, and the page."""
    tables, story_id = lay_tables(articles, mentions)
    names: Mapping[str, str] = {article.outlet_id: article.outlet_id.title() for article in articles}
    (report,) = describe_stories(tables, [story_id], names)

    def describe() -> object:
        read_figures.cache_clear()  # a run describes a story once
        return list(describe_stories(tables, [story_id], names))

    works: dict[str, Callable[[], object]] = {
        "describe": describe,
        "render": lambda: render_html(report),
    }
    took = {name: 1000 * median(seconds) for name, seconds in time_in_turns(works).items()}
    size = f"{len(articles)} articles, {len(mentions):,} mentions, {len(report.outlets)} outlets"
    is_small = len(articles) < LARGE
    sheet.tell(
        f"a page of {size}",
        f"< {SMALL_MS:.0f} ms" if is_small else "",
        f"{took['describe']:.1f} ms to describe, {took['render']:.1f} ms to lay out",
        reached=sum(took.values()) < SMALL_MS if is_small else None,
    )
    return render_html(report).encode()


def lay_tables(articles: Sequence[Article], mentions: Sequence[Mention]) -> tuple[dict[str, pa.Table], str]:
    """The tables of one story, as comparing leaves them."""
    compared = compare_story(articles, mentions)
    claim_of = {mention_id: claim.claim_id for claim in compared.claims for mention_id in claim.mention_ids}
    names = ("alignments", "claims", "coverage", "differences", "drift", "credits")
    rows = {name: [{**vars(item), "story_id": compared.story_id} for item in getattr(compared, name)] for name in names}
    rows["mentions"] = [
        {**row, "story_id": compared.story_id, "claim_id": claim_of.get(row["mention_id"])}
        for row in mention_rows(mentions, revision=1)
    ]
    rows["articles"] = [
        {
            **vars(article),
            "byline": None,
            "evidence": None,
            "revision": 1,
            "is_latest": True,
            "story_id": compared.story_id,
        }
        for article in articles
    ]
    rows["stories"] = [{"story_id": compared.story_id, "headline": articles[0].headline}]
    return {name: make_arrow(TABLES[name], rows.get(name, [])) for name in TABLES}, compared.story_id


def measure_opening(sheet: Sheet, page: bytes) -> None:
    """From the call to the load event, in a browser that is up."""
    name, must = "the large page, opened from a file", f"< {OPEN_S:.0f} s"
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sheet.tell(name, must, "skipped: there is no chromium here")
        return
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - for this figure alone

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "large.html"
        path.write_bytes(page)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        took = []
        for _ in range(OPENINGS):
            tab = browser.new_page()
            tab.goto(path.as_uri())
            took.append(tab.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") / 1000)
            tab.close()
        browser.close()
    sheet.tell(name, must, f"{median(took):.2f} s", reached=median(took) < OPEN_S)


if __name__ == "__main__":
    sys.exit(main())
