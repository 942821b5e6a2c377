"""Whatever two people write down of a meeting, or say they will do, is text wherever it is shown."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.drafts import keep
from meetings.actions import add_action, drop_action, keep_private_note, save_note
from meetings.monday import tell_due_actions
from notifications import delivery
from notifications.models import Notification
from pairings.actions import end_pairing
from tests.meetings.making import make_meeting
from tests.meetings.notes import line, posted, words
from tests.portfolios.test_safety import PAYLOADS, live


def browser(person):
    client = Client()
    client.force_login(person, backend="accounts.backends.EmailBackend")
    return client


def write(pair, meeting, text):
    for person in (pair.mentee, pair.mentor):
        person.name, person.known_as = text[:150], text[:60]
        person.save()
    long_ago, today = timezone.now() - timedelta(days=14), timezone.localdate()
    said = dict.fromkeys(("goal", "reality", "will"), text)
    said |= {"options": [{"what": text[:300], "for": text[:300], "against": text[:300]}]}
    will_do = [line(pair.mentee, text[:300], (today - timedelta(days=1)).isoformat(), 3)]
    save_note(meeting, by=pair.mentee, words=words(), expected_number=0, at=long_ago)
    save_note(meeting, by=pair.mentor, words=words(will_do=will_do, **said), expected_number=1, at=long_ago)
    keep_private_note(meeting, by=pair.mentee, words=text)
    keep(pair.mentee, f"note-{meeting.pk}", fields={"goal": text, "will-1-what": text, "number": "1"}, saves=0)
    keep(pair.mentee, f"actions-{pair.pairing.pk}", fields={"words": text}, saves=0)
    dropped = add_action(pair.pairing, by=pair.mentee, person=pair.mentee, words=text[:300])
    drop_action(dropped, by=pair.mentee, why=text[:300])


def shown(pair, meeting):
    home = f"/pairings/{pair.pairing.slug}/"
    url = f"{home}meetings/{meeting.slug}/"
    amina = browser(pair.mentee)
    places = [url, f"{url}note/", f"{url}note/?change=1", f"{url}note/?version=1", f"{url}jotter/", f"{home}actions/"]
    pages = [amina.get(place) for place in places]
    pages += [browser(pair.mentor).post(f"{url}note/", posted(goal="Mine", will_1_what="x" * 400))]
    key = pair.pairing.actions.filter(state="open").get().key
    pages += [amina.get(f"{home}actions/{key}/{place}/") for place in ("day", "dropped")]
    for hours in (10, 0):
        tell_due_actions(timezone.now() - timedelta(hours=hours))
    Notification.objects.filter(seen_at=None).update(due_at=timezone.now())
    delivery.deliver_due()
    end_pairing(pair.pairing, by=pair.mentor, why="time")
    pages += [amina.get(f"{url}note/")]
    return [page.content.decode() for page in pages] + [message.alternatives[0].content for message in mail.outbox]


@pytest.mark.parametrize("text", PAYLOADS)
def test_nothing_that_was_written_is_alive_wherever_it_is_shown(pair, settings, text):
    settings.NOTICE_BUNDLE_MINUTES = 0
    meeting = make_meeting(pair.pairing, starts_at=timezone.now() - timedelta(days=15), state="held")

    write(pair, meeting, text)
    pages = shown(pair, meeting)

    assert [live(page) for page in pages] == [set()] * len(pages)
    assert len(pages) > 10
