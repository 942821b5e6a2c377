"""What the list of pages tells its owner, their mentor, and those whose time has ended."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Event, Notification
from pairings.actions import move_pairing
from portfolios import actions
from portfolios.models import Page
from portfolios.overview import overview, own_overview
from tests.factories import CriterionFactory, LevelFactory, PairingFactory, make_page, share


def states(rows):
    """(title, version, whether something is new, open comments) of each row."""
    return [(row.title, row.number, bool(row.topic), row.open_comments) for row in rows]


def test_the_owner_sees_drafts_and_what_was_not_shared_yet(pair):
    draft = make_page(pair.portfolio, title="Begun")
    actions.save_draft(draft, title="Begun", body="<p>Words.</p>", criteria=[], saves=0, by=pair.mentee)
    actions.save_draft(pair.page, title="Usage", body="<p>Other.</p>", criteria=[], saves=1, by=pair.mentee)

    rows = own_overview(pair.portfolio, pair.mentee).rows

    assert states(rows) == [("Usage", 1, False, 0), ("Begun", None, False, 0)]
    assert [row.own.has_changes for row in rows] == [True, False]
    assert [row.own.is_blank for row in rows] == [False, False]
    assert rows[0].own.shared_title == "Usage review"


def test_another_criterion_alone_is_a_change_that_is_not_shared_yet(pair):
    criterion = CriterionFactory(level=LevelFactory(programme=pair.pairing.programme))
    draft = pair.page.draft
    draft.criteria.add(criterion)

    assert own_overview(pair.portfolio, pair.mentee).rows[0].own.has_changes

    actions.share_update(pair.page, by=pair.mentee)

    assert not own_overview(pair.portfolio, pair.mentee).rows[0].own.has_changes


def test_the_mentor_sees_what_is_shared_and_what_is_new_first(pair):
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now())
    make_page(pair.portfolio, title="A draft")
    make_page(pair.portfolio, title="Two", body="<p>Two.</p>")
    actions.save_draft(pair.page, title="Secret title", body="<p>Secret.</p>", criteria=[], saves=1, by=pair.mentee)
    actions.add_comment(pair.page, by=pair.mentor, body="Well said.")

    found = overview(pair.portfolio, pair.mentor)

    assert states(found.rows) == [("Two", 1, True, 0), ("Usage review", 1, False, 1)]
    assert [row.own for row in found.rows] == [None, None]
    assert (found.suggestion, found.put_away) == (None, [])


def test_a_page_that_is_put_away_is_listed_for_its_owner_alone(pair):
    actions.put_away(pair.page, by=pair.mentee)

    mine, theirs = own_overview(pair.portfolio, pair.mentee), overview(pair.portfolio, pair.mentor)

    assert [page.title for page in mine.put_away] == ["Usage review"]
    assert (mine.rows, theirs.rows, theirs.put_away) == ([], [], [])


def leak(pair, person, comment_by):
    """What happened after somebody's time, and rows that would tell them of it if nobody asked first."""
    share(pair.page, "<p>Much later.</p>", title="Later title")
    actions.add_comment(pair.page, by=comment_by, body="Said later.")
    make_page(pair.portfolio, title="A later page", body="<p>New.</p>")
    for event in Event.objects.all():
        Notification.objects.filter(event=event, person=person).delete()
        Notification.objects.create(event=event, person=person)


def test_a_former_mentor_sees_the_list_as_it_was(pair):
    actions.add_comment(pair.page, by=pair.mentee, body="Said before.")
    move_pairing(pair.pairing, "ended", by=pair.mentee)
    leak(pair, pair.mentor, pair.mentee)

    found = overview(pair.portfolio, pair.mentor)

    assert states(found.rows) == [("Usage review", 1, False, 1)]
    assert found.rows[0].url == pair.url
    assert found.rows[0].words == 7


def test_after_a_hand_over_the_new_mentor_sees_what_was_shared_since(pair):
    actions.add_comment(pair.page, by=pair.mentee, body="Said before.")
    make_page(pair.portfolio, title="Before", body="<p>Before.</p>")
    move_pairing(pair.pairing, "ended", by=pair.mentee)
    new = PairingFactory(programme=pair.pairing.programme, mentee=pair.mentee, reads_from=timezone.now())
    share(pair.page, "<p>For the new mentor.</p>")
    for event in Event.objects.all():
        Notification.objects.get_or_create(event=event, person=new.mentor)

    found = overview(pair.portfolio, new.mentor)

    assert states(found.rows) == [("Usage review", 2, True, 0)]
    assert found.rows[0].topic.summary == "4 words · 1 minute"


@pytest.mark.parametrize("rows", [0, 1])
def test_the_criteria_count_the_pages_that_the_reader_may_read(pair, rows):
    level = LevelFactory(programme=pair.pairing.programme)
    criterion = CriterionFactory(level=level, number=1, name="Your service")
    enrolment = pair.portfolio.enrolment
    enrolment.level = level
    enrolment.save()
    pair.page.draft.criteria.add(criterion)
    if rows:
        actions.share_update(pair.page, by=pair.mentee)

    assert own_overview(pair.portfolio, pair.mentee).coverage == [(1, "Your service", 1)]
    pair.portfolio.refresh_from_db()
    assert overview(pair.portfolio, pair.mentor).coverage == [(1, "Your service", rows)]


# The page itself


def test_the_owner_arranges_pages_without_javascript(pair, signed_in):
    second = make_page(pair.portfolio, title="Two")
    browser = signed_in(pair.mentee)

    response = browser.post(f"{second.get_absolute_url()}place/", {"place": "1", "up": ""})

    home = pair.portfolio.get_absolute_url()
    assert response["Location"] == f"{home}?page={second.pk}#up-{second.pk}"
    page = browser.get(response["Location"]).content.decode()
    assert "Moved to 1 of 2." in page
    assert page.index("Two</a>") < page.index("Usage review</a>")


def test_a_script_gets_the_list_and_what_to_announce(pair, signed_in):
    second = make_page(pair.portfolio, title="Two")
    browser = signed_in(pair.mentee)

    response = browser.post(
        f"{pair.portfolio.get_absolute_url()}pages/order/",
        {"order": [str(second.pk), str(pair.page.pk), "nonsense", "9" * 40]},
        headers={"HX-Request": "true"},
    )

    assert response.headers["HX-Trigger"] == '{"announce": {"value": "The pages are in their new order."}}'
    assert response.content.decode().strip().startswith("<ol")
    assert list(pair.portfolio.pages.values_list("draft__title", flat=True)) == ["Two", "Usage review"]


def test_a_page_without_a_title_is_not_renamed_and_the_words_name_the_fix(pair, signed_in):
    response = signed_in(pair.mentee).post(f"{pair.url}title/", {"title": "  "})

    page = response.content.decode()
    assert response.status_code == 422
    assert page.count("Give the page a title.") == 2
    assert f'href="#title-{pair.page.pk}"' in page
    assert "<title>Problem: Your portfolio" in page
    pair.page.draft.refresh_from_db()
    assert pair.page.draft.title == "Usage review"


def test_renaming_says_when_others_read_the_new_title(pair, signed_in):
    page = signed_in(pair.mentee).post(f"{pair.url}title/", {"title": "What people use"}, follow=True).content.decode()

    assert "Others read the new title when you next share the page." in page
    assert "Others read it as “Usage review” until you share it again." in page


def test_putting_away_and_bringing_back(pair, signed_in):
    browser = signed_in(pair.mentee)

    away = browser.post(f"{pair.url}away/", follow=True).content.decode()
    assert "“Usage review” is put away." in away
    assert "1 page put away" in away
    back = browser.post(f"{pair.url}away/", {"back": "1"}, follow=True).content.decode()
    assert "“Usage review” is back where it was." in back
    assert "put away" not in back.replace("Put away", "")


@pytest.mark.parametrize("part", ["place", "title", "away"])
@pytest.mark.parametrize("who", ["mentor", "stranger"])
def test_nobody_else_arranges_pages(pair, signed_in, part, who):
    person = pair.mentor if who == "mentor" else PairingFactory().mentor

    response = signed_in(person).post(f"{pair.url}{part}/", {"place": "1", "title": "Mine now"})

    assert response.status_code == 404
    assert list(Page.objects.values_list("archived_at", "draft__title")) == [(None, "Usage review")]


def test_a_double_click_makes_one_page(pair, signed_in):
    browser = signed_in(pair.mentee)
    home = pair.portfolio.get_absolute_url()
    form = {"title": "Something I changed", "once": "0b6a1c2e-6f9b-4a57-9d51-0d7c2f6f0a11"}

    first = browser.post(f"{home}new/", form)
    second = browser.post(f"{home}new/", form)

    assert first["Location"] == second["Location"] == f"{home}something-i-changed/edit/"
    assert pair.portfolio.pages.count() == 2


def test_a_new_page_speaks_to_the_criterion_that_its_address_names(pair, signed_in):
    level = LevelFactory(programme=pair.pairing.programme)
    CriterionFactory(level=level, number=2, name="Your service")
    pair.portfolio.enrolment.level = level
    pair.portfolio.enrolment.save()
    browser = signed_in(pair.mentee)
    home = pair.portfolio.get_absolute_url()

    asked = browser.get(f"{home}new/?criterion=2").content.decode()
    browser.post(f"{home}new/", {"title": "The desk", "criterion": "2"})
    browser.post(f"{home}new/", {"title": "Another", "criterion": "7"})

    assert "It will speak to “Your service”." in asked
    found = pair.portfolio.pages.order_by("pk").values_list("draft__title", "draft__criteria__name")
    assert list(found) == [("Usage review", None), ("The desk", "Your service"), ("Another", None)]


def test_the_questions_of_a_starter_stand_beside_the_form_and_in_no_text(pair, signed_in):
    browser = signed_in(pair.mentee)
    home = pair.portfolio.get_absolute_url()

    page = browser.get(f"{home}new/?starter=changed").content.decode()
    editor = browser.post(f"{home}new/", {"title": "Something I changed"}, follow=True).content.decode()
    other = browser.post(f"{home}new/", {"title": "Another title"}, follow=True).content.decode()
    shared = browser.get(f"{pair.url}edit/").content.decode()

    assert 'value="Something I changed"' in page
    assert ["What was it like before?" in each for each in (page, editor, other, shared)] == [True, True, False, False]
    assert ["What happened?" in each for each in (other, shared)] == [True, False]
    assert list(pair.portfolio.pages.values_list("draft__body", flat=True))[1:] == ["", ""]


def test_a_page_that_was_shared_long_ago_by_somebody_whose_time_ended_shows_no_newer_title(pair, signed_in):
    move_pairing(pair.pairing, "ended", by=pair.mentee, at=timezone.now())
    share(pair.page, "<p>Later.</p>", title="My new post", at=timezone.now() + timedelta(seconds=1))

    page = signed_in(pair.mentor).get(pair.portfolio.get_absolute_url()).content.decode()

    assert "Usage review" in page
    assert "new post" not in page
    assert "my-new-post" not in page
