"""The registry: one TOML file per outlet, families for markup that outlets share. Data, no code.

A family's file holds `[[layouts]]`, `family` where it inherits from another, and `signs`: regular expressions, all of
which are found in the HTML of its pages. `load_outlets()` reads the packaged files, and those of a folder of the
user's, which take the place of packaged ones with the same id. All faults of a file are told at once.
"""

from __future__ import annotations

import hashlib
import re
import shlex
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from presswatch.checks import nearest
from presswatch.errors import ConfigError, UsageError
from presswatch.outlets.model import Layout, Outlet, Source, SourceKind
from presswatch.outlets.reading import check_outlet_id, is_host, is_outlet_id, read_outlet
from presswatch.outlets.writing import Draft, add_stop, write_draft
from presswatch.urls import bare_host, host_of, outlet_id_from_host, told_host

__all__ = [
    "Draft",
    "Layout",
    "Outlet",
    "Registry",
    "Source",
    "SourceKind",
    "add_stop",
    "check_outlet_id",
    "fold_name",
    "is_host",
    "is_outlet_id",
    "load_outlet",
    "load_outlets",
    "new_outlet",
    "outlet_source",
    "parse_outlet",
    "tell_families",
    "write_draft",
]


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

    def digest(self) -> str:
        """All that is said of all outlets, in a few letters: registries that read alike have the same."""
        return hashlib.sha256(repr(list(self.values())).encode()).hexdigest()[:16]

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

        Raises: UsageError where there is none, with the id of who is called that, or the nearest one.
        """
        if outlet_id in self._by_id:
            return self._by_id[outlet_id]
        meant = self.named(outlet_id)
        near = f"; did you mean {meant.id!r}?" if meant else nearest(outlet_id, self)
        raise UsageError(f"no outlet {outlet_id!r}{near}\n`presswatch outlets list` shows all")


def fold_name(name: str) -> str:
    """A name for comparing: letters and digits only, lower case; a leading "the" does not count."""
    return re.sub(r"[^\w]|_", "", re.sub(r"^the[\W_]+", "", name.strip().casefold()))


def load_outlets(folder: Path | None = None) -> Registry:
    """Read the packaged outlets and those of a folder.

    Raises: ConfigError with all faults of the first file that has any, or of a host that two outlets claim.
    """
    packaged = _packaged()
    if folder is None:
        return packaged
    if not folder.is_dir():
        made = f"`mkdir -p {shlex.quote(str(folder))}` makes it, or take that setting out"
        raise ConfigError(folder, [f"no such folder, and the setting `outlets` names it; {made}"])
    own = [_read(path, path.stem) for path in sorted(folder.glob("*.toml"))]
    registry = Registry([*packaged.values(), *own])
    if clashes := list(_clashing_hosts(registry.values())):
        raise ConfigError(folder, clashes)
    return registry


def _clashing_hosts(outlets: Iterable[Outlet]) -> Iterator[str]:
    owners: dict[str, str] = {}
    for outlet in outlets:
        for host in dict.fromkeys(map(bare_host, outlet.hosts)):
            if host in owners:
                both = f"both {owners[host]!r} and {outlet.id!r}"
                yield f"the host {host} belongs to {both}; a file takes a packaged outlet's place by its id"
            owners[host] = outlet.id


def load_outlet(path: Path) -> Outlet:
    """Read one outlet file.

    Raises: ConfigError with all its faults.
    """
    return _read(path, path.stem)


def new_outlet(url: str, min_delay_s: float, outlet_id: str | None = None) -> Outlet:
    """The outlet of a URL whose host no file describes. Its id is made of the host where none is said."""
    host = host_of(url)
    return Outlet(
        id=outlet_id or outlet_id_from_host(host), name=told_host(host), hosts=(host,), min_delay_s=min_delay_s
    )


def outlet_source(outlet_id: str) -> str:
    """The text of a packaged outlet's file.

    Raises: OSError where there is none.
    """
    return (files(__package__) / f"{outlet_id}.toml").read_text("utf-8")


def parse_outlet(text: str, path: Path) -> Outlet:
    """Read the text of an outlet file that is to stand at a path.

    Raises: ConfigError with all its faults.
    """
    return _parse(text, path, path.stem)


def tell_families(html: str) -> dict[str, Layout]:
    """The families of which a page's HTML has all signs, each with its newest layout; heirs before their families."""
    families = _families()
    found = []
    for name, content in families.items():
        signs = content.get("signs", ())
        if signs and all(re.search(sign, html) for sign in signs):
            found.append(name)
    found.sort(key=lambda name: (-_depth(name), name))
    return {name: _read_as_heir(name) for name in found}


def _depth(family: str) -> int:
    """From how many families one inherits."""
    above = _families()[family].get("family")
    return 1 + _depth(above) if above else 0


def _read_as_heir(family: str) -> Layout:
    outlet, _ = read_outlet({"id": "x", "name": "x", "hosts": ["x.test"], "family": family}, "x", _families())
    return outlet.layouts[-1] if outlet else Layout()


@cache
def _packaged() -> Registry:
    here = files(__package__)
    return Registry(_read(entry, entry.name[:-5]) for entry in here.iterdir() if entry.name.endswith(".toml"))


@cache
def _families() -> dict[str, Mapping[str, Any]]:
    folder = files(__package__) / "families"
    names = (entry for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {entry.name[:-5]: tomllib.loads(entry.read_text("utf-8")) for entry in names}


def _read(path: Path | Traversable, stem: str) -> Outlet:
    try:
        text = path.read_text("utf-8")
    except (UnicodeDecodeError, OSError) as error:
        raise ConfigError(path, [str(error)]) from error
    return _parse(text, path, stem)


def _parse(text: str, path: object, stem: str) -> Outlet:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(path, [str(error)]) from error
    outlet, faults = read_outlet(content, stem, _families())
    if outlet is None:
        raise ConfigError(path, faults)
    return outlet
