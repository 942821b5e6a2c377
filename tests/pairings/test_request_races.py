"""Many at once: capacity is never exceeded, one request and one pairing a mentee, and everybody else hears why."""

import pytest

from pairings.actions import answer_request, ask, begin_pairing, say_yes, suggest_talk, withdraw_request
from pairings.models import MentorRequest, Pairing
from tests.at_once import all_at_once
from tests.factories import PersonFactory
from tests.pairings.asking import WORDS, make_mentee, make_mentor

pytestmark = pytest.mark.django_db(transaction=True)


def mentees(programme, count):
    return [make_mentee(programme, f"Mentee Number{number}") for number in range(count)]


def held(offer):
    offer.refresh_from_db()
    return offer.held


def test_fifty_yeses_for_two_places_are_two_talks():
    hana = make_mentee()
    ruth = make_mentor(hana.programme, offer={"capacity": 2})
    requests = [ask(ruth, by=each.person, **WORDS) for each in mentees(hana.programme, 50)]

    came = all_at_once(
        [lambda each=each: answer_request(each, by=ruth.enrolment.person, yes=True) for each in requests]
    )

    assert came == {"NoPlaceLeft": 48, "done": 2}
    assert MentorRequest.objects.filter(state="talking").count() == held(ruth) == 2


def test_fifty_ways_to_two_last_places():
    """Yes to a request, a suggestion of the team, and pairings begun in the admin."""
    hana = make_mentee()
    ruth = make_mentor(hana.programme, offer={"capacity": 2})
    lead = PersonFactory()
    people = mentees(hana.programme, 48)
    requests = [ask(ruth, by=each.person, **WORDS) for each in people[:16]]
    calls = [lambda each=each: answer_request(each, by=ruth.enrolment.person, yes=True) for each in requests]
    calls += [lambda each=each: suggest_talk(each, ruth, by=lead) for each in people[16:32]]
    calls += [
        lambda each=each: begin_pairing(
            programme=hana.programme, mentee=each.person, mentor=ruth.enrolment.person, by=lead
        )
        for each in people[32:]
    ]

    came = all_at_once(calls)

    assert came.pop("done") == 2
    assert set(came) <= {"NoPlaceLeft", "MoveRefused"}
    assert sum(came.values()) == 46
    assert held(ruth) == 2


def test_one_mentee_asks_twenty_at_once():
    hana = make_mentee()
    offers = [make_mentor(hana.programme, f"Mentor Number{number}") for number in range(20)]

    came = all_at_once([lambda each=each: ask(each, by=hana.person, **WORDS) for each in offers])

    assert came == {"MoveRefused": 19, "done": 1}
    assert MentorRequest.objects.count() == 1


def test_both_say_yes_at_the_same_moment_many_times():
    hana = make_mentee()
    ruth = make_mentor(hana.programme)
    request = answer_request(ask(ruth, by=hana.person, **WORDS), by=ruth.enrolment.person, yes=True)

    came = all_at_once(
        [lambda by=by: say_yes(request, by=by) for by in (hana.person, ruth.enrolment.person) for _click in range(8)]
    )

    assert came == {"done": 16}
    assert Pairing.objects.count() == held(ruth) == 1


def test_a_yes_while_it_is_taken_back_is_one_or_the_other():
    hana = make_mentee()
    ruth = make_mentor(hana.programme)
    request = ask(ruth, by=hana.person, **WORDS)

    came = all_at_once(
        [
            lambda: answer_request(request, by=ruth.enrolment.person, yes=True),
            lambda: withdraw_request(request, by=hana.person),
        ]
    )

    request.refresh_from_db()
    assert request.state == "withdrawn"
    assert came in ({"done": 2}, {"MoveRefused": 1, "done": 1})
    assert held(ruth) == 0


def test_two_who_talk_with_each_others_mentors_are_paired_at_once():
    """Each pairing frees a place of the other's mentor: the offers are locked in one order."""
    hana = make_mentee()
    leon = make_mentee(hana.programme, "Leon Whitaker")
    ruth = make_mentor(hana.programme, offer={"capacity": 9})
    gwen = make_mentor(hana.programme, "Gwen Prosser", offer={"capacity": 9})
    lead = PersonFactory()
    suggest_talk(hana, ruth, by=lead)
    suggest_talk(leon, gwen, by=lead)

    came = all_at_once(
        [
            lambda mentee=mentee, offer=offer: begin_pairing(
                programme=hana.programme, mentee=mentee.person, mentor=offer.enrolment.person, by=lead
            )
            for mentee, offer in ((hana, gwen), (leon, ruth))
        ]
    )

    assert came == {"done": 2}
    assert (held(ruth), held(gwen)) == (1, 1)
