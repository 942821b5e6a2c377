"""Another mentor carries on: with the mentee's consent on what they may read, then their own yes; places and races."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from notifications import delivery
from notifications.models import Notification
from pairings.actions import (
    accept_hand_over,
    begin_pairing,
    consent_to_hand_over,
    decline_hand_over,
    end_pairing,
    move_pairing,
    propose_hand_over,
    send_message,
    withdraw_hand_over,
)
from pairings.models import HandOver, MentorOffer, Message, MoveRefused, Pairing
from pairings.photos import photos_visible_to
from portfolios import actions
from portfolios.models import Comment, PageVersion
from programmes.models import Enrolment
from tests.at_once import all_at_once
from tests.factories import (
    EnrolmentFactory,
    MentorOfferFactory,
    PairingFactory,
    PersonFactory,
    make_picture,
    share,
)
from tests.files.making import make_photo


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel("2026-11-24 12:00+00:00", tick=True):
        yield


@pytest.fixture
def pair(pair):
    """Amina and Ruth, whose programme Gwen mentors in, too, with one place."""
    programme = pair.pairing.programme
    pair.ruths = offer_of(programme, pair.mentor)
    pair.gwens = offer_of(programme, PersonFactory(name="Gwen Prosser", email="gwen@example.org"))
    pair.gwen = pair.gwens.enrolment.person
    return pair


def offer_of(programme, person, capacity=1):
    enrolment = EnrolmentFactory(programme=programme, person=person, role=Enrolment.Role.MENTOR)
    return MentorOfferFactory(enrolment=enrolment, capacity=capacity, held=0)


def proposed(pair, by=None):
    return propose_hand_over(pair.pairing, pair.gwens, by=by or pair.mentor, words="She knows museums.")


def consented(pair, window="all", since=None):
    return consent_to_hand_over(proposed(pair), by=pair.mentee, window=window, since=since)


def done(pair, window="all", since=None):
    return accept_hand_over(consented(pair, window, since), by=pair.gwen)


def held(offer):
    return MentorOffer.objects.get(pk=offer.pk).held


def state(thing):
    thing.refresh_from_db()
    return thing.state


def status(browser, url):
    response = browser.get(url)
    if response.streaming:
        response.getvalue()  # and closes the file
    return response.status_code


def emails():
    mail.outbox.clear()
    delivery.deliver_due()
    return sorted((message.to[0].split()[0], message.subject) for message in mail.outbox)


def readable(person):
    return sorted(PageVersion.objects.visible_to(person).values_list("number", flat=True))


def test_from_the_proposal_to_the_next_pairing(pair):
    hand_over = proposed(pair)
    assert (hand_over.state, held(pair.gwens), state(pair.pairing)) == ("asked", 1, "active")

    consent_to_hand_over(hand_over, by=pair.mentee, window="new")
    assert (state(hand_over), held(pair.gwens), state(pair.pairing)) == ("consented", 1, "active")

    following = accept_hand_over(hand_over, by=pair.gwen)

    assert (state(hand_over), hand_over.next) == ("done", following)
    assert (state(pair.pairing), following.state, following.mentor) == ("ended", "agreeing", pair.gwen)
    assert pair.pairing.reads_until == following.reads_from == following.created_at
    assert (held(pair.gwens), held(pair.ruths)) == (1, 0)


def test_the_new_mentor_reads_what_the_mentee_said(pair):
    began = datetime(2026, 11, 10, tzinfo=ZoneInfo("Europe/London"))
    for days in (2, 3):
        share(pair.page, f"<p>{days} days later.</p>", at=began + timedelta(days=days))
    since = done(pair, "since", date(2026, 11, 13)).reads_from

    assert since == began + timedelta(days=3)
    # Of the first version, shared a moment ago, she reads too; of the second, a day too early, nothing.
    assert readable(pair.gwen) == [1, 3]


def test_everything_means_everything_and_only_new_means_only_new(pair):
    following = done(pair, "all")
    assert (following.reads_from, readable(pair.gwen)) == (None, [1])

    following.reads_from = timezone.now()
    following.save()
    assert readable(pair.gwen) == []
    share(pair.page, "<p>New.</p>")
    assert readable(pair.gwen) == [2]


def test_the_old_mentor_goes_on_reading_what_was_shared_before_and_nothing_newer(pair, signed_in):
    actions.add_comment(pair.page, by=pair.mentor, body="Well said.")
    picture = make_picture(pair.mentee)
    message = send_message(pair.pairing, by=pair.mentee, body="Look.", files=[picture])
    following = done(pair, "all")
    share(pair.page, "<p>For Gwen.</p>", title="A new title")
    actions.add_comment(pair.page, by=pair.gwen, body="Secret praise.")
    later = send_message(following, by=pair.mentee, body="Hello Gwen.", files=[make_picture(pair.mentee)])
    browser = signed_in(pair.mentor)
    old_messages, new_messages = f"/pairings/{pair.pairing.slug}/messages/", f"/pairings/{following.slug}/messages/"

    page = browser.get(pair.url).content.decode()
    assert "In March I asked to sit in." in page
    assert "For Gwen" not in page
    assert "Secret praise" not in page
    pair.page.refresh_from_db()
    answers = {
        "new address": pair.page.get_absolute_url(),
        "second version": f"{pair.url}versions/2/",
        "changes": f"{pair.url}versions/2/?since=1",
        "old messages": old_messages,
        "old file": f"{old_messages}{message.number}/files/{picture.uuid}/",
        "new messages": new_messages,
        "new file": f"{new_messages}{later.number}/files/{later.files.get().file.uuid}/",
        "new agreement": f"/pairings/{following.slug}/agreement/",
    }
    assert {name: status(browser, url) for name, url in answers.items()} == {
        "new address": 404,
        "second version": 404,
        "changes": 404,
        "old messages": 200,
        "old file": 200,
        "new messages": 404,
        "new file": 404,
        "new agreement": 404,
    }
    assert list(Comment.objects.visible_to(pair.mentor).values_list("body", flat=True)) == ["Well said."]
    assert list(Message.objects.visible_to(pair.gwen)) == [later]


def test_all_three_are_told_and_nobody_before_it_concerns_them(pair):
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now())
    hand_over = proposed(pair)
    assert emails() == [("Amina", "Ruth suggests that Gwen carries on as your mentor")]
    assert "She knows museums." in mail.outbox[0].body

    consent_to_hand_over(hand_over, by=pair.mentee, window="new")
    assert emails() == [("Gwen", "Amina would like you to carry on as mentor")]

    accept_hand_over(hand_over, by=pair.gwen)
    assert emails() == [
        ("Amina", "Gwen is your mentor now"),
        ("Gwen", "You are Amina’s mentor now"),
        ("Ruth", "Gwen carries on as Amina’s mentor"),
    ]


def test_a_mentee_proposes_it_too_and_their_mentor_hears_of_it(pair):
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now())
    proposed(pair, by=pair.mentee)

    assert emails() == [("Ruth", "Amina suggests that Gwen carries on as mentor of Amina")]


def test_the_team_proposes_and_both_hear_of_it(pair):
    lead = EnrolmentFactory(programme=pair.pairing.programme, role="coordinator").person
    elsewhere = EnrolmentFactory(role="coordinator").person

    with pytest.raises(MoveRefused, match="Only the two"):
        proposed(pair, by=elsewhere)
    hand_over = proposed(pair, by=lead)

    told = Notification.objects.filter(event__kind="pairings.hand_over").values_list("person__name", flat=True)
    assert sorted(told) == ["Amina Okafor", "Ruth Lindqvist"]
    assert hand_over.by == lead


@pytest.mark.parametrize("close", [decline_hand_over, withdraw_hand_over])
def test_who_says_no_or_takes_it_back_frees_the_place(pair, close):
    hand_over = proposed(pair)

    close(hand_over, by=pair.mentee)

    assert (held(pair.gwens), state(pair.pairing)) == (0, "active")
    with pytest.raises(MoveRefused, match="This hand-over is “"):
        consent_to_hand_over(hand_over, by=pair.mentee, window="all")
    # And there may be another.
    assert proposed(pair).state == "asked"


def test_the_new_mentor_says_not_this_time(pair):
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now())
    hand_over = consented(pair)
    emails()

    decline_hand_over(hand_over, by=pair.gwen)

    assert (held(pair.gwens), state(pair.pairing)) == (0, "active")
    assert emails() == [("Amina", "Gwen said “not this time”"), ("Ruth", "Gwen said “not this time”")]


def test_nobody_decides_for_somebody_else(pair):
    hand_over = proposed(pair)

    for by in (pair.mentor, pair.gwen):
        with pytest.raises(MoveRefused, match="Only the mentee decides"):
            consent_to_hand_over(hand_over, by=by, window="all")
    with pytest.raises(MoveRefused, match="somebody else"):
        decline_hand_over(hand_over, by=pair.gwen)
    with pytest.raises(MoveRefused, match="This hand-over is “Waiting for the mentee”"):
        accept_hand_over(hand_over, by=pair.gwen)
    consent_to_hand_over(hand_over, by=pair.mentee, window="all")
    for by in (pair.mentor, pair.mentee):
        with pytest.raises(MoveRefused, match="Only the mentor who"):
            accept_hand_over(hand_over, by=by)

    assert (state(pair.pairing), Pairing.objects.count()) == ("active", 1)


def test_the_database_lets_nobody_hand_over_without_the_mentees_consent(pair):
    hand_over = proposed(pair)

    with pytest.raises(IntegrityError, match="a_hand_over_has_the_mentees_consent"), transaction.atomic():
        HandOver.objects.filter(pk=hand_over.pk).update(state="done")


def test_it_is_proposed_only_to_somebody_who_may_and_has_room(pair):
    programme, refused = pair.pairing.programme, {}
    full = offer_of(programme, PersonFactory(name="Full House"))
    mentee = EnrolmentFactory(programme=programme).person
    begin_pairing(programme=programme, mentee=mentee, mentor=full.enrolment.person, by=pair.mentor)
    away = offer_of(programme, PersonFactory(name="Away Day"))
    MentorOffer.objects.filter(pk=away.pk).update(is_paused=True)
    boss = offer_of(programme, PersonFactory(name="Big Boss"))
    Enrolment.objects.filter(person=pair.mentee).update(line_manager="Big Boss")
    elsewhere = offer_of(PairingFactory().programme, PersonFactory(name="Else Where"))

    for offer in (full, away, boss, elsewhere, pair.ruths):
        with pytest.raises(MoveRefused) as error:
            propose_hand_over(pair.pairing, offer, by=pair.mentor)
        refused[offer.enrolment.person.name] = str(error.value)

    assert refused == {
        "Full House": "Full House has no place left.",
        "Away Day": "Away Day takes nobody just now. Choose somebody else.",
        "Big Boss": "Big Boss can’t be their mentor: is the line manager.",
        "Else Where": "Else Where does not take part here. Choose somebody else.",
        "Ruth Lindqvist": "Ruth Lindqvist is the mentor already. Choose somebody else.",
    }
    assert not HandOver.objects.exists()


def test_one_is_under_way_at_a_time(pair):
    proposed(pair)
    other = offer_of(pair.pairing.programme, PersonFactory())

    with pytest.raises(MoveRefused, match="proposed already"):
        propose_hand_over(pair.pairing, other, by=pair.mentee)

    assert held(other) == 0


def test_an_end_meanwhile_closes_it_and_frees_the_place(pair):
    hand_over = consented(pair)

    end_pairing(pair.pairing, by=pair.mentee, why="other")

    assert (state(hand_over), held(pair.gwens), held(pair.ruths)) == ("withdrawn", 0, 0)
    with pytest.raises(MoveRefused, match="This hand-over is “Taken back”"):
        accept_hand_over(hand_over, by=pair.gwen)


@pytest.mark.django_db(transaction=True)
def test_twenty_yeses_at_once_make_one_pairing(pair):
    hand_over = consented(pair)

    came = all_at_once([lambda: accept_hand_over(hand_over, by=pair.gwen) for _click in range(20)])

    assert came == {"MoveRefused": 19, "done": 1}
    assert (Pairing.objects.live().get().mentor, held(pair.gwens)) == (pair.gwen, 1)


@pytest.mark.django_db(transaction=True)
def test_a_yes_an_end_and_a_withdrawal_at_once_end_in_one_of_them(pair):
    hand_over = consented(pair)

    came = all_at_once(
        [
            lambda: accept_hand_over(hand_over, by=pair.gwen),
            lambda: end_pairing(pair.pairing, by=pair.mentor, why="time"),
            lambda: withdraw_hand_over(hand_over, by=pair.mentee),
        ]
    )

    assert came.keys() <= {"MoveRefused", "done"}
    handed_over = state(hand_over) == "done"
    assert Pairing.objects.live().filter(mentor=pair.gwen).exists() is handed_over
    assert held(pair.gwens) == handed_over


@pytest.mark.django_db(transaction=True)
def test_of_ten_proposals_for_one_place_one_holds_it(pair):
    programme = pair.pairing.programme
    others = [
        PairingFactory(programme=programme, mentee=EnrolmentFactory(programme=programme).person)
        for _number in range(10)
    ]

    came = all_at_once([lambda other=other: propose_hand_over(other, pair.gwens, by=other.mentee) for other in others])

    assert came == {"MoveRefused": 9, "done": 1}
    assert held(pair.gwens) == 1


def test_after_the_hand_over_none_of_the_old_news_is_emailed_to_the_old_mentor(pair):
    share(pair.page, "<p>Before.</p>")
    done(pair)
    emails()
    share(pair.page, "<p>After.</p>")
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=True):
        assert [to for to, _subject in emails()] == ["Gwen"]


def page_of(pair):
    return f"/pairings/{pair.pairing.slug}/hand-over/"


def test_the_pages_lead_all_three_through_it(pair, client):
    def browser(person):
        client.force_login(person, backend="accounts.backends.EmailBackend")
        return client

    assert browser(pair.gwen).get(page_of(pair)).status_code == 404
    browser(pair.mentor).post(page_of(pair), {"mentor": pair.gwens.pk, "words": "She knows museums."})
    assert browser(pair.gwen).get(page_of(pair)).status_code == 404

    asked = browser(pair.mentee).get(page_of(pair)).content.decode()
    assert "Ruth suggests that Gwen Prosser carries on as mentor of Amina." in asked
    assert "What may Gwen read?" in asked
    no_day = browser(pair.mentee).post(page_of(pair), {"window": "since"})
    assert (no_day.status_code, "Choose the day from which they may read" in no_day.content.decode()) == (422, True)
    browser(pair.mentee).post(page_of(pair), {"window": "since", "since": "2026-11-01"})

    answer = browser(pair.gwen).get(page_of(pair)).content.decode()
    assert "You could read what Amina has shared since 1 November 2026" in answer
    browser(pair.gwen).post(f"{page_of(pair)}answer/", {"yes": 1})

    following = Pairing.objects.live().get()
    assert (following.mentor, following.reads_from.date()) == (pair.gwen, date(2026, 11, 1))
    assert "Gwen Prosser is your mentor now." in browser(pair.mentee).get(page_of(pair)).content.decode()
    assert "carries on as Amina’s mentor" in browser(pair.mentor).get(page_of(pair)).content.decode()
    assert "You are Amina’s mentor now" in browser(pair.gwen).get(page_of(pair)).content.decode()


def test_the_page_offers_only_those_who_may_and_have_room(pair, signed_in):
    programme = pair.pairing.programme
    for name, fields in (("Full House", {"capacity": 0}), ("Away Day", {"is_paused": True})):
        MentorOffer.objects.filter(pk=offer_of(programme, PersonFactory(name=name)).pk).update(**fields)
    offer_of(PairingFactory().programme, PersonFactory(name="Else Where"))

    page = signed_in(pair.mentor).get(page_of(pair)).content.decode()

    names = ("Gwen Prosser", "Full House", "Away Day", "Else Where")
    assert [name in page for name in names] == [True, False, False, False]


def test_a_stale_page_is_answered_with_words(pair, signed_in):
    hand_over = proposed(pair)
    withdraw_hand_over(hand_over, by=pair.mentor)
    browser = signed_in(pair.mentee)

    consent = browser.post(page_of(pair), {"window": "all"})
    answered = browser.post(f"{page_of(pair)}answer/", {"no": 1})

    assert (consent.status_code, answered.status_code) == (422, 404)
    assert state(pair.pairing) == "active"


def test_the_pages_of_others_are_not_found(pair, signed_in):
    proposed(pair)
    browser = signed_in(PairingFactory(programme=pair.pairing.programme).mentor)

    assert browser.get(page_of(pair)).status_code == 404
    assert browser.post(f"{page_of(pair)}answer/", {"yes": 1}).status_code == 404


def test_the_three_see_each_others_photos_once_it_concerns_them(pair):
    for person in (pair.mentee, pair.mentor, pair.gwen):
        make_photo(person)

    def seen_by(person):
        return sorted(photo.owner.first_name for photo in photos_visible_to(person))

    assert seen_by(pair.gwen) == ["Gwen"]
    hand_over = proposed(pair)
    assert (seen_by(pair.mentor), seen_by(pair.gwen)) == (["Amina", "Gwen", "Ruth"], ["Gwen"])
    consent_to_hand_over(hand_over, by=pair.mentee, window="new")
    assert seen_by(pair.gwen) == ["Amina", "Gwen", "Ruth"]
    decline_hand_over(hand_over, by=pair.gwen)
    assert seen_by(pair.gwen) == ["Gwen"]


def test_a_paused_pairing_is_handed_over_like_any_other(pair):
    move_pairing(pair.pairing, "paused", by=pair.mentee)

    assert done(pair).state == "agreeing"
