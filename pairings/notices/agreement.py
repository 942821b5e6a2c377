"""What the two are told of how they work together: it was changed, it was agreed, it may be time to look again."""

from functools import partial

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.notices import Notice, Section
from pairings.agreement import lines, looked_at_before
from pairings.models import Agreement
from pairings.notices.messages import DELAY
from pairings.notices.telling import hat_in, of_pairs, other_in


def thread_of_agreement(notice, pairing_pk) -> str:
    """Emails of each kind stand in a thread of their own: its subject stays as it began."""
    return f"agreement-{pairing_pk}-{notice.kind.rpartition('_')[2]}"


def render_changed(person, pairs):
    first = _only_one_of(pairs)
    return [_section_of_change(pair, person, is_first=pair.pk in first) for pair in pairs]


def render_agreed(person, pairs):
    words = _("%(name)s agreed to how you work together")
    return [_section(AGREED, pair, person, words, _("agreed"), _("See it")) for pair in pairs]


def render_review(person, pairs):
    words = _("Does how you and %(name)s work together still suit you?")
    return [_section(REVIEW, pair, person, words, _("a look back"), _("Have a look")) for pair in pairs]


def _only_one_of(pairs):
    """The keys of those where but one agreement was written down: nothing was changed yet."""
    counted = Agreement.objects.filter(pairing__in=[pair.pk for pair in pairs]).values("pairing").order_by()
    return set(counted.annotate(count=Count("pk")).filter(count=1).values_list("pairing", flat=True))


def _section_of_change(pair, person, *, is_first):
    if is_first:
        words, summary = _("%(name)s wrote down how you could work together"), _("an agreement")
    else:
        words, summary = _("%(name)s suggested a change to how you work together"), _("a change")
    context = partial(_changed, pair, person)
    return _section(AGREEMENT_CHANGED, pair, person, words, summary, _("Look and agree"), context)


def _section(notice, pair, person, headline, summary, button, context=None):
    other = other_in(pair, person)
    words = {"name": other.first_name}
    return Section(
        thread=thread_of_agreement(notice, pair.pk),
        headline=headline % words,
        discreet=_("About how you and %(name)s work together") % words,
        summary=summary,
        count=summary,
        url=reverse("pairings:agreement", args=[pair.slug]),
        button=button,
        by=other,
        hat=hat_in(pair, person),
        why=_("You get this because you and %(name)s are a pairing.") % words,
        takes_replies=False,
        context=context or partial(dict, words),
    )


def _changed(pair, person):
    """Each line that reads otherwise than when the reader last agreed or wrote; all of them, if they never did."""
    revisions = list(Agreement.objects.filter(pairing=pair.pk).order_by("number"))
    before = looked_at_before(revisions, person.pk, is_mentor=pair.mentor.pk == person.pk)
    found = lines(revisions[-1].answers, before.answers if before else ())
    return {"lines": [line for line in found if line.is_changed], "is_first": before is None}


def _is_live(pair, person):
    return pair.is_live


AGREEMENT_CHANGED = Notice(
    kind="pairings.agreement_changed",
    group="messages",
    template="pairings/email/agreement_changed",
    render=render_changed,
    delay=DELAY,
    **of_pairs(_is_live),
)
AGREED = Notice(
    kind="pairings.agreement_agreed",
    group="messages",
    template="pairings/email/agreed",
    render=render_agreed,
    delay=DELAY,
    **of_pairs(_is_live),
)
REVIEW = Notice(
    kind="pairings.agreement_review",
    group="messages",
    template="pairings/email/agreement_review",
    render=render_review,
    **of_pairs(_is_live),
)
