"""Line breaks, NUL and other controls, wherever people can put them: no header more, and no page that breaks."""

from email import message_from_bytes, policy
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from lxml import html

from accounts.models import User
from files.models import StoredFile
from notifications import delivery
from notifications.actions import send_letter
from notifications.inbound.receiving import receive
from notifications.models import Email
from pairings.actions import send_message
from pairings.models import Message
from tests.factories import make_picture
from tests.files.making import picture
from tests.mentoring.routes import Visitor, urls
from tests.mentoring.world import build
from tests.notifications.posting import ADDRESS, ask, reply

pytestmark = pytest.mark.untraced

BREAKS = [
    "Amina\r\nBcc: everyone@example.org",
    "Amina\nSubject: x\n\nBody",
    "Ami\x0bna\x1b\x07\x85\u2028\u2029",
    "=?utf-8?q?=0D=0ABcc:_everyone=40example.org?=",
    "\r\n\r\nAmina",
]
HOSTILE = [*BREAKS, "Before\x00after"]


@pytest.fixture(autouse=True)
def _at_once(settings):
    settings.NOTICE_BUNDLE_MINUTES = 0
    settings.INBOUND_ADDRESS = ADDRESS
    settings.DEFAULT_FROM_EMAIL = "mentoring@example.org"


def deliver():
    """What is sent now, as a mail server reads it."""
    mail.outbox.clear()
    delivery.deliver_due()
    return [message_from_bytes(message.message().as_bytes(), policy=policy.default) for message in mail.outbox]


def added(messages):
    """Headers that no email of ours has, and recipients beside the one."""
    ours = {*OURS, "Reply-To", "In-Reply-To", "References"}
    return [(name, value) for each in messages for name, value in each.items() if name not in ours] + [
        each["To"] for each in messages if len(each["To"].addresses) != 1
    ]


OURS = (
    "Auto-Submitted", "Content-Type", "Date", "From", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
    "MIME-Version", "Message-ID", "Subject", "To", "X-Auto-Response-Suppress",
)  # fmt: skip


# Emails


@pytest.mark.parametrize("words", BREAKS)
def test_a_message_with_line_breaks_is_one_email_with_our_headers_alone(pair, words):
    pair.mentee.name = pair.mentee.known_as = words
    pair.mentee.save()
    photo = make_picture(pair.mentee, f"{words}.jpg")

    send_message(pair.pairing, by=pair.mentee, body=words, files=[photo])

    [told] = [each for each in deliver() if each["Message-ID"] in sent_in(f"pairing-{pair.pairing.pk}")]
    assert added([told]) == []
    assert len(told["Subject"].splitlines()) == 1


def sent_in(thread):
    return set(Email.objects.filter(thread=thread, state="sent").values_list("message_id", flat=True))


@pytest.mark.parametrize("words", BREAKS[:3])
def test_a_letter_to_somebody_with_line_breaks_in_their_address_is_none(db, words):
    send_letter(to=f"{words}@example.org", subject=words, text=words, html="")

    assert added(deliver()) == []
    assert "everyone@example.org" not in [address for each in mail.outbox for address in each.recipients()]
    assert not Email.objects.filter(state__in=["waiting", "sending"]).exists()


@pytest.mark.parametrize("words", BREAKS)
def test_a_refused_reply_with_line_breaks_in_its_headers_comes_back_without(pair, words):
    asked = ask(pair)
    raw = reply(asked.message, "").as_bytes().replace(b"Subject: Re:", b"Subject: " + words.encode() + b" Re:")

    receive(raw)

    assert added(deliver()) == []


@pytest.mark.parametrize("words", HOSTILE)
def test_a_reply_keeps_no_control(pair, words):
    asked = ask(pair)
    raw = reply(asked.message, "x").as_bytes().replace(b"\nx\n", b"\n" + words.encode() + b"\n")

    receive(raw)

    answers = pair.page.comments.filter(author=pair.mentee).values_list("body", flat=True)
    assert [
        letter for body in answers for letter in body if not (letter.isprintable() or letter in "\n\u2028\u2029")
    ] == []


# Files


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_has_a_name_without_controls(pair, signed_in, settings, tmp_path, name):
    thread = f"/pairings/{pair.pairing.slug}/messages/"
    browser = signed_in(pair.mentee)

    for url, data in (
        ("/settings/photo/", {"picture": SimpleUploadedFile("x.jpg", picture())}),
        (thread, {"body": "See.", "files": SimpleUploadedFile("x.jpg", picture())}),
    ):
        next(value for value in data.values() if not isinstance(value, str))._name = f"{name}.jpg"
        assert browser.post(url, data).status_code in (302, 422), url

    assert [file.name for file in StoredFile.objects.all() if not file.name.isprintable()] == []
    for message in Message.objects.filter(files__isnull=False):
        answer = browser.get(f"{thread}{message.number}/files/{message.files.get().file.uuid}/")
        answer.close()
        assert "\n" not in answer["Content-Disposition"]


# Signing in and joining


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("/account/sign-in/", {"login": "{}@example.org", "password": "{}"}),
        ("/account/sign-in/code/", {"email": "{}@example.org"}),
        ("/account/password/reset/", {"email": "{}@example.org"}),
        ("/account/join/", {"email": "new@example.org", "name": "{}", "password1": "three words to remember"}),
        ("/account/join/", {"email": "{}@example.org", "name": "Amina", "password1": "three words to remember"}),
    ],
)
def test_whoever_joins_or_signs_in_with_controls_adds_no_header(db, client, url, fields, words):
    answer = client.post(url, {name: value.format(words) for name, value in fields.items()})

    assert answer.status_code in (200, 302)
    assert added(deliver()) == []
    assert [name for name in User.objects.values_list("name", flat=True) if "\x00" in name] == []


@pytest.mark.parametrize("words", HOSTILE)
def test_who_runs_a_programme_adds_nobody_with_such_an_address(db, signed_in, words):
    world = build()

    answer = signed_in(world.people["lead"]).post(
        "/admin/accounts/user/add/", {"name": "Amina", "known_as": "", "email": f"{words}@example.org"}
    )

    assert answer.status_code in (200, 302)
    assert not User.objects.exclude(email__regex=r"^[\w.]+@example\.org$").exists()


# Everything else


def forms(page, url):
    """(where to, {field: value}) of each form that the page posts."""
    for form in html.fromstring(page).forms:
        if form.method == "POST":
            yield urljoin(url, form.action or ""), {name: value or "" for name, value in form.fields.items() if name}


def is_ours(url):
    return not urlsplit(url).netloc and "sign-out" not in url


@pytest.mark.parametrize("role", ["anonymous", "mentee", "mentor", "lead", "superuser"])
def test_no_form_breaks_by_what_is_put_into_it(db, role):
    world = build()
    visitor, tried = Visitor(world, role), set()
    for url in urls(world).values():
        page = visitor.look("GET", url)
        if page.status_code != 200 or page.streaming or not page["Content-Type"].startswith("text/html"):
            continue
        for action, fields in forms(page.content, url):
            if not is_ours(action) or (action, tuple(fields)) in tried:
                continue
            tried.add((action, tuple(fields)))
            for words in ("Before\x00after", "Amina\r\nBcc: everyone@example.org"):
                for hostile in (fields, *([name] for name in fields if len(fields) < 12)):
                    answer = post(visitor, action, fields | dict.fromkeys(hostile, words))
                    assert answer.status_code < 500, (action, hostile)
                    assert "Bcc" not in answer.headers, (action, hostile)

    assert len(tried) > 4


def post(visitor, url, data):
    """Whatever comes of it is taken back."""
    visitor._begin_anew()
    with transaction.atomic():
        response = visitor.browser.post(url, data)
        transaction.set_rollback(True)
    return response


ASKED = ("since", "version", "start", "end", "starter", "before", "page", "next", "size", "tab", "at", "q", "p", "o")


@pytest.mark.parametrize("role", ["anonymous", "mentee", "lead"])
@pytest.mark.parametrize("words", ["\x00", "\r\nSet-Cookie: x=1", "9" * 30, "\ud800".encode("utf-8", "surrogatepass")])
def test_no_address_breaks_by_what_is_asked_in_it(db, role, words):
    world = build()
    visitor = Visitor(world, role)
    for url in urls(world).values():
        query = "&".join(f"{name}={quote(words)}" for name in ASKED)
        answer = visitor.look("GET", f"{url}{'&' if '?' in url else '?'}{query}")
        assert answer.status_code < 500, url
        assert "x" not in answer.cookies, url


@pytest.mark.parametrize("part", ["%00", "%0d%0aX-Evil:%201", "%ff"])
def test_no_address_breaks_by_its_parts(pair, signed_in, part):
    browser = signed_in(pair.mentee)
    for url in (
        f"/portfolios/{part}/",
        f"/portfolios/amina-okafor/{part}/",
        f"/pairings/{part}/messages/",
        f"/e/{part}/weekly/",
        f"/drafts/{part}/",
        f"/admin/{part}/",
        f"/account/password/reset/key/{part}/",
    ):
        for client in (browser, Client()):
            answer = client.get(url)
            assert answer.status_code in (302, 400, 404, 405), url
            assert "X-Evil" not in answer.headers
