"""Article → mentions: sentences and quotes, each with who says it, in which words, and from which outlet."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from presswatch.claims.credits import CreditSpan, find_credit_again, find_credits
from presswatch.claims.marks import Marked, find_marked, mask_quotes
from presswatch.claims.names import NAME, People
from presswatch.claims.roles import Roles, is_role
from presswatch.claims.sentences import split_paragraphs, split_sentences
from presswatch.claims.speech import (
    SAYING_WORDS,
    Saying,
    find_lead,
    find_naming,
    find_owner,
    find_sayings,
    is_indirect,
    signed_by,
)
from presswatch.claims.tongues import GERMAN, find_frame, trim_foreign
from presswatch.claims.voice import calls_itself_review, find_opinions
from presswatch.claims.words import CUES, NO_NAMES, SHORT_QUOTE_WORDS, word_set
from presswatch.model import ENGLISH, Article, Mention, MentionKind, Part, make_id
from presswatch.outlets import Registry, load_outlets

OWN_WORDS = 5  # content words beside a whole quote and its frame that make the sentence a statement of its own
_TITLE_WORDS = 9  # the longest title in quote marks that is looked for
_LABEL_LETTERS = 3
_LABELS = 2  # an interview has at least so many that speak: a lone one is a heading ("UPDATE: …")
_BLOCK_WORDS = 8  # the shortest block quote without marks; what is shorter may be a heading or the head of a list
_CREDIT_CHARS = 1500  # how far "the magazine" reaches back to what was credited: some five paragraphs
_CARRY_CHARS = 400  # how far a speaker carries on to the next quote without being named again
_BEFORE_CHARS = 40  # how much of what leads up to a quote is looked at
_FRAME_GAP_CHARS = 14  # what may stand between a quote and its frame: signs, and an adverb

_PARTS: tuple[Part, ...] = ("headline", "dek", "body")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_ORDINAL = re.compile(r"\b\d{1,2}\.\s+[A-ZÄÖÜ]")  # "am 31. Oktober", "im 2. Weltkrieg": no sentence ends there
_LETTERS = re.compile(r"[^\W\d_]+")
# "a director who will not say “action”": nobody says it
_IS_NOT = re.compile(r"(?:\b(?:not|never)|n[’']t)\s$", re.IGNORECASE)
_NOT_CHARS = 10
_NO_SPEAKERS = frozenset({"which", "who", "that", "this", "nobody", "no one", "none"})
_OWN_VERSION = re.compile(r"an? (?:earlier|previous|original) version of th", re.IGNORECASE)  # a correction's words
_PLAIN_WORD = re.compile(r"\w+")  # by these is asked what a sentence can hold, before it is searched for that
_AND_BEFORE = re.compile(r"[A-Z][\w.’'-]*,? and\s\Z")  # "ReelWire and Gamut reported": which of them is "the magazine"?
_AND_AFTER = re.compile(r",? and (?:[Tt]he )?[A-Z]")
_LINK_WORDS = word_set("""
    watch listen read see click here below above more video photo photos source share via link links image images
    gallery advertisement ad related tags comments reply trailer subscribe print email facebook twitter this also
    it the story full article play update updates continue reading
    """)
_ANOTHER = re.compile(r"(?:another|others)\b", re.IGNORECASE)
_ON_PODCAST = re.compile(  # a name in quote marks, masked
    r"\b(?:sa(?:ys?|id)|told|reveal(?:s|ed)|recall(?:s|ed)|jok(?:es|ed)|explain(?:s|ed)|appearance|speaking|spoke)"
    r"(?: (?:on|to))? (?:(?:the|his|her|their) )?(?P<kind>podcast )?[“‘\"'](?P<name>x+[,.]?)[”’\"'](?(kind)| podcast)",
    re.IGNORECASE,
)
_SPEECH_END = re.compile(r"[,.!?…—–-][”’»\"'“]*$")
_FRAME_NEXT = re.compile(rf"\s+(?:{NAME}|[Hh]e|[Ss]he)(?:, [^.,]{{2,60}},)?\s(?:[a-z]+ly )?(?P<cue>[a-z]+)")
# the label of a transcript ("MOSS: We ran.")
_LABEL = re.compile(r"(?P<name>[A-Z][A-Z.’'-]{1,20}(?: [A-Z][A-Z.’'-]{1,20}){0,2}): ")
# and of one in small letters ("Moss: We ran."), which many a heading looks like
_PLAIN_LABEL = re.compile(r"(?P<name>[A-Z][\w.’'/-]{0,30}(?: [A-Z][\w.’'/-]{0,20}){0,3}): ")
_LINE_LABEL = re.compile(rf"^{_PLAIN_LABEL.pattern}", re.MULTILINE)
_LEADS_IN = re.compile(r"(?:^|[,:;—–(]|\b(?:that|by|with|and|but|is|was|be|as))$")
_OF_TITLE = re.compile(r"\b(?:[Tt]he|[Aa]n?)$")
_MASKED_TITLE = re.compile(r"[“‘\"']x+[”’\"'] ")
_TITLE_SMALL = word_set("a an and as at but by de for from in is it la le my nor not of on or the to up vs with")
_TITLE_WORD = re.compile(r"[\w&][\w’'&-]*")


@dataclass(slots=True)
class _Quote:
    """A quote on its way to a mention: where it stands, and whose it is."""

    span: Marked
    saying: Saying | None = None
    speaker: str | None = None
    credit: CreditSpan | None = None
    chain: int = 0  # spans of one interrupted or multi-paragraph quote share it
    is_embedded: bool = False  # a part of its sentence's own words
    has_frame: bool = False  # its own sentence says whose it is


@dataclass(slots=True)
class _Sentence:
    start: int
    end: int
    spans: list[Marked] = field(default_factory=list)
    sayings: list[Saying] = field(default_factory=list)
    credits: list[CreditSpan] = field(default_factory=list)
    quotes: list[_Quote] = field(default_factory=list)

    def sayings_round(self, span: Marked) -> tuple[Saying | None, Saying | None]:
        """The last verb of saying before a quote, and the first after it."""
        place = bisect_left(self.sayings, span.start, key=lambda said: said.cue_start)
        after = bisect_left(self.sayings, span.end, lo=place, key=lambda said: said.cue_start)
        return (
            self.sayings[place - 1] if place else None,
            self.sayings[after] if after < len(self.sayings) else None,
        )


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
    return [mention for part in _PARTS for mention in _PartReader(article, part, registry).mentions()]


class _PartReader:
    """Reads one part of an article from its first to its last paragraph, and remembers who spoke last."""

    def __init__(self, article: Article, part: Part, outlets: Registry) -> None:
        self.article, self.part, self.outlets = article, part, outlets
        self.text = article.part(part)
        self.paragraphs = list(split_paragraphs(self.text))
        self.marked = [find_marked(self.text, start, end) for start, end in self.paragraphs]
        self.masked = mask_quotes(self.text, [span for spans in self.marked for span in spans])
        self.labelled: dict[str, str] = {}  # of an interview, whom its labels mean
        self.mark_block_quotes()
        self.seen: Counter[tuple[MentionKind, str]] = Counter()
        self.language = article.language or ENGLISH
        self.is_english = self.language == ENGLISH
        self.last: _Quote | None = None  # the last quote that has a speaker
        self.open: list[_Quote] = []  # spans of a quote whose closing mark has not come yet
        self.speaking: str | None = None  # whom the last sentence with a verb of saying gave the word
        self.last_saying: Saying | None = None  # the last verb of saying outside quotes
        self.lead: _Sentence | None = None  # a paragraph's last sentence that ends with a colon
        self.last_credit: CreditSpan | None = None
        self.credited: set[str] = set()  # the names, as printed, of the outlets that were credited
        self.chains = 0
        self.chain_ids: dict[int, str] = {}

    @cached_property
    def people(self) -> People:
        """The persons of the part; made where somebody speaks, for many a page has nobody who does."""
        return People(self.masked, is_outlet=lambda name: name in self.credited or self.outlets.named(name))

    @cached_property
    def roles(self) -> Roles:
        """Who is called what in the part; made where "the director" or the like speaks."""
        return Roles(self.masked)

    @cached_property
    def small_words(self) -> frozenset[str]:
        """The words that the article writes with a small letter."""
        return frozenset(word for word in _WORD.findall(self.article.text) if word[0].islower())

    def mentions(self) -> list[Mention]:
        """The mentions of the part, in its order."""
        sentences = [sentence for number in range(len(self.paragraphs)) for sentence in self.read_paragraph(number)]
        stated = [(sentence, self.is_statement(sentence)) for sentence in sentences]
        is_review = self.part == "body" and calls_itself_review(self.article)
        texts = [self.own_text(one) for one in sentences]
        opinions = find_opinions(texts, is_review=is_review, is_english=self.is_english)
        made: list[Mention] = []
        for (sentence, states), opinion in zip(stated, opinions, strict=True):
            if states:
                made.append(self.statement(sentence, is_opinion=opinion))
            made += [self.quote(quote) for quote in sentence.quotes]
        return made

    def mark_block_quotes(self) -> None:
        """Take a paragraph without quote marks for a quote where the one before gives somebody the word and a colon."""
        found = self.mark_answers()
        for number, ((before, colon), (start, end)) in enumerate(pairwise(self.paragraphs), start=1):
            is_marked = bool(self.marked[number]) and self.marked[number][0].start == start
            block = Marked(start=start, end=end, inner_start=start, inner_end=end)
            if (
                self.text[colon - 1] == ":"
                and not is_marked
                and block.words(self.text) >= _BLOCK_WORDS
                and find_sayings(self.masked, before, colon)
            ):
                self.marked[number] = [block]
                found = True
        if found:
            self.masked = mask_quotes(self.text, [span for spans in self.marked for span in spans])

    def mark_answers(self) -> bool:
        """Take what stands behind the label of a person for a quote, in an interview of two labels or more.

        A question, and what the outlet says under its own name, is none. Labels in small letters make an interview
        where an outlet asks under one of them.
        """
        labels = [_LABEL.match(self.text, start, end) for start, end in self.paragraphs]
        plain = [_PLAIN_LABEL.match(self.text, start, end) for start, end in self.paragraphs]
        if any(label and self.outlets.named(label["name"]) for label in plain):
            labels = plain
        named = {label["name"] for label in labels if label}
        if len(named) < _LABELS:
            return False
        self.labelled = self.find_labelled(named)
        found = False
        for number, (label, (_, end)) in enumerate(zip(labels, self.paragraphs, strict=True)):
            if not label or label["name"] not in self.labelled or self.text[end - 1] == "?":
                continue
            if any(span.start == label.end() for span in self.marked[number]):
                continue
            block = Marked(start=label.end(), end=end, inner_start=label.end(), inner_end=end)
            if block.words(self.text) >= SHORT_QUOTE_WORDS:
                self.marked[number], found = [block], True
        return found

    def find_labelled(self, named: AbstractSet[str]) -> dict[str, str]:
        """Whom labels mean that the article names elsewhere too, and no outlet's: not "BEST DIRECTOR: …"."""
        text = "\n".join(self.text[start:end] for start, end in self.paragraphs)
        printed = f"{self.article.headline}\n{self.article.dek}\n{_LINE_LABEL.sub('', text)}"
        people = People(printed)
        found: dict[str, str] = {}
        for label in named:
            name = label.title() if label.isupper() else label
            full = name if " " in name and name in printed else people.full_name(name, len(printed))
            if " " in full and full in printed and not self.outlets.named(name):
                found[label] = full
        return found

    # Reading: sentences, then whose their quotes are

    def read_paragraph(self, number: int) -> list[_Sentence]:
        """The sentences of a paragraph with their quotes attributed."""
        start, end = self.paragraphs[number]
        spans = self.marked[number]
        whole = [(span.start, self.end_of_frame(span, end)) for span in spans]
        if self.language == GERMAN:
            whole = sorted([*whole, *(found.span() for found in _ORDINAL.finditer(self.masked, start, end))])
        sentences = [_Sentence(*found) for found in split_sentences(self.masked, start, end, whole)]
        self.share_spans(sentences, spans)
        before: _Quote | None = None
        for sentence in sentences:
            self.read_sentence(sentence)
            for span in sentence.spans:
                quote = self.attribute(sentence, span, before, opens=span.start == start)
                if quote:
                    sentence.quotes.append(quote)
                    before = quote
            if sentence.sayings:
                self.last_saying = sentence.sayings[0]
                self.speaking = self.speaker_of(self.last_saying)
        ends_open = bool(sentences) and self.masked[end - 1] == ":"
        self.lead = sentences[-1] if ends_open else None
        return sentences

    def share_spans(self, sentences: Sequence[_Sentence], spans: Sequence[Marked]) -> None:
        """Give each stretch in quote marks to the sentence in which it begins."""
        left = iter(spans)
        span = next(left, None)
        for sentence in sentences:
            while span is not None and span.start < sentence.end:
                sentence.spans.append(span)
                span = next(left, None)

    def end_of_frame(self, span: Marked, paragraph_end: int) -> int:
        """How far the sentence of a quote must reach: over a frame after a question or cry ("Why?" Marsh asked)."""
        signed = signed_by(self.masked, span.end, paragraph_end)
        if signed:
            return signed.end
        if self.text[span.inner_end - 1] not in "!?…—.":
            return span.end
        frame = _FRAME_NEXT.match(self.masked, span.end)
        return frame.end() if frame and frame["cue"] in CUES else span.end

    def read_sentence(self, sentence: _Sentence) -> None:
        ends = [span.end for span in sentence.spans if not self.is_title_of(sentence, span)]
        words = set(_PLAIN_WORD.findall(self.masked, sentence.start, sentence.end))
        if self.is_english and not words.isdisjoint(SAYING_WORDS):
            sentence.sayings = find_sayings(self.masked, sentence.start, sentence.end, ends)
        sentence.credits = self.find_credits(sentence, words)

    def find_credits(self, sentence: _Sentence, words: AbstractSet[str]) -> list[CreditSpan]:
        """The credits of a sentence; "the magazine" is the outlet that was credited last, not long before."""
        found = find_credits(self.masked, self.outlets, sentence.start, sentence.end, words=words)
        if not found and "podcast" in words:
            found = self.find_podcast(sentence)
        last = self.last_credit
        if not found and last and sentence.start - last.end <= _CREDIT_CHARS:
            again = find_credit_again(self.masked, sentence.start, sentence.end, last, words)
            found = [again] if again else []
        self.credited.update(credit.name for credit in found)
        if found:
            is_one_of_two = _AND_BEFORE.search(self.masked, sentence.start, found[-1].start) or _AND_AFTER.match(
                self.masked, found[-1].end, sentence.end
            )
            self.last_credit = None if is_one_of_two else found[-1]
        return found

    def find_podcast(self, sentence: _Sentence) -> list[CreditSpan]:
        """The podcast that a sentence names in quote marks, and somebody was heard on."""
        shown = _ON_PODCAST.search(self.masked, sentence.start, sentence.end)
        if not shown:
            return []
        name = self.text[slice(*shown.span("name"))].rstrip(",.")
        outlet = self.outlets.named(name)
        return [CreditSpan(*shown.span(), self.text[slice(*shown.span())], outlet.id if outlet else None, name)]

    def attribute(self, sentence: _Sentence, span: Marked, before: _Quote | None, *, opens: bool) -> _Quote | None:
        """The quote that a stretch in quote marks is, with its speaker; None where it is a title or a scare quote."""
        words = span.words(self.text)
        if not words:
            return None
        beside = self.foreign_frame(sentence, span) or self.frame_beside(sentence, span)
        saying = beside or self.frame_of(sentence, span)
        is_short = words < SHORT_QUOTE_WORDS
        if self.is_title(sentence, span) and (beside is None or (beside.end < span.start and self.is_subject(span))):
            return None
        if words == 1 and beside is None and not span.runs_on and self.is_set_off(span):
            return None  # “Salt,” Ana Ruiz (France), in a list of films
        saying = self.label_of(span) or saying
        quote = _Quote(span, saying, is_embedded=self.is_embedded(sentence, span, is_short=is_short))
        if saying and quote.is_embedded and self.is_denied(saying):
            return None
        if sentence.credits:
            quote.credit = sentence.credits[0]
        if saying is None and not quote.is_embedded and self.is_english:  # else its own frame may not be known
            self.carry_on(quote, before, opens=opens)
        elif saying is not None:
            quote.speaker = self.speaker_of(saying, quote)
            quote.has_frame = quote.speaker is not None
        if is_short and quote.speaker is None:
            return None
        self.link(quote, before, opens=opens)
        if quote.speaker:
            self.last = quote
        return quote

    def label_of(self, span: Marked) -> Saying | None:
        """Who speaks by the label of a transcript inside a quote, under the name as the article writes it elsewhere."""
        label = _LABEL.match(self.text, span.inner_start, span.inner_end)
        if not label and span.start == span.inner_start:  # an answer, without marks
            line = _PLAIN_LABEL.match(self.text, self.text.rfind("\n", 0, span.start) + 1, span.start)
            label = line if line and line.end() == span.start else None
        if not label:
            return None
        if len(label["name"]) < _LABEL_LETTERS and span.start != span.inner_start:  # "“OK: we run”"
            return None
        full = self.labelled.get(label["name"]) or self.people.full_name(label["name"].title(), span.start)
        return Saying(full if " " in full else label["name"], ":", span.start, label.end(), span.start, span.start)

    def frame_beside(self, sentence: _Sentence, span: Marked) -> Saying | None:
        """The frame that touches a quote: right after it, or right before it with a comma or colon between."""
        signed = signed_by(self.masked, span.end, sentence.end)
        if signed:
            return signed
        ends_speech = (
            bool(_SPEECH_END.search(self.text, span.start, span.end)) or self.text[span.end : span.end + 1] == ","
        )
        before_span = self.before(sentence, span)
        apart = bool(_LEADS_IN.search(before_span)) or before_span.endswith(tuple("”’»\"',.!?"))
        near, following = sentence.sayings_round(span)
        gap = span.start - near.end if near else 0
        if near and (before_span.endswith(":") or (before_span.endswith(",") and gap <= _FRAME_GAP_CHARS)):
            return near
        gap = min(following.start, following.cue_start) - span.end if following else 0
        if following and ends_speech and apart and gap <= _FRAME_GAP_CHARS:
            return following
        if before_span.endswith(":") and sentence.end - span.end <= _FRAME_GAP_CHARS:
            return find_lead(self.masked, sentence.start, span.start - 1)
        return None

    def foreign_frame(self, sentence: _Sentence, span: Marked) -> Saying | None:
        """The frame of a quote in an article that is not English."""
        if self.is_english:
            return None
        return find_frame(self.language, self.masked, sentence.start, span.start, span.end)

    def frame_of(self, sentence: _Sentence, span: Marked) -> Saying | None:
        """The verb of saying that a quote inside a sentence hangs on: the last before it, else the sentence's last."""
        near, following = sentence.sayings_round(span)
        owner = find_owner(self.masked, sentence.start, span.start)
        if owner and (near is None or near.cue_start < owner.start):
            return owner
        naming = find_naming(self.masked, sentence.start, span.start) if near is None else None
        return near or naming or (sentence.sayings[-1] if following else None)

    def before(self, sentence: _Sentence, span: Marked) -> str:
        """What leads up to a quote in its sentence, as far as it matters, without blanks at its end."""
        return self.masked[max(sentence.start, span.start - _BEFORE_CHARS) : span.start].rstrip()

    def is_denied(self, saying: Saying) -> bool:
        """Whether it is told that somebody does not say it."""
        return _IS_NOT.search(self.masked, max(0, saying.cue_start - _NOT_CHARS), saying.cue_start) is not None

    def is_title(self, sentence: _Sentence, span: Marked) -> bool:
        """Whether what stands in quote marks is written as the title of a work."""
        words = _TITLE_WORD.findall(self.text[span.inner_start : span.inner_end])
        if not 0 < len(words) <= _TITLE_WORDS or not (words[0][0].isupper() or words[0][0].isdigit()):
            return False
        if len(words) == 1 and span.start == sentence.start and not self.is_subject(span):
            return False
        return all(word[0].isupper() or word[0].isdigit() or word in _TITLE_SMALL for word in words)

    def is_subject(self, span: Marked) -> bool:
        """Whether a verb follows what stands in quote marks: “Kettle” opens, and “Yes,” she says."""
        following = self.text[span.end : span.end + 2]
        is_verb = following[1:].isalpha() if self.part == "headline" else following[1:].islower()
        return self.text[span.inner_end - 1].isalnum() and following[:1] == " " and is_verb

    def is_set_off(self, span: Marked) -> bool:
        """Whether what stands in quote marks has a capital and ends with a comma, as the films of a list do."""
        ends = self.text[span.inner_end - 1 : span.inner_end] == "," or self.text[span.end : span.end + 1] == ","
        return ends and self.text[span.inner_start].isupper()

    def is_title_of(self, sentence: _Sentence, span: Marked) -> bool:
        """Whether a title says whose somebody is: "the “Paper Harbor” director said"."""
        after = self.text[span.end : span.end + 2]
        is_between = bool(_OF_TITLE.search(self.before(sentence, span))) and after[:1] == " " and after[1:].islower()
        return is_between and self.is_title(sentence, span)

    def is_embedded(self, sentence: _Sentence, span: Marked, *, is_short: bool) -> bool:
        """Whether a quote is a part of its sentence's own words, rather than a sentence that somebody says."""
        before = self.before(sentence, span)
        if not before or before.endswith((":", "—")):
            return False
        if before.endswith(","):
            return self.text[span.inner_start : span.inner_start + 1].islower()
        return is_short or before[-1].isalnum()

    def carry_on(self, quote: _Quote, before: _Quote | None, *, opens: bool) -> None:
        """Find the speaker of a quote without a frame: who spoke before it in the paragraph, or led up to it."""
        if before is None and opens and self.lead is not None:
            self.take_lead(quote, self.lead)
            return
        source, said = before or self.last, self.last_saying
        if source and quote.span.start - source.span.end > _CARRY_CHARS and before is None:
            source = None
        if said and quote.span.start - said.end <= _CARRY_CHARS and (source is None or said.start > source.span.end):
            quote.speaker = self.speaker_of(said, quote)
            quote.saying = said if quote.speaker else None
        elif source is not None:
            quote.saying, quote.speaker = source.saying, source.speaker

    def take_lead(self, quote: _Quote, lead: _Sentence) -> None:
        """A block quote belongs to whom the sentence before it, which ends with a colon, names."""
        quote.saying = find_lead(self.masked, lead.start, lead.end - 1)
        quote.credit = lead.credits[-1] if lead.credits else None
        if quote.saying:
            quote.speaker = self.speaker_of(quote.saying, quote)
            quote.has_frame = quote.speaker is not None

    def link(self, quote: _Quote, before: _Quote | None, *, opens: bool) -> None:
        """Give a quote the chain of the one that it continues, or a chain of its own."""
        if self.goes_on(quote, before, opens=opens):
            last: _Quote | None = self.open[-1]
            continues = True
            self.tell_open(quote)
        else:
            last, self.open = before, []
            continues = (
                before is not None
                and not quote.is_embedded
                and self.is_frame(before.span.end, quote.span.start, quote)
                and not self.is_of_another(quote, before)
            )
        if quote.span.runs_on:
            self.open.append(quote)
        if last is not None and continues:
            quote.chain, quote.credit = last.chain, quote.credit or last.credit
            quote.speaker, quote.saying = quote.speaker or last.speaker, quote.saying or last.saying
            return
        self.chains += 1
        quote.chain = self.chains

    def is_of_another(self, quote: _Quote, before: _Quote) -> bool:
        """Whether a quote and the one before it have frames that name two: “…,” says Ana Ruiz. Karl Quill asks.

        "The actor" may be who was named before; "another" is not.
        """
        if not (quote.has_frame and before.has_frame and quote.speaker and before.speaker):
            return False
        words, others = (set(speaker.split()) for speaker in (quote.speaker, before.speaker))
        are_names = " " in quote.speaker and all(word[0].isupper() for word in words) and before.speaker[0].isupper()
        return words.isdisjoint(others) and (are_names or _ANOTHER.match(quote.speaker) is not None)

    def goes_on(self, quote: _Quote, before: _Quote | None, *, opens: bool) -> bool:
        """Whether a quote goes on with one that the paragraph before left open."""
        if not self.open or before is not None or not opens:
            return False
        last = self.open[-1]
        is_next = not self.text[last.span.end : quote.span.start].strip()
        return is_next and not (last.has_frame and quote.has_frame and last.speaker != quote.speaker)

    def tell_open(self, quote: _Quote) -> None:
        """Give the spans of an open quote the speaker that only a later one names."""
        if quote.speaker is None or not quote.has_frame:
            return
        is_named = quote.speaker[0].isupper()  # "she" that fits nobody tells less than who was heard before
        for span in self.open:
            if not span.has_frame and (is_named or span.speaker is None):
                span.speaker, span.saying, span.credit = quote.speaker, quote.saying, span.credit or quote.credit

    def is_frame(self, start: int, end: int, quote: _Quote) -> bool:
        """Whether nothing but a frame stands between two quotes."""
        own = [word for word in self.content_words(start, end) if word not in CUES]
        said = set(_WORD.findall(quote.saying.speaker.lower())) if quote.saying else set()
        return len([word for word in own if word not in said]) < OWN_WORDS

    def speaker_of(self, saying: Saying, quote: _Quote | None = None) -> str | None:
        """The full name of whom a frame names; a pronoun that fits nobody stays as printed."""
        if not self.is_english:
            return self.foreign_speaker(saying)
        printed = saying.speaker
        if "x" in printed and _MASKED_TITLE.search(printed):  # "the “Paper Harbor” director"
            held = self.roles.holder(_MASKED_TITLE.sub("", printed), saying.speaker_start)
            at = saying.speaker_start
            return self.people.full_name(*held) if held else self.text[at : at + len(printed)]
        if printed.lower() in {"he", "she"}:
            said = set(_LETTERS.findall(self.text, quote.span.start, quote.span.end)) if quote else ()
            return self.people.resolve(printed, saying.speaker_start, last_speaker=self.speaking, said=said) or printed
        if printed.lower() in _NO_SPEAKERS or _OWN_VERSION.match(printed):
            return None
        held = self.roles.holder(printed, saying.speaker_start) if is_role(printed) else None
        return self.people.full_name(*(held or (printed, saying.speaker_start)))

    def foreign_speaker(self, saying: Saying) -> str | None:
        """Who a frame names in an article that is not English: capitals alone make no name there.

        Beside a verb of saying one word will do, but in German, where all nouns have capitals. Before a colon alone a
        name has two, and none that the article writes small elsewhere, as the beginning of a sentence is.
        """
        printed = trim_foreign(saying.speaker, self.small_words)
        full = trim_foreign(self.people.full_name(printed, saying.speaker_start), self.small_words) if printed else ""
        capital = [word for word in full.split() if word[0].isupper()]
        if saying.cue == ":":
            return full if len(capital) > 1 and self.small_words.isdisjoint(map(str.lower, capital)) else None
        return full if len(capital) > (self.language == GERMAN) else None

    # Making mentions

    def is_statement(self, sentence: _Sentence) -> bool:
        """Whether a sentence says something beside its whole quotes and their frames."""
        words = self.words_of(sentence)
        if sentence.quotes and not any(quote.is_embedded for quote in sentence.quotes):
            own = [word for word in words if word.lower() not in NO_NAMES and word not in CUES]
            return len(own) >= OWN_WORDS + self.frame_words(sentence)
        if len(words) < 2 or all(word.lower() in _LINK_WORDS for word in words):  # noqa: PLR2004 - one word says nothing
            return False
        return len(words) > self.frame_words(sentence) + len(sentence.sayings[:1])

    def frame_words(self, sentence: _Sentence) -> int:
        """How many words the speaker of a sentence takes."""
        return len(_WORD.findall(sentence.sayings[0].speaker)) if sentence.sayings else 0

    def words_of(self, sentence: _Sentence) -> list[str]:
        """The words of a sentence outside its whole quotes."""
        at, words = sentence.start, list[str]()
        for quote in sentence.quotes:
            if not quote.is_embedded:
                words += _WORD.findall(self.text, at, quote.span.start)
                at = quote.span.end
        return words + _WORD.findall(self.text, at, max(at, sentence.end))

    def content_words(self, start: int, end: int) -> list[str]:
        return [word for word in map(str.lower, _WORD.findall(self.text, start, end)) if word not in NO_NAMES]

    def own_text(self, sentence: _Sentence) -> str:
        """A sentence with its longer quotes masked: what others say is nobody's opinion here."""
        return self.masked[sentence.start : sentence.end]

    def statement(self, sentence: _Sentence, *, is_opinion: bool) -> Mention:
        saying = next((s for s in sentence.sayings if is_indirect(self.masked, s, sentence.end)), None)
        return self.mention(
            "statement",
            sentence.start,
            sentence.end,
            speaker=self.speaker_of(saying) if saying else None,
            cue=saying.cue if saying else None,
            credit=sentence.credits[0] if sentence.credits else None,
            is_opinion=is_opinion and saying is None,
        )

    def quote(self, quote: _Quote) -> Mention:
        cue = quote.saying.cue if quote.saying and quote.saying.cue != ":" else None
        span = quote.span
        return self.mention(
            "quote", span.start, span.end, speaker=quote.speaker, cue=cue, credit=quote.credit, chain=quote.chain
        )

    def mention(
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
        text = self.text[start:end]
        mention_id = make_id("mention", self.article.article_id, self.part, kind, self.seen[kind, text], text)
        self.seen[kind, text] += 1
        return Mention(
            mention_id=mention_id,
            article_id=self.article.article_id,
            outlet_id=self.article.outlet_id,
            kind=kind,
            part=self.part,
            start_char=start,
            end_char=end,
            text=text,
            quote_id=None if chain is None else self.chain_ids.setdefault(chain, make_id("quote", mention_id)),
            speaker=speaker,
            cue=cue,
            credit=credit.credit if credit else None,
            credit_phrase=credit.phrase if credit else None,
            voice="opinion" if is_opinion else "reported",
        )
