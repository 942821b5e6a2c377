"""Names as people gave them, made fit to be shown, sent in a header and saved."""

import pytest

from files.names import clean_name
from files.sizes import MB, in_words
from files.types import JPEG, PDF, PNG, TEXT, WORD

RIGHT_TO_LEFT = "\u202e"


@pytest.mark.parametrize(
    ("given", "type", "kept"),
    [
        ("Induction survey 2026.pdf", PDF, "Induction survey 2026.pdf"),
        ("Łukasz – 図書館.pdf", PDF, "Łukasz – 図書館.pdf"),
        ("REPORT.PDF", PDF, "REPORT.PDF"),
        ("../../etc/passwd", TEXT, "passwd.txt"),
        ("C:\\Users\\Amina\\cv.docx", WORD, "cv.docx"),
        ("a\r\nSet-Cookie: x=1\r\n.pdf", PDF, "aSet-Cookie- x=1.pdf"),
        ("a\0b.pdf", PDF, "ab.pdf"),
        (f"invoice{RIGHT_TO_LEFT}fdp.exe", PDF, "invoicefdp.exe.pdf"),
        ("run.bat", TEXT, "run.bat.txt"),
        ("page.html", TEXT, "page.html.txt"),
        ("drawing.svg", PNG, "drawing.svg.png"),
        ("holiday.png", JPEG, "holiday.jpg"),
        ("holiday.JPEG", JPEG, "holiday.JPEG"),
        ("old.doc", WORD, "old.docx"),
        ("cv.pdf. . ", PDF, "cv.pdf"),
        (".htaccess", TEXT, "htaccess.txt"),
        (".pdf", PDF, "file.pdf"),
        ("", JPEG, "file.jpg"),
        ("..", JPEG, "file.jpg"),
        ("\u200b", JPEG, "file.jpg"),
        ('<img src=x onerror="alert(1)">.jpg', JPEG, "-img src=x onerror=-alert(1)--.jpg"),
        ("e\u0301te\u0301.pdf", PDF, "été.pdf"),
        (f"{'long ' * 60}.pdf", PDF, f"{'long ' * 39}l.pdf"),
    ],
)
def test_a_name_is_shown_whole_and_ends_as_its_content_does(given, type, kept):
    assert clean_name(given, type) == kept


def test_no_name_is_longer_than_its_column():
    assert len(clean_name("x" * 1000, WORD)) == 200


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (812, "812 bytes"),
        (240 * 1024, "240 KB"),
        (1024 * 1024 - 1, "1 MB"),
        (int(4.15 * MB), "4.2 MB"),
        (20 * MB, "20 MB"),
        (20 * MB + 1, "20.1 MB"),
        (31 * MB, "31 MB"),
    ],
)
def test_sizes_are_said_in_words_and_never_as_less_than_they_are(size, words):
    assert in_words(size) == words
