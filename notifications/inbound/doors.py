"""Where a mail server of one's own brings email: SMTP, or LMTP (RFC 2033). No TLS and no passwords: it listens to
the same machine, or to a network of one's own."""

import asyncio
import logging
import signal
from concurrent.futures import ThreadPoolExecutor

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP
from django.db import DatabaseError, connections

from notifications.inbound import addresses
from notifications.inbound.receiving import LARGEST, TooLarge, receive

logger = logging.getLogger(__name__)

MOST_CONNECTIONS = 50
THREADS = 4
PATIENCE = 60  # seconds that a silent mail server is waited for
LONGEST_LINE = 64 * 1024  # bytes; many programs write longer ones than the standard's 1,000
LAST_WORK = 30  # seconds for what is being read when we are to stop

LATER = "451 4.3.0 Not now, please try again later"
UNKNOWN = "550 5.1.1 No such address here"


async def serve(host: str, port: int, *, lmtp: bool = False, ready=lambda port: None) -> None:
    """Take email until the process is asked to stop (SIGTERM, SIGINT); what is being read then is finished first.
    `ready` is called with the port when it listens."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(asked, stop.set)
    door = Door(lmtp=lmtp)
    server = await loop.create_server(door.open, host, port)
    ready(server.sockets[0].getsockname()[1])
    await stop.wait()
    server.close()
    await door.close()


class Door:
    """Opens one connection after the other, and answers for all of them."""

    def __init__(self, *, lmtp=False):
        self._lmtp = lmtp
        self._open = set()
        self._working = set()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="inbound")

    def open(self) -> asyncio.Protocol:
        """The protocol of a new connection."""
        if len(self._open) >= MOST_CONNECTIONS:
            return _Busy()
        return (_Lmtp if self._lmtp else _Smtp)(self, self._open)

    async def close(self) -> None:
        """Finish what is being read, then let go of everybody."""
        if self._working:
            await asyncio.wait(self._working, timeout=LAST_WORK)
        for connection in list(self._open):
            if connection.transport:
                connection.transport.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def handle_RCPT(self, server, session, envelope, address, options):
        # One answer is all that a server gets to an email in SMTP: with one recipient it is always the right one.
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient at a time"
        answer = await self._work(_know, address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        sender = "" if envelope.mail_from == "<>" else envelope.mail_from
        return await self._work(_take, envelope.content, envelope.rcpt_tos[0], sender)

    async def handle_exception(self, error):
        logger.error("A command could not be answered (%s)", type(error).__name__)
        return LATER

    async def _work(self, function, *arguments):
        work = asyncio.get_running_loop().run_in_executor(self._threads, _answer, function, *arguments)
        self._working.add(work)
        work.add_done_callback(self._working.discard)
        return await asyncio.shield(work)


def _answer(function, *arguments):
    """What `function` answers; in a thread, whose database connection is not kept for a server that comes seldom."""
    try:
        return function(*arguments)
    except addresses.UnknownAddress:
        return UNKNOWN
    except TooLarge:
        return "552 5.3.4 Too large"
    except DatabaseError as error:
        logger.warning("The database did not answer (%s); an email has to come again", type(error).__name__)
        return LATER
    except Exception:
        logger.exception("An email could not be received; it has to come again")
        return LATER
    finally:
        connections.close_all()


def _know(address):
    addresses.find(address)
    return "250 2.1.5 Yes"


def _take(raw, to, sender):
    receive(raw, to=to, sender=sender)
    return "250 2.0.0 Taken"


class _Connection:
    """One among those that are open; a part of what aiosmtpd makes of it."""

    line_length_limit = LONGEST_LINE

    def __init__(self, door, among):
        super().__init__(
            door, data_size_limit=LARGEST, enable_SMTPUTF8=True, ident="ready", hostname="mentoring", timeout=PATIENCE
        )
        self._among = among
        among.add(self)

    def connection_lost(self, error):
        self._among.discard(self)
        super().connection_lost(error)


class _Smtp(_Connection, SMTP):
    pass


class _Lmtp(_Connection, LMTP):
    pass


class _Busy(asyncio.Protocol):
    def connection_made(self, transport):
        transport.write(b"421 4.3.2 Too many connections, please try again later\r\n")
        transport.close()
