"""503 only when no page could be served; the rest is said with 200."""

from datetime import UTC, datetime

import pytest
import time_machine
from celery import current_app
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from notifications.models import Email

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def health(client):
    response = client.get("/health/")
    return response.status_code, response.json()


def test_all_is_well(db, client):
    assert health(client) == (200, {"database": "ok", "queue": "ok", "email": "ok"})


def test_a_database_that_still_has_to_be_migrated_cannot_serve(db, client):
    MigrationRecorder.Migration.objects.filter(app="portfolios").delete()

    assert health(client) == (503, {"database": "not migrated", "queue": "ok", "email": "unknown"})


def test_without_the_database_nothing_can_be_served(client, django_db_blocker, monkeypatch):
    client.cookies["sessionid"] = "somebody-who-is-signed-in"
    with django_db_blocker.unblock():
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")

        answer = health(client)

        monkeypatch.undo()
        connection.close()
    assert answer == (503, {"database": "unreachable", "queue": "ok", "email": "unknown"})


@pytest.mark.parametrize("url", ["redis+socket:///nowhere?virtual_host=0", "redis://127.0.0.1:1/0"])
def test_a_dead_queue_makes_email_late_and_no_page_fail(db, client, monkeypatch, url):
    monkeypatch.setattr(current_app.conf, "broker_url", url)

    assert health(client) == (200, {"database": "ok", "queue": "unreachable", "email": "ok"})


def test_late_email_is_said(db, client):
    Email.objects.create(due_at=NOON, letter={})

    with time_machine.travel(NOON.replace(minute=4), tick=False):
        assert health(client)[1]["email"] == "ok"
    with time_machine.travel(NOON.replace(minute=6), tick=False):
        assert health(client) == (
            200,
            {"database": "ok", "queue": "ok", "email": "late since 2026-11-23T12:00:00Z"},
        )
