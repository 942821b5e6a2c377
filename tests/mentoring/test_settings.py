"""Outside demo mode nothing has a default that could surprise."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

GIVEN = {
    "DATABASE_URL": "postgres://nobody@localhost:1/nothing",
    "REDIS_URL": "redis://localhost:1/0",
    "EMAIL_URL": "smtp://localhost:1",
    "SECRET_KEY": "a-key-for-this-test-alone-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "mentoring.example.org",
    "SITE_URL": "https://mentoring.example.org",
}


def python(*arguments, given, cwd=settings.BASE_DIR):
    """Run Python with `given` and as little else in the environment as it needs."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH", "DATA_DIR")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=kept | {"DJANGO_SETTINGS_MODULE": "mentoring.settings"} | given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_without_a_variable_it_refuses_to_start_and_names_what_is_missing():
    done = python("manage.py", "check", given={})

    assert done.returncode == 1
    assert f"Please set {', '.join(GIVEN)} in the environment, or DEMO=1" in done.stderr


@pytest.mark.parametrize("name", GIVEN)
def test_each_variable_is_needed(name):
    done = python("-c", "import mentoring.settings", given={key: GIVEN[key] for key in GIVEN if key != name})

    assert done.returncode == 1
    assert f"Please set {name} in the environment, or DEMO=1" in done.stderr


def test_with_all_of_them_the_deployment_check_is_clean_and_the_demo_is_not_there():
    check = python("manage.py", "check", "--deploy", "--fail-level", "WARNING", given=GIVEN)
    resolve = python("-c", RESOLVE, given=GIVEN)

    assert (check.returncode, check.stderr) == (0, "")
    assert (resolve.stdout, resolve.returncode) == ("404 404 404 front\n", 0), resolve.stderr


RESOLVE = """
import django
from django.urls import Resolver404, resolve

django.setup()
for path in ("/demo/", "/demo/sign-in/", "/demo/outbox/"):
    try:
        print(resolve(path).view_name, end=" ")
    except Resolver404:
        print(404, end=" ")
print(resolve("/").view_name)
"""


def test_behind_https_every_cookie_and_page_stays_on_it():
    done = python(
        "-c",
        "from mentoring import settings as s; print(s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, "
        "s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.DEBUG, s.ALLAUTH_TRUSTED_PROXY_COUNT)",
        given=GIVEN | {"TRUSTED_PROXIES": "1"},
    )

    assert done.stdout == "True True True 31536000 False 1\n"


def test_a_mail_server_is_asked_by_our_own_backend():
    done = python("-c", "from django.conf import settings; print(settings.EMAIL_BACKEND)", given=GIVEN)

    assert done.stdout == "notifications.smtp.EmailBackend\n"
