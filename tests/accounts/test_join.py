"""Joining, confirming an address, choosing a new password; and telling nobody who has an account."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import PASSWORD, is_signed_in, link_in, sign_in
from tests.accounts.counting import CountingHasher
from tests.at_once import all_at_once
from tests.factories import PersonFactory

NEW = {"email": "New@Example.org", "name": "Nora New", "password1": PASSWORD}


def join(browser, **changes):
    return browser.post("/account/join/", NEW | changes)


def test_who_joins_is_let_in_once_their_address_is_confirmed(client, db, letters):
    assert join(client)["Location"] == "/account/join/check/"
    person = User.objects.get()
    assert (person.email, person.name, person.profile.zone.key) == ("new@example.org", "Nora New", "Europe/London")
    assert not is_signed_in(client)
    assert sign_in(Client(), person)["Location"] == "/account/join/check/"

    link = link_in(letters()[0])
    assert client.get(link).status_code == 200
    assert not EmailAddress.objects.get().verified
    client.post(link)

    assert EmailAddress.objects.get().verified
    assert get_user(client) == person


def test_a_confirmation_used_before_confirms_nothing_again_and_signs_nobody_in(client, db, letters):
    join(client)
    link = link_in(letters()[0])
    client.post(link)

    other = Client()
    other.post(link)

    assert not is_signed_in(other)
    assert "This address is already in use" not in client.get("/home/").content.decode()


def test_a_confirmation_of_another_make_is_refused(client, db):
    answer = client.get("/account/join/confirm/MTE:1xVU2U:EB7q3AH_olU_7vGtrPa9REHXd422w9SWsu7eMO_mNP4/")

    assert "This link no longer works" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("name", "", "Tell us your name"),
        ("name", "Nora\x00New", "Null characters are not allowed."),
        ("email", "nora", "Enter an email address in full, like name@example.org"),
        ("email", "nora@example.org\r\nBcc: x@example.org", "Enter an email address in full"),
        ("email", "nora@exa\x00mple.org", "Null characters are not allowed."),
        ("password1", "short", "This password is too short."),
        ("password1", "password123", "This password is too common."),
        ("password1", "new@example.org", "The password is too similar to the email"),
    ],
)
def test_what_is_missing_or_weak_is_said(client, db, field, value, problem):
    answer = join(client, **{field: value})

    assert answer.status_code == 200
    assert problem in answer.content.decode()
    assert not User.objects.exists()


def test_nobody_joins_with_rights(client, db):
    join(client, is_staff="on", is_superuser="on", groups="1")

    person = User.objects.get()
    assert (person.is_staff, person.is_superuser, person.groups.count()) == (False, False, 0)


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_works_once(ruth, letters):
    signed_in, browser = Client(), Client()
    sign_in(signed_in, ruth)
    browser.post("/account/password/reset/", {"email": "RUTH@example.org"})
    link = link_in(letters()[0])

    form = browser.get(link)["Location"]
    words = {"password1": "four-quite-plain-words", "password2": "four-quite-plain-words"}
    assert browser.post(form, words)["Location"] == "/account/password/reset/done/"

    assert not is_signed_in(browser)
    assert not is_signed_in(signed_in)
    assert sign_in(browser, ruth, "four-quite-plain-words")["Location"] == "/home/"
    assert "This link no longer works" in Client().get(link).content.decode()
    assert [message.subject for message in letters()] == ["You have a new password"]


def test_a_link_for_one_person_changes_nobody_elses_password(ruth, letters):
    other = PersonFactory()
    browser = Client()
    browser.post("/account/password/reset/", {"email": ruth.email})
    key = link_in(letters()[0]).rpartition("-")[2]

    from_other = browser.get(f"/account/password/reset/{other.pk}-{key}")

    assert "This link no longer works" in from_other.content.decode()


def told(answer, *addresses):
    """What an answer tells, without the tokens that differ each time and the address that was typed."""
    body = re.sub(r"(nonce|csrfmiddlewaretoken|X-CSRFToken)[^>]{1,120}", "", answer.content.decode())
    for address in addresses:
        body = body.replace(address, "")
    return answer.status_code, answer.get("Location"), sorted(answer.cookies), body


FORMS = {
    "/account/join/": lambda email: NEW | {"email": email},
    "/account/password/reset/": lambda email: {"email": email},
    "/account/sign-in/code/": lambda email: {"email": email},
    "/account/sign-in/": lambda email: {"login": email, "password": "three-other-words"},
}


@pytest.mark.parametrize("url", FORMS)
def test_nobody_learns_who_has_an_account(ruth, letters, url):
    answers = []
    for email in (ruth.email, "none@example.org"):
        browser = Client()
        first = browser.post(url, FORMS[url](email))
        after = browser.get(first["Location"]) if first.status_code == 302 else first
        answers.append((told(first, email), told(after, email)))

    assert answers[0] == answers[1]
    # Both get an email, so that neither the time it takes nor the outbox of the page tells them apart.
    expected = set() if url == "/account/sign-in/" else {ruth.email, "none@example.org"}
    assert {message.to[0] for message in letters()} == expected


@pytest.mark.parametrize("url", FORMS)
def test_the_time_of_an_answer_tells_nobody_who_has_an_account(ruth, settings, url):
    settings.PASSWORD_HASHERS = ["tests.accounts.counting.CountingHasher"]
    ruth.set_password(PASSWORD)
    ruth.save()

    hashed = []
    for email in (ruth.email, "none@example.org"):
        before = CountingHasher.count
        Client().post(url, FORMS[url](email))
        hashed.append(CountingHasher.count - before)

    assert hashed[0] == hashed[1]


def test_what_follows_a_code_tells_nobody_who_has_an_account(ruth):
    answers = []
    for email in (ruth.email, "none@example.org"):
        browser = Client()
        browser.post("/account/sign-in/code/", {"email": email})
        answers.append(
            [
                told(browser.post("/account/sign-in/code/confirm/", {"code": "000000"}), email),
                told(browser.post("/account/sign-in/code/confirm/", {"action": "resend"}), email),
            ]
        )

    assert answers[0] == answers[1]


def test_who_joins_again_is_reminded_of_their_account_and_nothing_changes(ruth, letters):
    join(Client(), email="Ruth@example.org", name="Somebody")

    assert User.objects.values_list("email", "name").get() == ("ruth@example.org", "Ruth Lindqvist")
    [message] = letters()
    assert message.to == ["ruth@example.org"]
    assert "You have an account already" in message.body


@pytest.mark.django_db(transaction=True)
def test_joining_many_times_at_once_makes_one_account():
    def click():
        assert join(Client())["Location"] == "/account/join/check/"

    assert all_at_once([click] * 6) == {"done": 6}
    assert User.objects.count() == 1
