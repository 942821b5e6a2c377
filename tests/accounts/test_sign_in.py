"""Signing in by password or by a code, and out again."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.test import Client
from django.utils import timezone
from lxml import html

from notifications.models import Email
from tests.accounts.conftest import PASSWORD, code_in, is_signed_in, link_in, sign_in
from tests.factories import PersonFactory


def test_the_form_has_two_fields_and_one_button_to_sign_in(client, db):
    form = html.fromstring(client.get("/account/sign-in/").content).xpath(
        "//form[@action='/account/sign-in/'][.//input[@name='login']]"
    )[0]

    assert [label.text_content().split()[0] for label in form.findall(".//label")][:2] == ["Email", "Password"]
    assert [button.text_content() for button in form.xpath(".//button[not(@type='button')]")] == ["Sign in"]


@pytest.mark.parametrize("email", ["ruth@example.org", "Ruth@Example.ORG", " ruth@example.org "])
def test_email_and_password_sign_in(client, ruth, email):
    answer = client.post("/account/sign-in/", {"login": email, "password": PASSWORD})

    assert answer["Location"] == "/home/"
    assert get_user(client) == ruth


def test_a_wrong_password_signs_nobody_in(client, ruth):
    answer = sign_in(client, ruth, "three-other-words")

    assert "Check the email address and the password: they don’t fit together." in answer.content.decode()
    assert not is_signed_in(client)


def test_who_does_not_ask_to_stay_signed_in_is_forgotten_with_the_browser(client, ruth):
    sign_in(client, ruth)
    assert client.cookies["sessionid"]["expires"] == ""

    other = Client()
    sign_in(other, ruth, remember="on")
    assert other.cookies["sessionid"]["max-age"] == 60 * 60 * 24 * 30


def ask_for_code(browser, email):
    return browser.post("/account/sign-in/code/", {"email": email})


def give_code(browser, code):
    return browser.post("/account/sign-in/code/confirm/", {"code": code})


def test_a_code_from_an_email_signs_in_and_is_wiped_once_it_is_sent(client, ruth, letters):
    ask_for_code(client, ruth.email)
    waiting = Email.objects.get()
    assert waiting.letter["to"] == ruth.email

    [message] = letters()
    waiting.refresh_from_db()

    assert (waiting.state, waiting.letter, waiting.subject) == ("sent", None, "")
    assert message.subject.replace(" ", "").endswith(code_in(message))
    assert give_code(client, code_in(message))["Location"] == "/home/"
    assert get_user(client) == ruth


def test_a_code_typed_as_it_is_printed_works_too(client, ruth, letters):
    ask_for_code(client, ruth.email)
    code = code_in(letters()[0])

    assert give_code(client, f" {code[:3]} {code[3:]} ").status_code == 302
    assert is_signed_in(client)


def test_a_code_works_once_in_one_browser_and_for_ten_minutes(client, ruth, letters):
    ask_for_code(client, ruth.email)
    code = code_in(letters()[0])

    other = Client()
    ask_for_code(other, ruth.email)
    give_code(other, code)
    assert not is_signed_in(other)

    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        give_code(client, code)
        assert not is_signed_in(client)

    assert not is_signed_in(client)


def test_a_used_code_signs_nobody_in_again(client, ruth, letters):
    ask_for_code(client, ruth.email)
    code = code_in(letters()[0])
    give_code(client, code)
    client.post("/account/sign-out/")

    give_code(client, code)

    assert not is_signed_in(client)


def test_guessing_a_code_ends_soon(client, ruth, letters):
    ask_for_code(client, ruth.email)
    code = code_in(letters()[0])
    wrong = "000000" if code != "000000" else "111111"

    for _ in range(3):
        give_code(client, wrong)
    give_code(client, code)

    assert not is_signed_in(client)


def test_somebody_whose_address_is_not_confirmed_is_sent_to_confirm_it(client, db, letters):
    person = PersonFactory(email="new@example.org")
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=False, primary=True)

    answer = sign_in(client, person)

    assert answer["Location"] == "/account/join/check/"
    assert not is_signed_in(client)
    assert "/account/join/confirm/" in link_in(letters()[0])


def test_a_closed_account_opens_no_way_in_and_ends_every_session(client, ruth, letters):
    sign_in(client, ruth)
    ruth.is_active = False
    ruth.save()

    assert not is_signed_in(client)
    assert sign_in(Client(), ruth)["Location"] == "/account/inactive/"
    assert sign_in(Client(), ruth, "three-other-words").status_code == 200
    browser = Client()
    ask_for_code(browser, ruth.email)
    assert [message.subject for message in letters() if "code" in message.subject] == []
    browser.post("/account/password/reset/", {"email": ruth.email})
    assert [message.subject for message in letters() if "password" in message.subject.lower()] == []


def test_after_signing_out_the_back_button_shows_nothing(client, ruth):
    sign_in(client, ruth)

    assert client.get("/home/")["Cache-Control"] == "private, no-store"


def test_signing_out_needs_a_press_of_the_button(client, ruth):
    sign_in(client, ruth)

    client.get("/account/sign-out/")
    assert is_signed_in(client)
    client.post("/account/sign-out/")

    assert not is_signed_in(client)


@pytest.mark.parametrize("path", ["/admin/", "/admin/programmes/programme/", "/admin/login/?next=/admin/"])
def test_the_admin_is_entered_by_the_same_page(client, ruth, path):
    answer = client.get(path, follow=True)

    assert answer.redirect_chain[-1][0].startswith("/account/sign-in/?next=/admin/")
    assert answer.templates[0].name == "account/login.html"


def test_the_admins_own_form_checks_no_password(client, ruth):
    ruth.is_staff = ruth.is_superuser = True
    ruth.save()

    answer = client.post("/admin/login/", {"username": ruth.email, "password": PASSWORD})

    assert answer["Location"] == "/account/sign-in/?next=/admin/"
    assert not is_signed_in(client)
    assert sign_in(client, ruth, next="/admin/")["Location"] == "/admin/"


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "\\\\evil.example/",
    "/\\evil.example/",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "\x08//evil.example",
    "\t//evil.example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "/\r\nLocation: https://evil.example/",
]


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_the_way_on_never_leaves_the_site(ruth, letters, elsewhere):
    PersonFactory(email="amina@demo.example")
    signed_out, by_code, signed_in = Client(), Client(), Client()
    sign_in(signed_in, ruth)
    ask = by_code.post("/account/sign-in/code/", {"email": ruth.email, "next": elsewhere})
    answers = [
        sign_in(signed_out, ruth, next=elsewhere),
        ask,
        by_code.post(ask["Location"], {"code": code_in(letters()[0]), "next": elsewhere}),
        signed_in.get("/account/sign-in/", {"next": elsewhere}),
        signed_in.get("/account/join/", {"next": elsewhere}),
        signed_in.post("/account/again/", {"password": PASSWORD, "next": elsewhere}),
        signed_in.get("/admin/login/", {"next": elsewhere}),
        signed_in.post("/account/sign-out/", {"next": elsewhere}),
        Client().get("/admin/login/", {"next": elsewhere}),
        Client().post("/demo/sign-in/", {"key": "amina", "next": elsewhere}),
    ]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 302, 302, 302, 404, 302, 302, 302]
    for answer in answers:
        location = answer.get("Location", "/")
        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))
        assert "\n" not in location
