"""Mentions to stories, alignments, claims, differences and verdicts. Pure: no network, clock or disk."""

from presswatch.align.scoring import score_mentions

__all__ = ["score_mentions"]
