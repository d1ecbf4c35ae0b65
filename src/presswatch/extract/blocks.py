"""A node → its paragraphs: the text of a page as it is set, block by block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from presswatch.extract.decode import clean_line

BLOCK_TAGS = frozenset(
    (
        "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption "
        "figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary "
        "table tbody td tfoot th thead tr ul"
    ).split()
)
_SILENT_TAGS = frozenset(
    (
        "script style noscript template head iframe object embed svg math canvas audio video map select option "
        "datalist textarea button input meter progress -comment -doctype"
    ).split()
)
_BREAK = "\n"


@dataclass(frozen=True)
class Block:
    """One paragraph: its text, the element that holds it, and how much of it is links (0 … 1)."""

    text: str
    tag: str = "p"
    linked: float = 0.0


class _Gatherer:
    """Collects runs of text until a block ends."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._runs: list[str] = []
        self._linked = 0

    def add(self, text: str, *, in_link: bool) -> None:
        self._runs.append(text)
        if in_link:
            self._linked += len(text.strip())

    def end_block(self, tag: str) -> None:
        """Two line breaks part paragraphs in old pages; one is a space."""
        joined = "".join(self._runs)
        for part in re.split(r"\n[ \t\r\f]*(?:\n[ \t\r\f]*)+", joined) if joined.strip() else ():
            text = clean_line(part)
            if text:
                self.blocks.append(Block(text, tag, min(1.0, self._linked / max(1, len(joined.strip())))))
        self._runs, self._linked = [], 0


def read_blocks(node: LexborNode) -> list[Block]:
    """The paragraphs of a node in document order, list items and table rows each their own; scripts and forms silent.

    Cost: one walk over the node, without recursion, for pages nest deeper than Python's stack.
    """
    gatherer = _Gatherer()
    blocks, links = ["p"], 0
    for event, tag, text in _walk(node):
        if event == "text":
            gatherer.add(re.sub(r"\s+", " ", text) if "pre" not in blocks else text, in_link=links > 0)
        elif tag == "br":
            gatherer.add(_BREAK, in_link=False)
        elif tag in ("td", "th"):
            gatherer.add(" ", in_link=False)
        elif tag in BLOCK_TAGS:
            gatherer.end_block(blocks[-1])
            if event == "open":
                blocks.append(tag)
            elif len(blocks) > 1:
                blocks.pop()
        elif tag == "a":
            links += 1 if event == "open" else -1
    gatherer.end_block(blocks[-1])
    return gatherer.blocks


def _walk(root: LexborNode) -> Iterator[tuple[str, str, str]]:
    """Open, text and close events of a subtree, silent elements left out."""
    stack: list[tuple[LexborNode, bool]] = [(root, False)]
    while stack:
        node, is_closing = stack.pop()
        if node.is_text_node:
            yield "text", "", node.text_content or ""
            continue
        tag = node.tag or ""
        if is_closing:
            yield "close", tag, ""
            continue
        if tag in _SILENT_TAGS and node.mem_id != root.mem_id:
            continue
        yield "open", tag, ""
        if tag != "br":
            stack.append((node, True))
        stack += [(child, False) for child in reversed(list(node.iter(include_text=True)))]


def node_text(node: LexborNode) -> str:
    """The visible text of a node as one line."""
    return " ".join(block.text for block in read_blocks(node))


def parents(node: LexborNode) -> Iterator[LexborNode]:
    """The elements around a node, the nearest first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent
