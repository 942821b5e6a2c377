"""Who is told of what, asked of the pairings at hand: the same answer as the database gives to `visible_to`."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.utils import timezone

from notifications.models import Notification
from notifications.news import topics, unseen
from pairings.actions import move_pairing
from pairings.models import Pairing
from pairings.pairs import pairs_of
from portfolios import actions
from portfolios.models import Comment, Comparison, Page, PageVersion, Visit
from portfolios.news import comments_to_tell, comments_to_tell_all, versions_to_tell, versions_to_tell_all
from tests.factories import PairingFactory, PersonFactory, make_page, make_portfolio, share

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def day(number):
    return BEGIN + timedelta(days=number)


# Pairings of one mentor with one mentee: (reads from, reads until), None for open ends; an end makes it an ended one.
WINDOWS = {
    "none": [],
    "always": [(None, None)],
    "from the third day": [(3, None)],
    "ended on the third day": [(None, 3)],
    "ended, and begun anew": [(None, 3), (6, None)],
    "of the third to the sixth": [(3, 6)],
    "not begun to read yet": [(99, None)],
}


@pytest.fixture
def written(db):
    """A portfolio in which on days 0 to 9 something was shared or said, by its owner; one page is put away."""
    portfolio = make_portfolio()
    owner = portfolio.owner
    page = make_page(portfolio, body="<p>Day 0.</p>", at=day(0))
    away = make_page(portfolio, title="Away", body="<p>Day 0.</p>", at=day(0))
    for number in range(1, 10):
        for each in (page, away):
            version = share(each, f"<p>Day {number}.</p>", at=day(number))
            root = actions.add_comment(each, by=owner, body=f"Said on day {number}.", at=day(number))
            for later in range(number, 10, 2):
                actions.add_comment(
                    each, by=owner, body=f"To {number}, on {later}.", reply_to=root, at=day(later), version=version
                )
    actions.put_away(away, by=owner)
    return portfolio


def pairings(portfolio, windows):
    mentor = PairingFactory().mentor
    for begin, end in windows:
        state = {"state": "ended", "ended_at": day(end), "reads_until": day(end)} if end is not None else {}
        PairingFactory(
            programme=portfolio.enrolment.programme,
            mentee=portfolio.owner,
            mentor=mentor,
            reads_from=None if begin is None else day(begin),
            **state,
        )
    return mentor


@pytest.mark.parametrize("windows", WINDOWS.values(), ids=WINDOWS)
def test_a_mentor_is_told_of_what_the_database_lets_them_read(written, windows):
    mentor = pairings(written, windows)
    talkable = Page.objects.commentable_by(mentor)
    versions = PageVersion.objects.visible_to(mentor).filter(page__in=talkable)
    comments = Comment.objects.visible_to(mentor).filter(page__in=talkable)
    all_versions = list(PageVersion.objects.values_list("pk", flat=True))
    all_comments = list(Comment.objects.values_list("pk", flat=True))

    told_versions = {told.pk for told in versions_to_tell(mentor, all_versions)}
    told_comments = {told.pk for told in comments_to_tell(mentor, all_comments)}

    assert told_versions == set(versions.values_list("pk", flat=True))
    assert told_comments == set(comments.values_list("pk", flat=True))


@pytest.mark.parametrize(("begin", "end", "at"), list(product([None, 2, 5], [None, 2, 5], [1, 2, 3, 5, 6])))
def test_a_pairing_at_hand_answers_as_the_database_does(db, begin, end, at):
    ended = {"state": "ended", "ended_at": day(end), "reads_until": day(end)} if end is not None else {}
    pairing = PairingFactory(reads_from=None if begin is None else day(begin), **ended)
    asked = Pairing.objects.all().open_to(
        pairing.mentor, programme=pairing.programme, mentee=pairing.mentee, at=day(at)
    )

    [pair] = pairs_of(pairing.mentor)
    assert pair.is_open_at(day(at)) is asked.exists()
    assert pair.is_live is Pairing.objects.live().exists()


def test_the_owner_is_told_of_what_others_say_and_a_stranger_of_nothing(pair):
    theirs = actions.add_comment(pair.page, by=pair.mentor, body="Well said.")
    own = actions.add_comment(pair.page, by=pair.mentee, body="Thank you.")
    stranger = PairingFactory()
    keys = [theirs.pk, own.pk]

    assert [told.pk for told in comments_to_tell(pair.mentee, keys)] == [theirs.pk]
    assert [told.pk for told in comments_to_tell(pair.mentor, keys)] == [own.pk]
    for person in (stranger.mentor, stranger.mentee):
        assert comments_to_tell(person, keys) == []
        assert versions_to_tell(person, [pair.page.latest_id]) == []
    assert versions_to_tell(pair.mentee, [pair.page.latest_id]) == []


def test_pairings_say_who_is_who(pair):
    [found] = pairs_of(pair.mentor)

    assert (found.pk, found.bundle, found.state_in_words) == (pair.pairing.pk, pair.pairing.bundle, "Active")
    assert (found.mentee.pk, found.mentee.first_name) == (pair.mentee.pk, "Amina")
    assert (found.mentor.pk, found.mentor.initials) == (pair.mentor.pk, "RL")


# In words


def news_of(person):
    return [
        (topic.lead.headline, topic.summary, topic.lead.button)
        for topic in topics(person, [event for events in unseen(person).values() for event in events])
    ]


def test_a_page_that_is_new_says_how_long_it_is(pair):
    assert news_of(pair.mentor) == [("Amina shared “Usage review”", "7 words · 1 minute", "Read the page")]


def test_changes_and_a_reply_are_told_together(pair):
    question = actions.add_comment(pair.page, by=pair.mentor, kind="question", body="Who?")
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now())
    share(pair.page, f"<p>In April I asked to sit in.</p><p>{'word ' * 880}</p>")
    actions.add_comment(pair.page, by=pair.mentee, body="Six colleagues.", reply_to=question)

    [(headline, summary, button)] = news_of(pair.mentor)

    assert headline == "Amina updated “Usage review”"
    assert summary == "2 changes and a reply · 4 minutes"
    assert button == "See what changed"


def test_several_shares_since_one_looked_are_counted_as_one(pair):
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now())
    share(pair.page, "<p>In April I asked to sit in.</p>")
    share(pair.page, "<p>In April I asked to sit in.</p><p>And was let in.</p>")

    assert [summary for _, summary, _ in news_of(pair.mentor)] == ["2 changes · 1 minute"]


def test_changes_that_are_not_counted_yet_are_told_without_a_number(pair):
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now())
    Visit.objects.update(marked_at=datetime(2026, 11, 12, 12, tzinfo=UTC))
    share(pair.page, "<p>In April I asked to sit in.</p>")
    Comparison.objects.update(result=None)

    assert [summary for _, summary, _ in news_of(pair.mentor)] == ["changed since you looked on 12 November"]
    assert Comparison.objects.get().result is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([{"kind": "question", "body": "Who?"}], ("Ruth asked a question on “Usage review”", "“Who?”", "Answer Ruth")),
        (
            [{"kind": "idea", "body": "Try it."}],
            ("Ruth has an idea for “Usage review”", "“Try it.”", "Open the comment"),
        ),
        (
            [{"quote": "In March", "suggestion": "In April"}],
            ("Ruth suggests other wording on “Usage review”", "“In April”", "Open the comment"),
        ),
        (
            [{"kind": "question", "body": "Who?"}, {"kind": "question", "body": "When?"}],
            ("Ruth left 2 comments on “Usage review”", "2 questions", "Answer Ruth"),
        ),
        (
            [{"kind": "question", "body": "Who?"}, {"kind": "idea", "body": "Try it."}],
            ("Ruth left 2 comments on “Usage review”", "2 comments", "Answer Ruth"),
        ),
    ],
)
def test_comments_say_what_they_are(pair, said, expected):
    for words in said:
        actions.add_comment(pair.page, by=pair.mentor, **words)

    assert news_of(pair.mentee) == [expected]


def test_the_oldest_subject_matter_comes_first(pair):
    now = timezone.now()
    second = make_page(pair.portfolio, title="Two", body="<p>Two.</p>", at=now + timedelta(minutes=1))
    share(pair.page, "<p>Once more.</p>", at=now + timedelta(minutes=2))

    assert [headline for headline, _, _ in news_of(pair.mentor)] == [
        "Amina shared “Usage review”",
        "Amina shared “Two”",
    ]
    assert list(unseen(pair.mentor)) == [f"page-{pair.page.pk}", f"page-{second.pk}"]


def test_what_one_may_no_longer_read_is_left_out(pair):
    move_pairing(pair.pairing, "ended", by=pair.mentee)
    Notification.objects.update(seen_at=None)

    assert list(unseen(pair.mentor)) == [f"page-{pair.page.pk}"]
    assert news_of(pair.mentor) == []


def test_what_many_people_may_be_told_of_is_what_each_of_them_may(pair):
    other = PersonFactory()
    before = PairingFactory(mentee=pair.mentee, mentor=other, programme=pair.pairing.programme, ended=True)
    share(pair.page, "<p>In April I asked to sit in.</p>")
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now(), shown=1)
    share(pair.page, "<p>In May I asked to sit in.</p>", note="The month.")
    asked = actions.add_comment(pair.page, by=pair.mentor, body="Who?", quote="May")
    actions.add_comment(pair.page, by=pair.mentee, reply_to=asked, body="All of them.")
    hidden = make_page(pair.portfolio, title="Put away", body="<p>Away.</p>")
    hidden.archived_at = timezone.now()
    hidden.save()
    people = [pair.mentee, pair.mentor, other, PersonFactory()]
    versions = list(PageVersion.objects.values_list("pk", flat=True))
    comments = list(Comment.objects.values_list("pk", flat=True))
    assert before.reads_until

    for ids, tell, tell_all in (
        (versions, versions_to_tell, versions_to_tell_all),
        (comments, comments_to_tell, comments_to_tell_all),
    ):
        at_once = tell_all(dict.fromkeys(people, ids))
        for person in people:
            assert sorted(at_once[person.pk], key=lambda thing: thing.pk) == sorted(
                tell(person, ids), key=lambda thing: thing.pk
            )


def test_only_what_its_author_would_hear_of_asks_for_a_reply(pair):
    actions.add_comment(pair.page, by=pair.mentor, body="Said.")
    actions.add_comment(pair.page, by=pair.mentee, body="Answered.")

    def asks(person):
        [topic] = topics(person, [event for events in unseen(person).values() for event in events])
        return [section.takes_replies for section in topic.sections]

    assert asks(pair.mentor) == [True, True]
    assert asks(pair.mentee) == [True]
    move_pairing(pair.pairing, "ended", by=pair.mentor)
    assert asks(pair.mentee) == [False]
    PairingFactory(programme=pair.pairing.programme, mentee=pair.mentee)
    assert asks(pair.mentee) == [False]
