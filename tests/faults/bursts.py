"""Case 9: much is said at once, and little email comes of it."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import connection
from django.utils import timezone

from notifications.models import Email, Event, Notification
from portfolios import actions
from tests.faults.alerts import Alerts
from tests.faults.people import mentor_of

COMMENTS = 200
WINDOW = 30  # minutes


def many_comments(rig, pages):
    """The two of a page comment on it at once, 100 times each. With the window of a real site, which is then over."""
    alerts = Alerts(rig, "9")
    page, begun = pages[0], timezone.now()
    settings.NOTICE_BUNDLE_MINUTES = WINDOW
    try:
        with ThreadPoolExecutor() as pool:
            for talk in [pool.submit(_talk, page, by) for by in (page.owner, mentor_of(page))]:
                talk.result()
    finally:
        settings.NOTICE_BUNDLE_MINUTES = 0
    took = time.monotonic() - alerts.began
    said = Notification.objects.filter(event__in=Event.objects.filter(kind="portfolios.commented", at__gte=begun))
    immediate = len(rig.sink.accepted)
    said.waiting().update(due_at=timezone.now())
    alerts.settle()
    came = Counter(message.recipient for message in rig.sink.accepted)
    told = said.filter(email__state=Email.State.SENT).count()
    outcome = alerts.judge([])
    outcome.lost = said.count() - told
    outcome.require(said.count() == COMMENTS, f"only {said.count()} comments are to be told")
    outcome.require(outcome.lost == 0, f"{outcome.lost} are in no email")
    outcome.require(sorted(came) == sorted([page.owner.email, mentor_of(page).email]), f"emails went to {dict(came)}")
    outcome.require(immediate <= len(came), f"{immediate} emails were sent at once")
    outcome.require(max(came.values(), default=0) <= 2, f"{dict(came)} emails came of it")
    outcome.facts.append(
        f"{COMMENTS} comments in {took:.1f} s on one page, window of {WINDOW} minutes: {immediate} emails at once, "
        f"{sum(came.values())} to {len(came)} people after it, telling all {told}"
    )
    return outcome


def _talk(page, by):
    try:
        for number in range(COMMENTS // 2):
            actions.add_comment(page, by=by, body=f"Thought {number} of {by.first_name}")
    finally:
        connection.close()
