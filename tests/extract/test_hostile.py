"""Pages that were made to cost time: under every cap, and with one kind of thing a thousand times over."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from presswatch.extract import extract_article
from presswatch.extract.lines import strip_lines

URL = "https://tern.example/film/a-ferry-leaves"
LINE = "The ferry leaves at dusk, and the quay falls silent behind it as the harbor master likes it best."
STORY = "<h1>A Ferry Leaves</h1>" + f"<p>{LINE}</p>" * 6
MOST_S = 3.0  # of the processor; before they were mended, each of these took longer, some for ever

PAGES = {
    "comments before the first tag": "<!---->" * 28 + STORY,
    "names of frames": "<h1>A Ferry Leaves</h1>"
    + "".join(
        f"<div itemprop=articleBody class=sidebar-x{n}>The ferry is late.</div><div class=sidebar-y{n}>No.</div>"
        for n in range(6_000)
    ),
    "headings at the bottom": "<div>" * 1_400 + STORY + "<h1>A Ferry</h1>x" * 14_000,
    "footers at the bottom": "<div>" * 1_400 + STORY + "<footer>a b</footer>" * 40_000,
    "one long name": f"<div class='{'aB' * 2_000_000}'>x</div>" + STORY,
    "times between lines": STORY
    + "".join(f"<time datetime=2026-01-01T{n:06}>x</time><p>{n}: {LINE}</p>" for n in range(12_000)),
    "authors": '<script type="application/ld+json">{"@type": "NewsArticle", "author": ['
    + ", ".join(f'"A{n} C"' for n in range(40_000))
    + f"]}}</script>{STORY}",
    "updates": STORY
    + "".join(f"<p>Entry {n}</p>" for n in range(14_000))
    + '<script type="application/ld+json">{"@type": "LiveBlogPosting", "liveBlogUpdate": ['
    + ", ".join(f'{{"headline": "Head {n}"}}' for n in range(34_000))
    + "]}</script>",
}


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_of_one_thing_many_times_is_read_in_time(kind: str) -> None:
    page = f"<title>A Ferry Leaves</title>{PAGES[kind]}" if "before" not in kind else PAGES[kind]
    start = time.process_time()
    article = extract_article(page.encode(), URL)
    assert time.process_time() - start < MOST_S
    assert "ferry" in article.text


@pytest.mark.parametrize("mark", ["-", ".", "{{", "→"])
def test_lines_of_marks_are_told_in_time(mark: str) -> None:
    lines = [f"contact {n} {mark * 200}"[:240] for n in range(500)] + [(mark * 250)[:245]] * 500
    start = time.process_time()
    strip_lines(lines)
    assert time.process_time() - start < MOST_S / 2


@pytest.mark.parametrize(
    "line",
    [
        "if you like " * 20,
        "please consider supporting " + "a b " * 54,
        "support our work work work " + ": " * 100,
        "subscribe to " * 19,
        "if you buy our link " * 12,
        "this article is " + "only " * 46,
        "you have reached your " + "free-" * 44,
    ],
)
def test_lines_that_nearly_ask_for_something_are_told_in_time(line: str) -> None:
    start = time.process_time()
    assert strip_lines([line[:249]] * 500)[0]
    assert time.process_time() - start < MOST_S / 2


def test_json_that_hides_its_depth_in_texts_is_no_json_and_the_article_is_read() -> None:
    deep = '["' + "]" * 90_000 + '",' + "[" * 80_000 + "1"
    hidden = '["]",' * 900 + "1" + "]" * 900
    for script in (deep, hidden):
        page = f'<title>A Ferry Leaves</title><script type="application/ld+json">{script}</script>{STORY}'
        assert extract_article(page.encode(), URL).text.startswith(LINE)


def test_a_text_that_never_ends_in_json_costs_no_more_than_its_length() -> None:
    script = "[" * 101 + '"' + '\\"' * 400_000
    page = f'<title>A Ferry Leaves</title><script type="application/ld+json">{script}</script>{STORY}'
    start = time.process_time()
    assert extract_article(page.encode(), URL).text.startswith(LINE)
    assert time.process_time() - start < MOST_S


def test_pay_walls_inside_each_other_are_no_more_text_than_the_page() -> None:
    page = f"<title>A Ferry Leaves</title>{'<div class=paywall>' * 1_000}{STORY * 300}{'</div>' * 1_000}"
    tracemalloc.start()
    try:
        assert extract_article(page.encode(), URL).text.startswith(LINE)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 200 * len(page)  # it was a thousand times the page, and more
