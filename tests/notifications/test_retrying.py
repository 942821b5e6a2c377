"""What failed is tried again when somebody of the programme team asks for it, and nothing else changes."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from notifications import delivery, outbox
from notifications.models import Email, StoppedAddress
from notifications.retrying import try_again
from portfolios import actions
from tests.factories import PersonFactory, share
from tests.mentoring.world import build


@pytest.fixture(autouse=True)
def _at_once(settings):
    settings.NOTICE_BUNDLE_MINUTES = 0


@pytest.fixture
def failed(pair):
    """Ruth's email about Amina's page, which a mail server refused."""
    outbox.gather(timezone.now())
    long_ago = timezone.now() - outbox.GIVE_UP - timedelta(days=1)
    Email.objects.update(
        state="failed", reason="550 5.1.1 Nobody of that name", attempts=1, created_at=long_ago, due_at=long_ago
    )
    return Email.objects.get()


def again(by=None):
    return try_again(Email.objects.all(), by=by or PersonFactory())


def states():
    return list(Email.objects.order_by("pk").values_list("state", "reason"))


def deliver():
    mail.outbox.clear()
    delivery.deliver_due()
    return mail.outbox


def test_what_failed_is_sent_with_its_own_message_id_and_says_until_then_why_it_waits(failed):
    assert again() == (1, 0, 0, 0)
    assert states() == [("waiting", "550 5.1.1 Nobody of that name")]

    [message] = deliver()

    assert message.extra_headers["Message-ID"] == failed.message_id
    assert states() == [("sent", "")]


def test_it_is_asked_anew_whether_it_may_be_sent(pair, failed):
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now())

    again()

    assert deliver() == []
    assert states() == [("dropped", "seen already")]


def test_it_has_three_days_again(failed):
    again()
    [claimed] = outbox.claim_again(timezone.now())

    outbox.mark_for_retry(claimed, "451 Later")

    assert states() == [("waiting", "451 Later")]


def test_another_email_of_its_bundle_may_be_gathered_meanwhile(pair, failed):
    share(pair.page, "<p>Two.</p>")
    outbox.gather(timezone.now())
    assert Email.objects.filter(state="waiting", attempts=0, bundle=failed.bundle).count() == 1

    again()

    assert len(deliver()) == 2
    assert states() == [("sent", ""), ("sent", "")]


def test_what_ended_its_senders_is_noticed_again(failed):
    Email.objects.update(reason="its senders never came back", attempts=outbox.MOST_LOST_LEASES + 1)
    again()
    now = timezone.now()
    for _ in range(outbox.MOST_LOST_LEASES - 1):
        assert outbox.claim_again(now)
        now += outbox.LEASE + timedelta(seconds=1)

    assert outbox.claim_again(now) == []
    assert states() == [("failed", "its senders never came back")]


def test_what_was_put_off_is_due_now(failed):
    later = timezone.now() + timedelta(hours=1)
    Email.objects.update(state="waiting", attempts=4, reason="451 Later", due_at=later)

    assert again() == (1, 0, 0, 0)

    assert len(deliver()) == 1


def test_a_letter_whose_words_are_gone_stays_as_it_is(db):
    Email.objects.create(state="failed", reason="550 No")

    assert again() == (0, 1, 0, 0)
    assert states() == [("failed", "550 No")]


def test_an_address_that_takes_no_email_gets_none(failed):
    StoppedAddress.objects.create(email="ruth@example.org", reason="550 5.1.1")

    assert again() == (0, 0, 1, 0)
    assert states() == [("failed", "550 5.1.1 Nobody of that name")]


@pytest.mark.parametrize("state", ["sending", "sent", "dropped"])
def test_what_did_not_fail_is_left_alone(failed, state):
    Email.objects.update(state=state, reason="")

    assert again() == (0, 0, 0, 1)
    assert states() == [(state, "")]


def test_who_asked_is_in_the_history(failed):
    lead = PersonFactory()

    again(by=lead)

    [entry] = LogEntry.objects.all()
    assert (entry.user, entry.object_id, entry.get_change_message()) == (lead, str(failed.pk), "Tried again.")


@pytest.fixture
def ask(db, signed_in):
    """`ask(role, *emails)`: have them tried again by the menu of the list. Returns what is said of it."""
    world = build()
    Email.objects.all().delete()

    def press(role, *emails):
        data = {"action": "try_again", "_selected_action": [email.pk for email in emails]}
        url = reverse("admin:notifications_email_changelist")
        page = signed_in(world.people[role]).post(url, data, follow=True)
        return [str(message) for message in page.context["messages"]]

    press.people = world.people
    return press


def test_a_lead_has_emails_tried_again_and_is_told_what_came_of_it(ask):
    mentee, mentor = ask.people["mentee"], ask.people["mentor"]
    StoppedAddress.objects.create(email=mentor.email, reason="550 5.1.1")
    emails = [
        Email.objects.create(person=mentee, bundle="page-1", state="failed", reason="550 No"),
        Email.objects.create(person=mentor, bundle="page-1", state="failed", reason="550 No"),
        Email.objects.create(person=mentee, state="failed", reason="550 No"),
        Email.objects.create(person=mentee, bundle="page-2", state="sent"),
        Email.objects.create(person=mentee, bundle="page-3", state="dropped"),
    ]

    assert ask("lead", *emails) == [
        "1 email is being tried again.",
        "1 goes to an address that takes no email. Its owner can say so when it works again.",
        "1 was about signing in, and its words are gone. A new one can be asked for.",
        "2 need no other try: they went out, are being sent, or were not needed.",
    ]
    assert [state for state, _reason in states()] == ["waiting", "failed", "failed", "sent", "dropped"]


def test_emails_of_another_programme_cannot_be_tried_again(ask):
    theirs = Email.objects.create(person=ask.people["foreign"], bundle="page-1", state="failed", reason="550 No")

    assert ask("lead", theirs) == []
    assert states() == [("failed", "550 No")]


def test_a_helper_has_nothing_tried_again(ask):
    email = Email.objects.create(person=ask.people["mentee"], bundle="page-1", state="failed", reason="550 No")

    ask("helper", email)

    assert states() == [("failed", "550 No")]
