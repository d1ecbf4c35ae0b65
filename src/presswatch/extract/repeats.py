"""Lines that an outlet prints under article after article → `stop` patterns that would take them out. Pure.

What no rule knows is told by counting: a sentence of a report stands in that report, a pitch for a podcast in all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from presswatch.extract.prose import SENTENCE_ENDS

LONGEST_LINE = 250  # characters; of a promo or a form, as in `lines`: what is longer is a paragraph
LEAST_STORIES = 3  # two are often one story that grouping held apart
_MOST = 0.9  # of some stories: nearly all, one in ten may be odd
_LEAST_BEGINNING_WORDS = 3  # "Read more" is known by its kind; "Release date:" and "Best Actor" begin what is meant
_LEAST_BEGINNING_SHARE = 0.5  # of a sentence: "According to the minister," begins longer ones
_TOKEN = re.compile(r"\d+|[^\W\d_]+|.", re.DOTALL)
_SPECIAL = re.compile(r"[\\.^$*+?{}\[\]|()]")
_NUMBER = r"\d+"


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """A line, or the beginning of many, that stands in `articles` articles on `stories` stories; `stop` matches it.

    `example` is one such line as printed, `url` an article that holds it. `doubt` says why these may be facts of the
    articles after all ("He was 81."), so that somebody has to look at them; empty where they stand letter by letter.
    """

    stop: str
    stories: int
    articles: int
    example: str
    url: str
    doubt: str = ""


@dataclass(frozen=True)
class Told:
    """An article as counting needs it: its address, its story, its text (paragraphs are lines)."""

    url: str
    story_id: str
    text: str


@dataclass(frozen=True)
class _Line:
    text: str
    tokens: tuple[str, ...]  # words, signs and spaces; every number is one token
    article: int
    story: str


def least_stories(stories: int) -> int:
    """In how many stories a line has to stand before it is taken for the outlet's, of so many that there are.

    The square root, and three at least: of 5 stories 3, of 100 10, of 5,000 71. What an outlet prints under a share of
    its articles grows as they do; a sentence that is used again goes with its subject, and stays at some ten stories
    however large the archive gets. The root lies between the two at every size: it finds a line of one article in ten
    from a hundred stories on, one in fifty from 2,500 on.
    """
    return max(LEAST_STORIES, ceil(sqrt(stories)))


def find_repeats(articles: Sequence[Told], stop: Iterable[str] = ()) -> list[Repeat]:
    """The lines that stand under articles on many different stories, those in most stories first.

    Args: the articles of one outlet, each once; `stop` are patterns that are declared already: what they match is
        passed over.
    Returns: a `Repeat` for a line that stands again letter by letter (but for numbers), `^…$`; and for a beginning of
        lines that go on in different ways, `^…`, where these are no sentences or it is most of them. There is a doubt
        where numbers vary, where a sentence has any, and where sentences and labels go on in different ways.
    Cost: 2 s and 150 MB for 5,000 articles of 20 lines each.
    """
    known = [re.compile(pattern) for pattern in stop]
    lines = [line for number, told in enumerate(articles) for line in _lines_of(number, told, known)]
    least = least_stories(len({told.story_id for told in articles}))
    found = [_describe(group, depth, articles) for group, depth in _walk(lines, 0, least)]
    return sorted(found, key=lambda repeat: (-repeat.stories, -repeat.articles, repeat.stop))


def _lines_of(number: int, told: Told, known: Sequence[re.Pattern[str]]) -> Iterator[_Line]:
    for text in dict.fromkeys(told.text.split("\n")):
        if 0 < len(text) <= LONGEST_LINE and not any(pattern.search(text) for pattern in known):
            yield _Line(text, tuple(_tokens(text)), number, told.story_id)


def _tokens(text: str) -> Iterator[str]:
    for token in _TOKEN.findall(text):
        yield _NUMBER if token.isdecimal() else token


def _walk(lines: Sequence[_Line], depth: int, least: int) -> Iterator[tuple[Sequence[_Line], int]]:
    """Of lines that have their first `depth` tokens in common, those of one pattern, and how many tokens it has."""
    while _count(lines) >= least:
        ended = [line for line in lines if len(line.tokens) == depth]
        if _count(ended) >= least:
            yield ended, depth
        lines = [line for line in lines if len(line.tokens) > depth]
        parts: dict[str, list[_Line]] = defaultdict(list)
        for line in lines:
            parts[line.tokens[depth]].append(line)
        main = max(parts.values(), key=_count, default=[])
        if depth and _count(lines) >= least and _count(main) < _MOST * _count(lines) and _begins(lines, depth):
            yield lines, depth
            return
        for part in parts.values():
            if part is not main:
                yield from _walk(part, depth + 1, least)
        lines, depth = main, depth + 1  # not by recursion: lines have a hundred tokens


def _count(lines: Iterable[_Line]) -> int:
    return len({line.story for line in lines})


def _begins(lines: Sequence[_Line], depth: int) -> bool:
    """Whether what some lines begin with is a label or a pitch, not how sentences begin."""
    tokens = lines[0].tokens[:depth]
    if sum(token.isalpha() for token in tokens) < _LEAST_BEGINNING_WORDS:
        return False
    said = sum(line.text.endswith(SENTENCE_ENDS) for line in lines)
    if said <= (1 - _MOST) * len(lines):
        return True
    return len("".join(tokens)) >= _LEAST_BEGINNING_SHARE * sum(len(line.text) for line in lines) / len(lines)


def _describe(lines: Sequence[_Line], depth: int, articles: Sequence[Told]) -> Repeat:
    tokens = [_same(printed) for printed in zip(*(_TOKEN.findall(line.text)[:depth] for line in lines), strict=True)]
    is_whole = all(len(line.tokens) == depth for line in lines)
    pattern = _pattern(tokens)
    return Repeat(
        stop=pattern + ("$" if is_whole else r"\b" if pattern[-1].isalpha() else ""),
        stories=_count(lines),
        articles=len({line.article for line in lines}),
        example=lines[0].text,
        url=articles[lines[0].article].url,
        doubt=_doubt(lines, tokens, is_whole=is_whole),
    )


def _same(printed: Sequence[str]) -> str:
    """What stands in one place of several lines: the same, or another number in each."""
    return printed[0] if len(set(printed)) == 1 else _NUMBER


def _pattern(tokens: Sequence[str]) -> str:
    """What matches these tokens where a line begins; a blank behind the last word is not asked for."""
    told = "".join(token if token == _NUMBER else _SPECIAL.sub(r"\\\g<0>", token) for token in tokens)
    return f"^{told.rstrip()}"


def _doubt(lines: Sequence[_Line], tokens: Sequence[str], *, is_whole: bool) -> str:
    """Why lines may say something of their articles, and not of the outlet."""
    is_sentence = any(line.text.endswith(SENTENCE_ENDS) for line in lines)
    if _NUMBER in tokens:
        return "its numbers vary"
    if is_whole and is_sentence and any(token.isdecimal() for token in tokens):
        return "a sentence with a number"
    if not is_whole and (is_sentence or "".join(tokens).rstrip().endswith(":")):
        return "it goes on in different ways"
    return ""
