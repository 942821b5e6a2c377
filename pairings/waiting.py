"""Who looks for a mentor, and which mentors have a place: what the board shows and a whole cohort is matched from."""

from datetime import date

from django.db.models import Exists, Max, OuterRef, Subquery
from django.db.models.functions import Greatest

from accounts.models import User
from pairings.models import EndReason, MentorOffer, MentorRequest, Pairing
from programmes.models import Enrolment

State = Pairing.State


def looking_mentees(programme):
    """Enrolments of mentees who look for a mentor, as a QuerySet: neither paired nor talking, nor through with a
    pairing, unless they ask anew. (Whose pairing ended for another reason than that all was done looks for another.)"""
    theirs = {"programme": programme, "mentee": OuterRef("person")}
    requests = MentorRequest.objects.filter(programme=programme)
    ended_otherwise = EndReason.objects.filter(pairing=OuterRef("pk")).exclude(why=EndReason.Why.FINISHED)
    ask_anew = requests.filter(mentee=OuterRef("mentee"), state=MentorRequest.State.ASKED)
    through = Pairing.objects.filter(**theirs).filter(~Exists(ended_otherwise), ~Exists(ask_anew), state=State.ENDED)
    mentees = Enrolment.objects.current().filter(programme=programme, role=Enrolment.Role.MENTEE)
    return mentees.filter(
        ~Exists(User.objects.filter(pk=OuterRef("person"), is_active=False)),
        # As the index says it that keeps one live pairing a mentee: then nothing else is read.
        ~Exists(Pairing.objects.filter(**theirs).exclude(state=State.ENDED)),
        ~Exists(requests.filter(mentee=OuterRef("person"), state=MentorRequest.State.TALKING)),
        ~Exists(through),
    )


def waiting_mentees(programme):
    """Those of them who have asked nobody, whom a matching may find somebody for; each with `since`."""
    asks = MentorRequest.objects.filter(programme=programme, mentee=OuterRef("person"), state=MentorRequest.State.ASKED)
    return looking_mentees(programme).filter(~Exists(asks)).annotate(since=looking_since())


def looking_since():
    """Of enrolments of mentees, an expression: the moment from which on they look, their enrolment or the end of their
    last pairing."""
    theirs = {"programme": OuterRef("programme"), "mentee": OuterRef("person")}
    before = Pairing.objects.filter(**theirs).order_by().values("mentee").annotate(last=Max("ended_at")).values("last")
    return Greatest("created_at", Subquery(before))


def offers_with_room(programme, today: date):
    """Offers of mentors of the programme who take mentees on that day and have a place left."""
    return MentorOffer.objects.with_room(today).filter(
        enrolment__programme=programme, enrolment__ended_at=None, enrolment__person__is_active=True
    )
