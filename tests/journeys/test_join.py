"""From an invitation to the first request: the email, the account, the welcome, the register, the three answers."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from mentoring.demo import seed
from notifications import delivery
from pairings.models import MentorOffer, MentorRequest
from programmes.actions import invite
from programmes.models import Enrolment, Level, Programme

pytestmark = pytest.mark.django_db(transaction=True)

MOST_FIELDS = 25


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request, browser):
    context = browser.new_context(java_script_enabled=request.param, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture
def invited(northmere, sink, site):
    """`invited("mentee")`: the link in the email that Noor gets."""

    def by_email(role, **level):
        programme = Programme.objects.get()
        lead = User.objects.get(email=f"marguerite@{seed.DOMAIN}")
        invite(programme, email="noor.new@example.org", name="Noor Haddad", role=role, by=lead, **level)
        delivery.deliver_due()
        [letter] = [message for message in sink if message["To"].endswith("noor.new@example.org")]
        text = letter.get_body(("plain",)).get_content()
        return re.search(rf"{site}/invitations/\S+/", text)[0]

    return by_email


def fields_of(page):
    """How many answers this page asks for: several choices of one question are one."""
    names = page.locator("main form :is(input, select, textarea):visible").evaluate_all(
        "fields => fields.map(field => field.name)"
    )
    return len(set(names))


def join(page, link):
    """Opens an account by the link of an invitation. Returns how many fields that took."""
    page.goto(link)
    asked = fields_of(page)
    page.get_by_label("Password", exact=True).fill(seed.PASSWORD)
    page.get_by_role("button", name=re.compile("^Join")).click()
    page.wait_for_url("**/welcome/")
    return asked


def test_a_mentee_joins_is_welcomed_and_asks(invited, site, page):
    asked = join(page, invited(Enrolment.Role.MENTEE, level=Level.objects.get(name="Chartership")))

    expect(page.get_by_text("0 of 4 done")).to_be_visible()
    page.get_by_role("link", name="Tell us about you").click()
    expect(page.get_by_role("heading", name="About you", level=1)).to_be_visible()
    asked += fields_of(page)
    page.get_by_role("button", name="Save and carry on").click()
    expect(page.locator(".errsum").get_by_text("Tell us your job title, or tick ‘I’m between jobs’.")).to_be_visible()
    page.get_by_label("Job title").fill("Prison librarian")
    page.get_by_label("Employer").fill("Holme Fell Prison")
    page.get_by_label("Sector").select_option("Public")
    page.get_by_label("Region").select_option(index=1)
    page.get_by_label("Video").check()
    page.get_by_role("button", name="Save and carry on").click()

    expect(page.get_by_role("heading", name="What you hope for", level=1)).to_be_visible()
    asked += fields_of(page)
    page.get_by_label("What do you hope for?").fill("Somebody to tell me that it matters.")
    page.get_by_role("button", name="Save and carry on").click()

    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Change ?: About you")).click()
    page.get_by_label("Job title").fill("Librarian in a prison")
    page.get_by_role("button", name="Save and carry on").click()
    expect(page.get_by_text("Librarian in a prison")).to_be_visible()
    page.get_by_role("button", name="That’s right").click()

    expect(page.get_by_text("2 of 4 done")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Find a mentor").click()
    first = page.locator(".mentor-card a").first
    name = first.inner_text().split()[0]
    first.click()
    page.get_by_role("link", name=f"Ask {name}").click()
    expect(page.get_by_role("heading", name=f"Ask {name}", level=1)).to_be_visible()
    asked += fields_of(page)
    for box in page.locator("main form textarea").all():
        box.fill("You have been through it.")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/requests/**")

    page.goto(f"{site}/welcome/")
    expect(page.get_by_text(f"Waiting for {name}’s answer")).to_be_visible()
    expect(page.get_by_text("3 of 4 done")).to_be_visible()
    assert MentorRequest.objects.open().get(mentee__name="Noor Haddad").mentor.first_name == name
    assert asked <= MOST_FIELDS, asked


def test_a_mentor_joins_is_welcomed_and_is_found(invited, site, page, sign_in):
    join(page, invited(Enrolment.Role.MENTOR))

    page.get_by_role("link", name="Tell us about you").click()
    page.get_by_label("I’m between jobs").check()
    page.get_by_label("Sector").select_option("Public")
    page.get_by_label("Region").select_option(index=1)
    page.get_by_role("button", name="Save and carry on").click()
    page.get_by_label("Who I can help").fill("Anybody behind a locked door.")
    page.get_by_label("How I work").fill("Slowly, and by telephone.")
    page.get_by_label("Chartership").check()
    page.get_by_role("button", name="Save and carry on").click()
    page.get_by_label("Mentees at a time").fill("2")
    page.get_by_label("Phone").check()
    page.get_by_role("button", name="Save and carry on").click()
    assert not MentorOffer.objects.filter(enrolment__person__name="Noor Haddad").exists()
    page.get_by_role("button", name="That’s right, list me").click()

    expect(page.get_by_text("Mentees find you once the programme team has your training date.")).to_be_visible()
    expect(page.get_by_text("3 of 4 done")).to_be_visible()
    page.get_by_role("link", name="Choose your emails").click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{site}/home/")
    page.get_by_role("link", name="See your offer").click()
    page.get_by_text("I take nobody just now").click()
    page.get_by_role("button", name="Pause my offer").click()
    expect(page.get_by_role("heading", name="Paused")).to_be_visible()
    page.get_by_role("button", name="Take mentees again").click()
    expect(page.get_by_text("You take mentees again.")).to_be_visible()

    offer = MentorOffer.objects.get(enrolment__person__name="Noor Haddad")
    assert (offer.capacity, offer.is_paused, offer.enrolment.meets_by) == (2, False, ["phone"])


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_each_step_of_the_welcome_has_room_for_its_words(northmere, site, browser, sign_in, width):
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    sign_in(page, "hana")
    page.goto(f"{site}/welcome/")

    widths = page.evaluate("[...document.querySelectorAll('.welcome-steps .grow-1')].map((each) => each.clientWidth)")

    assert len(widths) == 4
    assert min(widths) >= 100
    context.close()
