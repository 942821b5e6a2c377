"""How email is doing, for those who run a programme: whose numbers, since when, and nothing of what emails say."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from celery import current_app
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring import plots
from notifications import figures
from notifications.models import Email, InboundEmail, Notification, StoppedAddress
from notifications.reasons import meaning
from tests.factories import EnrolmentFactory, PersonFactory
from tests.mentoring.world import build

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CANARY = "zanzibar"


@pytest.fixture
def world(db):
    """Everybody, no email yet, and noon."""
    world = build()
    Email.objects.all().delete()
    Notification.objects.all().delete()
    with time_machine.travel(NOON, tick=False):
        yield world


@pytest.fixture
def health(world, signed_in):
    """`health("lead")` is what the page shows that role."""
    return lambda role="lead": signed_in(world.people[role]).get("/admin/email/health/").context


def make(person, state, ago=HOUR, **fields):
    at = NOON - ago
    if state == "sent":
        fields["sent_at"] = at
    return Email.objects.create(
        person=person, bundle=f"page-{Email.objects.count()}", state=state, created_at=at, due_at=at, **fields
    )


def test_what_waits_and_what_became_of_the_rest_is_counted(world, health):
    mentee = world.people["mentee"]
    make(mentee, "waiting", ago=2 * HOUR)
    make(mentee, "waiting", attempts=3, reason="451 Later")
    make(mentee, "sending", lease_until=NOON + HOUR)
    for ago in (HOUR, 23 * HOUR, 3 * DAY, 8 * DAY, 29 * DAY, 31 * DAY):
        make(mentee, "sent", ago=ago)
    make(mentee, "failed", ago=2 * DAY, reason="550 5.1.1 Nobody of that name")
    make(mentee, "dropped", reason="seen already")
    make(mentee, "dropped", ago=8 * DAY, reason="muted")

    found = health()

    assert found["unsent"] == {"waiting": 2, "put_off": 1, "sending": 1, "oldest": NOON - 2 * HOUR}
    assert found["oldest"] == "2\xa0hours"
    assert [(str(label), *counts) for label, *counts in found["spans"]] == [
        ("Sent", 2, 3),
        ("Not needed", 1, 1),
        ("Failed", 0, 1),
    ]
    assert [(str(row["meaning"]), row["reason"].last_week) for row in found["dropped"]] == [
        ("They had seen it by then.", 1)
    ]


def test_each_day_has_its_column_in_the_zone_of_who_looks(world, health):
    lead, mentee = world.people["lead"], world.people["mentee"]
    lead.profile.time_zone = "Pacific/Auckland"
    lead.profile.save()
    make(mentee, "sent", ago=HOUR / 2)  # there it is one o'clock on the 25th
    make(mentee, "sent", ago=2 * HOUR)
    make(mentee, "sent", ago=24 * HOUR)
    make(mentee, "failed", ago=26 * HOUR, reason="550 No")

    days = health()["days"]

    assert len(days) == 30
    assert days[-3:] == [(date(2026, 11, 23), 0, 1), (date(2026, 11, 24), 2, 0), (date(2026, 11, 25), 1, 0)]
    assert {day[1:] for day in days[:-3]} == {(0, 0)}


def test_an_email_that_failed_days_after_it_was_made_counts_on_the_day_it_failed(world, health):
    failed = make(world.people["mentee"], "failed", ago=3 * DAY, reason="451 Later")
    Email.objects.filter(pk=failed.pk).update(due_at=NOON - HOUR)

    assert health()["days"][-1] == (NOON.date(), 0, 1)


def test_reasons_that_begin_alike_are_one_and_lead_to_their_emails(world, health, signed_in):
    mentee = world.people["mentee"]
    unknown = [make(mentee, "failed", reason=f"550 5.1.1 <{name}@example.org> unknown") for name in ("a", "b")]
    make(mentee, "failed", reason="could not be made: KeyError")

    rows = health()["failed"]

    assert [(row["reason"].family, row["reason"].count, str(row["meaning"])) for row in rows] == [
        ("550 5.1.1", 2, "There is no such address, or it takes no email."),
        ("could not be made", 1, "A fault of this program. The worker’s log names the email."),
    ]
    listed = signed_in(world.people["lead"]).get(rows[0]["url"]).context["cl"]
    assert set(listed.queryset) == set(unknown)


@pytest.mark.parametrize(
    ("family", "words"),
    [
        ("550", "There is no such address, or it takes no email."),
        ("552 5.2.2", "The mailbox is full."),
        ("554 5.7.1", "The other side’s rules forbid it: it may take us for spam."),
        ("451 4.7.1", "The mail server put it off for too long."),
        ("SMTPServerDisconnected", "The mail server could not be reached for too long."),
        ("its senders never came back", "Whoever was to send it ended in the middle of it, again and again."),
        ("5", ""),
        ("", ""),
    ],
)
def test_a_reason_is_said_in_plain_words(family, words):
    assert str(meaning(family)) == words


def test_a_coordinator_sees_the_numbers_of_their_own_people_alone(world, health):
    own, foreign = world.people["mentee"], world.people["foreign"]
    for person in (own, foreign, None):
        for state in ("waiting", "sent", "failed", "dropped"):
            make(person, state, reason="" if state == "sent" else "550 No")
        InboundEmail.objects.create(person=person, digest=f"{person}", outcome="taken", at=NOON - HOUR)

    mine, everybodys = health(), health("superuser")

    for found, count in ((mine, 1), (everybodys, 3)):
        assert found["unsent"]["waiting"] == count
        assert [counts for _label, *counts in found["spans"]] == [[count, count]] * 3
        assert found["days"][-1][1:] == (count, count)
        assert [row["reason"].count for row in found["failed"]] == [count]
        assert [(str(label), number) for label, number in found["came_in"]] == [("Taken", count)]


def test_the_oldest_unsent_email_is_that_of_everybody(world, health):
    make(world.people["foreign"], "waiting", ago=4 * DAY)

    found = health()

    assert (found["unsent"]["waiting"], found["oldest"]) == (0, "4\xa0days")


def test_stopped_addresses_are_named_to_those_who_look_after_the_person(world, health):
    StoppedAddress.objects.create(email="mentee@example.org", reason="550 5.1.1 unknown", at=NOON - DAY)
    StoppedAddress.objects.create(email="foreign@example.org", reason="550 5.1.1 unknown", at=NOON)
    StoppedAddress.objects.create(email="gone@example.org", reason="550 5.1.1 unknown", at=NOON - 2 * DAY)

    assert [(row.name, row.total) for row in health()["stopped"]] == [("Amina Okafor", 1)]
    assert [(row.name, row.total) for row in health("superuser")["stopped"]] == [
        ("Callum Reid", 3),
        ("Amina Okafor", 3),
        (None, 3),
    ]


def test_no_word_of_an_email_is_shown(world, signed_in):
    for state in Email.State.values:
        make(world.people["mentee"], state, subject=CANARY, thread=CANARY, letter={"text": CANARY})

    for role in ("lead", "helper", "superuser"):
        assert CANARY not in signed_in(world.people[role]).get("/admin/email/health/").content.decode()


def test_staff_who_may_not_see_emails_are_refused(world, signed_in):
    clerk = PersonFactory(is_staff=True)
    EnrolmentFactory(programme=world.programme, person=clerk, role="coordinator")

    assert signed_in(clerk).get("/admin/email/health/").status_code == 403
    assert "/admin/email/health/" not in signed_in(clerk).get("/admin/").content.decode()


def test_the_page_stands_in_the_admins_menu(world, signed_in):
    assert 'href="/admin/email/health/"' in signed_in(world.people["helper"]).get("/admin/").content.decode()


def test_a_queue_that_does_not_answer_is_said(world, signed_in, monkeypatch):
    browser = signed_in(world.people["lead"])
    assert "Does not answer" not in browser.get("/admin/email/health/").content.decode()

    monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")

    assert "Does not answer" in browser.get("/admin/email/health/").content.decode()


@pytest.mark.parametrize("amount", [1, 3])
@pytest.mark.parametrize(("role", "number"), [("lead", 12), ("superuser", 9)])
def test_it_asks_the_database_the_same_however_much_there_is(
    world, signed_in, django_assert_num_queries, amount, role, number
):
    for count in range(amount):
        for state in Email.State.values:
            make(world.people["mentee"], state, reason=f"55{count} No")
        person = PersonFactory()
        StoppedAddress.objects.create(email=person.email, reason="550 No")
        InboundEmail.objects.create(digest=count, outcome="taken")
    browser = signed_in(world.people[role])
    browser.get("/admin/email/health/")

    with django_assert_num_queries(number):
        browser.get("/admin/email/health/")


PAGES = ("/admin/", "/admin/email/health/", "/admin/notifications/email/", "/admin/programmes/level/add/")


def banner(browser, url):
    page = browser.get(url).content.decode()
    start = page.find('class="late-email"')
    return "" if start < 0 else " ".join(page[start : page.index("</p>", start)].split())


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_admin_says_when_email_is_late(world, signed_in, page):
    browser = signed_in(world.people["lead"])
    email = make(world.people["foreign"], "waiting", ago=timedelta(minutes=4))
    assert banner(browser, page) == ""

    Email.objects.filter(pk=email.pk).update(due_at=NOON - 2 * HOUR)

    assert banner(browser, page) == (
        'class="late-email"> <strong>Email is late:</strong> the oldest has waited since 10:00 (2 hours).'
        ' <a href="/admin/email/health/">See the queue</a>'
    )


def test_what_is_late_since_another_day_says_which(world, signed_in):
    make(world.people["foreign"], "waiting", ago=2 * DAY)

    assert "since 22 November, 12:00 (2 days)" in banner(signed_in(world.people["helper"]), "/admin/")


def test_late_email_is_said_in_the_admin_alone(world, signed_in):
    make(world.people["foreign"], "waiting", ago=2 * DAY)

    assert "Email is late" not in signed_in(world.people["lead"]).get("/home/").content.decode()


def test_the_reasons_to_filter_by_are_those_of_ones_own_people(world, signed_in):
    make(world.people["mentee"], "failed", reason="550 5.1.1 unknown")
    make(world.people["mentee"], "waiting", attempts=1, reason="451 Later")
    make(world.people["mentee"], "dropped", reason="muted")
    make(world.people["foreign"], "failed", reason="could not be made: KeyError")
    browser = signed_in(world.people["lead"])

    page = browser.get(reverse("admin:notifications_email_changelist"))

    assert [choice["display"] for choice in page.context["cl"].filter_specs[1].choices(page.context["cl"])] == [
        "All",
        "451",
        "550 5.1.1",
    ]
    assert list(browser.get("/admin/notifications/email/?reason=%00").context["cl"].queryset) == []


def test_columns_grow_up_and_down_by_one_scale_and_few_can_be_seen():
    assert plots.columns([(0, 0), (960, 1), (480, 0)]) == [
        plots.Bar(x=3, up=0, down=0),
        plots.Bar(x=23, up=96, down=3),
        plots.Bar(x=43, up=48, down=0),
    ]
    assert plots.columns([(10, 100)]) == [plots.Bar(x=3, up=3, down=32)]
    assert plots.columns([(0, 0)]) == [plots.Bar(x=3, up=0, down=0)]


def test_each_number_is_looked_up_in_an_index_of_what_is_recent(world):
    mine = Q()
    with CaptureQueriesContext(connection) as asked:
        figures.unsent(mine)
        figures.ended(mine, NOON, UTC)
        figures.came_in(mine, NOON)
    plans = []
    with connection.cursor() as cursor:
        # Of a few rows the database would rather read all.
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plans.append("\n".join(line for (line,) in cursor))

    assert [set(re.findall(r"\b(?:email|inbound)_\w+", plan)) for plan in plans] == [
        {"email_undelivered"},
        {"email_sent"},
        {"email_failed", "email_dropped"},
        {"inbound_recent"},
    ]
