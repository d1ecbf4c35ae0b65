"""Article → mentions: statements and quotes, with speaker, cue, credit and voice. Pure.

marks, sentences, passage      a part of an article → paragraphs, sentences, stretches in quote marks
speech, tongues                verbs of saying with their subjects, in English and in other languages
frames                         what stands in quote marks → its frame, or that nobody says it
names, roles, speakers         … and whom that names
chains                         which of these are one quote
credits, crediting             who is credited, by a stretch alone and by what was said before it
voice                          what is an opinion
mentions                       all of it put together
changes                        two revisions, compared by their sentences
words                          data
"""

from __future__ import annotations

from presswatch.claims.changes import Change, diff_sentences
from presswatch.claims.credits import CreditSpan, find_credits
from presswatch.claims.mentions import find_mentions

__all__ = ["Change", "CreditSpan", "diff_sentences", "find_credits", "find_mentions"]
