"""Who of a programme needs somebody of its team: counts and lists. Names, states and days; never a word of what people
wrote."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from pairings.models import CompletionForm, Concern, KindNote, MentorRequest, Pairing
from pairings.quiet import is_quiet_for_team
from pairings.waiting import looking_mentees, looking_since
from programmes.models import Application, Programme

A_PAGE = 25
LISTS = {
    "waiting": _("Waiting"),
    "talking": _("Talking"),
    "active": _("Active"),
    "quiet": _("Quiet"),
    "finishing": _("Finishing"),
}
# Where a team begins on a Monday.
_FIRST = ("waiting", "quiet", "finishing", "talking", "active")
State = Pairing.State


@dataclass(frozen=True)
class Counts:
    """How many are in each list; `joining` ask the team whether they may, and `worries` wait to be looked after
    (of those that the reader may read)."""

    waiting: int
    talking: int
    active: int
    quiet: int
    finishing: int
    joining: int = 0
    worries: int = 0

    @property
    def need_somebody(self):
        return bool(self.waiting or self.quiet or self.finishing)

    @property
    def first(self) -> str:
        """The list to begin with."""
        return next((name for name in _FIRST if getattr(self, name)), _FIRST[0])


def count(programme, now, *, reader=None) -> Counts:
    """Two statements. `reader`: whose concerns are counted."""
    concerns = Concern.objects.visible_to(reader) if reader else Concern.objects.none()
    people = Programme.objects.filter(pk=programme.pk).values(
        waiting=_number(waiting(programme)),
        talking=_number(talking(programme)),
        joining=_number(Application.objects.filter(programme=programme).waiting()),
        worries=_number(concerns.filter(pairing__programme=programme, handled_at=None)),
    )
    pairs = _live(programme).aggregate(
        quiet=Count("pk", filter=is_quiet_for_team(programme, now)),
        finishing=Count("pk", filter=Q(state=State.COMPLETING)),
        active=Count("pk", filter=~Q(state=State.COMPLETING)),
    )
    pairs["active"] -= pairs["quiet"]
    return Counts(**people.get(), **pairs)


def page_of(name, programme, now, *, number, total) -> Page:
    """A page of one of `LISTS`, `total` long, with all that it shows. One statement; one more for those who wait."""
    rows, order, whole = {
        "waiting": (waiting, ("created_at", "pk"), _as_waiting),
        "talking": (talking, (Coalesce("answered_at", "asked_at"), "pk"), _with_people),
        "active": (active, ("-last_activity_at", "pk"), _with_people),
        "quiet": (quiet, ("last_activity_at", "pk"), _as_quiet),
        "finishing": (finishing, ("completion_asked_at", "pk"), _as_finishing),
    }[name]
    found = _Counted(rows(programme, now).order_by(*order), A_PAGE, total=total, whole=whole).get_page(number)
    if name == "waiting":
        _add_requests(found.object_list, programme)
    return found


def waiting(programme, now=None):
    return looking_mentees(programme)


def talking(programme, now=None):
    return MentorRequest.objects.filter(programme=programme, state=MentorRequest.State.TALKING)


def active(programme, now):
    """Pairs that work with each other, or pause; not those whom a word might help."""
    return _live(programme).exclude(state=State.COMPLETING).filter(~is_quiet_for_team(programme, now))


def quiet(programme, now):
    """Pairs in which nothing has happened for so long that the team may hear of it."""
    return _live(programme).filter(is_quiet_for_team(programme, now))


def finishing(programme, now=None):
    return _live(programme).filter(state=State.COMPLETING)


def _live(programme):
    return Pairing.objects.filter(programme=programme).live()


def _with_people(rows):
    return rows.with_people()


def _as_waiting(enrolments):
    """Each with `refusals`, and `since`: when they began to look, the end of their last pairing if they had one."""
    refusals = MentorRequest.objects.filter(
        programme=OuterRef("programme"), mentee=OuterRef("person"), state=MentorRequest.State.DECLINED
    )
    return enrolments.select_related("person__profile").annotate(refusals=_number(refusals), since=looking_since())


def _add_requests(enrolments, programme):
    """`asked`: the request that waits for a mentor's answer, or None."""
    people = [enrolment.person_id for enrolment in enrolments]
    asked = MentorRequest.objects.filter(programme=programme, mentee__in=people, state=MentorRequest.State.ASKED)
    by_mentee = {request.mentee_id: request for request in asked.select_related("mentor")}
    for enrolment in enrolments:
        enrolment.asked = by_mentee.get(enrolment.person_id)


def _as_quiet(pairings):
    """Each with `noted_at`: when the team wrote to them last in this gap, or None."""
    notes = KindNote.objects.filter(pairing=OuterRef("pk"), at__gte=OuterRef("last_activity_at"))
    return pairings.with_people().annotate(noted_at=Subquery(notes.order_by("-at").values("at")[:1]))


def _as_finishing(pairings):
    """Each with `filled_in_at`: when the mentor filled in the form, or None."""
    form = CompletionForm.objects.filter(pairing=OuterRef("pk")).values("at")
    return pairings.with_people().annotate(filled_in_at=Subquery(form))


def _number(found):
    """How many there are, as a subquery."""
    rows = found.order_by().annotate(one=Value(1)).values("one").annotate(number=Count("*")).values("number")
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0)


class _Counted(Paginator):
    """Whose length is known. Of a page first the keys are looked up, then, with `whole`, what it shows: nothing is
    fetched of those that stand on other pages."""

    def __init__(self, rows, per_page, *, total, whole):
        super().__init__(rows, per_page)
        self._total, self._whole = total, whole

    @property
    def count(self):
        return self._total

    def _get_page(self, rows, number, paginator):
        found = self._whole(rows.model.objects.filter(pk__in=rows.values("pk")))
        return Page(list(found.order_by(*self.object_list.query.order_by)), number, paginator)
