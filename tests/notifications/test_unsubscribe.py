"""The links under an email: a GET only asks, since mail scanners open links; a POST without cookies does it, once."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail, signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import once
from notifications import delivery
from notifications.actions import set_preferences
from notifications.links import LASTS, SALT, choice_url
from notifications.models import Email, Notification, Preference
from tests.factories import PersonFactory, share


@pytest.fixture
def scanner():
    """Somebody who has no cookies and would be stopped without the token of a form."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def email(pair):
    """An email that the mentor got."""
    return Email.objects.create(person=pair.mentor, bundle=pair.pairing.bundle, state=Email.State.SENT)


def link(email, choice="off", groups=("portfolio",)):
    return choice_url(email.person, groups, choice, email).removeprefix(settings.SITE_URL)


def choices():
    return list(Preference.objects.values_list("person__name", "portfolio", "messages"))


def back(answer):
    """The address behind the button that takes it back."""
    return re.search(r'action="(/e/[^"]+)"', answer.content.decode())[1]


def words(answer):
    return " ".join(re.sub("<[^>]+>", " ", answer.content.decode().partition("<main")[2]).split())


def test_opening_the_link_a_hundred_times_changes_nothing(email, scanner):
    for _ in range(50):
        assert scanner.get(link(email)).status_code == 200
        assert scanner.head(link(email)).status_code == 200

    assert choices() == []
    email.refresh_from_db()
    assert email.unsubscribed_at is None


def test_one_post_without_cookies_does_it_and_signs_nobody_in(email, scanner):
    answer = scanner.post(link(email), {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies
    assert choices() == [("Ruth Lindqvist", "off", "now")]
    assert scanner.get("/home/").status_code == 302


def test_the_page_names_what_the_email_tells_of(email, scanner):
    both = link(email, "off", ["portfolio", "messages"])

    assert "Stop all emails about portfolios and comments, and messages?" in words(scanner.get(both))
    assert "No more emails about portfolios and comments, and messages." in words(scanner.post(both))
    assert choices() == [("Ruth Lindqvist", "off", "off")]


@pytest.mark.parametrize(
    ("choice", "asks"),
    [
        ("off", "Stop all emails about messages?"),
        ("weekly", "One email a week about messages, on Monday morning?"),
        ("bundled", "Bundle what is new about messages into one email?"),
        ("now", "Emails about messages as soon as there is something new?"),
    ],
)
def test_each_choice_asks_and_is_made(email, scanner, choice, asks):
    url = link(email, choice, ["messages"])

    assert asks in words(scanner.get(url))
    assert "Done." in words(scanner.post(url))
    assert choices() == [("Ruth Lindqvist", "bundled", choice)]


def test_what_waits_is_not_sent_any_more(pair, email, scanner):
    scanner.post(link(email))

    Notification.objects.update(due_at=timezone.now())
    delivery.deliver_due()

    assert mail.outbox == []


def test_a_link_works_once_so_that_who_switched_emails_on_again_keeps_them(pair, email, scanner):
    scanner.post(link(email))
    set_preferences(pair.mentor, portfolio="bundled")

    for choice in ("off", "weekly"):
        answer = scanner.post(link(email, choice))
        assert answer.status_code == 200
        assert "Nothing was changed now. How it is now Portfolio and comments Bundled" in words(answer)

    assert choices() == [("Ruth Lindqvist", "bundled", "now")]
    assert "This link was used before" in words(scanner.get(link(email)))


def test_who_asked_for_fewer_by_an_email_can_still_stop_them_by_it_once(pair, email, scanner):
    weekly = scanner.post(link(email, "weekly"))

    assert "Stop all emails about portfolios and comments?" in words(scanner.get(link(email)))
    assert "Done. No more emails" in words(scanner.post(link(email), {"List-Unsubscribe": "One-Click"}))
    assert choices() == [("Ruth Lindqvist", "off", "now")]

    set_preferences(pair.mentor, portfolio="weekly")
    for url in (link(email), link(email, "weekly"), back(weekly)):
        assert "This link was used before" in words(scanner.get(url))
        assert "Nothing was changed now." in words(scanner.post(url, {"List-Unsubscribe": "One-Click"}))
    assert choices() == [("Ruth Lindqvist", "weekly", "now")]


def test_who_took_another_choice_back_can_still_stop_them(pair, email, scanner):
    scanner.post(back(scanner.post(link(email, "weekly"))))

    scanner.post(back(scanner.post(link(email))))
    assert choices() == [("Ruth Lindqvist", "bundled", "now")]
    scanner.post(link(email))
    assert choices() == [("Ruth Lindqvist", "bundled", "now")]


def test_that_a_link_stopped_emails_is_known_for_as_long_as_it_lasts(pair, email, scanner):
    url = link(email)
    scanner.post(url)
    set_preferences(pair.mentor, portfolio="bundled")

    with time_machine.travel(timezone.now() + LASTS - timedelta(minutes=1)):
        once.sweep(timezone.now())
        scanner.post(url)

    assert choices() == [("Ruth Lindqvist", "bundled", "now")]


def test_the_link_of_another_email_works_on(pair, email, scanner):
    scanner.post(link(email))
    set_preferences(pair.mentor, portfolio="bundled")
    another = Email.objects.create(person=pair.mentor, bundle=email.bundle, state=Email.State.SENT)

    scanner.post(link(another))

    assert choices() == [("Ruth Lindqvist", "off", "now")]


def test_it_can_be_taken_back_on_the_page_that_follows(pair, email, scanner):
    set_preferences(pair.mentor, portfolio="now", messages="weekly")
    url = back(scanner.post(link(email, "off", ["portfolio", "messages"])))

    assert "Go back to how it was before?" in words(scanner.get(url))
    assert choices() == [("Ruth Lindqvist", "off", "off")]
    assert "Done. It is as it was before." in words(scanner.post(url))
    assert choices() == [("Ruth Lindqvist", "now", "weekly")]


def test_taking_it_back_works_once_and_makes_the_link_no_new_one(pair, email, scanner):
    url = back(scanner.post(link(email)))
    scanner.post(url)
    scanner.post(link(email))
    assert choices() == [("Ruth Lindqvist", "bundled", "now")]

    set_preferences(pair.mentor, portfolio="off")
    answer = scanner.post(url)

    assert "Nothing was changed now." in words(answer)
    assert "This link was used before" in words(scanner.get(url))
    assert choices() == [("Ruth Lindqvist", "off", "now")]


def test_an_old_link_says_so_and_changes_nothing(email, scanner):
    url = link(email)

    with time_machine.travel(timezone.now() + LASTS + timedelta(seconds=2)):
        answers = [scanner.get(url), scanner.post(url, {"List-Unsubscribe": "One-Click"})]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert ["This link has grown old" in words(answer) for answer in answers] == [True, True]
    assert choices() == []


def test_every_page_of_it_leads_to_the_settings(email, scanner):
    pages = [scanner.get(link(email)), scanner.post(link(email)), scanner.post(link(email))]

    assert ['href="/settings/emails/"' in page.content.decode() for page in pages] == [True] * 3


def test_somebody_else_who_is_signed_in_keeps_their_own_choice(pair, email, signed_in):
    signed_in(pair.mentee).post(link(email))

    assert choices() == [("Ruth Lindqvist", "off", "now")]


def test_the_header_of_an_email_leads_there(pair, scanner, settings):
    settings.NOTICE_BUNDLE_MINUTES = 0
    share(pair.page, "<p>Two.</p>")
    Notification.objects.update(due_at=timezone.now())
    delivery.deliver_due()
    header = mail.outbox[0].extra_headers["List-Unsubscribe"]

    scanner.post(header.strip("<>").removeprefix(settings.SITE_URL))

    assert choices() == [("Ruth Lindqvist", "off", "now")]
    assert Email.objects.exclude(unsubscribed_at=None).count() == 1


def forged(email, person):
    """Tokens by how they are wrong; `email` was sent to `person`."""
    whole = signing.dumps([email.pk, person.pk, ["portfolio"]], salt=SALT)
    other = signing.dumps([email.pk, person.pk, ["messages"]], salt=SALT)
    return {
        "tampered with": other.split(":")[0] + whole[whole.index(":") :],
        "cut short": whole[:-1],
        "signed for something else": signing.dumps([email.pk, person.pk, ["portfolio"]], salt="something-else"),
        "not signed": signing.b64_encode(b'[1, 1, ["portfolio"]]').decode(),
        "of an email to somebody else": signing.dumps([email.pk, person.pk + 1, ["portfolio"]], salt=SALT),
        "of an email that does not exist": signing.dumps([10**6, person.pk, ["portfolio"]], salt=SALT),
    }


@pytest.mark.parametrize("how", forged(Email(pk=1), PersonFactory.build(pk=1)))
def test_a_token_that_is_not_ours_is_not_found(pair, email, scanner, how):
    url = reverse("notifications:choice", args=[forged(email, pair.mentor)[how], "off"])

    assert scanner.get(url).status_code == 404
    assert scanner.post(url).status_code == 404
    assert choices() == []


@pytest.mark.parametrize("choice", ["sometimes", "back"])
def test_a_choice_that_does_not_exist_is_not_found(email, scanner, choice):
    assert scanner.post(link(email, choice)).status_code == 404
    assert choices() == []


def test_taking_back_is_not_another_choice(email, scanner):
    url = back(scanner.post(link(email)))

    assert scanner.post(url.replace("/back/", "/weekly/")).status_code == 404
    assert choices() == [("Ruth Lindqvist", "off", "now")]
