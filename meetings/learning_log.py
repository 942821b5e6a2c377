"""The log that a person keeps of their own development: every meeting that was held, with its hours and what they
learnt. Nobody but themselves is ever shown it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, FilteredRelation, Q, Sum
from django.db.models.functions import Coalesce, ExtractYear
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.clocks import how_long
from meetings.models import Meeting

_A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Year:
    """`minutes`: that count, all together."""

    year: int
    meetings: int
    minutes: int

    @property
    def hours(self):
        return how_long(self.minutes)


@dataclass(frozen=True)
class Totals:
    """`years`: {year: Year}, the newest first; `lately`: in the last twelve months, in words, "" for none."""

    years: dict[int, Year]
    lately: str


def log_of(person, now):
    """QuerySet of the person's meetings that are over, the newest first, with both people and programme; `mine`: their
    own Reflection, no such attribute where there is none; `counted`: the minutes that count."""
    own = FilteredRelation("reflections", condition=Q(reflections__author=person))
    over = Meeting.objects.visible_to(person).over(now).annotate(mine=own)
    counted = over.annotate(counted=Coalesce(F("mine__minutes"), F("minutes")))
    people = counted.with_people().select_related("mine__criterion__level", "pairing__programme")
    return people.order_by("-starts_at", "-pk")


def totals_of(person, now) -> Totals:
    """By years of the calendar, as the person's clocks have them. One statement."""
    lately = Q(starts_at__gt=now - _A_YEAR)
    by_year = (
        log_of(person, now)
        .select_related(None)
        .order_by()
        .annotate(year=ExtractYear("starts_at"))
        .values("year")
        .annotate(held=Count("pk"), total=Sum("counted"), late=Sum("counted", filter=lately, default=0))
        .order_by("-year")
    )
    rows = list(by_year)
    late = sum(row["late"] for row in rows)
    years = {row["year"]: Year(row["year"], row["held"], row["total"]) for row in rows}
    return Totals(years, how_long(late) if late else "")


def table_of(person, now) -> list[list]:
    """The whole log as the rows of a table, its head first: texts, and hours as numbers. One statement."""
    head = [_("Date"), _("What"), _("With"), _("Programme"), _("Hours")]
    head += [_("What?"), _("So what?"), _("Now what?"), _("Level"), _("Criterion")]
    return [head, *(_row(meeting, person) for meeting in log_of(person, now))]


def file_name(today: date, ending: str) -> str:
    return f"{_('learning')}-{today.isoformat()}.{ending}"


def _row(meeting, person):
    mine = getattr(meeting, "mine", None)
    criterion = mine.criterion if mine else None
    return [
        timezone.localdate(meeting.starts_at).isoformat(),
        _("Mentoring, as mentor") if person.pk == meeting.pairing.mentor_id else _("Mentoring, as mentee"),
        meeting.other_than(person).name,
        meeting.pairing.programme.name,
        round(meeting.counted / 60, 2),
        *([mine.what, mine.so_what, mine.now_what] if mine else ["", "", ""]),
        criterion.level.name if criterion else "",
        str(criterion) if criterion else "",
    ]
