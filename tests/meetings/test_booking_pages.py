"""The pages on which two find a time: forms in each person's own zone, and what they say when something is amiss."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from meetings.actions import call_off, move_meeting, offer_times, record_meeting
from meetings.models import Meeting, OfferedTime
from notifications.models import Event
from pairings.actions import end_pairing, pause_pairing
from pairings.models import Pairing
from tests.factories import PairingFactory, PersonFactory
from tests.meetings.making import make_meeting
from tests.mentoring.routes import routes

NOW = datetime(2026, 10, 12, 12, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 10, 22, 16, 30, tzinfo=UTC)
PLACE = {"how": "video", "where": "", "minutes": 60}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def pairing(db, clock):
    isla, daniel = PersonFactory(name="Isla Burns"), PersonFactory(name="Daniel Achterberg")
    daniel.profile.time_zone = "Pacific/Auckland"
    daniel.profile.save()
    return PairingFactory(mentee=isla, mentor=daniel, slug="isla-and-daniel", created_at=NOW - timedelta(days=90))


def url(name, *args):
    return reverse(f"meetings:{name}", args=["isla-and-daniel", *args])


def words(page):
    return " ".join(page.content.decode().split())


def record(pairing, at=THURSDAY):
    return record_meeting(pairing, by=pairing.mentee, starts_at=at, minutes=60, how="video")


def errors(page):
    return [message for messages in page.context["form"].errors.values() for message in messages]


# Suggesting times


def test_times_are_those_of_who_writes_them(pairing, signed_in):
    rows = {"time1_day": "2026-10-23", "time1_at": "07:00", "time3_day": "2026-10-30", "time3_at": "07:00"}

    page = signed_in(pairing.mentor).post(url("new"), rows | PLACE, follow=True)

    assert "Sent. We email Isla the times to choose from." in words(page)
    # Auckland has summer time all the while.
    assert list(OfferedTime.objects.values_list("starts_at", flat=True)) == [
        datetime(2026, 10, 22, 18, tzinfo=UTC),
        datetime(2026, 10, 29, 18, tzinfo=UTC),
    ]
    shown = words(signed_in(pairing.mentee).get(url("meeting", "times")))
    assert "Thursday 22 October, 19:00–20:00" in shown
    assert "19:00 for you, 07:00 Friday for Daniel" in shown
    # London has put its clocks back by then.
    assert "18:00 for you, 07:00 Friday for Daniel" in shown


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({}, "Choose at least one time to offer"),
        ({"time1_day": "2026-10-22"}, "Choose a time for 22 October"),
        ({"time2_at": "17:30"}, "Choose the day for 17:30"),
        ({"time1_day": "2026-10-12", "time1_at": "12:59"}, "That time has passed. Choose a later one."),
        ({"time1_day": "2027-10-22", "time1_at": "12:59"}, "Choose a day within a year."),
        ({"time1_day": "0001-01-01", "time1_at": "00:00"}, "Choose a day within a year."),
        ({"time1_day": "9999-12-31", "time1_at": "23:59"}, "Choose a day within a year."),
        ({"time1_day": "soon", "time1_at": "17:30"}, "Choose a day, like 31/01/2027"),
        ({"time1_day": "2026-10-22", "time1_at": "teatime"}, "Choose a time, like 17:30"),
        (
            {"time1_day": "2027-03-28", "time1_at": "01:30"},
            "The clocks go forward then, past 01:30. Choose 02:30, say.",
        ),
        (
            {f"time{n}_{part}": value for n in (1, 2) for part, value in (("day", "2026-10-22"), ("at", "17:30"))},
            "The same time stands there twice. Change one of them.",
        ),
    ],
)
def test_what_is_amiss_with_a_time_is_said_with_its_fix(pairing, signed_in, rows, said):
    page = signed_in(pairing.mentee).post(url("new"), rows | PLACE)

    assert (page.status_code, errors(page)) == (422, [said])
    assert not Meeting.objects.exists()


def test_a_time_that_comes_twice_is_asked_about(pairing, signed_in):
    row = {"time1_day": "2026-10-25", "time1_at": "01:30"} | PLACE
    browser = signed_in(pairing.mentee)

    asked = browser.post(url("new"), row)
    for which in ("first", "second"):
        browser.post(url("new"), row | {"time1_which": which})
        Meeting.objects.update(state="called_off", called_off_at=NOW)

    assert asked.status_code == 422
    assert "The clocks go back then, so 01:30 comes twice. Which one?" in words(asked)
    assert list(OfferedTime.objects.order_by("pk").values_list("starts_at", flat=True)) == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    ]


def test_a_double_click_offers_once_and_the_other_has_the_same_answer(pairing, signed_in):
    form = {"time1_day": "2026-10-22", "time1_at": "17:30", "once": str(uuid4())} | PLACE
    browser = signed_in(pairing.mentee)

    answers = [browser.post(url("new"), form).url for _click in range(2)]

    assert answers == [url("meeting", "times")] * 2
    assert Event.objects.filter(kind="meetings.offered").count() == 1


def test_the_rhythm_they_agreed_on_suggests_a_day_and_never_imposes_it(pairing, signed_in):
    make_meeting(
        pairing, starts_at=NOW - timedelta(days=10), state="held", minutes=45, where="https://video.example/us"
    )
    Pairing.objects.update(rhythm_weeks=6)
    browser = signed_in(pairing.mentee)

    page = browser.get(url("new"))
    assert "You agreed to meet every 6 weeks or so: that would be about Friday 13 November." in words(page)
    assert 'value="2026-11-13"' in words(page)
    assert 'value="https://video.example/us"' in words(page)

    other = {"time1_day": "2026-11-13", "time2_day": "2026-10-22", "time2_at": "17:30"}
    assert browser.post(url("new"), other | PLACE).status_code == 302
    assert OfferedTime.objects.get().starts_at == THURSDAY


def test_first_meetings_are_often_short(pairing, signed_in):
    page = signed_in(pairing.mentee).get(url("new"))

    assert "First meetings are often 30 minutes by video." in words(page)
    assert page.context["form"].initial["minutes"] == 30


def test_times_that_are_open_stand_there_instead_of_the_form(pairing, signed_in):
    offer_times(pairing, by=pairing.mentee, times=[THURSDAY], how="video")

    page = signed_in(pairing.mentor).get(url("new"))

    assert url("meeting", "times") in words(page)
    assert 'name="time1_day"' not in words(page)


# Choosing


def test_a_link_of_the_email_chooses_nothing_but_in_the_form(pairing, signed_in):
    offer_times(pairing, by=pairing.mentee, times=[THURSDAY, THURSDAY + timedelta(days=1)], how="video")
    browser = signed_in(pairing.mentor)

    page = words(browser.get(url("meeting", "times") + "?time=2026-10-22T16:30Z"))

    assert page.count(" checked") == 1
    assert 'value="2026-10-22T16:30Z" checked' in page
    assert Meeting.objects.get().state == "proposed"

    chosen = browser.post(url("choose", "times"), {"time": "2026-10-22T16:30Z", "round": 1}, follow=True)
    assert chosen.redirect_chain == [(url("meeting", "2026-10-22"), 302)]
    assert "Booked. We email both of you the invitation." in words(chosen)


@pytest.mark.parametrize("data", [{}, {"time": "soon", "round": 1}, {"time": "2026-10-22T16:30Z"}])
def test_who_chooses_nothing_is_asked_again(pairing, signed_in, data):
    offer_times(pairing, by=pairing.mentee, times=[THURSDAY], how="video")

    page = signed_in(pairing.mentor).post(url("choose", "times"), data, follow=True)

    assert "Choose one of the times." in words(page)


def test_other_times_from_an_older_page_are_refused_with_words(pairing, signed_in):
    offer_times(pairing, by=pairing.mentee, times=[THURSDAY], how="video")
    row = {"time1_day": "2026-10-23", "time1_at": "17:30"}

    first = signed_in(pairing.mentor).post(url("other_times", "times"), row | {"round": 1})
    stale = signed_in(pairing.mentee).post(url("other_times", "times"), row | {"round": 1})

    assert first.status_code == 302
    assert (stale.status_code, errors(stale)) == (422, ["Other times were offered meanwhile. Look at them first."])


# Recording, moving, calling off


def test_already_agreed_is_just_recorded_and_what_was_already_is_held(pairing, signed_in):
    browser = signed_in(pairing.mentee)
    row = {"time_day": "2026-10-22", "time_at": "17:30"} | PLACE

    booked = browser.post(url("new") + "?agreed=1", row, follow=True)
    held = browser.post(url("new") + "?agreed=1", row | {"time_day": "2026-10-02"}, follow=True)

    assert booked.redirect_chain == [(url("meeting", "2026-10-22"), 302)]
    assert "Noted. It stands in your timeline." in words(held)
    assert sorted(Meeting.objects.values_list("slug", "state")) == [("2026-10-02", "held"), ("2026-10-22", "booked")]


def test_we_met_begins_with_today(pairing, signed_in):
    page = signed_in(pairing.mentor).get(url("new") + "?agreed=met")

    assert page.context["form"]["time_day"].value() == date(2026, 10, 13)


def test_who_pauses_is_told_that_emails_wait(pairing, signed_in):
    record(pairing)
    browser = signed_in(pairing.mentee)
    pages = [url("new"), url("meeting", "2026-10-22"), url("move", "2026-10-22"), url("call_off", "2026-10-22")]
    waits = "You two pause until 5 November. Emails about your meetings wait until then"

    before = [waits in words(browser.get(page)) for page in pages]
    pause_pairing(pairing, by=pairing.mentor, until=date(2026, 11, 5))
    after = [waits in words(browser.get(page)) for page in pages]

    assert (before, after) == ([False] * 4, [True] * 4)


def test_the_next_step_of_a_meeting_is_the_green_one(pairing, signed_in):
    record(pairing)
    before = words(signed_in(pairing.mentee).get(url("meeting", "2026-10-22")))
    with time_machine.travel(THURSDAY + timedelta(minutes=30), tick=False):
        after = words(signed_in(pairing.mentee).get(url("meeting", "2026-10-22")))

    green = 'class="btn btn-primary" href="/pairings/isla-and-daniel/meetings/2026-10-22/{}/"'
    assert [page.count("btn-primary") for page in (before, after)] == [1, 1]
    assert green.format("plan") in before
    assert green.format("note") in after


def test_a_move_over_the_change_of_clocks_keeps_what_the_clock_shows(pairing, signed_in):
    record(pairing)
    browser = signed_in(pairing.mentee)

    shown = words(browser.get(url("move", "2026-10-22")))
    moved = browser.post(
        url("move", "2026-10-22"), {"time_day": "2026-10-29", "time_at": "17:30", "minutes": 60, "sequence": 1}
    )

    assert 'value="17:30"' in shown
    assert moved.url == url("meeting", "2026-10-29")
    assert Meeting.objects.get().starts_at == datetime(2026, 10, 29, 17, 30, tzinfo=UTC)
    assert "17:30–18:30" in words(browser.get(moved.url))


def test_a_move_from_an_older_page_or_into_the_past_is_refused_with_words(pairing, signed_in):
    meeting = record(pairing)
    move_meeting(meeting, by=pairing.mentor, starts_at=THURSDAY + timedelta(hours=1), minutes=60, expected_sequence=1)
    browser, form = signed_in(pairing.mentee), {"time_day": "2026-10-29", "time_at": "17:30", "minutes": 60}

    stale = browser.post(url("move", "2026-10-22"), form | {"sequence": 1})
    past = browser.post(url("move", "2026-10-22"), form | {"sequence": 2, "time_day": "2026-10-01"})

    assert errors(stale) == ["This meeting was changed meanwhile. Look at it as it is now."]
    assert errors(past) == ["That time has passed. Choose a later one."]


def test_old_addresses_redirect_when_read_with_what_stands_behind_them(pairing, signed_in):
    meeting = record(pairing)
    move_meeting(meeting, by=pairing.mentor, starts_at=THURSDAY + timedelta(days=7), minutes=60, expected_sequence=1)
    browser = signed_in(pairing.mentee)

    for name in ("meeting", "move", "place", "call_off"):
        answer = browser.get(url(name, "2026-10-22") + "?a=b")
        assert (answer.status_code, answer.url) == (302, url(name, "2026-10-29") + "?a=b")
    assert browser.post(url("place", "2026-10-22"), {"how": "phone"}).url == url("meeting", "2026-10-29")


def test_calling_off_asks_first_and_says_why(pairing, signed_in):
    record(pairing)
    browser = signed_in(pairing.mentor)

    asked = words(browser.get(url("call_off", "2026-10-22")))
    page = words(browser.post(url("call_off", "2026-10-22"), {"why": "The ferry."}, follow=True))

    assert "Call off the meeting" in asked
    assert ("You called it off." in page, "The ferry." in page) == (True, True)
    assert "Daniel called it off." in words(signed_in(pairing.mentee).get(url("meeting", "2026-10-22")))


def test_we_did_not_meet_is_offered_once_it_has_begun(pairing, signed_in, clock):
    record(pairing)
    browser = signed_in(pairing.mentee)
    assert "We didn’t meet" not in words(browser.get(url("meeting", "2026-10-22")))

    clock.move_to(THURSDAY + timedelta(hours=2))
    browser = signed_in(pairing.mentee)
    assert "We didn’t meet" in words(browser.get(url("meeting", "2026-10-22")))
    page = words(browser.post(url("did_not_happen", "2026-10-22"), follow=True))

    assert "Noted: you didn’t meet." in page
    assert Meeting.objects.get().state == "called_off"


@pytest.mark.parametrize("name", ["move", "place", "call_off", "other_times"])
def test_what_cannot_be_changed_any_more_says_so(pairing, signed_in, name):
    call_off(record(pairing), by=pairing.mentee)

    page = signed_in(pairing.mentor).get(url(name, "2026-10-22"))

    assert page.status_code == 200
    assert "<form" not in page.content.decode().partition("<main")[2].partition("</main>")[0]


def test_after_the_end_all_is_readable_and_nothing_can_be_changed(pairing, signed_in):
    record(pairing)
    end_pairing(pairing, by=pairing.mentee, why="time")
    browser = signed_in(pairing.mentor)

    pages = [words(browser.get(url(*name))) for name in (("meeting", "2026-10-22"), ("new",), ("move", "2026-10-22"))]

    assert "Thursday 22 October" in pages[0] or "Friday 23 October" in pages[0]
    assert "There is nothing to book any more." in pages[1]
    for page in pages:
        main = page.partition("<main")[2].partition("</main>")[0]
        assert ("/move/" in main, 'method="post"' in main.replace("reading/", "")) == (False, "reading/" in main)
    assert browser.post(url("place", "2026-10-22"), {"how": "phone"}).status_code == 422


# All of one's meetings


def test_the_list_says_what_to_choose_what_comes_and_what_was(pairing, signed_in):
    make_meeting(pairing, starts_at=NOW - timedelta(days=10), state="held")
    record(pairing)
    offer_times(pairing, by=pairing.mentor, times=[THURSDAY + timedelta(days=1)], how="phone")

    page = words(signed_in(pairing.mentee).get("/meetings/"))

    places = [
        page.index(text) for text in ("1 time offered", "Choose a time", "Thursday 22 October", "Friday 2 October")
    ]
    assert places == sorted(places)
    assert page.count("btn-primary") == 1


def test_nobody_elses_meetings_are_in_the_list(pairing, signed_in):
    record(pairing)

    page = words(signed_in(PairingFactory().mentee).get("/meetings/"))

    assert "No meetings yet. First meetings are often 30 minutes by video." in page
    assert "Isla" not in page


@pytest.mark.parametrize("amount", [1, 3])
def test_lists_and_pages_ask_the_same_however_much_there_is(pairing, signed_in, django_assert_num_queries, amount):
    for number in range(amount):
        day = timedelta(days=number)
        make_meeting(pairing, starts_at=NOW - timedelta(days=9) - day, state="held")
        other = PairingFactory(mentor=pairing.mentor)
        offer_times(other, by=other.mentee, times=[THURSDAY + day, THURSDAY - day], how="video") if number else None
    meeting = record(pairing)
    for number in range(amount):
        to = THURSDAY + timedelta(days=20 + number)
        move_meeting(meeting, by=pairing.mentor, starts_at=to, minutes=60, expected_sequence=number + 1)
    meeting.refresh_from_db()
    browser = signed_in(pairing.mentor)
    for address in ("/meetings/", url("meeting", meeting.slug)):
        browser.get(address)

    with django_assert_num_queries(7):
        browser.get("/meetings/")
    with django_assert_num_queries(10):
        browser.get(url("meeting", meeting.slug))


def test_every_page_of_a_meeting_follows_it_to_its_new_address(pairing, signed_in):
    meeting = record(pairing)
    move_meeting(meeting, by=pairing.mentor, starts_at=THURSDAY + timedelta(days=7), minutes=60, expected_sequence=1)
    browser = signed_in(pairing.mentor)
    names = [name for name, path in routes() if "<slug:meeting_slug>" in path]

    answers = {name: browser.get(reverse(name, args=["isla-and-daniel", "2026-10-22"])).status_code for name in names}

    assert len(answers) > 12
    assert set(answers.values()) == {302, 405}
