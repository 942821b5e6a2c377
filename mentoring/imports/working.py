"""What a worker does of an import that is under way: so many rows at a time, each time in one transaction that also
says how far it is. Whoever comes after a worker that died goes on where it was; of two at once each does other rows."""

import logging
from datetime import timedelta

import pghistory
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring.imports import notices
from mentoring.imports.rows import to_take_in, to_undo
from mentoring.imports.taking_in import take_in
from mentoring.imports.undoing import take_back
from mentoring.imports.waiting import check_waiting
from notifications.actions import notify
from programmes.models import Import, Programme

AT_A_TIME = 500
# Each invitation is a letter of its own.
INVITED_AT_A_TIME = 50
TRIES = 5
TOLD_AFTER = timedelta(seconds=20)
State = Import.State
logger = logging.getLogger(__name__)


def work_on(pk) -> None:
    """Go on with an import, or the check of one, until it is over, or is to stop. One that is not under way is left
    alone."""
    check_waiting(pk)
    by = Import.objects.filter(pk=pk, state=State.RUNNING).values_list("by", flat=True).first()
    if by is None:
        return
    # As in a request of theirs: what is followed says who.
    with pghistory.context(user=by, **{"import": pk}):
        try:
            while _some_rows(pk):
                pass
        except Exception:
            logger.exception("Import %s failed", pk)
            _fail(pk)


def _some_rows(pk):
    """Whether there is more to do. Somebody else who writes the same people at the same moment was first: then they
    are there at the next try."""
    for attempt in range(1, TRIES + 1):
        try:
            return _do_some_rows(pk)
        except IntegrityError:
            if attempt == TRIES:
                raise


@transaction.atomic
def _do_some_rows(pk):
    import_ = Import.objects.select_for_update().select_related("by").get(pk=pk)
    if import_.state != State.RUNNING:
        return False
    undoes = bool(to_undo(import_.rows))
    rows = to_undo(import_.rows) if undoes else to_take_in(import_.rows)
    import_.beat_at = timezone.now()
    if import_.stop_asked or not rows:
        _end(import_, rows)
        return False
    # Imports of one programme take turns, or each might wait for rows of the other.
    programme = Programme.objects.select_for_update(no_key=True).get(pk=import_.programme_id)
    if undoes:
        some = _of_whole_people(rows)
        take_back(some, programme=programme, by=import_.by)
    else:
        some = rows[: INVITED_AT_A_TIME if rows[0].get("invite") else AT_A_TIME]
        take_in(some, programme=programme, by=import_.by, at=import_.beat_at)
    import_.stage = _("Taking people out again") if undoes else _("Writing people")
    import_.done += len(some)
    import_.save(update_fields=["rows", "stage", "done", "beat_at"])
    return True


def _of_whole_people(rows):
    people = {row["person"] for row in rows[:AT_A_TIME]}
    return [row for row in rows if row["person"] in people]


def _end(import_, rows):
    """`rows` are those that were not done."""
    undone = any("why" in row for row in import_.rows)
    import_.state = State.STOPPED if rows else State.UNDONE if undone else State.DONE
    import_.ended_at, import_.stage = import_.beat_at, ""
    import_.save(update_fields=["state", "ended_at", "beat_at", "stage"])
    if import_.state == State.DONE and import_.ended_at - import_.started_at > TOLD_AFTER:
        notify(
            notices.IMPORTED,
            about=import_,
            to=[import_.by],
            by=None,
            thread=notices.thread_of(import_.pk),
            bundle=notices.thread_of(import_.pk),
            occasion=str(import_.started_at.timestamp()),
        )


@transaction.atomic
def _fail(pk):
    problem = _("Something broke on our side. What was done so far is kept; go on, or undo it.")
    Import.objects.filter(pk=pk, state=State.RUNNING).update(
        state=State.FAILED, ended_at=timezone.now(), problem=problem, stage=""
    )
