import re

import pytest
from django.core import mail
from django.urls import reverse

from notifications import delivery
from tests.mentoring.world import build


@pytest.fixture
def world(db):
    """Two programmes with somebody in every part; the lead and the helper look after the first."""
    return build()


@pytest.fixture
def admin_of(world, signed_in):
    """`admin_of("lead")` is a browser of that role."""
    return lambda role: signed_in(world.people[role])


def add(browser, model, **data):
    """The errors of adding a row by a raw post; None when it was added."""
    answer = browser.post(reverse(f"admin:{model}_add"), data)
    return None if answer.status_code == 302 else dict(answer.context["adminform"].form.errors)


@pytest.fixture
def letters():
    """`letters()` are the emails that are sent when the outbox is emptied now."""

    def empty():
        mail.outbox.clear()
        delivery.deliver_due()
        return mail.outbox

    return empty


def link_in(message):
    """The path of the first link of an email."""
    return re.search(r"https?://[^/\s]+(/\S+)", message.body)[1]
