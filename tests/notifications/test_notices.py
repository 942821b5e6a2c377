"""Whoever declares an event says all that is needed to tell people of it. A new one fails here until it does."""

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from notifications.forms import EmailsForm
from notifications.models import Event, Notification, Preference
from notifications.notices import NOTICES, REPLIES
from tests.factories import PersonFactory
from tests.mentoring import world as worlds

KINDS = sorted(NOTICES)
# Threads in which an email says nothing of replying.
WITHOUT_REPLIES = {"agreement", "pause", "ending", "hand_over", "hand_over_closed", "handed_over", "concern"}


@pytest.fixture
def world(db):
    return worlds.build()


def happened(kind):
    """An event of this kind, with those who were told of it. `tests/mentoring/world.py` makes one of each."""
    event = Event.objects.filter(kind=kind).order_by("pk").last()
    assert event, f"Let something of the kind {kind} happen in tests/mentoring/world.py."
    return event, [each.person for each in Notification.objects.filter(event=event)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", ["html", "txt"])
def test_it_has_words_in_both_forms(kind, ending):
    try:
        get_template(f"{NOTICES[kind].template}.{ending}")
    except TemplateDoesNotExist as missing:
        pytest.fail(f"There is no template {missing}.")


@pytest.mark.parametrize("kind", KINDS)
def test_a_person_can_choose_how_they_hear_of_it_or_it_says_that_nobody_can(kind):
    group = NOTICES[kind].group

    assert group == "" or group in Preference.GROUPS
    assert group == "" or group in EmailsForm.base_fields


@pytest.mark.parametrize("kind", KINDS)
def test_those_who_were_told_may_be_and_strangers_never(world, kind):
    event, told = happened(kind)
    notice = NOTICES[kind]
    stranger = PersonFactory()

    assert notice.may_tell(stranger, [event.about_id], None) == []
    assert any(notice.may_tell(person, [event.about_id], None) for person in told)
    if notice.may_tell_all:
        everybody = notice.may_tell_all({person: [event.about_id] for person in [stranger, *told]})
        assert everybody[stranger.pk] == []
        assert any(everybody[person.pk] for person in told)


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_the_same_with_and_without_words_and_names_the_rest(world, kind):
    event, told = happened(kind)
    things = [(person, NOTICES[kind].may_tell(person, [event.about_id], None)) for person in told]
    sections = [section for person, found in things if found for section in NOTICES[kind].render(person, found)]

    assert sections
    for section in sections:
        assert section.headline != section.discreet
        assert all((section.summary, section.count, section.button, section.why, section.url.startswith("/")))
        assert section.context()


@pytest.mark.parametrize("kind", KINDS)
def test_a_reply_to_its_email_is_taken_or_not_offered(world, kind):
    event, _told = happened(kind)
    noun = event.thread.partition("-")[0]

    assert (noun in REPLIES) is (noun not in WITHOUT_REPLIES)
