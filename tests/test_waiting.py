"""Asking somebody who may hang."""

from __future__ import annotations

from threading import Event

import pytest

from presswatch.waiting import TookTooLongError, within


def test_what_is_asked_is_answered():
    assert within(60, lambda: "yes") == "yes"


def test_who_hangs_is_left_behind():
    release = Event()
    with pytest.raises(TookTooLongError):
        within(0.05, release.wait)
    release.set()


@pytest.mark.parametrize("error", [TimeoutError("of its own"), KeyError("a fault of ours")])
def test_what_asking_raises_is_no_matter_of_time(error):
    def ask() -> None:
        raise error

    with pytest.raises(type(error)) as raised:
        within(60, ask)
    assert raised.value is error
