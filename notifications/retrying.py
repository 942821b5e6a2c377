"""Another try for emails that failed, because somebody of the programme team asks for it."""

from typing import NamedTuple

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications import wake
from notifications.bounces import stopped_among
from notifications.models import Email
from notifications.outbox import MOST_LOST_LEASES

State = Email.State


class Tried(NamedTuple):
    """How many emails are tried again; how many cannot be: their words were wiped, or their address takes no email; and
    how many need not: they went out, are being sent or were not needed."""

    again: int
    without_words: int
    stopped: int
    needless: int


@transaction.atomic
def try_again(emails, *, by) -> Tried:
    """Let those of `emails` (a QuerySet) that failed begin anew, and those that were put off be due now. Whether they
    may be sent, and what they say, is asked when they are sent, as ever."""
    rows = Email.objects.filter(pk__in=emails.values("pk")).select_related("person")
    rows = list(rows.select_for_update(of=("self",)).order_by("pk"))
    failed = [email for email in rows if email.state == State.FAILED]
    waiting = [email for email in rows if email.state == State.WAITING]
    # Only a letter has no bundle, and its words were wiped when it failed.
    with_words = [email for email in failed if email.bundle]
    closed = stopped_among(email.person.email for email in with_words)
    anew = [email for email in with_words if email.person.email.lower() not in closed]
    _begin_anew(anew)
    now = timezone.now()
    Email.objects.filter(pk__in=[email.pk for email in waiting], due_at__gt=now).update(due_at=now)
    if anew or waiting:
        LogEntry.objects.log_actions(by.pk, [*anew, *waiting], CHANGE, _("Tried again."))
        transaction.on_commit(wake.deliver_soon, robust=True)
    return Tried(
        again=len(anew) + len(waiting),
        without_words=len(failed) - len(with_words),
        stopped=len(with_words) - len(anew),
        needless=len(rows) - len(failed) - len(waiting),
    )


def _begin_anew(emails):
    now = timezone.now()
    # Another email of the same bundle may be the one that is being gathered: this one counts as tried before.
    Email.objects.filter(pk__in=[email.pk for email in emails]).update(
        state=State.WAITING,
        attempts=1,
        bounces=0,
        created_at=now,
        due_at=now,
        sent_at=None,
        # It says why it waits until it is sent; but what ended its senders must be noticed again if it still does.
        reason=Case(When(attempts__gt=MOST_LOST_LEASES, then=Value("")), default=F("reason")),
    )
