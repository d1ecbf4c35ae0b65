"""The synthetic archive of `bench/archive.py`: the same by the same seed, and true to what it says of itself."""

from __future__ import annotations

import csv
import importlib.util
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import pytest

from presswatch import extract_article
from presswatch.archive import read_captures
from presswatch.outlets import load_outlets

SCRIPT = Path(__file__).parents[1] / "bench" / "archive.py"
MONTH = 150  # articles: some three months in 400


@pytest.fixture(scope="module")
def archive() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_archive", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look for it
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def told(archive):
    return list(archive.tell_articles(400, month_articles=MONTH))


def test_a_smaller_archive_is_the_beginning_of_a_larger_one(archive, told):
    assert list(archive.tell_articles(120, month_articles=MONTH)) == told[:120]
    assert list(archive.tell_articles(120, seed=1, month_articles=MONTH)) != told[:120]


def test_two_processes_write_the_same_files(tmp_path):
    """Hashes of strings differ from process to process: nothing may rest on the order of a set."""
    for name in ("one", "two"):
        subprocess.run(
            [sys.executable, str(SCRIPT), str(tmp_path / name), "--articles", "60", "--month", "50"],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": str(len(name) if name == "one" else 77)},
        )
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert len([path for path in files if path.name.endswith(".warc.gz")]) > 10
    for path in files:
        assert (tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes(), path


def test_the_truth_holds_together(told):
    articles = {one.article.article_id: one for one in told}
    assert len(articles) == len(told)
    assert [one.fetched_at for one in told] == sorted(one.fetched_at for one in told)
    copies = [one for one in told if one.copy_of]
    assert copies
    for one in copies:
        source = articles[one.copy_of]
        assert (source.story, source.article.text) == (one.story, one.article.text)
        assert source.article.outlet_id != one.article.outlet_id
    stories = defaultdict(list)
    for one in told:
        stories[one.story].append(one)
    own = {one.article.text for one in told if not one.copy_of}
    assert len(own) == len(told) - len(copies)
    assert any(len({f"{one.fetched_at:%Y-%m}" for one in some}) > 1 for some in stories.values())
    assert any(len(some) == 1 for some in stories.values())
    assert any(len({one.article.outlet_id for one in some}) > 9 for some in stories.values())
    assert any(one.article.published_at is None for one in told)


def test_a_page_is_read_as_the_article_that_it_holds(archive, told, tmp_path):
    archive.write_outlets(tmp_path)
    outlets = load_outlets(tmp_path)
    families = {press.outlet_id: press.family for press in archive.list_mastheads()}
    first = {families[one.article.outlet_id]: one for one in reversed(told)}
    undated = next(one for one in told if one.article.published_at is None)
    for one in (*first.values(), undated):
        capture = archive.make_capture(one)
        assert 50_000 < len(capture.body) < 70_000
        found = extract_article(capture.body, capture.url, outlet=outlets[capture.outlet_id])
        kept = ("article_id", "text", "headline", "byline", "published_at", "section", "text_digest", "outlet_id")
        assert {name: getattr(found, name) for name in kept} == {name: getattr(one.article, name) for name in kept}


def test_the_files_hold_all_articles_and_the_truth_names_them(tmp_path):
    command = [sys.executable, str(SCRIPT), str(tmp_path), "--articles", "60", "--month", "50"]
    subprocess.run(command, check=True)
    stored = [capture for path in (tmp_path / "raw").rglob("*.warc.gz") for capture in read_captures(path)]
    with (tmp_path / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = list(csv.DictReader(file))
    assert sorted(capture.url for capture in stored) == sorted(row["url"] for row in truth)
    assert len(truth) == 60
