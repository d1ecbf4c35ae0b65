"""What a robots.txt allows, by RFC 9309; where the RFC is silent, what Google's parser does.

protego matches paths well, but groups lines in ways of its own. So the lines are read here: byte order marks, the first
500 KiB only, exact product tokens, groups that unknown lines do not close. What is left, one group for us alone, is
given to protego.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from protego import Protego

AGENT_TOKEN = "presswatch"  # noqa: S105  # what a robots.txt calls us; no secret
MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309, 2.5: at least so much is to be read

_MAX_LINE_BYTES = 2083 * 8 - 1  # Google cuts longer lines there
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\r|\n")
_KEYS = {
    "user-agent": "agent",
    "useragent": "agent",
    "user agent": "agent",
    "allow": "allow",
    "disallow": "disallow",
    "crawl-delay": "crawl-delay",
    "crawldelay": "crawl-delay",
    # misspellings that Google's parser accepts, because they are frequent
    "dissallow": "disallow",
    "dissalow": "disallow",
    "disalow": "disallow",
    "diasllow": "disallow",
    "disallaw": "disallow",
}


@dataclass
class _Group:
    agents: list[str] = field(default_factory=list)
    rules: list[tuple[str, str]] = field(default_factory=list)


class Robots:
    """One robots.txt, read for one agent.

    `user_agent` counts up to its first `/`. Cost: linear in the file, some milliseconds for 500 KiB.
    """

    def __init__(self, content: bytes, user_agent: str) -> None:
        token = user_agent.partition("/")[0].strip().lower()
        rules = _rules_for(token, _read_groups(content))
        lines = [f"{key}: {value}" for key, value in rules]
        self._parsed = Protego.parse("\n".join(["user-agent: *", *lines]))

    def allows(self, url: str) -> bool:
        """Whether a URL may be asked for; robots.txt itself always may, and what is no URL never."""
        try:
            return urlsplit(url).path == "/robots.txt" or bool(self._parsed.can_fetch(url, AGENT_TOKEN))
        except ValueError:
            return False

    @property
    def crawl_delay_s(self) -> float:
        """Seconds between two requests that the file asks for; 0 where it says nothing that can be read."""
        return float(self._parsed.crawl_delay(AGENT_TOKEN) or 0)


def is_allowed(robots_txt: bytes, user_agent: str, url: str) -> bool:
    """Whether a robots.txt lets an agent ask for a URL.

    Args:
        robots_txt: the file as it came; whatever it holds is no error.
        user_agent: a product token or a whole `User-Agent` value; it counts up to its first `/`.
        url: absolute; where it has no path, `/` is meant.

    Source: RFC 9309; github.com/google/robotstxt where the RFC leaves it open.
    """
    return _robots(robots_txt, user_agent).allows(url)


def list_sitemaps(robots_txt: bytes) -> list[str]:
    """The addresses that a robots.txt names as sitemaps, as written, each once; they belong to no group."""
    lines = (line.partition(":") for line in _decoded_lines(robots_txt))
    named = (value.strip() for key, _, value in lines if key.strip().lower() == "sitemap")
    return list(dict.fromkeys(filter(None, named)))


@lru_cache(maxsize=16)
def _robots(content: bytes, user_agent: str) -> Robots:
    return Robots(content, user_agent)


def _rules_for(token: str, groups: list[_Group]) -> list[tuple[str, str]]:
    """The rules of all groups that name the token, merged; of those for everyone where none does."""
    own = [group for group in groups if token and token in group.agents]
    chosen = own or [group for group in groups if "*" in group.agents]
    return [rule for group in chosen for rule in group.rules]


def _read_groups(content: bytes) -> list[_Group]:
    groups: list[_Group] = []
    is_open = False  # an agent line that follows a rule begins a new group; unknown lines do not count
    for key, value in _read_lines(content):
        if key == "agent":
            if not is_open:
                groups.append(_Group())
            groups[-1].agents.append(value.replace("/", " ").split(" ")[0].lower() if value else "")
            is_open = True
        elif groups:
            groups[-1].rules.append((key, value))
            is_open = is_open and key == "crawl-delay"  # RFC 9309 does not know it, so it closes no group
    return groups


def _read_lines(content: bytes) -> list[tuple[str, str]]:
    read = []
    for line in _decoded_lines(content):
        name, value = _split_line(line)
        if key := _KEYS.get(name.lower()):
            read.append((key, value))
    return read


def _split_line(line: str) -> tuple[str, str]:
    """Key and value, with a colon between; without one, white space between exactly two words is taken for it.

    Both are empty where a line is neither.
    """
    name, colon, value = line.partition(":")
    if colon:
        return name.rstrip(), value.lstrip()
    words = line.split()
    return (words[0], words[1]) if len(words) == 2 else ("", "")  # noqa: PLR2004 - a key and a value


def _decoded_lines(content: bytes) -> Iterator[str]:
    content = content[:MAX_ROBOTS_BYTES]
    for length in (3, 2, 1):  # a part of the mark occurs too
        content = content.removeprefix(_BYTE_ORDER_MARK[:length])
    for raw in _LINE_END.split(content):
        yield raw[:_MAX_LINE_BYTES].decode("utf-8", "replace").partition("#")[0].strip()
