"""Laying newly read articles over the stored ones: whatever the order and the batches, the tables are the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from presswatch.model import digest_text, make_id
from presswatch.tables import TABLES, make_frame
from presswatch.tables.merge import READ_TABLES
from shelves import Archive

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
A_DAY = -8  # from the morning on: a listing that tells the day alone
WORDS = {
    "A": "The harbour board said on Monday that the ferry to Ostrel Island will sail from the ninth of March.",
    "B": "The harbour board said on Monday that the ferry to Ostrel Island will sail from the twelfth of March.",
    "C": "Forty lamp makers met in Quillon to choose the brightest lamp of the year.",
}


def sighting(hour, words="A", article="one", *, headline="Ferry returns", modified=None, listed=None):
    """A capture of an article as it is read: what stood there at an hour."""
    return {
        "article_id": article,
        "outlet_id": f"outlet-{article}",
        "url": f"https://{article}.example/ferry",
        "headline": headline,
        "modified_at": None if modified is None else MORNING + timedelta(hours=modified),
        "published_at": MORNING,
        "listed_at": None if listed is None else MORNING + timedelta(hours=listed),
        "listed_is_day": listed == A_DAY,
        "first_seen_at": MORNING + timedelta(hours=hour),
        "fetched_at": MORNING + timedelta(hours=hour),
        "access": "full",
        "text": WORDS[words],
        "text_digest": digest_text(WORDS[words]),
        "capture_id": make_id(article, words, headline, modified),
        "extractor": "generic",
    }


def batch(*sightings):
    """Some captures as `reader` hands them on: each with its number, its mention and a block that was removed."""
    rows = {name: [] for name in READ_TABLES}
    for number, row in enumerate(sightings, start=1):
        key = {"article_id": row["article_id"], "revision": number}
        rows["articles"].append(row | key)
        span = {"kind": "statement", "part": "body", "start_char": 0, "end_char": len(row["text"])}
        mention_id = make_id(row["article_id"], row["text"])
        own = {"mention_id": mention_id, "outlet_id": row["outlet_id"], "text": row["text"], "voice": "reported"}
        rows["mentions"].append(key | span | own)
        rows["removed"].append(key | {"rule": "stop", "text": f"Share: {row['headline']}"})
    return {name: make_frame(TABLES[name], found) for name, found in rows.items()}


def run(*batches):
    """The archive after a run for each batch."""
    archive = Archive()
    for one in batches:
        archive = archive.run(one)
    return archive


def plain(frames):
    return {
        name: frame[list(TABLES[name].column_names)].sort_values(list(TABLES[name].key)).to_csv(index=False)
        for name, frame in frames.items()
    }


def texts(compared, article="one"):
    """The revisions of an article: the letter of the text, and a star where it stands there now."""
    articles = compared.frames["articles"]
    own = articles[articles["article_id"] == article].sort_values("revision")
    letters = {text: letter for letter, text in WORDS.items()}
    return [letters[row.text] + "*" * row.is_latest for row in own.itertuples()]


def column(compared, name):
    return list(compared.frames["articles"].sort_values(["article_id", "revision"])[name])


def test_same_bytes_again_keep_the_first_sight_and_compare_nothing():
    first = run(batch(sighting(0), sighting(0, article="two")))
    again = first.run(batch(sighting(5)))
    assert column(again, "first_seen_at") == [MORNING, MORNING]
    assert again.stories == ()
    claims = list(first.frames["mentions"].sort_values("mention_id")["claim_id"])
    assert list(again.frames["mentions"].sort_values("mention_id")["claim_id"]) == claims


def test_text_that_comes_back_stands_there_now_and_loses_nothing():
    assert texts(run(batch(sighting(0)), batch(sighting(1, "B")), batch(sighting(2)))) == ["A*", "B"]


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 1, 0), (1, 0, 2)])
def test_late_arrival_is_not_the_newest(order):
    seen = [sighting(0), sighting(1, "B"), sighting(2)]
    assert texts(run(*(batch(seen[place]) for place in order))) == ["A*", "B"]


def test_of_two_versions_taken_in_together_the_one_modified_later_is_the_newest():
    versions = [sighting(0, "B", modified=3), sighting(0, "A", modified=2)]
    assert texts(run(batch(*versions))) == ["A", "B*"]
    assert texts(run(batch(*reversed(versions)))) == ["A", "B*"]


def test_corrected_headline_over_the_same_text_is_told_without_a_revision():
    first = run(batch(sighting(0, headline="Fery returns")))
    again = first.run(batch(sighting(1, modified=1)))
    assert column(again, "headline") == ["Ferry returns"]
    assert column(again, "fetched_at") == [MORNING + timedelta(hours=1)]
    assert column(again, "first_seen_at") == [MORNING]
    assert list(again.frames["stories"]["headline"]) == ["Ferry returns"]
    assert len(again.stories) == 1


def test_reading_again_compares_again_and_changes_nothing():
    seen = batch(sighting(0), sighting(0, article="two"))
    first = run(seen)
    again = first.run(seen)
    assert again.stories == first.stories
    assert plain(again.frames) == plain(first.frames)
    assert again.frames["mentions"]["claim_id"].notna().all()


def test_the_earliest_listing_holds_for_all_that_an_article_said():
    seen = [sighting(0, listed=-1), sighting(1, "B"), sighting(2, "C", listed=A_DAY), sighting(3, "C", listed=2)]
    for order in (seen, seen[::-1]):
        told = run(*(batch(one) for one in order))
        assert column(told, "listed_at") == [MORNING + timedelta(hours=A_DAY)] * 3
        assert column(told, "listed_is_day") == [True] * 3
    assert column(run(batch(sighting(0))), "listed_is_day") == [False]


def test_first_sight_that_turns_out_earlier_compares_again():
    first = run(batch(sighting(3)))
    again = first.run(batch(sighting(1)))
    assert again.stories == first.stories
    assert column(again, "first_seen_at") == [MORNING + timedelta(hours=1)]


def test_other_mentions_of_the_same_text_are_compared():
    first = run(batch(sighting(0), sighting(0, article="two")))
    again = batch(sighting(0))
    again["mentions"] = again["mentions"].assign(end_char=30, text=WORDS["A"][:30], mention_id="shorter")
    compared = first.run(again)
    assert "shorter" in set(compared.frames["coverage"]["mention_id"])


def test_capture_read_anew_takes_the_place_of_what_was_read_of_it():
    first = run(batch(sighting(0)), batch(sighting(1)))
    better = sighting(1) | {"text": WORDS["C"], "text_digest": digest_text(WORDS["C"])}
    again = first.run(batch(better))
    assert texts(again) == ["C*"]
    assert column(again, "first_seen_at") == [MORNING]


def test_story_remembers_former_ids_when_all_is_made_again():
    early, late = sighting(0) | {"published_at": MORNING - timedelta(hours=1)}, sighting(0, article="two")
    alone = run(batch(late))
    both = alone.run(batch(early))
    scratch = Archive().run(batch(early, late), former=both.frames)
    (former,) = both.frames["stories"]["aliases"]
    assert former == alone.frames["stories"]["story_id"].iloc[0]
    assert list(scratch.frames["stories"]["aliases"]) == [former]


captures = st.builds(
    sighting,
    st.integers(0, 4),
    st.sampled_from("ABC"),
    st.sampled_from(["one", "two"]),
    headline=st.sampled_from(["Ferry returns", "Ferry is back"]),
    modified=st.sampled_from([None, 1, 2]),
    listed=st.sampled_from([None, A_DAY, -1]),
)


@pytest.mark.timeout(400)
@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.generate])  # shrinking would take minutes
@given(st.lists(st.lists(captures, min_size=1, max_size=4), min_size=1, max_size=4), st.data())
def test_any_batches_in_any_order_give_the_tables_of_one_reading(groups, data):
    whole = Archive().run(batch(*(one for group in groups for one in group)))
    shuffled = data.draw(st.permutations(groups))
    apart = run(*(batch(*group) for group in shuffled))
    expected = whole.frames | {"stories": whole.frames["stories"].assign(aliases=None)}
    unaliased = apart.frames["stories"].assign(aliases=None)  # ids that it had while articles were missing
    assert plain(apart.frames | {"stories": unaliased}) == plain(expected)
    reread = apart.run(batch(*data.draw(st.sampled_from(groups))))
    assert plain(reread.frames | {"stories": reread.frames["stories"].assign(aliases=None)}) == plain(expected)
