"""Comments on words, and what becomes of them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from notifications.actions import choose
from notifications.models import Notification
from pairings.actions import move_pairing
from pairings.models import MoveRefused
from portfolios import actions
from portfolios.models import Anchor, Comment
from portfolios.richtext import text
from tests.factories import PairingFactory, share

WORDS = "<p>In March I asked to sit in.</p><p>Nobody had counted the visits before.</p>"


@pytest.fixture
def counted(pair):
    """The pair's page with two paragraphs, and Ruth's comment on words of the second."""
    share(pair.page, WORDS)
    pair.comment = actions.add_comment(
        pair.page, by=pair.mentor, kind="question", body="Who?", quote="Nobody had counted"
    )
    return pair


def quoted_now(pair, comment):
    """The words that a comment is about in the latest version, and whether they were reworded; None when gone."""
    anchor = Anchor.objects.filter(comment=comment, version=pair.page.latest).first()
    return anchor and (text(pair.page.latest.body)[anchor.start : anchor.end], anchor.reworded)


def test_a_comment_follows_its_words_to_the_next_version(counted):
    share(counted.page, "<p>A new beginning.</p><p>In April I asked.</p><p>Nobody had counted the visits.</p>")

    assert quoted_now(counted, counted.comment) == ("Nobody had counted", False)


def test_words_that_were_changed_a_little_are_said_to_be(counted):
    share(counted.page, "<p>In March I asked to sit in.</p><p>Nobody had ever counted the visits before.</p>")

    assert quoted_now(counted, counted.comment) == ("Nobody had ever counted", True)


def test_a_comment_whose_words_are_gone_stands_nowhere_and_keeps_its_quote(counted):
    share(counted.page, "<p>In March I asked to sit in.</p><p>Something else stands here now, of other things.</p>")

    assert quoted_now(counted, counted.comment) is None
    assert Comment.objects.get(pk=counted.comment.pk).quote == "Nobody had counted"


def test_a_comment_on_what_was_shared_again_meanwhile_follows_at_once(pair):
    seen = pair.page.latest
    share(pair.page, "<p>First of all.</p><p>In March I asked to sit in.</p>")

    comment = actions.add_comment(pair.page, by=pair.mentor, body="When?", version=seen, place=(0, 8))

    assert (comment.version, comment.quote) == (seen, "In March")
    assert quoted_now(pair, comment) == ("In March", False)


@pytest.mark.parametrize("place", [(8, 9), (500, 600), (5, 5), (9, 3)])
def test_a_place_without_words_is_refused(pair, place):
    with pytest.raises(MoveRefused):
        actions.add_comment(pair.page, by=pair.mentor, body="When?", place=place)


def test_ones_own_comment_can_be_put_in_other_words_and_the_first_ones_stay_to_be_read(counted):
    actions.edit_comment(counted.comment, by=counted.mentor, body="Who did you ask?")
    changed = actions.edit_comment(counted.comment, by=counted.mentor, body="Whom did you ask?")

    assert (changed.body, [wording.body for wording in changed.earlier_wordings.all()]) == (
        "Whom did you ask?",
        ["Who?", "Who did you ask?"],
    )
    assert Notification.objects.filter(event__about_id=counted.comment.pk, person=counted.mentee).count() == 1


def test_saving_the_same_words_is_no_change(counted):
    actions.edit_comment(counted.comment, by=counted.mentor, body="Who?")

    assert counted.comment.earlier_wordings.count() == 0


def test_nobody_changes_what_somebody_else_said(counted):
    with pytest.raises(MoveRefused):
        actions.edit_comment(counted.comment, by=counted.mentee, body="Mine now.")


def test_what_a_former_mentor_read_stays_as_they_read_it(counted):
    answer = actions.add_comment(counted.page, by=counted.mentee, body="Six.", reply_to=counted.comment)
    move_pairing(counted.pairing, "ended", by=counted.mentee)
    PairingFactory(programme=counted.pairing.programme, mentee=counted.mentee)

    with pytest.raises(MoveRefused):
        actions.edit_comment(answer, by=counted.mentee, body="A secret for the next mentor.")

    later = actions.add_comment(counted.page, by=counted.mentee, body="For the next.")
    assert actions.edit_comment(later, by=counted.mentee, body="For the next one.").body == "For the next one."


@pytest.fixture
def suggested(counted):
    counted.suggestion = actions.add_comment(
        counted.page, by=counted.mentor, quote="Nobody had counted", suggestion="No one ever counted"
    )
    return counted


def test_suggested_words_go_into_the_draft_with_one_press_and_settle_the_comment(suggested):
    for _click in range(2):
        draft = actions.take_suggestion(suggested.suggestion, by=suggested.mentee)

    assert draft.body == "<p>In March I asked to sit in.</p><p>No one ever counted the visits before.</p>"
    comment = Comment.objects.get(pk=suggested.suggestion.pk)
    assert (comment.decision, comment.settled_by) == ("taken", suggested.mentee)
    assert suggested.page.versions.count() == 2


def test_suggested_words_find_their_place_in_a_draft_that_went_on(suggested):
    draft = suggested.page.draft
    draft.refresh_from_db()
    body = "<p>First of all.</p><p><em>Nobody had counted</em> the visits, or the hours.</p>"
    actions.save_draft(
        suggested.page, title=draft.title, body=body, criteria=[], saves=draft.saves, by=suggested.mentee
    )

    draft = actions.take_suggestion(suggested.suggestion, by=suggested.mentee)

    assert draft.body == "<p>First of all.</p><p><em>No one ever counted</em> the visits, or the hours.</p>"


def test_a_suggestion_for_words_that_read_differently_in_the_draft_changes_nothing(suggested):
    share(suggested.page, "<p>In March I asked to sit in.</p><p>Nobody had ever counted the visits before.</p>")
    before = suggested.page.draft.body

    with pytest.raises(MoveRefused):
        actions.take_suggestion(suggested.suggestion, by=suggested.mentee)

    suggested.page.draft.refresh_from_db()
    assert suggested.page.draft.body == before
    assert Comment.objects.get(pk=suggested.suggestion.pk).decision == ""


def test_ones_own_words_can_be_kept_and_the_decision_taken_back(suggested):
    kept = actions.keep_own_words(suggested.suggestion, by=suggested.mentee)

    assert (kept.decision, Comment.objects.get(pk=kept.pk).settled_by) == ("kept", suggested.mentee)

    reopened = actions.reopen_comment(kept, by=suggested.mentee)
    assert (reopened.decision, reopened.settled_at) == ("", None)


def test_an_answered_suggestion_is_not_changed_any_more(suggested):
    actions.keep_own_words(suggested.suggestion, by=suggested.mentee)

    with pytest.raises(MoveRefused):
        actions.edit_comment(suggested.suggestion, by=suggested.mentor, body="", suggestion="Something else")


@pytest.mark.parametrize(
    "nonsense", [{"body": ""}, {"body": "Hm.", "suggestion": "Words for nothing quoted"}, {"decision": "taken"}]
)
def test_the_database_refuses_comments_that_make_no_sense(pair, nonsense):
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.create(
            page=pair.page, version=pair.page.latest, author=pair.mentor, **({"body": "Hm."} | nonsense)
        )


def test_a_finished_review_goes_out_at_once_and_as_one(pair):
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    with time_machine.travel(noon, tick=False) as clock:
        for body in ("Who?", "When?", "Well done."):
            actions.add_comment(pair.page, by=pair.mentor, body=body)
        clock.shift(timedelta(minutes=2))

        visit = actions.finish_review(pair.page, by=pair.mentor, until=timezone.now(), shown=1)

        due = Notification.objects.waiting().filter(person=pair.mentee).values_list("due_at", flat=True)
        assert set(due) == {noon + timedelta(minutes=2)}
        assert (visit.finished_at, visit.version.number) == (noon + timedelta(minutes=2), 1)


def test_a_review_that_is_finished_at_night_still_waits_for_the_morning(pair):
    with time_machine.travel(datetime(2026, 11, 23, 22, 0, tzinfo=UTC), tick=False):
        actions.add_comment(pair.page, by=pair.mentor, body="Who?")
        actions.finish_review(pair.page, by=pair.mentor, until=timezone.now(), shown=1)

        due = Notification.objects.waiting().get(person=pair.mentee).due_at
        assert due == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_finishing_a_review_does_not_hurry_what_somebody_wants_weekly(pair):
    choose(pair.mentee, group="portfolio", choice="weekly")
    actions.add_comment(pair.page, by=pair.mentor, body="Who?")
    before = Notification.objects.waiting().get(person=pair.mentee).due_at

    actions.finish_review(pair.page, by=pair.mentor, until=timezone.now(), shown=1)

    assert Notification.objects.waiting().get(person=pair.mentee).due_at == before


def test_the_same_words_on_two_places_are_two_comments(counted):
    places = [
        actions.add_comment(counted.page, by=counted.mentor, body="Very good.", quote=quote).quote
        for quote in ("In March", "the visits", "In March")
    ]

    assert places == ["In March", "the visits", "In March"]
    assert Comment.objects.filter(body="Very good.").count() == 2


def test_somebody_whose_time_has_ended_says_nothing_more(pair):
    move_pairing(pair.pairing, "ended", by=pair.mentee)

    with pytest.raises(MoveRefused):
        actions.add_comment(pair.page, by=pair.mentor, body="One thing more.")


def test_what_is_said_after_a_gap_reaches_the_mentor_who_came_back(pair):
    question = actions.add_comment(pair.page, by=pair.mentor, kind="question", body="Who?")
    move_pairing(pair.pairing, "ended", by=pair.mentee)
    share(pair.page, "<p>Of the time between.</p>")
    PairingFactory(programme=pair.pairing.programme, mentee=pair.mentee, mentor=pair.mentor, reads_from=timezone.now())

    answer = actions.add_comment(pair.page, by=pair.mentee, body="Six.", reply_to=question)
    remark = actions.add_comment(pair.page, by=pair.mentor, body="Thank you.")

    assert set(Comment.objects.visible_to(pair.mentor)) == {question, answer, remark}


def test_a_former_mentor_is_not_told_what_became_of_a_comment(counted, signed_in):
    move_pairing(counted.pairing, "ended", by=counted.mentee)
    actions.settle_comment(counted.comment, by=counted.mentee)

    assert "1 open, 0 settled" in signed_in(counted.mentor).get(counted.url).content.decode()
    assert "0 open, 1 settled" in signed_in(counted.mentee).get(counted.url).content.decode()


def test_an_answer_to_a_suggestion_stands(suggested):
    actions.take_suggestion(suggested.suggestion, by=suggested.mentee)

    assert actions.keep_own_words(suggested.suggestion, by=suggested.mentee).decision == "taken"


def test_two_windows_that_put_one_comment_in_other_words_show_both(counted, signed_in):
    browser, url = signed_in(counted.mentor), f"{counted.url}comments/{counted.comment.pk}/wording/"
    browser.post(url, {"body": "Whom?", "changes": 0})

    clash = browser.post(url, {"body": "Which people?", "changes": 0})

    shown = clash.content.decode()
    assert (clash.status_code, "“Whom?”" in shown, "Which people?" in shown) == (422, True, True)
    assert 'name="changes" value="1"' in shown
    browser.post(url, {"body": "Which people?", "changes": 1})
    assert Comment.objects.get(pk=counted.comment.pk).body == "Which people?"
