"""Line breaks, controls and numbers out of range end no header, stop no email and break no page."""

from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.test import Client

from portfolios.models import Comment, PageVersion
from tests.portfolios.surfaces import browser, emails, write

BREAKS = ["Amina\r\nBcc: everyone@example.org", "Amina\nSubject: x", "Amina\x1b\x07", "Ami\x0bna\x85"]


@pytest.mark.parametrize("name", BREAKS)
def test_a_line_break_in_a_name_or_a_title_ends_no_header_and_stops_no_email(pair, name):
    write(pair, name, f"<p>{name}</p>")

    emails(Client())

    assert len(mail.outbox) == 2
    for message in mail.outbox:
        sent = message_from_bytes(message.message().as_bytes(), policy=policy.default)
        assert sorted(sent.keys()) == HEADERS
        assert len(sent["To"].addresses) == 1


HEADERS = [
    "Auto-Submitted",
    "Content-Type",
    "Date",
    "From",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Message-ID",
    "Subject",
    "To",
    "X-Auto-Response-Suppress",
]


def test_an_address_on_a_host_with_other_letters_gets_its_email(pair):
    pair.mentor.email = "ruth@bücherei.example"
    pair.mentor.save()

    emails(Client())

    assert [message.to for message in mail.outbox] == [["Ruth Lindqvist <ruth@xn--bcherei-n2a.example>"]]


NUL = "Before\x00after"


@pytest.mark.parametrize(
    ("who", "path", "data", "status"),
    [
        ("mentee", "draft/", {"title": NUL, "body": "<p>x</p>", "saves": 1}, 422),
        ("mentee", "draft/", {"title": "x", "body": NUL, "saves": 1}, 422),
        ("mentee", "draft/", {"title": "x", "plain": NUL, "saves": 1}, 422),
        ("mentee", "draft/", {"title": "x", "body": "<p>x</p>", "saves": "9" * 15}, 422),
        ("mentee", "draft/", {"title": "x", "body": "<p>x</p>", "saves": 1, "criteria": "9" * 40}, 422),
        ("mentee", "edit/", {"title": NUL, "body": NUL, "saves": NUL, "criteria": NUL}, 422),
        ("mentee", "share/", {"note": NUL}, 422),
        ("mentor", "comments/", {"kind": "idea", "body": NUL}, 422),
        ("mentor", "comments/", {"kind": NUL, "body": "x"}, 422),
        ("mentor", "comments/", {"kind": "idea", "body": "x", "seen_until": NUL}, 422),
        ("mentor", "reading/", {"seen_until": NUL}, 302),
        ("mentor", "reading/", {"seen_until": "0001-01-01T00:00:00+14:00"}, 302),
        ("mentor", "reading/", {"seen_until": "9999-12-31T23:59:59-14:00"}, 302),
    ],
)
def test_what_cannot_be_kept_is_said_and_breaks_nothing(pair, who, path, data, status):
    before = PageVersion.objects.count(), Comment.objects.count()

    answer = browser(getattr(pair, who)).post(pair.page.get_absolute_url() + path, data)

    assert answer.status_code == status
    assert (PageVersion.objects.count(), Comment.objects.count()) == before


@pytest.mark.parametrize("since", ["%00", "-1", "9" * 30, "²", "1;drop", "1%0d%0aSet-Cookie:x=1"])
def test_a_strange_question_is_answered_like_a_plain_one(pair, since):
    answer = browser(pair.mentor).get(f"{pair.page.get_absolute_url()}?since={since}")

    assert (answer.status_code, sorted(answer.cookies)) == (200, ["csrftoken", "person"])


def test_a_new_page_with_a_line_break_in_its_title_has_an_address_without(pair):
    answer = browser(pair.mentee).post(
        f"{pair.portfolio.get_absolute_url()}new/", {"title": "One\r\nLocation: https://evil.example"}
    )

    assert answer["Location"] == f"{pair.portfolio.get_absolute_url()}one-location-httpsevilexample/edit/"
