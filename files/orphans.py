"""Bytes whose row was never committed, or is gone.

Whether a transaction was committed is asked of the database, afterwards: an exception does not always know. What a
request wrote is looked at when it is over; whatever was left in another way (a killed process) is swept a day later.
"""

import logging
import re
import threading
from datetime import timedelta

from django.db import DatabaseError

from files import storage
from files.models import StoredFile

LONGEST_REQUEST = timedelta(days=1)
AT_A_TIME = 1_000

_OURS = re.compile(rf"[0-9a-f]{{2}}/[0-9a-f]{{40}}({re.escape(storage.SMALL)})?")
_request = threading.local()

logger = logging.getLogger(__name__)


def begin() -> None:
    """A request begins in this thread: what it writes is remembered until it ends."""
    _request.names = []


def watch(name) -> None:
    """The bytes of this name are about to be written."""
    if (names := getattr(_request, "names", None)) is not None:
        names.append(name)


def end() -> None:
    """The request is over: bytes whose row was not committed are deleted."""
    names, _request.names = _request.names, None
    if not names:
        return
    try:
        _delete_unknown(names)
    except DatabaseError:
        logger.exception("Files without a row may have been left; they are swept in a day.")


def sweep(now) -> None:
    """Delete bytes older than a day that no row knows. A database without any file does nothing: it is more likely the
    wrong one."""
    if not StoredFile.objects.exists():
        return
    store = storage.private()
    for folder in store.listdir("")[0]:
        names = [f"{folder}/{name}" for name in store.listdir(folder)[1]]
        ours = [name for name in names if _OURS.fullmatch(name)]
        for start in range(0, len(ours), AT_A_TIME):
            _delete_unknown(ours[start : start + AT_A_TIME], older_than=now - LONGEST_REQUEST)


def _delete_unknown(names, older_than=None):
    of = {name: name.removesuffix(storage.SMALL) for name in names}
    known = set(StoredFile.objects.filter(file__in=set(of.values())).values_list("file", flat=True))
    unknown = [name for name in names if of[name] not in known]
    if older_than is None:
        unknown += [name + storage.SMALL for name in unknown]
    else:
        unknown = [name for name in unknown if storage.private().get_modified_time(name) < older_than]
    storage.delete(unknown)
