"""What the programme team does with a list to take home: one function a verb. A worker makes it (`making`)."""

from django.db import transaction
from django.utils import timezone

from notifications.wake import soon
from programmes.audit import record
from programmes.models import Export, Programme

TASK = "mentoring.tasks.make_export"
State = Export.State


@transaction.atomic
def ask_for(programme, *, kind, form, by, at=None) -> Export:
    """Have a list made. Whoever asks again while the same one is being made gets that."""
    # Two clicks take turns.
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    same = {"programme": programme, "kind": kind, "form": form, "by": by, "state": State.RUNNING}
    if found := Export.objects.filter(**same, stop_asked=False).defer("content").first():
        return found
    now = at or timezone.now()
    export = Export.objects.create(**same, created_at=now, started_at=now)
    record("exported", export, by=by, programme=programme, at=at)
    transaction.on_commit(lambda: soon(TASK, export.pk), robust=True)
    return export


def stop(export, *, by):
    """Let it end before it is whole."""
    Export.objects.filter(pk=export.pk, state=State.RUNNING).update(stop_asked=True)


def may_download(export, now) -> bool:
    return export.state == State.DONE and now < export.until
