"""How a programme is doing, in numbers: activity and timing, never what anybody wrote. Each number is asked of the
database whole; nothing grows with the number of pairs but what it counts."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Count, Exists, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import TruncWeek
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from meetings.models import Meeting
from mentoring import board, plots
from mentoring.chosen_programme import chosen_programme
from pairings.models import MentorOffer, Pairing
from pairings.quiet import MAY_BE_QUIET
from portfolios.models import PageVersion
from programmes.models import Enrolment

LOOK = "pairings.view_pairing"
WEEKS = 12
MET_WITHIN = timedelta(weeks=8)
NO_TIME, A_DAY, A_YEAR = timedelta(0), timedelta(days=1), timedelta(days=365)
MOST_WAITS = 500
# Before that, numbers say more of single people than of a programme.
AT_LEAST = timedelta(weeks=4)
MOST_SILENT = 12
MOST_MENTEES = 6
# Weeks of silence: from, to.
_SPANS = ((4, 8), (8, 12), (12, 16), (16, 26), (26, None))
State = Pairing.State


@dataclass
class Week:
    first: date
    shares: int = 0
    meetings: int = 0


@dataclass
class Health:
    """`wait`: the median days from joining to the first mentor, in the last year, or None. `pairs` work with each other
    now, `met` of them in eight weeks. `load`: (mentees at a time, how many mentors); `silence`: ((from, to) in weeks,
    how many pairs); `silent`: those who have been quiet for longest, of `silent_count`."""

    has_numbers: bool = False
    wait: int | None = None
    pairs: int = 0
    met: int = 0
    weeks: list[Week] = field(default_factory=list)
    load: list[tuple[int, int]] = field(default_factory=list)
    places_free: int = 0
    silence: list[tuple[tuple, int]] = field(default_factory=list)
    silent: list[Pairing] = field(default_factory=list)
    silent_count: int = 0

    @property
    def met_percent(self):
        return round(100 * self.met / self.pairs) if self.pairs else None


def health(programme, now: datetime) -> Health:
    """Five statements."""
    pairs = _pairs(programme, now)
    if pairs["first"] is None or now - pairs["first"] < AT_LEAST:
        return Health()
    load, free = _load(programme)
    silent = board.page_of("quiet", programme, now, number=1, total=pairs["silent"])
    return Health(
        has_numbers=True,
        wait=_wait(programme, now),
        pairs=pairs["working"],
        met=pairs["met"],
        weeks=_weeks(programme, now),
        load=load,
        places_free=free,
        silence=[(span, pairs[_name(span)]) for span in _SPANS],
        silent=silent.object_list[:MOST_SILENT],
        silent_count=pairs["silent"],
    )


@require_safe
def show(request, site):
    if not request.user.has_perm(LOOK):
        raise PermissionDenied
    programme, mine = chosen_programme(request)
    context = {
        **site.each_context(request),
        "title": _("How the programme is doing"),
        "programme": programme,
        "programmes": mine,
    }
    if programme:
        now = timezone.now()
        found = health(programme, now)
        may_act = request.user.has_perm("pairings.change_pairing")
        context |= {"health": found, "now": now, "may_act": may_act, **_drawn(found)}
    return TemplateResponse(request, "admin/programme/health.html", context)


def _pairs(programme, now):
    """All that one look at the pairs tells."""
    works = Q(state__in=[State.AGREEING, State.ACTIVE, State.COMPLETING])
    may_be_quiet = Q(state__in=MAY_BE_QUIET)
    spans = {
        _name((start, end)): Count("pk", filter=may_be_quiet & _since(now, start) & ~_since(now, end))
        for start, end in _SPANS
    }
    return Pairing.objects.filter(programme=programme).aggregate(
        first=Min("created_at"),
        working=Count("pk", filter=works),
        met=Count("pk", filter=works & Q(last_met_at__gte=now - MET_WITHIN)),
        silent=Count("pk", filter=board.is_quiet_for_team(programme, now)),
        **spans,
    )


def _since(now, weeks):
    return Q(last_activity_at__lte=now - timedelta(weeks=weeks)) if weeks else Q(pk=None)


def _name(span):
    return f"from_{span[0]}"


def _wait(programme, now):
    """Of those who found their first mentor in the last year; where there are many, of those who did so last."""
    theirs = {"programme": programme, "mentee": OuterRef("mentee")}
    earlier = Pairing.objects.filter(**theirs, created_at__lt=OuterRef("created_at"))
    joined = Enrolment.objects.filter(programme=programme, role=Enrolment.Role.MENTEE, person=OuterRef("mentee"))
    latest = Pairing.objects.filter(programme=programme, created_at__gte=now - A_YEAR).order_by("-created_at")
    rows = latest.annotate(joined=Subquery(joined.values("created_at")), is_first=~Exists(earlier))
    waits = [
        max(began - joined, NO_TIME)
        for began, joined, is_first in rows.values_list("created_at", "joined", "is_first")[:MOST_WAITS]
        if is_first and joined
    ]
    return round(median(waits) / A_DAY) if waits else None


def _weeks(programme, now):
    """The last so many weeks, the present one among them."""
    this = timezone.localdate(now) - timedelta(days=timezone.localdate(now).weekday())
    first = this - timedelta(weeks=WEEKS - 1)
    weeks = {first + timedelta(weeks=number): Week(first + timedelta(weeks=number)) for number in range(WEEKS)}
    start = datetime.combine(first, datetime.min.time(), tzinfo=timezone.get_current_timezone())
    shares = PageVersion.objects.filter(page__portfolio__enrolment__programme=programme)
    held = Meeting.objects.held().filter(pairing__programme=programme)
    counted = _by_week(shares, "shared_at", "shares", start).union(
        _by_week(held, "starts_at", "meetings", start), all=True
    )
    for what, week, number in counted:
        found = weeks.get(week.date())
        if found:
            setattr(found, what, getattr(found, what) + number)
    return list(weeks.values())


def _by_week(rows, moment, what, start):
    return (
        rows.filter(**{f"{moment}__gte": start})
        .order_by()
        .annotate(what=Value(what, output_field=CharField()), week=TruncWeek(moment))
        .values("what", "week")
        .annotate(number=Count("pk"))
        .values_list("what", "week", "number")
    )


def _load(programme):
    """How many mentors work with none, one, two … and how many places are free."""
    mentors = Enrolment.objects.current().filter(programme=programme, role=Enrolment.Role.MENTOR)
    offers = MentorOffer.objects.filter(enrolment__in=mentors)
    by_held = offers.order_by().values("held").annotate(count=Count("pk"), places=Sum("capacity"))
    mentors, free = Counter(), 0
    for row in by_held:
        mentors[min(row["held"], MOST_MENTEES)] += row["count"]
        free += row["places"] - row["held"] * row["count"]
    return [(held, mentors[held]) for held in range(max(mentors, default=0) + 1)], free


def _drawn(found):
    """The plots, and each in a sentence."""
    shares, meetings = (sum(getattr(week, name) for week in found.weeks) for name in ("shares", "meetings"))
    mentors = sum(count for _held, count in found.load)
    most = {"shares": shares, "meetings": meetings, "weeks": WEEKS}
    return {
        "weeks_plot": plots.columns((week.shares, week.meetings) for week in found.weeks),
        "weeks_words": _("%(shares)d pages shared and %(meetings)d meetings in %(weeks)d weeks.") % most,
        "weeks_most": max([week.shares for week in found.weeks] + [week.meetings for week in found.weeks], default=0),
        "load_plot": plots.rows((_mentees(held), count) for held, count in found.load),
        "load_words": ngettext(
            "%(count)d mentor; %(free)d places are free.", "%(count)d mentors; %(free)d places are free.", mentors
        )
        % {"count": mentors, "free": found.places_free},
        "silence_plot": plots.rows((_span(span), count) for span, count in found.silence),
        "silence_words": ngettext(
            "%(count)d pair has been quiet for so long that a word may help.",
            "%(count)d pairs have been quiet for so long that a word may help.",
            found.silent_count,
        )
        % {"count": found.silent_count},
    }


def _mentees(held):
    if held == MOST_MENTEES:
        return _("%(count)d or more") % {"count": held}
    return ngettext("%(count)d mentee", "%(count)d mentees", held) % {"count": held}


def _span(span):
    start, end = span
    if end is None:
        return _("over %(start)d weeks") % {"start": start}
    return _("%(start)d to %(end)d weeks") % {"start": start, "end": end}
