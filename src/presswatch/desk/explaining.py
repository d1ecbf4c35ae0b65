"""`presswatch explain`: what raw, state and tables know of one address. Nothing is written, and no lock is taken."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from presswatch.archive import Memory, Remembered, Stored, StoredRevisit, peek_memory, read_answers
from presswatch.desk.dossier import Facts, sort_rows
from presswatch.errors import DamagedError, DiskError
from presswatch.fetch.robots import AGENT_TOKEN, is_allowed
from presswatch.forgotten import load_forgotten
from presswatch.ledger import list_unread
from presswatch.model import Capture, Failure, Revisit
from presswatch.outlets import Registry, load_outlets
from presswatch.settings import Settings
from presswatch.storage import OPEN_SUFFIX, DataDir
from presswatch.tables import JOINER, Tables, load_stored
from presswatch.tables.rows import plain_rows
from presswatch.tracing import Trace, outlets_of, trace_address
from presswatch.urls import host_of, identity, is_web, origin_of, outlet_id_from_host

_ARTICLE = (
    "article_id outlet_id url headline byline published_at modified_at access word_count extractor evidence "
    "syndicated_from topics"
).split()
_NEAR = 0.95  # of `difflib.get_close_matches`: of 80 characters four may be others
_OUTCOME = ("state", "code", "at", "tries", "is_open", "revisit_at")
_REVISION = "revision is_latest first_seen_at fetched_at word_count text_digest capture_id extractor".split()
_REVISIT = ("url", "asked_url", "fetched_at", "status", "capture_id", "refers_to", "refers_to_at")
_STORY = ("story_id", "headline", "outlet_count", "article_count")


def explain_url(settings: Settings, url: str) -> Facts:
    """Gather everything that is known of one address, in any of its spellings; or of an article by its id.

    Raises: UsageError where it is neither; DamagedError and SchemaError of the tables.
    Cost: the WARC files of the outlets concerned are read once; some 5,000 captures a second.
    """
    data, outlets = (
        DataDir(settings.data, settings.bucket).refresh(has_memories=True),
        load_outlets(settings.outlets_folder),
    )
    tables = load_stored(data.clean)
    trace = trace_address(url, {"articles": tables.articles, "aliases": tables.aliases}, outlets)
    owner = next(filter(None, map(outlets.for_url, trace.urls)), None)
    ids = _outlet_ids(data, trace, tables, outlets)
    faults: list[str] = []
    memory = _look_into(data, ids, trace, faults)
    urls = tuple(dict.fromkeys([*trace.urls, *(one.candidate.url for one in memory.candidates)]))
    known = set(tables.articles.loc[_of(tables.articles, trace), "capture_id"])
    captures, revisits, documents = _find_in_raw(data.stream(_files_of(data, ids)), urls, known, faults)
    first = next(iter(memory.candidates), None)
    outlet_id = owner.id if owner else next(iter(ids), "")
    articles = tuple(_articles(tables, trace))
    return Facts(
        asked=url.strip(),
        addresses=tuple(_addresses(urls, trace, tables, memory)),
        outlet_id=outlet_id,
        outlet=owner.name if owner else tables.outlet_names().get(outlet_id, ""),
        is_followed=bool(owner and owner.id in settings.collect_outlets),
        forgotten_at=load_forgotten(data.root).at(url.strip()),
        listed=sort_rows([*map(_listing, memory.candidates), *documents], "at"),
        memory=_outcome(first) if first else None,
        robots=_robots(trace, memory),
        captures=sort_rows(_capture_rows(data, captures), "fetched_at"),
        revisits=sort_rows([_revisit_row(data, one) for one in revisits], "fetched_at"),
        articles=articles,
        failures=sort_rows(_failures(tables, memory, urls), "at"),
        faults=tuple(faults),
        near=None if articles else _near(tables, outlet_id, url.strip()),
    )


def _near(tables: Tables, outlet_id: str, url: str) -> str | None:
    """The address of an outlet's article that is spelt nearly so: a letter or two are others, not another slug."""
    stored = tables.articles.loc[tables.articles["outlet_id"] == outlet_id, "url"].unique()
    return next(iter(get_close_matches(url, stored, n=1, cutoff=_NEAR)), None)


def _outlet_ids(data: DataDir, trace: Trace, tables: Tables, outlets: Registry) -> list[str]:
    """The outlets whose files may know of it; each has a folder or a memory of that name, or none."""
    unknown = [outlet_id_from_host(host_of(url)) for url in trace.urls if is_web(url)]
    hosts = {host_of(url) for url in trace.urls}
    stored = zip(tables.outlets["outlet_id"], tables.outlets["hosts"].fillna(""), strict=True)
    unknown += [one for one, told in stored if hosts & set(told.split(JOINER))]
    found = outlets_of(trace, tables.articles, outlets, unknown)
    return [one for one in found if data.raw_files(one) or (data.state / f"{one}.sqlite").exists()]


def _look_into(data: DataDir, ids: Iterable[str], trace: Trace, faults: list[str]) -> Memory:
    """What the memories of all these outlets say, the owner's first."""
    candidates: list[Remembered] = []
    robots: dict[str, Any] = {}
    failures: list[Failure] = []
    for outlet_id in ids:
        try:
            found = peek_memory(data, outlet_id, trace.urls, {origin_of(url) for url in trace.urls if is_web(url)})
        except (DamagedError, DiskError) as error:
            faults.append(str(error))
            continue
        candidates += found.candidates
        robots |= found.robots
        failures += found.failures
    return Memory(tuple(candidates), robots, tuple(failures))


def _files_of(data: DataDir, ids: Iterable[str]) -> list[Path]:
    """The WARC files of some outlets, those that a run is writing, or left, included."""
    own = [path for one in ids for path in data.raw_files(one)]
    return own + [path for one in ids for path in sorted(data.spool.glob(f"{one}@*{OPEN_SUFFIX}"))]


def _find_in_raw(
    paths: Iterable[Path], urls: Iterable[str], known: Container[str], faults: list[str]
) -> tuple[list[Stored], list[StoredRevisit], list[dict[str, Any]]]:
    """The captures of it, its revisits, and the stored feeds and sitemaps that name it: of each the first and the last.

    Args: `known` are ids of captures that the tables know to be of it.
    """
    keys = {identity(url) for url in urls}
    captures: list[Stored] = []
    revisits: list[StoredRevisit] = []
    naming: dict[str, list[Stored]] = {}
    for path in paths:
        for found in read_answers(path):
            if isinstance(found, Failure):
                faults += [] if path.suffix == OPEN_SUFFIX else [found.message]  # its last record is being written
            elif isinstance(found, StoredRevisit):
                if found.revisit.capture_id in known or _addresses_of(found.revisit) & keys:
                    revisits.append(found)
            elif found.capture.kind == "article":
                if found.capture.capture_id in known or _addresses_of(found.capture) & keys:
                    captures.append(found)
            elif names_address(found.capture.body, urls):
                naming.setdefault(found.capture.url, []).append(found)
    ends = [end for group in naming.values() for end in dict.fromkeys((min(group, key=_time), max(group, key=_time)))]
    return captures, revisits, [_document(end) for end in ends]


def _time(stored: Stored) -> Any:
    return stored.capture.fetched_at


def _addresses_of(answer: Capture | Revisit) -> set[str]:
    listed_as = answer.listed_as if isinstance(answer, Capture) else ""
    return {identity(url) for url in (answer.url, answer.asked_url, listed_as) if url}


def names_address(body: bytes, urls: Iterable[str]) -> bool:
    """Whether a feed or sitemap names one of some addresses, by path; a longer path that begins so does not count."""
    for url in urls:
        path = urlsplit(url).path.rstrip("/") if is_web(url) else ""
        for form in {path, html.escape(path)} - {""}:
            needle, place = form.encode(), -1
            while (place := body.find(needle, place + 1)) >= 0:
                after = body[place + len(needle) : place + len(needle) + 2]
                if not after[:1].isalnum() and after[:1] not in (b"-", b"_", b"%") and not after[1:].isalnum():
                    return True
    return False


def _document(stored: Stored) -> dict[str, Any]:
    nothing = dict.fromkeys(("title", "published_at", "modified_at", "listed_as"))
    return {"at": stored.capture.fetched_at, "found_in": stored.capture.url, **nothing}


def _listing(remembered: Remembered) -> dict[str, Any]:
    one = remembered.candidate
    told = {name: getattr(one, name) for name in ("found_in", "title", "published_at", "modified_at", "listed_as")}
    return {"at": remembered.outcome.first_seen_at, **told}


def _outcome(remembered: Remembered) -> dict[str, Any]:
    told = {name: getattr(remembered.outcome, name) for name in _OUTCOME}
    return {"outlet_id": remembered.outlet_id, **told, "is_news": remembered.is_news}


def _robots(trace: Trace, memory: Memory) -> dict[str, Any] | None:
    """What robots.txt said last, held against the address as asked."""
    for url in filter(is_web, trace.urls):
        if note := memory.robots.get(origin_of(url)):
            verdict = is_allowed(note.body, AGENT_TOKEN, url)
            return {
                "origin": origin_of(url),
                "is_allowed": verdict,
                "status": note.status,
                "fetched_at": note.fetched_at,
            }
    return None


def _capture_rows(data: DataDir, captures: Iterable[Stored]) -> list[dict[str, Any]]:
    try:
        unread = set(list_unread(data))
    except DamagedError:
        unread = set()
    return [_capture_row(data, stored, unread) for stored in captures]


def _capture_row(data: DataDir, stored: Stored, unread: set[str]) -> dict[str, Any]:
    capture, warc = stored.capture, data.relative(stored.path)
    return {
        "capture_id": capture.capture_id,
        "url": capture.url,
        "asked_url": capture.asked_url,
        "fetched_at": capture.fetched_at,
        "status": capture.status,
        "content_type": capture.content_type,
        "bytes": len(capture.body),
        "warc": warc,
        "byte": stored.start,
        "record_id": stored.record_id,
        "digest": stored.digest,
        "run_id": stored.path.name.removesuffix(".warc.gz"),
        "is_read": warc not in unread and stored.path.suffix != OPEN_SUFFIX,
    }


def _revisit_row(data: DataDir, stored: StoredRevisit) -> dict[str, Any]:
    told = {name: getattr(stored.revisit, name) for name in _REVISIT}
    return {**told, "warc": data.relative(stored.path), "byte": stored.start, "record_id": stored.record_id}


def _addresses(urls: Iterable[str], trace: Trace, tables: Tables, memory: Memory) -> Iterator[dict[str, Any]]:
    """Every address, with how it is known."""
    aliases = tables.aliases[tables.aliases["article_id"].isin(trace.article_ids)]
    reasons = dict(zip(aliases["url"], aliases["reason"], strict=True))
    reasons |= dict.fromkeys(tables.articles.loc[_of(tables.articles, trace), "url"], "article")
    listed = {one.candidate.url for one in memory.candidates}
    for url in dict.fromkeys([*urls, *reasons]):
        yield {"url": url, "reason": reasons.get(url) or ("listed" if url in listed else "as asked")}


def _of(articles: pd.DataFrame, trace: Trace) -> Any:
    return articles["article_id"].isin(trace.article_ids)


def _articles(tables: Tables, trace: Trace) -> Iterator[dict[str, Any]]:
    """The newest revision of each article, and what else the tables hold of it."""
    rows = tables.articles[_of(tables.articles, trace)]
    for newest in plain_rows(rows[rows["is_latest"].astype(bool)]):
        own = rows[rows["article_id"] == newest["article_id"]].sort_values("revision")
        removed = tables.removed[
            (tables.removed["article_id"] == newest["article_id"]) & (tables.removed["revision"] == newest["revision"])
        ]
        story = plain_rows(tables.stories[tables.stories["story_id"] == newest["story_id"]][list(_STORY)])
        yield {
            **{name: newest[name] for name in _ARTICLE},
            "mention_count": int((tables.mentions["article_id"] == newest["article_id"]).sum()),
            "revisions": plain_rows(own[_REVISION]),
            "removed": dict(Counter(removed["rule"]).most_common()),
            "story": story[0] if story else None,
        }


def _failures(tables: Tables, memory: Memory, urls: Iterable[str]) -> list[dict[str, Any]]:
    """What went wrong with it, in any run; also what no table holds yet."""
    keys = {identity(url) for url in urls}
    hosts = {host_of(url) for url in urls if is_web(url)}
    rows = [row for row in plain_rows(tables.failures) if host_of(row["url"]) in hosts and identity(row["url"]) in keys]
    known = {(row["run_id"], row["url"], row["stage"], row["error"]) for row in rows}
    new = [vars(one) for one in memory.failures if (one.run_id, one.url, one.stage, one.error) not in known]
    return [*rows, *new]
