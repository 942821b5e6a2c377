"""What the team does about a pairing: another mentor is proposed, a pairing ends with a reason."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.urls import reverse

from mentoring.roles import HELPERS, LEADS
from notifications.delivery import deliver_due
from pairings.actions import propose_hand_over
from pairings.models import EndReason, HandOver
from programmes.models import Act
from tests.factories import EnrolmentFactory, MentorOfferFactory, PairingFactory, PersonFactory, ProgrammeFactory


@pytest.fixture(autouse=True)
def _at_once(settings):
    settings.NOTICE_BUNDLE_MINUTES = 0


@pytest.fixture
def place(db):
    """A pair, a mentor with room and one without, a lead and a helper; another programme with a pair."""
    programme = ProgrammeFactory()
    people = {}
    for role, group in (("lead", LEADS), ("helper", HELPERS)):
        people[role] = PersonFactory(name=role, is_staff=True)
        people[role].groups.add(Group.objects.get(name=group))
        EnrolmentFactory(programme=programme, person=people[role], role="coordinator")
    offer, full = (
        MentorOfferFactory(
            enrolment=EnrolmentFactory(programme=programme, person=PersonFactory(name=name), role="mentor"),
            capacity=capacity,
        )
        for name, capacity in (("Gwen Prosser", 1), ("Full Already", 0))
    )
    return SimpleNamespace(
        programme=programme,
        **people,
        offer=offer,
        full=full,
        pairing=pair(programme, "Callum Reid"),
        foreign=pair(ProgrammeFactory(), "Far Away"),
    )


def pair(programme, name):
    enrolled = EnrolmentFactory(programme=programme, person=PersonFactory(name=name))
    mentor = PersonFactory(name="Odette Marchand")
    EnrolmentFactory(programme=programme, person=mentor, role="mentor")
    return PairingFactory(programme=programme, mentee=enrolled.person, mentor=mentor)


def another(pairing):
    return reverse("admin:board_another_mentor", args=[pairing.pk])


def end(*pairings):
    return reverse("admin:board_end") + "?" + "&".join(f"pairing={pairing.pk}" for pairing in pairings)


def mailed():
    deliver_due()
    return sorted(message.to[0] for message in mail.outbox)


def at(*people):
    return sorted(f"{person.name} <{person.email}>" for person in people)


def test_the_team_proposes_another_mentor_once_and_both_are_told(place, signed_in):
    browser = signed_in(place.lead)
    form = browser.get(another(place.pairing)).context["form"]
    words = {"mentor": place.offer.pk, "words": "A new job.", "once": str(form.helper.once_token)}

    for _click in range(2):
        assert browser.post(another(place.pairing), words).status_code == 302

    made = HandOver.objects.get()
    assert [name for _pk, name in form.fields["mentor"].choices[1:]] == ["Gwen Prosser"]
    assert (made.mentor, made.by, made.words, made.state) == (
        place.offer.enrolment.person,
        place.lead,
        "A new job.",
        "asked",
    )
    assert mailed() == at(place.pairing.mentee, place.pairing.mentor)
    assert list(Act.objects.values_list("verb", "by", "programme")) == [
        ("proposed another mentor", place.lead.pk, place.programme.pk)
    ]


def test_what_cannot_be_proposed_comes_back_with_its_words(place, signed_in):
    browser = signed_in(place.lead)

    nobody = browser.post(another(place.pairing), {"words": "A new job."})
    full = browser.post(another(place.pairing), {"mentor": place.full.pk, "words": "A new job."})

    assert [nobody.status_code, full.status_code] == [422, 422]
    assert "Choose who is to carry on" in nobody.content.decode()
    assert "Their last place was taken." in full.content.decode()
    assert "A new job.</textarea>" in full.content.decode()


def test_what_is_proposed_already_is_said_and_taken_back_by_whoever_did_it(place, signed_in):
    propose_hand_over(place.pairing, place.offer, by=place.lead)
    browser = signed_in(place.lead)

    page = browser.get(another(place.pairing)).content.decode()
    browser.post(another(place.pairing), {"back": "1"})
    again = browser.post(another(place.pairing), {"back": "1"}, follow=True)

    assert "lead proposed Gwen Prosser on" in page
    assert HandOver.objects.get().state == "withdrawn"
    assert "Nobody is proposed any more." in again.content.decode()


def test_nobody_of_the_team_is_proposed_by_themselves(place, signed_in):
    MentorOfferFactory(enrolment=EnrolmentFactory(programme=place.programme, person=place.lead, role="mentor"))

    form = signed_in(place.lead).get(another(place.pairing)).context["form"]

    assert [name for _pk, name in form.fields["mentor"].choices[1:]] == ["Gwen Prosser"]


def test_a_pairing_ends_with_a_reason_that_only_coordinators_read_and_both_are_told(place, signed_in):
    other = pair(place.programme, "Amina Okafor")
    browser = signed_in(place.lead)

    asked = browser.get(end(place.pairing, other)).content.decode()
    answer = browser.post(end(place.pairing, other), {"why": "silent", "words": "Zanzibar"}, follow=True)

    assert "End these pairings?" in asked
    assert "2 pairings ended. All are told." in answer.content.decode()
    for pairing in (place.pairing, other):
        pairing.refresh_from_db()
        assert (pairing.state, pairing.ended_by) == ("ended", place.lead)
    assert list(EndReason.objects.order_by("pairing").values_list("pairing", "why", "words", "by")) == [
        (pairing.pk, "silent", "Zanzibar", place.lead.pk) for pairing in (place.pairing, other)
    ]
    assert mailed() == at(
        *(person for pairing in (place.pairing, other) for person in (pairing.mentee, pairing.mentor))
    )
    assert not any("Zanzibar" in message.body for message in mail.outbox)
    assert Act.objects.filter(verb="ended", noun="pairing", by=place.lead).count() == 2


def test_without_a_reason_nothing_ends(place, signed_in):
    answer = signed_in(place.lead).post(end(place.pairing), {"words": "x"})

    place.pairing.refresh_from_db()
    assert (answer.status_code, place.pairing.state) == (422, "active")
    assert "Choose what comes closest" in answer.content.decode()


def test_a_second_click_says_that_it_has_ended(place, signed_in):
    browser = signed_in(place.lead)

    for _click in range(2):
        answer = browser.post(end(place.pairing), {"why": "time"})

    assert EndReason.objects.count() == 1
    assert answer.status_code == 302
    assert "This pairing is “Ended” now" in browser.get(answer["Location"]).content.decode()


def test_one_of_the_two_does_neither_here(place, signed_in):
    own = PairingFactory(programme=place.programme, mentor=place.lead)
    browser = signed_in(place.lead)

    assert browser.get(another(own))["Location"] == f"/pairings/{own.slug}/hand-over/"
    assert browser.post(end(own), {"why": "time"}).status_code == 404
    own.refresh_from_db()
    assert own.state == "active"


@pytest.mark.parametrize("url", [another, end])
def test_pairings_of_others_answer_like_missing_ones_and_helpers_look_only(place, signed_in, url):
    lead = signed_in(place.lead)
    assert lead.post(url(place.foreign), {"why": "time"}).status_code == 404
    assert lead.post(url(SimpleNamespace(pk=999_999)), {"why": "time"}).status_code == 404

    helper = signed_in(place.helper)
    assert helper.get(url(place.pairing)).status_code == 403
    assert (
        "Propose another mentor"
        not in helper.get(reverse("admin:pairings_pairing_change", args=[place.pairing.pk])).content.decode()
    )


def test_the_action_of_the_list_leads_to_the_page_that_asks(place, signed_in):
    browser = signed_in(place.lead)
    url = reverse("admin:pairings_pairing_changelist")

    answer = browser.post(url, {"action": "end", "_selected_action": [place.pairing.pk]})
    browser.post(end(place.pairing), {"why": "time"})
    late = browser.post(url, {"action": "end", "_selected_action": [place.pairing.pk]}, follow=True)

    assert answer["Location"] == end(place.pairing)
    assert "They have ended already." in late.content.decode()
