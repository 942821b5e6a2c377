"""Where one is signed in, and changing how one signs in."""

from datetime import timedelta

import time_machine
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from mentoring.admin import ProgrammeAdminSite
from tests.accounts.conftest import PASSWORD, code_in, is_signed_in, link_in, make_person, sign_in
from tests.factories import PersonFactory

NEW = {"password1": "four-quite-plain-words", "password2": "four-quite-plain-words"}


def test_the_list_of_sign_ins_names_the_devices_and_ends_the_others(ruth):
    here = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"})
    there = Client(headers={"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1"})
    sign_in(here, ruth)
    sign_in(there, ruth)

    page = here.get("/account/security/sign-ins/").content.decode()
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    here.post("/account/security/sign-ins/")

    assert is_signed_in(here)
    assert not is_signed_in(there)


def test_nobody_ends_the_sessions_of_somebody_else(client, ruth):
    there, somebody = Client(), client
    sign_in(there, ruth)
    sign_in(somebody, make_person())

    somebody.post("/account/security/sign-ins/", {"session": "1", "id": "1"})

    assert is_signed_in(there)
    assert len(somebody.get("/account/security/sign-ins/").context["sessions"]) == 1


def change_address(browser, email):
    return browser.post("/account/security/email/", {"email": email, "action_add": ""})


def test_who_changes_their_address_says_once_more_who_they_are(client, ruth, letters):
    sign_in(client, ruth)

    again = change_address(client, "new@example.org")

    assert again["Location"] == "/account/again/?next=%2Faccount%2Fsecurity%2Femail%2F"
    assert "Check the password" in client.post(again["Location"], {"password": "no"}).content.decode()
    assert letters() == []
    client.post(again["Location"], {"password": PASSWORD})
    assert ["new@example.org"] in [message.to for message in letters()]


def test_after_a_while_they_say_so_again(client, ruth):
    sign_in(client, ruth)
    client.post("/account/again/", {"password": PASSWORD})
    assert client.get("/account/security/email/").status_code == 200

    with time_machine.travel(timezone.now() + timedelta(minutes=20), tick=False):
        again = change_address(client, "new@example.org")

    assert again["Location"].startswith("/account/again/?")


def test_a_changed_password_ends_other_sessions_and_is_told_by_email(client, ruth, letters):
    there = Client()
    sign_in(there, ruth)
    sign_in(client, ruth)

    client.post("/account/security/password/", {"oldpassword": PASSWORD, **NEW})

    assert is_signed_in(client)
    assert not is_signed_in(there)
    assert [message.to for message in letters()] == [["ruth@example.org"]]


def test_a_new_address_counts_once_it_is_confirmed_and_the_old_one_is_told(client, ruth, letters):
    sign_in(client, ruth)
    client.post("/account/again/", {"password": PASSWORD})
    change_address(client, "New@Example.org")
    asked = letters()
    ruth.refresh_from_db()
    assert ruth.email == "ruth@example.org"

    client.post(link_in(next(message for message in asked if message.to == ["new@example.org"])))

    ruth.refresh_from_db()
    assert ruth.email == "new@example.org"
    assert sign_in(Client(), ruth)["Location"] == "/home/"
    assert sign_in(Client(), PersonFactory.build(email="ruth@example.org")).status_code == 200
    assert ["ruth@example.org"] in [message.to for message in letters()]


def test_somebody_made_in_the_admin_comes_in_by_a_code(client, signed_in, db, letters):
    root = PersonFactory(is_staff=True, is_superuser=True)
    answer = signed_in(root).post(
        "/admin/accounts/user/add/", {"name": "Nora New", "email": "Nora@Example.org", "is_active": "on"}
    )
    assert answer.status_code == 302

    browser = Client()
    browser.post("/account/sign-in/code/", {"email": "nora@example.org"})
    browser.post("/account/sign-in/code/confirm/", {"code": code_in(letters()[0])})

    assert is_signed_in(browser)


def test_an_address_that_was_changed_in_the_admin_opens_no_way_in_any_more(signed_in, ruth, letters):
    root = PersonFactory(is_staff=True, is_superuser=True)
    answer = signed_in(root).post(
        f"/admin/accounts/user/{ruth.pk}/change/",
        {"name": ruth.name, "email": "Ruth.New@Example.org", "is_active": "on"},
    )
    assert answer.status_code == 302

    old, new = Client(), Client()
    for browser, email in ((old, "ruth@example.org"), (new, "ruth.new@example.org")):
        browser.post("/account/sign-in/", {"login": email, "password": PASSWORD})
        browser.post("/account/sign-in/code/", {"email": email})
    codes = {message.to[0]: message for message in letters() if "code" in message.subject}

    assert set(codes) == {"ruth.new@example.org"}
    new.post("/account/sign-in/code/confirm/", {"code": code_in(codes["ruth.new@example.org"])})
    assert (is_signed_in(old), is_signed_in(new)) == (False, True)


def test_signing_in_is_set_up_as_the_books_say():
    assert (settings.ACCOUNT_PREVENT_ENUMERATION, settings.ACCOUNT_EMAIL_VERIFICATION) == (True, "mandatory")
    assert settings.ACCOUNT_REAUTHENTICATION_REQUIRED
    assert settings.ACCOUNT_EMAIL_NOTIFICATIONS
    assert settings.ALLAUTH_TRUSTED_PROXY_COUNT == settings.TRUSTED_PROXIES == 0
    assert settings.AUTHENTICATION_BACKENDS == ["accounts.backends.EmailBackend"]
    assert "allauth.usersessions" in settings.INSTALLED_APPS
    assert isinstance(admin.site._wrapped if hasattr(admin.site, "_wrapped") else admin.site, ProgrammeAdminSite)
