"""A year of a small programme, played with the real actions and the real delivery; only the clock is ours.

Each mentee writes on three evenings a week: shares, replies, messages, one to six of them. Mentors look in on some
days, read some pages and messages, and say something. Everybody has other wishes for their emails.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

import time_machine
from django.core import mail
from django.utils import timezone

from notifications import delivery
from notifications.actions import set_preferences
from notifications.models import Email, Notification
from pairings.actions import mark_messages_read, send_message
from pairings.models import Message
from portfolios import actions
from portfolios.models import Comment
from tests.factories import PairingFactory, PersonFactory, ProgrammeFactory, make_page, make_portfolio, share

BEGINS = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
MARKS = {"portfolios.commented": "comment of", "pairings.message": "message of"}
LOUD = {"quiet_from": time(0), "quiet_until": time(0), "quiet_weekends": False}
MENTORS = (
    ("Europe/London", {}),
    ("Pacific/Auckland", {**LOUD}),
    ("America/St_Johns", {"portfolio": "weekly", "messages": "weekly"}),
)
MENTEES = (
    ("Europe/London", {}, 0),
    ("Europe/London", {**LOUD, "messages": "bundled"}, 0),
    ("Pacific/Auckland", {}, 1),
    ("America/St_Johns", {"portfolio": "off", "quiet_from": time(22), "quiet_until": time(6)}, 2),
)


@dataclass
class Year:
    """`sent` is what came of it: (when, person's key, the email's key, its text)."""

    weeks: int = 52
    chance: random.Random = field(default_factory=lambda: random.Random(2026))
    sent: list[tuple] = field(default_factory=list)

    def play(self) -> "Year":
        with time_machine.travel(BEGINS, tick=False) as self.clock:
            self._begin()
            for moment, act in sorted(self._plan(), key=lambda each: each[0]):
                self._deliver_until(moment)
                self.clock.move_to(moment)
                act()
            self._deliver_until(BEGINS + timedelta(weeks=self.weeks + 3))
        return self

    def _begin(self):
        programme = ProgrammeFactory()
        mentors = [self._person(zone, wishes) for zone, wishes in MENTORS]
        self.pairs = []
        for zone, wishes, mentor in MENTEES:
            mentee = self._person(zone, wishes)
            pairing = PairingFactory(programme=programme, mentee=mentee, mentor=mentors[mentor])
            portfolio = make_portfolio(mentee, programme)
            pages = [make_page(portfolio, title=f"Page {number}", body="<p>It begins.</p>") for number in range(3)]
            self.pairs.append((pairing, pages))

    def _person(self, zone, wishes):
        person = PersonFactory()
        person.profile.time_zone = zone
        person.profile.save()
        if wishes:
            set_preferences(person, **wishes)
        return person

    def _plan(self):
        """(moment, act) of the whole year."""
        for pairing, pages in self.pairs:
            for week in range(self.weeks):
                monday = BEGINS + timedelta(weeks=week)
                for day in self.chance.sample(range(7), 3):
                    for moment in self._evening(monday + timedelta(days=day), pairing.mentee):
                        yield moment, self._writing(pairing, self.chance.choice(pages))
                for day in self.chance.sample(range(7), 2):
                    hour = timedelta(hours=self.chance.uniform(7, 22))
                    yield monday + timedelta(days=day) + hour, self._looking(pairing, self.chance.choice(pages))

    def _evening(self, day, person):
        """One to six moments between half past five and eleven, where the person is."""
        begins = datetime.combine(day.date(), time(17, 30), tzinfo=person.profile.zone)
        for _ in range(self.chance.randint(1, 6)):
            yield (begins + timedelta(minutes=self.chance.uniform(0, 330))).astimezone(UTC)

    def _writing(self, pairing, page):
        return self.chance.choice([self._share, self._share, self._reply, self._message])(pairing, page)

    def _share(self, pairing, page):
        return lambda: share(page, f"<p>It goes on, {timezone.now():%d %B %H:%M:%S.%f}.</p>")

    def _reply(self, pairing, page):
        def act():
            asked = Comment.objects.filter(page=page, parent=None, author=pairing.mentor).last()
            actions.add_comment(page, by=pairing.mentee, reply_to=asked, body=f"comment of {timezone.now()}")

        return act

    def _message(self, pairing, page):
        return lambda: send_message(pairing, by=pairing.mentee, body=f"message of {timezone.now()}")

    def _looking(self, pairing, page):
        """The mentor reads a page and the messages and says something; the mentee reads what was said before."""
        says, finishes, wrote = (self.chance.random() < 0.6 for _ in range(3))

        def act():
            now = timezone.now()
            actions.mark_read(page, by=pairing.mentor, until=now)
            actions.mark_read(page, by=pairing.mentee, until=now - timedelta(hours=3))
            if newest := Message.objects.filter(pairing=pairing).last():
                mark_messages_read(pairing, by=pairing.mentor, until=newest.number)
            if says:
                actions.add_comment(page, by=pairing.mentor, kind="question", body=f"comment of {now}")
            if says and finishes:
                actions.finish_review(page, by=pairing.mentor, until=now)
            if wrote:
                send_message(pairing, by=pairing.mentor, body=f"message of {now}")

        return act

    def _deliver_until(self, moment):
        """As a beat that ticks all the time would have done."""
        while (due := _next_due()) and due <= moment:
            self.clock.move_to(max(due, timezone.now()))
            mail.outbox.clear()
            delivery.deliver_due()
            keys = dict(Email.objects.filter(sent_at=timezone.now()).values_list("message_id", "pk"))
            for message in mail.outbox:
                self.sent.append((timezone.now(), keys[message.extra_headers["Message-ID"]], message.body))


def _next_due():
    waiting = Notification.objects.waiting().order_by("due_at").values_list("due_at", flat=True).first()
    unsent = Email.objects.filter(state=Email.State.WAITING).order_by("due_at").values_list("due_at", flat=True).first()
    return min(filter(None, (waiting, unsent)), default=None)
