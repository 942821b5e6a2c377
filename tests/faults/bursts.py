"""Case 9: much is said at once, and little email comes of it."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import time as clock

from django.conf import settings
from django.db import connection
from django.utils import timezone

from notifications.actions import set_preferences
from notifications.models import Email, Event, Notification, Preference
from portfolios import actions
from tests.faults.alerts import Alerts
from tests.faults.people import mentor_of
from tests.faults.rig import until

COMMENTS = 200
WINDOW = 30  # minutes


def many_comments(rig, pages):
    """Everybody gathers: one email each, half an hour later."""
    return _burst(rig, pages[0], "9a", at_once=0, in_all=1)


def many_comments_wanted_soon(rig, pages):
    """Everybody wants to hear soon: one email each at once, and one half an hour later."""
    page = pages[1]
    for person in (page.owner, mentor_of(page)):
        never_quiet = {"quiet_from": clock(0), "quiet_until": clock(0), "quiet_weekends": False}
        set_preferences(person, portfolio=Preference.Choice.NOW, **never_quiet)
    return _burst(rig, page, "9b", at_once=1, in_all=2)


def _burst(rig, page, case, *, at_once, in_all):
    """The two of a page comment on it at once, 100 times each. With the window of a real site, which is then over.
    `at_once` and `in_all` are the most emails that one of them may get before that, and altogether."""
    alerts = Alerts(rig, case)
    people, begun = (page.owner, mentor_of(page)), timezone.now()
    settings.NOTICE_BUNDLE_MINUTES = WINDOW
    try:
        with ThreadPoolExecutor() as pool:
            for talk in [pool.submit(_talk, page, by) for by in people]:
                talk.result()
    finally:
        settings.NOTICE_BUNDLE_MINUTES = 0
    took = time.monotonic() - alerts.began
    said = Notification.objects.filter(event__in=Event.objects.filter(kind="portfolios.commented", at__gte=begun))
    sent_soon = until(lambda: not said.waiting().filter(due_at__lte=timezone.now()).exists(), 30)
    immediate = Counter(message.recipient for message in rig.sink.accepted)
    said.waiting().update(due_at=timezone.now())
    alerts.settle()
    came = Counter(message.recipient for message in rig.sink.accepted)
    told = said.filter(email__state=Email.State.SENT).count()
    outcome = alerts.judge([])
    outcome.lost = said.count() - told
    outcome.require(said.count() == COMMENTS, f"only {said.count()} comments are to be told")
    outcome.require(outcome.lost == 0, f"{outcome.lost} are in no email")
    outcome.require(set(came) == {person.email for person in people}, f"emails went to {dict(came)}")
    outcome.require(sent_soon, "what is due at once was not sent")
    outcome.require(max(immediate.values(), default=0) <= at_once, f"{dict(immediate)} emails were sent at once")
    outcome.require(max(came.values(), default=0) <= in_all, f"{dict(came)} emails came of it")
    outcome.facts.append(
        f"{COMMENTS} comments in {took:.1f} s on one page, window of {WINDOW} minutes: {immediate.total()} emails at "
        f"once, {came.total() - immediate.total()} after it, to {len(came)} people, telling all {told}"
    )
    return outcome


def _talk(page, by):
    try:
        for number in range(COMMENTS // 2):
            actions.add_comment(page, by=by, body=f"Thought {number} of {by.first_name}")
    finally:
        connection.close()
