"""How a pairing ends: finishing, the mentor's form, the end itself, and thanks."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from notifications.actions import mark_seen, notify
from notifications.models import Event
from pairings import notices
from pairings.actions.pairing import lock, move_pairing, note_activity
from pairings.models import CompletionForm, EndReason, MoveRefused, Pairing, ThankYou

State = Pairing.State
NUDGE = timedelta(days=7)


@transaction.atomic
def ask_for_completion(pairing, *, by, at=None) -> Pairing:
    """Begin finishing: a mentee thereby asks for their mentor's form, a mentor says that it is time. The other is told
    at once. Raises MoveRefused unless the pairing is active, and for anybody else than the two."""
    at = at or timezone.now()
    pairing = _lock(pairing, by)
    pairing = move_pairing(pairing, State.COMPLETING, by=by, at=at)
    pairing.completion_asked_at, pairing.completion_nudged_at = at, None
    pairing.save(update_fields=["completion_asked_at", "completion_nudged_at"])
    note_activity(pairing, at=at)
    _tell(notices.FINISHING, pairing, by=by, occasion=at.isoformat(), at=at)
    return pairing


@transaction.atomic
def go_on_after_all(pairing, *, by, at=None) -> Pairing:
    """Not finishing yet: what was asked is no longer new to anybody."""
    at = at or timezone.now()
    pairing = _lock(pairing, by)
    if pairing.state != State.COMPLETING:
        raise MoveRefused(_("You are not finishing, so nothing was changed."))
    pairing = move_pairing(pairing, State.ACTIVE, by=by, at=at)
    note_activity(pairing, at=at)
    _mark_looked_at(pairing, pairing.mentee, pairing.mentor)
    return pairing


def nudge_completions(now) -> int:
    """Remind mentors, once, of a form that they were asked for a week ago. Returns how many."""
    nudged = 0
    for pairing in _unanswered(now).order_by("pk"):
        nudged += _nudge(pairing, now)
    return nudged


@transaction.atomic
def fill_in_completion(pairing, *, by, answers, hours, at=None) -> CompletionForm:
    """The mentor's form, once: `CompletionForm.answers`, and the hours that it took them. The mentee is told.

    Raises MoveRefused before finishing has begun, when it was filled in before, and for anybody else than the mentor.
    """
    at = at or timezone.now()
    pairing = lock(pairing)
    if by.pk != pairing.mentor_id:
        raise MoveRefused(_("Only the mentor fills in this form."))
    if pairing.state not in (State.COMPLETING, State.ENDED):
        raise MoveRefused(_("The form comes when you finish. Begin finishing first."))
    if sent := CompletionForm.objects.filter(pairing=pairing).first():
        words = {"day": date_format(timezone.localtime(sent.at), "j F Y")}
        raise MoveRefused(_("You sent this form on %(day)s. It stays as it is.") % words)
    form = CompletionForm.objects.create(pairing=pairing, by=by, answers=answers, hours=hours, at=at)
    note_activity(pairing, at=at)
    _mark_looked_at(pairing, by)
    _tell(notices.COMPLETED, pairing, by=by, at=at)
    return form


@transaction.atomic
def end_pairing(pairing, *, by, why, words="", at=None) -> Pairing:
    """End it. The other is told that, never why: the reasons (`EndReason`) are for the programme team alone.

    Raises MoveRefused when it has ended already, and for anybody but the two and their programme's coordinators.
    """
    at = at or timezone.now()
    is_theirs = by.pk in (pairing.mentee_id, pairing.mentor_id)
    if not is_theirs and not Pairing.objects.administered_by(by).filter(pk=pairing.pk).exists():
        raise MoveRefused(_("Only the two of a pairing and their programme team can do this."))
    pairing = move_pairing(pairing, State.ENDED, by=by, at=at)
    EndReason.objects.create(pairing=pairing, by=by, why=EndReason.Why(why), words=words, at=at)
    to = [person for person in (pairing.mentee, pairing.mentor) if person != by]
    _tell(notices.ENDED, pairing, by=by, to=to, at=at)
    return pairing


@transaction.atomic
def thank(pairing, *, by, words, at=None) -> ThankYou:
    """A mentee's thanks, or a mentor's last words; one of each. The other is told, with the words.

    Raises MoveRefused before finishing has begun, for a second one, and for anybody else than the two.
    """
    at = at or timezone.now()
    pairing = lock(pairing)
    if by not in (pairing.mentee, pairing.mentor):
        raise MoveRefused(_("Only the two of a pairing thank each other here."))
    if pairing.state not in (State.COMPLETING, State.ENDED):
        raise MoveRefused(_("Thanks come when you finish. Until then, write a message."))
    if ThankYou.objects.filter(pairing=pairing, by=by).exists():
        raise MoveRefused(_("You said this already. It stays as it is."))
    thanks = ThankYou.objects.create(pairing=pairing, by=by, words=words, at=at)
    note_activity(pairing, at=at)
    _tell(notices.THANKS, pairing, by=by, occasion=str(by.pk), at=at)
    return thanks


def _unanswered(now):
    return Pairing.objects.filter(
        state=State.COMPLETING,
        completion_asked_at__lte=now - NUDGE,
        completion_nudged_at=None,
        completion_form=None,
    )


@transaction.atomic
def _nudge(pairing, now):
    pairing = lock(pairing)
    if not _unanswered(now).filter(pk=pairing.pk).exists():
        return False
    pairing.completion_nudged_at = now
    pairing.save(update_fields=["completion_nudged_at"])
    # What was asked a week ago is told anew, not twice.
    _mark_looked_at(pairing, pairing.mentor)
    _tell(notices.FINISHING, pairing, by=pairing.mentee, occasion=f"nudge {now.date()}", at=now)
    return True


def _lock(pairing, by):
    pairing = lock(pairing)
    if by not in (pairing.mentee, pairing.mentor):
        raise MoveRefused(_("Only the two of a pairing can do this."))
    return pairing


def _mark_looked_at(pairing, *people):
    for person in people:
        mark_seen(person, Event.objects.filter(kind__in=notices.SHOWN_ON["end"], about_id=pairing.pk))


def _tell(notice, pairing, *, by, at, to=None, occasion=""):
    notify(
        notice,
        about=pairing,
        to=to or [pairing.other_than(by)],
        by=by,
        thread=notices.thread_of_ending(notice, pairing.pk),
        bundle=pairing.bundle,
        occasion=occasion,
        at=at,
    )
