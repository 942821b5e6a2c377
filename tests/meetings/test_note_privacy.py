"""The note of a meeting is for the two alone, a jotter for its author alone: not for those who run the programme, nor
for logs, lists, letters or anything that is taken home."""

import logging
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from meetings.actions import age_notes, drop_action, keep_private_note, save_note
from meetings.models import Action, NoteVersion, PrivateNote, SessionNote
from meetings.monday import tell_due_actions
from mentoring.exports.actions import ask_for
from mentoring.exports.making import make
from notifications import delivery
from notifications.models import Notification
from tests.meetings.notes import line, posted
from tests.mentoring.routes import Visitor, urls
from tests.mentoring.world import ROLES, build

PARTS = ("goal", "reality", "option", "pro", "contra", "will", "likes", "lines", "jotter", "other", "dropped")
CANARIES = {part: f"zanzibar-{part}" for part in PARTS}
OF_THE_NOTE = set(PARTS) - {"lines", "jotter", "other"}


@pytest.fixture
def world(db, settings, caplog):
    """A note with a canary in each part, a short one, and what each of the two jotted down; word of it went out."""
    settings.NOTICE_BUNDLE_MINUTES = 0
    caplog.set_level(logging.DEBUG)
    world = build()
    mentee, mentor = world.people["mentee"], world.people["mentor"]
    said = {
        "form": "grow",
        "lines": "",
        **{name: CANARIES[name] for name in ("goal", "reality", "will")},
        "options": [{"what": CANARIES["option"], "for": CANARIES["pro"], "against": CANARIES["contra"]}],
        "will_do": [line(mentee, CANARIES["likes"], timezone.localdate().isoformat())],
        "confidence": 2,
    }
    number = NoteVersion.objects.filter(note__meeting=world.held).count()
    save_note(world.held, by=mentor, words=said, expected_number=number)
    keep_private_note(world.held, by=mentee, words=CANARIES["jotter"])
    keep_private_note(world.held, by=mentor, words=CANARIES["other"])
    drop_action(world.action, by=mentee, why=CANARIES["dropped"])
    tell_due_actions(timezone.now())
    return world


def found_in(text):
    return {part for part, canary in CANARIES.items() if canary in text}


def seen(visitor, place):
    """What stands of it on a page; pictures hold no words."""
    response = visitor.look("GET", place)
    return set() if response.streaming else found_in(response.content.decode(errors="replace"))


def test_each_of_the_two_reads_the_note_and_their_own_jotter(world):
    place = urls(world)["meetings:note"]

    shown = {role: seen(Visitor(world, role), place) for role in ("mentee", "mentor")}

    assert shown == {
        "mentee": OF_THE_NOTE - {"dropped"} | {"jotter"},
        "mentor": OF_THE_NOTE - {"dropped"} | {"other"},
    }


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"mentee", "mentor"}))
def test_nobody_else_finds_any_of_it_anywhere(world, role):
    visitor = Visitor(world, role)

    pages = {route: seen(visitor, url) for route, url in urls(world).items()}
    posts = {route: visitor.post(url).content for route, url in urls(world).items() if route.startswith("meetings:")}

    assert {route: found for route, found in pages.items() if found} == {}
    assert [route for route, content in posts.items() if b"zanzibar" in content] == []


def test_the_other_finds_ones_jotter_nowhere(world):
    for role, theirs in (("mentee", "other"), ("mentor", "jotter")):
        visitor = Visitor(world, role)

        assert [route for route, url in urls(world).items() if theirs in seen(visitor, url)] == []


def test_it_stands_in_its_own_tables_alone(world):
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names()):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM \"{table}\" t WHERE t::text LIKE '%zanzibar%'")
            found[table] = found_in(cursor.fetchone()[0] or "")

    assert {table: parts for table, parts in found.items() if parts} == {
        "meetings_action": {"likes", "dropped"},
        "meetings_noteversion": OF_THE_NOTE - {"dropped"},
        "meetings_privatenote": {"jotter", "other"},
    }


def test_emails_say_what_will_be_done_and_nothing_else_and_logs_say_nothing(world, caplog):
    Notification.objects.filter(seen_at=None).update(due_at=timezone.now())
    delivery.deliver_due()
    age_notes(timezone.now() + timedelta(days=15))

    written = {part for message in mail.outbox for part in found_in(f"{message.message()}{message.body}")}

    assert mail.outbox != []
    assert written == {"likes"}
    assert found_in(caplog.text) == set()


def test_lists_that_are_taken_home_hold_none_of_it(world):
    for kind in ("members", "pairings", "requests"):
        export = ask_for(world.programme, kind=kind, form="csv", by=world.people["lead"])
        make(export.pk)
        export.refresh_from_db()

        assert (bytes(export.content) != b"", found_in(bytes(export.content).decode())) == (True, set())


def test_nothing_is_called_by_its_words(world):
    rows = [row for model in (Action, NoteVersion, PrivateNote, SessionNote) for row in model.objects.all()]
    changes = [change for action in Action.objects.all() for change in action.changes.all()]

    assert found_in(" ".join(f"{row} {row!r}" for row in [*rows, *changes])) == set()


def test_what_is_refused_is_not_logged(world, caplog):
    place = urls(world)["meetings:note"]
    visitor = Visitor(world, "mentee")
    visitor.browser.raise_request_exception = False

    visitor.browser.post(place, posted(lines=CANARIES["lines"], goal=CANARIES["goal"]))
    visitor.browser.post(place.replace("/note/", "/jotter/"), {"words": CANARIES["jotter"] * 1000, "based_on": ""})

    assert found_in(caplog.text) == set()
