"""What stands in a page and is no part of its article: taken out by kind of markup, then by kind of line.

Nothing is thrown away in silence: each block that a rule here takes out becomes a `Removed` with the rule's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice, pairwise

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from presswatch.extract import signs
from presswatch.extract.blocks import node_text, parents
from presswatch.extract.decode import clean_line
from presswatch.model import Removed
from presswatch.outlets import Layout, fold_name
from presswatch.urls import host_of

_HOLDERS = frozenset({"html", "body", "main", "article", "h1", "head"})  # their class says what the page has
_NEAR_LEVELS = 25  # from a paragraph to what holds the article; real pages have some ten
_LIMIT_SHARE = 0.5  # a block with more of the page's paragraphs than this is the article, whatever it is called
_REMEMBERED_NAMES = 50_000  # some 10 MiB; an outlet has a few thousand
_LABEL = re.compile(r"\W*(?:[^.!?:]{0,30}:)?\W*")  # what may stand beside a link that leads on: "Related:", a bullet
_MOST_LABEL_CHARS = 40
_MOST_LINKS = 5  # in one paragraph that leads on; more are an index of something

_Found = tuple[LexborNode, str]


# ---------------------------------------------------------------- markup


def strip_markup(tree: LexborHTMLParser, layout: Layout, own_host: str) -> list[Removed]:
    """Take out of a tree what the outlet's layout names, and what the general rules tell by its markup.

    Args: `own_host` is the outlet's, without `www.`: links to it lead on to other stories.
    Returns: what was taken out, with rules like `strip:#comments` and `markup:share`.
    """
    removed = _take_out([(node, f"strip:{rule}") for rule in layout.strip for node in select(tree, rule)])
    removed += _take_out([(node, "markup:caption") for node in tree.css("figcaption")])
    removed += _take_out(_by_name(tree))
    return removed + _take_out(_by_links(_surroundings(tree), own_host))


def _surroundings(tree: LexborHTMLParser) -> LexborNode | LexborHTMLParser:
    """The element around the one that holds most of the page's paragraphs: menus and footers stand outside.

    Whole pages where there are no paragraphs.
    """
    chars: dict[int, int] = {}
    nodes: dict[int, LexborNode] = {}
    whole = 0
    for paragraph in tree.css("p"):
        length = len(paragraph.text())
        whole += length
        for parent in islice(parents(paragraph), _NEAR_LEVELS):
            chars[parent.mem_id] = chars.get(parent.mem_id, 0) + length
            nodes.setdefault(parent.mem_id, parent)
    holders = [number for number, length in chars.items() if length > _LIMIT_SHARE * whole]
    if not holders:
        return tree
    holder = nodes[min(holders, key=chars.__getitem__)]
    return holder.parent or holder


def select(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """The elements that a selector of an outlet's file matches; none where it cannot be understood."""
    try:
        return tree.css(selector)
    except SelectolaxError:
        return []


def _by_name(tree: LexborHTMLParser) -> list[_Found]:
    """Blocks whose class or id says what they are."""
    found = []
    whole = _paragraph_chars(tree)
    for node in tree.css("body [class], body [id]"):
        attributes = node.attributes
        names = f"{attributes.get('id') or ''} {attributes.get('class') or ''}".split()
        kind = next(filter(None, map(_kind_of, names)), None)
        if kind and node.tag not in _HOLDERS and not _holds_article(node, whole):
            found.append((node, f"markup:{kind}"))
    return found


@lru_cache(maxsize=_REMEMBERED_NAMES)
def _kind_of(name: str) -> str | None:
    """The kind of block that a class or id stands for. Outlets repeat theirs on every page, hence the memory."""
    found = signs.BLOCK_NAME.search(name)
    return (found.lastgroup or "").replace("_", " ") if found else None


def _holds_article(node: LexborNode, whole: int) -> bool:
    """Whether a block is no insert: it holds the headline, or most of what stands in paragraphs."""
    return node.css_first("h1, [itemprop=articleBody]") is not None or _paragraph_chars(node) > _LIMIT_SHARE * whole


def _paragraph_chars(node: LexborHTMLParser | LexborNode) -> int:
    return sum(len(paragraph.text()) for paragraph in node.css("p"))


def _by_links(tree: LexborNode | LexborHTMLParser, own_host: str) -> list[_Found]:
    """Paragraphs and headings that are one link to the same outlet lead to another story; so do lists of such items."""
    paragraphs = tree.css("p, h2, h3, h4, h5, h6")
    found = [(node, "markup:link alone") for node in paragraphs if _is_link_alone(node, own_host)]
    for node in tree.css("ul, ol"):
        items = node.css("li")
        if len(items) > 1 and all(_is_link_alone(item, own_host) for item in items):
            found += [(part, "markup:list of links") for part in (_heading_before(node), node) if part is not None]
    return found


def _is_link_alone(node: LexborNode, own_host: str) -> bool:
    links = node.css("a[href]")
    if not 0 < len(links) <= _MOST_LINKS or not all(
        leads_on(link.attributes.get("href") or "", own_host) for link in links
    ):
        return False
    beside, linked = node.text(), ""
    for link in links:
        linked += link.text()
        beside = beside.replace(link.text(), " ", 1)
    beside = " ".join(beside.split())  # also because the pattern takes time by the square of a run of spaces
    return bool(linked.strip()) and len(beside) <= _MOST_LABEL_CHARS and _LABEL.fullmatch(beside) is not None


def leads_on(href: str, own_host: str) -> bool:
    """Whether a link leads to another page of the same outlet: sources, shops and places in the page do not."""
    host = host_of(href) if "//" in href else ""
    return not href.startswith(("#", "mailto:", "tel:", "javascript:")) and host in ("", own_host)


def _heading_before(node: LexborNode) -> LexborNode | None:
    previous = node.prev
    while previous is not None and not previous.is_element_node:
        previous = previous.prev
    return previous if previous is not None and re.fullmatch(r"h[2-6]", previous.tag or "") else None


def _take_out(found: Sequence[_Found]) -> list[Removed]:
    """Remove the outermost of the elements found.

    All are looked at before the first is removed: an element inside another is gone with it, and to touch it then
    would be to read freed memory.
    """
    ids = {node.mem_id for node, _ in found}
    outermost: dict[int, _Found] = {}
    for node, rule in found:
        if not any(parent.mem_id in ids for parent in parents(node)):
            outermost.setdefault(node.mem_id, (node, rule))
    removed = [Removed(rule=rule, text=node_text(node)) for node, rule in outermost.values()]
    for node, _ in outermost.values():
        node.decompose()
    return [block for block in removed if block.text]


# ---------------------------------------------------------------- lines

_LONGEST_LINE = 250  # of a form, a promo, a credit; what is longer is a paragraph
_FORM_GAP_CHARS, _FORM_GAP_LINES = 60, 3  # labels between two lines of a form: "Twitter picture"
_OPENING_LINES = 3  # where headline, byline or date may stand again before the text
_MOST_KICKER_CHARS = 60  # before a headline, printed in the same element
_BYLINE_CHARS, _DATE_CHARS = 140, 60
_MOST_WORDS_BESIDE = 4  # beside the names of a byline: "By", "in Rome", "Staff Writer"

_FORM = "line:comment form"
_LINE_RULES = (
    (_FORM, signs.FORM_LINE),
    ("line:promo", signs.PROMO_LINE),
    ("line:share or ad", signs.SHARE_LINE),
    ("line:credit", signs.CREDIT_LINE),
    ("line:legal", signs.LEGAL_LINE),
    ("line:newsletter", signs.NEWSLETTER_LINE),
    ("line:follow", signs.FOLLOW_LINE),
)


def strip_lines(
    lines: Iterable[str],
    stop: Sequence[str] = (),
    headline: str | None = None,
    byline: Sequence[str] = (),
) -> tuple[list[str], list[Removed]]:
    """Take out of paragraphs what the outlet's `stop` and the general rules by kind of line name.

    Headline, byline and date go where they stand again before the first paragraph.

    Returns: the paragraphs that stay, cleaned, and what was taken out, with rules like `stop:^Popular on ` and
    `line:promo`. Doing it twice is doing it once.
    """
    patterns = [(f"stop:{pattern}", re.compile(pattern)) for pattern in stop]
    cleaned = [line for line in map(clean_line, lines) if line]
    rules = [_line_rule(line, patterns) for line in cleaned]
    _close_forms(cleaned, rules)
    _drop_opening(cleaned, rules, headline, byline)
    kept = [line for line, rule in zip(cleaned, rules, strict=True) if rule is None]
    return kept, [Removed(rule=rule, text=line) for line, rule in zip(cleaned, rules, strict=True) if rule]


def _line_rule(line: str, patterns: Sequence[tuple[str, re.Pattern[str]]]) -> str | None:
    stopped = next((rule for rule, pattern in patterns if pattern.search(line)), None)
    if stopped or len(line) > _LONGEST_LINE:
        return stopped
    return next((rule for rule, pattern in _LINE_RULES if pattern.fullmatch(line)), None)


def _close_forms(lines: Sequence[str], rules: list[str | None]) -> None:
    """Labels between and right after the lines of a comment form belong to it: a service's name, the word "Logo"."""
    form = [number for number, rule in enumerate(rules) if rule == _FORM]
    for before, after in pairwise(form):
        between = range(before + 1, after)
        if len(between) <= _FORM_GAP_LINES and all(len(lines[number]) <= _FORM_GAP_CHARS for number in between):
            for number in between:
                rules[number] = rules[number] or _FORM
    if form:
        for number in range(form[-1] + 1, len(lines)):
            if not signs.FORM_LABEL.fullmatch(lines[number]):
                break
            rules[number] = rules[number] or _FORM


def _drop_opening(lines: Sequence[str], rules: list[str | None], headline: str | None, byline: Sequence[str]) -> None:
    """Headline, byline and date before the first paragraph are no part of the text. Short lines between are let be."""
    passed = 0
    for number, line in enumerate(lines):
        rules[number] = rules[number] or _opening_rule(line, headline, byline)
        passed += rules[number] is None
        if passed == _OPENING_LINES or (rules[number] is None and len(line) > _BYLINE_CHARS):
            break


def _opening_rule(line: str, headline: str | None, byline: Sequence[str]) -> str | None:
    if headline and _is_headline(line, headline):
        return "line:headline"
    if len(line) <= _BYLINE_CHARS and _is_byline(line, byline):
        return "line:byline"
    return "line:date" if len(line) <= _DATE_CHARS and signs.DATE_LINE.fullmatch(line) else None


def _is_headline(line: str, headline: str) -> bool:
    """Whether a line is the headline again, with or without a kicker before it."""
    one, other = fold_name(line), fold_name(headline)
    return bool(other) and one.endswith(other) and len(one) - len(other) <= _MOST_KICKER_CHARS


def _is_byline(line: str, names: Sequence[str]) -> bool:
    """Whether a line has the names of the byline and little else, and is no label of who speaks."""
    folded = line.casefold()
    found = [name.casefold() for name in names if name.casefold() in folded]
    for name in found:
        folded = folded.replace(name, " ")
    is_little = len(re.findall(r"[^\W\d]+", folded)) <= _MOST_WORDS_BESIDE
    return bool(found) and is_little and not line.endswith((":", "?", "!"))
