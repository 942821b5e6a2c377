"""A person's own calendar fetches their meetings at a secret address."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.actions import replace_calendar_address
from meetings.calendar_feed import feed_path
from meetings.models import CalendarFeed
from pairings.actions import end_pairing, pause_pairing
from tests.factories import PairingFactory
from tests.meetings.calendars import read
from tests.meetings.making import make_meeting

DAY = timedelta(days=1)
UNKNOWN = "/calendar/0123456789abcdef0123456789abcdef01234567/mentoring.ics"


@pytest.fixture
def url(pair):
    """Amina's address."""
    return feed_path(replace_calendar_address(by=pair.mentee))


def found(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return read(response.content)[1]


def test_it_shows_what_is_booked_held_or_called_off_and_not_what_is_only_offered(client, pair, url):
    now = timezone.now()
    held = make_meeting(pair.pairing, starts_at=now - 30 * DAY, state="held")
    booked = make_meeting(pair.pairing, starts_at=now + 3 * DAY, where="Central Library", sequence=4)
    called_off = make_meeting(pair.pairing, starts_at=now + 9 * DAY, state="called_off")
    make_meeting(pair.pairing, state="proposed")

    shown = found(client, url)

    assert [each.uid.split("@")[0] for each in shown] == [str(each.uid) for each in (held, booked, called_off)]
    assert [each.status for each in shown] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert (shown[1].summary, shown[1].location, shown[1].sequence) == (
        "Meeting with Ruth Lindqvist",
        "Central Library",
        4,
    )
    assert shown[2].summary == "Called off: meeting with Ruth Lindqvist"


def test_what_is_older_than_a_year_is_left_out(client, pair, url):
    make_meeting(pair.pairing, starts_at=timezone.now() - 400 * DAY, state="held")

    assert found(client, url) == []


def test_it_shows_both_parts_of_somebody_who_mentors_too_and_nothing_of_others(client, pair, url):
    joels = PairingFactory(mentor=pair.mentee)
    mine = [make_meeting(pair.pairing), make_meeting(joels, starts_at=timezone.now() + 2 * DAY)]
    make_meeting(PairingFactory(mentor=pair.mentor), starts_at=timezone.now() + 4 * DAY)

    assert {each.uid.split("@")[0] for each in found(client, url)} == {str(each.uid) for each in mine}


def test_a_pause_changes_nothing_and_after_the_end_only_what_was_stays(client, pair, url):
    now = timezone.now()
    make_meeting(pair.pairing, starts_at=now - 30 * DAY, state="held")
    make_meeting(pair.pairing, starts_at=now + 3 * DAY)

    pause_pairing(pair.pairing, by=pair.mentee, until=(now + 20 * DAY).date())
    paused = found(client, url)
    end_pairing(pair.pairing, by=pair.mentee, why="time", words="")

    assert len(paused) == 2
    assert found(client, url) == paused[:1]


def test_it_is_fetched_again_only_when_something_has_changed(client, pair, url):
    meeting = make_meeting(pair.pairing)
    first = client.get(url)

    same = client.get(url, headers={"If-None-Match": first["ETag"]})
    meeting.sequence, meeting.where = 1, "Elsewhere"
    meeting.save()
    changed = client.get(url, headers={"If-None-Match": first["ETag"]})

    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)
    assert [each.location for each in read(changed.content)[1]] == ["Elsewhere"]


def test_the_same_meetings_are_the_same_file(client, pair, url):
    make_meeting(pair.pairing)

    assert client.get(url).content == client.get(url).content


@pytest.mark.parametrize("what", ["the zone", "the name of the other"])
def test_what_else_stands_in_it_counts_as_a_change_too(client, pair, url, what):
    make_meeting(pair.pairing)
    first = client.get(url)
    if what == "the zone":
        pair.mentee.profile.time_zone = "Asia/Tokyo"
        pair.mentee.profile.save()
    else:
        pair.mentor.name = "Ruth Berg"
        pair.mentor.save()

    assert client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_it_is_kept_by_no_cache_and_no_search_engine(client, url):
    response = client.get(url)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Robots-Tag"] == "noindex"


def test_whoever_is_signed_in_gets_the_calendar_of_its_owner(signed_in, pair, url):
    make_meeting(pair.pairing)

    assert [each.summary for each in found(signed_in(pair.mentor), url)] == ["Meeting with Ruth Lindqvist"]


def test_a_replaced_address_is_as_unknown_as_any(client, pair, url):
    new = feed_path(replace_calendar_address(by=pair.mentee))

    assert [client.get(each).status_code for each in (url, UNKNOWN, new)] == [404, 404, 200]
    assert CalendarFeed.objects.count() == 1


def test_who_may_not_sign_in_has_no_calendar(client, pair, url):
    pair.mentee.is_active = False
    pair.mentee.save()

    assert client.get(url).status_code == 404


def test_a_secret_cannot_be_guessed(pair):
    secrets = {replace_calendar_address(by=pair.mentee).secret for _ in range(20)}

    assert {len(secret) for secret in secrets} == {40}
    assert len(secrets) == 20


@pytest.mark.parametrize("amount", [1, 500])
def test_it_costs_the_same_number_of_statements_however_many_meetings(
    client, pair, url, django_assert_num_queries, amount
):
    for number in range(amount):
        make_meeting(pair.pairing, starts_at=timezone.now() + (number - 300) * DAY, state="booked")

    with django_assert_num_queries(3):
        response = client.get(url)

    assert len(read(response.content)[1]) == amount


def test_the_page_gives_an_address_when_asked_and_another_instead(signed_in, pair):
    browser = signed_in(pair.mentee)

    before = browser.get("/settings/calendar/").content.decode()
    browser.post("/settings/calendar/")
    first = CalendarFeed.objects.get().secret
    page = browser.get("/settings/calendar/").content.decode()
    browser.post("/settings/calendar/")

    assert "Make my address" in before
    assert page.count(first) == 2
    assert first not in browser.get("/settings/calendar/").content.decode()
