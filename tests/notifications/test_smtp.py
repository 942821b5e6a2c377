"""How long a mail server may think: briefly about an address, longer about what it was handed."""

import asyncio
import smtplib
import socket

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage, get_connection

SLOW, BRIEF = 0.6, 0.2  # seconds


class Thoughtful:
    """Thinks for `SLOW` seconds about addresses, or about what it is handed."""

    def __init__(self):
        self.thinks_about = ""
        self.taken = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        await asyncio.sleep(SLOW if self.thinks_about == "addresses" else 0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(SLOW if self.thinks_about == "words" else 0)
        self.taken += 1
        return "250 OK"


@pytest.fixture
def server():
    handler = Thoughtful()
    with socket.create_server(("127.0.0.1", 0)) as free:
        handler.port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def connection(server):
    found = get_connection("notifications.smtp.EmailBackend", host="127.0.0.1", port=server.port, timeout=10)
    found.open()
    yield found
    found.close()


def send(connection, patience):
    connection.patience = patience
    connection.send_messages([EmailMessage("Hello", "Hello", "from@example.org", ["to@example.org"])])


@pytest.mark.parametrize(("about", "patience"), [("addresses", None), ("words", None), ("words", BRIEF), ("", BRIEF)])
def test_a_server_that_answers_in_time_takes_the_email(server, connection, about, patience):
    server.thinks_about = about

    send(connection, patience)

    assert server.taken == 1


def test_who_thinks_too_long_about_an_address_takes_nothing(server, connection):
    server.thinks_about = "addresses"

    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(connection, BRIEF)

    assert server.taken == 0


def test_patience_is_that_of_each_email(server, connection):
    send(connection, BRIEF)
    server.thinks_about = "addresses"

    send(connection, None)

    assert server.taken == 2


def test_an_encrypted_channel_is_as_patient():
    backend = get_connection("notifications.smtp.EmailBackend", use_ssl=True)

    assert issubclass(backend.connection_class, smtplib.SMTP_SSL)
    assert backend.connection_class.data is get_connection("notifications.smtp.EmailBackend").connection_class.data
