from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from mentoring.demo import seed
from mentoring.demo.accounts import ACCOUNTS


class Command(BaseCommand):
    help = "Builds the demo programme in an empty database; says so and does nothing when it is there already."

    def add_arguments(self, parser):
        parser.add_argument("--as-of", type=date.fromisoformat, help="the day on which the story ends (2026-11-23)")
        parser.add_argument("--accounts", action="store_true", help="only print the accounts")

    def handle(self, *, as_of, accounts, **options):
        if not settings.DEMO:
            raise CommandError("This is not a demo (DEMO=1 is not set): nothing was done.")
        if accounts:
            return self._print_accounts()
        if seed.is_seeded():
            return self.stdout.write("The demo programme is there already.")
        if User.objects.exists():
            raise CommandError("The database holds people who are not of the demo: nothing was done.")
        seed.seed(as_of or timezone.localdate())
        self.stdout.write("The demo programme is ready.")

    def _print_accounts(self):
        for account in ACCOUNTS:
            email = f"{account.key}@{seed.DOMAIN}"
            self.stdout.write(f"  {email:26} {account.name}. {account.what}")
        self.stdout.write(f"  The password of each is {seed.PASSWORD}")
