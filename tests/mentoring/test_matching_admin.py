"""The pages about matching a cohort: who sees them, what they show and refuse, and what is never shown."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group

from mentoring.roles import HELPERS, LEADS
from mentoring.work import elapsed
from pairings.actions import begin_match_run, begin_pairing
from pairings.match_runs import run_match
from pairings.models import MatchRun, MentorRequest, Proposal
from tests.factories import EnrolmentFactory, MentorOfferFactory, PersonFactory, ProgrammeFactory

PAGE = "/admin/programme/matching/"
WEIGHTS = {"wishes": 8, "meets_by": 5, "sector": 4, "region": 3, "waiting": 3, "load": 2}


def coordinator(programme, group):
    person = PersonFactory(is_staff=True)
    person.groups.add(Group.objects.get(name=group))
    EnrolmentFactory(programme=programme, person=person, role="coordinator")
    return person


def people(programme, mentees=2, mentors=2):
    for number in range(mentees):
        EnrolmentFactory(programme=programme, person__name=f"Mentee {number}")
    for number in range(mentors):
        MentorOfferFactory(enrolment__programme=programme, enrolment__person__name=f"Mentor {number}")


def matched(programme, by, **options):
    run = begin_match_run(programme, by=by, weights={}, **options)
    run_match(run.pk)
    run.refresh_from_db()
    return run


@pytest.fixture
def team(db):
    """A programme with two who wait and two mentors, its lead and its helper; and one run that is done."""
    programme = ProgrammeFactory(name="Chartership", slug="chartership")
    people(programme)
    lead, helper = coordinator(programme, LEADS), coordinator(programme, HELPERS)
    run = matched(programme, lead)
    return SimpleNamespace(programme=programme, lead=lead, helper=helper, run=run, page=f"{PAGE}{run.pk}/")


def text(response):
    return " ".join(response.content.decode().split())


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_the_page_counts_who_waits_and_who_has_room(team, signed_in):
    page = signed_in(team.lead).get(PAGE)

    assert page.context["lobby"].mentees == 2
    assert page.context["lobby"].counts == {"mentors": 2, "places": 2}
    assert [run.matched for run in page.context["runs"]] == [2]
    assert "Match 2 mentees" in text(page)


def test_matching_begins_with_the_weights_given_and_they_stay_for_the_next_time(team, signed_in):
    browser = signed_in(team.lead)

    answer = browser.post(f"{PAGE}?programme=chartership", WEIGHTS | {"region": 9})

    run = MatchRun.objects.latest("pk")
    assert answer["Location"] == f"{PAGE}{run.pk}/"
    assert (run.weights, run.by, run.state) == (WEIGHTS | {"region": 9}, team.lead, "waiting")
    assert browser.get(PAGE).context["form"]["region"].value() == 9


@pytest.mark.parametrize("wrong", ["", "11", "-1", "2.5", "much"])
def test_a_weight_that_is_none_is_said_beside_its_field(team, signed_in, wrong):
    answer = signed_in(team.lead).post(PAGE, WEIGHTS | {"region": wrong})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"region": ["Region: choose a whole number from 0 to 10."]}
    assert MatchRun.objects.count() == 1


def test_a_second_one_at_the_same_time_is_refused_in_words(team, signed_in):
    browser = signed_in(team.lead)
    browser.post(PAGE, WEIGHTS)

    answer = browser.post(PAGE, WEIGHTS)

    assert said(answer) == ["A matching is under way already. Wait until it is done, or stop it."]
    assert "See how far it is" in text(answer)


def test_how_far_it_is_shows_stage_count_and_a_way_to_cancel(team, signed_in):
    run = begin_match_run(team.programme, by=team.lead, weights={})
    url = f"{PAGE}{run.pk}/"
    browser = signed_in(team.lead)
    assert "Waiting for its turn" in text(browser.get(url))

    MatchRun.objects.filter(pk=run.pk).update(
        state="running", started_at=run.created_at, beat_at=run.created_at, stage="Comparing", done=30, total=40
    )

    page = text(browser.get(url))
    assert '<span>Comparing</span><span class="muted">75%</span>' in page
    assert "30 of 40 mentees · begun" in page
    assert f'action="{url}stop/"' in page


def test_htmx_gets_the_piece_that_moves_and_then_the_page_anew(team, signed_in):
    run = begin_match_run(team.programme, by=team.lead, weights={})
    url, browser = f"{PAGE}{run.pk}/", signed_in(team.lead)

    moving = browser.get(url, headers={"HX-Request": "true"})
    run_match(run.pk)
    over = browser.get(url, headers={"HX-Request": "true"})

    assert "Waiting for its turn" in text(moving)
    assert "<html" not in text(moving)
    assert (over.status_code, over["HX-Refresh"]) == (200, "true")


def test_cancelling_stops_it(team, signed_in):
    run = begin_match_run(team.programme, by=team.lead, weights={})

    answer = signed_in(team.lead).post(f"{PAGE}{run.pk}/stop/", follow=True)

    assert "This matching was stopped. Nobody was told of anything." in text(answer)


def test_what_failed_says_why(team, signed_in):
    MatchRun.objects.filter(pk=team.run.pk).update(state="failed", problem="The worker was lost.")

    assert "<strong>Failed.</strong> The worker was lost." in text(signed_in(team.lead).get(team.page))


def test_a_run_shows_each_pair_and_why(team, signed_in):
    page = text(signed_in(team.lead).get(team.page))

    assert "2 pairs found." in page
    assert "that is proved" in page
    for proposal in team.run.proposals.all():
        assert proposal.mentee.person.name in page
        assert proposal.offer.enrolment.person.name in page


def test_proposing_tells_both_and_the_pair_moves_to_the_other_list(team, signed_in):
    browser, proposal = signed_in(team.lead), team.run.proposals.first()

    answer = browser.post(f"{team.page}proposed/?list=open&page=1", {"proposal": proposal.pk})

    assert answer["Location"] == f"{team.page}?list=open&page=1"
    assert MentorRequest.objects.get().proposal == proposal
    assert "are both told: they talk first, and both say yes." in said(browser.get(team.page))[0]
    assert "Proposed to both on" in text(browser.get(f"{team.page}?list=decided"))


def test_skipping_tells_nobody_and_can_be_taken_up(team, signed_in):
    browser, proposal = signed_in(team.lead), team.run.proposals.first()

    browser.post(f"{team.page}skipped/", {"proposal": proposal.pk})

    page = browser.get(f"{team.page}?list=decided")
    assert [row.state for row in page.context["page"]] == ["skipped"]
    assert f'name="proposal" value="{proposal.pk}"' in text(page)
    assert MentorRequest.objects.count() == 0


def test_a_mentee_matched_meanwhile_is_said_and_not_offered(team, signed_in):
    proposal = team.run.proposals.first()
    other = MentorOfferFactory(enrolment__programme=team.programme)
    mentee = proposal.mentee.person
    begin_pairing(programme=team.programme, mentee=mentee, mentor=other.enrolment.person, by=team.lead)
    browser = signed_in(team.lead)

    refused = browser.post(f"{team.page}proposed/", {"proposal": proposal.pk}, follow=True)

    assert said(refused) == [f"{mentee.name} has a mentor already."]
    assert "has somebody by now" in text(refused)


def test_all_that_are_left_are_proposed_after_a_question(team, signed_in):
    browser = signed_in(team.lead)
    assert "Propose 2 pairs" in text(browser.get(f"{team.page}all/"))
    assert MentorRequest.objects.count() == 0

    answer = browser.post(f"{team.page}all/", follow=True)

    assert said(answer) == ["2 pairs are told."]
    assert MentorRequest.objects.count() == 2
    assert "There is nothing left to propose." in text(browser.get(f"{team.page}all/"))


def test_of_all_that_are_left_whoever_cannot_be_is_named(team, signed_in):
    first, second = team.run.proposals.order_by("pk")
    begin_pairing(
        programme=team.programme, mentee=first.mentee.person, mentor=second.offer.enrolment.person, by=team.lead
    )

    answer = signed_in(team.lead).post(f"{team.page}all/", follow=True)

    names = [f"{each.mentee.person.name} and {each.offer.enrolment.person.name}" for each in (first, second)]
    assert sorted(said(answer)) == sorted(
        [
            f"{names[0]}: {first.mentee.person.name} has a mentor already.",
            f"{names[1]}: {second.offer.enrolment.person.first_name} has no place left.",
        ]
    )


def test_what_if_a_pair_is_pinned_and_another_kept_apart(team, signed_in):
    browser = signed_in(team.lead)
    first, second = team.run.proposals.order_by("pk")
    choices = f"{team.page}choices/"
    browser.post(choices, {"what": "never", "mentee": first.mentee_id, "offer": first.offer_id})
    browser.post(choices, {"what": "pin", "mentee": second.mentee_id, "offer": first.offer_id})

    box = text(browser.get(team.page))
    answer = browser.post(f"{team.page}again/", WEIGHTS)

    assert f"Together: {second.mentee.person.name}, {first.offer.enrolment.person.name}" in box
    assert f"Never: {first.mentee.person.name}, {first.offer.enrolment.person.name}" in box
    run = MatchRun.objects.latest("pk")
    assert answer["Location"] == f"{PAGE}{run.pk}/"
    assert run.pinned == [[second.mentee_id, first.offer_id]]
    assert run.forbidden == [[first.mentee_id, first.offer_id]]
    run_match(run.pk)
    assert set(run.proposals.values_list("mentee", "offer")) == {
        (first.mentee_id, second.offer_id),
        (second.mentee_id, first.offer_id),
    }
    # What held for this run is where the next what-if begins.
    assert len(browser.get(f"{PAGE}{run.pk}/").context["named_choices"]) == 2


def test_a_choice_can_be_let_go_and_a_new_one_takes_the_place_of_an_old(team, signed_in):
    browser = signed_in(team.lead)
    proposal = team.run.proposals.first()
    pair = {"mentee": proposal.mentee_id, "offer": proposal.offer_id}
    for what, expected in (("pin", ["pin"]), ("never", ["never"]), ("free", [])):
        browser.post(f"{team.page}choices/", {"what": what, **pair})

        assert [choice["what"] for choice in browser.get(team.page).context["named_choices"]] == expected


def test_wrong_weights_or_pins_begin_nothing_and_keep_the_choices(team, signed_in):
    browser = signed_in(team.lead)
    proposal = team.run.proposals.first()
    proposal.mentee.line_manager = proposal.offer.enrolment.person.name
    proposal.mentee.save()
    pair = {"mentee": proposal.mentee_id, "offer": proposal.offer_id}
    browser.post(f"{team.page}choices/", {"what": "pin", **pair})
    browser.get(team.page)

    for weights, words in ((WEIGHTS | {"load": "x"}, "Even load"), (WEIGHTS, "is the line manager")):
        answer = browser.post(f"{team.page}again/", weights, follow=True)
        assert words in " ".join(said(answer))

    assert MatchRun.objects.count() == 1
    assert len(browser.get(team.page).context["named_choices"]) == 1


def test_for_whom_there_is_nobody_stands_in_a_list_of_its_own(team, signed_in):
    people(team.programme, mentees=1, mentors=0)
    run = matched(team.programme, team.lead)

    page = signed_in(team.lead).get(f"{PAGE}{run.pk}/?list=unmatched")

    assert [count for _name, _label, count in page.context["lists"]] == [2, 0, 1]
    assert "Why nobody: there are too few places" in text(page)


def test_a_helper_sees_all_and_can_press_nothing(team, signed_in):
    browser = signed_in(team.helper)
    begun = begin_match_run(team.programme, by=team.lead, weights={})

    for url in (PAGE, team.page, f"{team.page}?list=decided", f"{PAGE}{begun.pk}/"):
        page = text(browser.get(url))
        assert [form for form in ("/proposed/", "/skipped/", "/choices/", "/stop/", "/all/") if form in page] == []
        assert "Match again</button>" not in page
    proposal = team.run.proposals.first()
    for url in ("proposed/", "skipped/", "choices/", "again/", "stop/", "all/"):
        assert browser.post(team.page + url, {"proposal": proposal.pk, **WEIGHTS}).status_code == 403
    assert browser.post(PAGE, WEIGHTS).status_code == 403
    assert (MatchRun.objects.count(), MentorRequest.objects.count()) == (2, 0)


def test_another_programme_answers_like_one_that_does_not_exist(team, signed_in):
    other = ProgrammeFactory(slug="other")
    people(other)
    foreign = matched(other, coordinator(other, LEADS))
    theirs, mine = foreign.proposals.first(), team.run.proposals.first()
    browser = signed_in(team.lead)
    url = f"{PAGE}{foreign.pk}/"

    assert browser.get(url).status_code == 404
    assert browser.get(f"{PAGE}?programme=other").status_code == 404
    assert browser.post(f"{PAGE}?programme=other", WEIGHTS).status_code == 404
    for part in ("proposed/", "skipped/", "choices/", "again/", "stop/", "all/"):
        assert browser.post(url + part, {"proposal": theirs.pk, **WEIGHTS}).status_code == 404
    # Nor by way of one's own run.
    assert browser.post(f"{team.page}proposed/", {"proposal": theirs.pk}).status_code == 404
    pair = {"mentee": mine.mentee_id, "offer": theirs.offer_id}
    assert browser.post(f"{team.page}choices/", {"what": "pin", **pair}).status_code == 404
    assert set(Proposal.objects.values_list("state", flat=True)) == {"open"}


def test_nonsense_is_not_found(team, signed_in):
    browser = signed_in(team.lead)

    for part in ("proposed/", "skipped/", "choices/"):
        assert browser.post(team.page + part, {"proposal": "x", "what": "eat"}).status_code == 404
    assert browser.get(f"{PAGE}{2**31 - 1}/").status_code == 404


def test_a_coordinator_without_the_right_is_refused(team, signed_in):
    clerk = PersonFactory(is_staff=True)
    EnrolmentFactory(programme=team.programme, person=clerk, role="coordinator")

    for url in (PAGE, team.page):
        assert signed_in(clerk).get(url).status_code == 403


def test_somebody_who_looks_after_no_programme_reads_that(signed_in, db):
    person = PersonFactory(is_staff=True)
    person.groups.add(Group.objects.get(name=LEADS))
    browser = signed_in(person)

    assert "You look after no programme yet." in text(browser.get(PAGE))
    assert browser.post(PAGE, WEIGHTS).status_code == 403


@pytest.mark.parametrize("amount", [1, 3])
def test_the_pages_ask_the_database_the_same_however_many_there_are(team, signed_in, django_assert_num_queries, amount):
    people(team.programme, mentees=amount + 2, mentors=amount)
    run = matched(team.programme, team.lead)
    browser = signed_in(team.lead)
    proposal = run.proposals.first()
    pair = {"mentee": proposal.mentee_id, "offer": proposal.offer_id}
    url = f"{PAGE}{run.pk}/"
    browser.post(f"{url}choices/", {"what": "never", **pair})
    browser.get(url)

    for address, number in ((PAGE, 12), (url, 11), (f"{url}?list=unmatched", 12), (f"{url}all/", 8)):
        with django_assert_num_queries(number):
            assert browser.get(address).status_code == 200


@pytest.mark.parametrize(
    ("seconds", "words"), [(-3, "0 seconds"), (1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (185, "3 minutes")]
)
def test_how_long_it_has_taken_is_said_in_words(seconds, words):
    assert elapsed(timedelta(seconds=seconds)) == words
