"""Emails are read in a process of their own, whatever they are made of."""

import base64
import quopri
from email.message import EmailMessage

import pytest

from notifications.inbound import mime
from notifications.inbound.reader import own_words
from notifications.inbound.reading import Read, Unreadable, read

QUOTED = "\n\nOn Mon, 23 Nov 2026 at 09:12, Northmere <mentoring@example.org> wrote:\n\n> Who did you ask?\n"


def words(raw):
    """As the process that reads emails finds them."""
    found = mime.read(raw.encode() if isinstance(raw, str) else raw)
    return own_words(found["text"], found["html"])


def part(kind, body, *headers):
    return "\n".join([f"Content-Type: {kind}", *headers, "", body])


def parts(kind, *inner, boundary="=_1"):
    body = "".join(f"--{boundary}\n{one}\n" for one in inner)
    return f'Content-Type: {kind}; boundary="{boundary}"\n\n{body}--{boundary}--\n'


def test_the_plain_words_are_taken_from_an_email_in_two_forms():
    page = "<div>I asked <b>Tom</b>.</div><blockquote>Who did you ask?</blockquote>"
    raw = parts("multipart/alternative", part("text/plain", f"I asked *Tom*.{QUOTED}"), part("text/html", page))

    assert words(raw) == "I asked *Tom*."


def test_a_sentence_that_was_broken_only_to_be_sent_stands_in_one_line_again():
    broken = "I asked Tom, who runs the desk and who knows\neverybody.\n\nHe said yes." + QUOTED
    page = (
        "<div>I asked Tom, who runs the desk and who knows everybody.</div><div><br></div><div>He said yes.</div>"
        "<div>On Mon, 23 Nov 2026 at 09:12, Northmere &lt;mentoring@example.org&gt; wrote:<br></div>"
        "<blockquote>Who did you ask?</blockquote>"
    )
    raw = parts("multipart/alternative", part("text/plain", broken), part("text/html", page))

    assert words(raw) == "I asked Tom, who runs the desk and who knows everybody.\n\nHe said yes."


def test_an_email_in_html_alone_is_read_as_its_writer_saw_it():
    page = (
        "<p class='MsoNormal'>I asked Tom.<o:p></o:p></p><p class='MsoNormal'>&nbsp;</p><p class='MsoNormal'>Yes.</p>"
        "<div id='divRplyFwdMsg'><b>From:</b> Northmere &lt;mentoring@example.org&gt;<br><b>Sent:</b> Monday<br>"
        "<b>To:</b> Amina<br><b>Subject:</b> Ruth asked</div><div>Who did you ask?</div>"
    )

    assert words(part("text/html; charset=utf-8", page)) == "I asked Tom.\n\nYes."
    both = parts("multipart/alternative", part("text/plain", " \n"), part("text/html", page))
    assert words(both) == "I asked Tom.\n\nYes."


def test_lines_that_flow_are_joined():
    body = "I asked Tom, who runs the \ndesk.\n From the start.\n"
    body += "On 23 Nov 2026, at 09:12, R <r@x> wrote:\n> Who \n> else?\n-- \nAmina\n"

    assert words(part("text/plain; format=flowed", body)) == "I asked Tom, who runs the desk.\nFrom the start."
    assert words(part("text/plain; format=flowed; delsp=yes", "In one wo \nrd.")) == "In one word."


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        ("utf-8", "Zoë’s".encode()),
        ("iso-8859-1", b"Zo\xeb\x92s"),
        ("windows-1252", b"Zo\xeb\x92s"),
        ("utf-8", b"Zo\xeb\x92s"),
        ("us-ascii", "Zoë’s".encode()),
        ("x-unknown", "Zoë’s".encode()),
        ("hex", "Zoë’s".encode()),
        ("utf-16", "Zoë’s".encode("utf-16")),
        ('"', "Zoë’s".encode()),
    ],
)
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable", "x-unknown"])
def test_letters_survive_wrong_and_odd_encodings(charset, body, encoding):
    coded = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(encoding, bytes)(body)
    headers = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"

    if charset == "utf-16" and encoding in ("8bit", "x-unknown"):
        return
    assert words(headers.encode() + coded) == "Zoë’s"


def test_control_characters_and_halves_of_characters_are_left_out():
    assert words(b"Content-Type: text/plain; charset=utf-16\n\n" + "a\ud800b".encode("utf-16", "surrogatepass")) != ""
    assert words("Content-Type: text/plain\n\nA\x00B\x1b[31mC\x85\r\nD\rE\tF") == "AB[31mC\nD\nE\tF"


def test_files_are_named_and_pictures_within_the_words_are_not_files():
    email = EmailMessage()
    email.set_content("Words.")
    email.add_alternative("<p>Words.<img src='cid:1'></p>", subtype="html")
    email.get_payload()[1].add_related(b"x", "image", "png", cid="<1>", filename="logo.png", disposition="inline")
    email.add_attachment(b"x", maintype="application", subtype="pdf", filename="Prüfung.pdf")
    email.add_attachment("notes", filename="notes.txt")
    email.add_attachment(EmailMessage())

    found = read(email.as_bytes())

    assert (found.words, found.files) == ("Words.", ["Prüfung.pdf", "notes.txt", ""])


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", ""),
        (b"\n\n\n", ""),
        (b"\xff\xfe\x00", "ÿþ"),
        (b"no header at all", "no header at all"),
        (b"Content-Type: multipart/mixed\n\nWords.", "Words."),
        (b'Content-Type: multipart/mixed; boundary="x"\n\nWords without an end.', "Words without an end."),
        (b'Content-Type: multipart/mixed; boundary="x"\n\n--x\n\nWords.', "Words."),
        (b"Content-Type: ;;;=\nContent-Disposition: ==;\n\nWords.", "Words."),
        (b"Content-Type: text/plain; charset*=utf-8''%zz%\n\nWords.", "Words."),
        (b"Content-Transfer-Encoding: base64\n\n!!!", ""),
        (b"Content-Type: text/html\n\n<p", ""),
    ],
)
def test_broken_emails_are_read_as_far_as_they_go(raw, expected):
    assert words(raw) == expected


def nested(depth):
    for number in range(depth):
        yield f'Content-Type: multipart/mixed; boundary="{number}"\n\n--{number}\n'


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("".join(nested(10_000)) + "\nWords.", id="nested"),
        pytest.param("Content-Type: multipart/mixed; boundary=x\n\n" + "--x\n\n" * 1_500_000, id="many parts"),
    ],
)
def test_what_would_take_too_long_or_too_much_is_given_up(raw):
    with pytest.raises(Unreadable):
        read(raw.encode())


def test_what_takes_too_long_to_be_stripped_is_cut_roughly():
    """Years without end: our own patterns, too, may meet what they cannot deal with."""
    endless = "2026 " * 19_000
    raw = f"Mine.\n\n{endless}:\n> Who did you ask?\n"

    assert read(f"Content-Type: text/plain\n\n{raw}".encode()) == Read("Mine.", raw.strip(), [], None)


def test_a_megabyte_of_on_on_on_is_read_whole():
    found = read(f"Content-Type: text/plain\n\nMine.\n\n{'On ' * 350_000}".encode())

    assert found.words.startswith("Mine.\n\nOn On")
    assert len(found.whole) > 900_000


def test_a_hundred_replies_within_replies_are_read():
    level = "On 23 Nov 2026, at 09:12, Ruth <ruth@example.org> wrote:"
    quoted = "\n".join(f"{'>' * depth} {level}\n{'>' * (depth + 1)} Text" for depth in range(1, 101))

    assert words(f"Content-Type: text/plain\n\nMine.\n\n{level}\n{quoted}") == "Mine."
