"""Everything that two did together, the newest first: one union of (moment, what, which, who) over what each app shows
the viewer, a month at a time. What they may not read (any more) is not among it.

`mentoring.happenings` puts it into words.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import BigIntegerField, Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Greatest
from django.utils import timezone

from accounts.compiled import Compiled, Given
from meetings.models import Action, Meeting, NoteVersion, Plan, SessionNote, TimeMove
from notifications.models import Event
from pairings.models import Agreement, CompletionForm, HandOver, KindNote, Message, Pairing, ThankYou
from pairings.notices import PAUSED, RESUMED
from portfolios.models import Comment, Page, PageVersion

MOST = 100
_MOMENT = timedelta(microseconds=1)


class Happening(NamedTuple):
    """`which` is the key of what it is about: for an agreement, its number. `who`: the key of who did it, or None."""

    moment: datetime
    what: str
    which: int
    who: int | None


class Stretch(NamedTuple):
    """Some of a timeline: what happened since `since`. `rest` is the moment from which on more of its month remains to
    be shown, or None."""

    happenings: list[Happening]
    since: datetime
    rest: datetime | None
    has_older: bool


def newest(pairing: Pairing, viewer) -> Stretch:
    """What came since the beginning of the month in which they last did something."""
    since = month_of(timezone.localtime(pairing.last_activity_at))
    return _stretch(pairing, viewer, since, timezone.now())


def month_with_something(pairing: Pairing, viewer, before: datetime) -> datetime:
    """When the last month began, of those before that moment, in which they did something. To be asked for when
    somebody wants to see it: it costs as much as the newest stretch itself."""
    until = max(before, pairing.created_at + _MOMENT) - _MOMENT
    rows = _last(**_given(pairing, viewer, pairing.created_at, until))
    return month_of(timezone.localtime(rows[0].moment if rows else pairing.created_at))


def of_month(pairing: Pairing, viewer, first: datetime, until: datetime | None = None) -> Stretch:
    """What happened in the month that begins at `first`, up to the moment `until`."""
    end = month_after(first) - _MOMENT
    return _stretch(pairing, viewer, first, min(end, until) if until else end)


def month_of(moment: datetime) -> datetime:
    """When the month of a moment began, in the zone of that."""
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def month_after(first: datetime) -> datetime:
    """When the month after the one that begins at `first` does."""
    return month_of((first + timedelta(days=32)).replace(tzinfo=first.tzinfo))


def _stretch(pairing, viewer, since, until):
    found = [Happening(*row) for row in _between(**_given(pairing, viewer, since, until))]
    rest = None
    if len(found) > MOST:
        rest = found[MOST].moment
        found = [each for each in found if each.moment > rest] or found
    return Stretch(found, since, rest, has_older=pairing.created_at < since)


def _given(pairing, viewer, since, until):
    """What the two statements are told. Pages belong to a pairing as long as it lives, and only what was shared since a
    mentor's reading window opened could be of theirs."""
    since = max(since, pairing.created_at)
    opened = pairing.reads_from if viewer.pk == pairing.mentor_id else None
    return {
        "viewer": viewer.pk,
        "pairing": pairing.pk,
        "mentee": pairing.mentee_id,
        "mentor": pairing.mentor_id,
        "programme": pairing.programme_id,
        "since": since,
        "until": until,
        "pages_since": max(since, opened or since),
        "pages_until": min(until, pairing.ended_at or until),
    }


def _all_of_the_two(*, only_last=False) -> Iterator[QuerySet]:
    """What they did apart from the pages of the mentee."""
    pairing = Pairing.objects.visible_to(Given("viewer")).filter(pk=Given("pairing"))
    agreements, hand_overs = _of(Agreement), _of(HandOver)
    # Who looked again and found nothing to change left the other's tick as it was.
    is_kept = Q(mentee_agreed_at__lt=F("at")) | Q(mentor_agreed_at__lt=F("at"))
    changed = agreements.exclude(is_kept)
    both = changed.filter(mentee_agreed_at__isnull=False, mentor_agreed_at__isnull=False)
    yield _rows(pairing, "began", "created_at", who="created_by_id")
    yield _rows(pairing, "ended", "ended_at", who="ended_by_id")
    yield _rows(changed, "proposed", "at", which="number", who="by_id")
    yield _rows(agreements.filter(is_kept), "kept", "at", which="number", who="by_id")
    yield _rows(both, "agreed", Greatest("mentee_agreed_at", "mentor_agreed_at"), which="number")
    paused = Event.objects.filter(kind__in=[PAUSED.kind, RESUMED.kind], about_id=Given("pairing"))
    is_pause = When(kind=PAUSED.kind, then=Value("paused"))
    yield _rows(paused, Case(is_pause, default=Value("resumed"), output_field=CharField()), "at", who="by_id")
    yield _rows(hand_overs, "hand-over", "asked_at", who="by_id")
    yield _rows(hand_overs.filter(state=HandOver.State.DONE), "handed-over", "closed_at")
    for what, model in (("form", CompletionForm), ("thanked", ThankYou), ("note", KindNote)):
        yield _rows(_of(model), what, "at", who="by_id")
    yield from _of_meetings()
    messages = _rows(_of(Message), "message", "sent_at", who="author_id")
    # Numbers rise with the moments, and have an index.
    yield messages.order_by("-number")[:1] if only_last else messages


def _of_meetings():
    """`which` is the key of the meeting, but of what was done: its own."""
    meetings = _of(Meeting)
    of_meeting, which = {"meeting__pairing": Given("pairing")}, {"which": "meeting_id"}
    # Of what was held first and noted here later, only the former is told.
    booked = meetings.filter(booked_at__lt=F("starts_at"))
    yield _rows(booked, "booked", "booked_at", who="booked_by_id")
    yield _rows(meetings.filter(booked_at__isnull=False), "called-off", "called_off_at", who="called_off_by_id")
    yield _rows(meetings.held(), "held", "starts_at")
    moves = TimeMove.objects.filter(_is_mine(), **of_meeting).exclude(was=F("now"))
    yield _rows(moves, "moved", "at", who="by_id", **which)
    yield _rows(Plan.objects.filter(_is_mine(), **of_meeting), "planned", "shared_at", who="by_id", **which)
    versions = NoteVersion.objects.filter(_is_mine(), note__meeting__pairing=Given("pairing"))
    yield _rows(versions, "written", "at", which="note__meeting_id", who="by_id")
    notes = SessionNote.objects.filter(_is_mine(), **of_meeting)
    yield _rows(notes, "note-agreed", "agreed_at", who="agreed_by_id", **which)
    done = _of(Action).filter(state=Action.State.DONE)
    yield _rows(done, "done", "closed_at", who="person_id")


def _of(model):
    return model.objects.filter(_is_mine(), pairing=Given("pairing"))


def _is_mine():
    """That the viewer is of the pairing, asked once for each part of the union, apart from its rows: so many joins
    would take longer to plan than to answer."""
    return Exists(Pairing.objects.visible_to(Given("viewer")).filter(pk=Given("pairing")))


def _shared_and_commented() -> Iterator[QuerySet]:
    """What happened in the mentee's pages, as far as the viewer's reading window goes."""
    for what, model, moment, who in _OF_PAGES:
        found = model.objects.visible_to(Given("viewer")).filter(_of_mentee("page__portfolio"), _of_the_two(who))
        yield _rows(found, what, moment, who=who, window=_PAGES)


def _last_of_each_page() -> Iterator[QuerySet]:
    """When there was something last in each page that the viewer sees. It only names a month, whose own statement says
    what they may read there: by the moments alone it is one step in an index, however many there are."""
    pages = Page.objects.visible_to(Given("viewer")).filter(_of_mentee("portfolio"))
    for what, model, moment, who in _OF_PAGES:
        last = model.objects.filter(_of_the_two(who), page=OuterRef("pk"), **{f"{moment}__range": _PAGES})
        last = last.order_by(f"-{moment}").values(moment)[:1]
        yield _columns(pages, what, Subquery(last)).filter(moment__isnull=False)


def _of_mentee(portfolio):
    owner = {"person": Given("mentee"), "programme": Given("programme")}
    return Q(**{f"{portfolio}__enrolment__{field}": key for field, key in owner.items()})


def _of_the_two(who):
    return Q(**{who: Given("mentee")}) | Q(**{who: Given("mentor")})


def _rows(found, what, moment, *, which="pk", who=None, window=None):
    return _columns(found, what, moment, which=which, who=who).filter(moment__range=window or _SPAN)


def _columns(found, what, moment, *, which="pk", who=None):
    """(moment, what, which, who) of each of `found`: the four columns of the union."""
    return (
        found.order_by()
        .annotate(
            moment=F(moment) if isinstance(moment, str) else moment,
            what=Value(what, output_field=CharField()) if isinstance(what, str) else what,
            which=Cast(which, BigIntegerField()),
            who=F(who) if who else Cast(Value(None), BigIntegerField()),
        )
        .values_list("moment", "what", "which", "who")
    )


def _union(found):
    first, *others = found
    return first.union(*others, all=True).order_by("-moment", "what", "-which")


_OF_PAGES = (("shared", PageVersion, "shared_at", "shared_by_id"), ("commented", Comment, "created_at", "author_id"))
_SPAN, _PAGES = (Given("since"), Given("until")), (Given("pages_since"), Given("pages_until"))
_between = Compiled(lambda: _union([*_all_of_the_two(), *_shared_and_commented()])[: MOST + 1])
_last = Compiled(lambda: _union([*_all_of_the_two(only_last=True), *_last_of_each_page()])[:1])
