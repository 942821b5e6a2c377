"""A simulated year (`year.py`): whatever stayed unseen was told in time, and nobody got more than they wished for.

What must hold is restated here without the product's own code for it.
"""

from collections import Counter, defaultdict
from datetime import time, timedelta

import pytest

from notifications.models import Email, Notification, Preference
from tests.notifications.year import MARKS, Year
from tests.snapshot import Snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.untraced]

MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def year(django_db_setup, django_db_blocker):
    """Played once for all the tests of this file; none of them changes anything."""
    with django_db_blocker.unblock():
        before = Snapshot()
        # Every commit is a real one: in one transaction for all of it, each look would take longer than the last.
        yield _Told(Year().play())
        before.put_back()


class _Told:
    """What the year left in the database, at hand."""

    def __init__(self, year):
        self.year = year
        self.preferences = {each.person_id: each for each in Preference.objects.all()}
        self.emails = list(Email.objects.filter(state="sent").select_related("person__profile").order_by("sent_at"))
        self.notifications = list(Notification.objects.select_related("event", "person__profile", "email"))
        self.by_person = defaultdict(list)
        for email in self.emails:
            self.by_person[email.person_id].append(email)

    def preference(self, person):
        return self.preferences.get(person.pk) or Preference(person=person)

    def choice(self, notification):
        group = "messages" if notification.event.kind == "pairings.message" else "portfolio"
        return getattr(self.preference(notification.person), group)


def _is_quiet(moment, person, preference):
    local = moment.astimezone(person.profile.zone)
    if preference.quiet_weekends and local.weekday() >= 5:
        return True
    begin, end, clock = preference.quiet_from, preference.quiet_until, local.time()
    return begin <= clock < end if begin <= end else clock >= begin or clock < end


def _loud(moment, person, preference):
    """The first minute from `moment` on that is not quiet."""
    moment = moment.replace(second=0, microsecond=0) + (MINUTE if moment.second or moment.microsecond else 0 * MINUTE)
    while _is_quiet(moment, person, preference):
        moment += MINUTE
    return moment


def _morning_after(moment, person, preference):
    local = moment.astimezone(person.profile.zone) + timedelta(days=1)
    return _loud(local.replace(hour=8, minute=0, second=0, microsecond=0), person, preference)


def _evening(moment, person):
    local = moment.astimezone(person.profile.zone)
    if local.time() < time(4):
        return local.date() - timedelta(days=1)
    return local.date() if local.time() >= time(17) else None


def _latest(year, notification):
    """When the person must have had the email at the latest, by their choice; later by a morning when they had two
    emails that day, or one of the same pairing in that evening. “Soon” is half an hour after one of that pairing,
    else five minutes at most."""
    person, preference, at = notification.person, year.preference(notification.person), notification.event.at
    bundle = notification.event.bundle
    if year.choice(notification) == "weekly":
        local = at.astimezone(person.profile.zone)
        monday = (local + timedelta(days=-local.weekday() % 7)).replace(hour=8, minute=0, second=0, microsecond=0)
        due = _loud(monday if monday > local else monday + timedelta(days=7), person, preference)
    else:
        due = at + timedelta(minutes=120)
        if year.choice(notification) == "now":
            just = [e.sent_at for e in year.by_person[person.pk] if e.sent_at <= at and e.bundle in (bundle, "day")]
            due = max([at + timedelta(minutes=5), *(sent + timedelta(minutes=30) for sent in just)])
        due = _loud(due, person, preference)
    day = due.astimezone(person.profile.zone).date()
    before = [email for email in year.by_person[person.pk] if email.sent_at < due + MINUTE]
    had = [email for email in before if email.sent_at.astimezone(person.profile.zone).date() == day]
    evening = _evening(due, person)
    same = [e for e in before if e.bundle == bundle and _evening(e.sent_at, person) == evening]
    if len(had) >= 2 or (evening and same):
        due = _morning_after(
            due
            if evening is None or due.astimezone(person.profile.zone).time() >= time(4)
            else due - timedelta(days=1),
            person,
            preference,
        )
    return due + 2 * MINUTE


def test_it_was_a_busy_year(year):
    kinds = Counter(notification.event.kind for notification in year.notifications)

    assert min(kinds.values()) > 9 * year.year.weeks
    assert len(year.emails) > 9 * year.year.weeks


def test_whatever_stayed_unseen_was_told_before_its_due_time(year):
    late = []
    for notification in year.notifications:
        if year.choice(notification) == "off":
            continue
        latest = _latest(year, notification)
        seen = notification.seen_at and notification.seen_at <= latest
        email = notification.email
        told = email and email.state == "sent" and email.sent_at <= latest
        if not (seen or told):
            late.append((notification.event.at, notification.person_id, latest, email and (email.state, email.sent_at)))

    assert late == []


def test_nobody_had_more_than_two_emails_a_day(year):
    days = Counter((e.person_id, e.sent_at.astimezone(e.person.profile.zone).date()) for e in year.emails)

    assert max(days.values()) <= 2


def test_there_was_one_portfolio_email_at_most_for_a_mentee_and_an_evening(year):
    evenings = Counter()
    portfolio = {n.email_id for n in year.notifications if n.event.kind.startswith("portfolios.")}
    for email in year.emails:
        evening = _evening(email.sent_at, email.person)
        if evening and email.pk in portfolio and year.preference(email.person).portfolio == "bundled":
            evenings[email.person_id, email.bundle, evening] += 1

    assert evenings
    assert max(evenings.values()) == 1


def test_no_email_came_in_quiet_hours_or_for_what_was_switched_off(year):
    quiet = [e for e in year.emails if _is_quiet(e.sent_at, e.person, year.preference(e.person))]
    off = [
        n
        for n in year.notifications
        if year.choice(n) == "off"
        and n.email
        and n.email.state == "sent"
        and all(year.choice(o) == "off" for o in year.notifications if o.email_id == n.email_id)
    ]

    assert (quiet, off) == ([], [])


def test_no_email_told_only_what_had_been_seen_or_told_before(year):
    told = defaultdict(list)
    for notification in year.notifications:
        told[notification.email_id].append(notification)

    for email in year.emails:
        assert any(n.seen_at is None or n.seen_at >= email.sent_at for n in told[email.pk])


def test_a_text_says_nothing_that_was_seen_before(year):
    """Comments and messages carry the moment at which they were written."""
    seen = defaultdict(list)
    for notification in year.notifications:
        if notification.seen_at and (mark := MARKS.get(notification.event.kind)):
            seen[notification.person_id].append((f"{mark} {notification.event.at}", notification.seen_at))
    persons = {email.pk: email.person_id for email in year.emails}

    for at, email, text in year.year.sent:
        assert [mark for mark, when in seen[persons[email]] if when < at and mark in text] == []
