"""What a mentee is asked: the usual questions, a programme's own, and what a mentor makes of them for one pairing."""

import pytest
from django.db.models import F
from lxml import html

from meetings.actions import QuestionsChanged, keep_questions, share_plan
from meetings.models import Answer, PlanTemplate, Question
from meetings.planning import Given, answers_of
from meetings.starters import CONFIDENCE, TALK, more_questions, starters, template_of, template_of_programme
from pairings.actions.pairing import move_pairing
from pairings.models import MoveRefused
from programmes.models import Enrolment
from tests.factories import EnrolmentFactory, PairingFactory, PersonFactory
from tests.meetings.making import make_meeting
from tests.meetings.planning import share

Kind = Question.Kind


@pytest.fixture
def lead(pair):
    person = PersonFactory(name="Marguerite Fell")
    EnrolmentFactory(programme=pair.pairing.programme, person=person, role=Enrolment.Role.COORDINATOR)
    return person


def texts(questions):
    return [question.text for question in questions]


def mine(pair, questions, number=0):
    return keep_questions(pair.pairing, by=pair.mentor, questions=questions, expected_number=number)


def test_at_first_everybody_is_asked_the_usual_questions(pair):
    template = template_of(pair.pairing)

    assert (template.pk, template.number, template.is_own) == (None, 0, False)
    assert texts(template.questions) == [
        "What’s gone well since we met?",
        "What’s been hard?",
        "What would you like to talk about?",
        "What would make it a good hour?",
        "How confident do you feel?",
        "From last time",
    ]
    assert [question.key for question in template.questions if question.is_needed] == [TALK]


def test_the_usual_questions_have_keys_of_their_own_for_good():
    keys = [str(question.key)[-4:] for question in [*starters(), *more_questions()]]

    assert keys == [f"00{number:02}" for number in (*range(1, 7), *range(11, 17))]


def test_a_programme_keeps_its_own_and_a_mentor_adapts_them(pair, lead):
    programme = pair.pairing.programme
    keep_questions(programme, by=lead, questions=starters()[:3], expected_number=0)
    mine(pair, [*starters()[2:3], Question(text="What are you proud of?", kind=Kind.TEXT)])
    other = PairingFactory(programme=programme)

    assert texts(template_of(other).questions) == texts(starters()[:3])
    assert texts(template_of(pair.pairing).questions) == [
        "What would you like to talk about?",
        "What are you proud of?",
    ]
    assert texts(template_of_programme(programme).questions) == texts(starters()[:3])
    assert template_of(pair.pairing).is_own


def test_each_change_is_a_version_and_the_same_questions_are_none(pair):
    first = mine(pair, starters()[:3])
    again = mine(pair, starters()[:3], number=1)
    second = mine(pair, starters()[1:3], number=1)

    assert [first.number, again.number, second.number] == [1, 1, 2]
    assert PlanTemplate.objects.filter(pairing=pair.pairing).count() == 2
    assert texts(first.questions.all()) == texts(starters()[:3])


def test_a_question_keeps_its_key_however_it_is_worded_and_gets_another_for_another_kind(pair):
    reworded, scale = starters()[2], starters()[4]
    reworded.text = "What is on your mind?"
    scale.kind = Kind.SCALE_10

    kept = list(mine(pair, [reworded, scale]).questions.order_by("position"))

    assert kept[0].key == TALK
    assert kept[1].key != CONFIDENCE


def test_plans_show_the_questions_that_they_answered(pair):
    meeting = make_meeting(pair.pairing)
    share(meeting, "How to begin.")
    reworded = starters()[2]
    reworded.text = "What is on your mind?"
    mine(pair, [reworded])

    assert texts([answer.question for answer in answers_of(meeting)]) == ["What would you like to talk about?"]
    share(meeting, "How to begin, and where.")
    assert texts([answer.question for answer in answers_of(meeting)]) == [
        "What would you like to talk about?",
        "What is on your mind?",
    ]


def test_the_first_plan_of_a_programme_keeps_the_usual_questions(pair, lead):
    share(make_meeting(pair.pairing))

    kept = PlanTemplate.objects.get()
    assert (kept.number, kept.by, kept.questions.count()) == (0, None, 6)
    assert keep_questions(pair.pairing.programme, by=lead, questions=starters()[:2], expected_number=0).number == 1


def test_what_was_written_to_a_question_that_is_asked_no_more_is_still_shared(pair):
    meeting = make_meeting(pair.pairing)
    share(meeting)
    mine(pair, [starters()[2]])

    hard = starters()[1]
    share_plan(
        meeting,
        by=pair.mentee,
        answers={TALK: Given("This."), hard.key: Given("That.")},
        expected_number=1,
    )

    assert list(Answer.objects.filter(plan__number=2).values_list("question__text", "words")) == [
        ("What would you like to talk about?", "This."),
        ("What’s been hard?", "That."),
    ]


def test_somebody_who_saw_an_older_version_overwrites_nothing(pair):
    mine(pair, starters()[:3])

    with pytest.raises(QuestionsChanged) as refused:
        mine(pair, starters()[:1])

    assert refused.value.number == 1
    assert PlanTemplate.objects.count() == 1


@pytest.mark.parametrize("who", ["mentee", "stranger"])
def test_only_the_mentor_chooses_for_a_pairing(pair, who):
    by = pair.mentee if who == "mentee" else PersonFactory()

    with pytest.raises(MoveRefused):
        keep_questions(pair.pairing, by=by, questions=starters(), expected_number=0)


def test_only_the_programmes_own_team_chooses_for_it(pair):
    with pytest.raises(MoveRefused):
        keep_questions(pair.pairing.programme, by=pair.mentor, questions=starters(), expected_number=0)


def test_after_the_end_nothing_is_changed(pair):
    move_pairing(pair.pairing, "ended", by=pair.mentee)

    with pytest.raises(MoveRefused):
        mine(pair, starters()[:1])


@pytest.mark.parametrize("count", [0, 13])
def test_there_is_at_least_one_and_not_more_than_fit(pair, count):
    with pytest.raises(MoveRefused):
        mine(pair, [Question(text=f"Question {number}?") for number in range(count)])


# The page


@pytest.fixture
def page(pair, signed_in):
    """`page(person)` opens it; with fields it is sent, in the rows of what the person was shown."""
    url = f"/pairings/{pair.pairing.slug}/questions/"

    def visit(person, fields=None, query=""):
        browser = signed_in(person)
        if fields is None:
            return browser.get(url + query)
        form = html.fromstring(browser.get(url + "?change=1").content.decode()).forms[-1]
        sent = dict(form.form_values())
        return browser.post(url, sent | fields)

    return visit


def test_both_read_them_and_the_mentor_may_change_them(pair, page):
    theirs, his = page(pair.mentee).content.decode(), page(pair.mentor).content.decode()

    assert "What would make it a good hour?" in theirs
    assert ("Change these questions" in theirs, "Change these questions" in his) == (False, True)
    assert '<form method="post" novalidate>' not in page(pair.mentee, query="?change=1").content.decode()


def test_a_mentor_rewords_reorders_leaves_out_and_adds(pair, page):
    fields = {
        "text-1": "What went well?",
        "out-2": "on",
        "position-3": "1",
        "position-1": "2",
        "text-7": "Where shall we walk?",
        "kind-7": "one",
        "choices-7": "Along the canal\n\nAlong the canal\nTo the library ",
        "usual": str(more_questions()[3].key),
    }

    answer = page(pair.mentor, fields)

    assert (answer.status_code, answer["Location"]) == (302, f"/pairings/{pair.pairing.slug}/questions/")
    asked = template_of(pair.pairing).questions
    assert texts(asked) == [
        "What would you like to talk about?",
        "What went well?",
        "What would make it a good hour?",
        "How confident do you feel?",
        "From last time",
        "Where shall we walk?",
        "What do you want from me?",
    ]
    assert asked[5].choices == ["Along the canal", "To the library"]
    assert [question.is_needed for question in asked] == [True] + [False] * 6


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({f"out-{number}": "on" for number in range(1, 7)}, "Keep at least one question."),
        ({"text-7": "Which?", "kind-7": "one", "choices-7": "This"}, "Give at least two choices"),
        ({"text-7": "W" * 201}, "This has 201 characters; the limit is 200."),
    ],
)
def test_what_is_not_right_names_the_fix(pair, page, fields, said):
    answer = page(pair.mentor, fields)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not PlanTemplate.objects.exists()


def test_a_mentee_cannot_send_others(pair, page, signed_in):
    answer = signed_in(pair.mentee).post(f"/pairings/{pair.pairing.slug}/questions/", {"text-1": "Mine?"})

    assert answer.status_code == 404


def test_the_programmes_questions_are_kept_in_the_admin(pair, lead, signed_in, django_user_model):
    lead.is_staff = lead.is_superuser = True
    lead.save()
    browser, url = signed_in(lead), "/admin/programme/questions/"
    form = html.fromstring(browser.get(url).content.decode()).get_element_by_id("id_number").getparent()
    sent = dict(form.form_values()) | {"text-4": "What would make it a good hour for you?"}

    answer = browser.post(url, sent)

    assert answer["Location"] == f"{url}?programme={pair.pairing.programme.slug}"
    assert "What would make it a good hour for you?" in texts(template_of(pair.pairing).questions)
    assert PlanTemplate.objects.annotate(named=F("by__name")).get().named == "Marguerite Fell"
