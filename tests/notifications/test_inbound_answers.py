"""What a reply gets back: the reason when it is not taken, once, with its words."""

import pytest

from notifications.inbound.receiving import receive
from notifications.models import Email, InboundEmail
from pairings.actions import move_pairing
from portfolios.models import Comment
from tests.notifications.posting import ADDRESS, QUOTED, ask, reply, tell


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


def came(person, count, outcome, reason):
    """So many came for the person already today."""
    rows = [InboundEmail(person=person, digest=f"{reason}{n}", outcome=outcome, reason=reason) for n in range(count)]
    InboundEmail.objects.bulk_create(rows)


def test_two_that_answer_each_other_stop_after_fifty_answers(pair, asked):
    came(pair.mentee, 49, "refused", "no words in it")
    for number in range(2):
        receive(reply(asked.message, QUOTED, Message_ID=f"<{number}@mail.example.org>").as_bytes())

    assert len(letters()) == 1
    assert outcomes()[-2:] == [
        ("refused", "no words in it"),
        ("ignored", "not answered, 50 answers today: no words in it"),
    ]


def test_a_persons_own_words_come_back_however_many_other_answers_they_were_sent(pair, asked):
    came(pair.mentee, 30, "refused", "")
    came(pair.mentee, 60, "taken", "without its files")
    came(pair.mentee, 60, "refused", "from another address")
    long = "My words. " * 1_001

    receive(reply(asked.message, long).as_bytes())

    assert outcomes()[-1][0] == "refused"
    assert long.strip() in letters()[0][2].replace("\n", " ")


def test_a_reply_that_is_not_taken_is_answered_once_with_its_words_in_full(pair, asked):
    move_pairing(pair.pairing, "ended", by=pair.mentee)
    raw = reply(tell(pair.mentor), f"Well done.\n\nAnd more.{QUOTED}", by="ruth@example.org").as_bytes()

    for _again in range(2):
        receive(raw)

    assert taken() == []
    [(to, subject, text)] = letters()
    assert (to, subject) == ("ruth@example.org", "Your reply could not be added")
    assert "Your time as mentor has ended. What you write here would reach nobody." in text
    assert "It answered our email: Amina shared “Usage review”" in text
    assert "Well done.\n\nAnd more.\n" in text
    assert "http://localhost:8000/home/" in text


def test_the_answer_is_an_email_like_the_others(pair, asked):
    receive(reply(asked.message, QUOTED).as_bytes())

    message = tell(pair.mentee)

    assert message.to == ["amina@example.org"]
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "Reply-To" not in message.extra_headers
    assert "Open the comment" in message.alternatives[0].content


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (QUOTED, "We found no words of yours in it, only what you quoted."),
        ("", "We found no words in it."),
        ("x" * 10_001, "It has 10001 characters, and a comment has room for 10000."),
    ],
)
def test_what_says_nothing_or_too_much_is_refused_with_a_reason(pair, asked, text, said):
    row = receive(reply(asked.message, text).as_bytes())

    assert row.outcome == "refused"
    assert said in letters()[0][2]
    assert (text.strip() or "We found") in letters()[0][2]
    assert taken() == []


def test_words_are_taken_and_files_are_politely_not(pair, asked):
    email = reply(asked.message)
    email.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="my plan.pdf")
    email.add_attachment(b"x", maintype="application", subtype="pgp-keys", filename="key.asc")

    row = receive(email.as_bytes().replace(b'filename="my plan.pdf"', b"filename*=utf-8''..%2Fmy%0D%0Aplan.pdf"))

    assert taken() == [("Amina", "I asked Tom.")]
    assert (row.outcome, row.reason) == ("taken", "without its files")
    [(to, subject, text)] = letters()
    assert (to, subject) == ("amina@example.org", "Your reply was added, without its files")
    assert "Files can’t come by email: my plan.pdf." in text
    assert f"#comment-{Comment.objects.get(body='I asked Tom.').pk}" in text


def test_files_alone_are_refused_by_their_names(pair, asked):
    email = reply(asked.message, QUOTED)
    for number in range(7):
        email.add_attachment(b"x", maintype="image", subtype="png", filename=f"p{number}.png" if number else None)

    row = receive(email.as_bytes())

    assert (row.outcome, row.reason) == ("refused", "no words in it")
    assert "one without a name, p1.png, p2.png, p3.png, p4.png and 2 more" in letters()[0][2]
