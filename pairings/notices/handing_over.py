"""What the three are told when another mentor is to carry on."""

from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.notices import Notice, Section
from pairings.models import HandOver, Pairing

State = HandOver.State


def thread_of_hand_over(notice, pk) -> str:
    """Emails of each kind stand in a thread of their own: its subject stays as it began."""
    return f"{notice.kind.partition('.')[2]}-{pk}"


def bundle_of_hand_over(pk) -> str:
    """Of whoever is not of the pairing (yet)."""
    return f"hand-over-{pk}"


def hand_overs_to_tell(person, ids, pairings=None) -> list[HandOver]:
    """Those under way; to the mentor who is to carry on only once the mentee said yes."""
    return list(_theirs(person, ids).filter(state__in=HandOver.OPEN))


def closed_to_tell(person, ids, pairings=None) -> list[HandOver]:
    return list(_theirs(person, ids).filter(state__in=[State.DECLINED, State.WITHDRAWN]))


def handed_over_to_tell(person, ids, pairings=None) -> list[HandOver]:
    """While it is true: not once that pairing has ended, too."""
    return list(_theirs(person, ids).filter(state=State.DONE, next__state__in=Pairing.LIVE))


def render_hand_overs(person, hand_overs):
    return [_section(HAND_OVER, person, each, *_asked(person, each)) for each in hand_overs]


def render_closed(person, hand_overs):
    return [_section(HAND_OVER_CLOSED, person, each, *_closed(each)) for each in hand_overs]


def render_handed_over(person, hand_overs):
    return [_section(HANDED_OVER, person, each, *_done(person, each)) for each in hand_overs]


def _theirs(person, ids):
    return HandOver.objects.visible_to(person).with_people().filter(pk__in=ids)


def _closed(each):
    """(headline, summary, button)"""
    if each.state == State.WITHDRAWN:
        headline = _("The hand-over to %(name)s was taken back") % {"name": each.mentor.first_name}
    else:
        closer = each.mentor if each.consented_at else each.pairing.mentee
        headline = _("%(name)s said “not this time”") % {"name": closer.first_name}
    return headline, _("a hand-over"), _("See it")


def _asked(person, each):
    mentee, new = each.pairing.mentee, each.mentor
    words = {"mentee": mentee.first_name, "new": new.first_name, "by": each.by.first_name}
    if person.pk == new.pk:
        return _("%(mentee)s would like you to carry on as mentor") % words, _("a hand-over"), _("Look and answer")
    if person.pk == mentee.pk and each.by_id != mentee.pk:
        return (
            _("%(by)s suggests that %(new)s carries on as your mentor") % words,
            _("a hand-over"),
            _("Look and decide"),
        )
    return _("%(by)s suggests that %(new)s carries on as mentor of %(mentee)s") % words, _("a hand-over"), _("See it")


def _done(person, each):
    mentee, new = each.pairing.mentee, each.mentor
    if person.pk == new.pk:
        return (
            _("You are %(name)s’s mentor now") % {"name": mentee.first_name},
            _("a new pairing"),
            _("See what comes now"),
        )
    words = {"name": new.first_name, "mentee": mentee.first_name}
    if person.pk == mentee.pk:
        return _("%(name)s is your mentor now") % words, _("a new mentor"), _("See what comes now")
    return _("%(name)s carries on as %(mentee)s’s mentor") % words, _("a hand-over"), _("See what comes now")


def _section(notice, person, each, headline, summary, button):
    pairing = each.pairing
    is_old_mentor = person.pk == pairing.mentor_id
    return Section(
        thread=thread_of_hand_over(notice, each.pk),
        headline=headline,
        discreet=_("About another mentor"),
        summary=summary,
        count=summary,
        url=reverse("pairings:hand_over", args=[pairing.slug]),
        button=button,
        by=pairing.mentee if person.pk != pairing.mentee_id else each.mentor,
        hat="mentee" if person.pk == pairing.mentee_id else "mentor",
        why=_("You get this because you mentor, or mentored, %(name)s.") % {"name": pairing.mentee.first_name}
        if is_old_mentor
        else _("You get this because it is about a mentor and you."),
        takes_replies=False,
        context=partial(
            dict, hand_over=each, person=person, mentee=pairing.mentee, old=pairing.mentor, new=each.mentor
        ),
    )


HAND_OVER = Notice(
    kind="pairings.hand_over",
    group="",
    template="pairings/email/hand_over",
    may_tell=hand_overs_to_tell,
    render=render_hand_overs,
)
HAND_OVER_CLOSED = Notice(
    kind="pairings.hand_over_closed",
    group="",
    template="pairings/email/hand_over",
    may_tell=closed_to_tell,
    render=render_closed,
)
HANDED_OVER = Notice(
    kind="pairings.handed_over",
    group="",
    template="pairings/email/handed_over",
    may_tell=handed_over_to_tell,
    render=render_handed_over,
)
