"""A real browser, the demo programme, and a real SMTP server that keeps what it is handed."""

import os
import socket
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.core.cache import cache

from mentoring.demo import seed
from tests import story
from tests.chromium import find_or_install

# Playwright's own loop runs in this thread; our code never does anything asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

HERE = Path(__file__).parent
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("untraced")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    path = find_or_install()
    if path is None:
        message = "NO BROWSER: the journeys were not walked. Install chromium, or name one in CHROMIUM."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return {**browser_type_launch_args, "executable_path": path, "args": QUIET}


@pytest.fixture
def northmere(transactional_db, settings):
    """The demo programme as it stands on the story's day; emails are sent at once when delivered."""
    cache.clear()
    settings.NOTICE_BUNDLE_MINUTES = 0
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    story.tell()


class _Keep:
    def __init__(self):
        self.messages = []

    async def handle_DATA(self, server, session, envelope):
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 kept"


@pytest.fixture
def sink(settings):
    """The emails that reached a real SMTP server."""
    keep = _Keep()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(keep, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield keep.messages
    controller.stop()


@pytest.fixture
def site(live_server, settings):
    settings.SITE_URL = live_server.url
    return live_server.url


@pytest.fixture
def sign_in(site):
    """`sign_in(page, "amina")`: through the form, as anybody would."""

    def through_the_form(page, key):
        page.goto(f"{site}/account/sign-in/")
        page.get_by_label("Email", exact=True).fill(f"{key}@{seed.DOMAIN}")
        page.get_by_label("Password", exact=True).fill(seed.PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/home/")

    return through_the_form
