"""Who may read what, when: the owner all; a mentor what was shared while their window was open; nobody else."""

from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import html

from pairings.actions import move_pairing
from pairings.photos import photos_visible_to
from portfolios import actions
from portfolios.models import Comment, Page, PageDraft, PageVersion, Portfolio
from tests.factories import PairingFactory, PersonFactory, make_page, share
from tests.files.making import make_photo


def readable(person):
    """(titles of portfolios' pages, version numbers, comments) that this person may read."""
    return (
        Portfolio.objects.visible_to(person).count(),
        sorted(PageVersion.objects.visible_to(person).values_list("page__slug", "number")),
        Comment.objects.visible_to(person).count(),
    )


def test_the_owner_reads_everything_and_nobody_but_the_owner_the_draft(pair):
    assert readable(pair.mentee) == (1, [("usage-review", 1)], 0)
    assert PageDraft.objects.editable_by(pair.mentee).count() == 1
    assert PageDraft.objects.editable_by(pair.mentor).count() == 0


def test_a_mentor_reads_what_was_shared_also_before_the_pairing_began(pair):
    assert readable(pair.mentor) == (1, [("usage-review", 1)], 0)


def test_a_stranger_and_a_mentor_of_somebody_else_read_nothing(pair):
    other = PairingFactory()

    assert readable(PersonFactory()) == (0, [], 0)
    assert readable(other.mentor) == (0, [], 0)


def test_a_mentor_of_the_same_mentee_in_another_programme_reads_nothing(pair):
    elsewhere = PairingFactory(mentee=pair.mentee)

    assert readable(elsewhere.mentor) == (0, [], 0)


def test_after_the_end_what_was_shared_before_stays_readable_and_nothing_newer_is(pair):
    actions.add_comment(pair.page, by=pair.mentee, body="Before the end")
    move_pairing(pair.pairing, "ended", by=pair.mentee)
    share(pair.page, "<p>Much later.</p>")
    actions.add_comment(pair.page, by=pair.mentee, body="After the end")
    make_page(pair.portfolio, title="A new page", body="<p>New.</p>")

    assert readable(pair.mentor) == (1, [("usage-review", 1)], 1)
    assert list(Page.objects.visible_to(pair.mentor)) == [pair.page]


def test_a_pairing_that_ended_before_anything_was_shared_reads_nothing(pair):
    former = PairingFactory(
        programme=pair.pairing.programme,
        mentee=pair.mentee,
        ended=True,
        ended_at=timezone.now() - timedelta(days=1),
    )

    assert readable(former.mentor) == (0, [], 0)


def test_a_new_window_begins_where_the_mentee_agreed(pair):
    pair.pairing.reads_from = timezone.now()
    pair.pairing.save()

    assert readable(pair.mentor) == (1, [], 0)

    share(pair.page, "<p>For the new mentor.</p>")

    assert readable(pair.mentor) == (1, [("usage-review", 2)], 0)


def test_an_archived_page_is_the_owners_alone(pair):
    pair.page.archived_at = timezone.now()
    pair.page.save()

    assert readable(pair.mentor)[1] == []
    assert readable(pair.mentee)[1] == [("usage-review", 1)]


@pytest.mark.parametrize("ended", [False, True])
def test_only_a_living_pairing_may_comment(pair, ended):
    if ended:
        move_pairing(pair.pairing, "ended", by=pair.mentee)

    assert Page.objects.commentable_by(pair.mentor).exists() is not ended
    assert Page.objects.commentable_by(pair.mentee).exists()


def test_a_title_given_after_the_window_closed_is_not_told_by_the_address(pair, signed_in):
    move_pairing(pair.pairing, "ended", by=pair.mentee)
    share(pair.page, "<p>Secret plans.</p>", title="My new post elsewhere")
    pair.page.refresh_from_db()
    browser = signed_in(pair.mentor)

    old = browser.get(pair.url)
    new = browser.get(pair.page.get_absolute_url())

    assert pair.page.slug == "my-new-post-elsewhere"
    assert old.status_code == 200
    assert "In March I asked" in old.content.decode()
    assert "new-post" not in old.content.decode()
    assert "new post" not in browser.get(pair.portfolio.get_absolute_url()).content.decode()
    assert new.status_code == 404


def test_beside_what_a_former_mentor_said_the_new_one_is_shown_initials(pair, client):
    """The photo itself would not be found: they never worked together."""
    for person in (pair.mentor, pair.mentee):
        make_photo(person)
        person.profile.refresh_from_db()
    actions.add_comment(pair.page, by=pair.mentor, body="Well said.")
    actions.add_comment(pair.page, by=pair.mentee, body="Thank you.")
    move_pairing(pair.pairing, "ended", by=pair.mentee)
    new = PairingFactory(programme=pair.pairing.programme, mentee=pair.mentee, reads_from=None).mentor

    def photos(person):
        client.force_login(person, backend="accounts.backends.EmailBackend")
        talk = html.fromstring(client.get(pair.url).content.decode()).xpath("//*[starts-with(@id, 'comment-')]")
        shown = {src.split("/")[-2] for one in talk for src in one.xpath(".//img/@src")}
        assert photos_visible_to(person).filter(uuid__in=shown).count() == len(shown)
        return shown

    assert photos(new) == {str(pair.mentee.profile.photo)}
    assert photos(pair.mentee) == {str(person.profile.photo) for person in (pair.mentor, pair.mentee)}
