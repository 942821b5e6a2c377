"""Who runs a programme sees who works with whom, never what they write."""

import pytest
from django.contrib import admin
from django.urls import reverse

from notifications import delivery
from notifications.models import Email, Notification
from portfolios import actions
from tests.factories import share
from tests.mentoring.world import administered

CANARY = "zanzibar"


@pytest.fixture
def confided(world, settings):
    """Every kind of text of a pair holds the canary; emails about it were sent, wait and failed."""
    settings.NOTICE_BUNDLE_MINUTES = 0
    page, mentee, mentor = world.page, world.people["mentee"], world.people["mentor"]
    share(page, f"<p>Shared {CANARY}</p>", title=f"Title {CANARY}", note=f"Note {CANARY}")
    actions.add_comment(page, by=mentor, kind="idea", body=f"Comment {CANARY}", quote=CANARY)
    actions.add_comment(page, by=mentee, reply_to=world.comment, body=f"Reply {CANARY}")
    actions.save_draft(
        page, title=f"Draft {CANARY}", body=f"<p>{CANARY}</p>", criteria=[], saves=page.draft.saves, by=mentee
    )
    actions.add_page(world.portfolio, title=f"Unshared {CANARY}", by=mentee)
    Notification.objects.update(due_at=world.page.created_at)
    delivery.deliver_due()
    share(page, f"<p>Again {CANARY}</p>")
    Email.objects.create(letter={"to": "x", "text": CANARY}, person=mentee)
    assert Email.objects.filter(subject__contains=CANARY).exists()
    return world


@pytest.mark.parametrize("role", ["lead", "superuser"])
def test_no_page_of_the_admin_holds_a_word_that_people_wrote(confided, signed_in, role):
    browser = signed_in(confided.people[role])
    pages = {
        path: browser.get(path) for path in ("/admin/", "/admin/programmes/", "/admin/jsi18n/", "/admin/email/health/")
    }
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages[name] = browser.get(reverse(f"{name}_changelist"))
        pages[f"{name} add"] = browser.get(reverse(f"{name}_add"))
        for thing in pages[name].context["cl"].queryset:
            for part in ("change", "history", "delete"):
                pages[f"{name} {part} {thing.pk}"] = browser.get(reverse(f"{name}_{part}", args=[thing.pk]))

    assert [name for name, page in pages.items() if CANARY in page.content.decode().lower()] == []
    assert len(pages) > 60


def test_searching_for_a_word_that_people_wrote_finds_nothing(confided, signed_in):
    browser = signed_in(confided.people["superuser"])

    for model in administered(confided):
        found = browser.get(reverse(f"admin:{model}_changelist"), {"q": CANARY}).context["cl"]
        assert not found.search_fields or list(found.queryset) == [], model


def test_the_name_of_a_thing_is_no_content(confided):
    page = confided.page
    things = [page, page.draft, page.latest, *page.comments.all(), *Email.objects.all()]

    assert [str(thing) for thing in things if CANARY in str(thing)] == []


def test_neither_the_log_nor_the_reason_tells_what_an_email_would_have_said(db, caplog):
    poison = Email.objects.create(letter={"to": CANARY, "text": CANARY})

    delivery.deliver_due()

    poison.refresh_from_db()
    assert (poison.state, poison.reason) == ("failed", "could not be made: KeyError")
    assert f"Email {poison.pk} could not be made" in caplog.text
    assert CANARY not in caplog.text
