"""Who may do what, who takes part and who works with whom is followed, with who changed it; texts never are."""

import pghistory
import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import InternalError, transaction
from django.urls import reverse
from pghistory.models import Context

from accounts.models import User, UserEvent, UserGroupEvent
from pairings.models import PairingEvent
from programmes.models import EnrolmentEvent

EVENTS = (UserEvent, UserGroupEvent, EnrolmentEvent, PairingEvent)


@pytest.fixture
def root(world, signed_in):
    """A superuser's browser; only what they do from here on counts."""
    return signed_in(world.people["superuser"])


def by_whom(events):
    return [event.pgh_context.metadata["user"] if event.pgh_context else None for event in events]


def person(user, **changes):
    fields = {"name": user.name, "known_as": user.known_as, "email": user.email, "is_active": "on"}
    return fields | changes


def test_a_change_of_rights_in_the_admin_is_recorded_with_who_made_it(world, root):
    mentee, me = world.people["mentee"], world.people["superuser"]
    group = Group.objects.get(name="Programme helpers")
    url = reverse("admin:accounts_user_change", args=[mentee.pk])

    root.post(url, person(mentee, is_staff="on", groups=[group.pk]))
    root.post(url, person(mentee, is_active=""))

    rights = UserEvent.objects.filter(pgh_obj=mentee).order_by("pgh_id")
    assert list(rights.values_list("pgh_label", "is_active", "is_staff", "is_superuser")) == [
        ("insert", True, False, False),
        ("update", True, True, False),
        ("update", False, False, False),
    ]
    assert by_whom(rights) == [None, me.pk, me.pk]
    groups = UserGroupEvent.objects.filter(user=mentee).order_by("pgh_id")
    assert list(groups.values_list("pgh_label", "group")) == [("insert", group.pk), ("delete", group.pk)]
    assert by_whom(groups) == [me.pk, me.pk]


def test_an_enrolment_in_the_admin_is_recorded_with_who_made_it(world, root):
    enrolment = world.portfolio.enrolment
    fields = {"programme": enrolment.programme_id, "person": enrolment.person_id, "role": "mentee", "level": ""}

    root.post(
        reverse("admin:programmes_enrolment_change", args=[enrolment.pk]),
        fields | {"ended_at_0": "2026-11-23", "ended_at_1": "12:00"},
    )

    events = EnrolmentEvent.objects.filter(pgh_obj=enrolment).order_by("pgh_id")
    assert [(event.pgh_label, event.ended_at is None) for event in events] == [("insert", True), ("update", False)]
    assert by_whom(events)[-1] == world.people["superuser"].pk


def test_a_pairing_ended_in_the_admin_is_recorded_with_who_ended_it(world, root):
    root.post(f"{reverse('admin:board_end')}?pairing={world.pairing.pk}", {"why": "time"})

    events = PairingEvent.objects.filter(pgh_obj=world.pairing).order_by("pgh_id")
    assert list(events.values_list("pgh_label", "state")) == [("insert", "active"), ("update", "ended")]
    assert by_whom(events)[-1] == world.people["superuser"].pk


def test_what_goes_around_the_actions_is_recorded_too(world):
    with pghistory.context(user=world.people["superuser"].pk):
        User.objects.filter(pk=world.people["mentee"].pk).update(is_superuser=True)

    last = UserEvent.objects.filter(pgh_obj=world.people["mentee"]).latest("pgh_id")
    assert (last.is_superuser, by_whom([last])) == (True, [world.people["superuser"].pk])


def test_what_says_nothing_of_rights_is_not_followed(world, signed_in):
    mentee = world.people["mentee"]
    before = UserEvent.objects.count()

    mentee.name, mentee.email = "Somebody Else", "else@example.org"
    mentee.save()
    signed_in(mentee)

    assert UserEvent.objects.count() == before


CHANGES = {
    "changed": lambda events: events.update(pgh_label="never"),
    "deleted": lambda events: events._raw_delete(events.db),
}


@pytest.mark.parametrize("how", CHANGES)
def test_no_record_is_ever(world, how):
    for event in EVENTS:
        events = event.objects.all()
        assert events.exists()

        with pytest.raises(InternalError, match="Cannot update or delete rows"), transaction.atomic():
            CHANGES[how](events)


def test_only_these_are_followed_and_no_text_is_among_them():
    followed = {
        model.__name__: {field.name for field in model._meta.fields if not field.name.startswith("pgh_")}
        for model in apps.get_models()
        if issubclass(model, pghistory.models.Event)
    }

    assert followed == {
        "UserEvent": {"is_active", "is_staff", "is_superuser"},
        "UserGroupEvent": {"id", "user", "group"},
        "EnrolmentEvent": {"id", "programme", "person", "role", "level", "ended_at"},
        "PairingEvent": {"id", "programme", "mentee", "mentor", "slug", "state", "created_at", "created_by"}
        | {"ended_at", "ended_by", "reads_from", "reads_until", "paused_until"},
        "ConcernEvent": {"handled_at", "handled_by"},
        "InvitationEvent": {"id", "programme", "role", "level", "invited_by", "created_at", "expires_at"}
        | {"withdrawn_at", "used_at", "used_by"},
        "ApplicationEvent": {"id", "programme", "person", "role", "level", "state", "asked_at", "decided_at"}
        | {"decided_by"},
        "ImportEvent": {"state"},
        "ExportEvent": {"state"},
        "MentorOfferEvent": {"capacity", "is_paused", "paused_until", "trained_until"},
        "MentorRequestEvent": {"id", "programme", "mentee", "mentor", "offer", "slug", "suggested_by", "state"}
        | {"asked_at", "answered_at", "mentee_said_yes_at", "mentor_said_yes_at", "closed_at", "closed_by", "pairing"},
        "HandOverEvent": {"id", "pairing", "offer", "mentor", "by", "state", "asked_at", "window", "since"}
        | {"consented_at", "closed_at", "next"},
        "MatchRunEvent": {"state"},
        "ProposalEvent": {"state"},
    }


def test_the_record_of_who_holds_an_address_of_a_page_and_a_number(world, root):
    root.post(f"{reverse('admin:board_end')}?pairing={world.pairing.pk}", {"why": "time"})

    assert [set(context.metadata) for context in Context.objects.all()] == [{"user", "url"}]
