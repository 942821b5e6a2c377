"""Two find a time, move it over a change of the clocks, and call it off; with scripts and without."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from playwright.sync_api import expect

from meetings.models import Meeting
from notifications import delivery
from tests.journeys.test_walk import the_link

pytestmark = pytest.mark.django_db(transaction=True)

HOME = "/pairings/amina-and-ruth/"
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def person(browser, sign_in):
    """`person("amina", True)` is a page of a browser, with scripts, in which she is signed in."""
    contexts = []

    def another(key, scripted):
        contexts.append(browser.new_context(java_script_enabled=scripted, reduced_motion="reduce"))
        page = contexts[-1].new_page()
        sign_in(page, key)
        return page

    yield another
    for context in contexts:
        context.close()


def told(sink):
    """{key: the one email to this person} of what is sent now."""
    delivery.deliver_due()
    found = {message["To"].addresses[0].username: message for message in sink}
    assert len(found) == len(sink)
    sink.clear()
    return found


def around_the_change():
    """Half past five in the afternoon, there, three days before clocks change next, and three days after it."""
    day = timezone.localdate() + timedelta(days=10)
    offset = _afternoon(day).utcoffset()
    while _afternoon(day).utcoffset() == offset:
        day += timedelta(days=1)
    return _afternoon(day - timedelta(days=3)), _afternoon(day + timedelta(days=3))


def _afternoon(day):
    return datetime.combine(day, time(17, 30), tzinfo=LONDON)


def fill(page, moment, number=""):
    row = page.get_by_role("group", name=f"Time {number}" if number else "To when?")
    row.get_by_label("Day").fill(moment.date().isoformat())
    row.get_by_label("Time", exact=True).fill(f"{moment:%H:%M}")


@pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_they_offer_choose_move_over_a_change_of_the_clocks_and_call_off(northmere, sink, site, person, scripted):
    before, after = around_the_change()
    amina, ruth = person("amina", scripted), person("ruth", scripted)

    amina.goto(f"{site}{HOME}meetings/new/")
    fill(amina, before - timedelta(days=1), 1)
    fill(amina, before - timedelta(days=2), 2)
    amina.get_by_label("In person").check()
    amina.get_by_label("Link, place or number").fill("The Piece Hall, Halifax")
    amina.get_by_role("button", name="Send to Ruth").click()
    expect(amina.get_by_text("Sent. We email Ruth the times to choose from.")).to_be_visible()

    message = told(sink)["ruth"]
    assert message["Subject"] == "Two times to meet with Amina"
    ruth.goto(the_link(message))
    ruth.get_by_role("link", name="None of these: offer others").click()
    fill(ruth, before, 1)
    ruth.get_by_role("button", name="Send to Amina").click()
    expect(ruth.get_by_text("You offered these times.")).to_be_visible()

    message = told(sink)["amina"]
    assert message["Subject"] == "One time to meet with Ruth"
    amina.goto(the_link(message))
    amina.get_by_label(date_format(before, "l j F")).check()
    amina.get_by_role("button", name="Choose this time").click()
    expect(amina.get_by_text("Booked. We email both of you the invitation.")).to_be_visible()
    expect(amina.get_by_text("17:30–18:30")).to_be_visible()

    subjects = {key: message["Subject"] for key, message in told(sink).items()}
    when = date_format(before, "D j M, H:i")
    assert subjects == {"amina": f"{when}: you and Ruth", "ruth": f"{when}: you and Amina"}

    ruth.goto(f"{site}/meetings/")
    ruth.get_by_role("link", name=date_format(before, "l j F")).click()
    ruth.get_by_role("link", name="Move", exact=True).click()
    fill(ruth, after)
    ruth.get_by_role("button", name="Move it").click()
    expect(ruth.get_by_text("Moved. We email both of you")).to_be_visible()
    expect(ruth.get_by_text("17:30–18:30").first).to_be_visible()
    assert Meeting.objects.get(slug=after.date().isoformat()).starts_at == after

    message = told(sink)["amina"]
    assert message["Subject"] == f"Moved to {date_format(after, 'D j M, H:i')}: you and Ruth"
    amina.goto(the_link(message))
    amina.get_by_role("link", name="Call off").click()
    amina.get_by_label("A few words to Ruth").fill("Our reading room is flooded.")
    amina.get_by_role("button", name="Call it off").click()
    expect(amina.get_by_text("Called off. We email both of you.")).to_be_visible()

    message = told(sink)["ruth"]
    assert message["Subject"] == f"Called off: {date_format(after, 'D j M, H:i')}, you and Amina"
    ruth.goto(the_link(message))
    expect(ruth.get_by_text("Our reading room is flooded.")).to_be_visible()
    expect(ruth.get_by_role("link", name="Suggest other times")).to_be_visible()
