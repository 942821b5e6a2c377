"""Who waits for a mentor, and which mentors have a place: what a whole cohort is matched from."""

from datetime import date

from django.db.models import Exists, Max, OuterRef, Subquery
from django.db.models.functions import Greatest

from pairings.models import EndReason, MentorOffer, MentorRequest, Pairing
from programmes.models import Enrolment


def waiting_mentees(programme):
    """Enrolments of mentees without a mentor and without an open request, as a QuerySet; `since` is the moment from
    which on they wait: their enrolment, or the end of their last pairing. Whoever is through with a pairing looks for
    nobody; whose pairing ended for another reason does."""
    theirs = {"programme": OuterRef("programme"), "mentee": OuterRef("person")}
    pairings = Pairing.objects.filter(**theirs)
    ended_otherwise = EndReason.objects.filter(pairing=OuterRef("pk")).exclude(why=EndReason.Why.FINISHED)
    ended = pairings.order_by().values("mentee").annotate(last=Max("ended_at")).values("last")
    return (
        Enrolment.objects.current()
        .filter(
            ~Exists(pairings.live()),
            ~Exists(pairings.filter(~Exists(ended_otherwise), state=Pairing.State.ENDED)),
            ~Exists(MentorRequest.objects.open().filter(**theirs)),
            programme=programme,
            role=Enrolment.Role.MENTEE,
            person__is_active=True,
        )
        .annotate(since=Greatest("created_at", Subquery(ended)))
    )


def offers_with_room(programme, today: date):
    """Offers of mentors of the programme who take mentees on that day and have a place left."""
    return MentorOffer.objects.with_room(today).filter(
        enrolment__programme=programme, enrolment__ended_at=None, enrolment__person__is_active=True
    )
