"""The list of what two people said they would do: to tick, undo, move, drop and add to, with scripts and without."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from lxml import html

from meetings.actions import add_action, drop_action, finish_action
from meetings.models import Action
from pairings.actions import end_pairing

MONDAY = date(2026, 11, 23)
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _on_a_monday():
    with time_machine.travel("2026-11-23 12:00+00:00", tick=False):
        yield


@pytest.fixture
def pair(pair):
    pair.url = f"/pairings/{pair.pairing.slug}/actions/"
    pair.action = add_action(
        pair.pairing, by=pair.mentor, person=pair.mentee, words="Draft the page", due=MONDAY + timedelta(days=4)
    )
    pair.place = f"{pair.url}{pair.action.key}/"
    return pair


def browser(person):
    client = Client()
    client.force_login(person, backend="accounts.backends.EmailBackend")
    return client


def rows(response, where="//main/ul"):
    """The rows of a list: their words, and what can be done with them."""
    found = html.fromstring(response.content).xpath(f"{where}//li[starts-with(@id, 'action-')]")
    return [
        (
            " ".join(row.xpath("string(.//p[1])").split()),
            [
                " ".join(each.text_content().split()).split(":")[0]
                for each in row.xpath(".//div[@class='act-ways']//*[self::a or self::button]")
            ],
        )
        for row in found
    ]


def says(response):
    return " ".join(html.fromstring(response.content).xpath("string(//main)").split())


OPEN = ["Done", "Move", "Drop"]


def test_what_is_open_stands_in_the_order_of_its_days_and_the_rest_is_folded_away(pair):
    add_action(pair.pairing, by=pair.mentee, person=pair.mentor, words="Send the link", due=MONDAY)
    finish_action(add_action(pair.pairing, by=pair.mentee, person=pair.mentee, words="Read"), by=pair.mentee)
    why = "No longer"
    drop_action(add_action(pair.pairing, by=pair.mentee, person=pair.mentee, words="Ask"), by=pair.mentee, why=why)

    page = browser(pair.mentee).get(pair.url)

    assert rows(page) == [("Ruth: Send the link", OPEN), ("Amina: Draft the page", OPEN)]
    assert rows(page, "//details") == [("Amina: Ask", ["Open again"]), ("Amina: Read", ["Open again"])]
    assert why in says(page)


def test_a_tick_and_its_undo_without_a_script(pair):
    amina = browser(pair.mentee)

    ticked = amina.post(f"{pair.place}done/", follow=True)

    assert ticked.redirect_chain == [(f"{pair.url}?just={pair.action.key}#action-{pair.action.key}", 302)]
    assert "Done: “Draft the page”." in says(ticked)
    assert rows(ticked) == [("Amina: Draft the page", ["Undo"])]

    undone = amina.post(f"{pair.place}open/", follow=True)

    assert rows(undone) == [("Amina: Draft the page", OPEN)]


def test_a_tick_and_its_undo_swap_the_row(pair):
    ruth = browser(pair.mentor)

    ticked = ruth.post(f"{pair.place}done/", **HTMX)

    assert rows(ticked, "/") == [("Amina: Draft the page", ["Undo"])]
    assert json.loads(ticked["HX-Trigger"]) == {"announce": {"value": "Done: “Draft the page”."}}
    assert b"<html" not in ticked.content

    assert rows(ruth.post(f"{pair.place}open/", **HTMX), "/") == [("Amina: Draft the page", OPEN)]


def test_what_the_other_dropped_meanwhile_is_not_ticked_and_says_so(pair):
    drop_action(pair.action, by=pair.mentor)

    plain = browser(pair.mentee).post(f"{pair.place}done/", follow=True)
    swapped = browser(pair.mentee).post(f"{pair.place}done/", **HTMX)

    assert "This is “Dropped” by now, so nothing was changed." in says(plain)
    assert rows(swapped, "/") == [("Amina: Draft the page", ["Open again"])]


@pytest.mark.parametrize("how", [{}, HTMX], ids=["without a script", "with one"])
def test_it_moves_to_another_day(pair, how):
    amina = browser(pair.mentee)

    asked = amina.get(f"{pair.place}day/", **how)
    amiss = amina.post(f"{pair.place}day/", {"due": ""}, **how)
    past = amina.post(f"{pair.place}day/", {"due": "2026-11-22"}, **how)
    moved = amina.post(f"{pair.place}day/", {"due": "2026-12-04"}, follow=True, **how)

    assert html.fromstring(asked.content).xpath("string(//input[@name='due']/@value)") == "2026-11-27"
    assert (amiss.status_code, b"Choose the day by which it will be done" in amiss.content) == (422, True)
    assert (past.status_code, b"That day is past." in past.content) == (422, True)
    assert "moved from 27 November" in " ".join(moved.content.decode().split())
    assert Action.objects.get().due == date(2026, 12, 4)


@pytest.mark.parametrize("how", [{}, HTMX], ids=["without a script", "with one"])
def test_it_is_dropped_with_a_word(pair, how):
    amina = browser(pair.mentee)

    amina.get(f"{pair.place}dropped/", **how)
    too_long = amina.post(f"{pair.place}dropped/", {"why": "x" * 301}, **how)
    dropped = amina.post(f"{pair.place}dropped/", {"why": "The page is gone"}, follow=True, **how)

    assert too_long.status_code == 422
    assert "The page is gone" in dropped.content.decode()
    assert (Action.objects.get().state, Action.objects.get().why) == ("dropped", "The page is gone")


def test_another_one_is_added_once(pair):
    amina = browser(pair.mentee)
    fields = {"words": "Send the link", "person": str(pair.mentor.pk), "due": "2026-11-30"}
    fields["once"] = "9d8ff1b1-5d57-4a6e-b1a4-3ba6f1ab7cf1"

    added, again = (amina.post(pair.url, fields, follow=True) for _click in range(2))

    assert "Added. It stands in the next plan, too." in says(added)
    assert rows(added) == rows(again)
    assert rows(again) == [("Amina: Draft the page", OPEN), ("Ruth: Send the link", OPEN)]


def test_what_is_missing_is_said(pair):
    answer = browser(pair.mentee).post(pair.url, {"words": "", "person": "0", "due": "soon"})

    assert answer.status_code == 422
    assert [each.text_content() for each in html.fromstring(answer.content).xpath("//div[@class='errsum']//li")] == [
        "Write what will be done",
        "Say who will do it",
        "Choose a day, like 31/01/2027",
    ]


def test_after_the_end_it_is_read_and_not_changed(pair):
    end_pairing(pair.pairing, by=pair.mentor, why="time")
    amina = browser(pair.mentee)

    page = amina.get(pair.url)

    assert rows(page) == [("Amina: Draft the page", [])]
    assert not html.fromstring(page.content).xpath("//main//form")
    assert "has ended" in says(amina.post(f"{pair.place}done/", follow=True))
    assert amina.post(pair.url, {"words": "Late", "person": str(pair.mentee.pk)}).status_code == 422


@pytest.mark.parametrize("place", ["done", "open", "day", "dropped"])
def test_an_action_of_another_pairing_is_not_found(pair, place):
    other = add_action(pair.pairing, by=pair.mentor, person=pair.mentee, words="Theirs")
    stranger = browser(pair.portfolio.owner)
    url = f"/pairings/no-such-pair/actions/{other.key}/{place}/"

    assert stranger.post(url).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_its_statements_do_not_grow(pair, django_assert_num_queries, count):
    for number in range(count):
        add_action(pair.pairing, by=pair.mentee, person=pair.mentor, words=f"Open {number}")
        finish_action(
            add_action(pair.pairing, by=pair.mentee, person=pair.mentor, words=f"Done {number}"), by=pair.mentee
        )
    amina = browser(pair.mentee)
    amina.get(pair.url)

    with django_assert_num_queries(7):
        amina.get(pair.url)
