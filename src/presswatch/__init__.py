"""presswatch: name a film, and see what every outlet said.

The public face; see docs/tables.md for what the tables hold. Everything is loaded when it is first asked for, so
`import presswatch` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from presswatch.align import group_articles, score_mentions
    from presswatch.claims import find_mentions
    from presswatch.comparer import compare_articles as compare
    from presswatch.extract import extract_article
    from presswatch.tables import load

__version__ = "0.1.0"
__all__ = ["__version__", "compare", "extract_article", "find_mentions", "group_articles", "load", "score_mentions"]

_HOMES = {
    "compare": ("presswatch.comparer", "compare_articles"),
    "extract_article": ("presswatch.extract", "extract_article"),
    "find_mentions": ("presswatch.claims", "find_mentions"),
    "group_articles": ("presswatch.align", "group_articles"),
    "load": ("presswatch.tables", "load"),
    "score_mentions": ("presswatch.align", "score_mentions"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'presswatch' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
