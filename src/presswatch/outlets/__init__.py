"""The registry: one TOML file per outlet, families for markup that outlets share. Data, no code.

`load_outlets()` reads the packaged files, and those of a folder of the user's, which take the place of packaged ones
with the same id. All faults of a file are told at once.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from presswatch.errors import ConfigError, UsageError
from presswatch.urls import bare_host, host_of

SourceKind = Literal["feed", "sitemap", "news_sitemap", "wordpress"]
DEFAULT_DELAY_S = 5.0  # between two requests to an outlet that names no other pace

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+")


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where an outlet says what it has published."""

    kind: SourceKind
    url: str


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How the pages of a stretch of time are marked up. Selectors are CSS; `stop` are regular expressions.

    `body`: every element it matches is part of the text, in document order. `strip`: elements taken out before the
    text is read. `stop`: a block whose text matches (`re.search`) is taken out, in any position. `headline`, `byline`
    and `dek` are asked where the page's own metadata is silent.
    """

    until: date | None = None
    body: str | None = None
    headline: str | None = None
    byline: str | None = None
    dek: str | None = None
    strip: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outlet:
    """Who publishes. `layouts` are oldest first; the last has no `until`."""

    id: str
    name: str
    hosts: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    family: str | None = None
    timezone: str = "UTC"
    min_delay_s: float = DEFAULT_DELAY_S
    discover: tuple[Source, ...] = ()
    layouts: tuple[Layout, ...] = field(default=(Layout(),))

    def layout_at(self, day: date | None) -> Layout:
        """The layout of a page published on a day; the newest where the day is not known."""
        if day is not None:
            for layout in self.layouts:
                if layout.until is not None and day <= layout.until:
                    return layout
        return self.layouts[-1]


class Registry(Mapping[str, Outlet]):
    """Outlets by id, by host and by any of their names."""

    def __init__(self, outlets: Iterable[Outlet]) -> None:
        self._by_id = {outlet.id: outlet for outlet in sorted(outlets, key=lambda outlet: outlet.id)}

    def __getitem__(self, outlet_id: str) -> Outlet:
        return self._by_id[outlet_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    @cached_property
    def _by_host(self) -> dict[str, Outlet]:
        return {bare_host(host): outlet for outlet in self.values() for host in outlet.hosts}

    @cached_property
    def _by_name(self) -> dict[str, Outlet]:
        names: dict[str, Outlet] = {}
        for outlet in self.values():
            for name in (outlet.id, outlet.name, *outlet.aliases):
                names.setdefault(fold_name(name), outlet)
        return names

    def for_url(self, url: str) -> Outlet | None:
        """The outlet that a URL's host, or a domain above it, belongs to."""
        host = host_of(url)
        while host:
            if host in self._by_host:
                return self._by_host[host]
            host = host.partition(".")[2]
        return None

    def named(self, name: str) -> Outlet | None:
        """The outlet with this id, name or alias, but for case and signs."""
        return self._by_name.get(fold_name(name))

    def need(self, outlet_id: str) -> Outlet:
        """The outlet with this id.

        Raises: UsageError with the nearest id where there is none.
        """
        if outlet_id in self._by_id:
            return self._by_id[outlet_id]
        raise UsageError(f"no outlet {outlet_id!r}{_nearest(outlet_id, self)}; `presswatch outlets list` shows all")


def fold_name(name: str) -> str:
    """A name for comparing: letters and digits only, lower case; a leading "the" does not count."""
    return re.sub(r"[^\w]|_", "", re.sub(r"^the\s+", "", name.strip().casefold()))


def load_outlets(folder: Path | None = None) -> Registry:
    """Read the packaged outlets and those of a folder.

    Raises: ConfigError with all faults of the first file that has any.
    """
    packaged = _packaged()
    if folder is None:
        return packaged
    if not folder.is_dir():
        raise ConfigError(folder, ["no such folder; `outlets` in presswatch.toml names it"])
    own = [_read(path, path.stem) for path in sorted(folder.glob("*.toml"))]
    return Registry([*packaged.values(), *own])


def load_outlet(path: Path) -> Outlet:
    """Read one outlet file.

    Raises: ConfigError with all its faults.
    """
    return _read(path, path.stem)


@cache
def _packaged() -> Registry:
    here = files(__package__)
    return Registry(_read(entry, entry.name[:-5]) for entry in here.iterdir() if entry.name.endswith(".toml"))


@cache
def _families() -> dict[str, Mapping[str, Any]]:
    folder = files(__package__) / "families"
    read = {entry.name[:-5]: tomllib.loads(entry.read_text("utf-8")) for entry in folder.iterdir()}
    for name, content in read.items():
        check = _Check(content)
        check.layouts(content)
        check.refuse_unknown(content, {"layouts"}, "")
        if check.faults:
            raise ConfigError(f"families/{name}.toml", check.faults)
    return read


def _read(path: Path | Traversable, stem: str) -> Outlet:
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(path, [str(error)]) from error
    check = _Check(content)
    outlet = check.outlet(stem)
    if check.faults or outlet is None:
        raise ConfigError(path, check.faults)
    return outlet


_OUTLET_KEYS = {"id", "name", "hosts", "aliases", "family", "timezone", "min_delay_s", "discover", "layouts"}
_LAYOUT_KEYS = {"until", "body", "headline", "byline", "dek", "strip", "stop"}


class _Check:
    """Reads a parsed outlet file and gathers everything that is wrong with it."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.faults: list[str] = []

    def outlet(self, stem: str) -> Outlet | None:
        content = self.content
        self.refuse_unknown(content, _OUTLET_KEYS, "")
        for key in ("id", "name", "hosts"):
            if key not in content:
                self.faults.append(f"`{key}` is missing")
        outlet_id, name = self.text(content, "id"), self.text(content, "name")
        if outlet_id and not _ID.fullmatch(outlet_id):
            self.faults.append(f"`id` is {outlet_id!r}: small letters, digits and hyphens only")
        elif outlet_id and outlet_id != stem:
            self.faults.append(f"`id` is {outlet_id!r}, but the file is named {stem}.toml")
        hosts = self.texts(content, "hosts")
        self.faults += [f"`hosts`: {host!r} is no host name" for host in hosts if not _HOST.fullmatch(host)]
        if "hosts" in content and not hosts:
            self.faults.append("`hosts` is empty")
        family = self.family()
        layouts = self.layouts(content, family)
        timezone = self.timezone()
        delay = self.delay()
        sources = self.sources()
        aliases = self.texts(content, "aliases")
        if self.faults:
            return None
        return Outlet(
            id=outlet_id,
            name=name,
            hosts=hosts,
            aliases=aliases,
            family=content.get("family"),
            timezone=timezone,
            min_delay_s=delay,
            discover=sources,
            layouts=layouts,
        )

    def family(self) -> tuple[Layout, ...]:
        """The layouts that the named family hands down."""
        name = self.text(self.content, "family")
        if not name:
            return ()
        families = _families()
        if name not in families:
            self.faults.append(f"`family`: there is no family {name!r}{_nearest(name, families)}")
            return ()
        return _Check(families[name]).layouts(families[name])

    def layouts(self, content: Mapping[str, Any], family: tuple[Layout, ...] = ()) -> tuple[Layout, ...]:
        """The layouts of a file; each inherits from the family's layout of its time."""
        entries = self.tables(content, "layouts")
        read = [self.layout(entry, f"layouts[{number}].") for number, entry in enumerate(entries)]
        for number, layout in enumerate(read[:-1]):
            if layout.until is None:
                self.faults.append(f"`layouts[{number}].until` is missing: only the last layout goes without")
        dates = [layout.until for layout in read[:-1] if layout.until]
        if dates != sorted(dates):
            self.faults.append("`layouts` are to stand oldest first")
        if read and read[-1].until is not None:
            self.faults.append(f"`layouts[{len(read) - 1}].until`: the last layout goes without")
        return tuple(_inherit(layout, family) for layout in read) or family or (Layout(),)

    def layout(self, entry: Mapping[str, Any], place: str) -> Layout:
        self.refuse_unknown(entry, _LAYOUT_KEYS, place)
        until = entry.get("until")
        if until is not None and type(until) is not date:
            self.faults.append(f"`{place}until` is no date: write 2024-06-30 without quotes")
            until = None
        stop = self.texts(entry, "stop", place)
        for pattern in stop:
            try:
                re.compile(pattern)
            except re.error as error:
                self.faults.append(f"`{place}stop`: {pattern!r} is no regular expression: {error}")
        selectors = {key: self.text(entry, key, place) or None for key in ("body", "headline", "byline", "dek")}
        return Layout(until=until, strip=self.texts(entry, "strip", place), stop=stop, **selectors)

    def sources(self) -> tuple[Source, ...]:
        sources = []
        for number, entry in enumerate(self.tables(self.content, "discover")):
            place = f"discover[{number}]."
            self.refuse_unknown(entry, {"kind", "url"}, place)
            kind, url = self.text(entry, "kind", place), self.text(entry, "url", place)
            if kind not in get_args(SourceKind):
                nearest = _nearest(kind, get_args(SourceKind))
                self.faults.append(f"`{place}kind` is {kind!r}{nearest}; one of {', '.join(get_args(SourceKind))}")
            if not re.match(r"https?://", url):
                self.faults.append(f"`{place}url` is {url!r}, no http address")
            sources.append(Source(kind=kind, url=url))  # type: ignore[arg-type]  # told above where it is another
        return tuple(sources)

    def timezone(self) -> str:
        name = self.text(self.content, "timezone") or "UTC"
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            self.faults.append(f"`timezone` {name!r} is unknown: write one like America/New_York")
        return name

    def delay(self) -> float:
        delay = self.content.get("min_delay_s", DEFAULT_DELAY_S)
        if not isinstance(delay, int | float) or isinstance(delay, bool) or not 0 <= delay < float("inf"):
            self.faults.append(f"`min_delay_s` is {delay!r}: seconds, 0 or more")
            return DEFAULT_DELAY_S
        return float(delay)

    def text(self, table: Mapping[str, Any], key: str, place: str = "") -> str:
        value = table.get(key, "")
        if isinstance(value, str) and (value.strip() or key not in table):
            return value
        self.faults.append(f"`{place}{key}` is {value!r}: a text in quotes is wanted")
        return ""

    def texts(self, table: Mapping[str, Any], key: str, place: str = "") -> tuple[str, ...]:
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value):
            return tuple(value)
        self.faults.append(f"`{place}{key}` is {value!r}: a list of texts is wanted")
        return ()

    def tables(self, table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return value
        self.faults.append(f"`{key}`: write [[{key}]]")
        return []

    def refuse_unknown(self, table: Mapping[str, Any], known: set[str], place: str) -> None:
        self.faults += [f"`{place}{key}` is not known{_nearest(key, known)}" for key in table if key not in known]


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


def _nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?`, or nothing where none is near."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""
