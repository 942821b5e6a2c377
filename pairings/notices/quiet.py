"""What the two of a quiet pair are told: by us, each by themselves and without blame; and by the programme team."""

from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.notices import Notice, Section
from pairings.addresses import pairing_url
from pairings.models import KindNote, Pairing
from pairings.notices.telling import hat_in, of_pairs, other_in

State = Pairing.State


def thread_of_quiet(pairing_pk) -> str:
    return f"quiet-{pairing_pk}"


def thread_of_kind_note(pk) -> str:
    return f"kind-note-{pk}"


def kind_notes_to_tell(person, ids, pairings=None) -> list[KindNote]:
    """Those of the notes `ids` to a pair of the person's that lives."""
    found = KindNote.objects.visible_to(person).filter(pk__in=ids, pairing__state__in=Pairing.LIVE)
    return list(found.select_related("by__profile", "pairing__mentee", "pairing__mentor"))


def render_quiet(person, pairs):
    return [_quiet_section(pair, person) for pair in pairs]


def render_kind_notes(person, notes):
    return [_note_section(note, person) for note in notes]


def _quiet_section(pair, person):
    other = other_in(pair, person)
    words = {"name": other.first_name}
    return Section(
        thread=thread_of_quiet(pair.pk),
        headline=_("Shall we find a time?"),
        discreet=_("Shall we find a time?"),
        summary=_("it has been quiet between you and %(name)s") % words,
        count=_("a quiet while"),
        url=reverse("meetings:new", args=[pair.slug]),
        button=_("Suggest times"),
        by=other,
        hat=hat_in(pair, person),
        why=_("You get this because you and %(name)s are a pairing.") % words,
        takes_replies=False,
        context=partial(_words_of_quiet, pair, other),
    )


def _words_of_quiet(pair, other):
    pause_url = settings.SITE_URL + reverse("pairings:pause", args=[pair.slug])
    return {"name": other.first_name, "pause_url": pause_url, "may_pause": pair.state == State.ACTIVE}


def _note_section(note, person):
    words = {"name": note.by.name}
    other = note.pairing.other_than(person)
    return Section(
        thread=thread_of_kind_note(note.pk),
        headline=_("A few words from %(name)s to you both") % words,
        discreet=_("A few words from your programme team"),
        summary=_("a note to you both"),
        count=_("a note"),
        url=pairing_url(note.pairing.slug) + f"#note-{note.pk}",
        button=_("See your page"),
        by=note.by,
        hat="mentor" if note.pairing.mentor_id == person.pk else "mentee",
        why=_("You get this because you and %(name)s are a pairing.") % {"name": other.first_name},
        takes_replies=False,
        context=partial(dict, note=note, by=note.by, other=other),
    )


QUIET = Notice(
    kind="pairings.quiet",
    group="messages",
    template="pairings/email/quiet",
    render=render_quiet,
    **of_pairs(lambda pair, person: pair.state in (State.AGREEING, State.ACTIVE)),
)
KIND_NOTE = Notice(
    kind="pairings.kind_note",
    group="",
    template="pairings/email/kind_note",
    may_tell=kind_notes_to_tell,
    render=render_kind_notes,
)
