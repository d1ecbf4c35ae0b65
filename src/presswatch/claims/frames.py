"""What stands in quote marks: its frame, which says whose it is; else whether it is a title, or words of the sentence.

Every question is asked of a passage, one of its sentences and a stretch in quote marks that begins in it.
"""

from __future__ import annotations

import re

from presswatch.claims.marks import Marked
from presswatch.claims.names import NAME
from presswatch.claims.passage import Passage, Sentence
from presswatch.claims.speech import Saying, find_lead, find_naming, find_owner, signed_by
from presswatch.claims.tongues import find_frame
from presswatch.claims.words import CUES, word_set

_TITLE_WORDS = 9  # the longest title in quote marks that is looked for
_BEFORE_CHARS = 40  # how much of what leads up to a quote is looked at
_FRAME_GAP_CHARS = 14  # what may stand between a quote and its frame: signs, and an adverb
# "a director who will not say “action”": nobody says it
_IS_NOT = re.compile(r"(?:\b(?:not|never)|n[’']t)\s$", re.IGNORECASE)
_NOT_CHARS = 10
_SPEECH_END = re.compile(r"[,.!?…—–-][”’»\"'“]*$")
_FRAME_NEXT = re.compile(rf"\s+(?:{NAME}|[Hh]e|[Ss]he)(?:, [^.,]{{2,60}},)?\s(?:[a-z]+ly )?(?P<cue>[a-z]+)")
_LEADS_IN = re.compile(r"(?:^|[,:;—–(]|\b(?:that|by|with|and|but|is|was|be|as))$")
_OF_TITLE = re.compile(r"\b(?:[Tt]he|[Aa]n?)$")
_TITLE_SMALL = word_set("a an and as at but by de for from in is it la le my nor not of on or the to up vs with")
_TITLE_WORD = re.compile(r"[\w&][\w’'&-]*")


def end_of_frame(passage: Passage, span: Marked, paragraph_end: int) -> int:
    """How far the sentence of a quote must reach: over a frame after a question or cry ("Why?" Marsh asked)."""
    signed = signed_by(passage.masked, span.end, paragraph_end)
    if signed:
        return signed.end
    if passage.text[span.inner_end - 1] not in "!?…—.":
        return span.end
    frame = _FRAME_NEXT.match(passage.masked, span.end)
    return frame.end() if frame and frame["cue"] in CUES else span.end


def find_beside(passage: Passage, sentence: Sentence, span: Marked) -> Saying | None:
    """The frame that touches a quote: right after it, or right before it with a comma or colon between."""
    if not passage.is_english:
        foreign = find_frame(passage.language, passage.masked, sentence.start, span.start, span.end)
        if foreign:
            return foreign
    signed = signed_by(passage.masked, span.end, sentence.end)
    if signed:
        return signed
    text = passage.text
    ends_speech = bool(_SPEECH_END.search(text, span.start, span.end)) or text[span.end : span.end + 1] == ","
    before = _before(passage, sentence, span)
    apart = bool(_LEADS_IN.search(before)) or before.endswith(tuple("”’»\"',.!?"))
    near, following = sentence.sayings_round(span)
    gap = span.start - near.end if near else 0
    if near and (before.endswith(":") or (before.endswith(",") and gap <= _FRAME_GAP_CHARS)):
        return near
    gap = min(following.start, following.cue_start) - span.end if following else 0
    if following and ends_speech and apart and gap <= _FRAME_GAP_CHARS:
        return following
    if before.endswith(":") and sentence.end - span.end <= _FRAME_GAP_CHARS:
        return find_lead(passage.masked, sentence.start, span.start - 1)
    return None


def find_around(passage: Passage, sentence: Sentence, span: Marked) -> Saying | None:
    """The verb of saying that a quote inside a sentence hangs on: the last before it, else the sentence's last."""
    near, following = sentence.sayings_round(span)
    owner = find_owner(passage.masked, sentence.start, span.start)
    if owner and (near is None or near.cue_start < owner.start):
        return owner
    naming = find_naming(passage.masked, sentence.start, span.start) if near is None else None
    return near or naming or (sentence.sayings[-1] if following else None)


def is_denied(passage: Passage, saying: Saying) -> bool:
    """Whether it is told that somebody does not say it."""
    return _IS_NOT.search(passage.masked, max(0, saying.cue_start - _NOT_CHARS), saying.cue_start) is not None


def is_title(passage: Passage, sentence: Sentence, span: Marked) -> bool:
    """Whether what stands in quote marks is written as the title of a work."""
    words = _TITLE_WORD.findall(passage.text[span.inner_start : span.inner_end])
    if not 0 < len(words) <= _TITLE_WORDS or not (words[0][0].isupper() or words[0][0].isdigit()):
        return False
    if len(words) == 1 and span.start == sentence.start and not is_subject(passage, span):
        return False
    return all(word[0].isupper() or word[0].isdigit() or word in _TITLE_SMALL for word in words)


def is_title_of(passage: Passage, sentence: Sentence, span: Marked) -> bool:
    """Whether a title says whose somebody is: "the “Paper Harbor” director said"."""
    after = passage.text[span.end : span.end + 2]
    is_between = bool(_OF_TITLE.search(_before(passage, sentence, span))) and after[:1] == " " and after[1:].islower()
    return is_between and is_title(passage, sentence, span)


def is_subject(passage: Passage, span: Marked) -> bool:
    """Whether a verb follows what stands in quote marks: “Kettle” opens, and “Yes,” she says."""
    following = passage.text[span.end : span.end + 2]
    is_verb = following[1:].isalpha() if passage.part == "headline" else following[1:].islower()
    return passage.text[span.inner_end - 1].isalnum() and following[:1] == " " and is_verb


def is_set_off(passage: Passage, span: Marked) -> bool:
    """Whether what stands in quote marks has a capital and ends with a comma, as the films of a list do."""
    text = passage.text
    ends = text[span.inner_end - 1 : span.inner_end] == "," or text[span.end : span.end + 1] == ","
    return ends and text[span.inner_start].isupper()


def is_embedded(passage: Passage, sentence: Sentence, span: Marked, *, is_short: bool) -> bool:
    """Whether a quote is a part of its sentence's own words, rather than a sentence that somebody says."""
    before = _before(passage, sentence, span)
    if not before or before.endswith((":", "—")):
        return False
    if before.endswith(","):
        return passage.text[span.inner_start : span.inner_start + 1].islower()
    return is_short or before[-1].isalnum()


def _before(passage: Passage, sentence: Sentence, span: Marked) -> str:
    """What leads up to a quote in its sentence, as far as it matters, without blanks at its end."""
    return passage.masked[max(sentence.start, span.start - _BEFORE_CHARS) : span.start].rstrip()
