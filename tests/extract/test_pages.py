"""Which captures are pages of one article, in whatever order and number they come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from presswatch.extract import join_pages
from presswatch.model import Capture

HOST = "https://tern.example"


def capture(path: str, following: str = "", headline: str = "A Ferry Leaves at Dusk") -> Capture:
    link = f'<link rel="next" href="{following}">' if following else ""
    body = f"<html><head><title>{headline}</title>{link}</head><body><h1>{headline}</h1></body></html>".encode()
    return Capture(url=HOST + path, outlet_id="tern", fetched_at=datetime(2026, 3, 1, tzinfo=UTC), body=body)


FERRY = [capture("/ferry/", "/ferry/2/"), capture("/ferry/2/", "/ferry/3/"), capture("/ferry/3/")]
SERIES = [capture(f"/series/{n}/", f"/series/{n + 1}/", f"Episode of the {n}th Sea") for n in (1, 2, 3)]
NUMBERED = [capture("/story/12/", "/story/12/2/"), capture("/story/12/2/")]  # its own number is that of no page
ALONE = [capture("/2026/03/"), capture("/pier/")]
WANTED = {("/ferry/", "/ferry/2/", "/ferry/3/"), ("/series/1/",), ("/series/2/",), ("/series/3/",)} | {
    ("/story/12/", "/story/12/2/"),
    ("/2026/03/",),
    ("/pier/",),
}


@given(st.permutations([*FERRY, *SERIES, *NUMBERED, *ALONE]))
def test_the_order_of_captures_does_not_count(captures: list[Capture]) -> None:
    found = [
        tuple(one.url.removeprefix(HOST) for one in pages.captures) for pages in join_pages(captures, lambda _: None)
    ]
    assert len(found) == len(WANTED)
    assert set(found) == WANTED


def test_captures_are_not_held_for_ever_for_pages_that_never_come() -> None:
    taken = 0

    def endless() -> Iterator[Capture]:
        nonlocal taken
        while True:
            taken += 1
            yield capture(f"/film-{taken}/", f"/film-{taken}/2/") if taken % 2 else capture(f"/play-{taken}/2/")

    joined = join_pages(endless(), lambda _: None)
    for number in range(1, 300):
        next(joined)
        assert taken <= number + 101


def test_a_second_capture_of_an_article_is_joined_with_its_own_pages() -> None:
    found = [len(pages.captures) for pages in join_pages([*FERRY[:2], *FERRY], lambda _: None)]
    assert sorted(found) == [2, 3]
