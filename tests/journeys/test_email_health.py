"""Somebody who runs a programme is told that email is late, finds out why, and has it tried again."""

import random
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from accounts.models import User
from notifications import delivery
from notifications.models import Email, InboundEmail, StoppedAddress
from tests.journeys.tours import RULES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def troubled(northmere):
    """A month of emails, some of which failed; one has waited for two hours."""
    now = timezone.now()
    people = list(User.objects.filter(enrolments__isnull=False).distinct().order_by("pk"))
    chance = random.Random(4)
    rows = []
    for day in range(30):
        at = now - timedelta(days=day, minutes=20)
        made = {"created_at": at, "due_at": at}
        for _ in range(chance.randrange(2, 40)):
            rows.append(Email(person=chance.choice(people), bundle="page-0", state="sent", sent_at=at, **made))
    for number, (days, reason) in enumerate(
        [(0, "550 5.1.1 <old@example.org>: Recipient address rejected: User unknown in virtual mailbox table")] * 9
        + [(3, "554 5.7.1 Message looks like spam"), (9, "SMTPServerDisconnected"), (12, "could not be made: KeyError")]
    ):
        at = now - timedelta(days=days, hours=1)
        person = people[number % len(people)]
        rows.append(Email(person=person, bundle="page-0", state="failed", reason=reason, created_at=at, due_at=at))
    rows.append(Email(person=people[0], bundle="page-1", state="dropped", reason="seen already", due_at=now))
    late = now - timedelta(hours=2)
    rows.append(Email(person=people[1], bundle="page-2", created_at=late, due_at=late))
    rows.append(Email(person=people[1], bundle="page-3", attempts=2, reason="451 Later", due_at=now, created_at=late))
    Email.objects.bulk_create(rows)
    for person in people[:3]:
        StoppedAddress.objects.create(email=person.email, reason="550 5.1.1 User unknown")
    for number, outcome in enumerate(["taken"] * 7 + ["ignored", "bounce", "refused"]):
        InboundEmail.objects.create(digest=number, person=people[0], outcome=outcome)


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_trouble_can_be_read_by_everybody(troubled, browser, site, sign_in, width, color_scheme):
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=color_scheme)
    page = context.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    sign_in(page, "marguerite")

    page.goto(f"{site}/admin/email/health/")
    page.get_by_text("See as a table").click()

    violations = Axe().run(page, options=RULES).response["violations"]
    assert [f"{each['id']} {node['html'][:200]}" for each in violations for node in each["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    context.close()


def test_from_the_banner_to_another_try(troubled, browser, site, sign_in):
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, "marguerite")

    page.goto(f"{site}/admin/")
    page.get_by_role("link", name="See the queue").click()
    page.get_by_role("link", name="See them (554 5.7.1)").click()
    page.get_by_label("Select all objects").check()
    page.get_by_label("Action:").select_option("Try again")
    page.get_by_role("button", name="Go").click()

    page.get_by_text("1 email is being tried again.").wait_for()
    delivery.deliver_due()
    page.goto(f"{site}/admin/email/health/")
    assert page.get_by_text("Email is late").count() == 0
    assert page.get_by_text("See them (554 5.7.1)").count() == 0
    context.close()
