"""What a file is, by its content alone. What its name and the browser say counts for nothing, with one exception: a
table of text (CSV) is like any other text, so there the name decides how we call it.

Text may say anything, a virus scanner's test words or a script: it is served as an attachment that no browser guesses
about (`files.serving`), under a name that ends as its kind does (`files.names`).
"""

import codecs
import re

import filetype
from django.utils.translation import gettext as _

from files import compound, packages
from files.types import CSV, PDF, PICTURES, TEXT, Refused, Type

START = 8_192  # bytes, as many as filetype looks at
A_PIECE = 65_536

_PICTURES = {type.content_type: type for type in PICTURES}
_BYTE_ORDER_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_NOT_IN_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
# How the content of a web page or a drawing begins, as browsers guess it: https://mimesniff.spec.whatwg.org/#rules-for-identifying-an-unknown-mime-type
_BEGINS_AS_MARKUP = re.compile(
    r"\s*<(?:!doctype|!--|\?xml|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|svg|math|meta|link"
    r"|object|embed|img|form|base)(?:[\s>/]|$)|\s*<(?:!--|\?xml)",
    re.IGNORECASE,
)
_IS_MARKUP = re.compile(r"<(?:!doctype\s+html|html|svg|script)[\s>/]", re.IGNORECASE)


def sniff(file) -> Type:
    """The type of a seekable binary file, which is left at its beginning. Raises Refused for every other kind."""
    file.seek(0)
    start = file.read(START)
    try:
        return _type_of(file, start)
    finally:
        file.seek(0)


def sniff_picture(file) -> Type:
    """Like `sniff`, where nothing but a picture will do: the fix is another one."""
    file.seek(0)
    start = file.read(START)
    file.seek(0)
    if start and (mime := _mime(start)) in _PICTURES:
        return _PICTURES[mime]
    if start and mime.startswith("image/"):
        raise Refused(_why_not(mime))
    raise Refused(_("Choose a picture: a JPEG, PNG, WebP or GIF file."))


def _type_of(file, start):
    if not start:
        raise Refused(_("That file is empty. Choose another one."))
    if start.startswith(packages.MAGIC):
        return packages.sniff(file)
    if start.startswith(compound.MAGIC):
        return compound.sniff(file)
    if start.startswith(b"%PDF-"):
        return _pdf(file)
    mime = _mime(start)
    if mime in _PICTURES:
        return _PICTURES[mime]
    if _is_text(file, start):
        return _text(file, start)
    raise Refused(_why_not(mime))


def _mime(start):
    """What it seems to be; "" for nothing known. Words may begin with the letters GIF."""
    guess = None if start.startswith(b"GIF") and start[3:6] not in (b"87a", b"89a") else filetype.guess(start)
    return guess.mime if guess else ""


def _pdf(file):
    """A file that readers of zip take for an archive, too, was made to deceive one of them."""
    if packages.has_end(file):
        raise Refused(_("That file is a PDF and something else at once. Save it as a PDF again, then choose that."))
    return PDF


def _is_text(file, start):
    """Whether all of it decodes, and has none of the control characters that no text has."""
    encoding = _BYTE_ORDER_MARKS.get(start[:2], "utf-8")
    return _decodes(file, encoding) or (encoding == "utf-8" and _decodes(file, "latin-1"))


def _decodes(file, encoding):
    decode = codecs.getincrementaldecoder(encoding)().decode
    file.seek(0)
    try:
        while piece := file.read(A_PIECE):
            if _NOT_IN_TEXT.search(decode(piece)):
                return False
        decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _text(file, start):
    words = start.decode(_BYTE_ORDER_MARKS.get(start[:2], "utf-8"), errors="replace").lstrip("\ufeff")
    if words.startswith("{\\rtf"):
        raise Refused(_("RTF files can’t be added. Save it as a Word document or a PDF, then choose that."))
    if _BEGINS_AS_MARKUP.match(words) or _IS_MARKUP.search(words):
        raise Refused(_("Web pages and drawings in code (HTML, SVG) can’t be added. Save it as a PDF or a picture."))
    name = (getattr(file, "name", "") or "").lower()
    return CSV if name.endswith(CSV.extensions) else TEXT


def _why_not(mime):
    if mime in ("image/heic", "image/heif"):
        return _("Pictures in Apple’s own format (HEIC) can’t be opened here. Save it as JPEG, then choose that.")
    if mime == "image/apng":
        return moving()
    if mime.startswith("image/"):
        return _("That kind of picture can’t be opened here. Save it as JPEG or PNG, then choose that.")
    if mime.startswith("video/"):
        return _("Films can’t be added. Add a link to where it can be watched.")
    if mime.startswith("audio/"):
        return _("Recordings can’t be added. Add a link to where it can be heard.")
    if mime in ("application/x-msdownload", "application/x-executable", "application/x-mach-binary"):
        return _("Programs can’t be added.")
    if mime in _PACKED:
        return packages.packed()
    return _("We don’t know this kind of file. Save it as a PDF, then choose that.")


def moving() -> str:
    """What to say of a picture that moves."""
    return _("Moving pictures can’t be added. Choose a still one.")


_PACKED = {
    *("application/zip", "application/gzip", "application/x-tar", "application/x-7z-compressed", "application/x-bzip2"),
    *("application/x-rar-compressed", "application/x-xz", "application/zstd", "application/x-lzip"),
}
