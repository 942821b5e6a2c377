"""From a private draft to a shared version: what it makes, whom it tells, and what it leaves alone."""

from datetime import timedelta

import pytest
from django.db import InternalError, transaction
from django.utils import timezone

from notifications.models import Event, Notification
from pairings.actions import move_pairing
from pairings.models import MoveRefused
from portfolios import actions
from portfolios.models import Comment, Comparison, PageVersion, Visit
from tests.factories import CriterionFactory, PairingFactory, make_page, share


def told(person):
    return list(
        Notification.objects.unseen().filter(person=person).order_by("pk").values_list("event__kind", flat=True)
    )


def test_a_draft_is_saved_clean_and_tells_nobody(pair):
    draft = pair.page.draft
    before = Event.objects.count()

    saved = actions.save_draft(
        pair.page,
        title="Usage review",
        body="<p onclick='x()'>Hello <b>there</b></p><script>x()</script>",
        criteria=[],
        saves=draft.saves,
        by=pair.mentee,
    )

    assert (saved.body, saved.saves) == ("<p>Hello <strong>there</strong></p>", draft.saves + 1)
    assert Event.objects.count() == before


def test_a_stale_save_is_refused_with_the_other_text_and_overwrites_nothing(pair):
    old = pair.page.draft.saves
    share(pair.page, "<p>Saved in another window.</p>")

    with pytest.raises(actions.StaleDraft) as clash:
        actions.save_draft(pair.page, title="T", body="<p>Mine.</p>", criteria=[], saves=old, by=pair.mentee)

    assert clash.value.draft.body == "<p>Saved in another window.</p>"
    pair.page.draft.refresh_from_db()
    assert pair.page.draft.body == "<p>Saved in another window.</p>"


def test_the_same_save_twice_is_no_clash(pair):
    words = {"title": "T", "body": "<p>Mine.</p>", "criteria": [], "saves": pair.page.draft.saves, "by": pair.mentee}

    first, second = actions.save_draft(pair.page, **words), actions.save_draft(pair.page, **words)

    assert first.saves == second.saves


def test_sharing_makes_the_next_version_stores_the_comparison_and_tells_the_mentor(pair):
    version = share(pair.page, "<p>In April I asked to sit in.</p>", note="The month.")

    assert (version.number, version.note, version.words) == (2, "The month.", 7)
    assert Comparison.objects.get(new=version).changes == 1
    assert told(pair.mentor) == ["portfolios.page_shared", "portfolios.page_shared"]
    assert told(pair.mentee) == []


def test_sharing_what_was_shared_already_makes_no_version_and_tells_nobody(pair):
    before = told(pair.mentor)

    assert actions.share_update(pair.page, by=pair.mentee) is None
    assert (pair.page.versions.count(), told(pair.mentor)) == (1, before)


def test_another_layout_of_the_same_words_is_a_version_but_no_news(pair):
    version = share(pair.page, "<p>In <strong>March</strong> I asked to sit in.</p>")

    assert version.number == 2
    assert told(pair.mentor) == ["portfolios.page_shared"]


def test_an_empty_page_is_not_shared(pair):
    page = make_page(pair.portfolio, title="Empty")

    with pytest.raises(MoveRefused):
        actions.share_update(page, by=pair.mentee)


def test_criteria_are_shared_with_the_words(pair):
    criterion = CriterionFactory(level__programme=pair.pairing.programme)
    pair.page.draft.criteria.set([criterion])

    version = share(pair.page, "<p>Other words.</p>")

    assert list(version.criteria.all()) == [criterion]


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_a_version(pair, change):
    version = PageVersion.objects.filter(pk=pair.page.latest_id)

    with pytest.raises(InternalError), transaction.atomic():
        version.update(body="<p>Never said.</p>") if change == "update" else version._raw_delete(version.db)

    assert pair.page.versions.get().body == "<p>In March I asked to sit in.</p>"


def test_the_address_follows_the_title_and_the_old_one_leads_on(pair, signed_in):
    share(pair.page, "<p>Two.</p>", title="The usage review")
    browser = signed_in(pair.mentor)

    moved = browser.get(f"{pair.url}?since=1")

    assert pair.page.slug == "the-usage-review"
    assert (moved.status_code, moved.url) == (302, f"{pair.page.get_absolute_url()}?since=1")


def test_an_address_once_given_is_never_given_to_another_page(pair):
    share(pair.page, "<p>Two.</p>", title="The usage review")

    assert make_page(pair.portfolio, title="Usage review").slug == "usage-review-2"


@pytest.mark.parametrize(("title", "slug"), [("Statement", "statement-page"), ("Edit", "edit-page"), ("!!!", "page")])
def test_an_address_is_never_a_word_of_a_route(pair, title, slug):
    assert make_page(pair.portfolio, title=title).slug == slug


def test_the_mark_moves_forward_only_and_keeps_its_last_place(pair):
    first = actions.mark_read(pair.page, by=pair.mentor, until=timezone.now())
    two = share(pair.page, "<p>Two.</p>")
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now(), shown=2)
    actions.mark_read(pair.page, by=pair.mentor, until=first.seen_until, shown=1)

    visit = Visit.objects.get(reader=pair.mentor)
    assert (visit.version, visit.previous_version.number, visit.previous_at) == (two, 1, first.marked_at)


def test_what_was_shared_while_the_page_was_being_read_stays_new(pair):
    share(pair.page, "<p>Two.</p>")

    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now(), shown=1)

    assert Visit.objects.get(reader=pair.mentor).version.number == 1
    assert told(pair.mentor) == ["portfolios.page_shared"]


def test_nobody_can_have_read_the_future(pair):
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now() + timedelta(days=365))

    assert Visit.objects.get(reader=pair.mentor).seen_until <= timezone.now()


def test_a_quote_must_stand_on_the_page_once(pair):
    comment = actions.add_comment(pair.page, by=pair.mentor, body="Who?", quote="I asked to sit in")

    assert (comment.quote, comment.prefix, comment.suffix) == ("I asked to sit in", "In March ", ".")
    with pytest.raises(MoveRefused):
        actions.add_comment(pair.page, by=pair.mentor, body="Who?", quote="never written")


def test_only_what_was_looked_at_is_shared(pair):
    looked_at = pair.page.draft.saves
    actions.save_draft(pair.page, title="T", body="<p>Half a sent</p>", criteria=[], saves=looked_at, by=pair.mentee)

    with pytest.raises(actions.StaleDraft):
        actions.share_update(pair.page, by=pair.mentee, saves=looked_at)

    assert pair.page.versions.count() == 1


def test_a_new_mentor_reads_nothing_that_was_said_with_the_one_before(pair):
    old = actions.add_comment(pair.page, by=pair.mentor, kind="question", body="Between us two.")
    move_pairing(pair.pairing, "ended", by=pair.mentee)
    after = PairingFactory(programme=pair.pairing.programme, mentee=pair.mentee, reads_from=timezone.now())
    share(pair.page, "<p>For the new mentor.</p>")
    actions.add_comment(pair.page, by=pair.mentee, body="An answer, late.", reply_to=old)

    assert list(Comment.objects.visible_to(after.mentor)) == []
    assert Comment.objects.visible_to(pair.mentee).count() == 2


def test_a_reply_to_a_reply_joins_the_thread(pair):
    root = actions.add_comment(pair.page, by=pair.mentor, kind="question", body="Who?")
    reply = actions.add_comment(pair.page, by=pair.mentee, body="Six colleagues.", reply_to=root)

    again = actions.add_comment(pair.page, by=pair.mentor, body="Well done.", reply_to=reply)

    assert (again.parent, again.kind) == (root, "")


def test_settling_is_remembered_and_can_be_taken_back(pair):
    comment = actions.add_comment(pair.page, by=pair.mentor, kind="idea", body="Try it.")

    settled = actions.settle_comment(comment, by=pair.mentee)
    again = actions.settle_comment(comment, by=pair.mentor)

    assert (again.settled_at, again.settled_by) == (settled.settled_at, pair.mentee)
    assert actions.reopen_comment(comment, by=pair.mentee).settled_by is None
