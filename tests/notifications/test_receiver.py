"""The doors at which a mail server of one's own delivers: what they answer, and how they close."""

import asyncio
import contextlib
import os
import signal
import smtplib
import socket
import subprocess
import sys
import threading

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection

from notifications.inbound import doors
from notifications.inbound.addresses import bounce_key
from notifications.models import InboundEmail
from portfolios.models import Comment
from tests.notifications.posting import ADDRESS, QUOTED, ask, reply, report

UNKNOWN = (550, b"5.1.1 No such address here")
LATER = (451, b"4.3.0 Not now, please try again later")


@pytest.fixture(autouse=True)
def _receives_email(settings):
    settings.INBOUND_ADDRESS = ADDRESS
    settings.DEFAULT_FROM_EMAIL = "mentoring@example.org"


@pytest.fixture
def open_door(transactional_db):
    """`open_door(lmtp=…)` is the port of a door in a thread of its own."""
    with contextlib.ExitStack() as opened:
        yield lambda **how: opened.enter_context(_door(**how))


@contextlib.contextmanager
def _door(**how):
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(timeout=30)

    async def start():
        door = doors.Door(**how)
        return door, await loop.create_server(door.open, "127.0.0.1", 0)

    async def stop():
        server.close()
        await door.close()
        await asyncio.sleep(0)

    door, server = run(start())
    yield server.sockets[0].getsockname()[1]
    run(stop())
    loop.call_soon_threadsafe(loop.stop)
    thread.join(timeout=30)
    loop.close()


@pytest.fixture
def asked(transactional_db, pair):
    return ask(pair)


def address(message):
    return message.extra_headers["Reply-To"]


def words():
    return [comment.body for comment in Comment.objects.exclude(body="Who did you ask?")]


@pytest.mark.parametrize(("lmtp", "client"), [(False, smtplib.SMTP), (True, smtplib.LMTP)])
def test_a_reply_that_a_mail_server_brings_is_taken_once(asked, open_door, lmtp, client):
    raw = reply(asked.message).as_bytes()

    for _again in range(2):
        with client("127.0.0.1", open_door(lmtp=lmtp), timeout=30) as server:
            assert server.sendmail("amina@example.org", [address(asked.message)], raw) == {}

    assert words() == ["I asked Tom."]


def test_a_bounce_comes_without_a_sender(asked, open_door):
    key = bounce_key(asked.email)

    with smtplib.LMTP("127.0.0.1", open_door(lmtp=True), timeout=30) as server:
        assert server.sendmail("", [ADDRESS.format(key=key)], report(key)) == {}

    assert InboundEmail.objects.get().outcome == "bounce"


def test_an_address_that_nobody_was_given_is_refused_before_the_email_is_sent(asked, open_door):
    with smtplib.SMTP("127.0.0.1", open_door(), timeout=30) as server:
        server.ehlo()
        server.mail("amina@example.org")

        assert server.rcpt("reply@mentoring.example.org") == UNKNOWN
        assert server.rcpt(ADDRESS.format(key="r-" + "0" * 32)) == UNKNOWN
        assert server.rcpt(address(asked.message)) == (250, b"2.1.5 Yes")
        assert server.rcpt(address(asked.message)) == (452, b"4.5.3 One recipient at a time")
        assert server.data(reply(asked.message).as_bytes()) == (250, b"2.0.0 Taken")


def test_odd_commands_and_letters_are_answered(asked, open_door):
    with smtplib.SMTP("127.0.0.1", open_door(), timeout=30) as server:
        assert server.docmd("EHLO", "x")[0] == 250
        assert server.docmd("MAIL", "FROM:<")[0] in (451, 501, 553)
        server.command_encoding = "utf-8"
        assert server.docmd("MAIL", "FROM:<zoë@example.org>")[0] in (250, 501, 553)
        assert server.docmd("RSET")[0] == 250
        assert server.docmd("BOGUS")[0] == 500


def test_more_than_we_read_is_refused_by_its_size(asked, open_door):
    with smtplib.SMTP("127.0.0.1", open_door(), timeout=30) as server:
        server.ehlo()

        assert server.esmtp_features["size"] == str(doors.LARGEST)
        assert server.mail("amina@example.org", [f"SIZE={doors.LARGEST + 1}"])[0] == 552


def test_a_line_longer_than_the_standard_allows_is_taken(asked, open_door):
    line = "word " * 1_500
    raw = reply(asked.message).as_bytes().partition(b"\n\n")[0] + b"\n\n" + line.encode() + QUOTED.encode()

    with smtplib.SMTP("127.0.0.1", open_door(), timeout=30) as server:
        server.sendmail("amina@example.org", [address(asked.message)], raw)

    assert words() == [line.strip()]


def test_what_the_database_cannot_take_now_has_to_come_again(asked, open_door):
    port = open_door()
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as server:
        server.ehlo()
        server.mail("amina@example.org")
        server.rcpt(address(asked.message))
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE notifications_inboundemail RENAME TO away")
        try:
            assert server.data(reply(asked.message).as_bytes()) == LATER
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE away RENAME TO notifications_inboundemail")

        server.sendmail("amina@example.org", [address(asked.message)], reply(asked.message).as_bytes())

    assert words() == ["I asked Tom."]


def test_too_many_at_once_are_asked_to_come_again(open_door, monkeypatch):
    monkeypatch.setattr(doors, "MOST_CONNECTIONS", 1)
    port = open_door()

    with smtplib.SMTP("127.0.0.1", port, timeout=30) as first:
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            smtplib.SMTP("127.0.0.1", port, timeout=30)
        assert refused.value.smtp_code == 421
        assert first.noop()[0] == 250
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as third:
        assert third.noop()[0] == 250


@contextlib.contextmanager
def command(*arguments, **environment):
    """`manage.py receive_mail` in a process of its own, and what it says when it listens."""
    with subprocess.Popen(
        [sys.executable, "manage.py", "receive_mail", *arguments],
        cwd=django_settings.BASE_DIR,
        env=os.environ | {"INBOUND_ADDRESS": ADDRESS} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process, process.stdout.readline()
        finally:
            process.kill()


def test_the_command_listens_where_it_is_told_and_ends_when_it_is_asked():
    with command("--listen", "127.0.0.1:0", "--lmtp", DATABASE_URL="postgres://nobody@127.0.0.1:1/x") as (
        process,
        said,
    ):
        assert said.startswith("Listening on 127.0.0.1:")
        assert said.endswith(" (LMTP)\n")
        port = int(said.split(":")[1].split(" ")[0])
        with smtplib.LMTP("127.0.0.1", port, timeout=30) as server:
            server.ehlo()
            server.mail("amina@example.org")
            # There is no database at that address.
            assert server.rcpt(ADDRESS.format(key="r-" + "0" * 32)) == LATER
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) == 0

        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=5)


def test_the_command_needs_an_address_and_a_place(settings):
    with pytest.raises(CommandError, match="--listen is a host and a port"):
        call_command("receive_mail", "--listen", "8825")

    settings.INBOUND_ADDRESS = ""
    with pytest.raises(CommandError, match="Please set INBOUND_ADDRESS"):
        call_command("receive_mail")
