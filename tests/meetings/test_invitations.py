"""Emails bring invitations that calendars move, and strike out, instead of adding another."""

from datetime import timedelta
from email import message_from_bytes, policy
from types import SimpleNamespace

import pytest
from django.core import mail
from django.utils import timezone

from meetings import actions
from meetings.invitations import invitation_of
from meetings.models import Meeting
from notifications import delivery
from notifications.models import ReplyAddress
from tests.factories import PairingFactory, PersonFactory
from tests.meetings.calendars import read_one
from tests.meetings.making import make_meeting

ADDRESS = "reply+{key}@mentoring.example.org"


@pytest.fixture(autouse=True)
def _sends_at_once_and_receives(settings):
    settings.NOTICE_BUNDLE_MINUTES = 0
    settings.INBOUND_ADDRESS = ADDRESS


@pytest.fixture
def pair(db):
    """Amina and Ruth, who have shared nothing yet."""
    mentee = PersonFactory(name="Amina Okafor", email="amina@example.org")
    mentor = PersonFactory(name="Ruth Lindqvist", email="ruth@example.org")
    return SimpleNamespace(mentee=mentee, mentor=mentor, pairing=PairingFactory(mentee=mentee, mentor=mentor))


def next_day(days=7):
    return (timezone.now() + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)


def sent_to(person):
    """What was sent to the person since, as a mail program has it: email after email."""
    delivery.deliver_due()
    found = [message for message in mail.outbox if person.email in message.to[0]]
    mail.outbox.clear()
    return [message_from_bytes(message.message().as_bytes(), policy=policy.default) for message in found]


def calendar_of(message):
    """(METHOD of the media type, METHOD of the file, the entry)"""
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    method, entry = read_one(part.get_payload(decode=True))
    return part["Content-Type"].params["method"], method, entry


def structure(message):
    if not message.is_multipart():
        return message.get_content_type()
    return message.get_content_type(), [structure(part) for part in message.iter_parts()]


def test_a_meeting_that_moves_three_times_and_is_called_off_stays_one_entry(pair):
    meeting = actions.record_meeting(
        pair.pairing, by=pair.mentee, starts_at=next_day(), minutes=60, how="video", where="https://video.example"
    )
    told = sent_to(pair.mentor)
    for days in (8, 9, 10):
        meeting.refresh_from_db()
        actions.move_meeting(
            meeting, by=pair.mentee, starts_at=next_day(days), minutes=60, expected_sequence=meeting.sequence
        )
        told += sent_to(pair.mentor)
    actions.call_off(meeting, by=pair.mentee, why="I am ill.")
    told += sent_to(pair.mentor)

    found = [calendar_of(message) for message in told]

    assert [(outer, inner) for outer, inner, _entry in found] == [("REQUEST", "REQUEST")] * 4 + [("CANCEL", "CANCEL")]
    entries = [entry for _outer, _inner, entry in found]
    assert {entry.uid for entry in entries} == {f"{meeting.uid}@localhost"}
    sequences = [entry.sequence for entry in entries]
    assert sequences == sorted(set(sequences))
    assert [entry.starts_at for entry in entries] == [next_day(days) for days in (7, 8, 9, 10, 10)]
    assert {entry.people[0][0] for entry in entries} == {entries[0].people[0][0]}
    assert [entry.status for entry in entries] == ["CONFIRMED"] * 4 + ["CANCELLED"]


def test_the_file_stands_beside_the_words_and_is_attached(pair):
    actions.record_meeting(pair.pairing, by=pair.mentee, starts_at=next_day(), minutes=60, how="video")

    (message,) = sent_to(pair.mentor)

    assert structure(message) == (
        "multipart/mixed",
        [("multipart/alternative", ["text/plain", "text/html", "text/calendar"]), "application/ics"],
    )
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "invite.ics"
    assert read_one(attached.get_payload(decode=True)) == calendar_of(message)[1:]


def test_each_is_invited_by_the_other_at_an_address_that_takes_their_answer(pair):
    meeting = actions.record_meeting(pair.pairing, by=pair.mentee, starts_at=next_day(), minutes=60, how="video")
    delivery.deliver_due()

    found = {person: sent[0] for person in (pair.mentee, pair.mentor) if (sent := _messages(person))}

    for person, other in ((pair.mentee, pair.mentor), (pair.mentor, pair.mentee)):
        token = ReplyAddress.objects.get(person=person, thread=f"meeting-{meeting.pk}").token
        _outer, _inner, entry = calendar_of(found[person])
        answer = "ACCEPTED" if person == pair.mentee else "NEEDS-ACTION"
        assert entry.summary == f"Meeting with {other.name}"
        assert entry.people == (
            (f"mailto:{ADDRESS.format(key=f'r-{token}')}", "ACCEPTED"),
            (f"mailto:{person.email}", answer),
        )


def _messages(person):
    found = [message for message in mail.outbox if person.email in message.to[0]]
    return [message_from_bytes(message.message().as_bytes(), policy=policy.default) for message in found]


def test_what_stands_in_it_is_when_where_and_with_whom(pair):
    meeting = make_meeting(pair.pairing, where="Central Library", how="in_person", why="She cried.")

    file = _file(meeting, pair.mentee)

    assert b"Central Library" in file
    assert b"She cried" not in file
    assert _file(make_meeting(pair.pairing, state="proposed"), pair.mentee) is None


def _file(meeting, person):
    invitation = invitation_of(Meeting.objects.with_people().get(pk=meeting.pk), person)
    return invitation and invitation.write("")


def test_the_site_that_receives_no_email_asks_for_no_answer(pair, settings):
    settings.INBOUND_ADDRESS = ""
    actions.record_meeting(pair.pairing, by=pair.mentee, starts_at=next_day(), minutes=60, how="video")

    (message,) = sent_to(pair.mentor)

    assert calendar_of(message)[2].people[0][0] == f"mailto:{settings.DEFAULT_FROM_EMAIL}"
    assert "RSVP=TRUE" not in message.as_string()


def test_the_two_get_the_file_from_the_page_too(signed_in, pair):
    meeting = make_meeting(pair.pairing, sequence=3)
    url = f"/pairings/{pair.pairing.slug}/meetings/{meeting.slug}/invite.ics"

    response = signed_in(pair.mentor).get(url)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="invite.ics"'
    method, entry = read_one(response.content)
    assert (method, entry.uid, entry.sequence) == ("REQUEST", f"{meeting.uid}@localhost", 3)
    assert not ReplyAddress.objects.exists()


def test_the_file_of_the_page_names_who_invites_as_the_emails_do(signed_in, pair):
    meeting = actions.record_meeting(pair.pairing, by=pair.mentee, starts_at=next_day(), minutes=60, how="video")
    (message,) = sent_to(pair.mentor)

    response = signed_in(pair.mentor).get(f"/pairings/{pair.pairing.slug}/meetings/{meeting.slug}/invite.ics")

    assert read_one(response.content) == calendar_of(message)[1:]


def test_there_is_no_file_before_a_time_was_chosen(signed_in, pair):
    meeting = make_meeting(pair.pairing, state="proposed")

    url = f"/pairings/{pair.pairing.slug}/meetings/{meeting.slug}/invite.ics"
    assert signed_in(pair.mentor).get(url).status_code == 404
