from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from notifications import delivery
from notifications.actions import choose, mark_seen, notify, quietly, set_preferences
from notifications.models import Email, Event, Notification
from notifications.outbox import gather
from portfolios import actions
from portfolios.notices import PAGE_SHARED, thread_of
from tests.factories import make_page, share

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def noon():
    with time_machine.travel(MONDAY_NOON, tick=False) as clock:
        yield clock


def test_a_burst_of_events_makes_one_email_that_waits_for_the_end_of_the_burst(noon, pair):
    share(pair.page, "<p>First.</p>")
    noon.shift(timedelta(minutes=25))
    share(pair.page, "<p>First and second.</p>")

    due = set(Notification.objects.waiting().values_list("due_at", flat=True))
    assert due == {MONDAY_NOON + timedelta(minutes=35)}

    noon.shift(timedelta(minutes=11))
    gather(MONDAY_NOON + timedelta(minutes=36))

    email = Email.objects.get()
    assert (email.person, email.bundle) == (pair.mentor, f"pairing-{pair.pairing.pk}")
    assert email.notifications.count() == 3


def test_with_a_window_of_nothing_it_is_due_at_once_even_at_night(settings, pair):
    settings.NOTICE_BUNDLE_MINUTES = 0
    with time_machine.travel(datetime(2026, 11, 28, 23, 0, tzinfo=UTC), tick=False):
        share(pair.page, "<p>Late on Saturday.</p>")

        last = Notification.objects.waiting().order_by("pk").last()
        assert last.due_at == datetime(2026, 11, 28, 23, 0, tzinfo=UTC)


def test_what_a_third_email_today_would_say_waits_for_the_morning(noon, pair):
    for count in range(2):
        Email.objects.create(person=pair.mentor, bundle=f"b{count}", state="sent", sent_at=MONDAY_NOON)
    share(pair.page, "<p>Once more.</p>")

    gather(MONDAY_NOON + timedelta(hours=3))

    assert Email.objects.count() == 2
    assert set(Notification.objects.waiting().values_list("due_at", flat=True)) == {
        datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    }


def test_weekly_waits_for_monday_and_off_is_never_sent(noon, pair):
    choose(pair.mentor, group="portfolio", choice="weekly")
    share(pair.page, "<p>Weekly.</p>")
    assert set(Notification.objects.waiting().values_list("due_at", flat=True)) == {
        datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
    }

    choose(pair.mentor, group="portfolio", choice="off")

    noon.shift(timedelta(days=8))
    delivery.deliver_due()

    assert not Email.objects.exists()
    assert Notification.objects.unseen().filter(person=pair.mentor).count() == 2


def test_what_waits_when_somebody_changes_their_mind_is_told_after_all(noon, pair):
    choose(pair.mentor, group="portfolio", choice="off")
    choose(pair.mentor, group="portfolio", choice="bundled")

    noon.shift(timedelta(hours=1))
    delivery.deliver_due()

    assert list(Email.objects.values_list("state", flat=True)) == ["sent"]


def test_choosing_costs_the_same_however_much_waits(noon, pair, django_assert_num_queries):
    for count in range(5):
        share(pair.page, f"<p>Once more: {count}.</p>")

    with django_assert_num_queries(11):
        choose(pair.mentor, group="portfolio", choice="bundled")


def test_what_happens_quietly_is_new_but_makes_no_email(pair):
    with quietly():
        make_page(pair.portfolio, title="Imported", body="<p>Old words.</p>")

    imported = Notification.objects.get(event__thread=thread_of(pair.portfolio.pages.last().pk))
    assert (imported.due_at, imported.seen_at) == (None, None)


def test_seen_things_are_not_gathered(noon, pair):
    mark_seen(pair.mentor, Event.objects.filter(thread=thread_of(pair.page.pk)))

    gather(MONDAY_NOON + timedelta(hours=3))

    assert not Email.objects.exists()


def test_nobody_is_told_of_their_own_doing(pair):
    actions.add_comment(pair.page, by=pair.mentor, kind="question", body="Who did you ask?")

    told = Notification.objects.filter(event__kind="portfolios.commented").values_list("person__name", flat=True)
    assert list(told) == ["Amina Okafor"]


def test_an_event_is_recorded_in_the_same_transaction_as_the_thing(pair):
    before = Notification.objects.count()
    with transaction.atomic():
        share(pair.page, "<p>Never shared.</p>")
        transaction.set_rollback(True)

    assert Notification.objects.count() == before


def test_what_has_to_be_known_in_time_is_told_on_its_own_and_moves_with_no_choice(noon, pair):
    about = {"about": pair.page.latest, "thread": "page-1", "bundle": pair.pairing.bundle, "occasion": "in time"}
    notify(PAGE_SHARED, to=[pair.mentor], by=pair.mentee, in_time_for=MONDAY_NOON + timedelta(days=1), **about)

    set_preferences(pair.mentor, portfolio="weekly")

    alone = Notification.objects.get(event__occasion="in time")
    assert (alone.told_with, alone.due_at) == (f"once-{alone.event_id}", MONDAY_NOON)
