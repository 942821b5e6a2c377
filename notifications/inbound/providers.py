"""Services that bring email by webhook, through django-anymail. Read while the settings are made: no Django models.

Each brings its email to /mail/<name>/inbound/ and what became of ours to /mail/<name>/tracking/.
"""

from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

LONGEST_KEY = len("b-") + 12 + len("-") + 32  # characters; see addresses
SECRET = "WEBHOOK_SECRET"  # noqa: S105 - the name of it


class Provider(NamedTuple):
    """`views` is the beginning of the names of its views in anymail.webhooks; `needs` are the options, the keys of its
    signatures among them, without which nobody could tell its webhooks from anybody's."""

    views: str
    needs: tuple[str, ...] = (SECRET,)


PROVIDERS = {
    "amazon_ses": Provider("AmazonSES"),
    "brevo": Provider("Brevo", (SECRET, "BREVO_API_KEY")),
    "mailersend": Provider("MailerSend", ("MAILERSEND_SIGNING_SECRET", "MAILERSEND_INBOUND_SECRET")),
    "mailgun": Provider("Mailgun", ("MAILGUN_WEBHOOK_SIGNING_KEY",)),
    "mailjet": Provider("Mailjet"),
    "postmark": Provider("Postmark"),
    "sendgrid": Provider("SendGrid"),
    "sparkpost": Provider("SparkPost"),
}


def options(environment) -> dict[str, str]:
    """django-anymail's settings, from ANYMAIL_… in the environment; {} without ANYMAIL_PROVIDER."""
    name = environment.get("ANYMAIL_PROVIDER")
    if not name:
        return {}
    if name not in PROVIDERS:
        raise ImproperlyConfigured(f"ANYMAIL_PROVIDER can be {', '.join(PROVIDERS)}, not {name}.")
    if missing := [f"ANYMAIL_{need}" for need in PROVIDERS[name].needs if not environment.get(f"ANYMAIL_{need}")]:
        raise ImproperlyConfigured(f"Please set {', '.join(missing)}: without, anybody could bring email as {name}.")
    if ":" not in environment.get("ANYMAIL_WEBHOOK_SECRET", ":"):
        raise ImproperlyConfigured("ANYMAIL_WEBHOOK_SECRET is “name:password”, as both stand in the webhook's address.")
    given = {key.removeprefix("ANYMAIL_"): value for key, value in environment.items() if key.startswith("ANYMAIL_")}
    return {key: value for key, value in given.items() if key != "PROVIDER"}


def view(name: str, event: str):
    """The provider's view for its "inbound" or its "tracking" webhooks."""
    return import_string(f"anymail.webhooks.{name}.{PROVIDERS[name].views}{event.capitalize()}WebhookView")


def pattern(given: str) -> str:
    """INBOUND_ADDRESS as it was given. Raises ImproperlyConfigured unless "{key}" stands once, before the @."""
    local, _at, domain = given.rpartition("@")
    if given and (local.count("{key}") != 1 or set("{}") & set(local.replace("{key}", "") + domain) or not domain):
        raise ImproperlyConfigured("INBOUND_ADDRESS is an address with {key} before the @: reply+{key}@example.org")
    if len(local) - len("{key}") + LONGEST_KEY > 64:
        raise ImproperlyConfigured("INBOUND_ADDRESS is too long: with its key, 64 characters may stand before the @.")
    return given
