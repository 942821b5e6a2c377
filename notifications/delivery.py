"""Send what is due. Any number of processes may do so at once; each email is one claim, one attempt, one mark."""

import logging
import smtplib
import time
from contextlib import suppress

from django.core.mail import get_connection
from django.db import DatabaseError
from django.utils import timezone

from notifications import bounces, outbox, wake
from notifications.desk import Desk
from notifications.letters import NothingToSay, NotNow, UnknownKind, compose
from notifications.models import Email

logger = logging.getLogger(__name__)

# One run lasts at most so long (seconds), so that a worker that is asked to stop does so in time.
RUN = 20
# So long (seconds) the mail server may think about an address at first. Later, when nobody waits, it has more time.
BRIEF = 5
# An email that took longer (seconds) is reason enough to let others have those that were claimed with it.
SLOW = 3


def deliver_due() -> int:
    """Gather and send until nothing is due or the run is over. Returns how many emails were handled."""
    until = time.monotonic() + RUN
    handled = 0
    mailer = _Mailer()
    try:
        while time.monotonic() < until and mailer.is_useful:
            emails = _next_emails()
            if emails is None:
                break
            handled += _send(emails, mailer)
        else:
            # Time is up, or the mail server is away: the one is no reason to wait for the next tick.
            if mailer.is_useful:
                wake.deliver_soon()
    finally:
        mailer.close()
    return handled


def deliver(email: Email, mailer, desk) -> None:
    """Try once to send a claimed email and mark what came of it."""
    try:
        message = compose(email, desk)
    except NothingToSay as reason:
        outbox.mark_dropped(email, str(reason))
        return
    except NotNow as asleep:
        outbox.put_off(email, asleep.until)
        return
    except (DatabaseError, UnknownKind) as error:
        outbox.mark_for_retry(email, f"could not be made yet: {type(error).__name__}")
        return
    except Exception as error:
        # One email that cannot be made must not hold up the others. The log names the row, never its words.
        logger.exception("Email %s could not be made", email.pk)
        outbox.mark_failed(email, f"could not be made: {type(error).__name__}")
        return
    try:
        mailer.send(message)
    except Exception as error:
        reason, final = _what_went_wrong(error)
        (outbox.mark_failed if final else outbox.mark_for_retry)(email, reason)
        if final and not email.letter and bounces.names_a_status(reason) and bounces.is_hard(reason):
            bounces.stop_address(email.person.email, reason=reason, at=timezone.now())
    else:
        outbox.mark_sent(email, "" if email.letter else message.subject)


def _next_emails():
    """Claimed emails, perhaps none for the moment; None when nothing is due."""
    if emails := outbox.claim(timezone.now()):
        return emails
    gathered = outbox.gather(timezone.now())
    if gathered is None:
        time.sleep(0.02)  # until the other process has gathered some for us, too
        return []
    return [] if gathered else outbox.claim_again(timezone.now()) or None


def _send(emails, mailer):
    """Send them one by one. When the mail server does not listen, the others need not ask it, too."""
    desk = Desk(emails)
    for handled, email in enumerate(emails):
        try:
            mailer.get_ready()
        except (smtplib.SMTPException, OSError) as error:
            for left in emails[handled:]:
                outbox.mark_for_retry(left, _what_went_wrong(error)[0])
            break
        if desk.is_stale:
            desk = Desk(emails[handled:])
        if outbox.hold(email):
            began = time.monotonic()
            mailer.patience = None if email.reason else BRIEF
            deliver(email, mailer, desk)
            if time.monotonic() - began > SLOW and (left := emails[handled + 1 :]):
                outbox.hand_back(left)
                wake.deliver_soon()
                return handled + 1
    return len(emails)


class _Mailer:
    """One connection to the mail server, opened when first needed and anew after an error."""

    def __init__(self):
        self._connection = None
        self.is_useful = True
        self.patience = None  # seconds, as `smtp.EmailBackend` has it

    def get_ready(self):
        """Connect, unless it is. A server that cannot be reached now is not tried again in this run."""
        if self._connection:
            return
        self._connection = get_connection()
        try:
            self._connection.open()
        except (smtplib.SMTPException, OSError):
            self.is_useful = False
            self.close()
            raise

    def send(self, message):
        self._connection.patience = self.patience
        try:
            self._connection.send_messages([message])
        except Exception:
            self.close()
            raise

    def close(self):
        connection, self._connection = self._connection, None
        if connection is not None:
            # What a server says to a goodbye changes nothing about what was sent or refused before.
            with suppress(smtplib.SMTPException, OSError):
                connection.close()


def _what_went_wrong(error):
    """(reason, final): final when this email will never be taken, not when the server is unwell or misconfigured."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return f"{code} {_words(text)}", code >= 500
    if isinstance(error, (smtplib.SMTPSenderRefused, smtplib.SMTPAuthenticationError)):
        return f"{error.smtp_code} {_words(error.smtp_error)}", False
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_words(error.smtp_error)}", error.smtp_code >= 500
    if isinstance(error, (smtplib.SMTPException, OSError)):
        return type(error).__name__, False
    return f"not a sendable message: {type(error).__name__}", True  # a header or an encoding that cannot be


def _words(text):
    """Another server's words as the database can keep them."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return bounces.one_line(words)
