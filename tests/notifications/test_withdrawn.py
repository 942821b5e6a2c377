"""Whoever may no longer read something is refused at the next request, and no email tells them of it later."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.models import User
from notifications import delivery, outbox
from notifications.actions import choose
from notifications.models import Email, Event, Notification
from pairings.actions import move_pairing, send_message
from portfolios import actions
from tests.factories import share

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_once(settings):
    settings.NOTICE_BUNDLE_MINUTES = 0


def deliver():
    mail.outbox.clear()
    delivery.deliver_due()
    return mail.outbox


@pytest.fixture
def told(pair):
    """Both are to be told of what the other wrote: on the page, beside it, and in messages that come weekly."""
    comment = actions.add_comment(pair.page, by=pair.mentor, body="Who did you ask?")
    actions.add_comment(pair.page, by=pair.mentee, body="Tom.", reply_to=comment)
    share(pair.page, "<p>Two.</p>")
    send_message(pair.pairing, by=pair.mentor, body="Good luck.")
    send_message(pair.pairing, by=pair.mentee, body="Thank you.")
    choose(pair.mentor, group="messages", choice="weekly")
    return pair


def later_emails():
    """(address, subject) of what is sent in the days to come."""
    found, now = [], timezone.now()
    for days in (0, 1, 8):
        with time_machine.travel(now + days * DAY):
            found += [(message.to[0].split("<")[1].rstrip(">"), message.subject) for message in deliver()]
    return found


@pytest.mark.parametrize("gathered", [False, True])
def test_after_the_end_the_mentor_is_told_of_nothing_any_more(told, gathered):
    if gathered:
        outbox.gather(timezone.now())

    move_pairing(told.pairing, "ended", by=told.mentee)

    # What stands on her own page the mentee may still read, and both what they wrote to each other until then.
    assert later_emails() == [
        ("amina@example.org", "Ruth commented on “Usage review”"),
        ("ruth@example.org", "Amina: “Thank you.”"),
    ]
    assert not Email.objects.filter(person=told.mentor, thread=f"page-{told.page.pk}", state="sent").exists()


@pytest.mark.parametrize("gathered", [False, True])
def test_who_may_not_sign_in_any_more_is_told_of_nothing(told, gathered):
    if gathered:
        outbox.gather(timezone.now())

    User.objects.update(is_active=False)

    assert later_emails() == []
    assert set(Email.objects.values_list("state", "reason")) == {("dropped", "the person may not sign in")}
    assert not Notification.objects.waiting().exists()


def after(pair, browser):
    """What comes of looking at what the mentor looked at before, and of writing there."""
    thread = f"/pairings/{pair.pairing.slug}/messages/"
    looked = [browser.get(url).status_code for url in (pair.url, f"{pair.url}changes/?since=1", thread)]
    wrote = [
        browser.post(f"{pair.url}comments/", {"kind": "idea", "body": "After."}).status_code,
        browser.post(thread, {"body": "After."}).status_code,
        browser.post(f"{thread}1/wording/", {"body": "After."}).status_code,
    ]
    return looked, wrote


def test_the_next_request_after_the_end_changes_nothing_and_shows_nothing_newer(told, signed_in):
    browser = signed_in(told.mentor)
    assert after(told, browser)[0] == [200, 200, 200]
    said = Event.objects.count()
    move_pairing(told.pairing, "ended", by=told.mentee)
    share(told.page, "<p>Only for her.</p>")

    looked, wrote = after(told, browser)

    assert (looked, wrote) == ([200, 200, 200], [404, 422, 422])
    assert "Only for her" not in browser.get(told.url).content.decode()
    assert Event.objects.count() == said


def test_the_next_request_of_who_may_not_sign_in_any_more_is_refused(told, signed_in):
    browser = signed_in(told.mentor)
    browser.get(told.url)
    said = Event.objects.count()

    User.objects.filter(pk=told.mentor.pk).update(is_active=False)

    assert after(told, browser) == ([302, 302, 302], [302, 302, 302])
    assert Event.objects.count() == said
