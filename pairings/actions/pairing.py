"""How a pairing begins and moves."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.slugs import free_slug, one_at_a_time
from notifications.actions import mark_seen
from notifications.models import Event
from pairings import notices
from pairings.models import MoveRefused, Pairing
from pairings.places import check_room, lock_offer, recount
from programmes.models import Enrolment

State = Pairing.State
NOW = object()


@transaction.atomic
def begin_pairing(*, programme, mentee, mentor, by, reads_from=NOW, at=None):
    """Begin a pairing in the state “agreeing”. Raises MoveRefused when the mentor is full, either of them does not
    take part in that role, or the mentee has a mentor already.

    The mentor's offer is locked while their mentees are counted, so that two people cannot take one last place.
    `reads_from`: from when on the mentor reads what was shared. From now on, unless the mentee agreed to another
    moment; None for all that they ever shared. `at`: when it began (default now).
    """
    at = at or timezone.now()
    if mentee == mentor:
        raise MoveRefused(_("Nobody can be their own mentor."))
    _check_takes_part(mentee, programme, Enrolment.Role.MENTEE)
    _check_takes_part(mentor, programme, Enrolment.Role.MENTOR)
    offer = lock_offer(programme=programme, mentor=mentor)
    check_room(offer, mentor)
    try:
        with transaction.atomic():
            pairing = Pairing.objects.create(
                programme=programme,
                mentee=mentee,
                mentor=mentor,
                slug=_free_pairing_slug(mentee, mentor),
                created_at=at,
                created_by=by,
                reads_from=at if reads_from is NOW else reads_from,
                last_activity_at=at,
            )
    except IntegrityError as error:
        raise MoveRefused(_("%(mentee)s has a mentor already.") % {"mentee": mentee}) from error
    recount(offer)
    return pairing


@transaction.atomic
def move_pairing(pairing, state, *, by, at=None):
    """Take a pairing to another state; ending it closes the mentor's reading window at that moment.

    Raises MoveRefused when the move is not in `Pairing.MOVES`.
    """
    at = at or timezone.now()
    # The offer before the pairing, as everything that takes a place locks them.
    offer = lock_offer(programme=pairing.programme_id, mentor=pairing.mentor_id)
    pairing = Pairing.objects.select_for_update().get(pk=pairing.pk)
    pairing.check_move(state)
    pairing.state = state
    pairing.paused_until = None
    changed = ["state", "paused_until"]
    if state == State.ENDED:
        pairing.ended_at = pairing.reads_until = at
        pairing.ended_by = by
        changed += ["ended_at", "reads_until", "ended_by"]
        # What happens in the portfolio is no longer the mentor's business. What the mentee wrote to them still is.
        news = Event.objects.filter(bundle=pairing.bundle).exclude(kind=notices.MESSAGE.kind)
        mark_seen(pairing.mentor, news)
    pairing.save(update_fields=changed)
    if offer:
        recount(offer)
    return pairing


def lock(pairing):
    """The pairing as it stands now, locked, with both people.

    Every verb that tells somebody takes this lock before it touches notifications, so that two people who write to
    each other at the same moment wait in turn.
    """
    return Pairing.objects.select_for_update(of=("self",), no_key=True).with_people().get(pk=pairing.pk)


def note_activity(pairing, *, at):
    """Remember that something happened between the two; used to spot pairs gone quiet. `pairing` is locked."""
    if at > pairing.last_activity_at:
        pairing.last_activity_at = at
        pairing.save(update_fields=["last_activity_at"])


def _check_takes_part(person, programme, role):
    if not Enrolment.objects.current().filter(person=person, programme=programme, role=role).exists():
        raise MoveRefused(
            _("%(person)s does not take part in %(programme)s as a %(role)s.")
            % {"person": person, "programme": programme, "role": role.label.lower()}
        )


def _free_pairing_slug(mentee, mentor):
    one_at_a_time("pairing")
    name = f"{mentee.first_name} and {mentor.first_name}"
    taken = Pairing.objects.filter(slug__startswith=free_slug(name, taken=())).values_list("slug", flat=True)
    return free_slug(name, taken=taken)
