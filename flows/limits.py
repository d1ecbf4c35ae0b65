"""One hand an outlet, on all hosts of a Prefect server: a concurrency limit of 1 each. `python flows/limits.py`.

The lock of a data folder and the memory beside it keep one host polite; hosts with folders of their own know nothing of
each other but what the server tells them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import surroundings  # noqa: F401

# isort: split
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL

from presswatch.errors import ConfigError, PresswatchError
from presswatch.outlets import load_outlets
from presswatch.settings import load_settings

_PAGE = 200  # limits that the server gives at once, at most


def is_shared() -> bool:
    """Whether runs of other hosts may go on beside this one: so wherever a server was named, and not embedded."""
    return bool(PREFECT_API_URL.value())


@contextmanager
def in_a_line() -> Iterator[None]:
    """End a script with a line where no server answers, or presswatch says on purpose what is wrong."""
    try:
        with get_client(sync_client=True) as client:
            if error := client.api_healthcheck():
                fault = f"{client.api_url} does not answer ({error}): is it started, and PREFECT_API_URL its address?"
                raise ConfigError("the Prefect server", [fault])
        yield
    except PresswatchError as error:
        raise SystemExit(str(error)) from None


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
