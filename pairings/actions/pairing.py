"""How a pairing begins and moves."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.slugs import free_slug, one_at_a_time
from notifications.actions import end_hold, mark_seen
from notifications.models import Event
from pairings import notices
from pairings.closing import close_requests, lock_offers_asked
from pairings.hand_overs import lock_places, take_back
from pairings.models import MentorRequest, MoveRefused, Pairing
from pairings.places import check_room, lock_offer, recount
from pairings.rules import check_allowed
from programmes.models import Enrolment

State = Pairing.State
NOW = object()


@transaction.atomic
def begin_pairing(*, programme, mentee, mentor, by, reads_from=NOW, kept_by=None, at=None):
    """Begin a pairing in the state “agreeing”. Raises MoveRefused when the mentor is full, either of them does not
    take part in that role, the programme's rules forbid it, or the mentee has a mentor already.

    The mentor's offer is locked while their mentees are counted, so that two people cannot take one last place.
    `reads_from`: from when on the mentor reads what was shared. From now on, unless the mentee agreed to another
    moment; None for all that they ever shared. `kept_by`: the locked request or hand-over that holds the place already;
    its caller closes it, and then counts the places anew (`recount`). `at`: when it began (default now).

    What else the mentee asked for in this programme is closed.
    """
    at = at or timezone.now()
    if mentee == mentor:
        raise MoveRefused(_("Nobody can be their own mentor."))
    _check_takes_part(mentee, programme, Enrolment.Role.MENTEE)
    _check_takes_part(mentor, programme, Enrolment.Role.MENTOR)
    locked = lock_offers_asked(programme=programme, mentee=mentee, mentor=mentor)
    close_requests(programme=programme, mentee=mentee, offers=locked, by=by, at=at, but_for=kept_by)
    offer = lock_offer(programme=programme, mentor=mentor)
    if kept_by is None:
        check_room(offer, mentor)
        mentees = Enrolment.objects.select_related("person__profile", "programme")
        enrolled = mentees.get(programme=programme, person=mentee, role=Enrolment.Role.MENTEE)
        check_allowed(enrolled, offer, timezone.localtime(at).date())
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
    if kept_by is None:
        recount(offer)
    return pairing


@transaction.atomic
def move_pairing(pairing, state, *, by, at=None):
    """Take a pairing to another state; ending it closes the mentor's reading window at that moment, and a hand-over
    that is under way. What was held back while it paused is told when it does no more.

    Raises MoveRefused when the move is not in `Pairing.MOVES`.
    """
    at = at or timezone.now()
    # The offers before the pairing, as everything that takes or frees a place locks them.
    hand_over = lock_places(pairing) if state == State.ENDED else None
    offer = lock_offer(programme=pairing.programme_id, mentor=pairing.mentor_id) if state == State.ENDED else None
    pairing = Pairing.objects.select_for_update(of=("self",)).with_people().get(pk=pairing.pk)
    pairing.check_move(state)
    was_paused = pairing.state == State.PAUSED
    pairing.state = state
    pairing.paused_until = None
    changed = ["state", "paused_until"]
    if state == State.ENDED:
        pairing.ended_at = pairing.reads_until = at
        pairing.ended_by = by
        changed += ["ended_at", "reads_until", "ended_by"]
        take_back(pairing, hand_over, at=at)
        # What happens in the portfolio is no longer the mentor's business. What the mentee wrote to them still is.
        news = Event.objects.filter(bundle=pairing.bundle).exclude(kind__in=notices.AFTER_THE_END)
        mark_seen(pairing.mentor, news)
        mark_seen(pairing.mentee, Event.objects.filter(bundle=pairing.bundle, kind__in=notices.WHILE_IT_LIVES))
        know_that_it_began(pairing, pairing.mentee, pairing.mentor)
    pairing.save(update_fields=changed)
    if offer:
        recount(offer)
    if state == State.ACTIVE:
        # From now on the rhythm counts, whatever was before.
        note_activity(pairing, at=at)
    if was_paused:
        end_hold([pairing.mentee, pairing.mentor], bundle=pairing.bundle, at=at)
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
        if pairing.quiet_told_at and pairing.quiet_told_at >= pairing.last_activity_at:
            _forget_quiet(pairing)
        pairing.last_activity_at = at
        pairing.save(update_fields=["last_activity_at"])


def know_that_it_began(pairing, *people):
    """Whoever writes to the other, or says how they would work together, knows that they are a pairing."""
    begun = MentorRequest.objects.filter(pairing=pairing).values("pk")
    for person in people:
        mark_seen(person, Event.objects.filter(kind=notices.BOTH_SAID_YES.kind, about_id__in=begun))


def _forget_quiet(pairing):
    """Neither of the two need hear any more that it has been quiet."""
    kinds = [notices.QUIET.kind, notices.KIND_NOTE.kind]
    told = Event.objects.filter(bundle=pairing.bundle, kind__in=kinds)
    for person in (pairing.mentee, pairing.mentor):
        mark_seen(person, told)


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
