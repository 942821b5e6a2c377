"""Guessing is slowed down, whatever a client claims about where it is."""

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.test import Client, override_settings

from tests.accounts.conftest import is_signed_in, make_person, sign_in

TOO_OFTEN = "That was tried too often."


def from_address(number):
    return f"198.51.100.{number}"


def guess(ruth, times, **options):
    """Wrong passwords for one account or, with `emails`, one for each of many; returns how many were looked at."""
    looked_at = 0
    for number in range(times):
        answer = Client().post(
            "/account/sign-in/",
            {"login": options["email"](number), "password": "three-other-words"},
            headers={"X-Forwarded-For": options["forwarded"](number)},
        )
        looked_at += "they don’t fit together" in answer.content.decode()
    return looked_at


WAYS = {
    # no proxy of ours: whatever stands in the header is the client's claim
    0: from_address,
    # one proxy of ours, which adds the true address last
    1: lambda number: f"{from_address(number)}, 203.0.113.7",
}


@pytest.mark.parametrize("proxies", WAYS)
def test_one_account_is_guessed_at_a_few_times_and_then_closed_for_passwords(ruth, proxies):
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=proxies):
        looked_at = guess(ruth, 20, email=lambda number: ruth.email, forwarded=WAYS[proxies])

        answer = sign_in(Client(), ruth)

    assert looked_at == 5
    assert TOO_OFTEN in answer.content.decode()


@pytest.mark.parametrize("proxies", WAYS)
def test_one_client_guesses_ten_times_a_minute_however_it_disguises_itself(ruth, proxies):
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=proxies):
        looked_at = guess(ruth, 25, email=lambda number: f"person{number}@example.org", forwarded=WAYS[proxies])

        browser = Client(headers={"X-Forwarded-For": WAYS[proxies](200)})
        sign_in(browser, ruth)

    assert looked_at == 10
    assert not is_signed_in(browser)


def test_behind_a_proxy_of_ours_others_are_not_held_up(ruth):
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        guess(ruth, 12, email=lambda number: f"person{number}@example.org", forwarded=WAYS[1])

        browser = Client(headers={"X-Forwarded-For": "203.0.113.7, 203.0.113.8"})
        sign_in(browser, ruth)

    assert is_signed_in(browser)


def test_signing_in_between_guesses_wipes_nothing_out(ruth):
    other = make_person()
    looked_at = 0
    for _ in range(4):
        looked_at += guess(ruth, 3, email=lambda number: ruth.email, forwarded=from_address)
        sign_in(Client(), other)

    assert looked_at == 5


@pytest.mark.parametrize(
    ("url", "taken", "refused"),
    [
        ("/account/join/", 200, 429),
        ("/account/password/reset/", 302, 429),
        ("/account/sign-in/code/", 302, 200),
    ],
)
def test_forms_that_send_email_are_taken_twenty_times_a_minute(db, url, taken, refused):
    statuses = [
        Client()
        .post(url, {"email": f"x{number}@example.org"}, headers={"X-Forwarded-For": from_address(number)})
        .status_code
        for number in range(22)
    ]

    assert statuses == [taken] * 20 + [refused] * 2


def test_codes_are_sent_three_times_a_minute_to_one_address(ruth, letters):
    for number in range(6):
        Client().post(
            "/account/sign-in/code/", {"email": ruth.email}, headers={"X-Forwarded-For": from_address(number)}
        )

    assert [message.to for message in letters()] == [[ruth.email]] * 3


def test_limits_stand_in_the_database_and_are_not_pushed_out_by_others(db):
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")
    cache.set("first-limit", 1, 60)

    for number in range(400):
        cache.set(f"another-{number}", 1, 60)

    assert cache.get("first-limit") == 1
    assert caches["default"]._max_entries == 50_000
