"""What stands in a page and is no part of its article, told by its markup: names, tags, links, pictures, place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import accumulate, islice

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from presswatch.extract import signs
from presswatch.extract.names import find_kind
from presswatch.extract.outline import HEADINGS, Block, Element, Rule, RuleOf, parents
from presswatch.extract.page import Page
from presswatch.extract.prose import SENTENCE_ENDS, Survey, fold, leads_on

# ---------------------------------------------------------------- elements

_KIND_OF_TAG = {
    "nav": "navigation",
    "menu": "navigation",
    "footer": "footer",
    "aside": "aside",
    "form": "form",
    "figcaption": "caption",
    "dialog": "notice",
}
_KIND_OF_ROLE = {
    "navigation": "navigation",
    "complementary": "aside",
    "contentinfo": "footer",
    "search": "form",
    "dialog": "notice",
    "alertdialog": "notice",
}
_FRAMES = frozenset({"html", "body", "main", "article", "h1"})  # their class says what the page has
_TELLING = frozenset({"role", "style", "hidden", "itemprop", "itemtype", "aria-label", "data-testid"})
_COMMENT_TYPE = re.compile(r"schema\.org/(?:User)?Comments?$")
_HIDDEN_NAMES = frozenset({"hidden", "hide", "d-none", "is-hidden", "invisible", "w-condition-invisible"})
_NEVER_ARTICLES = frozenset({"markup:comments"})
_WHOLE = frozenset(f"markup:{kind}" for kind in ("navigation footer sidebar aside related share ads tags").split())
_REMEMBERED = 20_000  # names of elements: an outlet repeats its own on every page
HIDDEN_STYLE = re.compile(r"display:\s*none|visibility:\s*hidden")


def select(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """The elements that a selector of an outlet's file matches; none where it cannot be understood."""
    try:
        return tree.css(selector)
    except SelectolaxError:
        return []


def rules_of_markup(stripped: Mapping[int, str], holders: AbstractSet[int]) -> RuleOf:
    """The rule by which an element is no part of an article.

    Args: `stripped` gives the selectors, by node (`mem_id`), of what the outlet's file strips; `holders` are the nodes
        around headlines and what the markup calls the article's body: what holds one is looked into.
    """

    def rule_of(node: LexborNode, tag: str, attributes: Mapping[str, str | None], names: str) -> Rule | None:
        if stripped and node.mem_id in stripped:
            return Rule(f"strip:{stripped[node.mem_id]}")
        rule = _rule_of_names(tag, names)
        if rule is None and not _TELLING.isdisjoint(attributes):
            rule = _rule_of_attributes(tag, attributes)
        if rule is not None and node.mem_id not in holders:
            linked = _links_of_whole(node, tag, rule)
            return rule if linked is None else rule._replace(linked=linked)
        return rule

    return rule_of


def _links_of_whole(node: LexborNode, tag: str, rule: Rule) -> int | None:
    """How many characters of an element are links, where it need not be looked into; None where it must.

    It must where it may be the article by no other sign than how much it says.
    """
    is_sure = tag == "nav" or rule.name in _NEVER_ARTICLES
    if not is_sure and rule.name not in _WHOLE:
        return None
    linked = sum(len(link.text()) for link in node.css("a"))
    return linked if is_sure or linked > _MOST_LINK_SHARE * len(node.text()) else None


@lru_cache(maxsize=_REMEMBERED)
def _rule_of_names(tag: str, names: str) -> Rule | None:
    if tag in _FRAMES:
        return None
    kind = find_kind(f"{tag} {names}" if "-" in tag else names)
    if kind is not None and not (tag in HEADINGS and kind[0] == "navigation"):  # a heading that a menu points to
        return Rule(f"markup:{kind[0]}", kind[1])
    if tag in _KIND_OF_TAG:
        return Rule(f"markup:{_KIND_OF_TAG[tag]}")
    return Rule("markup:hidden") if not _HIDDEN_NAMES.isdisjoint(names.split()) else None


def _rule_of_attributes(tag: str, attributes: Mapping[str, str | None]) -> Rule | None:
    if attributes.get("itemprop") == "comment" or _COMMENT_TYPE.search(attributes.get("itemtype") or ""):
        return Rule("markup:comments")
    if tag in _FRAMES:
        return None
    role, style = attributes.get("role"), attributes.get("style")
    if role in _KIND_OF_ROLE:
        return Rule(f"markup:{_KIND_OF_ROLE[role]}")
    if _is_labelled_comments(attributes):
        return Rule("markup:comments")
    if "hidden" in attributes or (style and HIDDEN_STYLE.search(style)):
        return Rule("markup:hidden")
    return None


def _is_labelled_comments(attributes: Mapping[str, str | None]) -> bool:
    """Whether an element is called comments for those who hear the page, or for its makers' tests."""
    label, test = attributes.get("aria-label"), attributes.get("data-testid")
    kind = find_kind(test) if test else None
    return bool(label and signs.COMMENTS_HEADING.fullmatch(label)) or (kind is not None and kind[0] == "comments")


# ---------------------------------------------------------------- what stands inside an article

_MOST_LINK_SHARE = 0.5
_INSET_SHARE = 0.3  # of the article's prose: what has more is a part of it
_TEASER, _CAPTION, _PULL_QUOTE = "markup:teaser", "markup:caption", "markup:pull quote"
_TEASER_CHARS = 600
_LEAST_THINGS, _THINGS_SHARE = 3, 0.6  # of the article's prose, under headings that are links; of a list's lines
_MOST_FACTS = 200  # lines of a list; longer ones are indexes, and may lie in each other
_MOST_FACT_LINKED = 0.7  # of a line; where its label is shorter, "Video: …", it leads to another story
_CAPTION_CHARS, _CAPTION_PARAGRAPH_CHARS = 150, 90
# Captions with that many times the prose beside them are a gallery's; one that stands in a longer text is another's.
_LEAST_CAPTIONS, _GALLERY_TIMES, _GALLERY_OPENING_CHARS = 3, 2.0, 800
_LEAST_BEFORE_COMMENTS = 150  # of prose: before it a count of comments stands beside the byline
_LEAST_REPLIES, _MOST_HOUR_BLOCKS, _LONGEST_AGE = 2, 3, 80  # name, rank and hour stand first, each in a block or in one
_NUMBER, _WORD = re.compile(r"\d"), re.compile(r"\w")
_LONGEST_BAR = 150  # of a line that bars readers
_SIGN_UP_LEVELS, _SIGN_UP_CHARS = 4, 400  # up from a field for an address, and what a box round it says at most
_SECTION_TAGS = frozenset({"article", "main"})
_SET_TAGS = frozenset({"tr", "td", "th", "blockquote", "pre"})
_PARAGRAPH_TAGS = HEADINGS | {"p", "li", "blockquote"}


def strip_insets(survey: Survey, numbers: Sequence[int]) -> None:
    """Put out what stands in an article and is none of it: teasers, lists of links, captions, pointers."""
    inside = frozenset(numbers)
    most = _INSET_SHARE * sum(survey.prose_of[number] for number in numbers)
    is_list = _is_list_of_things(survey, numbers)
    captions = list[Element]()
    for element in survey.elements:
        if element.first == element.last or element.first not in inside or element.last - 1 not in inside:
            continue
        if survey.is_out(element) or survey.prose(element) > most:
            continue
        rule = _inset_rule(survey, element)
        if rule and not (is_list and rule == _TEASER):
            survey.put_out(element, rule)
        elif _is_picture_box(survey, element):
            captions.append(element)
    if sum(map(survey.prose, captions)) <= most:  # else the pictures' texts are the article: a gallery
        for element in captions:
            survey.put_out(element, _CAPTION)
    for number in numbers:
        is_thing = is_list and survey.blocks[number].tag in HEADINGS
        if not (survey.rules[number] or is_thing) and _leads_elsewhere(survey.blocks[number], survey.clues.host):
            survey.rules[number] = "markup:link alone"


def strip_comments(survey: Survey, numbers: Sequence[int]) -> None:
    """Put out comments that nothing but their heading tells: the element that "2 comments" begins, after the text."""
    said = 0.0
    for number in numbers:
        block = survey.blocks[number]
        said += survey.prose_of[number]
        if said >= _LEAST_BEFORE_COMMENTS and not survey.rules[number] and signs.COMMENTS_HEADING.fullmatch(block.text):
            begun = [element for element in (block.element, *block.element.around()) if element.first == number]
            if begun:
                survey.put_out(begun[-1], "markup:comments")


def strip_replies(survey: Survey, numbers: Sequence[int]) -> None:
    """Put out comments that nothing but their hours tell: behind the text, elements alike that begin "Bo, 2 days ago".

    Where they say more than what stands before them they are a live ticker.
    """
    aged = {number for number in numbers if not survey.prose_of[number] and _is_aged(survey.blocks[number])}
    groups: dict[tuple[int, str, str], list[Element]] = {}
    for element in survey.elements if len(aged) >= _LEAST_REPLIES else ():
        if element.parent is not None and not survey.is_out(element) and _begins_as_reply(survey, element, aged):
            groups.setdefault((element.parent.number, element.tag, element.names), []).append(element)
    told = [0.0, *accumulate(survey.prose_of)] if groups else []
    for replies in groups.values():
        before = told[replies[0].first] - told[numbers[0]]
        said = sum(map(survey.prose, replies))
        if len(replies) >= _LEAST_REPLIES and before >= _LEAST_BEFORE_COMMENTS and 0 < said <= before:
            around = replies[0].parent
            is_box = around is not None and around.first > numbers[0] and survey.prose(around) == said
            for element in [around] if around is not None and is_box else replies:
                survey.put_out(element, "markup:comments")


def _begins_as_reply(survey: Survey, element: Element, aged: AbstractSet[int]) -> bool:
    """Whether an element begins with who wrote when: an hour alone stands over the entries of a history, too."""
    start = range(element.first, min(element.first + _MOST_HOUR_BLOCKS, element.last))
    hour = next((number for number in start if number in aged), None)
    return hour is not None and (
        hour > element.first or _WORD.search(signs.AGO.sub("", survey.blocks[hour].text)) is not None
    )


def _is_aged(block: Block) -> bool:
    is_told = len(block.text) <= _LONGEST_AGE and _NUMBER.search(block.text)  # most labels have none, and this is fast
    return bool(is_told) and signs.AGO.search(block.text) is not None


def strip_sign_ups(page: Page, survey: Survey, numbers: Sequence[int]) -> None:
    """Put out what is said round a field for an e-mail address: "Enjoying this? Get it by post"."""
    around = {node.mem_id for field in page.fields("email") for node in islice(parents(field), _SIGN_UP_LEVELS)}
    if not around:
        return
    inside = frozenset(numbers)
    most = min(_SIGN_UP_CHARS, _INSET_SHARE * sum(survey.prose_of[number] for number in numbers))
    for element in survey.elements:
        is_box = element.node.mem_id in around and element.first in inside and element.last - 1 in inside
        if is_box and not survey.is_out(element) and survey.chars(element) <= most:
            survey.put_out(element, "markup:newsletter")


def strip_offers(survey: Survey, numbers: Sequence[int]) -> None:
    """Put out what stands in one box with a line that bars readers or a button to a letter: "Keep reading for a pound".

    A box begins with its own heading, or with that line.
    """
    first = next((number for number in numbers if survey.prose_of[number]), len(survey.blocks))
    for number in numbers:
        block = survey.blocks[number]
        if len(block.text) > _LONGEST_BAR or survey.rules[number] or not _is_offer(block, survey.clues.host):
            continue
        boxes = [
            element
            for element in (block.element, *islice(block.element.around(), _SIGN_UP_LEVELS))
            if element.first > first
            and survey.chars(element) <= _SIGN_UP_CHARS
            and (
                element.first == number or (survey.blocks[element.first].tag in HEADINGS and block.tag not in HEADINGS)
            )
        ]
        if boxes:
            survey.put_out(boxes[-1], "markup:wall" if _bars(block.text) else "markup:newsletter")


def _is_offer(block: Block, own_host: str) -> bool:
    is_button = block.linked >= _ALONE and len(block.text) <= _MOST_LABEL_CHARS
    letters = (link for link in block.links if _LETTER_PATH.search(link)) if is_button else ()
    return any(leads_on(link, own_host) for link in letters) or _bars(block.text)


def _bars(text: str) -> bool:
    is_one = signs.WALL_LINE.fullmatch(text) or signs.BARRING_LINE.fullmatch(text)
    return bool(is_one) and not signs.REPORTED.search(text)


def restore_captions(survey: Survey, numbers: Sequence[int]) -> None:
    """Take captions for text where they say more than all else: the pictures of a gallery."""
    survey.put_back(_find_gallery(survey, numbers))


def join_gallery(survey: Survey, body: range) -> range:
    """The numbers of an article's blocks, and those of a gallery that stands behind them in their section."""
    if not body:
        return body
    around = survey.blocks[body.start].element.around()
    end = next((element.last for element in around if element.tag in _SECTION_TAGS), 0)
    found = _find_gallery(survey, range(body.start, end)) if end > body.stop else []
    return range(body.start, max(body.stop, found[-1] + 1)) if found else body


def _find_gallery(survey: Survey, numbers: Sequence[int]) -> list[int]:
    """The captions, and the headings in them, where they are a gallery's; else nothing."""
    captions = [number for number in numbers if survey.rules[number] == _CAPTION]
    told = [number for number in captions if survey.all_prose[number]]
    said = sum(survey.all_prose[number] for number in told)
    others = sum(survey.prose_of[number] for number in numbers if not survey.rules[number])
    if len(told) < _LEAST_CAPTIONS or said <= _GALLERY_TIMES * others or others > _GALLERY_OPENING_CHARS:
        return []
    return [number for number in captions if survey.all_prose[number] or survey.blocks[number].tag in HEADINGS]


def _is_list_of_things(survey: Survey, numbers: Sequence[int]) -> bool:
    """Whether an article's headings are links and lead its prose: "The 25 best films", each linked to its own page."""
    inside = frozenset(numbers)
    things, led, is_under = 0, 0.0, False
    for number in numbers:
        block = survey.blocks[number]
        if block.tag in HEADINGS and block.tag != "h1":
            is_under = survey.is_teaser(number)
            things += is_under and number + 1 in inside and survey.prose_of[number + 1] > 0
        elif is_under:
            led += survey.prose_of[number]
    return things >= _LEAST_THINGS and led > _THINGS_SHARE * sum(survey.prose_of[number] for number in numbers)


def _inset_rule(survey: Survey, element: Element) -> str | None:
    is_paragraph = element.tag in _PARAGRAPH_TAGS or element.last - element.first == 1
    if not is_paragraph and survey.link_share(element) > _MOST_LINK_SHARE and not _is_list_of_facts(survey, element):
        return "markup:links"
    return _TEASER if _is_teaser(survey, element) else None


def _is_list_of_facts(survey: Survey, element: Element) -> bool:
    """Whether a list says what its links are: "Best Film: The Slow Ferry", "Best Actor: Bo Lind"."""
    if element.last - element.first > _MOST_FACTS:
        return False
    items = [block for block in survey.blocks[element.first : element.last] if block.tag == "li"]
    facts = sum(":" in block.text[:_MOST_LABEL_CHARS] and block.linked <= _MOST_FACT_LINKED for block in items)
    return facts >= max(_LEAST_THINGS, _THINGS_SHARE * (element.last - element.first))


def _is_teaser(survey: Survey, element: Element) -> bool:
    return bool(survey.teasers(element)) and survey.chars(element) < _TEASER_CHARS


def strip_teasers_behind(survey: Survey, numbers: Sequence[int]) -> None:
    """Put out the teasers that follow a text. Of a short one trafilatura would make an article of theirs beside it."""
    last = max((number for number in numbers if survey.prose_of[number] and not survey.rules[number]), default=-1)
    for element in survey.elements if last >= 0 else ():
        is_behind = element.first > last and element.last > element.first + 1 and not survey.is_out(element)
        if is_behind and _is_teaser(survey, element):
            survey.put_out(element, _TEASER)


def _is_picture_box(survey: Survey, element: Element) -> bool:
    """Whether an element is a picture and a few words to it; of a paragraph it is where these name who took it."""
    if not (element.pictures or element.tag == "figure") or survey.chars(element) > _CAPTION_CHARS:
        return False
    blocks = survey.blocks[element.first : element.last]
    if element.tag in _PARAGRAPH_TAGS:
        return len(blocks) == 1 and signs.CREDITED.search(blocks[0].text) is not None
    return not any(
        block.tag in _SET_TAGS or (block.tag == "p" and len(block.text) > _CAPTION_PARAGRAPH_CHARS) for block in blocks
    )


_MOST_LABEL_CHARS = 40
_LETTER_PATH = re.compile(r"newsletter|sign-?up", re.IGNORECASE)
_MOST_LINKS = 5  # in one paragraph that leads on; more are an index of something
_ALONE = 0.9
_ARROW = re.compile(r"(?:>>|→|►|▶|➤|➔|➡|»)\s*\w")
_LONGEST_POINTER = 200


def _leads_elsewhere(block: Block, own_host: str) -> bool:
    """Whether a paragraph is links to other pages of the outlet, or a label and a link: "Related: …", "→ …"."""
    if block.tag == "li" or not 0 < len(block.links) <= _MOST_LINKS:  # lists are judged as a whole
        return False
    text = block.text
    is_pointer = signs.POINTER_LINE.fullmatch(text) and not signs.REPORTED.search(text)
    if len(text) <= _LONGEST_POINTER and (_ARROW.match(text) or is_pointer):
        return True
    beside = (1 - block.linked) * len(text)
    is_labelled = ":" in text[:_MOST_LABEL_CHARS] or signs.PROMO_LABEL.match(text) is not None
    if block.linked >= _MOST_LINK_SHARE and beside <= _MOST_LABEL_CHARS and is_labelled:
        return True
    is_said = text.endswith((".", ":")) or text.startswith("http")
    is_alone = block.linked * len(text) >= _ALONE * len(text.strip("[]() "))
    if not is_alone or is_said:
        return False
    return bool(signs.CALL_LINE.fullmatch(text)) or all(leads_on(link, own_host) for link in block.links)


_LEAST_QUOTED_CHARS = 20  # letters and digits; a shorter quote may well be said twice
_LONGEST_NAME = 60  # of who is quoted, under a quote that is set large
_QUOTE_LEVELS, _MOST_QUOTED = 3, 4  # from a paragraph up to what is called a quote; paragraphs that it holds


def strip_pull_quotes(survey: Survey, numbers: Sequence[int]) -> None:
    """Put out quotes set large that stand in the text as well, and the names under them."""
    quotes = {number: quote for number in numbers if (quote := _quote_around(survey, number))}
    if not quotes:  # as on most pages
        return
    text = "\n".join(
        fold(survey.blocks[number].text) for number in numbers if number not in quotes and not survey.rules[number]
    )
    for number, quote in quotes.items():
        words = fold(survey.blocks[number].text)
        if survey.rules[number] is None and len(words) >= _LEAST_QUOTED_CHARS and words in text:
            survey.rules[number] = _PULL_QUOTE
            under = number + 1
            if under < quote.last and len(survey.blocks[under].text) <= _LONGEST_NAME:
                survey.rules[under] = survey.rules[under] or _PULL_QUOTE


def _quote_around(survey: Survey, number: int) -> Element | None:
    """The element that sets a block apart as a quote, by its tag or its name, and holds little else."""
    element = survey.blocks[number].element
    around = (element, *islice(element.around(), _QUOTE_LEVELS))
    quote = next(filter(_sets_quote, around), None)
    return quote if quote and quote.last - quote.first <= _MOST_QUOTED else None


def _sets_quote(element: Element) -> bool:
    if element.tag == "blockquote" or not element.names:
        return element.tag == "blockquote"
    names = element.names.casefold()
    return "quote" in names or "click-to-tweet" in names


_COPIED_CHARS, _LEAST_COPIED = 60, 3  # paragraphs that stand again in a row; a menu or a refrain repeats one or two


def strip_copies(survey: Survey, numbers: Sequence[int]) -> None:
    """Put out a second copy of the text, for print or for phones: paragraphs that stood already, in the same order."""
    long = [n for n in numbers if not survey.rules[n] and len(survey.blocks[n].text) >= _COPIED_CHARS]
    first_at: dict[str, int] = {}
    run = list[tuple[int, int]]()  # block number, place of its first copy
    for place, number in enumerate(long):
        stood = first_at.setdefault(survey.blocks[number].text, place)
        if stood == place or (run and stood != run[-1][1] + 1):
            _put_out_copies(survey, run)
            run = []
        if stood != place:
            run.append((number, stood))
    _put_out_copies(survey, run)


def _put_out_copies(survey: Survey, run: Sequence[tuple[int, int]]) -> None:
    if len(run) >= _LEAST_COPIED:
        for number, _ in run:
            survey.rules[number] = "markup:copy"


_MOST_CLOSING = 0.3  # of the text: "About the author", "Press contact" at its end
_LONGEST_HEADING = 60


def strip_closing(survey: Survey, numbers: Sequence[int]) -> None:
    """Put out the last section where its heading says that it is about the author, the company, the sources."""
    kept = [number for number in numbers if not survey.rules[number]]
    most = _MOST_CLOSING * sum(len(survey.blocks[number].text) for number in kept)
    behind = 0
    found = None
    for place in range(len(kept) - 1, -1, -1):
        block = survey.blocks[kept[place]]
        behind += len(block.text)
        if behind > most:
            break
        if _is_heading(block) and signs.CLOSING_HEADING.fullmatch(block.text):
            found = place
    for number in kept[found:] if found is not None else ():
        survey.rules[number] = "markup:closing"


def _is_heading(block: Block) -> bool:
    """Whether a block is a heading, or a line set as one."""
    return len(block.text) <= _LONGEST_HEADING and (
        block.tag in HEADINGS or block.emphasis >= _ALONE or block.text.endswith(":")
    )


# ---------------------------------------------------------------- lines that are no paragraphs

_SOLID_TAGS = _SET_TAGS | {"li"}
_LABEL_CHARS = 50
_PARAGRAPH_SHARE = 0.7  # of the prose in paragraphs: then a short line in none is a label
_FRAME_TAGS = frozenset({"div", "section", "span", "article", "header"})


def strip_labels(survey: Survey, numbers: Sequence[int]) -> None:
    """Put out labels: before the first line of prose, after the last one, and short lines that are in no paragraph.

    Headings stay where something follows them, but a first-level one before the text: it is the headline.
    """
    kept = [number for number in numbers if not survey.rules[number]]
    solid = [number for number in kept if survey.prose_of[number] or survey.blocks[number].tag in _SOLID_TAGS]
    if not solid:
        return
    is_set = _is_set_in_paragraphs(survey, kept)
    last = max(number for number in (solid[-1], *kept) if number == solid[-1] or _is_told(survey.blocks[number]))
    for number in kept:
        block = survey.blocks[number]
        if number < solid[0] and (block.tag == "h1" or block.tag not in HEADINGS) and not _is_said(block):
            survey.rules[number] = "markup:headline" if block.tag == "h1" else "markup:opening"
        elif number > last:
            survey.rules[number] = "markup:closing"
        elif is_set and _is_label(block):
            survey.rules[number] = "markup:label"


def _is_said(block: Block) -> bool:
    """Whether a block is a sentence in a paragraph, however short it is."""
    return block.tag == "p" and block.text.endswith(SENTENCE_ENDS) and block.linked < _ALONE


_FACT = re.compile(r"[^\W\d][^:.!?]{1,30}: ?(?=\D{0,60}\d)[^|·•]{1,80}")


def _is_told(block: Block) -> bool:
    """Whether a block is a sentence, or a fact in a paragraph of its own: "Running time: 98 minutes"."""
    is_fact = block.tag == "p" and not block.links and _FACT.fullmatch(block.text) is not None
    return _is_said(block) or (is_fact and not signs.STAMP.search(block.text))


def _is_set_in_paragraphs(survey: Survey, numbers: Sequence[int]) -> bool:
    prose = sum(survey.prose_of[number] for number in numbers)
    in_paragraphs = sum(survey.prose_of[number] for number in numbers if survey.blocks[number].tag == "p")
    return in_paragraphs > _PARAGRAPH_SHARE * prose


def _is_label(block: Block) -> bool:
    is_short = block.tag in _FRAME_TAGS and len(block.text) < _LABEL_CHARS
    return is_short and not block.text.endswith((*SENTENCE_ENDS, ":"))
