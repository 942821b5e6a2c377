"""The board: who of a programme needs somebody of its team, and what the team does about it."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail
from django.urls import reverse

from mentoring import board
from mentoring.monday import write_monday_letters
from mentoring.roles import HELPERS, LEADS
from notifications.delivery import deliver_due
from notifications.models import Event
from pairings.actions import (
    answer_request,
    ask,
    end_pairing,
    move_pairing,
    raise_concern,
    remind_of_request,
    send_message,
)
from pairings.models import KindNote, MentorRequest, MoveRefused, Pairing
from portfolios.actions import open_portfolio
from programmes.models import Act, Application, Enrolment
from tests.at_once import all_at_once
from tests.factories import (
    EnrolmentFactory,
    MentorOfferFactory,
    PairingFactory,
    PersonFactory,
    ProgrammeFactory,
    make_page,
)

# A Tuesday and the Monday after it.
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _now(settings):
    settings.NOTICE_BUNDLE_MINUTES = 0
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def programme(db):
    return ProgrammeFactory(name="Chartership", slug="chartership")


@pytest.fixture
def staffed(programme):
    """A lead, a helper and a superuser; a pair of theirs with words of its own, and another programme."""
    people = {
        role: PersonFactory(name=name, is_staff=True, is_superuser=role == "superuser")
        for role, name in (("lead", "Marguerite Fell"), ("helper", "Sunil Dass"), ("superuser", "Ines Root"))
    }
    for role, group in (("lead", LEADS), ("helper", HELPERS)):
        people[role].groups.add(Group.objects.get(name=group))
        EnrolmentFactory(programme=programme, person=people[role], role=Enrolment.Role.COORDINATOR)
    pairing = pair(programme)
    portfolio = open_portfolio(pairing.mentee.enrolments.get(), by=pairing.mentee)
    make_page(portfolio, title="Usage review", body="<p>In April I asked.</p>")
    send_message(pairing, by=pairing.mentee, body="Good luck tomorrow.", at=NOW - A_DAY)
    raise_concern(pairing, by=pairing.mentee, reason="It is not easy.")
    elsewhere = ProgrammeFactory()
    return SimpleNamespace(
        programme=programme, people=people, pairing=pairing, elsewhere=elsewhere, foreign=pair(elsewhere)
    )


def mentee(programme, name="Hana Sato", days=19):
    person = PersonFactory(name=name, profile__employer=f"Where {name} works")
    return EnrolmentFactory(programme=programme, person=person, created_at=NOW - days * A_DAY)


def mentor(programme, name="Ruth Lindqvist", **fields):
    enrolment = EnrolmentFactory(programme=programme, person=PersonFactory(name=name), role=Enrolment.Role.MENTOR)
    return MentorOfferFactory(enrolment=enrolment, **fields)


def pair(programme, days=1, **fields):
    enrolled = mentee(programme, name="Callum Reid")
    at = NOW - days * A_DAY
    return PairingFactory(
        **{"programme": programme, "mentee": enrolled.person, "created_at": at, "last_activity_at": at} | fields
    )


def asked(enrolment, offer, at=NOW):
    return ask(offer, by=enrolment.person, why_you="You know.", hopes="Much.", how_we_work="Slowly.", at=at)


def rows(name, programme):
    total = getattr(board.count(programme, NOW), name)
    return list(board.page_of(name, programme, NOW, number=1, total=total))


def test_everybody_is_in_one_list(programme):
    mentee(programme)
    talking, offer = mentee(programme), mentor(programme)
    answer_request(asked(talking, offer), by=offer.enrolment.person, yes=True)
    pair(programme)
    pair(programme, state="paused", days=400)
    pair(programme, state="completing", days=400)
    pair(programme, days=139)
    pair(programme, days=140)
    pair(programme, ended=True)
    elsewhere = ProgrammeFactory()
    pair(elsewhere, days=400)
    mentee(elsewhere)

    assert board.count(programme, NOW) == board.Counts(waiting=1, talking=1, active=3, quiet=1, finishing=1)
    assert [len(rows(name, programme)) for name in board.LISTS] == [1, 1, 3, 1, 1]


def test_the_list_to_begin_with_is_the_first_in_which_somebody_needs_the_team(programme):
    assert board.count(programme, NOW).first == "waiting"

    pair(programme, state="completing")
    pair(programme)

    assert board.count(programme, NOW).first == "finishing"


def test_who_waits_stands_there_since_they_began_to_look_with_refusals_and_request(programme):
    enrolment, first, second = mentee(programme), mentor(programme), mentor(programme, name="Gwen Price")
    answer_request(asked(enrolment, first, NOW - 15 * A_DAY), by=first.enrolment.person, yes=False)
    open_one = asked(enrolment, second, NOW - 8 * A_DAY)

    (row,) = rows("waiting", programme)

    assert (row.person, row.since, row.refusals, row.asked) == (
        enrolment.person,
        NOW - 19 * A_DAY,
        1,
        open_one,
    )


def test_who_is_through_waits_no_more_but_who_did_not_fit_looks_for_another(programme):
    done, other = pair(programme), pair(programme)
    move_pairing(done, "ended", by=done.mentee)
    end_pairing(other, by=other.mentee, why="fit", at=NOW)

    (row,) = rows("waiting", programme)

    assert (row.person, row.since) == (other.mentee, NOW)


def test_who_is_through_and_asks_anew_waits_again(programme):
    done = pair(programme)
    move_pairing(done, "ended", by=done.mentee)
    asked(done.mentee.enrolments.get(), mentor(programme))

    assert [row.person for row in rows("waiting", programme)] == [done.mentee]


def test_who_left_or_may_not_sign_in_waits_for_nobody(programme):
    left, locked = mentee(programme), mentee(programme)
    Enrolment.objects.filter(pk=left.pk).update(ended_at=NOW)
    locked.person.is_active = False
    locked.person.save()

    assert board.count(programme, NOW).waiting == 0


def test_worries_are_counted_for_those_who_may_read_them_and_people_who_ask_to_join_for_all(staffed):
    programme, people = staffed.programme, staffed.people
    Application.objects.create(programme=programme, person=PersonFactory(), role=Enrolment.Role.MENTEE)

    counts = {role: board.count(programme, NOW, reader=people[role]) for role in ("lead", "helper")}

    assert [(found.worries, found.joining) for found in counts.values()] == [(1, 1), (0, 1)]


def test_the_page_shows_nothing_that_people_wrote_and_the_helper_no_buttons(staffed, signed_in):
    Pairing.objects.filter(pk=staffed.pairing.pk).update(last_activity_at=NOW - 200 * A_DAY)
    mentee(staffed.programme)

    pages = {}
    for role in ("lead", "helper"):
        browser = signed_in(staffed.people[role])
        pages[role] = "".join(
            browser.get(reverse("admin:board"), {"list": name}).content.decode() for name in board.LISTS
        )

    for words in ("Usage review", "Good luck", "not easy", "April"):
        assert words not in pages["lead"]
    assert "Send a kind note" in pages["lead"]
    assert "Suggest mentors" in pages["lead"]
    assert "worry to look after" in pages["lead"]
    assert "Send a kind note" not in pages["helper"]
    assert "Suggest mentors" not in pages["helper"]
    assert "worry to look after" not in pages["helper"]


def test_programmes_never_mix(staffed, signed_in):
    mentee(staffed.elsewhere, name="Far Away")
    browser = signed_in(staffed.people["lead"])

    assert browser.get(reverse("admin:board"), {"programme": staffed.elsewhere.slug}).status_code == 404
    assert "Far Away" not in browser.get(reverse("admin:board")).content.decode()
    page = signed_in(staffed.people["superuser"]).get(reverse("admin:board"), {"programme": staffed.elsewhere.slug})
    assert "Far Away" in page.content.decode()


@pytest.mark.parametrize("name", ["board_mentors", "board_reminder", "board_note"])
def test_things_of_another_programme_answer_like_missing_ones(staffed, signed_in, name):
    browser = signed_in(staffed.people["lead"])
    theirs = mentee(staffed.elsewhere)
    keys = {
        "board_mentors": theirs.pk,
        "board_reminder": asked(theirs, mentor(staffed.elsewhere)).pk,
        "board_note": staffed.foreign.pk,
    }

    foreign = browser.post(reverse(f"admin:{name}", args=[keys[name]]))
    missing = browser.post(reverse(f"admin:{name}", args=[999_999]))

    assert [foreign.status_code, missing.status_code] == [404, 404]


def test_the_best_three_are_suggested_and_one_of_them_told(staffed, signed_in):
    enrolment = mentee(staffed.programme)
    refused = mentor(staffed.programme, name="Not Again")
    answer_request(asked(enrolment, refused), by=refused.enrolment.person, yes=False)
    offers = [mentor(staffed.programme, name=f"Mentor {number}") for number in range(4)]
    browser = signed_in(staffed.people["lead"])
    url = reverse("admin:board_mentors", args=[enrolment.pk])

    best = browser.get(url).context["best"]
    answer = browser.post(url, {"offer": offers[0].pk}, follow=True)

    assert len(best) == 3
    assert "Not Again" not in [each.person.name for each in best]
    assert "are both told" in answer.content.decode()
    request = MentorRequest.objects.get(mentee=enrolment.person, state="talking")
    assert (request.offer, request.suggested_by) == (offers[0], staffed.people["lead"])
    assert Act.objects.filter(verb="suggested a talk", by=staffed.people["lead"]).count() == 1


def test_a_mentor_who_was_taken_meanwhile_is_refused_in_words(staffed, signed_in):
    enrolment = mentee(staffed.programme)
    full = mentor(staffed.programme, name="Full Now", capacity=0)
    browser = signed_in(staffed.people["lead"])

    answer = browser.post(reverse("admin:board_mentors", args=[enrolment.pk]), {"offer": full.pk}, follow=True)

    assert "has no place left" in answer.content.decode()
    assert not MentorRequest.objects.filter(mentee=enrolment.person).exists()


def test_a_mentor_is_reminded_but_not_every_day(programme):
    request = asked(mentee(programme), mentor(programme), NOW - 4 * A_DAY)
    team = PersonFactory()
    deliver_due()
    mail.outbox.clear()

    remind_of_request(request, by=team)
    with pytest.raises(MoveRefused, match="was reminded on 24 November"):
        remind_of_request(request, by=team, at=NOW + A_DAY)
    remind_of_request(request, by=team, at=NOW + 3 * A_DAY)

    assert Event.objects.filter(kind="pairings.nudge", about_id=request.pk).count() == 2
    assert list(Act.objects.values_list("verb", flat=True)) == ["reminded of a request"] * 2


def test_a_kind_note_begins_with_our_words_and_goes_to_both_once(staffed, signed_in):
    browser = signed_in(staffed.people["lead"])
    url = reverse("admin:board_note", args=[staffed.pairing.pk])

    form = browser.get(url).context["form"]
    fields = {"words": "How are you two?", "once": str(form.helper.once_token)}
    for _ in range(2):
        assert browser.post(url, fields).status_code == 302

    assert "It has been a while" in form.initial["words"]
    note = KindNote.objects.get()
    assert (note.words, note.by, note.pairing) == ("How are you two?", staffed.people["lead"], staffed.pairing)


def test_an_empty_note_comes_back(staffed, signed_in):
    browser = signed_in(staffed.people["lead"])

    answer = browser.post(reverse("admin:board_note", args=[staffed.pairing.pk]), {"words": " "})

    assert answer.status_code == 422
    assert "Write a few words first." in answer.content.decode()


def test_pages_go_on_with_the_list(staffed, signed_in):
    for number in range(board.A_PAGE + 2):
        mentee(staffed.programme, name=f"Number {number}", days=100 - number)
    browser = signed_in(staffed.people["lead"])

    second = browser.get(reverse("admin:board"), {"list": "waiting", "page": "2"}).context["page"]

    assert [row.person.name for row in second] == ["Number 25", "Number 26"]


@pytest.mark.parametrize("amount", [1, 3])
def test_the_board_asks_the_same_of_the_database_however_many_there_are(
    staffed, signed_in, django_assert_num_queries, amount
):
    for _ in range(amount):
        asked(mentee(staffed.programme), mentor(staffed.programme))
        pair(staffed.programme, days=200)
        talking = mentor(staffed.programme)
        answer_request(asked(mentee(staffed.programme), talking), by=talking.enrolment.person, yes=True)
        pair(staffed.programme, state="completing")
    browser = signed_in(staffed.people["lead"])
    browser.get(reverse("admin:board"))
    for name in board.LISTS:
        with django_assert_num_queries(11 if name == "waiting" else 10):
            browser.get(reverse("admin:board"), {"list": name})


def lead_of(programme, zone="Europe/London"):
    person = PersonFactory(name="Marguerite Fell", email="marguerite@example.org", is_staff=True, is_superuser=True)
    person.profile.time_zone = zone
    person.profile.save()
    EnrolmentFactory(programme=programme, person=person, role=Enrolment.Role.COORDINATOR)
    return person


def test_on_monday_at_half_past_eight_the_lead_hears_who_needs_them(programme):
    lead_of(programme)
    mentee(programme)
    pair(programme, days=200)
    pair(programme, state="completing")

    assert write_monday_letters(MONDAY - timedelta(minutes=1)) == 0
    assert [write_monday_letters(MONDAY), write_monday_letters(MONDAY + timedelta(hours=1))] == [1, 0]
    deliver_due()

    (message,) = mail.outbox
    assert message.subject == "Programme: 1 waiting, 1 quiet, 1 finishing"
    for words in ("Hana Sato", "waiting for 24 days", "Suggest mentors", "Send a kind note", "Open board"):
        assert words in message.body
    assert "/admin/programme/board/?programme=chartership" in message.body


def test_each_lead_hears_at_half_past_eight_of_their_own(programme):
    lead_of(programme, "Pacific/Auckland")
    mentee(programme)
    there = datetime(2026, 11, 29, 19, 30, tzinfo=UTC)

    assert [write_monday_letters(there - timedelta(minutes=1)), write_monday_letters(there)] == [0, 1]


def test_nobody_hears_that_there_is_nothing_to_do(programme):
    lead_of(programme)
    pair(programme)

    assert write_monday_letters(MONDAY) == 0


def test_the_next_monday_is_another(programme):
    lead_of(programme)
    mentee(programme)

    assert [write_monday_letters(MONDAY), write_monday_letters(MONDAY + 7 * A_DAY)] == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_two_beats_write_once():
    programme = ProgrammeFactory()
    lead_of(programme)
    mentee(programme)

    assert all_at_once([lambda: write_monday_letters(MONDAY)] * 4) == {"done": 4}
    assert Event.objects.filter(kind="mentoring.monday").count() == 1
