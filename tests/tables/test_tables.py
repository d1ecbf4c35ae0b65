from __future__ import annotations

import random
from datetime import UTC, datetime

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presswatch.errors import DamagedError, SchemaError, UsageError
from presswatch.tables import (
    TABLES,
    Tables,
    Writer,
    frame_to_arrow,
    load,
    make_arrow,
    make_frame,
    read_arrow,
    read_file,
    to_frame,
    write_arrow,
)
from presswatch.tables.rows import plain_rows
from presswatch.tables.schema import SCHEMA_KEY, SCHEMA_VERSION

CLAIMS = TABLES["claims"]


def claim(number, **more):
    return {
        "claim_id": f"c{number}",
        "story_id": "s1",
        "text": f"Claim {number}.",
        "outlet_count": 1,
        "corroboration": 1,
    } | more


def cell(claim_id, outlet_id, stance, text=None):
    return {"story_id": "s1", "claim_id": claim_id, "outlet_id": outlet_id, "stance": stance, "text": text}


def store(clean, name, rows):
    write_arrow(make_arrow(TABLES[name], rows), clean / name / f"{name}.parquet")


@pytest.fixture
def clean(tmp_path):
    store(tmp_path, "stories", [{"story_id": "s1", "aliases": "old1; old2", "article_count": 2, "outlet_count": 2}])
    store(tmp_path, "claims", [claim(1), claim(2, outlet_count=2)])
    cells = [
        cell("c1", "a", "says", "One."),
        cell("c1", "b", "silent"),
        cell("c2", "a", "says"),
        cell("c2", "b", "differs"),
    ]
    store(tmp_path, "coverage", cells)
    return tmp_path


def test_every_column_is_described_and_keys_are_columns():
    for table in TABLES.values():
        assert set(table.key) <= set(table.column_names)
        assert all(column.description.endswith(".") for column in table.columns)


def test_types_are_declared_even_where_nothing_is_known():
    frame = make_frame(TABLES["articles"], [{"article_id": "a", "revision": 1}])
    assert str(frame["published_at"].dtype) == "datetime64[us, UTC]"
    assert str(frame["headline"].dtype) == "str"
    assert frame["headline"].isna().all()


@pytest.mark.parametrize("known", [[None, True], [True, False], [None], []])
def test_what_may_be_empty_is_boolean_whatever_is_in_it(tmp_path, known):
    rows = [{"article_id": f"a{n}", "revision": 1, "has_layout": has} for n, has in enumerate(known)]
    store(tmp_path, "articles", rows)
    column = load(tmp_path).articles["has_layout"]
    assert str(column.dtype) == "boolean"
    assert [row["has_layout"] for row in plain_rows(load(tmp_path).articles)] == known


def test_matrix_has_a_row_a_claim_and_a_column_an_outlet(clean):
    matrix = load(clean).matrix("s1")
    assert list(matrix.columns) == ["a", "b"]
    assert list(matrix.index) == [("c2", "Claim 2."), ("c1", "Claim 1.")]
    assert matrix.loc[("c2", "Claim 2."), "b"] == "differs"
    assert load(clean).matrix("s1", values="text").loc[("c1", "Claim 1."), "a"] == "One."


def test_former_ids_of_a_story_are_understood(clean):
    tables = load(clean)
    assert tables.find_story("old2") == "s1"
    assert len(tables.story("old1").claims) == 2
    with pytest.raises(UsageError, match="nothing"):
        tables.find_story("nothing")


def test_folder_is_read_whole_by_pandas(clean):
    frame = pd.read_parquet(clean / "coverage")
    assert list(frame.columns) == list(TABLES["coverage"].column_names)
    assert len(frame) == 4


def test_nothing_is_read_before_it_is_asked_for(clean):
    path = clean / "claims" / "claims.parquet"
    path.write_bytes(b"not parquet")
    tables = load(clean)
    assert len(tables.coverage) == 4
    with pytest.raises(DamagedError, match=r"claims\.parquet.*presswatch rebuild"):
        _ = tables.claims


def test_flipped_bit_is_noticed(tmp_path):
    rows = [claim(n, text=f"{random.Random(n).random()}") for n in range(500)]
    store(tmp_path, "claims", rows)
    path = tmp_path / "claims" / "claims.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 4
    path.write_bytes(content)
    with pytest.raises(DamagedError, match=r"claims\.parquet"):
        read_arrow(tmp_path, CLAIMS)


@pytest.mark.parametrize(("version", "word"), [(b"99", "upgrade"), (b"0", "rebuild")])
def test_tables_of_another_version_are_refused_with_both_versions(tmp_path, version, word):
    made = make_arrow(CLAIMS, [claim(1)])
    path = tmp_path / "claims" / "claims.parquet"
    path.parent.mkdir()
    pq.write_table(made.replace_schema_metadata({SCHEMA_KEY: version}), path)
    with pytest.raises(SchemaError, match=rf"{version.decode()}.* {SCHEMA_VERSION}\b.*{word}"):
        read_arrow(tmp_path, CLAIMS)


def test_missing_folder_says_what_to_type(tmp_path):
    with pytest.raises(UsageError, match="presswatch demo"):
        load(tmp_path / "nowhere")


def test_unknown_table_is_refused():
    with pytest.raises(TypeError, match="quotations"):
        Tables(quotations=pd.DataFrame())
    with pytest.raises(AttributeError, match="no table"):
        _ = Tables().quotations


texts = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
times = st.one_of(st.none(), st.datetimes(datetime(1995, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
claims = st.builds(
    dict,
    claim_id=st.text("abc", max_size=4),
    text=texts,
    mention_count=st.integers(0, 2**40),
    first_published_at=times,
    first_is_certain=st.booleans(),
)


@settings(max_examples=40)
@given(st.lists(claims, max_size=8), st.randoms())
def test_round_trip_and_order_of_rows(rows, shuffler):
    made = make_arrow(CLAIMS, rows)
    shuffled = list(rows)
    shuffler.shuffle(shuffled)
    assert make_arrow(CLAIMS, shuffled).equals(made)
    sink = pa.BufferOutputStream()
    pq.write_table(made, sink)
    back = pq.read_table(pa.BufferReader(sink.getvalue()))
    assert back.equals(made)
    if not rows or all(row["mention_count"] is not None for row in rows):
        assert frame_to_arrow(CLAIMS, to_frame(made)).equals(made)


def test_data_folder_for_the_tables_is_told(clean):
    clean.rename(clean.parent / "moved")
    (clean / "clean").parent.mkdir()
    (clean.parent / "moved").rename(clean / "clean")
    with pytest.raises(UsageError, match=r"they are in .*clean"):
        load(clean)


def test_equal_rows_give_equal_bytes_however_they_are_cut(tmp_path):
    made = make_arrow(
        TABLES["aliases"], [{"url": f"https://a.test/{n}", "article_id": f"{n:016}"} for n in range(40_000)]
    )
    files = set()
    for size in (777, 5_000, len(made)):
        with Writer(tmp_path / "made.parquet", made.schema) as writer:
            for start in range(0, len(made), size):
                writer.add(made.slice(start, size))
        files.add((tmp_path / "made.parquet").read_bytes())
    assert len(files) == 1
    assert read_file(tmp_path / "made.parquet", TABLES["aliases"]).equals(made)
