"""The Prefect server: whether one was named, whether it answers, and how a script ends where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import surroundings  # noqa: F401

# isort: split
from httpx import HTTPError
from prefect.client.orchestration import get_client
from prefect.exceptions import FailedRun
from prefect.flow_engine import FlowRunTimeoutError
from prefect.settings import PREFECT_API_URL

from presswatch.errors import ConfigError, PresswatchError


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
