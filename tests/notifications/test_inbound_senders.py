"""Who wrote an email that came: the person's own addresses, others, programs, and ourselves."""

import pytest
from allauth.account.models import EmailAddress

from notifications.inbound.receiving import receive
from notifications.models import Email, InboundEmail
from portfolios.models import Comment
from tests.notifications.posting import ADDRESS, ask, reply


@pytest.fixture(autouse=True)
def _receives_email(settings):
    settings.INBOUND_ADDRESS = ADDRESS
    settings.INBOUND_AUTHSERV = "mx.example.org"
    settings.DEFAULT_FROM_EMAIL = "mentoring@example.org"


@pytest.fixture
def asked(pair):
    return ask(pair)


def taken():
    """(author, words) of what came by email."""
    return [(comment.author.first_name, comment.body) for comment in Comment.objects.exclude(body="Who did you ask?")]


def outcomes():
    return list(InboundEmail.objects.order_by("pk").values_list("outcome", "reason"))


def letters():
    """Those that wait to be sent: (to, subject, text)."""
    found = Email.objects.filter(letter__isnull=False).order_by("pk")
    return [(email.letter["to"], email.letter["subject"], email.letter["text"]) for email in found]


@pytest.mark.parametrize(
    "by",
    [
        "Amina Okafor <amina@example.org>",
        "amina@example.org",
        "AMINA@Example.ORG",
        '"Okafor, Amina" <amina@example.org>',
        "=?utf-8?q?Am=C3=ADna_=3Cx=40example=2Eorg=3E?= <amina@example.org>",
        "amina@example.org (Amina)",
        "Amina Okafor <a.okafor@work.example.org>",
    ],
)
def test_the_persons_own_addresses_are_theirs(pair, asked, by):
    EmailAddress.objects.create(user=pair.mentee, email="a.okafor@work.example.org", verified=True)
    raw = reply(asked.message, by=None).as_bytes()

    receive(f"From: {by}\n".encode() + raw)

    assert taken() == [("Amina", "I asked Tom.")]


@pytest.mark.parametrize(
    "header",
    [
        "From: evil@evil.example",
        'From: "amina@example.org" <evil@evil.example>',
        "From: amina@example.org <evil@evil.example>",
        "From: <amina@example.org> <evil@evil.example>",
        "From: amina@example.org, evil@evil.example",
        "From: amina@example.org\nFrom: evil@evil.example",
        "From: amina@example.org\nFrom: amina@example.org",
        "From: amina@example.org@evil.example",
        'From: "<amina@example.org>" evil@evil.example',
        "From: evil@evil.example (<amina@example.org>)",
        "From: Team:amina@example.org;",
        "From: amina@example.org.evil.example",
        "From: ruth@example.org",
        "From: a.okafor@new.example.org",
        "From: amina",
        "From: ",
        "From: " + "(" * 3_000 + "amina@example.org",
        "From: " + '"' * 100_000 + "<amina@example.org>",
        "X-No-From: 1",
    ],
)
def test_from_anybody_else_nothing_is_posted_and_only_the_person_is_told_once_a_day(pair, asked, header):
    EmailAddress.objects.create(user=pair.mentee, email="a.okafor@new.example.org", verified=False)
    for text in ("Buy this.", "Buy that."):
        raw = reply(asked.message, text, by=None, Sender="amina@example.org").as_bytes()
        receive(header.encode() + b"\n" + raw)

    assert taken() == []
    assert outcomes() == [("refused", "from another address"), ("ignored", "from another address")]
    [(to, subject, words)] = letters()
    assert (to, subject) == ("amina@example.org", "A reply came from another address")
    assert "Buy" not in words
    assert "evil" not in words


def test_what_our_mail_server_doubts_is_not_used(pair, asked):
    doubt = b"Authentication-Results: mx.example.org 1; spf=none; dmarc=fail (p=none)\n"
    for text in ("Buy this.", "Buy that."):
        receive(doubt + reply(asked.message, text).as_bytes())

    assert taken() == []
    assert outcomes() == [("refused", "fails DMARC"), ("ignored", "fails DMARC")]
    [(to, subject, words)] = letters()
    assert (to, subject) == ("amina@example.org", "A reply came in your name")
    assert "Buy" not in words


def test_what_others_say_of_dmarc_is_not_heeded(pair, asked):
    raw = reply(asked.message, Authentication_Results="mx.evil.example; dmarc=fail").as_bytes()

    receive(b"Authentication-Results: mx.example.org; dmarc=pass header.from=example.org\n" + raw)

    assert taken() == [("Amina", "I asked Tom.")]


def test_a_token_is_of_one_person_in_one_thread(pair, asked):
    """Ruth cannot answer with what was given to Amina."""
    receive(reply(asked.message, by="Ruth Lindqvist <ruth@example.org>").as_bytes())

    assert taken() == []
    assert [to for to, _subject, _text in letters()] == ["amina@example.org"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner=x"},
        {"Precedence": "bulk"},
        {"Precedence": "List"},
        {"X_Autoreply": "yes"},
        {"X_Autorespond": "Away"},
        {"List_Id": "<pairing-1.example.org>"},
        {"Return_Path": "<>"},
        {"Subject": "Automatic reply: Ruth asked", "X_Auto_Response_Suppress": "All"},
        {"Subject": "Abwesenheitsnotiz", "X_Auto_Response_Suppress": "All"},
        {"by": "Northmere <mentoring@example.org>"},
    ],
)
def test_what_a_program_wrote_is_ignored_in_silence(pair, asked, headers):
    row = receive(reply(asked.message, **headers).as_bytes())

    assert (taken(), letters(), row.outcome) == ([], [], "ignored")


def test_an_email_without_a_return_path_is_ignored(pair, asked):
    receive(reply(asked.message).as_bytes(), sender="")

    assert outcomes() == [("ignored", "not written by a person: no return path")]


def test_an_email_of_ours_that_comes_back_is_ignored(pair, asked):
    receive(reply(asked.message, Message_ID=asked.email.message_id).as_bytes())

    assert outcomes() == [("ignored", "an email of ours that came back")]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "no"},
        {"X_Auto_Response_Suppress": "OOF, AutoReply"},
        {"Subject": "Out of office hours, but here is my answer"},
        {"Return_Path": "<amina@example.org>"},
        {"Precedence": "normal"},
    ],
)
def test_what_a_person_wrote_is_taken_whatever_their_program_adds(pair, asked, headers):
    receive(reply(asked.message, **headers).as_bytes())

    assert taken() == [("Amina", "I asked Tom.")]


def came(person, count, outcome, reason):
    """So many came for the person already today."""
    rows = [InboundEmail(person=person, digest=f"{reason}{n}", outcome=outcome, reason=reason) for n in range(count)]
    InboundEmail.objects.bulk_create(rows)


def test_somebody_who_may_not_sign_in_says_nothing_by_email(pair, asked):
    pair.mentee.is_active = False
    pair.mentee.save()

    receive(reply(asked.message).as_bytes())

    assert outcomes() == [("ignored", "the person may not sign in")]
    assert letters() == []
