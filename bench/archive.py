"""An archive of news that never was, by a seed and of any size, whose stories are known: what `bench/scale.py` runs on.

Forty outlets tell what happens in stories: who did what to which thing, with numbers, quotes and credits. Each takes
some of a story's facts and puts them in words of its own, adds facts that nobody else has and sentences that would
stand in any article of its beat. A month has 10,000 articles of some 1,500 stories of 1 to 40 articles, in some 300,000
sentences. People, firms and places return in other stories, so names alone do not tell them apart.

    python bench/archive.py DATA --articles 1000    WARC files and outlets for `presswatch rebuild`, and truth.csv
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count, groupby, islice, pairwise
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent))
import archive_words as words
from archive_pages import FAMILIES, LAYOUTS, make_page
from presswatch.archive import RawWriter
from presswatch.extract.body import PARAGRAPH_BREAK
from presswatch.model import Article, Capture, digest_text, make_id
from presswatch.storage import DataDir
from presswatch.urls import identity

OUTLETS = 40
MONTH_ARTICLES = 10_000  # the month that the musts of `bench/scale.py` are told for
FIRST_YEAR = 2024

# A story has n articles with odds of n to this power, up to so many: 1,500 stories in 10,000 articles, one in three
# of which has one
TAIL, MOST_ARTICLES = -1.27, 40
MEDIAN_LOG_HOURS, SPREAD_LOG_HOURS = 2.2, 1.1  # from a story's first article to another: nine hours, or some days
FEATURE_SHARE, FEATURE_HOURS = 0.03, (400.0, 1100.0)  # of a story's later articles, and when those come
COPY_SHARE = 0.03  # of a story's later articles: the first one's text, as another outlet prints it
AGENCY_FROM, AGENCY_SHARE, AGENCY_COPIES = 10, 0.03, 0.6  # of the stories of so many; and of their articles
UNDATED_SHARE = 0.02  # of all articles
DIFFERS_SHARE = 0.06  # of the tellings of a fact: with another number
CREDIT_SHARE = 0.4  # of a story's later articles: with another outlet named
TRIMMED_SHARE, REWORDED_SHARE = 0.15, 0.1  # of the tellings of a quote
NUMBER_SHARE = 0.4  # of facts
ROLE_SHARE = 0.25  # of the times that a work is named: by what it is, and not by its title
ENDING_SHARE = 0.55  # of sentences that are no quotes: they go on with a clause that tells nothing of the story
# What an article's sentences are: the story's facts, its quotes, facts that nobody else has; the rest are asides
FACT_SHARE, QUOTE_SHARE, OWN_SHARE = 0.46, 0.14, 0.18
LENGTHS = (12, 20, 25, 29, 32, 36, 54)  # an article's sentences lie between two neighbours of these: 30 on average
DELAY = timedelta(minutes=40)  # from publication to fetching

_ARTICLE_A = re.compile(r"\b[Aa](?= [aeiou])")


@dataclass(frozen=True, kw_only=True)
class Told:
    """An article, when it was fetched, and what is true of it: its story, and the article whose text it prints."""

    article: Article
    fetched_at: datetime
    story: str
    copy_of: str | None = None


@dataclass(frozen=True)
class Masthead:
    """An outlet of the archive; `family` is the markup of its pages."""

    outlet_id: str
    name: str
    host: str
    family: int


@dataclass(frozen=True)
class _Pool:
    """Whom and what the stories have in common."""

    people: tuple[str, ...]
    firms: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True)
class _Fact:
    """What is so in a story, whatever the words: the ways to tell it, and what goes into their blanks."""

    forms: Sequence[str]
    deed: words.Same
    quality: words.Same
    what: words.Same
    who: int
    of: str
    where: str
    when: str
    crowd: str
    unit: str
    number: int


@dataclass(frozen=True)
class _Quote:
    """What somebody said, and a word of it for which some print another."""

    who: int
    sentences: tuple[str, ...]
    swap: words.Same


@dataclass(frozen=True, order=True)
class _Turn:
    """A story's n-th telling: when, by which outlet, and whether in the words of the first."""

    at: datetime
    story: str
    number: int
    outlet: int = field(compare=False)
    is_copy: bool = field(compare=False)


@dataclass(frozen=True)
class _Story:
    label: str
    beat: words.Beat
    people: tuple[tuple[str, str], ...]  # name and role
    firm: str
    place: str
    owners: tuple[str, ...]  # the works and firms that its things belong to
    things: tuple[words.Same, ...]
    turns: tuple[_Turn, ...]
    facts: tuple[_Fact, ...] = ()
    quotes: tuple[_Quote, ...] = ()


# ---------------------------------------------------------------- what there is


def tell_articles(articles: int, *, seed: int = 0, month_articles: int = MONTH_ARTICLES) -> Iterator[Told]:
    """The first so many articles of an archive, in the order in which they were fetched.

    The same seed tells the same ones: a smaller archive is the beginning of a larger one.

    Args: `month_articles` are those of the stories that begin in a month; some of them come in the next.
    Cost: 0.7 ms an article; the stories of two months in memory.
    """
    return islice(_tell_months(seed, month_articles), articles)


def _tell_months(seed: int, month_articles: int) -> Iterator[Told]:
    waiting: list[tuple[_Turn, _Story]] = []
    for month in count():
        waiting += [(turn, story) for story in _make_stories(seed, month, month_articles) for turn in story.turns]
        waiting.sort(key=lambda pair: pair[0])
        end = _month_start(month + 1)
        yield from (_write(seed, story, turn) for turn, story in waiting if turn.at < end)
        waiting = [(turn, story) for turn, story in waiting if turn.at >= end]


def _month_start(number: int) -> datetime:
    return datetime(FIRST_YEAR + number // 12, 1 + number % 12, 1, tzinfo=UTC)


def _chance(*key: object) -> Random:
    """Chance for one thing: the same on every machine, whatever else is made before it."""
    return Random("/".join(map(str, key)))  # noqa: S311 - nothing secret


@cache
def list_mastheads(seed: int = 0) -> tuple[Masthead, ...]:
    """The outlets of an archive, the largest first."""
    chance = _chance(seed, "outlets")
    places = list(dict.fromkeys(_surname(chance) for _ in range(2 * OUTLETS)))[:OUTLETS]
    made = []
    for number, place in enumerate(places):
        end = chance.choice(words.OUTLET_ENDS)
        slug = f"{place}{end}".lower()
        made.append(Masthead(slug, f"The {place} {end}", f"{slug}.test", number % FAMILIES))
    return tuple(made)


@cache
def _pool(seed: int) -> _Pool:
    chance = _chance(seed, "pool")
    ends = [end for beat in words.BEATS for end in beat.firm]
    return _Pool(
        people=tuple(_person(chance) for _ in range(400)),
        firms=tuple(f"{_surname(chance)} {chance.choice(ends)}" for _ in range(120)),
        places=tuple(_place(chance) for _ in range(200)),
    )


def _surname(chance: Random) -> str:
    return chance.choice(words.SURNAME_STARTS) + chance.choice(words.SURNAME_ENDS)


def _person(chance: Random) -> str:
    return f"{chance.choice(words.FIRST_NAMES)} {_surname(chance)}"


def _place(chance: Random) -> str:
    end = chance.choice(words.PLACE_ENDS)
    return _surname(chance) + (end if end.startswith("-") else f" {end}")


def _often_first(chance: Random, listed: Sequence[str]) -> str:
    return listed[int(len(listed) * chance.random() ** 2)]


# ---------------------------------------------------------------- stories


def _make_stories(seed: int, month: int, month_articles: int) -> Iterator[_Story]:
    """The stories that begin in a month."""
    chance = _chance(seed, month, "sizes")
    begin, end = _month_start(month), _month_start(month + 1)
    sizes = range(1, MOST_ARTICLES + 1)
    odds = [size**TAIL for size in sizes]
    left = month_articles
    for number in count():
        size = min(chance.choices(sizes, odds)[0], left)
        if not size:
            return
        left -= size
        seconds = 1 + int(chance.random() * ((end - begin).total_seconds() - 1))
        yield _make_story(seed, f"{begin:%Y-%m}/{number:04}", begin + timedelta(seconds=seconds), size)


def _make_story(seed: int, label: str, begins_at: datetime, size: int) -> _Story:
    chance, pool = _chance(seed, label), _pool(seed)
    beat = chance.choice(words.BEATS)
    names = [_often_first(chance, pool.people), *(_person(chance) for _ in range(3 + min(size, 12) // 3))]
    firm = _often_first(chance, pool.firms)
    title = f"“{' '.join(chance.sample(words.TITLE_WORDS, 2))}”"
    story = _Story(
        label=label,
        beat=beat,
        people=tuple((name, chance.choice(beat.role)) for name in dict.fromkeys(names)),
        firm=firm,
        place=chance.choice((_place(chance), _often_first(chance, pool.places))),
        owners=(title, title, firm, f"{_surname(chance)} {chance.choice(beat.firm)}"),
        things=(*chance.sample(beat.nouns, 9), *chance.sample(words.THINGS, 4)),
        turns=tuple(_take_turns(chance, label, begins_at, size)),
    )
    return replace(
        story,
        facts=tuple(_make_fact(chance, story, story.things) for _ in range(14 + min(size, 24))),
        quotes=tuple(_make_quotes(chance, story, 3 + min(size, 12) // 2)),
    )


def _take_turns(chance: Random, label: str, begins_at: datetime, size: int) -> Iterator[_Turn]:
    """Who tells a story and when: most within a day, others within days, features after weeks."""
    order = sorted(range(OUTLETS), key=lambda outlet: chance.random() ** (outlet + 4), reverse=True)  # large ones first
    is_agency = size >= AGENCY_FROM and chance.random() < AGENCY_SHARE
    for number in range(size):
        is_feature = chance.random() < FEATURE_SHARE
        hours = chance.lognormvariate(MEDIAN_LOG_HOURS, SPREAD_LOG_HOURS)
        if is_feature:
            hours = chance.uniform(*FEATURE_HOURS)
        at = begins_at + timedelta(seconds=int(3600 * min(hours, FEATURE_HOURS[1])) if number else 0)
        is_copy = chance.random() < (AGENCY_COPIES if is_agency else COPY_SHARE)
        yield _Turn(at, label, number, order[number], is_copy and number > 0)


def _make_fact(chance: Random, story: _Story, things: Sequence[words.Same]) -> _Fact:
    forms: Sequence[str] = (*words.ACTIVE, *words.PASSIVE)
    if chance.random() < NUMBER_SHARE:
        forms = chance.choice((words.AMOUNTS, words.COUNTS, words.SPANS))
    return _Fact(
        forms=forms,
        deed=chance.choice(words.DEEDS),
        quality=chance.choice(words.QUALITIES),
        what=chance.choice(things),
        who=chance.randrange(len(story.people)),
        of=chance.choice(story.owners),
        where=chance.choice((f" in {story.place}", "", "")),
        when=chance.choice((f" on {chance.choice(words.WEEKDAYS)}", f" in {2000 + chance.randrange(24)}", "", "")),
        crowd=chance.choice(story.beat.crowd),
        unit=chance.choice(words.UNITS),
        number=chance.choice((chance.randint(3, 20), chance.randint(20, 95), 10 * chance.randint(10, 90))),
    )


def _make_quotes(chance: Random, story: _Story, quotes: int) -> Iterator[_Quote]:
    """What is said in a story: no two sentences of one form, as long as there are enough."""
    forms = iter(chance.sample(words.SAYINGS, len(words.SAYINGS)) * 2)
    for _ in range(quotes):
        said = [_make_saying(chance, story, next(forms)) for _ in range(chance.choice((1, 1, 2, 2, 3)))]
        swap = next((what for what in story.things if len(what) > 1 and what[0] in said[0]), ("the ",))
        yield _Quote(chance.randrange(len(story.people)), tuple(said), swap)


def _make_saying(chance: Random, story: _Story, form: str) -> str:
    what, other = chance.sample(story.things, 2)
    return form.format(
        what=what[0],
        other=other[0],
        quality=chance.choice(words.QUALITIES)[0],
        place=story.place,
        firm=story.firm,
        name=chance.choice(story.people)[0].split()[-1],
        number=chance.randint(2, 40),
        unit=chance.choice(words.UNITS),
    )


# ---------------------------------------------------------------- articles


class _Teller:
    """An outlet that tells a story in words of its own."""

    def __init__(self, seed: int, story: _Story, turn: _Turn) -> None:
        self._chance = _chance(seed, story.label, turn.number)
        self._story = story
        self._named: set[int] = set()  # whom it has named in full
        earlier = [list_mastheads(seed)[one.outlet].name for one in story.turns if one < turn]
        self._credited = self._chance.choice(earlier) if earlier and self._chance.random() < CREDIT_SHARE else ""

    def tell(self) -> tuple[str, str]:
        """The headline and the text."""
        chance, facts = self._chance, self._story.facts
        length = chance.randint(*chance.choice(tuple(pairwise(LENGTHS))))
        # a story's first facts are told by most, its last by few
        order = sorted(range(1, len(facts)), key=lambda place: place * chance.random())
        told = [self._tell_fact(facts[place]) for place in order[: round(FACT_SHARE * length)]]
        quotes = self._story.quotes
        told += [self._tell_quote(one) for one in chance.sample(quotes, min(len(quotes), round(QUOTE_SHARE * length)))]
        strange = (*chance.sample(self._story.beat.nouns, 4), chance.choice(words.THINGS))
        own = [_make_fact(chance, self._story, strange) for _ in range(round(OWN_SHARE * length))]
        told += map(self._tell_fact, own)
        told += [self._tell_aside() for _ in range(length - len(told) - 1)]
        chance.shuffle(told)
        if self._credited:
            told.insert(chance.randrange(3), self._tell_credit())
        return self._tell_headline(), _join([self._tell_fact(facts[0]), *told], chance)

    def _tell_fact(self, fact: _Fact) -> str:
        return _sentence(self._word_fact(fact) + self._tell_ending())

    def _tell_ending(self) -> str:
        """What a sentence goes on with; mostly nothing."""
        chance, beat = self._chance, self._story.beat
        if chance.random() >= ENDING_SHARE:
            return ""
        return chance.choice(words.ENDINGS).format(
            crowd=chance.choice(beat.crowd),
            other=chance.choice(beat.nouns)[0],
            quality=chance.choice(words.QUALITIES)[0],
            number=chance.randint(3, 20),
            unit=chance.choice(words.UNITS),
        )

    def _word_fact(self, fact: _Fact) -> str:
        chance, number = self._chance, fact.number
        if chance.random() < DIFFERS_SHARE:
            number += chance.choice((-2, -1, 1, 2, 10))
        return chance.choice(fact.forms).format(
            who=self._name(fact.who),
            role=self._story.people[fact.who][1],
            deed=chance.choice(fact.deed),
            quality=chance.choice(fact.quality),
            what=chance.choice(fact.what),
            of=self._name_owner(fact.of),
            where=fact.where,
            when=fact.when,
            where_first=_begin(fact.where),
            when_first=_begin(fact.when),
            number=number,
            crowd=fact.crowd,
            unit=fact.unit,
        )

    def _tell_quote(self, quote: _Quote) -> str:
        chance, said = self._chance, list(quote.sentences)
        change = chance.random()
        if change < TRIMMED_SHARE:
            said = said[:1]
        elif change < TRIMMED_SHARE + REWORDED_SHARE:
            said[0] = said[0].replace(quote.swap[0], quote.swap[-1])
        who, cue = self._name(quote.who), chance.choice(words.CUES)
        if self._credited and chance.random() < CREDIT_SHARE:
            cue = f"told {self._credited}"
        rest = f" “{'. '.join(said[1:])}.”" if said[1:] else ""
        forms = (f"“{said[0]},” {who} {cue}.{rest}", f"{_sentence(who)[:-1]} {cue}: “{'. '.join(said)}.”")
        return chance.choices(forms, (4, 1))[0]

    def _tell_aside(self) -> str:
        chance, beat = self._chance, self._story.beat
        what, other = chance.sample(beat.nouns, 2)
        quality, crowd = chance.choice(chance.choice(words.QUALITIES)), chance.choice(beat.crowd)
        form = chance.choice(words.ASIDES)
        told = form.format(what=what[0], other=other[0], quality=quality, crowd=crowd)
        return _sentence(told + self._tell_ending())

    def _tell_credit(self) -> str:
        fact = self._chance.choice(self._story.facts)
        form = self._chance.choice(words.CREDITS)
        return _sentence(form.format(outlet=self._credited, rest=self._word_fact(fact), what=fact.what[0]))

    def _tell_headline(self) -> str:
        fact, chance = self._story.facts[0], self._chance
        name, _ = self._story.people[fact.who]
        told = chance.choice(words.HEADLINES).format(
            who=name,
            name=name.split()[-1],
            deed=chance.choice(fact.deed),
            quality=chance.choice(fact.quality),
            what=chance.choice(fact.what),
            of=fact.of,
        )
        return " ".join(word[:1].upper() + word[1:] for word in told.split())

    def _name_owner(self, owner: str) -> str:
        """A firm by its name, a work by its title or by what it is."""
        is_work = owner == self._story.owners[0]
        return (
            f"the {self._chance.choice(self._story.beat.work)}"
            if is_work and self._chance.random() < ROLE_SHARE
            else owner
        )

    def _name(self, who: int) -> str:
        """Somebody: in full for the first time, then mostly by the surname, at times by the role."""
        name, role = self._story.people[who]
        if who not in self._named:
            self._named.add(who)
            return name
        return self._chance.choices((name.split()[-1], f"the {role}", name), (14, 3, 3))[0]


def _begin(phrase: str) -> str:
    """A phrase as the beginning of a sentence, whose capital comes later."""
    return f"{phrase.strip()}, " if phrase else ""


def _sentence(told: str) -> str:
    return f"{told[0].upper()}{told[1:]}."


def _join(sentences: Sequence[str], chance: Random) -> str:
    """Sentences in paragraphs of one to three."""
    paragraphs, place = [], 0
    while place < len(sentences):
        end = place + chance.choice((1, 2, 2, 3))
        paragraphs.append(" ".join(sentences[place:end]))
        place = end
    return _ARTICLE_A.sub(r"\g<0>n", PARAGRAPH_BREAK.join(paragraphs))


def _write(seed: int, story: _Story, turn: _Turn) -> Told:
    """The article of a turn."""
    chance = _chance(seed, story.label, turn.number, "frame")
    source = story.turns[0] if turn.is_copy else turn
    headline, text = _Teller(seed, story, source).tell()
    published_at = turn.at if chance.random() >= UNDATED_SHARE else None
    press = list_mastheads(seed)[turn.outlet]
    url = _address(seed, story, turn, headline)
    fetched_at = turn.at + DELAY
    article = Article(
        article_id=make_id(press.outlet_id, identity(url)),
        url=url,
        text=text,
        outlet_id=press.outlet_id,
        headline=headline,
        byline=(_person(_chance(seed, press.outlet_id, chance.randrange(30))),),
        published_at=published_at,
        modified_at=published_at,
        first_seen_at=fetched_at,
        section=story.beat.section.capitalize(),
        language="en",
        text_digest=digest_text(text),
        extractor="archive",
    )
    copied = make_id(list_mastheads(seed)[source.outlet].outlet_id, identity(_address(seed, story, source, headline)))
    return Told(article=article, fetched_at=fetched_at, story=story.label, copy_of=copied if turn.is_copy else None)


def _address(seed: int, story: _Story, turn: _Turn, headline: str) -> str:
    slug = "-".join(re.findall(r"[a-z]+", headline.lower()))
    number = "".join(re.findall(r"\d", f"{story.label}{turn.number:02}"))
    return f"https://www.{list_mastheads(seed)[turn.outlet].host}/{story.beat.section}/{slug}-{number}/"


# ---------------------------------------------------------------- files


def make_capture(told: Told, seed: int = 0) -> Capture:
    """The response that holds an article: a page of some 60 KB."""
    press = next(one for one in list_mastheads(seed) if one.outlet_id == told.article.outlet_id)
    return Capture(
        url=told.article.url,
        outlet_id=press.outlet_id,
        fetched_at=told.fetched_at,
        body=make_page(told.article, press.name, press.family).encode(),
        headers=(("content-type", "text/html; charset=utf-8"),),
    )


def write_outlets(folder: Path, seed: int = 0) -> None:
    """The outlet files of an archive: every second outlet has a layout."""
    folder.mkdir(parents=True, exist_ok=True)
    for press in list_mastheads(seed):
        lines = [f"id = {json.dumps(press.outlet_id)}", f"name = {json.dumps(press.name)}"]
        lines += [f'hosts = ["{press.host}"]']
        if body := LAYOUTS.get(press.family):
            lines += ["[[layouts]]", f"body = {json.dumps(body)}"]
        (folder / f"{press.outlet_id}.toml").write_text("\n".join(lines) + "\n", "utf-8")


def write_warcs(data: DataDir, told: Iterable[Told], seed: int = 0) -> int:
    """WARC files, one an outlet and month, as collecting leaves them.

    Returns: articles written.
    """
    number = 0
    for month, some in groupby(told, key=lambda one: f"{one.fetched_at:%Y%m}"):
        writers: dict[str, RawWriter] = {}
        for one in some:
            outlet_id = one.article.outlet_id
            if outlet_id not in writers:
                writers[outlet_id] = RawWriter(data, outlet_id, f"{month}01T000000Z-bench", one.fetched_at)
            writers[outlet_id].write(make_capture(one, seed))
            number += 1
        for writer in writers.values():
            writer.commit()
    return number


def main() -> None:
    """Write a data folder, the outlets beside it, and the truth: a row an article."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--articles", type=int, default=MONTH_ARTICLES)
    parser.add_argument("--month", type=int, default=MONTH_ARTICLES, help="articles of a month")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    write_outlets(given.data / "outlets", given.seed)
    with (given.data / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["article_id", "url", "story", "copy_of"])

        def noted() -> Iterator[Told]:
            for one in tell_articles(given.articles, seed=given.seed, month_articles=given.month):
                rows.writerow([one.article.article_id, one.article.url, one.story, one.copy_of])
                yield one

        number = write_warcs(DataDir(given.data), noted(), given.seed)
    sys.stdout.write(f"{number} articles in {given.data}; outlets = {json.dumps(str(given.data / 'outlets'))}\n")


if __name__ == "__main__":
    main()
