"""Which topics an article is of, and the words by which stories are found. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from presswatch.model import Article
from presswatch.settings import Topic
from presswatch.urls import fold_letters


def match_topics(article: Article, topics: Sequence[Topic]) -> list[str]:
    """The names of the topics an article is of: one of `any` and every one of `all` stands in it as words."""
    if not topics:  # and the text need not be folded
        return []
    text = fold_words(" ".join(part for part in (article.headline, article.dek, article.text) if part))
    day = article.published_at.date() if article.published_at else None
    return [
        topic.name
        for topic in topics
        if (not topic.any or any(_stands_in(words, text) for words in topic.any))
        and all(_stands_in(words, text) for words in topic.all)
        and not (topic.since and day and day < topic.since)
    ]


def _stands_in(words: str, folded: str) -> bool:
    return f" {fold_words(words).strip()} " in folded


def fold_words(text: str) -> str:
    """The words of a text in lower case without accents, a blank around each."""
    return " ".join(["", *re.findall(r"\w+", fold_letters(text)), ""])
