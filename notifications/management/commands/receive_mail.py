import asyncio

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from notifications.inbound.doors import serve


class Command(BaseCommand):
    help = "Takes the replies, unsubscriptions and bounces that a mail server of your own brings (docs/deploy.md)."

    def add_arguments(self, parser):
        parser.add_argument("--listen", default="127.0.0.1:8825", metavar="HOST:PORT")
        parser.add_argument("--lmtp", action="store_true", help="speak LMTP rather than SMTP")

    def handle(self, *args, listen, lmtp, **options):
        if not settings.INBOUND_ADDRESS:
            raise CommandError("Please set INBOUND_ADDRESS: without it, no address takes email.")
        host, _colon, port = listen.rpartition(":")
        if not host or not port.isdigit():
            raise CommandError("--listen is a host and a port, like 127.0.0.1:8825.")

        def ready(port):
            self.stdout.write(f"Listening on {host}:{port} ({'LMTP' if lmtp else 'SMTP'})")
            self.stdout.flush()

        asyncio.run(serve(host.strip("[]"), int(port), lmtp=lmtp, ready=ready))
