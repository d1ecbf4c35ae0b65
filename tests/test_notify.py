"""Telling somebody: over a real HTTP server and a real mail server on loopback."""

from __future__ import annotations

import json
import socketserver
from contextlib import suppress
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread

import pytest

from presswatch import notify
from presswatch.errors import ConfigError
from presswatch.notify import Notice, send_notice
from presswatch.settings import NotifySettings, load_settings

NOTICE = Notice(
    title="presswatch-watch: Failed (dull\r\nname)",
    text="not one outlet was reachable",
    facts={"flow": "presswatch-watch"},
)


class _Serving:
    """A server in a thread while the `with` block lasts."""

    def __init__(self, server):
        self.server, self.port = server, server.server_address[1]

    def __enter__(self):
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self.server

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((self.path, self.headers["Content-Type"], json.loads(body)))
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def serve_hook(status=204):
    server = HTTPServer(("127.0.0.1", 0), _Hook)
    server.told, server.status = [], status
    return _Serving(server)


class _Mail(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as one message takes."""

    def handle(self):
        self.say("220 mail.test")
        self.server.envelope = []
        while line := self.rfile.readline().rstrip(b"\r\n"):
            self.server.envelope.append(line.decode())
            verb = line.split(b" ")[0].upper()
            if verb == b"DATA":
                self.say("354 go on")
                lines = []
                while (text := self.rfile.readline()) != b".\r\n":
                    lines.append(text.removeprefix(b"."))
                self.server.messages.append(b"".join(lines))
            if verb == b"RCPT" and self.server.is_strict:
                self.say("550 nobody of that name")
            else:
                self.say("221 bye" if verb == b"QUIT" else "250 mail.test")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


def serve_mail(*, is_strict=False):
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mail)
    server.daemon_threads = True
    server.messages, server.is_strict = [], is_strict
    return _Serving(server)


def test_a_webhook_gets_the_notice_as_json():
    serving = serve_hook()
    with serving as hook:
        found = send_notice(NOTICE, NotifySettings(webhook=f"http://127.0.0.1:{serving.port}/hooks/7?key=x"))
    assert found == []
    ((path, media_type, told),) = hook.told
    assert (path, media_type) == ("/hooks/7?key=x", "application/json")
    assert told["text"].endswith("not one outlet was reachable")
    assert told["flow"] == "presswatch-watch"


def test_a_mail_goes_to_all_who_are_named():
    serving = serve_mail()
    names = ("desk@example.org", "night@example.org")
    with serving as server:
        settings = NotifySettings(
            mail=names, mail_from="presswatch@example.org", smtp=f"smtp://127.0.0.1:{serving.port}"
        )
        assert send_notice(NOTICE, settings) == []
    (message,) = [message_from_bytes(content, policy=policy.default) for content in server.messages]
    assert message["Subject"] == "presswatch-watch: Failed (dull name)"
    assert message["From"] == "presswatch@example.org"
    assert "not one outlet was reachable" in message.get_content()
    assert "flow: presswatch-watch" in message.get_content()
    assert [line for line in server.envelope if line.startswith("rcpt")] == [f"rcpt TO:<{name}>" for name in names]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_webhook_that_refuses_keeps_nobody_from_the_mail_and_is_not_followed(status):
    hooking, mailing = serve_hook(status), serve_mail()
    with hooking as hook, mailing as server:
        (fault,) = send_notice(
            NOTICE,
            NotifySettings(
                webhook=f"http://127.0.0.1:{hooking.port}/secret",
                mail=("desk@example.org",),
                mail_from="desk@example.org",
                smtp=f"smtp://127.0.0.1:{mailing.port}",
            ),
        )
    assert fault == f"webhook: HTTPException: 127.0.0.1 answered {status}"
    assert len(hook.told) == 1
    assert len(server.messages) == 1


def test_what_cannot_be_told_is_a_line_and_no_error():
    serving = serve_mail(is_strict=True)
    with serving:
        port = serving.port
        settings = NotifySettings(mail=("a@b.test",), mail_from="a@b.test", smtp=f"smtp://127.0.0.1:{port}")
        assert "nobody of that name" in send_notice(NOTICE, settings)[0]
        with_password = NotifySettings(
            mail=("a@b.test",), mail_from="a@b.test", smtp=f"smtp://127.0.0.1:{port}", user="a", password="open sesame"
        )
        (fault,) = send_notice(NOTICE, with_password)  # no TLS is offered, and none of this goes over the wire
        assert "STARTTLS" in fault
    assert "refused" in send_notice(NOTICE, settings)[0]
    assert "open sesame" not in repr(with_password)


def test_nobody_named_is_nobody_told():
    assert send_notice(NOTICE, NotifySettings()) == []


def test_settings_name_whom_to_tell(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    file = tmp_path / "presswatch.toml"
    file.write_text('[notify]\nmail = ["desk@example.org"]\nsmtp = "smtps://mail.example.org"\n', "utf-8")
    environ = {"PRESSWATCH_NOTIFY_PASSWORD": "x", "PRESSWATCH_NOTIFY_WEBHOOK": "https://chat.example.org/a"}
    found = load_settings(tmp_path, environ=environ).notify
    assert (found.mail, found.mail_from, found.news) == (("desk@example.org",), "desk@example.org", False)
    assert (found.password, found.webhook) == ("x", "https://chat.example.org/a")
    both = {"PRESSWATCH_NOTIFY_MAIL": "a@example.org, b@example.org"}
    assert load_settings(tmp_path, environ=both).notify.mail == ("a@example.org", "b@example.org")
    file.write_text(
        '[notify]\nwebhok = "x"\nwebhook = "ftp://secret"\nmail = ["desk"]\nsmtp = "smtp://a:port"\n', "utf-8"
    )
    with pytest.raises(ConfigError) as refused:
        load_settings(tmp_path, environ={})
    assert len(refused.value.faults) == 4
    assert "did you mean 'webhook'" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_news_is_told_where_the_settings_say_so(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    file = tmp_path / "presswatch.toml"
    file.write_text('[notify]\nmail = ["desk@example.org"]\nnews = true\n', "utf-8")
    assert load_settings(tmp_path, environ={}).notify.news
    file.write_text('[notify]\nnews = "yes"\n', "utf-8")
    with pytest.raises(ConfigError, match=r"`notify\.news` is 'yes': true or false is wanted"):
        load_settings(tmp_path, environ={})


class _Tarpit(socketserver.StreamRequestHandler):
    """Says a letter now and then, and comes to no end."""

    def handle(self):
        with suppress(OSError):
            while not self.server.is_over.wait(0.05):
                self.wfile.write(b"2")


@pytest.mark.parametrize("kind", ["webhook", "mail"])
def test_whoever_comes_to_no_end_is_not_waited_for(monkeypatch, kind):
    monkeypatch.setattr(notify, "_LONGEST_S", 0.5)
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Tarpit)
    server.daemon_threads, server.is_over = True, Event()
    place = f"127.0.0.1:{server.server_address[1]}"
    mail = NotifySettings(mail=("a@b.test",), mail_from="a@b.test", smtp=f"smtp://{place}")
    settings = mail if kind == "mail" else NotifySettings(webhook=f"http://{place}/hook")
    with _Serving(server):
        assert send_notice(NOTICE, settings) == [f"{kind}: not told within 0.5 s"]
        server.is_over.set()
