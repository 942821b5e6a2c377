"""“With these settings you’d have had 3 emails in the last month”: as many as were really sent."""

import random
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db.models import Min

from notifications import delivery
from notifications.actions import mute, notify, set_preferences
from notifications.forecast import MONTH, MOST, Happened, emails_of, forecast, history_of
from notifications.models import Email, Mute, Notification, Preference
from notifications.notices import NOTICES, Notice, Section
from notifications.timing import Wishes
from tests.factories import PersonFactory

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NEVER_QUIET = Wishes(LONDON, time(0), time(0), False)
AT_ONCE = timedelta(0)


def happened(at, group="portfolio", bundle="pairing-1", seen_at=None, delay=AT_ONCE):
    return Happened(at, group, bundle, seen_at, delay)


def count(history, *, portfolio="bundled", messages="now", wishes=NEVER_QUIET, mutes=(), window=30):
    return emails_of(
        history,
        {"portfolio": portfolio, "messages": messages},
        wishes,
        window=timedelta(minutes=window),
        mutes=set(mutes),
        now=MONDAY,
    )


def days_ago(number, hour=0):
    return MONDAY - timedelta(days=number, hours=hour)


@pytest.mark.parametrize(("portfolio", "emails"), [("now", 3), ("bundled", 2), ("weekly", 1), ("off", 0)])
def test_each_choice_makes_as_many_emails_as_it_says(portfolio, emails):
    first = days_ago(6)
    history = [happened(first), happened(first + timedelta(minutes=5)), happened(days_ago(4))]

    assert count(history[:2], portfolio="now") == 2
    assert count([*history[:2], happened(first + timedelta(minutes=20))], portfolio="now") == 2
    assert count(history, portfolio=portfolio) == emails


def test_what_was_seen_before_it_was_due_made_no_email():
    seen = happened(days_ago(3), seen_at=days_ago(3) + timedelta(minutes=20))
    late = happened(days_ago(2), seen_at=days_ago(2) + timedelta(minutes=40))

    assert count([seen, late]) == 1


def test_more_than_two_a_day_are_told_together():
    morning = days_ago(3, hour=4)
    history = [happened(morning + timedelta(hours=each), bundle=f"pairing-{each}") for each in range(5)]

    assert count(history, portfolio="now") == 3  # two that day, the three others in one the next morning


def test_a_muted_pairing_makes_no_emails():
    history = [happened(days_ago(5)), happened(days_ago(3), bundle="pairing-2")]

    assert count(history, mutes=["pairing-2"]) == 1


def test_what_nobody_can_switch_off_counts_whatever_was_chosen():
    history = [happened(days_ago(3), group="", bundle="pairing-1")]

    assert count(history, portfolio="off", messages="off", mutes=["pairing-1"]) == 1


def test_a_pause_is_left_out():
    paused = NEVER_QUIET._replace(paused_until=MONDAY.date() + timedelta(days=20))

    assert count([happened(days_ago(3))], wishes=paused) == 1


def test_only_emails_of_the_last_month_count():
    history = [happened(days_ago(33)), happened(days_ago(32)), happened(days_ago(29)), happened(MONDAY)]

    assert count(history, portfolio="now") == 1
    # what happened before the month is told on its first Monday
    assert count(history, portfolio="weekly") == 1


def test_without_a_window_every_thing_is_an_email_at_once():
    history = [happened(days_ago(3)) for _ in range(4)]

    assert count(history, wishes=Wishes(LONDON), window=0) == 4


def test_a_very_long_sitting_makes_an_email_every_two_hours_and_the_rest_in_the_morning():
    history = [happened(days_ago(3) + timedelta(minutes=9 * number)) for number in range(30)]

    assert count(history) == 3


# As it really was


@pytest.fixture
def notices(monkeypatch):
    """Three made-up kinds of event: of both groups, and one that nobody can switch off."""

    def render(person, things):
        return [
            Section(
                thread=f"thing-{thing}",
                headline="Something",
                discreet="Something",
                summary="",
                count="",
                url="/new/",
                button="Look",
                by=person,
                hat="",
                why="",
                context=dict,
            )
            for thing in things
        ]

    found = [
        Notice(f"tests.{kind}", group, "", lambda person, ids, pairings: ids, render, delay=delay)
        for kind, group, delay in (
            ("portfolio", "portfolio", AT_ONCE),
            ("messages", "messages", timedelta(minutes=5)),
            ("always", "", AT_ONCE),
        )
    ]
    for notice in found:
        monkeypatch.setitem(NOTICES, notice.kind, notice)
    return found


class Life:
    """Some six weeks of somebody to whom things happen, with choices of their own; all by chance."""

    ZONES = ("Europe/London", "Pacific/Auckland", "America/St_Johns", "Asia/Kolkata")
    QUIET = ((18, 8), (0, 0), (9, 17), (22, 6))

    def __init__(self, seed, notices):
        self.chance, self.notices = random.Random(seed), notices
        self.begins = datetime(2026, self.chance.choice([3, 4, 6, 10, 11]), 1, 5, 0, 0, 7, tzinfo=UTC)
        self.ends = self.begins + timedelta(days=44)

    def live(self):
        with time_machine.travel(self.begins, tick=False) as self.clock:
            self.person = PersonFactory()
            self.person.profile.time_zone = self.chance.choice(self.ZONES)
            self.person.profile.save()
            self._choose()
            for moment, act in sorted(self._plan(), key=lambda each: each[0]):
                self._deliver_until(moment)
                act()
            self._deliver_until(self.ends)
        return self

    def sent(self):
        """How many emails the last month brought."""
        return Email.objects.filter(
            person=self.person, state=Email.State.SENT, sent_at__gt=self.ends - MONTH, sent_at__lte=self.ends
        ).count()

    def foreseen(self):
        preference = Preference.objects.get(person=self.person)
        mutes = set(Mute.objects.values_list("bundle", flat=True))
        return forecast(self.person, preference, mutes, self.ends)

    def _choose(self):
        quiet_from, quiet_until = self.chance.choice(self.QUIET)
        set_preferences(
            self.person,
            portfolio=self.chance.choice(["now", "bundled", "bundled", "weekly", "off"]),
            messages=self.chance.choice(["now", "now", "bundled", "weekly", "off"]),
            quiet_from=time(quiet_from),
            quiet_until=time(quiet_until),
            quiet_weekends=self.chance.random() < 0.5,
            words_in_emails=False,
        )
        if self.chance.random() < 0.3:
            mute(self.person, bundle="pairing-2")

    def _plan(self):
        """(moment, act): things that happen, alone or several in one evening, and looks at what is new."""
        for thing in range(self.chance.randint(5, 30)):
            begins = self.begins + timedelta(seconds=self.chance.randrange(44 * 86_400 - 20_000))
            bundle = f"pairing-{self.chance.randint(1, 4)}"
            for part in range(self.chance.choice([1, 1, 2, 4])):
                moment = begins + timedelta(seconds=self.chance.randrange(15_000))
                yield moment, self._happens(moment, thing * 10 + part, bundle)
        for _ in range(self.chance.randint(0, 25)):
            moment = self.begins + timedelta(seconds=self.chance.randrange(44 * 86_400))
            yield moment, self._looks(moment)

    def _happens(self, moment, thing, bundle):
        notice = self.chance.choices(self.notices, [5, 4, 1])[0]
        about = SimpleNamespace(pk=thing)
        thread = f"thing-{thing}"
        return lambda: notify(notice, about=about, to=[self.person], by=None, thread=thread, bundle=bundle, at=moment)

    def _looks(self, moment):
        some = self.chance.randint(1, 5)

        def act():
            unseen = Notification.objects.unseen().filter(person=self.person).order_by("pk").values("pk")[:some]
            Notification.objects.filter(pk__in=unseen).update(seen_at=moment)

        return act

    def _deliver_until(self, until):
        """Send at each moment at which something is due, as the beat does a little later."""
        while due := self._next_due():
            if due >= until:
                break
            self.clock.move_to(max(due, datetime.now(UTC)))
            delivery.deliver_due()
        self.clock.move_to(until)
        delivery.deliver_due()

    def _next_due(self):
        return Notification.objects.waiting().aggregate(first=Min("due_at"))["first"]


@pytest.mark.parametrize("seed", [*range(6), 15, 23])
def test_the_forecast_of_present_settings_is_what_was_really_sent(db, notices, seed):
    life = Life(seed, notices).live()

    assert life.foreseen() == life.sent()


def test_it_takes_one_statement_however_much_happened(db, notices, django_assert_num_queries):
    person = PersonFactory()
    preference = Preference(person=person)
    for amount in range(3):
        with django_assert_num_queries(1):
            assert forecast(person, preference, set(), MONDAY) == 2 * (amount > 0)
        for number in range(10):
            about = SimpleNamespace(pk=amount * 10 + number)
            notify(
                notices[number % 2],
                about=about,
                to=[person],
                by=None,
                thread="thing",
                bundle="pairing-1",
                at=days_ago(3, hour=number % 2 * 2),
            )


def test_a_very_long_history_is_cut_to_its_newest_part(db, notices):
    person = PersonFactory()
    first = history_of(person, MONDAY)
    for number in range(4):
        about = SimpleNamespace(pk=number)
        moment = days_ago(4 - number)
        notify(notices[0], about=about, to=[person], by=None, thread="thing", bundle="pairing-1", at=moment)

    assert first == []
    assert [thing.at for thing in history_of(person, MONDAY)] == [days_ago(4 - number) for number in range(4)]
    assert [thing.at for thing in history_of(person, MONDAY, most=2)] == [days_ago(2), days_ago(1)]
    assert MOST < 5_000


def test_a_kind_of_event_that_is_gone_is_left_out(db, notices, monkeypatch):
    person = PersonFactory()
    notify(notices[0], about=person, to=[person], by=None, thread="thing", bundle="pairing-1", at=days_ago(1))
    monkeypatch.delitem(NOTICES, notices[0].kind)

    assert history_of(person, MONDAY) == []
