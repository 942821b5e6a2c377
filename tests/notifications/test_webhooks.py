"""Hosted services bring email by webhook: only with their signature, and each email once."""

import base64
import hashlib
import hmac
import json

import pytest
from anymail import signals
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from notifications.inbound import hosted
from notifications.models import Email, InboundEmail, StoppedAddress
from portfolios.models import Comment
from tests.mentoring.test_settings import GIVEN, python
from tests.notifications.posting import ADDRESS, QUOTED, ask

pytestmark = pytest.mark.urls("tests.notifications.hosted_urls")

KEY = "a-key-that-only-mailgun-and-we-know"
SECRET = "postmark:a-secret-that-only-postmark-and-we-know"


@pytest.fixture(autouse=True)
def _brought_by_a_service(settings):
    settings.INBOUND_ADDRESS = ADDRESS
    settings.DEFAULT_FROM_EMAIL = "mentoring@example.org"
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY, "WEBHOOK_SECRET": ""}
    hosted.connect()
    yield
    signals.inbound.disconnect(dispatch_uid="inbound")
    signals.tracking.disconnect(dispatch_uid="tracking")


@pytest.fixture
def _postmark(settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}


@pytest.fixture
def service():
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.fixture
def asked(pair):
    return ask(pair)


def signature(key=KEY, token="5c7a", timestamp="1795428720"):
    signed = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {"token": token, "timestamp": timestamp, "signature": signed}


def mailgun_email(asked, text="I asked Tom." + QUOTED, by="Amina Okafor <amina@example.org>", **fields):
    address = asked.message.extra_headers["Reply-To"]
    headers = [
        ["Received", "by mxa.mailgun.example"],
        ["From", by],
        ["To", address],
        ["Subject", "Re: Ruth asked"],
        ["Message-Id", "<CAF1@mail.example.org>"],
        ["In-Reply-To", asked.email.message_id],
        ["Content-Type", "text/plain; charset=utf-8"],
    ]
    return {
        "recipient": address,
        "sender": "amina@example.org",
        "from": by,
        "subject": "Re: Ruth asked",
        "body-plain": text,
        "message-headers": json.dumps(headers),
        **signature(),
        **fields,
    }


def words():
    return [comment.body for comment in Comment.objects.exclude(body="Who did you ask?")]


def test_an_email_that_mailgun_signed_is_a_reply_however_often_it_comes(asked, service):
    for _again in range(2):
        assert service.post("/mail/mailgun/inbound/", mailgun_email(asked)).status_code == 200

    assert words() == ["I asked Tom."]
    assert InboundEmail.objects.get().outcome == "taken"


def test_its_files_are_not_taken(asked, service):
    file = SimpleUploadedFile("plan.pdf", b"%PDF", "application/pdf")
    data = mailgun_email(asked) | {"attachment-count": "1", "attachment-1": file}

    assert service.post("/mail/mailgun/inbound/", data).status_code == 200

    assert words() == ["I asked Tom."]
    assert "plan.pdf" in Email.objects.get(letter__isnull=False).letter["text"]


def test_a_whole_email_as_it_was_sent_is_read_too(asked, service):
    raw = (
        f"From: amina@example.org\r\nMessage-ID: <2@x>\r\nIn-Reply-To: {asked.email.message_id}\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\nZoë’s answer.{QUOTED}"
    )

    assert service.post("/mail/mailgun/inbound/", mailgun_email(asked, **{"body-mime": raw})).status_code == 200

    assert words() == ["Zoë’s answer."]


@pytest.mark.parametrize(
    "fields",
    [
        signature("another key"),
        {"signature": ""},
        {"signature": "é"},
        {"timestamp": "1"},
        {"timestamp": "é"},
        {"token": "other"},
    ],
)
def test_without_mailguns_signature_nothing_happens(asked, service, fields):
    assert service.post("/mail/mailgun/inbound/", mailgun_email(asked, **fields)).status_code == 400
    assert service.post("/mail/mailgun/inbound/", {}).status_code == 400
    assert service.post("/mail/mailgun/inbound/", b"{", content_type="application/json").status_code == 400

    assert (words(), InboundEmail.objects.count()) == ([], 0)


def test_a_signed_email_of_a_stranger_posts_nothing(asked, service):
    assert service.post("/mail/mailgun/inbound/", mailgun_email(asked, by="evil@evil.example")).status_code == 200

    assert words() == []


def test_an_address_that_nobody_was_given_is_answered_like_any_other(asked, service):
    data = mailgun_email(asked, recipient="reply@example.org")

    assert service.post("/mail/mailgun/inbound/", data).status_code == 200
    assert InboundEmail.objects.count() == 0


def mailgun_news(asked, event="failed", severity="permanent", said="550 5.1.1 No such user", token="77", **data):
    return {
        "signature": signature(token=token),
        "event-data": {
            "event": event,
            "severity": severity,
            "timestamp": 1795428720.5,
            "recipient": "amina@example.org",
            "reason": "bounce",
            "delivery-status": {"message": said, "code": 550, "description": ""},
            "message": {"headers": {"message-id": asked.email.message_id.strip("<>")}},
            **data,
        },
    }


def post(service, url, data, **headers):
    return service.post(url, json.dumps(data), content_type="application/json", headers=headers).status_code


def test_what_mailgun_could_not_deliver_stops_the_address_once(asked, service):
    for _again in range(2):
        assert post(service, "/mail/mailgun/tracking/", mailgun_news(asked)) == 200

    email = Email.objects.get(pk=asked.email.pk)
    assert (email.state, email.reason, email.bounces) == ("failed", "550 5.1.1 No such user", 1)
    assert StoppedAddress.objects.get().email == "amina@example.org"
    assert InboundEmail.objects.get().outcome == "bounce"


@pytest.mark.parametrize(
    ("news", "state", "stopped"),
    [
        ({"severity": "temporary"}, "sent", 0),
        ({"said": "552 5.2.2 Full"}, "waiting", 0),
        ({"said": "", "reason": "generic"}, "waiting", 0),
        ({"said": ""}, "failed", 1),
        ({"event": "complained"}, "failed", 1),
        ({"event": "opened"}, "sent", 0),
        ({"event": "delivered"}, "sent", 0),
        ({"recipient": "x@example.org"}, "sent", 0),
        ({"recipient": None}, "sent", 0),
        ({"message": {"headers": {"message-id": "of-theirs@mailgun.example"}}}, "failed", 1),
        ({"message": {}}, "failed", 1),
        ({"message": {}, "said": "552 5.2.2 Full"}, "sent", 0),
        ({"message": {"headers": {"message-id": "of-theirs@mailgun.example"}}, "said": "5.2.2"}, "sent", 0),
    ],
)
def test_news_of_an_email_has_the_effect_that_it_should(asked, service, news, state, stopped):
    assert post(service, "/mail/mailgun/tracking/", mailgun_news(asked, **news)) == 200

    assert Email.objects.get(pk=asked.email.pk).state == state
    assert StoppedAddress.objects.count() == stopped


def test_a_complaint_about_what_is_forgotten_stops_the_address_too(asked, service):
    Email.objects.filter(pk=asked.email.pk).update(state="dropped")

    post(service, "/mail/mailgun/tracking/", mailgun_news(asked, event="complained", message={}))

    assert StoppedAddress.objects.get().reason == "marked as spam"


def test_news_without_a_signature_change_nothing(asked, service):
    assert post(service, "/mail/mailgun/tracking/", mailgun_news(asked) | {"signature": signature("x")}) == 400
    assert post(service, "/mail/mailgun/tracking/", {}) == 400

    assert StoppedAddress.objects.count() == 0


def postmark_email(asked, text="I asked Tom." + QUOTED, **fields):
    address = asked.message.extra_headers["Reply-To"]
    return {
        "FromFull": {"Email": "amina@example.org", "Name": "Amina Okafor", "MailboxHash": ""},
        "ToFull": [{"Email": address, "Name": "", "MailboxHash": ""}],
        "CcFull": [],
        "BccFull": [],
        "OriginalRecipient": address,
        "Subject": "Re: Ruth asked",
        "MessageID": "73e6d360-66eb-11e1-8e72-a8904824019b",
        "Date": "Mon, 23 Nov 2026 10:00:00 +0000",
        "TextBody": text,
        "HtmlBody": "",
        "Headers": [
            {"Name": "Return-Path", "Value": "<amina@example.org>"},
            {"Name": "Message-ID", "Value": "<CAF1@mail.example.org>"},
            {"Name": "In-Reply-To", "Value": asked.email.message_id},
        ],
        "Attachments": [],
        **fields,
    }


def basic(secret=SECRET):
    return {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}


@pytest.mark.usefixtures("_postmark")
def test_postmark_is_known_by_its_secret(asked, service):
    for headers in ({}, basic("postmark:guess"), {"Authorization": "Basic !"}):
        assert post(service, "/mail/postmark/inbound/", postmark_email(asked), **headers) == 400
    assert words() == []

    for _again in range(2):
        assert post(service, "/mail/postmark/inbound/", postmark_email(asked), **basic()) == 200
    assert words() == ["I asked Tom."]


@pytest.mark.usefixtures("_postmark")
def test_a_reply_with_large_files_is_read_and_without_the_secret_it_is_not(asked, service):
    large = {"Name": "a.jpg", "ContentType": "image/jpeg", "Content": base64.b64encode(b"x" * 9_000_000).decode()}
    data = postmark_email(asked, Attachments=[large, large | {"Name": "b.jpg"}])

    assert post(service, "/mail/postmark/inbound/", data) == 400
    assert words() == []

    assert post(service, "/mail/postmark/inbound/", data, **basic()) == 200
    assert words() == ["I asked Tom."]
    assert "a.jpg" in Email.objects.get(letter__isnull=False).letter["text"]


@pytest.mark.usefixtures("_postmark")
def test_a_length_that_is_no_number_is_answered_with_400(asked, service):
    data = json.dumps(postmark_email(asked))
    sent = {"content_type": "application/json", "headers": basic(), "CONTENT_LENGTH": "ten"}

    assert service.post("/mail/postmark/inbound/", data, **sent).status_code == 400
    assert words() == []


@pytest.mark.usefixtures("_postmark")
@pytest.mark.parametrize(
    "fields",
    [
        {"Subject": "a\r\nBcc: x@example.org"},
        {"Headers": None},
        {"Headers": [{"Name": "X\r\nY", "Value": "\x00"}]},
        {"TextBody": None},
        {"FromFull": None},
        {"FromFull": {"Name": "a\r\nBcc: <x@y>", "Email": "amina@example.org\r\nTo: x"}},
        {"TextBody": "\ud800\x00"},
        {"Attachments": [{}]},
    ],
)
def test_what_a_service_brings_broken_never_ends_in_an_error_of_ours(asked, service, fields):
    assert post(service, "/mail/postmark/inbound/", postmark_email(asked, **fields), **basic()) in (200, 400)

    assert words() in ([], ["I asked Tom."])


@pytest.mark.usefixtures("_postmark")
@pytest.mark.parametrize(
    ("kind", "stopped"), [("HardBounce", 1), ("SoftBounce", 0), ("SpamComplaint", 1), ("Blocked", 0)]
)
def test_postmarks_news_are_told_apart(asked, service, kind, stopped):
    data = {
        "RecordType": "Bounce",
        "Type": kind,
        "ID": 4323372036854775807,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Email": "Amina@example.org",
        "Description": "What the server said",
        "BouncedAt": "2026-11-23T10:00:00Z",
    }

    assert post(service, "/mail/postmark/tracking/", data, **basic()) == 200
    assert StoppedAddress.objects.count() == stopped


HOSTED = GIVEN | {"INBOUND_ADDRESS": "reply+{key}@example.org", "ANYMAIL_PROVIDER": "mailgun"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Please set ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY: without, anybody could bring email as mailgun."),
        ({"ANYMAIL_PROVIDER": "postmark"}, "Please set ANYMAIL_WEBHOOK_SECRET"),
        ({"ANYMAIL_PROVIDER": "postmark", "ANYMAIL_WEBHOOK_SECRET": "x"}, "ANYMAIL_WEBHOOK_SECRET is “name:password”"),
        ({"ANYMAIL_PROVIDER": "pigeon"}, "ANYMAIL_PROVIDER can be amazon_ses, brevo"),
        ({"INBOUND_ADDRESS": "reply@example.org"}, "INBOUND_ADDRESS is an address with {key}"),
        ({"INBOUND_ADDRESS": "reply+{key}"}, "INBOUND_ADDRESS is an address with {key}"),
        ({"INBOUND_ADDRESS": "r{key}{0}@example.org"}, "INBOUND_ADDRESS is an address with {key}"),
        ({"INBOUND_ADDRESS": "x" * 18 + "{key}@example.org"}, "INBOUND_ADDRESS is too long"),
    ],
)
def test_it_refuses_to_start_where_anybody_could_bring_email(given, said):
    done = python("-c", "import mentoring.settings", given=HOSTED | given)

    assert done.returncode == 1
    assert said in done.stderr


def test_only_the_chosen_services_routes_are_open():
    given = HOSTED | {"ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    check = python("manage.py", "check", "--deploy", "--fail-level", "WARNING", given=given)
    done = python("-c", RESOLVE, given=given)

    assert (check.returncode, check.stderr) == (0, "")
    assert (done.stdout, done.stderr) == ("mail:inbound mail:tracking 404 404 1 1 True\n", "")


RESOLVE = """
import django
from django.urls import Resolver404, resolve

django.setup()
for path in ("mailgun/inbound", "mailgun/tracking", "postmark/inbound", "mailgun/inbound_mime"):
    try:
        print(resolve(f"/mail/{path}/").view_name, end=" ")
    except Resolver404:
        print(404, end=" ")
from anymail import signals
from django.conf import settings
print(len(signals.inbound.receivers), len(signals.tracking.receivers), "anymail" in settings.INSTALLED_APPS)
"""


@pytest.mark.parametrize("name", hosted.providers.PROVIDERS)
def test_every_service_that_can_be_chosen_has_its_routes(name):
    assert [str(pattern.pattern) for pattern in hosted.patterns(name)] == [f"{name}/inbound/", f"{name}/tracking/"]
