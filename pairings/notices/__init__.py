"""What people are told of pairings."""

from pairings.notices.agreement import AGREED, AGREEMENT_CHANGED, REVIEW, thread_of_agreement
from pairings.notices.ending import COMPLETED, ENDED, FINISHING, THANKS, thread_of_ending
from pairings.notices.handing_over import (
    HAND_OVER,
    HAND_OVER_CLOSED,
    HANDED_OVER,
    bundle_of_hand_over,
    thread_of_hand_over,
)
from pairings.notices.messages import CONCERN, MESSAGE, first_words, thread_of, thread_of_concern
from pairings.notices.pausing import PAUSED, RESUMED, thread_of_pause
from pairings.notices.quiet import KIND_NOTE, QUIET, thread_of_kind_note, thread_of_quiet
from pairings.notices.request_words import thread_of_request
from pairings.notices.requests import (
    ASKED,
    BOTH_SAID_YES,
    HOW_IT_WENT,
    LAPSED,
    LETS_TALK,
    NOT_THIS_TIME,
    NUDGE,
    SAID_YES,
    SUGGESTED,
    TAKEN_BACK,
    UNANSWERED,
)

# The order in which several of them stand beside each other.
_LIFE = [
    AGREEMENT_CHANGED,
    AGREED,
    REVIEW,
    PAUSED,
    RESUMED,
    HAND_OVER,
    HAND_OVER_CLOSED,
    HANDED_OVER,
    FINISHING,
    COMPLETED,
    ENDED,
    THANKS,
]
_TALKS = [LETS_TALK, SUGGESTED, SAID_YES, HOW_IT_WENT, BOTH_SAID_YES]
_ASKING = [ASKED, NOT_THIS_TIME, *_TALKS, NUDGE, LAPSED, TAKEN_BACK, UNANSWERED]
ALL = [*_ASKING, *_LIFE, QUIET, KIND_NOTE, MESSAGE, CONCERN]
_AT_THE_END = [FINISHING.kind, COMPLETED.kind, ENDED.kind, THANKS.kind]
# Page about a pairing's life → the kinds of what it shows.
SHOWN_ON = {
    "agreement": [AGREEMENT_CHANGED.kind, AGREED.kind, REVIEW.kind],
    "pause": [PAUSED.kind, RESUMED.kind],
    "hand_over": [HAND_OVER.kind, HAND_OVER_CLOSED.kind, HANDED_OVER.kind],
    "end": _AT_THE_END,
    "completion": _AT_THE_END,
    "thanks": _AT_THE_END,
}
# What is of no use any more once a pairing has ended.
WHILE_IT_LIVES = [
    notice.kind
    for notice in (AGREEMENT_CHANGED, AGREED, REVIEW, PAUSED, RESUMED, HAND_OVER, FINISHING, QUIET, KIND_NOTE)
]
# What its mentor is still told of after a pairing has ended.
AFTER_THE_END = [notice.kind for notice in (MESSAGE, ENDED, THANKS, HANDED_OVER)]

__all__ = [
    "AFTER_THE_END",
    "AGREED",
    "AGREEMENT_CHANGED",
    "ALL",
    "ASKED",
    "BOTH_SAID_YES",
    "COMPLETED",
    "CONCERN",
    "ENDED",
    "FINISHING",
    "HANDED_OVER",
    "HAND_OVER",
    "HAND_OVER_CLOSED",
    "HOW_IT_WENT",
    "KIND_NOTE",
    "LAPSED",
    "LETS_TALK",
    "MESSAGE",
    "NOT_THIS_TIME",
    "NUDGE",
    "PAUSED",
    "QUIET",
    "RESUMED",
    "REVIEW",
    "SAID_YES",
    "SHOWN_ON",
    "SUGGESTED",
    "TAKEN_BACK",
    "THANKS",
    "UNANSWERED",
    "WHILE_IT_LIVES",
    "bundle_of_hand_over",
    "first_words",
    "thread_of",
    "thread_of_agreement",
    "thread_of_concern",
    "thread_of_ending",
    "thread_of_hand_over",
    "thread_of_kind_note",
    "thread_of_pause",
    "thread_of_quiet",
    "thread_of_request",
]
