"""What comes back: soft ones are tried again, hard ones stop an address, and its owner hears of it."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from notifications import bounces, delivery
from notifications.actions import send_letter
from notifications.inbound.addresses import UnknownAddress, bounce_key, unsubscribe_key
from notifications.inbound.receiving import receive
from notifications.models import Email, InboundEmail, StoppedAddress
from tests.notifications.posting import ADDRESS, ask, reply, report

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _receives_email(settings):
    settings.INBOUND_ADDRESS = ADDRESS
    settings.DEFAULT_FROM_EMAIL = "mentoring@example.org"
    settings.NOTICE_BUNDLE_MINUTES = 0


@pytest.fixture
def asked(pair):
    return ask(pair)


def key(email):
    return bounce_key(email)


def state(email):
    return Email.objects.filter(pk=email.pk).values_list("state", "reason", "bounces").get()


def stopped():
    return list(StoppedAddress.objects.values_list("email", "reason"))


def test_our_emails_say_where_they_are_to_come_back_to(asked):
    assert asked.message.from_email == ADDRESS.format(key=key(asked.email))


def test_a_hard_bounce_fails_the_email_and_stops_its_address(pair, asked):
    row = receive(report(key(asked.email)), sender="")

    assert (row.outcome, row.reason, row.person) == ("bounce", "550 5.1.1 No such user", pair.mentee)
    assert state(asked.email) == ("failed", "550 5.1.1 No such user", 1)
    assert stopped() == [("amina@example.org", "550 5.1.1 No such user")]


def test_the_same_report_twice_counts_once(asked):
    for _again in range(2):
        receive(report(key(asked.email), status="4.2.2", said="smtp; 452 4.2.2 Full"))

    assert state(asked.email) == ("waiting", "452 4.2.2 Full", 1)


def test_a_soft_bounce_is_tried_again_in_an_hour_three_times(asked):
    for number in range(5):
        receive(
            report(key(asked.email), status="5.2.2", to=f"amina@example{number}.org", said="").replace(
                b"Message-ID: <", f"Message-ID: <{number}".encode()
            ),
            at=AT,
        )
        email = Email.objects.get(pk=asked.email.pk)
        if number < 3:
            assert (email.state, email.due_at, email.bounces) == ("waiting", AT + timedelta(hours=1), number + 1)
            Email.objects.filter(pk=email.pk).update(due_at=timezone.now())
            delivery.deliver_due()

    assert state(asked.email) == ("failed", "5.2.2", 3)
    assert stopped() == []


def test_what_is_sent_again_says_the_same_under_the_same_name(asked, mailoutbox):
    receive(report(key(asked.email), status="4.4.1"))
    Email.objects.filter(pk=asked.email.pk).update(due_at=timezone.now())
    mailoutbox.clear()

    delivery.deliver_due()

    [message] = mailoutbox
    assert message.subject == asked.message.subject
    assert message.extra_headers["Message-ID"] == asked.email.message_id
    assert Email.objects.get(pk=asked.email.pk).state == "sent"


@pytest.mark.parametrize(
    ("said", "hard"),
    [
        ("5.1.1", True),
        ("5.0.0", True),
        ("5.2.1", True),
        ("5.4.1", True),
        ("5.1.10", True),
        ("5.2.2", False),
        ("5.7.1", False),
        ("5.3.4", False),
        ("5.6.0", False),
        ("4.1.1", False),
        ("2.0.0", False),
        ("550 No such user", True),
        ("550 5.7.1 550 blocked", False),
        ("552 Mailbox full", False),
        ("421 Later", False),
        ("", False),
        ("It is 550 metres high: 5.1", True),
    ],
)
def test_hard_is_what_is_about_the_address_and_for_good(said, hard):
    assert bounces.is_hard(said) is hard


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", "x" * 50])
def test_what_only_tells_how_it_goes_changes_nothing(asked, action):
    row = receive(report(key(asked.email), action=action))

    assert (row.outcome, row.reason) == ("ignored", f"only says: {action}")
    assert state(asked.email) == ("sent", "", 0)


@pytest.mark.parametrize(
    "change",
    [
        (b"message/delivery-status", b"text/plain"),
        (b"Action: failed", b"Auction: failed"),
        (b"multipart/report", b"text/plain"),
        (b'boundary="=_1"', b'boundary="=_2"'),
    ],
)
def test_what_is_no_report_changes_nothing(asked, change):
    row = receive(report(key(asked.email)).replace(*change))

    assert (row.outcome, row.reason) == ("ignored", "no report on a delivery")
    assert (state(asked.email), stopped()) == (("sent", "", 0), [])


def test_a_note_of_absence_to_the_bounce_address_changes_nothing(asked):
    absence = reply(asked.message, "I am away.", To=ADDRESS.format(key=key(asked.email)), Auto_Submitted="auto-replied")

    assert receive(absence.as_bytes()).outcome == "ignored"
    assert state(asked.email) == ("sent", "", 0)


def test_a_report_for_a_key_that_nobody_was_given_is_refused(asked):
    theirs = asked.email
    another = Email.objects.create(person=theirs.person, bundle="x")
    secret = key(theirs)[-32:]
    forged = ["0" * 32, f"{theirs.pk}-{'0' * 32}", f"{theirs.pk}-{secret[:-1]}%", f"{another.pk}-{secret}"]
    for guess in [*forged, f"{10**11}-{secret}", f"{theirs.pk}-{unsubscribe_key(theirs)[-32:]}"]:
        with pytest.raises(UnknownAddress):
            receive(report(f"b-{guess}"))


def test_what_every_reply_reveals_of_an_email_does_not_let_it_come_back(asked):
    told = asked.email.message_id[1:33]

    for guess in (f"b-{told}", f"b-{asked.email.pk}-{told}"):
        with pytest.raises(UnknownAddress):
            receive(report(guess))

    assert told not in key(asked.email)
    assert (state(asked.email), stopped()) == (("sent", "", 0), [])


def test_a_key_fits_before_the_at_of_an_address():
    email = Email(pk=10**12 - 1)

    assert [len(f"reply+{make(email)}") <= 64 for make in (bounce_key, unsubscribe_key)] == [True, True]


@pytest.mark.parametrize(
    ("later", "outcome"), [(timedelta(days=6, hours=23), "bounce"), (timedelta(days=8), "ignored")]
)
def test_a_report_counts_for_a_week(asked, later, outcome):
    row = receive(report(key(asked.email)), at=asked.email.sent_at + later)

    assert row.outcome == outcome
    assert len(stopped()) == (outcome == "bounce")


@pytest.mark.parametrize("to", ["ruth@example.org", "x", "amina@example.org.evil.example"])
def test_a_forged_report_stops_nobody_elses_address(asked, to):
    receive(report(key(asked.email), to=to))

    assert stopped() == []


def test_an_address_that_the_person_has_changed_meanwhile_is_none_of_theirs(pair, asked):
    pair.mentee.email = "amina@new.example.org"
    pair.mentee.save()

    receive(report(key(asked.email)))

    assert stopped() == []
    assert state(asked.email)[0] == "failed"


def test_an_address_in_other_letters_is_the_same(pair, asked):
    pair.mentee.email = "amina@bücher.example"
    pair.mentee.save()

    receive(report(key(asked.email), to="Amina@xn--bcher-kva.EXAMPLE"))

    assert [email for email, _reason in stopped()] == ["amina@bücher.example"]


def test_a_letter_that_comes_back_has_failed_for_its_words_are_gone(pair):
    letter = send_letter(to="amina@example.org", subject="Code", text="1", html="", person=pair.mentee)
    nobodys = send_letter(to="new@example.org", subject="Code", text="1", html="")
    delivery.deliver_due()

    receive(report(key(letter), status="4.2.2", said="smtp; 452 4.2.2 Full"))
    receive(report(key(nobodys), to="new@example.org"))

    assert [state(email)[0] for email in (letter, nobodys)] == ["failed", "failed"]
    assert stopped() == []


def test_a_report_that_is_faster_than_we_are_counts(asked):
    """The mail server may give an email back before we have noted that it took it."""
    Email.objects.update(state="sending", lease="00000000-0000-0000-0000-000000000001", lease_until=timezone.now())

    receive(report(key(asked.email)))

    assert Email.objects.values_list("state", "lease").get(pk=asked.email.pk) == ("failed", None)


def test_the_other_servers_words_are_kept_in_one_line():
    said = "550 5.1.1 <x>\r\n No\tsuch\x00 user\u202e " + "x" * 400
    assert bounces.one_line(said)[:33] == "550 5.1.1 <x> No such user xxxxxx"
    assert len(bounces.one_line(said)) == 300


def test_which_of_many_addresses_are_stopped_is_one_question(db, django_assert_num_queries):
    for email in ("a@example.org", "b@example.org"):
        bounces.stop_address(email.upper(), reason="550 5.1.1", at=AT)

    with django_assert_num_queries(1):
        assert bounces.stopped_among(["A@example.org", "c@example.org"]) == {"a@example.org"}


def sign_in(client, person):
    person.set_password("a-long-enough-password")
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return client.post("/account/sign-in/", {"login": person.email, "password": "a-long-enough-password"})


def test_whoever_cannot_be_reached_is_told_at_the_next_sign_in_and_can_put_it_right(pair, client):
    bounces.stop_address("Amina@example.org", reason="550 5.1.1 <a@b>: <b>No such user</b>", at=AT)
    sign_in(client, pair.mentee)

    page = client.get("/home/").content.decode()
    assert "We can’t reach you at amina@example.org: there is no such mailbox (5.1.1)." in page
    assert 'action="/settings/emails/again/"' in page
    assert f'href="{reverse("account_email")}"' in page
    assert "We can’t reach you" not in client.get("/home/").content.decode()

    response = client.post("/settings/emails/again/")

    assert (response.status_code, response["Location"]) == (302, "/settings/emails/")
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "Thank you. We email you at amina@example.org again."
    ]
    assert stopped() == []


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("550 5.1.1 Call 0900 123 to unlock your account", "there is no such mailbox (5.1.1)"),
        ("550 Call us", "there is no such mailbox (550)"),
        ("550 5.2.1 Call us", "the mailbox takes no email (5.2.1)"),
        ("5.4.4", "there is no way to its mail server (5.4.4)"),
        ("554 Call us", "our emails come back (554)"),
        ("5.0.0 https://evil.example", "our emails come back (5.0.0)"),
        ("Call us", "our emails come back"),
        ("", "our emails come back"),
        (bounces.MARKED_AS_SPAM, "our emails were marked as spam"),
    ],
)
def test_why_somebody_cannot_be_reached_is_never_said_in_anothers_words(pair, reason, said):
    bounces.stop_address(pair.mentee.email, reason=reason, at=AT)

    assert bounces.unreachable(pair.mentee) == f"We can’t reach you at amina@example.org: {said}."


def test_whoever_can_be_reached_is_told_nothing(pair, client):
    bounces.stop_address("ruth@example.org", reason="550 5.1.1", at=AT)

    response = sign_in(client, pair.mentee)

    assert response.status_code == 302
    assert list(get_messages(response.wsgi_request)) == []


def test_nobody_lets_another_persons_address_again(pair, signed_in):
    bounces.stop_address("ruth@example.org", reason="550 5.1.1", at=AT)

    signed_in(pair.mentee).post("/settings/emails/again/", {"email": "ruth@example.org"})

    assert [email for email, _reason in stopped()] == ["ruth@example.org"]
    assert InboundEmail.objects.count() == 0
