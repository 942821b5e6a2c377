"""The programme team matches the 24 mentees of the demo, as they were before anybody was paired: watches it run, asks
why and why not, tries what if, and proposes. The two hear of it by one email each."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts.models import User
from mentoring.demo.seed import PASSWORD
from notifications import delivery
from notifications.actions import quietly
from pairings.actions import move_pairing, withdraw_request
from pairings.match_runs import run_match
from pairings.models import EndReason, MatchRun, MentorOffer, MentorRequest, Pairing
from tests.journeys.tours import RULES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cohort(northmere):
    """Nobody has a mentor, nobody has asked anyone, and every mentor has all their places."""
    lead = User.objects.get(email="marguerite@demo.example")
    MentorOffer.objects.update(trained_until=date(2999, 1, 1))
    with quietly():
        for pairing in Pairing.objects.live():
            move_pairing(pairing, Pairing.State.ENDED, by=lead)
            EndReason.objects.create(pairing=pairing, by=lead, why="other")
        for request in MentorRequest.objects.open().select_related("mentee"):
            withdraw_request(request, by=request.mentee)
    # Beatriz is through with her pairing; here she is as she was before.
    EndReason.objects.update(why="other")


def the_two(proposal):
    return proposal.mentee.person.name, proposal.offer.enrolment.person.name


def check(page, width):
    violations = Axe().run(page, options=RULES).response["violations"]
    assert [f"{each['id']} {node['html'][:200]}" for each in violations for node in each["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_cohort_is_matched_looked_at_tried_again_and_proposed(cohort, browser, site, sign_in, sink):
    page = browser.new_context().new_page()
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    sign_in(page, "marguerite")

    page.goto(f"{site}/admin/programme/matching/")
    page.get_by_label("Region").fill("6")
    page.get_by_role("button", name="Match 24 mentees").click()

    # It waits for a worker; whoever looks may stay, and the page follows by itself.
    page.get_by_text("Waiting for its turn").wait_for()
    run = MatchRun.objects.latest("pk")
    run_match(run.pk)
    page.get_by_text("24 pairs found.").wait_for()
    run.refresh_from_db()
    assert (run.weights["region"], run.total_score == run.bound) == (6, True)
    assert MentorRequest.objects.open().count() == 0
    assert page.locator(".proposals > li").count() == 24

    # Why, and why not somebody else; and what if not.
    first = page.locator(".proposals > li").first
    mentee, mentor = the_two(run.proposals.order_by("-score", "pk").first())
    assert first.get_by_role("heading").inner_text().startswith(mentee)
    first.get_by_text("Who else, and why not").click()
    first.get_by_role("button", name="Never this pair").click()
    page.get_by_text(f"Never: {mentee}, {mentor}").wait_for()
    page.get_by_role("button", name="Match again").click()
    page.get_by_text("Waiting for its turn").wait_for()
    again = MatchRun.objects.latest("pk")
    run_match(again.pk)
    page.get_by_text("24 pairs found.").wait_for()
    assert the_two(again.proposals.get(mentee__person__name=mentee)) != (mentee, mentor)

    # One is proposed, one skipped.
    mentee, mentor = the_two(again.proposals.order_by("-score", "pk").first())
    page.locator("button.propose", has_text=f"{mentee}, {mentor}").click()
    page.get_by_text(f"{mentee} and {mentor} are both told").wait_for()
    page.locator(".proposals > li").first.get_by_role("button", name="Skip").click()
    page.get_by_text("Nobody is told.").wait_for()
    delivery.deliver_due()
    told = User.objects.filter(name__in=[mentee, mentor]).values_list("email", flat=True)
    assert sorted(message["To"].addresses[0].addr_spec for message in sink) == sorted(told)
    assert said == []
    page.context.close()


def test_cancelling_a_matching_on_a_phone_without_scripts(cohort, browser, site):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(f"{site}/account/sign-in/?next=/admin/programme/matching/")
    page.get_by_label("Email", exact=True).fill("marguerite@demo.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Match 24 mentees").click()
    page.get_by_role("link", name="See how far it is").click()
    page.get_by_role("button", name="Cancel").click()

    page.get_by_text("This matching was stopped.").wait_for()
    page.get_by_role("link", name="Match again").click()
    assert page.get_by_role("button", name="Match 24 mentees").is_visible()
    context.close()


@pytest.mark.parametrize(("width", "color_scheme"), [(1280, "light"), (320, "dark")])
def test_every_page_of_it_can_be_read_by_everybody(cohort, browser, site, sign_in, width, color_scheme):
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=color_scheme)
    page = context.new_page()
    sign_in(page, "marguerite")
    page.goto(f"{site}/admin/programme/matching/")
    page.get_by_text("Who waits", exact=True).click()
    check(page, width)

    page.get_by_label("Region").fill("12")
    page.get_by_role("button", name="Match 24 mentees").click()
    page.get_by_text("There is a problem").wait_for()
    check(page, width)

    page.get_by_label("Region").fill("3")
    page.get_by_role("button", name="Match 24 mentees").click()
    page.get_by_text("Waiting for its turn").wait_for()
    check(page, width)
    MatchRun.objects.filter(state="waiting").update(
        state="running", started_at="2026-11-23T10:00Z", stage="Comparing 24 mentees, 15 mentors", done=15, total=24
    )
    page.get_by_text("15 of 24 mentees").wait_for()
    check(page, width)

    MatchRun.objects.filter(state="running").update(state="waiting")
    run_match(MatchRun.objects.latest("pk").pk)
    page.get_by_text("24 pairs found.").wait_for()
    page.get_by_text("Who else, and why not").first.click()
    page.get_by_text("What counts", exact=True).click()
    check(page, width)
    page.get_by_role("link", name="Propose all that are left").click()
    check(page, width)
    context.close()
