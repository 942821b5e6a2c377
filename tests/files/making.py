"""Files to try with: pictures, documents and what only pretends to be one."""

import struct
import zipfile
import zlib
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image

from files.actions import set_photo

WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def upload(content, name="notes.txt"):
    return ContentFile(content, name=name)


def picture(width=60, height=40, format="JPEG", mode="RGB", colour="teal", **options):
    """The bytes of a picture."""
    content = BytesIO()
    Image.new(mode, (width, height), colour).save(content, format, **options)
    return content.getvalue()


def make_photo(person, colour="teal"):
    """A photo of the person, set by the real action."""
    return set_photo(person, upload(picture(colour=colour), "me.jpg"))


def flat_png(width, height):
    """A PNG of one colour, as small as it can be; its rows are made without holding the whole."""
    squeeze, row = zlib.compressobj(9), bytes(1 + width * 3)
    rows = b"".join(squeeze.compress(row) for _ in range(height)) + squeeze.flush()
    head = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(name, content):
    return struct.pack(">L", len(content)) + name + content + struct.pack(">L", zlib.crc32(name + content))


def archive(parts, packing=zipfile.ZIP_DEFLATED):
    """The bytes of a zip archive of {name: bytes}."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", packing) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return content.getvalue()


def office(main=WORD_MAIN, also="", **parts):
    """An Office document by its list of content types."""
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/main.xml" ContentType="{main}"/>{also}</Types>'
    )
    return archive({"[Content_Types].xml": types, "main.xml": "<a/>", **parts})


def open_document(kind="text", **parts):
    return archive({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": "<a/>", **parts})


def compound(top, deeper=()):
    """A Compound File with streams of these names at the top, and others in a folder of the first. [MS-CFB] 2.6."""
    names = ["Root Entry", *top, *deeper]
    entries = []
    for number, name in enumerate(names):
        is_top = 1 <= number <= len(top)
        right = number + 1 if is_top and number < len(top) else NOBODY
        if number > len(top) and number + 1 < len(names):
            right = number + 1
        child = 1 if number == 0 else (len(top) + 1 if number == 1 and deeper else NOBODY)
        entries.append(_entry(name, right, child))
    directory = b"".join(entries)
    directory += bytes(-len(directory) % 512)
    sectors = len(directory) // 512
    chain = [*range(2, sectors + 1), END]
    table = struct.pack("<128L", SELF, *chain, *[NOBODY] * (127 - len(chain)))
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<L", header, 48, 1)
    struct.pack_into("<LL", header, 68, END, 0)
    struct.pack_into("<109L", header, 76, 0, *[NOBODY] * 108)
    return bytes(header) + table + directory


NOBODY, END, SELF = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def _entry(name, right, child):
    entry = bytearray(128)
    letters = (name + "\0").encode("utf-16-le")
    entry[: len(letters)] = letters
    struct.pack_into("<H", entry, 64, len(letters))
    struct.pack_into("<LLL", entry, 68, NOBODY, right, child)
    return bytes(entry)
