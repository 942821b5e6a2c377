"""From what arrived to what is kept: size and content checked, pictures made anew, before anything is written."""

import hashlib
from io import BytesIO
from typing import NamedTuple

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from files.images import thumbnail
from files.kinds import KINDS
from files.names import clean_name
from files.sizes import in_words
from files.sniffing import sniff, sniff_picture
from files.types import BY_CONTENT_TYPE, Refused, Type
from files.uploads import Problem


class Prepared(NamedTuple):
    """A file that may be kept. `size` in bytes, `small` the thumbnail of a picture; `width` and `height` in dots."""

    kind: str
    name: str
    type: Type
    size: int
    sha256: str
    content: File
    small: bytes | None = None
    width: int | None = None
    height: int | None = None


def prepare(upload, *, kind: str) -> Prepared:
    """`upload` is a Django `File` with a name; `kind` one of `files.kinds`. Raises Refused."""
    _check_size(upload, kind)
    type = sniff_picture(upload) if KINDS[kind].pictures_only else sniff(upload)
    if type.is_picture:
        return _prepare_picture(upload, kind)
    name = clean_name(upload.name or "", type)
    return Prepared(kind, name, type, upload.size, _digest(upload), upload)


def _check_size(upload, kind):
    problem = getattr(upload, "problem", None)
    if problem == Problem.TOO_MUCH_AT_ONCE:
        raise Refused(_("That is too much at once. Send fewer files at a time."))
    if problem == Problem.NO_ROOM:
        raise Refused(no_room())
    limit = settings.FILE_LIMITS[kind]
    if upload.size > limit:
        words = {"size": in_words(upload.size), "limit": in_words(limit)}
        if KINDS[kind].pictures_only:
            raise Refused(
                _("That picture is %(size)s; the limit is %(limit)s. Save it smaller, or try another.") % words
            )
        raise Refused(_("That file is %(size)s; the limit is %(limit)s. Try a PDF, or link to it.") % words)


def no_room() -> str:
    """What to say when there is no room for files."""
    return _("There is no room for files just now, and it isn’t your fault. Please tell the programme team.")


def _prepare_picture(upload, kind):
    picture = KINDS[kind].picture(upload)
    type = BY_CONTENT_TYPE[picture.content_type]
    return Prepared(
        kind,
        clean_name(upload.name or "", type),
        type,
        len(picture.bytes),
        _digest(BytesIO(picture.bytes)),
        ContentFile(picture.bytes),
        small=thumbnail(picture, KINDS[kind].thumbnail),
        width=picture.width,
        height=picture.height,
    )


def _digest(file):
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest
