"""A plan: written by the mentee, kept while they write, shared with the mentor, changed and shared again."""

import pytest
from lxml import html

from accounts.models import Draft
from meetings.actions import PlanChanged, keep_questions, read_plan, share_plan
from meetings.models import Action, Meeting, Plan, Question
from meetings.planning import Given, answers_of, show
from meetings.starters import CONFIDENCE, TALK, starters
from notifications.models import Notification
from pairings.actions.pairing import move_pairing
from pairings.models import MoveRefused
from portfolios.actions import add_comment, settle_comment
from tests.factories import PersonFactory
from tests.meetings.making import make_meeting
from tests.meetings.planning import share

Kind = Question.Kind
WELL, HARD, TALK_FIELD, GOOD, CONFIDENT, LAST = (f"q{question.key.hex}" for question in starters())
FROM_LAST_TIME = starters()[5].key


@pytest.fixture
def meeting(pair):
    return make_meeting(pair.pairing)


@pytest.fixture
def plan_page(pair, meeting, signed_in):
    """`plan_page(person)` opens it; with fields it is sent."""
    url = f"/pairings/{pair.pairing.slug}/meetings/{meeting.slug}/plan/"

    def visit(person, fields=None, query=""):
        browser = signed_in(person)
        if fields is None:
            return browser.get(url + query)
        return browser.post(url, {"number": "0"} | fields)

    visit.url = url
    return visit


def words(answer):
    return " ".join(html.fromstring(answer.content.decode()).text_content().split())


def add(pair, what, person=None):
    person = person or pair.mentee
    return Action.objects.create(pairing=pair.pairing, person=person, words=what, created_by=person)


def lines(meeting, read=0):
    return [(line.question.text, line.before, line.now) for line in show(answers_of(meeting), read=read).lines]


# Sharing


def test_every_kind_of_answer_stands_there_in_words(pair, meeting):
    one = Question(text="Where?", kind=Kind.ONE, choices=["Here", "There"])
    ranked = Question(text="What first?", kind=Kind.RANKED)
    asked = keep_questions(pair.pairing, by=pair.mentor, questions=[*starters(), one, ranked], expected_number=0)
    where, first = asked.questions.order_by("position")[6:]
    done, still = add(pair, "Draft page 2"), add(pair, "Sit in on the review")
    given = {
        CONFIDENCE: Given(scale=3),
        FROM_LAST_TIME: Given(chosen=[[str(done.key), done.words, True], [str(still.key), still.words, False]]),
        where.key: Given(chosen=["There"]),
        first.key: Given(chosen=["The talk", "The rota"]),
    }

    share(meeting, "How to begin.", answers=given)

    assert [(text, now) for text, _before, now in lines(meeting)] == [
        ("What would you like to talk about?", ["How to begin."]),
        ("How confident do you feel?", ["3 of 5"]),
        ("From last time", ["Done: Draft page 2", "Still open: Sit in on the review"]),
        ("Where?", ["There"]),
        ("What first?", ["The talk", "The rota"]),
    ]
    assert list(Action.objects.order_by("pk").values_list("state", flat=True)) == ["done", "open"]


def test_only_what_they_would_like_to_talk_about_is_needed(meeting):
    with pytest.raises(MoveRefused, match="Write one thing you’d like to talk about"):
        share_plan(meeting, by=meeting.pairing.mentee, answers={starters()[0].key: Given("A lot.")}, expected_number=0)

    assert not Plan.objects.exists()


def test_the_same_answers_are_no_revision(meeting):
    first = share(meeting)
    again = share(meeting)

    assert first == again
    assert Notification.objects.filter(event__kind="meetings.plan_shared").count() == 1


def test_a_change_is_a_revision_and_marked_against_what_the_mentor_read(pair, meeting):
    hard = starters()[1].key
    share(meeting, "How to begin.", answers={hard: Given("The talk.")})
    read_plan(meeting, by=pair.mentor, number=1)
    share(meeting, "How to begin, and where.")
    meeting.refresh_from_db()

    assert lines(meeting, read=meeting.plan_read) == [
        ("What would you like to talk about?", ["How to begin."], ["How to begin, and where."]),
        ("What’s been hard?", ["The talk."], []),
    ]


def test_who_shared_from_another_window_is_shown_both(meeting):
    share(meeting)

    with pytest.raises(PlanChanged) as refused:
        share_plan(meeting, by=meeting.pairing.mentee, answers={TALK: Given("Other.")}, expected_number=0)

    assert refused.value.number == 1
    assert Plan.objects.count() == 1


def test_only_the_mentee_writes_it(pair, meeting):
    for person in (pair.mentor, PersonFactory()):
        with pytest.raises(MoveRefused):
            share_plan(meeting, by=person, answers={TALK: Given("Mine.")}, expected_number=0)


@pytest.mark.parametrize("state", ["proposed", "held", "called_off"])
def test_only_for_a_meeting_that_is_booked(pair, state):
    meeting = make_meeting(pair.pairing, state=state)

    with pytest.raises(MoveRefused):
        share(meeting)


def test_after_the_end_nothing_is_shared_and_everything_readable(pair, meeting, plan_page):
    share(meeting, "How to begin.")
    move_pairing(pair.pairing, "ended", by=pair.mentee)

    with pytest.raises(MoveRefused):
        share(meeting, "Other.")
    assert "How to begin." in words(plan_page(pair.mentor))


# The page


def test_it_is_written_and_shared(pair, meeting, plan_page):
    page = plan_page(pair.mentee)
    assert "Share plan with Ruth" in words(page)

    answer = plan_page(pair.mentee, {TALK_FIELD: "How to begin.", CONFIDENT: "3", WELL: ""})

    assert (answer.status_code, answer["Location"]) == (302, plan_page.url)
    assert "Shared. Ruth reads it before you meet." in words(plan_page(pair.mentee))
    assert "3 of 5" in words(plan_page(pair.mentor))
    assert "Change something" not in words(plan_page(pair.mentor))


def test_without_the_one_answer_the_page_says_so_and_keeps_the_rest(pair, plan_page):
    answer = plan_page(pair.mentee, {TALK_FIELD: " ", HARD: "The talk with my manager."})

    assert answer.status_code == 422
    page = html.fromstring(answer.content.decode())
    assert [each.get("href") for each in page.xpath("//*[contains(@class, 'errsum')]//a")] == [f"#id_{TALK_FIELD}"]
    assert page.xpath("//*[contains(@class, 'errsum')]//a")[0].text == "Write one thing you’d like to talk about."
    assert "The talk with my manager." in words(answer)
    assert not Plan.objects.exists()


def test_the_mentor_sees_nothing_of_what_is_not_shared(pair, plan_page, signed_in):
    Draft.objects.create(person=pair.mentee, key=f"plan-{Meeting.objects.get().pk}", fields={TALK_FIELD: "Secret."})

    mentee, mentor = plan_page(pair.mentee), plan_page(pair.mentor)

    assert "Secret." in mentee.content.decode()
    assert "Secret." not in mentor.content.decode()
    assert "Amina has shared no plan yet." in words(mentor)


def test_what_is_half_written_holds_over_what_was_shared(pair, meeting, plan_page):
    share(meeting, "How to begin.", answers={starters()[0].key: Given("The rota.")})
    fields = {TALK_FIELD: "How to end.", CONFIDENT: "4"}
    Draft.objects.create(person=pair.mentee, key=f"plan-{meeting.pk}", fields=fields)

    form = html.fromstring(plan_page(pair.mentee, query="?change=1").content.decode()).forms[-1]

    shown = {name: value.strip() for name, value in form.form_values() if name.startswith("q") and value.strip()}
    assert shown == fields


def test_a_draft_keeps_words_to_a_question_that_is_asked_no_more(pair, meeting, plan_page):
    Draft.objects.create(person=pair.mentee, key=f"plan-{meeting.pk}", fields={HARD: "The talk.", TALK_FIELD: "It."})
    keep_questions(pair.pairing, by=pair.mentor, questions=starters(), expected_number=0)
    keep_questions(pair.pairing, by=pair.mentor, questions=[starters()[2]], expected_number=1)

    page = plan_page(pair.mentee)
    plan_page(pair.mentee, {HARD: "The talk.", TALK_FIELD: "It."})

    assert "What’s been hard?" in words(page)
    assert [now for _text, _before, now in lines(meeting)] == [["It."], ["The talk."]]


def test_sharing_lets_go_of_the_draft(pair, meeting, plan_page):
    Draft.objects.create(person=pair.mentee, key=f"plan-{meeting.pk}", fields={TALK_FIELD: "It."})

    plan_page(pair.mentee, {TALK_FIELD: "It."})

    assert Draft.objects.get().fields == {}


def test_open_actions_of_ones_own_are_there_to_tick(pair, meeting, plan_page):
    add(pair, "Read it")
    mine, theirs = add(pair, "Draft page 2"), add(pair, "Send the link", person=pair.mentor)
    page = plan_page(pair.mentee)
    assert ("Draft page 2" in words(page), "Send the link" in words(page)) == (True, False)

    plan_page(pair.mentee, {TALK_FIELD: "It.", f"{LAST}-{mine.key.hex}": "on"})

    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.state, theirs.state) == ("done", "open")
    changing = plan_page(pair.mentee, query="?change=1")
    assert "Done: Draft page 2" in words(changing)
    plan_page(pair.mentee, {TALK_FIELD: "It, and more.", "number": "1"})
    # In the order of before, so that nothing of it looks changed.
    assert lines(meeting)[-1][2] == ["Still open: Read it", "Done: Draft page 2"]


def test_open_questions_of_the_portfolio_are_there_to_talk_about(pair, meeting, plan_page):
    settled = add_comment(pair.page, by=pair.mentor, kind="question", body="Why March?")
    settle_comment(settled, by=pair.mentee)
    asked = add_comment(pair.page, by=pair.mentor, kind="question", body="Who did you ask?")
    page = plan_page(pair.mentee)
    said = "Ruth asked on “Usage review”: “Who did you ask?”"
    assert (said in words(page), "Why March?" in words(page)) == (True, False)

    answer = plan_page(pair.mentee, {f"{TALK_FIELD}-u{asked.pk}": "on"})

    assert answer.status_code == 302
    assert lines(meeting)[0][2] == [said]


def test_changing_it_shows_the_mentor_what_changed_until_they_read_it(pair, meeting, plan_page, signed_in):
    plan_page(pair.mentee, {TALK_FIELD: "How to begin."})
    signed_in(pair.mentor).post(f"{plan_page.url}reading/", {"number": "1"})
    plan_page(pair.mentee, {TALK_FIELD: "How to end.", "number": "1"})

    page = html.fromstring(plan_page(pair.mentor).content.decode())
    assert [each.text_content() for each in page.xpath("//section//del | //section//ins")] == [
        "removed: How to begin.",
        "added: How to end.",
    ]
    assert Notification.objects.unseen().filter(person=pair.mentor, event__kind="meetings.plan_shared").count() == 1

    signed_in(pair.mentor).post(f"{plan_page.url}reading/", {"number": "2"})

    assert "changed something" not in words(plan_page(pair.mentor))
    assert not Notification.objects.unseen().filter(person=pair.mentor, event__kind="meetings.plan_shared").exists()


def test_reading_marks_no_revision_that_was_not_shown(pair, meeting):
    share(meeting)
    share(meeting, "Other.")

    read_plan(meeting, by=pair.mentor, number=1)
    read_plan(meeting, by=pair.mentor, number=7)

    meeting.refresh_from_db()
    assert meeting.plan_read == 1


@pytest.mark.parametrize(("who", "status"), [("mentor", 404), ("stranger", 404)])
def test_nobody_else_sends_one(pair, plan_page, who, status):
    person = pair.mentor if who == "mentor" else PersonFactory()

    assert plan_page(person, {TALK_FIELD: "It."}).status_code == status


def test_a_meeting_that_moves_keeps_its_plan(pair, meeting, plan_page):
    share(meeting, "How to begin.")
    Meeting.objects.filter(pk=meeting.pk).update(slug="elsewhere")
    meeting.slugs.create(pairing=pair.pairing, slug="elsewhere")

    answer = plan_page(pair.mentor)

    assert answer["Location"] == plan_page.url.replace(meeting.slug, "elsewhere")


@pytest.mark.parametrize("amount", [1, 4])
def test_it_is_the_same_number_of_statements_however_much_there_is(
    pair, meeting, plan_page, signed_in, amount, django_assert_num_queries
):
    for number in range(amount):
        share(meeting, f"Revision {number}")
        add(pair, f"Action {number}")
        add_comment(pair.page, by=pair.mentor, kind="question", body=f"Question {number}?")
    browser = signed_in(pair.mentee)

    with django_assert_num_queries(9):
        browser.get(f"{plan_page.url}?change=1")
