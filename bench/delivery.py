"""10,000 due notices, composed and handed to a mail server by two worker processes; and one event for 1,000 readers."""

import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import time as time_of_day
from datetime import timedelta

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.fill import copy
from bench.house import House, Unmeasurable
from bench.table import Row
from mentoring.embedded import programs
from notifications.actions import notify, quietly, set_preferences
from notifications.models import Notification
from notifications.wake import deliver_soon
from portfolios import actions
from portfolios.models import Comparison
from portfolios.notices import PAGE_SHARED
from tests.factories import EnrolmentFactory, PairingFactory, PersonFactory, make_page, share
from tests.faults.rig import until

NOTICES = 10_000
OLD = 1_000_000
READERS = 1_000
FIRST = 5_000_000  # the key before those of the copies
PATIENCE = 600  # seconds
MOST = 2.0  # times the bare smtplib

# Of the copies: a mentee and a mentor of their own each, who saw version 1 of one page and not version 2.
_EACH = f"SELECT {FIRST} + n AS mentee, {FIRST} + 100000 + n AS mentor FROM generate_series(1, {NOTICES}) n"


def measure(house: House, world) -> Iterator[Row]:
    """Two rows among what a young house has, one among 1,000,000 old notifications and their emails."""
    yield _readers(house, world)
    told = _copies(world)
    for among in ("", f", {OLD:,} old rows"):
        if among:
            _grow_old(told)
        seconds, messages = _deliver(house)
        bare = _bare(house, messages)
        yield Row(
            name=f"{NOTICES:,} notices to SMTP{among}",
            bare=f"smtplib {bare:.1f} s",
            measured=f"{seconds:.1f} s",
            costs=seconds / bare,
            bound=f"{MOST:.0f} × smtplib",
            kept=seconds <= MOST * bare,
        )


def _readers(house, world):
    """How many statements it takes to tell 1,000 people of one event, beside one person."""
    counts, times = [], []
    for readers in (1, READERS):
        people = [PersonFactory() for _ in range(readers)]
        with CaptureQueriesContext(connection) as statements:
            began = time.perf_counter()
            notify(
                PAGE_SHARED,
                about=world.page.latest,
                to=people,
                by=world.mentee,
                thread="bench",
                bundle="bench",
                occasion=str(readers),
            )
            times.append(time.perf_counter() - began)
        counts.append(len(statements))
    Notification.objects.filter(event__thread="bench").delete()
    bare = house.bare_time()
    return Row(
        name=f"one event to {READERS:,} readers",
        bare=f"{bare * 1000:.1f} ms",
        measured=f"{times[1] * 1000:.0f} ms",
        costs=times[1] / bare,
        statements=counts[1],
        bound=f"{counts[0]} statements, as to 1",
        kept=counts[1] == counts[0],
    )


def _copies(world):
    """One notification, and a copy of it and all that it tells of for each of 10,000 others. Returns the first."""
    programme = world.page.portfolio.enrolment.programme
    pairing = PairingFactory(programme=programme)
    enrolment = EnrolmentFactory(programme=programme, person=pairing.mentee, level=world.page.portfolio.enrolment.level)
    first = world.page.versions.order_by("number").first()
    with quietly():
        page = make_page(actions.open_portfolio(enrolment, by=pairing.mentee), body=first.body)
        actions.mark_read(page, by=pairing.mentor, until=timezone.now())
        share(page, world.page.versions.get(number=2).body, note="The figures are in.")
    told = Notification.objects.get(person=pairing.mentor, event__kind=PAGE_SHARED.kind, seen_at=None)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        _copy_people(pairing)
        _copy_page(page, pairing, told)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return told


def _copy_people(pairing):
    for person, key in ((pairing.mentee, "mentee"), (pairing.mentor, "mentor")):
        copy(person, _EACH, id=key, email=f"{key} || '@example.org'", name=f"'Person ' || {key}")
        copy(person.profile, _EACH, id=key, user_id=key, slug="NULL")
    copy(pairing, _EACH, id="mentee", mentee_id="mentee", mentor_id="mentor", slug="'notice-' || mentee")
    # Nothing waits for the morning when this runs in the evening.
    awake = set_preferences(pairing.mentor, quiet_from=time_of_day(0), quiet_until=time_of_day(0), quiet_weekends=False)
    copy(awake, _EACH, id="mentee", person_id="mentor")


def _copy_page(page, pairing, told):
    page.refresh_from_db()
    portfolio = page.portfolio
    old, new = page.versions.order_by("number")
    slug = "'notice-' || mentee"
    copy(portfolio.enrolment, _EACH, id="mentee", person_id="mentee")
    copy(portfolio, _EACH, id="mentee", enrolment_id="mentee", slug=slug)
    copy(page, _EACH, id="mentee", portfolio_id="mentee", latest_id="mentor")
    copy(old, _EACH, id="mentee", page_id="mentee", shared_by_id="mentee")
    copy(new, _EACH, id="mentor", page_id="mentee", shared_by_id="mentee")
    copy(Comparison.objects.get(old=old, new=new), _EACH, id="mentee", old_id="mentee", new_id="mentor")
    visit = page.visits.get(reader=pairing.mentor)
    copy(visit, _EACH, id="mentee", page_id="mentee", reader_id="mentor", version_id="mentee")
    thread, bundle = "'page-' || mentee", "'pairing-' || mentee"
    copy(told.event, _EACH, id="mentee", about_id="mentor", by_id="mentee", thread=thread, bundle=bundle)
    copy(told, _EACH, id="mentee", event_id="mentee", person_id="mentor", told_with=bundle)


def _grow_old(told):
    """A hundred old notifications for each of the people, and the emails that told of them."""
    rows = f"SELECT *, 100 * mentee + nth AS old FROM ({_EACH}) each_one, generate_series(1, {OLD // NOTICES}) nth"
    email = Notification.objects.get(pk=FIRST + 1).email
    thread, bundle = "'page-' || mentee", "'pairing-' || mentee"
    long_ago = "now() - nth * interval '4 days' - interval '10 days'"
    times = {"created_at": long_ago, "due_at": long_ago, "sent_at": long_ago}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        about = {"thread": thread, "bundle": bundle}
        copy(email, rows, id="old", person_id="mentor", message_id="'<old-' || old || '>'", **about, **times)
        copy(told.event, rows, id="old", about_id="old", by_id="mentee", at=long_ago, **about)
        mine = {"person_id": "mentor", "event_id": "old", "email_id": "old", "told_with": bundle}
        copy(told, rows, id="old", seen_at=long_ago, due_at=long_ago, **mine)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _deliver(house):
    """(seconds, messages) of delivering all the copies, which are made due first."""
    due = Notification.objects.filter(pk__gt=FIRST, pk__lte=FIRST + NOTICES)
    due.update(due_at=timezone.now() - timedelta(minutes=1), email=None)
    house.sink.be_kind()
    messages = []
    house.sink.on_accept = lambda message, port: messages.append((message.sender, message.recipient, message.content))
    house.start_delivery(NOTICE_BUNDLE_MINUTES="30")
    try:
        began = time.monotonic()
        for _ in range(2):
            deliver_soon()
        _wait(house.sink)
    finally:
        house.stop_delivery()
    return house.sink.accepted[-1].at - began, messages


def _bare(house, messages):
    """Seconds that smtplib alone takes to send the same messages, over one connection, from a process of its own."""
    file = house.stores.folder / "messages"
    file.write_bytes(pickle.dumps(messages))
    house.sink.be_kind()
    began = time.monotonic()
    command = [sys.executable, "-m", "bench.bare.mailer", str(house.sink.port), str(file)]
    subprocess.run(command, cwd=programs.ROOT, check=True)
    _wait(house.sink)
    file.unlink()
    return house.sink.accepted[-1].at - began


def _wait(sink):
    if not until(lambda: len(sink.accepted) >= NOTICES, PATIENCE, pause=0.1):
        raise Unmeasurable(f"Of {NOTICES:,} emails {len(sink.accepted):,} came within {PATIENCE} seconds.")
    if len(sink.copies()) != NOTICES:
        raise Unmeasurable(f"Of {NOTICES:,} emails {len(sink.copies()):,} are different.")
