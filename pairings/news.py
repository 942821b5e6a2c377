"""Messages and worries as those who are told of them need to know. Asked of the reader's pairings at hand, as in
portfolios: everybody's Home asks it."""

import json
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace

from django.db.models import Case, F, OuterRef, Subquery, When
from django.db.models.functions import JSONObject, Left

from accounts.compiled import Among, Compiled, Given
from pairings.models import Concern, Message
from pairings.pairs import Pair, Person, pairs_of, pairs_of_all

OPENING = 200  # characters


@dataclass(frozen=True)
class Sent:
    """A message that its reader has not seen; `opening` is how its words begin."""

    pk: int
    number: int
    pair: Pair
    slug: str
    author: Person
    opening: str
    sent_at: datetime


def messages_to_tell(person, ids, pairings=None) -> list[Sent]:
    """Those of the messages `ids` that `person` may be told of: what the other of one of their pairings wrote, also
    when that has ended meanwhile. It was written to them, and they can still read it."""
    return _may_tell(person, _messages(ids=ids), pairs_of(person) if pairings is None else pairings)


def messages_to_tell_all(asked) -> dict[int, list[Sent]]:
    """`messages_to_tell` for {person: ids}, by the person's key."""
    rows = {row.pk: row for row in _messages(ids=list({pk for ids in asked.values() for pk in ids}))}
    pairs = pairs_of_all(asked)
    return {
        person.pk: _may_tell(person, [rows[pk] for pk in ids if pk in rows], pairs[person.pk])
        for person, ids in asked.items()
    }


def of_event(kind) -> dict:
    """What `messages_of` takes, for `notifications.news.unseen_with`: the message of each event of this kind."""
    row = JSONObject(
        **{name: name for name in ("pk", "number", "pairing_id", "author_id")},
        slug="pairing__slug",
        opening=Left("body", OPENING),
        at="sent_at",
    )
    message = Subquery(Message.objects.filter(pk=OuterRef("event__about_id")).values(row=row))
    return {"message": Case(When(event__kind=kind, then=message))}


def messages_of(person, events, pairings) -> list[Sent]:
    """`messages_to_tell`, of events at hand that have their `message`."""
    rows = [SimpleNamespace(**json.loads(event.message)) for event in events if event.message]
    for row in rows:
        row.at = datetime.fromisoformat(row.at)
    return _may_tell(person, rows, pairings)


def concerns_to_tell(person, ids, pairings=None) -> list[Concern]:
    """Those of the concerns `ids` that `person` may read now, and that nobody has looked after yet."""
    return list(
        Concern.objects.visible_to(person)
        .filter(pk__in=ids, handled_at=None)
        .select_related("by", "pairing__mentee", "pairing__mentor", "pairing__programme")
    )


def _may_tell(person, rows, pairings):
    pairs = {pair.pk: pair for pair in pairings}
    return [_sent(row, pairs[row.pairing_id]) for row in rows if row.pairing_id in pairs and row.author_id != person.pk]


def _sent(row, pair):
    author = pair.mentor if row.author_id == pair.mentor.pk else pair.mentee
    return Sent(row.pk, row.number, pair, row.slug, author, row.opening, row.at)


_messages = Compiled(
    lambda: Message.objects.filter(Among("pk", Given("ids"))).values(
        *("pk", "number", "pairing_id", "author_id"),
        slug=F("pairing__slug"),
        opening=Left("body", OPENING),
        at=F("sent_at"),
    )
)
