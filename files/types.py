"""The kinds of file that are taken, and how a person is told that one is not."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A file cannot be kept; the message says why and what to do, in words for the person who chose it."""


class Type(NamedTuple):
    """`extensions`: those that a name may end in, the usual one first."""

    content_type: str
    words: str | Promise
    extensions: tuple[str, ...]

    @property
    def is_picture(self):
        return self.content_type.startswith("image/")


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

JPEG = Type("image/jpeg", _("Picture"), (".jpg", ".jpeg", ".jpe", ".jfif"))
PNG = Type("image/png", _("Picture"), (".png",))
WEBP = Type("image/webp", _("Picture"), (".webp",))
GIF = Type("image/gif", _("Picture"), (".gif",))
PDF = Type("application/pdf", _("PDF"), (".pdf",))
WORD = Type(f"{_OOXML}.wordprocessingml.document", _("Word document"), (".docx", ".dotx"))
EXCEL = Type(f"{_OOXML}.spreadsheetml.sheet", _("Excel sheet"), (".xlsx", ".xltx"))
POWERPOINT = Type(f"{_OOXML}.presentationml.presentation", _("PowerPoint slides"), (".pptx", ".ppsx", ".potx"))
OLD_WORD = Type("application/msword", _("Word document"), (".doc", ".dot"))
OLD_EXCEL = Type("application/vnd.ms-excel", _("Excel sheet"), (".xls", ".xlt"))
OLD_POWERPOINT = Type("application/vnd.ms-powerpoint", _("PowerPoint slides"), (".ppt", ".pps", ".pot"))
OPEN_TEXT = Type(f"{_ODF}.text", _("Text document"), (".odt", ".ott"))
OPEN_SHEET = Type(f"{_ODF}.spreadsheet", _("Spreadsheet"), (".ods", ".ots"))
OPEN_SLIDES = Type(f"{_ODF}.presentation", _("Slides"), (".odp", ".otp"))
TEXT = Type("text/plain", _("Text"), (".txt", ".md"))
CSV = Type("text/csv", _("Table as text"), (".csv", ".tsv"))

TYPES = (
    *(JPEG, PNG, WEBP, GIF, PDF, WORD, EXCEL, POWERPOINT, OLD_WORD, OLD_EXCEL, OLD_POWERPOINT),
    *(OPEN_TEXT, OPEN_SHEET, OPEN_SLIDES, TEXT, CSV),
)
BY_CONTENT_TYPE = {type.content_type: type for type in TYPES}
EXTENSIONS = frozenset(extension for type in TYPES for extension in type.extensions)
PICTURES = (JPEG, PNG, WEBP, GIF)
