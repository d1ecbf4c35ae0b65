"""The entries of a live blog, each with its time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import reduce

from presswatch.extract import extract_article, extract_pages
from presswatch.model import Article, Capture

URL = "https://tern.example/live/lido-awards"
Ld = Callable[[object], str]
ENTRIES = (
    ("21:40", "The last prize goes to a ferry", "“The Slow Ferry” takes the Golden Oar, and its whole crew of eleven."),
    (
        "21:15",
        "A silence for the lido",
        "The hall rises for the lido of Corran, which was drained for good in the spring.",
    ),
    (
        "20:50",
        "Kandinov arrives",
        "Ilse Kandinov is here, in the coat that she wore on the boat, and says nothing yet.",
    ),
    ("20:30", "Doors open", "The doors are open, and the first to come in is the harbor master with his daughter."),
)


def day_at(clock: str) -> str:
    return f"2026-03-14T{clock}:00+01:00"


def page(entry: str, head: str = "") -> bytes:
    entries = "".join(entry.format(at=day_at(at), clock=at, title=title, text=text) for at, title, text in ENTRIES)
    top = f"<h1>The Lido Awards, live</h1><time datetime='{day_at('20:00')}'>14 March</time>"
    return f"<html><head>{head}</head><body><main>{top}<div class=feed>{entries}</div></main></body></html>".encode()


def told(article: Article) -> list[tuple[datetime | None, str]]:
    ends = [section.start_char for section in article.sections[1:]] + [len(article.text) + 1]
    return [
        (section.at, article.text[section.start_char : end - 1])
        for section, end in zip(article.sections, ends, strict=True)
    ]


WANTED = [(datetime.fromisoformat(day_at(at)).astimezone(UTC), f"{title}\n{text}") for at, title, text in ENTRIES]


def test_times_between_entries_make_sections() -> None:
    entry = "<div class=post><time datetime='{at}'>{clock}</time><h2>{title}</h2><p>{text}</p></div>"
    article = extract_article(page(entry), URL)
    assert told(article) == WANTED
    assert article.extractor == "prose"


def test_updates_in_json_ld_tell_times_and_headings(ld: Ld) -> None:
    updates = [
        {"@type": "BlogPosting", "headline": title, "articleBody": text, "datePublished": day_at(at)}
        for at, title, text in ENTRIES
    ]
    head = ld({"@type": "LiveBlogPosting", "headline": "The Lido Awards, live", "liveBlogUpdate": updates})
    article = extract_article(page("<div class=post><h3>{title}</h3><p>{text}</p></div>", head), URL)
    assert told(article) == WANTED
    assert [section.heading for section in article.sections] == [title for _, title, _ in ENTRIES]


def test_an_article_with_times_of_its_own_has_no_sections() -> None:
    entry = "<p>{text}</p><p>{title} was told at <time datetime='{at}'>{clock}</time>, and at no other hour.</p>"
    shuffled = page(entry).replace(b"T20:50", b"T22:50")
    assert extract_article(shuffled, URL).sections == ()
    assert extract_article(page("<p>{text}</p>"), URL).sections == ()


def test_sections_of_later_pages_begin_where_their_text_stands_in_the_whole() -> None:
    entry = "<div class=post><time datetime='{at}'>{clock}</time><h2>{title}</h2><p>{text}</p></div>"
    later = page(entry)  # its first entry stays: a pinned one stands at the head of every page
    for word, other in [(b"silence", b"word"), (b"arrives", b"leaves"), (b"Doors", b"Gates"), (b"his d", b"a d")]:
        later = later.replace(word, other)
    captures = [
        Capture(url=url, outlet_id="tern", fetched_at=datetime(2026, 3, 15, tzinfo=UTC), body=body)
        for url, body in ((URL, page(entry)), (f"{URL}/2", later))
    ]
    article, _ = extract_pages(captures)
    changed = {"A silence": "A word", "arrives": "leaves", "Doors": "Gates", "his d": "a d"}
    behind = [(at, reduce(lambda text, one: text.replace(*one), changed.items(), text)) for at, text in WANTED[1:]]
    assert told(article) == [*WANTED, *behind]
