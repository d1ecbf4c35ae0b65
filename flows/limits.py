"""One hand an outlet, on all hosts of a Prefect server: a concurrency limit of 1 each. `python flows/limits.py`.

The lock of a data folder and the memory beside it keep one host polite; hosts with folders of their own know nothing of
each other but what the server tells them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import surroundings  # noqa: F401

# isort: split
from httpx import HTTPError
from prefect.client.orchestration import get_client
from prefect.exceptions import FailedRun
from prefect.flow_engine import FlowRunTimeoutError
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
    """End a script with a line where no server answers, a flow has failed, or presswatch says what is wrong."""
    try:
        need_server()
        try:
            yield
        except HTTPError:  # of Prefect's client: ours are failures of single addresses
            need_server()
            raise
    except (PresswatchError, FailedRun, FlowRunTimeoutError) as error:
        raise SystemExit(str(error)) from None


def need_server() -> None:
    """Make sure that the server answers, where one was named.

    Raises: ConfigError that says what does not do, and what to type.
    """
    if not is_shared():
        return
    with get_client(sync_client=True) as client:
        try:
            client.api_version()  # its health would be told to everybody, and a page to any address
        except Exception as error:  # whatever it is, nothing goes without the server
            said = str(error).partition(" - ")[0]
            advice = "is it started (`prefect server start`), and PREFECT_API_URL its address?"
            if "401" in said:
                advice = "set PREFECT_API_AUTH_STRING to what the server was started with"
            raise ConfigError("the Prefect server", [f"{client.api_url} does not answer ({said}): {advice}"]) from error


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
