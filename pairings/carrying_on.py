"""Who may carry on as a mentee's mentor: those with room whom the programme's rules allow."""

from django.utils import timezone
from django.utils.translation import gettext as _

from pairings.models import MentorOffer, MoveRefused
from pairings.rules import barred, check_allowed, party_of_mentee, party_of_mentor
from programmes.models import Enrolment

MOST = 200


def offers_to_carry_on(pairing, today=None) -> list[MentorOffer]:
    """Offers of the programme with a free place, of everybody else who may be this mentee's mentor, by name. At most
    five statements."""
    today = today or timezone.localdate()
    offers = (
        MentorOffer.objects.with_room(today)
        .filter(
            enrolment__programme=pairing.programme_id,
            enrolment__ended_at=None,
            enrolment__person__is_active=True,
        )
        .exclude(enrolment__person__in=[pairing.mentor_id, pairing.mentee_id])
        .select_related("enrolment__person__profile", "enrolment__programme")
        .prefetch_related("holds")
        .order_by("enrolment__person__name", "pk")
    )
    mentee = party_of_mentee(_enrolment(pairing))
    return [offer for offer in offers if not barred(mentee, party_of_mentor(offer), pairing.programme, today)][:MOST]


def check_may_carry_on(pairing, offer, today) -> None:
    """Raises MoveRefused when this offer's mentor left, mentors them already, or the rules forbid it. Whether they take
    somebody just now, and have room, is asked by whoever takes a place."""
    mentor = offer.enrolment.person
    if mentor.pk == pairing.mentor_id:
        raise MoveRefused(_("%(mentor)s is the mentor already. Choose somebody else.") % {"mentor": mentor})
    if offer.enrolment.ended_at or not mentor.is_active:
        raise MoveRefused(_("%(mentor)s does not mentor here any more. Choose somebody else.") % {"mentor": mentor})
    check_allowed(_enrolment(pairing), offer, today)


def _enrolment(pairing):
    mentees = Enrolment.objects.filter(programme=pairing.programme_id, role=Enrolment.Role.MENTEE)
    return mentees.select_related("person__profile", "programme").get(person=pairing.mentee_id)
