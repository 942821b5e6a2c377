"""The messages of a pairing as its two people look at them."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from notifications.news import unseen
from pairings import notices
from pairings.addresses import A_PAGE, message_url
from pairings.models import Message, Pairing


@dataclass(frozen=True)
class Shown:
    """`role`: of its author in the pairing."""

    message: Message
    role: str
    is_new: bool
    may_edit: bool


@dataclass(frozen=True)
class Day:
    date: date
    messages: list[Shown]

    @property
    def in_words(self):
        """“Today”, “Yesterday”, “Thursday 12 November”, and the year unless it is this one."""
        today = timezone.localdate()
        days = (today - self.date).days
        if days in (0, 1):
            return _("Yesterday") if days else _("Today")
        return date_format(self.date, "l j F" if self.date.year == today.year else "l j F Y")


@dataclass(frozen=True)
class Thread:
    """A page of a pairing's messages, from the number `since` to `until`, the oldest first; `last` is the number of the
    newest of all. `new_earlier`: some on earlier pages are new, too."""

    days: list[Day]
    since: int | None
    until: int | None
    last: int | None
    is_newest: bool
    has_earlier: bool
    has_new: bool
    new_earlier: bool

    @property
    def read(self):
        """For the hidden fields by which a form says what its writer was shown."""
        return {"since": self.since, "until": self.until} if self.until else {}


@dataclass(frozen=True)
class Line:
    """A pairing in the list of them: with the message that was written last, the number of the one where its reader
    begins (the first that is new, else the last), and how many are new."""

    pairing: Pairing
    me: object
    last: Message | None
    begin: int | None
    new: int

    @property
    def other(self):
        return self.pairing.other_than(self.me)

    @property
    def role(self):
        """The reader's own."""
        return role_of(self.me.pk, self.pairing)

    @property
    def opening(self):
        words = notices.first_words(self.last.body) or _("a file")
        return _("You: %(words)s") % {"words": words} if self.last.author_id == self.me.pk else words

    @property
    def url(self):
        if self.last is None:
            return reverse("pairings:messages", args=[self.pairing.slug])
        return message_url(self.pairing.slug, self.begin, self.last.number)


def role_of(person_pk, pairing):
    return "mentor" if person_pk == pairing.mentor_id else "mentee"


def read_thread(pairing, *, by, before=None) -> Thread:
    """The newest messages, or those before the one with the number `before`. However long the thread, three small
    statements."""
    found = pairing.messages.visible_to(by).with_all_that_shows().order_by("-number")
    if before:
        found = found.filter(number__lt=before)
    found = list(found[: A_PAGE + 1])
    page = found[:A_PAGE][::-1]
    new = _unseen(by, pairing)
    shown = [
        Shown(
            message,
            role=role_of(message.author_id, pairing),
            is_new=message.pk in new,
            may_edit=message.is_editable_by(by),
        )
        for message in page
    ]
    days = groupby(shown, key=lambda each: timezone.localdate(each.message.sent_at))
    return Thread(
        days=[Day(day, list(messages)) for day, messages in days],
        since=page[0].number if page else None,
        until=page[-1].number if page else None,
        last=_last_number(pairing) if before else None,
        is_newest=before is None,
        has_earlier=len(found) > A_PAGE,
        has_new=any(each.is_new for each in shown),
        new_earlier=bool(page) and any(pk < page[0].pk for pk in new),
    )


def address_of(message) -> str:
    """The page of the thread that has this message on it, and its place there."""
    return message_url(message.pairing.slug, message.number, _last_number(message.pairing))


def address_of_last(pairing) -> str:
    """The newest page of the thread, at its last message."""
    last = _last_number(pairing)
    return message_url(pairing.slug, last, last) if last else reverse("pairings:messages", args=[pairing.slug])


def threads_of(person) -> list[Line]:
    """Everybody the person writes with: those of living pairings first, and of these whoever wrote last."""
    newest = Message.objects.filter(pairing=OuterRef("pk")).order_by("-number").values("pk")[:1]
    pairings = list(Pairing.objects.visible_to(person).with_people().annotate(newest=Subquery(newest)))
    events = unseen(person)
    new = {pairing.pk: _of(pairing, events) for pairing in pairings}
    # Of one pairing, keys rise with the numbers.
    first = {pk: min(found) for pk, found in new.items() if found}
    asked = [*first.values(), *(each.newest for each in pairings if each.newest)]
    messages = Message.objects.visible_to(person).in_bulk(asked)
    lines = [
        _line(pairing, person, messages.get(pairing.newest), messages.get(first.get(pairing.pk)), len(new[pairing.pk]))
        for pairing in pairings
    ]
    lines.sort(key=lambda line: line.last.sent_at if line.last else line.pairing.created_at, reverse=True)
    return sorted(lines, key=lambda line: not line.pairing.is_live)


def _line(pairing, person, last, first, new):
    begin = first or last
    return Line(pairing, person, last, begin and begin.number, new)


def _last_number(pairing):
    return pairing.messages.order_by("-number").values_list("number", flat=True).first()


def _unseen(person, pairing):
    return _of(pairing, unseen(person))


def _of(pairing, new):
    """Keys of the pairing's messages among what is new to somebody."""
    events = new.get(notices.thread_of(pairing.pk), ())
    return {event.about_id for event in events if event.kind == notices.MESSAGE.kind}
