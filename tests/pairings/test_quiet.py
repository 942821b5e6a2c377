"""Pairs gone quiet: both are asked once, without blame; the team hears of it later."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail

from notifications.actions import set_preferences
from notifications.delivery import deliver_due
from notifications.models import Notification
from pairings.actions import move_pairing, pause_pairing, send_kind_note, send_message
from pairings.actions.meetings_held import keep_met
from pairings.models import KindNote, MoveRefused, Pairing
from pairings.quiet import is_quiet_for_team, quiet, tell_quiet_pairs
from programmes.models import Act
from tests.at_once import all_at_once
from tests.factories import PairingFactory, PersonFactory

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _now(settings):
    settings.NOTICE_BUNDLE_MINUTES = 0
    with time_machine.travel(NOW, tick=False):
        yield


def make(days, **fields):
    """A pair in which nothing has happened for so many days; they said that they meet every four weeks."""
    began = NOW - timedelta(days=days)
    return PairingFactory(**{"created_at": began, "last_activity_at": began, "rhythm_weeks": 4} | fields)


def told(person):
    return Notification.objects.filter(person=person, event__kind="pairings.quiet").count()


@pytest.mark.parametrize(("days", "is_quiet", "for_team"), [(41, 0, 0), (42, 1, 0), (69, 1, 0), (70, 1, 1)])
def test_the_pair_hears_at_one_and_a_half_times_its_rhythm_and_the_team_at_two_and_a_half(db, days, is_quiet, for_team):
    pairing = make(days)

    assert quiet(Pairing.objects.all(), NOW).count() == is_quiet
    assert Pairing.objects.filter(is_quiet_for_team(pairing.programme, NOW)).count() == for_team


@pytest.mark.parametrize(("days", "is_quiet"), [(83, 0), (84, 1)])
def test_who_did_not_say_how_often_has_the_rhythm_of_their_programme(db, days, is_quiet):
    make(days, rhythm_weeks=None)

    assert quiet(Pairing.objects.all(), NOW).count() == is_quiet


@pytest.mark.parametrize("state", ["paused", "completing", "ended"])
def test_who_pauses_finishes_or_has_ended_is_not_quiet(db, state):
    make(400, **({"ended": True} if state == "ended" else {"state": state}))

    assert tell_quiet_pairs(NOW) == 0


def test_who_just_began_to_agree_is_not_quiet(db):
    make(3, state="agreeing")

    assert tell_quiet_pairs(NOW) == 0


def test_each_gets_an_email_of_their_own_without_blame(db):
    pairing = make(50)

    tell_quiet_pairs(NOW)
    deliver_due()

    assert sorted(message.to[0] for message in mail.outbox) == sorted(
        f"{person.name} <{person.email}>" for person in (pairing.mentee, pairing.mentor)
    )
    assert {message.subject for message in mail.outbox} == {"Shall we find a time?"}
    for message in mail.outbox:
        assert f"/pairings/{pairing.slug}/meetings/new/" in message.body
        assert f"Pause for now: http://localhost:8000/pairings/{pairing.slug}/pause/" in message.body


def test_they_are_told_once_in_a_gap_and_again_in_the_next(db):
    pairing = make(50)

    assert [tell_quiet_pairs(NOW), tell_quiet_pairs(NOW + A_DAY)] == [1, 0]
    send_message(pairing, by=pairing.mentee, body="Sorry!", at=NOW + 2 * A_DAY)
    assert [tell_quiet_pairs(NOW + 43 * A_DAY), tell_quiet_pairs(NOW + 44 * A_DAY)] == [0, 1]
    assert told(pairing.mentee) == 2


def test_whoever_writes_meanwhile_is_not_asked_any_more(db):
    pairing = make(50)
    tell_quiet_pairs(NOW)

    pairing.refresh_from_db()
    keep_met(pairing, met=NOW - A_DAY)
    deliver_due()

    assert mail.outbox == []
    assert not Notification.objects.unseen().exists()


def test_a_pause_cancels_the_question_and_the_rhythm_begins_anew_after_it(db):
    pairing = make(50)
    tell_quiet_pairs(NOW)

    pause_pairing(pairing, by=pairing.mentee, until=date(2027, 1, 4))
    assert tell_quiet_pairs(NOW + 20 * A_DAY) == 0
    move_pairing(pairing, "active", by=pairing.mentee, at=NOW + 20 * A_DAY)

    assert [tell_quiet_pairs(NOW + days * A_DAY) for days in (21, 61, 62)] == [0, 0, 1]


def test_a_mentee_who_agreed_not_to_be_chased_is_not_but_the_mentor_hears(db):
    pairing = make(50, chasing=Pairing.Chasing.NOT)

    tell_quiet_pairs(NOW)

    assert [told(pairing.mentee), told(pairing.mentor)] == [0, 1]


def test_whoever_switched_such_emails_off_gets_none(db):
    pairing = make(50)
    set_preferences(pairing.mentee, messages="off")

    tell_quiet_pairs(NOW)
    deliver_due()

    assert [message.to[0] for message in mail.outbox] == [f"{pairing.mentor.name} <{pairing.mentor.email}>"]


@pytest.mark.django_db(transaction=True)
def test_two_beats_tell_nobody_twice():
    pairing = make(50)

    assert all_at_once([lambda: tell_quiet_pairs(NOW)] * 4) == {"done": 4}

    assert [told(pairing.mentee), told(pairing.mentor)] == [1, 1]


def test_a_kind_note_reaches_both_and_is_in_the_log_without_its_words(db):
    pairing, team = make(80), PersonFactory(name="Marguerite Fell", email="marguerite@example.org")

    note = send_kind_note(pairing, by=team, words="Zanzibar: how are you two?")
    deliver_due()

    assert {message.subject for message in mail.outbox} == {"A few words from Marguerite Fell to you both"}
    assert len(mail.outbox) == 2
    assert all("Zanzibar" in message.body and "marguerite@example.org" in message.body for message in mail.outbox)
    act = Act.objects.get()
    assert (act.by, act.verb, act.noun, act.about) == (team, "sent a kind note", "pairing", str(pairing.pk))
    assert "anzibar" not in f"{note} {act}"


def test_a_kind_note_is_not_for_ended_pairs_nor_from_one_of_the_two(db):
    ended, own = make(80, ended=True), make(80)

    with pytest.raises(MoveRefused, match="has ended"):
        send_kind_note(ended, by=PersonFactory(), words="Hello")
    with pytest.raises(MoveRefused, match="one of the two"):
        send_kind_note(own, by=own.mentor, words="Hello")
    assert not KindNote.objects.exists()


def test_the_first_and_the_last_meeting_are_kept(db):
    pairing = make(50)

    for day in (20, 10, 22):
        keep_met(pairing, met=datetime(2026, 11, day, 12, tzinfo=UTC))

    pairing.refresh_from_db()
    assert [pairing.first_met_at.date(), pairing.last_met_at.date()] == [date(2026, 11, 10), date(2026, 11, 22)]
    assert pairing.last_activity_at == pairing.last_met_at
