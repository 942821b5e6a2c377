"""Many who import and undo at the same moment: one effect, nobody twice, no words lost."""

from functools import partial

import pytest

from accounts.models import User
from mentoring.imports import actions, working
from mentoring.imports.rows import counted
from mentoring.imports.working import work_on
from programmes.models import Act, Enrolment, Import
from tests.at_once import all_at_once
from tests.mentoring.importing import a_place, checked

pytestmark = pytest.mark.django_db(transaction=True)
LINES = [f"Person {n},p{n}@example.org,{('mentee', 'mentor')[n % 2]}" for n in range(40)]


@pytest.fixture
def place():
    return a_place()


@pytest.fixture(autouse=True)
def _few_rows_at_a_time(monkeypatch):
    monkeypatch.setattr(working, "AT_A_TIME", 5)


def states():
    return sorted(Import.objects.values_list("state", flat=True))


def test_of_20_presses_one_begins(place):
    found = checked(place, *LINES)

    came = all_at_once([partial(actions.take_in, found, by=place.lead)] * 20)

    assert came == {"MoveRefused": 19, "done": 1}
    assert Act.objects.filter(noun="import").count() == 1


def test_the_same_people_in_two_lists_and_four_workers_are_written_once(place):
    lists = [checked(place, *LINES), checked(place, *reversed(LINES))]
    for found in lists:
        actions.take_in(found, by=place.lead)

    came = all_at_once([partial(work_on, found.pk) for found in lists * 2])

    assert (came, states()) == ({"done": 4}, ["done", "done"])
    assert User.objects.filter(email__startswith="p").count() == 40
    assert Enrolment.objects.filter(person__email__startswith="p").count() == 40
    assert sum(counted(found.rows).added for found in Import.objects.all()) == 40


def test_who_joins_by_themselves_in_the_middle_of_it_is_there_once(place):
    found = checked(place, *LINES)
    actions.take_in(found, by=place.lead)
    join = [partial(User.objects.create_user, f"p{n}@example.org", name="Myself") for n in range(0, 40, 4)]

    all_at_once([partial(work_on, found.pk), *join])

    assert states() == ["done"]
    assert User.objects.filter(email__startswith="p").count() == 40
    assert Enrolment.objects.filter(person__email__startswith="p").count() == 40


def test_who_signs_in_in_the_middle_of_an_undo_stays_or_was_gone(place):
    found = checked(place, *LINES)
    actions.take_in(found, by=place.lead)
    work_on(found.pk)
    actions.undo(found, by=place.lead)
    people = list(User.objects.filter(email__startswith="p", pk__gt=0).order_by("pk")[::4])

    def sign_in(person):
        assert User.objects.filter(pk=person.pk).update(last_login=person.date_joined)

    came = all_at_once([partial(work_on, found.pk), *(partial(sign_in, person) for person in people)])

    signed_in = came["done"] - 1
    assert states() == ["undone"]
    assert User.objects.filter(email__startswith="p").count() == signed_in
    assert counted(Import.objects.get().rows).kept == signed_in
