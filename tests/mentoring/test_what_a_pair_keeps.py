"""What two people keep to themselves is nowhere on anybody else's pages."""

import pytest

from meetings.actions import keep_reflection
from meetings.models import Reflection
from tests.mentoring.routes import Visitor, urls

MINE, OURS, SCALE = "Osprey-for-me-alone", "Heron-for-us-two", "Kingfisher-is-the-lowest"


@pytest.mark.parametrize("role", ["anonymous", "former", "other", "stranger", "lead", "helper", "superuser", "mentor"])
def test_reflections_and_answers_on_scales_are_shown_to_nobody_else(world, role):
    said = {"so_what": "", "now_what": "", "criterion": None, "minutes": 60}
    keep_reflection(world.held, by=world.people["mentee"], what=MINE, is_shared=False, **said)
    keep_reflection(world.held, by=world.people["mentor"], what=OURS, is_shared=True, **said)
    [question] = {answer.question for plan in world.meeting.plans.all() for answer in plan.answers.exclude(scale=None)}
    question.low = SCALE
    question.save()
    visitor = Visitor(world, role)

    places = {place: visitor.look("GET", url) for place, url in urls(world).items()}
    found = {
        words: sorted(place for place, page in places.items() if words.encode() in body(page))
        for words in (MINE, OURS, SCALE)
    }

    if role == "mentor":
        assert found[MINE] == []
        assert {"confidence", "meetings:plan"} & set(found[SCALE])
    else:
        assert found == {MINE: [], OURS: [], SCALE: []}
        assert places["confidence"].status_code == (302 if role == "anonymous" else 404)


def test_the_other_reads_what_is_shared_and_its_author_all(world):
    [mine] = Reflection.objects.written_by(world.people["mentee"])
    url = urls(world)["meetings:learnt"].removesuffix("learnt/")

    pages = {role: body(Visitor(world, role).look("GET", url)) for role in ("mentee", "mentor")}

    assert mine.is_shared is False
    assert [b"What Ruth learnt" in pages["mentee"], b"What Amina learnt" in pages["mentor"]] == [True, False]


def body(response):
    return b"" if response.streaming else response.content
