"""The text of a page, and what was taken out of it. Three lanes: the outlet's layout, the fast lane, trafilatura."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, groupby
from typing import Any

from presswatch.extract.boilerplate import (
    join_gallery,
    restore_captions,
    rules_of_markup,
    select,
    strip_closing,
    strip_comments,
    strip_copies,
    strip_insets,
    strip_labels,
    strip_offers,
    strip_pull_quotes,
    strip_replies,
    strip_sign_ups,
    strip_teasers_behind,
)
from presswatch.extract.dates import Calendar
from presswatch.extract.lines import is_barred, strip_lines
from presswatch.extract.outline import parents, read_outline
from presswatch.extract.page import Page, parse_lxml
from presswatch.extract.prose import SHORT, SPREAD, Clues, Survey, doubt, find_body, find_standfirst, opening_of
from presswatch.extract.sections import find_sections
from presswatch.model import Removed, Section
from presswatch.outlets import Layout, Outlet
from presswatch.settings import ExtractEngine

PARAGRAPH_BREAK = "\n"  # between two paragraphs of `Article.text`; no paragraph holds one

_NO_TEXT = ["script", "style", "noscript", "template"]
_LAYOUT = "layout:"
_LEAST_LAYOUT_CHARS = 200  # a body selector that finds less has met a teaser; a short news item has 300
_LEAST_EXCERPT_CHARS = 40  # of a page behind a pay wall: the sentence that it shows


@dataclass(frozen=True, kw_only=True)
class Body:
    """The paragraphs of an article, what was removed, and how they were found: `layout:pmc`, `prose`, `trafilatura`.

    `has_layout` is whether the page has the outlet's layout, None where that was not asked: see `Article`. `is_barred`
    is whether a line that bars readers follows the text. `seen` are all lines of the page, whatever became of them.
    """

    paragraphs: tuple[str, ...]
    removed: tuple[Removed, ...] = field(repr=False)
    extractor: str
    has_layout: bool | None = None
    is_barred: bool = False
    sections: tuple[Section, ...] = ()
    seen: tuple[str, ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        """The article's text: what offsets count in."""
        return PARAGRAPH_BREAK.join(self.paragraphs)


def read_body(
    page: Page,
    outlet: Outlet | None,
    layout: Layout,
    *,
    headline: str | None,
    byline: Sequence[str],
    calendar: Calendar,
    engine: ExtractEngine = "auto",
    is_walled: bool = False,
) -> Body:
    """Find the text of a page. Prunes the page's tree where trafilatura is asked.

    Args: of a page that `is_walled` the layout may find as little as a sentence.
    Returns: a body, with no paragraphs where there is no text.
    Cost: 2 to 4 ms; where the layout is silent and the fast lane in doubt, trafilatura's 20 to 60 ms beside them.
    """
    if page.tree.body is None:
        return Body(paragraphs=(), removed=(), extractor="none")
    clues = _clues(page, headline)
    page.tree.strip_tags(_NO_TEXT)  # what is known from scripts is known
    stripped = {node.mem_id: rule for rule in layout.strip for node in select(page.tree, rule)}
    rules = rules_of_markup(stripped, _holders(page))
    survey = Survey(read_outline(page.tree.body, rules), clues)
    lines, extractor = _read_lanes(page, survey, outlet, layout, engine, is_walled=is_walled)
    has_layout = extractor.startswith(_LAYOUT) if outlet and layout.body and engine == "auto" else None
    if outlet and has_layout is False:
        extractor = f"{extractor}; {_layout_name(outlet)} matched nothing"
    kept, removed = strip_lines(lines, layout.stop, headline, byline)
    seen = tuple(block.text for block in survey.blocks)
    return Body(
        paragraphs=tuple(kept),
        removed=(*_removed(survey, lines), *removed),
        extractor=extractor,
        has_layout=has_layout,
        is_barred=is_barred(seen, kept),
        sections=find_sections(page, survey, kept, calendar),
        seen=seen,
    )


def _holders(page: Page) -> set[int]:
    """The nodes in which a headline stands, or what the markup calls the article's body."""
    found = set[int]()
    for mark in (*page.marked["h1"], *page.bodies):
        for node in chain((mark,), parents(mark)):
            if node.mem_id in found:  # and so are those around it
                break
            found.add(node.mem_id)
    return found


def _clues(page: Page, headline: str | None) -> Clues:
    item = page.article_ld
    told = (item.get("description"), item.get("articleBody"), page.meta("og:description"), page.meta("description"))
    openings = (opening_of(text) for text in told if isinstance(text, str))
    return Clues(
        host=page.host,
        path=page.url.partition("?")[0].partition("://")[2].partition("/")[2].rstrip("/"),
        headline=headline or "",
        openings=tuple(filter(None, openings)),
        bodies=frozenset(node.mem_id for node in page.bodies),
    )


def _read_lanes(
    page: Page, survey: Survey, outlet: Outlet | None, layout: Layout, engine: ExtractEngine, *, is_walled: bool
) -> tuple[list[str], str]:
    """The lines of the first lane that can be trusted, and its name."""
    if engine == "trafilatura":
        return _read_by_trafilatura(_prune(page, survey), is_fast=False), f"trafilatura {_version()}"
    least = _LEAST_EXCERPT_CHARS if is_walled else _LEAST_LAYOUT_CHARS
    numbers = _layout_blocks(page, survey, layout.body, least) if outlet and layout.body else []
    if outlet and numbers:
        _strip_inside(page, survey, numbers)
        strip_pull_quotes(survey, numbers)
        return _lines(survey, numbers), _layout_name(outlet)
    body = join_gallery(survey, find_body(survey))
    _strip_inside(page, survey, body)
    numbers = [*find_standfirst(survey, body), *body]
    strip_pull_quotes(survey, numbers)
    strip_copies(survey, numbers)
    strip_closing(survey, numbers)
    strip_labels(survey, numbers)
    reason = doubt(survey, numbers)
    lines = _lines(survey, numbers)
    if reason is None:
        return lines, "prose"
    if reason == SHORT:
        strip_teasers_behind(survey, numbers)
    return _ask_trafilatura(page, survey, lines, reason)


def _strip_inside(page: Page, survey: Survey, numbers: Sequence[int]) -> None:
    """Put out what stands inside an article and is none of it."""
    strip_comments(survey, numbers)
    restore_captions(survey, numbers)
    strip_offers(survey, numbers)
    strip_insets(survey, numbers)
    strip_sign_ups(page, survey, numbers)
    strip_replies(survey, numbers)


def _layout_name(outlet: Outlet) -> str:
    return f"{_LAYOUT}{outlet.family or outlet.id}"


def _layout_blocks(page: Page, survey: Survey, selector: str, least: int) -> list[int]:
    """The numbers of the blocks in what the layout's selector matches; none where that says less than `least`."""
    matched = {node.mem_id for node in select(page.tree, selector)}
    found = [element for element in survey.elements if element.node.mem_id in matched]
    numbers = sorted({number for element in found for number in range(element.first, element.last)})
    chars = sum(len(survey.blocks[number].text) for number in numbers if not survey.rules[number])
    return numbers if chars >= least else []


def _lines(survey: Survey, numbers: Sequence[int]) -> list[str]:
    return [survey.blocks[number].text for number in numbers if not survey.rules[number]]


# ---------------------------------------------------------------- trafilatura

_AGREEMENT = 0.8  # of the lane's words, which trafilatura must find too
_MOST_MORE = 1.6  # times the lane's words: what is longer holds something that the lane has not
_UNREAD = "head iframe object embed svg video audio canvas map datalist input textarea link".split()  # saves a fifth
_MOST_LABELS = 150  # characters that a site's name, a headline and a byline have together
_DISAGREEMENT = 0.3  # of the longer one's words: two texts with less in common are of different parts of the page


def _ask_trafilatura(page: Page, survey: Survey, lines: list[str], reason: str) -> tuple[list[str], str]:
    """Trafilatura's lines where the fast lane is in doubt; the lane's own where both agree.

    Its `fast` mode first, and the whole of it where the article may be in several places and the two have little in
    common; elsewhere the whole finds what the fast mode does, at three times the cost.
    """
    html = _prune(page, survey)
    theirs = _read_by_trafilatura(html, is_fast=True)
    own, other = _words(lines), _words(theirs)
    common = (own & other).total()
    is_agreed = common >= _AGREEMENT * own.total() > 0 and other.total() <= _MOST_MORE * own.total()
    if is_agreed or _is_glued(theirs, lines):
        return lines, f"prose; trafilatura {_version()} agrees: {reason}"
    if reason != SPREAD or common >= _DISAGREEMENT * max(own.total(), other.total()):
        return theirs, f"trafilatura {_version()} fast: {reason}"
    return _read_by_trafilatura(html, is_fast=False), f"trafilatura {_version()}: {reason}"


def _is_glued(theirs: Sequence[str], own: Sequence[str]) -> bool:
    """Whether trafilatura gives but the fast lane's lines and some labels, all in one line: its last resort.

    That is what it makes of news of two sentences: site name, headline and paragraphs, glued together.
    """
    if len(theirs) != 1 or not own or theirs == own:
        return False
    glued, text = _squeeze(theirs[0]), _squeeze("".join(own))
    return text in glued and len(glued) - len(text) < _MOST_LABELS


def _words(lines: Sequence[str]) -> Counter[str]:
    return Counter(word for line in lines for word in line.split())


def _prune(page: Page, survey: Survey) -> str:
    """The page's HTML without what is out by rules, and without what trafilatura never reads."""
    page.tree.strip_tags(_UNREAD)
    gone = set[int]()  # numbers of elements; those around an element stand before it
    for element in survey.elements[1:]:
        is_inside = element.parent is not None and element.parent.number in gone
        if is_inside or survey.is_out(element):
            gone.add(element.number)
            if not is_inside:
                element.node.decompose()  # and what is inside it
    return page.tree.html or ""


def _read_by_trafilatura(html: str, *, is_fast: bool) -> list[str]:
    """The paragraphs that trafilatura finds in a page, comments off."""
    if not html:
        return []
    tree = parse_lxml(html)
    found = _trafilatura().bare_extraction(tree, include_comments=False, with_metadata=False, fast=is_fast)
    return [] if found is None or found.body is None else [line for line in _lines_of(found.body) if line.strip()]


@cache
def _trafilatura() -> Any:
    """The library, loaded when the first page needs it: that takes half a second."""
    with warnings.catch_warnings():
        # it loads a downloader, which misses a package for proxies that nobody here uses
        warnings.simplefilter("ignore")
        import trafilatura  # noqa: PLC0415 - see above
    return trafilatura


@cache
def _version() -> str:
    return str(_trafilatura().__version__)


# The names of trafilatura's own tree.
_LINE_TAGS = frozenset({"p", "list", "item", "quote", "table", "row", "head", "div", "code"})


def _lines_of(element: Any) -> Iterator[str]:
    """The paragraphs of trafilatura's tree: list items, table rows and paragraphs of quotes each their own."""
    if element.tag == "lb":
        return
    for child in _own_runs(element):
        if isinstance(child, str):
            yield child
        else:
            yield from _lines_of(child)


def _own_runs(element: Any) -> Iterator[Any]:
    """Text of an element between the blocks inside it, and those blocks."""
    run = [element.text or ""]
    for child in element:
        if child.tag in _LINE_TAGS:
            yield "".join(run)
            yield child
            run = []
        elif child.tag == "lb":
            yield "".join(run)
            run = []
        else:
            run.append(" " if child.tag == "cell" else "")
            run.append("".join(child.itertext()))
        run.append(child.tail or "")
    yield "".join(run)


# ---------------------------------------------------------------- the account of what is not in the text

# Outside the article, menus, footers and forms are the page's: they are no more recorded than its scripts are.
_CHROME = frozenset({"markup:navigation", "markup:footer", "markup:form", "markup:hidden", "markup:sidebar"})


def _removed(survey: Survey, lines: Sequence[str]) -> list[Removed]:
    """Every block with a rule, those of one run and rule together, and all prose that no lane took (`outside`)."""
    whole = frozenset(lines)
    is_own = whole <= {block.text for block in survey.blocks}  # trafilatura may cut its lines elsewhere
    text = "" if is_own else _squeeze("".join(lines))
    rules, taken = list(survey.rules), list[int]()
    for number, chars in enumerate(survey.prose_of):
        if chars and rules[number] is None:
            line = survey.blocks[number].text
            if line in whole or _squeeze(line) in text:
                taken.append(number)
            else:
                rules[number] = "outside"
    first, last = (taken[0], taken[-1]) if taken else (0, 0)
    told = [rule if rule not in _CHROME or first < number < last else None for number, rule in enumerate(rules)]
    runs = groupby(zip(told, survey.blocks, strict=True), key=lambda pair: pair[0])
    return [Removed(rule=rule, text=" ".join(block.text for _, block in run)) for rule, run in runs if rule]


def _squeeze(text: str) -> str:
    return "".join(text.split())
