"""The list of what was forgotten: digests, every spelling, and a file that is never half believed."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.errors import DamagedError, SchemaError
from presswatch.forgotten import FILE_NAME, Forgotten, load_forgotten
from presswatch.model import Capture

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
URL = "https://www.quay.test/culture/mara-venn-sings"


def capture(**changes):
    return Capture(**{"url": URL, "outlet_id": "quay", "fetched_at": NOON, "body": b"x"} | changes)


@pytest.mark.parametrize(
    "spelling", ["http://quay.test/culture/mara-venn-sings/?utm_source=x", f"{URL}/amp/", URL + "#a"]
)
def test_every_spelling_is_covered_and_no_other_address(spelling):
    known = Forgotten().with_more(NOON, urls=[URL])
    assert known.covers(spelling)
    assert known.at(spelling) == NOON
    assert not known.covers(f"{URL}-again")
    assert known.at(f"{URL}-again") is None


def test_an_article_is_covered_by_its_own_id_alone():
    known = Forgotten().with_more(NOON, article_ids=["quay:one"])
    assert known.covers_article("quay:one")
    assert not known.covers_article("quay:two")
    assert not Forgotten().covers_article("quay:one")


def test_a_capture_is_covered_by_what_led_to_it_and_by_its_bytes():
    known = Forgotten().with_more(NOON, urls=[URL])
    assert known.covers_capture(capture())
    assert known.covers_capture(capture(url="https://quay.test/other", asked_url=URL))
    assert known.covers_capture(capture(url="https://quay.test/other", listed_as=URL))
    assert not known.covers_capture(capture(url="https://quay.test/other"))
    saved = capture(url="file:notes.txt")
    by_bytes = Forgotten().with_more(NOON, urls=[saved.url], capture_ids=[saved.capture_id])
    assert by_bytes.covers_capture(saved)
    assert not by_bytes.covers_capture(capture(url="file:notes.txt", body=b"y")), "another file of that name"


def test_the_file_names_nobody_and_comes_back_as_it_was(tmp_path):
    known = Forgotten().with_more(NOON, urls=[URL], article_ids=["a" * 16])
    assert known.is_pending
    (tmp_path / FILE_NAME).write_bytes(known.to_bytes())
    assert load_forgotten(tmp_path) == known
    assert b"mara" not in known.to_bytes()
    assert load_forgotten(tmp_path / "nowhere") == Forgotten()


def test_what_is_known_keeps_its_time_and_makes_nothing_pending():
    done = Forgotten(Forgotten().with_more(NOON, urls=[URL]).keys)
    again = done.with_more(datetime(2026, 4, 1, tzinfo=UTC), urls=[f"{URL}?utm_medium=y"])
    assert again == done


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"version": 1}', '{"version": 1, "is_pending": 0, "keys": []}']
)
def test_a_damaged_list_stops_whoever_needs_it(tmp_path, content):
    (tmp_path / FILE_NAME).write_text(content)
    with pytest.raises(DamagedError, match=r"forgotten\.json.*presswatch forget"):
        load_forgotten(tmp_path)


def test_a_newer_list_is_refused(tmp_path):
    (tmp_path / FILE_NAME).write_text(json.dumps({"version": 9, "is_pending": False, "keys": {}}))
    with pytest.raises(SchemaError, match=r"version 9.*reads 1"):
        load_forgotten(tmp_path)


@given(st.lists(st.from_regex(r"https://quay\.test/[a-z]{1,8}", fullmatch=True), unique=True, min_size=1))
def test_order_and_repetition_do_not_matter(urls):
    one = Forgotten().with_more(NOON, urls=urls)
    two = Forgotten().with_more(NOON, urls=urls[:1]).with_more(NOON, urls=[*reversed(urls), *urls])
    assert one.keys == two.keys
    assert one.to_bytes() == two.to_bytes()
