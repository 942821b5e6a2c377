"""How many emails somebody's choices would have brought them in the last month: what happened is replayed through the
rules of `timing`, as `scheduling` and `outbox` keep them. Pure, but for `history_of`."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from django.conf import settings

from notifications import timing
from notifications.models import Email, Notification
from notifications.notices import NOTICES
from notifications.scheduling import wishes_of
from notifications.timing import A_DAY_AT_MOST, Choice

MONTH = timedelta(days=30)
# What happened before the month may have been told in it.
BEFORE = timedelta(days=14)
MOST = 4_000  # events
_numbers = count()  # heaps must not compare what they hold


class Happened(NamedTuple):
    """One thing that a person could be told of; the fields as of `Notice`, `Event` and `Notification`. `is_alone`: told
    in an email of its own, in time for something."""

    at: datetime
    group: str
    bundle: str
    seen_at: datetime | None
    delay: timedelta
    is_alone: bool = False


def forecast(person, preference, mutes, now) -> int:
    """What this (perhaps unsaved) preference and these muted bundles would have meant. One statement."""
    choices = {group: preference.choice(group) for group in preference.GROUPS}
    window = timedelta(minutes=settings.NOTICE_BUNDLE_MINUTES)
    wishes = wishes_of(person, preference)
    return emails_of(history_of(person, now), choices, wishes, window=window, mutes=mutes, now=now)


def history_of(person, now, most=MOST) -> list[Happened]:
    """What the person could have been told of lately, in the order in which it happened; the newest `most` at most, so
    that it never takes longer than that. One statement."""
    newest = Notification.objects.filter(person=person).order_by("-pk").values("pk")[:most]
    rows = Notification.objects.filter(pk__in=newest, event__at__gt=now - MONTH - BEFORE, event__at__lte=now)
    facts = rows.order_by("event__at", "pk").values_list(
        "event__at", "event__kind", "event__bundle", "seen_at", "told_with"
    )
    return [
        Happened(at, NOTICES[kind].group, bundle, seen_at, NOTICES[kind].delay, told_with.startswith(Email.ONCE))
        for at, kind, bundle, seen_at, told_with in facts
        if kind in NOTICES
    ]


def emails_of(history, choices, wishes, *, window, mutes, now) -> int:
    """How many emails `history` would have led to in the month before `now`. A pause is left out of it.

    choices: of each group. window: how long a bundle is gathered at first; without one there is no waiting and no cap.
    mutes: bundles of which no emails are wanted.
    """
    replay = _Replay(choices, wishes._replace(paused_until=None), window, mutes)
    for happened in history:
        replay.go_on_to(happened.at)
        replay.add(happened)
    replay.go_on_to(now)
    return sum(made > now - MONTH for made in replay.made)


class _Waiting:
    """What waits to be told in one email: some is gathered until one moment, some is due at moments of its own."""

    def __init__(self):
        self._gathered, self._due = [], None  # heap, by when it happened
        self._alone = []  # heap, by when it is due

    def add(self, happened, due):
        heappush(self._alone, (due, next(_numbers), happened))

    def gather(self, happened, due_of):
        """All that is gathered is due with this now; `due_of` tells when, from when the oldest of it happened."""
        self._forget_seen(happened.at)
        heappush(self._gathered, (happened.at, next(_numbers), happened))
        self._due = due_of(self._gathered[0][0])
        return self._due

    def is_due(self, at):
        self._forget_seen(at)
        return bool(self._gathered and self._due <= at) or bool(self._alone and self._alone[0][0] <= at)

    def take(self, at):
        """What an email made now tells: what is due, and what soon would be."""
        taken = self._take_alone(at)
        if self._gathered and self._due <= at + timing.LONGEST:
            taken += [entry[-1] for entry in self._gathered]
            self._gathered = []
        return taken

    def put_off(self, at, due):
        """What an email would have told now is due later."""
        for happened in self._take_alone(at):
            self.add(happened, due)
        if self._gathered and self._due <= at + timing.LONGEST:
            self._due = due

    def _take_alone(self, at):
        taken = []
        while self._alone and self._alone[0][0] <= at + timing.LONGEST:
            taken.append(heappop(self._alone)[-1])
        return taken

    def _forget_seen(self, at):
        for heap in (self._gathered, self._alone):
            while heap and _is_seen(heap[0][-1], at):
                heappop(heap)


class _Replay:
    """`made`: when each email was."""

    def __init__(self, choices, wishes, window, mutes):
        self.made = []
        self._choices, self._wishes, self._window, self._mutes = choices, wishes, window, mutes
        self._waiting = defaultdict(_Waiting)
        self._moments = []  # heap: when something may be due
        self._last = {}  # bundle → when its last email was made
        self._on = Counter()  # date → how many emails

    def add(self, happened):
        if not self._is_wanted(happened):
            return
        choice = self._choices.get(happened.group)
        if choice is None or happened.is_alone or not (self._window or choice == Choice.WEEKLY):
            if not _is_seen(happened, happened.at):
                self.made.append(happened.at)
            return
        bundle = Notification.WEEK if choice == Choice.WEEKLY else happened.bundle
        waiting = self._waiting[bundle]
        if choice in (Choice.WEEKLY, Choice.NOW):
            last = happened.at if waiting.is_due(happened.at) else self._last_of(bundle)
            due = self._due(choice, happened, happened.at, last)
            waiting.add(happened, due)
        else:
            due = waiting.gather(happened, lambda opened: self._due(choice, happened, opened, self._last_of(bundle)))
        heappush(self._moments, due)

    def go_on_to(self, until):
        while self._moments and self._moments[0] < until:
            at = heappop(self._moments)
            while self._moments and self._moments[0] == at:
                heappop(self._moments)
            self._gather(at)

    def _gather(self, at):
        ready = [bundle for bundle, waiting in self._waiting.items() if waiting.is_due(at)]
        if not ready:
            return
        free = A_DAY_AT_MOST - self._on[self._day(at)]
        if not self._window or len(ready) <= free:
            for bundle in ready:
                self._send(bundle, self._waiting[bundle].take(at), at)
        elif free > 0:
            self._send(Notification.DAY, [each for bundle in ready for each in self._waiting[bundle].take(at)], at)
        else:
            morning = timing.in_the_morning(at, self._wishes)
            for bundle in ready:
                self._waiting[bundle].put_off(at, morning)
            heappush(self._moments, morning)

    def _send(self, bundle, told, at):
        if any(not _is_seen(happened, at) for happened in told):
            self.made.append(at)
            self._last[bundle] = at
            self._on[self._day(at)] += 1

    def _last_of(self, bundle):
        return max(filter(None, (self._last.get(bundle), self._last.get(Notification.DAY))), default=None)

    def _is_wanted(self, happened):
        if not happened.group:
            return True
        return self._choices[happened.group] != Choice.OFF and happened.bundle not in self._mutes

    def _due(self, choice, happened, opened, last):
        return timing.due(
            choice,
            happened.at,
            opened=opened,
            last=last,
            wishes=self._wishes,
            window=self._window,
            delay=happened.delay,
        )

    def _day(self, at):
        return at.astimezone(self._wishes.zone).date()


def _is_seen(happened, at):
    return happened.seen_at is not None and happened.seen_at <= at
