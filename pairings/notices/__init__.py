"""What people are told of pairings."""

from pairings.notices.messages import CONCERN, MESSAGE, first_words, thread_of, thread_of_concern

ALL = [MESSAGE, CONCERN]

__all__ = ["ALL", "CONCERN", "MESSAGE", "first_words", "thread_of", "thread_of_concern"]
