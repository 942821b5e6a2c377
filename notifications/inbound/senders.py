"""Whether an email is from the person to whom its address was given."""

from allauth.account.models import EmailAddress

from notifications.inbound.headers import Headers, plain_address
from notifications.models import Email


def is_from(person, headers: Headers) -> bool:
    """Whether it names an address of the person's as its only sender, and our mail server does not doubt that."""
    if headers.sender is None or headers.fails_dmarc:
        return False
    return headers.sender in addresses_of(person)


def addresses_of(person) -> set[str]:
    """All that are known to be the person's, as `plain_address`es."""
    proven = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    return {plain_address(email) for email in (person.email, *proven)}


def why_not_a_person(headers: Headers) -> str:
    """What shows that no person wrote it, in a few words; "" when nothing does."""
    if headers.automatic:
        return f"not written by a person: {headers.automatic}"
    if headers.message_id and Email.objects.filter(message_id=headers.message_id).exists():
        return "an email of ours that came back"
    return ""
