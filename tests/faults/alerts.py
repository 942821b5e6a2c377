"""The alerts of one case: waited for, and counted at the end."""

import time
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from notifications.models import Email, Notification
from notifications.outbox import LEASE
from tests.faults.rig import until

UNFINISHED = Q(state__in=[Email.State.WAITING, Email.State.SENDING])


@dataclass
class Outcome:
    """What a case found: `facts` for people to read, `broken` the promises that were not kept."""

    lost: int
    duplicates: int
    facts: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def require(self, kept: bool, otherwise: str) -> None:
        if not kept:
            self.broken.append(otherwise)


class Alerts:
    """Those of one case. `shared` holds {mark: when its sharing was done}; who shares fills it."""

    def __init__(self, rig, case: str):
        rig.sink.be_kind()
        rig.revived = []
        self.rig = rig
        self.sink = rig.sink
        self.case = case
        self.began = time.monotonic()
        self.shared: dict[str, float] = {}

    def reach(self, count: int, seconds: float = 90) -> bool:
        """Whether emails of `count` alerts come within `seconds`; what is to be tried again is tried at once."""

        def reached():
            self.rig.keep()
            _hurry()
            return len(self.sink.marks()) >= count

        return until(reached, seconds)

    def settle(self) -> bool:
        """Whether nothing is left to send, after the leases of senders that were killed ran out."""

        def settled():
            self.rig.keep()
            _hurry()
            return not Email.objects.filter(UNFINISHED).exists() and not Notification.objects.waiting().exists()

        return until(settled, LEASE.total_seconds() + 40, pause=0.25)

    def note_doubt(self) -> None:
        """Senders were hurt just now: what they had handed over and not yet marked may come once more."""
        time.sleep(0.1)  # the mail server finishes what it had received
        sending = Email.objects.filter(state=Email.State.SENDING)
        self.sink.note_doubt(sending.values_list("message_id", flat=True))

    def judge(self, marks=None) -> Outcome:
        """Count what came for `marks` (all that were shared, when None is given)."""
        came = {mark: [] for mark in (self.shared if marks is None else marks)}
        for message in list(self.sink.accepted):
            if message.mark in came:
                came[message.mark].append(message.message_id)
        outcome = Outcome(
            lost=sum(not ids for ids in came.values()),
            duplicates=sum(max(0, len(ids) - 1) for ids in came.values()),
        )
        renamed = sum(len(set(ids)) > 1 for ids in came.values())
        needless = [
            message_id
            for message_id, copies in self.sink.copies().items()
            if copies > 1 + self.sink.doubt.get(message_id, 0)
        ]
        outcome.require(outcome.lost == 0, f"{outcome.lost} never came")
        outcome.require(renamed == 0, f"{renamed} came again under another Message-ID")
        outcome.require(not needless, f"{len(needless)} came again needlessly")
        if self.rig.revived:
            outcome.facts.append(f"ended by itself and was started again: {', '.join(self.rig.revived)}")
        return outcome


def drop_leftovers() -> None:
    """What a broken case left must not count in the next."""
    Email.objects.filter(UNFINISHED).update(state=Email.State.DROPPED, lease=None, lease_until=None)
    Notification.objects.waiting().update(due_at=None)


def _hurry() -> None:
    """Nobody waits half a minute here: what is to be tried again is due now."""
    now = timezone.now()
    Email.objects.filter(state=Email.State.WAITING, due_at__gt=now).update(due_at=now)
