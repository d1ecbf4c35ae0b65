"""What a reader asks first of a story: where it was shown, how many there were, who is quoted, when each was out.

Everything is read from the story's own rows; nothing here is a judgement, each value stands with who gives it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from presswatch.align.amounts import CURRENCIES, PERCENT
from presswatch.align.differences import name_works
from presswatch.align.first import bound_publication
from presswatch.align.text import find_name_words, split_words, stem_word
from presswatch.align.told import read_figures
from presswatch.align.values import Told
from presswatch.align.when import MONTHS
from presswatch.cleaning import clean_text
from presswatch.extract.names import kind_of_name
from presswatch.model import Article, Verdict
from presswatch.report.wording import join_words, list_names

Row = Mapping[str, Any]

MENTIONS_READ = 300  # for figures, those of most outlets first: some 20 ms, however large the story is
_MOST_VALUES = 4  # of one thing: what is counted in more ways is many things
_MOST_VOICES = 20
_OUTLETS_FOR_FIGURE = 2  # what one outlet alone counts is told only where the headlines name the thing

_LABELS = {"runtime": "Running time", "box office": "Box office"}
_UNIT_LABELS = {"$": "Dollars", "£": "Pounds", "€": "Euros", "%": "Per cent"}
_FIRST_SHOWN, _CAME_OUT = "First shown", "Released"
_LENGTH_OF_TIME = "Lengths of time"
_STRETCHES = frozenset({"time", *map(stem_word, ("days", "nights", "weeks", "weekends", "months", "years", "decades"))})

# What a difference is about, where no figure has a name for it; what has no name here stands as the tables have it.
_KINDS = {
    **_LABELS,
    "release": "Where it was shown",
    "place": "Where it happened",
    "date": "When it was",
    "role": "Who did what",
    "age": "Age",
    "rank": "Which one in order",
    "name": "How a name is spelt",
    "denial": "Said, and denied",
    "certainty": "In talks, or settled",
    "contrary": "One way, or the other",
    "rating": "Rating",
    "format": "What it was shot on",
}

# A sentence that calls upon the reader, and a title within the text, say nothing of the story.
_CALL = re.compile(
    r"(?:check out|click|have a look|listen|read|scroll|see|stream|subscribe|take a look|view|watch)\b"
    r".*\b(?:above|below|here)\W*",
    re.IGNORECASE | re.DOTALL,
)
_MOST_TITLE_WORDS, _MOST_SCRAP_WORDS = 8, 5
_NUMBER = re.compile(r"\d+")
_FACT = re.compile(r"[:\d]")

# What a rule took out, told by the family that its name begins with; of markup the name says more.
_RULE_KINDS = {
    "stop": "set phrases",
    "line": "lines that repeat headline or byline",
    "page": "repeated on later pages",
    "outside": "prose outside the article",
}


@dataclass(frozen=True, kw_only=True)
class Said:
    """A sentence, who printed it and where. Texts are empty and `url` None where nothing is known.

    `number` is that of its article in the report's list, 0 where that is not there.
    """

    outlet_id: str
    outlet: str
    text: str
    headline: str = ""
    url: str | None = None
    published_at: datetime | None = None
    number: int = 0


@dataclass(frozen=True, kw_only=True)
class ValueLine:
    """One of the values that are given for a thing, and the sentences that give it.

    `key` is the same for each value that is the same of the same thing, however it is printed; of figures alone.
    """

    value: str
    said: tuple[Said, ...]
    key: Hashable = None

    @property
    def outlets(self) -> str:
        """Who gives this value, as words: by their articles."""
        by_time = sorted(self.said, key=lambda said: said.number)
        return join_words(list(dict.fromkeys(said.outlet for said in by_time)))


@dataclass(frozen=True, kw_only=True)
class FigureLine:
    """What the outlets count, rank or date of one thing, the value that most give first.

    `dispute` says how surely values of it differ (`clear`, `likely`, `possible`), where a difference of them is told.
    """

    thing: str
    values: tuple[ValueLine, ...]
    relation: str = ""  # how two values of it go together, where arithmetic alone tells
    dispute: str = ""
    is_stretch: bool = False  # time alone is counted, and the headlines do not name it: of anything

    @property
    def is_of_one_thing(self) -> bool:
        """Whether its values are of the same thing, as far as can be told.

        Whoever counts crews counts crews; "ten years later" and "within two years" have nothing in common but the unit.
        So a stretch of time needs two outlets with the same value, or a difference.
        """
        return not self.is_stretch or bool(self.dispute) or len(self.values[0].said) > 1

    @property
    def is_first_shown(self) -> bool:
        """Whether it tells where something was shown first."""
        return self.thing == _FIRST_SHOWN

    @property
    def by_outlets(self) -> dict[str, list[ValueLine]]:
        """The values by who gives them, so that those of the same outlets stand together."""
        found: dict[frozenset[str], list[ValueLine]] = defaultdict(list)
        for value in self.values:
            found[frozenset(said.outlet_id for said in value.said)].append(value)
        return {values[0].outlets: values for values in found.values()}


@dataclass(frozen=True, kw_only=True)
class Quoting:
    """What one outlet prints of somebody: how many quotes, the first of them, and whom it says they were told to.

    That may be itself (`is_direct`); what it says of another has a verdict.
    """

    said: Said
    count: int
    told_to: str = ""
    is_direct: bool = False
    verdict: Verdict | None = None


@dataclass(frozen=True, kw_only=True)
class VoiceLine:
    """Somebody who is quoted, and by which outlets."""

    speaker: str
    quotings: tuple[Quoting, ...]

    @property
    def where(self) -> tuple[str, ...]:
        """As words, outlets that say the same together: `in K and /Film, told to L`, `in L, told to L itself`."""
        found: dict[tuple[str, bool], list[str]] = defaultdict(list)
        for one in self.quotings:
            found["" if one.is_direct else one.told_to, one.is_direct].append(one.said.outlet)
        return tuple(
            f"in {list_names(outlets)}"
            + (f", told to {told_to or _tell_selves(outlets)}" if told_to or is_direct else "")
            for (told_to, is_direct), outlets in found.items()
        )


def _tell_selves(outlets: Sequence[str]) -> str:
    return f"{outlets[0]} itself" if len(outlets) == 1 else "each of them"


def find_figures(
    mentions: Iterable[Row], weights: Mapping[str, int], headlines: str, say: Callable[[str], Said | None]
) -> tuple[FigureLine, ...]:
    """Where it was shown, and what is counted: what several outlets count, or what the headlines name.

    Read in the sentences of shared claims: what others do not speak of is no figure of the story.

    What was shown first comes first, then what most outlets count.

    Args: rows of mentions; how many outlets speak of a claim, by its id, so that what most tell is read first; the
        headlines as one text; what gives the sentence of a mention.
    Cost: at most `MENTIONS_READ` mentions are read.
    """
    reporting = sorted(
        (-weights[row["claim_id"]], row["mention_id"], row["text"] or "")
        for row in mentions
        if row["kind"] == "statement" and row["voice"] != "opinion" and weights.get(row["claim_id"] or "", 0) > 1
    )
    told: dict[tuple[str, str], list[tuple[Told, Said]]] = defaultdict(list)
    for _, mention_id, text in reporting[:MENTIONS_READ]:
        for one in read_figures(text):
            said = say(mention_id)
            if said and one.value != 1.0:  # "one of them" counts nothing
                told[_thing_of(one)].append((one, said))
    _join_lengths(told, headlines.casefold())
    named = {stem_word(word) for word in split_words(headlines)}
    lines = []
    for (kind, key), found in told.items():
        outlets, values = len({said.outlet_id for _, said in found}), _value_lines(found)
        line = FigureLine(
            thing=_label(key, found),
            values=values,
            relation=_relate([one for one, _ in found]),
            is_stretch=kind == "number" and key not in named and not _STRETCHES.isdisjoint(key.split()),
        )
        if kind == "release":
            lines.append(((0, int(key != _FIRST_SHOWN), 0, key), line))
        elif (outlets >= _OUTLETS_FOR_FIGURE or key in named) and len(values) <= _MOST_VALUES:
            lines.append(((1, -outlets, -len(found), key), line))
    return tuple(line for _, line in sorted(lines, key=lambda pair: pair[0]))


def _join_lengths(told: dict[tuple[str, str], list[tuple[Told, Said]]], headlines: str) -> None:
    """Take what the work is said to last for its running time, where that is a running time that somebody tells.

    By its verb alone it could be a storm's; the same length in a sentence that names a work hardly is.
    """
    running, lengths = ("runtime", "runtime"), ("number", "time")
    values = {one.value for one, _ in told.get(running, ())}
    for pair in list(told.get(lengths, ())) if values else ():
        one, said = pair
        lasts = re.search(_LASTS + re.escape(one.printed), said.text, re.IGNORECASE)
        if lasts and one.value in values and name_works(said.text, headlines):
            told[lengths].remove(pair)
            told[running].append((replace(one, kind="runtime", key="runtime"), said))
    if lengths in told and not told[lengths]:
        del told[lengths]


_LASTS = r"\blast(?:s|ed|ing)? (?:for |just |only |about |nearly |over |some |a )*"


def _relate(found: Sequence[Told]) -> str:
    """How a count and a rank of one thing go together, where each is one: nine and the 10th, ten and the 10th.

    Nothing else is concluded: whether both are told of the same nine, no number says. A count that is called rough, or
    has bounds, is not exact enough.
    """
    counts = {told.value: told for told in found if told.kind == "number"}
    ranks = {told.value: told for told in found if told.kind == "rank"}
    if len(counts) != 1 or len(ranks) != 1 or any(told.is_rough or told.bounds for told in found):
        return ""
    (count,), (rank,) = counts.values(), ranks.values()
    many, nth = clean_text(count.printed.lower()), clean_text(rank.printed)
    if rank.value == cast("float", count.value) + 1:
        return f"Both can be true: {many} before the {nth}, {rank.value:,.0f} with it."
    if rank.value == count.value:
        return f"Both can be true: the {nth} makes {many}."
    return ""


def find_values(kind: str, unit: str, sides: Sequence[ValueLine]) -> list[list[Hashable]]:
    """For each side of a difference the keys that its value has among figures, as many as it may be read in."""
    if kind not in _FIGURE_KINDS:
        return [[] for _ in sides]
    read = [_read_side(side, kind) for side in sides]
    its = [[told for told in own if not unit or unit.casefold() == (told.unit or "").casefold()] for own in read]
    things = {_thing_of(told) for own in its for told in own}
    return [
        [_key_of(told) for told in own or others if _thing_of(told) in things]  # "two hours", and 118 minutes
        for own, others in zip(its, read, strict=True)
    ]


_FIGURE_KINDS = frozenset({"number", "runtime", "box office", "release"})


def _read_side(side: ValueLine, kind: str) -> list[Told]:
    """What the sentences of a side of a difference tell of some kind, where they print its value."""
    return [
        told
        for said in side.said
        for told in read_figures(said.text)
        if told.kind == kind
        and side.value.casefold()
        in (clean_text(text).casefold() for text in (told.printed, f"{told.printed} {told.unit}"))
    ]


def _key_of(told: Told) -> Hashable:
    return *_thing_of(told), told.value, told.kind


_MONTH = re.compile("|".join(MONTHS))
_YEAR = re.compile(r"(?<=\d),? ((?:19|20)\d\d)\b")


def fold_values(kind: str, values: Collection[str]) -> dict[str, str]:
    """What the values of a difference are told apart by: "Nov. 20" is "November 20, 2026" where no other year is told.

    >>> sorted(set(fold_values("date", ["Nov. 20", "November 20, 2026", "Nov. 27"]).values()))
    ['nov 20', 'nov 27']
    """
    if kind != "date":
        return {value: value.casefold() for value in values}
    folded = {value: _MONTH.sub(lambda month: month[0][:3], value.casefold()).replace(".", "") for value in values}
    if len({year for value in values for year in _YEAR.findall(value)}) > 1:
        return folded
    return {value: _YEAR.sub("", day) for value, day in folded.items()}


def name_release(sides: Iterable[ValueLine]) -> str:
    """What a difference about a release is about, as its figure is called; nothing where its sentences tell several."""
    named = {_thing_of(told)[1] for side in sides for told in _read_side(side, "release")}
    return named.pop() if len(named) == 1 else ""


def name_difference(kind: str, unit: str, thing: str = "") -> str:
    """What a difference is about, as a title: what its figure is called, else by its kind; with its unit.

    >>> name_difference("number", "nights"), name_difference("runtime", "minutes")
    ('How many nights', 'Running time · minutes')
    """
    if not thing and kind == "number":
        return _UNIT_LABELS.get(unit) or f"How many {unit}".strip()
    title = thing or _KINDS.get(kind, kind)
    is_told = not unit or unit in _UNIT_LABELS or unit.rsplit(maxsplit=1)[-1].casefold() in title.casefold()
    return title if is_told else f"{title} · {unit}"


def _thing_of(told: Told) -> tuple[str, str]:
    if told.kind == "release":
        return "release", _FIRST_SHOWN if told.is_sole or told.unit == "first" else _CAME_OUT
    return "number" if told.kind == "rank" else told.kind, told.key  # nine videos, and the tenth


def _label(key: str, found: Sequence[tuple[Told, Said]]) -> str:
    """What is counted, in the words of those who count it: the shortest, as "videos" says more than "music videos".

    A count is told as what is asked ("How many videos"), a rank alone as what is ranked ("Album").
    """
    told = found[0][0]
    if told.kind == "release":
        return key
    if told.kind in _LABELS or key in _UNIT_LABELS:
        return _LABELS.get(told.kind) or _UNIT_LABELS[key]
    if key == "time":
        return _LENGTH_OF_TIME
    counted = [one.unit or key for one, _ in found if one.kind == "number"]
    units = Counter(counted or [one.unit or key for one, _ in found])
    unit = clean_text(min(units, key=lambda unit: (len(unit.split()), -units[unit], unit)))
    return f"How many {unit}" if counted else unit.capitalize()


def _value_lines(found: Iterable[tuple[Told, Said]]) -> tuple[ValueLine, ...]:
    """The values of one thing: those of most outlets first, each with one sentence an outlet."""
    by_value: dict[tuple[object, str], dict[str, tuple[Told, Said]]] = defaultdict(dict)
    for told, said in found:
        by_value[told.value, told.kind].setdefault(said.outlet_id, (told, said))
    lines = []
    for own in by_value.values():
        by_time = sorted(own.values(), key=lambda pair: pair[1].number)
        told = by_time[0][0]
        size = told.value if isinstance(told.value, float) else 0.0
        line = ValueLine(value=_printed(told), said=tuple(said for _, said in by_time), key=_key_of(told))
        lines.append(((-len(line.said), size, line.said[0].number, line.value), line))
    return tuple(line for _, line in sorted(lines, key=lambda pair: pair[0]))


def _printed(told: Told) -> str:
    if told.kind not in ("number", "rank", "runtime"):
        return clean_text(told.printed)
    unit = "" if not told.unit or told.unit in CURRENCIES or told.unit == PERCENT else f" {told.unit}"
    return clean_text(f"{told.printed.lower()}{unit}")  # "Nine crews" began a sentence


def find_voices(
    mentions: Iterable[Row],
    verdicts: Mapping[str, Verdict],
    say: Callable[[str], Said | None],
    name: Callable[[str], str],
) -> tuple[VoiceLine, ...]:
    """Who is quoted: those whom most outlets quote first, then those quoted most."""
    quotes: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in mentions:
        if row["kind"] == "quote" and row["speaker"]:
            quotes[clean_text(row["speaker"])][row["outlet_id"] or ""].append(row)
    lines = []
    for speaker, by_outlet in quotes.items():
        quotings = []
        for rows in by_outlet.values():
            rows.sort(key=_by_credit)
            said = say(rows[0]["mention_id"])
            if said:
                count = len({row["quote_id"] or row["mention_id"] for row in rows})
                credit = rows[0]["credit"]
                told_to = name(credit) if credit else ""
                verdict = verdicts.get(rows[0]["mention_id"]) if credit != rows[0]["outlet_id"] else None
                is_direct = bool(credit) and credit == rows[0]["outlet_id"]
                quotings.append(Quoting(said=said, count=count, told_to=told_to, is_direct=is_direct, verdict=verdict))
        quotings.sort(key=lambda quoting: quoting.said.number)
        lines.append(VoiceLine(speaker=speaker, quotings=tuple(quotings)))
    lines = [line for line in lines if line.quotings]
    lines.sort(key=lambda line: (-len(line.quotings), -sum(one.count for one in line.quotings), line.speaker))
    return tuple(lines[:_MOST_VOICES])


def _by_credit(row: Row) -> tuple[int, str, int]:
    """Quotes told to another outlet first, then those told to this one, then those of which nothing is said."""
    credit = row["credit"]
    rank = 2 if not credit else int(credit == row["outlet_id"])
    return rank, row["article_id"], row["start_char"] or 0


def tells_something(mention: Row) -> bool:
    """Whether a mention says something of the story; titles within a text, and calls upon the reader, do not.

    Nor do a few words in quote marks that are nobody's: the sentence that they stand in tells what is meant.
    A title has few words and ends without a mark, in a letter that has a capital: where none has, as in Thai, sentences
    may end so. What has a colon or a figure tells something: "First place: Lantern", "Runtime 112 minutes".
    """
    text = mention["text"] or ""
    if mention["kind"] == "quote":
        return bool(mention["speaker"]) or len(text.split()) > _MOST_SCRAP_WORDS
    if mention["part"] != "body":
        return True
    end = text.rstrip("\"'”’»)]")[-1:]
    is_title = end.lower() != end.upper() and len(text.split()) <= _MOST_TITLE_WORDS and not _FACT.search(text)
    return not is_title and not _CALL.fullmatch(text)


def rank_alone(mention: Row) -> tuple[int, int, int]:
    """Where a sentence stands among those that its outlet alone has, the least first.

    Reported sentences come before opinions and quotes, and what stands over the article last: it is told again below.
    Among them the one with most names and numbers is first, for those can be checked; then as the article has them.
    """
    text = mention["text"] or ""
    is_own = mention["kind"] == "quote" or mention["voice"] == "opinion"
    particulars = {*find_name_words(text), *_NUMBER.findall(text)}
    return 2 if mention["part"] != "body" else int(is_own), -len(particulars), mention["start_char"] or 0


def bound_article(row: Row, seen_at: datetime | None) -> tuple[datetime | None, datetime | None]:
    """Between which moments an article came out, as far as page, feed and first sight tell; None where nothing does.

    Args: a row of `articles`; when its first revision was seen first.
    """
    article = Article(
        article_id=row["article_id"],
        url="",
        text="",
        published_at=row["published_at"],
        published_is_day=bool(row["published_is_day"]),
        listed_at=row["listed_at"],
        listed_is_day=bool(row["listed_is_day"]),
    )
    bounds = bound_publication(article, seen_at)
    return bounds.earliest, bounds.latest


def tell_rule(rule: str) -> str:
    """What kind of block a rule takes out: `comments`, `share`, `set phrases`.

    >>> tell_rule("strip:.comments-area"), tell_rule("markup:share"), tell_rule("stop:^Popular on ")
    ('comments', 'share', 'set phrases')
    """
    family, _, what = rule.partition(":")
    if family == "markup":
        return what or family
    if family == "strip":
        names = (name for name in what.replace(".", " ").replace("#", " ").replace("[", " ").replace("]", " ").split())
        return next((kind for kind in map(kind_of_name, names) if kind), "other elements of the page")
    return _RULE_KINDS.get(family, family)
