"""Which addresses a request may leave for, and who we say we are."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch import __version__
from presswatch.errors import ConfigError
from presswatch.fetch import need_contact, user_agent
from presswatch.fetch.guard import Guard, RefusedAddressError, is_disguise, is_public
from presswatch.fetch.pace import read_retry_after
from presswatch.outlets import Outlet, Source
from presswatch.settings import FetchSettings


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.1.9", "169.254.169.254", "172.16.0.1",
        "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
        "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:10.0.0.1",
        "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:808:808::1", "3fff::1",
        "fc00::1", "fd12::1", "fe80::1%eth0", "fec0::1", "ff02::1", "::8.8.8.8",
    ],
)  # fmt: skip
def test_what_is_not_the_public_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "2a00:1450:4001::1"])
def test_what_is(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_judged_as_itself(address: object) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address))
    if ip_address(str(address)).is_private:
        assert not is_public(str(address))


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "1.2.3", "0x7f.0.0.1", "1.2.3.04"])
def test_numbers_that_only_resolvers_understand(host: str) -> None:
    assert is_disguise(host)


@pytest.mark.parametrize("host", ["quay.test", "8.8.8.8", "7up.example", "2001:db8::1", "a1", "4ad.com"])
def test_names_and_plain_addresses_are_none(host: str) -> None:
    assert not is_disguise(host)


async def _private(host: str, port: int) -> list[str]:
    return ["10.0.0.1"]


def test_resolved_hosts_alone_are_exempt() -> None:
    guard = Guard({"Quay.test": "127.0.0.1:8081", "six.test": "[::1]:8082"}, _private)
    assert asyncio.run(guard.targets("quay.test", 80)) == [("127.0.0.1", 8081)]
    assert asyncio.run(guard.targets("six.test", 443)) == [("::1", 8082)]
    with pytest.raises(RefusedAddressError, match=r"10\.0\.0\.1"):
        asyncio.run(guard.targets("www.quay.test", 80))


QUAY = Outlet(
    id="quay", name="The Quay", hosts=("quay.test",), discover=(Source(kind="feed", url="https://feeds.test/q"),)
)


def test_the_user_agent_names_product_version_and_contact() -> None:
    assert (
        user_agent(FetchSettings(contact="https://us.example/bot"))
        == f"presswatch/{__version__} (+https://us.example/bot)"
    )
    assert user_agent(FetchSettings()) == f"presswatch/{__version__}"
    assert "\n" not in user_agent(FetchSettings(contact="a@b.example\r\nX-Evil: 1"))


def test_a_real_outlet_is_not_fetched_by_a_stranger() -> None:
    with pytest.raises(ConfigError, match=r"feeds\.test.*contact = "):
        need_contact(QUAY, FetchSettings(resolve={"quay.test": "127.0.0.1:1"}))
    need_contact(QUAY, FetchSettings(contact="https://us.example/bot"))
    need_contact(QUAY, FetchSettings(resolve={"quay.test": "127.0.0.1:1", "feeds.test": "127.0.0.1:1"}))


@given(st.text(max_size=40))
def test_no_retry_after_is_an_error(text: str) -> None:
    told = read_retry_after(text, datetime(2026, 1, 1, tzinfo=UTC))
    assert told is None or isinstance(told, float)
