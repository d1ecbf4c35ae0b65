"""Asking somebody who may hang: a library that waits for an answer without end, and Ctrl-C with it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")


class TookTooLongError(TimeoutError):
    """What was asked goes on, and nobody waits for it any more."""


def within(seconds: float, ask: Callable[[], Result]) -> Result:
    """What is asked, in a thread that may be left behind.

    Raises: TookTooLongError; whatever `ask` raises.
    """
    answer: Future[Result] = Future()

    def wait() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001 - it is raised where it was asked
            answer.set_exception(error)

    Thread(target=wait, daemon=True).start()
    try:
        return answer.result(seconds)
    except TimeoutError:
        if answer.done():
            raise
        raise TookTooLongError from None
