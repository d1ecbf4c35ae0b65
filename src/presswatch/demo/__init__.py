"""The bundled newsroom: a small web of six invented outlets, served on loopback over real HTTP.

All of it is fiction: outlets, people, works and prose. What the outlets say is in `newsroom/pages/`, the markup of each
family in `newsroom/templates/`, and what makes them outlets in `newsroom/outlets/`, as for any other outlet.

    with Newsroom() as newsroom:
        write_settings(Path("presswatch.toml"), newsroom)
        ...                             # collect, read, compare
        newsroom.publish_edition(2)     # one article is changed, one is new

`python -m presswatch.demo` serves it until it is interrupted.
"""

from __future__ import annotations

from presswatch.demo.newsroom import OUTLET_IDS, TOPIC, Newsroom, Request, know_newsroom, write_settings

__all__ = ["OUTLET_IDS", "TOPIC", "Newsroom", "Request", "know_newsroom", "write_settings"]
