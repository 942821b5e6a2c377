"""What people are told of meetings."""

from meetings.notices.acting import ACTIONS_DUE
from meetings.notices.answering import DECLINED, thread_of_answer
from meetings.notices.booking import (
    BOOKED,
    CALLED_OFF,
    MOVED,
    OFFERED,
    PLACED,
    events_of_booking,
    thread_of_booking,
)
from meetings.notices.noting import NOTE
from meetings.notices.planning import (
    PLAN_DUE,
    PLAN_NUDGE,
    PLAN_SHARED,
    TOMORROW,
    events_of_planning,
    thread_of_plan,
)
from meetings.notices.reflecting import LEARNT, events_of_learning

ALL = [
    OFFERED,
    BOOKED,
    MOVED,
    PLACED,
    CALLED_OFF,
    DECLINED,
    PLAN_SHARED,
    TOMORROW,
    PLAN_DUE,
    PLAN_NUDGE,
    NOTE,
    LEARNT,
    ACTIONS_DUE,
]

__all__ = [
    "ALL",
    "BOOKED",
    "CALLED_OFF",
    "LEARNT",
    "MOVED",
    "OFFERED",
    "PLACED",
    "PLAN_DUE",
    "PLAN_NUDGE",
    "PLAN_SHARED",
    "TOMORROW",
    "events_of_booking",
    "events_of_learning",
    "events_of_planning",
    "thread_of_answer",
    "thread_of_booking",
    "thread_of_plan",
]
