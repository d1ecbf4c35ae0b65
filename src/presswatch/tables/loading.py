"""The stored tables for analysts: what is asked for is read when it is asked for, and no more of it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from presswatch.checks import nearest
from presswatch.errors import UsageError
from presswatch.model import ID_LENGTH, digest_text, leads_to, make_id
from presswatch.settings import default_mirror, read_bucket
from presswatch.storage import DataDir
from presswatch.tables.files import (
    JOINER,
    Where,
    arrow_schema,
    count_rows,
    empty_arrow,
    make_frame,
    read_file,
    to_frame,
)
from presswatch.tables.schema import TABLES, Table

_NOWHERE = np.array([], dtype=np.intp)
_OWNERS = ("story_id", "article_id")  # by these, rows are asked for again and again
_LEAST_PREFIX = 6  # characters of an id that stand for it: words of a headline are seldom so long and hexadecimal
_WHOLE_ID = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")
_MOST_TOLD = 5  # ids that an error lists
_SHARED = 2  # outlets that say a claim which somebody said first
_VALUES = ("stance", "text", "mention_id", "weight")
_QUOTE_COLUMNS = [
    "quote_id", "mention_id", "story_id", "article_id", "outlet_id", "published_at", "speaker", "cue", "credit", "text",
    "change", "changed_from", "url",
]  # fmt: skip
_QUOTE_ORDER = ["article_id", "part", "start_char", "mention_id"]  # of its spans: the first one stands for it
_CHANGE_COLUMNS = [
    "story_id", "change", "severity", "quote_id", "changed_from", "before", "after", "from_at", "at",
]  # fmt: skip
_FIRST_COLUMNS = [
    "claim_id", "story_id", "text", "first_outlet_id", "first_published_at", "first_is_certain", "outlet_count",
    "corroboration", "repeated_by",
]  # fmt: skip


@dataclass(frozen=True)
class Stored:
    """A table that lies in a folder of files, or those of its rows that have some values and lie in some parts."""

    clean: Path
    table: Table
    where: Where = field(default_factory=dict)
    parts: frozenset[str] | None = None

    def narrow(self, where: Where, parts: Collection[str] | None = None) -> Stored:
        """Those of the rows that have these values too; `parts` are known to hold all of them."""
        both = {name: set(values) & set(self.where.get(name, values)) for name, values in where.items()}
        left = self.parts if parts is None else frozenset(parts) & (self.parts or frozenset(parts))
        return replace(self, where={**self.where, **both}, parts=left)

    def read(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """The rows, of some columns or all.

        Raises: DamagedError, SchemaError as `read_arrow`.
        """
        found = [read_file(path, self.table, columns, self.where) for path in self._files()]
        return to_frame(pa.concat_tables(found) if found else empty_arrow(self.table, columns))

    def find_parts(self, column: str) -> dict[str, str]:
        """The part in which each value of a column lies."""
        read = {path.stem: read_file(path, self.table, [column], self.where)[column] for path in self._files()}
        return {value: part for part, found in read.items() for value in found.to_pylist()}

    def count(self) -> int:
        """How many rows there are: of a whole table as its files say, without reading one."""
        if self.where:
            return len(self.read([self.table.key[0]]))
        return sum(map(partial(count_rows, table=self.table), self._files()))

    def _files(self) -> list[Path]:
        files = sorted((self.clean / self.table.name).glob("*.parquet"))
        known = {path.stem for path in files}
        if self.parts is None or not self.parts <= known:  # put together by somebody's own means
            return files
        return [path for path in files if path.stem in self.parts]


Frames = pd.DataFrame | Callable[[], pd.DataFrame] | Stored


class Tables:
    """The tables as DataFrames, each an attribute of its name. One that was not given is empty.

    A table that is stored, or given as a function, is read when it is first asked for, and kept.
    """

    if TYPE_CHECKING:
        articles: pd.DataFrame
        outlets: pd.DataFrame
        mentions: pd.DataFrame
        alignments: pd.DataFrame
        claims: pd.DataFrame
        coverage: pd.DataFrame
        differences: pd.DataFrame
        drift: pd.DataFrame
        credits: pd.DataFrame
        stories: pd.DataFrame
        aliases: pd.DataFrame
        revisions: pd.DataFrame
        removed: pd.DataFrame
        sections: pd.DataFrame
        failures: pd.DataFrame
        runs: pd.DataFrame

    def __init__(self, **frames: Frames) -> None:
        unknown = sorted(set(frames) - set(TABLES))
        if unknown:
            raise TypeError(f"no such table: {', '.join(unknown)}")
        self._frames = frames
        self._homes: dict[str, str] = {}  # story → the part of the tables of stories that it lies in
        self._places: dict[tuple[str, str], Mapping[Any, Any]] = {}  # table, column → value → numbers of its rows

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name not in TABLES:
            raise AttributeError(f"no table {name!r}; there are {', '.join(TABLES)}")
        given = self._frames.get(name)
        if given is None:
            frame = make_frame(TABLES[name])
        elif isinstance(given, Stored):
            frame = given.read()
        else:
            frame = given() if callable(given) else given
        setattr(self, name, frame)
        return frame

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *TABLES})

    def __repr__(self) -> str:
        return f"Tables({', '.join(f'{name}: {self._count(name)}' for name in TABLES)})"

    def _repr_html_(self) -> str:
        """For notebooks: which tables there are and how large; of one story also what it is about."""
        rows = "".join(
            f"<tr><td><code>{name}</code></td><td>{self._count(name):,}</td><td>{html.escape(table.row)}</td></tr>"
            for name, table in TABLES.items()
        )
        head = "<tr><th>table</th><th>rows</th><th>a row is</th></tr>"
        return f"{self._tell_story()}<table><thead>{head}</thead><tbody>{rows}</tbody></table>"

    def _tell_story(self) -> str:
        if self._count("stories") != 1:
            return ""
        story = self.stories.iloc[0]
        headline = html.escape(story["headline"]) if isinstance(story["headline"], str) else "no headline"
        counts = f"{story['article_count']} articles · {story['outlet_count']} outlets"
        return f"<p><bdi><b>{headline}</b></bdi><br>{counts} · story <code>{html.escape(story['story_id'])}</code></p>"

    def _count(self, name: str) -> int:
        given = self._frames.get(name)
        return given.count() if isinstance(given, Stored) and name not in vars(self) else len(getattr(self, name))

    def select(self, table: str, columns: Sequence[str] | None = None, **where: object) -> pd.DataFrame:
        """Some columns of a table, of the rows that have some values: the rest stays unread.

            tables.select("mentions", ["speaker", "text"], kind="quote", outlet_id=["k", "reelbeacon"])

        Args: `columns` in the order in which they are wanted, all where none are named; of `where` each a column with
            its value, or a list of values of which one is to be there.
        Returns: the rows in stored order.
        Raises: UsageError for a table, a column or a value that cannot be, with the nearest that can;
            DamagedError and SchemaError naming the file and what mends it.
        Cost: groups of rows are read where such values may be: few for a `story_id`, by which rows lie together; for
            other columns nearly all, but no more than the columns that are named.
        """
        _refuse_unknown("table", [table], TABLES)
        columns = [columns] if isinstance(columns, str) else columns
        declared = TABLES[table]
        _refuse_unknown(f"column of {table!r}", [*(columns or ()), *where], declared.column_names)
        wanted = {name: _read_values(declared, name, value) for name, value in where.items()}
        given = self._frames.get(table)
        if isinstance(given, Stored) and table not in vars(self):
            return given.narrow(wanted, self._find_parts(declared, wanted)).read(columns)
        frame: pd.DataFrame = getattr(self, table)
        whose = next((name for name in _OWNERS if name in wanted and name in declared.column_names), None)
        if whose is not None:
            frame = frame.take(self._find_places(table, whose, wanted.pop(whose)))
        for name, values in wanted.items():
            frame = frame[frame[name].isin(values)]
        names = list(columns or declared.column_names)
        if names != frame.columns.tolist():  # of a story's few rows, to pick all columns again is most of the time
            frame = frame[names]
        return frame.reset_index(drop=True)

    def _find_places(self, table: str, column: str, values: Collection[Any]) -> Any:
        """The numbers of the rows that have some values. One pass for all: a run asks for one story after the other."""
        if (table, column) not in self._places:
            self._places[table, column] = getattr(self, table).groupby(column).indices
        places = self._places[table, column]
        return np.sort(np.concatenate([_NOWHERE, *(places.get(value, _NOWHERE) for value in values)]))

    def find_story(self, story_id: str) -> str:
        """The present id of a story, given that, an id that it had before, or six characters or more of either.

        Raises: UsageError where it is blank, no story has it, or several begin so.
        """
        asked, story_id = story_id, story_id.strip().lower()
        if not story_id:
            raise UsageError("no story is named: say an id, or six characters or more of its beginning")
        stories = self.stories
        if (stories["story_id"] == story_id).any():
            return story_id
        former = stories["aliases"].fillna("").str.split(JOINER).map(lambda ids: story_id in ids)
        if former.any():
            return str(stories.loc[former, "story_id"].iloc[0])
        if begun := self._story_begun_by(story_id):
            return begun
        known = stories["story_id"] + JOINER + stories["aliases"].fillna("")
        begins = known.str.contains(rf"(?:^|{re.escape(JOINER)}){re.escape(story_id)}")
        near: list[str] = sorted(stories.loc[begins, "story_id"]) if len(story_id) >= _LEAST_PREFIX else []
        if len(near) == 1:
            return near[0]
        if near:
            listed = ", ".join(near[:_MOST_TOLD]) + (" …" if len(near) > _MOST_TOLD else "")
            raise UsageError(f"several stories begin with {asked!r}: {listed}; say more of it")
        short = "; of the beginning of an id six characters are needed" if begins.any() else ""
        raise UsageError(
            f"no story {asked!r}{short or nearest(story_id, stories['story_id'])}\n`presswatch stories` lists them; "
            'here `tables.stories[["story_id", "headline"]]` does'
        )

    def _story_begun_by(self, story_id: str) -> str | None:
        """Where the article is now that an id of a story is made of.

        Which ids stories had before is no more in raw: where all tables were made again from it, the articles tell.
        """
        if not _WHOLE_ID.fullmatch(story_id):
            return None
        articles = self.select("articles", ["article_id", "story_id"])
        homes = articles.loc[articles["article_id"].map(make_id) == story_id, "story_id"].dropna()
        return None if homes.empty else str(homes.iloc[-1])

    def story(self, story_id: str) -> Tables:
        """The rows of one story, and all outlets; `failures` and `runs` belong to no story, and stay empty.

        Args: an id as for `find_story`.
        Raises: UsageError where no story has this id, now or before.
        Cost: that of finding the story and its articles, until a table is asked for; then the groups of rows that
            hold it.
        """
        story_id = self.find_story(story_id)
        own: dict[str, Frames] = {"outlets": lambda: self.outlets}
        articles = self._frames.get("articles")
        if isinstance(articles, Stored):
            homes = articles.narrow({"story_id": [story_id]}).find_parts("article_id")
        else:
            own_articles = self.articles["article_id"].take(self._find_places("articles", "story_id", [story_id]))
            homes = dict.fromkeys(own_articles, "")
        for name, table in TABLES.items():
            if table.is_log or name in own:
                continue
            where = {"story_id": [story_id]} if table.has_stories else {"article_id": sorted(homes)}
            given = self._frames.get(name)
            if not isinstance(given, Stored) or name in vars(self):
                own[name] = partial(self.select, name, **where)
            elif "article_id" in table.column_names:
                own[name] = given.narrow(where, set(homes.values()) if isinstance(articles, Stored) else None)
            else:
                own[name] = given.narrow(where, self._find_parts(table, where))
        return Tables(**own)

    def _find_parts(self, table: Table, where: Where) -> set[str] | None:
        """The parts in which all rows that are wanted lie; None where that may be any."""
        stories = self._frames.get("stories")
        if not isinstance(stories, Stored) or "story_id" not in where or "article_id" in table.column_names:
            return None
        if not self._homes:
            self._homes = stories.find_parts("story_id")
        return {self._homes[one] for one in where["story_id"] if one in self._homes}

    def outlet_names(self) -> dict[str, str]:
        """How each outlet is called, by its id."""
        return dict(zip(self.outlets["outlet_id"], self.outlets["name"], strict=True))

    def matrix(self, story_id: str | None = None, *, values: str = "stance") -> pd.DataFrame:
        """Claim × outlet of one story: a row a claim (claim_id and its text), a column an outlet.

        Args: an id as for `find_story`, not needed where there is one story only; `values` says what stands in the
            cells: `stance`, `text` (the outlet's own words), `mention_id`, or `weight` (of an omission).
        Returns: claims that most outlets say come first.
        Raises: UsageError where no story has this id, now or before.
        """
        _refuse_unknown("values", [values], _VALUES)
        whose = self._one_story(story_id)
        names = ["claim_id", "text", "outlet_count", "corroboration"]
        claims = self.select("claims", names, story_id=whose)
        claims = claims.sort_values(["outlet_count", "corroboration", "claim_id"], ascending=[False, False, True])
        cells = self.select("coverage", ["claim_id", "outlet_id", values], story_id=whose)
        wide = cells.pivot_table(index="claim_id", columns="outlet_id", values=values, aggfunc="first", dropna=False)
        wide = wide.reindex(claims["claim_id"])
        wide.index = pd.MultiIndex.from_frame(claims[["claim_id", "text"]].rename(columns={"text": "claim"}))
        return wide

    def quotes(self, story_id: str | None = None, **where: object) -> pd.DataFrame:
        """Every quote: a row a quote, however many spans it was printed in, with who speaks, where, and when.

            tables.quotes(speaker="Teodor Blixt")

        Args: an id as for `find_story`, else all stories; `where` names columns of `mentions` and their values, as for
            `select`.
        Returns: quote_id, mention_id (of its first span), story_id, article_id, outlet_id, published_at, speaker, cue,
            credit, text, change, changed_from, url; by publication. `change` says how the quote differs from an
            earlier printing, whose first span is `changed_from`; of several, from the one that differs most. Both are
            empty where nothing was changed (these words were out before, or there are more of them), or nobody can
            tell which was earlier.
        Raises: as `select` and `find_story`.
        """
        whose = {} if story_id is None else {"story_id": self.find_story(story_id)}
        names = [
            "quote_id", "mention_id", "story_id", "article_id", "outlet_id", "speaker", "cue", "credit", "text", "part",
            "start_char",
        ]  # fmt: skip
        spans = self.select("mentions", names, **{**where, **whose, "kind": "quote"})
        spans["quote_id"] = spans["quote_id"].fillna(spans["mention_id"])
        spans = spans.sort_values(_QUOTE_ORDER)
        told = spans.groupby("quote_id", sort=False, as_index=False).first()
        several = spans[spans.duplicated("quote_id", keep=False)]
        whole = several.groupby("quote_id")["text"].agg(" ".join).to_dict()
        told["text"] = pd.Series(
            [whole.get(one, text) for one, text in zip(told["quote_id"], told["text"], strict=True)], dtype="str"
        )
        articles = self.select("articles", ["article_id", "published_at", "url"], is_latest=True, **whose)
        told = told.merge(articles, on="article_id", how="left")
        told = told.merge(self._changes_of(told, whose), on="quote_id", how="left")
        return told.sort_values(["published_at", "quote_id"], ignore_index=True)[_QUOTE_COLUMNS]

    def _changes_of(self, quotes: pd.DataFrame, whose: Mapping[str, str]) -> pd.DataFrame:
        """quote_id, change, changed_from of the quotes that differ from an earlier printing.

        Nothing was changed to a quote whose own words were out before that printing, or that has more than it.
        """
        drift = self.select("drift", ["a_id", "b_id", "story_id", "change", "severity", "text_a", "text_b"], **whose)
        names = ["mention_id", "article_id", "quote_id", "part", "start_char"]
        spans = self.select("mentions", names, kind="quote", **whose)
        spans["quote_id"] = spans["quote_id"].fillna(spans["mention_id"])
        articles = self.select("articles", ["article_id", "published_at"], is_latest=True, **whose)
        spans = spans.merge(articles, on="article_id").sort_values(_QUOTE_ORDER)
        spans["changed_from"] = spans.groupby("quote_id")["mention_id"].transform("first")
        ends = []
        for side in "ab":  # any span of a quote may stand for it
            own = spans[["mention_id", "quote_id", "changed_from", "published_at"]].set_axis(
                [f"{side}_id", f"quote_{side}", f"first_{side}", f"at_{side}"], axis=1
            )
            drift = drift.merge(own, on=f"{side}_id")
        for one, other in ("ab", "ba"):
            names = [f"quote_{other}", f"first_{one}", f"text_{one}", f"text_{other}", f"at_{one}", f"at_{other}"]
            told = drift[["story_id", "change", "severity", *names]].set_axis(_CHANGE_COLUMNS, axis=1)
            ends.append(told)
        pairs = pd.concat(ends, ignore_index=True)
        digests = {text: digest_text(text) for text in pairs["after"].unique()}
        out_at = pairs.groupby(["story_id", pairs["after"].map(digests)])["at"].transform("min")
        ways = zip(pairs["change"], pairs["before"], pairs["after"], strict=True)
        leads = np.array([leads_to(*way) for way in ways], dtype=bool)
        pairs = pairs[leads & (pairs["from_at"] < pairs["at"]) & (pairs["from_at"] <= out_at)]
        pairs = pairs[pairs["quote_id"].isin(quotes["quote_id"])]
        pairs = pairs.sort_values(["severity", "changed_from", "change"], ascending=[False, True, True])
        return pairs.drop_duplicates("quote_id")[["quote_id", "change", "changed_from"]]

    def first_reporters(self, story_id: str | None = None, **where: object) -> pd.DataFrame:
        """Who said first what others say too: a row a claim that at least two outlets say.

            tables.first_reporters().groupby("first_outlet_id").size()

        Args: an id as for `find_story`, else all stories; `where` names columns of `claims` and their values, as for
            `select`.
        Returns: claim_id, story_id, text, first_outlet_id (empty where nobody can tell), first_published_at,
            first_is_certain, outlet_count (those that say otherwise too), corroboration, repeated_by (the other outlets
            that say it, joined with `; `); by story, then those that most outlets say first.
        Raises: as `select` and `find_story`.
        """
        whose = {} if story_id is None else {"story_id": self.find_story(story_id)}
        claims = self.select("claims", _FIRST_COLUMNS[:-1], **{**where, **whose})
        says = self.select("coverage", ["claim_id", "outlet_id"], stance="says", **whose)
        counts = says["claim_id"].value_counts()
        claims = claims[claims["claim_id"].map(counts) >= _SHARED]
        says = says.merge(claims[["claim_id", "first_outlet_id"]], on="claim_id")
        others = says[says["outlet_id"] != says["first_outlet_id"].fillna("")].sort_values(["claim_id", "outlet_id"])
        repeated = others.groupby("claim_id")["outlet_id"].agg(JOINER.join).to_dict()
        claims = claims.assign(repeated_by=pd.array([repeated.get(one) for one in claims["claim_id"]], dtype="str"))
        order = ["story_id", "outlet_count", "corroboration", "first_published_at", "claim_id"]
        return claims.sort_values(order, ascending=[True, False, False, True, True], ignore_index=True)

    def _one_story(self, story_id: str | None) -> str:
        """The id of the story that is meant; of the only one, where none is named."""
        if story_id is not None:
            return self.find_story(story_id)
        if self._count("stories") != 1:
            raise UsageError(
                f"there are {self._count('stories')} stories here: name one, as in "
                "`tables.matrix(tables.stories.story_id[0])`"
            )
        return str(self.stories["story_id"].iloc[0])


def _refuse_unknown(what: str, asked: Sequence[str], known: Collection[str]) -> None:
    for name in asked:
        if name not in known:
            raise UsageError(f"no {what} {name!r}{nearest(name, known)}\nthere are {', '.join(known)}")


def _read_values(table: Table, name: str, value: object) -> list[Any]:
    """The values that a column is to have, as it would hold them.

    Raises: UsageError where it cannot hold them.
    """
    values = list(value) if isinstance(value, list | tuple | set | frozenset | pd.Series | pd.Index) else [value]
    kind = next(column.type for column in table.columns if column.name == name)
    try:
        array = pa.array(values, from_pandas=True).cast(arrow_schema(table).field(name).type)
    except pa.ArrowException:
        hint = "; say it as a datetime with a time zone" if kind == "time" else ""
        raise UsageError(f"{name!r} of {table.name!r} is {kind}, and cannot be {value!r}{hint}") from None
    found: list[Any] = pc.unique(array).to_pylist()
    return found


Comparison = Tables  # what `compare` gives: the same tables, for the articles it was given


def load(path: str | Path = "data/clean") -> Tables:
    """The stored tables. Nothing is read before a table is asked for.

    Args: `path` is a folder, or one of a bucket like "s3://bucket/prefix/clean"; of that, what has changed since the
        last call is fetched first, into a folder of this user.
    Raises: UsageError where the folder does not exist; ConfigError and DiskError where a bucket does not do;
        DamagedError and SchemaError when a table is read.
    """
    clean = _mirrored(str(path)) if str(path).startswith("s3:") else Path(path)
    if not _holds_tables(clean):
        raise UsageError(f"no tables at {path}; {_tell_where(clean)}")
    return Tables(**{name: Stored(clean, table) for name, table in TABLES.items()})


def load_stored(clean: Path) -> Tables:
    """The tables of a folder; empty ones where nothing was ever committed. Raises: as `load`, of damage."""
    return load(clean) if _holds_tables(clean) else Tables()


def _holds_tables(clean: Path) -> bool:
    return any((clean / name).is_dir() for name in TABLES)


def _tell_where(clean: Path) -> str:
    """Where tables are that may have been meant, or what makes some.

    Three things look alike: the tables' own folder, the data folder that they lie in, and the folder that this is in.
    """
    for place in (clean / "clean", clean / "data" / "clean", clean.parent, clean.parent / "data" / "clean"):
        if _holds_tables(place):
            return f"they are in {place}, so the data folder is {place.parent}"
    return "`presswatch watch`, `presswatch ingest` or `presswatch demo` makes some"


def _mirrored(address: str) -> Path:
    """The folder that has the tables of a bucket, as they are now."""
    bucket = read_bucket(address.rstrip("/").removesuffix("/clean"))
    if bucket is None:
        raise UsageError(f"{address!r} is no bucket: write it like s3://bucket/prefix/clean")
    return DataDir(default_mirror(bucket), bucket).refresh().clean
