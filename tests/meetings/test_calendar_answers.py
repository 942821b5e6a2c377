"""What people press in their calendars comes back by email, and is kept beside their seat."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.core import mail
from django.utils import timezone

from meetings.actions import answer_from_calendar, move_meeting
from meetings.addresses import meeting_url
from meetings.calendar_answers import answers_at
from meetings.invitations import uid_of
from meetings.models import Seat
from notifications import delivery
from notifications.inbound.calendars import answer_in
from notifications.inbound.receiving import receive
from notifications.models import Email, Event, InboundEmail, ReplyAddress
from pairings.actions import end_pairing
from pairings.models import Message
from tests.meetings.making import make_meeting

DOMAIN = "mentoring.example.org"


@pytest.fixture(autouse=True)
def _receives_email(settings):
    settings.NOTICE_BUNDLE_MINUTES = 0
    settings.INBOUND_ADDRESS = f"reply+{{key}}@{DOMAIN}"
    settings.INBOUND_AUTHSERV = "mx.example.org"
    settings.DEFAULT_FROM_EMAIL = f"mentoring@{DOMAIN}"


@pytest.fixture
def meeting(pair):
    return make_meeting(pair.pairing, sequence=2)


def file(meeting, answer="DECLINED", *, method="REPLY", sequence=2, guest="amina@example.org", more=""):
    """As Exchange writes it, in its essentials."""
    return (
        f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nPRODID:Microsoft Exchange Server 2010\r\nVERSION:2.0\r\n"
        "BEGIN:VTIMEZONE\r\nTZID:GMT Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T020000\r\n"
        "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
        f'BEGIN:VEVENT\r\nATTENDEE;PARTSTAT={answer};CN="Okafor, Amina":MAILTO:{guest}\r\n'
        f"{more}UID:{uid_of(meeting.uid)}\r\nSUMMARY;LANGUAGE=en-GB:Declined: Meeting with Ruth\r\n"
        f"DTSTART;TZID=GMT Standard Time:20261203T173000\r\nSEQUENCE:{sequence}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def answer(meeting, person, calendar=None, *, by=None, words="Amina Okafor has declined this invitation.", **headers):
    """The email that a calendar program sends to who invited."""
    address, _is_new = ReplyAddress.objects.get_or_create(person=person, thread=f"meeting-{meeting.pk}")
    message = EmailMessage()
    values = {
        "From": by or f"{person.name} <{person.email}>",
        "To": f"reply+r-{address.token}@{DOMAIN}",
        "Subject": "Declined: Meeting with Ruth",
        "Message-ID": f"<{timezone.now().timestamp()}@mail.example.org>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in values.items():
        message[name] = value
    message.set_content(words)
    calendar = file(meeting, guest=person.email) if calendar is None else calendar
    message.add_alternative(calendar, subtype="calendar", params={"method": "REPLY"})
    return receive(message.as_bytes())


def seat_of(meeting, person):
    seat = Seat.objects.get(meeting=meeting, person=person)
    return seat.answer, seat.answered_sequence


def told():
    """(to, subject) of the emails about a meeting."""
    delivery.deliver_due()
    return [(message.to, message.subject) for message in mail.outbox if "share" not in message.subject]


def letters():
    found = Email.objects.filter(letter__isnull=False).order_by("pk")
    return [(email.letter["to"], email.letter["text"]) for email in found]


@pytest.mark.parametrize("said", ["ACCEPTED", "TENTATIVE", "DECLINED"])
def test_what_a_calendar_answers_is_kept(pair, meeting, said):
    row = answer(meeting, pair.mentee, file(meeting, said))

    assert (row.outcome, row.reason) == ("taken", f"by calendar: {said.lower()}")
    assert seat_of(meeting, pair.mentee) == (said.lower(), 2)
    assert seat_of(meeting, pair.mentor) == ("", None)
    assert not Message.objects.exists()
    assert letters() == []


def test_that_somebody_cannot_come_is_told_to_the_other_once(pair, meeting):
    for _ in range(2):
        answer(meeting, pair.mentee)
    answer(meeting, pair.mentee, file(meeting, "ACCEPTED"))
    answer(meeting, pair.mentee)

    ((to, subject),) = told()
    assert to == ["Ruth Lindqvist <ruth@example.org>"]
    assert subject.startswith("Amina can’t come on ")


def test_whoever_comes_after_all_is_not_said_to_stay_away(pair, meeting):
    answer(meeting, pair.mentee)
    answer(meeting, pair.mentee, file(meeting, "ACCEPTED"))

    assert told() == []


def test_an_answer_to_an_earlier_time_says_nothing_of_this_one(pair, meeting):
    row = answer(meeting, pair.mentee, file(meeting, sequence=1))

    assert (row.outcome, row.reason) == ("ignored", "a calendar's answer to what has changed since")
    assert seat_of(meeting, pair.mentee) == ("", None)
    assert not Event.objects.filter(kind="meetings.declined").exists()


@pytest.mark.parametrize("over", ["called off", "held", "ended"])
def test_what_is_over_takes_no_answer(pair, meeting, over):
    if over == "ended":
        end_pairing(pair.pairing, by=pair.mentee, why="time", words="")
    else:
        meeting.state = over.replace(" ", "_")
        meeting.save()

    assert answer_from_calendar(meeting, by=pair.mentee, answer="declined", sequence=2) is False
    assert seat_of(meeting, pair.mentee) == ("", None)


def test_calendars_answer_although_they_say_that_they_are_programs(pair, meeting):
    row = answer(meeting, pair.mentee, Auto_Submitted="auto-generated", Return_Path="<>")

    assert row.outcome == "taken"


def test_a_program_that_sends_the_invitation_back_answers_nothing(pair, meeting):
    row = answer(meeting, pair.mentee, file(meeting, method="REQUEST"), Auto_Submitted="auto-replied")

    assert (row.outcome, row.reason) == ("ignored", "not written by a person: Auto-Submitted")


@pytest.mark.parametrize(
    "headers",
    [
        {"by": "Mallory <mallory@example.org>"},
        {"Authentication_Results": "mx.example.org; dmarc=fail header.from=example.org"},
    ],
)
def test_nobody_answers_for_somebody_else(pair, meeting, headers):
    answer(meeting, pair.mentee, **headers)

    assert seat_of(meeting, pair.mentee) == ("", None)


def test_the_answer_of_one_of_two_is_never_the_others(pair, meeting):
    answer(meeting, pair.mentor, file(meeting, guest="amina@example.org"))

    assert seat_of(meeting, pair.mentee) == ("", None)
    assert seat_of(meeting, pair.mentor) == ("declined", 2)


def test_an_answer_about_another_meeting_comes_back(pair, meeting):
    other = make_meeting(pair.pairing, starts_at=meeting.starts_at + timedelta(days=1))

    row = answer(meeting, pair.mentee, file(other))

    assert row.outcome == "refused"
    assert seat_of(meeting, pair.mentee) == seat_of(other, pair.mentee) == ("", None)


def test_another_time_is_politely_not_taken(pair, meeting):
    row = answer(meeting, pair.mentee, file(meeting, method="COUNTER"))

    assert row.outcome == "refused"
    ((to, text),) = letters()
    assert to == pair.mentee.email
    assert "Your calendar asked for another time." in text


def test_the_page_says_what_both_calendars_say_until_the_meeting_moves(pair, meeting, signed_in):
    answer(meeting, pair.mentee)
    answer(meeting, pair.mentor, file(meeting, "ACCEPTED", guest=pair.mentor.email))
    said = [(each.words, each.tone) for each in answers_at(meeting, pair.mentor)["said"]]
    page = signed_in(pair.mentor).get(meeting_url(meeting)).content.decode()
    later = meeting.starts_at + timedelta(days=1)

    moved = move_meeting(meeting, by=pair.mentee, starts_at=later, minutes=60, expected_sequence=2)

    assert said == [("Amina’s calendar says: can’t come", "bad"), ("Your calendar says yes", "ok")]
    assert all(words in page for words, _tone in said)
    assert answers_at(moved, pair.mentor) == {"said": []}


def test_what_was_written_beside_an_answer_becomes_a_message(pair, meeting):
    answer(meeting, pair.mentee, file(meeting, more="COMMENT;LANGUAGE=en-GB:On leave\\, sorry.\\nJanuary?\r\n"))

    message = Message.objects.get()
    assert (message.author, message.body) == (pair.mentee, "On leave, sorry.\nJanuary?")


def test_words_to_who_invites_become_a_message(pair, meeting):
    address, _is_new = ReplyAddress.objects.get_or_create(person=pair.mentee, thread=f"meeting-{meeting.pk}")
    message = EmailMessage()
    message["From"], message["To"] = pair.mentee.email, f"reply+r-{address.token}@{DOMAIN}"
    message["Message-ID"] = "<1@mail.example.org>"
    message.set_content("I will be five minutes late.")

    row = receive(message.as_bytes())

    assert row.outcome == "taken"
    assert Message.objects.get().body == "I will be five minutes late."


HOSTILE = {
    "no end": "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" + "BEGIN:VEVENT\r\n" * 200_000,
    "parameters": "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nATTENDEE" + ";A=B" * 300_000 + ":x",
    "quotes": 'BEGIN:VCALENDAR\r\nATTENDEE;CN="' + '"' * 2_000_000,
    "folds": "BEGIN:VCALENDAR\r\n" + "A\r\n " * 500_000,
    "xml": '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><icalendar>&b;</icalendar>',
    "nothing": "",
    "no letters": "\0\x01\x02" * 1000,
    "a rule": "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:x\r\nRRULE:FREQ=SECONDLY;COUNT=999999999\r\n",
}


@pytest.mark.parametrize("calendar", HOSTILE.values(), ids=HOSTILE)
def test_files_made_to_do_harm_do_none(pair, meeting, calendar):
    row = answer(meeting, pair.mentee, calendar, Auto_Submitted="auto-generated")

    assert row.outcome in ("ignored", "refused")
    assert InboundEmail.objects.count() == 1
    assert seat_of(meeting, pair.mentee) == ("", None)


def test_all_that_counts_is_read_of_an_answer(meeting):
    more = "COMMENT:a\\\\nb\\;\r\nATTENDEE;PARTSTAT=DELEGATED:urn:x\r\nBEGIN:VALARM\r\nUID:2\r\nEND:VALARM\r\n"

    assert answer_in(file(meeting, more=more)) == {
        "method": "REPLY",
        "uid": uid_of(meeting.uid),
        "sequence": 2,
        "comment": "a\\nb;",
        "guests": [["amina@example.org", "declined"], ["urn:x", ""]],
    }
