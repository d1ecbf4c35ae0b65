"""Pages around the articles of the synthetic archive: four kinds of markup, with what outlets put around a text."""

from __future__ import annotations

import html
import json
from functools import cache
from random import Random

import archive_words as words
from presswatch.extract.body import PARAGRAPH_BREAK
from presswatch.model import Article

# What holds the paragraphs, by family: elements named for what they are, WordPress' class, a class of the outlet's
# own, and a name that a build tool made
_BODIES = (
    ('<div itemprop="articleBody" class="article-body">', "</div>"),
    ('<div class="entry-content">', "</div>"),
    ('<section class="story__text">', "</section>"),
    ('<div class="css-1x9k2qf">', "</div>"),
)
FAMILIES = len(_BODIES)
LAYOUTS = {0: "[itemprop='articleBody']", 1: ".entry-content"}  # of the families that an outlet file describes
PAGE_BYTES = 60_000  # a page of news, as collecting is measured with

_CARDS = 24  # teasers of other articles, of
_CARD_POOL = 200  # for an outlet
_CARD = """<div class="c-card c-card--grid u-flex u-margin-b-1" data-id="{number}">
  <a class="c-card__link u-color-black:hover" href="/{slug}-{number}/" rel="bookmark" data-module="related">
    <img class="c-card__image u-width-100p" loading="lazy" src="/media/{number}/{slug}.jpg?w=300&amp;h=169" alt="" />
    <h3 class="c-card__title u-font-size-18">{title}</h3></a>
  <span class="c-card__meta u-font-size-12">By <a href="/author/">Staff</a> | 3 min read</span>
</div>
"""
_PROMO = '<div class="inline-related"><strong>Related:</strong> <a href="/{slug}-{number}/">{title}</a></div>\n'
_FORM = """<section id="comments" class="comments-area"><h2 class="comments-title">Leave a comment</h2>
<form action="/wp-comments-post" method="post" id="commentform" class="comment-form">
<p class="comment-notes">Your email address will not be published. Required fields are marked *</p>
<p class="comment-form-comment"><label for="comment">Comment</label>
<textarea id="comment" name="comment" cols="45" rows="8" maxlength="65525" required></textarea></p>
<p class="comment-form-author"><label for="author">Name *</label><input id="author" name="author" type="text" /></p>
<p class="comment-form-email"><label for="email">Email *</label><input id="email" name="email" type="email" /></p>
<p class="comment-form-cookies-consent"><input id="keep" type="checkbox" /> <label for="keep">Save my name and email
in this browser for the next time I comment.</label></p>
<p class="form-submit"><input name="submit" type="submit" id="submit" class="submit" value="Post Comment" /></p>
</form></section>
<div class="newsletter-signup"><h3>Newsletter</h3><p>Sign up for our newsletter and get the best of the week.</p>
<form action="/newsletter"><input type="email" placeholder="Your email" /><button>Sign Up</button></form></div>
"""


def make_page(article: Article, outlet: str, family: int) -> str:
    """An article's page: what stands around it depends on the outlet, and which teasers do on the article."""
    before, after, cards = _surroundings(article.outlet_id, outlet, family)
    chance = _chance(article.article_id)
    chosen = chance.sample(cards, _CARDS)
    opened, closed = _BODIES[family]
    parts = [
        _make_head(article, outlet),
        before,
        f'<main><article class="post type-post"><h1>{_text(article.headline)}</h1>',
    ]
    if article.byline:
        parts.append(f'<p class="byline">By <a rel="author" href="/author/">{_text(article.byline[0])}</a></p>')
    if article.published_at:
        moment = article.published_at
        parts.append(f'<time datetime="{moment.isoformat()}">{moment:%B} {moment.day}, {moment.year}</time>')
    parts.append(opened)
    for number, paragraph in enumerate(article.text.split(PARAGRAPH_BREAK)):
        parts.append(f"<p>{_text(paragraph)}</p>\n")
        if number % 6 == 4:  # noqa: PLR2004 - every sixth is followed by a promo
            title = _title(chance)
            parts.append(_PROMO.format(slug=_slug(title), number=chance.randrange(10**6), title=title))
    parts += [closed, "</article>", _FORM, '<aside class="related">', *chosen, "</aside></main>", after]
    return "".join(parts)


def _make_head(article: Article, outlet: str) -> str:
    told = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": article.url,
        "headline": article.headline,
        "articleSection": article.section,
        "author": [{"@type": "Person", "name": name} for name in article.byline],
        "publisher": {"@type": "Organization", "name": outlet},
    }
    tags = {"og:type": "article", "og:title": article.headline, "og:url": article.url, "og:site_name": outlet}
    tags["article:section"] = article.section
    if article.published_at:
        told["datePublished"] = told["dateModified"] = article.published_at.isoformat()
        tags["article:published_time"] = article.published_at.isoformat()
    metas = "\n".join(f'<meta property="{name}" content="{_text(value)}" />' for name, value in tags.items())
    return f"""<!doctype html><html lang="en-US"><head><meta charset="utf-8" />
<title>{_text(article.headline)} - {_text(outlet)}</title>
<link rel="canonical" href="{article.url}" />
{metas}
<script type="application/ld+json">{json.dumps(told)}</script>
"""


@cache
def _surroundings(outlet_id: str, outlet: str, family: int) -> tuple[str, str, tuple[str, ...]]:
    """What stands before and after an outlet's articles, and its teasers; all together as much as a page has."""
    chance = _chance(outlet_id)
    cards = []
    for _ in range(_CARD_POOL):
        title = _title(chance)
        cards.append(_CARD.format(number=chance.randrange(10**6), slug=_slug(title), title=title))
    sections = "\n".join(
        f'<li class="menu-item menu-item-type-taxonomy"><a href="/{beat.section}/">{beat.section.capitalize()}</a><ul>'
        + "".join(
            f'<li class="menu-item"><a href="/{beat.section}/{_slug(noun[0])}/">{noun[0]}</a></li>'
            for noun in beat.nouns[:12]
        )
        + "</ul></li>"
        for beat in words.BEATS
    )
    header = (
        f'<header class="site-header"><a class="logo" href="/">{outlet}</a>'
        f'<nav><ul class="menu">{sections}</ul></nav></header>'
    )
    footer = (
        f'<footer class="site-footer"><ul>{sections}</ul><p>Copyright {outlet}. All rights reserved.</p></footer>'
        "</body></html>"
    )
    known = len(header) + len(footer) + len(_FORM) + _CARDS * len(cards[0]) + 9_000  # the article and its head
    rest = max(PAGE_BYTES - known, 0)
    styles = _make_styles(chance, rest // 2)
    script = _make_script(chance, rest // 2)
    body = f'<body class="single single-post family-{family}">'
    return f"<style>{styles}</style></head>{body}{header}", f"<script>{script}</script>{footer}", tuple(cards)


def _make_styles(chance: Random, size: int) -> str:
    rules: list[str] = []
    while sum(map(len, rules)) < size:
        name = chance.choice(words.TITLE_WORDS).lower()
        rules.append(
            f".c-{name}-{chance.randrange(100)}{{margin:{chance.randrange(40)}px;color:#{chance.randrange(4096):03x}}}"
        )
    return "".join(rules)


def _make_script(chance: Random, size: int) -> str:
    lines: list[str] = []
    while sum(map(len, lines)) < size:
        name = chance.choice(words.TITLE_WORDS).lower()
        lines.append(f'window.site.{name}=window.site.{name}||{{"id":{chance.randrange(10**6)},"slot":"{name}"}};')
    return "".join(lines)


def _title(chance: Random) -> str:
    first, second = chance.sample(words.TITLE_WORDS, 2)
    thing, deed = chance.choice(words.THINGS)[0], chance.choice(words.DEEDS)[0]
    name = chance.choice(words.SURNAME_STARTS) + chance.choice(words.SURNAME_ENDS)
    return f"{name} {deed} the {thing} of {first} {second}"


def _slug(title: str) -> str:
    return title.lower().replace(" ", "-")


def _text(told: str | None) -> str:
    return html.escape(told or "")


def _chance(key: str) -> Random:
    return Random(key)  # noqa: S311 - nothing secret
