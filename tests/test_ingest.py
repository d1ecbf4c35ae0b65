"""`presswatch ingest` of WARC files of others: whose pages are taken, what is told of the rest, and kills."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from backports import zstd

from presswatch import load
from presswatch.archive import read_captures
from presswatch.collector import Order, ingest_files
from presswatch.model import Capture
from presswatch.outlets import load_outlets
from presswatch.settings import FetchSettings
from presswatch.storage import DataDir

OURS = "https://www.indiewire.com/features/the-slow-ferry-{}/"
THEIRS = "https://gazette.test/{}"


pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.fixture
def run(call):
    """Runs a command with --json; gives its exit code and what it printed."""

    def run(*words):
        code, out, _ = call(*words, "--json", "-q")
        return code, json.loads(out)

    return run


def record(url, number=0, kind="response", block=None, **headers):
    prose = "".join(f"<p>The ferry {number} was seen by {n} people who stood at the rail.</p>" for n in range(2, 12))
    html = f"<html><head><title>Ferry {number}</title></head><body><article><h1>Ferry {number}</h1>{prose}</article>"
    content = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{html}" if block is None else block
    fields = {"WARC-Type": kind, "WARC-Target-URI": url, "WARC-Date": "2026-03-01T00:00:00Z", **headers}
    fields |= {"WARC-Record-ID": f"<urn:test:{number}>", "Content-Length": str(len(content))}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"WARC/1.1\r\n{head}\r\n{content}\r\n\r\n".encode()


def write(name, *records):
    pack = {".gz": gzip.compress, ".zst": zstd.compress}.get(Path(name).suffix, bytes)
    Path(name).write_bytes(b"".join(map(pack, records)))
    return name


def mixed(name="crawl.warc.gz"):
    """Two pages of a registered outlet, three of two hosts that nobody registered."""
    urls = [OURS.format(1), THEIRS.format(1), OURS.format(2), THEIRS.format(2), "https://courier.test/1"]
    return write(name, *(record(url, number) for number, url in enumerate(urls)))


def stored():
    return sorted(load("data/clean").articles["url"])


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz", "crawl.warc.zst", "CRAWL.WARC.GZ"])
def test_pages_of_registered_outlets_are_taken_and_the_rest_is_told(call, name):
    code, _, err = call("ingest", mixed(name))
    assert code == 0
    assert stored() == [OURS.format(1), OURS.format(2)]
    assert "passed over: 3 pages of 2 hosts that no outlet is registered for, most of gazette.test" in err
    assert "`presswatch outlets add https://gazette.test/`" in err
    assert "`--all-hosts`" in err


def test_the_rest_is_told_in_json_too(run):
    assert run("ingest", mixed())[1]["left_out"] == {
        "page_count": 3,
        "host_count": 2,
        "host": "gazette.test",
        "revisit_count": 0,
    }


def test_a_host_becomes_known_by_a_file_in_the_folder_of_outlets(run):
    Path("presswatch.toml").write_text('outlets = "outlets"\n')
    Path("outlets").mkdir()
    Path("outlets/gazette.toml").write_text('id = "gazette"\nname = "The Gazette"\nhosts = ["gazette.test"]\n')
    assert run("ingest", mixed())[1]["left_out"]["page_count"] == 1
    assert len(stored()) == 4


@pytest.mark.parametrize(("words", "outlets"), [(["--all-hosts"], 3), (["--outlet", "my-desk"], 1)])
def test_all_pages_are_taken_where_that_is_said(run, words, outlets):
    code, told = run("ingest", mixed(), *words)
    assert (code, told["fetched"], told["left_out"]["page_count"]) == (0, 5, 0)
    assert load("data/clean").articles["outlet_id"].nunique() == outlets


def test_saved_pages_of_any_host_are_taken(run):
    page = record("", 1).partition(b"\r\n\r\n")[2].partition(b"\r\n\r\n")[2]
    Path("page.html").write_bytes(page.replace(b"<head>", b"<head><link rel=canonical href='https://gazette.test/x'>"))
    assert run("ingest", "page.html")[1]["fetched"] == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("report.pdf", "name it .warc, .warc.gz, .warc.zst, .html, .html.gz or .txt"),
        ("crawl.wacz", "unzip it"),
        ("crawl.arc.gz", "`warcio recompress`"),
        ("crawl.warc.bz2", "unpack it"),
        ("empty", "no .warc, .warc.gz"),
    ],
)
def test_what_cannot_be_taken_in_ends_with_2_and_says_what_to_do(call, name, told):
    if name == "empty":
        Path(name).mkdir()
        (Path(name) / "report.pdf").touch()
    else:
        Path(name).write_bytes(b"%PDF-1.7")
    code, out, err = call("ingest", name)
    assert (code, out) == (2, "")
    assert f"{name}: " in err
    assert told in err


@pytest.mark.parametrize(("junk", "code"), [("report.pdf", 0), ("torn.warc", 5), ("empty.warc.gz", 5)])
def test_beside_files_that_can_be_taken_others_are_rows(run, junk, code):
    content = {"report.pdf": b"%PDF-1.7", "torn.warc": record(OURS.format(9), 9)[:-80], "empty.warc.gz": b""}[junk]
    Path(junk).write_bytes(content)
    ended, told = run("ingest", mixed(), junk)
    assert (ended, told["fetched"], told["failed"]) == (code, 2, 1)
    (row,) = run("failures")[1]
    assert junk in row["url"]


def test_a_quote_over_two_lines_of_a_hard_wrapped_text_is_one_and_the_capture_keeps_the_bytes(run):
    text = (
        "The Slow Ferry Is Back\nBy Pia Holm\n5 February 2026\n\n"
        "The slow ferry came back to its old pier on Monday evening after\n"
        "nineteen years, and its captain said: “I had\n"
        "forgotten how long the\nbay is.” Nobody else spoke.\n\nIt leaves again in May.\n"
    )
    Path("gazette.txt").write_text(text, "utf-8")
    assert run("ingest", "gazette.txt")[1]["failed"] == 0
    tables = load("data/clean")
    (article,) = tables.articles.to_dict("records")
    assert (article["byline"], str(article["published_at"].date())) == ("Pia Holm", "2026-02-05")
    assert len(article["text"].split("\n")) == 2
    (quote,) = tables.select("mentions", kind="quote").to_dict("records")
    assert quote["text"] == "“I had forgotten how long the bay is.”"
    assert article["text"][quote["start_char"] : quote["end_char"]] == quote["text"]
    (stored,) = [one for path in Path("data/raw").rglob("*.warc.gz") for one in read_captures(path)]
    assert stored.body == text.encode()


def test_a_text_file_of_random_bytes_is_a_row_and_no_article(run):
    Path("gazette.txt").write_text("The Ferry Is Back\n\nThe slow ferry came back to its pier on Monday.", "utf-8")
    Path("noise.txt").write_bytes(random.Random(3).randbytes(5000))
    code, told = run("ingest", "gazette.txt", "noise.txt")
    assert (code, told["extracted"], told["failed"]) == (0, 1, 1)
    (row,) = run("failures")[1]
    assert (row["url"], row["error"]) == ("file:noise.txt", "not_html")
    assert list(load("data/clean").articles["outlet_id"]) == ["gazette"]


def test_revisits_are_followed_over_all_files_and_the_lost_ones_counted(call, run):
    at = {"WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"}
    refers = at | {"WARC-Payload-Digest": "sha1:AAAA"}
    write("1.warc.gz", record(OURS.format("b"), 2, "revisit", "", **refers))
    write("2.warc.zst", record(OURS.format("a"), 1, **{"WARC-Payload-Digest": "sha1:AAAA"}))
    write("3.warc", record(OURS.format("c"), 3, "revisit", "", **at, **{"WARC-Payload-Digest": "sha1:BBBB"}))
    code, _, err = call("ingest", "1.warc.gz", "2.warc.zst", "3.warc")
    assert code == 0
    assert "left out: 1 revisit record whose originals are in none of these files" in err
    assert stored() == [OURS.format("a"), OURS.format("b")]
    assert run("ingest", "1.warc.gz", "2.warc.zst", "3.warc")[1]["fetched"] == 0


def test_progress_counts_the_bytes_of_all_files(tmp_path):
    with Path("large.warc").open("wb") as file:
        file.writelines(record(THEIRS.format(number), number, block="x" * 10_000) for number in range(1500))
    write("small.warc", record(OURS.format(1), 1))
    total = sum(Path(name).stat().st_size for name in ("large.warc", "small.warc"))
    told = []
    order = Order(
        run_id="20260301T000000Z-aaaaaa",
        started_at=datetime(2026, 3, 1, tzinfo=UTC),
        data=DataDir(tmp_path / "data"),
        fetch=FetchSettings(),
        progress=lambda *words: told.append(words),
        forecast=lambda _: None,
    )
    ingest_files(order, load_outlets(), [Path("large.warc"), Path("small.warc")])
    assert len(told) >= 4
    assert [words[1] for words in told] == sorted(words[1] for words in told)
    assert {words[2] for words in told} == {total}
    assert told[-1] == ("ingest", total, total, "small.warc")


@pytest.mark.parametrize(("size", "told"), [(1_500_000, "1.5 of 1.5 MB"), (1_500, "1.7 of 1.7 kB")])
def test_progress_is_told_in_units_of_what_there_is(call, size, told):
    Path("small.warc").write_bytes(record(OURS.format(1), 1, block="x" * size))
    assert f"{told} taken in, now small.warc" in call("ingest", "small.warc")[2]


def test_why_nothing_was_taken_in_is_told(call):
    Path("a.txt").write_text("A headline\n\nA sentence that says something.")
    assert "nothing new" not in call("ingest", "a.txt")[2]
    assert "nothing new: what is in these files is stored already" in call("ingest", "a.txt")[2]


def test_a_rebuild_of_nothing_says_so(call):
    assert "no stored response to read; `presswatch status --data none`" in call("rebuild", "--data", "none")[2]
    Path("a.txt").write_text("A headline\n\nA sentence that says something.")
    call("ingest", "a.txt")
    assert "no stored response" not in call("rebuild")[2]


# The program, in a process that kills itself when the n-th page of a file was written.
SELF_KILLER = """
import os, signal, sys
from presswatch.archive import RawWriter
number = int(sys.argv[1])
write = RawWriter.write
def write_and_die(self, capture):
    write(self, capture)
    if capture.url.endswith(f"-{number}/"):
        os.kill(os.getpid(), signal.SIGKILL)
RawWriter.write = write_and_die
if __name__ == "__main__":
    from presswatch.cli import main
    main(sys.argv[2:])
"""


@pytest.mark.parametrize("number", [0, 7, 19])
def test_an_ingest_that_is_killed_is_finished_by_the_next_one_without_duplicates(run, number):
    name = write("crawl.warc.gz", *(record(OURS.format(n), n) for n in range(20)))
    words = [sys.executable, "-c", SELF_KILLER, str(number), "ingest", name]
    assert subprocess.run(words, capture_output=True, check=False).returncode == -signal.SIGKILL
    code, told = run("ingest", name)
    assert (code, told["fetched"], told["extracted"]) == (0, 19 - number, 20)
    files = Path("data/raw").glob("*/*/*.warc.gz")
    urls = [one.url for path in files for one in read_captures(path) if isinstance(one, Capture)]
    assert sorted(urls) == sorted(OURS.format(n) for n in range(20))
    assert len(stored()) == 20


def test_files_whose_names_are_no_utf_8_are_taken_in_and_damaged_ones_told(run):
    folder = os.fsencode("saved")
    Path("saved").mkdir()
    page = record(THEIRS.format("x")).partition(b"\r\n\r\n")[2].partition(b"\r\n\r\n")[2]
    Path(os.fsdecode(folder + b"/caf\xe9.html")).write_bytes(page)
    Path(os.fsdecode(folder + b"/t\xfcr.warc.gz")).write_bytes(b"no archive")
    code, found = run("ingest", "saved")
    assert (code, found["extracted"], found["failed"]) == (5, 1, 1)
    tables = load("data/clean")
    assert tables.articles["url"].tolist() == [r"file:caf\xe9.html"]
    assert tables.failures["url"].tolist() == [r"saved/t\xfcr.warc.gz"]
    assert r"t\xfcr.warc.gz" in tables.failures["message"].iloc[0]


def test_a_folder_is_taken_in_without_the_data_that_lie_in_it(run):
    Path("quay.txt").write_text(
        "The Lamp on the Pier\n\nA lamp was lit on the pier on Sunday, and nine people saw it.\n"
    )
    assert run("ingest", ".")[1]["extracted"] == 1
    assert list(Path("data/report").glob("*.html"))  # pages of ours, and WARC files of ours
    Path("near.txt").write_text("A Second Lamp\n\nNine people saw it, and a tenth came late, when it was out.\n")
    _, told = run("ingest", ".")
    assert (told["extracted"], told["failure_counts"]) == (1, {})
    assert set(load("data/clean").articles["outlet_id"]) == {"near", "quay"}
