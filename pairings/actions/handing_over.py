"""Another mentor carries on: proposed by one of the two or by the team, then the mentee's consent, then the new
mentor's yes. Only with that does one pairing end and the next begin."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.actions import mark_seen, notify
from notifications.models import Event
from pairings import notices
from pairings.actions.pairing import NOW, begin_pairing, lock, move_pairing, note_activity
from pairings.carrying_on import check_may_carry_on
from pairings.days import beginning_of, today_of
from pairings.hand_overs import lock_places
from pairings.models import HandOver, MoveRefused, Pairing
from pairings.places import check_room, lock_offer, recount

State, Window = HandOver.State, HandOver.Window
# Moments of the first years and of the last are no moments in every zone.
EARLIEST = date(1990, 1, 1)


@transaction.atomic
def propose_hand_over(pairing, offer, *, by, words="", at=None) -> HandOver:
    """Ask that the mentor of `offer` carries on; their place is held from now on. The mentee is told, or their mentor
    when it is the mentee who asks.

    Raises MoveRefused for anybody but the two and their programme's coordinators, after the end, when one is under way
    already, when there is no room, and when the programme's rules forbid it.
    """
    at = at or timezone.now()
    mentor = offer.enrolment.person
    offer = lock_offer(programme=pairing.programme_id, mentor=mentor)
    pairing = _lock(pairing, by)
    if HandOver.objects.open().filter(pairing=pairing).exists():
        raise MoveRefused(_("Another mentor is proposed already. Take that back first."))
    if offer is None:
        raise MoveRefused(_("%(mentor)s does not take part here. Choose somebody else.") % {"mentor": mentor})
    today = today_of(mentor, at)
    check_may_carry_on(pairing, offer, today)
    if not offer.is_taking(today):
        raise MoveRefused(_("%(mentor)s takes nobody just now. Choose somebody else.") % {"mentor": mentor})
    check_room(offer, mentor)
    hand_over = HandOver.objects.create(pairing=pairing, offer=offer, mentor=mentor, by=by, words=words, asked_at=at)
    recount(offer)
    note_activity(pairing, at=at)
    _tell(hand_over, to=[pairing.mentee, pairing.mentor], by=by, occasion="asked", at=at)
    return hand_over


@transaction.atomic
def consent_to_hand_over(hand_over, *, by, window, since=None, at=None) -> HandOver:
    """The mentee says yes, and what the new mentor may read: a `HandOver.Window`, with the date `since` for that one.
    The new mentor is asked now. Raises MoveRefused for anybody else, and when it is closed or consented to already."""
    at = at or timezone.now()
    hand_over = _lock_hand_over(hand_over)
    if by.pk != hand_over.pairing.mentee_id:
        raise MoveRefused(_("Only the mentee decides this."))
    hand_over.check_move(State.CONSENTED)
    if window == Window.SINCE:
        _check_since(since, today_of(by, at))
    hand_over.state, hand_over.consented_at = State.CONSENTED, at
    hand_over.window, hand_over.since = Window(window), since if window == Window.SINCE else None
    hand_over.save(update_fields=["state", "consented_at", "window", "since"])
    note_activity(hand_over.pairing, at=at)
    _mark_looked_at(hand_over, by)
    bundle = notices.bundle_of_hand_over(hand_over.pk)
    _tell(hand_over, to=[hand_over.mentor], by=by, occasion="consented", at=at, bundle=bundle)
    return hand_over


@transaction.atomic
def accept_hand_over(hand_over, *, by, at=None) -> Pairing:
    """The new mentor says yes: the old pairing ends, the new one begins with the window that the mentee consented to,
    and all three are told. Returns the new pairing.

    Raises MoveRefused for anybody else, without the mentee's consent, and when it is closed.
    """
    at = at or timezone.now()
    # The places of both mentors, then the hand-over, then the pairing.
    lock_places(hand_over.pairing)
    hand_over = _lock_hand_over(hand_over)
    pairing = hand_over.pairing
    if by.pk != hand_over.mentor_id:
        raise MoveRefused(_("Only the mentor who is to carry on decides this."))
    hand_over.check_move(State.DONE)
    check_may_carry_on(pairing, hand_over.offer, today_of(by, at))
    hand_over.state, hand_over.closed_at = State.DONE, at
    hand_over.save(update_fields=["state", "closed_at"])
    move_pairing(pairing, Pairing.State.ENDED, by=by, at=at)
    hand_over.next = begin_pairing(
        programme=pairing.programme,
        mentee=pairing.mentee,
        mentor=by,
        by=by,
        reads_from=_reads_from(hand_over),
        kept_by=hand_over,
        at=at,
    )
    hand_over.save(update_fields=["next"])
    lock_offer(programme=pairing.programme_id, mentor=by)
    _mark_looked_at(hand_over, by)
    _tell_all_three(hand_over, by=by, at=at)
    return hand_over.next


@transaction.atomic
def decline_hand_over(hand_over, *, by, at=None) -> HandOver:
    """“Not this time”: of the mentee, or of the new mentor once they are asked. The place is free again."""
    return _close(hand_over, State.DECLINED, by, at, _may_decline)


@transaction.atomic
def withdraw_hand_over(hand_over, *, by, at=None) -> HandOver:
    """Take it back: the mentee whenever they like, or whoever proposed it. The place is free again."""
    return _close(hand_over, State.WITHDRAWN, by, at, lambda hand_over: {hand_over.by_id, hand_over.pairing.mentee_id})


def _may_decline(hand_over):
    return {hand_over.pairing.mentee_id} if hand_over.state == State.ASKED else {hand_over.mentor_id}


def _close(hand_over, state, by, at, may):
    at = at or timezone.now()
    offer = lock_offer(programme=hand_over.pairing.programme_id, mentor=hand_over.mentor_id)
    hand_over = _lock_hand_over(hand_over)
    hand_over.check_move(state)
    if by.pk not in may(hand_over):
        raise MoveRefused(_("This is for somebody else to decide."))
    hand_over.state, hand_over.closed_at = state, at
    hand_over.save(update_fields=["state", "closed_at"])
    recount(offer)
    _mark_looked_at(hand_over, by)
    pairing, new = hand_over.pairing, hand_over.mentor
    closed = {"by": by, "at": at, "notice": notices.HAND_OVER_CLOSED}
    _tell(hand_over, to=[pairing.mentee, pairing.mentor], occasion="", **closed)
    if hand_over.consented_at:
        bundle = notices.bundle_of_hand_over(hand_over.pk)
        _tell(hand_over, to=[new], occasion="new mentor", bundle=bundle, **closed)
    return hand_over


def _check_since(since, today):
    if not since:
        raise MoveRefused(_("Choose the day from which they may read."))
    if since > today:
        raise MoveRefused(_("That day is still to come. Choose one that has been, or “only what I share from now on”."))
    if since < EARLIEST:
        raise MoveRefused(_("That is before anything was shared here. Choose a later day, or “everything”."))


def _lock(pairing, by):
    pairing = lock(pairing)
    is_theirs = by in (pairing.mentee, pairing.mentor)
    if not is_theirs and not Pairing.objects.administered_by(by).filter(pk=pairing.pk).exists():
        raise MoveRefused(_("Only the two of a pairing and their programme team can do this."))
    if not pairing.is_live:
        raise MoveRefused(_("Your time together has ended, so nothing was changed."))
    return pairing


def _lock_hand_over(hand_over):
    """As it stands now, with its pairing locked, too."""
    found = HandOver.objects.select_for_update(of=("self",), no_key=True)
    hand_over = found.select_related("offer__enrolment__programme", "mentor__profile").get(pk=hand_over.pk)
    hand_over.pairing = lock(hand_over.pairing)
    return hand_over


def _reads_from(hand_over):
    if hand_over.window == Window.SINCE:
        return beginning_of(hand_over.since, hand_over.pairing.mentee)
    return None if hand_over.window == Window.ALL else NOW


def _mark_looked_at(hand_over, person):
    mark_seen(person, Event.objects.filter(kind__in=notices.SHOWN_ON["hand_over"], about_id=hand_over.pk))


def _tell(hand_over, *, to, by, occasion, at, bundle=None, notice=notices.HAND_OVER):
    """All of these but whoever did it."""
    others = [person for person in to if person != by]
    if not others:
        return
    notify(
        notice,
        about=hand_over,
        to=others,
        by=by,
        thread=notices.thread_of_hand_over(notice, hand_over.pk),
        bundle=bundle or hand_over.pairing.bundle,
        occasion=occasion,
        at=at,
    )


def _tell_all_three(hand_over, *, by, at):
    """The new mentor, too: that it is done, and what comes now."""
    pairing, following = hand_over.pairing, hand_over.next
    for to, bundle, occasion in (
        ([pairing.mentor], pairing.bundle, "before"),
        ([pairing.mentee, hand_over.mentor], following.bundle, "after"),
    ):
        notify(
            notices.HANDED_OVER,
            about=hand_over,
            to=to,
            by=by,
            thread=notices.thread_of_hand_over(notices.HANDED_OVER, hand_over.pk),
            bundle=bundle,
            occasion=occasion,
            at=at,
        )
