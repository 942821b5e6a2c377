"""Everything that two did together, the newest first: one union of (moment, what, which, who) over what each app shows
the viewer, a month at a time. What they may not read (any more) is not among it.

`mentoring.happenings` puts it into words.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import BigIntegerField, CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Greatest
from django.utils import timezone

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
    """Some of a timeline. `rest` is the moment from which on more of its month remains to be shown, or None; `older`
    the moment of the newest thing before it, or None."""

    happenings: list[Happening]
    rest: datetime | None
    older: datetime | None


def newest(pairing: Pairing, viewer) -> Stretch:
    """What came since the beginning of the month in which they last did something."""
    since = month_of(timezone.localtime(pairing.last_activity_at))
    return _stretch(pairing, viewer, since, timezone.now())


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
    of_the_two, of_pages = _Of(pairing, viewer, since, until), _OfPages(pairing, viewer, since, until)
    rows = _union([*of_the_two.all(), of_pages.shared(), of_pages.commented()])[: MOST + 1]
    found = [Happening(*row) for row in rows]
    rest = None
    if len(found) > MOST:
        rest = found[MOST].moment
        found = [each for each in found if each.moment > rest] or found
    return Stretch(found, rest, _last_before(pairing, viewer, since))


def _last_before(pairing, viewer, moment):
    """One small statement, however much there was: of each page only the last is looked up."""
    if moment <= pairing.created_at:
        return None
    until = moment - _MOMENT
    of_the_two, of_pages = _Of(pairing, viewer, None, until), _OfPages(pairing, viewer, None, until)
    rows = _union([*of_the_two.all(only_last=True), of_pages.last_shared(), of_pages.last_commented()])
    return next((row[0] for row in rows[:1]), None)


class _Of:
    """What the two did, between two moments; `since` None for from the beginning on."""

    def __init__(self, pairing, viewer, since, until):
        self.pairing, self.viewer = pairing, viewer
        self.since = max(since, pairing.created_at) if since else pairing.created_at
        self.until = until

    def all(self, *, only_last=False) -> Iterator[QuerySet]:
        pairing = Pairing.objects.visible_to(self.viewer).filter(pk=self.pairing.pk)
        agreements = Agreement.objects.visible_to(self.viewer).filter(pairing=self.pairing)
        told = Event.objects.filter(about_id=self.pairing.pk)
        hand_overs = HandOver.objects.visible_to(self.viewer).filter(pairing=self.pairing)
        messages = Message.objects.visible_to(self.viewer).filter(pairing=self.pairing)
        forms = CompletionForm.objects.visible_to(self.viewer).filter(pairing=self.pairing)
        thanks = ThankYou.objects.visible_to(self.viewer).filter(pairing=self.pairing)
        notes = KindNote.objects.visible_to(self.viewer).filter(pairing=self.pairing)
        yield self._rows(pairing, "began", "created_at", who="created_by_id")
        yield self._rows(pairing, "met", "first_met_at")
        yield self._rows(pairing.exclude(last_met_at=F("first_met_at")), "met", "last_met_at")
        yield self._rows(pairing, "ended", "ended_at", who="ended_by_id")
        # Who looked again and found nothing to change left the other's tick as it was.
        is_kept = Q(mentee_agreed_at__lt=F("at")) | Q(mentor_agreed_at__lt=F("at"))
        changed = agreements.exclude(is_kept)
        both = changed.filter(mentee_agreed_at__isnull=False, mentor_agreed_at__isnull=False)
        yield self._rows(changed, "proposed", "at", which="number", who="by_id")
        yield self._rows(agreements.filter(is_kept), "kept", "at", which="number", who="by_id")
        yield self._rows(both, "agreed", Greatest("mentee_agreed_at", "mentor_agreed_at"), which="number")
        for what, notice in (("paused", PAUSED), ("resumed", RESUMED)):
            yield self._rows(told.filter(kind=notice.kind), what, "at", who="by_id")
        yield self._rows(hand_overs, "hand-over", "asked_at", who="by_id")
        yield self._rows(hand_overs.filter(state=HandOver.State.DONE), "handed-over", "closed_at")
        yield self._rows(forms, "form", "at", who="by_id")
        yield self._rows(thanks, "thanked", "at", who="by_id")
        yield self._rows(notes, "note", "at", who="by_id")
        messages = self._rows(messages, "message", "sent_at", who="author_id")
        # Numbers rise with the moments, and have an index.
        yield messages.order_by("-number")[:1] if only_last else messages

    def _rows(self, found, what, moment, *, which="pk", who=None):
        """(moment, what, which, who) of each of `found`, in the four columns of the union."""
        return (
            found.order_by()
            .annotate(
                moment=F(moment) if isinstance(moment, str) else moment,
                what=Value(what, output_field=CharField()),
                which=Cast(which, BigIntegerField()),
                who=F(who) if who else Cast(Value(None), BigIntegerField()),
            )
            .filter(moment__range=(self.since, self.until))
            .values_list("moment", "what", "which", "who")
        )


class _OfPages(_Of):
    """The same of the mentee's pages: while the two were a pairing, as far as the viewer's reading window goes."""

    def __init__(self, pairing, viewer, since, until):
        super().__init__(pairing, viewer, since, until)
        self.until = min(until, pairing.ended_at) if pairing.ended_at else until

    def shared(self):
        return self._rows(self._versions(), "shared", "shared_at", who="shared_by_id")

    def commented(self):
        return self._rows(self._comments(), "commented", "created_at", who="author_id")

    def last_shared(self):
        return self._last(self._versions(), "shared", "shared_at")

    def last_commented(self):
        return self._last(self._comments(), "commented", "created_at")

    def _last(self, found, what, moment):
        """Of each page."""
        last = found.filter(page=OuterRef("pk"), **{f"{moment}__range": (self.since, self.until)})
        last = last.order_by(f"-{moment}").values(moment)[:1]
        return self._rows(Page.objects.filter(self._of_mentee("portfolio")), what, Subquery(last))

    def _versions(self):
        return PageVersion.objects.visible_to(self.viewer).filter(self._of_mentee("page__portfolio"))

    def _comments(self):
        two = [self.pairing.mentee_id, self.pairing.mentor_id]
        return Comment.objects.visible_to(self.viewer).filter(self._of_mentee("page__portfolio"), author__in=two)

    def _of_mentee(self, portfolio):
        owner = {"person": self.pairing.mentee_id, "programme": self.pairing.programme_id}
        return Q(**{f"{portfolio}__enrolment__{field}": key for field, key in owner.items()})


def _union(found):
    first, *others = found
    return first.union(*others, all=True).order_by("-moment", "what", "-which")
