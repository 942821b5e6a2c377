"""The register: whom a mentee finds, in which order, and what is said of them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from pairings.asking import asker_of
from pairings.models import MentorRequest
from pairings.register import Wanted, reply_days
from pairings.rules import barred, party_of_mentee, party_of_mentor
from programmes.models import Enrolment, Region, Sector
from tests.factories import EnrolmentFactory, LevelFactory, PersonFactory, ProgrammeFactory
from tests.files.making import make_photo
from tests.pairings.asking import make_mentee, make_mentor

pytestmark = pytest.mark.django_db


@pytest.fixture
def hana():
    return make_mentee()


def register(enrolment, **wanted):
    return asker_of(enrolment.person, enrolment.programme.slug).register(Wanted(**wanted))


def names(register, number=1):
    return [listed.person.name for listed in register.page(number).listed]


def test_who_is_full_or_paused_is_hidden_until_asked_for(hana):
    make_mentor(hana.programme)
    make_mentor(hana.programme, "Gwen Prosser", offer={"held": 1})
    make_mentor(hana.programme, "Odette Marchand", offer={"is_paused": True})
    make_mentor(hana.programme, "Daniel Achterberg", offer={"is_paused": True, "paused_until": timezone.localdate()})

    assert sorted(names(register(hana))) == ["Daniel Achterberg", "Ruth Lindqvist"]
    assert len(names(register(hana, with_space=False))) == 4
    page, everybody = register(hana).page(1), register(hana, with_space=False).page(1)
    assert (page.all, page.free, page.found, everybody.found) == (4, 2, 2, 4)


def test_true_space_is_what_is_left(hana):
    make_mentor(hana.programme, offer={"capacity": 3, "held": 1})

    [ruth] = register(hana).page(1).listed

    assert ruth.space == "Space for 2"


def test_nobody_of_another_programme_or_who_left_or_may_not_sign_in(hana):
    make_mentor(ProgrammeFactory())
    make_mentor(hana.programme, "Gwen Prosser", part={"ended_at": timezone.now()})
    gone = make_mentor(hana.programme, "Odette Marchand").enrolment.person
    gone.is_active = False
    gone.save()

    assert names(register(hana, with_space=False)) == []


def test_who_is_barred_does_not_show_and_the_rules_say_the_same():
    level = LevelFactory(programme=ProgrammeFactory(needs_training=True, needs_level=True))
    hana = make_mentee(
        level.programme,
        part={"level": level, "line_manager": "Dr Gwen Prosser, or marchand@odette.example"},
        employer="Université de Namur",
    )
    today = timezone.localdate()
    trained = {"trained_until": today}
    offers = [
        make_mentor(level.programme, offer=trained),
        make_mentor(level.programme, "Gwen Prosser", offer=trained),
        make_mentor(level.programme, "Odette Marchand", offer=trained),
        make_mentor(level.programme, "Daniel Achterberg", offer=trained, employer="universite de  NAMUR"),
        make_mentor(level.programme, "Llŷr Rees", offer={"trained_until": today - timedelta(days=1)}),
        make_mentor(level.programme, "Untrained One"),
        make_mentor(level.programme, "Without Level", offer=trained),
    ]
    offers[2].enrolment.person.email = "marchand@odette.example"
    offers[2].enrolment.person.save()
    for offer in offers[:-1]:
        offer.holds.add(level)
    mentee = party_of_mentee(Enrolment.objects.select_related("person__profile").get(pk=hana.pk))

    allowed = [
        offer.enrolment.person.name
        for offer in offers
        if not barred(mentee, party_of_mentor(offer), level.programme, today)
    ]

    assert names(register(hana, with_space=False)) == allowed == ["Ruth Lindqvist"]


def test_filters(hana):
    health = Sector.objects.create(programme=hana.programme, name="Health")
    wales = Region.objects.create(programme=hana.programme, name="Wales")
    make_mentor(hana.programme, part={"sector": health, "meets_by": ["video"]})
    make_mentor(hana.programme, "Gwen Prosser", part={"region": wales, "meets_by": ["video", "phone"]})

    assert names(register(hana, sector=health.pk)) == ["Ruth Lindqvist"]
    assert names(register(hana, region=wales.pk)) == ["Gwen Prosser"]
    assert names(register(hana, by="phone")) == ["Gwen Prosser"]
    assert len(names(register(hana, by="video"))) == 2
    assert names(register(hana, sector=health.pk, by="phone")) == []


@pytest.mark.parametrize(
    "search",
    [
        "lindqvist",
        "RUTH",
        "Lind",
        "consultant",
        "ínchgarvel",
        "prison",
        "coach read",
        "ruth  prison",
        "leeds",
        "kindly",
    ],
)
def test_search_finds_names_jobs_employers_places_and_own_words(hana, search):
    make_mentor(
        hana.programme,
        job_title="Library consultant",
        employer="The Inchgarvel Collection",
        place="Leeds",
        about="I ran prison libraries. I read on trains.",
        offer={"how_i_work": "I’ll challenge you kindly.", "can_help": "Anybody who trained as a coach."},
    )
    make_mentor(hana.programme, "Gwen Prosser", job_title="Head of knowledge")

    assert names(register(hana, search=search)) == ["Ruth Lindqvist"]


@pytest.mark.parametrize("search", ["gwendolyn", "ruth nobody", "' | 'a", "a' & !'b", "\\", "%", "<b>", ":*", "\x00x"])
def test_search_finds_nobody_and_does_not_stumble(hana, search):
    make_mentor(hana.programme)

    assert names(register(hana, search=search.replace("\x00", ""))) in ([], ["Ruth Lindqvist"])
    assert names(register(hana, search="gwendolyn")) == []


def test_the_best_fit_first_in_an_order_that_stays(hana):
    schools, health = (Sector.objects.create(programme=hana.programme, name=name) for name in ("Schools", "Health"))
    wales = Region.objects.create(programme=hana.programme, name="Wales")
    Enrolment.objects.filter(pk=hana.pk).update(sector=schools, region=wales, meets_by=["video"])
    fits = [
        ("All of it", {"sector": health, "region": wales, "meets_by": ["video"]}),
        ("Most of it", {"sector": health, "region": wales, "meets_by": ["phone"]}),
        ("Some of it", {"sector": schools, "region": wales}),
        ("None of it", {"sector": schools}),
    ]
    for name, part in reversed(fits):
        make_mentor(hana.programme, name, part=part)

    found = register(hana).page(1).listed

    assert [listed.person.name for listed in found] == [name for name, _part in fits]
    assert found[0].fit == ["outside your sector", "same region", "you both meet by video"]
    assert found[3].fit == []
    assert [len(listed.fit) for listed in found] == [3, 2, 1, 0]


def test_equals_stand_in_the_same_order_each_time_and_pages_do_not_overlap(hana):
    for number in range(13):
        make_mentor(hana.programme, f"Mentor Number{number}")

    first, second = names(register(hana), 1), names(register(hana), 2)

    assert (len(first), len(second)) == (10, 3)
    assert len({*first, *second}) == 13
    assert first == names(register(hana), 1)
    assert register(hana).page(9).number == 2
    assert first + second != names(register(make_mentee(hana.programme, "Leon W")), 1)


def answers(offer, *days, at=None):
    at = at or timezone.now() - timedelta(days=40)
    for number, taken in enumerate(days):
        mentee = PersonFactory()
        MentorRequest.objects.create(
            programme=offer.enrolment.programme, mentee=mentee, mentor=offer.enrolment.person, offer=offer,
            slug=f"{mentee.pk}-{number}", state="declined", asked_at=at, answered_at=at + timedelta(days=taken),
            closed_at=at,
        )  # fmt: skip


def test_how_soon_somebody_answers_is_the_median_of_three_answers_at_least(hana):
    ruth, gwen = make_mentor(hana.programme), make_mentor(hana.programme, "Gwen Prosser")
    answers(ruth, 1, 2.8, 30)
    answers(gwen, 1, 2)
    answers(gwen, 9, 9, 9, at=timezone.now() - timedelta(days=500))

    said = {listed.person.first_name: listed.replies for listed in register(hana).page(1).listed}

    assert said == {"Ruth": "replies in about 3 days", "Gwen": ""}
    assert reply_days([ruth.enrolment]) == {ruth.enrolment.person_id: 3}


def test_somebody_quick_replies_in_about_a_day(hana):
    answers(make_mentor(hana.programme), 0.1, 0.2, 0.3)

    assert register(hana).page(1).listed[0].replies == "replies in about a day"


def test_three_like_her_have_space_and_were_not_asked_before(hana):
    health = Sector.objects.create(programme=hana.programme, name="Health")
    ruth = make_mentor(hana.programme, part={"sector": health}, offer={"held": 1})
    make_mentor(hana.programme, "Same Sector", part={"sector": health})
    make_mentor(hana.programme, "Is Full", part={"sector": health}, offer={"held": 1})
    before = make_mentor(hana.programme, "Was Asked", part={"sector": health})
    MentorRequest.objects.create(
        programme=hana.programme, mentee=hana.person, mentor=before.enrolment.person, offer=before, slug="x",
        state="declined", closed_at=timezone.now(),
    )  # fmt: skip
    for number in range(4):
        make_mentor(hana.programme, f"Another Number{number}")

    found = [listed.person.name for listed in register(hana).like(ruth)]

    assert (found[0], len(found)) == ("Same Sector", 3)
    assert {"Is Full", "Was Asked", "Ruth Lindqvist"}.isdisjoint(found)


def test_a_paused_offer_says_until_when(hana):
    until = date(timezone.localdate().year + 1, 3, 1)
    make_mentor(hana.programme, offer={"is_paused": True, "paused_until": until})

    [ruth] = register(hana, with_space=False).page(1).listed

    assert ruth.space == "Takes nobody before 1 March"


def test_photos_of_the_mentors_in_ones_register_can_be_seen(hana, signed_in):
    ruth, elsewhere = make_mentor(hana.programme), make_mentor(ProgrammeFactory(), "Gwen Prosser")
    photos = [make_photo(offer.enrolment.person) for offer in (ruth, elsewhere)]
    browser = signed_in(hana.person)

    here, there = (browser.get(f"/photos/{photo.uuid}/") for photo in photos)

    assert (here.status_code, there.status_code) == (200, 404)
    assert here.getvalue()


def test_mentors_do_not_see_each_others_photos(hana, signed_in):
    ruth, gwen = make_mentor(hana.programme), make_mentor(hana.programme, "Gwen Prosser")
    photo = make_photo(gwen.enrolment.person)

    assert signed_in(ruth.enrolment.person).get(f"/photos/{photo.uuid}/").status_code == 404


def test_where_one_looks_in_two_programmes(hana):
    other = EnrolmentFactory(programme=ProgrammeFactory(), person=hana.person)
    make_mentor(hana.programme)
    make_mentor(other.programme, "Gwen Prosser")

    assert names(asker_of(hana.person).register()) == ["Ruth Lindqvist"]
    assert names(asker_of(hana.person, other.programme.slug).register()) == ["Gwen Prosser"]
    assert asker_of(hana.person, "nowhere") is None
    assert asker_of(make_mentor(hana.programme, "Only Mentor").enrolment.person) is None


def test_what_is_searched_follows_whoever_changes_it(hana):
    offer = make_mentor(hana.programme, employer="Inchgarvel")
    person = offer.enrolment.person

    person.name = "Ruth Ferndale"
    person.save()
    type(person.profile).objects.filter(user=person).update(employer="Calder Vale")
    offer.can_help = "Anybody in a prison."
    offer.save()

    found = {search: names(register(hana, search=search)) for search in ("ferndale prison calder", "inchgarvel")}
    assert found == {"ferndale prison calder": ["Ruth Ferndale"], "inchgarvel": []}
