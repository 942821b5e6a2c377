"""A program that subscribes to calendars (vdirsyncer) follows a meeting as it is booked, moves, and is called off."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from meetings import actions
from meetings.calendar_feed import feed_path
from tests.factories import PairingFactory
from tests.meetings.calendars import read_one

SETTINGS = """
[general]
status_path = "{folder}/status"

[pair meetings]
a = "kept"
b = "feed"
collections = null

[storage kept]
type = "filesystem"
path = "{folder}/kept"
fileext = ".ics"

[storage feed]
type = "http"
url = "{url}"
"""


@pytest.fixture
def subscriber(tmp_path):
    """`subscriber(url)` fetches the feed; returns what the calendar holds then: (status, beginning, sequence) of each
    entry. As in other programs, an entry is told from others by its UID."""
    settings = tmp_path / "settings"

    def run(*command):
        done = subprocess.run(
            [sys.executable, "-m", "vdirsyncer", "--config", settings, *command],
            env=os.environ | {"HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            input="y\n" * 9,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def fetch(url):
        if not settings.exists():
            settings.write_text(SETTINGS.format(folder=tmp_path, url=url))
            (tmp_path / "kept").mkdir()
            run("discover")
        run("sync")
        found = [read_one(path.read_bytes())[1] for path in sorted((tmp_path / "kept").iterdir())]
        return [(entry.status, entry.starts_at, entry.sequence) for entry in found]

    return fetch


@pytest.mark.django_db(transaction=True)
def test_a_subscriber_sees_a_meeting_move_and_called_off(live_server, subscriber):
    pairing = PairingFactory()
    url = live_server.url + feed_path(actions.replace_calendar_address(by=pairing.mentor))
    first, later = (
        (timezone.now() + timedelta(days=days)).replace(minute=0, second=0, microsecond=0) for days in (7, 9)
    )

    nothing = subscriber(url)
    meeting = actions.record_meeting(pairing, by=pairing.mentee, starts_at=first, minutes=60, how="video")
    booked = subscriber(url)
    actions.move_meeting(meeting, by=pairing.mentee, starts_at=later, minutes=60, expected_sequence=meeting.sequence)
    moved = subscriber(url)
    again = subscriber(url)
    actions.call_off(meeting, by=pairing.mentee)

    assert nothing == []
    assert booked == [("CONFIRMED", first, 1)]
    assert moved == again == [("CONFIRMED", later, 2)]
    assert subscriber(url) == [("CANCELLED", later, 3)]
