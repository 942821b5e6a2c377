"""A few friendly words from the programme team to a pair."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.actions import notify
from pairings import notices
from pairings.actions.pairing import lock
from pairings.models import KindNote, MoveRefused
from programmes import audit


@transaction.atomic
def send_kind_note(pairing, *, by, words, at=None):
    """Write to both of a pair; returns the KindNote. That it was sent is in the log, what it says is not.

    Raises MoveRefused after the end, and when `by` is one of the two.
    """
    pairing, at = lock(pairing), at or timezone.now()
    if by in (pairing.mentee, pairing.mentor):
        raise MoveRefused(_("You are one of the two. Write to them in your messages."))
    if not pairing.is_live:
        raise MoveRefused(_("Their time together has ended, so nothing was sent."))
    note = KindNote.objects.create(pairing=pairing, by=by, words=words, at=at)
    audit.record("sent a kind note", pairing, by=by, programme=pairing.programme, at=at)
    notify(
        notices.KIND_NOTE,
        about=note,
        to=[pairing.mentee, pairing.mentor],
        by=by,
        thread=notices.thread_of_kind_note(note.pk),
        bundle=pairing.bundle,
        at=at,
    )
    return note
