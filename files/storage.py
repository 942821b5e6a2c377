"""Where the bytes are: a folder that nothing serves, or a bucket that nobody may list (FILES_URL). A row in the
database says whose they are; bytes without one are let go of (`files.orphans`)."""

import errno
import logging
import secrets

from django.core.files.storage import storages
from django.utils.translation import gettext as _

from files.preparing import no_room
from files.types import Refused

SMALL = ".small"  # ends the name of a thumbnail
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

logger = logging.getLogger(__name__)


def private():
    """The private storage. Asked for each time: it can be read by whoever has passed a lookup of ours, and served only
    by `files.serving`."""
    return storages["files"]


def new_name() -> str:
    """A name that says nothing, in one of 256 folders."""
    return f"{secrets.token_hex(1)}/{secrets.token_hex(20)}"


def write(contents: dict) -> None:
    """Write each name's content, a `File`. Raises Refused when one cannot be written, and then keeps none."""
    try:
        for name, content in contents.items():
            private().save(name, content)
    except Exception as error:  # every kind of store has errors of its own
        delete(contents)
        if isinstance(error, OSError) and error.errno in _FULL:
            logger.error("There is no room left in the file store.")
            raise Refused(no_room()) from error
        logger.exception("The file store could not be written.")
        raise Refused(_("The file could not be kept just now. Please try again in a few minutes.")) from error


def delete(names) -> None:
    """Delete what there is of these. Never raises: what stays behind is swept later."""
    for name in names:
        try:
            private().delete(name)
        except Exception:  # see write
            logger.exception("A file could not be deleted; the next sweep tries again.")
