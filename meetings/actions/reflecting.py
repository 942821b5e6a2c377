"""What each of the two learnt from a meeting, for their own professional development."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.actions.arranging import lock_meeting
from meetings.models import Meeting, Reflection
from meetings.notices.reflecting import LEARNT, thread_of_learnt
from notifications.actions import notify
from pairings.actions import note_activity
from pairings.models import MoveRefused

LONGEST_DAY = 24 * 60  # minutes that may count for one meeting
PARTS = ("what", "so_what", "now_what")


class ReflectionChanged(MoveRefused):
    """Its author kept something else in another window: `latest` is what stands there now, None for nothing."""

    def __init__(self, latest):
        super().__init__(_("You kept something else here in another window. Look at both, then keep yours again."))
        self.latest = latest


@transaction.atomic
def keep_reflection(
    meeting, *, by, what, so_what, now_what, criterion, minutes, is_shared, based_on=None, at=None
) -> Reflection | None:
    """Keep what `by` learnt from a meeting that is over; nobody else reads it unless `is_shared`, and then the other
    alone, who is told the first time. Returns None where nothing was said: no words, no criterion, no other `minutes`
    than those of the meeting.

    based_on: `stamp_of` what its writer was shown, None for whatever stands there. Raises ReflectionChanged when
    something else does, and MoveRefused for a meeting that is not over, a criterion of another programme, after the
    end, and for anybody else than the two.
    """
    at = at or timezone.now()
    meeting = lock_meeting(meeting, by=by)
    if not Meeting.objects.over(at).filter(pk=meeting.pk).exists():
        raise MoveRefused(_("You can write what you learnt once you have met."))
    if criterion and criterion.level.programme_id != meeting.pairing.programme_id:
        raise MoveRefused(_("Choose a criterion of your own programme."))
    mine = Reflection.objects.written_by(by).filter(meeting=meeting).first()
    if based_on is not None and based_on != stamp_of(mine):
        raise ReflectionChanged(mine)
    has_words = bool(what or so_what or now_what)
    if not has_words and criterion is None and minutes == meeting.minutes:
        if mine:
            mine.delete()
        return None
    mine = mine or Reflection(meeting=meeting, author=by)
    mine.what, mine.so_what, mine.now_what = what, so_what, now_what
    mine.criterion, mine.minutes, mine.is_shared = criterion, minutes, is_shared and has_words
    mine.changed_at = at
    mine.save()
    if mine.is_shared:
        _tell(mine, meeting, by=by, at=at)
    return mine


def stamp_of(reflection) -> str:
    """What tells one wording from the next; "" for none."""
    return reflection.changed_at.isoformat() if reflection else ""


def _tell(reflection, meeting, *, by, at):
    note_activity(meeting.pairing, at=at)
    notify(
        LEARNT,
        about=reflection,
        to=[meeting.other_than(by)],
        by=by,
        thread=thread_of_learnt(reflection.pk),
        bundle=meeting.bundle,
        at=at,
    )
