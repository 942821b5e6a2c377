"""Answering an email of the demo's outbox, as a mail program would."""

from email.message import EmailMessage
from email.utils import formatdate, getaddresses, make_msgid

from mentoring.demo.sent_mail import Sent
from notifications.inbound.addresses import UnknownAddress
from notifications.inbound.receiving import receive
from notifications.models import InboundEmail


def answer(sent: Sent, words: str) -> InboundEmail | None:
    """Hand in a reply to `sent`, from whom it went to, with its text quoted below. None when it takes no replies."""
    reply = EmailMessage()
    reply["From"], reply["To"] = sent.to, sent.message["Reply-To"]
    reply["Subject"] = f"Re: {sent.subject}"
    reply["Date"], reply["Message-ID"] = formatdate(), make_msgid(domain="demo.example")
    reply["In-Reply-To"] = sent.message["Message-ID"]
    quoted = "\n".join(f"> {line}" for line in sent.text.splitlines())
    reply.set_content(f"{words}\n\nOn {sent.at:%d %B %Y, at %H:%M}, {sent.message['From']} wrote:\n{quoted}\n")
    [(_name, sender)] = getaddresses([sent.to])
    try:
        return receive(reply.as_bytes(), to=reply["To"].addresses[0].addr_spec, sender=sender)
    except UnknownAddress:
        return None
