"""What was forgotten for good, and is to stay out: `data/forgotten.json`.

The list holds digests, never addresses: it has to outlast an article, and the address of one may name a person. It is
beside raw the only file that cannot be made again. `is_pending` says that what it names may still lie in raw, tables or
state: whoever runs next takes it out. So the list is written first, and marked as done last.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from presswatch.errors import DamagedError, SchemaError
from presswatch.model import Capture, Revisit, utc
from presswatch.urls import identity, is_web

FILE_NAME = "forgotten.json"
_VERSION = 1


@dataclass(frozen=True)
class Forgotten:
    """Digests of addresses, captures and articles, each with the time of forgetting."""

    keys: Mapping[str, str] = field(default_factory=dict)
    is_pending: bool = False

    def covers(self, url: str) -> bool:
        """Whether an address is forgotten, in any of its spellings. What is no web address never is."""
        return bool(self.keys) and is_web(url) and _key("url", identity(url)) in self.keys

    def covers_article(self, article_id: str) -> bool:
        """Whether an article is forgotten by its id: so are those of files, which have no address."""
        return bool(self.keys) and _key("article", article_id) in self.keys

    def covers_capture(self, capture: Capture | Revisit) -> bool:
        """Whether a capture is of a forgotten article, by any address that led to it or by its bytes."""
        if not self.keys:
            return False
        addresses = (capture.url, capture.asked_url, capture.listed_as if isinstance(capture, Capture) else "")
        return any(map(self.covers, addresses)) or _key("capture", capture.capture_id) in self.keys

    def at(self, url: str) -> datetime | None:
        """When an address was forgotten; None where it was not."""
        told = self.keys.get(_key("url", identity(url)))
        return datetime.fromisoformat(told) if told and is_web(url) else None

    def with_more(
        self,
        at: datetime,
        *,
        urls: Iterable[str] = (),
        article_ids: Iterable[str] = (),
        capture_ids: Iterable[str] = (),
    ) -> Forgotten:
        """The list with more in it, pending where any of it is new. What is no web address is left out."""
        new = {_key("url", identity(url)) for url in urls if is_web(url)}
        new |= {_key("article", one) for one in article_ids} | {_key("capture", one) for one in capture_ids}
        new -= self.keys.keys()
        told = utc(at).isoformat(timespec="seconds")
        return replace(self, keys={**self.keys, **dict.fromkeys(new, told)}, is_pending=self.is_pending or bool(new))

    def to_bytes(self) -> bytes:
        """The file's content."""
        content = {"version": _VERSION, "is_pending": self.is_pending, "keys": dict(sorted(self.keys.items()))}
        return json.dumps(content, indent=1).encode()


def load_forgotten(root: Path) -> Forgotten:
    """The list of a data folder; an empty one where nothing was ever forgotten.

    Raises: DamagedError, SchemaError; no run goes on without it, for what was forgotten would come back.
    """
    path = root / FILE_NAME
    try:
        content = json.loads(path.read_bytes())
        if content["version"] > _VERSION:
            raise SchemaError(f"{path} has version {content['version']}; this presswatch reads {_VERSION}: update it")
        return Forgotten({str(key): str(at) for key, at in content["keys"].items()}, bool(content["is_pending"]))
    except FileNotFoundError:
        return Forgotten()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedError(
            f"{path} is damaged ({error}): bring back a copy; or move it away, and `presswatch forget` again what is to"
            " stay out"
        ) from error


def _key(kind: str, value: str) -> str:
    return hashlib.sha256(f"presswatch {kind} {value}".encode()).hexdigest()
