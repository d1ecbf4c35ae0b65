"""Article → mentions: sentences and quotes, each with who says it, in which words, and from which outlet."""

from __future__ import annotations

import re
from collections import Counter

from presswatch.claims import frames
from presswatch.claims.chains import OWN_WORDS, Chains
from presswatch.claims.crediting import CreditReader
from presswatch.claims.credits import CreditSpan
from presswatch.claims.marks import Marked
from presswatch.claims.passage import WORD, Passage, Quote, Sentence
from presswatch.claims.sentences import split_sentences
from presswatch.claims.speakers import Speakers
from presswatch.claims.speech import SAYING_WORDS, Saying, find_lead, find_sayings, is_indirect
from presswatch.claims.tongues import GERMAN
from presswatch.claims.voice import calls_itself_review, find_opinions
from presswatch.claims.words import CUES, NO_NAMES, SHORT_QUOTE_WORDS, word_set
from presswatch.model import Article, Mention, MentionKind, Part, make_id
from presswatch.outlets import Registry, load_outlets

_CARRY_CHARS = 400  # how far a speaker carries on to the next quote without being named again
_PARTS: tuple[Part, ...] = ("headline", "dek", "body")
_ORDINAL = re.compile(r"\b\d{1,2}\.\s+[A-ZÄÖÜ]")  # "am 31. Oktober", "im 2. Weltkrieg": no sentence ends there
_PLAIN_WORD = re.compile(r"\w+")  # by these is asked what a sentence can hold, before it is searched for that
_LINK_WORDS = word_set("""
    watch listen read see click here below above more video photo photos source share via link links image images
    gallery advertisement ad related tags comments reply trailer subscribe print email facebook twitter this also
    it the story full article play update updates continue reading
    """)


def find_mentions(article: Article, *, outlets: Registry | None = None) -> list[Mention]:
    """Split an article into what it says: statements and quotes, with speaker, cue, credit and voice.

    A *statement* is a sentence; it never crosses a line of the text. A *quote* is one stretch in quote marks, the marks
    included, however many sentences it holds; spans of an interrupted or multi-paragraph quote share `quote_id`. Titles
    of works and scare quotes are no quotes: under four words somebody must be saying it right there. A paragraph
    without marks is a quote where the one before ends with a colon and says who is speaking.

    A sentence that is nothing but whole quotes and their frame ("…," Marsh told W) gives no statement beside them, so
    that nothing is counted twice. It gives one where a quote is a part of the sentence (under four words, or grown into
    a clause), and where OWN_WORDS content words stand beside quotes and frame. What holds fewer than two words, or only
    words of a link ("Watch below."), gives no mention.

    Args: an article; the known outlets, the packaged ones by default.
    Returns: mentions by part (headline, dek, body), then place, then statement before quote. `speaker` is the fullest
    form of the name that stands before the mention, a pronoun's last fitting person, or the phrase as printed.
    Ids are made of article, part, kind, text and how often that text came before: a sentence keeps its id in every
    revision of the article that holds it, and ids are unique within a revision.
    Cost: linear in the text; about 1.3 million characters of news a second, a seventh of it in syntok.
    """
    registry = load_outlets() if outlets is None else outlets
    return [mention for part in _PARTS for mention in _read_part(Passage(article, part, registry))]


def _read_part(passage: Passage) -> list[Mention]:
    """The mentions of a part, in its order."""
    reader = _Reader(passage)
    sentences = [sentence for number in range(len(passage.paragraphs)) for sentence in reader.read_paragraph(number)]
    texts = [passage.masked[one.start : one.end] for one in sentences]  # what others say is nobody's opinion here
    is_review = passage.part == "body" and calls_itself_review(passage.article)
    opinions = find_opinions(texts, is_review=is_review, is_english=passage.is_english)
    maker, made = _Maker(passage), list[Mention]()
    for sentence, is_opinion in zip(sentences, opinions, strict=True):
        if _is_statement(passage.text, sentence):
            made.append(maker.make_statement(sentence, is_opinion=is_opinion))
        made += map(maker.make_quote, sentence.quotes)
    return made


class _Reader:
    """Reads a passage from its first to its last paragraph, and remembers who spoke last."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self._credits = CreditReader(passage)
        self._speakers = Speakers(passage, self._credits.names)
        self._chains = Chains(passage)
        self._last: Quote | None = None  # the last quote that has a speaker
        self._last_saying: Saying | None = None  # the last verb of saying outside quotes
        self._lead: Sentence | None = None  # the last sentence of the paragraph before, where it ends with a colon

    def read_paragraph(self, number: int) -> list[Sentence]:
        """The sentences of a paragraph with their quotes attributed."""
        sentences = _split_paragraph(self._passage, number)
        start, end = self._passage.paragraphs[number]
        before: Quote | None = None
        for sentence in sentences:
            self._read_sentence(sentence)
            for span in sentence.spans:
                quote = self._attribute(sentence, span, before, opens=span.start == start)
                if quote:
                    sentence.quotes.append(quote)
                    before = quote
            if sentence.sayings:
                self._last_saying = sentence.sayings[0]
                speaker = self._speakers.name(self._last_saying)
                self._find_owner(sentence, speaker)
                self._speakers.give_word(speaker)
        ends_open = bool(sentences) and self._passage.masked[end - 1] == ":"
        self._lead = sentences[-1] if ends_open else None
        return sentences

    def _read_sentence(self, sentence: Sentence) -> None:
        """Find the verbs of saying and the credits of a sentence."""
        passage = self._passage
        ends = [span.end for span in sentence.spans if not frames.is_title_of(passage, sentence, span)]
        words = set(_PLAIN_WORD.findall(passage.masked, sentence.start, sentence.end))
        if passage.is_english and not words.isdisjoint(SAYING_WORDS):
            sentence.sayings = find_sayings(passage.masked, sentence.start, sentence.end, ends)
        sentence.credits = self._credits.read(sentence, words)

    def _find_owner(self, sentence: Sentence, speaker: str | None) -> None:
        """Whose a sentence is that a verb of saying governs without quote marks, by who was heard before it.

        Args: `speaker` is whom its first verb of saying names.
        """
        masked = self._passage.masked
        sentence.owner = next((said for said in sentence.sayings if is_indirect(masked, said, sentence.end)), None)
        if sentence.owner:
            is_first = sentence.owner is sentence.sayings[0]
            sentence.speaker = speaker if is_first else self._speakers.name(sentence.owner)

    def _attribute(self, sentence: Sentence, span: Marked, before: Quote | None, *, opens: bool) -> Quote | None:
        """The quote that a stretch in quote marks is, with its speaker; None where it is a title or a scare quote."""
        passage = self._passage
        words = span.words(passage.text)
        if not words:
            return None
        beside = frames.find_beside(passage, sentence, span)
        saying = beside or frames.find_around(passage, sentence, span)
        is_short = words < SHORT_QUOTE_WORDS
        if frames.is_title(passage, sentence, span) and (
            beside is None or (beside.end < span.start and frames.is_subject(passage, span))
        ):
            return None
        if words == 1 and beside is None and not span.runs_on and frames.is_set_off(passage, span):
            return None  # “Salt,” Ana Ruiz (France), in a list of films
        saying = self._speakers.find_label(span) or saying
        quote = Quote(span, saying, is_embedded=frames.is_embedded(passage, sentence, span, is_short=is_short))
        if saying and quote.is_embedded and frames.is_denied(passage, saying):
            return None
        if sentence.credits:
            quote.credit = sentence.credits[0]
        if saying is None and not quote.is_embedded and passage.is_english:  # else its own frame may not be known
            self._carry_on(quote, before, opens=opens)
        elif saying is not None:
            quote.speaker = self._speakers.name(saying, quote)
            quote.has_frame = quote.speaker is not None
        if is_short and quote.speaker is None:
            return None
        self._chains.link(quote, before, opens=opens)
        if quote.speaker:
            self._last = quote
        return quote

    def _carry_on(self, quote: Quote, before: Quote | None, *, opens: bool) -> None:
        """Find the speaker of a quote without a frame: who spoke before it in the paragraph, or led up to it."""
        if before is None and opens and self._lead is not None:
            self._take_lead(quote, self._lead)
            return
        source, said = before or self._last, self._last_saying
        if source and quote.span.start - source.span.end > _CARRY_CHARS and before is None:
            source = None
        if said and quote.span.start - said.end <= _CARRY_CHARS and (source is None or said.start > source.span.end):
            quote.speaker = self._speakers.name(said, quote)
            quote.saying = said if quote.speaker else None
        elif source is not None:
            quote.saying, quote.speaker = source.saying, source.speaker

    def _take_lead(self, quote: Quote, lead: Sentence) -> None:
        """A block quote belongs to whom the sentence before it, which ends with a colon, names."""
        quote.saying = find_lead(self._passage.masked, lead.start, lead.end - 1)
        quote.credit = lead.credits[-1] if lead.credits else None
        if quote.saying:
            quote.speaker = self._speakers.name(quote.saying, quote)
            quote.has_frame = quote.speaker is not None


def _split_paragraph(passage: Passage, number: int) -> list[Sentence]:
    """The sentences of a paragraph, each with the stretches in quote marks that begin in it."""
    start, end = passage.paragraphs[number]
    spans = passage.marked[number]
    whole = [(span.start, frames.end_of_frame(passage, span, end)) for span in spans]
    if passage.language == GERMAN:
        whole = sorted([*whole, *(found.span() for found in _ORDINAL.finditer(passage.masked, start, end))])
    sentences = [Sentence(*found) for found in split_sentences(passage.masked, start, end, whole)]
    left = iter(spans)
    span = next(left, None)
    for sentence in sentences:
        while span is not None and span.start < sentence.end:
            sentence.spans.append(span)
            span = next(left, None)
    return sentences


def _is_statement(text: str, sentence: Sentence) -> bool:
    """Whether a sentence says something beside its whole quotes and their frames."""
    words = _words_beside(text, sentence)
    frame_words = len(WORD.findall(sentence.sayings[0].speaker)) if sentence.sayings else 0
    if sentence.quotes and not any(quote.is_embedded for quote in sentence.quotes):
        own = [word for word in words if word.lower() not in NO_NAMES and word not in CUES]
        return len(own) >= OWN_WORDS + frame_words
    if len(words) < 2 or all(word.lower() in _LINK_WORDS for word in words):  # noqa: PLR2004 - one word says nothing
        return False
    return len(words) > frame_words + len(sentence.sayings[:1])


def _words_beside(text: str, sentence: Sentence) -> list[str]:
    """The words of a sentence outside its whole quotes."""
    at, words = sentence.start, list[str]()
    for quote in sentence.quotes:
        if not quote.is_embedded:
            words += WORD.findall(text, at, quote.span.start)
            at = quote.span.end
    return words + WORD.findall(text, at, max(at, sentence.end))


class _Maker:
    """Makes mentions of what was read; it counts those of one text, of which ids are made."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self._seen: Counter[tuple[MentionKind, str]] = Counter()
        self._chain_ids: dict[int, str] = {}

    def make_statement(self, sentence: Sentence, *, is_opinion: bool) -> Mention:
        """A sentence as a mention."""
        return self._make(
            "statement",
            sentence.start,
            sentence.end,
            speaker=sentence.speaker,
            cue=sentence.owner.cue if sentence.owner else None,
            credit=sentence.credits[0] if sentence.credits else None,
            is_opinion=is_opinion and sentence.owner is None,
        )

    def make_quote(self, quote: Quote) -> Mention:
        """A quote as a mention."""
        cue = quote.saying.cue if quote.saying and quote.saying.cue != ":" else None
        span = quote.span
        return self._make(
            "quote", span.start, span.end, speaker=quote.speaker, cue=cue, credit=quote.credit, chain=quote.chain
        )

    def _make(
        self,
        kind: MentionKind,
        start: int,
        end: int,
        *,
        speaker: str | None,
        cue: str | None,
        credit: CreditSpan | None,
        chain: int | None = None,
        is_opinion: bool = False,
    ) -> Mention:
        article, part, text = self._passage.article, self._passage.part, self._passage.text[start:end]
        mention_id = make_id("mention", article.article_id, part, kind, self._seen[kind, text], text)
        self._seen[kind, text] += 1
        return Mention(
            mention_id=mention_id,
            article_id=article.article_id,
            outlet_id=article.outlet_id,
            kind=kind,
            part=part,
            start_char=start,
            end_char=end,
            text=text,
            quote_id=None if chain is None else self._chain_ids.setdefault(chain, make_id("quote", mention_id)),
            speaker=speaker,
            cue=cue,
            credit=credit.credit if credit else None,
            credit_phrase=credit.phrase if credit else None,
            voice="opinion" if is_opinion else "reported",
        )
