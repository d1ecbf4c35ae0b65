"""An outline → where the article stands: by density, by names, and by what the page says of itself. The fast lane.

`Survey` knows which blocks are out by the rules of their elements and where prose is left; `find_body` and
`find_standfirst` tell which blocks are the article; `doubt` tells why that should not be believed.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import islice, pairwise

from presswatch.extract.outline import HEADINGS, Block, Element, Outline, Sums
from presswatch.urls import host_of

# ---------------------------------------------------------------- what reads as prose

_PROSE_CHARS = 60  # a line of an article; labels, credits and teasers' headlines are mostly shorter
_SENTENCE_CHARS = 25  # a short paragraph that ends as a sentence
_LONG_HEADING_CHARS = 120  # a heading that long is a lede set as one
_MOST_LINKED = 0.4  # share of links in a line of prose
_SENTENCE = re.compile(r"[.!?…。！？।؟۔:;”\"»'’)]$|[.!?。] |[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def prose_chars(block: Block) -> float:
    """How much running text a block is; 0 for labels, headings and links."""
    length = len(block.text)
    if block.tag in HEADINGS and length < _LONG_HEADING_CHARS:
        return 0.0
    is_line = length >= _PROSE_CHARS and block.linked < _MOST_LINKED
    is_sentence = length >= _SENTENCE_CHARS and block.linked < _MOST_LINKED / 2 and bool(_SENTENCE.search(block.text))
    return length * (1 - block.linked) if is_line or is_sentence else 0.0


# ---------------------------------------------------------------- what the page says of its article

_OPENING_CHARS = 50  # of a description or a body: enough to know a paragraph by
_LEAST_OPENING_CHARS = 25
_NO_LETTERS = re.compile(r"[\W_]+")
_ASCII_MARKS, _OTHER_MARKS = (string.punctuation + string.whitespace).encode(), "“”‘’–—"  # the commonest


def fold(text: str) -> str:
    """Letters and digits of a text, in lower case: for comparing."""
    folded = text.casefold()
    for mark in _OTHER_MARKS:
        folded = folded.replace(mark, "")
    folded = folded.encode("utf-8", "surrogatepass").translate(None, _ASCII_MARKS).decode("utf-8", "surrogatepass")
    return folded if folded.isalnum() else _NO_LETTERS.sub("", folded)  # which takes three times as long as all above


def opening_of(text: str) -> str | None:
    """The folded beginning of a text, by which its paragraph is known; None where it is too short to tell."""
    opening = fold(text[: 2 * _OPENING_CHARS])[:_OPENING_CHARS]
    return opening if len(opening) >= _LEAST_OPENING_CHARS else None


def leads_on(href: str, own_host: str) -> bool:
    """Whether a link leads to another page of the same outlet: sources, shops and places in the page do not."""
    if href.startswith(("#", "mailto:", "tel:", "javascript:")):
        return False
    return not href.startswith(("http", "//")) or host_of(href) == own_host


@dataclass(frozen=True)
class Clues:
    """What is known of an article before its text is read.

    `openings` are the first words of descriptions and of a JSON-LD body, folded; `bodies` the numbers (`mem_id`) of
    nodes that the markup calls the article's body.
    """

    host: str = ""
    path: str = ""  # of the page's address, without slashes at its ends
    headline: str = ""
    openings: tuple[str, ...] = ()
    bodies: frozenset[int] = field(default_factory=frozenset)


# ---------------------------------------------------------------- the survey

_BODY_NAME = re.compile(
    r"(?:^|[\s_-])(?:article|entry|post|story|news|single)[-_]{0,2}(?:body|content|text|copy|main)(?:$|[\s_-])"
    r"|(?:^|\s)(?:body|main)[-_]{0,2}(?:text|copy)(?:$|\s)",
    re.IGNORECASE,
)
_ARTICLE_NAME = re.compile(r"(?:^|[\s_-])(?:article|post|story)(?:$|[\s_-])", re.IGNORECASE)
_OVERRULED_SHARE = 0.5  # a block with more of the page's prose than this is the article, whatever it is called
_COMMENTS = "markup:comments"  # which may well be longer than the article
_OF_OTHERS, _LEAST_TEASERS = frozenset({"markup:aside", "markup:related"}), 3  # may be longer, too, where they lead on
_LABELS = frozenset({"markup:byline", "markup:share", "markup:tags"})
_LONGEST_HOUR = 35  # with a day and a label
_HOUR_NAME = re.compile(r"time|date", re.IGNORECASE)
_LONGEST_NAME = 200  # of a class
_LONGEST_LABEL = 400  # what has more prose is no byline, share bar or tag, whatever it is called


class Survey:
    """Where the prose of a page stands, and which blocks are out by the rules of their elements.

    `rules` has, for every block, the rule by which it is no part of the article, or None.
    """

    def __init__(self, outline: Outline, clues: Clues) -> None:
        self.elements, self.blocks, self.clues = outline.elements, outline.blocks, clues
        self.times = outline.times
        self.rules: list[str | None] = [block.rule for block in outline.blocks]
        self.all_prose = [prose_chars(block) for block in self.blocks]
        self.headline_block, headlines = self._find_headline()
        self.chars = Sums(len(block.text) for block in self.blocks)
        self._out = [False] * len(outline.elements)
        self._put_out_other_articles()
        self._judge_rules(headlines)
        self.prose_of = [0.0 if rule else chars for chars, rule in zip(self.all_prose, self.rules, strict=True)]
        self.prose = Sums(self.prose_of)
        self.openings = Sums(map(self.is_opening, range(len(self.blocks))))
        self._linked = Sums(len(block.text) * block.linked for block in self.blocks)

    def is_out(self, element: Element) -> bool:
        """Whether an element, or one around it, is no part of an article by its rule."""
        return self._out[element.number]

    def put_out(self, element: Element, rule: str) -> None:
        """Take an element's blocks out, but for those that are out already."""
        self._out[element.number] = True
        for number in range(element.first, element.last):
            self.rules[number] = self.rules[number] or rule

    def put_back(self, numbers: Sequence[int]) -> None:
        """Take blocks for text, whatever the rules of their elements say."""
        for number in numbers:
            self.rules[number], self.prose_of[number] = None, self.all_prose[number]
        self.prose = Sums(self.prose_of)

    def is_body(self, element: Element) -> bool:
        """Whether the markup calls an element the article's body."""
        return element.node.mem_id in self.clues.bodies or bool(_BODY_NAME.search(element.names))

    def link_share(self, element: Element) -> float:
        """How much of an element's text is links, 0 … 1."""
        return self._linked(element) / max(1.0, self.chars(element))

    def _find_headline(self) -> tuple[int | None, Sums]:
        """The block that prints the headline, and all that do: any first-level heading, where none is the known one.

        Where the outlet's name is the first-level heading, a lesser one that leads nowhere else may be.
        """
        wanted = fold(self.clues.headline)
        headings = [number for number, block in enumerate(self.blocks) if block.tag in HEADINGS]
        firsts = [number for number in headings if self.blocks[number].tag == "h1"]
        named = [number for number in headings if wanted and fold(self.blocks[number].text) == wanted]
        lesser = [number for number in named if self._leads_nowhere(self.blocks[number])][:1]
        marked = [number for number in firsts if number in named] or lesser or firsts
        return next(iter(marked), None), Sums(number in marked for number in range(len(self.blocks)))

    def _leads_nowhere(self, block: Block) -> bool:
        """Whether a block is no link, or leads to the page that it stands on."""
        return block.linked < _MOST_LINKED or any(
            link.partition("?")[0].rstrip("/").endswith(self.clues.path) for link in block.links if self.clues.path
        )

    def _put_out_other_articles(self) -> None:
        """Put out the articles that an endless page loads under its own: elements alike, each with such a headline.

        The second one may well be longer, and would be read under the headline of the first.
        """
        if self.headline_block is None:
            return
        headline = self.blocks[self.headline_block]
        prose, headlines = Sums(self.all_prose), Sums(block.tag == headline.tag for block in self.blocks)
        for own in headline.element.around():
            is_article = own.tag == "article" or (headline.tag == "h1" and _ARTICLE_NAME.search(own.names))
            if is_article and prose(own) >= _LEAST_CHARS:
                for element in self.elements[own.number + 1 :]:
                    is_other = element.first >= own.last and _is_alike(element, own) and headlines(element)
                    if is_other and prose(element) >= _LEAST_CHARS:
                        self.put_out(element, "markup:other article")

    def _judge_rules(self, headlines: Sums) -> None:
        """Put elements out by their rules, but for those that hold the article.

        A name that was overruled is that of a frame, and so are its parts: `sidebar-grid`, `sidebar-grid__body`.
        """
        prose = Sums(self.all_prose)
        bodies = Sums(block.element.node.mem_id in self.clues.bodies for block in self.blocks)
        self.teasers = teasers = Sums(map(self.is_teaser, range(len(self.blocks))))
        most = _OVERRULED_SHARE * prose(self.elements[0])
        frames: set[str] = set()
        for element in self.elements[1:]:
            if element.parent is not None and self._out[element.parent.number]:
                self._out[element.number] = True
            elif element.rule and element.first < element.last:
                chars = prose(element)
                is_vast = (chars > most and element.rule != _COMMENTS) or (
                    chars > _LONGEST_LABEL and element.rule in _LABELS
                )
                is_vast &= not (element.rule in _OF_OTHERS and teasers(element) >= _LEAST_TEASERS)
                is_vast |= _is_heading_with_hour(element, self.chars(element))
                is_told = element.rule.startswith("strip:")  # by the outlet's own file
                if not is_told and (
                    is_vast or headlines(element) or bodies(element) or element.node.mem_id in self.clues.bodies
                ):
                    frames |= {element.told_by} - {""}
                elif is_told or not _is_part_of(element.told_by, frames):
                    self.put_out(element, element.rule)

    def is_teaser(self, number: int) -> bool:
        """Whether a block is a heading that leads to another page of the outlet."""
        block = self.blocks[number]
        is_linked = block.tag in HEADINGS and block.tag != "h1" and block.linked > _MOST_LINKED
        return is_linked and any(leads_on(link, self.clues.host) for link in block.links)

    def is_opening(self, number: int) -> bool:
        """Whether a block begins as the page's description or its JSON-LD body does."""
        if not self.prose_of[number] or not self.clues.openings:
            return False
        text = fold(self.blocks[number].text[: 4 * _OPENING_CHARS])
        return any(opening in text for opening in self.clues.openings)


def _is_heading_with_hour(element: Element, chars: float) -> bool:
    """Whether an element is a live ticker's heading, "11.04: The ferry sails": it is named as its hour."""
    return (
        element.tag in HEADINGS
        and element.rule == "markup:byline"
        and chars > _LONGEST_HOUR
        and bool(_HOUR_NAME.search(element.told_by))
    )


def _is_alike(element: Element, other: Element) -> bool:
    """Whether an element has another one's tag and a name of it, and stands beside it, as it is or in a frame alike."""
    if element.tag != other.tag:
        return False
    names, others = set(element.names.split()), set(other.names.split())
    if (names or others) and names.isdisjoint(others):
        return False
    inner, outer = element.parent, other.parent
    return inner is outer or (inner is not None and outer is not None and _is_alike(inner, outer))


def _is_part_of(name: str, frames: AbstractSet[str]) -> bool:
    """Whether a name is that of a part of a frame: `sidebar-grid__body` of `sidebar-grid`."""
    if not frames or len(name) > _LONGEST_NAME:
        return False
    return any(sign in "_-" and name[:end] in frames for end, sign in enumerate(name))


# ---------------------------------------------------------------- which blocks are the article

_WEIGHTS = (1.0, 0.5, 0.33, 0.25)  # of a paragraph, for the element that it stands in and those around that
_INNER_TAGS = frozenset({"p", "li", "td", "th", "tr", "dd", "dt", "blockquote"})  # what stands around them holds prose
_BODY_BONUS, _NAME_BONUS, _OPENING_BONUS = 2.0, 1.5, 1.5
_BEFORE_HEADLINE = 0.5
_SECTION_TAGS = frozenset({"article", "main", "body"})
_LEAST_JOINED_CHARS = 60
_MOST_JOINED_LINKS = 0.25
_LEAST_JOINED_PROSE = 0.5
_MOST_LEVELS = 4  # up from the element that holds most of the article


def find_body(survey: Survey) -> range:
    """The numbers of the blocks from the article's first line to its last; empty where there is no prose.

    The densest element comes first: that whose paragraphs, and half of those one level deeper, make most text. Others
    of the same tag and class are bodies too; so are elements beside it that are prose, and those beside what is around
    it. What stands between two of them is of the article until a rule says otherwise.
    """
    holder = _find_holder(survey)
    if holder is None:
        return range(0)
    found = [holder, *_find_twins(survey, holder)]
    headline = survey.headline_block or 0  # what stands over it is not joined, but for a lede
    for inner, outer in islice(pairwise((holder, *holder.around())), _MOST_LEVELS):
        if inner.tag in _SECTION_TAGS:
            break
        found += [
            element
            for element in survey.elements[outer.number + 1 :]
            if element.parent is outer
            and (element.last > headline or headline >= holder.first or survey.openings(element))
            and _is_prose(survey, element)
            and _is_apart(element, found)
        ]
    return range(min(element.first for element in found), max(element.last for element in found))


def _find_holder(survey: Survey) -> Element | None:
    scores = _score_density(survey)
    headline = survey.headline_block or 0
    best, holder = 0.0, None
    for element in survey.elements:
        score = scores[element.number]
        if score * _BODY_BONUS * _OPENING_BONUS <= best or survey.is_out(element):
            continue
        score *= 1 - survey.link_share(element)
        if element.node.mem_id in survey.clues.bodies:
            score *= _BODY_BONUS
        elif survey.is_body(element):
            score *= _NAME_BONUS
        if survey.openings(element):
            score *= _OPENING_BONUS
        if element.last <= headline:
            score *= _BEFORE_HEADLINE
        if score > best:
            best, holder = score, element
    return holder


def _score_density(survey: Survey) -> list[float]:
    """For every element the prose that stands in it, deeper paragraphs counting less."""
    scores = [0.0] * len(survey.elements)
    for block, chars in zip(survey.blocks, survey.prose_of, strict=True):
        if chars:
            element = block.element
            if element.tag in _INNER_TAGS and element.parent is not None:
                element = element.parent
            scores[element.number] += chars
            for weight, around in zip(_WEIGHTS[1:], element.around(), strict=False):
                scores[around.number] += chars * weight
    return scores


def _find_twins(survey: Survey, holder: Element) -> list[Element]:
    """Elements with the holder's tag and names in the same section: an article may stand in several bodies."""
    if not holder.names:
        return []
    section = next((around for around in holder.around() if around.tag in _SECTION_TAGS), survey.elements[0])
    return [
        element
        for element in survey.elements[section.number + 1 :]
        if element.names == holder.names
        and element.tag == holder.tag
        and section.first <= element.first
        and element.last <= section.last
        and survey.prose(element) >= _LEAST_JOINED_CHARS
        and survey.link_share(element) <= _MOST_JOINED_LINKS
        and not survey.is_out(element)
        and _is_apart(element, [holder])
    ]


def _is_prose(survey: Survey, element: Element) -> bool:
    """Whether an element beside the article's is more of it: running text, and no teasers."""
    prose = survey.prose(element)
    return (
        prose >= max(_LEAST_JOINED_CHARS, _LEAST_JOINED_PROSE * survey.chars(element))
        and survey.link_share(element) <= _MOST_JOINED_LINKS
        and not survey.teasers(element)
        and not survey.is_out(element)
    )


def _is_apart(element: Element, others: Sequence[Element]) -> bool:
    return not any(element.holds(other) or other.holds(element) for other in others)


SENTENCE_ENDS = (".", "!", "?", "”", '"', "…", "»", "。", "！", "？", "」", "।", "؟", "۔")
_MOST_STANDFIRSTS = 2


def find_standfirst(survey: Survey, body: range) -> list[int]:
    """The numbers of blocks that stand as a lede between the headline and the article's body."""
    if survey.headline_block is None:
        return []
    found = [
        number
        for number in range(survey.headline_block + 1, body.start)
        if survey.prose_of[number]
        and survey.blocks[number].tag not in HEADINGS
        and survey.blocks[number].linked <= _MOST_JOINED_LINKS
        and (survey.is_opening(number) or survey.blocks[number].text.endswith(SENTENCE_ENDS))
    ]
    return found[:_MOST_STANDFIRSTS]


# ---------------------------------------------------------------- whether to believe it

# On saved pages the fast lane does better than trafilatura (.939 against .925 on average), but for these, where it does
# worse.
SHORT, SPREAD = "short", "spread"
_LEAST_CHARS = 150
_LEAST_SHARE = 0.7  # of the prose in play
_MOST_OUT = 0.7  # of the page's prose put out by rules, where nothing else says that what is left is the article


def doubt(survey: Survey, numbers: Sequence[int]) -> str | None:
    """Why the blocks found should not be believed to be the article; None where they should."""
    found = sum(survey.prose_of[number] for number in numbers)
    in_play, whole = sum(survey.prose_of), sum(survey.all_prose)
    if found < _LEAST_CHARS:
        return SHORT
    if found < _LEAST_SHARE * in_play:
        return SPREAD
    if whole - in_play > _MOST_OUT * whole and not _is_witnessed(survey, numbers):
        return "ruled out"
    return None


def _is_witnessed(survey: Survey, numbers: Sequence[int]) -> bool:
    """Whether the markup or the page's description says too that the article is here."""
    first = survey.blocks[numbers[0]].element
    return any(map(survey.is_opening, numbers)) or any(map(survey.is_body, (first, *first.around())))
