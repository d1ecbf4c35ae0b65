"""A parsed page → its outline: the elements that hold text and the paragraphs in them, by one walk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from presswatch.extract.decode import clean_line, tidy_line

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ALL = 0.9  # of a paragraph in inline elements with a rule: then it is theirs
# Inside a sentence, what is called so stands beside it; a credit, a byline or a link to follow may be its words.
_TAKEN_OUT_OF_LINES = frozenset({"markup:share", "markup:ads", "markup:hidden", "markup:notice", "markup:comments"})
_ROW_CELL_CHARS = 120  # a table's cell with more is a paragraph of a page set as a table; else a row is one line

# What the walk does with an element. Those that are not named here begin a paragraph, also those HTML does not know.
_ASIDE = 16  # is added where an inline element has a rule
_TEXT, _SILENT, _PICTURE, _LINE_BREAK, _BLOCK, _INLINE, _LINK, _EMPHASIS, _TIME, _PREFORMATTED, _ROW = range(11)
_ACTIONS = {
    **dict.fromkeys(
        (
            "-comment -doctype -document script style noscript template head embed math audio map select option "
            "datalist textarea button input meter progress"
        ).split(),
        _SILENT,
    ),
    **dict.fromkeys("img video iframe svg object canvas".split(), _PICTURE),
    **dict.fromkeys(
        (
            "abbr acronym bdi bdo big cite code data del dfn font ins kbd label mark nobr picture q rp rt ruby s samp "
            "slot small source span strike sub sup tt u var wbr"
        ).split(),
        _INLINE,
    ),
    **dict.fromkeys("b strong em i".split(), _EMPHASIS),
    "-text": _TEXT,
    "br": _LINE_BREAK,
    "a": _LINK,
    "time": _TIME,
    "pre": _PREFORMATTED,
    "tr": _ROW,
}
INLINE_TAGS = frozenset(tag for tag, action in _ACTIONS.items() if action in (_INLINE, _LINK, _EMPHASIS))
SILENT_TAGS = frozenset(tag for tag, action in _ACTIONS.items() if action in (_SILENT, _PICTURE))


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
    """One paragraph: its text, the nearest element around it, and how much of it is links or emphasis (0 … 1).

    `rule` is that of the inline elements that hold all of it, if any: a paragraph that is nothing but a credit.
    """

    __slots__ = ("element", "emphasis", "linked", "links", "rule", "tag", "text")

    def __init__(self, text: str, element: Element, linked: int, links: tuple[str, ...], emphasised: int) -> None:
        self.text, self.element, self.tag, self.links = text, element, element.tag, links
        self.linked = min(1.0, linked / len(text)) if linked else 0.0
        self.emphasis = min(1.0, emphasised / len(text)) if emphasised else 0.0
        self.rule: str | None = None


class Sums:
    """The sum of a figure over the blocks of any element, in constant time after one pass."""

    def __init__(self, values: Iterable[float]) -> None:
        self._totals = [0.0, *accumulate(values)]

    def __call__(self, element: Element) -> float:
        """The sum over an element's blocks."""
        return self._totals[element.last] - self._totals[element.first]


@dataclass(frozen=True)
class Outline:
    """Elements (the root first) and blocks, both in document order; coded times, each with the next block's number."""

    elements: list[Element]
    blocks: list[Block]
    times: list[tuple[int, str]]


class Rule(NamedTuple):
    """Why an element is no part of an article: `markup:share`, and the name that says so, if one does.

    Where `linked` is told, the characters of its links, it is taken as one block, and nothing inside it is looked at.
    """

    name: str
    told_by: str = ""
    linked: int | None = None


RuleOf = Callable[
    [LexborNode, str, dict[str, str | None], str], Rule | None
]  # of an element, its tag, attributes, names


def read_outline(root: LexborNode, rule_of: RuleOf | None = None) -> Outline:
    """Walk over a node once.

    Args: `rule_of` is asked, with an element, its tag, attributes and names (id and classes), for the rule by which it
        is no part of an article. Scripts and style sheets are not to be in the tree where it calls an element whole.
    Cost: 1 to 2 µs a node; without recursion, for pages nest deeper than Python's stack.
    """
    walk = _Walk(root, rule_of)
    # the links that lead out of the element entered, and what was there when it was: as above, no recursion
    stack: list[tuple[LexborNode | None, int, Element | None, _Run | None]] = []
    node = root.first_child
    while True:
        while node is None:
            if not stack:
                return walk.finish()
            node, action, element, outer = stack.pop()
            walk.leave(action, element, outer)
        following = node.next
        tag = node.tag or ""
        action = _ACTIONS.get(tag, _BLOCK)
        if action == _TEXT:
            text = node.text_content
            if text:
                walk.add_text(text)
        elif action == _LINE_BREAK:
            walk.break_line()
        elif action == _PICTURE:
            walk.element.pictures += 1
        elif action != _SILENT:
            entered = walk.enter(node, tag, action)
            if entered is not None:
                stack.append((following, *entered))
                node = node.first_child
                continue
        node = following


class _Run:
    """What was gathered of the paragraph under way."""

    __slots__ = ("aside", "emphasised", "is_broken", "linked", "links", "pieces", "ruled")

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.links: list[str] = []
        self.linked = self.emphasised = self.ruled = 0
        self.aside: str | None = None  # the rule of the inline element that text was last in
        self.is_broken = False  # by a line break that no text followed yet


class _Walk:
    """Collects elements and blocks while nodes are entered and left."""

    __slots__ = (
        "_around",
        "_asides",
        "_blocks",
        "_elements",
        "_emphases",
        "_pres",
        "_rule_of",
        "_run",
        "_times",
        "element",
    )

    def __init__(self, root: LexborNode, rule_of: RuleOf | None) -> None:
        self.element = Element(0, root, root.tag or "", None, 0)
        self._elements, self._blocks = [self.element], list[Block]()
        self._times: list[tuple[int, str]] = []
        self._rule_of = rule_of
        self._run = _Run()
        self._around: list[str] = []  # where the links around the present place lead
        self._asides: list[str] = []  # the rules of the inline elements around it
        self._emphases = self._pres = 0

    def finish(self) -> Outline:
        if self._run.pieces:
            self._end_block()
        self._elements[0].last = len(self._blocks)
        return Outline(self._elements, self._blocks, self._times)

    def add_text(self, text: str) -> None:
        if self._pres and "\n" in text:
            first, *rest = text.split("\n")
            self.add_text(first)
            for line in rest:
                self.break_line()
                self.add_text(line)
            return
        run = self._run
        if not text or text.isspace():
            if run.pieces:
                run.pieces.append(" ")
            return
        run.pieces.append(text)
        run.is_broken = False
        if self._around or self._emphases or self._asides:
            chars = len(text.strip())
            if self._asides:
                run.ruled += chars
                run.aside = self._asides[-1]
            run.emphasised += chars if self._emphases else 0
            if self._around:
                run.linked += chars
                if not run.links or run.links[-1] is not self._around[-1]:
                    run.links.append(self._around[-1])

    def break_line(self) -> None:
        """Two line breaks part paragraphs, in old pages and in preformatted text; one is a space."""
        if self._run.is_broken:
            self._end_block()
        else:
            self._run.pieces.append(" ")
        self._run.is_broken = True

    def enter(self, node: LexborNode, tag: str, action: int) -> tuple[int, Element | None, _Run | None] | None:
        """Begin an element. Gives what `leave` wants: the outline's element for it, if any, and what it interrupts.

        None where the element was taken as a whole.
        """
        attributes = node.attributes
        if not attributes and _INLINE <= action <= _EMPHASIS:  # the commonest, and nothing to ask of it
            self._emphases += action == _EMPHASIS
            if action == _LINK:
                self._around.append("")
            return action, None, None
        names = attributes.get("class") or ""
        if attributes.get("id"):
            names = f"{attributes['id']} {names}"
        rule = self._rule_of(node, tag, attributes, names) if self._rule_of is not None else None
        element, outer = None, None
        if not _INLINE <= action <= _TIME:
            if self._run.pieces:
                self._end_block()
            element = self._open(node, tag, names, rule)
            if rule is not None and rule.linked is not None:
                self._take_whole(element, rule.linked)
                return None
        elif rule is not None and self.element.rule is None:
            if rule.name in _TAKEN_OUT_OF_LINES or rule.name.startswith("strip:"):
                outer, self._run = self._run, _Run()
                element = self._open(node, tag, names, rule)
            else:
                self._asides.append(rule.name)
                action |= _ASIDE
        if action > _INLINE:
            self._note(action & ~_ASIDE, attributes)
        return action, element, outer

    def _open(self, node: LexborNode, tag: str, names: str, rule: Rule | None) -> Element:
        element = Element(len(self._elements), node, tag, self.element, len(self._blocks))
        element.names = names
        if rule is not None:
            element.rule, element.told_by = rule.name, rule.told_by
        self._elements.append(element)
        self.element = element
        return element

    def _take_whole(self, element: Element, linked: int) -> None:
        """The text of an element that nobody looks into, as one block."""
        text = tidy_line(element.node.text(separator=" "))
        if text:
            self._blocks.append(Block(text, element, linked, (), 0))
        element.last = len(self._blocks)
        self.element = element.parent or element

    def _note(self, action: int, attributes: dict[str, str | None]) -> None:
        """What begins with an element and is said of the text in it."""
        if action == _LINK:
            self._around.append(attributes.get("href") or "")
        elif action == _EMPHASIS:
            self._emphases += 1
        elif action == _PREFORMATTED:
            self._pres += 1
        elif action == _TIME and (coded := attributes.get("datetime")):
            self._times.append((len(self._blocks), coded))

    def leave(self, action: int, element: Element | None, outer: _Run | None) -> None:
        if element is not None:
            if self._run.pieces:
                self._end_block()
            element.last = len(self._blocks)
            if action == _ROW:
                self._join_row(element)
            self.element = element.parent or element
            self.element.pictures += element.pictures
            if outer is not None:
                self._run = outer
        if action & _ASIDE:
            self._asides.pop()
            action &= ~_ASIDE
        if action == _LINK:
            self._around.pop()
        elif action == _EMPHASIS:
            self._emphases -= 1
        elif action == _PREFORMATTED:
            self._pres -= 1

    def _end_block(self) -> None:
        run = self._run
        line = tidy_line("".join(run.pieces))
        if line:
            block = Block(line, self.element, run.linked, tuple(run.links), run.emphasised)
            block.rule = run.aside if run.ruled >= _ALL * len(line) else None
            self._blocks.append(block)
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
