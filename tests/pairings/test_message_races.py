"""Twenty clicks, two tabs, two people: one message each, no error, nothing lost."""

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Notification
from notifications.outbox import gather
from pairings.actions import edit_message, mark_messages_read, move_pairing, send_message
from pairings.models import Message, MessageWording
from tests.at_once import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_form_sent_twenty_times_at_once_is_one_message(pair):
    url = f"/pairings/{pair.pairing.slug}/messages/"
    words, places = {"body": "Once.", "once": str(uuid4())}, []

    def click():
        browser = Client()
        browser.force_login(pair.mentee, backend="accounts.backends.EmailBackend")
        return lambda: places.append(browser.post(url, words)["Location"])

    came = all_at_once([click() for _click in range(20)])

    assert came == {"done": 20}
    assert places == [f"{url}#m-1"] * 20
    assert Message.objects.count() == 1
    assert Notification.objects.filter(event__kind="pairings.message").count() == 1


def test_two_who_write_to_each_other_read_and_are_emailed_at_once_wait_in_turn(pair):
    def write(by, number):
        return lambda: send_message(pair.pairing, by=by, body=f"{number}", read=(1, 5))

    writes = [write(by, number) for number in range(10) for by in (pair.mentee, pair.mentor)]
    reads = [lambda by=by: mark_messages_read(pair.pairing, by=by, until=9) for by in (pair.mentee, pair.mentor)] * 3
    gathers = [lambda: gather(timezone.now())] * 4

    came = all_at_once([*writes, *reads, *gathers])

    assert came == {"done": 30}
    assert list(Message.objects.values_list("number", flat=True)) == list(range(1, 21))


def test_of_two_edits_from_the_same_words_one_counts_and_the_other_is_asked(pair):
    message = send_message(pair.pairing, by=pair.mentor, body="At four.")

    came = all_at_once(
        [lambda n=n: edit_message(message, by=pair.mentor, body=f"At {n}.", changes=0) for n in ("five", "six")]
    )

    assert came == {"MoveRefused": 1, "done": 1}
    assert list(MessageWording.objects.values_list("body", flat=True)) == ["At four."]


def test_what_is_written_while_the_pairing_ends_is_sent_before_or_refused(pair):
    writes = [lambda: send_message(pair.pairing, by=pair.mentee, body="Wait.") for _message in range(8)]

    came = all_at_once([*writes, lambda: move_pairing(pair.pairing, "ended", by=pair.mentor)])

    assert came.get("done", 0) + came.get("MoveRefused", 0) == 9
    pair.pairing.refresh_from_db()
    assert Message.objects.count() == came["done"] - 1
    assert pair.pairing.state == "ended"
