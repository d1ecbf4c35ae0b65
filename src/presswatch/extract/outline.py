"""A parsed page → its outline: the elements that hold text and the paragraphs in them, by one walk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from selectolax.lexbor import LexborNode

from presswatch.extract.decode import clean_line, tidy_line

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SILENT_TAGS = frozenset(
    (
        "script style noscript template head iframe object embed svg math canvas audio video map select option "
        "datalist textarea button input meter progress"
    ).split()
)
# What stands inside a line. Every other element, those that HTML does not know among them, begins a paragraph.
_INLINE_TAGS = frozenset(
    (
        "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr picture q rp rt "
        "ruby s samp slot small source span strike strong sub sup time tt u var wbr"
    ).split()
)
_EMPHASIS_TAGS = frozenset({"b", "strong", "em", "i"})
_PICTURE_TAGS = frozenset({"img", "video", "iframe", "svg", "object", "canvas"})
_BREAK = "\x1f"  # a line break inside a paragraph; str.split takes it for white space
_ROW_CELL_CHARS = 120  # a table's cell with more is a paragraph of a page set as a table; else a row is one line


class Element:
    """An element with text in it: its blocks are `outline.blocks[first:last]`."""

    __slots__ = ("first", "last", "names", "node", "number", "parent", "pictures", "rule", "tag", "told_by")

    def __init__(self, number: int, node: LexborNode, tag: str, parent: Element | None, first: int) -> None:
        self.number, self.node, self.tag, self.parent, self.first, self.last = number, node, tag, parent, first, first
        self.names = ""  # its id and classes
        self.pictures = 0  # inside it
        self.rule: str | None = None  # by which it is no part of an article
        self.told_by = ""  # the name that the rule rests on

    def around(self) -> Iterator[Element]:
        """The elements around it, the nearest first."""
        parent = self.parent
        while parent is not None:
            yield parent
            parent = parent.parent

    def holds(self, other: Element) -> bool:
        """Whether another element is this one or inside it."""
        return other is self or any(parent is self for parent in other.around())


class Block:
    """One paragraph: its text, the nearest element around it, and how much of it is links or emphasis (0 … 1)."""

    __slots__ = ("element", "emphasis", "linked", "links", "tag", "text")

    def __init__(self, text: str, element: Element, linked: int, links: tuple[str, ...], emphasised: int) -> None:
        self.text, self.element, self.tag, self.links = text, element, element.tag, links
        self.linked = min(1.0, linked / len(text))
        self.emphasis = min(1.0, emphasised / len(text))


class Sums:
    """The sum of a figure over the blocks of any element, in constant time after one pass."""

    def __init__(self, values: Iterable[float]) -> None:
        self._totals = [0.0, *accumulate(values)]

    def __call__(self, element: Element) -> float:
        """The sum over an element's blocks."""
        return self._totals[element.last] - self._totals[element.first]


@dataclass(frozen=True)
class Outline:
    """Elements (the root first) and blocks, both in document order."""

    elements: list[Element]
    blocks: list[Block]


# An element, its tag, attributes and names → the rule and the name that it rests on.
RuleOf = Callable[[LexborNode, str, dict[str, str | None], str], tuple[str, str] | None]


def read_outline(root: LexborNode, rule_of: RuleOf | None = None) -> Outline:
    """Walk over a node once.

    Args: `rule_of` is asked, with an element, its tag, attributes and names (id and classes), for the rule by which it
        is no part of an article. Inside a line, what has one is a block of its own.
    Cost: 1 to 2 µs a node; without recursion, for pages nest deeper than Python's stack.
    """
    walker = _Walker(root, rule_of)
    stack: list[tuple[LexborNode | None, _Frame]] = []
    node = root.first_child
    while True:
        while node is None:
            if not stack:
                return walker.finish()
            node, frame = stack.pop()
            walker.leave(frame)
        following = node.next
        if node.is_text_node:
            walker.add_text(node.text_content or "")
        elif node.is_element_node:
            entered = walker.enter(node)
            if entered is not None:
                stack.append((following, entered))
                node = node.first_child
                continue
        node = following


@dataclass(slots=True)
class _Run:
    """What was gathered of the paragraph under way."""

    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    links: list[str] = field(default_factory=list)
    emphasised: int = 0
    is_broken: bool = False  # by a line break that no text followed yet


@dataclass(slots=True)
class _Frame:
    """An element that was entered: the outline's, where it has one, and the paragraph that it stands in."""

    tag: str
    element: Element | None = None
    outer: _Run | None = None


class _Walker:
    """Collects elements and blocks while the walk enters and leaves nodes."""

    def __init__(self, root: LexborNode, rule_of: RuleOf | None) -> None:
        self._element = Element(0, root, root.tag or "", None, 0)
        self._elements, self._blocks = [self._element], list[Block]()
        self._rule_of = rule_of
        self._run = _Run()
        self._around: list[str] = []  # where the links around the present place lead
        self._emphases = 0
        self._pres = 0

    def finish(self) -> Outline:
        self._end_block()
        self._elements[0].last = len(self._blocks)
        return Outline(self._elements, self._blocks)

    def add_text(self, text: str) -> None:
        run = self._run
        if not text or text.isspace():
            if run.pieces:
                run.pieces.append(" ")
            return
        run.pieces.append(text.replace("\n", _BREAK) if self._pres else text)
        run.is_broken = False
        if self._around or self._emphases:
            chars = len(text.strip())
            run.emphasised += chars if self._emphases else 0
            if self._around:
                run.linked += chars
                if not run.links or run.links[-1] is not self._around[-1]:
                    run.links.append(self._around[-1])

    def enter(self, node: LexborNode) -> _Frame | None:
        """Begin an element. None where what is in it is not read."""
        tag = node.tag or ""
        if tag in _PICTURE_TAGS:
            self._element.pictures += 1
        if tag == "br":
            self._break_line()
            return None
        if tag in _SILENT_TAGS:
            return None
        attributes = node.attributes
        names = " ".join(filter(None, (attributes.get("id"), attributes.get("class"))))
        rule = self._rule_of(node, tag, attributes, names) if self._rule_of else None
        frame = _Frame(tag)
        if tag not in _INLINE_TAGS:
            self._end_block()
            self._open_element(frame, node, names, rule)
        elif rule is not None and self._element.rule is None:
            frame.outer, self._run = self._run, _Run()
            self._open_element(frame, node, names, rule)
        if tag == "a":
            self._around.append(attributes.get("href") or "")
        elif tag in _EMPHASIS_TAGS:
            self._emphases += 1
        elif tag == "pre":
            self._pres += 1
        return frame

    def leave(self, frame: _Frame) -> None:
        tag, element = frame.tag, frame.element
        if element is not None:
            self._end_block()
            element.last = len(self._blocks)
            if tag == "tr":
                self._join_row(element)
            self._element = element.parent or self._element
            self._element.pictures += element.pictures
            if frame.outer is not None:
                self._run = frame.outer
        if tag == "a":
            self._around.pop()
        elif tag in _EMPHASIS_TAGS:
            self._emphases -= 1
        elif tag == "pre":
            self._pres -= 1

    def _open_element(self, frame: _Frame, node: LexborNode, names: str, rule: tuple[str, str] | None) -> None:
        element = Element(len(self._elements), node, frame.tag, self._element, len(self._blocks))
        element.names = names
        if rule is not None:
            element.rule, element.told_by = rule
        self._elements.append(element)
        self._element = frame.element = element

    def _break_line(self) -> None:
        """Two line breaks part paragraphs in old pages; one is a space."""
        if self._run.is_broken:
            self._end_block()
        else:
            self._run.pieces.append(_BREAK)
        self._run.is_broken = True

    def _end_block(self) -> None:
        run = self._run
        if not run.pieces:
            run.is_broken = False
            return
        joined = "".join(run.pieces)
        parts = _parts_of(joined) if self._pres else (joined,)
        for text in filter(None, map(tidy_line, parts)):
            self._blocks.append(Block(text, self._element, run.linked, tuple(run.links), run.emphasised))
        self._run = _Run()

    def _join_row(self, row: Element) -> None:
        """Short cells of a table's row are one line."""
        cells = self._blocks[row.first :]
        if len(cells) > 1 and all(
            cell.tag in ("td", "th") and cell.element.parent is row and len(cell.text) <= _ROW_CELL_CHARS
            for cell in cells
        ):
            text = " ".join(cell.text for cell in cells)
            linked, emphasised = (
                round(sum(getattr(cell, share) * len(cell.text) for cell in cells)) for share in ("linked", "emphasis")
            )
            links = tuple(link for cell in cells for link in cell.links)
            self._blocks[row.first :] = [Block(text, row, linked, links, emphasised)]
            for element in self._elements[row.number + 1 :]:
                element.first = element.last = row.first
            row.last = row.first + 1


def _parts_of(text: str) -> list[str]:
    """Preformatted text, cut where it has an empty line."""
    parts, lines = list[str](), list[str]()
    for line in text.split(_BREAK):
        if line.strip():
            lines.append(line)
        elif lines:
            parts.append(" ".join(lines))
            lines = []
    return [*parts, " ".join(lines)]


def read_blocks(node: LexborNode) -> list[Block]:
    """The paragraphs of a node in document order, list items and table rows each their own; scripts are silent."""
    return read_outline(node).blocks


def node_text(node: LexborNode) -> str:
    """The visible text of a node as one clean line."""
    return clean_line(" ".join(block.text for block in read_blocks(node)))


def parents(node: LexborNode) -> Iterator[LexborNode]:
    """The elements around a node, the nearest first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent
