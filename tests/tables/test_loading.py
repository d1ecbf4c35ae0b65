"""What an analyst asks of stored tables: by the newsroom's truth, and by which bytes of the files are read."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import presswatch
from presswatch.errors import DamagedError, UsageError
from presswatch.model import Article, make_id
from presswatch.tables import TABLES, Tables, load, make_arrow, make_frame, write_arrow
from presswatch.tables.files import ROW_GROUP

STORIES = 3


def claim(number, story, **more):
    return {
        "claim_id": f"{number:08}",
        "story_id": story,
        "text": f"Claim {number}.",
        "outlet_count": 1,
        "corroboration": 1,
    } | more


def store(clean, part, **rows):
    for name, found in rows.items():
        write_arrow(make_arrow(TABLES[name], found), clean / name / f"{part}.parquet")


@pytest.fixture
def large(tmp_path):
    """Three stories in one part, each with claims of several groups of rows."""
    stories = [f"story{number}" for number in range(STORIES)]
    store(
        tmp_path,
        "2026-03",
        stories=[{"story_id": one, "aliases": None} for one in stories],
        claims=[claim(n, stories[n % STORIES]) for n in range(STORIES * 2 * ROW_GROUP)],
    )
    return tmp_path


def damage_group(path: Path, number: int) -> None:
    """Flip a bit in the pages of one group of rows."""
    group = pq.read_metadata(path).row_group(number)
    content = bytearray(path.read_bytes())
    column = group.column(list(TABLES["claims"].column_names).index("text"))
    content[column.data_page_offset + column.total_compressed_size // 2] ^= 4
    path.write_bytes(content)


def test_only_the_groups_of_rows_that_hold_a_story_are_read(large):
    path = large / "claims" / "2026-03.parquet"
    assert pq.read_metadata(path).num_row_groups == STORIES * 2
    for number in (0, 1, 4, 5):  # those of the other two stories
        damage_group(path, number)
    tables = load(large)
    assert len(tables.story("story1").claims) == 2 * ROW_GROUP
    assert tables.select("claims", story_id="story1", claim_id="00000001")["text"].tolist() == ["Claim 1."]
    for other in ("story0", "story2"):
        with pytest.raises(DamagedError, match=r"claims.2026-03\.parquet"):
            _ = tables.story(other).claims
    with pytest.raises(DamagedError):
        _ = tables.claims


def test_only_the_columns_that_are_named_are_read(large):
    path = large / "claims" / "2026-03.parquet"
    for number in range(STORIES * 2):
        damage_group(path, number)
    found = load(large).select("claims", ["outlet_count", "claim_id"], story_id="story2")
    assert list(found.columns) == ["outlet_count", "claim_id"]
    assert len(found) == 2 * ROW_GROUP


def test_only_the_month_of_a_story_is_read(tmp_path):
    for part, story in (("2026-02", "february"), ("2026-03", "march")):
        store(tmp_path, part, stories=[{"story_id": story}], claims=[claim(1, story)], articles=[])
    (tmp_path / "claims" / "2026-02.parquet").write_bytes(b"not parquet")
    assert len(load(tmp_path).story("march").claims) == 1
    with pytest.raises(DamagedError, match="2026-02"):
        _ = load(tmp_path).story("february").claims


def test_tables_that_somebody_put_together_are_read_whole(tmp_path):
    store(tmp_path, "2026-03", stories=[{"story_id": "s"}])
    store(tmp_path, "all-of-2026", claims=[claim(1, "s"), claim(2, "t")])
    assert load(tmp_path).story("s").claims["claim_id"].tolist() == ["00000001"]


def test_a_story_is_the_same_whether_it_is_read_alone_or_with_all(ran):
    whole, story_id = ran.tables, main_story(ran)
    for name in TABLES:
        getattr(whole, name)  # now it is in memory
    alone = ran.tables.story(story_id)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(whole.story(story_id), name), getattr(alone, name), obj=name)
        assert len(getattr(alone, name)) or name in {"sections", "failures", "runs"}, name
    assert alone.matrix().equals(whole.matrix(story_id))
    assert set(alone.credits["article_id"]) == set(alone.articles["article_id"]) & set(whole.credits["article_id"])


def main_story(ran):
    return str(ran.tables.stories.set_index("topics").loc[ran.truth["topic"], "story_id"])


def test_the_beginning_of_an_id_is_understood(ran, call):
    story_id = main_story(ran)
    assert ran.tables.find_story(story_id[:6]) == story_id
    assert ran.tables.story(story_id[:9]).stories["story_id"].tolist() == [story_id]
    code, out, _ = call("show", story_id[:7], "--data", ran.data, "--json")
    assert code == 0
    assert json.loads(out)["story_id"] == story_id


def test_the_beginning_of_an_id_that_a_story_had_before_leads_to_it():
    rows = [
        {"story_id": "abcdef0000000001", "aliases": "1234560000000001; 9876540000000002"},
        {"story_id": "cafe000000000003", "aliases": None},
    ]
    tables = Tables(stories=make_frame(TABLES["stories"], rows))
    assert tables.find_story("987654") == tables.find_story("12345600") == "abcdef0000000001"
    with pytest.raises(UsageError, match="no story '000000'"):  # in the middle of ids
        tables.find_story("000000")


def test_an_id_that_a_story_had_is_understood_where_raw_alone_is_left(ran):
    tables = ran.tables
    whole, articles = main_story(ran), tables.articles
    own = articles.loc[articles["story_id"] == whole, "article_id"]
    assert not tables.stories["aliases"].notna().any()
    assert {tables.find_story(make_id(one)) for one in own} == {whole}
    with pytest.raises(UsageError, match="no story"):
        tables.find_story(make_id("no article"))


def test_an_id_that_leads_nowhere_or_to_several_says_what_to_type():
    rows = [{"story_id": one} for one in ("abcdef0000000001", "abcdef0000000002", "cafe000000000003")]
    tables = Tables(stories=make_frame(TABLES["stories"], rows))
    with pytest.raises(UsageError, match=r"abcdef0000000001, abcdef0000000002; say more of it"):
        tables.find_story("abcdef")
    with pytest.raises(UsageError, match=r"did you mean 'cafe000000000003'\?\n`presswatch stories` lists them"):
        tables.find_story("cafe000000000004")
    with pytest.raises(UsageError, match="no story 'cafe'"):  # a word may be so short
        tables.find_story("cafe")
    with pytest.raises(UsageError, match="there are 3 stories here: name one"):
        tables.matrix()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"table": "mention"}, "did you mean 'mentions'"),
        ({"table": "mentions", "columns": ["speakers"]}, "did you mean 'speaker'"),
        ({"table": "mentions", "outlet": "k"}, "did you mean 'outlet_id'"),
        ({"table": "mentions", "start_char": "three"}, "'start_char' of 'mentions' is integer, and cannot be 'three'"),
    ],
)
def test_what_cannot_be_selected_is_named(ran, asked, said):
    with pytest.raises(UsageError, match=said):
        ran.tables.select(**asked)
    with pytest.raises(UsageError, match="did you mean 'stance'"):
        ran.tables.matrix(main_story(ran), values="stances")


@pytest.mark.parametrize("in_memory", [False, True])
def test_select_takes_values_lists_of_values_and_what_is_missing(ran, in_memory):
    tables = ran.tables
    if in_memory:
        _ = tables.mentions
    every = ran.tables.mentions
    quotes = tables.select("mentions", ["outlet_id", "text"], kind="quote", outlet_id=["k", "reelbeacon", "nobody"])
    meant = every[(every["kind"] == "quote") & every["outlet_id"].isin(["k", "reelbeacon"])]
    pd.testing.assert_frame_equal(quotes, meant[["outlet_id", "text"]].reset_index(drop=True))
    assert set(quotes["outlet_id"]) == {"k", "reelbeacon"}
    assert len(tables.select("mentions", claim_id=None)) == every["claim_id"].isna().sum() > 0
    assert tables.select("articles", is_latest=False)["is_latest"].tolist() == [False]
    assert len(tables.select("mentions", kind=[])) == 0
    assert tables.select("mentions", "text", kind=[]).columns.tolist() == ["text"]
    assert list(tables.select("mentions", kind=[]).dtypes) == list(every.dtypes)


def test_quotes_are_those_of_the_truth_and_tell_what_was_trimmed(ran):
    quotes = ran.tables.quotes(main_story(ran))
    missed = []
    for quote in ran.truth["quotes"]:
        own = quotes[quotes["article_id"] == ran.article_id(quote["article"])]
        found = own[own["text"].str.lstrip("“‘\"'").str.startswith(quote["begins"])]
        assert len(found) == 1, quote
        told = found.iloc[0]
        missed += [name for name in ("speaker", "credit") if name in quote and told[name] != quote[name]]
    assert missed == ["credit"]  # one of those that tests/test_newsroom_run.py names
    (drift,) = ran.truth["drift"]
    changed = quotes.dropna(subset="change")
    assert changed[["outlet_id", "speaker", "change", "text"]].to_numpy().tolist() == [
        [drift["quoted_by"], drift["speaker"], drift["change"], drift["text_quoted"]]
    ]
    source = quotes.set_index("mention_id").loc[changed["changed_from"].iloc[0]]
    assert (source["outlet_id"], source["text"]) == (drift["source"], drift["text_source"])
    assert str(quotes["published_at"].dtype) == "datetime64[us, UTC]"
    assert quotes["published_at"].is_monotonic_increasing


def test_spans_of_an_interrupted_quote_are_one_row(ran):
    spans = ran.tables.select("mentions", kind="quote")
    assert spans["quote_id"].nunique() < len(spans)
    quotes = ran.tables.quotes()
    assert len(quotes) == spans["quote_id"].nunique()
    assert "“I was told to lose, and I am a terrible loser,” “You ca" in quotes["text"].str.cat()
    blixt = ran.tables.quotes(speaker="Teodor Blixt")
    assert set(blixt["outlet_id"]) == {"slowshutter", "andmatinee"}


FERRY = "We rehearsed on a ferry because the rent was lower"
WHOLE, CUT = f"{FERRY}, and nobody was sick but me", FERRY


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ([WHOLE, CUT, WHOLE, CUT], [None, "trimmed", None, "trimmed"]),  # the third has it as the first had
        ([CUT, WHOLE], [None, None]),  # who prints more has cut nothing
    ],
)
def test_a_quote_was_changed_where_its_words_are_new_and_it_lost_some(printed, expected):
    articles = [
        Article(
            article_id=f"a{hour}",
            url=f"https://paper{hour}.example/choir",
            published_at=datetime(2026, 3, 1, hour, tzinfo=UTC),
            text="Salt Choir opened in Trevanna. “The sea does half of the acting here,” Pavel Orsini said. "
            f"“{words}.”",  # the change is in the second span of the quote
        )
        for hour, words in enumerate(printed)
    ]
    quotes = presswatch.compare(articles).quotes()
    assert quotes["change"].astype(object).where(quotes["change"].notna(), None).tolist() == expected
    sources = quotes["changed_from"].dropna()
    assert set(sources) <= {quotes["mention_id"].iloc[0]}
    assert len(sources) == expected.count("trimmed")


def test_an_article_that_names_no_outlet_has_that_of_its_address():
    addresses = ["https://variety.com/choir", "https://www.plazaweekly.example/choir", "file:choir"]
    articles = [
        Article(article_id=url, url=url, text="Salt Choir was shot in Trevanna in thirty-one days.")
        for url in addresses
    ]
    compared = presswatch.compare(articles)
    assert compared.outlet_names() == {
        "plazaweekly-example": "plazaweekly-example",
        "unknown": "unknown",
        "variety": "Variety",
    }
    assert set(compared.coverage["outlet_id"]) == set(compared.mentions["outlet_id"]) == set(compared.outlet_names())


@pytest.mark.parametrize("ask", [presswatch.compare, presswatch.group_articles])
def test_a_time_without_its_zone_is_refused_by_name(ask):
    naive = datetime(2026, 3, 1, 9)  # noqa: DTZ001 - what is tested
    articles = [Article(article_id="a1", url="https://a.example/1", text="Choir.", published_at=naive)]
    with pytest.raises(ValueError, match="published_at of article a1 has no time zone: 2026-03-01 09:00:00"):
        ask(articles)


def test_first_reporters_are_those_of_the_truth(ran):
    tables, story_id = ran.tables, main_story(ran)
    first = tables.first_reporters(story_id)
    by_claim = first.set_index("claim_id")
    seen = 0
    for fact in ran.truth["facts"]:
        if "k" not in fact["says"]:
            continue
        said = tables.select("mentions", story_id=story_id, outlet_id="k", text=fact["says"]["k"])
        claim_id = said["claim_id"].iloc[0] if len(said) else None
        if claim_id in by_claim.index:
            seen += 1
            assert by_claim.loc[claim_id, "first_outlet_id"] == "k", fact["name"]
            assert str(by_claim.loc[claim_id, "first_published_at"]) == "2026-03-10 14:00:00+00:00"
    assert seen >= 5
    assert "k" not in "; ".join(first.loc[first["first_outlet_id"] == "k", "repeated_by"]).split("; ")
    assert first["repeated_by"].notna().all()
    everywhere = tables.first_reporters()
    assert set(first["claim_id"]) < set(everywhere["claim_id"])


def test_what_compare_gives_answers_the_same_questions(ran):
    articles = [
        presswatch.extract_article(f"<p>{text}</p>".encode(), f"https://{host}.example/{n}")
        for n, (host, text) in enumerate([("a", LONG), ("b", LONG)])
    ]
    compared = presswatch.compare(articles)
    story_id = compared.stories["story_id"].iloc[0]
    assert len(compared.matrix(story_id)) == len(compared.select("claims", story_id=story_id)) > 0
    assert compared.quotes()["speaker"].tolist() == ["Ada Quell", "Ada Quell"]


def test_of_nothing_the_answers_are_empty_and_have_their_columns(ran):
    for tables in (Tables(), ran.tables.story(lonely_story(ran))):
        assert len(tables.first_reporters()) == len(tables.quotes(speaker="Nobody Atall")) == 0
        for name in ("quotes", "first_reporters"):
            empty, full = getattr(tables, name)(story_id=None), getattr(ran.tables, name)()
            assert list(empty.columns) == list(full.columns)
            assert empty["story_id"].dtype == full["story_id"].dtype
    with pytest.raises(UsageError, match="there are 0 stories here"):
        Tables().matrix()


def lonely_story(ran):
    return ran.tables.select("articles", ["story_id"], article_id=ran.article_id("doors"))["story_id"].iloc[0]


LONG = (
    "The harbor cinema of Vell opens again in May, with nine rows of seats and a roof that its owners paid for "
    "themselves. “We counted the tiles twice,” said Ada Quell, who has run it since 1999. Some two hundred people came "
    "to see the first reel, which was shot on the same pier in 1931 and never shown."
)


def test_a_notebook_shows_sizes_without_reading_and_no_markup_of_others(tmp_path):
    store(
        tmp_path,
        "2026-03",
        stories=[{"story_id": "s1", "headline": "<script>a</script> & b", "article_count": 2, "outlet_count": 2}],
        claims=[claim(n, "s1") for n in range(1234)],
    )
    tables = load(tmp_path)
    damage_group(tmp_path / "claims" / "2026-03.parquet", 0)
    shown = tables.story("s1")._repr_html_()
    assert "&lt;script&gt;a&lt;/script&gt; &amp; b" in shown
    assert "<script" not in shown
    assert "<td>1,234</td>" in tables._repr_html_()
    assert "claims: 1234" in repr(tables)
    (tmp_path / "claims" / "2026-03.parquet").write_bytes(b"PAR1")
    with pytest.raises(DamagedError, match="presswatch rebuild"):
        repr(load(tmp_path))


# ---------------------------------------------------------------- the package


def test_package_lists_the_files_and_says_what_is_in_them(ran):
    clean = ran.data / "clean"
    package = json.loads((clean / "datapackage.json").read_text("utf-8"))
    resources = {resource["name"]: resource for resource in package["resources"]}
    assert list(resources) == [name for name, table in TABLES.items() if not table.is_log]
    kinds = {"string": "string", "integer": "int64", "boolean": "bool", "number": "double"}
    kinds["datetime"] = "timestamp[us, tz=UTC]"
    for name, resource in resources.items():
        files = sorted(path.relative_to(clean).as_posix() for path in (clean / name).glob("*.parquet"))
        assert resource["path"] == files
        for file in files:
            schema = pq.read_schema(clean / file)
            fields = resource["schema"]["fields"]
            assert [(field["name"], kinds[field["type"]]) for field in fields] == [
                (field.name, str(field.type)) for field in schema
            ]
            assert schema.metadata[b"presswatch_schema"].decode() == str(package["presswatch_schema"])


def test_keys_of_the_package_are_keys_and_lead_somewhere(ran):
    tables = ran.tables
    package = json.loads((ran.data / "clean" / "datapackage.json").read_text("utf-8"))
    count = 0
    for resource in package["resources"]:
        frame = getattr(tables, resource["name"])
        key = resource["schema"].get("primaryKey")
        assert key is None or not frame.duplicated(key).any(), resource["name"]
        assert (key is None) == (resource["name"] in {"removed", "revisions"})
        for reference in resource["schema"].get("foreignKeys", ()):
            (name,), (its,) = reference["fields"], reference["reference"]["fields"]
            there = getattr(tables, reference["reference"]["resource"])[its]
            assert there.is_unique
            assert set(frame[name].dropna()) <= set(there), (resource["name"], name)
            count += frame[name].notna().any()
    assert count > 15


def test_package_is_written_again_only_where_the_files_are_others(ran, tmp_path, call):
    data = tmp_path / "data"
    shutil.copytree(ran.data, data)
    package = data / "clean" / "datapackage.json"
    before = package.read_text("utf-8"), package.stat().st_mtime_ns
    page = tmp_path / "note.txt"
    page.write_text(f"A Word on Harbors\n{LONG}\n", "utf-8")
    code, _, _ = call("ingest", page, "--data", data, "--quiet")
    assert code == 0
    assert package.read_text("utf-8") != before[0]  # a month more
    later = package.stat().st_mtime_ns
    page.write_text(f"Another Word on Harbors\n{LONG}\nAnd so on, to the end of the pier.\n", "utf-8")
    assert call("ingest", page, "--data", data, "--quiet")[0] == 0
    assert package.stat().st_mtime_ns == later
