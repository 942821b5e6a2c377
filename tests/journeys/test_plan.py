"""Before a meeting: a time is chosen, the plan is written and shared, changed and shared again, and Ruth prepares. With
scripts and without."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Draft, User
from meetings.actions import add_action, offer_times
from meetings.models import Meeting, Plan
from meetings.reminders import tell_due
from notifications import delivery
from pairings.models import Pairing
from tests.journeys.test_walk import text_of, the_link

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def scripted(request):
    return request.param


@pytest.fixture
def person(browser, scripted, sign_in):
    """`person("amina")` is a page of a browser in which she is signed in."""
    contexts = []

    def another(key):
        contexts.append(browser.new_context(java_script_enabled=scripted, reduced_motion="reduce"))
        page = contexts[-1].new_page()
        sign_in(page, key)
        return page

    yield another
    for context in contexts:
        context.close()


def arrived(sink, key):
    """The newest email to that person, once all that waits is delivered."""
    delivery.deliver_due()
    return next(message for message in reversed(sink) if f"{key}@demo.example" in message["To"])


def test_from_a_time_to_a_plan_to_the_sheet_to_prepare_with(northmere, sink, site, person, scripted):
    amina_okafor = User.objects.get(email="amina@demo.example")
    pairing = Pairing.objects.live().select_related("mentee__profile", "mentor__profile").get(mentee=amina_okafor)
    Meeting.objects.filter(pairing=pairing, state="proposed").delete()
    soon = (timezone.now() + timedelta(days=5)).replace(minute=0, second=0, microsecond=0)
    meeting = offer_times(pairing, by=pairing.mentee, times=[soon], how="video", where="https://video.example/room")
    add_action(pairing, by=pairing.mentee, person=pairing.mentee, words="Ask Nadia for her survey")

    ruth = person("ruth")
    ruth.goto(f"{site}/pairings/amina-and-ruth/meetings/{meeting.slug}/")
    ruth.locator(".times-to-choose label").first.click()
    ruth.get_by_role("button", name="Choose this time").click()

    arrived(sink, "amina")
    tell_due(timezone.now())
    asked = arrived(sink, "amina")
    assert "short questions" in asked["Subject"]
    assert "Ask Nadia for her survey" in text_of(asked)
    amina = person("amina")
    amina.goto(the_link(asked))
    amina.get_by_text("See how others do it").click()
    expect(amina.get_by_text("If I leave with my first sentence written down.")).to_be_visible()
    amina.get_by_role("button", name="Share plan with Ruth").click()
    problem = amina.get_by_role("link", name="Write one thing you’d like to talk about.")
    expect(problem).to_be_visible()
    amina.get_by_label("What would you like to talk about?").fill("How to begin that talk.")
    if scripted:
        amina.get_by_label("4", exact=True).check()
        expect(amina.get_by_text("only you")).to_be_visible()
        assert Draft.objects.get(key__startswith="plan-").fields.keys() >= {"q7d6f0d2e51a54c3b9b7e2f4f6f5a0005"}
        amina.goto(the_link(asked))
        expect(amina.get_by_label("What would you like to talk about?")).to_have_value("How to begin that talk.")
        expect(amina.get_by_label("4", exact=True)).to_be_checked()
    amina.get_by_label("Ask Nadia for her survey").check()
    amina.get_by_role("button", name="Share plan with Ruth").click()
    expect(amina.get_by_text("Shared. Ruth reads it before you meet.")).to_be_visible()

    told = arrived(sink, "ruth")
    assert "How to begin that talk." in text_of(told)
    assert "4 of 5" not in text_of(told)
    ruth.goto(the_link(told))
    expect(ruth.get_by_text("Done: Ask Nadia for her survey")).to_be_visible()
    ruth.get_by_role("button", name="I’ve read this").click()
    expect(ruth.get_by_role("button", name="I’ve read this")).to_have_count(0)

    amina.get_by_role("link", name="Change something").click()
    amina.get_by_label("What would you like to talk about?").fill("How to end that talk.")
    amina.get_by_role("button", name="Share the change with Ruth").click()
    expect(amina.get_by_text("Shared. Ruth sees what changed.")).to_be_visible()
    ruth.reload()
    expect(ruth.locator("main > section del")).to_contain_text("How to begin that talk.")
    expect(ruth.locator("main > section ins")).to_contain_text("How to end that talk.")
    ruth.get_by_role("link", name="Prepare").click()
    expect(ruth.get_by_role("heading", name="Prepare for Amina", level=1)).to_be_visible()
    expect(ruth.get_by_text("How to end that talk.")).to_be_visible()
    assert Plan.objects.filter(meeting=meeting).count() == 2
