"""How the crawler names itself, and that nobody is fetched by a stranger."""

from __future__ import annotations

from urllib.parse import urlsplit

from presswatch import __version__
from presswatch.errors import ConfigError
from presswatch.fetch.robots import AGENT_TOKEN
from presswatch.outlets import Outlet
from presswatch.settings import FetchSettings
from presswatch.urls import ascii_host


def user_agent(settings: FetchSettings) -> str:
    """The `User-Agent` of every request: product, version and, where one is set, the contact."""
    contact = " ".join((settings.contact or "").split())  # a line break would end the header
    return f"{AGENT_TOKEN}/{__version__}" + (f" (+{contact})" if contact else "")


def has_contact(settings: FetchSettings) -> bool:
    """Whether the operators of a host can find out who fetches them."""
    return bool(settings.contact and settings.contact.strip())


def need_contact(outlet: Outlet, settings: FetchSettings) -> None:
    """Make sure that an outlet's operators can find out who fetches them. Hosts in `[fetch.resolve]` are ours.

    Raises: ConfigError that says how to set the contact.
    """
    if has_contact(settings):
        return
    hosts = {*outlet.hosts, *(urlsplit(source.url).hostname or "" for source in outlet.discover)}
    strangers = sorted(set(map(ascii_host, hosts)) - set(map(ascii_host, settings.resolve)))
    if strangers:
        fault = (
            f'fetching {strangers[0]} needs a contact: put `contact = "https://example.org/about-our-crawler"` under '
            "[fetch], with an address of yours where its operators learn who you are"
        )
        raise ConfigError("presswatch.toml", [fault])
