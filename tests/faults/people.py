"""Mentees with a page and a mentor each, and what they do: directly, or through the web server."""

import http.client
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from notifications.actions import quietly
from pairings.models import Pairing
from portfolios import actions
from tests.factories import (
    EnrolmentFactory,
    LevelFactory,
    PairingFactory,
    ProgrammeFactory,
    make_page,
    share,
)
from tests.faults.rig import until

BODY = "<p>In March I asked to sit in on the review.</p><p>{mark}: I took the minutes, and asked why.</p>"
# Any 32 letters: the cookie and the form need only agree.
_TOKEN = "faultsfaultsfaultsfaultsfaultsfa"


@transaction.atomic
def make_pages(count: int) -> list:
    """Pages that their mentors have read once, so that every later alert is of an update."""
    programme = ProgrammeFactory()
    level = LevelFactory(programme=programme)
    return [_make_page(programme, level) for _ in range(count)]


def mentor_of(page):
    return Pairing.objects.live().get(mentee=page.owner).mentor


def share_all(pages, case: str, shared: dict) -> None:
    """Share an update of every page by the real action; `shared` gets {mark: when}. Fit for a thread."""
    try:
        for number, page in enumerate(pages):
            mark = f"alert-{case}-{number}"
            share(page, BODY.format(mark=mark), note=mark)
            shared[mark] = time.monotonic()
    finally:
        connection.close()


class NotTaken(Exception):
    """The web server would not take what somebody wrote; the message tells its last answer."""


@dataclass(frozen=True)
class Answer:
    """What the web server said: `at` is when it was asked (time.monotonic()), `status` 0 when it hung up."""

    at: float
    seconds: float
    status: int
    location: str


class Visitor:
    """Somebody signed in, in a browser. `answers` gets all that the server says to them."""

    def __init__(self, port: int, person, answers: list):
        self.port = port
        self.answers = answers
        client = Client()
        client.force_login(person, backend="accounts.backends.EmailBackend")
        self.cookie = f"sessionid={client.cookies['sessionid'].value}; csrftoken={_TOKEN}"

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, **fields) -> Answer:
        return self._ask("POST", path, urlencode({**fields, "csrfmiddlewaretoken": _TOKEN}))

    def look_around(self, paths: list[str], enough: list) -> None:
        """Open the pages in turn, until there is something in `enough`."""
        while not enough:
            for path in paths:
                self.get(path)
            time.sleep(0.3)

    def _ask(self, method, path, body):
        headers = {"Cookie": self.cookie}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        server = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        at = time.monotonic()
        status, location = 0, ""
        try:
            server.request(method, path, body, headers)
            response = server.getresponse()
            response.read()
            status, location = response.status, response.headers.get("Location", "")
        except (OSError, http.client.HTTPException):
            pass
        finally:
            server.close()
        answer = Answer(at, time.monotonic() - at, status, location)
        self.answers.append(answer)
        return answer


class Writer:
    """A mentee who saves and shares their page in the browser."""

    def __init__(self, port: int, page, mark: str, answers: list):
        self.page = page
        self.mark = mark
        self.visitor = Visitor(port, page.owner, answers)
        self.url = page.get_absolute_url()
        draft = page.draft
        draft.refresh_from_db()
        self.words = {"title": draft.title, "body": BODY.format(mark=mark), "saves": draft.saves}

    def save(self) -> bool:
        """Whether the server said that it is saved."""
        return self.visitor.post(f"{self.url}draft/", **self.words).status == 200

    def share(self) -> bool:
        """Whether the server said that it is shared."""
        answer = self.visitor.post(f"{self.url}share/", note=self.mark)
        return (answer.status, answer.location) == (302, self.url)


def write_all(writers: list[Writer], shared: dict, saved: set) -> None:
    """Each saves and shares, again and again until it is confirmed. `shared` gets {mark: when} and `saved` the
    marks of confirmed saves. Raises NotTaken when a minute is not enough."""
    for writer in writers:
        if not until(writer.save, 60, pause=0.2):
            raise NotTaken(f"{writer.mark} could not be saved: {writer.visitor.answers[-1]}")
        saved.add(writer.mark)
        if not until(writer.share, 60, pause=0.2):
            raise NotTaken(f"{writer.mark} could not be shared: {writer.visitor.answers[-1]}")
        shared[writer.mark] = time.monotonic()


def _make_page(programme, level):
    pairing = PairingFactory(programme=programme)
    enrolment = EnrolmentFactory(programme=programme, person=pairing.mentee, level=level)
    with quietly():
        page = make_page(actions.open_portfolio(enrolment, by=enrolment.person), body=BODY.format(mark="So far"))
    actions.mark_read(page, by=pairing.mentor, until=timezone.now())
    return page
