"""A programme of 100,000 people and 30,000 pairings, and how long its pages take."""

import http.client
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from bench.fill import copy
from bench.house import House, Unmeasurable
from bench.table import Row
from bench.texts import VOCABULARY
from mentoring.roles import LEADS
from pairings.models import MentorRequest
from programmes.models import Enrolment, Programme, Region, Sector
from tests.factories import EnrolmentFactory, LevelFactory, MentorOfferFactory, PairingFactory, PersonFactory

PEOPLE, MENTORS, PAIRINGS, ASKED, TALKING = 100_000, 33_000, 30_000, 2_000, 500
MENTEES = PEOPLE - MENTORS
FIRST = 30_000_000  # the key before those of the copies
SECTORS, REGIONS, EMPLOYERS = 10, 12, 4_000
MOST_MILLISECONDS, MOST_STATEMENTS = 150, 12
ROUNDS = 200  # visits for each row

# Mentors are 1 to 33,000, mentees 33,001 to 100,000; the first 30,000 of either are pairs.
_EVERYBODY = f"SELECT n, {FIRST} + n AS key FROM generate_series(1, {PEOPLE}) n"
_MENTORS = f"SELECT n, {FIRST} + n AS key FROM generate_series(1, {MENTORS}) n"
_MENTEES = f"SELECT n, {FIRST} + n AS key FROM generate_series({MENTORS + 1}, {PEOPLE}) n"
_PAIRS = f"SELECT n, {FIRST} + n AS mentor, {FIRST} + {MENTORS} + n AS mentee FROM generate_series(1, {PAIRINGS}) n"
_ANSWERED = (
    f"SELECT {FIRST} + 10 * n + nth AS key, {FIRST} + n AS mentor, {FIRST} + {MENTORS} + n AS mentee, nth"
    " FROM generate_series(1, 20000) n, generate_series(0, 3) nth"
)
# Who waits asks mentors with two places or three.
_OPEN = (
    f"SELECT n, {FIRST} - n AS key, {FIRST} + 3 * n + 2 AS mentor, {FIRST} + {MENTORS + PAIRINGS} + n AS mentee"
    f" FROM generate_series(1, {ASKED + TALKING}) n"
)
_STATES = "(ARRAY['agreeing', 'paused', 'completing'] || array_fill('active'::text, ARRAY[7]))"


@dataclass
class Crowd:
    """`mentee` is an enrolment of somebody who looks for a mentor; `lead` coordinates the programme."""

    programme: Programme
    mentee: Enrolment
    lead: User


@cache
def crowd() -> Crowd:
    """Make it once; takes a minute or two."""
    made = _seed()
    with transaction.atomic(), connection.cursor() as cursor:
        # Triggers and foreign keys would look at each row; these are right by construction.
        cursor.execute("SET LOCAL session_replication_role = replica")
        _people(made)
        _pairs(made)
        _requests(made)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return made


def row(house: House, name: str, person: User, paths: Iterable[str], shows: str) -> Row:
    """Visit `paths` in turn, one after the other, warm: the 95th of 100 times, and the most statements of any."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person, backend="accounts.backends.EmailBackend")
    paths = list(paths)
    statements = max(_statements(client, path, shows) for path in paths)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    for path in paths:
        _visit(house.port, path, cookie)
    bare = house.bare_time()
    times = sorted(_visit(house.port, paths[number % len(paths)], cookie) for number in range(ROUNDS))
    slowest = times[int(ROUNDS * 0.95)] * 1000
    return Row(
        name=f"{name}, {PEOPLE:,} people",
        statements=statements,
        bare=f"{bare * 1000:.1f} ms",
        measured=f"p95 {slowest:.0f} ms",
        costs=slowest / 1000 / bare,
        bound=f"{MOST_MILLISECONDS} ms, {MOST_STATEMENTS} statements",
        kept=slowest <= MOST_MILLISECONDS and statements <= MOST_STATEMENTS,
    )


def _seed():
    level = LevelFactory()
    programme = level.programme
    for number in range(SECTORS):
        Sector.objects.create(programme=programme, name=f"Sector {number}", position=number)
    for number in range(REGIONS):
        Region.objects.create(programme=programme, name=f"Region {number}", position=number)
    lead = PersonFactory(name="Marguerite Fell", is_staff=True)
    lead.groups.add(Group.objects.get(name=LEADS))
    EnrolmentFactory(programme=programme, person=lead, role=Enrolment.Role.COORDINATOR)
    mentee = EnrolmentFactory(
        programme=programme,
        person=PersonFactory(name="Hana Sato"),
        level=level,
        sector=programme.sectors.first(),
        region=programme.regions.first(),
        meets_by=["video"],
        line_manager="Vera Known17",
    )
    mentee.person.profile.employer = "Employer 17"
    mentee.person.profile.save()
    return Crowd(programme, mentee, lead)


def _people(made):
    person = made.mentee.person
    copy(person, _EVERYBODY, id="key", email="'crowd-' || n || '@example.org'", name=_words("n", 2))
    profile = {
        "employer": f"'Employer ' || mod(n, {EMPLOYERS})",
        "job_title": _words("n + 7", 3),
        "about": _words("n", 40),
    }
    copy(person.profile, _EVERYBODY, id="key", user_id="key", slug="'crowd-' || n", **profile)
    sectors, regions = (
        f"source.{name}_id + mod(n, {count})" for name, count in (("sector", SECTORS), ("region", REGIONS))
    )
    part = {
        "sector_id": sectors,
        "region_id": regions,
        "meets_by": "(ARRAY['{video}', '{video,phone}', '{in_person}'])[1 + mod(n, 3)]::varchar[]",
        "line_manager": "''",
        "created_at": "now() - mod(n, 700) * interval '1 day'",
    }
    copy(made.mentee, _MENTEES, id="key", person_id="key", **part)
    offer = MentorOfferFactory(enrolment__programme=made.programme)
    level = {"level_id": "NULL", "role": "'mentor'"}
    copy(made.mentee, _MENTORS, id="key", person_id="key", **part | level)
    held = f"(n <= {PAIRINGS})::int + (mod(n, 3) = 2 AND n > {3 * ASKED + 2} AND n <= {3 * (ASKED + TALKING) + 2})::int"
    said = {"how_i_work": _words("n + 3", 20), "can_help": _words("n + 5", 20)}
    copy(offer, _MENTORS, id="key", enrolment_id="key", capacity="1 + mod(n, 3)", held=held, **said)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pairings_registerentry SELECT id, register_words(id) FROM pairings_mentoroffer WHERE id > %s",
            [FIRST],
        )


def _pairs(made):
    pairing = PairingFactory(programme=made.programme)
    began = "now() - mod(n, 700) * interval '1 day'"
    copy(
        pairing,
        _PAIRS,
        id="mentor",
        mentee_id="mentee",
        mentor_id="mentor",
        slug="'crowd-' || n",
        state=f"{_STATES}[1 + mod(n, 10)]",
        created_at=began,
        reads_from=began,
        last_activity_at="now() - mod(n, 150) * interval '1 day'",
        last_met_at="now() - mod(n, 120) * interval '1 day'",
        rhythm_weeks="(ARRAY[4, 7, NULL])[1 + mod(n, 3)]",
    )


def _requests(made):
    """80,000 that were answered, and what waits or is being talked about."""
    offer = made.mentee.programme.enrolments.get(pk=FIRST + 1).offer
    who = {"programme": made.programme, "mentee": made.mentee.person, "mentor": offer.enrolment.person, "offer": offer}
    words = {"why_you": "Because.", "hopes": "To learn.", "how_we_work": "By video."}
    now = timezone.now()
    old = MentorRequest.objects.create(slug="old", state="declined", answered_at=now, closed_at=now, **who, **words)
    asked = "now() - (20 + 60 * nth) * interval '1 day'"
    people = {"mentee_id": "mentee", "mentor_id": "mentor", "offer_id": "mentor"}
    times = {"asked_at": asked, "answered_at": f"{asked} + (1 + mod(mentor, 9)) * interval '1 day'", "closed_at": asked}
    copy(old, _ANSWERED, id="key", slug="'old-' || key", **people, **times)
    state = f"CASE WHEN n > {ASKED} THEN 'talking' ELSE 'asked' END"
    asked = "now() - mod(n, 14) * interval '1 day'"
    left = {"answered_at": "NULL", "closed_at": "NULL"}
    copy(old, _OPEN, id="key", slug="'open-' || n", state=state, asked_at=asked, **people, **left)
    old.delete()


def _words(number, count):
    """SQL of so many words, others for each `number`: a few of them often, as language has it."""
    words = ", ".join(f"'{word}'" for word in VOCABULARY[:2000])
    place = f"mod(({number})::bigint * (w * w + 31) + w * 7919, CASE WHEN mod(w, 3) = 0 THEN 40 ELSE 2000 END)"
    return (
        f"(SELECT string_agg(initcap(word), ' ' ORDER BY w) FROM generate_series(1, {count}) w"
        f" CROSS JOIN LATERAL (SELECT (ARRAY[{words}])[1 + {place}] AS word) said)"
    )


def _statements(client, path, shows):
    first = client.get(path)
    if first.status_code != 200 or shows not in first.content.decode():
        raise Unmeasurable(f"{path} answered {first.status_code} and does not show “{shows}”.")
    with CaptureQueriesContext(connection) as statements:
        client.get(path)
    return len(statements)


def _visit(port, path, cookie):
    """Seconds until the whole answer has come."""
    began = time.perf_counter()
    server = http.client.HTTPConnection("127.0.0.1", port)
    server.request("GET", path, headers={"Cookie": cookie})
    answer = server.getresponse()
    answer.read()
    server.close()
    if answer.status != 200:
        raise Unmeasurable(f"{path} answered {answer.status}.")
    return time.perf_counter() - began
