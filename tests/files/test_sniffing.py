"""What is taken and what is not, by content alone; whatever the name says."""

import struct
import zipfile

import pytest

from files.sniffing import sniff
from files.types import Refused
from tests.files.making import archive, compound, flat_png, office, open_document, picture, upload

OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

TAKEN = {
    "a JPEG": (picture(), "image/jpeg"),
    "a PNG": (picture(format="PNG"), "image/png"),
    "a WebP": (picture(format="WEBP"), "image/webp"),
    "a still GIF": (picture(format="GIF"), "image/gif"),
    "a PDF": (b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF", "application/pdf"),
    "Word": (office(), f"{OOXML}.wordprocessingml.document"),
    "a Word template": (office(f"{OOXML}.wordprocessingml.template.main+xml"), f"{OOXML}.wordprocessingml.document"),
    "Excel": (office(f"{OOXML}.spreadsheetml.sheet.main+xml"), f"{OOXML}.spreadsheetml.sheet"),
    "PowerPoint": (office(f"{OOXML}.presentationml.slideshow.main+xml"), f"{OOXML}.presentationml.presentation"),
    "old Word": (compound(["WordDocument", "1Table"]), "application/msword"),
    "old Excel": (compound(["Workbook"]), "application/vnd.ms-excel"),
    "old Excel with a letter in it": (compound(["Workbook"], ["WordDocument"]), "application/vnd.ms-excel"),
    "old PowerPoint": (compound(["Current User", "PowerPoint Document"]), "application/vnd.ms-powerpoint"),
    "OpenDocument text": (open_document("text"), f"{ODF}.text"),
    "OpenDocument sheet": (open_document("spreadsheet"), f"{ODF}.spreadsheet"),
    "OpenDocument slides": (open_document("presentation-template"), f"{ODF}.presentation"),
    "text": ("Was fragten Sie – „vierzig“?\r\n".encode(), "text/plain"),
    "text of an old computer": ("Café, naïve\n".encode("cp1252"), "text/plain"),
    "text of Windows": ("\ufeffŁukasz".encode("utf-16-le"), "text/plain"),
    "text that begins like a bitmap": (b"BM, BN, BO\n", "text/plain"),
    "text that begins like a picture": (b"GIFTS for Ruth\n", "text/plain"),
    "a virus scanner's test words": (EICAR, "text/plain"),
    "words about a script far down": (b"word " * 2000 + b"<script>alert(1)</script>", "text/plain"),
}


@pytest.mark.parametrize("what", TAKEN)
@pytest.mark.parametrize("name", ["x.exe", "x.svg", "x"])
def test_a_file_is_what_its_content_says(what, name):
    content, content_type = TAKEN[what]

    assert sniff(upload(content, name)).content_type == content_type


def test_a_table_of_text_is_told_by_its_name():
    assert sniff(upload(b"name,place\nAmina,Leeds\n", "people.CSV")).content_type == "text/csv"


def test_a_file_is_left_at_its_beginning():
    file = upload(office())

    sniff(file)

    assert file.tell() == 0


MACROS = "That file brings a program with it (macros). Save a copy without them, or as a PDF, then choose that."
MARKUP = "Web pages and drawings in code (HTML, SVG) can’t be added. Save it as a PDF or a picture."
PACKED = "Packed files (zip) can’t be added. Unpack it, and add what is inside."
LOCKED = "That file is locked with a password. Save a copy without one, then choose that."
DAMAGED = "That file is damaged. Save it anew, then choose it again."
TOO_MUCH = "That file unpacks to far more than it seems. Save it as a PDF, then choose that."
RTF = "RTF files can’t be added. Save it as a Word document or a PDF, then choose that."
UNKNOWN = "We don’t know this kind of file. Save it as a PDF, then choose that."
MACRO_PART = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
HIDDEN_MACRO_PART = '<Default Extension="bin" ContentType="application/vnd.ms-office.vba&#80;roject"/>'
MACRO_SHEET = '<Override PartName="/m.xml" ContentType="application/vnd.ms-excel.macrosheet+xml"/>'

REFUSED = {
    "nothing": (b"", "That file is empty. Choose another one."),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', MARKUP),
    "SVG after a comment": (b"<!-- hello --><svg onload='alert(1)'/>", MARKUP),
    "SVG as XML": (b'\xef\xbb\xbf<?xml version="1.0"?>\n<svg/>', MARKUP),
    "SVG of Windows": ("\ufeff <svg onload='alert(1)'/>".encode("utf-16-le"), MARKUP),
    "HTML": (b"<!DOCTYPE html><script>alert(1)</script>", MARKUP),
    "HTML after words": (b"Dear Ruth,\n\n<html><body onload='alert(1)'>", MARKUP),
    "HTML without a head": (b"  \n<script >alert(1)</script>", MARKUP),
    "a program called photo.jpg": (b"MZ\x90\x00\x03" + bytes(60), "Programs can’t be added."),
    "an iPhone's picture": (
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        "Pictures in Apple’s own format (HEIC) can’t be opened here. Save it as JPEG, then choose that.",
    ),
    "a bitmap": (
        picture(format="BMP"),
        "That kind of picture can’t be opened here. Save it as JPEG or PNG, then choose that.",
    ),
    "a film": (
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(8),
        "Films can’t be added. Add a link to where it can be watched.",
    ),
    "a recording": (b"ID3\x03" + bytes(99), "Recordings can’t be added. Add a link to where it can be heard."),
    "a zip": (archive({"notes.txt": b"Notes."}), PACKED),
    "a Java program": (archive({"META-INF/MANIFEST.MF": b"Main-Class: x"}), PACKED),
    "a gzip": (b"\x1f\x8b\x08\0" + bytes(20), PACKED),
    "a zip cut short": (archive({"a": b"b" * 99})[:80], DAMAGED),
    "an Office document with a damaged list": (archive({"[Content_Types].xml": b"<Types"}), DAMAGED),
    "an Office document with its own entities": (
        archive({"[Content_Types].xml": b'<!DOCTYPE a [<!ENTITY b "c">]><Types ContentType="&b;"/>'}),
        PACKED,
    ),
    "Word with macros": (office("application/vnd.ms-word.document.macroEnabled.main+xml"), MACROS),
    "Word with macros called plain": (office(also=MACRO_PART), MACROS),
    "Word with macros written in code": (office(also=HIDDEN_MACRO_PART), MACROS),
    "Excel with sheets of macros": (office(f"{OOXML}.spreadsheetml.sheet.main+xml", MACRO_SHEET), MACROS),
    "OpenDocument with macros": (open_document("text", **{"Basic/Standard/Module1.xml": "<a/>"}), MACROS),
    "an OpenDocument drawing": (open_document("graphics"), PACKED),
    "old Word with macros": (compound(["WordDocument", "Macros"]), MACROS),
    "old Excel with macros deep down": (compound(["Workbook"], ["_VBA_PROJECT"]), MACROS),
    "Word behind a password": (compound(["EncryptedPackage", "EncryptionInfo"]), LOCKED),
    "an Outlook message": (compound(["__properties_version1.0"]), UNKNOWN),
    "an installer's container cut short": (compound(["WordDocument"])[:600], DAMAGED),
    "a PDF that is a zip, too": (
        b"%PDF-1.7\n%%EOF\n" + archive({"a.class": b"x"}),
        "That file is a PDF and something else at once. Save it as a PDF again, then choose that.",
    ),
    "RTF": (b"{\\rtf1\\ansi Hello}", RTF),
    "bytes without sense": (bytes(range(256)) * 4, UNKNOWN),
    "text with a NUL": (b"Hello\0there", UNKNOWN),
    "parts that lead out": (office(**{"../../etc/passwd": "x"}), PACKED),
    "parts that begin at the root": (office(**{"/etc/passwd": "x"}), PACKED),
}


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.parametrize("name", ["photo.jpg", "notes.txt"])
def test_everything_else_is_refused_in_words_that_name_the_fix(what, name):
    content, words = REFUSED[what]

    with pytest.raises(Refused) as refused:
        sniff(upload(content, name))

    assert str(refused.value) == words


def test_a_document_behind_a_password_is_refused():
    locked = bytearray(office())
    for at in (locked.find(b"PK\x01\x02") + 8, 6):
        struct.pack_into("<H", locked, at, 1)

    with pytest.raises(Refused, match="locked with a password"):
        sniff(upload(bytes(locked)))


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(lambda: office(**{"big.xml": bytes(200_000_000)}), id="194 kB that become 200 MB"),
        pytest.param(lambda: office(**{f"{n}.xml": b"" for n in range(10_000)}), id="10,000 parts"),
        pytest.param(lambda: _says_that_it_has(office(), parts=0xFFFF), id="more parts than it has"),
        pytest.param(lambda: _says_that_it_has(office(), length=50_000_000), id="a list longer than the file"),
        pytest.param(lambda: _of_the_large_kind(office()), id="a list that is somewhere else"),
    ],
)
def test_a_small_file_that_unpacks_to_a_large_one_is_refused(bomb):
    content = bomb()
    assert len(content) < 1_200_000

    with pytest.raises(Refused) as refused:
        sniff(upload(content))

    assert str(refused.value) == TOO_MUCH


def test_a_well_filled_sheet_is_no_bomb():
    rows = b"".join(b'<row r="%d"><c><v>%d</v></c></row>' % (number, number * 7919) for number in range(700_000))

    sheet = office(f"{OOXML}.spreadsheetml.sheet.main+xml", **{"sheet.xml": rows})

    assert len(rows) > 20_000_000
    assert sniff(upload(sheet)).content_type == f"{OOXML}.spreadsheetml.sheet"


def test_parts_packed_in_unusual_ways_are_refused():
    with pytest.raises(Refused) as refused:
        sniff(upload(archive({"mimetype": b"x"}, zipfile.ZIP_LZMA)))

    assert str(refused.value) == PACKED


def test_a_picture_that_pretends_is_taken_for_one_here_and_refused_when_it_is_opened():
    """It is made anew from its dots (test_images)."""
    assert sniff(upload(flat_png(2, 2) + b"<script>alert(1)</script>")).content_type == "image/png"


def _says_that_it_has(content, parts=None, length=None):
    content = bytearray(content)
    end = content.rfind(b"PK\x05\x06")
    if parts:
        struct.pack_into("<HH", content, end + 8, parts, parts)
    if length:
        struct.pack_into("<L", content, end + 12, length)
    return bytes(content)


def _of_the_large_kind(content):
    end = content.rfind(b"PK\x05\x06")
    return content[:end] + b"PK\x06\x07" + bytes(16) + content[end:]
