"""What the programme team does with a list of members: one function a verb. A worker carries out what takes long
(`working`)."""

from base64 import b64encode
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring.imports.checking import NEW
from mentoring.imports.reading import left_out_in_words
from mentoring.imports.rows import BACK, IN, as_read, to_take_in, to_undo
from mentoring.imports.waiting import checked
from notifications.wake import soon
from programmes.audit import record
from programmes.models import Import
from programmes.refusal import MoveRefused

UNDO_FOR = timedelta(hours=24)
AT_ONCE = 1_000  # rows that are checked again while somebody waits
TASK = "mentoring.tasks.work_on_import"
State = Import.State


@transaction.atomic
def check_list(listed, *, programme, name, by, at=None) -> Import:
    """Check a list (a `reading.Listed`) and keep what came of it. Nobody is written yet."""
    return Import.objects.create(
        programme=programme,
        by=by,
        name=name[-150:],
        rows=checked(programme, listed.rows),
        state=State.CHECKED,
        problem=left_out_in_words(listed),
        created_at=at or timezone.now(),
    )


@transaction.atomic
def check_later(content, *, programme, name, by, at=None) -> Import:
    """Have a worker read and check a file (bytes), which is kept until then."""
    now = at or timezone.now()
    import_ = Import.objects.create(
        programme=programme,
        by=by,
        name=name[-150:],
        text=b64encode(content).decode(),
        state=State.CHECKING,
        created_at=now,
        started_at=now,
    )
    _wake(import_)
    return import_


@transaction.atomic
def check_again(import_, *, by):
    """The same list against what the programme has by now; a worker does it with a long one. Raises MoveRefused once it
    was begun to be imported."""
    import_ = _locked(
        import_, (State.CHECKED,), _("This list was imported already. Choose the file again to check it.")
    )
    if len(import_.rows) > AT_ONCE:
        import_.state, import_.started_at, import_.beat_at, import_.done = State.CHECKING, timezone.now(), None, 0
        import_.save(update_fields=["state", "started_at", "beat_at", "done"])
        _wake(import_)
    else:
        import_.rows = checked(import_.programme, list(map(as_read, import_.rows)))
        import_.save(update_fields=["rows"])
    return import_


@transaction.atomic
def take_in(import_, *, by, invite=False, at=None):
    """Have every row without a problem imported, and go on with one that was stopped. `invite`: whoever is new to the
    programme gets an invitation by email.

    Raises MoveRefused when there is nothing to import, or somebody began already.
    """
    begun = _("Somebody has begun to import this list already.")
    import_ = _locked(import_, (State.CHECKED, State.STOPPED, State.FAILED), begun)
    rows = to_take_in(import_.rows)
    if not rows or to_undo(import_.rows):
        raise MoveRefused(_("There is nothing in this list to import."))
    if invite:
        for row in rows:
            row["invite"] = row["what"] == NEW
    record("imported", import_, by=by, programme=import_.programme, at=at)
    return _begin(import_, by, len(rows), at)


@transaction.atomic
def undo(import_, *, by, at=None):
    """Have taken back what an import did and nobody has used since. Raises MoveRefused when it is more than a day ago,
    is not over yet, or did nothing."""
    import_ = _locked(import_, (State.DONE, State.STOPPED, State.FAILED), _("This import cannot be undone now."))
    if not may_undo(import_, at or timezone.now()):
        raise MoveRefused(_("An import can be undone for 24 hours. Change what is wrong by hand, under Enrolments."))
    for row in import_.rows:
        if row.get("step") == IN:
            row["step"] = BACK
    record("undid import", import_, by=by, programme=import_.programme, at=at)
    return _begin(import_, by, len(to_undo(import_.rows)), at)


def stop(import_, *, by):
    """Let what is under way end after the rows it is at."""
    Import.objects.filter(pk=import_.pk, state__in=Import.UNDER_WAY).update(stop_asked=True)
    record("stopped", import_, by=by, programme=import_.programme)


def may_undo(import_, now) -> bool:
    """Whether there is something to undo, and still time."""
    if import_.state not in (State.DONE, State.STOPPED, State.FAILED) or not import_.ended_at:
        return False
    return now < import_.ended_at + UNDO_FOR and any(row.get("step") in (IN, BACK) for row in import_.rows)


def _locked(import_, states, refusal):
    """The import as it stands now, locked. Raises MoveRefused unless it is in one of the states."""
    import_ = Import.objects.select_for_update(of=("self",)).select_related("programme").get(pk=import_.pk)
    if import_.state not in states:
        raise MoveRefused(refusal)
    if import_.rows and "values" not in import_.rows[0]:
        raise MoveRefused(_("The people of this list were forgotten after a week. Choose the file again."))
    return import_


def _begin(import_, by, total, at):
    import_.by, import_.state, import_.total, import_.done = by, State.RUNNING, total, 0
    import_.stop_asked, import_.problem, import_.stage = False, "", ""
    import_.started_at, import_.ended_at, import_.beat_at = at or timezone.now(), None, None
    import_.save()
    _wake(import_)
    return import_


def _wake(import_):
    transaction.on_commit(lambda: soon(TASK, import_.pk), robust=True)
