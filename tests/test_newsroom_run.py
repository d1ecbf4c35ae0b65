"""The whole pipeline over the bundled newsroom, held against what is true of it (tests/demo/truth.json)."""

from __future__ import annotations

import pandas as pd
import pytest


@pytest.fixture(scope="module")
def tables(ran):
    return ran.tables


@pytest.fixture(scope="module")
def latest(tables):
    return tables.articles[tables.articles["is_latest"]].set_index("url")


def of_story(truth, story):
    return {a["url"] for a in truth["articles"].values() if a["story"] == story}


def test_every_article_is_read_as_it_is(ran, tables, latest):
    first = tables.articles[tables.articles["revision"] == 1].set_index("url")["text"]
    for name, expected in ran.truth["articles"].items():
        row = latest.loc[expected["url"]]
        assert row["headline"] == expected["headline"], name
        assert row["byline"] == "; ".join(expected["byline"]), name
        assert row["published_at"] == pd.Timestamp(expected["published_at"]), name
        assert row["access"] == expected["access"], name
        assert row["outlet_id"] == expected["outlet_id"], name
        assert first[expected["url"]].startswith(expected["first_words"]), name
        assert first[expected["url"]].endswith(expected["last_words"]), name


def test_every_article_tells_which_source_gave_its_fields(latest):
    assert latest["evidence"].str.contains(r"^headline: \S+.*; published_at: \S+").all()


def test_nothing_else_is_an_article(ran, latest):
    assert set(latest.index) == {a["url"] for a in ran.truth["articles"].values()}


def test_articles_of_a_story_are_together_and_look_alikes_apart(ran, latest):
    main = of_story(ran.truth, "paper-regatta")
    assert set(latest.loc[list(main), "story_id"]) == {ran.demonstration.story_id}
    assert len(set(latest.loc[list(of_story(ran.truth, "salt-parade")), "story_id"])) == 1
    others = latest[~latest.index.isin(main)]
    assert ran.demonstration.story_id not in set(others["story_id"])


def test_main_story_has_at_least_five_outlets(ran, tables):
    story = tables.stories.set_index("story_id").loc[ran.demonstration.story_id]
    assert story["outlet_count"] >= 5
    assert story["topics"] == ran.truth["topic"]


def test_failures_are_told_once_with_their_codes(ran, tables):
    found = tables.failures[["url", "outlet_id", "stage", "error"]]
    assert sorted(found.itertuples(index=False, name=None)) == sorted(
        (f["url"], f["outlet_id"], f["stage"], f["error"]) for f in ran.truth["failures"]
    )


def test_what_failed_is_no_article(tables):
    assert not set(tables.failures["url"]) & set(tables.articles["url"])


def test_removed_blocks_are_kept_and_are_no_mentions(ran, tables):
    for expected in ran.truth["removed"]:
        article_id = ran.article_id(expected["article"])
        blocks = tables.removed.loc[tables.removed["article_id"] == article_id, "text"]
        assert blocks.str.contains(expected["text"], regex=False).any(), expected
        mentions = tables.mentions.loc[tables.mentions["article_id"] == article_id, "text"]
        assert not mentions.str.contains(expected["text"], regex=False).any(), expected


def test_spans_lead_back_to_the_text(tables):
    articles = tables.articles[tables.articles["is_latest"]].set_index("article_id")
    for row in tables.mentions.itertuples():
        text = articles.loc[row.article_id, {"body": "text"}.get(row.part, row.part)]
        assert text[row.start_char : row.end_char] == row.text


# Not right yet: an outlet that nobody knows is no credit after "told", and "says … in K Magazine" is no phrase of one.
MISSED_CREDITS = {("thirdactnotebook", "Radio Farrow"), ("thirdactnotebook", "k")}


def test_quotes_have_their_speakers(ran, tables):
    quotes = tables.mentions[tables.mentions["kind"] == "quote"]
    missed = set()
    for expected in ran.truth["quotes"]:
        own = quotes[quotes["article_id"] == ran.article_id(expected["article"])]
        found = own[own["text"].str.lstrip('“"').str.startswith(expected["begins"][:40])]
        if list(found["speaker"])[:1] != [expected["speaker"]]:
            missed.add((expected["article"], expected["begins"]))
    assert not missed


def test_credits_have_their_verdicts(ran, tables):
    missed = set()
    for expected in ran.truth["credits"]:
        own = tables.credits[tables.credits["article_id"] == ran.article_id(expected["article"])]
        own = own[own["credited"] == expected["credited"]]
        verdicts = {row.verdict for row in own.itertuples() if row.phrase in expected["phrase"]}
        if not verdicts & set(expected["verdicts"]):
            missed.add((expected["article"], expected["credited"]))
    assert missed == MISSED_CREDITS


def test_what_a_credit_was_altered_from_is_the_sentence_that_says_otherwise(ran, tables):
    altered = tables.credits[tables.credits["phrase"] == "according to K Magazine"]
    source = tables.mentions.set_index("mention_id")["text"][altered["source_mention_id"].iloc[0]]
    assert (list(altered["verdict"]), source) == (["altered"], "The shoot took two nights in October.")


def test_a_label_is_no_outlet(ran, tables):
    for expected in ran.truth["no_credits"]:
        own = tables.credits[tables.credits["article_id"] == ran.article_id(expected["article"])]
        assert not own["phrase"].str.contains(expected["phrase"], regex=False).any()


def test_nights_differ_and_the_tenth_video_does_not(ran, tables):
    differences = tables.story(ran.demonstration.story_id).differences
    nights = differences[differences["unit"].fillna("").str.startswith("night")]
    assert {frozenset(map(str.lower, pair)) for pair in nights[["value_a", "value_b"]].to_numpy()} >= {
        frozenset({"two", "three"})
    }
    values = set(differences["value_a"].str.lower()) | set(differences["value_b"].str.lower())
    for apparent in ran.truth["no_differences"]:
        both = {value.lower() for value in apparent["values"]}
        pairs = differences[["value_a", "value_b"]].to_numpy()
        assert not any(a.lower() in both and b.lower() in both for a, b in pairs), apparent["name"]
    assert "nine" not in values


def test_trimmed_quote_is_drift(ran, tables):
    drift = tables.story(ran.demonstration.story_id).drift
    assert (drift["change"] == "trimmed").any()
    trimmed = drift[drift["change"] == "trimmed"]
    assert trimmed[["text_a", "text_b"]].map(lambda text: "slide projector" in text).to_numpy().any()


def test_copy_is_marked_and_counts_for_nothing(ran, tables, latest):
    copy = ran.truth["articles"]["copy"]
    assert latest.loc[copy["url"], "syndicated_from"] == ran.article_id("reelbeacon")
    marked = tables.articles["syndicated_from"].notna() & tables.articles["is_latest"]
    assert set(tables.articles.loc[marked, "url"]) == {copy["url"]}
    claims = tables.story(ran.demonstration.story_id).claims
    assert (claims["corroboration"] <= claims["outlet_count"]).all()
    assert (claims["corroboration"] < claims["outlet_count"]).any()


def test_tracking_tags_are_an_alias(ran, tables):
    for expected in ran.truth["aliases"]:
        found = tables.aliases[tables.aliases["url"] == expected["url"]]
        assert list(found["article_id"]) == [ran.article_id(expected["article"])]


def test_updated_article_has_two_revisions_and_what_changed(ran, tables):
    (expected,) = ran.truth["revisions"]
    article_id = ran.article_id(expected["article"])
    revisions = tables.articles[tables.articles["article_id"] == article_id].sort_values("revision")
    assert list(revisions["revision"]) == [1, 2]
    assert list(revisions["is_latest"]) == [False, True]
    changed = tables.revisions[tables.revisions["article_id"] == article_id]
    assert (changed["before"].str.contains("40 screens") & changed["after"].str.contains("62 screens")).any()
    assert tables.articles.groupby("article_id")["revision"].max().drop(article_id).eq(1).all()


def test_coverage_is_complete(ran, tables):
    story = tables.story(ran.demonstration.story_id)
    outlets = set(story.articles["outlet_id"])
    for _, cells in story.coverage.groupby("claim_id"):
        assert outlets <= set(cells["outlet_id"])
    silent_or_absent = story.coverage[story.coverage["stance"].isin(["silent", "not_fetched"])]
    assert silent_or_absent["text"].isna().all()
    assert not set(story.coverage.loc[story.coverage["stance"] == "not_fetched", "outlet_id"]) & outlets


def test_captures_of_every_document_are_in_the_warc(ran):
    from presswatch.archive import read_captures

    kinds = {c.kind for path in (ran.data / "raw").glob("*/*/*.warc.gz") for c in read_captures(path)}
    assert kinds == {"article", "feed", "robots", "sitemap"}


def test_every_page_is_the_one_that_show_makes(ran, tables):
    from presswatch.report import describe_story, render_html

    assert len(tables.stories) > 3
    for story_id in tables.stories["story_id"]:
        page = (ran.data / "report" / f"{story_id}.html").read_text("utf-8")
        assert page == render_html(describe_story(tables, story_id, tables.outlet_names()))


def test_page_of_the_story_is_written(ran):
    page = (ran.data / "report" / f"{ran.demonstration.story_id}.html").read_text("utf-8")
    assert "K Magazine" in page
    assert page.count("<script") == 1  # its own, that the policy names
