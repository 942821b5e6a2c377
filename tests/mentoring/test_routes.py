"""Every route is placed in the table of table.py, and answers every role as it says."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from tests.mentoring.routes import Visitor, answer, routes, urls
from tests.mentoring.table import PUBLIC, answers
from tests.mentoring.world import ROLES, addresses, out_of_reach

# What browsing may write: signing in and its limits, and comparisons, which can be dropped and made again.
KEPT_FOR_BROWSING = {"cache", "django_session", "portfolios_comparison", "usersessions_usersession"}


def test_every_route_is_placed_in_the_table():
    placed = {route for route, method in answers()}
    existing = {name for name, path in routes()}

    assert sorted(existing - placed) == [], "place these routes in tests/mentoring/table.py"
    assert sorted(placed - existing) == [], "these routes of tests/mentoring/table.py do not exist any more"


def test_pages_that_need_no_signing_in_are_few_and_named():
    assert {route for (route, method), by_role in answers().items() if by_role["anonymous"] != "in"} == PUBLIC


@pytest.mark.parametrize("role", ROLES)
def test_every_route_answers_as_the_table_says_and_looking_changes_nothing(world, role):
    places = urls(world)
    visitor = Visitor(world, role)
    before = rows()

    found = {(route, "GET"): answer(visitor.look("GET", url)) for route, url in places.items()}
    ours = {route: url for route, url in places.items() if not route.startswith("admin")}
    heads = {route: answer(visitor.look("HEAD", url)) for route, url in ours.items()}
    after = rows()
    posts = [(route, method) for route, method in answers() if method == "POST" and route in places]
    found |= {place: answer(visitor.post(places[place[0]])) for place in posts}

    assert found == {place: by_role[role] for place, by_role in answers().items()}
    assert heads == {route: found[route, "GET"] for route in ours}
    assert after == before


def rows():
    """Table → a fingerprint of its rows that also tells a row that was written again with the same values."""
    tables = set(connection.introspection.table_names()) - KEPT_FOR_BROWSING
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"SELECT count(*), md5(string_agg(ctid::text || xmin || t, '')) FROM \"{table}\" t")
            found[table] = cursor.fetchone()
    return found


@pytest.mark.parametrize("role", ["anonymous", "mentee", "superuser"])
def test_no_form_is_taken_without_its_token_but_the_one_in_emails(world, role):
    places = urls(world)
    visitor = Visitor(world, role, enforce_csrf_checks=True)

    refused = (403, 405)  # for the token that is missing, or because nothing is taken there at all
    taken = {route for route, url in places.items() if visitor.post(url).status_code not in refused}

    assert taken == {"notifications:choice"}


DIFFERENT_EACH_TIME = {"Content-Security-Policy", "Content-Length", "Expires"}


def told(response):
    """What a response tells, without the tokens that differ each time and the number that was asked for."""
    body = re.sub(rb"(nonce|csrfmiddlewaretoken|X-CSRFToken)[^>]{1,120}", b"", response.content)
    headers = {name: value for name, value in response.items() if name not in DIFFERENT_EACH_TIME}
    return response.status_code, headers, re.sub("“[0-9]+”".encode(), b"", body)


@pytest.mark.parametrize("role", ["other", "stranger", "lead", "superuser"])
def test_a_page_of_somebody_else_answers_like_one_that_does_not_exist(world, role):
    visitor = Visitor(world, role)
    real = addresses(world)
    if role == "stranger":
        missing = {"portfolio_slug": "nobody-here", "page_slug": "nothing-here", "pk": 10**6}
    else:
        missing = {"page_slug": "nothing-here", "pk": 10**6}
    compared = 0

    for route in (route for route in real if route.startswith("portfolios:")):
        theirs = reverse(route, kwargs=real[route])
        nobodys = reverse(route, kwargs=real[route] | {k: v for k, v in missing.items() if k in real[route]})
        for method in ("GET", "POST"):
            assert told(visitor.ask(method, theirs)) == told(visitor.ask(method, nobodys)), (route, method)
            compared += 1

    assert compared == 2 * sum(name.startswith("portfolios:") for name, path in routes() if name in real)


def test_a_thread_of_another_page_answers_like_one_that_does_not_exist(world):
    mine = addresses(world)
    visitor = Visitor(world, "mentee")

    for route in ("portfolios:replies", "portfolios:settlement"):
        theirs = reverse(route, kwargs=mine[route] | {"pk": world.foreign.comment.pk})
        nobodys = reverse(route, kwargs=mine[route] | {"pk": 10**6})
        assert told(visitor.ask("POST", theirs)) == told(visitor.ask("POST", nobodys))


@pytest.mark.parametrize("role", ["lead", "helper"])
@pytest.mark.parametrize("part", ["history", "delete", "change"])
def test_in_the_admin_another_programmes_row_answers_like_a_missing_one(world, role, part):
    visitor = Visitor(world, role)

    for model, thing in out_of_reach(world).items():
        for method in ("GET", "POST"):
            answers = []
            for pk in (thing.pk, 10**6):
                response = visitor.ask(method, reverse(f"admin:{model}_{part}", args=[pk]))
                after = visitor.browser.get(response["Location"]) if "Location" in response else response
                answers.append((told(response), told(after)))
            assert answers[0] == answers[1], (model, method)
            assert answers[0][0][0] in (302, 403), (model, method)
