"""What a page, a character and a sentence cost on this machine: `make bench` prints it in less than a minute.

The work is the bundled newsroom: its pages as they are served, and its main story, repeated where one is too small to
be timed; what is remembered of sentences is forgotten between rounds. Seconds are the processor's, in one process, but
for the demo's, which are the clock's. Figures of two machines do not compare; those of one run do, and so does the
ratio to trafilatura, whose turns alternate with ours.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from statistics import median

import trafilatura

from presswatch import extract_article, find_mentions, score_mentions
from presswatch.align.scoring import liken_quotes
from presswatch.demo.content import load_mastheads, load_pages
from presswatch.demo.site import build_site
from presswatch.model import Article, Mention, make_id
from presswatch.outlets import Outlet

ROUNDS = 5  # the median of these is told; one more goes before them, in which caches are filled
TEXT_COPIES = 20  # all articles of the newsroom so often, in one text: hundreds of thousands of characters
STORY_COPIES = (1, 4, 12)  # so many stories like the main one, in one
LONG_WORD = 6  # letters; in a copy of a story words of this length are others
MAIN_STORY = "Paper Regatta"  # stands in every article of it

Served = tuple[bytes, str, Outlet]  # body, address, whose


def main() -> None:
    """Measure everything, and print a line for each figure as soon as it is known."""
    tell("machine", f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}")
    pages = serve_pages()
    measure_extraction(pages)
    articles = [extract_article(body, url, outlet=outlet) for body, url, outlet in pages]
    measure_mentions(articles)
    measure_scores([article for article in articles if MAIN_STORY in article.text])
    measure_demo()


def serve_pages() -> list[Served]:
    """The newsroom's articles as bytes, as its server sends them."""
    outlets = [press.outlet for press in load_mastheads().values()]
    documents = build_site(edition=1).documents
    articles = (page for page in load_pages(1, outlets) if page.kind == "article")
    return [(documents[page.outlet.id, page.path].body, page.url, page.outlet) for page in articles]


def measure_extraction(pages: Sequence[Served]) -> None:
    """Pages a second: by the outlet's layout, without one, and by trafilatura alone."""
    ways: dict[str, Callable[[bytes, str, Outlet], object]] = {
        "extract_article, by a layout": lambda body, url, outlet: extract_article(body, url, outlet=outlet),
        "extract_article, without one": lambda body, url, _: extract_article(body, url),
        "trafilatura alone": lambda body, url, _: read_by_trafilatura(body, url),
    }

    def read_all(way: Callable[[bytes, str, Outlet], object]) -> None:
        for page in pages:
            way(*page)

    size = sum(len(body) for body, _, _ in pages) / len(pages) / 1000
    tell("pages", f"{len(pages)} of {size:.0f} kB on average, text and metadata")
    took = time_in_turns({name: partial(read_all, way) for name, way in ways.items()})
    for name, seconds in took.items():
        ratio = median(theirs / ours for theirs, ours in zip(took["trafilatura alone"], seconds, strict=True))
        each = median(seconds) / len(pages)
        tell(name, f"{1 / each:7.0f} pages/s  {1000 * each:6.1f} ms a page  {ratio:5.2f} × trafilatura's speed")


def read_by_trafilatura(body: bytes, url: str) -> object:
    """What one who uses trafilatura for the same would call."""
    return trafilatura.bare_extraction(body, url=url, include_comments=False, with_metadata=True)


def measure_mentions(articles: Sequence[Article]) -> None:
    """Characters a second: article by article, and in one long text, where a cost that is not linear would show."""
    texts = [article.text for article in articles]
    long = replace(articles[0], text="\n".join(texts * TEXT_COPIES))

    def read(*some: Article) -> None:
        forget_texts()
        for article in some:
            find_mentions(article)

    took = time_in_turns(
        {
            "find_mentions, by article": partial(read, *articles),
            "find_mentions, one long text": partial(read, long),
        }
    )
    for (name, seconds), chars in zip(took.items(), (sum(map(len, texts)), len(long.text)), strict=True):
        tell(name, f"{chars / median(seconds) / 1e6:7.2f} million characters/s  of {chars:,}")


def forget_texts() -> None:
    """Have names and sentences read anew: a run meets most of them once, and a round would find them all known."""
    rooms = [module for name, module in sys.modules.items() if name.startswith("presswatch.claims.")]
    for made in (made for room in rooms for made in vars(room).values() if hasattr(made, "cache_clear")):
        made.cache_clear()


def measure_scores(articles: Sequence[Article]) -> None:
    """Mentions a second, in stories of growing size."""
    mentions = [mention for article in articles for mention in find_mentions(article)]
    for copies in STORY_COPIES:
        story = [copy for number in range(copies) for copy in (retell(mention, number) for mention in mentions)]

        def score(story: list[Mention] = story) -> None:
            liken_quotes.cache_clear()  # a run compares a story once
            score_mentions(story)

        seconds = median(time_in_turns({"": score}, rounds=3)[""])
        tell("score_mentions", f"{len(story) / seconds:7.0f} mentions/s  in a story of {len(story):,}")


def retell(mention: Mention, number: int) -> Mention:
    """The mention as one of another story: other ids, other long words."""
    words = (f"{word}{'x' * number}" if len(word) >= LONG_WORD else word for word in mention.text.split())
    return replace(
        mention,
        mention_id=make_id(mention.mention_id, number),
        article_id=make_id(mention.article_id, number),
        text=" ".join(words),
    )


def measure_demo() -> None:
    """Seconds of `presswatch demo` from start to end, into an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        command = [sys.executable, "-m", "presswatch", "demo", "--quiet", "--data", folder]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own program
        tell("presswatch demo", f"{time.perf_counter() - started:7.1f} s by the clock")


def time_in_turns(works: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Processor seconds of each work in each round. One follows the other, so that what slows one slows the next."""
    took: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds + 1):
        for name, work in works.items():
            started = time.process_time()
            work()
            if number:
                took[name].append(time.process_time() - started)
    return took


def tell(name: str, figure: str) -> None:
    """Print one figure."""
    sys.stdout.write(f"{name:30}{figure}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
