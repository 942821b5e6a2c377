"""Documents in Microsoft's older container, the Compound File Binary Format ([MS-CFB]): a small file system.

Only its directory is read, and only as much of it as any document has.
"""

import struct

from django.utils.translation import gettext as _

from files.packages import damaged, has_macros
from files.types import OLD_EXCEL, OLD_POWERPOINT, OLD_WORD, Refused, Type

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_SECTORS = 2_000  # of the directory: 8,000 entries
MOST_LISTS = 200  # sectors that say where the allocation table is

_LAST = 0xFFFFFFFA  # numbers above it are no sectors
_NOBODY = 0xFFFFFFFF
_ENTRY = 128  # bytes
_DOCUMENTS = {
    "WordDocument": OLD_WORD,
    "Workbook": OLD_EXCEL,
    "Book": OLD_EXCEL,
    "PowerPoint Document": OLD_POWERPOINT,
}
_MACROS = {"_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA", "Macros"}
_LOCKED = {"EncryptedPackage", "EncryptionInfo"}


def sniff(file) -> Type:
    """The type of a file in this container. Raises Refused when it is no document that is taken."""
    try:
        entries = _entries(file)
        names = _at_the_top(entries)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise Refused(damaged()) from error
    if _LOCKED & names:
        raise Refused(_("That file is locked with a password. Save a copy without one, then choose that."))
    if _MACROS & {name for name, *_siblings in entries}:
        raise Refused(has_macros())
    for name, type in _DOCUMENTS.items():
        if name in names:
            return type
    raise Refused(_("We don’t know this kind of file. Save it as a PDF, then choose that."))


def _entries(file):
    """(name, left, right, child) of every entry: the numbers are those of other entries."""
    file.seek(0)
    header = file.read(512)
    size = 1 << _checked_shift(struct.unpack_from("<H", header, 30)[0])
    table = _table(file, header, size)
    entries = []
    for sector in _chain(struct.unpack_from("<L", header, 48)[0], table):
        content = _sector(file, sector, size)
        for at in range(0, len(content) - _ENTRY + 1, _ENTRY):
            length = min(struct.unpack_from("<H", content, at + 64)[0], 64)
            name = content[at : at + max(0, length - 2)].decode("utf-16-le")
            entries.append((name, *struct.unpack_from("<LLL", content, at + 68)))
    return entries


def _checked_shift(shift):
    if shift not in (9, 12):
        raise IndexError("sectors of no known size")
    return shift


def _table(file, header, size):
    """A function from the number of a sector to that of the one which follows it."""
    places = list(struct.unpack_from("<109L", header, 76))
    following, count = struct.unpack_from("<LL", header, 68)
    for _list in range(min(count, MOST_LISTS)):
        if following >= _LAST:
            break
        numbers = struct.unpack(f"<{size // 4}L", _sector(file, following, size))
        places += numbers[:-1]
        following = numbers[-1]
    each = size // 4

    def follows(sector):
        content = _sector(file, places[sector // each], size)
        return struct.unpack_from("<L", content, sector % each * 4)[0]

    return follows


def _chain(sector, follows):
    for _number in range(MOST_SECTORS):
        if sector >= _LAST:
            return
        yield sector
        sector = follows(sector)
    raise IndexError("a directory without end")


def _sector(file, number, size):
    if number >= _LAST:
        raise IndexError("no sector")
    file.seek((number + 1) * size)
    return file.read(size)


def _at_the_top(entries):
    """Names of what stands beside each other at the top: what is embedded in a document lies deeper."""
    names, waiting, seen = set(), [entries[0][3]], {_NOBODY}
    while waiting:
        number = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        name, left, right, _child = entries[number]
        names.add(name)
        waiting += [left, right]
    return names
