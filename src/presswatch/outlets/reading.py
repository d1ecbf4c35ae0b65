"""An outlet file, parsed → an Outlet, or everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from presswatch.checks import Checked, nearest
from presswatch.model import DEFAULT_DELAY_S
from presswatch.outlets.model import Layout, Outlet, Source, SourceKind

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+")
_WEB = re.compile(r"https?://")
_BRACES = re.compile(r"\{[^{}]*\}")
_OUTLET_KEYS = (
    *("id", "name", "hosts", "aliases", "family", "timezone", "min_delay_s", "article_number", "discover", "layouts"),
)
_FAMILY_KEYS = ("family", "signs", "layouts")
_LAYOUT_KEYS = ("until", "body", "headline", "byline", "dek", "strip", "stop")

Families = Mapping[str, Mapping[str, Any]]


def is_host(text: str) -> bool:
    """Whether a text is a host name as outlet files have it: letters, digits and hyphens, with a dot."""
    return _HOST.fullmatch(text) is not None


def is_outlet_id(text: str) -> bool:
    """Whether a text can be an outlet's id, and so a name of files."""
    return _ID.fullmatch(text) is not None


def check_outlet_id(outlet_id: str) -> str:
    """An outlet's id, which names files: nobody is to choose a place with it.

    Raises: ValueError where it is none.
    """
    if not is_outlet_id(outlet_id):
        raise ValueError(f"{outlet_id!r} is no outlet's id")
    return outlet_id


def read_outlet(content: Mapping[str, Any], stem: str, families: Families) -> tuple[Outlet | None, list[str]]:
    """Read a parsed file named `stem`. Returns: the outlet, None where there are faults; all faults."""
    top = Checked(content)
    top.refuse_unknown(_OUTLET_KEYS)
    top.need("id", "name", "hosts")
    outlet = Outlet(
        id=_read_id(top, stem),
        name=top.text("name"),
        hosts=_read_hosts(top),
        aliases=top.texts("aliases"),
        family=top.text("family") or None,
        timezone=_read_timezone(top),
        min_delay_s=top.number("min_delay_s", DEFAULT_DELAY_S, least=0),
        article_number=_read_article_number(top),
        discover=tuple(_read_source(entry) for entry in top.tables("discover")),
        layouts=_read_layouts(top, _read_family(top, families)),
    )
    return (None if top.faults else outlet), top.faults


def _read_id(top: Checked, stem: str) -> str:
    outlet_id = top.text("id")
    if outlet_id and not is_outlet_id(outlet_id):
        top.faults.append(f"`id` is {outlet_id!r}: small letters, digits and hyphens only")
    elif outlet_id and outlet_id != stem:
        top.faults.append(f"`id` is {outlet_id!r}, but the file is named {stem}.toml")
    return outlet_id


def _read_hosts(top: Checked) -> tuple[str, ...]:
    hosts = top.texts("hosts")
    top.faults += [f"`hosts`: {host!r} is no host name" for host in hosts if not is_host(host)]
    if top.table.get("hosts") == []:
        top.faults.append("`hosts` is empty")
    return hosts


def _read_timezone(top: Checked) -> str:
    name = top.text("timezone", "UTC")
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        top.faults.append(f"`timezone` {name!r} is unknown: write one like America/New_York")
    return name


def _read_article_number(top: Checked) -> str | None:
    pattern = top.text("article_number") or None
    if pattern:
        before = len(top.faults)
        _check_regexes(top, "article_number", [pattern])
        if len(top.faults) == before and re.compile(pattern).groups != 1:
            top.faults.append(f"`article_number`: {pattern!r} is to have one group, around the number")
    return pattern


def _read_source(entry: Checked) -> Source:
    entry.refuse_unknown(("kind", "url", "pages", "links"))
    kind, url = entry.text("kind"), entry.text("url")
    kinds = get_args(SourceKind)
    if kind not in kinds:
        entry.faults.append(f"`{entry.place}kind` is {kind!r}{nearest(kind, kinds)}; one of {', '.join(kinds)}")
    if not _WEB.match(url):
        entry.faults.append(f"`{entry.place}url` is {url!r}, no http address")
    pages, links = entry.text("pages") or None, entry.text("links") or None
    _check_counted(entry, kind, url, pages)
    if links and (kind != "archive" or not _is_selector(links)):
        fault = "is no CSS selector" if kind == "archive" else "is for archives only"
        entry.faults.append(f"`{entry.place}links`: {links!r} {fault}")
    return Source(kind=kind, url=url, pages=pages, links=links)  # type: ignore[arg-type]  # told above where it is another


def _check_counted(entry: Checked, kind: str, url: str, pages: str | None) -> None:
    """Whether what stands in braces can be filled in."""
    own = {"{yyyy}", "{mm}", "{dd}", "{n}"} if kind == "archive" else set()
    for key, template, known in (("url", url, own), ("pages", pages or "", {"{n}"} | own)):
        if strange := sorted(set(_BRACES.findall(template)) - known):
            entry.faults.append(f"`{entry.place}{key}`: {strange[0]} means nothing where `kind` is {kind!r}")
    if kind == "archive" and not ("{yyyy}" in url and ("{mm}" in url or "{dd}" not in url)):
        entry.faults.append(f"`{entry.place}url` is {url!r}: an archive's has {{yyyy}}, and may have {{mm}} and {{dd}}")
    if pages is not None and (kind not in ("feed", "archive") or "{n}" not in pages or not _WEB.match(pages)):
        wanted = "the address of later pages of a feed or archive, with {n} for their number"
        entry.faults.append(f"`{entry.place}pages` is {pages!r}: {wanted}")


def _read_family(top: Checked, families: Families) -> tuple[Layout, ...]:
    """The layouts that the named family hands down, with those of its own family."""
    name = top.text("family")
    if not name:
        return ()
    if name not in families:
        top.faults.append(f"`family`: there is no family {name!r}{nearest(name, families)}")
        return ()
    above = Checked(families[name])
    above.refuse_unknown(_FAMILY_KEYS)
    _check_regexes(above, "signs", above.texts("signs"))
    layouts = _read_layouts(above, _read_family(above, families))
    top.faults += [f"family {name!r}: {fault}" for fault in above.faults]
    return layouts


def _read_layouts(top: Checked, family: tuple[Layout, ...]) -> tuple[Layout, ...]:
    """The layouts of a file; each inherits from the family's layout of its time."""
    entries = top.tables("layouts")
    read = [_read_layout(entry) for entry in entries]
    for number, entry in enumerate(entries[:-1]):
        if "until" not in entry.table:  # one that is no date is told as that
            top.faults.append(f"`layouts[{number}].until` is missing: only the last layout goes without")
    dates = [layout.until for layout in read[:-1] if layout.until]
    if dates != sorted(set(dates)):
        top.faults.append("`layouts` are to stand oldest first, each with an `until` of its own")
    if read and read[-1].until is not None:
        top.faults.append(f"`layouts[{len(read) - 1}].until`: the last layout goes without")
    return tuple(_inherit(layout, family) for layout in read) or family or (Layout(),)


def _read_layout(entry: Checked) -> Layout:
    entry.refuse_unknown(_LAYOUT_KEYS)
    layout = Layout(
        until=entry.day("until"),
        body=entry.text("body") or None,
        headline=entry.text("headline") or None,
        byline=entry.text("byline") or None,
        dek=entry.text("dek") or None,
        strip=entry.texts("strip"),
        stop=entry.texts("stop"),
    )
    _check_patterns(entry, layout)
    return layout


def _check_patterns(entry: Checked, layout: Layout) -> None:
    _check_regexes(entry, "stop", layout.stop)
    selectors = [("body", layout.body), ("headline", layout.headline), ("byline", layout.byline), ("dek", layout.dek)]
    for key, selector in (*selectors, *(("strip", selector) for selector in layout.strip)):
        if selector and not _is_selector(selector):
            entry.faults.append(f"`{entry.place}{key}`: {selector!r} is no CSS selector")


def _check_regexes(entry: Checked, key: str, patterns: Iterable[str]) -> None:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            entry.faults.append(f"`{entry.place}{key}`: {pattern!r} is no regular expression: {error}")


def _is_selector(text: str) -> bool:
    """Whether the parser of pages understands a CSS selector: one that it does not would end every extraction."""
    try:
        LexborHTMLParser("").css(text)
    except SelectolaxError:
        return False
    return True


def _inherit(layout: Layout, family: tuple[Layout, ...]) -> Layout:
    """A layout with what its family says of the same time: single rules where it has none, lists added up."""
    if not family:
        return layout
    base = (
        family[-1] if layout.until is None else Outlet(id="", name="", hosts=(), layouts=family).layout_at(layout.until)
    )
    return Layout(
        until=layout.until,
        body=layout.body or base.body,
        headline=layout.headline or base.headline,
        byline=layout.byline or base.byline,
        dek=layout.dek or base.dek,
        strip=tuple(dict.fromkeys((*base.strip, *layout.strip))),
        stop=tuple(dict.fromkeys((*base.stop, *layout.stop))),
    )
