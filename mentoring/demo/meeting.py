"""When people of the demo came, and when its pairs met last: most lately, two not for long."""

from datetime import timedelta

from django.utils import timezone

from mentoring.demo import story
from pairings.actions import agree, note_meeting, revise_agreement
from pairings.agreement import answers_of, questions_of, suggested
from pairings.models import Pairing
from pairings.quiet import tell_quiet_pairs
from programmes.models import AgreementQuestion, Enrolment

# Days since the pairs that have gone quiet met.
_QUIET = {"callum": 70, "niamh": 73}
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
            if entry["mentee"] in _QUIET:
                _agree_to_meet_monthly(pairing, today, entry["began_days_ago"] - 5)
            lately = _QUIET.get(entry["mentee"], 4 + 5 * number % 33)
            for days in (entry["began_days_ago"] - 10, lately):
                _meet(pairing, today, days)
    tell_quiet_pairs(story.moment(today, 14, "09:00", "Europe/London"))


def _agree_to_meet_monthly(pairing, today, days):
    if pairing.agreements.exists():
        return
    questions, at = questions_of(pairing.programme), story.moment(today, days, "20:00", "Europe/London")
    given = suggested(questions)
    for question in questions:
        if question.drives == AgreementQuestion.Drives.RHYTHM:
            given[question.key] = question.labels[0]
    answers = answers_of(questions, given)
    revise_agreement(pairing, by=pairing.mentee, answers=answers, expected_number=0, agrees=True, at=at)
    agree(pairing, by=pairing.mentor, number=1, at=at + timedelta(days=1))


def _meet(pairing, today, days):
    at = story.moment(today, days, "18:30", "Europe/London")
    note_meeting(pairing, by=pairing.mentor, on=timezone.localtime(at).date(), at=at + timedelta(hours=1))
