"""Two programmes side by side: what is of the other answers like what does not exist, and is no choice anywhere."""

import pytest
from django.urls import reverse

from programmes.models import Application, Enrolment, Invitation, Region, Sector
from tests.mentoring.world import administered, out_of_reach
from tests.programmes.conftest import add

NONE = "Select a valid choice. That choice is not one of the available choices."


def told(browser, method, url):
    answer = getattr(browser, method)(url, follow=True)
    return answer.status_code, answer.redirect_chain and answer.redirect_chain[-1][0]


@pytest.mark.parametrize("role", ["lead", "helper"])
def test_a_row_of_the_other_programme_is_like_a_missing_one(world, admin_of, role):
    browser = admin_of(role)

    for model, thing in out_of_reach(world).items():
        for part in ("change", "history", "delete"):
            theirs, nobodys = (reverse(f"admin:{model}_{part}", args=[pk]) for pk in (thing.pk, 10**7))
            for method in ("get", "post"):
                assert told(browser, method, theirs) == told(browser, method, nobodys), (model, part)


def test_no_action_of_a_list_reaches_the_other_programme(world, admin_of):
    browser, foreign = admin_of("lead"), world.foreign

    for model, action, thing in (
        ("programmes_invitation", "withdraw", foreign.invitation),
        ("programmes_application", "approve", foreign.application),
        ("programmes_application", "decline", foreign.application),
    ):
        browser.post(reverse(f"admin:{model}_changelist"), {"action": action, "_selected_action": [thing.pk]})

    assert Invitation.objects.get(pk=foreign.invitation.pk).withdrawn_at is None
    assert Application.objects.get(pk=foreign.application.pk).state == "asked"


def test_nothing_is_added_to_the_other_programme(world, admin_of):
    browser, there = admin_of("lead"), world.elsewhere.pk
    before = {model: type(thing).objects.count() for model, thing in administered(world).items()}

    assert {
        noun: add(browser, f"programmes_{noun}", programme=there, **data)["programme"]
        for noun, data in {
            "invitation": {"role": "mentee", "people": "nora@example.org"},
            "wording": {"kind": "invitation", "words": "Mine."},
            "completionquestion": {"text": "Mine?", "position": 0},
            "agreementquestion": {"text": "Mine?", "position": 0, "kind": "text"},
        }.items()
    } == {noun: [NONE] for noun in ("invitation", "wording", "completionquestion", "agreementquestion")}
    assert before == {model: type(thing).objects.count() for model, thing in administered(world).items()}


def test_a_level_of_the_other_programme_cannot_be_invited_to(world, admin_of):
    refused = add(
        admin_of("lead"),
        "programmes_invitation",
        programme=world.programme.pk,
        role="mentee",
        level=world.elsewhere.levels.get().pk,
        people="nora@example.org",
    )

    assert refused == {"level": [NONE]}


def test_lists_of_both_never_mix_also_for_who_runs_both(world, admin_of):
    for programme in (world.programme, world.elsewhere):
        Sector.objects.create(programme=programme, name="Schools")
        Region.objects.create(programme=programme, name="Wales")
    theirs = {name: getattr(world.elsewhere, f"{name}s").get().pk for name in ("level", "sector", "region")}
    browser, person = admin_of("superuser"), world.people["helper"]

    new = add(browser, "programmes_enrolment", programme=world.programme.pk, person=person.pk, role="mentee", **theirs)
    form = browser.get(reverse("admin:programmes_enrolment_change", args=[world.portfolio.enrolment.pk]))

    assert new == {name: [f"Choose a {name} of The chartership."] for name in theirs}
    assert {name: list(form.context["adminform"].form.fields[name].queryset) for name in theirs} == {
        name: [getattr(world.programme, f"{name}s").get()] for name in theirs
    }


def test_the_filter_by_programme_names_only_ones_own(world, admin_of):
    Enrolment.objects.create(programme=world.elsewhere, person=world.people["superuser"], role="coordinator")
    url = reverse("admin:programmes_level_changelist")

    lead = admin_of("lead").get(url).content.decode()
    both = admin_of("superuser").get(url + "?of_programme=fellowship")

    assert "The fellowship" not in lead
    assert list(both.context["cl"].queryset) == [world.elsewhere.levels.get()]
