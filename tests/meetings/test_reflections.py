"""What somebody learnt from a meeting: kept for oneself, shared with the other, and with nobody else."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Draft
from meetings.actions import ReflectionChanged, keep_reflection
from meetings.actions.reflecting import stamp_of
from meetings.models import Reflection
from notifications import delivery
from notifications.models import Event, Notification
from pairings.actions import end_pairing
from pairings.models import MoveRefused, Pairing
from tests.factories import CriterionFactory, EnrolmentFactory, LevelFactory, PersonFactory
from tests.meetings.making import make_meeting

SAID = {"what": "I talked too much.", "so_what": "Silence works.", "now_what": "Count to ten."}


@pytest.fixture
def pair(pair):
    pair.meeting = make_meeting(pair.pairing, starts_at=timezone.now() - timedelta(days=3), state="held", minutes=60)
    pair.meeting_url = f"/pairings/{pair.pairing.slug}/meetings/{pair.meeting.slug}/"
    pair.learnt_url = f"{pair.meeting_url}learnt/"
    return pair


def keep(meeting, by, **said):
    kept = {**SAID, "criterion": None, "minutes": 75, "is_shared": False}
    return keep_reflection(meeting, by=by, **kept | said)


def posted(**fields):
    return {**SAID, "minutes": 75, "criterion": ""} | fields


def test_what_one_keeps_is_for_oneself_until_it_is_shared(pair):
    mine = keep(pair.meeting, pair.mentor)

    assert [list(Reflection.objects.visible_to(person)) for person in (pair.mentor, pair.mentee)] == [[mine], []]

    keep(pair.meeting, pair.mentor, is_shared=True)

    strangers = PersonFactory()
    found = [list(Reflection.objects.visible_to(person)) for person in (pair.mentor, pair.mentee, strangers)]
    assert found == [[mine], [mine], []]


def test_what_is_kept_again_takes_the_place_of_what_was(pair):
    keep(pair.meeting, pair.mentee)

    keep(pair.meeting, pair.mentee, what="I listened.", minutes=90)

    [mine] = Reflection.objects.all()
    assert (mine.what, mine.so_what, mine.minutes) == ("I listened.", "Silence works.", 90)


def test_nothing_at_all_is_no_reflection_but_other_minutes_are(pair):
    nothing = {"what": "", "so_what": "", "now_what": ""}
    keep(pair.meeting, pair.mentee)

    assert keep(pair.meeting, pair.mentee, **nothing, minutes=60) is None
    assert Reflection.objects.count() == 0
    assert keep(pair.meeting, pair.mentee, **nothing, minutes=90, is_shared=True).is_shared is False


def test_what_was_kept_in_another_window_is_not_overwritten(pair):
    keep(pair.meeting, pair.mentee)

    with pytest.raises(ReflectionChanged) as refused:
        keep(pair.meeting, pair.mentee, what="Other words.", based_on=stamp_of(None))

    assert refused.value.latest == Reflection.objects.get()
    assert Reflection.objects.get().what == "I talked too much."


def test_it_is_refused_before_the_end_of_the_meeting_and_after_that_of_the_pairing(pair):
    to_come = make_meeting(pair.pairing)
    for meeting, by in ((to_come, pair.mentee), (pair.meeting, PersonFactory())):
        with pytest.raises(MoveRefused):
            keep(meeting, by)
    end_pairing(pair.pairing, by=pair.mentee, why="time")

    with pytest.raises(MoveRefused):
        keep(pair.meeting, pair.mentee)

    assert Reflection.objects.count() == 0


def test_the_criterion_is_one_of_the_programme(pair):
    mine, elsewhere = CriterionFactory(level=LevelFactory(programme=pair.pairing.programme)), CriterionFactory()

    assert keep(pair.meeting, pair.mentee, criterion=mine).criterion == mine
    with pytest.raises(MoveRefused):
        keep(pair.meeting, pair.mentee, criterion=elsewhere)


def test_the_other_hears_once_that_it_was_shared_and_never_what_it_says(pair, settings):
    settings.NOTICE_BUNDLE_MINUTES = 0
    keep(pair.meeting, pair.mentor)
    assert Event.objects.filter(kind="meetings.learnt").count() == 0

    keep(pair.meeting, pair.mentor, is_shared=True)
    keep(pair.meeting, pair.mentor, what="More words.", is_shared=True)
    [told] = Notification.objects.filter(event__kind="meetings.learnt")
    Notification.objects.filter(pk=told.pk).update(due_at=timezone.now())
    delivery.deliver_due()

    [letter] = mail.outbox
    assert told.person == pair.mentee
    assert letter.to == ["Amina Okafor <amina@example.org>"]
    assert "shared what they learnt" in letter.subject
    everything = f"{letter.subject} {letter.body} {letter.alternatives[0].content}"
    assert not any(words in everything for words in (*SAID.values(), "More words."))


def test_nobody_is_told_of_what_was_taken_back_meanwhile(pair, settings):
    settings.NOTICE_BUNDLE_MINUTES = 0
    keep(pair.meeting, pair.mentor, is_shared=True)
    keep(pair.meeting, pair.mentor, is_shared=False)
    Notification.objects.filter(event__kind="meetings.learnt").update(due_at=timezone.now())

    delivery.deliver_due()

    assert mail.outbox == []


def test_who_reads_it_on_the_page_of_the_meeting_has_seen_it(pair, signed_in):
    keep(pair.meeting, pair.mentor, is_shared=True)
    browser = signed_in(pair.mentee)

    page = browser.get(pair.meeting_url)
    browser.post(f"{pair.meeting_url}reading/", {"until": page.context["new_until"].isoformat()})

    assert "What Ruth learnt" in page.content.decode()
    assert "I talked too much." in page.content.decode()
    assert not Notification.objects.unseen().filter(person=pair.mentee).exists()


def test_it_is_written_kept_and_shown_to_its_author_alone(pair, signed_in):
    Draft.objects.create(person=pair.mentee, key=f"learnt-{pair.meeting.pk}", fields={"what": "Half"})
    browser = signed_in(pair.mentee)

    form = browser.get(pair.learnt_url).context["form"]
    after = browser.post(pair.learnt_url, posted(), follow=True).content.decode()

    assert (form["what"].value(), form["minutes"].value()) == ("Half", 60)
    assert "Kept, for you alone." in after
    assert "Count to ten." in after
    assert Draft.objects.get().fields == {}
    for url in (pair.meeting_url, pair.learnt_url):
        assert "Count to ten." not in signed_in(pair.mentor).get(url).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("minutes", "", "Write for how many minutes it counts"),
        ("minutes", "an hour", "Write the minutes as a number, like 60"),
        ("minutes", "5000", "That is more than a day. Write the minutes of this one meeting."),
        ("what", "x" * 10_001, "This has 10001 characters; the limit is 10000. Take a little out."),
    ],
)
def test_a_form_says_what_is_amiss_and_keeps_the_words(pair, signed_in, field, value, words):
    page = signed_in(pair.mentee).post(pair.learnt_url, posted(**{field: value}))

    assert page.status_code == 422
    assert page.context["form"].errors[field] == [words]
    assert "Count to ten." in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Kept, for you alone."),
        ({"is_shared": "on"}, "Kept, for you and Ruth."),
        (
            {"what": "", "so_what": "", "now_what": "", "is_shared": "on"},
            "There are no words yet that Ruth could read.",
        ),
        ({"what": "", "so_what": "", "now_what": "", "minutes": 60}, "There is nothing to keep"),
    ],
)
def test_it_says_for_whom_it_was_kept(pair, signed_in, fields, words):
    page = signed_in(pair.mentee).post(pair.learnt_url, posted(**fields), follow=True)

    assert words in page.content.decode()


def test_words_of_another_window_are_shown_beside_ones_own(pair, signed_in):
    keep(pair.meeting, pair.mentee, what="From the other window.")
    browser = signed_in(pair.mentee)

    page = browser.post(pair.learnt_url, posted(based_on="", what="From this one."))
    again = {name: page.context["form"][name].value() for name in ("what", "based_on")}
    browser.post(pair.learnt_url, posted(**again))

    assert page.status_code == 422
    assert "From the other window." in page.content.decode()
    assert Reflection.objects.get().what == "From this one."


def test_a_mentee_chooses_among_the_criteria_of_their_level_and_a_mentor_among_all(pair, signed_in):
    levels = [LevelFactory(programme=pair.pairing.programme, name=name) for name in ("Certification", "Chartership")]
    criteria = [CriterionFactory(level=level, number=1) for level in levels]
    pair.portfolio.enrolment.level = levels[1]
    pair.portfolio.enrolment.save()
    EnrolmentFactory(programme=pair.pairing.programme, person=pair.mentor, role="mentor")

    names = {}
    for person in (pair.mentee, pair.mentor):
        choices = signed_in(person).get(pair.learnt_url).context["form"].fields["criterion"].choices
        names[person] = [str(name) for _key, name in choices[1:]]

    own = [str(each) for each in criteria]
    assert names == {pair.mentee: [own[1]], pair.mentor: [f"Certification: {own[0]}", f"Chartership: {own[1]}"]}


def test_a_criterion_that_was_chosen_stays_to_choose_when_its_writer_goes_on_to_another_level(pair, signed_in):
    before, now = (
        LevelFactory(programme=pair.pairing.programme, name=name) for name in ("Certification", "Chartership")
    )
    keep(pair.meeting, pair.mentee, criterion=CriterionFactory(level=before, number=1))
    pair.portfolio.enrolment.level = now
    pair.portfolio.enrolment.save()
    browser = signed_in(pair.mentee)

    form = browser.get(pair.learnt_url).context["form"]
    kept = {name: form[name].value() for name in ("criterion", "based_on")}
    browser.post(pair.learnt_url, posted(what="More.", **kept))

    [mine] = Reflection.objects.all()
    assert (mine.what, mine.criterion.level) == ("More.", before)


def test_after_the_end_it_is_there_to_read(pair, signed_in):
    keep(pair.meeting, pair.mentee)
    end_pairing(pair.pairing, by=pair.mentee, why="time")
    browser = signed_in(pair.mentee)

    page, refused = browser.get(pair.learnt_url), browser.post(pair.learnt_url, posted(what="Late words."))

    assert Pairing.objects.get(pk=pair.pairing.pk).state == "ended"
    assert page.context["form"] is None
    assert "Count to ten." in page.content.decode()
    assert (refused.status_code, "Late words." in refused.content.decode()) == (422, True)
