"""`presswatch outlets add`: scout an outlet, and write its first file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from presswatch.errors import UsageError
from presswatch.outlets import is_outlet_id, load_outlets, parse_outlet, write_draft
from presswatch.pipeline import Plan, Progress, open_run, order_of, say_nothing
from presswatch.registrar.scouting import Scouted, scout_outlet
from presswatch.settings import DEFAULT_OUTLETS_FOLDER, Settings
from presswatch.storage import check_folder, check_new, write_new
from presswatch.urls import host_of, is_web, outlet_id_from_host


@dataclass(frozen=True, kw_only=True)
class Added:
    """The file that was written, and what it rests on."""

    path: Path
    text: str
    scouted: Scouted


def add_outlet(
    settings: Settings, url: str, *, outlet_id: str | None = None, progress: Progress | None = None, wait: bool = False
) -> Added:
    """Write a first outlet file for whose page a URL is.

    Args: `outlet_id` is the id; by default it is made of the host, as for articles of hosts that no file describes.
    Raises: UsageError where the URL is none, its outlet is known, or the file is there already; FetchError and
        ExtractError where the page cannot be had or read; ConfigError, DiskError, LockedError.
    """
    if not is_web(url):
        raise UsageError(f"{url!r} is no web address: write it like https://www.example.org/")
    outlet_id = outlet_id or outlet_id_from_host(host_of(url))
    if not is_outlet_id(outlet_id):
        raise UsageError(f"--id {outlet_id!r}: an id has small letters, digits and hyphens only, like my-outlet")
    folder = settings.outlets_folder or DEFAULT_OUTLETS_FOLDER
    path = folder / f"{outlet_id}.toml"
    check_new(path)
    check_folder(folder, "`outlets` in presswatch.toml names another folder")
    if not folder.exists():
        settings = replace(settings, outlets_folder=None)  # it is made when there is a file for it
    outlets = load_outlets(settings.outlets_folder)
    known = outlets.for_url(url) or outlets.get(outlet_id)
    if known is not None:
        raise UsageError(f"{known.name} is known as {known.id!r}: `presswatch outlets check {known.id}`")
    with open_run(settings, Plan(command="outlets add"), progress or say_nothing, wait=wait) as run:
        scouted = asyncio.run(scout_outlet(order_of(run), run.outlets, url, outlet_id))
        text = write_draft(scouted.draft, _title(url, run.started_at.date()))
        parse_outlet(text, path)
        write_new({path: text})
    return Added(path=path, text=text, scouted=scouted)


def _title(url: str, day: date) -> str:
    return f"First draft by `presswatch outlets add {url}`, {day}: check it, and delete the remarks that are settled."
