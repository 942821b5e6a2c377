"""All routes of the house, an address of something real for each, and browsers of every role."""

import re

from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from tests.mentoring.world import addresses, administered


def routes(patterns=None, space="", prefix=""):
    """(name, path) of every route; a route without a name is called by its path."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(
                pattern.url_patterns, space + (f"{pattern.namespace}:" if pattern.namespace else ""), path
            )
        else:
            yield (space + pattern.name if pattern.name else path), path


class Visitor:
    """A browser of one role, which is as it was at the beginning for every request."""

    def __init__(self, world, role, **options):
        self.browser = Client(**options)
        if role != "anonymous":
            self.browser.force_login(world.people[role], backend="accounts.backends.EmailBackend")
        self.cookies = self.browser.cookies.output(header="", sep=";")
        self.session = Session.objects.last()

    def look(self, method, url):
        self._begin_anew()
        response = self.browser.generic(method, url)
        if response.streaming:
            response.getvalue()  # and closes the file
        return response

    def post(self, url):
        """Posts a form without sense; whatever comes of it is taken back."""
        self._begin_anew()
        with transaction.atomic():
            response = self.browser.post(url, {"nonsense": "1"})
            transaction.set_rollback(True)
        return response

    def ask(self, method, url):
        return self.look("GET", url) if method == "GET" else self.post(url)

    def _begin_anew(self):
        self.browser.cookies.load(self.cookies)
        if self.session:
            # allauth signs somebody out who opens the confirmation link of somebody else.
            self.session.save()


def answer(response):
    if response.status_code not in (301, 302):
        return str(response.status_code)
    return "in" if re.match(r"(/admin/login|/account/sign-in)/\?next=", response["Location"]) else "on"


def urls(world):
    """Route → the address of something real."""
    arguments = addresses(world)
    found = {}
    for name, path in routes():
        if name == path and name.startswith("admin/") and "object_id" in path:
            model = path.split("/")[1:3]
            found[name] = f"/admin/{model[0]}/{model[1]}/{administered(world)['_'.join(model)].pk}/"
        elif name == path and name.startswith("admin/"):
            found[name] = "/admin/nothing/of/the/kind/"
        elif name == "admin:autocomplete":
            query = "?app_label=programmes&model_name=enrolment&field_name=person&term=a"
            found[name] = reverse(name) + query
        elif name == "admin:board_end":
            found[name] = f"{reverse(name)}?pairing={world.pairing.pk}"
        else:
            found[name] = reverse(name, kwargs=arguments.get(name))
    return found
