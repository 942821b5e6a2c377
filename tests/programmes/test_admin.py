"""The admin shows each lead their own programme, lets helpers look, and lets nobody delete."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.admin import HouseAdmin
from accounts.models import User
from pairings.models import MentorOffer, Pairing
from programmes.models import Enrolment, Level, Programme
from tests.factories import EnrolmentFactory, PersonFactory
from tests.mentoring.world import administered, out_of_reach

OWN_PEOPLE = ("mentee", "mentor", "former", "other", "theirs", "lead", "helper")


@pytest.fixture
def admin_of(world, signed_in):
    """`admin_of("lead")` is a browser of that role."""
    return lambda role: signed_in(world.people[role])


def listed(browser, model, query=""):
    """The rows that the list of `model` shows."""
    return set(browser.get(reverse(f"admin:{model}_changelist") + query).context["cl"].queryset)


def add(browser, model, **data):
    """The errors of adding a row by a raw post; None when it was added."""
    answer = browser.post(reverse(f"admin:{model}_add"), data)
    return None if answer.status_code == 302 else dict(answer.context["adminform"].form.errors)


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
        seen = listed(browser, model)
        assert administered(world)[model] in seen, model
        assert theirs not in seen, model


def test_they_see_their_people_and_those_who_take_part_in_nothing_yet(world, admin_of):
    joined = PersonFactory()

    assert listed(admin_of("lead"), "accounts_user") == {
        *(world.people[part] for part in OWN_PEOPLE),
        world.people["superuser"],
        joined,
    }


def test_who_does_not_coordinate_any_more_sees_nothing(world, admin_of):
    Enrolment.objects.filter(person=world.people["lead"]).update(ended_at="2026-01-01T00:00Z")
    browser = admin_of("lead")

    assert {model: listed(browser, model) for model in out_of_reach(world) if model != "accounts_user"} == {
        model: set() for model in out_of_reach(world) if model != "accounts_user"
    }


def test_a_superuser_sees_both_programmes(world, admin_of):
    assert listed(admin_of("superuser"), "programmes_programme") == {world.programme, world.elsewhere}


@pytest.mark.parametrize(
    ("model", "theirs", "own"),
    [
        ("accounts_user", "Hana", "Amina"),
        ("accounts_user", "stranger@example.org", "mentee@example.org"),
        ("programmes_enrolment", "Hana", "Amina"),
        ("pairings_pairing", "Hana", "Amina"),
        ("pairings_mentoroffer", "Callum", "Ruth"),
        ("notifications_email", "Callum", "Ruth"),
    ],
)
def test_searching_finds_nothing_of_another_programme(world, admin_of, model, theirs, own):
    browser = admin_of("lead")

    assert listed(browser, model, f"?q={theirs}") == set()
    assert listed(browser, model, f"?q={own}") != set()


@pytest.mark.parametrize("role", ["lead", "helper"])
def test_suggestions_hold_nobody_of_another_programme(world, admin_of, role):
    url = reverse("admin:autocomplete") + "?app_label=programmes&model_name=enrolment&field_name=person&term="
    browser = admin_of(role)

    assert [found["text"] for found in browser.get(f"{url}Amina").json()["results"]] == ["Amina Okafor"]
    assert browser.get(f"{url}Hana").json()["results"] == []


def test_lists_to_choose_from_hold_nothing_of_another_programme(world, admin_of):
    browser = admin_of("lead")
    choices = {}
    for model in ("programmes_level", "programmes_criterion", "programmes_enrolment", "pairings_pairing"):
        form = browser.get(reverse(f"admin:{model}_add")).context["adminform"].form
        choices[model] = {
            name: set(field.queryset) for name, field in form.fields.items() if hasattr(field, "queryset")
        }

    people = {world.people[part] for part in OWN_PEOPLE} | {world.people["superuser"]}
    level = world.programme.levels.get()
    assert choices == {
        "programmes_level": {"programme": {world.programme}},
        "programmes_criterion": {"level": {level}},
        "programmes_enrolment": {"programme": {world.programme}, "person": people, "level": {level}},
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


@pytest.mark.parametrize(
    ("model", "query"),
    [
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
    ],
)
def test_what_is_not_shown_cannot_be_guessed_by_filtering(world, admin_of, model, query):
    for role in ("lead", "superuser"):
        assert admin_of(role).get(reverse(f"admin:{model}_changelist") + f"?{query}").status_code == 400


def test_the_filters_that_are_shown_work(world, admin_of):
    assert listed(admin_of("lead"), "programmes_enrolment", "?role__exact=coordinator") == set(
        Enrolment.objects.filter(person__in=[world.people["lead"], world.people["helper"]])
    )


def test_a_helper_changes_nothing_by_any_button(world, admin_of):
    browser = admin_of("helper")

    browser.post(
        reverse("admin:pairings_pairing_changelist"),
        {"action": "end", "confirmed": "1", "_selected_action": [world.pairing.pk], "index": 0},
    )

    world.pairing.refresh_from_db()
    assert world.pairing.state == "active"


@pytest.mark.parametrize("model", ["accounts_user", "pairings_pairing", "programmes_enrolment"])
def test_nobody_deletes_also_not_by_the_action_of_a_list(world, admin_of, model):
    browser = admin_of("superuser")
    thing = administered(world)[model]
    url = reverse(f"admin:{model}_changelist")

    browser.post(url, {"action": "delete_selected", "_selected_action": [thing.pk], "post": "yes", "index": 0})

    assert type(thing).objects.filter(pk=thing.pk).exists()
    assert "delete" not in browser.get(url).content.decode()


def test_a_lead_makes_nobody_a_lead_and_changes_no_address(world, admin_of):
    browser, mentee = admin_of("lead"), world.people["mentee"]
    group = Group.objects.get(name="Programme leads").pk

    answer = browser.post(
        reverse("admin:accounts_user_change", args=[mentee.pk]),
        {
            "name": "Amina O.",
            "email": "mine@example.org",
            "is_active": "on",
            "is_staff": "on",
            "is_superuser": "on",
            "groups": [group],
            "user_permissions": [1],
            "password": "x",
        },
    )

    changed = User.objects.get(pk=mentee.pk)
    assert answer.status_code == 302
    assert (changed.name, changed.email) == ("Amina O.", "mentee@example.org")
    assert (changed.is_staff, changed.is_superuser, changed.groups.count()) == (False, False, 0)
    assert changed.password == mentee.password


def test_a_lead_changes_nobody_who_may_open_the_admin(world, admin_of):
    for role in ("lead", "helper", "superuser"):
        url = reverse("admin:accounts_user_change", args=[world.people[role].pk])
        assert admin_of("lead").post(url, {"name": "Changed", "is_active": ""}).status_code == 403
    assert not User.objects.filter(name="Changed").exists()


def test_a_lead_enrols_and_pairs_and_ends(world, admin_of):
    browser = admin_of("lead")
    newcomer, mentor = PersonFactory(), world.people["former"]

    assert (
        add(
            browser,
            "programmes_enrolment",
            programme=world.programme.pk,
            person=newcomer.pk,
            role="mentee",
            level=world.programme.levels.get().pk,
        )
        is None
    )
    pairing = {"programme": world.programme.pk, "mentee": newcomer.pk, "mentor": mentor.pk}
    assert add(browser, "pairings_pairing", **pairing) is None
    begun = Pairing.objects.get(mentee=newcomer)
    assert (begun.state, begun.created_by) == ("agreeing", world.people["lead"])

    for action, state in (("make_active", "active"), ("begin_finishing", "completing"), ("end", "ended")):
        words = {"action": action, "_selected_action": [begun.pk]}
        asked = browser.post(reverse("admin:pairings_pairing_changelist"), words)
        if action == "end":
            assert "End these pairings?" in asked.content.decode()
            browser.post(reverse("admin:pairings_pairing_changelist"), words | {"confirmed": "1"})
        begun.refresh_from_db()
        assert begun.state == state
    assert begun.ended_by == world.people["lead"]


def test_nobody_pairs_themselves_or_takes_over_a_portfolio(world, admin_of):
    """Who may read whose pages follows from enrolments and pairings: a lead cannot make themselves either."""
    lead = world.people["lead"]
    enrolment = Enrolment.objects.get(person=world.people["mentee"])
    browser = admin_of("lead")

    browser.post(
        reverse("admin:programmes_enrolment_change", args=[enrolment.pk]),
        {"person": lead.pk, "programme": enrolment.programme_id, "role": "mentee"},
    )
    refused = browser.post(
        reverse("admin:pairings_pairing_add"),
        {"programme": enrolment.programme_id, "mentee": world.people["mentee"].pk, "mentor": lead.pk},
    )

    enrolment.refresh_from_db()
    assert enrolment.person == world.people["mentee"]
    assert "ask another coordinator" in refused.content.decode()


def test_what_the_action_refuses_is_said_in_the_form(world, admin_of):
    pairing = {"programme": world.programme.pk, "mentee": world.people["mentee"].pk}

    errors = add(admin_of("lead"), "pairings_pairing", **pairing, mentor=world.people["mentor"].pk)

    assert errors == {"__all__": ["Ruth Lindqvist has no place left."]}
    assert Pairing.objects.filter(mentee=world.people["mentee"]).live().count() == 1


def test_the_database_holds_one_enrolment_for_a_part_and_a_level_for_mentees_alone(world, admin_of):
    enrolment = world.portfolio.enrolment
    again = {"programme": enrolment.programme_id, "person": enrolment.person_id}

    assert add(admin_of("lead"), "programmes_enrolment", **again, role="mentee") is not None
    assert (
        add(
            admin_of("lead"),
            "programmes_enrolment",
            **again,
            role="mentor",
            level=world.programme.levels.get().pk,
        )
        is not None
    )
    assert Enrolment.objects.filter(person=enrolment.person).count() == 1


def test_a_coordinator_of_two_programmes_sees_each_once(world, admin_of):
    EnrolmentFactory(programme=world.elsewhere, person=world.people["lead"], role="coordinator")
    EnrolmentFactory(programme=world.elsewhere, person=world.people["lead"], role="mentor")

    assert list(Programme.objects.administered_by(world.people["lead"])) == [world.programme, world.elsewhere]
