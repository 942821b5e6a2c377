"""One useful email rather than five: what is told together, what waits, and what is not said at all."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.models import User
from notifications import delivery, desk, outbox
from notifications.actions import choose, mark_seen, mute, notify, send_soon, set_preferences, unmute
from notifications.inbound.addresses import bounce_key, unsubscribe_key
from notifications.letters import compose
from notifications.models import Email, Event, Notification, ReplyAddress, StoppedAddress
from pairings.actions import send_message
from portfolios import actions, notices
from tests.factories import PairingFactory, PersonFactory, make_page, make_portfolio, share

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def noon():
    with time_machine.travel(MONDAY_NOON, tick=False) as clock:
        yield clock


def deliver(clock=None, **later):
    """What is sent, once it is that much later."""
    if clock:
        clock.shift(timedelta(**later))
    mail.outbox.clear()
    delivery.deliver_due()
    return mail.outbox


def another_mentee(pair, name):
    """One more mentee of the same mentor, with a page that is shared now."""
    mentee = PersonFactory(name=name)
    pairing = PairingFactory(mentee=mentee, mentor=pair.mentor)
    return make_page(make_portfolio(mentee, pairing.programme), title="First steps", body="<p>Hello.</p>")


def told(email):
    return sorted(email.notifications.values_list("event__by__name", flat=True))


def test_two_pairings_make_two_emails_and_three_make_one(noon, pair):
    another_mentee(pair, "Tomasz Brandt")
    assert len(deliver(noon, hours=1)) == 2

    noon.shift(timedelta(days=1))
    for name in ("Priya Raman", "Callum Reid", "Joel Okoro"):
        another_mentee(pair, name)
    [message] = deliver(noon, hours=1)

    assert message.subject == "3 things are new for you"
    assert message.body.count("First steps") == 3
    assert "/new/" in message.body
    assert told(Email.objects.get(bundle="day")) == ["Callum Reid", "Joel Okoro", "Priya Raman"]


def test_what_came_after_two_emails_is_told_together_in_the_morning(noon, pair):
    another_mentee(pair, "Tomasz Brandt")
    assert len(deliver(noon, hours=1)) == 2
    for name in ("Priya Raman", "Callum Reid", "Joel Okoro"):
        another_mentee(pair, name)

    assert deliver(noon, hours=2) == []
    [message] = deliver(noon, hours=17)

    assert timezone.now() == MONDAY_NOON + timedelta(hours=20)
    assert message.subject == "3 things are new for you"


def test_an_email_takes_along_all_that_waits_for_the_same_pairing(noon, pair):
    set_preferences(pair.mentor, portfolio="now")
    waits = Notification.objects.get(person=pair.mentor)
    Notification.objects.filter(pk=waits.pk).update(due_at=MONDAY_NOON + timedelta(hours=2))
    share(pair.page, "<p>In April.</p>")

    assert len(deliver()) == 1
    waits.refresh_from_db()
    assert waits.email is not None


def test_an_email_that_a_mail_server_keeps_waiting_counts_for_the_day(noon, pair):
    for bundle in ("pairing-1", "pairing-2"):
        Email.objects.create(
            person=pair.mentor,
            bundle=bundle,
            state="waiting",
            attempts=3,
            reason="451 Later",
            created_at=MONDAY_NOON - timedelta(days=1),
            due_at=MONDAY_NOON + timedelta(days=1),
        )

    assert deliver(noon, hours=1) == []


def test_the_weekly_letter_tells_of_all_pairings_and_is_skipped_when_empty(noon, pair):
    choose(pair.mentor, group="portfolio", choice="weekly")
    another_mentee(pair, "Tomasz Brandt")
    another_mentee(pair, "Priya Raman")
    assert deliver(noon, days=6) == []

    [message] = deliver(noon, days=1)

    assert message.subject == "Your week: 3 things are new"
    assert message.alternatives[0].content.count('class="a"') == 1
    assert "Once a week instead" not in message.body

    page = another_mentee(pair, "Callum Reid")
    mark_seen(pair.mentor, Event.objects.filter(thread=notices.thread_of(page.pk)))
    assert deliver(noon, days=7) == []


def test_a_weekly_letter_of_one_thing_says_it(noon, pair):
    choose(pair.mentor, group="portfolio", choice="weekly")

    [message] = deliver(noon, days=7)

    assert message.subject == "Amina shared “Usage review”"


def test_a_muted_pairing_is_new_but_makes_no_email(noon, pair):
    mute(pair.mentor, bundle=pair.pairing.bundle)

    assert deliver(noon, hours=1) == []
    assert not Email.objects.exists()
    assert Notification.objects.unseen().filter(person=pair.mentor).count() == 1

    unmute(pair.mentor, bundle=pair.pairing.bundle)
    share(pair.page, "<p>In April.</p>")
    assert len(deliver(noon, hours=1)) == 1


def test_a_pause_holds_everything_until_its_day_and_can_be_ended(noon, pair):
    set_preferences(pair.mentor, paused_until=date(2026, 12, 7))
    assert set(Notification.objects.values_list("due_at", flat=True)) == {datetime(2026, 12, 7, 8, tzinfo=UTC)}

    set_preferences(pair.mentor, paused_until=None)

    assert len(deliver(noon, hours=1)) == 1


def test_without_words_an_email_says_who_and_where_only(noon, pair):
    set_preferences(pair.mentee, words_in_emails=False)
    set_preferences(pair.mentor, words_in_emails=False)
    actions.add_comment(pair.page, by=pair.mentor, kind="question", body="Who did you ask?", quote="In March I asked")

    [to_mentor, to_mentee] = sorted(deliver(noon, hours=1), key=lambda message: message.to)[::-1]

    for message in (to_mentor, to_mentee):
        sent = message.message().as_string() + message.body + message.alternatives[0].content
        assert not {word for word in ("Usage review", "Who did you ask", "In March") if word in sent}
    assert to_mentor.subject == "Amina shared a page"
    assert to_mentee.subject == "Ruth said something about a page"


def test_an_email_stays_short_however_much_happened(noon, pair):
    for number in range(40):
        page = make_page(pair.portfolio, title=f"Page {number}", body="<p>" + "Some words of it. " * 60 + "</p>")
        actions.add_comment(page, by=pair.mentor, body="A long thought. " * 200)

    for message in deliver(noon, hours=2):
        assert len(message.alternatives[0].content) < 60_000
        assert message.body.count("Page 39") >= 1


def test_a_finished_review_is_told_at_once_but_not_twice_in_an_evening(noon, pair):
    set_preferences(pair.mentee, quiet_from=time(0), quiet_until=time(0))
    mark_seen(pair.mentor, Event.objects.all())
    noon.shift(timedelta(hours=7))
    actions.add_comment(pair.page, by=pair.mentor, body="One.")
    send_soon(pair.mentee, bundle=pair.pairing.bundle)
    assert [message.to for message in deliver()] == [["Amina Okafor <amina@example.org>"]]

    noon.shift(timedelta(hours=1))
    actions.add_comment(pair.page, by=pair.mentor, body="Two.")
    send_soon(pair.mentee, bundle=pair.pairing.bundle)

    assert deliver(noon, hours=2) == []
    assert len([m for m in deliver(noon, hours=10) if m.to[0].startswith("Amina")]) == 1


def test_one_event_for_many_readers_takes_as_many_statements_as_for_one(pair, django_assert_num_queries):
    def tell(count, occasion):
        people = [PersonFactory() for _ in range(count)]
        with django_assert_num_queries(11):
            notify(
                notices.PAGE_SHARED,
                about=pair.page,
                to=people,
                by=pair.mentee,
                thread="page-1",
                bundle="everybody",
                occasion=occasion,
            )

    tell(1, "a")
    tell(30, "b")


def test_to_a_stopped_address_nothing_is_sent(noon, pair):
    StoppedAddress.objects.create(email="ruth@example.org", reason="No such mailbox")

    assert deliver(noon, hours=1) == []
    assert Email.objects.values_list("state", "reason").get() == ("dropped", "the address takes no email")


def test_an_email_can_be_answered_stopped_and_returned_by_email(noon, pair, settings):
    settings.INBOUND_ADDRESS = "reply+{key}@in.example.org"

    [message] = deliver(noon, hours=1)

    token = ReplyAddress.objects.get(person=pair.mentor, thread=notices.thread_of(pair.page.pk)).token
    email = Email.objects.get()
    assert message.extra_headers["Reply-To"] == f"reply+r-{token}@in.example.org"
    assert message.extra_headers["List-Unsubscribe"].startswith(
        f"<mailto:reply+{unsubscribe_key(email)}@in.example.org>, <http"
    )
    assert message.from_email == f"reply+{bounce_key(email)}@in.example.org"
    assert message.message()["From"] == "Northmere <mentoring@localhost>"
    assert "Or simply reply to this email: Amina gets your words." in message.body


def test_one_thread_has_one_address_for_all_its_emails(noon, pair, settings):
    settings.INBOUND_ADDRESS = "reply+{key}@in.example.org"
    [first] = deliver(noon, hours=1)
    share(pair.page, "<p>In April.</p>")
    [second] = deliver(noon, hours=1)

    assert first.extra_headers["Reply-To"] == second.extra_headers["Reply-To"]
    assert first.from_email != second.from_email


def test_what_a_person_wants_soon_does_not_wait_for_what_is_gathered(noon, pair):
    set_preferences(pair.mentor, messages="now")
    mark_seen(pair.mentor, Event.objects.all())
    send_message(pair.pairing, by=pair.mentee, body="Can we talk today?")
    noon.shift(timedelta(minutes=4))
    share(pair.page, "<p>In April.</p>")

    [message] = deliver(noon, minutes=1)

    assert message.to == ["Ruth Lindqvist <ruth@example.org>"]
    assert "Can we talk today?" in message.body
    assert "In April" in message.body  # what would soon be due comes along


def test_what_was_muted_after_it_was_gathered_is_not_sent(noon, pair):
    noon.shift(timedelta(hours=1))
    outbox.gather(timezone.now())
    mute(pair.mentor, bundle=pair.pairing.bundle)

    assert deliver() == []
    assert Email.objects.values_list("state", "reason").get() == ("dropped", "muted")


def test_what_is_muted_or_off_takes_nobodys_place_among_the_two_of_the_day(noon, pair):
    for name in ("Tomasz Brandt", "Priya Raman"):
        page = another_mentee(pair, name)
        mute(pair.mentor, bundle=Event.objects.get(thread=notices.thread_of(page.pk)).bundle)

    [message] = deliver(noon, hours=1)

    assert message.subject == "Amina shared “Usage review”"


def test_workers_that_come_back_in_the_night_wait_for_the_morning(noon, pair):
    assert deliver(noon, hours=14) == []
    assert len(deliver(noon, hours=6)) == 1


def test_what_a_mail_server_put_off_heeds_a_pause_that_began_since(noon, pair):
    noon.shift(timedelta(hours=1))
    outbox.gather(timezone.now())
    Email.objects.update(attempts=1, reason="451 Later")
    set_preferences(pair.mentor, paused_until=date(2026, 12, 7))

    assert deliver() == []
    assert Email.objects.values_list("state", "due_at").get() == ("waiting", datetime(2026, 12, 7, 8, tzinfo=UTC))
    assert len(deliver(noon, days=14)) == 1


def test_a_change_of_settings_on_monday_morning_skips_no_weekly_letter(noon, pair):
    set_preferences(pair.mentor, portfolio="weekly", quiet_until=time(9))
    noon.move_to(datetime(2026, 11, 30, 8, 30, tzinfo=UTC))

    set_preferences(pair.mentor, words_in_emails=True)

    assert len(deliver(noon, minutes=30)) == 1


def test_the_end_of_a_pause_brings_the_weekly_letters_that_it_held(noon, pair):
    set_preferences(pair.mentor, portfolio="weekly", paused_until=date(2026, 12, 20))
    noon.move_to(datetime(2026, 12, 1, 10, 0, tzinfo=UTC))

    set_preferences(pair.mentor, paused_until=None)

    assert len(deliver()) == 1


def test_an_email_of_the_day_counts_as_the_evenings_email_of_each_pairing(noon, pair):
    set_preferences(pair.mentor, quiet_from=time(0), quiet_until=time(0))
    noon.shift(timedelta(hours=4, minutes=40))
    for name in ("Tomasz Brandt", "Priya Raman"):
        another_mentee(pair, name)
    share(pair.page, "<p>In April.</p>")
    assert [message.subject for message in deliver(noon, minutes=40)] == ["3 things are new for you"]

    share(pair.page, "<p>In May.</p>")

    assert deliver(noon, hours=2) == []


def test_a_thread_that_began_with_words_says_none_once_they_are_not_wanted(noon, pair):
    [first] = deliver(noon, hours=1)
    set_preferences(pair.mentor, words_in_emails=False)
    share(pair.page, "<p>In April.</p>")

    [second] = deliver(noon, hours=1)

    assert second.subject == "Amina shared a page"
    assert second.extra_headers["In-Reply-To"] == first.extra_headers["Message-ID"]


def test_who_was_suspended_or_moved_while_others_were_served_is_asked_for_again(noon, pair):
    another_mentee(pair, "Tomasz Brandt")
    noon.shift(timedelta(hours=1))
    outbox.gather(timezone.now())
    claimed = outbox.claim(timezone.now())
    assert len(claimed) == 2
    User.objects.filter(pk=pair.mentor.pk).update(email="elsewhere@example.org")

    messages = [compose(email, desk.Desk([email])) for email in claimed]

    assert [message.to for message in messages] == [["Ruth Lindqvist <elsewhere@example.org>"]] * 2
