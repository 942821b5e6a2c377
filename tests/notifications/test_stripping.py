"""What is left of a reply: its writer's own words, all of them, and nothing that they quote."""

import pytest

from notifications.inbound.markup import text_of
from notifications.inbound.stripping import cut, own_words

QUOTE = """\
> Ruth asked a question on “Usage review”
>
> Who did you ask?
>
> Answer Ruth: https://mentoring.example.org/portfolios/amina/usage-review/
"""
UNMARKED = QUOTE.replace("> ", "").replace(">", "")
TWO = "I asked Tom, who runs the desk.\n\nHe said yes at once."

GMAIL = f"""\
{TWO}

On Mon, 23 Nov 2026 at 09:12, Northmere <mentoring@example.org> wrote:

{QUOTE}"""
GMAIL_BROKEN = f"""\
{TWO}

On Mon, Nov 23, 2026 at 9:12 AM The Chartership Mentoring Programme <
mentoring@example.org> wrote:

{QUOTE}"""
GMAIL_BENEATH = f"""\
On Mon, 23 Nov 2026 at 09:12, Northmere <mentoring@example.org> wrote:

{QUOTE}
{TWO}
"""
APPLE = f"""\
{TWO}

Sent from my iPhone

> On 23 Nov 2026, at 09:12, Northmere <mentoring@example.org> wrote:
>
{QUOTE}"""
APPLE_GERMAN = f"""\
{TWO}

Von meinem iPhone gesendet

> Am 23.11.2026 um 09:12 schrieb Northmere <mentoring@example.org>:
>
{QUOTE}"""
OUTLOOK = f"""\
{TWO}

Kind regards,

Amina Okafor
Librarian, St Anne’s
0113 496 0000

From: Northmere <mentoring@example.org>
Sent: 23 November 2026 09:12
To: Amina Okafor <amina@example.org>
Subject: Ruth asked a question on “Usage review”

{UNMARKED}"""
OUTLOOK_ON_A_TELEPHONE = f"""\
{TWO}

Get Outlook for iOS<https://aka.example.org/o0ukef>
________________________________
From: Northmere
Sent: Monday, November 23, 2026 9:12:03 AM
To: Amina Okafor
Subject: Ruth asked a question on “Usage review”

{UNMARKED}"""
OUTLOOK_OF_OLD = f"""\
{TWO}

-----Original Message-----
From: Northmere [mailto:mentoring@example.org]
Sent: 23 November 2026 09:12
To: Amina Okafor
Subject: Ruth asked a question on “Usage review”

{UNMARKED}"""
OUTLOOK_FRENCH = f"""\
{TWO}

De : Northmere <mentoring@example.org>
Envoyé : lundi 23 novembre 2026 09:12
À : Amina Okafor <amina@example.org>
Objet : Ruth asked a question on “Usage review”

{UNMARKED}"""
YAHOO = f"""\
{TWO}

Sent from Yahoo Mail on Android

    On Monday, 23 November 2026 at 09:12:03 GMT, Northmere <mentoring@example.org> wrote:

 {UNMARKED}"""
PROTON = f"""\
{TWO}

Sent with [Proton Mail](https://proton.example.org/mail/home) secure email.

On Monday, November 23rd, 2026 at 09:12, Northmere <mentoring@example.org> wrote:

{QUOTE}"""
THUNDERBIRD_FRENCH = f"""\
{TWO}

Le 23/11/2026 à 09:12, Northmere a\u202fécrit\xa0:
{QUOTE}"""
A_LANGUAGE_NOBODY_LISTED = f"""\
{TWO}

2026-11-23 09:12 ezt írta (mentoring@example.org)
– Northmere <mentoring@example.org>:
{QUOTE}"""
DELIMITER = f"""\
{TWO}

--\x20
Amina Okafor
Everything I know I read somewhere.

On Mon, 23 Nov 2026 at 09:12, Northmere <mentoring@example.org> wrote:
{QUOTE}"""


@pytest.mark.parametrize(
    "email",
    [
        pytest.param(email, id=name.lower())
        for name, email in list(globals().items())
        if name.isupper() and isinstance(email, str) and TWO in email and name != "TWO"
    ],
)
def test_two_lines_come_out_of_every_programs_reply(email):
    assert own_words(email) == TWO


def test_answers_between_quoted_lines_stay_in_their_order():
    email = """\
Hello Ruth,

On Mon, 23 Nov 2026 at 09:12, Northmere <mentoring@example.org> wrote:

> Who did you ask?

Tom, who runs the desk.

> And when?
> In March?

In April.

--
Amina
"""

    assert own_words(email) == "Hello Ruth,\n\nTom, who runs the desk.\n\nIn April."


@pytest.mark.parametrize(
    "words",
    [
        "Take care of the second table.\nThen share it.",
        "Thanks, Ruth.\n\nI changed the second table, and the note beneath.",
        "Best of all was the desk.",
        "Thank you,\nI will ask Tom on Thursday.\nHe knows.",
        "A: yes\nA: no\nA: perhaps",
        "Do: ask Tom\nDon’t: wait",
        "- one\n- two\n- three",
        "On page 3 you wrote:\nthe desk opens at nine. That was last year.",
        "From: the desk\nI saw it all.",
        "I asked three people:\nTom, Ana and Joel.",
        "First\n\n-----\n\nSecond",
        "    indented\n\tand more",
        "x" * 5_000,
        "One line that goes on, " * 400 + "and ends.",
        "Thanks,\nAmina",
        "Sent it to Tom.",
        "Regards",
    ],
)
def test_what_only_looks_like_a_quotation_or_a_signature_stays(words):
    assert own_words(words) == words.strip()
    assert own_words(f"{words}\n\nOn Mon, 23 Nov 2026 at 09:12, Northmere <m@example.org> wrote:\n\n{QUOTE}") == (
        words.strip()
    )


def test_long_lines_come_back_as_they_were_written():
    line = "word " * 300
    email = f"{line}\nSecond.\n\nOn Mon, 23 Nov 2026 at 09:12, Northmere <m@example.org> wrote:\n\n{QUOTE}"

    assert own_words(email) == f"{line.strip()}\nSecond."


def test_a_line_of_on_on_on_is_nothing_but_long():
    """A megabyte of it takes the library's own way of reading hours."""
    words = own_words("Mine.\n\n" + "On " * 350_000)

    assert words[:14] == "Mine.\n\nOn On O"
    assert len(words) in (99_999, 100_000)


def test_a_hundred_replies_within_replies_are_all_left_out():
    nested = "".join(
        f"{'>' * depth} On {depth % 28 + 1} Nov 2026, at 09:12, Ruth <ruth@example.org> wrote:\n{'> ' * depth}\n"
        f"{'> ' * depth}And so on and so on.\n"
        for depth in range(1, 101)
    )

    assert own_words(f"{TWO}\n\nOn 23 Nov 2026, at 09:12, Ruth <ruth@example.org> wrote:\n{nested}") == TWO


def test_a_hundred_unmarked_replies_are_all_left_out():
    one = "On 23 Nov 2026, at 09:12, Ruth <ruth@example.org> wrote:\n\nAnd so on.\n\n"

    assert own_words(f"{TWO}\n\n{one * 100}") == TWO


def test_words_beneath_a_very_long_quotation_are_found():
    quoted = "> And so on and so on and so on.\n" * 50_000

    assert own_words(f"On 23 Nov 2026, at 09:12, Ruth <ruth@example.org> wrote:\n{quoted}\n{TWO}") == TWO


def test_nothing_but_a_quotation_leaves_nothing():
    assert own_words(f"On Mon, 23 Nov 2026 at 09:12, Northmere <mentoring@example.org> wrote:\n\n{QUOTE}") == ""
    assert own_words(OUTLOOK.partition("Kind regards")[2].partition("0000")[2]) == ""
    assert own_words(" \n\n ") == ""


@pytest.mark.parametrize(
    "email", [GMAIL, GMAIL_BENEATH, DELIMITER.replace("-- \nAmina Okafor\nEverything I know I read somewhere.\n", "")]
)
def test_the_rough_way_finds_the_same_in_plain_cases(email):
    assert cut(email) == TWO


def test_the_rough_way_takes_what_stands_beneath_when_nothing_stands_above():
    assert cut(f"{QUOTE}\n{TWO}") == TWO


def test_html_becomes_the_lines_that_its_reader_sees():
    page = """\
<html><head><style>p { color: red }</style></head><body>
<p class="MsoNormal">First <b>line</b>,<br>second&nbsp;line.</p>
<p class="MsoNormal">Third.</p>
<p>A paragraph with <a href="https://example.org/x">a link</a> and
<a href="https://example.org/">https://example.org</a>.</p><!-- not <p>seen</p> -->
<ul><li>one</li><li><p>two</p></li></ul>
<pre>as
  it is</pre>
<blockquote><p>Quoted.</p><blockquote>Twice.</blockquote></blockquote>
after</body></html>"""

    assert (
        text_of(page)
        == """\
First line,
second\xa0line.
Third.

A paragraph with a link (https://example.org/x) and https://example.org.

- one
- two

as
  it is

> Quoted.
>
> > Twice.
> >
after"""
    )


@pytest.mark.parametrize(
    "page", ["", " ", "<", "<!-- -->", "\x00", "<?xml version='1.0' encoding='utf-16'?>", "<html></html>"]
)
def test_html_of_nothing_is_nothing(page):
    assert text_of(page).strip("<") == ""


def test_html_of_a_thousand_elements_within_each_other_is_read():
    assert "deep" in text_of("<div>" * 200 + "deep" + "</div>" * 200)
    assert isinstance(text_of("<b><div>" * 50_000 + "x"), str)
