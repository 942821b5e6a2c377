import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from notifications import delivery
from tests.factories import PersonFactory

PASSWORD = "three-plain-words"


def make_person(**fields):
    """Somebody with a password and a confirmed address."""
    person = PersonFactory(**fields)
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.fixture
def ruth(db):
    return make_person(name="Ruth Lindqvist", email="ruth@example.org")


@pytest.fixture
def letters():
    """`letters()` are the emails that are sent when the outbox is emptied now."""

    def empty():
        mail.outbox.clear()
        delivery.deliver_due()
        return mail.outbox

    return empty


def is_signed_in(browser):
    return browser.get("/home/").status_code == 200


def sign_in(browser, person, password=PASSWORD, **data):
    return browser.post("/account/sign-in/", {"login": person.email, "password": password, **data})


def code_in(message):
    """The six digits of an email."""
    first, last = re.search(r"(\d{3}) (\d{3})", message.body).groups()
    return first + last


def link_in(message):
    """The path of the first link of an email."""
    return re.search(r"https?://[^/\s]+(/\S+)", message.body)[1]
