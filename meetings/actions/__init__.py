"""Every verb that changes what two people planned, noted or said they would do."""

from meetings.actions.acting import add_action, drop_action, finish_action, move_action, reopen_action
from meetings.actions.answering import answer_from_calendar
from meetings.actions.booking import call_off, change_place, did_not_happen, move_meeting, record_meeting
from meetings.actions.calendar_address import replace_calendar_address
from meetings.actions.holding import hold_meetings
from meetings.actions.noting import (
    JotterChanged,
    NoteChanged,
    age_notes,
    agree_note,
    keep_private_note,
    save_note,
)
from meetings.actions.offering import choose_time, offer_other_times, offer_times
from meetings.actions.planning import PlanChanged, read_plan, share_plan
from meetings.actions.reflecting import ReflectionChanged, keep_reflection
from meetings.actions.templates import QuestionsChanged, keep_questions

__all__ = [
    "JotterChanged",
    "NoteChanged",
    "PlanChanged",
    "QuestionsChanged",
    "ReflectionChanged",
    "add_action",
    "age_notes",
    "agree_note",
    "answer_from_calendar",
    "call_off",
    "change_place",
    "choose_time",
    "did_not_happen",
    "drop_action",
    "finish_action",
    "hold_meetings",
    "keep_private_note",
    "keep_questions",
    "keep_reflection",
    "move_action",
    "move_meeting",
    "offer_other_times",
    "offer_times",
    "read_plan",
    "record_meeting",
    "reopen_action",
    "replace_calendar_address",
    "save_note",
    "share_plan",
]
