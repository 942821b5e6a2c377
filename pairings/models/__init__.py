"""What mentors offer and mentees ask; two people who work together for a while, the window through which the mentor may
read, and what they agree and write to each other."""

from pairings.models.agreement import Agreement
from pairings.models.concern import Concern, readers_of_concerns
from pairings.models.ending import CompletionForm, EndReason, HandOver, ThankYou
from pairings.models.matching import MatchRun, Proposal
from pairings.models.message import Message, MessageFile, MessageWording
from pairings.models.offer import MentorOffer, Wish
from pairings.models.pairing import Pairing
from pairings.models.quiet import KindNote
from pairings.models.refusal import MoveRefused
from pairings.models.register import RegisterEntry
from pairings.models.request import MentorRequest

__all__ = [
    "Agreement",
    "CompletionForm",
    "Concern",
    "EndReason",
    "HandOver",
    "KindNote",
    "MatchRun",
    "MentorOffer",
    "MentorRequest",
    "Message",
    "MessageFile",
    "MessageWording",
    "MoveRefused",
    "Pairing",
    "Proposal",
    "RegisterEntry",
    "ThankYou",
    "Wish",
    "readers_of_concerns",
]
