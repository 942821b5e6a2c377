"""When people of the demo came, and when its pairs met and will meet: two have not met for long."""

from datetime import timedelta
from functools import partial

from meetings.actions import hold_meetings, offer_times, record_meeting
from meetings.monday import tell_due_actions
from meetings.notices import OFFERED, PLAN_SHARED
from meetings.reminders import tell_due
from mentoring.demo import story
from mentoring.demo.noting import Told
from notifications.actions import mark_seen
from notifications.models import Event
from pairings.models import Pairing
from pairings.quiet import tell_quiet_pairs
from programmes.models import Enrolment

AN_HOUR = timedelta(hours=1)
# Days since the pairs that have gone quiet met: both agreed on every four weeks.
_QUIET = {"callum": 71, "niamh": 73}
_FROM_THE_BEGINNING = 700
_WAITING = {"hana": 19, "bronwen": 6, "marcus": 12, "leon": 15, "fatima": 21}
# Whose mentor has their completion form already, and who is to choose a time first.
_MEET_NO_MORE = {"kofi", "mei"}
_CHOOSES = "isla"
# In so many days they meet next, on a working day: no reminder is due before the story is over.
_NEXT = (12, 20, 15, 9, 24, 27, 18)
_SATURDAY = 5
_PLACES = (("video", "https://meet.northmere.example/{}"), ("phone", ""), ("in_person", "The café of the town library"))


def days_since_joining(key, role) -> int:
    """Mentees came a week or two before they found somebody; all others were there from the beginning."""
    if role != Enrolment.Role.MENTEE:
        return _FROM_THE_BEGINNING
    for number, entry in enumerate(story.pairings()):
        if entry["mentee"] == key:
            return entry["began_days_ago"] + 5 + 7 * number % 15
    return _WAITING[key]


def seed_meetings(people, programme, today) -> None:
    """What the story tells of two pairs in full. Of the others each met ten days after it began and once lately, and
    most have booked the next; who is quiet is told so, as on any day."""
    told = story.meetings()
    in_full = {entry["mentee"] for entry in told}
    live = {pairing.mentee_id: pairing for pairing in _live(programme)}
    for number, entry in enumerate(story.pairings()):
        pairing = live.get(people[entry["mentee"]].pk)
        if pairing is None:
            continue
        if entry["mentee"] in in_full:
            _tell_in_full(pairing, [each for each in told if each["mentee"] == entry["mentee"]], people, today)
        else:
            _tell_in_short(pairing, entry, number, today)
    _say_what_was_due(today)
    tell_quiet_pairs(story.moment(today, 14, "09:00", "Europe/London"))
    _mark_looked_at(live.values())


def _live(programme):
    return Pairing.objects.live().filter(programme=programme).with_people().select_related("programme")


def _tell_in_full(pairing, entries, people, today):
    """Everything that happened, in the order in which it happened."""
    happenings = [each for entry in entries for each in Told(pairing, entry, people, today).happenings()]
    for _at, _rank, happen in sorted(happenings, key=lambda happening: happening[:2]):
        happen()


def _tell_in_short(pairing, entry, number, today):
    how, where = _PLACES[number % len(_PLACES)]
    meet = partial(_meet, pairing, today=today, how=how, where=where.format(pairing.slug))
    lately = _QUIET.get(entry["mentee"], 4 + 5 * number % 33)
    for days in (entry["began_days_ago"] - 10, lately):
        meet(days)
    if entry["mentee"] == _CHOOSES:
        _offer(pairing, today)
    elif entry["mentee"] not in {*_QUIET, *_MEET_NO_MORE}:
        meet(-_working_day(today, _NEXT[number % len(_NEXT)]), hour=12 + number % 6)


def _meet(pairing, days, *, today, how, where, hour=18):
    """What is past was noted an hour later; what is to come they agreed on when they met last."""
    begins = story.moment(today, days, f"{hour}:30", "Europe/London")
    noted = begins + 2 * AN_HOUR if days >= 0 else story.moment(today, 3, "20:00", "Europe/London")
    record_meeting(pairing, by=pairing.mentor, starts_at=begins, minutes=60, how=how, where=where, at=noted)


def _working_day(today, days):
    weekday = (today + timedelta(days=days)).weekday()
    return days + 7 - weekday if weekday >= _SATURDAY else days


def _offer(pairing, today):
    """Three mornings of hers are his evenings."""
    times = [
        story.moment(today, -days, clock, "Europe/London")
        for days, clock in ((9, "08:00"), (11, "08:30"), (16, "07:30"))
    ]
    at = story.moment(today, 1, "21:10", "Europe/London")
    offer_times(
        pairing, by=pairing.mentee, times=times, how="video", where="https://meet.northmere.example/isla", at=at
    )


def _say_what_was_due(today):
    """As a beat would have: what was held, the reminders, each on its day, and this week's letters."""
    hold_meetings(story.moment(today, 0, "00:00", "Europe/London"))
    for days in range(7, -1, -1):
        tell_due(story.moment(today, days, "00:00", "Europe/London"))
    tell_due_actions(story.moment(today, 0, "23:59", "Europe/London"))


def _mark_looked_at(pairings):
    """All but what one of the two is to do next: to choose a time, to read a plan."""
    said = Event.objects.filter(kind__startswith="meetings.").exclude(kind__in=[OFFERED.kind, PLAN_SHARED.kind])
    for person in {person for pairing in pairings for person in (pairing.mentee, pairing.mentor)}:
        mark_seen(person, said)
