from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from presswatch.errors import ConfigError, UsageError
from presswatch.settings import FILE_NAME, TEMPLATE, NotifySettings, load_notify_settings, load_settings


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


def write(folder, text):
    (folder / "presswatch.toml").write_text(text, "utf-8")


def test_defaults_hold_without_a_file(folder):
    settings = load_settings(folder, environ={})
    assert settings.data == Path("data")
    assert settings.fetch.concurrency == 8
    assert settings.fetch.total_timeout_s == 60.0
    assert settings.fetch.min_delay_s == 5.0
    assert settings.fetch.max_body_bytes == 10_000_000


def test_flag_beats_environment_beats_project_beats_user(folder, tmp_path):
    user = tmp_path / "user" / "presswatch"
    user.mkdir(parents=True)
    write(user, 'data = "of-user"\n[fetch]\ncontact = "user@example.org"\nconcurrency = 2')
    assert load_settings(folder, environ={}).data == Path("of-user")
    write(folder, 'data = "of-project"\n[fetch]\nconcurrency = 3')
    assert load_settings(folder, environ={}).data == Path("of-project")
    assert load_settings(folder, environ={"PRESSWATCH_DATA": "of-env"}).data == Path("of-env")
    found = load_settings(
        folder, data=Path("of-flag"), environ={"PRESSWATCH_DATA": "of-env", "PRESSWATCH_FETCH_CONCURRENCY": "4"}
    )
    assert found.data == Path("of-flag")
    assert found.fetch.concurrency == 4
    assert found.fetch.contact == "user@example.org"


def test_the_engine_of_extraction_is_one_of_two(folder):
    write(folder, '[extract]\nengine = "trafilatura"')
    assert load_settings(folder, environ={}).extract.engine == "trafilatura"
    assert load_settings(folder, environ={"PRESSWATCH_EXTRACT_ENGINE": "auto"}).extract.engine == "auto"
    write(folder, '[extract]\nengine = "trafilature"')
    with pytest.raises(ConfigError, match=r"`extract.engine` is 'trafilature'.*trafilatura"):
        load_settings(folder, environ={})


def test_every_part_is_read(folder):
    write(
        folder,
        """
        outlets = "mine"
        [collect]
        outlets = ["a", "b"]
        [[topic]]
        name = "one"
        any = ["Lantern Song"]
        since = 2026-02-01
        [fetch.resolve]
        "a.test" = "127.0.0.1:8081"
        """,
    )
    settings = load_settings(folder, environ={})
    assert settings.outlets_folder == Path("mine")
    assert settings.collect_outlets == ("a", "b")
    assert settings.topics[0].any == ("Lantern Song",)
    assert settings.topics[0].since == date(2026, 2, 1)
    assert settings.fetch.resolve == {"a.test": "127.0.0.1:8081"}


def test_all_faults_are_told_at_once_with_the_nearest_key(folder):
    write(
        folder,
        """
        dota = "x"
        [fetch]
        concurency = 3
        total_timeout_s = "soon"
        [fetch.resolve]
        "a.test" = "somewhere"
        [[topic]]
        any = "Lantern"
        """,
    )
    with pytest.raises(ConfigError) as caught:
        load_settings(folder, environ={})
    told = str(caught.value)
    assert caught.value.exit_code == 4
    for words in (
        "'data'",
        "'concurrency'",
        "total_timeout_s",
        "fetch.resolve.a.test",
        "topic[0].any",
        "topic[0].name",
    ):
        assert words in told, words


@pytest.mark.parametrize(
    "environ",
    [{"PRESSWATCH_DATTA": "x"}, {"PRESSWATCH_FETCH_CONCURRENCY": "many"}, {"PRESSWATCH_FETCH_CONCURRENCY": "0"}],
)
def test_wrong_variables_are_told(folder, environ):
    with pytest.raises(ConfigError, match=r"environment.*(DATA|concurrency)"):
        load_settings(folder, environ=environ)


KEYS = sorted(
    {"DATA", "OUTLETS", "COLLECT_OUTLETS", "EXTRACT_ENGINE", "ENGINE_DASK", "STORAGE_LOCAL", "FETCH_CONTACT"}
    | {f"FETCH_{key}" for key in ("CONCURRENCY", "MIN_DELAY_S", "TOTAL_TIMEOUT_S", "MAX_BODY_BYTES", "PROXY")}
    | {f"NOTIFY_{key}" for key in ("WEBHOOK", "MAIL", "MAIL_FROM", "SMTP", "USER", "PASSWORD")}
)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("value", ["", " "])
def test_an_empty_variable_counts_as_not_set(folder, key, value):
    write(
        folder,
        """
        data = "s3://bucket/press"
        outlets = "mine"
        collect.outlets = ["a"]
        extract.engine = "trafilatura"
        engine.dask = "tcp://10.0.0.5:8786"
        storage.local = "mirror"
        [fetch]
        contact = "desk@example.org"
        concurrency = 3
        min_delay_s = 7.0
        total_timeout_s = 9.0
        max_body_bytes = 500
        proxy = "http://127.0.0.1:3128"
        [notify]
        webhook = "http://127.0.0.1:1/hook"
        mail = ["desk@example.org"]
        mail_from = "press@example.org"
        smtp = "smtp://mail.example.org"
        user = "press"
        password = "s3cret"
        """,
    )
    environ = {f"PRESSWATCH_{key}": value}
    assert load_settings(folder, environ=environ) == load_settings(folder, environ={})
    assert load_notify_settings(folder, environ=environ) == load_settings(folder, environ={}).notify


def test_a_variable_that_is_not_known_is_told_even_where_it_is_empty(folder):
    with pytest.raises(ConfigError, match="PRESSWATCH_ENGINE_DSK is not known; did you mean 'PRESSWATCH_ENGINE_DASK'"):
        load_settings(folder, environ={"PRESSWATCH_ENGINE_DSK": ""})


@pytest.mark.parametrize("data", ["", " ", "s3://", "s3:bucket", "gs://bucket/press", "~nobody-of-that-name/press"])
def test_a_flag_that_names_no_place_is_no_default(folder, data):
    write(folder, 'data = "of-project"')
    with pytest.raises(UsageError, match=r"--data '.*' names no place: give a folder, or a bucket"):
        load_settings(folder, data=data, environ={})


@pytest.mark.parametrize(
    "proxy", ["proxy.example.org:3128", "socks5://127.0.0.1:1080", "http://", "http://a:b@c:99999", "http://a b:1"]
)
def test_a_proxy_that_cannot_be_used_is_told_before_anything_is_asked(folder, proxy):
    with pytest.raises(ConfigError, match=r"fetch.proxy.*http://proxy\.example\.org:3128") as caught:
        load_settings(folder, environ={"PRESSWATCH_FETCH_PROXY": proxy})
    assert "a:b" not in str(caught.value), "a password is not repeated"


@pytest.mark.parametrize(
    "proxy", ["http://127.0.0.1:3128", "https://keeper:s3cret@proxy.example.org/", "http://[::1]:1"]
)
def test_a_proxy_may_have_a_password(folder, proxy):
    assert load_settings(folder, environ={"PRESSWATCH_FETCH_PROXY": proxy}).fetch.proxy == proxy


def test_broken_file_is_told_with_its_place(folder):
    write(folder, "data = \n")
    with pytest.raises(ConfigError, match=r"presswatch\.toml.*line 1"):
        load_settings(folder, environ={})


@pytest.mark.parametrize(
    "text",
    [
        'dta = 3\n[notify]\nwebhook = "https://chat.example.org/a"',
        '[fetch]\nconcurrency = 0\n[notify]\nwebhook = "https://chat.example.org/a"\nmial = ["desk@example.org"]',
        "notify = 3\n[topic]\n",
        "[notify\n",
        "[notify]\nwebhook = 3\n",
    ],
    ids=["another key", "a slip in it", "no table", "no toml", "no address"],
)
def test_whom_to_tell_is_known_where_the_settings_are_refused(folder, text):
    write(folder, text)
    with pytest.raises(ConfigError):
        load_settings(folder, environ={})
    told = load_notify_settings(folder, environ={}).webhook
    assert told == ("https://chat.example.org/a" if "chat" in text else None)
    variables = {"PRESSWATCH_NOTIFY_WEBHOOK": "https://chat.example.org/b", "PRESSWATCH_DTA": "3"}
    assert load_notify_settings(folder, environ=variables).webhook == "https://chat.example.org/b"


def test_whom_to_tell_is_the_same_where_nothing_is_wrong(folder, tmp_path):
    user = tmp_path / "user" / "presswatch"
    user.mkdir(parents=True)
    write(user, '[notify]\nmail = ["desk@example.org"]\nsmtp = "smtps://mail.example.org"')
    write(folder, '[notify]\nmail_from = "press@example.org"\nnews = true')
    environ = {"PRESSWATCH_NOTIFY_MAIL": "a@example.org, b@example.org", "PRESSWATCH_NOTIFY_PASSWORD": "x"}
    found = load_notify_settings(folder, environ=environ)
    assert found == load_settings(folder, environ=environ).notify
    assert (found.mail, found.news) == (("a@example.org", "b@example.org"), True)
    assert load_notify_settings(tmp_path / "nowhere", environ={}).mail == ("desk@example.org",)
    (user / "presswatch.toml").unlink()
    assert load_notify_settings(tmp_path / "nowhere", environ={}) == NotifySettings()


def test_template_of_init_is_right_and_names_every_key(folder):
    write(folder, TEMPLATE)
    assert load_settings(folder, environ={}).collect_outlets
    lines = [
        line.removeprefix("# ") for line in TEMPLATE.splitlines() if "=" in line or line.lstrip("# ").startswith("[")
    ]
    write(folder, "\n".join(lines))
    full = load_settings(folder, environ={})
    assert full.fetch.contact
    assert full.fetch.proxy
    assert full.fetch.resolve
    assert full.topics[0].all


@pytest.mark.parametrize(
    "contact", ["me", "example.org/bot", "ftp://example.org/", "https://", "@", "a desk@b.example"]
)
def test_a_contact_that_leads_to_nobody_is_told_with_what_to_write(folder, contact):
    write(folder, f'[fetch]\ncontact = "{contact}"\n')
    with pytest.raises(ConfigError, match=r"fetch\.contact.*https://example\.org/about.*desk@example\.org"):
        load_settings(folder, environ={})
    with pytest.raises(ConfigError, match=r"environment.*fetch\.contact"):
        load_settings(folder.parent, environ={"PRESSWATCH_FETCH_CONTACT": contact})


@pytest.mark.parametrize("contact", ["desk@example.org", "https://example.org/bot", "http://example.org"])
def test_a_contact_is_a_page_or_an_address(folder, contact):
    assert load_settings(folder, environ={"PRESSWATCH_FETCH_CONTACT": contact}).fetch.contact == contact


def test_a_tilde_is_the_home_of_whoever_runs_it(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    write(folder, 'data = "~/press"\noutlets = "~/outlets"')
    settings = load_settings(folder, environ={})
    assert (settings.data, settings.outlets_folder) == (tmp_path / "press", tmp_path / "outlets")
    assert load_settings(folder, data=Path("~/other"), environ={}).data == tmp_path / "other"
    write(folder, 'data = "s3://bucket/press"\n[storage]\nlocal = "~/mirror"')
    assert load_settings(folder, environ={}).data == tmp_path / "mirror"
    write(folder, 'data = "~nobody-of-that-name/press"')
    with pytest.raises(ConfigError, match="has a home here"):
        load_settings(folder, environ={})


def test_a_file_may_begin_with_a_byte_order_mark(folder):
    (folder / "presswatch.toml").write_text('data = "press"', "utf-8-sig")
    assert load_settings(folder, environ={}).data == Path("press")


@pytest.mark.parametrize("address", ["https://chat.example.org/hooks/…", "https://chat.example.org:70000/hooks"])
def test_a_webhook_that_cannot_be_called_is_told_before_a_run_ends(folder, address):
    write(folder, f'[notify]\nwebhook = "{address}"')
    with pytest.raises(ConfigError, match=r"notify\.webhook"):
        load_settings(folder, environ={})


@pytest.mark.parametrize(
    "target", ["127.0.0.1:99999", "127.0.0.1:0", "999.1.1.1:80", "1.2.3:80", "[::g]:80", "[1.2.3.4]x:80"]
)
def test_a_place_that_a_host_is_resolved_to_is_an_address_with_a_port(tmp_path, target):
    (tmp_path / FILE_NAME).write_text(f'[fetch.resolve]\n"quay.test" = "{target}"\n', "utf-8")
    with pytest.raises(ConfigError, match="an address and port like"):
        load_settings(tmp_path, environ={})
    (tmp_path / FILE_NAME).write_text('[fetch.resolve]\n"quay.test" = "[::1]:8081"\n', "utf-8")
    assert load_settings(tmp_path, environ={}).fetch.resolve == {"quay.test": "[::1]:8081"}
