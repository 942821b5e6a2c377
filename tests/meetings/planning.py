"""Plans, as tests share them."""

from meetings.actions import share_plan
from meetings.planning import Given, answers_of
from meetings.starters import TALK


def share(meeting, words="Two projects for your service.", *, answers=None, at=None):
    """A revision that says what its mentee would like to talk about; `answers`: {key of another question: Given}."""
    number = max((each.plan.number for each in answers_of(meeting)), default=0)
    given = {TALK: Given(words)} | (answers or {})
    return share_plan(meeting, by=meeting.pairing.mentee, answers=given, expected_number=number, at=at)
