"""What the programme team does with a matching of a whole cohort. A worker carries one out (`pairings.match_runs`)."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.wake import soon
from pairings.actions.requests import suggest_talk
from pairings.models import MatchRun, MentorOffer, MoveRefused, Proposal
from pairings.rules import barred, party_of_mentee, party_of_mentor
from pairings.weights import complete
from programmes.audit import record
from programmes.models import Enrolment

TASK = "pairings.tasks.run_match"
State = MatchRun.State


@transaction.atomic
def begin_match_run(programme, *, by, weights, pinned=(), forbidden=(), at=None) -> MatchRun:
    """Have everybody who waits matched. `weights`: name → 0 to 10, our defaults for what is missing; `pinned` and
    `forbidden`: (mentee's enrolment, offer) keys, together and never.

    Raises MoveRefused while another one of this programme is under way, and for pins that the rules bar.
    """
    at = at or timezone.now()
    pinned, forbidden = _pairs(pinned), _pairs(forbidden)
    _check_pins(programme, pinned, forbidden, timezone.localtime(at).date())
    try:
        with transaction.atomic():
            run = MatchRun.objects.create(
                programme=programme,
                by=by,
                weights=complete(weights),
                pinned=pinned,
                forbidden=forbidden,
                created_at=at,
            )
    except IntegrityError as error:
        raise MoveRefused(_("A matching is under way already. Wait until it is done, or stop it.")) from error
    record("began", run, by=by, programme=programme, at=at)
    transaction.on_commit(lambda: soon(TASK, run.pk), robust=True)
    return run


@transaction.atomic
def stop_match_run(run, *, by, at=None) -> MatchRun:
    """One that waits for a worker ends at once, one that is under way as soon as its worker looks up. Raises
    MoveRefused when it is over."""
    at = at or timezone.now()
    run = MatchRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if run.state not in (State.WAITING, State.RUNNING):
        raise MoveRefused(_("This matching is over: “%(now)s”.") % {"now": run.get_state_display()})
    run.stop_asked = True
    if run.state == State.WAITING:
        run.state, run.ended_at = State.STOPPED, at
    run.save(update_fields=["stop_asked", "state", "ended_at"])
    record("stopped", run, by=by, programme=run.programme, at=at)
    return run


@transaction.atomic
def propose(proposal, *, by, at=None) -> Proposal:
    """Suggest to the two that they talk: each gets an email, and both must say yes. One that was skipped can still be
    proposed.

    Raises MoveRefused when somebody proposed it before, and in all cases in which `suggest_talk` does: the mentor is
    full by now, the mentee has somebody.
    """
    proposal = _lock(proposal)
    _check_not_own(proposal, by)
    proposal.request = suggest_talk(proposal.mentee, proposal.offer, by=by, at=at)
    return _decide(proposal, Proposal.State.PROPOSED, "proposed", by, at)


@transaction.atomic
def skip(proposal, *, by, at=None) -> Proposal:
    """Nothing comes of this proposal, and nobody hears of it. Raises MoveRefused once it was proposed."""
    proposal = _lock(proposal)
    if proposal.state == Proposal.State.SKIPPED:
        return proposal
    return _decide(proposal, Proposal.State.SKIPPED, "skipped", by, at)


def _lock(proposal):
    rows = Proposal.objects.select_for_update(of=("self",), no_key=True)
    related = ("run__programme", "mentee__programme", "mentee__person", "offer__enrolment__person")
    proposal = rows.select_related(*related).get(pk=proposal.pk)
    if proposal.state == Proposal.State.PROPOSED:
        raise MoveRefused(_("This pair was proposed already."))
    if proposal.run.state != State.DONE:
        raise MoveRefused(_("This matching is not finished. Wait until it is done, or run it again."))
    return proposal


def _decide(proposal, state, verb, by, at):
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, at or timezone.now()
    proposal.save(update_fields=["state", "decided_by", "decided_at", "request"])
    record(verb, proposal, by=by, programme=proposal.run.programme, at=at)
    return proposal


def _check_not_own(proposal, by):
    if by.pk in (proposal.mentee.person_id, proposal.offer.enrolment.person_id):
        raise MoveRefused(_("Please ask another coordinator to propose a pair of your own."))


def _pairs(pairs):
    return sorted([mentee, offer] for mentee, offer in pairs)


def _check_pins(programme, pinned, forbidden, today):
    """What would never come true is refused at once, in words."""
    mentees = Enrolment.objects.filter(programme=programme, role=Enrolment.Role.MENTEE)
    offers = MentorOffer.objects.filter(enrolment__programme=programme)
    pairs = [*pinned, *forbidden]
    mentees = mentees.select_related("person__profile").in_bulk({mentee for mentee, _offer in pairs})
    offers = offers.select_related("enrolment__person__profile").prefetch_related("holds")
    offers = offers.in_bulk({offer for _mentee, offer in pairs})
    if any(mentee not in mentees or offer not in offers for mentee, offer in pairs):
        raise MoveRefused(_("One of the pairs does not take part in this programme any more. Please choose again."))
    decided = set()
    for pair in pinned:
        mentee, offer = mentees[pair[0]], offers[pair[1]]
        names = {"mentee": mentee.person.name, "mentor": offer.enrolment.person.name}
        if pair in forbidden or mentee.pk in decided:
            raise MoveRefused(_("You decided about %(mentee)s twice. Choose once.") % names)
        if why := barred(party_of_mentee(mentee), party_of_mentor(offer), programme, today):
            words = _("%(mentor)s can’t be the mentor of %(mentee)s: %(reasons)s.")
            raise MoveRefused(words % {**names, "reasons": "; ".join(why)})
        decided.add(mentee.pk)
