"""Where a reply by email stands: in the one open thread that the email told of, else beside the page."""

import pytest
from django.utils import timezone

from notifications.models import Event, Notification
from notifications.notices import REPLIES, NotTaken, Reply
from pairings.actions import move_pairing
from portfolios import actions
from portfolios.models import Comment
from portfolios.notices import COMMENTED, thread_of
from portfolios.replies import reply_to_page
from tests.factories import PairingFactory, PersonFactory, make_page, share


def comment(pair, body="Who did you ask?", **how):
    return actions.add_comment(pair.page, by=pair.mentor, body=body, **how)


def answer(person, page, *comments, text="I asked Tom."):
    about = [(COMMENTED.kind, comment.pk) for comment in comments]
    url = reply_to_page(Reply(person, thread_of(page.pk), about, text, timezone.now()))
    said = Comment.objects.get(body=text)
    assert url == f"{page.get_absolute_url()}#comment-{said.pk}"
    return said


def test_replies_about_a_page_are_taken_here():
    assert REPLIES["page"] is reply_to_page


def test_the_one_thread_of_the_email_is_answered(pair):
    root = comment(pair)

    assert answer(pair.mentee, pair.page, root).parent == root


def test_several_comments_of_one_thread_are_one_thread(pair):
    root = comment(pair)
    again = comment(pair, "And when?", reply_to=root)

    assert answer(pair.mentee, pair.page, root, again).parent == root


def test_between_two_threads_there_is_no_guess(pair):
    said = answer(pair.mentee, pair.page, comment(pair), comment(pair, "And when?"))

    assert (said.parent, said.page, said.kind, said.quote) == (None, pair.page, "", "")


def test_between_an_open_and_a_settled_thread_there_is_no_guess_either(pair):
    settled = comment(pair, "And when?")
    actions.settle_comment(settled, by=pair.mentee)

    assert answer(pair.mentee, pair.page, comment(pair), settled).parent is None


def test_a_settled_thread_stays_settled(pair):
    root = comment(pair)
    actions.settle_comment(root, by=pair.mentee)

    assert answer(pair.mentee, pair.page, root).parent is None


def test_an_email_about_a_shared_page_is_answered_beside_the_page(pair):
    version = pair.page.latest
    reply = Reply(
        pair.mentor, thread_of(pair.page.pk), [("portfolios.page_shared", version.pk)], "Well done.", timezone.now()
    )

    reply_to_page(reply)

    said = Comment.objects.get()
    assert (said.author, said.parent, said.version) == (pair.mentor, None, version)


def test_a_thread_of_another_page_is_not_answered(pair):
    other = make_page(pair.portfolio, title="Another", body="<p>Words.</p>")

    assert answer(pair.mentee, other, comment(pair)).parent is None


def test_the_other_hears_of_it_and_the_reader_is_where_they_were(pair):
    said = answer(pair.mentee, pair.page, comment(pair))

    told = Notification.objects.get(event=Event.objects.get(kind=COMMENTED.kind, about_id=said.pk))
    assert told.person == pair.mentor
    assert not pair.page.visits.filter(reader=pair.mentee).exists()


def test_what_the_mentor_shared_meanwhile_is_commented_as_it_is_now(pair):
    root = comment(pair)
    version = share(pair.page, "<p>In April I asked.</p>")

    assert answer(pair.mentor, pair.page, root).version == version


def refused(person, page, text="I asked Tom."):
    before = Comment.objects.count()
    with pytest.raises(NotTaken) as error:
        reply_to_page(Reply(person, thread_of(page.pk), [], text, timezone.now()))
    assert Comment.objects.count() == before
    return str(error.value)


def test_a_mentor_whose_time_has_ended_reaches_nobody(pair):
    move_pairing(pair.pairing, "ended", by=pair.mentee)

    assert refused(pair.mentor, pair.page) == "Your time as mentor has ended. What you write here would reach nobody."


def test_a_new_mentor_says_nothing_about_what_they_cannot_read(pair):
    move_pairing(pair.pairing, "ended", by=pair.mentee)
    new = PersonFactory()
    PairingFactory(programme=pair.pairing.programme, mentee=pair.mentee, mentor=new, reads_from=timezone.now())

    gone = "The page is not open to you any more. What you wrote would reach nobody."
    assert refused(new, pair.page) == gone
    assert refused(PersonFactory(), pair.page) == gone


def test_a_page_that_was_never_shared_is_not_talked_about(pair):
    page = make_page(pair.portfolio, title="Another")

    assert refused(pair.mentee, page) == "Share the page first, then you can talk about it."
    assert refused(pair.mentor, page) == "The page is not open to you any more. What you wrote would reach nobody."


def test_a_page_that_was_put_away_is_not_talked_about(pair):
    actions.put_away(pair.page, by=pair.mentee)

    assert refused(pair.mentee, pair.page).startswith("You put this page away.")
    assert refused(pair.mentor, pair.page).startswith("The page is not open to you any more.")


def test_a_reply_is_as_long_as_a_comment_can_be(pair):
    answer(pair.mentee, pair.page, text="x" * 10_000)

    assert refused(pair.mentee, pair.page, text="x" * 10_001) == (
        "It has 10001 characters, and a comment has room for 10000. Please say it in fewer words."
    )
