"""The text of a page, and what was taken out of it: by the outlet's layout where it matches, else by trafilatura."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from presswatch.extract.blocks import parents, read_blocks
from presswatch.extract.boilerplate import select, strip_lines, strip_markup
from presswatch.extract.page import Page, parse_lxml
from presswatch.model import Removed
from presswatch.outlets import Layout, Outlet

PARAGRAPH_BREAK = "\n"  # between two paragraphs of `Article.text`; no paragraph holds one
LEAST_LAYOUT_CHARS = 200  # a body selector that finds less has met a teaser; a short news item has 300


@dataclass(frozen=True, kw_only=True)
class Body:
    """The paragraphs of an article, what was removed, and how they were found (`layout:pmc`, `trafilatura`)."""

    paragraphs: tuple[str, ...]
    removed: tuple[Removed, ...] = field(repr=False)
    extractor: str

    @property
    def text(self) -> str:
        """The article's text: what offsets count in."""
        return PARAGRAPH_BREAK.join(self.paragraphs)


def read_body(page: Page, outlet: Outlet | None, layout: Layout, headline: str | None, byline: Sequence[str]) -> Body:
    """Find the text of a page. Prunes the page's tree in place.

    Returns: a body, with no paragraphs where there is no text.
    Cost: 5 to 10 ms where the layout's `body` matches, else trafilatura's 20 to 60 ms beside them.
    """
    removed = strip_markup(page.tree, layout, page.host)
    lines = _layout_lines(page, layout.body) if layout.body and outlet else []
    if outlet and sum(map(len, lines)) >= LEAST_LAYOUT_CHARS:
        extractor = f"layout:{outlet.family or outlet.id}"
    else:
        lines, extractor = _read_by_trafilatura(page), f"trafilatura {_trafilatura().__version__}"
    kept, stripped = strip_lines(lines, layout.stop, headline, byline)
    return Body(paragraphs=tuple(kept), removed=(*removed, *stripped), extractor=extractor)


def _layout_lines(page: Page, selector: str) -> list[str]:
    """The paragraphs of every element that the selector matches, in document order; nested matches count once."""
    matches = select(page.tree, selector)
    ids = {node.mem_id for node in matches}
    outermost = [node for node in matches if not any(parent.mem_id in ids for parent in parents(node))]
    return [block.text for node in outermost for block in read_blocks(node)]


def _read_by_trafilatura(page: Page) -> list[str]:
    """The paragraphs that trafilatura finds in the pruned page, comments off."""
    html = page.tree.html
    if not html:
        return []
    found = _trafilatura().bare_extraction(parse_lxml(html), include_comments=False, with_metadata=False)
    return [] if found is None or found.body is None else list(_lines_of(found.body))


@cache
def _trafilatura() -> Any:
    """The library, loaded when the first page needs it: that takes half a second."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # it loads a downloader, which misses a package for proxies that nobody here uses
        import trafilatura  # noqa: PLC0415 - see above
    return trafilatura


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
