"""What belongs to others, or to another programme, answers like what does not exist: by its address, and in a form."""

import uuid

import pytest
from django.urls import reverse

from tests.mentoring.routes import Visitor, routes
from tests.mentoring.test_routes import told
from tests.mentoring.world import addresses

MISSING = {
    "pairing_slug": "nobody-here",
    "slug": "nobody-here",
    "number": 10**6,
    "pk": 10**6,
    "uuid": uuid.UUID(int=1),
    "programme_slug": "nothing-here",
}
# Whoever asked to join sees that programme, as everybody does who may ask.
OF_EVERYBODY = {"programmes:programme", "programmes:ask"}


def ours(world, *spaces):
    existing = {name for name, path in routes()}
    return {route: kwargs for route, kwargs in addresses(world).items() if route in existing and belongs(route, spaces)}


def belongs(route, spaces):
    return any(route.startswith(space) for space in spaces) and route not in OF_EVERYBODY


@pytest.mark.parametrize("role", ["former", "theirs", "foreign", "stranger", "lead", "helper", "superuser"])
def test_a_pairing_of_others_answers_like_one_that_does_not_exist(world, role):
    visitor = Visitor(world, role)
    found = {r: k for r, k in ours(world, "pairing").items() if "pairing_slug" in k}

    for route, kwargs in found.items():
        for method in ("GET", "POST"):
            theirs = told(visitor.ask(method, reverse(route, kwargs=kwargs)))
            nobodys = told(visitor.ask(method, reverse(route, kwargs=kwargs | {"pairing_slug": "nobody-here"})))
            assert theirs == nobodys, (route, method)

    assert len(found) > 15


@pytest.mark.parametrize("role", ["former", "theirs", "foreign", "stranger", "lead", "helper", "superuser"])
def test_a_request_of_others_answers_like_one_that_does_not_exist(world, role):
    visitor = Visitor(world, role)
    for route in ("request", "acceptance", "refusal", "say_yes", "withdrawal", "request_reading"):
        for method in ("GET", "POST"):
            theirs = told(visitor.ask(method, reverse(f"pairings:{route}", args=[world.request.slug])))
            nobodys = told(visitor.ask(method, reverse(f"pairings:{route}", args=["nobody-here"])))
            assert theirs == nobodys, (route, method)


@pytest.mark.parametrize("role", ["former", "other", "foreign", "stranger", "lead", "helper", "superuser"])
def test_a_mentor_of_another_register_answers_like_nobody(world, role):
    visitor = Visitor(world, role)
    for route in ("mentor", "ask", "wish"):
        for method in ("GET", "POST"):
            theirs = told(visitor.ask(method, reverse(f"pairings:{route}", args=[f"mentor-{world.offer.pk}"])))
            nobodys = told(visitor.ask(method, reverse(f"pairings:{route}", args=["mentor-999999"])))
            assert theirs == nobodys, (route, method)
