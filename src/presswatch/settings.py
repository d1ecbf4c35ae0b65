"""presswatch.toml → Settings. Order: flag, environment `PRESSWATCH_*`, project file, user file."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from platformdirs import user_config_path, user_state_path

from presswatch.checks import Checked, nearest
from presswatch.errors import ConfigError, UsageError
from presswatch.model import DEFAULT_DELAY_S
from presswatch.urls import is_web

FILE_NAME = "presswatch.toml"
DEFAULT_OUTLETS_FOLDER = Path("outlets")  # where outlet files are written while `outlets` names no folder
_PROXY = re.compile(r"https?://[^/?#\s]+/?")
_PREFIX = "PRESSWATCH_"
_LAST_PORT = 65_535
_RESOLVED = re.compile(r"(\[[0-9a-fA-F:]+\]|[0-9.]+):[0-9]{1,5}")
_SCHEDULER = re.compile(r"(tcp|tls|ws|wss|ucx)://[^\s/]+:[0-9]{1,5}")
_BUCKET = re.compile(r"s3:/+([^/]+)((?:/[^/]+)*)/?")  # one slash too: what is taken for a path loses the other
_MAIL_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_KNOWN: dict[str, frozenset[str]] = {
    "": frozenset({"data", "outlets", "collect", "topic", "fetch", "extract", "engine", "notify", "storage"}),
    "collect": frozenset({"outlets"}),
    "topic": frozenset({"name", "any", "all", "since"}),
    "extract": frozenset({"engine"}),
    "engine": frozenset({"dask"}),
    "storage": frozenset({"local"}),
    "fetch": frozenset(
        {"contact", "concurrency", "min_delay_s", "total_timeout_s", "max_body_bytes", "proxy", "resolve"}
    ),
    "notify": frozenset({"webhook", "mail", "mail_from", "news", "smtp", "user", "password"}),
}
# keys that an environment variable can set, by its name without the prefix
_FROM_ENVIRONMENT = {
    "DATA": ("data",),
    "OUTLETS": ("outlets",),
    "COLLECT_OUTLETS": ("collect", "outlets"),
    "EXTRACT_ENGINE": ("extract", "engine"),
    "ENGINE_DASK": ("engine", "dask"),
    "STORAGE_LOCAL": ("storage", "local"),
    "FETCH_CONTACT": ("fetch", "contact"),
    "FETCH_CONCURRENCY": ("fetch", "concurrency"),
    "FETCH_MIN_DELAY_S": ("fetch", "min_delay_s"),
    "FETCH_TOTAL_TIMEOUT_S": ("fetch", "total_timeout_s"),
    "FETCH_MAX_BODY_BYTES": ("fetch", "max_body_bytes"),
    "FETCH_PROXY": ("fetch", "proxy"),
    "NOTIFY_WEBHOOK": ("notify", "webhook"),
    "NOTIFY_MAIL": ("notify", "mail"),
    "NOTIFY_MAIL_FROM": ("notify", "mail_from"),
    "NOTIFY_SMTP": ("notify", "smtp"),
    "NOTIFY_USER": ("notify", "user"),
    "NOTIFY_PASSWORD": ("notify", "password"),
}
_LISTS = frozenset({("collect", "outlets"), ("notify", "mail")})  # in a variable they are parted by commas


ExtractEngine = Literal["auto", "trafilatura"]


@dataclass(frozen=True, kw_only=True)
class ExtractSettings:
    """The `[extract]` table. `engine`: trafilatura reads every page, or (`auto`) those that the other lanes doubt."""

    engine: ExtractEngine = "auto"


@dataclass(frozen=True, kw_only=True)
class EngineSettings:
    """The `[engine]` table. `dask`: the scheduler of a cluster that reads and compares, like tcp://10.0.0.5:8786."""

    dask: str | None = None


@dataclass(frozen=True, kw_only=True)
class FetchSettings:
    """The `[fetch]` table. `resolve` maps a host to `address:port`, as curl's --resolve.

    `min_delay_s` lies between two requests to a host that no outlet file describes.
    """

    contact: str | None = None
    concurrency: int = 8
    min_delay_s: float = DEFAULT_DELAY_S
    total_timeout_s: float = 60.0
    max_body_bytes: int = 10_000_000
    proxy: str | None = None
    resolve: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class NotifySettings:
    """The `[notify]` table: who is told that a scheduled run went wrong; with `news`, what is new too. Or nobody.

    `smtp` is `smtp://host:port`, or `smtps://host:port` where TLS is spoken from the first byte.
    """

    webhook: str | None = field(default=None, repr=False)  # whoever knows such an address may post to it
    mail: tuple[str, ...] = ()
    mail_from: str = ""
    news: bool = False
    smtp: str = "smtp://localhost:25"
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Topic:
    """What the user follows: an article is of it where one of `any` and every one of `all` stands in it."""

    name: str
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything a run is told. `outlets_folder` holds outlet files of the user's own.

    Where `data` names a bucket, `bucket` is its address, and `data` the folder of this machine that mirrors it.
    """

    data: Path = Path("data")
    bucket: str | None = None
    outlets_folder: Path | None = None
    collect_outlets: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    fetch: FetchSettings = field(default_factory=FetchSettings)
    extract: ExtractSettings = field(default_factory=ExtractSettings)
    engine: EngineSettings = field(default_factory=EngineSettings)
    notify: NotifySettings = field(default_factory=NotifySettings)


def load_settings(
    folder: Path | None = None, *, data: str | Path | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings that hold in a folder (the current one by default). `data` is the command line's flag.

    Raises: ConfigError with all faults of the first file that has any; UsageError for a flag that names no place.
    """
    merged: dict[str, Any] = {}
    for path in _list_files(folder):
        merged = _merge(merged, _read_file(path))
    merged = _merge(merged, _read_environment(os.environ if environ is None else environ))
    if data is not None:
        told = {"data": str(data)}
        if _check(told)[1]:  # and is not to be taken for the default
            raise UsageError(f"--data {str(data)!r} names no place: give a folder, or a bucket like s3://bucket/prefix")
        merged |= told
    settings, _ = _check(merged)
    return settings


def load_notify_settings(folder: Path | None = None, *, environ: Mapping[str, str] | None = None) -> NotifySettings:
    """Whom to tell, as far as that can be known: what holds of `[notify]` where `load_settings` would refuse all.

    A fault of the settings is the first thing that somebody has to be told, and ends every run before it has any.
    """
    environ = os.environ if environ is None else environ
    merged: dict[str, Any] = {}
    for path in _list_files(folder):
        with suppress(OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            merged |= _keep_right(_parse_file(path).get("notify"))
    for name, path_in in _FROM_ENVIRONMENT.items():
        value = environ.get(_PREFIX + name, "")
        if path_in[0] == "notify" and value.strip():
            merged |= _keep_right({path_in[1]: _parse_variable(path_in, value)})
    return _check_notify(Checked(merged))


def _list_files(folder: Path | None) -> tuple[Path, Path]:
    """The files that hold in a folder, the user's own first: what comes later wins."""
    return user_config_path("presswatch") / FILE_NAME, (folder or Path()) / FILE_NAME


def _keep_right(table: Any) -> dict[str, Any]:
    """What is without a fault of a `[notify]` table: a slip in one key is no reason to tell nobody."""
    entries = table if isinstance(table, dict) else {}
    kept = {}
    for key, value in entries.items():
        alone = Checked({key: value})
        _check_notify(alone)
        if not alone.faults:
            kept[key] = value
    return kept


def _read_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        content = _parse_file(path)
    except UnicodeDecodeError as error:
        raise ConfigError(path, ["it is not in UTF-8: open it in an editor and save it so"]) from error
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(path, [str(error)]) from error
    _, faults = _check(content)
    if faults:
        raise ConfigError(path, faults)
    return content


def _parse_file(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8-sig"))  # editors on Windows write a mark


def _read_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    faults = []
    for name, value in sorted(environ.items()):
        if not name.startswith(_PREFIX):
            continue
        path = _FROM_ENVIRONMENT.get(name.removeprefix(_PREFIX))
        if path is None:
            faults.append(f"{name} is not known{nearest(name, [_PREFIX + key for key in _FROM_ENVIRONMENT])}")
            continue
        if not value.strip():  # how scripts, unit files and containers leave one out
            continue
        *tables, key = path
        table = content
        for step in tables:
            table = table.setdefault(step, {})
        table[key] = _parse_variable(path, value)
    _, found = _check(content)
    if faults or found:
        raise ConfigError("environment", [*faults, *found])
    return content


def _parse_variable(path: tuple[str, ...], value: str) -> Any:
    if path in _LISTS:
        return [part.strip() for part in value.split(",") if part.strip()]
    if path[-1] in ("concurrency", "max_body_bytes", "min_delay_s", "total_timeout_s"):
        try:
            return float(value)
        except ValueError:
            return value  # the check names it
    return value


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """`above` wins key by key; tables are merged, lists are replaced."""
    merged = dict(below)
    for key, value in above.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = _merge(merged[key], value)
        else:
            merged[key] = value
    return merged


def _check(content: Mapping[str, Any]) -> tuple[Settings, list[str]]:
    top = Checked(content)
    top.refuse_unknown(_KNOWN[""])
    collect, fetch = top.inner("collect"), top.inner("fetch")
    collect.refuse_unknown(_KNOWN["collect"])
    outlets = top.text("outlets")
    data, bucket = _place(top, top.text("data", "data"), top.inner("storage"))
    settings = Settings(
        data=data,
        bucket=bucket,
        outlets_folder=_read_place(top, "outlets", outlets) if outlets else None,
        collect_outlets=collect.texts("outlets"),
        topics=tuple(_check_topic(entry) for entry in top.tables("topic")),
        fetch=_check_fetch(fetch),
        extract=_check_extract(top.inner("extract")),
        engine=_check_engine(top.inner("engine")),
        notify=_check_notify(top.inner("notify")),
    )
    names = [topic.name for topic in settings.topics]
    top.faults += [f"`topic`: two are named {name!r}" for name in sorted(set(names)) if names.count(name) > 1]
    return settings, top.faults


def _place(top: Checked, data: str, storage: Checked) -> tuple[Path, str | None]:
    """The folder that `data` means, or that mirrors it, and the bucket, if it is one."""
    storage.refuse_unknown(_KNOWN["storage"])
    local = storage.text("local")
    if not data.startswith("s3:"):
        if "://" in data:
            top.faults.append(f"`data` is {data!r}: a folder is wanted, or a bucket like s3://bucket/prefix")
        return _read_place(top, "data", data), None
    bucket = read_bucket(data)
    if bucket is None:
        top.faults.append(f"`data` is {data!r}: a bucket is written like s3://bucket/prefix")
        return Path("data"), None
    return _read_place(storage, "local", local) if local else default_mirror(bucket), bucket


def _read_place(table: Checked, key: str, path: str) -> Path:
    """A folder of the settings; a leading `~` is somebody's home, as in a shell."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        table.faults.append(f"`{table.place}{key}` is {path!r}: nobody of that name has a home here")
        return Path(path)


def read_bucket(address: str) -> str | None:
    """The address of a bucket as it is to be written; None where it is none."""
    found = _BUCKET.fullmatch(address)
    if not found or {".", ".."} & set(address.split("/")):  # which no store takes for the name of a folder
        return None
    return f"s3://{found[1]}{found[2]}"


def default_mirror(bucket: str) -> Path:
    """The folder of this user that mirrors a bucket: one for each endpoint that may have a bucket of that name."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
    host = urlsplit(endpoint).netloc
    place = bucket.removeprefix("s3://").replace("/", "--")
    return user_state_path("presswatch") / "buckets" / (f"{place}@{host.replace(':', '-')}" if host else place)


def _check_topic(entry: Checked) -> Topic:
    entry.refuse_unknown(_KNOWN["topic"])
    topic = Topic(name=entry.text("name"), any=entry.texts("any"), all=entry.texts("all"), since=entry.day("since"))
    entry.need("name")
    if not (topic.any or topic.all):
        entry.faults.append(f"`{entry.place}any` is missing: words that an article of the topic holds")
    return topic


def _check_extract(extract: Checked) -> ExtractSettings:
    extract.refuse_unknown(_KNOWN["extract"])
    engine, engines = extract.text("engine", "auto"), get_args(ExtractEngine)
    if engine not in engines:
        hint = nearest(engine, engines)
        extract.faults.append(f"`extract.engine` is {engine!r}{hint}; one of {', '.join(engines)}")
    return ExtractSettings(engine=engine)  # type: ignore[arg-type]  # told above where it is another


def _check_engine(engine: Checked) -> EngineSettings:
    engine.refuse_unknown(_KNOWN["engine"])
    dask = engine.text("dask") or None
    if dask and not _SCHEDULER.fullmatch(dask):
        engine.faults.append(f"`engine.dask` is {dask!r}: an address like tcp://10.0.0.5:8786 is wanted")
    return EngineSettings(dask=dask)


def _check_fetch(fetch: Checked) -> FetchSettings:
    fetch.refuse_unknown(_KNOWN["fetch"])
    resolve = fetch.inner("resolve")
    for host, address in resolve.table.items():
        if not _is_target(address):
            fetch.faults.append(
                f"`fetch.resolve.{host}` is {address!r}: an address and port like 127.0.0.1:8081 is wanted"
            )
    proxy = fetch.text("proxy")
    if proxy and not _is_proxy(proxy):  # it may hold a password, which no message repeats
        fetch.faults.append(
            "`fetch.proxy`: an address like http://proxy.example.org:3128 is wanted; SOCKS is not spoken"
        )
    contact = fetch.text("contact").strip()
    if contact and not (_MAIL_ADDRESS.fullmatch(contact) or is_web(contact)):
        fetch.faults.append(
            f"`fetch.contact` is {contact!r}: a page of yours like https://example.org/about-our-crawler, or an address"
            " like desk@example.org, is wanted"
        )
    return FetchSettings(
        contact=contact or None,
        concurrency=fetch.integer("concurrency", 8, least=1),
        min_delay_s=fetch.number("min_delay_s", DEFAULT_DELAY_S, least=0),
        total_timeout_s=fetch.number("total_timeout_s", 60.0, least=0.1),
        max_body_bytes=fetch.integer("max_body_bytes", 10_000_000, least=1),
        proxy=proxy or None,
        resolve=dict(resolve.table),
    )


def _is_target(address: object) -> bool:
    """Whether something is an IP address and a port, written like 127.0.0.1:8081 or [::1]:8081."""
    if not (isinstance(address, str) and _RESOLVED.fullmatch(address)):
        return False
    host, _, port = address.rpartition(":")
    try:
        return bool(ip_address(host.strip("[]"))) and 0 < int(port) <= _LAST_PORT
    except ValueError:
        return False


def _is_proxy(proxy: str) -> bool:
    try:
        return bool(_PROXY.fullmatch(proxy) and urlsplit(proxy).hostname) and urlsplit(proxy).port != 0
    except ValueError:  # a port that is none
        return False


def _check_notify(notify: Checked) -> NotifySettings:
    notify.refuse_unknown(_KNOWN["notify"])
    _check_url(notify, "webhook", "https", "http")
    _check_url(notify, "smtp", "smtp", "smtps")
    mail = notify.texts("mail")
    mail_from = notify.text("mail_from")
    notify.faults += [
        f"`notify.{key}` holds {address!r}: an address like desk@example.org is wanted"
        for key, addresses in {"mail": mail, "mail_from": (mail_from,) if mail_from else ()}.items()
        for address in addresses
        if not _MAIL_ADDRESS.fullmatch(address)
    ]
    return NotifySettings(
        webhook=notify.text("webhook") or None,
        mail=mail,
        mail_from=mail_from or next(iter(mail), ""),
        news=notify.flag("news", default=False),
        smtp=notify.text("smtp", NotifySettings.smtp),
        user=notify.text("user") or None,
        password=notify.text("password") or None,
    )


def _check_url(table: Checked, key: str, *schemes: str) -> None:
    """Note an address that is not of these schemes; what follows the host is not told, for it may be a secret."""
    found = table.text(key)
    try:
        parts = urlsplit(found)
        is_right = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0 and found.isascii()
    except ValueError:  # a port that is no number, or too high a one
        is_right = False
    if found and not is_right:
        example = f"{schemes[0]}://example.org"
        table.faults.append(
            f"`{table.place}{key}` is no address of {' or '.join(schemes)}: one like {example} is wanted"
        )


TEMPLATE = """\
# presswatch.toml: what to follow, and how to ask for it politely. Every key can be left out.
# Order of trust: a flag on the command line, the environment, this file, your user file. A variable is named by table
# and key, like PRESSWATCH_DATA or PRESSWATCH_FETCH_CONTACT; an empty one counts as not set.

data = "data"                        # raw/, clean/, report/ and state/ live here; or a bucket: "s3://bucket/prefix"
# outlets = "outlets"                # a folder of outlet files of your own; one with a known id takes its place

[collect]
outlets = ["indiewire", "filmstage", "slashfilm"]  # `presswatch outlets list` shows all that are known

[[topic]]                            # everything is kept; what matches is tagged. Repeat the block for more topics
name = "my-film"
any = ["My Film", "Meu Filme"]       # one of these,
# all = ["Her Name"]                 # and every one of these, stands in the headline, the line under it, or the text
# since = 2026-01-01

[fetch]
# contact = "https://example.org/about-our-crawler"  # goes into the User-Agent; a real outlet needs it
# concurrency = 8                    # outlets at once; one outlet is never fetched by two hands
# min_delay_s = 5.0                  # between two requests to a host that no outlet file describes
# total_timeout_s = 60.0             # for one URL, redirects and body included
# max_body_bytes = 10_000_000        # of an article
# proxy = "http://proxy.example.org:3128"            # only from here, never from the environment
# if it opens TLS, SSL_CERT_FILE in the environment names the file with its certificate

# [extract]
# engine = "auto"                    # "trafilatura" has it read every page, not only those that the others doubt

# [notify]                           # who is told that a scheduled run failed, or ended with a warning
# news = true                        # … and what is new, after each scheduled run that found anything
# webhook = "https://chat.example.org/hooks/T0KEN"   # gets JSON with `text`, as chats take it
# mail = ["desk@example.org"]
# mail_from = "presswatch@example.org"
# smtp = "smtp://localhost:25"       # smtps:// for TLS from the first byte; else STARTTLS where it is offered
# user = "presswatch"                # its password is best kept in PRESSWATCH_NOTIFY_PASSWORD

# [storage]
# local = "mirror"                   # where `data` is a bucket, s3://bucket/prefix: the folder here that mirrors it

# [fetch.resolve]                    # as curl's --resolve, for replays and tests
# "outlet.test" = "127.0.0.1:8081"
"""
