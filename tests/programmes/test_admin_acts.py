"""What leads do in the admin, what they cannot, and that helpers only look and nobody deletes."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import User
from pairings.models import Pairing
from programmes.models import Enrolment
from tests.factories import EnrolmentFactory, PersonFactory
from tests.mentoring.world import administered
from tests.programmes.conftest import add


def test_a_helper_changes_nothing_by_any_button(world, admin_of):
    browser = admin_of("helper")

    browser.post(
        reverse("admin:pairings_pairing_changelist"),
        {"action": "end", "_selected_action": [world.pairing.pk], "index": 0},
    )
    browser.post(f"{reverse('admin:board_end')}?pairing={world.pairing.pk}", {"why": "time"})

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
            assert "End this pairing?" in browser.get(asked["Location"]).content.decode()
            browser.post(asked["Location"], {"why": "time"})
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


def test_nobody_begins_a_pairing_of_their_own(world, admin_of):
    EnrolmentFactory(programme=world.programme, person=world.people["lead"], role="mentor")
    pairing = {"programme": world.programme.pk, "mentee": world.people["mentee"].pk}

    errors = add(admin_of("lead"), "pairings_pairing", **pairing, mentor=world.people["lead"].pk)

    assert errors == {"__all__": ["Please ask another coordinator to begin a pairing of your own."]}


def test_whose_a_portfolio_is_cannot_be_changed(world, admin_of):
    enrolment, other = world.portfolio.enrolment, world.people["theirs"]
    fields = {"programme": world.elsewhere.pk, "person": other.pk, "role": "mentor"}

    admin_of("superuser").post(reverse("admin:programmes_enrolment_change", args=[enrolment.pk]), fields)

    enrolment.refresh_from_db()
    assert (enrolment.programme, enrolment.person, enrolment.role) == (
        world.programme,
        world.people["mentee"],
        "mentee",
    )


def test_who_takes_part_elsewhere_too_is_not_changed_by_one_lead(world, admin_of):
    EnrolmentFactory(programme=world.elsewhere, person=world.people["mentee"], role="mentor")
    url = reverse("admin:accounts_user_change", args=[world.people["mentee"].pk])

    assert admin_of("lead").post(url, {"name": "Changed"}).status_code == 403
    assert not User.objects.filter(name="Changed").exists()


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


def test_a_list_says_what_it_lists_and_names_each_cell_for_phones(world, admin_of):
    page = admin_of("lead").get(reverse("admin:pairings_pairing_changelist")).content.decode()

    assert "<h1>Pairings</h1>" in page
    assert '<td data-label="Mentor" class="field-mentor' in page
    assert '<td class="action-checkbox">' in page


def test_a_pairing_changes_by_what_is_done_so_there_is_nothing_to_save(world, admin_of):
    page = admin_of("lead").get(reverse("admin:pairings_pairing_change", args=[world.pairing.pk])).content.decode()

    assert "Propose another mentor" in page
    assert 'name="_save"' not in page
