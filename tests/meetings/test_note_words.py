"""Two people's words of one note, beside each other and together; and what changed in a text."""

import pytest

from meetings.note_words import EMPTY, as_fields, from_fields, last_row, put_together, that_differ
from meetings.wording import LONGEST, stretches


def words(**said):
    return EMPTY | said


def option(what, pro="", contra=""):
    return {"what": what, "for": pro, "against": contra}


def line(what, person="1", key="", by="", likely=""):
    return {"key": key, "person": person, "what": what, "by": by, "likely": likely}


FULL = words(
    goal="Two projects",
    reality="Eleven\n\npieces",
    options=[option("Ask", "quick", "hard"), option("Wait")],
    will="Time",
    will_do=[line("Draft", key="k1", by="2026-12-01", likely="8"), line("Send", person="2")],
    confidence="4",
)


def test_words_survive_the_way_through_a_form():
    assert from_fields(as_fields(FULL)) == FULL


def test_a_row_without_words_is_none_and_a_gap_closes():
    fields = {"option-2-what": "Ask", "will-1-person": "1", "will-4-what": "Draft", "will-4-person": "2"}

    found = from_fields(fields)

    assert (found["options"], found["will_do"]) == ([option("Ask")], [line("Draft", person="2")])
    assert (last_row(fields, "option"), last_row(fields, "will")) == (2, 4)


@pytest.mark.parametrize("name", ["will-0-what", "will-99-what", "will-1000-what", "will-x-what", "will-1-"])
def test_made_up_names_make_no_endless_form(name):
    assert last_row({name: "x"}, "will") <= 40


def test_together_nothing_of_either_is_missing():
    theirs = FULL | {
        "goal": "One project",
        "options": [option("Ask", "quick", "hard"), option("Leave")],
        "will_do": [line("Draft it all", key="k1"), line("Read", key="k2")],
        "confidence": "5",
    }

    both = put_together(FULL, theirs)

    assert both["goal"] == "Two projects\n\nOne project"
    assert both["reality"] == FULL["reality"]
    assert [each["what"] for each in both["options"]] == ["Ask", "Wait", "Leave"]
    assert [(each["what"], each["key"]) for each in both["will_do"]] == [
        ("Draft", "k1"),
        ("Send", ""),
        ("Read", "k2"),
        ("Draft it all", ""),
    ]
    assert both["confidence"] == "4"


def test_only_what_differs_stands_beside_each_other():
    theirs = FULL | {"goal": "One project", "will_do": [line("Draft", key="k1", by="2026-12-01", likely="8")]}

    parts = that_differ(FULL, theirs, {"1": "Amina", "2": "Ruth"})

    assert [tuple(part) for part in parts] == [
        ("Goal", "Two projects", "One project"),
        (
            "Will",
            "Amina: Draft (by 2026-12-01), 8 of 10\nRuth: Send\nTime",
            "Amina: Draft (by 2026-12-01), 8 of 10\nTime",
        ),
    ]


def test_of_a_change_what_was_removed_comes_first():
    assert [tuple(each) for each in stretches("In March I asked.", "In April I asked.")] == [
        ("same", "In "),
        ("removed", "March"),
        ("added", "April"),
        ("same", " "),
        ("same", "I asked."),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [("", ""), ("", "new"), ("old", ""), ("a\n\nb c", "a\nb d\n"), ("x " * LONGEST + "x x", "y"), ("  a", "a  ")],
)
def test_both_texts_can_be_read_off_the_marks(before, after):
    found = stretches(before, after)

    def read(kinds):
        return "".join(each.text for each in found if each.kind in kinds).split()

    assert (read(("same", "added")), "".join(read(("same", "removed")))) == (after.split(), "".join(before.split()))
