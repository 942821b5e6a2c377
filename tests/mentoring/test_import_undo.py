"""What an import did is taken back: what nobody used goes, what nobody changed again is as it was."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from mentoring.imports import actions
from mentoring.imports.working import work_on
from pairings.models import MentorOffer
from programmes.models import Act, Enrolment, Invitation
from programmes.refusal import MoveRefused
from tests.factories import MentorOfferFactory, PairingFactory, PersonFactory, ProgrammeFactory
from tests.mentoring.importing import a_place, checked, enrolled, everybody, imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return a_place()


def undone(place, found):
    actions.undo(found, by=place.lead)
    work_on(found.pk)
    found.refresh_from_db()
    return found


def test_somebody_who_left_takes_part_again(place):
    enrolment = enrolled(PersonFactory(email="hana@example.org"), place.programme, ended_at=timezone.now())

    found = imported(place, ",hana@example.org,mentee")

    enrolment.refresh_from_db()
    assert (enrolment.ended_at, list(found.rows[0]["before"])) == (None, ["ended"])
    undone(place, found)
    enrolment.refresh_from_db()
    assert enrolment.ended_at.isoformat() == found.rows[0]["before"]["ended"]


def test_undoing_takes_out_whoever_never_came_and_puts_back_what_was(place):
    gwen = PersonFactory(name="Gwen Prosser", email="gwen@example.org")
    offer = MentorOfferFactory(enrolment=enrolled(gwen, place.programme, "mentor"), capacity=3)
    before = everybody().count()
    found = imported(
        place,
        "Hana Sato,hana@example.org,mentee,Chartership,,,Health,,,,",
        "Ruth,ruth@example.org,mentor,Chartership,,,,,,2,",
        "Gwen P.,gwen@example.org,mentor,Chartership,Head,,Public,North,,5,2027-02-28",
        invite=True,
    )

    undone(place, found)

    gwen.refresh_from_db()
    gwen.profile.refresh_from_db()
    offer = MentorOffer.objects.select_related("enrolment").get(pk=offer.pk)
    assert found.state == "undone"
    assert [row["step"] for row in found.rows] == ["out", "out", "out"]
    assert everybody().count() == before
    assert (gwen.name, gwen.profile.job_title, offer.capacity, offer.trained_until) == ("Gwen Prosser", "", 3, None)
    assert (offer.enrolment.sector, offer.enrolment.region, offer.holds.count()) == (None, None, 0)
    assert Invitation.objects.filter(withdrawn_at=None).count() == 0
    assert list(Act.objects.filter(noun="import").order_by("pk").values_list("verb", flat=True)) == [
        *("imported", "undid import"),
    ]


def test_undoing_leaves_whoever_signed_in_or_has_begun_something(place):
    found = imported(
        place, "Hana Sato,hana@example.org,mentee", "Ruth,ruth@example.org,mentor", "Joel,joel@example.org,mentee"
    )
    User.objects.filter(email="hana@example.org").update(last_login=timezone.now())
    PairingFactory(programme=place.programme, mentor=User.objects.get(email="ruth@example.org"))

    undone(place, found)

    assert [row["why"] for row in found.rows] == [
        *(["They have signed in since."], ["Something has begun for them since."], []),
    ]
    assert [
        person.email for person in everybody(email__in=["hana@example.org", "ruth@example.org", "joel@example.org"])
    ] == [
        *("hana@example.org", "ruth@example.org"),
    ]


def test_undoing_leaves_what_was_changed_again(place):
    person = PersonFactory(name="Hana Sato", email="hana@example.org")
    enrolled(person, place.programme)
    found = imported(place, "Hana S.,hana@example.org,mentee,,Librarian,,,,,,")
    User.objects.filter(pk=person.pk).update(name="Hana Sato-Jones")

    undone(place, found)

    person.refresh_from_db()
    assert (person.name, person.profile.job_title) == ("Hana Sato-Jones", "")
    assert found.rows[0]["why"] == ["The name was changed again since."]


def test_undoing_takes_somebody_of_another_programme_out_of_this_one_alone(place):
    person = PersonFactory(email="priya@example.org", last_login=timezone.now())
    enrolled(person, ProgrammeFactory())

    undone(place, imported(place, "Priya,priya@example.org,mentor"))

    assert list(Enrolment.objects.filter(person=person).values_list("role", flat=True)) == ["mentee"]


def test_after_a_day_nothing_is_undone(place):
    found = imported(place, "Hana Sato,hana@example.org,mentee")

    with pytest.raises(MoveRefused):
        actions.undo(found, by=place.lead, at=found.ended_at + timedelta(hours=24))
    actions.undo(found, by=place.lead, at=found.ended_at + timedelta(hours=23, minutes=59))


def test_what_was_stopped_can_be_gone_on_with_or_undone(place):
    found = checked(place, "Hana Sato,hana@example.org,mentee")
    actions.take_in(found, by=place.lead)
    actions.stop(found, by=place.lead)
    work_on(found.pk)
    found.refresh_from_db()
    assert (found.state, everybody(email="hana@example.org").count()) == ("stopped", 0)

    actions.take_in(found, by=place.lead)
    work_on(found.pk)

    found.refresh_from_db()
    assert (found.state, everybody(email="hana@example.org").count()) == ("done", 1)


def test_many_rows_take_a_few_statements_for_every_500(place):
    def statements(count, mark):
        lines = [f"Person,{mark}{n}@example.org,{('mentee', 'mentor')[n % 2]},Chartership" for n in range(count)]
        found = checked(place, *lines, headings="name,email,role,level")
        actions.take_in(found, by=place.lead)
        with CaptureQueriesContext(connection) as taking_in:
            work_on(found.pk)
        actions.undo(found, by=place.lead)
        with CaptureQueriesContext(connection) as undoing:
            work_on(found.pk)
        return len(taking_in), len(undoing)

    # What takes twenty seconds is told of, on a slow machine: that would be further statements.
    with time_machine.travel(timezone.now(), tick=False):
        one, two, four = (statements(count, mark) for count, mark in ((500, "a"), (1000, "b"), (2000, "c")))

    assert (two[0] - one[0], four[0] - two[0]) == (19, 2 * 19)
    assert four[1] - two[1] == 2 * (two[1] - one[1]) < 2 * 150
    assert everybody(email__contains="@example.org").count() == 1
