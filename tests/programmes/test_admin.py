"""The admin shows each lead their own programme, in lists, searches, suggestions and choices."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from accounts.admin import HouseAdmin
from accounts.models import User
from pairings.models import MentorOffer, Pairing
from programmes.models import Enrolment, Level, Programme
from tests.factories import EnrolmentFactory, PersonFactory
from tests.mentoring.world import administered, out_of_reach
from tests.programmes.conftest import add


def own_people(world):
    """Who takes part in the lead's programme, and who takes part in nothing yet."""
    elsewhere = User.objects.filter(enrolments__programme=world.elsewhere)
    return set(User.objects.exclude(pk__in=elsewhere)) | set(User.objects.filter(enrolments__programme=world.programme))


def listed(browser, model, query=""):
    """The rows that the list of `model` shows."""
    return set(browser.get(reverse(f"admin:{model}_changelist") + query).context["cl"].queryset)


def test_every_page_of_the_admin_starts_from_who_looks_after_what():
    strangers = [model for model, page in admin.site._registry.items() if not isinstance(page, HouseAdmin)]

    assert strangers == []


def test_what_people_wrote_has_no_page_in_the_admin():
    written = {model for model in apps.get_models() if model._meta.app_label == "portfolios"}

    assert written & set(admin.site._registry) == set()


@pytest.mark.parametrize("role", ["lead", "helper"])
def test_they_see_the_rows_of_their_own_programme_alone(world, admin_of, role):
    browser = admin_of(role)

    for model, theirs in out_of_reach(world).items():
        if role == "helper" and model in ("pairings_concern", "pairings_endreason"):
            continue  # what worries somebody, or why it ended, is not for helpers
        seen = listed(browser, model)
        assert administered(world)[model] in seen, model
        assert theirs not in seen, model


def test_they_see_their_people_and_those_who_take_part_in_nothing_yet(world, admin_of):
    joined = PersonFactory()

    seen = listed(admin_of("lead"), "accounts_user")

    assert seen == own_people(world)
    assert {joined, world.people["theirs"]} <= seen
    assert seen.isdisjoint({world.people["stranger"], world.people["foreign"]})


def test_who_does_not_coordinate_any_more_sees_nothing(world, admin_of):
    Enrolment.objects.filter(person=world.people["lead"]).update(ended_at="2026-01-01T00:00Z")
    browser = admin_of("lead")

    assert {model: listed(browser, model) for model in out_of_reach(world) if model != "accounts_user"} == {
        model: set() for model in out_of_reach(world) if model != "accounts_user"
    }


def test_a_superuser_sees_both_programmes(world, admin_of):
    assert listed(admin_of("superuser"), "programmes_programme") == {world.programme, world.elsewhere}


SEARCHES = (
    ("accounts_user", "Hana", "Amina"),
    ("accounts_user", "stranger@example.org", "mentee@example.org"),
    ("programmes_enrolment", "Hana", "Amina"),
    ("programmes_application", "Callum", "Gwen"),
    ("pairings_pairing", "Hana", "Amina"),
    ("pairings_mentoroffer", "Callum", "Ruth"),
    ("notifications_email", "Callum", "Ruth"),
)


def test_searching_finds_nothing_of_another_programme(world, admin_of):
    browser = admin_of("lead")

    for model, theirs, own in SEARCHES:
        assert listed(browser, model, f"?q={theirs}") == set(), model
        assert listed(browser, model, f"?q={own}") != set(), model


@pytest.mark.parametrize("role", ["lead", "helper"])
def test_suggestions_hold_nobody_of_another_programme(world, admin_of, role):
    url = reverse("admin:autocomplete") + "?app_label=programmes&model_name=enrolment&field_name=person&term="
    browser = admin_of(role)

    assert [found["text"] for found in browser.get(f"{url}Amina").json()["results"]] == ["Amina Okafor"]
    assert browser.get(f"{url}Hana").json()["results"] == []


def test_lists_to_choose_from_hold_nothing_of_another_programme(world, admin_of):
    for programme in (world.programme, world.elsewhere):
        programme.sectors.create(name="Schools")
        programme.regions.create(name="Wales")
    browser = admin_of("lead")
    choices = {}
    for model in (
        *(f"programmes_{noun}" for noun in ("level", "criterion", "enrolment", "invitation", "wording")),
        *("programmes_agreementquestion", "programmes_completionquestion", "pairings_pairing"),
    ):
        form = browser.get(reverse(f"admin:{model}_add")).context["adminform"].form
        choices[model] = {
            name: set(field.queryset) for name, field in form.fields.items() if hasattr(field, "queryset")
        }

    people = own_people(world)
    level = world.programme.levels.get()
    assert choices == {
        "programmes_level": {"programme": {world.programme}},
        "programmes_criterion": {"level": {level}},
        "programmes_enrolment": {
            "programme": {world.programme},
            "person": people,
            "level": {level},
            "sector": set(world.programme.sectors.all()),
            "region": set(world.programme.regions.all()),
        },
        "programmes_invitation": {"programme": {world.programme}, "level": {level}},
        "programmes_agreementquestion": {"programme": {world.programme}},
        "programmes_completionquestion": {"programme": {world.programme}},
        "programmes_wording": {"programme": {world.programme}},
        "pairings_pairing": {"programme": {world.programme}, "mentee": people, "mentor": people},
    }


def test_nothing_of_another_programme_can_be_posted_into(world, admin_of):
    browser, stranger = admin_of("lead"), world.people["stranger"]
    before = Enrolment.objects.count(), Pairing.objects.count(), Level.objects.count(), MentorOffer.objects.count()

    refused = {
        "somebody of theirs": add(
            browser, "programmes_enrolment", programme=world.programme.pk, person=stranger.pk, role="mentor"
        ),
        "their programme": add(
            browser,
            "programmes_enrolment",
            programme=world.elsewhere.pk,
            person=world.people["mentee"].pk,
            role="coordinator",
        ),
        "a level of theirs": add(browser, "programmes_level", programme=world.elsewhere.pk, name="New", position=0),
        "a pairing of theirs": add(
            browser,
            "pairings_pairing",
            programme=world.elsewhere.pk,
            mentee=stranger.pk,
            mentor=world.people["foreign"].pk,
        ),
        "an offer of theirs": add(
            browser, "pairings_mentoroffer", enrolment=world.foreign.portfolio.enrolment.pk, capacity=9
        ),
    }

    unknown = "Select a valid choice. That choice is not one of the available choices."
    assert refused == {
        "somebody of theirs": {"person": [unknown]},
        "their programme": {"programme": [unknown]},
        "a level of theirs": {"programme": [unknown]},
        "a pairing of theirs": {"programme": [unknown], "mentee": [unknown], "mentor": [unknown]},
        "an offer of theirs": {"enrolment": [unknown]},
    }
    assert before == (
        Enrolment.objects.count(),
        Pairing.objects.count(),
        Level.objects.count(),
        MentorOffer.objects.count(),
    )


GUESSES = (
    ("accounts_user", "password__startswith=md5"),
    ("accounts_user", "password__regex=."),
    ("accounts_user", "comments__body__contains=a"),
    ("accounts_user", "profile__about__contains=a"),
    ("notifications_email", "letter__text__contains=4"),
    ("notifications_email", "subject__startswith=Amina"),
    ("notifications_email", "lease__isnull=1"),
    ("programmes_enrolment", "person__password__startswith=md5"),
    ("programmes_enrolment", "portfolio__pages__draft__body__contains=a"),
    ("pairings_pairing", "mentee__comments__body__contains=a"),
    ("programmes_invitation", "digest__startswith=a"),
    ("programmes_invitation", "programme__enrolments__hopes__contains=a"),
    ("programmes_application", "person__password__startswith=md5"),
)


@pytest.mark.parametrize("role", ["lead", "superuser"])
def test_what_is_not_shown_cannot_be_guessed_by_filtering(world, admin_of, role):
    browser = admin_of(role)

    answers = {
        guess: browser.get(reverse(f"admin:{guess[0]}_changelist") + f"?{guess[1]}").status_code for guess in GUESSES
    }

    assert answers == dict.fromkeys(GUESSES, 400)


def test_the_filters_that_are_shown_work(world, admin_of):
    assert listed(admin_of("lead"), "programmes_enrolment", "?role__exact=coordinator") == set(
        Enrolment.objects.filter(person__in=[world.people["lead"], world.people["helper"]])
    )


def test_a_coordinator_of_two_programmes_sees_each_once(world, admin_of):
    EnrolmentFactory(programme=world.elsewhere, person=world.people["lead"], role="coordinator")
    EnrolmentFactory(programme=world.elsewhere, person=world.people["lead"], role="mentor")

    assert list(Programme.objects.administered_by(world.people["lead"])) == [world.programme, world.elsewhere]
