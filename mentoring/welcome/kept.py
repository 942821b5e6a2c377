"""What a new mentor said of their offer before they looked it over. Only then is there an offer, so that nobody finds
it earlier; until then it is kept with their half-written words."""

from django.db import transaction

from accounts.drafts import Stale, drafts_of, keep

PREFIX = "welcome-offer-"


@transaction.atomic
def keep_offer(person, enrolment, **said) -> None:
    """Keep `can_help`, `how_i_work`, `capacity` and `holds` (levels), those that are given."""
    key = f"{PREFIX}{enrolment.pk}"
    draft = drafts_of(person, [key]).get(key)
    texts = {name: _text(value) for name, value in said.items()}
    try:
        keep(person, key, fields={**_fields(draft), **texts}, saves=draft.saves if draft else 0)
    except Stale as clash:
        # Another window saved another step meanwhile: both stay.
        keep(person, key, fields={**_fields(clash.draft), **texts}, saves=clash.draft.saves)


def read(fields) -> dict:
    """Kept texts as a form takes them. They may be anything that came by way of a browser."""
    holds = [text for text in fields.get("holds", "").split(",") if text.isdecimal()]
    return {**fields, "holds": holds} if fields else {}


def _fields(draft):
    return draft.fields if draft else {}


def _text(value):
    return ",".join(str(level.pk) for level in value) if not isinstance(value, str | int) else str(value)
