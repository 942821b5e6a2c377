"""Django's SMTP backend, for one who need not wait long until the mail server knows whether it takes an address."""

import smtplib

from django.core.mail.backends import smtp


class EmailBackend(smtp.EmailBackend):
    """`patience`: the seconds within which the mail server must answer to sender and recipient; None for all of
    EMAIL_TIMEOUT. Once the words are on their way it always has that: who hangs up then may send an email twice."""

    patience = None

    @property
    def connection_class(self):
        return _Encrypted if self.use_ssl else _Plain

    def send_messages(self, email_messages):
        if self.connection:
            self.connection.sock.settimeout(self.patience or self.timeout)
        return super().send_messages(email_messages)


class _Unhurried:
    def data(self, msg):
        self.sock.settimeout(self.timeout)
        return super().data(msg)


class _Plain(_Unhurried, smtplib.SMTP):
    """After the greeting, perhaps, in an encrypted channel (STARTTLS)."""


class _Encrypted(_Unhurried, smtplib.SMTP_SSL):
    """Encrypted from the first byte."""
