"""What a few emails need of the database, looked up for all of them at once."""

import time
from collections import defaultdict

from django.conf import settings
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import User
from notifications import holds
from notifications.bounces import stopped_among
from notifications.models import Email, Mute, Notification, ReplyAddress
from notifications.news import ids_by_kind
from notifications.notices import NOTICES
from notifications.scheduling import preferences_of

# What may be said is asked again after so many seconds: a mail server may have been slow meanwhile.
FRESH = 2


class Desk:
    """Each question is one statement, asked when the first email needs its answer. The people of the emails are looked
    up anew at once."""

    def __init__(self, emails):
        self._emails = [email for email in emails if email.person_id]
        self._people = {email.person_id for email in self._emails}
        self._at = time.monotonic()
        # They may have another address by now, or none that may be written to.
        people = User.objects.select_related("profile").in_bulk(self._people)
        for email in self._emails:
            email.person = people[email.person_id]

    @property
    def is_stale(self):
        return time.monotonic() - self._at > FRESH

    def preference(self, person):
        return self._preferences[person.pk]

    def is_muted(self, person, bundle):
        return (person.pk, bundle) in self._mutes

    def held_until(self, person, event):
        """Until when the event is not to be told by email; None when it may be."""
        return self._holds.get((person.pk, event.bundle)) if holds.waits(event.kind) else None

    def is_stopped(self, person):
        return person.email.lower() in self._stopped

    def unseen(self, email) -> list[Notification]:
        """What the email is to tell and the person has not seen, with its events, the oldest first."""
        return self._unseen[email.pk]

    def things(self, person, events) -> dict[str, list]:
        """{kind: what the person may be told of, now}, of those kinds that can be asked for many people at once."""
        return {
            kind: [thing for thing in self._things[kind].get(person.pk, []) if thing.pk in ids]
            for kind, ids in ids_by_kind(events).items()
            if kind in self._things
        }

    def thread_so_far(self, email) -> tuple:
        """The first and the last email that were sent to this person in this thread; (None, None) for a new one."""
        return self._threads.get((email.person_id, email.thread), (None, None))

    def token(self, person, thread) -> str:
        """Of the address at which the person's replies in the thread arrive; made when there is none."""
        if not settings.INBOUND_ADDRESS:
            return ""
        if (person.pk, thread) not in self._tokens:
            address, _is_new = ReplyAddress.objects.get_or_create(person=person, thread=thread)
            self._tokens[person.pk, thread] = address.token
        return self._tokens[person.pk, thread]

    @cached_property
    def _preferences(self):
        return preferences_of([email.person for email in self._emails])

    @cached_property
    def _mutes(self):
        return set(Mute.objects.filter(person__in=self._people).values_list("person_id", "bundle"))

    @cached_property
    def _holds(self):
        return holds.ends_of(self._people, timezone.now())

    @cached_property
    def _stopped(self):
        return stopped_among({email.person.email for email in self._emails})

    @cached_property
    def _unseen(self):
        found = defaultdict(list)
        unseen = Notification.objects.unseen().filter(email__in=self._emails)
        for notification in unseen.select_related("event").order_by("event__at", "event_id"):
            found[notification.email_id].append(notification)
        return found

    @cached_property
    def _things(self):
        asked = defaultdict(lambda: defaultdict(list))
        for email in self._emails:
            for kind, ids in ids_by_kind(each.event for each in self.unseen(email)).items():
                if kind in NOTICES and NOTICES[kind].may_tell_all:
                    asked[kind][email.person] += ids
        return {kind: NOTICES[kind].may_tell_all(dict(people)) for kind, people in asked.items()}

    @cached_property
    def _threads(self):
        names = {each.event.thread for unseen in self._unseen.values() for each in unseen}
        names |= {email.bundle for email in self._emails}
        sent = Email.objects.filter(person__in=self._people, thread__in=names, state=Email.State.SENT)
        sent = sent.only("person_id", "thread", "subject", "message_id").distinct("person", "thread")
        began = sent.order_by("person", "thread", "sent_at", "pk")
        latest = {(each.person_id, each.thread): each for each in sent.order_by("person", "thread", "-sent_at", "-pk")}
        return {
            (each.person_id, each.thread): (each, latest.get((each.person_id, each.thread), each)) for each in began
        }

    @cached_property
    def _tokens(self):
        found = ReplyAddress.objects.filter(person__in=self._people)
        names = {each.event.thread for unseen in self._unseen.values() for each in unseen}
        names |= {email.bundle for email in self._emails}
        rows = found.filter(thread__in=names).values_list("person_id", "thread", "token")
        return {(person_id, thread): token for person_id, thread, token in rows}
