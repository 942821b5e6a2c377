"""What a list of members does to the people of a programme, and how that is taken back."""

from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from mentoring.imports import actions
from mentoring.imports.rows import counted
from mentoring.imports.working import work_on
from notifications.delivery import deliver_due
from notifications.models import Email, Event
from pairings.models import MentorOffer
from programmes.models import Act, Enrolment, Import, Invitation, Sector
from programmes.refusal import MoveRefused
from tests.factories import MentorOfferFactory, PersonFactory, ProgrammeFactory
from tests.mentoring.importing import a_place, checked, enrolled, everybody, imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return a_place()


def test_checking_writes_nobody(place):
    before = everybody().count()

    found = checked(place, "Hana Sato,hana@example.org,mentee", "No Role,none@example.org,")

    assert (found.state, counted(found.rows)[:5]) == ("checked", (2, 1, 0, 0, 1))
    assert everybody().count() == before


def test_somebody_new_gets_all_that_their_row_says(place):
    imported(
        place,
        "Hana Sato,Hana@Example.org,Mentee,chartership,Librarian,Taffside,health,north,Pat Boss,,",
        "Gwen Prosser,gwen@example.org,mentor,Certification; Chartership,Head,Haltwater,Public,North,,3,28/02/2027",
    )

    hana = Enrolment.objects.get(person__email="hana@example.org")
    offer = MentorOffer.objects.get(enrolment__person__email="gwen@example.org")
    assert (hana.person.name, hana.role, hana.level.name, hana.sector.name, hana.region.name, hana.line_manager) == (
        *("Hana Sato", "mentee", "Chartership", "Health", "North", "Pat Boss"),
    )
    assert (hana.person.profile.job_title, hana.person.profile.employer) == ("Librarian", "Taffside")
    assert (hana.person.has_usable_password(), hana.person.is_active, hana.person.is_staff) == (False, True, False)
    assert EmailAddress.objects.filter(user=hana.person, email=hana.person.email, primary=True, verified=False).exists()
    assert (offer.capacity, offer.trained_until) == (3, date(2027, 2, 28))
    assert [level.name for level in offer.holds.all()] == ["Certification", "Chartership"]


def test_rows_with_problems_are_left_out_and_say_why(place):
    found = imported(
        place,
        "Hana Sato,hana@example.org,mentee",
        "Ruth,ruth@example.org,mentor,,,,,,,2,31/02/2027",
        "Ruth,ruth2@example.org,mentor,,,,Libary,,,,",
        "Hana Sato,HANA@example.org,mentee",
    )

    problems = {row["number"]: row["problems"] for row in found.rows if row["problems"]}
    assert problems == {
        3: ["‘31/02/2027’ is not a date. Write it as 2027-02-28."],
        4: [
            "‘Libary’ is not one of your sectors. Write one of: Health, Public. Or add it to the programme and check"
            " again."
        ],
        5: ["This address stands in row 2 already. Keep one of the two."],
    }
    assert list(
        everybody(email__endswith="@example.org").exclude(pk=place.lead.pk).values_list("email", flat=True)
    ) == ["hana@example.org"]


def test_what_differs_of_a_member_is_shown_and_changed_and_an_empty_cell_changes_nothing(place):
    person = PersonFactory(name="Hana Sato", email="hana@example.org")
    person.profile.employer, person.profile.job_title = "Taffside", "Librarian"
    person.profile.save()
    enrolled(person, place.programme, line_manager="Pat Boss")

    found = checked(place, "Hana Sato,hana@example.org,mentee,,,Taffside High School,Health,,,,")

    assert (found.rows[0]["what"], found.rows[0]["before"]) == ("changed", {"employer": "Taffside", "sector": ""})
    actions.take_in(found, by=place.lead)
    work_on(found.pk)
    enrolment = Enrolment.objects.get(person=person)
    assert (enrolment.person.profile.employer, enrolment.person.profile.job_title) == (
        *("Taffside High School", "Librarian"),
    )
    assert (enrolment.sector.name, enrolment.line_manager) == ("Health", "Pat Boss")


def test_who_is_in_another_programme_is_new_here_and_stays_as_they_are(place):
    person = PersonFactory(name="Priya Nair", email="priya@example.org")
    enrolled(person, ProgrammeFactory())

    found = checked(place, "Somebody Else,priya@example.org,mentee,,Boss,Elsewhere,,,,,")
    nobody = checked(place, "Somebody Else,nobody@example.org,mentee,,Boss,Elsewhere,,,,,")
    same = {key: value for key, value in found.rows[0].items() if key != "values"}
    assert same == {key: value for key, value in nobody.rows[0].items() if key != "values"}

    actions.take_in(found, by=place.lead)
    work_on(found.pk)
    person.refresh_from_db()
    assert (person.name, person.profile.job_title, person.profile.employer) == ("Priya Nair", "", "")
    assert Enrolment.objects.filter(person=person, programme=place.programme).exists()


@pytest.mark.parametrize("rights", [{"is_staff": True}, {"is_superuser": True}])
def test_an_account_that_runs_something_is_never_changed(place, rights):
    person = PersonFactory(name="Ines Root", email="ines@example.org", **rights)
    enrolled(person, place.programme)

    found = imported(place, "Mallory,ines@example.org,mentee,Chartership,Boss,Mine,,,,,")

    person.refresh_from_db()
    assert (person.name, person.profile.job_title, person.profile.employer) == ("Ines Root", "", "")
    assert found.rows[0]["before"] == {"level": ""}


def test_fewer_places_than_are_taken_is_a_problem(place):
    person = PersonFactory(email="gwen@example.org")
    MentorOfferFactory(enrolment=enrolled(person, place.programme, "mentor"), capacity=3, held=2)

    found = checked(place, ",gwen@example.org,mentor,,,,,,,1,")

    assert found.rows[0]["problems"] == ["They have taken 2 places already. Write at least that number."]


def test_both_roles_of_one_person_come_in_two_rows(place):
    imported(place, "Priya,priya@example.org,mentee", "Priya,priya@example.org,mentor")

    assert set(Enrolment.objects.filter(person__email="priya@example.org").values_list("role", flat=True)) == {
        *("mentee", "mentor"),
    }


def test_the_second_press_and_the_second_admin_do_nothing_more(place):
    found = checked(place, "Hana Sato,hana@example.org,mentee")
    actions.take_in(found, by=place.lead)

    with pytest.raises(MoveRefused):
        actions.take_in(found, by=place.lead)
    work_on(found.pk)
    work_on(found.pk)

    assert everybody(email="hana@example.org").count() == 1
    assert Act.objects.filter(noun="import", about=str(found.pk)).count() == 1


def test_an_invitation_goes_to_whoever_is_new_and_to_nobody_else(place):
    enrolled(PersonFactory(email="gwen@example.org"), place.programme)

    imported(place, "Hana Sato,hana@example.org,mentee", "Gwen,gwen@example.org,mentee,,Head,,,,,,", invite=True)

    assert list(Invitation.objects.values_list("email", "role", "invited_by")) == [
        ("hana@example.org", "mentee", place.lead.pk)
    ]
    assert [email.letter["to"] for email in Email.objects.all()] == ["hana@example.org"]


def test_who_joined_after_the_check_is_not_written_twice(place):
    found = checked(place, "Hana Sato,hana@example.org,mentee")
    enrolled(PersonFactory(name="Hana Sato", email="hana@example.org"), place.programme)

    actions.take_in(found, by=place.lead)
    work_on(found.pk)

    found.refresh_from_db()
    assert (found.state, found.rows[0]["what"], counted(found.rows).added) == ("done", "same", 0)


def test_a_sector_that_was_added_meanwhile_is_known_when_checked_again(place):
    found = checked(place, "Hana Sato,hana@example.org,mentee,,,,Prisons,,,,")
    Sector.objects.create(programme=place.programme, name="Prisons")

    found = actions.check_again(found, by=place.lead)

    assert (found.rows[0]["what"], found.rows[0]["problems"]) == ("new", [])


def test_an_import_that_took_long_is_told_by_email(place):
    found = checked(place, "Hana Sato,hana@example.org,mentee", "Ruth,ruth@example.org,nurse")
    actions.take_in(found, by=place.lead)
    Import.objects.filter(pk=found.pk).update(started_at=timezone.now() - timedelta(seconds=30))

    work_on(found.pk)

    event = Event.objects.get(kind="programmes.import")
    assert list(event.notifications.values_list("person", flat=True)) == [place.lead.pk]


def test_the_email_names_what_came_of_it_and_the_first_problems(place, mailoutbox, settings):
    settings.NOTICE_BUNDLE_MINUTES = 0
    found = checked(place, "Hana Sato,hana@example.org,mentee", "Ruth,ruth@example.org,nurse", "<b>,x,mentor")
    actions.take_in(found, by=place.lead)
    Import.objects.filter(pk=found.pk).update(started_at=timezone.now() - timedelta(seconds=30))
    work_on(found.pk)

    deliver_due()

    [email] = mailoutbox
    html = email.alternatives[0][0]
    assert (email.to, email.subject) == (["Marguerite Fell <lead@example.org>"], "Import done: 1 added, 2 need you")
    assert "Row 3: ‘nurse’ is not a role that a list can give. Write mentee or mentor." in email.body
    assert ("See problems" in html, f"/admin/programme/imports/{found.pk}/" in html, "<b>,x" in html) == (
        True,
        True,
        False,
    )


def test_a_short_import_is_not_emailed(place):
    imported(place, "Hana Sato,hana@example.org,mentee")

    assert Event.objects.filter(kind="programmes.import").count() == 0
