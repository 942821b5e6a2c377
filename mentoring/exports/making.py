"""What a worker does of an export: its rows are read, so many at a time, and become a file."""

import logging
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from files.tables import as_csv, as_excel
from mentoring.exports.rows import table
from programmes.models import Export

KEPT_FOR = timedelta(days=7)
AT_A_TIME = 500
State = Export.State
logger = logging.getLogger(__name__)


class _Stopped(Exception):
    pass


def make(pk) -> None:
    """Make an export that is under way; any other is left alone. Of two workers at once the second does it in vain."""
    export = Export.objects.defer("content").select_related("programme", "by__profile")
    export = export.filter(pk=pk, state=State.RUNNING).first()
    if export is None:
        return
    try:
        with timezone.override(export.by.profile.zone):
            _end(export, State.DONE, content=_content(export), until=timezone.now() + KEPT_FOR)
    except _Stopped:
        _end(export, State.STOPPED)
    except Exception:
        logger.exception("Export %s failed", pk)
        _end(export, State.FAILED, problem=_("Something broke on our side. Please try again."))


def _content(export):
    found = table(export.kind, export.programme)
    _tell(export, total=found.source.count())
    rows = _with_progress(export, found)
    if export.form == Export.Form.CSV:
        return as_csv(rows)
    return as_excel(rows, title=str(export.get_kind_display()))


def _with_progress(export, found):
    yield found.headings
    number = 0
    for number, each in enumerate(found.source.iterator(chunk_size=AT_A_TIME), 1):
        yield found.row(each)
        if number % AT_A_TIME == 0:
            _tell(export, done=number)
    _tell(export, done=number)


def _tell(export, **far):
    """Raises _Stopped when somebody asked for that."""
    mine = Export.objects.filter(pk=export.pk, state=State.RUNNING, stop_asked=False)
    if not mine.update(beat_at=timezone.now(), stage=_("Writing rows"), **far):
        raise _Stopped


def _end(export, state, **more):
    Export.objects.filter(pk=export.pk, state=State.RUNNING).update(
        state=state, ended_at=timezone.now(), stage="", **more
    )
