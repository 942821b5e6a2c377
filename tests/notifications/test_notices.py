"""Whoever declares an event says all that is needed to tell people of it. A new one fails here until it does."""

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from notifications.forms import EmailsForm
from notifications.models import Event, Notification, Preference
from notifications.notices import NOTICES, REPLIES
from tests.factories import PersonFactory
from tests.mentoring import world as worlds
from tests.notifications.one_of_each import happen

KINDS = sorted(NOTICES)
# Their headline says nothing that anybody wrote.
NOTHING_PRIVATE = {
    "meetings.actions_due",
    "meetings.booked",
    "meetings.called_off",
    "meetings.declined",
    "meetings.learnt",
    "meetings.plan_due",
    "meetings.plan_nudge",
    "meetings.tomorrow",
    "meetings.moved",
    "meetings.note",
    "meetings.offered",
    "meetings.placed",
    "pairings.asked",
    "pairings.both_said_yes",
    "pairings.how_it_went",
    "pairings.lapsed",
    "pairings.lets_talk",
    "pairings.not_this_time",
    "pairings.nudge",
    "pairings.quiet",
    "pairings.said_yes",
    "pairings.suggested",
    "pairings.taken_back",
    "pairings.unanswered",
    "programmes.answer",
    "programmes.import",
}
# Threads in which an email says nothing of replying.
WITHOUT_REPLIES = {"agreement", "pause", "ending", "hand_over", "hand_over_closed", "handed_over", "concern"}
WITHOUT_REPLIES |= {"request", "kind", "quiet", "application", "import", "plan", "note", "learnt", "actions"}


@pytest.fixture
def world(db):
    return worlds.build(then=happen)


def happened(kind):
    """The last event of this kind of which those who were told may still be, with these people."""
    events = list(Event.objects.filter(kind=kind).order_by("-pk"))
    assert events, f"Let something of the kind {kind} happen in tests/notifications/one_of_each.py."
    found = [(event, [each.person for each in Notification.objects.filter(event=event)]) for event in events]
    may_tell = NOTICES[kind].may_tell
    permitted = (each for each in found if any(may_tell(person, [each[0].about_id], None) for person in each[1]))
    return next(permitted, found[0])


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
        assert (section.headline == section.discreet) is (kind in NOTHING_PRIVATE)
        assert all((section.summary, section.count, section.button, section.why, section.url.startswith("/")))
        assert section.context()


@pytest.mark.parametrize("kind", KINDS)
def test_a_reply_to_its_email_is_taken_or_not_offered(world, kind):
    event, _told = happened(kind)
    noun = event.thread.partition("-")[0]

    assert (noun in REPLIES) is (noun not in WITHOUT_REPLIES)
