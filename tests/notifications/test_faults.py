"""What goes wrong with one email, one person or one sender is no trouble for the others. `make faults` is the rest."""

import smtplib
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.utils import timezone

from accounts.models import Profile
from notifications import delivery, outbox
from notifications.actions import choose, send_letter, set_preferences
from notifications.desk import Desk
from notifications.models import Email, Event, Notification, StoppedAddress
from pairings.actions import send_message
from portfolios import actions
from tests.at_once import all_at_once
from tests.factories import PairingFactory, make_page, make_portfolio, share

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def pairs(number):
    """Pages that were shared just now, so that their mentors are to be told."""
    found = []
    for _ in range(number):
        pairing = PairingFactory()
        found.append((pairing, make_page(make_portfolio(pairing.mentee, pairing.programme), body="<p>One.</p>")))
    return found


def deliver():
    mail.outbox.clear()
    delivery.deliver_due()
    return mail.outbox


def recipients():
    return Counter(message.to[0].rpartition("<")[2].rstrip(">") for message in mail.outbox)


@pytest.fixture(autouse=True)
def _at_once(settings):
    settings.NOTICE_BUNDLE_MINUTES = 0


# Case 7


def test_what_is_rolled_back_is_told_to_nobody(pair):
    deliver()
    with transaction.atomic():
        share(pair.page, "<p>Never mind.</p>")
        send_message(pair.pairing, by=pair.mentee, body="Never mind.")
        transaction.set_rollback(True)

    assert deliver() == []
    assert Event.objects.count() == 1


# Case 8


POISONS = {
    "a zone that nobody knows": lambda person: Profile.objects.filter(user=person).update(time_zone="Nowhere/At_All"),
    "no profile": lambda person: Profile.objects.filter(user=person).delete(),
    "a choice of another version": lambda person: (
        set_preferences(person, portfolio="now") and person.preference.__class__.objects.update(portfolio="monthly")
    ),
    "an event of another version": lambda person: Event.objects.filter(notifications__person=person).update(kind="x"),
}


@pytest.mark.parametrize("poison", POISONS)
@pytest.mark.parametrize("window", [0, 30])
def test_what_is_amiss_with_one_person_holds_up_nobody_else(db, settings, caplog, poison, window):
    settings.NOTICE_BUNDLE_MINUTES = window
    with time_machine.travel(MONDAY, tick=False):
        shared = pairs(3)
        strange = shared[1][0].mentor
        POISONS[poison](strange)
        for pairing, page in shared:
            share(page, "<p>Two.</p>")
            send_message(pairing, by=pairing.mentee, body="Hello.")
    with time_machine.travel(MONDAY + 2 * HOUR, tick=False):
        deliver()

    others = {pairing.mentor.email for pairing, _page in shared} - {strange.email}
    assert others <= set(recipients())
    assert set(Email.objects.filter(person=strange).values_list("state", flat=True)) <= {"sent", "failed", "waiting"}
    assert not Notification.objects.waiting().filter(due_at__lte=MONDAY + 2 * HOUR).exists()


def test_what_cannot_be_made_can_be_seen_to_have_failed(db, caplog):
    [(pairing, _page)] = pairs(1)
    Profile.objects.filter(user=pairing.mentor).delete()

    assert deliver() == []
    assert Email.objects.values_list("state", "reason").get() == (
        "failed",
        "could not be made: RelatedObjectDoesNotExist",
    )


class Strange:
    """A mail server that answers with what no database keeps."""

    def send(self, message):
        raise smtplib.SMTPRecipientsRefused({"ruth@example.org": (550, b"5.1.1 No\x00 such\r\n user \xff\x1b[31m")})


def test_whatever_a_mail_server_says_can_be_kept(pair):
    outbox.gather(timezone.now())
    claimed = outbox.claim(timezone.now())

    delivery.deliver(claimed[0], Strange(), Desk(claimed))

    assert Email.objects.values_list("state", "reason").get() == ("failed", "550 5.1.1 No such user � [31m")
    assert StoppedAddress.objects.get().email == "ruth@example.org"


# Case 1, 5 and 6, in one process


@pytest.mark.django_db(transaction=True)
def test_senders_at_the_same_moment_send_nothing_twice():
    expected = {pairing.mentor.email for pairing, _page in pairs(30)}

    assert all_at_once([delivery.deliver_due] * 4) == {"done": 4}

    delivery.deliver_due()
    assert recipients() == dict.fromkeys(expected, 1)


def test_while_a_mail_server_thinks_about_one_the_others_are_for_other_senders(db, monkeypatch):
    for number in range(4):
        send_letter(to=f"{number}@example.org", subject="Hello", text="Hello", html="")
    clock = iter(range(0, 10_000, 100))
    monkeypatch.setattr(delivery.time, "monotonic", lambda: next(clock))
    claimed = outbox.claim(timezone.now())

    handled = delivery._send(claimed, delivery._Mailer())

    assert (handled, recipients()) == (1, {"0@example.org": 1})
    assert list(Email.objects.order_by("pk").values_list("state", "attempts")) == [("sent", 1)] + [("waiting", 1)] * 3
    assert [email.letter["to"] for _ in range(3) for email in outbox.claim_again(timezone.now())] == [
        "1@example.org",
        "2@example.org",
        "3@example.org",
    ]


def test_what_is_handed_back_may_find_another_email_of_its_bundle_being_gathered(pair):
    outbox.gather(timezone.now())
    claimed = outbox.claim(timezone.now())
    share(pair.page, "<p>Two.</p>")
    outbox.gather(timezone.now())

    outbox.hand_back(claimed)

    assert len(deliver()) == 2


def test_only_who_holds_an_email_hands_it_back(pair):
    outbox.gather(timezone.now())
    mine = outbox.claim(timezone.now())
    [theirs] = outbox.claim_again(timezone.now() + outbox.LEASE + MINUTE)

    outbox.hand_back(mine)

    theirs.refresh_from_db()
    assert (theirs.state, theirs.attempts) == ("sending", 2)


@pytest.mark.parametrize("step", [HOUR, -HOUR])
def test_a_clock_that_jumps_sends_nothing_twice(pair, step):
    outbox.gather(timezone.now())
    [mine] = outbox.claim(timezone.now())

    with time_machine.travel(timezone.now() + step):
        theirs = outbox.claim_again(timezone.now())
        still_mine = outbox.hold(mine)

    assert [len(theirs), still_mine] == ([1, False] if step > timedelta(0) else [0, True])


# Case 9


def test_200_comments_in_a_minute_are_one_email_to_each(pair, settings):
    settings.NOTICE_BUNDLE_MINUTES = 30
    sent = []
    with time_machine.travel(MONDAY, tick=False) as clock:
        actions.mark_read(pair.page, by=pair.mentor, until=timezone.now() + DAY)
        for number in range(200):
            by = pair.mentor if number % 2 else pair.mentee
            actions.add_comment(pair.page, by=by, body=f"Thought {number}.")
            clock.shift(timedelta(seconds=0.3))
            sent += deliver() if number % 20 == 0 else []
        at_once = len(sent)
        for _ in range(3 * 60):
            clock.shift(MINUTE)
            sent += deliver()

    assert at_once == 0
    assert sorted(message.to for message in sent) == [
        ["Amina Okafor <amina@example.org>"],
        ["Ruth Lindqvist <ruth@example.org>"],
    ]
    assert Notification.objects.filter(event__kind="portfolios.commented", email__state="sent").count() == 200


def test_200_comments_in_a_minute_are_never_more_than_two_emails_a_day_to_who_wants_them_soon(pair, settings):
    settings.NOTICE_BUNDLE_MINUTES = 30
    days = Counter()
    with time_machine.travel(MONDAY, tick=False) as clock:
        choose(pair.mentee, group="portfolio", choice="now")
        for number in range(200):
            actions.add_comment(pair.page, by=pair.mentor, body=f"Thought {number}.")
            clock.shift(timedelta(seconds=0.3))
            if number % 10 == 0:
                deliver()
                days[timezone.localdate()] += recipients()["amina@example.org"]
        for _ in range(24):
            clock.shift(HOUR)
            deliver()
            days[timezone.localdate()] += recipients()["amina@example.org"]

    assert max(days.values()) <= 2
    assert Notification.objects.filter(event__kind="portfolios.commented", email__state="sent").count() == 200
