"""The person of a request and their session are read by SQL that is made once: nothing about them is different."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.backends import EmailBackend
from accounts.models import Profile, User
from tests.accounts.conftest import is_signed_in


def values(thing):
    return {field.attname: getattr(thing, field.attname) for field in thing._meta.concrete_fields}


def test_the_person_of_a_request_is_as_a_query_would_find_them(ruth, django_assert_num_queries):
    ruth.last_login = timezone.now()
    ruth.save()
    ruth.profile.about = "Surveyor."
    ruth.profile.save()
    found = User.objects.select_related("profile").get(pk=ruth.pk)

    with django_assert_num_queries(1):
        person = EmailBackend().get_user(ruth.pk)
        profile = person.profile

    assert person == found
    assert values(person) == values(found)
    assert values(profile) == values(found.profile)
    assert profile.user is person
    assert (person._state.db, person._state.adding) == (profile._state.db, profile._state.adding) == ("default", False)


def test_the_person_of_a_request_can_be_changed(ruth):
    person = EmailBackend().get_user(ruth.pk)

    person.name = "Ruth Berg"
    person.save()
    person.profile.theme = "dark"
    person.profile.save(update_fields=["theme"])

    person.refresh_from_db()
    assert (person.name, person.profile.theme) == ("Ruth Berg", "dark")
    assert User.objects.count() == 1


@pytest.mark.parametrize("change", [{"is_active": False}, {"pk": 0}])
def test_there_is_nobody_who_may_not_sign_in_or_does_not_exist(ruth, change):
    pk = change.get("pk", ruth.pk)
    User.objects.filter(pk=ruth.pk).update(is_active=change.get("is_active", True))

    assert EmailBackend().get_user(pk) is None


def test_a_session_ends_at_its_time(ruth, signed_in):
    browser = signed_in(ruth)
    assert is_signed_in(browser)

    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert not is_signed_in(browser)


def test_a_session_that_somebody_made_up_is_nobodys(db, client):
    client.cookies["sessionid"] = "a" * 32

    assert not is_signed_in(client)
    assert Session.objects.count() == 0


@pytest.mark.parametrize("said", ["", "Nowhere", "Europe", "../etc/passwd", "/etc/passwd", "x" * 64])
def test_a_zone_that_is_not_known_is_the_programmes_own(said, settings):
    settings.DEFAULT_PERSON_TIME_ZONE = "Europe/Dublin"
    profile = Profile(time_zone=said)

    assert (profile.zone.key, profile.zone_name) == ("Europe/Dublin", "Dublin")
