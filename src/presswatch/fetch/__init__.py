"""Candidate → Capture: robots, pace, address guard, bounded decoding, retries. The only way to the web.

Loaded when first asked for, so that `presswatch.fetch.robots` costs little.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from presswatch.fetch.agent import need_contact, user_agent
    from presswatch.fetch.client import FetchSession
    from presswatch.fetch.pace import Hosts

__all__ = ["FetchSession", "Hosts", "need_contact", "user_agent"]

_HOMES = {"FetchSession": "client", "Hosts": "pace", "need_contact": "agent", "user_agent": "agent"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'presswatch.fetch' has no attribute {name!r}")
    return getattr(import_module(f"presswatch.fetch.{_HOMES[name]}"), name)
