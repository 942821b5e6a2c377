"""What changes a pairing. The admin, views, imports and the demo all call these."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.slugs import free_slug, one_at_a_time
from pairings.models import MentorOffer, MoveRefused, Pairing
from programmes.models import Enrolment

State = Pairing.State


@transaction.atomic
def begin_pairing(*, programme, mentee, mentor, by, at=None):
    """Begin a pairing in the state “agreeing”. Raises MoveRefused when the mentor is full, either of them does not
    take part in that role, or the mentee has a mentor already.

    The mentor's offer is locked while their mentees are counted, so that two people cannot take one last place.
    `at`: when it began (default now).
    """
    at = at or timezone.now()
    if mentee == mentor:
        raise MoveRefused(_("Nobody can be their own mentor."))
    _check_takes_part(mentee, programme, Enrolment.Role.MENTEE)
    _check_takes_part(mentor, programme, Enrolment.Role.MENTOR)
    offer = (
        MentorOffer.objects.select_for_update().filter(enrolment__programme=programme, enrolment__person=mentor).first()
    )
    held = Pairing.objects.live().filter(programme=programme, mentor=mentor).count()
    if offer is None or held >= offer.capacity:
        raise MoveRefused(_("%(mentor)s has no place left.") % {"mentor": mentor})
    try:
        with transaction.atomic():
            return Pairing.objects.create(
                programme=programme,
                mentee=mentee,
                mentor=mentor,
                slug=_free_pairing_slug(mentee, mentor),
                created_at=at,
                created_by=by,
                last_activity_at=at,
            )
    except IntegrityError as error:
        raise MoveRefused(_("%(mentee)s has a mentor already.") % {"mentee": mentee}) from error


@transaction.atomic
def move_pairing(pairing, state, *, by, at=None):
    """Take a pairing to another state; ending it closes the mentor's reading window at that moment.

    Raises MoveRefused when the move is not in `Pairing.MOVES`.
    """
    at = at or timezone.now()
    pairing = Pairing.objects.select_for_update().get(pk=pairing.pk)
    pairing.check_move(state)
    pairing.state = state
    changed = ["state"]
    if state == State.ENDED:
        pairing.ended_at = pairing.reads_until = at
        pairing.ended_by = by
        changed += ["ended_at", "reads_until", "ended_by"]
    pairing.save(update_fields=changed)
    return pairing


def note_activity(*, programme, mentee, at):
    """Remember that something happened between a mentee and their present mentor; used to spot pairs gone quiet."""
    Pairing.objects.live().filter(programme=programme, mentee=mentee, last_activity_at__lt=at).update(
        last_activity_at=at
    )


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
