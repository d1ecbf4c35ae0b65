"""Mentions to stories, alignments, claims, differences and verdicts. Pure: no network, clock or disk."""

from presswatch.align.aligned import Alignments, arrange
from presswatch.align.comparing import compare_story
from presswatch.align.periods import group_articles
from presswatch.align.scoring import score_mentions
from presswatch.align.stories import story_id_of

__all__ = ["Alignments", "arrange", "compare_story", "group_articles", "score_mentions", "story_id_of"]
