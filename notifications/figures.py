"""How email is doing, in numbers. Each is one statement over what is recent, served by an index of its own: old rows,
however many, are never read."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Min, OuterRef, Q, Subquery, Window
from django.db.models.functions import Lower, TruncDate

from notifications.models import Email, InboundEmail, StoppedAddress
from notifications.outbox import GIVE_UP
from notifications.reasons import family_of

State = Email.State
DAYS = 30
LAST_DAY, LAST_WEEK = timedelta(days=1), timedelta(days=7)
# An email fails, or turns out not to be needed, at most so long after it was made.
_EARLIER = GIVE_UP + LAST_DAY


@dataclass
class Reason:
    """Emails that share a reason. `example` is one of its full wordings."""

    family: str
    example: str = ""
    count: int = 0
    last_week: int = 0
    latest: datetime | None = None


@dataclass
class Ended:
    """What became of emails in `DAYS` days. `days` counts by local date, the oldest first; `spans` counts the last 24
    hours and the last 7 days by state; the reasons, the most frequent first."""

    days: list[tuple[date, int, int]] = field(default_factory=list)  # (day, sent, failed)
    last_day: Counter = field(default_factory=Counter)
    last_week: Counter = field(default_factory=Counter)
    failed: list[Reason] = field(default_factory=list)
    dropped: list[Reason] = field(default_factory=list)


def unsent(mine: Q) -> dict:
    """`waiting`, `put_off` (those of the waiting that a mail server put off) and `sending` of the emails that are
    `mine`; `oldest`: when the oldest of all unsent emails was made, or None."""
    waiting = mine & Q(state=State.WAITING)
    return Email.objects.filter(state__in=[State.WAITING, State.SENDING]).aggregate(
        oldest=Min("created_at"),
        waiting=Count("pk", filter=waiting),
        put_off=Count("pk", filter=waiting & Q(attempts__gt=0)),
        sending=Count("pk", filter=mine & Q(state=State.SENDING)),
    )


def ended(mine: Q, now: datetime, zone) -> Ended:
    """What became of the emails that are `mine`, by days of `zone`. Two statements."""
    first = now.astimezone(zone).date() - timedelta(days=DAYS - 1)
    found = Ended()
    sent, failed = Counter(), Counter()
    for row in _sent(mine, now, zone):
        sent[row["day"]] = row["count"]
        found.last_day[State.SENT] += row["in_a_day"]
        found.last_week[State.SENT] += row["in_a_week"]
    reasons = {State.FAILED: {}, State.DROPPED: {}}
    for row in _failed_or_dropped(mine, now, zone):
        state = row["state"]
        found.last_day[state] += row["in_a_day"]
        found.last_week[state] += row["in_a_week"]
        if state == State.FAILED:
            failed[row["day"]] += row["count"]
        if row["day"] >= first:
            _add(reasons[state].setdefault(row["family"], Reason(row["family"])), row)
    dates = [first + timedelta(days=number) for number in range(DAYS)]
    found.days = [(day, sent[day], failed[day]) for day in dates]
    found.failed = sorted(reasons[State.FAILED].values(), key=lambda reason: (-reason.count, reason.family))
    of_the_week = (reason for reason in reasons[State.DROPPED].values() if reason.last_week)
    found.dropped = sorted(of_the_week, key=lambda reason: (-reason.last_week, reason.family))
    return found


def families(emails, now: datetime) -> list[str]:
    """What the reasons of `emails` (a QuerySet) have in common that failed lately, or that wait."""
    recent = Q(state=State.FAILED, created_at__gt=now - timedelta(days=DAYS) - _EARLIER) | Q(state=State.WAITING)
    found = emails.filter(recent).exclude(reason="").order_by().values_list(family_of(), flat=True)
    return sorted(found.distinct())


def stopped(people, most: int, *, also_nobodys: bool):
    """The addresses of `people` (a QuerySet) that take no email, the latest first, `most` at most: each with
    `person_id`, `name` and `total`, how many there are in all. also_nobodys: those that are nobody's any more, too."""
    owner = people.annotate(address=Lower("email")).filter(address=OuterRef("email"))
    rows = StoppedAddress.objects.annotate(
        person_id=Subquery(owner.values("pk")[:1]), name=Subquery(owner.values("name")[:1])
    )
    if not also_nobodys:
        rows = rows.filter(person_id__isnull=False)
    return rows.annotate(total=Window(Count("pk"))).order_by("-at", "-pk")[:most]


def came_in(mine: Q, now: datetime) -> list[tuple[str, int]]:
    """(outcome in words, how many) of the emails of the last week that are `mine`, the most frequent first."""
    rows = InboundEmail.objects.filter(mine, at__gt=now - LAST_WEEK).order_by().values_list("outcome")
    found = rows.annotate(count=Count("pk")).order_by("-count", "outcome")
    return [(InboundEmail.Outcome(outcome).label, count) for outcome, count in found]


def _sent(mine, now, zone):
    rows = Email.objects.filter(mine, state=State.SENT, sent_at__gt=now - timedelta(days=DAYS))
    return _by_day(rows, "sent_at", now, zone).values("day", "count", "in_a_day", "in_a_week")


def _failed_or_dropped(mine, now, zone):
    """Their last attempt was due when they failed; a state has no moment of its own."""
    made = {"created_at__gt": now - timedelta(days=DAYS) - _EARLIER}
    made_lately = {"created_at__gt": now - LAST_WEEK - _EARLIER}
    rows = Email.objects.filter(mine).filter(Q(state=State.FAILED, **made) | Q(state=State.DROPPED, **made_lately))
    rows = rows.annotate(family=family_of())
    return _by_day(rows, "due_at", now, zone, "state", "family").annotate(example=Min("reason"), latest=Max("due_at"))


def _by_day(rows, moment, now, zone, *also):
    lately = {"in_a_day": now - LAST_DAY, "in_a_week": now - LAST_WEEK}
    counts = {name: Count(moment, filter=Q(**{f"{moment}__gt": since})) for name, since in lately.items()}
    rows = rows.order_by().annotate(day=TruncDate(moment, tzinfo=zone)).values("day", *also)
    return rows.annotate(count=Count("*"), **counts)


def _add(reason, row):
    reason.count += row["count"]
    reason.last_week += row["in_a_week"]
    if reason.latest is None or row["latest"] > reason.latest:
        reason.latest, reason.example = row["latest"], row["example"]
