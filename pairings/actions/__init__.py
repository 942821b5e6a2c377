"""What changes a pairing. The admin, views, imports, replies by email and the demo all call these."""

from pairings.actions.agreement import (
    AgreementChanged,
    agree,
    begin_without_questions,
    offer_reviews,
    revise_agreement,
    still_right,
)
from pairings.actions.chasing import chase_requests
from pairings.actions.concerns import handle_concern, raise_concern
from pairings.actions.ending import (
    ask_for_completion,
    end_pairing,
    fill_in_completion,
    go_on_after_all,
    nudge_completions,
    thank,
)
from pairings.actions.handing_over import (
    accept_hand_over,
    consent_to_hand_over,
    decline_hand_over,
    propose_hand_over,
    withdraw_hand_over,
)
from pairings.actions.kind_notes import send_kind_note
from pairings.actions.matching import begin_match_run, propose, skip, stop_match_run
from pairings.actions.messages import edit_message, mark_messages_read, remove_file, send_message
from pairings.actions.offers import make_offer, open_offer, pause_offer, set_offer
from pairings.actions.pairing import NOW, begin_pairing, move_pairing, note_activity
from pairings.actions.pausing import pause_pairing, resume_pairing, resume_pairings
from pairings.actions.reminding import remind_of_request
from pairings.actions.requests import (
    NoPlaceLeft,
    answer_request,
    ask,
    mark_request_read,
    say_yes,
    suggest_talk,
    withdraw_request,
)
from pairings.actions.wishes import add_wish, move_wish, remove_wish

__all__ = [
    "NOW",
    "AgreementChanged",
    "NoPlaceLeft",
    "accept_hand_over",
    "add_wish",
    "agree",
    "answer_request",
    "ask",
    "ask_for_completion",
    "begin_match_run",
    "begin_pairing",
    "begin_without_questions",
    "chase_requests",
    "consent_to_hand_over",
    "decline_hand_over",
    "edit_message",
    "end_pairing",
    "fill_in_completion",
    "go_on_after_all",
    "handle_concern",
    "make_offer",
    "mark_messages_read",
    "mark_request_read",
    "move_pairing",
    "move_wish",
    "note_activity",
    "nudge_completions",
    "offer_reviews",
    "open_offer",
    "pause_offer",
    "pause_pairing",
    "propose",
    "propose_hand_over",
    "raise_concern",
    "remind_of_request",
    "remove_file",
    "remove_wish",
    "resume_pairing",
    "resume_pairings",
    "revise_agreement",
    "say_yes",
    "send_kind_note",
    "send_message",
    "set_offer",
    "skip",
    "still_right",
    "stop_match_run",
    "suggest_talk",
    "thank",
    "withdraw_hand_over",
    "withdraw_request",
]
