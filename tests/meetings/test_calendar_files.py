"""Calendar files are read by other programs as they were meant, whatever the zone, the day and the words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.time_zones import time_zone_choices
from meetings import ical
from meetings.ical_zones import time_zone
from tests.meetings.calendars import read, read_one

ZONES = [key for _part, choices in time_zone_choices() for key, _city in choices]
ORGANIZER = ical.Party("Ruth Lindqvist", "reply+r-1@mentoring.example.org")
GUEST = ical.Party("Amina Okafor", "amina@example.org")
EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
BEGINS = datetime(2026, 12, 3, 17, 30, tzinfo=UTC)


def entry(*, starts_at=BEGINS, minutes=60, zone="Europe/London", **words):
    words = {"summary": "Meeting with Ruth", "location": "", "description": ""} | words
    return ical.Entry(
        uid="1@mentoring.example.org",
        sequence=2,
        changed_at=BEGINS - timedelta(days=9),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        zone=ZoneInfo(zone),
        url="https://mentoring.example.org/",
        **words,
    )


def invite(**facts):
    return ical.invitation(entry(**facts), organizer=ORGANIZER, guest=GUEST)


def changes(key, year=2026):
    """The moments at which clocks are put forward or back there, to the minute, in that year and the next."""
    zone, at = ZoneInfo(key), datetime(year, 1, 1, tzinfo=UTC)
    minutes = [at + timedelta(minutes=15 * count) for count in range(2 * 366 * 96)]
    offsets = [minute.astimezone(zone).utcoffset() for minute in minutes]
    return [minutes[number] for number in range(1, len(minutes)) if offsets[number] != offsets[number - 1]]


@given(
    zone=st.sampled_from(ZONES),
    starts_at=st.integers(0, 14 * 366 * 96).map(lambda quarters: EPOCH + timedelta(minutes=15 * quarters)),
    minutes=st.integers(15, 480),
)
@example(zone="Europe/London", starts_at=datetime(2026, 3, 29, 1, 30, tzinfo=UTC), minutes=60)
@example(zone="Europe/London", starts_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC), minutes=60)
@example(zone="Europe/London", starts_at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC), minutes=60)
@example(zone="Pacific/Kiritimati", starts_at=datetime(2026, 12, 31, 11, tzinfo=UTC), minutes=60)
@example(zone="UTC", starts_at=BEGINS, minutes=60)
def test_a_meeting_is_read_at_the_very_moment_at_which_it_begins_and_ends(zone, starts_at, minutes):
    _method, found = read_one(invite(zone=zone, starts_at=starts_at, minutes=minutes))

    assert (found.starts_at, found.ends_at) == (starts_at, starts_at + timedelta(minutes=minutes))


@pytest.mark.parametrize("zone", ["Europe/London", "Europe/Dublin", "Africa/Casablanca", "Australia/Lord_Howe"])
def test_around_a_change_of_clocks_no_hour_is_lost_or_doubled(zone):
    moments = [at + timedelta(minutes=minute) for at in changes(zone) for minute in range(-120, 121, 15)]
    file = ical.feed([entry(zone=zone, starts_at=moment) for moment in moments], name="", zone=ZoneInfo(zone))

    assert [found.starts_at for found in read(file)[1]] == moments
    assert len(moments) >= 4 * 17


def test_the_zone_is_told_as_its_clocks_go():
    lines = time_zone(ZoneInfo("Europe/London"), 2026, 2026)

    assert lines[-13:] == (
        "BEGIN:DAYLIGHT",
        "DTSTART:20260329T010000",
        "TZNAME:BST",
        "TZOFFSETFROM:+0000",
        "TZOFFSETTO:+0100",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:20261025T020000",
        "TZNAME:GMT",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0000",
        "END:STANDARD",
        "END:VTIMEZONE",
    )


def test_an_invitation_asks_the_guest_and_names_who_invites():
    method, found = read_one(invite(location="https://video.example/room"))

    assert (method, found.status, found.sequence) == ("REQUEST", "CONFIRMED", 2)
    assert found.location == "https://video.example/room"
    assert found.people == (
        ("mailto:reply+r-1@mentoring.example.org", "ACCEPTED"),
        ("mailto:amina@example.org", "NEEDS-ACTION"),
    )


def test_what_is_called_off_is_struck_out():
    file = ical.invitation(entry(is_called_off=True), organizer=ORGANIZER, guest=GUEST)

    method, found = read_one(file)
    assert (method, found.status, found.uid) == ("CANCEL", "CANCELLED", "1@mentoring.example.org")
    assert b"\r\nTRANSP:TRANSPARENT\r\n" in file


def test_without_an_address_for_it_nobody_is_asked_to_answer():
    file = ical.invitation(entry(), organizer=ORGANIZER, guest=GUEST, asks=False)

    assert [line for line in _unfolded(invite()) if b"RSVP=TRUE" in line] != []
    assert [line for line in _unfolded(file) if b"RSVP=TRUE" in line] == []


def test_a_feed_is_a_snapshot_to_which_nobody_answers():
    method, found = read(ical.feed([entry(), entry(zone="Asia/Tokyo")], name="Meetings", zone=ZoneInfo("UTC")))

    assert method == ""
    assert [each.people for each in found] == [(), ()]


def test_a_feed_of_nothing_is_a_calendar_all_the_same():
    assert read(ical.feed([], name="Meetings", zone=ZoneInfo("UTC"))) == ("", [])


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)
CONTROLS = [chr(code) for code in (*range(32), *range(0x7F, 0xA0), 0x2028, 0x2029)]


@given(words=WORDS)
@example(words="\r\nBEGIN:VALARM\r\nACTION:EMAIL")
@example(words="a\0b\nEND:VEVENT\x85ATTENDEE:x\u2028UID:2")
@example(words="é" * 80 + "🌍" * 40)
@example(words='";,:\\n\\')
def test_no_words_end_their_line_or_begin_another(words):
    names = [line.partition(b":")[0].partition(b";")[0] for line in _unfolded(invite())]
    party = ical.Party(words, "amina@example.org")

    file = ical.invitation(
        entry(summary=words, location=f"x{words}", description=f"x{words}"), organizer=party, guest=party
    )

    lines = file.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert [each for each in CONTROLS if each in file.decode().replace("\r\n", "")] == []
    assert [line.partition(b":")[0].partition(b";")[0] for line in _unfolded(file)] == [
        *names[: names.index(b"URL")],
        b"LOCATION",
        b"DESCRIPTION",
        *names[names.index(b"URL") :],
    ]


def _unfolded(file):
    return file.replace(b"\r\n ", b"").split(b"\r\n")


@pytest.mark.parametrize(
    "words", ["Library; desk 2, first floor", "C:\\new\\room", "two\nlines", "Bibliothèque 図書館 🌍", '"Ruth": (A) ^n']
)
def test_words_arrive_as_they_were_written(words):
    _method, found = read_one(invite(summary=words, location=words))

    assert (found.summary, found.location) == (words, words)
