"""Every packaged outlet against pages in its own markup, found by folder: a new outlet brings a pair and no test code.

The pages' skeletons are the outlets'; every word of prose in them, and everybody they speak of, is invented.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from presswatch.extract import extract_article
from presswatch.model import Article
from presswatch.outlets import load_outlets

HERE = Path(__file__).parent
OUTLETS = load_outlets()
PAGES = sorted(HERE.glob("*/*.html"))
EXPECTED = {"headline", "byline", "published_at", "modified_at", "section", "language", "access", "text", "removed"}
GIVEN = {"url", "fetched_at"}
OPTIONAL = {"dek", "absent"}  # `absent` lists the fields that the page says nothing of


def expect(page: Path) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads(page.with_suffix(".json").read_text("utf-8"))
    keys = set(expected) | set(expected.get("absent", ()))
    assert keys - OPTIONAL == EXPECTED | GIVEN, f"{page.stem}.json: keys"
    empty = [key for key, value in expected.items() if not value]
    assert not empty, f"{page.stem}.json: {empty} expect nothing; name what the page does not say in `absent`"
    for key in ("published_at", "modified_at", "fetched_at"):
        if key in expected:
            expected[key] = datetime.fromisoformat(expected[key])
    return expected


def read(page: Path) -> Article:
    given = expect(page)
    outlet = OUTLETS[page.parent.name]
    return extract_article(page.read_bytes(), given["url"], outlet=outlet, fetched_at=given["fetched_at"])


def squeeze(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module", params=PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def page(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


@pytest.fixture(scope="module")
def article(page: Path) -> Article:
    return read(page)


@pytest.mark.parametrize("field", sorted(EXPECTED - {"text", "removed"}))
def test_a_field_is_read(page: Path, article: Article, field: str) -> None:
    expected = expect(page)
    value = getattr(article, field)
    assert (list(value) if field == "byline" else value) == expected.get(field)


def test_the_dek_is_read(page: Path, article: Article) -> None:
    expected = expect(page)
    assert "dek" not in expected or article.dek == expected["dek"]


def test_the_text_is_read_paragraph_by_paragraph(page: Path, article: Article) -> None:
    paragraphs = [squeeze(paragraph) for paragraph in article.text.split("\n") if paragraph.strip()]
    assert paragraphs == expect(page)["text"]


def test_what_is_taken_out_is_kept_with_its_rule(page: Path, article: Article) -> None:
    removed = [squeeze(block.text) for block in article.removed]
    for wanted in expect(page)["removed"]:
        assert any(wanted in text for text in removed), wanted
    assert all(block.rule and block.text.strip() for block in article.removed)


def test_the_article_belongs_to_its_outlet(page: Path, article: Article) -> None:
    assert article.outlet_id == page.parent.name
    by_host = extract_article(page.read_bytes(), expect(page)["url"], fetched_at=expect(page)["fetched_at"])
    assert by_host == article


@pytest.mark.parametrize("outlet_id", list(OUTLETS))
def test_every_packaged_outlet_has_a_page(outlet_id: str) -> None:
    pages = [page for page in PAGES if page.parent.name == outlet_id]
    assert pages
    for page in pages:
        assert OUTLETS[outlet_id].owns(expect(page)["url"])


@pytest.mark.parametrize("outlet_id", [outlet_id for outlet_id, outlet in OUTLETS.items() if len(outlet.layouts) > 1])
def test_every_layout_has_a_page(outlet_id: str) -> None:
    outlet = OUTLETS[outlet_id]
    published = [expect(page)["published_at"].date() for page in PAGES if page.parent.name == outlet_id]
    assert {outlet.layout_at(day) for day in published} == set(outlet.layouts)


def test_every_page_has_its_expectations_and_every_folder_its_outlet() -> None:
    assert {page.with_suffix(".json") for page in PAGES} == set(HERE.glob("*/*.json"))
    assert {page.parent.name for page in PAGES} <= set(OUTLETS)
