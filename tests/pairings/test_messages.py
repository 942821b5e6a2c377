"""What the two of a pairing write to each other: sent once, kept as it read, never after the end."""

from datetime import timedelta

import pytest
from django.db.models import ProtectedError
from django.utils import timezone

from notifications.models import Notification
from pairings.actions import edit_message, mark_messages_read, move_pairing, send_message
from pairings.models import Message, MessageFile, MessageWording, MoveRefused
from tests.factories import PairingFactory, PersonFactory, make_picture


def new_for(person):
    unseen = Notification.objects.unseen().filter(person=person, event__kind="pairings.message")
    return list(unseen.order_by("event__about_id").values_list("event__about_id", flat=True))


def wordings(message):
    return list(message.earlier_wordings.values_list("body", flat=True))


def test_a_message_is_new_to_the_other_and_to_nobody_else(pair):
    message = send_message(pair.pairing, by=pair.mentor, body="Good luck.")

    assert (message.author, message.body, message.edited_at) == (pair.mentor, "Good luck.", None)
    assert new_for(pair.mentee) == [message.pk]
    assert new_for(pair.mentor) == []


def test_a_message_is_something_that_happened_between_the_two(pair):
    at = timezone.now() + timedelta(hours=1)

    send_message(pair.pairing, by=pair.mentee, body="Hello.", at=at)

    pair.pairing.refresh_from_db()
    assert pair.pairing.last_activity_at == at


@pytest.mark.parametrize("state", ["agreeing", "active", "paused", "completing"])
def test_while_a_pairing_lives_both_write(db, state):
    pairing = PairingFactory(state=state)

    send_message(pairing, by=pairing.mentee, body="One.")
    send_message(pairing, by=pairing.mentor, body="Two.")

    assert list(pairing.messages.values_list("body", flat=True)) == ["One.", "Two."]


@pytest.mark.parametrize("who", ["mentee", "mentor"])
def test_after_the_end_nobody_writes_and_both_still_read(pair, who):
    message = send_message(pair.pairing, by=getattr(pair, who), body="Before.")
    move_pairing(pair.pairing, "ended", by=pair.mentee)

    with pytest.raises(MoveRefused, match="has ended"):
        send_message(pair.pairing, by=getattr(pair, who), body="After.")
    with pytest.raises(MoveRefused, match="has ended"):
        edit_message(message, by=getattr(pair, who), body="Other.")

    assert list(Message.objects.values_list("body", flat=True)) == ["Before."]
    for person in (pair.mentee, pair.mentor):
        assert list(Message.objects.visible_to(person)) == [message]
        assert not Message.objects.get().is_editable_by(person)


def test_what_one_was_written_before_the_end_is_still_new(pair):
    """Of the portfolio the mentor is told nothing more; the mentee's last words are still for them."""
    send_message(pair.pairing, by=pair.mentee, body="Thank you for everything.")

    move_pairing(pair.pairing, "ended", by=pair.mentee)

    unseen = Notification.objects.unseen().filter(person=pair.mentor)
    assert list(unseen.values_list("event__kind", flat=True)) == ["pairings.message"]


def test_nobody_else_writes(pair):
    with pytest.raises(MoveRefused):
        send_message(pair.pairing, by=PersonFactory(), body="Hello.")

    assert not Message.objects.exists()


def test_an_edit_keeps_how_it_read_and_tells_nobody_anew(pair):
    message = send_message(pair.pairing, by=pair.mentor, body="At four.")

    edit_message(message, by=pair.mentor, body="At five.")
    edited = edit_message(message, by=pair.mentor, body="At six.")

    assert edited.body == "At six."
    assert edited.edited_at is not None
    assert wordings(message) == ["At four.", "At five."]
    assert new_for(pair.mentee) == [message.pk]


def test_the_moments_of_the_wordings_are_those_at_which_they_were_written(pair):
    sent, edited = timezone.now() - timedelta(hours=2), timezone.now() - timedelta(hours=1)
    message = send_message(pair.pairing, by=pair.mentor, body="At four.", at=sent)

    message = edit_message(message, by=pair.mentor, body="At five.", at=edited)
    edit_message(message, by=pair.mentor, body="At six.")

    assert list(message.earlier_wordings.values_list("written_at", flat=True)) == [sent, edited]


def test_the_same_words_are_no_edit(pair):
    message = send_message(pair.pairing, by=pair.mentor, body="At four.")

    assert edit_message(message, by=pair.mentor, body="At four.").edited_at is None
    assert wordings(message) == []


def test_only_its_author_edits_a_message(pair):
    message = send_message(pair.pairing, by=pair.mentor, body="At four.")

    for person in (pair.mentee, PersonFactory()):
        with pytest.raises(MoveRefused):
            edit_message(message, by=person, body="At noon.")

    message.refresh_from_db()
    assert message.body == "At four."


def test_an_edit_over_another_one_shows_it_first(pair):
    message = send_message(pair.pairing, by=pair.mentor, body="At four.")
    edit_message(message, by=pair.mentor, body="At five.", changes=0)

    with pytest.raises(MoveRefused, match="At five"):
        edit_message(message, by=pair.mentor, body="At six.", changes=0)

    assert edit_message(message, by=pair.mentor, body="At six.", changes=1).body == "At six."
    assert wordings(message) == ["At four.", "At five."]


def test_reading_marks_what_was_shown_and_nothing_else(pair):
    one, two, three = (send_message(pair.pairing, by=pair.mentor, body=body) for body in ("One.", "Two.", "Three."))
    elsewhere = PairingFactory(mentee=pair.mentee)
    other = send_message(elsewhere, by=elsewhere.mentor, body="Elsewhere.")

    mark_messages_read(pair.pairing, by=pair.mentee, since=two.number, until=two.number)
    assert new_for(pair.mentee) == [one.pk, three.pk, other.pk]

    mark_messages_read(pair.pairing, by=pair.mentee, until=three.number)
    assert new_for(pair.mentee) == [other.pk]


def test_who_answers_has_read_what_they_were_shown(pair):
    first = send_message(pair.pairing, by=pair.mentor, body="One.")
    meanwhile = send_message(pair.pairing, by=pair.mentor, body="Two.")

    send_message(pair.pairing, by=pair.mentee, body="Thank you.", read=(first.number, first.number))

    assert new_for(pair.mentee) == [meanwhile.pk]


def test_files_come_with_a_message_but_not_without_end(pair):
    pictures = [make_picture(pair.mentor, f"{number}.jpg") for number in range(6)]

    message = send_message(pair.pairing, by=pair.mentor, body="Look.", files=pictures[:5])
    with pytest.raises(MoveRefused, match="At most 5"):
        send_message(pair.pairing, by=pair.mentor, body="Look.", files=pictures)

    assert [each.file for each in message.files.all()] == pictures[:5]
    assert MessageFile.objects.count() == 5


def test_words_are_never_deleted_with_what_they_belong_to(pair):
    message = send_message(pair.pairing, by=pair.mentor, body="One.", files=[make_picture(pair.mentor)])
    edit_message(message, by=pair.mentor, body="Two.")

    for thing in (pair.mentor, pair.pairing, message, message.files.get().file):
        with pytest.raises(ProtectedError):
            thing.delete()


def test_no_name_holds_the_words(pair):
    message = send_message(
        pair.pairing, by=pair.mentor, body="Secret.", files=[make_picture(pair.mentor, "Secret.jpg")]
    )
    edit_message(message, by=pair.mentor, body="Secret words.")

    for thing in (message, message.files.get(), MessageWording.objects.get()):
        assert "ecret" not in str(thing)
