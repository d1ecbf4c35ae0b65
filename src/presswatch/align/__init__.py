"""Mentions to stories, alignments, claims, differences and verdicts. Pure: no network, clock or disk.

periods, stories, linkage      articles → stories, a period of the calendar at a time
text, sparse, scoring          sentences as words, stems and vectors → pairs that may say the same, and how surely
comparing                      the articles of one story → all that is said of it, by what follows
grouping                       mentions → claims
told                           a sentence → what it tells that another could tell otherwise, read by
    when, clock, places, amounts, counts, tallies, ranks, sums, ages, titles, roles, prizes, spelling; denials,
    certainty, deeds, contraries
context, values                … of what it is told, and whether two values can both be true
differences                    in what two sentences disagree
first, credits, drift          who said it first, who took it from whom, how a quote was changed
aligned                        the alignments of a story, as columns
"""

from presswatch.align.aligned import Alignments, arrange
from presswatch.align.comparing import compare_story
from presswatch.align.periods import group_articles
from presswatch.align.scoring import score_mentions
from presswatch.align.stories import story_id_of

__all__ = ["Alignments", "arrange", "compare_story", "group_articles", "score_mentions", "story_id_of"]
