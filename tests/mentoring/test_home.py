"""Home: one thing to do, what is new, the people one works with; for each role, and for both at once."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import html

from meetings.actions import add_action, record_meeting, share_plan
from meetings.planning import Given
from meetings.starters import TALK
from notifications.actions import choose, mark_all_seen
from notifications.models import Event, Notification
from pairings.actions import (
    accept_hand_over,
    answer_request,
    ask,
    consent_to_hand_over,
    end_pairing,
    move_pairing,
    propose_hand_over,
    say_yes,
    send_message,
)
from portfolios import actions
from programmes.actions import apply, decline
from tests.factories import (
    EnrolmentFactory,
    MentorOfferFactory,
    PairingFactory,
    PersonFactory,
    ProgrammeFactory,
    make_page,
    make_portfolio,
    share,
)
from tests.pairings.asking import WORDS, make_mentee, make_mentor


@pytest.fixture
def home(signed_in):
    """`home(person)` is what stands on that person's Home, as an lxml tree."""
    return lambda person: html.fromstring(signed_in(person).get("/home/").content.decode())


def words(element):
    return " ".join(element.text_content().split())


def section(page, title):
    """What stands under a heading, up to the end of its section."""
    return words(page.xpath(f"//section[.//h2[normalize-space()='{title}']]")[0])


def filled(page):
    return [words(button) for button in page.xpath("//*[contains(@class, 'btn-primary')]")]


def mentored_by(mentor, **pairing):
    """A mentee of that mentor, with a portfolio."""
    pairing = PairingFactory(mentor=mentor, **pairing)
    return make_portfolio(pairing.mentee, pairing.programme)


# As a mentee


def test_a_question_that_waits_is_the_next_thing(pair, home):
    actions.add_comment(pair.page, by=pair.mentor, kind="question", body="Who did you ask?")

    page = home(pair.mentee)

    assert section(page, "Ruth asked you something on “Usage review”").startswith("Next for you")
    assert filled(page) == ["Answer Ruth"]
    assert section(page, "New for you") == (
        "New for you RL Ruth asked a question on “Usage review” “Who did you ask?” Answer Ruth"
    )


def test_when_all_is_quiet_ten_minutes_of_writing_are_the_next_thing(pair, home):
    page = home(pair.mentee)

    assert filled(page) == ["Open the page"]
    assert "Next for you, ten minutes Add one example to “Usage review”" in words(page)
    assert section(page, "New for you") == "New for you All quiet. What Ruth says about your pages appears here."
    assert section(page, "Lately").endswith("You shared “Usage review”")
    assert section(page, "Your mentor").startswith("Your mentor RL Ruth Lindqvist")


def test_without_a_mentor_writing_goes_on(pair, home):
    move_pairing(pair.pairing, "ended", by=pair.mentee)

    page = home(pair.mentee)

    assert section(page, "Your mentor").endswith("You have no mentor now. Your pages are yours to go on with.")
    assert filled(page) == ["Open the page"]


def to_plan(pair, days):
    starts_at = (timezone.now() + timedelta(days=days)).replace(microsecond=0)
    return record_meeting(pair.pairing, by=pair.mentee, starts_at=starts_at, minutes=60, how="video")


def test_a_meeting_within_ten_days_is_to_be_planned_before_anything_else(pair, home):
    actions.add_comment(pair.page, by=pair.mentor, kind="question", body="Who did you ask?")
    meeting = to_plan(pair, 10)
    day = f"{timezone.localtime(meeting.starts_at):%a %-d %b}"

    page = home(pair.mentee)

    assert f"Plan your meeting with Ruth ({day})" in words(page)
    assert filled(page) == ["Write plan"]
    assert f"Coming up {day}" in words(page)


def test_a_meeting_later_than_that_or_planned_is_only_coming_up(pair, home):
    meeting = to_plan(pair, 11)
    assert filled(home(pair.mentee)) == ["Open the page"]

    near = to_plan(pair, 5)
    share_plan(near, by=pair.mentee, answers={TALK: Given(words="Two projects.")}, expected_number=0)

    page = home(pair.mentee)
    assert filled(page) == ["Open the page"]
    assert f"{timezone.localtime(meeting.starts_at):%a %-d %b}" not in section(page, "Coming up")
    assert "plan shared" in section(page, "Coming up")


def test_what_one_said_one_would_do_is_ticked_on_home(pair, home, signed_in):
    today = timezone.localdate()
    add_action(pair.pairing, by=pair.mentee, person=pair.mentee, words="Some time")
    action = add_action(
        pair.pairing, by=pair.mentor, person=pair.mentee, words="Draft page 2", due=today + timedelta(days=7)
    )
    add_action(pair.pairing, by=pair.mentor, person=pair.mentor, words="Not hers")

    page = home(pair.mentee)
    (url,) = page.xpath(f"//form[contains(@action, '{action.key}')]/@action")
    signed_in(pair.mentee).post(url)

    assert filled(page) == ["Tick off or move"]
    assert "Not hers" not in words(page)
    assert section(home(pair.mentee), "Your actions").startswith("Your actions Done: Some time Some time")
    assert section(home(pair.mentor), "Your actions").startswith("Your actions Done: Not hers Not hers")


# As a mentor


def test_a_plan_that_was_shared_is_to_be_read_and_each_mentee_says_when_they_meet(pair, home):
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now())
    meeting = to_plan(pair, 5)
    mark_all_seen(pair.mentor, until=timezone.now())
    share_plan(meeting, by=pair.mentee, answers={TALK: Given(words="Two projects.")}, expected_number=0)

    page = home(pair.mentor)

    day = timezone.localtime(meeting.starts_at)
    assert (
        section(page, "New for you")
        == f"New for you AO Amina’s plan for {day:%A}: “Two projects.” a plan to read Open plan"
    )
    assert f"meets {day:%a %-d %b}" in section(page, "Your mentees")


def test_the_oldest_that_is_unseen_comes_first_and_has_the_filled_button(pair, home):
    second = mentored_by(pair.mentor)
    make_page(second, title="Later", body="<p>Later.</p>")
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now())
    share(pair.page, "<p>In April I asked to sit in.</p>")
    Event.objects.filter(thread=f"page-{pair.page.pk}").update(at=timezone.now().replace(year=2020))

    page = home(pair.mentor)

    headlines = [words(each) for each in page.xpath("//section[.//h2[@id='news-mentor']]//strong")]
    assert headlines == ["Amina updated “Usage review”", f"{second.owner.first_name} shared “Later”"]
    assert "1 change · 1 minute" in section(page, "New for you")
    assert filled(page) == ["See what changed"]


def test_a_mentor_who_has_seen_everything_is_up_to_date(pair, home):
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now())

    one = home(pair.mentor)
    choose(pair.mentor, group="portfolio", choice="off")
    never = home(pair.mentor)
    choose(pair.mentor, group="portfolio", choice="now")
    names = [mentored_by(pair.mentor).owner.first_name]
    two = home(pair.mentor)
    mentored_by(pair.mentor)
    three = home(pair.mentor)

    assert "You’re up to date. We’ll email when Amina shares something." in words(one)
    assert "You’re up to date. What your mentees share appears here." in words(never)
    assert f"You’re up to date. We’ll email when {names[0]} or Amina share something." in words(two)
    assert "You’re up to date. We’ll email when one of your mentees shares something." in words(three)
    assert (filled(one), filled(two)) == (["Open Amina’s portfolio"], ["See your mentees"])


def test_the_mentees_say_what_they_shared_last(pair, home):
    make_page(pair.portfolio, title="A draft")
    away = make_page(pair.portfolio, title="Put away", body="<p>Away.</p>")
    actions.put_away(away, by=pair.mentee)

    said = section(home(pair.mentor), "Your mentees")

    today = timezone.localdate()
    last = f"last shared “Usage review”, {today.day} {today:%B}"
    assert said == f"Your mentees AO Amina Okafor Month 1 · 1 page · {last} You and Amina"


def test_of_five_hundred_shares_the_oldest_ten_are_shown(pair, home):
    Notification.objects.all().delete()
    pages = [make_page(pair.portfolio, title=f"Page {number}", body="<p>Words.</p>") for number in range(12)]
    events = Event.objects.filter(kind="portfolios.page_shared", thread=f"page-{pages[0].pk}")
    Event.objects.bulk_create(
        Event(kind="portfolios.page_shared", about_id=10**6 + n, thread=f"page-{10**6 + n}", bundle=events.get().bundle)
        for n in range(488)
    )
    Notification.objects.bulk_create(
        Notification(event=event, person=pair.mentor) for event in Event.objects.filter(about_id__gte=10**6)
    )

    page = home(pair.mentor)

    assert len(page.xpath("//section[.//h2[@id='news-mentor']]//li")) == 10
    assert words(page.xpath("//p[@class='more']")[0]) == "and 490 more"
    assert page.xpath("//p[@class='more']/a/@href") == ["/new/"]
    assert words(page.xpath("//span[@class='count']")[0]) == "9+"


# Both, and neither


def test_two_roles_are_two_sections_and_every_item_says_in_which(pair, home):
    theirs = mentored_by(pair.mentee)
    make_page(theirs, title="Theirs", body="<p>Words.</p>")
    actions.add_comment(pair.page, by=pair.mentor, kind="idea", body="Try it.")

    page = home(pair.mentee)

    assert [words(title) for title in page.xpath("//h2[@class='role-title']")] == ["As a mentee", "As a mentor"]
    assert [words(tag) for tag in page.xpath("//li//span[@class='tag']")] == ["As mentee", "As mentor"]
    assert filled(page) == ["Read the page"]


def test_somebody_who_waits_for_an_answer_comes_before_what_one_has_not_read(pair, home):
    make_page(mentored_by(pair.mentee), title="Theirs", body="<p>Words.</p>")
    actions.add_comment(pair.page, by=pair.mentor, kind="question", body="Who did you ask?")

    assert filled(home(pair.mentee)) == ["Answer Ruth"]


def nobody():
    return PersonFactory()


def a_beginner():
    return EnrolmentFactory().person


def a_mentor_without_mentees():
    return MentorOfferFactory().enrolment.person


def a_mentor_who_is_to_begin_a_portfolio():
    person = (
        make_page(mentored_by(PersonFactory()), body="<p>Words.</p>")
        .portfolio.enrolment.programme.pairings.get()
        .mentor
    )
    return EnrolmentFactory(person=person).person


def a_mentor_of_somebody_who_shared_nothing():
    return mentored_by(PersonFactory()).enrolment.programme.pairings.get().mentor


def somebody_of_the_staff():
    return PersonFactory(is_staff=True)


@pytest.mark.parametrize(
    ("make", "button"),
    [
        (nobody, "See programmes to join"),
        (a_beginner, "Begin"),
        (a_mentor_without_mentees, "See your offer"),
        (a_mentor_who_is_to_begin_a_portfolio, "Read the page"),
        (a_mentor_of_somebody_who_shared_nothing, None),
        (somebody_of_the_staff, "Open the board"),
    ],
)
def test_everybody_has_exactly_one_filled_button(db, home, make, button):
    person = make()

    found = filled(home(person))

    assert len(found) == 1
    assert button in (None, *found)


def test_a_listed_mentor_is_told_that_it_takes_a_while(db, home):
    offer = MentorOfferFactory()

    page = words(home(offer.enrolment.person))

    assert "You’re listed. Most mentors hear from someone within a few weeks." in page


# The reading window


def leak(person):
    """Notifications of everything that ever happened, as if nobody had asked whether this person may know."""
    for event in Event.objects.all():
        Notification.objects.update_or_create(event=event, person=person, defaults={"seen_at": None})


def test_a_former_mentor_is_told_of_nothing_on_home(pair, home):
    actions.add_comment(pair.page, by=pair.mentee, body="Said before.")
    move_pairing(pair.pairing, "ended", by=pair.mentee)
    share(pair.page, "<p>Secret.</p>", title="Secret title")
    leak(pair.mentor)

    page = words(home(pair.mentor))

    assert "Secret" not in page
    assert "Amina" not in page


def test_after_a_hand_over_home_tells_what_was_shared_since(pair, home):
    before = make_page(pair.portfolio, title="Before", body="<p>Before.</p>")
    root = actions.add_comment(before, by=pair.mentor, kind="question", body="Between us?")
    move_pairing(pair.pairing, "ended", by=pair.mentee)
    new = PairingFactory(programme=pair.pairing.programme, mentee=pair.mentee, reads_from=timezone.now())
    share(pair.page, "<p>For the new one.</p>")
    actions.add_comment(before, by=pair.mentee, body="A late answer.", reply_to=root)
    leak(new.mentor)

    page = home(new.mentor)

    assert section(page, "New for you").startswith("New for you AO Amina shared “Usage review” 4 words · 1 minute")
    assert "1 page · last shared “Usage review”" in section(page, "Your mentees")
    assert "Before" not in words(page)
    assert "late answer" not in words(page)
    assert len(page.xpath("//section[.//h2[@id='news-mentor']]//li")) == 1


def test_a_stranger_is_told_of_nothing(pair, home):
    stranger = PairingFactory().mentor
    actions.add_comment(pair.page, by=pair.mentee, body="Said.")
    leak(stranger)

    assert "Amina" not in words(home(stranger))


def test_the_main_navigation_is_the_same_as_on_other_pages(pair, signed_in):
    browser = signed_in(pair.mentee)

    def navigation(url):
        return re.findall(r"<nav.*?</nav>", browser.get(url).content.decode().replace(' aria-current="page"', ""), re.S)

    assert navigation("/home/") == navigation("/settings/time/")


def paired_by_request(programme=None):
    """Two who found each other, and their request; the mentor said yes last."""
    part = make_mentee(programme)
    request = ask(make_mentor(part.programme), by=part.person, **WORDS)
    answer_request(request, by=request.mentor, yes=True)
    say_yes(request, by=request.mentee)
    return request, say_yes(request, by=request.mentor)


def test_that_they_are_a_pairing_is_news_only_while_it_is(db, home):
    request, pairing = paired_by_request()
    assert "You and Ruth are a pairing" in words(home(request.mentee))

    end_pairing(pairing, by=request.mentor, why="other")

    assert "You and Ruth are a pairing" not in words(home(request.mentee))
    assert Notification.objects.unseen().filter(person=request.mentee, event__bundle=request.bundle).count() == 0


def test_whoever_said_hello_knows_that_they_are_a_pairing(db, home):
    request, pairing = paired_by_request()

    send_message(pairing, by=request.mentee, body="Hello.")

    assert "You and Ruth are a pairing" not in words(home(request.mentee))


def test_before_the_first_page_home_has_the_mentor_and_what_waits(db, home):
    request, pairing = paired_by_request()
    other = make_mentor(request.programme, "Odette Marchand")
    send_message(pairing, by=request.mentee, body="Hello.")
    propose_hand_over(pairing, other, by=request.mentor)

    page = home(request.mentee)

    assert page.xpath(f"//main//a[@href='/pairings/{pairing.slug}/']")
    assert "Ruth suggests that Odette carries on as your mentor" in words(page)


def test_somebody_who_is_asked_to_carry_on_reads_so_on_home(db, home):
    request, pairing = paired_by_request()
    other = make_mentor(request.programme, "Odette Marchand")
    hand_over = propose_hand_over(pairing, other, by=request.mentor)
    consent_to_hand_over(hand_over, by=request.mentee, window="all")

    assert "Hana would like you to carry on as mentor" in words(home(other.enrolment.person))


def test_a_talk_that_one_knows_of_stays_on_home_until_it_has_ended(db, home):
    part = make_mentee()
    request = ask(make_mentor(part.programme), by=part.person, **WORDS)
    answer_request(request, by=request.mentor, yes=True)

    assert "You and Hana talk first" in words(home(request.mentor))
    assert "Talking with Ruth" in words(home_with_portfolio(part, home))


def home_with_portfolio(part, home):
    actions.open_portfolio(part, by=part.person)
    return home(part.person)


def test_a_mentor_who_comes_anew_as_a_mentee_is_shown_the_welcome(pair, home):
    EnrolmentFactory(programme=ProgrammeFactory(), person=pair.mentor)

    page = home(pair.mentor)

    assert "Your welcome: 0 of 4 done." in words(page)
    assert len(filled(page)) == 1


def test_a_mentor_without_space_is_told_that_and_not_of_their_training(db, home):
    part = make_mentee()
    offer = make_mentor(part.programme, offer={"trained_until": timezone.localdate(), "capacity": 1})
    answer_request(ask(offer, by=part.person, **WORDS), by=offer.enrolment.person, yes=True)

    page = words(home(offer.enrolment.person))

    assert "1 of 1 places is taken, talks included." in page
    assert "Your training is valid" not in page


def test_whoever_asked_to_join_reads_where_that_stands(db, home):
    person, programme = PersonFactory(), ProgrammeFactory(name="Fellowship", takes_applications=True)
    application = apply(programme, by=person, role="mentee", words="I would like to.")

    page = home(person)
    assert "You have asked to join “Fellowship”." in words(page)
    assert filled(page) == ["See where it stands"]

    decline(application, by=PersonFactory(is_superuser=True, is_staff=True), answer="Next year, gladly.")
    assert "The team of “Fellowship” has answered you." in words(home(person))


def test_that_another_mentor_carries_on_is_no_news_once_that_has_ended(db, home):
    request, pairing = paired_by_request()
    other = make_mentor(request.programme, "Odette Marchand")
    hand_over = propose_hand_over(pairing, other, by=request.mentor)
    consent_to_hand_over(hand_over, by=request.mentee, window="all")
    following = accept_hand_over(hand_over, by=other.enrolment.person)
    assert "Odette is your mentor now" in words(home(request.mentee))

    end_pairing(following, by=request.mentee, why="other")

    assert "Odette is your mentor now" not in words(home(request.mentee))
