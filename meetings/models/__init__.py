"""Two people who meet: when and where, what the mentee wants to talk about, what they wrote down, and what follows."""

from meetings.models.action import Action, ActionChange
from meetings.models.calendar import CalendarFeed
from meetings.models.meeting import Meeting, MeetingSlug, OfferedTime, Seat, TimeMove
from meetings.models.note import NoteVersion, PrivateNote, SessionNote
from meetings.models.plan import Answer, Plan
from meetings.models.reflection import Reflection
from meetings.models.reminder import Reminder
from meetings.models.template import PlanTemplate, Question

__all__ = [
    "Action",
    "ActionChange",
    "Answer",
    "CalendarFeed",
    "Meeting",
    "MeetingSlug",
    "NoteVersion",
    "OfferedTime",
    "Plan",
    "PlanTemplate",
    "PrivateNote",
    "Question",
    "Reflection",
    "Reminder",
    "Seat",
    "SessionNote",
    "TimeMove",
]
