"""Parts of pages that are the same for many people are kept; nobody is shown what was kept for others."""

import re

import pytest
from django.core.cache import caches

from portfolios import actions
from tests.factories import PersonFactory


@pytest.fixture
def people(pair):
    """A mentee, a mentor with one thing that is new, somebody new, and a lead with easier letters."""
    actions.add_comment(pair.page, by=pair.mentee, body="What do you think?")
    lead = PersonFactory(name="Nils Berg", email="nils@example.org", is_staff=True)
    lead.profile.letters = "easy"
    lead.profile.save()
    return [pair.mentee, pair.mentor, PersonFactory(name="Una Noor", email="una@example.org"), lead]


def without_tokens(page):
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "", page)


def test_everybody_sees_the_same_whoever_came_before(people, client, signed_in):
    urls = ["/privacy/", "/home/", "/settings/display/"]

    def look(person, url):
        if person is None:
            client.logout()
        else:
            signed_in(person)
        return without_tokens(client.get(url).content.decode())

    first = {}
    for person in [*people, None]:
        for url in urls:
            caches["template_fragments"].clear()
            first[person, url] = look(person, url)

    assert {place: look(*place) for place in first} == first
    assert len(set(first.values())) == len(first) - 1  # signed out, two of the pages lead to the same
