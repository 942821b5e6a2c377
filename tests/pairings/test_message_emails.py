"""A message by email: five minutes later, in full, in its newest words, and not when it was read."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from notifications import delivery
from notifications.actions import set_preferences
from notifications.models import Email, Notification
from notifications.notices import NotTaken, Reply
from pairings.actions import edit_message, mark_messages_read, move_pairing, remove_file, send_message
from pairings.models import Message
from pairings.notices import first_words
from pairings.replies import reply_to_message
from portfolios.actions import mark_read
from tests.factories import PairingFactory, PersonFactory, make_picture


def later(minutes=6):
    """The emails of so many minutes later."""
    mail.outbox.clear()
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=True):
        delivery.deliver_due()
    return mail.outbox


@pytest.fixture(autouse=True)
def _in_the_morning():
    """A Tuesday, when nobody is quiet."""
    with time_machine.travel("2026-11-24 10:00+00:00", tick=True):
        yield


@pytest.fixture
def pair(pair):
    """Nothing else is new to them."""
    mark_read(pair.page, by=pair.mentor, until=timezone.now())
    return pair


def test_the_email_says_the_message_in_full(pair):
    send_message(
        pair.pairing, by=pair.mentor, body="Good luck with the interview on Friday.\n\nI’ll think of you at ten."
    )

    [message] = later()

    assert message.to == ["Amina Okafor <amina@example.org>"]
    assert message.subject == "Ruth: “Good luck with the interview on Friday. I’ll think of you…”"
    html = " ".join(message.alternatives[0].content.split())
    assert "<p>Good luck with the interview on Friday.</p> <p>I’ll think of you at ten.</p>" in html
    assert f'/pairings/{pair.pairing.slug}/messages/#m-1">Read and reply</a>' in html
    assert html.count('class="a"') == 1
    assert "You get this because you and Ruth are a pairing." in html
    assert "I’ll think of you at ten." in message.body


def test_it_waits_five_minutes(pair):
    send_message(pair.pairing, by=pair.mentor, body="Good luck.")

    assert later(minutes=4) == []
    assert len(later(minutes=6)) == 1


def test_what_was_read_meanwhile_is_not_emailed(pair):
    send_message(pair.pairing, by=pair.mentor, body="Good luck.")
    mark_messages_read(pair.pairing, by=pair.mentee, until=1)

    assert later() == []


def test_several_messages_are_one_email_in_their_order(pair):
    for words in ("One.", "Two.", "Three."):
        send_message(pair.pairing, by=pair.mentor, body=words)

    [message] = later()

    assert message.subject == "Ruth: “One.”"
    text = message.body
    assert text.index("One.") < text.index("Two.") < text.index("Three.")


def test_an_email_not_yet_sent_says_the_new_words_alone(pair):
    message = send_message(pair.pairing, by=pair.mentor, body="At four.")
    edit_message(message, by=pair.mentor, body="At five.")

    [email] = later()

    assert "At five." in email.body
    assert "At four." not in f"{email.subject} {email.body} {email.alternatives[0].content}"


def test_an_edit_of_what_was_told_tells_nobody(pair):
    message = send_message(pair.pairing, by=pair.mentor, body="At four.")
    later()

    edit_message(message, by=pair.mentor, body="At five.")

    assert later(60 * 24) == []


def test_attachments_are_named(pair):
    files = [make_picture(pair.mentor, "the card.jpg")]
    send_message(pair.pairing, by=pair.mentor, body="Look.", files=files)
    send_message(pair.pairing, by=pair.mentor, body="", files=[make_picture(pair.mentor, "the room.jpg")])

    [message] = later()

    assert "With it came the card.jpg (Picture, " in message.body
    assert "With it came the room.jpg (Picture, " in message.alternatives[0].content


def test_a_file_alone_has_a_subject_too(pair):
    send_message(pair.pairing, by=pair.mentor, body="", files=[make_picture(pair.mentor)])

    [message] = later()

    assert message.subject == "Ruth sent you a file"


def test_a_very_long_message_begins_in_the_email_and_goes_on_in_the_thread(pair):
    send_message(pair.pairing, by=pair.mentor, body="Wörter. " * 2_400)
    send_message(pair.pairing, by=pair.mentor, body="And this.")

    [message] = later()

    assert "It goes on: the whole message is too long for an email." in message.body
    assert len(message.message().as_bytes()) < 30_000


def test_people_who_want_no_words_in_emails_get_none(pair):
    set_preferences(pair.mentee, words_in_emails=False)
    send_message(pair.pairing, by=pair.mentor, body="Secret.")

    [message] = later()

    assert message.subject == "Ruth wrote to you"
    assert "Secret" not in message.message().as_string()


def test_somebody_who_may_not_sign_in_is_told_nothing(pair):
    send_message(pair.pairing, by=pair.mentor, body="Good luck.")
    pair.mentee.is_active = False
    pair.mentee.save()

    assert later() == []


def test_what_was_sent_before_the_end_is_told_to_both(pair):
    send_message(pair.pairing, by=pair.mentor, body="It was a pleasure.")
    send_message(pair.pairing, by=pair.mentee, body="Thank you.")
    move_pairing(pair.pairing, "ended", by=pair.mentor)

    told = {message.to[0]: message for message in later()}

    assert sorted(told) == ["Amina Okafor <amina@example.org>", "Ruth Lindqvist <ruth@example.org>"]
    html = told["Ruth Lindqvist <ruth@example.org>"].alternatives[0].content
    assert ">Read it</a>" in html
    assert "were a pairing when it was written" in html


def test_no_line_break_of_a_message_reaches_a_header(pair):
    send_message(pair.pairing, by=pair.mentor, body="Hello\nBcc: everybody@example.org")

    [message] = later()

    assert message.message()["Bcc"] is None
    assert message.subject == "Ruth: “Hello Bcc: everybody@example.org”"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Good luck.", "Good luck."),
        ("a" * 61, "a" * 59 + "…"),
        ("word " * 12, "word word word word word word word word word word word word"),
        ("word " * 13, "word word word word word word word word word word word word…"),
        ("word " * 11 + "no, more of them", "word word word word word word word word word word word no…"),
        ("", ""),
    ],
)
def test_a_subject_has_the_first_words(text, words):
    assert first_words(text) == words
    assert len(words) <= 60


def reply(person, pairing, text, about=()):
    thread = pairing.bundle if hasattr(pairing, "bundle") else pairing
    return reply_to_message(Reply(person=person, thread=thread, about=list(about), text=text, at=timezone.now()))


def test_a_reply_by_email_becomes_a_message_and_says_that_the_others_were_read(pair):
    told = [send_message(pair.pairing, by=pair.mentor, body=words) for words in ("One.", "Two.", "Three.")]

    place = reply(pair.mentee, pair.pairing, "Thank you!", about=[("pairings.message", each.pk) for each in told[:2]])

    answer = Message.objects.last()
    assert (answer.author, answer.body) == (pair.mentee, "Thank you!")
    assert place == f"/pairings/{pair.pairing.slug}/messages/#m-4"
    unseen = Notification.objects.unseen().filter(person=pair.mentee)
    assert list(unseen.values_list("event__about_id", flat=True)) == [told[2].pk]
    assert [message.subject for message in later() if "ruth" in message.to[0]] == ["Amina: “Thank you!”"]


def test_a_reply_to_an_email_of_several_subjects_is_a_message(pair):
    reply(pair.mentor, pair.pairing, "Lovely.", about=[("portfolios.page_shared", 1), ("pairings.message", 10**9)])

    assert Message.objects.get().body == "Lovely."


def test_a_reply_after_the_end_is_not_taken(pair):
    move_pairing(pair.pairing, "ended", by=pair.mentor)

    with pytest.raises(NotTaken, match="Your time together has ended"):
        reply(pair.mentee, pair.pairing, "Thank you!")


@pytest.mark.parametrize("thread", ["pairing-", "pairing-0", "pairing-x", "pairing-99999999999999999999", "page-1"])
def test_a_reply_to_nothing_is_not_taken(pair, thread):
    with pytest.raises(NotTaken, match="We could not find"):
        reply(pair.mentee, thread, "Thank you!")


def test_a_reply_of_somebody_else_is_not_taken(pair):
    elsewhere = PairingFactory()

    for person in (PersonFactory(), elsewhere.mentee):
        with pytest.raises(NotTaken, match="We could not find"):
            reply(person, pair.pairing, "Let me in.")

    assert not Message.objects.exists()


def test_a_reply_longer_than_a_message_is_not_taken(pair):
    with pytest.raises(NotTaken, match="two parts"):
        reply(pair.mentee, pair.pairing, "a" * 20_001)


def test_nothing_waits_for_the_writer(pair):
    send_message(pair.pairing, by=pair.mentor, body="Good luck.")
    later()

    assert list(Email.objects.values_list("person", flat=True)) == [pair.mentee.pk]


def test_a_file_that_was_removed_before_the_email_goes_is_not_named_in_it(pair):
    message = send_message(pair.pairing, by=pair.mentor, body="Look.", files=[make_picture(pair.mentor)])
    remove_file(message.files.get(), by=pair.mentor)

    [email] = later()

    for words in (email.body, email.alternatives[0].content):
        assert "A file came with it and was removed." in words
        assert "card.jpg" not in words


def test_after_the_end_no_email_asks_for_a_reply(pair, settings):
    settings.INBOUND_ADDRESS = "reply+{key}@mentoring.example.org"
    send_message(pair.pairing, by=pair.mentor, body="Before.")
    [living] = later()
    send_message(pair.pairing, by=pair.mentor, body="Good bye.")
    move_pairing(pair.pairing, "ended", by=pair.mentor)

    [email] = later(400)

    assert "simply reply" in living.body
    assert "simply reply" not in email.body
    assert email.reply_to == []
