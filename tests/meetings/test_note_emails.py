"""Word of a note: who will do what, for whom it waits; and on Mondays what one said one would do oneself."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from meetings.actions import add_action, agree_note, finish_action, move_action, save_note
from meetings.monday import tell_due_actions
from notifications import delivery
from notifications.actions import mute, set_preferences
from notifications.models import Event, Notification
from pairings.actions import end_pairing, pause_pairing
from tests.at_once import all_at_once
from tests.factories import PairingFactory
from tests.meetings.making import make_meeting
from tests.meetings.notes import line, words

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_noon(settings):
    settings.NOTICE_BUNDLE_MINUTES = 0
    with time_machine.travel("2026-11-20 12:00+00:00", tick=False):
        yield


@pytest.fixture
def meeting(pair):
    Notification.objects.update(seen_at=timezone.now())
    return make_meeting(pair.pairing, starts_at=timezone.now() - timedelta(hours=1))


def emails():
    """What goes out now, by the first name of its reader: (subject, text)."""
    mail.outbox.clear()
    delivery.deliver_due()
    return {message.to[0].split()[0]: message for message in mail.outbox}


def sent(meeting, by, number=0, **said):
    lines = [line(meeting.pairing.mentee, "Draft the page", "2026-12-01", 8), line(meeting.pairing.mentor, "Ask Tom")]
    secret = {"goal": "Canary goal", "reality": "Canary reality", "will": "Canary will"}
    options = [{"what": "Canary option", "for": "", "against": ""}]
    return save_note(
        meeting, by=by, words=words(will_do=lines, options=options, **secret | said), expected_number=number
    )


def test_the_other_reads_who_will_do_what_and_nothing_else(pair, meeting):
    sent(meeting, pair.mentor)

    [(name, email)] = emails().items()

    assert (name, email.subject) == ("Amina", "Note of 20 November, for you to check")
    for text in (email.body, email.alternatives[0].content):
        assert "Draft the page" in text
        assert "Ask Tom" in text
        assert "Canary" not in text
        assert "Read and agree" in text
        assert f"/pairings/{pair.pairing.slug}/meetings/{meeting.slug}/note/" in text


def test_who_wants_no_words_in_emails_reads_only_that_there_is_one(pair, meeting):
    set_preferences(pair.mentee, words_in_emails=False)
    sent(meeting, pair.mentor)

    email = emails()["Amina"]

    assert email.subject == "Note of 20 November, for you to check"
    assert "Draft the page" not in email.body + email.alternatives[0].content
    assert "Read and agree" in email.body


def test_who_switched_meetings_off_gets_none(pair, meeting):
    set_preferences(pair.mentee, meetings="off")
    sent(meeting, pair.mentor)

    assert emails() == {}


def test_what_was_agreed_or_returned_meanwhile_is_not_told(pair, meeting):
    sent(meeting, pair.mentor)
    agree_note(meeting, by=pair.mentee, number=1)
    assert emails() == {}

    sent(meeting, pair.mentor, 1, goal="Another")
    sent(meeting, pair.mentee, 2, goal="And another")
    assert list(emails()) == ["Ruth"]


def test_what_was_read_is_not_told_and_still_waits(pair, meeting, signed_in):
    sent(meeting, pair.mentor)
    url = f"/pairings/{pair.pairing.slug}/meetings/{meeting.slug}/note/"
    until = signed_in(pair.mentee).get(url).context["new_until"]
    signed_in(pair.mentee).post(f"{url}reading/", {"until": until.isoformat()})

    assert emails() == {}
    assert signed_in(pair.mentee).get(url).context["notes"].waits_for_me

    sent(meeting, pair.mentor, 1, goal="Another")
    assert list(emails()) == ["Amina"]


def test_two_versions_before_it_goes_out_are_one_email(pair, meeting):
    sent(meeting, pair.mentor)
    sent(meeting, pair.mentor, 1, goal="Another")

    assert list(emails()) == ["Amina"]
    assert len(mail.outbox) == 1


def test_after_the_end_nobody_is_told_to_agree(pair, meeting):
    sent(meeting, pair.mentor)
    end_pairing(pair.pairing, by=pair.mentor, why="time")

    assert "Note of 20 November, for you to check" not in [message.subject for message in emails().values()]


def letters(at):
    """Who is written to on that moment, and how the subject reads."""
    with time_machine.travel(at, tick=False):
        tell_due_actions(timezone.now())
        return {name: message.subject for name, message in emails().items() if "said" in message.subject}


def add(pair, person, words, due):
    return add_action(pair.pairing, by=pair.mentor, person=person, words=words, due=due)


def test_on_monday_at_nine_each_reads_their_own(pair, meeting):
    add(pair, pair.mentee, "Draft the page", MONDAY + 6 * DAY)
    add(pair, pair.mentee, "Read", MONDAY - 2 * DAY)
    add(pair, pair.mentee, "Next week", MONDAY + 7 * DAY)
    add(pair, pair.mentee, "Some time", None)
    add(pair, pair.mentor, "Ask Tom", MONDAY)

    early, nine, again = (letters(f"2026-11-23 {at}+00:00") for at in ("08:59", "09:00", "09:10"))

    assert (early, again) == ({}, {})
    assert nine == {
        "Amina": "Two things you said you’d do this week",
        "Ruth": "One thing you said you’d do this week",
    }


def test_the_letter_lists_what_is_due_and_leads_to_it(pair, meeting):
    add(pair, pair.mentee, "Draft the page", MONDAY + 4 * DAY)
    add(pair, pair.mentee, "Read", MONDAY - 2 * DAY)
    letters("2026-11-23 09:00+00:00")
    [email] = mail.outbox

    assert "- Read (was due on 21 November)\n- Draft the page (by Friday 27 November)" in email.body
    assert f"Tick off or move: http://localhost:8000/pairings/{pair.pairing.slug}/actions/" in email.body
    assert "was due on 21 November" in email.alternatives[0].content


def test_nine_is_nine_where_they_live(pair, meeting):
    pair.mentee.profile.time_zone = "Pacific/Auckland"
    pair.mentee.profile.save()
    add(pair, pair.mentee, "Draft the page", MONDAY + DAY)

    assert letters("2026-11-22 19:59+00:00") == {}
    assert list(letters("2026-11-22 20:00+00:00")) == ["Amina"]


def test_a_letter_is_late_rather_than_lost_but_says_what_stood_there_on_monday(pair, meeting):
    add(pair, pair.mentee, "Draft the page", MONDAY + DAY)
    with time_machine.travel("2026-11-24 12:00+00:00", tick=False):
        add(pair, pair.mentor, "New", MONDAY + 2 * DAY)

    assert list(letters("2026-11-25 10:00+00:00")) == ["Amina"]


def test_what_was_moved_into_this_week_since_is_not_told_again(pair, meeting):
    action = add(pair, pair.mentee, "Draft the page", MONDAY + 9 * DAY)
    with time_machine.travel("2026-11-24 12:00+00:00", tick=False):
        move_action(action, by=pair.mentee, due=MONDAY + 3 * DAY)

    assert letters("2026-11-24 13:00+00:00") == {}


def test_there_is_no_letter_where_nothing_is_due_or_reminders_are_not_wanted(pair, meeting):
    finish_action(add(pair, pair.mentee, "Draft the page", MONDAY), by=pair.mentee)
    add(pair, pair.mentor, "Ask Tom", MONDAY)
    mute(pair.mentor, bundle=pair.pairing.bundle)
    paused, ended = PairingFactory(mentor=pair.mentor), PairingFactory(mentor=pair.mentor)
    for other in (paused, ended):
        add_action(other, by=other.mentee, person=other.mentee, words="Read", due=MONDAY)
    pause_pairing(paused, by=paused.mentee, until=MONDAY + 30 * DAY)
    end_pairing(ended, by=ended.mentee, why="time")

    assert letters("2026-11-23 09:00+00:00") == {}


def test_one_letter_for_all_whom_one_meets(pair, meeting):
    other = PairingFactory(mentor=pair.mentor, mentee__name="Tomasz Brandt")
    add(pair, pair.mentor, "Ask Tom", MONDAY)
    add_action(other, by=other.mentee, person=pair.mentor, words="Send the list", due=MONDAY + DAY)

    assert letters("2026-11-23 09:00+00:00") == {"Ruth": "Two things you said you’d do this week"}
    assert "With Amina\n\n- Ask Tom" in mail.outbox[0].body
    assert "With Tomasz\n\n- Send the list" in mail.outbox[0].body


def test_the_next_week_is_another_letter_with_its_own_subject(pair, meeting):
    add(pair, pair.mentee, "Draft the page", MONDAY)
    first = letters("2026-11-23 09:00+00:00")
    with time_machine.travel("2026-11-27 12:00+00:00", tick=False):
        add(pair, pair.mentee, "Read", MONDAY + 8 * DAY)

    assert list(first.values()) == ["One thing you said you’d do this week"]
    assert list(letters("2026-11-30 09:00+00:00").values()) == ["Two things you said you’d do this week"]


def test_who_ticks_something_off_has_seen_the_letter(pair, meeting):
    action = add(pair, pair.mentee, "Draft the page", MONDAY)
    with time_machine.travel("2026-11-23 09:00+00:00", tick=False):
        tell_due_actions(timezone.now())
        finish_action(action, by=pair.mentee)

        assert emails() == {}


def test_its_statements_do_not_grow_with_those_who_were_told(pair, meeting, django_assert_max_num_queries):
    for _each in range(3):
        other = PairingFactory()
        add_action(other, by=other.mentee, person=other.mentee, words="Read", due=MONDAY)
    letters("2026-11-23 09:00+00:00")

    with time_machine.travel("2026-11-23 09:10+00:00", tick=False), django_assert_max_num_queries(4):
        assert tell_due_actions(timezone.now()) == 0


@pytest.mark.django_db(transaction=True)
def test_two_beats_write_one_letter(pair):
    add(pair, pair.mentee, "Draft the page", MONDAY)

    with time_machine.travel("2026-11-23 09:00+00:00", tick=False):
        now = timezone.now()
        came = all_at_once([lambda: tell_due_actions(now)] * 4)

    assert came == {"done": 4}
    assert Event.objects.filter(kind="meetings.actions_due").count() == 1
