"""A story of five outlets, and a sixth that is only credited. Outlets, people, works and sentences are invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from presswatch.tables import TABLES, Tables, make_frame

NAMES = {
    "ledger": "The Harbour Ledger",
    "reel": "Reel & Rope",
    "kino": "Kinograph",
    "quay": "Quay",
    "marquee": "Marquee Weekly",
    "north": "Northlight Film Quarterly",
}
STORY = "5a17f3221e000001"
BEGIN = datetime(2031, 5, 12, 9, 30, tzinfo=UTC)

# outlet, hours after the first, headline, byline
_ARTICLES = [
    ("ledger", 0.0, "Nine crews, one tide: inside ‘The Salt Ferry’", "Oda Brannt"),
    ("kino", 2.2, "‘The Salt Ferry’ finds its harbour", "Teo Vasarely; Mina Quist"),
    ("quay", 5.5, "Salt, rope and a borrowed boat", ""),
    ("reel", 26.0, "How ‘The Salt Ferry’ was shot in ten nights", "R. Ashgrove"),
    ("marquee", 51.0, "The ferry film everyone waited for", "Staff"),
]

# text, sentences by outlet; a leading ≠ says that the outlet differs
_CLAIMS = [
    (
        "The Salt Ferry was shot by nine crews over a single spring tide in the harbour of Vell.",
        {
            "ledger": "The Salt Ferry was shot by nine crews over a single spring tide in the harbour of Vell.",
            "kino": "Nine crews worked through one spring tide in Vell’s old harbour.",
            "reel": "≠Ten crews shared the tide, and not one of them stayed dry.",
            "marquee": "Nine crews and one tide: that is the arithmetic of the film.",
        },
    ),
    (
        "The film first screened on a barge moored off Vell on 3 May, before an audience of two hundred.",
        {
            "ledger": "It first screened on a barge moored off Vell on 3 May, before an audience of two hundred.",
            "kino": "≠The premiere took place on 5 May at the Corn Exchange.",
            "quay": "Two hundred people saw it first, on 3 May, from folding chairs on a barge.",
        },
    ),
    (
        "Director Ilse Marrow borrowed the boat from her uncle, a retired pilot.",
        {
            "kino": "Marrow borrowed the boat from her uncle, a retired pilot.",
            "quay": "The boat is her uncle’s; he piloted ships until he retired.",
            "reel": "Her uncle, once a harbour pilot, lent her the boat.",
        },
    ),
    (
        "“We had the light for eleven minutes, and nobody spoke,” Marrow told Quay.",
        {
            "quay": "“We had the light for eleven minutes, and nobody in the crew dared to speak,” Marrow says.",
            "reel": "“We had the light for eleven minutes, and nobody spoke,” Marrow told Quay.",
        },
    ),
    ("The score was recorded in a disused net loft.", {"ledger": "The score was recorded in a disused net loft."}),
    ("A second film about the lighthouse is planned.", {"marquee": "A second film about the lighthouse is planned."}),
    ("The costume budget went on oilskins.", {"reel": "The costume budget, such as it was, went on oilskins."}),
]


def make_tables(**changed: list[dict[str, object]]) -> Tables:
    """The story's tables; `changed` puts other rows in place of a table's."""
    rows = {**_base_rows(), **changed}
    return Tables(**{name: make_frame(TABLES[name], rows.get(name, [])) for name in TABLES})


def _base_rows() -> dict[str, list[dict[str, object]]]:
    rows: dict[str, list[dict[str, object]]] = {"articles": [_article(*known) for known in _ARTICLES]}
    rows["articles"].insert(0, {**rows["articles"][0], "is_latest": False, "headline": "Inside ‘The Salt Ferry’"})
    rows["articles"][1]["revision"] = 2
    rows["articles"][-1] |= {"access": "excerpt", "syndicated_from": "a-kino"}
    rows |= {"mentions": [], "claims": [], "coverage": []}
    for number, (text, sentences) in enumerate(_CLAIMS):
        _add_claim(rows, f"c{number}", text, sentences)
    rows["differences"] = [
        _difference("m-ledger-c0", "m-reel-c0", "number", "nine", "ten", unit="crews", severity=0.8),
        _difference("m-kino-c0", "m-reel-c0", "number", "Nine", "ten", unit="crews", severity=0.8),
        _difference("m-kino-c1", "m-ledger-c1", "date", "5 May", "3 May"),
    ]
    rows["credits"] = [
        {
            "mention_id": "m-reel-c3",
            "article_id": "a-reel",
            "outlet_id": "reel",
            "credited": "quay",
            "phrase": "told Quay",
            "verdict": "altered",
            "source_mention_id": "m-quay-c3",
        },
        {
            "mention_id": "m-marquee-c0",
            "article_id": "a-marquee",
            "outlet_id": "marquee",
            "credited": "north",
            "phrase": "as Northlight first noted",
            "verdict": "not_fetched",
        },
    ]
    rows["drift"] = [
        {
            "a_id": "m-quay-c3",
            "b_id": "m-reel-c3",
            "story_id": STORY,
            "change": "reworded",
            "text_a": "We had the light for eleven minutes, and nobody in the crew dared to speak",
            "text_b": "We had the light for eleven minutes, and nobody spoke",
            "severity": 0.4,
        }
    ]
    rows["stories"] = [
        {
            "story_id": STORY,
            "headline": _ARTICLES[0][2],
            "first_published_at": BEGIN,
            "last_published_at": BEGIN + timedelta(hours=51),
            "article_count": 5,
            "outlet_count": 5,
            "topics": "salt-ferry",
        },
        {"story_id": "5a17f3221e000002", "headline": "Another film", "article_count": 1, "outlet_count": 1},
    ]
    rows["removed"] = [
        {"article_id": "a-kino", "revision": 1, "rule": "stop: ^Popular on ", "text": f"Popular on Kinograph {n}"}
        for n in range(3)
    ]
    return rows


def _article(outlet_id: str, hours: float, headline: str, byline: str) -> dict[str, object]:
    return {
        "article_id": f"a-{outlet_id}",
        "revision": 1,
        "is_latest": True,
        "outlet_id": outlet_id,
        "url": f"https://{outlet_id}.example/the-salt-ferry",
        "headline": headline,
        "byline": byline or None,
        "published_at": BEGIN + timedelta(hours=hours),
        "fetched_at": BEGIN + timedelta(hours=60),
        "access": "full",
        "word_count": 640,
        "story_id": STORY,
        "capture_id": f"cap-{outlet_id}",
        "text_digest": "0" * 32,
    }


def _add_claim(rows: dict[str, list[dict[str, object]]], claim_id: str, text: str, sentences: dict[str, str]) -> None:
    first = next(outlet_id for outlet_id, *_ in _ARTICLES if outlet_id in sentences)
    is_disputed = any(sentence.startswith("≠") for sentence in sentences.values())
    rows["claims"].append(
        {
            "claim_id": claim_id,
            "story_id": STORY,
            "text": text,
            "mention_count": len(sentences),
            "outlet_count": len(sentences),
            "corroboration": len(sentences),
            "first_outlet_id": first,
            "first_published_at": BEGIN,
            "first_is_certain": claim_id != "c3",
            "status": "differs" if is_disputed else "shared" if len(sentences) > 1 else "unique",
        }
    )
    for outlet_id in NAMES:
        sentence = sentences.get(outlet_id)
        row: dict[str, object] = {"story_id": STORY, "claim_id": claim_id, "outlet_id": outlet_id}
        row["stance"] = "not_fetched" if outlet_id == "north" else "silent"
        if sentence:
            mention_id, said = f"m-{outlet_id}-{claim_id}", sentence.removeprefix("≠")
            row |= {"stance": "differs" if said != sentence else "says", "mention_id": mention_id, "text": said}
            rows["mentions"].append(
                {
                    "mention_id": mention_id,
                    "article_id": f"a-{outlet_id}",
                    "revision": 1,
                    "story_id": STORY,
                    "outlet_id": outlet_id,
                    "kind": "statement",
                    "part": "body",
                    "text": said,
                    "claim_id": claim_id,
                }
            )
        rows["coverage"].append(row)


def _difference(
    a_id: str, b_id: str, kind: str, value_a: str, value_b: str, *, unit: str | None = None, severity: float = 0.5
) -> dict[str, object]:
    return {
        "a_id": a_id,
        "b_id": b_id,
        "story_id": STORY,
        "claim_id": a_id.rpartition("-")[2],
        "kind": kind,
        "value_a": value_a,
        "value_b": value_b,
        "unit": unit,
        "severity": severity,
    }


@pytest.fixture
def names() -> dict[str, str]:
    return NAMES


@pytest.fixture
def story_id() -> str:
    return STORY


@pytest.fixture
def lone_tables() -> Tables:
    """A story of one article, in which nothing was found."""
    rows = _base_rows()
    kept = {"articles": rows["articles"][-1:], "stories": rows["stories"]}
    return Tables(**{name: make_frame(TABLES[name], kept.get(name, [])) for name in TABLES})


@pytest.fixture
def tables() -> Tables:
    return make_tables()


@pytest.fixture
def with_rows() -> Callable[..., Tables]:
    """The story's tables with other rows in place of some."""
    return make_tables


@pytest.fixture
def base_rows() -> dict[str, list[dict[str, object]]]:
    """The story's rows by table, fresh for each test."""
    return _base_rows()
