"""What a worker does of a list that is too long to be checked while somebody waits: it reads the file, or takes the
rows that were read before, checks them and says how far it is. Whoever comes after a worker that died begins anew."""

import logging
from base64 import b64decode

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.middleware import spoken_to
from mentoring.imports.checking import address, check
from mentoring.imports.knowing import lists_of, members_of
from mentoring.imports.reading import left_out_in_words, read
from mentoring.imports.refusal import Unreadable
from mentoring.imports.rows import as_read, as_row
from programmes.models import Import

AT_A_TIME = 500
State = Import.State
logger = logging.getLogger(__name__)


class _Stopped(Exception):
    pass


def check_waiting(pk) -> None:
    """Check an import that waits for that; any other is left alone. Of two workers at once the second does it in
    vain."""
    import_ = Import.objects.filter(pk=pk, state=State.CHECKING).select_related("programme", "by__profile").first()
    if import_ is None:
        return
    try:
        with spoken_to(import_.by):
            rows, note = _read(import_)
            found = _checked(import_, rows)
        _end(import_, State.CHECKED, rows=found, problem=note)
    except _Stopped:
        _end(import_, State.STOPPED)
    except Unreadable as error:
        _end(import_, State.FAILED, problem=str(error))
    except Exception:
        logger.exception("The check of import %s failed", pk)
        _end(import_, State.FAILED, problem=_("Something broke on our side. Please choose the file again."))


def checked(programme, rows) -> list[dict]:
    """`rows` (a list of `reading.Row`) as `Import.rows` keeps them, with what came of the check."""
    return [as_row(each) for each in _check(programme, rows, rows)]


def _read(import_):
    """The rows, and what else is to be said of the file."""
    if import_.rows:
        return list(map(as_read, import_.rows)), import_.problem
    _tell(import_, stage=_("Reading the file"))
    listed = read(b64decode(import_.text), tell=lambda: _tell(import_))
    return listed.rows, left_out_in_words(listed)


def _checked(import_, rows):
    _tell(import_, stage=_("Checking the rows"), total=len(rows), done=0)
    return [as_row(each) for each in _check(import_.programme, rows, _with_progress(import_, rows))]


def _check(programme, rows, each):
    addresses = {address(row.values["email"]) for row in rows}
    return check(each, lists_of(programme), members_of(programme, addresses))


def _with_progress(import_, rows):
    for number, row in enumerate(rows, 1):
        if number % AT_A_TIME == 0:
            _tell(import_, done=number)
        yield row


def _tell(import_, **far):
    """Raises _Stopped when somebody asked for that."""
    mine = Import.objects.filter(pk=import_.pk, state=State.CHECKING, stop_asked=False)
    if not mine.update(beat_at=timezone.now(), **far):
        raise _Stopped


def _end(import_, state, **more):
    """Nothing is kept of the file. A list that was checked before stays so."""
    if import_.rows:
        state = State.CHECKED
    over = {
        "text": "",
        "stage": "",
        "stop_asked": False,
        "ended_at": None if state == State.CHECKED else timezone.now(),
    }
    Import.objects.filter(pk=import_.pk, state=State.CHECKING).update(state=state, **over, **more)
