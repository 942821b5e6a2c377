"""A reply by email becomes what it answers, once; everything else changes nothing."""

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError

from notifications.inbound.addresses import UnknownAddress
from notifications.inbound.receiving import LARGEST, TooLarge, receive
from notifications.models import Email, InboundEmail, Notification, Preference, ReplyAddress
from pairings.actions import move_pairing
from portfolios.models import Comment
from tests.at_once import all_at_once
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


def test_a_reply_becomes_the_answer_to_the_one_comment_that_the_email_told_of(pair, asked):
    row = receive(reply(asked.message).as_bytes())

    answer = Comment.objects.get(body="I asked Tom.")
    assert (answer.author, answer.parent, answer.page) == (pair.mentee, asked.comment, pair.page)
    assert (row.person, row.outcome, row.reason) == (pair.mentee, "taken", "")
    assert letters() == []


def test_whoever_answers_an_email_has_seen_what_it_told_and_the_other_hears_of_it(pair, asked):
    receive(reply(asked.message).as_bytes())

    assert not Notification.objects.unseen().filter(person=pair.mentee).exists()
    message = tell(pair.mentor)
    assert "I asked Tom." in message.body
    assert not pair.page.visits.filter(reader=pair.mentee).exists()


def test_what_arrives_twice_has_its_effect_once_and_the_same_answer(pair, asked):
    raw = reply(asked.message).as_bytes()

    rows = {receive(raw).pk, receive(b"Received: from a by b\r\n" + raw).pk}

    assert len(rows) == 1
    assert taken() == [("Amina", "I asked Tom.")]


def test_without_a_message_id_its_content_tells_whether_it_is_another(pair, asked):
    for text in ("I asked Tom.", "I asked Tom.", "I asked Ana."):
        receive(reply(asked.message, text, Message_ID=None).as_bytes())

    assert taken() == [("Amina", "I asked Tom."), ("Amina", "I asked Ana.")]


@pytest.mark.django_db(transaction=True)
def test_what_arrives_twice_at_the_same_moment_has_its_effect_once(pair, asked):
    raw = reply(asked.message).as_bytes()

    assert all_at_once([lambda: receive(raw)] * 4) == {"done": 4}

    assert taken() == [("Amina", "I asked Tom.")]
    assert outcomes() == [("taken", "")]


def test_the_address_is_found_in_whatever_header_names_it_and_the_envelope_first(pair, asked):
    address = asked.message.extra_headers["Reply-To"]

    receive(reply(asked.message, "One.", To="x@example.org", Delivered_To=address.upper()).as_bytes())
    receive(reply(asked.message, "Two.", To="x@example.org", Cc=f'"A, B" <{address}>').as_bytes())
    receive(reply(asked.message, "Three.", To="x@example.org").as_bytes(), to=f"<{address}>")
    with pytest.raises(UnknownAddress):
        receive(reply(asked.message, "Four.").as_bytes(), to="x@example.org")

    assert [words for _name, words in taken()] == ["One.", "Two.", "Three."]


@pytest.mark.parametrize(
    "to", ["", "x@example.org", "reply+r-12@{d}", "reply+r-{t}@{d}.evil.example", "xreply+r-{t}@{d}"]
)
def test_an_address_that_nobody_was_given_takes_nothing(pair, asked, to):
    token = ReplyAddress.objects.get(person=pair.mentee).token
    with pytest.raises(UnknownAddress):
        receive(reply(asked.message).as_bytes(), to=to.format(t=token, d="mentoring.example.org"))
    with pytest.raises(UnknownAddress):
        receive(reply(asked.message).as_bytes(), to=ADDRESS.format(key="r-" + "0" * 32))

    assert outcomes() == []


def test_without_an_address_of_ours_nothing_is_taken(pair, asked, settings):
    settings.INBOUND_ADDRESS = ""

    with pytest.raises(UnknownAddress):
        receive(reply(asked.message).as_bytes())


def test_more_than_we_read_is_refused(pair, asked):
    with pytest.raises(TooLarge):
        receive(reply(asked.message).as_bytes() + b"x" * LARGEST)

    assert outcomes() == []


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


@pytest.mark.parametrize("thread", ["week", "day", "pairing-0", ""])
def test_an_email_about_several_things_takes_no_reply(pair, asked, thread):
    ReplyAddress.objects.update(thread=thread)

    row = receive(reply(asked.message).as_bytes())

    assert (row.outcome, taken()) == ("refused", [])
    assert "I asked Tom." in letters()[0][2]


def test_somebody_who_may_not_sign_in_says_nothing_by_email(pair, asked):
    pair.mentee.is_active = False
    pair.mentee.save()

    receive(reply(asked.message).as_bytes())

    assert outcomes() == [("ignored", "the person may not sign in")]
    assert letters() == []


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


def test_line_breaks_and_controls_in_headers_and_words_do_no_harm(pair, asked):
    pair.mentee.name = "Amina\r\nBcc: everyone@example.org"
    pair.mentee.save()
    raw = reply(asked.message, "A\x00B\x07C\r\nD\u202e.").as_bytes()
    raw = raw.replace(b"Subject: Re:", b"Subject: Re:\x00 =?utf-8?q?a=0D=0ABcc:_x=40example.org?=\r\n and")

    receive(raw)
    receive(reply(asked.message, QUOTED, Subject=None).as_bytes())

    assert taken()[0][1] == "ABC\nD\u202e."
    assert "Bcc" not in tell(pair.mentee).message()


def test_a_choice_of_no_words_in_emails_changes_nothing_about_replies(pair, asked):
    Preference.objects.update_or_create(person=pair.mentee, defaults={"words_in_emails": False})

    receive(reply(asked.message).as_bytes())

    assert taken() == [("Amina", "I asked Tom.")]


def test_what_goes_wrong_leaves_no_trace_so_that_it_can_come_again(pair, asked, monkeypatch):
    def fail(reply):
        raise IntegrityError

    monkeypatch.setitem(__import__("notifications.notices", fromlist=["REPLIES"]).REPLIES, "page", fail)
    with pytest.raises(IntegrityError):
        receive(reply(asked.message).as_bytes())
    monkeypatch.undo()

    assert outcomes() == []
    assert receive(reply(asked.message).as_bytes()).outcome == "taken"


def test_what_every_reply_reveals_of_an_email_does_not_unsubscribe(pair, asked):
    for guess in (asked.email.message_id[1:33], f"{asked.email.pk}-{asked.email.message_id[1:33]}"):
        with pytest.raises(UnknownAddress):
            receive(reply(asked.message, "", To=ADDRESS.format(key=f"u-{guess}")).as_bytes())

    assert not Preference.objects.filter(portfolio="off").exists()


def test_unsubscribing_by_email_stops_what_that_email_told_of_once(pair, asked):
    [way, _url] = asked.message.extra_headers["List-Unsubscribe"].split(", ")
    address = way.removeprefix("<mailto:").removesuffix(">")

    stranger = reply(asked.message, "", To=address, by="evil@evil.example")
    assert receive(stranger.as_bytes()).outcome == "ignored"
    assert not Preference.objects.filter(portfolio="off").exists()

    assert receive(reply(asked.message, "", To=address, Message_ID="<1@x>").as_bytes()).outcome == "stopped"
    preference = Preference.objects.get(person=pair.mentee)
    assert (preference.portfolio, preference.messages) == ("off", "now")

    Preference.objects.update(portfolio="bundled")
    assert receive(reply(asked.message, "", To=address, Message_ID="<2@x>").as_bytes()).outcome == "ignored"
    assert Preference.objects.get(person=pair.mentee).portfolio == "bundled"
    assert letters() == []
