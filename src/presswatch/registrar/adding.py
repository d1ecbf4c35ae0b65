"""`presswatch outlets add`: scout an outlet, and write its first file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from presswatch.collector import Progress
from presswatch.errors import UsageError
from presswatch.outlets import is_host, is_outlet_id, load_outlets, parse_outlet, write_draft
from presswatch.pipeline import Plan, open_run, order_of, say_nothing
from presswatch.registrar.scouting import Scouted, scout_outlet
from presswatch.settings import DEFAULT_OUTLETS_FOLDER, Settings
from presswatch.storage import check_folder, check_new, write_new
from presswatch.urls import host_of, is_web, outlet_id_from_host


@dataclass(frozen=True, kw_only=True)
class Added:
    """The file that was written, and what it rests on."""

    path: Path
    scouted: Scouted


def add_outlet(
    settings: Settings, url: str, *, outlet_id: str | None = None, progress: Progress | None = None, wait: bool = False
) -> Added:
    """Write a first outlet file for whose page a URL is.

    Args: `outlet_id` is the id; by default it is made of the host, as for articles of hosts that no file describes.
    Raises: UsageError where the URL or its host is none, its outlet is known, it leads to another host, or the file is
        there already; FetchError and ExtractError where the page cannot be had or read; ConfigError, DiskError,
        LockedError.
    Cost: up to some 40 requests, at the pace of any other run.
    """
    _check_address(url)
    outlet_id = outlet_id or outlet_id_from_host(host_of(url))
    if not is_outlet_id(outlet_id):
        raise UsageError(f"--id {outlet_id!r}: an id has small letters, digits and hyphens only, like my-outlet")
    folder = settings.outlets_folder or DEFAULT_OUTLETS_FOLDER
    path = folder / f"{outlet_id}.toml"
    check_new(path)
    check_folder(folder, "`outlets` in presswatch.toml names another folder")
    is_configured = settings.outlets_folder is not None
    # what stands in the default folder counts, configured or not: a host has one file
    settings = replace(settings, outlets_folder=folder if folder.exists() else None)
    outlets = load_outlets(settings.outlets_folder)
    known = outlets.for_url(url) or outlets.get(outlet_id)
    if known is not None:
        own = folder / f"{known.id}.toml"
        wanted = known.id if is_configured or not own.exists() else own
        raise UsageError(f"{known.name} is known as {known.id!r}: `presswatch outlets check {wanted}`")
    with open_run(settings, Plan(command="outlets add"), progress or say_nothing, wait=wait) as run:
        scouted = asyncio.run(scout_outlet(order_of(run), run.outlets, url, outlet_id))
        text = write_draft(scouted.draft, _title(url, run.started_at.date()))
        parse_outlet(text, path)
        write_new({path: text})
    return Added(path=path, scouted=scouted)


def _check_address(url: str) -> None:
    """Say before any request what is wrong with an outlet's address, and how to write it.

    Raises: UsageError.
    """
    if not is_web(url):
        bare = url.partition("://")[2] or url
        hint = f"https://{bare}" if is_host(bare.partition("/")[0]) else "https://www.example.org/"
        raise UsageError(f"{url!r} is no web address: write it like `presswatch outlets add {hint}`")
    host, netloc = host_of(url), urlsplit(url).netloc
    if not is_host(host):
        raise UsageError(f"{host!r} is no host name of the web: an outlet's host is written like www.example.org")
    if "@" in netloc:
        told = url.replace(netloc, host, 1)
        raise UsageError(f"an outlet's address has no name and password: `presswatch outlets add {told}`")


def _title(url: str, day: date) -> str:
    return f"First draft by `presswatch outlets add {url}`, {day}: check it, and delete the remarks that are settled."
