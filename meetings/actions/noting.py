"""What two people write down of a meeting, and what each keeps for themselves."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.actions.arranging import lock_meeting
from meetings.actions.lines import follow_lines
from meetings.models import Meeting, NoteVersion, PrivateNote, SessionNote
from meetings.notices.noting import NOTE, events_of_note, thread_of_note
from notifications.actions import mark_seen, notify
from pairings.actions.pairing import lock, note_activity
from pairings.models import MoveRefused, Pairing

AGES_IN = timedelta(days=14)
WORDS = ("form", "lines", "goal", "reality", "options", "will", "will_do", "confidence")


class NoteChanged(MoveRefused):
    """The other changed it meanwhile: `latest` is the version that stands there now, nothing of it was overwritten."""

    def __init__(self, latest):
        super().__init__(_("It was changed a moment ago. Look at both, then send yours again, or put both together."))
        self.latest = latest


class JotterChanged(MoveRefused):
    """Its author wrote something else in another window: `latest` is what stands there, "" for nothing."""

    def __init__(self, latest):
        super().__init__(_("You wrote something else here in another window. Look at both, then keep yours again."))
        self.latest = latest


def has_begun(meeting, now) -> bool:
    """Whether there is anything to write down of it."""
    State = Meeting.State
    return meeting.state == State.HELD or (meeting.state == State.BOOKED and meeting.starts_at <= now)


@transaction.atomic
def save_note(meeting, *, by, words, expected_number, at=None) -> NoteVersion:
    """Send the next version of the note of a meeting: it waits for the other to agree, who is told. Its Will lines are
    Actions from then on, or change those that they are. The very words that stand there are no version; sent by whom
    they wait for, they are agreed to.

    words: {name: value} of `WORDS`, as `NoteVersion` has them; a new Will line has no "key".
    expected_number: of the version that its writer was shown, 0 for none. Raises NoteChanged when another stands there
    by now, and MoveRefused before the meeting, after the end, and for anybody else than the two.
    """
    at = at or timezone.now()
    meeting = lock_meeting(meeting, by=by)
    if not has_begun(meeting, at):
        raise MoveRefused(_("There is nothing to write down yet: the note comes after the meeting has begun."))
    note = SessionNote.objects.select_for_update().filter(meeting=meeting).first()
    latest = note.versions.last() if note else None
    if expected_number != (latest.number if latest else 0):
        raise NoteChanged(latest)
    if latest and words == {name: getattr(latest, name) for name in WORDS}:
        if note.waits_for_id == by.pk:
            agree_note(meeting, by=by, number=latest.number, at=at)
        return latest
    other = meeting.other_than(by)
    if note is None:
        note = SessionNote.objects.create(meeting=meeting, waits_for=other)
    else:
        note.waits_for, note.agreed_at, note.agreed_by = other, None, None
        note.save(update_fields=["waits_for", "agreed_at", "agreed_by"])
    note.meeting = meeting
    will_do = follow_lines(note, before=latest.will_do if latest else [], now=words["will_do"], by=by, at=at)
    version = note.versions.create(number=expected_number + 1, by=by, at=at, **words | {"will_do": will_do})
    _look(note, meeting, by=by, at=at)
    notify(
        NOTE,
        about=note,
        to=[other],
        by=by,
        thread=thread_of_note(note.pk),
        bundle=meeting.bundle,
        occasion=str(version.number),
        at=at,
    )
    return version


@transaction.atomic
def agree_note(meeting, *, by, number, at=None) -> SessionNote:
    """The one for whom it waits agrees to the version `number`. Agreeing again changes nothing. Raises NoteChanged when
    another version stands there by now, and MoveRefused for who wrote it."""
    at = at or timezone.now()
    meeting = lock_meeting(meeting, by=by)
    note = SessionNote.objects.select_for_update().filter(meeting=meeting).first()
    if note is None:
        raise MoveRefused(_("Nobody wrote a note of this meeting yet."))
    latest = note.versions.last()
    if latest.number != number:
        raise NoteChanged(latest)
    if note.agreed_at:
        return note
    if note.waits_for_id != by.pk:
        words = {"name": meeting.other_than(by).first_name}
        raise MoveRefused(_("You wrote it. It is for %(name)s to agree.") % words)
    note.waits_for, note.agreed_at, note.agreed_by = None, at, by
    note.save(update_fields=["waits_for", "agreed_at", "agreed_by"])
    _look(note, meeting, by=by, at=at)
    return note


def age_notes(now) -> int:
    """What nobody changed for 14 days is agreed as it was written. Not while a pairing pauses, nor after its end.
    Returns how many."""
    waiting = SessionNote.objects.filter(agreed_at=None, versions__at__lte=now - AGES_IN).distinct()
    waiting = waiting.exclude(versions__at__gt=now - AGES_IN)
    waiting = waiting.filter(meeting__pairing__state__in=_AGEING).select_related("meeting__pairing")
    return sum(_age(note, now) for note in waiting.order_by("pk"))


@transaction.atomic
def keep_private_note(meeting, *, by, words, based_on=None, at=None) -> PrivateNote | None:
    """Keep the words of one's own jotter of a meeting; returns None when there are none any more.

    based_on: the words from which these were made, None for whatever stands there. Raises JotterChanged when others do,
    and MoveRefused after the end and for anybody else than the two.
    """
    at = at or timezone.now()
    meeting = lock_meeting(meeting, by=by)
    mine = PrivateNote.objects.visible_to(by).select_for_update(of=("self",)).filter(meeting=meeting).first()
    stands = mine.words if mine else ""
    if words == stands:
        return mine
    if based_on is not None and based_on != stands:
        raise JotterChanged(stands)
    if not words:
        mine.delete()
        return None
    mine = mine or PrivateNote(meeting=meeting, author=by)
    mine.words, mine.changed_at = words, at
    mine.save()
    return mine


_AGEING = [state for state in Pairing.LIVE if state != Pairing.State.PAUSED]


@transaction.atomic
def _age(note, now):
    pairing = lock(note.meeting.pairing)
    note = SessionNote.objects.select_for_update().get(pk=note.pk)
    is_old = note.versions.last().at <= now - AGES_IN
    if note.agreed_at or not is_old or pairing.state not in _AGEING:
        return False
    mark_seen(note.waits_for, events_of_note(note))
    note.waits_for, note.agreed_at = None, now
    note.save(update_fields=["waits_for", "agreed_at"])
    return True


def _look(note, meeting, *, by, at):
    """Whoever writes or agrees has looked at it."""
    note_activity(meeting.pairing, at=at)
    mark_seen(by, events_of_note(note))
