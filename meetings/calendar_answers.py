"""What the page of a meeting says of the answers that people's calendars sent."""

from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _

from meetings.models import Meeting, Seat

Answer = Seat.CalendarAnswer
_TONES = {Answer.ACCEPTED: "ok", Answer.TENTATIVE: "info", Answer.DECLINED: "bad"}


@dataclass(frozen=True)
class Said:
    """`tone`: of `components/tag.html`."""

    words: str
    tone: str


def answers_at(meeting, viewer) -> dict:
    """`said`: by each calendar that answered to how a meeting to come stands now, the other's first. One statement."""
    if meeting.state != Meeting.State.BOOKED:
        return {"said": []}
    seats = Seat.objects.filter(meeting=meeting, answered_sequence=F("meeting__sequence")).exclude(answer="")
    other = meeting.other_than(viewer).first_name
    found = sorted(seats, key=lambda seat: seat.person_id == viewer.pk)
    return {
        "said": [
            Said(
                _yours(seat.answer) if seat.person_id == viewer.pk else _theirs(seat.answer, other), _TONES[seat.answer]
            )
            for seat in found
        ]
    }


def _theirs(answer, name):
    words = {
        Answer.ACCEPTED: _("%(name)s’s calendar says yes"),
        Answer.TENTATIVE: _("%(name)s’s calendar says perhaps"),
        Answer.DECLINED: _("%(name)s’s calendar says: can’t come"),
    }
    return words[answer] % {"name": name}


def _yours(answer):
    return {
        Answer.ACCEPTED: _("Your calendar says yes"),
        Answer.TENTATIVE: _("Your calendar says perhaps"),
        Answer.DECLINED: _("Your calendar says: can’t come"),
    }[answer]
