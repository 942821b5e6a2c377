"""A pairing lives: agree, pause, hand over, finish. With scripts and without; three people hand over without them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from playwright.sync_api import expect

from accounts.models import User
from notifications import delivery
from pairings.models import Agreement, Pairing
from tests.journeys.test_walk import the_link

pytestmark = pytest.mark.django_db(transaction=True)

HOME = "/pairings/amina-and-ruth/"


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


def told(sink, key):
    """The one email to this person since they were asked last."""
    delivery.deliver_due()
    [message] = [message for message in sink if message["To"].endswith(f"<{key}@demo.example>")]
    sink.clear()
    return message


BOTH_WAYS = pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without JavaScript"])


@BOTH_WAYS
def test_a_change_of_how_they_work_reaches_the_other_who_agrees(northmere, sink, site, person, scripted):
    amina = person("amina", scripted)
    amina.goto(f"{site}{HOME}agreement/")
    amina.get_by_role("link", name="Change something").click()
    amina.get_by_label("Monthly").check()
    amina.get_by_role("button", name="Save and agree").click()
    expect(amina.get_by_text("Saved. Now it is for Ruth to agree.")).to_be_visible()
    expect(amina.get_by_text("Ruth: waiting")).to_be_visible()

    message = told(sink, "ruth")
    assert message["Subject"] == "Amina suggested a change to how you work together"
    ruth = person("ruth", scripted)
    ruth.goto(the_link(message))
    written = ruth.get_by_role("region", name="What you wrote down")
    expect(written.locator("del", has_text="Every 6–8 weeks")).to_be_visible()
    expect(written.locator("ins", has_text="Monthly")).to_be_visible()
    ruth.get_by_role("button", name="I agree").click()
    expect(ruth.get_by_text("Agreed by both of you.")).to_be_visible()

    assert Agreement.objects.filter(pairing__slug="amina-and-ruth").last().is_agreed
    assert Pairing.objects.get(slug="amina-and-ruth").rhythm_weeks == 4


@BOTH_WAYS
def test_a_pause_is_begun_and_ended_again(northmere, sink, site, person, scripted):
    amina = person("amina", scripted)
    amina.goto(f"{site}{HOME}pause/")
    amina.get_by_role("button", name="Pause").click()
    expect(amina.locator(".errsum").get_by_text("Choose the day on which you go on")).to_be_visible()
    until = timezone.localdate() + timedelta(days=40)
    amina.get_by_label("Until").fill(until.isoformat())
    amina.get_by_role("button", name="Pause").click()
    expect(amina.get_by_role("heading", name="Your pause")).to_be_visible()
    assert told(sink, "ruth")["Subject"] == f"You and Amina pause until {date_format(until, 'j F')}"

    amina.get_by_role("button", name="Go on now").click()
    expect(amina.get_by_text("You go on. We tell Ruth.")).to_be_visible()
    assert told(sink, "ruth")["Subject"] == "Amina is ready to go on: your pause is over"


def test_ruth_hands_over_with_aminas_consent(northmere, sink, site, person):
    ruth, amina = person("ruth", False), person("amina", False)
    ruth.goto(f"{site}{HOME}hand-over/")
    name = ruth.get_by_label("Who could carry on?").locator("option").nth(1).inner_text()
    ruth.get_by_label("Who could carry on?").select_option(label=name)
    ruth.get_by_label("A few words about why").fill("She knows universities from the inside.")
    ruth.get_by_role("button", name="Propose it").click()
    expect(ruth.get_by_text("Now it is for Amina to say.")).to_be_visible()

    amina.goto(the_link(told(sink, "amina")))
    amina.get_by_label("Only what I share from now on").check()
    amina.get_by_role("button", name="Say yes").click()
    expect(amina.get_by_text("Waiting for")).to_be_visible()

    key = User.objects.get(name=name).email.partition("@")[0]
    new = person(key, False)
    new.goto(the_link(told(sink, key)))
    expect(new.get_by_text("You could read what Amina shares from now on.")).to_be_visible()
    new.get_by_role("button", name="Yes, I’ll carry on").click()
    expect(new.get_by_role("heading", name="You are Amina’s mentor now")).to_be_visible()

    page = f"{site}/portfolios/amina-okafor/usage-review/"
    assert (ruth.goto(page).status, new.goto(page).status) == (200, 404)
    assert Pairing.objects.live().get(mentee__email="amina@demo.example").mentor.name == name


@BOTH_WAYS
def test_they_finish_with_a_form_a_certificate_and_thanks(northmere, sink, site, person, scripted):
    amina, ruth = person("amina", scripted), person("ruth", scripted)
    amina.goto(f"{site}{HOME}end/")
    amina.get_by_role("button", name="Ask Ruth for the completion form").click()
    expect(amina.get_by_text("You are finishing. We ask Ruth")).to_be_visible()

    ruth.goto(the_link(told(sink, "ruth")))
    for box in ruth.locator("main textarea").all():
        box.fill("She did it.")
    ruth.get_by_label("Hours you gave, about").fill("30")
    ruth.get_by_role("button", name="Send the form").click()
    with ruth.expect_download() as download:
        ruth.get_by_role("link", name="Download your certificate (PDF)").click()
    assert download.value.suggested_filename == "certificate-chartership.pdf"

    amina.goto(f"{site}{HOME}thanks/")
    amina.get_by_label("Your words to Ruth").fill("Thank you for never chasing.")
    amina.get_by_role("button", name="Send it").click()
    expect(amina.get_by_text("Thank you for never chasing.")).to_be_visible()

    ruth.goto(f"{site}{HOME}end/")
    ruth.get_by_label("We did what we set out to do").check()
    ruth.get_by_role("button", name="End our time together").click()
    expect(ruth.get_by_text("Your time together has ended.")).to_be_visible()
    expect(ruth.get_by_text("Thank you for never chasing.")).to_be_visible()
    assert Pairing.objects.get(slug="amina-and-ruth").end_reason.why == "finished"
