"""What the two are told when their time together ends: the mentor's form is asked for and sent, the end, thanks."""

from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.notices import Notice, Section
from pairings.models import Pairing, ThankYou
from pairings.notices.telling import hat_in, of_pairs, other_in
from programmes.models import CompletionQuestion, Programme, Wording
from programmes.wordings import words_of

State = Pairing.State


def thread_of_ending(notice, pairing_pk) -> str:
    """Emails of each kind stand in a thread of their own: its subject stays as it began."""
    return f"ending-{pairing_pk}-{notice.kind.rpartition('.')[2]}"


def render_finishing(person, pairs):
    """To a mentor: the form is asked for. To a mentee: their mentor thinks that it is time."""
    return [_asked(pair, person) if pair.mentor.pk == person.pk else _suggested(pair, person) for pair in pairs]


def render_completed(person, pairs):
    headline, what = _("%(name)s filled in the completion form"), _("the completion form")
    return [_section(COMPLETED, pair, person, headline, what, "completion", _("Read the form")) for pair in pairs]


def render_ended(person, pairs):
    headline, what = _("Your time with %(name)s as a pairing has ended"), _("the end")
    return [
        _section(ENDED, pair, person, headline, what, "thanks", _("Say thank you"), partial(_words_of_end, pair))
        for pair in pairs
    ]


def render_thanks(person, pairs):
    found = []
    for pair in pairs:
        is_mentor = pair.mentor.pk == person.pk
        headline = _("%(name)s says thank you") if is_mentor else _("A few last words from %(name)s")
        found.append(
            _section(
                THANKS, pair, person, headline, _("a thank-you"), "thanks", _("Read it"), partial(_thanks, pair, person)
            )
        )
    return found


def _asked(pair, person):
    headline, what = _("%(name)s asks for your completion form"), _("your completion form")
    return _section(
        FINISHING, pair, person, headline, what, "completion", _("Fill in the form"), partial(_questions, pair)
    )


def _suggested(pair, person):
    headline, what = _("%(name)s thinks it is time to finish"), _("finishing")
    return _section(FINISHING, pair, person, headline, what, "end", _("See what comes now"))


def _section(notice, pair, person, headline, what, page, button, context=None):
    other = other_in(pair, person)
    words = {"name": other.first_name}
    why = _("You get this because you and %(name)s are a pairing.")
    if not pair.is_live:
        why = _("You get this because you and %(name)s were a pairing.")
    return Section(
        thread=thread_of_ending(notice, pair.pk),
        headline=headline % words,
        discreet=_("About you and %(name)s, at the end") % words,
        summary=what,
        count=what,
        url=reverse(f"pairings:{page}", args=[pair.slug]),
        button=button,
        by=other,
        hat=hat_in(pair, person),
        why=why % words,
        takes_replies=False,
        context=context or partial(dict, words),
    )


def _questions(pair):
    asked = CompletionQuestion.objects.filter(programme=pair.programme_id, retired_at=None)
    return {"questions": list(asked)}


def _words_of_end(pair):
    return {"words": words_of(Programme(pk=pair.programme_id), Wording.Kind.ENDING), "at": pair.ended_at}


def _thanks(pair, person):
    return {"thanks": ThankYou.objects.filter(pairing=pair.pk).exclude(by=person).first()}


FINISHING = Notice(
    kind="pairings.finishing",
    group="",
    template="pairings/email/finishing",
    render=render_finishing,
    **of_pairs(lambda pair, person: pair.state == State.COMPLETING),
)
COMPLETED = Notice(
    kind="pairings.completed",
    group="messages",
    template="pairings/email/completed",
    render=render_completed,
    **of_pairs(lambda pair, person: pair.mentee.pk == person.pk),
)
ENDED = Notice(
    kind="pairings.ended",
    group="",
    template="pairings/email/ended",
    render=render_ended,
    **of_pairs(lambda pair, person: not pair.is_live),
)
THANKS = Notice(
    kind="pairings.thanks",
    group="messages",
    template="pairings/email/thanks",
    render=render_thanks,
    **of_pairs(lambda pair, person: True),
)
