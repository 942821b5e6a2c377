"""Every word that people see can be translated.

A made-up language puts ⟦brackets⟧ around each translated string, and everything that people and programmes bring is
written in brackets, too. Words that a page or an email shows outside of them were never given to gettext.
"""

import re
from datetime import timedelta

import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.template.loader import render_to_string
from django.utils import timezone, translation
from lxml import html

from mentoring.demo.accounts import ACCOUNTS
from notifications import delivery
from notifications.letters import compose
from notifications.models import Email, Notification
from programmes.letters import send_invitation
from tests.factories import EnrolmentFactory, InvitationFactory, PersonFactory
from tests.mentoring.routes import Visitor, urls
from tests.mentoring.world import build

SHOWN_ATTRIBUTES = ("title", "aria-label", "alt", "placeholder", "data-toolbar")
# Machines' words: code, zones by their names in the database of time zones, headers of an email, names of colours in
# the style sheets; and the first letters of a name.
NO_WORDS = "|".join(
    f"//{path}"
    for path in (
        "script",
        "style",
        "head",
        "select[@id='id_time_zone']",
        "*[contains(@class, 'avatar')]",
        "*[@class='swatch']/span/strong",
        "pre[@class='mail-text']",
        "dl[@class='headers']",
    )
)
NAMES = re.compile("|".join(re.escape(word) for account in ACCOUNTS for word in account.name.split()))
ADDRESSES = re.compile(r"https?://\S+|[\w.]+@[\w.]+")


def mark(text):
    return f"⟦{text}⟧"


@pytest.fixture
def brackets(monkeypatch, settings):
    """The made-up language."""
    settings.SITE_NAME = mark("Northmere")
    for name in ("gettext", "ngettext", "pgettext", "npgettext"):
        real = getattr(translation._trans, name)
        monkeypatch.setattr(translation._trans, name, lambda *words, real=real: mark(real(*words)))


@pytest.fixture
def pseudo(db, brackets):
    """A world of people who write in the made-up language."""
    return build(mark)


def bare_words(text):
    """The words of `text` that stand in no brackets."""
    depth, outside = 0, []
    for character in text:
        depth += {"⟦": 1, "⟧": -1}.get(character, 0)
        outside.append(" " if depth or character == "⟧" else character)
    return re.findall("[^\\W\\d_]{2,}", ADDRESSES.sub(" ", "".join(outside)))


def untranslated(page):
    """Words of an HTML page, and of what it says to screen readers, that were not translated."""
    tree = html.fromstring(page)
    title = tree.findtext(".//title") or ""
    for element in tree.xpath(NO_WORDS):
        element.drop_tree()
    found = bare_words(title) + bare_words(NAMES.sub("", " ".join(tree.itertext())))
    for element in tree.iter():
        for name in SHOWN_ATTRIBUTES:
            found += bare_words(element.get(name) or "")
    return found


def in_a_week():
    return (timezone.localdate() + timedelta(days=7)).isoformat()


def test_words_outside_of_the_brackets_are_found():
    page = """<html><head><title>⟦a⟧ one</title></head>
    <body><p title="two">⟦b ⟦c⟧ <b>d</b>⟧ three 4</p><img alt="five"></body></html>"""

    assert untranslated(page) == ["one", "three", "two", "five"]


@pytest.mark.parametrize("role", ["anonymous", "mentee", "mentor", "former"])
def test_every_word_of_every_page_can_be_translated(pseudo, role):
    visitor = Visitor(pseudo, role)
    found = {}

    for route, url in urls(pseudo).items():
        for method in () if route.startswith("admin") else ("GET", "POST"):
            response = visitor.ask(method, url)
            if response["Content-Type"].startswith("text/html") and response.content:
                found[method, url] = untranslated(response.content.decode())

    assert {place: words for place, words in found.items() if words} == {}
    assert len(found) > 20


def test_every_word_of_what_is_said_after_an_act_can_be_translated(pseudo, signed_in):
    page = pseudo.page.get_absolute_url()
    mentee = signed_in(pseudo.people["mentee"])
    pairing = f"/pairings/{pseudo.pairing.slug}/"
    words = {"title": mark("Usage review"), "body": f"<p>{mark('New.')}</p>", "saves": 2}

    for url, data in (
        (f"{page}edit/", words),
        (f"{page}edit/", words | {"saves": 1, "body": f"<p>{mark('Other.')}</p>"}),
        (f"{page}draft/", words | {"saves": 1, "body": f"<p>{mark('Other.')}</p>"}),
        (f"{page}share/", {"note": ""}),
        (f"{page}share/", {"note": ""}),
        (f"{page}share/", {"note": "⟧" * 301}),
        (f"{page}comments/", {"kind": "idea", "body": mark("And this?")}),
        (f"{page}comments/{pseudo.comment.pk}/settlement/", {}),
        ("/drafts/one/", {"body": mark("Words"), "draft_saves": 0}),
        ("/drafts/one/", {"body": mark("Other words"), "draft_saves": 0}),
        ("/drafts/one/", {"body": "⟧" * 100_000}),
        (f"{page}title/", {"title": ""}),
        (f"{page}title/", {"title": mark("Another title")}),
        (f"{page}place/", {"place": 1}),
        (f"{page}away/", {}),
        (f"{page}away/", {"back": 1}),
        (f"{pseudo.portfolio.get_absolute_url()}pages/order/", {"order": pseudo.page.pk}),
        (f"{pseudo.portfolio.get_absolute_url()}new/", {"title": mark("A new page")}),
        ("/settings/display/", {"theme": "dark"}),
        ("/settings/time/", {"time_zone": "Nowhere"}),
        ("/settings/emails/", {"portfolio": "off", "messages": "off", "paused_until": "2000-01-01", "quiet_from": "8"}),
        ("/settings/emails/", {"portfolio": "off", "messages": "off", "paused_until": in_a_week()}),
        ("/settings/emails/pause/", {}),
        ("/new/seen/", {"thread": f"page-{pseudo.page.pk}", "until": timezone.now().isoformat()}),
        ("/new/kept/", {"thread": f"page-{pseudo.page.pk}", "until": timezone.now().isoformat()}),
        ("/new/kept/", {"thread": f"page-{pseudo.page.pk}", "until": timezone.now().isoformat(), "release": 1}),
        ("/new/seen/", {"until": timezone.now().isoformat()}),
        ("/demo/outbox/send/", {}),
        (f"{pairing}messages/", {"body": mark("See you on Thursday.")}),
        (f"{pairing}messages/", {"body": "⟧" * 20_001}),
        (f"{pairing}messages/3/wording/", {"body": mark("Thank you!"), "changes": 0}),
        (f"{pairing}messages/3/wording/", {"body": mark("Thanks!"), "changes": 0}),
        (f"{pairing}concern/", {"reason": mark("I am not sure.")}),
        (f"{pairing}concern/", {"reason": ""}),
        ("/account/security/password/", {"oldpassword": "no", "password1": "1", "password2": "2"}),
        ("/account/sign-out/", {}),
        ("/account/sign-in/", {"login": "mentee@example.org", "password": "no"}),
        ("/account/sign-in/code/", {"email": "mentee@example.org"}),
        ("/account/sign-in/code/confirm/", {"code": "123"}),
        ("/account/password/reset/", {"email": "no"}),
        ("/account/join/", {"email": "mentee@example.org", "name": "", "password1": "password"}),
    ):
        response = mentee.post(url, data, follow=True)
        assert untranslated(response.content.decode()) == [], url


def test_every_word_of_an_empty_house_can_be_translated(pseudo, signed_in):
    for role in ("superuser", "lead"):
        for url in ("/home/", "/mentees/"):
            assert untranslated(signed_in(pseudo.people[role]).get(url).content.decode()) == [], url

    beginner = EnrolmentFactory(programme=pseudo.programme, person=pseudo.people["lead"]).person
    browser = signed_in(beginner)
    for url in ("/home/", "/portfolio/"):
        assert untranslated(browser.get(url).content.decode()) == [], url
    assert untranslated(browser.post("/portfolio/", follow=True).content.decode()) == []


def test_every_word_of_a_welcome_and_an_offer_can_be_translated(pseudo, signed_in):
    about = {"job_title": mark("Librarian"), "employer": mark("A library"), "meets_by": "video"}
    mentee = EnrolmentFactory(programme=pseudo.programme, person=PersonFactory(name=mark("Noor")))
    mentor = EnrolmentFactory(programme=pseudo.programme, person=PersonFactory(name=mark("Elin")), role="mentor")
    listed = {name: getattr(pseudo.programme, f"{name}s").first() for name in ("sector", "region")}
    about |= {name: entry.pk for name, entry in listed.items() if entry}

    for person, step, data in (
        (mentee.person, "/welcome/you/", {}),
        (mentee.person, "/welcome/you/", about),
        (mentee.person, "/welcome/hopes/", {"hopes": mark("Much."), "level": pseudo.programme.levels.first().pk}),
        (mentee.person, "/welcome/check/", {}),
        (mentor.person, "/welcome/you/", about),
        (mentor.person, "/welcome/role/", {"can_help": mark("All."), "how_i_work": mark("Well.")}),
        (mentor.person, "/welcome/places/", {"capacity": 0}),
        (mentor.person, "/welcome/places/", {"capacity": 1, "meets_by": "phone"}),
        (mentor.person, "/welcome/check/", {}),
        (mentor.person, "/mentors/you/pause/", {"until": "2000-01-01"}),
        (mentor.person, "/mentors/you/pause/", {"until": in_a_week()}),
        (mentor.person, "/mentors/you/pause/", {"open": 1}),
        (mentor.person, "/mentors/you/", {"capacity": 99}),
    ):
        browser = signed_in(person)
        assert untranslated(browser.post(step, data, follow=True).content.decode()) == [], step
        assert untranslated(browser.get("/home/").content.decode()) == [], step


@pytest.mark.parametrize("name", ["going", "paused", "asked", "handed", "finishing", "ended", "following"])
def test_every_word_of_a_pairings_life_can_be_translated(pseudo, signed_in, name):
    pairing = getattr(pseudo.lives, name)
    until, found = in_a_week(), {}
    posts = {"pause": {"until": until}, "end": {"finish": 1}, "agreement/tick": {"still_right": 1, "number": 2}}

    for person in (pairing.mentee, pairing.mentor, pseudo.lives.new):
        browser = signed_in(person)
        for page in ("agreement", "pause", "hand-over", "hand-over/answer", "end", "completion", "thanks"):
            url = f"/pairings/{pairing.slug}/{page}/"
            for response in (browser.get(url), browser.post(url, posts.get(page, {}), follow=True), browser.get(url)):
                if response["Content-Type"].startswith("text/html") and response.content:
                    found[url, person.email] = untranslated(response.content.decode())

    assert {place: words for place, words in found.items() if words} == {}


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500"])
def test_every_word_of_what_is_said_when_something_goes_wrong_can_be_translated(brackets, rf, name):
    request = rf.get("/")
    request.user = AnonymousUser()

    assert untranslated(render_to_string(f"{name}.html", {"site_name": mark("Northmere")}, request)) == []


def test_every_word_of_an_email_about_news_can_be_translated(pseudo, settings):
    settings.NOTICE_BUNDLE_MINUTES = 0
    delivery.deliver_due()
    Notification.objects.waiting().update(due_at=timezone.now())
    delivery.deliver_due()

    sent = {notification.event.kind for notification in Notification.objects.filter(email__state=Email.State.SENT)}
    assert {message.subject: left_in(message) for message in mail.outbox if left_in(message)} == {}
    assert sent >= {"portfolios.commented", "pairings.message", "pairings.concern", "programmes.application"}


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("role", ["mentee", "mentor", "assessor", "coordinator"])
def test_every_word_of_an_invitation_can_be_translated(pseudo, role, again):
    level = pseudo.programme.levels.get() if role == "mentee" else None
    invitation = InvitationFactory(
        programme=pseudo.programme,
        invited_by=pseudo.people["lead"],
        email="new@example.org",
        name=mark("Nora"),
        role=role,
        level=level,
    )

    send_invitation(invitation, again=again)

    assert left_in(compose(Email.objects.latest("pk"))) == []


LETTERS = sorted(
    path.name.removesuffix("_message.txt")
    for path in (settings.BASE_DIR / "templates/account/email").glob("*_message.txt")
)


@pytest.mark.parametrize("letter", LETTERS)
def test_every_word_of_an_email_about_signing_in_can_be_translated(db, brackets, rf, letter):
    facts = {
        "code": "482193",
        "user_agent": "A machine",
        "ip": "192.0.2.1",
        "timestamp": timezone.now(),
        "activate_url": "https://example.org/a",
        "password_reset_url": "https://example.org/b",
        "signup_url": "https://example.org/c",
        "deleted_email": "old@example.org",
        "from_email": "old@example.org",
        "to_email": "new@example.org",
    }
    with request_context(rf.get("/")):
        get_adapter().send_mail(f"account/email/{letter}", "mentee@example.org", facts)

    assert left_in(compose(Email.objects.get(letter__isnull=False))) == []


def left_in(message):
    """Words of an email's subject and both its bodies that were not translated."""
    return bare_words(f"{message.subject} {message.body}") + untranslated(message.alternatives[0].content)
