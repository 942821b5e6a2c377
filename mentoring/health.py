"""For load balancers and monitors: 503 only when no page could be served."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications.outbox import oldest_overdue
from notifications.wake import queue_answers

LATE = timedelta(minutes=5)


class HealthMiddleware:
    """Answers before anything else asks the database who is signed in: that would fail first when it is away."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return health(request) if request.path == reverse("health") else self.get_response(request)


@require_safe
@never_cache
@login_not_required
def health(request):
    """`{"database": …, "queue": …, "email": …}`; a dead queue or late email is said with 200: pages still work."""
    database = _database()
    answer = {
        "database": database,
        "queue": "ok" if queue_answers() else "unreachable",
        "email": _email() if database == "ok" else "unknown",
    }
    return JsonResponse(answer, status=200 if database == "ok" else 503)


def late_since(now):
    """Since when the oldest overdue email or notification waits, when that is too long; else None."""
    overdue = oldest_overdue(now)
    return overdue if overdue and now - overdue >= LATE else None


def _database():
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unreachable"
    return "not migrated" if waiting else "ok"


def _email():
    since = late_since(timezone.now())
    return f"late since {since:%Y-%m-%dT%H:%M:%SZ}" if since else "ok"
