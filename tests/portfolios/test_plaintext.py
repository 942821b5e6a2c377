import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolios.plaintext import from_plain, to_plain
from portfolios.richtext import clean, text
from tests.portfolios.soup import HOSTILE, soups

LINK = '<a href="https://example.org" rel="noopener noreferrer nofollow">survey</a>'
RICH = (
    f"<h2>Usage</h2><p>I read the {LINK} <strong>twice</strong>.<br>It helped.</p>"
    "<ul><li>one<ol><li>deep</li></ol></li><li>two</li></ul><h3>Next</h3><ol><li>a</li><li>b</li></ol>"
    "<blockquote><p>Well done</p><ul><li>indeed</li></ul></blockquote>"
    '<table><thead><tr><th colspan="2">Term</th></tr></thead>'
    "<tbody><tr><td>1</td><td>a|b<br>c</td></tr></tbody></table>"
    "<hr><p>End</p>"
)
PLAIN = """## Usage

I read the survey twice.
It helped.

- one
  1. deep
- two

### Next

1. a
2. b

> Well done

> - indeed

| Term |
| 1 | a\\|b / c |

---

End"""


def test_rich_text_reads_as_it_would_be_typed():
    assert to_plain(RICH) == PLAIN


def test_what_was_left_alone_keeps_its_formatting():
    assert from_plain(PLAIN.replace("\n", "\r\n"), RICH) == RICH


def test_a_changed_paragraph_becomes_plain_and_the_others_stay_rich():
    changed = PLAIN.replace("Well done", "Very well done").replace("| Term |", "| Year |")

    assert from_plain(changed, RICH) == RICH.replace("Well done", "Very well done").replace("Term", "Year")
    assert from_plain(PLAIN.replace("It helped", "It did"), RICH) == RICH.replace(LINK, "survey").replace(
        "<strong>twice</strong>", "twice"
    ).replace("It helped", "It did")


def test_paragraphs_may_be_added_moved_and_taken_away():
    base = "<p><em>a</em> b</p><p><strong>c</strong></p>"

    assert from_plain("new\n\nc\n\n\n\na b", base) == ("<p>new</p><p><strong>c</strong></p><p><em>a</em> b</p>")
    assert from_plain("c", base) == "<p><strong>c</strong></p>"
    assert from_plain(" \n", base) == ""


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("a\nb\n\nc", "<p>a<br>b</p><p>c</p>"),
        ("To do:\n- a\n* b\n\n• c", "<p>To do:</p><ul><li>a</li><li>b</li><li>c</li></ul>"),
        ("- a\n\n\n- b", "<ul><li>a</li></ul><ul><li>b</li></ul>"),
        ("- a\n  more\n    - b", "<ul><li>a<br>more<ul><li>b</li></ul></li></ul>"),
        ("1. a\n2) b\n- c", "<ol><li>a</li><li>b</li></ol><ul><li>c</li></ul>"),
        ("# a\nb\n#### c", "<h2>a</h2><p>b</p><h3>c</h3>"),
        ("> a\n> b\nc", "<blockquote><p>a<br>b</p></blockquote><p>c</p>"),
        ("\\- a\n\\\\b", "<p>- a<br>\\b</p>"),
        ("-5 degrees, #1, 2.5 and a-b", "<p>-5 degrees, #1, 2.5 and a-b</p>"),
        ("-----", "<hr>"),
        (
            "|a|b\\|c|\n|d||",
            "<table><tbody><tr><td>a</td><td>b|c</td></tr><tr><td>d</td><td></td></tr></tbody></table>",
        ),
        ("<b>a</b> & <script>", "<p>&lt;b&gt;a&lt;/b&gt; &amp; &lt;script&gt;</p>"),
    ],
)
def test_signs_are_read(typed, html):
    assert from_plain(typed) == html


@pytest.mark.parametrize("payload", HOSTILE)
def test_nothing_typed_becomes_html(payload):
    assert "<" not in from_plain(payload).replace("<p>", "").replace("</p>", "").replace("<br>", "")


@given(soups)
def test_there_and_back_again_changes_nothing(html):
    rich = clean(html)

    assert from_plain(to_plain(rich), rich) == rich


@given(soups)
def test_all_words_survive_without_the_rich_text(html):
    rich = clean(html)

    words = text(from_plain(to_plain(rich))).replace(" / ", " ").split()

    assert words == text(rich).replace(" / ", " ").split()


@given(st.text(alphabet=st.sampled_from("ab -*.1#>|\\\n•/<"), max_size=40))
def test_whatever_is_typed_reads_the_same_the_next_time(typed):
    html = from_plain(typed)

    assert clean(html) == html
    assert from_plain(to_plain(html), html) == html
    assert from_plain(to_plain(html)) == html
