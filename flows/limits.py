"""One hand an outlet, on all hosts of a Prefect server: a concurrency limit of 1 each. `python flows/limits.py`.

The lock of a data folder and the memory beside it keep one host polite; hosts with folders of their own know nothing of
each other but what the server tells them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import surroundings  # noqa: F401

# isort: split
from prefect.client.orchestration import get_client

from presswatch.errors import ConfigError
from presswatch.outlets import load_outlets
from presswatch.settings import load_settings
from server import in_a_line

_PAGE = 200  # limits that the server gives at once, at most


def make_limits(outlet_ids: Iterable[str]) -> list[str]:
    """Make, or put right, the limit of each outlet; gives their names."""
    names = [limit_name(outlet_id) for outlet_id in outlet_ids]
    with get_client(sync_client=True) as client:
        for name in names:
            client.upsert_global_concurrency_limit_by_name(name, limit=1)
    return names


def need_limits(outlet_ids: Sequence[str]) -> None:
    """Make sure, before anything is fetched, that every outlet has its limit.

    Raises: ConfigError that names the command which makes them.
    """
    known: set[str] = set()
    with get_client(sync_client=True) as client:
        while page := client.read_global_concurrency_limits(limit=_PAGE, offset=len(known)):
            known |= {limit.name for limit in page if limit.active}
            if len(page) < _PAGE:
                break
    missing = [outlet_id for outlet_id in outlet_ids if limit_name(outlet_id) not in known]
    if missing:
        fault = f"no limit for {', '.join(missing)}: two hosts could ask one outlet at once"
        raise ConfigError("the Prefect server", [f"{fault}; `python flows/limits.py` makes them"])


def limit_name(outlet_id: str) -> str:
    """What an outlet's limit is called on the server."""
    return f"presswatch-{outlet_id}"


if __name__ == "__main__":
    with in_a_line():
        known = load_outlets(load_settings().outlets_folder)
        print(f"{len(make_limits(known))} limits, one an outlet; `prefect gcl ls` lists them")  # noqa: T201 - a command
