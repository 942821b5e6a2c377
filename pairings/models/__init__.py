"""Two people who work together for a while, the window through which the mentor may read, and what they write to each
other.
"""

from pairings.models.concern import Concern, readers_of_concerns
from pairings.models.message import Message, MessageFile, MessageWording
from pairings.models.pairing import MentorOffer, MoveRefused, Pairing

__all__ = [
    "Concern",
    "MentorOffer",
    "Message",
    "MessageFile",
    "MessageWording",
    "MoveRefused",
    "Pairing",
    "readers_of_concerns",
]
