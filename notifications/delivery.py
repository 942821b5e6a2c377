"""Send what is due. Any number of processes may do so at once; each email is one claim, one attempt, one mark."""

import logging
import smtplib
import time
from contextlib import suppress

from django.core.mail import get_connection
from django.db import DatabaseError
from django.utils import timezone

from notifications import outbox
from notifications.letters import NothingToSay, UnknownKind, compose
from notifications.models import Email

logger = logging.getLogger(__name__)

# One run lasts at most so long (seconds), so that a worker that is asked to stop does so in time.
RUN = 20


def deliver_due() -> int:
    """Gather and send until nothing is due or the run is over. Returns how many emails were handled."""
    until = time.monotonic() + RUN
    handled = 0
    mailer = _Mailer()
    try:
        while time.monotonic() < until:
            gathered = outbox.gather(timezone.now())
            email = outbox.claim(timezone.now())
            if email:
                if mailer.ready_for(email):
                    deliver(email, mailer)
                handled += 1
            elif not gathered:
                break
    finally:
        mailer.close()
    return handled


def deliver(email: Email, mailer) -> None:
    """Try once to send a claimed email and mark what came of it."""
    try:
        message = compose(email)
    except NothingToSay as reason:
        outbox.mark_dropped(email, str(reason))
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
    else:
        outbox.mark_sent(email, "" if email.letter else message.subject)


class _Mailer:
    """One connection to the mail server, opened when first needed and anew after an error."""

    def __init__(self):
        self._connection = None

    def ready_for(self, email) -> bool:
        """Whether the server listens and the email is still ours, with a whole lease before us."""
        if self._connection:
            return True
        self._connection = get_connection()
        try:
            self._connection.open()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            outbox.mark_for_retry(email, _what_went_wrong(error)[0])
            return False
        # A server that is slow to greet may have used up the lease: then another sender has the email.
        return outbox.renew(email)

    def send(self, message):
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
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
