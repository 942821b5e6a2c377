"""One claim, one attempt, one mark; the words and the right to say them are looked up when it is sent."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from notifications import delivery, outbox
from notifications.actions import choose, send_letter
from notifications.desk import Desk
from notifications.models import Email, Event, Notification, StoppedAddress
from notifications.tasks import deliver_due_email
from pairings.actions import move_pairing
from portfolios import actions
from tests.factories import share


@pytest.fixture(autouse=True)
def _at_once(settings):
    settings.NOTICE_BUNDLE_MINUTES = 0


def deliver():
    mail.outbox.clear()
    delivery.deliver_due()
    return mail.outbox


def states():
    return list(Email.objects.order_by("pk").values_list("state", "reason"))


def read_to_here(pair):
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now())


def test_the_email_says_the_very_words_that_changed(pair):
    read_to_here(pair)
    share(pair.page, "<p>In April I asked to sit in.</p>", note="Got the month right.")

    [message] = deliver()

    assert message.subject == "Amina updated “Usage review”"
    assert message.to == ["Ruth Lindqvist <ruth@example.org>"]
    html = message.alternatives[0].content
    assert "<del>March</del> <ins>April</ins>" in " ".join(html.split())
    assert "“Got the month right.”" in message.body
    assert "?since=1" in html
    assert html.count('class="a"') == 1
    assert len(html) < 30_000


def test_headers_make_a_thread_and_let_people_stop(pair):
    read_to_here(pair)
    share(pair.page, "<p>Two.</p>")
    [first] = deliver()
    share(pair.page, "<p>Three.</p>")
    [second] = deliver()

    assert second.subject == first.subject
    assert second.extra_headers["In-Reply-To"] == first.extra_headers["Message-ID"]
    assert second.extra_headers["References"] == first.extra_headers["Message-ID"]
    assert first.extra_headers["List-Unsubscribe"].startswith("<http")
    assert first.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert first.extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_mentee_is_told_of_a_comment_in_full(pair):
    read_to_here(pair)
    actions.add_comment(pair.page, by=pair.mentor, kind="question", body="Who did you ask?", quote="In March I asked")

    [message] = deliver()

    assert message.subject == "Ruth asked a question on “Usage review”"
    assert message.to == ["Amina Okafor <amina@example.org>"]
    assert "Who did you ask?" in message.body
    assert "> In March I asked" in message.body


def test_what_was_seen_meanwhile_is_not_sent(pair):
    outbox.gather(timezone.now())
    read_to_here(pair)

    assert deliver() == []
    assert states() == [("dropped", "seen already")]


def test_after_the_end_of_a_pairing_nothing_is_sent_and_nothing_is_new(pair):
    outbox.gather(timezone.now())
    move_pairing(pair.pairing, "ended", by=pair.mentee)

    assert deliver() == []
    assert states() == [("dropped", "seen already")]
    assert not Notification.objects.unseen().filter(person=pair.mentor).exists()


def test_what_may_no_longer_be_read_is_not_sent(pair):
    outbox.gather(timezone.now())
    pair.page.archived_at = timezone.now()
    pair.page.save()

    assert deliver() == []
    assert states() == [("dropped", "no longer permitted")]


def test_a_kind_of_event_that_is_not_known_yet_waits(pair):
    outbox.gather(timezone.now())
    Event.objects.update(kind="meetings.of_tomorrow")

    assert deliver() == []
    assert states() == [("waiting", "could not be made yet: UnknownKind")]


def test_an_email_whose_senders_never_come_back_is_set_aside(pair):
    outbox.gather(timezone.now())
    now = timezone.now()
    assert outbox.claim(now)
    for _ in range(outbox.MOST_LOST_LEASES - 1):
        now += outbox.LEASE + timedelta(seconds=1)
        assert outbox.claim_again(now)

    assert outbox.claim_again(now + outbox.LEASE + timedelta(seconds=1)) == []
    assert states() == [("failed", "its senders never came back")]


def test_a_letter_that_comes_too_late_is_wiped_unsent(db):
    send_letter(to="new@example.org", subject="Your sign-in code: 482 193", text="482 193", html="")
    Email.objects.update(created_at=timezone.now() - timedelta(hours=2))

    assert deliver() == []
    assert Email.objects.values_list("state", "letter").get() == ("dropped", None)


def test_nothing_is_sent_to_somebody_who_may_not_sign_in(pair):
    outbox.gather(timezone.now())
    pair.mentor.is_active = False
    pair.mentor.save()

    assert deliver() == []
    assert states() == [("dropped", "the person may not sign in")]


def test_what_was_switched_off_meanwhile_is_not_sent(pair):
    outbox.gather(timezone.now())
    choose(pair.mentor, group="portfolio", choice="off")

    assert deliver() == []
    assert states() == [("dropped", "switched off")]


def test_an_email_is_claimed_by_one_sender_until_its_lease_is_over(pair):
    outbox.gather(timezone.now())
    now = timezone.now()

    [mine] = outbox.claim(now)

    assert (outbox.claim(now), outbox.claim_again(now)) == ([], [])
    [theirs] = outbox.claim_again(now + outbox.LEASE + timedelta(seconds=1))
    assert theirs.pk == mine.pk
    assert theirs.message_id == mine.message_id
    assert not outbox.mark_sent(mine, "late")
    assert outbox.mark_sent(theirs, "in time")


class Refusing:
    """A mail server that answers everything with the same error."""

    def __init__(self, error):
        self.error = error

    def send(self, message):
        raise self.error


@pytest.mark.parametrize(
    ("error", "state", "reason"),
    [
        (
            smtplib.SMTPRecipientsRefused({"ruth@example.org": (550, b"No such user")}),
            "failed",
            "550 No such user",
        ),
        (smtplib.SMTPRecipientsRefused({"ruth@example.org": (451, b"Later")}), "waiting", "451 Later"),
        (smtplib.SMTPAuthenticationError(535, b"Bad login"), "waiting", "535 Bad login"),
        (smtplib.SMTPServerDisconnected("gone"), "waiting", "SMTPServerDisconnected"),
        (TimeoutError(), "waiting", "TimeoutError"),
    ],
)
def test_a_refusal_is_final_only_when_this_email_will_never_be_taken(pair, error, state, reason):
    outbox.gather(timezone.now())

    claimed = outbox.claim(timezone.now())
    delivery.deliver(claimed[0], Refusing(error), Desk(claimed))

    assert states() == [(state, reason)]
    assert (Email.objects.get().due_at > timezone.now()) is (state == "waiting")


def test_an_email_that_cannot_be_made_is_set_aside_and_holds_up_nobody(pair, caplog):
    poison = Email.objects.create(letter={"to": "x@example.org"}, due_at=timezone.now() - timedelta(days=1))

    assert len(deliver()) == 1

    poison.refresh_from_db()
    assert (poison.state, poison.reason) == ("failed", "could not be made: KeyError")


def test_a_letters_words_are_wiped_once_it_is_sent(db):
    send_letter(to="new@example.org", subject="Your sign-in code: 482 193", text="482 193", html="<p>482 193</p>")

    [message] = deliver()

    assert (message.subject, message.body) == ("Your sign-in code: 482 193", "482 193")
    email = Email.objects.get()
    assert (email.letter, email.subject, email.state) == (None, "", "sent")


def test_a_line_break_in_a_title_adds_no_header(pair):
    read_to_here(pair)
    share(pair.page, "<p>Two.</p>", title="Hello\r\nBcc: everyone@example.org")

    [message] = deliver()

    assert message.subject == "Amina updated “Hello Bcc: everyone@example.org”"
    assert "Bcc" not in message.message()


def test_a_lease_that_runs_out_is_renewed_only_by_the_one_who_holds_it(pair):
    outbox.gather(timezone.now())
    now = timezone.now()
    [mine] = outbox.claim(now)
    mine.lease_until = now
    assert outbox.hold(mine)
    assert mine.lease_until > now + outbox.ATTEMPT

    outbox.claim_again(now + 2 * outbox.LEASE)
    mine.lease_until = now

    assert not outbox.hold(mine)


def test_new_emails_never_wait_for_those_that_were_put_off(pair):
    outbox.gather(timezone.now())
    Email.objects.update(attempts=1, reason="451 Later", due_at=timezone.now() - timedelta(hours=1))
    fresh = send_letter(to="new@example.org", subject="Hello", text="Hello", html="")

    assert outbox.claim(timezone.now()) == [fresh]


def test_what_killed_its_senders_is_tried_alone(pair):
    for _ in range(3):
        send_letter(to="new@example.org", subject="Hello", text="Hello", html="")
    claimed = outbox.claim(timezone.now())
    later = timezone.now() + outbox.LEASE + timedelta(seconds=1)

    assert [len(claimed), len(outbox.claim_again(later)), len(outbox.claim_again(later))] == [3, 1, 1]


def test_an_email_that_a_server_put_off_often_is_not_given_up_for_a_lost_sender(pair):
    outbox.gather(timezone.now())
    Email.objects.update(attempts=outbox.MOST_LOST_LEASES, reason="451 Later")
    now = timezone.now()

    assert outbox.claim_again(now)
    assert outbox.claim_again(now + outbox.LEASE + timedelta(seconds=1))


def test_gathering_says_how_much_it_gathered(pair):
    now = timezone.now()

    assert (outbox.gather(now), outbox.gather(now)) == (1, 0)


def test_the_task_is_acknowledged_early_since_the_rows_are_the_truth():
    assert deliver_due_email.acks_late is False


def test_words_that_are_returned_wait_longer_for_a_mail_server_than_a_sign_in_code(db):
    send_letter(to="new@example.org", subject="Your reply", text="Your words", html="", lasting=True)
    Email.objects.update(created_at=timezone.now() - timedelta(days=2))

    assert [message.body for message in deliver()] == ["Your words"]


@pytest.mark.parametrize(
    ("answer", "stopped"),
    [(b"5.1.1 No such user", True), (b"5.7.1 Not from you", False), (b"No such user", False)],
)
def test_a_mail_server_that_knows_nobody_of_that_name_stops_the_address(pair, answer, stopped):
    outbox.gather(timezone.now())
    claimed = outbox.claim(timezone.now())
    refusal = smtplib.SMTPRecipientsRefused({"ruth@example.org": (550, answer)})

    delivery.deliver(claimed[0], Refusing(refusal), Desk(claimed))

    assert StoppedAddress.objects.filter(email="ruth@example.org").exists() is stopped
