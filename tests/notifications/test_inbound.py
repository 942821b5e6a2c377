"""A reply by email becomes what it answers, once; everything else changes nothing."""

import pytest
from django.db import IntegrityError

from notifications.inbound.addresses import UnknownAddress
from notifications.inbound.receiving import LARGEST, TooLarge, receive
from notifications.models import Email, InboundEmail, Notification, Preference, ReplyAddress
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


def came(person, count, outcome, reason):
    """So many came for the person already today."""
    rows = [InboundEmail(person=person, digest=f"{reason}{n}", outcome=outcome, reason=reason) for n in range(count)]
    InboundEmail.objects.bulk_create(rows)


@pytest.mark.parametrize("thread", ["week", "day", "pairing-0", ""])
def test_an_email_about_several_things_takes_no_reply(pair, asked, thread):
    ReplyAddress.objects.update(thread=thread)

    row = receive(reply(asked.message).as_bytes())

    assert (row.outcome, taken()) == ("refused", [])
    assert "I asked Tom." in letters()[0][2]


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
