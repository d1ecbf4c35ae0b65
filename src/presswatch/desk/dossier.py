"""What is known of one address, why it is or is not in the tables, and what to type next. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from presswatch.errors import RETRIED_CODES
from presswatch.report import tell_count

Standing = Literal["in_tables", "forgotten", "not_read", "not_article", "failed", "waiting", "lost", "unknown"]
Row = Mapping[str, Any]

_STAMP = "%Y-%m-%d %H:%M:%S UTC"
_DIGITS = 12  # of a digest, as printed; JSON has all

# What a code means of one address, and what can be done about it: docs/glossary.md says more.
_ADVICE = {
    "robots": "robots.txt does not allow it, or could not be had; it is not asked for while that is so",
    "blocked": "the outlet refuses it, or shows a wall; no wall is worked around",
    "gone": "the outlet says that it is no more",
    "throttled": "the outlet asked for patience",
    "server_error": "the outlet's server failed",
    "unreachable": "nobody answered",
    "timeout": "no whole answer came in time",
    "too_large": "it is larger than the caps allow",
    "bad_redirect": "it leads nowhere that is followed",
    "refused_address": "its host is no public address, or may not be asked without a contact",
    "truncated": "the answer was cut off",
    "bad_encoding": "the answer could not be decoded",
    "not_html": "what was answered is no page",
    "not_article": "the page holds no article",
    "extract_timeout": "reading it took too long",
    "bad_document": "it could not be read as an address, feed or sitemap",
    "corrupt": "what was stored of it is damaged",
}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that is known of an address; rows are plain mappings, times UTC, lists oldest first."""

    asked: str
    addresses: tuple[Row, ...] = ()  # url, article_id, reason
    outlet_id: str = ""  # empty where no outlet has its host
    outlet: str = ""
    is_followed: bool = False  # it is one of those that `watch` fetches
    forgotten_at: datetime | None = None
    listed: tuple[Row, ...] = ()  # at, found_in, title, published_at, modified_at, listed_as
    memory: Row | None = None  # state, code, at, tries, is_open, revisit_at, is_news
    robots: Row | None = None  # origin, is_allowed, status, fetched_at
    captures: tuple[Row, ...] = ()  # warc, byte, record_id, capture_id, digest, fetched_at, status, …, is_read
    revisits: tuple[Row, ...] = ()  # answers that brought nothing new: url, fetched_at, status, refers_to, …
    articles: tuple[Row, ...] = ()  # the newest revision of each, with `revisions`, `removed` and `story`
    failures: tuple[Row, ...] = ()
    faults: tuple[str, ...] = ()  # what could not be looked at
    near: str | None = None  # where no article is there: the address of one that is spelt nearly so


@dataclass(frozen=True)
class Verdict:
    """Where an address stands, why, and what to type next."""

    standing: Standing
    why: str
    next: tuple[str, ...] = field(default=())


def judge(facts: Facts, where: str = "") -> Verdict:
    """Say why an address is, or is not, in the tables.

    Args: `where` is what names the data folder to a command that is typed next.
    """
    if facts.forgotten_at:
        return _judge_forgotten(facts, where)
    if facts.articles:
        return _judge_article(facts, where)
    if facts.captures:
        return _judge_captures(facts, where)
    return _judge_rest(facts, where)


def _judge_forgotten(facts: Facts, where: str) -> Verdict:
    why = f"it was forgotten on {facts.forgotten_at:{_STAMP}}; it is never fetched or taken in again"
    if not (facts.articles or facts.captures):
        return Verdict("forgotten", why)
    left = "something of it is still here: a copy brought it back, or the run that took it out was cut short"
    return Verdict("forgotten", f"{why}; {left}", (f"presswatch forget {shlex.quote(facts.asked)}{where}",))


def _judge_rest(facts: Facts, where: str) -> Verdict:
    """Nothing is stored of it."""
    memory = facts.memory
    if memory and memory["state"] == "captured":
        why = "it was fetched once, and no file of data/raw holds it any more"
        return Verdict("lost", why, (f"presswatch doctor{where}", _fetch_one(facts, where)))
    if memory and memory["state"] == "failed":
        return _judge_miss(facts, memory["code"], where)
    if facts.failures:
        return _judge_miss(facts, facts.failures[-1]["error"], where)
    return _judge_unasked(facts, where)


def _judge_article(facts: Facts, where: str) -> Verdict:
    told = []
    for article in facts.articles:
        count = len(article["revisions"])
        told.append(f"it is article {article['article_id']}, {tell_count(count, 'revision')}")
        if article["url"] != facts.asked:
            told[-1] += f", at {article['url']}"
    newest = max((row["fetched_at"] for article in facts.articles for row in article["revisions"]), default=None)
    later = [row for row in facts.failures if row["at"] and newest and row["at"] > newest]
    if later:
        told.append(f"asked again it failed ({later[-1]['error']}), so what was stored before stays")
    if unread := sum(not row["is_read"] for row in facts.captures):
        told.append(f"{tell_count(unread, 'newer capture')} not read yet")
    stories = [article["story"]["story_id"] for article in facts.articles if article["story"]]
    return Verdict("in_tables", "; ".join(told), tuple(f"presswatch show {one}{where}" for one in stories))


def _judge_captures(facts: Facts, where: str) -> Verdict:
    """It is stored, and no article of it is in the tables."""
    if any(not row["is_read"] for row in facts.captures):
        return Verdict(
            "not_read", "it is stored, and not read yet; the next run does it", (f"presswatch watch{where}",)
        )
    read = [row for row in facts.failures if row["stage"] == "read"]
    if not read:
        why = "it is stored and was read, and the tables hold nothing of it: they are behind, or of other files"
        return Verdict("lost", why, (f"presswatch doctor{where}", f"presswatch rebuild{where}"))
    last = read[-1]
    why = f"it is stored, and no article came of it: {last['error']}: {last['message'] or _ADVICE[last['error']]}"
    after = ("presswatch rebuild" + where,) if last["error"] in ("not_article", "extract_timeout") else ()
    mended = (
        (f"presswatch outlets record {shlex.quote(facts.asked)}{where}", *after) if facts.outlet_id and after else after
    )
    return Verdict("not_article", why, mended or (f"presswatch doctor{where}",))


def _judge_miss(facts: Facts, code: str, where: str) -> Verdict:
    message = facts.failures[-1]["message"] if facts.failures else ""
    why = f"it could not be had: {code}: {message or _ADVICE.get(code, code)}"
    memory = facts.memory
    is_open = bool(memory and memory["is_open"]) or (memory is None and code in RETRIED_CODES)
    if not is_open:
        return Verdict("failed", f"{why}; no run asks for it again by itself", (_fetch_one(facts, where),))
    return Verdict("failed", f"{why}; the next run that it falls to asks again", (_next_run(facts, where),))


def _judge_unasked(facts: Facts, where: str) -> Verdict:
    refused = facts.robots is not None and not facts.robots["is_allowed"]
    because = f"; robots.txt of {facts.robots['origin']} does not allow it" if refused and facts.robots else ""
    if facts.memory:
        return Verdict("waiting", f"it was listed, and not asked for yet{because}", (_next_run(facts, where),))
    if not facts.outlet_id:
        begin = (f"presswatch outlets add {shlex.quote(facts.asked)}{where}", _fetch_one(facts, where))
        return Verdict("unknown", "nothing is known of it: no outlet has its host", begin)
    listed = "a stored document names it, and " if facts.listed else "no feed or sitemap that was read names it, and "
    why = f"{listed}nobody has asked for it{because}"
    meant = (f"presswatch explain {shlex.quote(facts.near)}{where}",) if facts.near else ()
    if facts.near:
        why += f"; did you mean {facts.near}?"
    return Verdict(
        "unknown", why, (*meant, _fetch_one(facts, where), f"presswatch outlets check {facts.outlet_id}{where}")
    )


def _fetch_one(facts: Facts, where: str) -> str:
    return f"echo {shlex.quote(facts.asked)} > list.txt && presswatch backfill --urls list.txt{where}"


def _next_run(facts: Facts, where: str) -> str:
    if facts.memory and facts.memory["is_news"]:
        other = "" if facts.is_followed else f" --outlet {facts.outlet_id}"
        return f"presswatch watch{other}{where}"
    return _fetch_one(facts, where)


# ---------------------------------------------------------------- telling it


def as_json(facts: Facts, verdict: Verdict) -> dict[str, Any]:
    """Everything, as one object."""
    told = {name: value for name, value in vars(facts).items() if name != "asked"}
    return {"url": facts.asked, "standing": verdict.standing, "why": verdict.why, "next": list(verdict.next), **told}


def tell_sections(facts: Facts, verdict: Verdict) -> Iterator[tuple[str, list[str]]]:
    """Everything in words: labels, and lines under each; a section without lines is left out."""
    yield verdict.standing.replace("_", " "), [verdict.why]
    owner = f"{facts.outlet or facts.outlet_id} ({facts.outlet_id})" if facts.outlet_id else ""
    sections = (
        ("next", list(verdict.next)),
        ("outlet", [owner + (", followed by watch" if facts.is_followed else ", not in [collect]")] if owner else []),
        ("addresses", [f"{row['url']}  ({row['reason']})" for row in facts.addresses]),
        ("listed", [_tell_listing(row) for row in facts.listed]),
        ("robots", [_tell_robots(facts.robots)] if facts.robots else []),
        ("requests", _tell_requests(facts)),
        ("captures", [_tell_capture(row) for row in facts.captures]),
        ("article", [line for article in facts.articles for line in _tell_article(article)]),
        ("could not look", list(facts.faults)),
    )
    yield from ((label, lines) for label, lines in sections if lines)


def _tell_listing(row: Row) -> str:
    told = [f"{row['at']:{_STAMP}}" if row["at"] else "", f"in {row['found_in']}" if row["found_in"] else "by hand"]
    if row["published_at"]:
        told.append(f"told as of {row['published_at']:{_STAMP}}")
    if row["modified_at"]:
        told.append(f"changed {row['modified_at']:{_STAMP}}")
    told.append(f"“{row['title']}”" if row["title"] else "")
    told.append(f"as {row['listed_as']}" if row["listed_as"] else "")
    return ", ".join(filter(None, told))


def _tell_robots(row: Row) -> str:
    verdict = "allowed" if row["is_allowed"] else "not allowed"
    state = "" if row["status"] == 200 else ", which is not there"  # noqa: PLR2004  # HTTP
    return f"{verdict} by {row['origin']}/robots.txt{state}, as of {row['fetched_at']:{_STAMP}}"


def _tell_requests(facts: Facts) -> list[str]:
    """What was asked for and what came of it, oldest first; what only failed is said with its stage."""
    events = [(row["fetched_at"], f"{row['status']}, {row['bytes']:,} bytes: {row['url']}") for row in facts.captures]
    events += [(row["fetched_at"], f"asked again: {_tell_revisit(row)}: {row['url']}") for row in facts.revisits]
    events += [
        (row["at"], f"{row['stage']} failed: {row['error']}: {row['message']} ({row['url']})")
        for row in facts.failures
        if row["at"]
    ]
    lines = [f"{at:{_STAMP}}  {what}" for at, what in sorted(events, key=lambda event: event[0])]
    memory = facts.memory
    if memory and memory["tries"]:
        lines.append(f"{tell_count(memory['tries'], 'run')} asked in vain, last at {memory['at']:{_STAMP}}")
    if memory and memory["is_news"] and memory["revisit_at"]:
        lines.append(f"asked again by the first watch after {memory['revisit_at']:{_STAMP}}")
    return lines


def _tell_revisit(row: Row) -> str:
    not_modified = row["status"] == 304  # noqa: PLR2004  # HTTP
    return "not modified" if not_modified else f"{row['status']}, the same bytes"


def _tell_capture(row: Row) -> str:
    led = f", asked for as {row['asked_url']}" if row["asked_url"] else ""
    read = "" if row["is_read"] else ", not read yet"
    place = f"{row['warc']}, byte {row['byte']}, record {row['record_id']}"
    return f"{row['capture_id']} of {row['fetched_at']:{_STAMP}}: {place}, {row['digest']}{led}{read}"


def _tell_article(article: Row) -> Iterator[str]:
    yield f"{article['article_id']}  {article['headline'] or '(no headline)'}"
    by = f"by {article['byline']}" if article["byline"] else "unsigned"
    day = f"{article['published_at']:{_STAMP}}" if article["published_at"] else "no date"
    yield f"  {by}, {day}, {article['access']}, {article['word_count']} words, read by {article['extractor']}"
    for row in article["revisions"]:
        latest = ", latest" if row["is_latest"] else ""
        digest = (row["text_digest"] or "")[:_DIGITS]
        span = f"seen {row['first_seen_at']:{_STAMP}} to {row['fetched_at']:{_STAMP}}"
        yield f"  revision {row['revision']}: {span}, text {digest}, capture {row['capture_id']}{latest}"
    if article["removed"]:
        yield "  removed: " + ", ".join(f"{count} by {rule}" for rule, count in article["removed"].items())
    if article["story"]:
        story = article["story"]
        yield f"  story {story['story_id']} of {tell_count(story['outlet_count'], 'outlet')}: {story['headline']}"
    if article["syndicated_from"]:
        yield f"  a copy of article {article['syndicated_from']}"


def sort_rows(rows: Sequence[Row], key: str) -> tuple[Row, ...]:
    """Rows by a time, those without one first."""
    return tuple(sorted(rows, key=lambda row: (row[key] is not None, row[key] or 0)))
