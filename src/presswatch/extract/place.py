"""Where elements stand, seen from the headline: at the article, or in a menu, a list of other stories, a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

from selectolax.lexbor import LexborNode

from presswatch.extract.names import find_kind
from presswatch.extract.outline import INLINE_TAGS, SILENT_TAGS, parents
from presswatch.extract.page import Page

_HOLDERS = frozenset({"body", "html", "main"})
_APART_TAGS = frozenset({"aside", "footer", "nav", "noscript"})
_APART_KINDS = frozenset("comments related newsletter sidebar tags ads share".split())
_APART = re.compile(r"teaser|(?<!article-)(?<!post-)(?<!entry-)footer|latest|slider|carousel", re.IGNORECASE)
_LINES_AFTER, _LINES_BEFORE = 20, 5  # dek, byline, date, share bar; kicker and date may stand over the headline
_LINE_CHARS = 120  # a line of text is longer
_MOST_LINES = 300  # further down stand other stories
_LONG_LINES = 2  # a dek and the first paragraph; further down the article speaks
_MOST_LEVELS = 40  # from a footer up to the article that it is of
_LEVELS_BEFORE, _CHARS_BEFORE = 4, 1000  # what stands over a headline shares a header with it; more is a menu


class Place:
    """A page seen from the element that prints its headline; `heading` is None where nothing does."""

    def __init__(self, page: Page, heading: LexborNode | None) -> None:
        self._page, self._heading = page, heading
        # By element; those around the headline are not apart, whatever they are called.
        self._apart = {parent.mem_id: False for parent in parents(heading)} if heading else {}

    def is_apart(self, node: LexborNode) -> bool:
        """Whether an element stands apart from the article, by what is between it and what is around the headline."""
        met: list[int] = []
        verdict = False
        for element in (node, *parents(node)):
            known = self._apart.get(element.mem_id)
            verdict = _is_called_apart(element) if known is None else known
            met.append(element.mem_id)
            if verdict or known is not None or element.tag in _HOLDERS:
                break
        self._apart.update(dict.fromkeys(met, verdict))
        return verdict

    @cached_property
    def opening(self) -> tuple[str, ...]:
        """The short lines around the headline, where byline and date stand: those under it, then those over it.

        What a `time` element says for machines is a line of its own, before the one that readers see.
        Cost: no more of the page is walked than these lines.
        """
        if self._heading is None:
            return ()
        short: list[str] = []
        long = 0
        for line in islice(_lines(_after(self._heading)), _LINES_AFTER):
            if len(line) <= _LINE_CHARS:
                short.append(line)
            elif (long := long + 1) == _LONG_LINES:
                break
        short += (line for line in islice(_before(self._heading), _LINES_BEFORE) if len(line) <= _LINE_CHARS)
        return tuple(short)

    @cached_property
    def lines(self) -> Sequence[str]:
        """The short lines of the page from the headline on. An element within a line parts it: it is fast, not neat."""
        body = self._page.tree.body
        if body is None:
            return ()
        code = {line.strip() for node in body.css("script, style") for line in node.text().split("\n")}
        text = body.text(separator="\n")
        start = max(0, text.find(self._heading.text(separator="\n")) if self._heading else 0)
        lines = map(str.strip, text[start:].split("\n"))
        return [line for line in lines if 0 < len(line) <= _LINE_CHARS and line not in code][:_MOST_LINES]


def read_lines(node: LexborNode) -> Iterator[str]:
    """The lines of an element, as they are set one under the other."""
    return _lines(_texts(node))


def _is_called_apart(node: LexborNode) -> bool:
    if node.tag in _HOLDERS:
        return False
    if node.tag in _APART_TAGS and not (node.tag == "footer" and _is_in_article(node)):
        return True
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    kind = find_kind(names)
    return (kind is not None and kind[0] in _APART_KINDS) or bool(_APART.search(names))


def _is_in_article(node: LexborNode) -> bool:
    return any(parent.tag == "article" for parent in islice(parents(node), _MOST_LEVELS))


def _lines(events: Iterator[str | None]) -> Iterator[str]:
    """Lines of running texts. Two that would make one word (`Ann FoxEditor`, `Ann Fox3 May`) are set apart by style."""
    line = ""
    for text in events:
        if text is not None and not (line[-1:].islower() and (text[:1].isupper() or text[:1].isdigit())):
            line += text
            continue
        if line.strip():
            yield " ".join(line.split())
        line = text or ""


def _after(node: LexborNode) -> Iterator[str | None]:
    """The texts after a node in document order, without what stands apart; None where a block begins or ends."""
    for parent in (node, *parents(node)):
        if parent.tag == "body":
            break
        sibling = parent.next
        while sibling is not None:
            if sibling.tag == "aside" or not _is_called_apart(sibling):
                yield from _texts(sibling)
            sibling = sibling.next
        yield None


def _before(node: LexborNode) -> Iterator[str]:
    """The lines over a node, the nearest first."""
    for parent in islice((node, *parents(node)), _LEVELS_BEFORE):
        sibling = parent.prev
        while sibling is not None:
            if len(sibling.text()) <= _CHARS_BEFORE:
                yield from reversed([*read_lines(sibling)])
            sibling = sibling.prev


def _texts(root: LexborNode) -> Iterator[str | None]:
    """The texts of a subtree, without what stands apart in it; None where a block begins or ends."""
    stack: list[LexborNode | None] = [root]
    while stack:
        node = stack.pop()
        if node is None:
            yield None
        elif node.is_text_node:
            yield node.text_content or ""
        elif node.is_element_node and node.tag not in SILENT_TAGS:
            if node.tag == "time" and node.attributes.get("datetime"):
                yield from (None, node.attributes["datetime"], None)
            if node.tag not in INLINE_TAGS:
                yield None
                if node is not root and node.tag != "aside" and _is_called_apart(node):
                    continue
                stack.append(None)
            stack += reversed([*node.iter(include_text=True)])
    yield None
