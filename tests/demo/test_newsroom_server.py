"""What the newsroom answers on the wire."""

import gzip
import socket
import struct
import time
from collections.abc import Callable
from http.client import HTTPResponse
from typing import Any

import pytest

from presswatch.demo import Newsroom
from presswatch.errors import UsageError

Truth = dict[str, Any]
Ask = Callable[..., tuple[HTTPResponse, bytes]]

PAGE = "http://kmagazine.test/culture/orvane-paper-regatta-maud-ellery-quist-premiere"
GONE = "http://theslowshutter.test/interview-teodor-blixt-on-the-lens-that-melts/"


def test_a_page_answers_under_its_own_host_only(newsroom: Newsroom, ask: Ask) -> None:
    response, body = ask(PAGE)
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=UTF-8"
    assert b"drained floor on their only free afternoon" in body
    assert ask(PAGE.replace("kmagazine", "reelbeacon"))[0].status == 404
    assert ask(PAGE.replace("kmagazine", "nobody"))[0].status == 404


def test_every_document_is_served_with_its_type(newsroom: Newsroom, ask: Ask) -> None:
    types = {
        "/robots.txt": "text/plain",
        ".svg": "image/svg+xml",
        ".xml": "application/xml",
        "/feed/": "application/rss+xml",
    }
    for (outlet_id, path), document in newsroom._site.documents.items():
        host = next(host for host, owner in newsroom.hosts.items() if owner == outlet_id)
        response, body = ask(f"http://{host}{path}")
        known = {"/rss": "application/rss+xml", "/atom.xml": "application/atom+xml"}
        expected = known.get(path) or next((kind for end, kind in types.items() if path.endswith(end)), "text/html")
        assert (response.status, response.headers.get_content_type()) == (200, expected), path
        assert body == document.body


def test_a_query_does_not_change_what_is_read(ask: Ask) -> None:
    assert ask(f"{PAGE}?utm_source=rss&utm_medium=feed")[1] == ask(PAGE)[1]


def test_what_is_gone_answers_404_with_a_page(ask: Ask) -> None:
    response, body = ask(GONE)
    assert response.status == 404
    assert b"Page not found" in body
    assert b"fiction" in body


def test_the_consent_wall_answers_200_without_the_article(ask: Ask, truth: Truth) -> None:
    wall = next(row for row in truth["failures"] if row["error"] == "not_article")
    response, body = ask(wall["url"])
    assert response.status == 200
    assert b"privacy" in body
    assert b"NewsArticle" not in body


@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
def test_what_did_not_change_is_not_sent_again(ask: Ask, header: str) -> None:
    first, _ = ask(PAGE)
    question = {"ETag": "If_None_Match", "Last-Modified": "If_Modified_Since"}[header]
    again, body = ask(PAGE, **{question: first.headers[header]})
    assert (again.status, body) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("If_None_Match", '"another"'),
        ("If_Modified_Since", "Mon, 09 Mar 2026 00:00:00 GMT"),
        ("If_Modified_Since", "yesterday"),
    ],
)
def test_what_the_client_has_not_is_sent(ask: Ask, question: str, value: str) -> None:
    assert ask(PAGE, **{question: value})[0].status == 200


def test_an_old_tag_outweighs_a_new_date(ask: Ask) -> None:
    response, _ = ask(PAGE, If_None_Match='"another"', If_Modified_Since="Sun, 10 Mar 2126 00:00:00 GMT")
    assert response.status == 200


def test_gzip_is_sent_where_it_is_asked_for(ask: Ask) -> None:
    plain, body = ask(PAGE)
    packed, zipped = ask(PAGE, Accept_Encoding="br, gzip;q=0.8")
    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped) == body
    assert ask(PAGE, Accept_Encoding="gzip;q=0")[0].headers["Content-Encoding"] is None


def test_head_says_what_get_would_say(ask: Ask) -> None:
    get, body = ask(PAGE)
    head, nothing = ask(PAGE, "HEAD")
    assert nothing == b""
    assert int(head.headers["Content-Length"]) == len(body)
    assert {**head.headers, "Date": ""} == {**get.headers, "Date": ""}


def test_only_the_loopback_address_is_bound(newsroom: Newsroom) -> None:
    assert newsroom._server.server_address[0] == "127.0.0.1"
    with pytest.raises(OSError):  # noqa: PT011  # refused here, unreachable on other systems
        socket.create_connection(("127.0.0.2", newsroom.port), timeout=2)


def test_the_log_has_host_path_and_status(newsroom: Newsroom, ask: Ask) -> None:
    ask(f"{PAGE}?utm_source=rss")
    ask(GONE, "HEAD")
    assert newsroom.requests == [
        ("kmagazine.test", "/culture/orvane-paper-regatta-maud-ellery-quist-premiere?utm_source=rss", 200, "GET"),
        ("theslowshutter.test", "/interview-teodor-blixt-on-the-lens-that-melts/", 404, "HEAD"),
    ]


def test_a_browser_finds_the_outlets_and_reads_that_they_are_fiction(newsroom: Newsroom, ask: Ask) -> None:
    _, body = ask(f"http://127.0.0.1:{newsroom.port}/")
    assert f"http://andmatinee.localhost:{newsroom.port}/".encode() in body
    assert b"fiction" in body
    assert ask(f"http://andmatinee.localhost:{newsroom.port}/about/")[0].status == 200


def test_several_clients_are_answered_at_once(newsroom: Newsroom) -> None:
    with socket.create_connection(("127.0.0.1", newsroom.port), timeout=10) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\n")  # and nothing more
        with socket.create_connection(("127.0.0.1", newsroom.port), timeout=10) as quick:
            quick.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: reelbeacon.test\r\nConnection: close\r\n\r\n")
            assert quick.recv(15) == b"HTTP/1.1 200 OK"


def test_a_client_that_goes_away_is_no_fault(newsroom: Newsroom, capfd: pytest.CaptureFixture[str]) -> None:
    client = socket.create_connection(("127.0.0.1", newsroom.port), timeout=10)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closing resets the connection
    client.sendall(b"HEAD / HTTP/1.1\r\nHost: reelbeacon.test\r\n\r\n")
    assert client.recv(8) == b"HTTP/1.1"
    client.close()
    until = time.monotonic() + 10
    while newsroom._server._open and time.monotonic() < until:
        time.sleep(0.01)
    assert not newsroom._server._open
    assert capfd.readouterr() == ("", "")


def test_the_port_is_free_again_when_the_newsroom_closes() -> None:
    with Newsroom() as newsroom:
        kept = socket.create_connection(("127.0.0.1", newsroom.port), timeout=10)
        kept.sendall(b"HEAD /robots.txt HTTP/1.1\r\nHost: reelbeacon.test\r\n\r\n")
        answer = kept.recv(4096)
        assert answer.endswith(b"\r\n\r\n")
    with kept:
        assert kept.recv(1) == b""  # hung up on, not left waiting
    with pytest.raises(OSError):  # noqa: PT011  # refused here, unreachable on other systems
        socket.create_connection(("127.0.0.1", newsroom.port), timeout=2)


def test_a_taken_port_is_told_in_words(newsroom: Newsroom) -> None:
    with pytest.raises(UsageError, match=f"port {newsroom.port} cannot be had"), Newsroom(port=newsroom.port):
        pass


def test_there_is_no_third_edition(newsroom: Newsroom) -> None:
    with pytest.raises(ValueError, match="there are 1, 2"):
        newsroom.publish_edition(3)
    assert newsroom.edition == 1
