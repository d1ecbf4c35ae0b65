"""What `presswatch outlets check` finds by counting: lines that an outlet prints again and again; rules for them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from presswatch.extract.repeats import Repeat, Told, find_repeats
from presswatch.outlets import add_stop, outlet_source, parse_outlet
from presswatch.registrar.checking import find_outlet
from presswatch.settings import DEFAULT_OUTLETS_FOLDER, Settings
from presswatch.storage import DataDir, replace_file
from presswatch.tables import load_stored
from presswatch.tables.rows import plain_rows


def find_stop(settings: Settings, wanted: str) -> list[Repeat]:
    """Lines that stand under the stored articles of an outlet, on many stories, and that no `stop` of it names.

    Args: `wanted` is an id, or the path of an outlet file.
    Raises: UsageError, ConfigError as `find_outlet`; DamagedError, SchemaError where the tables cannot be read.
    """
    outlet = find_outlet(settings, wanted)
    articles = load_stored(DataDir(settings.data, settings.bucket).refresh().clean).articles
    own = articles[(articles["outlet_id"] == outlet.id) & articles["is_latest"].astype(bool)]
    rows = plain_rows(own.sort_values("article_id")[["url", "story_id", "text"]])
    told = [Told(row["url"], row["story_id"] or row["url"], row["text"]) for row in rows]
    return find_repeats(told, [pattern for layout in outlet.layouts for pattern in layout.stop])


def apply_stop(settings: Settings, wanted: str, stop: Sequence[str]) -> Path:
    """Write `stop` patterns into an outlet's file: the one that is named, else that of the user's folder.

    An outlet that is packaged gets a file of its own there, which takes the place of the packaged one and keeps all
    that it says.

    Returns: the file.
    Raises: as `find_outlet`; DiskError.
    """
    outlet = find_outlet(settings, wanted)
    folder = settings.outlets_folder or DEFAULT_OUTLETS_FOLDER
    path = Path(wanted) if wanted.endswith(".toml") else folder / f"{outlet.id}.toml"
    text = path.read_bytes().decode() if path.is_file() else outlet_source(outlet.id)  # with its ends of lines
    changed = add_stop(text, outlet.layouts, stop)
    parse_outlet(changed, path)
    replace_file(path, changed)
    return path
