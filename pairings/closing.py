"""What a mentee asked for and needs no more: they have a mentor now, or one of the two takes part no longer."""

from django.db.models import Q

from notifications.actions import notify
from pairings import notices
from pairings.models import MentorOffer, MentorRequest
from pairings.places import lock_offer

State = MentorRequest.State


def lock_offers_asked(*, programme, mentee, mentor) -> list[int]:
    """Lock the offer of `mentor` and those that the mentee's open requests are about, in one order, so that two who
    begin pairings wait for each other in turn. Returns their keys."""
    asked = MentorRequest.objects.open().filter(programme=programme, mentee=mentee).values("offer")
    theirs = Q(enrolment__programme=programme, enrolment__person=mentor)
    offers = MentorOffer.objects.filter(theirs | Q(pk__in=asked)).order_by("pk")
    return list(offers.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def close_requests(*, programme, mentee, offers, by, at, but_for=None) -> None:
    """Take back the mentee's open requests about these `offers` (keys, which are locked), and free the places that
    talks about them hold.

    One that was sent to somebody else at this very moment waits for the next `chase_requests`: to lock its offer only
    now would be out of order. `but_for`: a request that stays.
    """
    mine = MentorRequest.objects.open().filter(programme=programme, mentee=mentee, offer__in=offers)
    if isinstance(but_for, MentorRequest):
        mine = mine.exclude(pk=but_for.pk)
    for request in mine.select_for_update(of=("self",), no_key=True).with_people().order_by("pk"):
        take_back(request, by=by, at=at)


def take_back(request, *, by, at, tell=()) -> None:
    """Close a locked request, whose offer is locked, without an answer, and count the places anew. With whom the mentee
    was talking hears of it, and so do those named."""
    request.check_move(State.WITHDRAWN)
    told = {person.pk: person for person in tell}
    if request.state == State.TALKING:
        told[request.mentor_id] = request.mentor
    request.state, request.closed_at, request.closed_by = State.WITHDRAWN, at, by
    request.save(update_fields=["state", "closed_at", "closed_by"])
    lock_offer(programme=request.programme_id, mentor=request.mentor_id)
    if told:
        tell_of(notices.TAKEN_BACK, request, to=list(told.values()), by=by, at=at)


def tell_of(notice, request, *, to, by, at) -> None:
    """Tell people of a request, at once."""
    thread = notices.thread_of_request(notice.kind.partition(".")[2], request.pk)
    notify(notice, about=request, to=to, by=by, thread=thread, bundle=request.bundle, at=at)
