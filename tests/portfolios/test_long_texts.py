"""What would keep a reader waiting is made in the background, and says how far it is."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from bench.texts import one_paragraph_redrawn
from notifications.letters import compose
from notifications.models import Email, Notification
from portfolios import actions, changes, tasks
from portfolios.comparison import is_long
from portfolios.models import Anchor, Comparison
from portfolios.richtext import text
from tests.factories import share

OLD, NEW = (f"<p>These words stay as they are.</p>{html}" for html in one_paragraph_redrawn())


@pytest.fixture
def long(pair):
    """The pair's page: a long text that Ruth read and commented, and then another one."""
    share(pair.page, OLD)
    actions.mark_read(pair.page, by=pair.mentor, until=pair.page.latest.shared_at)
    pair.comment = actions.add_comment(pair.page, by=pair.mentor, body="Why?", quote="These words stay")
    share(pair.page, NEW)
    return pair


def test_the_texts_of_these_tests_are_long():
    assert is_long(OLD, NEW)


def test_sharing_a_long_text_asks_for_the_comparison_and_tells_the_mentor_all_the_same(long):
    row = Comparison.objects.get(new=long.page.latest)

    assert (row.result, row.progress) == (None, 0)
    told = Notification.objects.unseen().filter(person=long.mentor, event__kind="portfolios.page_shared")
    assert told.count() == 1


def test_meanwhile_the_reader_sees_the_text_and_how_far_the_comparison_is(long, signed_in):
    Comparison.objects.update(progress=0.4)

    shown = signed_in(long.mentor).get(long.url).content.decode()

    assert re.search(r"<progress [^>]*>", shown)[0] == '<progress value="0.4" max="1" aria-label="Comparing">'
    assert "These words stay as they are." in shown


def test_once_it_is_made_the_changes_are_there_and_comments_stand_with_their_words(long, signed_in):
    row = Comparison.objects.get(new=long.page.latest)

    for _again in range(2):
        tasks.make_comparison(row.pk)

    row.refresh_from_db()
    assert (row.progress, row.changes > 0) == (1, True)
    anchor = Anchor.objects.get(comment=long.comment, version=long.page.latest)
    assert text(long.page.latest.body)[anchor.start : anchor.end] == "These words stay"
    assert 'id="change-1"' in signed_in(long.mentor).get(long.url).content.decode()
    waiting = signed_in(long.mentor).get(long.url, headers={"HX-Request": "true"})
    assert waiting["HX-Refresh"] == "true"


def test_the_part_of_the_page_that_waits_asks_for_itself_only(long, signed_in):
    part = signed_in(long.mentor).get(long.url, headers={"HX-Request": "true"}).content.decode()

    assert ("<progress" in part, "<html" in part, "These words stay" in part) == (True, False, False)


def test_comments_follow_through_versions_that_were_shared_before_the_comparison_was_made(long):
    share(long.page, f"{NEW}<p>And an end.</p>")

    for row in Comparison.objects.filter(result__isnull=True).order_by("-pk"):
        tasks.make_comparison(row.pk)

    assert sorted(Anchor.objects.filter(comment=long.comment).values_list("version__number", flat=True)) == [2, 3, 4]


def test_what_nobody_got_on_with_is_made_by_the_next_tick(long):
    Comparison.objects.filter(result__isnull=True).update(asked_at=timezone.now() - timedelta(minutes=5))

    tasks.make_forgotten_comparisons()

    assert Comparison.objects.filter(result__isnull=True).count() == 0


def test_what_is_being_made_is_left_to_whoever_makes_it(long):
    tasks.make_forgotten_comparisons()

    assert Comparison.objects.filter(result__isnull=True).count() == 1


def test_the_email_waits_for_no_page_it_makes_the_comparison_itself(long):
    email = Email.objects.create(person=long.mentor, bundle=long.pairing.bundle)
    Notification.objects.unseen().filter(person=long.mentor).update(email=email)

    assert "was:" in compose(email).body


def test_another_layout_of_a_long_text_is_no_news(long):
    before = Notification.objects.filter(person=long.mentor).count()

    share(long.page, NEW.replace("These words", "These <em>words</em>"))

    assert Notification.objects.filter(person=long.mentor).count() == before


def test_a_comparison_that_was_dropped_is_made_again(pair):
    share(pair.page, "<p>In April I asked to sit in.</p>")
    old, new = pair.page.versions.order_by("number")
    Comparison.objects.all().delete()

    assert changes.comparison_of(old, new).changes == 1


def test_the_page_where_one_shares_does_not_wait_for_a_long_comparison(long, signed_in):
    draft = long.page.draft
    draft.refresh_from_db()
    actions.save_draft(long.page, title=draft.title, body=OLD, criteria=[], saves=draft.saves, by=long.mentee)

    shown = signed_in(long.mentee).get(f"{long.url}share/").content.decode()

    assert ("The text as it will be shared" in shown, "<ins>" in shown) == (True, False)


def test_a_text_without_words_that_is_too_long_is_refused_beside_the_field(pair, signed_in):
    draft = {"title": "T", "body": f"<p>{'! ' * 130_000}</p>", "saves": 1}

    answer = signed_in(pair.mentee).post(f"{pair.url}edit/", draft)

    assert answer.status_code == 422
    assert "This page is too long to be kept." in answer.content.decode()


def test_while_the_words_of_a_comment_are_looked_for_nobody_is_told_that_they_are_gone(long, signed_in):
    shown = signed_in(long.mentor).get(long.url).content.decode()

    assert "We are still looking for the words this is about." in shown
    assert "The words this was about have changed." not in shown
