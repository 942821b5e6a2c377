import json
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolios.comparison import Comparison, Kind, compare, excerpts
from portfolios.richtext import clean, clean_comparison, is_clean, parse, text
from tests.portfolios.soup import HOSTILE, soups

OLD_OPENING = (
    "In October I was asked to review our library induction. I found it difficult at first,"
    " but I asked colleagues for feedback."
)
NEW_OPENING = (
    "In October I offered to lead the review of our library induction. I found it difficult at first,"
    " so I asked six colleagues and eleven students for feedback."
)


def kinds(comparison):
    return [block.kind.value for block in comparison.blocks]


def html_of(comparison):
    return [block.html for block in comparison.blocks]


def paragraphs(*words):
    return "".join(f"<p>{each}</p>" for each in words)


def without(mark, html):
    """Drop what is marked so, and take the other mark off."""
    return re.sub("</?(ins|del)>", "", re.sub(f"<{mark}>.*?</{mark}>", "", html))


def as_new(comparison):
    blocks = [without("del", block.html) for block in comparison.blocks if block.kind != Kind.REMOVED]
    return [text(block) for block in blocks if text(block)]


def as_old(comparison, *, moved):
    """The old words of each block, with or without those that stood elsewhere."""
    blocks = [
        block.before or without("ins", block.html)
        for block in comparison.blocks
        if block.kind != Kind.ADDED and moved in (None, block.kind == Kind.MOVED)
    ]
    return [text(block) for block in blocks if text(block)]


def lines(html):
    return [leaf.text for leaf in parse(html) if leaf.text.strip()]


def unbroken(words):
    return [each.replace("\n", " ") for each in words]


def check_invariants(old, new):
    comparison = compare(old, new)
    assert unbroken(as_new(comparison)) == unbroken(lines(new))
    assert Counter(unbroken(as_old(comparison, moved=None))) == Counter(unbroken(lines(old)))
    rest = iter(unbroken(lines(old)))
    assert all(words in rest for words in unbroken(as_old(comparison, moved=False)))
    for block in comparison.blocks:
        table = f"<table>{block.html}</table>" if block.tag == "tr" else block.html
        whole = clean_comparison(table)
        assert block.inner in whole if block.tag != "hr" else whole == "<hr>"
        assert not re.search(r"</ins>\s*<del>", block.html)
    assert Comparison.from_json(json.loads(json.dumps(comparison.as_json()))) == comparison
    printed = "".join(
        f"{piece.opens}<{piece.tag}>{piece.inner}{piece.end_tag}{piece.closes}" for piece in comparison.pieces
    )
    assert clean_comparison(printed) == printed
    assert is_clean(printed, marks=True)
    for excerpt in excerpts(comparison, limit=99):
        assert len(excerpt.was.replace("…", "").split()) <= 40
        assert len(excerpt.now.replace("…", "").split()) <= 40
        assert not re.sub("</?(ins|del)>|&(lt|gt|amp);", "", excerpt.html).count("<")
    return comparison


def test_an_edited_paragraph_is_marked_word_by_word_deletion_first():
    comparison = compare(paragraphs(OLD_OPENING), paragraphs(NEW_OPENING))

    assert kinds(comparison) == ["edited"]
    assert html_of(comparison) == [
        "<p>In October I <del>was asked to</del> <ins>offered to lead the</ins> review <ins>of</ins> our library"
        " induction. I found it difficult at first, <del>but</del> <ins>so</ins> I asked <ins>six</ins> colleagues"
        " <ins>and eleven students</ins> for feedback.</p>"
    ]
    assert (comparison.changes, comparison.words_changed) == (1, 14)


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("I went", "Then I went", "<ins>Then</ins> I went"),
        ("a red cat", "a cat", "a <del>red</del> cat"),
        ("It rose.", "It rose by ten.", "It rose<ins> by ten</ins>."),
        ("It rose", "It rose again", "It rose <ins>again</ins>"),
        ("one two", "one 2", "one <del>two</del> <ins>2</ins>"),
        ("We met, then left", "We met then left", "We met<del>,</del> then left"),
        ("well-run desk", "well-kept desk", "<del>well-run</del> <ins>well-kept</ins> desk"),
        ("1,200 visits", "1,300 visits", "<del>1,200</del> <ins>1,300</ins> visits"),
        ("no gap was left", "nogap was left", "<del>no gap</del> <ins>nogap</ins> was left"),
        ("full stop .", "full stop.", "full stop<del> </del>."),
        (
            "a cat sat. A dog ran.",
            "a cat sat. A cow ate. A dog ran.",
            "a cat sat. <ins>A cow ate.</ins> A dog ran.",
        ),
        (
            "see <em>this</em> page",
            "see <em>that</em> page",
            "see <del><em>this</em></del> <ins><em>that</em></ins> page",
        ),
        ("one two three", "one<br>two four three", "one<br>two <ins>four</ins> three"),
    ],
)
def test_marks_stand_around_the_very_words(old, new, marked):
    assert html_of(compare(paragraphs(old), paragraphs(new))) == [f"<p>{marked}</p>"]


def test_a_paragraph_before_an_edited_one_hides_nothing():
    comparison = compare(
        paragraphs(OLD_OPENING, "I had never run a review before."),
        paragraphs("Something quite new stands here.", NEW_OPENING, "I had never run a review before."),
    )

    assert kinds(comparison) == ["added", "edited", "same"]
    assert comparison.blocks[0].html == "<p><ins>Something quite new stands here.</ins></p>"


def test_over_55_percent_different_is_rewritten():
    comparison = compare(paragraphs("one two three four five six"), paragraphs("one two thr fou fiv si seven"))

    assert kinds(comparison) == ["rewritten"]
    assert comparison.blocks[0].html == "<p>one two thr fou fiv si seven</p>"
    assert comparison.blocks[0].before == "<p>one two three four five six</p>"
    assert comparison.words_changed == 13


def test_a_paragraph_that_was_only_extended_is_not_rewritten():
    added = "from 41 to 68 in one term, and I learnt to test a session small before running it wide"

    comparison = compare(paragraphs("Attendance rose."), paragraphs(f"Attendance rose {added}."))

    assert html_of(comparison) == [f"<p>Attendance rose<ins> {added}</ins>.</p>"]


def test_a_paragraph_in_another_place_is_moved_and_nothing_else():
    comparison = compare(paragraphs("a b", "c d e f", "g h i j"), paragraphs("c d e f", "g h i j", "a b"))

    assert kinds(comparison) == ["same", "same", "moved"]
    assert (comparison.changes, comparison.words_changed) == (1, 0)


def test_a_paragraph_that_moved_and_was_edited_says_both():
    comparison = compare(
        paragraphs("The first paragraph has several words in it.", "The second one stays as it is, longer than that."),
        paragraphs("The second one stays as it is, longer than that.", "The first paragraph has seven words in it."),
    )

    assert kinds(comparison) == ["same", "moved"]
    assert comparison.blocks[1].html == (
        "<p>The first paragraph has <del>several</del> <ins>seven</ins> words in it.</p>"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<p>a b</p>", "<p>a <strong>b</strong></p>"),
        ("<p>a b</p>", "<h2>a b</h2>"),
        ("<ul><li>a b</li></ul>", "<ol><li>a b</li></ol>"),
        ("<p>a b</p>", "<p>a<br>b</p>"),
        ("<p>a</p>", '<p><a href="https://example.org">a</a></p>'),
        ("<table><tr><td>a</table>", "<table><tr><th>a</table>"),
    ],
)
def test_formatting_alone_is_no_change(old, new):
    comparison = compare(old, new)

    assert kinds(comparison) == ["formatted"]
    assert (comparison.changes, comparison.words_changed) == (0, 0)


def test_a_rule_is_no_change():
    assert kinds(compare("<p>a</p>", "<p>a</p><hr>")) == ["same", "formatted"]
    assert kinds(compare("<p>a</p><hr>", "<p>a</p>")) == ["same"]


def test_everything_is_added_to_nothing_and_removed_from_all():
    html = "<h2>a</h2><ul><li>b</li></ul><table><tr><td>c</td><td>d</td></tr></table>"

    assert html_of(compare("", html)) == [
        "<h2><ins>a</ins></h2>",
        "<li><ins>b</ins></li>",
        "<tr><td><ins>c</ins></td><td><ins>d</ins></td></tr>",
    ]
    assert kinds(compare(html, "")) == ["removed", "removed", "removed"]
    assert kinds(compare("", "")) == []


def test_lists_are_put_together_again():
    comparison = compare(
        "<p>a</p><ul><li>b<ol><li>c</li></ol></li><li>d</li></ul>",
        "<p>a</p><ul><li>b<ol><li>c</li><li>x</li></ol></li><li>e</li><li>d</li></ul>",
    )

    assert [(block.wrap, block.tag) for block in comparison.blocks] == [
        ("", "p"), ("ul", "li"), ("ul ol", "li"), ("ul ol", "li"), ("ul", "li"), ("ul", "li"),
    ]  # fmt: skip
    assert "".join(
        f"{piece.opens}<{piece.tag}>{piece.inner}{piece.end_tag}{piece.closes}" for piece in comparison.pieces
    ) == ("<p>a</p><ul><li>b<ol><li>c</li><li><ins>x</ins></li></ol></li><li><ins>e</ins></li><li>d</li></ul>")
    assert [piece.number for piece in comparison.pieces] == [0, 0, 0, 1, 2, 0]


def test_a_stored_comparison_is_clean_whatever_stands_in_the_database():
    stored = compare(
        "<ul><li>one two three four</li></ul><p>gone for good</p>",
        '<ul><li>one two three five</li></ul><p>quite another <a href="https://example.org">story</a></p>',
    ).as_json()
    spoilt = json.loads(
        json.dumps(stored)
        .replace("<ins>", "<ins onclick=alert(1)>")
        .replace("https:", "javascript:")
        .replace("gone for", "<script>alert(1)</script>gone for")
    )
    spoilt["blocks"][1][3] = "script"

    comparison = Comparison.from_json(spoilt)

    assert html_of(comparison) == [
        "<li>one two three <del>four</del> <ins>five</ins></li>",
        "<p>quite another story</p>",
    ]
    assert [block.wrap for block in comparison.blocks] == ["ul", ""]
    assert comparison.blocks[1].before == "<p>gone for good</p>"


def test_rows_of_a_table_are_compared_cell_by_cell():
    old = "<table><tr><th>Term<th>Visits<tr><td>Autumn<td>41</table>"
    new = "<table><tr><th>Term<th>Visits<tr><td>Autumn<td>68<tr><td>Spring<td>70</table>"

    comparison = compare(old, new)

    assert html_of(comparison)[1:] == [
        "<tr><td>Autumn</td><td><del>41</del> <ins>68</ins></td></tr>",
        "<tr><td><ins>Spring</ins></td><td><ins>70</ins></td></tr>",
    ]


def test_a_column_more_rewrites_the_rows():
    assert kinds(compare("<table><tr><td>a<td>b</table>", "<table><tr><td>a<td>b<td>c</table>")) == ["rewritten"]


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_html_is_inert_in_a_comparison(payload):
    check_invariants(f"<p>one two three four</p>{payload}", f"{payload}<p>one two {payload} four</p>")
    check_invariants(f"<ins>{payload}</ins>", f"<del>{payload}</del>")


@given(soups, soups)
def test_both_wordings_can_be_read_out_of_any_comparison(old, new):
    check_invariants(clean(old), clean(new))


SENTENCES = st.lists(st.sampled_from([*"abcdefg", "h.", "<em>i</em>", "<br>", ",", "(j)", "k-l"]), max_size=9).map(
    " ".join
)
TEXTS = st.lists(st.builds(lambda tag, words: f"<{tag}>{words}</{tag}>", st.sampled_from(["p", "li", "h2"]), SENTENCES))


@given(TEXTS, TEXTS)
@settings(max_examples=200)
def test_both_wordings_can_be_read_out_of_similar_texts(old, new):
    check_invariants(clean("".join(old)), clean("".join(new)))


@given(soups)
def test_a_text_does_not_differ_from_itself(html):
    comparison = compare(html, html)

    assert set(kinds(comparison)) <= {"same"}
    assert (comparison.changes, comparison.words_changed) == (0, 0)


def test_excerpts_show_the_words_around_the_first_change():
    comparison = compare(
        paragraphs(OLD_OPENING, "This one goes.", "a b c d e f", "stays"),
        paragraphs(NEW_OPENING, "stays", "Entirely new & fine."),
    )

    first, second, third = excerpts(comparison, limit=3, words=12)

    assert first.html == "In October I <del>was asked to</del> <ins>offered to lead the</ins> review <ins>of</ins> …"
    assert first.was == "In October I was asked to review …"
    assert first.now == "In October I offered to lead the review of …"
    assert (second.html, second.was, second.now) == ("<del>This one goes.</del>", "This one goes.", "")
    assert (third.html, third.was, third.now) == ("<del>a b c d e f</del>", "a b c d e f", "")
    assert [each.text for each in (first, second)] == [
        "was: In October I was asked to review … now: In October I offered to lead the review of …",
        "removed: This one goes.",
    ]


def test_excerpts_say_what_was_added_moved_and_rewritten():
    words = "a quick brown fox jumped over it"
    comparison = compare(
        paragraphs("moved here", "one two three four five six seven", words),
        paragraphs("I II III IV V VI VII", words, "moved here", "new & fine"),
    )

    assert [each.text for each in excerpts(comparison, words=8)] == [
        "was: one two three four … now: I II III IV …",
        "moved: moved here",
        "new: new & fine",
    ]
    assert [each.html for each in excerpts(comparison, words=8)] == [
        "<del>one two three four …</del> <ins>I II III IV …</ins>",
        "moved here",
        "<ins>new &amp; fine</ins>",
    ]


def test_a_long_deletion_never_hides_what_came_in_its_place():
    start = "Here stands a beginning of nine words that stay. " * 12
    old, new = " ".join(f"old{at}" for at in range(60)), " ".join(f"new{at}" for at in range(60))

    (excerpt,) = excerpts(compare(paragraphs(start + old), paragraphs(start + new)))

    assert excerpt.html.startswith("… stands a beginning of nine words that stay. <del>old0 ")
    assert "… </del>" not in excerpt.html
    assert "<ins>new0 " in excerpt.html
    assert len(re.findall(r"\w+", re.sub("<.*?>", "", excerpt.html))) == 40


def test_layout_alone_gives_no_excerpt():
    assert excerpts(compare("<p>a</p>", "<h2>a</h2>")) == []
