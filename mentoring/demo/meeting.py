"""When people of the demo came, and when its pairs met last: most lately, two not for long."""

from datetime import timedelta

from django.utils import timezone

from mentoring.demo import story
from pairings.actions import note_meeting
from pairings.models import Pairing
from pairings.quiet import tell_quiet_pairs
from programmes.models import Enrolment

# Days since the pairs that have gone quiet met: both agreed on every four weeks.
_QUIET = {"callum": 71, "niamh": 73}
_FROM_THE_BEGINNING = 700
_WAITING = {"hana": 19, "bronwen": 6, "marcus": 12, "leon": 15, "fatima": 21}


def days_since_joining(key, role) -> int:
    """Mentees came a week or two before they found somebody; all others were there from the beginning."""
    if role != Enrolment.Role.MENTEE:
        return _FROM_THE_BEGINNING
    for number, entry in enumerate(story.pairings()):
        if entry["mentee"] == key:
            return entry["began_days_ago"] + 5 + 7 * number % 15
    return _WAITING[key]


def seed_meetings(people, programme, today) -> None:
    """Each pair met ten days after it began and once lately; who is quiet is told so, as on any day."""
    for number, entry in enumerate(story.pairings()):
        pairing = Pairing.objects.live().filter(programme=programme, mentee=people[entry["mentee"]]).first()
        if pairing:
            lately = _QUIET.get(entry["mentee"], 4 + 5 * number % 33)
            for days in (entry["began_days_ago"] - 10, lately):
                _meet(pairing, today, days)
    tell_quiet_pairs(story.moment(today, 14, "09:00", "Europe/London"))


def _meet(pairing, today, days):
    at = story.moment(today, days, "18:30", "Europe/London")
    note_meeting(pairing, by=pairing.mentor, on=timezone.localtime(at).date(), at=at + timedelta(hours=1))
