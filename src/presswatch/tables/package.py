"""The declared tables as a Data Package (https://datapackage.org), for programs that read such. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from presswatch.tables.schema import SCHEMA_VERSION, TABLES, Column, Table

PACKAGE_FILE = "datapackage.json"  # in data/clean
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_TYPES = {
    "text": "string",
    "time": "datetime",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "boolean or empty": "boolean",
}
_REPEATING = {"removed", "revisions"}  # a block or a sentence that stood there twice is two rows, and alike
# What a column refers to, where its table is not the one that it is the key of: an id that is told in one row there.
_REFERENCES = {
    "a_id": ("mentions", "mention_id"),
    "b_id": ("mentions", "mention_id"),
    "claim_id": ("claims", "claim_id"),
    "mention_id": ("mentions", "mention_id"),
    "outlet_id": ("outlets", "outlet_id"),
    "source_mention_id": ("mentions", "mention_id"),
    "story_id": ("stories", "story_id"),
}


def render_package(parts: Mapping[str, Iterable[str]]) -> str:
    """`datapackage.json`, given the parts of each table.

    Logs are not in it: every run adds a file to them.
    """
    described = {
        "$schema": _PROFILE,
        "name": "presswatch",
        "title": "Press coverage, compared",
        "description": "What outlets said of stories: a row is told for each table; docs/tables.md says more.",
        "presswatch_schema": SCHEMA_VERSION,
        "resources": [
            _describe_table(table, sorted(parts[name]))
            for name, table in TABLES.items()
            if not table.is_log and parts.get(name)
        ],
    }
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


def _describe_table(table: Table, parts: list[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_describe_column(column) for column in table.columns]}
    if table.name not in _REPEATING:
        schema["primaryKey"] = list(table.key)
    references = [
        {"fields": [name], "reference": {"resource": other, "fields": [its]}}
        for name in table.column_names
        for other, its in [_REFERENCES.get(name, ("", ""))]
        if other and other != table.name
    ]
    if references:
        schema["foreignKeys"] = references
    return {
        "name": table.name,
        "description": f"A row is {table.row}.",
        "path": [f"{table.name}/{part}.parquet" for part in parts],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": schema,
    }


def _describe_column(column: Column) -> dict[str, Any]:
    return {"name": column.name, "type": _TYPES[column.type], "description": column.description}
