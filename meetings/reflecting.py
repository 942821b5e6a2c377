"""What was learnt from a meeting, as one of the two looks at it."""

from typing import NamedTuple

from django.utils import timezone

from meetings.models import Meeting, Reflection
from meetings.showing import is_over
from programmes.models import Criterion, Enrolment


class Learnt(NamedTuple):
    """`mine`: the viewer's own reflection, `theirs`: the other's once it is shared; None for neither. `may_write`:
    whether the meeting is over, and the pairing is not."""

    mine: Reflection | None
    theirs: Reflection | None
    is_over: bool
    may_write: bool


def learnt_from(meeting, viewer) -> Learnt:
    """One statement."""
    found = Reflection.objects.visible_to(viewer).filter(meeting=meeting).select_related("author", "criterion__level")
    by_own = {reflection.author_id == viewer.pk: reflection for reflection in found}
    over = is_over(meeting, timezone.now())
    return Learnt(by_own.get(True), by_own.get(False), over, over and meeting.pairing.is_live)


def learnt_at(meeting, viewer) -> dict:
    """What the page of a meeting says of it. One statement."""
    return {"learnt": learnt_from(meeting, viewer)}


def criteria_for(meeting: Meeting, person, chosen=None) -> list[Criterion]:
    """To which what they learnt may speak: of the level that a mentee works towards, else of all levels of the
    programme; and the one `chosen` before, whatever its level. Two statements."""
    of_programme = Criterion.objects.filter(level__programme=meeting.pairing.programme_id).select_related("level")
    found = list(of_programme.order_by("level__position", "level", "number"))
    if person.pk != meeting.pairing.mentee_id:
        return found
    part = Enrolment.objects.filter(
        programme=meeting.pairing.programme_id, person=person, role=Enrolment.Role.MENTEE, level__isnull=False
    )
    level = part.values_list("level", flat=True).first()
    return [criterion for criterion in found if level in (None, criterion.level_id) or criterion == chosen]
