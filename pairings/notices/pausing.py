"""What the two are told of a pause: that it begins, at once and once; and that one of them goes on before its end."""

from functools import partial

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from notifications.notices import Notice, Section
from pairings.models import Pairing
from pairings.notices.messages import DELAY
from pairings.notices.telling import hat_in, of_pairs, other_in

State = Pairing.State


def thread_of_pause(pairing_pk, until) -> str:
    """`until`: the day that is named in the subject; None for word that it is over."""
    return f"pause-{pairing_pk}-{until or 'over'}"


def render_paused(person, pairs):
    return [_paused_section(pair, person) for pair in pairs]


def render_resumed(person, pairs):
    return [_resumed_section(pair, person) for pair in pairs]


def _paused_section(pair, person):
    other = other_in(pair, person)
    words = {"name": other.first_name, "day": date_format(pair.paused_until, "j F")}
    headline = _("You and %(name)s pause until %(day)s") % words
    return Section(
        **_where(pair, person, other, pair.paused_until),
        headline=headline,
        discreet=_("A pause until %(day)s") % words,
        summary=_("a pause"),
        count=_("a pause"),
        url=reverse("pairings:pause", args=[pair.slug]),
        button=_("See the pause"),
        context=partial(dict, until=pair.paused_until, other=other),
    )


def _resumed_section(pair, person):
    other = other_in(pair, person)
    headline = _("%(name)s is ready to go on: your pause is over") % {"name": other.first_name}
    return Section(
        **_where(pair, person, other, None),
        headline=headline,
        discreet=_("Your pause is over"),
        summary=_("the pause is over"),
        count=_("the pause is over"),
        url=reverse("pairings:messages", args=[pair.slug]),
        button=_("Write to %(name)s") % {"name": other.first_name},
        context=partial(dict, other=other),
    )


def _where(pair, person, other, until):
    return {
        "thread": thread_of_pause(pair.pk, until),
        "by": other,
        "hat": hat_in(pair, person),
        "why": _("You get this because you and %(name)s are a pairing.") % {"name": other.first_name},
        "takes_replies": False,
    }


PAUSED = Notice(
    kind="pairings.paused",
    group="",
    template="pairings/email/paused",
    render=render_paused,
    waits=False,
    **of_pairs(lambda pair, person: pair.state == State.PAUSED and pair.paused_until is not None),
)
RESUMED = Notice(
    kind="pairings.resumed",
    group="messages",
    template="pairings/email/resumed",
    render=render_resumed,
    delay=DELAY,
    **of_pairs(lambda pair, person: pair.is_live and pair.state != State.PAUSED),
)
