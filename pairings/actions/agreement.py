"""How the two agree to work together."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.actions import mark_seen, notify
from notifications.models import Event
from pairings import notices
from pairings.actions.pairing import know_that_it_began, lock, move_pairing, note_activity
from pairings.agreement import drives_of, months_before, questions_of
from pairings.models import Agreement, MoveRefused, Pairing
from programmes.models import Programme

State, Chasing = Pairing.State, Pairing.Chasing


class AgreementChanged(MoveRefused):
    """The other changed it meanwhile: `latest` is what stands there now, nothing of it was overwritten."""

    def __init__(self, latest):
        super().__init__(_("It was changed a moment ago. Look at both, then save again to put yours."))
        self.latest = latest


@transaction.atomic
def revise_agreement(pairing, *, by, answers, expected_number, agrees=False, at=None) -> Agreement:
    """Write down how they work together (`Agreement.answers`): the next revision, ticked by nobody, or by its writer
    when they agree in the same breath. The very words that stand there are no revision. The other is told what changed.

    `expected_number`: of the revision that its writer was shown, 0 for none. Raises AgreementChanged when another
    stands there by now, and MoveRefused after the end and for anybody else than the two.
    """
    at = at or timezone.now()
    pairing = _lock(pairing, by)
    latest = pairing.agreements.last()
    if expected_number != (latest.number if latest else 0):
        raise AgreementChanged(latest)
    if latest and latest.answers == answers:
        return agree(pairing, by=by, number=latest.number, at=at) if agrees else latest
    revision = Agreement.objects.create(
        pairing=pairing,
        number=expected_number + 1,
        answers=answers,
        drives=drives_of(questions_of(pairing.programme), answers),
        by=by,
        at=at,
        **({_tick_of(pairing, by): at} if agrees else {}),
    )
    note_activity(pairing, at=at)
    _mark_looked_at(pairing, by)
    _tell(notices.AGREEMENT_CHANGED, pairing, to=[pairing.other_than(by)], by=by, occasion=str(revision.number), at=at)
    return revision


@transaction.atomic
def agree(pairing, *, by, number, at=None) -> Agreement:
    """Tick the revision `number`. Once both did, it is in force: a pairing that was agreeing is active, and its rhythm
    and reminders are as they said.

    Raises AgreementChanged when another stands there by now: nobody agrees to words that they did not see.
    """
    at = at or timezone.now()
    pairing = _lock(pairing, by)
    latest = pairing.agreements.last()
    if latest is None or latest.number != number:
        raise AgreementChanged(latest)
    _mark_looked_at(pairing, by)
    tick = _tick_of(pairing, by)
    if getattr(latest, tick):
        return latest
    setattr(latest, tick, at)
    latest.save(update_fields=[tick])
    note_activity(pairing, at=at)
    if latest.is_agreed:
        _put_in_force(pairing, latest, by=by, at=at)
    occasion = f"{number} {'mentee' if by.pk == pairing.mentee_id else 'mentor'}"
    _tell(notices.AGREED, pairing, to=[pairing.other_than(by)], by=by, occasion=occasion, at=at)
    return latest


@transaction.atomic
def begin_without_questions(pairing, *, by, at=None):
    """Of a programme that asks nothing: whoever is first begins. Raises MoveRefused where there is something to
    answer."""
    pairing = _lock(pairing, by)
    if questions_of(pairing.programme):
        raise MoveRefused(_("Answer the questions first. You can change the answers later."))
    if pairing.state == State.AGREEING:
        move_pairing(pairing, State.ACTIVE, by=by, at=at)
        note_activity(pairing, at=at or timezone.now())


@transaction.atomic
def still_right(pairing, *, by, number, at=None) -> Agreement:
    """Looked at again, and nothing to change: noted as a revision of the same words, which the other agreed to."""
    at = at or timezone.now()
    pairing = _lock(pairing, by)
    latest = pairing.agreements.last()
    if latest is None or latest.number != number or not latest.is_agreed:
        raise AgreementChanged(latest)
    ticks = {"mentee_agreed_at": latest.mentee_agreed_at, "mentor_agreed_at": latest.mentor_agreed_at}
    note_activity(pairing, at=at)
    _mark_looked_at(pairing, by)
    return Agreement.objects.create(
        pairing=pairing,
        number=number + 1,
        answers=latest.answers,
        drives=latest.drives,
        by=by,
        at=at,
        **ticks | {_tick_of(pairing, by): at},
    )


def offer_reviews(now) -> int:
    """Ask both of every active pairing whether their agreement still suits them, once it is `review_months` old, or
    that long since they were asked. Returns how many pairings were asked."""
    asked = 0
    for programme in Programme.objects.all():
        before = months_before(now, programme.review_months)
        for pairing in _to_review(before).filter(programme=programme):
            asked += _offer_review(pairing, before, now)
    return asked


def _to_review(before):
    """Active pairings of which the agreement was in force, and not looked at again, before that moment."""
    newer = Agreement.objects.filter(Q(mentee_agreed_at__gt=before) | Q(mentor_agreed_at__gt=before))
    return (
        Pairing.objects.filter(state=State.ACTIVE, agreements__mentee_agreed_at__isnull=False)
        .filter(agreements__mentor_agreed_at__isnull=False)
        .exclude(agreements__in=newer)
        .filter(Q(review_offered_at=None) | Q(review_offered_at__lte=before))
        .order_by("pk")
        .distinct()
    )


@transaction.atomic
def _offer_review(pairing, before, now):
    pairing = lock(pairing)
    if not _to_review(before).filter(pk=pairing.pk).exists():
        return False
    pairing.review_offered_at = now
    pairing.save(update_fields=["review_offered_at"])
    people = [pairing.mentee, pairing.mentor]
    _tell(notices.REVIEW, pairing, to=people, by=None, occasion=now.date().isoformat(), at=now)
    return True


def _lock(pairing, by):
    pairing = lock(pairing)
    if by not in (pairing.mentee, pairing.mentor):
        raise MoveRefused(_("Only the two of a pairing agree how they work together."))
    if not pairing.is_live:
        raise MoveRefused(_("Your time together has ended, so nothing was changed."))
    return pairing


def _put_in_force(pairing, agreement, *, by, at):
    if pairing.state == State.AGREEING:
        pairing = move_pairing(pairing, State.ACTIVE, by=by, at=at)
    chasing = agreement.drives.get("chasing")
    pairing.rhythm_weeks = agreement.drives.get("rhythm")
    pairing.chasing = Chasing.GENTLY if chasing is None else chasing
    pairing.save(update_fields=["rhythm_weeks", "chasing"])


def _tick_of(pairing, person):
    return "mentee_agreed_at" if person.pk == pairing.mentee_id else "mentor_agreed_at"


def _mark_looked_at(pairing, person):
    """Whoever writes or agrees has looked at it."""
    mark_seen(person, Event.objects.filter(kind__in=notices.SHOWN_ON["agreement"], about_id=pairing.pk))
    know_that_it_began(pairing, person)


def _tell(notice, pairing, *, to, by, occasion, at):
    thread = notices.thread_of_agreement(notice, pairing.pk)
    notify(notice, about=pairing, to=to, by=by, thread=thread, bundle=pairing.bundle, occasion=occasion, at=at)
