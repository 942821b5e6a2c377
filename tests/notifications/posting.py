"""Emails that people and mail servers send to us."""

from email.message import EmailMessage
from types import SimpleNamespace

from django.core import mail
from django.test import override_settings
from django.utils import timezone

from notifications import delivery
from notifications.models import Email, Notification
from portfolios import actions

DOMAIN = "mentoring.example.org"
ADDRESS = f"reply+{{key}}@{DOMAIN}"
QUOTED = "\n\nOn Mon, 23 Nov 2026 at 09:12, Northmere <mentoring@example.org> wrote:\n\n> Who did you ask?\n"


def tell(person):
    """Send what waits, now, at whatever hour. Returns the last message that went to the person."""
    Notification.objects.waiting().update(due_at=timezone.now())
    with override_settings(NOTICE_BUNDLE_MINUTES=0):
        delivery.deliver_due()
    return [message for message in mail.outbox if person.email in message.to[0]][-1]


def ask(pair, body="Who did you ask?", **comment):
    """Ruth asks Amina something on the page, and Amina is told by email: `comment`, `message`, `email`."""
    comment = actions.add_comment(pair.page, by=pair.mentor, body=body, **comment)
    message = tell(pair.mentee)
    return SimpleNamespace(
        comment=comment, message=message, email=Email.objects.get(message_id=message.extra_headers["Message-ID"])
    )


def reply(message, text="I asked Tom." + QUOTED, *, by="Amina Okafor <amina@example.org>", **headers):
    """A reply to one of our messages, as somebody's email program makes it. Headers with None are left out."""
    answer = EmailMessage()
    values = {
        "From": by,
        "To": message.extra_headers["Reply-To"],
        "Subject": f"Re: {message.subject}",
        "Message-ID": f"<{abs(hash((text, by, str(headers))))}@mail.example.org>",
        "In-Reply-To": message.extra_headers["Message-ID"],
        "Date": "Mon, 23 Nov 2026 10:00:00 +0000",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in values.items():
        if value is not None:
            answer[name] = value
    answer.set_content(text)
    return answer


def report(key, *, status="5.1.1", action="failed", to="amina@example.org", said="smtp; 550 5.1.1 No such user"):
    """What a mail server says of an email that it could not deliver (RFC 3464), to the address with this key."""
    return f"""\
From: Mail Delivery System <mailer-daemon@mx.example.org>
To: {ADDRESS.format(key=key)}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{key}.{status}.{action}@mx.example.org>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_1"

--=_1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--=_1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Mon, 23 Nov 2026 09:12:00 +0000

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Diagnostic-Code: {said}

--=_1
Content-Type: message/rfc822

From: Northmere <mentoring@example.org>
Subject: Ruth asked a question

Who did you ask?
--=_1--
""".replace("\n", "\r\n").encode()
