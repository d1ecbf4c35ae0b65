"""Article → mentions: statements and quotes, with speaker, cue, credit and voice. Pure.

The flow: `marks` (what stands in quote marks) → `sentences` → `speech` (verbs of saying and their subjects; `names`
knows the persons, `roles` who is the director) and `credits` → `voice` → `mentions`, which puts it together. `words` is
data; `changes` compares revisions by these sentences.
"""

from __future__ import annotations

from presswatch.claims.changes import Change, diff_sentences
from presswatch.claims.credits import CreditSpan, find_credits
from presswatch.claims.mentions import find_mentions

__all__ = ["Change", "CreditSpan", "diff_sentences", "find_credits", "find_mentions"]
