"""The links under an email: a GET only asks, since mail scanners open links; a POST without cookies does it."""

import pytest
import time_machine
from django.conf import settings
from django.core import mail, signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications import delivery
from notifications.letters import CHOICE_SALT, choice_url
from notifications.models import Notification, Preference
from tests.factories import PersonFactory, share


@pytest.fixture
def scanner():
    """Somebody who has no cookies and would be stopped without the token of a form."""
    return Client(enforce_csrf_checks=True)


def link(person, choice="off"):
    return choice_url(person, "portfolio", choice).removeprefix(settings.SITE_URL)


def choices():
    return list(Preference.objects.values_list("person__name", "portfolio"))


def test_opening_the_link_changes_nothing_however_often(pair, scanner):
    for _ in range(20):
        assert scanner.get(link(pair.mentor)).status_code == 200
        assert scanner.head(link(pair.mentor)).status_code == 200

    assert choices() == []


def test_one_post_without_cookies_does_it_and_signs_nobody_in(pair, scanner):
    answer = scanner.post(link(pair.mentor), {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies
    assert choices() == [("Ruth Lindqvist", "off")]
    assert scanner.get("/home/").status_code == 302


def test_what_waits_is_not_sent_any_more(pair, scanner):
    scanner.post(link(pair.mentor))

    Notification.objects.update(due_at=timezone.now())
    delivery.deliver_due()

    assert mail.outbox == []


def test_doing_it_again_changes_nothing_more(pair, scanner):
    for _ in range(2):
        assert scanner.post(link(pair.mentor)).status_code == 200

    assert choices() == [("Ruth Lindqvist", "off")]


def test_it_can_be_taken_back_on_the_page_that_follows(pair, scanner):
    with time_machine.travel(timezone.now(), tick=False):  # the signature holds the time
        page = scanner.post(link(pair.mentor)).content.decode()
        back = link(pair.mentor, "bundled")

    assert f'action="{back}"' in page
    assert scanner.post(back).status_code == 200
    assert choices() == [("Ruth Lindqvist", "bundled")]


def test_somebody_else_who_is_signed_in_keeps_their_own_choice(pair, signed_in):
    signed_in(pair.mentee).post(link(pair.mentor))

    assert choices() == [("Ruth Lindqvist", "off")]


def test_the_header_of_an_email_leads_there(pair, scanner, settings):
    settings.NOTICE_BUNDLE_MINUTES = 0
    share(pair.page, "<p>Two.</p>")
    Notification.objects.update(due_at=timezone.now())
    delivery.deliver_due()
    header = mail.outbox[0].extra_headers["List-Unsubscribe"]

    scanner.post(header.strip("<>").removeprefix(settings.SITE_URL))

    assert choices() == [("Ruth Lindqvist", "off")]


def forged(person):
    whole = signing.dumps([person.pk, "portfolio"], salt=CHOICE_SALT)
    return {
        "tampered with": signing.dumps([person.pk + 1, "portfolio"], salt=CHOICE_SALT).split(":")[0]
        + whole[whole.index(":") :],
        "cut short": whole[:-1],
        "signed for something else": signing.dumps([person.pk, "portfolio"], salt="something-else"),
        "not signed": signing.b64_encode(b'[1, "portfolio"]').decode(),
        "of a person who does not exist": signing.dumps([10**6, "portfolio"], salt=CHOICE_SALT),
    }


@pytest.mark.parametrize("how", forged(PersonFactory.build(pk=1)))
def test_a_token_that_is_not_ours_is_not_found(pair, scanner, how):
    url = reverse("notifications:choice", args=[forged(pair.mentor)[how], "off"])

    assert scanner.get(url).status_code == 404
    assert scanner.post(url).status_code == 404
    assert choices() == []


def test_a_choice_that_does_not_exist_is_not_found(pair, scanner):
    assert scanner.post(link(pair.mentor, "sometimes")).status_code == 404
    assert choices() == []
