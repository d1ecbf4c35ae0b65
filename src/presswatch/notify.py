"""Telling somebody how a scheduled run ended, by a webhook, a mail, or both."""

from __future__ import annotations

import json
import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from presswatch.settings import NotifySettings
from presswatch.waiting import TookTooLongError, within

_PATIENCE_S = 20.0  # for any one step of telling
_LONGEST_S = 60.0  # for all of them: a run does not wait for a mail server that says a letter a second, as tarpits do
_SMTP_PORTS = {"smtp": 25, "smtps": 465}
_DONE = range(200, 300)  # HTTP status; a redirect is not followed: the message is for the host that was named


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What is told: a line, what lies behind it, and its facts by name."""

    title: str
    text: str
    facts: Mapping[str, str] = field(default_factory=dict)


def send_notice(notice: Notice, settings: NotifySettings) -> list[str]:
    """Tell everybody who is named in the settings; one that cannot be told keeps nobody else from it.

    Returns: what went wrong, a line each; empty where all were told, or nobody is to be.
    """
    faults = []
    if settings.webhook:
        faults += _try("webhook", _post, notice, settings)
    if settings.mail:
        faults += _try("mail", _mail, notice, settings)
    return faults


def _try(
    name: str, send: Callable[[Notice, NotifySettings], None], notice: Notice, settings: NotifySettings
) -> list[str]:
    try:
        within(_LONGEST_S, partial(send, notice, settings))
    except TookTooLongError:
        return [f"{name}: not told within {_LONGEST_S:g} s"]
    except (OSError, HTTPException, smtplib.SMTPException, UnicodeError) as error:  # UnicodeError: of a host's name
        return [f"{name}: {type(error).__name__}: {error}"]
    return []


def _post(notice: Notice, settings: NotifySettings) -> None:
    """POST the notice as JSON; `text` is what Slack, Mattermost and their like show."""
    parts = urlsplit(settings.webhook or "")
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_PATIENCE_S)
    body = json.dumps({"text": f"{notice.title}\n{notice.text}", "title": notice.title, **notice.facts})
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body.encode(), {"Content-Type": "application/json"})
        status = connection.getresponse().status
    finally:
        connection.close()
    if status not in _DONE:
        raise HTTPException(f"{parts.hostname} answered {status}")


def _mail(notice: Notice, settings: NotifySettings) -> None:
    """Send the notice as a mail; TLS is used where it is offered, and demanded before a password is said."""
    parts = urlsplit(settings.smtp)
    host, port = parts.hostname or "", parts.port or _SMTP_PORTS[parts.scheme]
    message = EmailMessage()
    message["Subject"] = " ".join(notice.title.split())
    message["From"], message["To"] = settings.mail_from, ", ".join(settings.mail)
    message.set_content("\n".join([notice.text, "", *(f"{name}: {value}" for name, value in notice.facts.items())]))
    trust = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_PATIENCE_S, context=trust)
    else:
        server = smtplib.SMTP(host, port, timeout=_PATIENCE_S)
    with server:
        server.ehlo()
        if parts.scheme == "smtp" and (server.has_extn("starttls") or settings.user):
            server.starttls(context=trust)
        if settings.user:
            server.login(settings.user, settings.password or "")
        server.send_message(message)
