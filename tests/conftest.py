from types import SimpleNamespace

import pytest
from coverage import Coverage
from django.core.cache import caches
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

from tests.factories import PairingFactory, PersonFactory, make_page, make_portfolio
from tests.snapshot import Snapshot

# A busy machine is no mistake of ours.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """`untraced`: what goes the same ways again, with many inputs or in a browser. Being traced would take as long as
    the test itself, and say nothing new."""
    tracing = Coverage.current() if item.get_closest_marker("untraced") else None
    if tracing:
        tracing.stop()
    try:
        return (yield)
    finally:
        if tracing:
            tracing.start()


@pytest.fixture(autouse=True)
def _fast_and_still(settings, tmp_path):
    """Cheap password hashes; nothing a test does reaches a file of another test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_FILE_PATH = tmp_path / "outbox"
    # The cache's table belongs to no model, so nobody empties it: rate limits would be counted from test to test.
    caches["default"].key_prefix = tmp_path.name
    # What is the same for everybody is not the same in a test's made-up language, or with its settings.
    caches["template_fragments"].clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """After a test that commits, the rows of the migrations are put back: sooner than to truncate all tables, and the
    same for every test.

    A browser may still be asking for something when its last test is over: its connection must not hold the test
    database.
    """
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            # A person and their profile never have the same key: whoever takes one for the other is found out.
            cursor.execute("SELECT setval('accounts_user_id_seq', 5000)")
        rows = Snapshot()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: rows.put_back())
        yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def pair(db):
    """Amina and Ruth with one shared page: mentee, mentor, pairing, portfolio, page."""
    mentee = PersonFactory(name="Amina Okafor", email="amina@example.org")
    mentor = PersonFactory(name="Ruth Lindqvist", email="ruth@example.org")
    pairing = PairingFactory(mentee=mentee, mentor=mentor)
    portfolio = make_portfolio(mentee, pairing.programme)
    page = make_page(portfolio, title="Usage review", body="<p>In March I asked to sit in.</p>")
    return SimpleNamespace(
        mentee=mentee,
        mentor=mentor,
        pairing=pairing,
        portfolio=portfolio,
        page=page,
        url=page.get_absolute_url(),
    )


@pytest.fixture
def signed_in(client):
    """`signed_in(person)` is a browser in which that person is signed in."""

    def sign_in(person):
        client.force_login(person, backend="accounts.backends.EmailBackend")
        return client

    return sign_in
