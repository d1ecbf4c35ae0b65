"""Articles and mentions → the tables: grouped into stories, compared story by story. Pure.

A change touches the period of the calendar that it falls in, the stories that are not as they were, and the parts of
the tables that hold these. The rest is neither read nor written.
"""

from presswatch.comparer.batches import Batch, Told, compare_batch
from presswatch.comparer.laying import Compared, compare_articles, compare_batches
from presswatch.comparer.regrouping import (
    Grouping,
    groups_from_arrow,
    groups_to_arrow,
    ties_from_arrow,
    ties_to_arrow,
)

__all__ = [
    "Batch",
    "Compared",
    "Grouping",
    "Told",
    "compare_articles",
    "compare_batch",
    "compare_batches",
    "groups_from_arrow",
    "groups_to_arrow",
    "ties_from_arrow",
    "ties_to_arrow",
]
