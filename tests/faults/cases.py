"""The faults, by their number in the project's catalogue. Each takes (rig, pages) and returns an Outcome."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from notifications import figures
from notifications.bounces import let_again
from notifications.models import Email
from notifications.outbox import LEASE
from portfolios.models import PageVersion
from tests.factories import share
from tests.faults.alerts import Alerts
from tests.faults.bursts import many_comments, many_comments_wanted_soon
from tests.faults.clocks import beat_dead, clock_moved, two_beats
from tests.faults.people import Visitor, Writer, mentor_of, share_all, write_all
from tests.faults.rig import kill, restart, until

KILLS = 10
AWAY = 10  # seconds without a queue
LAG = 60  # seconds that email may be late once the queue is back
PATIENCE = 2  # seconds that a page may take meanwhile
HUNG = 6  # people at whose address the mail server falls silent
STALL = 30  # seconds that this may hold up other people's email


def undisturbed(rig, pages):
    alerts = Alerts(rig, "0")
    share_all(pages, alerts.case, alerts.shared)
    shared = time.monotonic() - alerts.began
    alerts.reach(len(pages))
    alerts.settle()
    outcome = alerts.judge()
    last = max((message.at for message in rig.sink.accepted), default=alerts.began) - alerts.began
    outcome.require(outcome.duplicates == 0, "something came twice")
    outcome.facts.append(f"nothing hurt: {len(pages)} shared in {shared:.1f} s, all told after {last:.1f} s")
    return outcome


def worker_killed(rig, pages):
    alerts = Alerts(rig, "1")
    rig.sink.later, rig.sink.pause = 0.3, 0.02
    with ThreadPoolExecutor() as pool:
        sharing = pool.submit(share_all, pages, alerts.case, alerts.shared)
        for number in range(1, KILLS + 1):
            alerts.reach(number * len(pages) // (KILLS + 2))
            (rig.kill_sender if number % 3 else rig.kill_worker)()
            alerts.note_doubt()
        sharing.result()
    alerts.reach(len(pages))
    alerts.settle()
    outcome = alerts.judge()
    outcome.facts.append(
        f"worker or one of its processes killed {KILLS} times, 451 to 30 %; {len(rig.sink.doubt)} emails were "
        "taken and not yet marked then"
    )
    return outcome


def killed_before_the_mark(rig, pages):
    alerts = Alerts(rig, "2")
    killed = []

    def kill_its_sender(message, port):
        due = (len(killed) + 1) * len(pages) // (KILLS + 2)
        if len(killed) < KILLS and len(rig.sink.accepted) >= due and (sender := rig.sender_at(port)):
            # It gets the 250 and can never act on it.
            sender.suspend()
            rig.sink.note_doubt([message.message_id])
            rig.sink.call_later(0.05, sender.kill)
            killed.append(sender.pid)

    rig.sink.on_accept = kill_its_sender
    share_all(pages, alerts.case, alerts.shared)
    alerts.reach(len(pages))
    alerts.settle()
    outcome = alerts.judge()
    outcome.require(len(killed) == KILLS, f"only {len(killed)} senders were killed")
    outcome.facts.append(f"{len(killed)} senders killed between the 250 and the mark")
    return outcome


def queue_killed(rig, pages):
    return _queue_away(rig, pages, "3a", "killed and emptied", rig.kill_queue, lambda: restart(rig.valkey))


def queue_frozen(rig, pages):
    return _queue_away(rig, pages, "3b", "frozen", rig.freeze_queue, rig.thaw_queue)


def database_killed(rig, pages):
    alerts = Alerts(rig, "4")
    rig.sink.pause = 0.1  # so that some are in a sender's hands
    answers, saved = [], set()
    writers = _writers(rig, pages, alerts.case, answers)
    with ThreadPoolExecutor() as pool:
        writing = [pool.submit(write_all, writers[part::2], alerts.shared, saved) for part in (0, 1)]
        until(lambda: len(alerts.shared) >= len(pages) * 2 // 5, 60)
        kill(rig.postgres.program)
        confirmed = len(saved)
        time.sleep(2)
        restart(rig.postgres)
        connection.close()
        alerts.note_doubt()
        for done in writing:
            done.result()
    alerts.reach(len(pages))
    alerts.settle()
    outcome = alerts.judge()
    versions = PageVersion.objects.filter(note__in=saved).values_list("note", "body")
    gone = saved - {note for note, body in versions if note in body}
    refusals = sum(answer.status not in (200, 302) for answer in answers)
    outcome.require(not gone, f"{len(gone)} saves that were confirmed are gone")
    outcome.facts.append(
        f"PostgreSQL killed after {confirmed} confirmed saves, {len(gone)} gone; {refusals} requests failed "
        f"meanwhile and were made again; emails taken and not yet marked then: {len(rig.sink.doubt)}"
    )
    return outcome


def unkind_mail_server(rig, pages):
    alerts = Alerts(rig, "5")
    # Those at whom it falls silent stand together: the worst that can happen to who stands among them.
    addresses = [mentor_of(page).email for page in pages[: HUNG + 7]]
    hung, unknown = addresses[:HUNG], addresses[HUNG : HUNG + 3]
    closed, dropped = addresses[HUNG + 3 : HUNG + 5], addresses[HUNG + 5 :]
    rig.sink.hanging, rig.sink.refused = set(hung), set(unknown)
    rig.sink.closing, rig.sink.dropping = set(closed), set(dropped)
    share_all(pages, alerts.case, alerts.shared)
    others = {f"alert-5-{number}" for number in range(HUNG + 7, len(pages))}
    until(lambda: others <= rig.sink.marks(), 90)
    lags = [message.at - alerts.shared[message.mark] for message in rig.sink.accepted if message.mark in others]
    silent = sum(rig.sink.attempts[address] for address in hung)
    rig.sink.hanging.clear()
    alerts.reach(len(pages) - len(unknown))
    alerts.settle()
    outcome = alerts.judge(alerts.shared.keys() - {f"alert-5-{number}" for number in range(HUNG, HUNG + 3)})
    refused = Email.objects.filter(person__email__in=unknown, reason__startswith="550", state=Email.State.FAILED)
    failed = [refused.filter(person__email=address).count() for address in unknown]
    asked = [rig.sink.attempts[address] for address in unknown]
    shown = [(reason.family, reason.count) for reason in figures.ended(Q(), timezone.now(), UTC).failed]
    outcome.require(failed == asked == [1] * len(unknown), f"a 550 is not failed at once: {failed} after {asked}")
    outcome.require(("550 5.1.1", len(unknown)) in shown, f"the admin does not show what failed: {shown}")
    outcome.require(max(lags) <= STALL, f"a silent mail server held up others for {max(lags):.0f} s")
    outcome.facts.append(
        f"550 to {len(unknown)}: failed after one attempt, shown in the admin; silent at {HUNG} ({silent} attempts): "
        f"the others came after {max(lags):.1f} s at most; 421 at {len(closed)}; hung up after taking {len(dropped)}"
    )
    for address in unknown:  # they have a mailbox in the cases to come
        let_again(address)
    return outcome


def commit_or_not(rig, pages):
    alerts = Alerts(rig, "7")
    undone, kept = pages[:20], pages[20:23]
    for page in undone:
        with transaction.atomic():
            share(page, "<p>Never mind: alert-7undone-0.</p>", note="alert-7undone-0")
            transaction.set_rollback(True)
    in_the_gap = 0
    for number, page in enumerate(kept):
        writer = Writer(rig.port, page, f"alert-7-{number}", [])
        until(writer.save, 30)
        in_the_gap += _kill_web_before_the_nudge(rig, writer)
        alerts.shared[writer.mark] = time.monotonic()
    alerts.reach(len(kept))
    alerts.settle()
    outcome = alerts.judge()
    untrue = sum("undone" in message.mark for message in rig.sink.accepted)
    outcome.require(untrue == 0, f"{untrue} emails told of what was rolled back")
    outcome.require(in_the_gap > 0, "the web server was never killed between commit and nudge")
    outcome.require(outcome.duplicates == 0, "something came twice")
    outcome.facts.append(
        f"{len(undone)} rolled back: {untrue} emails; web server killed between commit and nudge "
        f"{in_the_gap} times: {len(rig.sink.marks())} emails"
    )
    return outcome


def poison(rig, pages):
    alerts = Alerts(rig, "8")
    first = timezone.now() - timedelta(hours=1)
    poisoned = Email.objects.create(letter={"to": "somebody@example.org"}, due_at=first)
    share_all(pages, alerts.case, alerts.shared)
    alerts.reach(len(pages))
    alerts.settle()
    outcome = alerts.judge()
    poisoned.refresh_from_db()
    aside = (poisoned.state, poisoned.attempts)
    outcome.require(aside == (Email.State.FAILED, 1), f"what cannot be made is not set aside: {aside}")
    outcome.require(outcome.duplicates == 0, "something came twice")
    outcome.facts.append("one email that cannot be made was set aside after one attempt")
    return outcome


CASES = {
    "0": undisturbed,
    "1": worker_killed,
    "2": killed_before_the_mark,
    "3a": queue_killed,
    "3b": queue_frozen,
    "4": database_killed,
    "5": unkind_mail_server,
    "6a": two_beats,
    "6b": beat_dead,
    "6c": clock_moved,
    "7": commit_or_not,
    "8": poison,
    "9a": many_comments,
    "9b": many_comments_wanted_soon,
}


def _queue_away(rig, pages, case, what, leave, come_back):
    alerts = Alerts(rig, case)
    answers = []
    writers = _writers(rig, pages, case, answers)
    looker = Visitor(rig.port, mentor_of(pages[0]), answers)
    enough = []
    with ThreadPoolExecutor() as pool:
        writing = [pool.submit(write_all, writers[part::2], alerts.shared, set()) for part in (0, 1)]
        pool.submit(looker.look_around, ["/health/", "/home/", pages[0].get_absolute_url()], enough)
        try:
            until(lambda: len(alerts.shared) >= len(pages) // 4, 60)
            leave()
            left = time.monotonic()
            time.sleep(AWAY)
            come_back()
            returned = time.monotonic()
            for done in writing:
                done.result()
        finally:
            enough.append(True)
    alerts.reach(len(pages))
    # A worker that only finished what it had begun would leave this one.
    share_all(pages[:1], f"{case}again", alerts.shared)
    alerts.reach(len(pages) + 1)
    alerts.settle()
    outcome = alerts.judge()
    lag = max(message.at - max(returned, alerts.shared[message.mark]) for message in rig.sink.accepted)
    meanwhile = [answer for answer in answers if left <= answer.at < returned]
    slowest = max(answer.seconds for answer in meanwhile)
    errors = sum(answer.status == 0 or answer.status >= 500 for answer in answers)
    outcome.require(errors == 0, f"{errors} pages failed")
    outcome.require(slowest <= PATIENCE, f"a page took {slowest:.1f} s")
    # A worker that ended over it, a rare fault of Celery's own, keeps what it was sending for the lease.
    allowed = LAG + (LEASE.total_seconds() if rig.revived else 0)
    outcome.require(lag <= allowed, f"email was {lag:.0f} s late once the queue was back")
    outcome.facts.append(
        f"queue {what} for {AWAY} s: {len(meanwhile)} pages meanwhile, {errors} errors, the slowest "
        f"{slowest:.2f} s; email at most {lag:.1f} s late once it was back"
    )
    return outcome


def _kill_web_before_the_nudge(rig, writer) -> bool:
    """Kill the web server once its commit can be seen, while it waits for a frozen queue. Whether that was in
    time: the writer got no answer."""
    committed = PageVersion.objects.filter(note=writer.mark)
    rig.freeze_queue()
    try:
        with ThreadPoolExecutor() as pool:
            sharing = pool.submit(writer.share)
            seen = until(committed.exists, 10, pause=0.002)
            rig.web.end_group()
            confirmed = sharing.result()
    finally:
        rig.thaw_queue()
    rig.web.start()
    return seen and not confirmed


def _writers(rig, pages, case, answers):
    return [Writer(rig.port, page, f"alert-{case}-{number}", answers) for number, page in enumerate(pages)]
