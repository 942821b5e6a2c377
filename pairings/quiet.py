"""Pairs that have been quiet for longer than suits the rhythm they agreed."""

from datetime import timedelta

from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Q, Value
from django.db.models.functions import Coalesce

from notifications.actions import notify
from pairings import notices
from pairings.models import Pairing

State = Pairing.State
# Who pauses said so, and who finishes is asked for other things.
MAY_BE_QUIET = (State.AGREEING, State.ACTIVE)
A_WEEK = timedelta(weeks=1)


def quiet(pairings, now):
    """Those of `pairings` (a QuerySet) in which nothing has happened for so long: more than `quiet_factor` times their
    rhythm, or the programme's where they did not say."""
    weeks = Coalesce("rhythm_weeks", "programme__rhythm_weeks") * F("programme__quiet_factor")
    gap = ExpressionWrapper(weeks * Value(A_WEEK), output_field=DurationField())
    return pairings.filter(state__in=MAY_BE_QUIET, last_activity_at__lte=Value(now) - gap)


def is_quiet_for_team(programme, now) -> Q:
    """Of pairings of that programme: whether the team may hear of it, after `quiet_team_factor` times their rhythm."""
    weeks = Coalesce("rhythm_weeks", Value(programme.rhythm_weeks))
    a_week = Value(A_WEEK * float(programme.quiet_team_factor))
    gap = ExpressionWrapper(weeks * a_week, output_field=DurationField())
    return Q(state__in=MAY_BE_QUIET, last_activity_at__lte=Value(now) - gap)


def tell_quiet_pairs(now) -> int:
    """Ask both of each such pair, once in a gap and each by themselves, whether they would like to find a time. Returns
    how many pairs. Two that do this at once tell nobody twice."""
    untold = _untold(now).order_by("last_activity_at", "pk").values_list("pk", flat=True)
    return sum(_tell(pk, now) for pk in list(untold))


@transaction.atomic
def _tell(pk, now):
    found = _untold(now).select_for_update(of=("self",), no_key=True, skip_locked=True).with_people()
    pairing = found.filter(pk=pk).first()
    if pairing is None:
        return False
    pairing.quiet_told_at = now
    pairing.save(update_fields=["quiet_told_at"])
    # A mentee who agreed not to be chased is not chased by us either; their mentor may still like to know.
    is_asked_not_to = pairing.chasing == Pairing.Chasing.NOT
    notify(
        notices.QUIET,
        about=pairing,
        occasion=f"since {pairing.last_activity_at:%Y-%m-%d %H:%M:%S}",
        to=[pairing.mentor] if is_asked_not_to else [pairing.mentee, pairing.mentor],
        by=None,
        thread=notices.thread_of_quiet(pairing.pk),
        bundle=pairing.bundle,
        at=now,
    )
    return True


def _untold(now):
    untold = Q(quiet_told_at=None) | Q(quiet_told_at__lt=F("last_activity_at"))
    return quiet(Pairing.objects.filter(untold), now)
