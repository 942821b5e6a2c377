"""Whatever somebody writes to the other or to the programme team is text, wherever it is shown."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.drafts import keep
from notifications import delivery
from notifications.models import Notification
from pairings.actions import edit_message, move_pairing, raise_concern, send_message
from pairings.models import Concern
from tests.factories import PairingFactory, PersonFactory, make_picture
from tests.portfolios.test_safety import PAYLOADS, live


def browser(person):
    client = Client()
    client.force_login(person, backend="accounts.backends.EmailBackend")
    return client


def write(pair, words):
    for person in (pair.mentee, pair.mentor):
        person.name, person.known_as = words[:150], words[:60]
        person.save()
    picture = make_picture(pair.mentor)
    picture.name = words[:100]
    picture.save()
    message = send_message(pair.pairing, by=pair.mentor, body=words, files=[picture])
    edit_message(message, by=pair.mentor, body=f"https://example.org/{words} {words}")
    send_message(pair.pairing, by=pair.mentee, body=words)
    raise_concern(pair.pairing, by=pair.mentee, reason=words)
    keep(pair.mentee, f"messages-{pair.pairing.pk}", fields={"body": words}, saves=0)
    keep(pair.mentee, f"concern-{pair.pairing.pk}", fields={"reason": words}, saves=0)


def shown(pair, root):
    url = f"/pairings/{pair.pairing.slug}/"
    mentee, mentor, admin = browser(pair.mentee), browser(pair.mentor), browser(root)
    pages = [reader.get(f"{url}{place}") for reader in (mentee, mentor) for place in ("messages/", "concern/")]
    pages += [reader.get("/messages/") for reader in (mentee, mentor)]
    pages += [mentee.get(f"{url}messages/1/earlier/"), mentor.get(f"{url}messages/1/wording/")]
    pages += [mentee.post(f"{url}messages/", {"body": "a" * 20_001})]
    pages += [admin.get("/admin/pairings/concern/")]
    pages += [admin.get(f"/admin/pairings/concern/{Concern.objects.get().pk}/change/")]
    move_pairing(pair.pairing, "ended", by=pair.mentor)
    pages += [mentee.get(f"{url}messages/")]
    return [page.content.decode() for page in pages] + emails()


def emails():
    Notification.objects.filter(seen_at=None).update(due_at=timezone.now())
    delivery.deliver_due()
    return [message.alternatives[0].content for message in mail.outbox]


@pytest.mark.parametrize("words", PAYLOADS)
def test_nothing_that_was_written_is_alive_wherever_it_is_shown(pair, words):
    root = PersonFactory(is_staff=True, is_superuser=True)
    PairingFactory(mentee=pair.mentee)
    PairingFactory(mentor=pair.mentor)

    write(pair, words)
    pages = shown(pair, root)

    assert [live(page) for page in pages] == [set()] * len(pages)
    assert len(pages) > 12
