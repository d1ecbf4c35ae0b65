"""Who took it from whom: credits verified, copies found, independent outlets counted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse as scipy_sparse

from presswatch.align import sparse
from presswatch.align.aligned import OVERLAP, Alignments
from presswatch.align.linkage import join_pairs
from presswatch.align.scoring import NUMBER_WEIGHT, read_content
from presswatch.align.stories import language_of
from presswatch.align.text import NUMBER_WORDS, STOP_STEMS, is_number, is_title, split_words, stem_word, weigh_stem
from presswatch.align.when import WEEKDAYS
from presswatch.model import ENGLISH, Article, Credit, Mention, Verdict

SHINGLE_WORDS = 5
# Two texts share this part of the shorter one's five-word runs: a copy with another headline, lead-in or last
# paragraph.
COPY_SHARE = 0.8
LEAST_COPY_WORDS = 40  # shorter texts are alike by chance, and copies where they are the same word for word
# Odd numbers of 64 bits, as at random: a word times the one of its place in a run, summed, is the run's hash
_MIXERS = np.random.default_rng(SHINGLE_WORDS).integers(2**62, 2**63, SHINGLE_WORDS, dtype=np.uint64) * np.uint64(2) + 1

_WRITTEN = frozenset("write writes wrote writing post posts posted tweet tweets tweeted".split())  # and told nobody
_DESCRIBED = re.compile(r"(?:his|her|their|the|an?) [a-z]", re.IGNORECASE)
_ONE_OF_MANY = re.compile(r"(?:one|another|others|a (?:second|third))(?: of (?:them|the \w+))?", re.IGNORECASE)
# What an outlet is said to have said needs less likeness to be found there than what two outlets say by themselves.
# Reasoned: below it a sentence shares its subject alone with the best of the credited outlet's.
TAKEN_FROM = 0.4
# Two sentences about one film and its star share four names and may tell two things: what of a sentence stands in what
# the outlet says of it must weigh as much as what does not, and a name that stands there a quarter of another word as
# rare. Of 141 invented credits to outlets that write of the same people 6 of 73 that these do not bear out are
# confirmed (49 without it), and 56 of 68 that they do (60).
SHARED_NAME = 0.25
# Verbs that tell nothing by themselves: "the prize went to", "will take place"
_LIGHT = frozenset(
    stem_word(word)
    for word in """
    go goes went gone going take takes took taken taking come comes came coming get gets got give gives gave given make
    makes made put puts run runs place set expected want wants
    """.split()
)
_DAYS = frozenset(map(stem_word, WEEKDAYS))
FEW_WORDS = 3  # a quote of so few is a term, and part of what its sentence says

# What outlets call the whole of what they tell: "Variety first reported the news" says nothing else
_WHOLE = """
    news story stories report reports item exclusive first deal casting hire hiring signing exit departure announcement
    project development information detail details move pact acquisition sale order renewal break breaks broke broken
    rumor rumour scoop talks lawsuit suit settlement death split delay accident incident arrest involvement attachment
    addition
"""
# Beside these, in a clause on the way: "whose casting in Ruiz’s film was reported earlier by Variety, said she …"
_ASIDE = "film movie project remake sequel series adaptation role part earlier previously yesterday today exclusively"
Wholes = Mapping[str, AbstractSet[str]]  # the outlets that an article has all that it tells from, by article
_WHOLE_STEMS = STOP_STEMS | {stem_word(word) for word in _WHOLE.split()}
_ASIDE_STEMS = _WHOLE_STEMS | {stem_word(word) for word in _ASIDE.split()}
_CLAUSES = re.compile(r"[,;—–()]\s*")
# What a lead says with one of these may be the contrary of what the outlet printed, whatever else is like it
_TURNS = frozenset(
    stem_word(word)
    for word in """
    not never no nobody none deny denied denies denying decline declined declines turned passed dropped exit exits
    exited left leaves quit quits fired out instead false untrue rejected rejects refused refuses cancelled canceled
    """.split()
)


def verify_credits(
    articles: Sequence[Article],
    mentions: Mapping[str, Mention],
    alignments: Alignments,
    changed: Iterable[tuple[str, str]],
    copies: Iterable[tuple[str, str]],
    *,
    wholes: Wholes,
) -> list[Credit]:
    """Look every credit up in the credited outlet's own articles of the story; in the order of the mentions' ids.

    A credit holds where the outlet says the same, or prints the quote; where it says it otherwise, it is `altered`. Who
    tells something else of the same people does not say the same (`SHARED_NAME`; English alone). An
    article that is a copy of one of the outlet's is itself the proof. Somebody who is quoted from an outlet and
    found there did speak to it: what else the same article has from that talk holds too. Where an outlet is credited
    with "the news", anything of the article that it says will do.

    Args: `changed` are pairs of mentions that disagree, or print a quote in other words; `copies` are article ids;
        `wholes` is what `find_wholes` gives.
    Returns: a credit each. `not_found` is said only of an outlet of which a whole article is there: an excerpt is as
        good as not fetched.
    """
    desk = _Desk(articles, mentions, alignments, changed, copies, wholes=wholes)
    return [desk.judge(mention) for _, mention in sorted(mentions.items()) if mention.credit]


def is_of_all(mention: Mention) -> bool:
    """Whether a credit is one of all that its article tells: "Variety first reported the news"."""
    return (
        bool(mention.credit)
        and mention.kind == "statement"
        and mention.part == "body"
        and _names_whole(read_content(mention), _WHOLE_STEMS)
    )


def _names_whole(text: str, stems: AbstractSet[str]) -> bool:
    """Whether a text names nothing but persons and the whole of what is told: "News of Marsh’s talks was first"."""
    words = split_words(text)
    common = [stem_word(word) for word in words if not word[0].isupper() or stem_word(word) in stems]
    is_named = len(common) < len(words)
    return stems >= set(common) and (not is_named or not set(common) <= STOP_STEMS)


def _tells_whole_aside(mention: Mention) -> bool:
    """Whether a credit stands in a clause on the way, and that clause is of all that is told."""
    if not mention.credit_phrase or mention.kind != "statement":
        return False
    clause = next((one for one in _CLAUSES.split(mention.text) if mention.credit_phrase in one), "")
    return clause.startswith(("whose ", "which ")) and _names_whole(
        clause.replace(mention.credit_phrase, " "), _ASIDE_STEMS
    )


def find_wholes(mentions: Iterable[Mention]) -> dict[str, set[str]]:
    """The outlets that articles have all that they tell from, by article."""
    found: dict[str, set[str]] = {}
    for mention in mentions:
        if mention.credit and is_of_all(mention):
            found.setdefault(mention.article_id, set()).add(mention.credit)
    return found


def find_implied(mentions: Iterable[Mention]) -> dict[str, str]:
    """The outlets that mentions without a credit are taken from, by their ids.

    A headline has it from whom its lead has it; and what else somebody says who in this article spoke to one other
    outlet alone was said to that outlet. "One" and "another" are of those who spoke to it in the sentence before.
    """
    listed = list(mentions)
    leads = {article_id: lead.credit for article_id, lead in find_leads(listed).items() if lead.credit}
    told: dict[tuple[str, str], set[str]] = {}
    for one in listed:
        if one.credit and one.speaker and one.speaker[0].isupper():  # "a source" may be anybody
            told.setdefault((one.article_id, one.speaker), set()).add(one.credit)
    found: dict[str, str] = {}
    for one in listed if leads or told else ():
        if one.credit:
            continue
        is_spoken = one.speaker and one.cue not in _WRITTEN
        spoke_to = told.get((one.article_id, one.speaker or ""), set()) if is_spoken else set[str]()
        if one.part == "headline" and one.article_id in leads:
            found[one.mention_id] = leads[one.article_id]
        elif len(spoke_to) == 1:
            found[one.mention_id] = next(iter(spoke_to))
    return found | _find_of_many(listed, found)


def _find_of_many(mentions: Iterable[Mention], known: Mapping[str, str]) -> dict[str, str]:
    """The outlet that one of several spoke to, the sentence before tells of all: "Four told W. One said"."""
    found: dict[str, str] = {}
    before: Mention | None = None
    for one in sorted(mentions, key=lambda one: (one.article_id, one.part, one.start_char, one.end_char)):
        is_next = before is not None and (before.article_id, before.part) == (one.article_id, one.part)
        is_one = one.speaker is not None and _ONE_OF_MANY.fullmatch(one.speaker) is not None
        if is_next and before is not None and is_one and not one.credit and one.mention_id not in known:
            source = before.credit or found.get(before.mention_id)
            if source and before.speaker and not _is_name(before.speaker):
                found[one.mention_id] = source
        before = one
    return found


def _is_name(speaker: str) -> bool:
    return all(word[0].isupper() for word in speaker.split())


class _Desk:
    """What it takes to judge the credits of one story."""

    def __init__(
        self,
        articles: Sequence[Article],
        mentions: Mapping[str, Mention],
        alignments: Alignments,
        changed: Iterable[tuple[str, str]],
        copies: Iterable[tuple[str, str]],
        *,
        wholes: Wholes,
    ) -> None:
        leads = find_leads(mentions.values()).values()
        whole = {one.article_id for one in leads if one.credit}
        whole |= {one.article_id for one in mentions.values() if one.credit and _tells_whole_aside(one)}
        self._mentions, self._partners = mentions, _list_partners(alignments, mentions, whole | wholes.keys())
        self._changed = {frozenset(pair) for pair in changed}
        outlets = {article.article_id: article.outlet_id for article in articles}
        self._copied = {(copy, outlets[original]) for copy, original in copies}
        self._read = {article.outlet_id for article in articles if article.access == "full"}
        self._english = {article.article_id for article in articles if language_of(article) == ENGLISH}
        self._talks = self._find_talks()
        self._leads = {one.mention_id for one in leads}
        self._by_article: dict[str, list[Mention]] = defaultdict(list)
        for one in mentions.values():
            self._by_article[one.article_id].append(one)
        self._printed: dict[str, set[str]] = {}

    def judge(self, mention: Mention) -> Credit:
        """The credit of a mention, with what it rests on."""
        credited = mention.credit or ""
        if credited == mention.outlet_id:
            return _make_credit(mention, credited, "self", [])
        sources = self._tellers(mention, self._sources(mention, credited))
        if not sources and (is_of_all(mention) or _tells_whole_aside(mention)):
            sources = self._sources_of_article(mention)
        sources = sources or self._sources_of_headline(mention)
        if sources:
            changed = [source for source in sources if frozenset((mention.mention_id, source)) in self._changed]
            return _make_credit(mention, credited, "altered" if changed else "confirmed", changed or sources)
        talk = self._find_talk(mention, credited) if mention.speaker else None
        if talk or (mention.article_id, credited) in self._copied:
            return _make_credit(mention, credited, "confirmed", [talk] if talk else [])
        whole = self._sentence_of(mention)
        if whole:  # "reported that he will receive a “story by” credit": three words are no quote to be found
            return replace(self.judge(whole), mention_id=mention.mention_id)
        return _make_credit(mention, credited, "not_found" if credited in self._read else "not_fetched", [])

    def _sentence_of(self, mention: Mention) -> Mention | None:
        """The statement with the same credit that a quote of a few words is a part of."""
        if mention.kind != "quote" or len(split_words(mention.text)) > FEW_WORDS:
            return None
        own = self._by_article[mention.article_id]
        around = (one for one in own if one.kind == "statement" and one.credit == mention.credit)
        return next((one for one in around if _is_inside(mention, one)), None)

    def _sources(self, mention: Mention, credited: str | None) -> list[str]:
        """An outlet's own mentions that say the same, best first."""
        partners = self._partners.get(mention.mention_id, ())
        own = [partner for partner in partners if self._mentions[partner].outlet_id == credited]
        words = _fold_words(mention.text)
        if mention.kind != "quote" or len(words) <= FEW_WORDS:
            return own
        return [one for one in own if _holds_half(words, _fold_words(self._mentions[one].text))]

    def _tellers(self, mention: Mention, sources: Sequence[str]) -> list[str]:
        """Those of one outlet's sentences that say what a mention says; none where they say too little of it.

        They are taken together, for one sentence of a news item may be two of another. What is known to tell it
        otherwise does tell of it.
        """
        if not sources or mention.kind == "quote" or mention.article_id not in self._english:
            return list(sources)
        weights, names = self._weigh(mention)
        asked = [
            one
            for one in sources
            if self._mentions[one].article_id in self._english
            and frozenset((mention.mention_id, one)) not in self._changed
        ]
        told = weights.keys() & {stem for one in asked for stem in _fold_words(self._mentions[one].text)}
        found = sum(weights[stem] * (SHARED_NAME if stem in names else 1.0) for stem in told)
        if found < sum(weights[stem] for stem in weights.keys() - told):
            return [one for one in sources if one not in asked]
        return list(sources)

    def _weigh(self, mention: Mention) -> tuple[dict[str, float], set[str]]:
        """What each stem of a mention weighs, the credit left out, and which stems are names."""
        content = read_content(mention)
        is_headline = is_title(content)
        weights, names = dict[str, float](), set[str]()
        for place, word in enumerate(split_words(content)):
            stem = stem_word(word)
            if stem not in STOP_STEMS and stem not in _LIGHT:
                weights[stem] = weigh_stem(stem) * (NUMBER_WEIGHT if is_number(stem) else 1.0)
                is_cased = place and not is_headline  # else a capital means nothing, and how the story prints it does
                if word[0].isupper() and (is_cased or word.lower() not in self._small_words):
                    names.add(stem)
        return weights, names

    @cached_property
    def _small_words(self) -> set[str]:
        """The words that the story prints with a small letter."""
        return {word for one in self._mentions.values() for word in split_words(one.text) if word[0].islower()}

    def _sources_of_article(self, mention: Mention) -> list[str]:
        """The credited outlet's own mentions that say what the article of this credit says, of its first such."""
        own = self._by_article[mention.article_id]
        for one in sorted(own, key=lambda one: (one.part != "body", one.start_char, one.mention_id)):
            if sources := self._sources(one, mention.credit):
                return sources
        return []

    def _sources_of_headline(self, mention: Mention) -> list[str]:
        """What the credited outlet says of a headline, where its article begins with the credit in other words.

        A lead says what its headline says. It must turn nothing round, and hold no name and no number that the
        credited outlet does not print; else it may say something more.
        """
        content = read_content(mention)
        if mention.mention_id not in self._leads or not _TURNS.isdisjoint(_fold_words(content)):
            return []
        if not self._printed_by(mention.credit or "").issuperset(_list_facts(content)):
            return []
        headlines = (one for one in self._by_article[mention.article_id] if one.part == "headline")
        return [source for one in headlines for source in self._tellers(one, self._sources(one, mention.credit))]

    def _printed_by(self, outlet_id: str) -> set[str]:
        """The stems of all that an outlet says in the story; many may be credited to it."""
        if outlet_id not in self._printed:
            own = (one for one in self._mentions.values() if one.outlet_id == outlet_id)
            self._printed[outlet_id] = {stem for one in own for stem in _fold_words(one.text)}
        return self._printed[outlet_id]

    def _find_talk(self, mention: Mention, credited: str) -> str | None:
        """What the speaker of a mention is found with in the credited outlet; "her agent" is whoever is found alone."""
        known = self._talks.get((mention.article_id, credited, mention.speaker))
        if known or not mention.speaker or not _DESCRIBED.match(mention.speaker):
            return known
        others = [
            source
            for (article_id, outlet, speaker), source in self._talks.items()
            if (article_id, outlet) == (mention.article_id, credited) and speaker
        ]
        return others[0] if len(others) == 1 else None

    def _find_talks(self) -> dict[tuple[str, str, str | None], str]:
        """Where a speaker quoted from an outlet is quoted there: by article, outlet and speaker."""
        quotes = [mention for mention in self._mentions.values() if mention.kind == "quote" and mention.credit]
        found: dict[tuple[str, str, str | None], str] = {}
        for quote in sorted(quotes, key=lambda quote: quote.mention_id):
            sources = self._sources(quote, quote.credit)
            if sources and quote.speaker:
                found.setdefault((quote.article_id, quote.credit or "", quote.speaker), sources[0])
        return found


def find_leads(mentions: Iterable[Mention]) -> dict[str, Mention]:
    """The first sentence of each article's body."""
    found: dict[str, Mention] = {}
    for one in mentions:
        if one.part == "body" and one.kind == "statement":
            first = found.setdefault(one.article_id, one)
            if one.start_char < first.start_char:
                found[one.article_id] = one
    return found


def _list_facts(text: str) -> set[str]:
    """The stems of the names and numbers of a sentence; its first word has its capital anyway."""
    words = split_words(text)
    is_fact = (
        word[0].isdigit() or word.lower() in NUMBER_WORDS or (place and word[0].isupper())
        for place, word in enumerate(words)
    )
    return {stem_word(word) for word, fact in zip(words, is_fact, strict=True) if fact} - STOP_STEMS - _DAYS


def _fold_words(text: str) -> list[str]:
    """The stems of a text, in its order."""
    return [stem_word(word) for word in split_words(text)]


def _holds_half(quote: Sequence[str], words: Sequence[str]) -> bool:
    """Whether one of two texts has half of the words of the other: to speak of the same 97 minutes is no quote."""
    short, long = sorted((set(quote) - STOP_STEMS, set(words) - STOP_STEMS), key=len)
    return 2 * len(short & long) >= len(short)


def _is_inside(mention: Mention, other: Mention) -> bool:
    is_same_part = (mention.article_id, mention.part) == (other.article_id, other.part)
    return is_same_part and other.start_char <= mention.start_char and mention.end_char <= other.end_char


def _list_partners(
    pairs: Alignments, mentions: Mapping[str, Mention], articles: AbstractSet[str]
) -> dict[str, list[str]]:
    """The mentions that say enough of the same as each with a credit, or of some articles, best first."""
    is_credited = np.array(
        [bool(mentions[one].credit) or mentions[one].article_id in articles for one in pairs.ids], dtype=bool
    )
    enough = pairs.is_firm & ((pairs.relations != OVERLAP) | (pairs.scores >= TAKEN_FROM))
    chosen = enough & (is_credited[pairs.first] | is_credited[pairs.second])
    partners: dict[str, list[str]] = {}
    for a, b in zip(pairs.first[chosen].tolist(), pairs.second[chosen].tolist(), strict=True):
        partners.setdefault(pairs.ids[a], []).append(pairs.ids[b])
        partners.setdefault(pairs.ids[b], []).append(pairs.ids[a])
    return partners


def _make_credit(mention: Mention, credited: str, verdict: Verdict, sources: Sequence[str]) -> Credit:
    return Credit(
        mention_id=mention.mention_id,
        article_id=mention.article_id,
        outlet_id=mention.outlet_id,
        credited=credited,
        phrase=mention.credit_phrase or mention.cue or credited,
        verdict=verdict,
        source_mention_id=sources[0] if sources else None,
    )


def find_copies(articles: Sequence[Article]) -> list[tuple[str, str]]:
    """Find syndicated texts: article ids (copy, original) of different outlets.

    The earlier one is the original; where dates do not tell, the one of the lower id.

    Cost: each five-word run is looked up once; only articles that share one are compared.
    """
    if len({article.outlet_id for article in articles}) < 2:  # noqa: PLR2004 - who copies, and who is copied
        return []
    ordered = sorted(
        articles, key=lambda article: (article.published_at is None, article.published_at, article.article_id)
    )
    runs = _mark_runs([article.text for article in ordered])
    sizes = sparse.row_sums(runs)
    shared = (runs @ runs.T).tocoo()
    later, earlier = shared.row, shared.col
    outlet = np.unique([article.outlet_id for article in ordered], return_inverse=True)[1]
    is_copy = shared.data >= COPY_SHARE * np.minimum(sizes[later], sizes[earlier])
    chosen = np.flatnonzero(is_copy & (earlier < later) & (outlet[earlier] != outlet[later]))
    original: dict[int, int] = {}
    for place, other in zip(later[chosen].tolist(), earlier[chosen].tolist(), strict=True):
        original[place] = min(other, original.get(place, other))
    return sorted((ordered[place].article_id, ordered[other].article_id) for place, other in original.items())


def _mark_runs(texts: Sequence[str]) -> sparse.Matrix:
    """For each text, 1 for each run of `SHINGLE_WORDS` words in it; a short text is one run, and a shorter one none."""
    known: dict[str, int] = {}
    rows = [np.empty(0, dtype=np.uint64)]
    for text in texts:
        words = [word.casefold() for word in split_words(text)]
        if SHINGLE_WORDS <= len(words) < LEAST_COPY_WORDS:
            words = [" ".join(words)] * SHINGLE_WORDS  # as if it were a word
        numbers = [known.setdefault(word, len(known)) for word in words]
        rows.append(_hash_runs(np.array(numbers, dtype=np.uint64)))
    starts = np.cumsum([len(row) for row in rows])
    codes, columns = np.unique(np.concatenate(rows), return_inverse=True)
    return scipy_sparse.csr_array((np.ones(len(columns)), columns, starts), shape=(len(texts), len(codes)))


def _hash_runs(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """A number for each different run of words; two runs in some 10^19 share one."""
    count = max(len(words) - SHINGLE_WORDS + 1, 0)
    parts = (words[start : start + count] * _MIXERS[start] for start in range(SHINGLE_WORDS))
    return np.unique(sum(parts, np.zeros(count, dtype=np.uint64)))


class Dependence:
    """Which outlets of a claim depend on which: those that credit each other, or print the same text, count once."""

    def __init__(
        self,
        mentions: Sequence[Mention],
        copies: Iterable[tuple[str, str]],
        wholes: Wholes,
        implied: Mapping[str, str],
    ) -> None:
        """Read the credits of a claim's mentions.

        Args: `copies` are (copying outlet, original outlet); `wholes` count where these say it; `implied` is what
            `find_implied` gives.
        """
        self.sayers = {mention.outlet_id for mention in mentions}
        sources = ((one.outlet_id, one.credit or implied.get(one.mention_id)) for one in mentions)
        credited = {(outlet, source) for outlet, source in sources if source}
        credited |= {
            (mention.outlet_id, source)
            for mention in mentions
            for source in wholes.get(mention.article_id, ())
            if source in self.sayers
        }
        self.credited = _list_sources(credited)
        self.sources = _list_sources(
            credited | {(copy, original) for copy, original in copies if {copy, original} <= self.sayers}
        )

    def count_independent(self) -> int:
        """How many independent outlets stand behind the claim: five that retell one are one."""
        ties = join_pairs((taker, source) for taker, sources in self.sources.items() for source in sources)
        return len({ties.get(outlet, outlet) for outlet in self.sayers})

    def find_origins(self) -> set[str]:
        """The outlets at the end of every chain of credits; outlets that credit each other are all origins."""
        return {origin for sayer in self.sayers for origin in self._follow(sayer)}

    def _follow(self, outlet: str) -> set[str]:
        seen, open_ = {outlet}, [outlet]
        while open_:
            new = self.credited.get(open_.pop(), set()) - seen
            seen |= new
            open_ += sorted(new)
        return {other for other in seen if not self.credited.get(other)} or seen


def _list_sources(edges: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """The outlets that each outlet took it from, itself left out."""
    sources: dict[str, set[str]] = {}
    for taker, source in edges:
        if taker != source:
            sources.setdefault(taker, set()).add(source)
    return sources
