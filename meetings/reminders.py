"""Before a meeting: the plan is asked for, the mentee is nudged as the two agreed, and both hear of it the day before.

`dates` says when, and knows no database. `schedule_reminders` writes it down whenever a meeting is booked, moves or is
called off; `tell_due` says what is due: each once, late rather than never, and not when it is of no use any more.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from meetings import notices
from meetings.models import Meeting, Reminder
from notifications.actions import mark_seen, notify
from notifications.models import Event
from notifications.scheduling import zone_of
from pairings.models import Pairing

Kind, Chasing = Reminder.Kind, Pairing.Chasing
MORNING, EVENING = time(9), time(17)
PLAN_DAYS, NUDGE_DAYS = 7, 2
# Who was asked for a plan so shortly before is not nudged; nor is who was asked late.
_JUST_ASKED, _ASKED_LATE = timedelta(days=1), timedelta(hours=12)
MENTEE, MENTOR = "mentee", "mentor"
_NOTICES = {Kind.PLAN: notices.PLAN_DUE, Kind.PLAN_NUDGE: notices.PLAN_NUDGE, Kind.TOMORROW: notices.TOMORROW}


def dates(
    starts_at: datetime, booked_at: datetime, mentee_zone: ZoneInfo, mentor_zone: ZoneInfo, chasing: int
) -> dict[tuple[str, str], datetime]:
    """{(kind of reminder, “mentee” or “mentor”): when it is due, UTC} for a meeting that was booked, or moved, at
    `booked_at`; `chasing` is one of `Pairing.Chasing`.

    A plan is asked for at nine in the morning seven days before, at once when that is past; all else whose moment is
    past is left out. Days and hours are those of the person's own zone; an hour that clocks leave out is as much later
    as they are put forward, one that they show twice is the first.
    """
    if booked_at >= starts_at:
        return {}
    plan = max(_before(starts_at, PLAN_DAYS, MORNING, mentee_zone), booked_at.astimezone(UTC))
    found = {(Kind.PLAN, MENTEE): plan}
    nudge = _before(starts_at, NUDGE_DAYS, MORNING, mentee_zone)
    if chasing != Chasing.NOT and nudge >= plan + _JUST_ASKED:
        found[Kind.PLAN_NUDGE, MENTEE] = nudge
    for role, zone in ((MENTEE, mentee_zone), (MENTOR, mentor_zone)):
        evening = _before(starts_at, 1, EVENING, zone)
        if evening > booked_at:
            found[Kind.TOMORROW, role] = evening
    return found


@transaction.atomic
def schedule_reminders(meeting, *, at) -> None:
    """Write down the reminders of a meeting as it stands now, at the moment `at`; its pairing is locked. What was said
    is said again only for another day to come; what is not due any more is dropped, and of a meeting that is over or
    called off nothing is new any more."""
    pairing = meeting.pairing
    people = {MENTEE: pairing.mentee, MENTOR: pairing.mentor}
    due = {}
    if meeting.state != Meeting.State.BOOKED:
        for person in people.values():
            mark_seen(person, notices.events_of_planning(meeting))
    else:
        zones = [zone_of(person) for person in people.values()]
        due = dates(meeting.starts_at, at, *zones, pairing.chasing)
    wanted = {(kind, people[role].pk): moment for (kind, role), moment in due.items()}
    for reminder in Reminder.objects.select_for_update().filter(meeting=meeting).order_by("pk"):
        _follow(reminder, wanted.pop((reminder.kind, reminder.person_id), None), at)
    Reminder.objects.bulk_create(
        Reminder(meeting=meeting, person_id=person, kind=kind, due_at=moment)
        for (kind, person), moment in wanted.items()
    )


def tell_due(now) -> int:
    """Say what is due. Two at the same moment share it out; what waits for somebody's lock is said by the next tick.
    While a pairing pauses its reminders wait. Returns how many were said."""
    due = _waiting(now).exclude(meeting__pairing__state=Pairing.State.PAUSED).order_by("due_at", "pk")
    return sum(_tell(pk, pairing, now) for pk, pairing in due.values_list("pk", "meeting__pairing"))


def _before(starts_at, days, clock, zone):
    day = starts_at.astimezone(zone).date() - timedelta(days=days)
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def _follow(reminder, moment, at):
    """Move a reminder along with its meeting. `moment`: when it is due now, None for not at all."""
    if moment is None:
        if reminder.told_at is None and reminder.dropped_at is None:
            reminder.dropped_at = at
            reminder.save(update_fields=["dropped_at"])
        return
    if (moment == reminder.due_at and not reminder.dropped_at) or (reminder.told_at and moment <= at):
        return
    if reminder.told_at:
        mark_seen(
            reminder.person, Event.objects.filter(kind=_NOTICES[Kind(reminder.kind)].kind, about_id=reminder.meeting_id)
        )
    reminder.due_at, reminder.told_at, reminder.dropped_at = moment, None, None
    reminder.save(update_fields=["due_at", "told_at", "dropped_at"])


def _waiting(now):
    return Reminder.objects.filter(due_at__lte=now, told_at=None, dropped_at=None)


@transaction.atomic
def _tell(pk, pairing, now) -> bool:
    """The pairing's lock comes first, as in every verb that tells somebody. It is not waited for: another beat has it,
    or somebody who moves the meeting."""
    locked = Pairing.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).with_people()
    pairing = locked.filter(pk=pairing).first()
    reminder = pairing and _waiting(now).select_for_update(of=("self",)).select_related("meeting").filter(pk=pk).first()
    if not reminder or pairing.state == Pairing.State.PAUSED:
        return False
    meeting = reminder.meeting
    meeting.pairing = pairing
    if not _is_of_use(reminder, meeting, now):
        reminder.dropped_at = now
        reminder.save(update_fields=["dropped_at"])
        return False
    reminder.told_at = now
    reminder.save(update_fields=["told_at"])
    _notify(reminder, meeting, now)
    return True


def _is_of_use(reminder, meeting, now):
    """Not once it began or was called off, nor after the end; a plan is not asked for that is shared, nor chased where
    the two agreed otherwise since."""
    pairing = meeting.pairing
    if meeting.state != Meeting.State.BOOKED or meeting.starts_at <= now or not pairing.is_live:
        return False
    if reminder.kind == Kind.TOMORROW:
        return True
    if reminder.kind == Kind.PLAN_NUDGE:
        just_asked = Reminder.objects.filter(meeting=meeting, kind=Kind.PLAN, told_at__gt=now - _ASKED_LATE)
        if pairing.chasing == Chasing.NOT or just_asked.exists():
            return False
    return not meeting.plans.exists()


def _notify(reminder, meeting, now):
    pairing = meeting.pairing
    notice = _NOTICES[Kind(reminder.kind)]
    notify(
        notice,
        about=meeting,
        to=[pairing.mentee if reminder.person_id == pairing.mentee_id else pairing.mentor],
        by=None,
        thread=notices.thread_of_plan(meeting.pk, notice),
        bundle=pairing.bundle,
        occasion=f"{reminder.person_id} {reminder.due_at:%Y-%m-%dT%H:%M}",
        at=now,
        in_time_for=meeting.starts_at,
    )
