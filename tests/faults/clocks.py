"""Case 6: the senders' sense of time. Two beats, none at all, and clocks that are wrong by an hour."""

import time
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from mentoring.embedded import programs
from mentoring.embedded.stores import make_folder
from notifications.models import Email, Notification
from notifications.outbox import LEASE
from tests.factories import share
from tests.faults.alerts import Alerts
from tests.faults.people import BODY, share_all
from tests.faults.rig import until

HOUR = timedelta(hours=1)
LAG = 60  # seconds that email may be late once the beat, or the right time, is back
LATER = 10  # alerts that fall due when no beat lives
LOOK = 8  # seconds


def two_beats(rig, pages):
    alerts = Alerts(rig, "6a")
    folder = rig.stores.folder / "second-beat"
    make_folder(folder)
    second = programs.beat(folder, rig.env, ())
    second.start()
    try:
        share_all(pages, alerts.case, alerts.shared)
        alerts.reach(len(pages))
        alerts.settle()
        lived = second.alive()
    finally:
        second.stop()
    outcome = alerts.judge()
    outcome.require(lived, "the second beat did not run")
    outcome.require(outcome.duplicates == 0, "something came twice")
    outcome.facts.append("two beats ticked all the time")
    return outcome


def beat_dead(rig, pages):
    alerts = Alerts(rig, "6b")
    rig.programs.remove(rig.beat)
    rig.beat.stop()
    try:
        share_all(pages[:-LATER], alerts.case, alerts.shared)
        alerts.reach(len(pages) - LATER)
        alerts.settle()
        nudged = len(rig.sink.marks())
        flowed = max(message.at for message in rig.sink.accepted) - alerts.began
        due = _share_for_later(pages[-LATER:], alerts)
        until(lambda: timezone.now() > due + timedelta(seconds=6), 30)
        waited = LATER - (len(rig.sink.marks()) - nudged)
    finally:
        rig.beat.start()
        rig.programs.append(rig.beat)
    back = time.monotonic()
    alerts.reach(len(pages), seconds=LAG)
    lag = max(message.at for message in rig.sink.accepted) - back
    alerts.settle()
    outcome = alerts.judge()
    outcome.require(nudged == len(pages) - LATER, f"without a beat only {nudged} of {len(pages) - LATER} came")
    outcome.require(waited == LATER, f"{LATER - waited} came early: the case shows nothing")
    outcome.require(outcome.duplicates == 0, "something came twice")
    outcome.require(lag <= LAG, f"what waited for the beat was {lag:.0f} s late once it was back")
    outcome.facts.append(
        f"beat dead all the time: {nudged} came by nudges, the last after {flowed:.1f} s; {waited} fell due with "
        f"nothing to nudge, and came {lag:.1f} s after the beat was back"
    )
    return outcome


def clock_moved(rig, pages):
    """While no sender lives, the rows' dates are moved instead of the clock: for who reads them that is the same."""
    alerts = Alerts(rig, "6c")
    rig.sink.pause = 0.3  # so that some are in a sender's hands when it is killed, and many wait
    rig.worker.end_group()
    share_all(pages, alerts.case, alerts.shared)
    rig.worker.start()
    alerts.reach(len(pages) // 4)
    fast = _came_after_a_move(rig, alerts, HOUR)
    slow = _came_after_a_move(rig, alerts, -2 * HOUR)
    left = len(pages) - len(rig.sink.marks())
    # A sender that is killed while its clock is fast has claimed its emails for an hour and a lease.
    held = Email.objects.filter(state=Email.State.SENDING).count()
    rig.sink.pause = 0
    _move_clock(HOUR)  # the hour that it was slow has passed
    right = time.monotonic()
    alerts.reach(len(pages) - held, seconds=LAG)
    lag = max(message.at for message in rig.sink.accepted) - right
    _move_clock(HOUR)  # and one more
    alerts.reach(len(pages), seconds=LEASE.total_seconds() + LAG)
    alerts.settle()
    outcome = alerts.judge()
    outcome.require(fast > 0, "nothing came with the clock an hour fast")
    outcome.require(slow == 0 and held < left, f"{slow} came with the clock an hour slow; {left} did not, {held} held")
    outcome.require(lag <= LAG, f"email was {lag:.0f} s late once the clock was right")
    outcome.facts.append(
        f"clock moved, by the dates in the database: an hour fast, {fast} more came in {LOOK} s; an hour slow, {slow} "
        f"came; {left - held} came {lag:.1f} s after it was right, {held} that a killed sender held an hour later"
    )
    return outcome


def _share_for_later(pages, alerts):
    """Share what is due in a moment at which nothing nudges the worker; returns that moment."""
    due = timezone.now() + timedelta(seconds=10)
    for page in pages:
        mark = f"alert-{alerts.case}-{len(alerts.shared)}"
        with transaction.atomic():
            share(page, BODY.format(mark=mark), note=mark)
            Notification.objects.waiting().update(due_at=due)
        alerts.shared[mark] = time.monotonic()
    return due


def _came_after_a_move(rig, alerts, by):
    """Kill the worker, move the clock, start another. How many emails came in `LOOK` seconds."""
    rig.worker.end_group()
    alerts.note_doubt()
    before = len(rig.sink.marks())
    _move_clock(by)
    rig.worker.start()
    time.sleep(LOOK)
    return len(rig.sink.marks()) - before


def _move_clock(by):
    """Make every date look as if the clock had been put forward by so much."""
    unfinished = Email.objects.filter(state__in=[Email.State.WAITING, Email.State.SENDING])
    unfinished.update(due_at=F("due_at") - by, created_at=F("created_at") - by, lease_until=F("lease_until") - by)
    Notification.objects.waiting().update(due_at=F("due_at") - by)
