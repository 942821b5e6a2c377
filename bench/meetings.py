"""Meetings that are measured: three years of a pairing, and a calendar of 500."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.utils import timezone

from bench.texts import VOCABULARY, drawn
from meetings.actions import agree_note, hold_meetings, record_meeting, replace_calendar_address, save_note, share_plan
from meetings.calendar_feed import feed_path
from meetings.models import Meeting
from meetings.planning import Given
from meetings.starters import CONFIDENCE, TALK
from notifications.actions import quietly
from pairings.actions import send_message
from pairings.models import Pairing
from portfolios import actions
from tests.factories import EnrolmentFactory, LevelFactory, PairingFactory, PersonFactory, make_page, share

YEARS_DAYS, RHYTHM_DAYS = 1095, 42
IN_FEED = 500
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True)
class Made:
    """`pairing`: three years of meetings with plans, notes and actions, of pages, comments and messages. `feed`: the
    address of a calendar of 500 meetings, which belongs to somebody else."""

    pairing: Pairing
    feed: str


@cache
def made() -> Made:
    """Make it once, by the app's own actions but for the 500. Nobody is emailed."""
    with quietly():
        return Made(_three_years(), _calendar())


def _three_years():
    now, chance = timezone.now(), drawn(3)
    level = LevelFactory()
    pairing = PairingFactory(programme=level.programme, created_at=now - YEARS_DAYS * A_DAY)
    enrolment = EnrolmentFactory(programme=level.programme, person=pairing.mentee, level=level)
    portfolio = actions.open_portfolio(enrolment, by=pairing.mentee)
    words = _Words(chance)
    for number, days in enumerate(range(YEARS_DAYS - 10, 0, -RHYTHM_DAYS)):
        _met(pairing, now - days * A_DAY, words)
        page = make_page(portfolio, title=f"Chapter {number}", body=f"<p>{words(60)}</p>", at=now - days * A_DAY)
        share(page, f"<p>{words(60)}</p>", at=now - (days - 1) * A_DAY)
        actions.add_comment(page, by=pairing.mentor, body=words(20), at=now - (days - 2) * A_DAY)
        for author in (pairing.mentee, pairing.mentor):
            send_message(pairing, by=author, body=words(20), at=now - (days - 3) * A_DAY)
    record_meeting(pairing, by=pairing.mentee, starts_at=now + 9 * A_DAY, minutes=60, how="video")
    return pairing


def _met(pairing, begins, words):
    booked = begins - 8 * A_DAY
    meeting = record_meeting(pairing, by=pairing.mentee, starts_at=begins, minutes=60, how="video", at=booked)
    answers = {TALK: Given(words=words(20)), CONFIDENCE: Given(scale=3)}
    share_plan(meeting, by=pairing.mentee, answers=answers, expected_number=0, at=begins - 2 * A_DAY)
    hold_meetings(begins + AN_HOUR)
    line = {"person": pairing.mentee.pk, "what": words(5), "by": None, "likely": 7}
    texts = {"goal": words(8), "reality": words(30), "lines": "", "will": ""}
    said = {"form": "grow", "options": [], "will_do": [line], "confidence": 4} | texts
    save_note(meeting, by=pairing.mentor, words=said, expected_number=0, at=begins + 2 * AN_HOUR)
    agree_note(meeting, by=pairing.mentee, number=1, at=begins + A_DAY)


def _calendar():
    now, person = timezone.now(), PersonFactory()
    pairing = PairingFactory(mentor=person)
    begins = [now + number * 12 * AN_HOUR for number in range(20 - IN_FEED, 20)]
    Meeting.objects.bulk_create(
        Meeting(
            pairing=pairing,
            slug=f"meeting-{number}",
            state=Meeting.State.BOOKED if starts_at > now else Meeting.State.HELD,
            where="https://meet.northmere.example/room",
            starts_at=starts_at,
            ends_at=starts_at + AN_HOUR,
            created_by=person,
            booked_at=starts_at - 9 * A_DAY,
            booked_by=person,
        )
        for number, starts_at in enumerate(begins)
    )
    return feed_path(replace_calendar_address(by=person))


class _Words:
    def __init__(self, chance):
        self._chance = chance

    def __call__(self, count):
        return " ".join(self._chance.choices(VOCABULARY, k=count))
