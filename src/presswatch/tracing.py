"""Which articles and addresses one address means: by any spelling, and by what led to an article. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from presswatch.errors import UsageError
from presswatch.model import ID_LENGTH, make_id
from presswatch.outlets import Registry
from presswatch.urls import host_of, identity, is_web

_FILE = "file:"


@dataclass(frozen=True)
class Trace:
    """An address, the articles that it leads to, and every address that leads to them; `asked` comes first."""

    asked: str
    urls: tuple[str, ...]
    article_ids: tuple[str, ...] = ()


def trace_address(asked: str, tables: Mapping[str, pd.DataFrame], outlets: Registry) -> Trace:
    """Find what an address, or an article_id, means.

    An address leads to an article where it is the article's own, or an alias: another spelling, where a redirect came
    from, a later page. What an article only calls its canonical address at another outlet leads nowhere: that is the
    other outlet's article. So is an address that is an article of its own by now.

    Args: `tables` holds `articles` and `aliases`; they may be empty.
    Returns: the trace; without articles where nothing is stored.
    Raises: UsageError where it is neither a web address, nor a stored file's, nor an id.
    Cost: 50 µs for each stored address of the host.
    """
    articles, aliases = tables["articles"], leading_aliases(tables["articles"], tables["aliases"], outlets)
    asked = asked.strip()
    if is_web(asked):
        key, known = identity(asked), _of_host(aliases, asked)
        own = {_id_at(outlet_id, asked, outlets) for outlet_id in articles["outlet_id"].unique()}
        found = set(articles.loc[articles["article_id"].isin(own), "article_id"])
        found = found or set(known.loc[known["url"].map(identity) == key, "article_id"])
    elif asked.startswith(_FILE):
        found = set(articles.loc[articles["url"] == asked, "article_id"])
    elif len(asked) == ID_LENGTH and asked.isalnum():
        found = {asked} & set(articles["article_id"])
    else:
        found = set()
    if not found and not is_web(asked):
        raise UsageError(_refusal(asked))
    urls = [asked] if is_web(asked) else []
    urls += _addresses(articles, aliases, found)
    return Trace(asked, tuple(dict.fromkeys(urls)), tuple(sorted(found)))


def _id_at(outlet_id: str, url: str, outlets: Registry) -> str:
    """The id that the article at an address has where it is this outlet's."""
    outlet = outlets.get(outlet_id)
    return outlet.article_id(url) if outlet else make_id(outlet_id, identity(url))


def _refusal(asked: str) -> str:
    if asked.startswith(_FILE):
        return f"no file {asked!r} was taken in; `presswatch ingest PATH` does it"
    hint = f"is it https://{asked}?" if "." in asked else "write it as https://www.example.org/a-review"
    return f"{asked!r} is no web address, and no article has it for an id: {hint}"


def _addresses(articles: pd.DataFrame, aliases: pd.DataFrame, found: set[str]) -> list[str]:
    """Every address of some articles, but for those that are another article's own."""
    own = articles.loc[articles["article_id"].isin(found), "url"]
    led = aliases.loc[aliases["article_id"].isin(found), "url"]
    hosts = {host_of(url) for url in [*own, *led]}
    others = articles.loc[~articles["article_id"].isin(found), "url"]
    taken = {identity(url) for url in others if host_of(url) in hosts} - {identity(url) for url in own}
    return [url for url in [*own, *led] if identity(url) not in taken]


def leading_aliases(articles: pd.DataFrame, aliases: pd.DataFrame, outlets: Registry) -> pd.DataFrame:
    """The aliases that lead to their article: not those that it only names, at other outlets or as a front page."""
    own = dict(zip(articles["article_id"], articles["url"], strict=True))
    rows = zip(aliases["url"], aliases["article_id"], aliases["reason"], strict=True)
    leads = [reason != "canonical" or _is_near(url, own.get(one, ""), outlets) for url, one, reason in rows]
    return aliases[np.array(leads, dtype=bool)]


def _is_near(url: str, article_url: str, outlets: Registry) -> bool:
    """Whether an address is one of the outlet's own articles, as those of later pages are."""
    try:
        is_front = urlsplit(url).path in ("", "/") and not urlsplit(url).query
    except ValueError:
        return False
    if is_front or not is_web(article_url):
        return False
    ours = outlets.for_url(article_url)
    return host_of(url) == host_of(article_url) or (ours is not None and outlets.for_url(url) is ours)


def _of_host(aliases: pd.DataFrame, url: str) -> pd.DataFrame:
    return aliases[aliases["url"].str.contains(host_of(url), regex=False, case=False).astype(bool)]


def outlets_of(trace: Trace, articles: pd.DataFrame, outlets: Registry, ids: Iterable[str] = ()) -> tuple[str, ...]:
    """The outlets whose files may hold something of a trace: whose host or article it is; and `ids`."""
    hosts = [outlet.id for url in trace.urls if (outlet := outlets.for_url(url))]
    owners = articles.loc[articles["article_id"].isin(trace.article_ids), "outlet_id"]
    return tuple(dict.fromkeys([*hosts, *owners, *ids]))
