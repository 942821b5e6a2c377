"""What the pages about matching a cohort show: who waits, who has room, and what a run proposes. Counts, names and the
reasons of the solver: never what anybody wrote."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mentoring.matching_choices import Choices
from pairings.models import MatchRun, MentorOffer, MentorRequest, Pairing, Proposal
from pairings.waiting import offers_with_room, waiting_mentees
from programmes.models import Enrolment

A_PAGE = 25
MOST_NAMED = 60
MOST_RUNS = 10
LISTS = {
    "open": _("To look at"),
    "decided": _("Proposed or skipped"),
    "unmatched": _("Nobody found"),
}
State = Proposal.State


class Lobby:
    """Who of a programme could be matched now."""

    def __init__(self, programme):
        self.now = timezone.now()
        self._mentees = waiting_mentees(programme)
        self._offers = offers_with_room(programme, timezone.localdate())

    @cached_property
    def counts(self):
        """{"mentors", "places"}."""
        return self._offers.aggregate(mentors=Count("pk"), places=Sum(F("capacity") - F("held"), default=0))

    @cached_property
    def mentees(self):
        """How many wait."""
        return self._mentees.count()

    @property
    def longest_waiting(self):
        return self._mentees.select_related("person").order_by("since", "pk")[:MOST_NAMED]

    @property
    def roomiest(self):
        offers = self._offers.select_related("enrolment__person").annotate(left=F("capacity") - F("held"))
        return offers.order_by("-left", "enrolment__person__name")[:MOST_NAMED]

    @property
    def other_mentees(self):
        return max(0, self.mentees - MOST_NAMED)

    @property
    def other_mentors(self):
        return max(0, self.counts["mentors"] - MOST_NAMED)


def runs_of(programme):
    """The latest runs, with how many they matched (`matched`) and not (`left_over`)."""
    runs = programme.match_runs.select_related("by").annotate(matched=Count("proposals"), left_over=_left_over())
    return runs.defer("unmatched", "pinned", "forbidden").order_by("-created_at", "-pk")[:MOST_RUNS]


def runs_administered_by(user):
    """Runs without what only a few of their pages need, with `left_over`: for how many there was nobody."""
    runs = MatchRun.objects.administered_by(user).select_related("programme", "by")
    return runs.defer("unmatched").annotate(left_over=_left_over())


def counts_of(run) -> dict[str, int]:
    """How long each of `LISTS` is; "matched": proposals of all states. `run` of `runs_administered_by`."""
    counts = Proposal.objects.filter(run=run).aggregate(
        matched=Count("pk"), open=Count("pk", filter=Q(state=State.OPEN))
    )
    return counts | {"decided": counts["matched"] - counts["open"], "unmatched": run.left_over}


def proposals_of(run, name):
    """Of one of the first two of `LISTS`, as they stand now: `has_somebody` where the mentee was matched otherwise."""
    theirs = {"programme": run.programme_id, "mentee": OuterRef("mentee__person")}
    rows = Proposal.objects.filter(run=run).select_related("mentee__person", "offer__enrolment__person", "decided_by")
    rows = rows.annotate(
        has_somebody=Exists(Pairing.objects.live().filter(**theirs))
        | Exists(MentorRequest.objects.open().filter(**theirs))
    )
    if name == "open":
        return rows.filter(state=State.OPEN).order_by("-score", "pk")
    return rows.exclude(state=State.OPEN).order_by("-decided_at", "pk")


@dataclass(frozen=True)
class Left:
    """A mentee for whom there is nobody."""

    mentee: Enrolment
    why: list
    near: list


def page_of(run, name, number, *, total: int, choices: Choices):
    """A page of one of `LISTS`, which is `total` long. Each pair of it has `about`: what was chosen about it."""
    paginator = Paginator(run.unmatched if name == "unmatched" else proposals_of(run, name), A_PAGE)
    paginator.count = total
    page = paginator.get_page(number)
    if name == "unmatched":
        mentees = Enrolment.objects.select_related("person").in_bulk([row["mentee"] for row in page.object_list])
        page.object_list = [Left(mentees[row["mentee"]], row["why"], row["near"]) for row in page.object_list]
    else:
        page.object_list = list(page.object_list)
        for row in page.object_list:
            row.about = choices.about(row.mentee_id, row.offer_id)
    for row in page.object_list:
        for miss in row.near:
            miss["about"] = choices.about(row.mentee.pk, miss["offer"])
    return page


def takes_part(run, mentee: int, offer: int) -> bool:
    """Whether these are keys of a mentee's enrolment and an offer of the run's programme."""
    mentees = Enrolment.objects.filter(programme=run.programme_id, role=Enrolment.Role.MENTEE, pk=mentee)
    return mentees.exists() and MentorOffer.objects.filter(enrolment__programme=run.programme_id, pk=offer).exists()


def named(run, choices: Choices) -> list[dict]:
    """The choices with the two they are about: {"what", "mentee", "offer"}."""
    pairs = [*choices.pinned, *choices.forbidden]
    mentees = Enrolment.objects.filter(programme=run.programme_id).select_related("person")
    mentees = mentees.in_bulk({mentee for mentee, _offer in pairs})
    offers = MentorOffer.objects.filter(enrolment__programme=run.programme_id).select_related("enrolment__person")
    offers = offers.in_bulk({offer for _mentee, offer in pairs})
    return [
        {"what": what, "mentee": mentees[mentee], "offer": offers[offer]}
        for what, chosen in (("pin", choices.pinned), ("never", choices.forbidden))
        for mentee, offer in chosen
        if mentee in mentees and offer in offers
    ]


def _left_over():
    return Func(F("unmatched"), function="jsonb_array_length", output_field=IntegerField())
