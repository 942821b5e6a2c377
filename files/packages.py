"""Documents that are zip archives: Office Open XML (ECMA-376) and OpenDocument (ISO 26300).

Nothing is unpacked but one small list of parts. What an archive says of itself is checked before it is opened: how many
parts, how large the list of them is, how large they would become.
"""

import struct
import zipfile
import zlib

from django.utils.translation import gettext as _
from lxml import etree

from files.types import EXCEL, OPEN_SHEET, OPEN_SLIDES, OPEN_TEXT, POWERPOINT, WORD, Refused, Type

MAGIC = b"PK\x03\x04"
MOST_PARTS = 5_000
LARGEST_LIST = 1_000_000  # bytes of the list of all parts
SMALL_ENOUGH = 20_000_000  # bytes, unpacked: nobody minds how they were packed
MOST_UNPACKED = 1_000_000_000
MOST_RATIO = 200  # plain spreadsheets stay below 60
LARGEST_PART_READ = 1_000_000

_END = b"PK\x05\x06"
_END_LENGTH = 22
_END_OF_LARGE = b"PK\x06\x07"
_LOCATOR_LENGTH = 20
_TAIL = _END_LENGTH + 65_535 + _LOCATOR_LENGTH
_WAYS_OF_PACKING = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_UNREADABLE = (zipfile.BadZipFile, zlib.error, etree.LxmlError, EOFError, OSError, ValueError, RuntimeError)

_CONTENT_TYPES = "[Content_Types].xml"
_MAIN_PARTS = {"wordprocessingml": WORD, "spreadsheetml": EXCEL, "presentationml": POWERPOINT}
_OPEN = {
    **{type.content_type: type for type in (OPEN_TEXT, OPEN_SHEET, OPEN_SLIDES)},
    **{f"{type.content_type}-template": type for type in (OPEN_TEXT, OPEN_SHEET, OPEN_SLIDES)},
}
_MACROS_IN_OPEN = ("basic/", "scripts/")


def sniff(file) -> Type:
    """The type of a file that begins as a zip archive. Raises Refused when it is no document that is taken."""
    _check_end(file)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            _check_parts(parts)
            return _type_of(archive, parts)
    except _UNREADABLE as error:
        raise Refused(damaged()) from error


def has_end(file) -> bool:
    """Whether readers of zip archives would find one in the file, whatever it begins with."""
    return _end(_tail(file)) is not None


def damaged() -> str:
    """What to say of a file that breaks off, or says nonsense of itself."""
    return _("That file is damaged. Save it anew, then choose it again.")


def packed() -> str:
    """What to say of an archive."""
    return _("Packed files (zip) can’t be added. Unpack it, and add what is inside.")


def _check_end(file):
    """The last record says how long the list of parts is: asked before the list is read."""
    tail = _tail(file)
    at = _end(tail)
    if at is None:
        raise Refused(damaged())
    _disk, _start, _here, parts, length = struct.unpack("<HHHHL", tail[at + 4 : at + 16])
    is_large = tail[max(0, at - _LOCATOR_LENGTH) :].startswith(_END_OF_LARGE)
    if is_large or parts > MOST_PARTS or length > LARGEST_LIST:
        raise Refused(_has_too_much())


def _check_parts(parts):
    unpacked = sum(part.file_size for part in parts)
    taken = sum(part.compress_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
        raise Refused(_has_too_much())
    if unpacked > SMALL_ENOUGH and unpacked > MOST_RATIO * taken:
        raise Refused(_has_too_much())
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(_("That file is locked with a password. Save a copy without one, then choose that."))
    if any(part.compress_type not in _WAYS_OF_PACKING or _leads_out(part.filename) for part in parts):
        raise Refused(packed())


def _type_of(archive, parts):
    names = {part.filename for part in parts}
    if _CONTENT_TYPES in names:
        return _office(archive)
    if parts and parts[0].filename == "mimetype":
        return _open(archive, names)
    raise Refused(packed())


def _office(archive):
    found = None
    for declared in _declared(_read(archive, _CONTENT_TYPES)):
        if "macro" in declared or "vbaproject" in declared:
            raise Refused(has_macros())
        if declared.endswith(".main+xml"):
            found = found or next((type for part, type in _MAIN_PARTS.items() if part in declared), None)
    if found is None:
        raise Refused(packed())
    return found


def _declared(xml):
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(xml, parser)
    if root.getroottree().docinfo.doctype:
        raise Refused(packed())
    return [element.get("ContentType", "").lower() for element in root.iter("{*}*")]


def _open(archive, names):
    if any(name.lower().startswith(_MACROS_IN_OPEN) for name in names):
        raise Refused(has_macros())
    declared = _read(archive, "mimetype").decode("ascii", errors="replace").strip()
    if declared not in _OPEN:
        raise Refused(packed())
    return _OPEN[declared]


def _read(archive, name):
    with archive.open(name) as part:
        content = part.read(LARGEST_PART_READ + 1)
    if len(content) > LARGEST_PART_READ:
        raise Refused(_has_too_much())
    return content


def has_macros() -> str:
    """What to say of a document that brings a program."""
    return _("That file brings a program with it (macros). Save a copy without them, or as a PDF, then choose that.")


def _has_too_much():
    return _("That file unpacks to far more than it seems. Save it as a PDF, then choose that.")


def _leads_out(name):
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or "\0" in name


def _tail(file):
    file.seek(0, 2)
    file.seek(max(0, file.tell() - _TAIL))
    return file.read()


def _end(tail):
    """Where the last record begins, found in the same two steps as zipfile's; None without one."""
    at = len(tail) - _END_LENGTH
    if at >= 0 and tail.startswith(_END, at) and tail.endswith(b"\0\0"):
        return at
    at = tail.rfind(_END)
    return at if 0 <= at <= len(tail) - _END_LENGTH else None
