"""What people are told of notes: the other wrote one, and it is for them to look at."""

from collections import defaultdict
from datetime import date
from functools import partial

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from meetings.models import NoteVersion, SessionNote
from notifications.models import Event
from notifications.notices import Notice, Section
from pairings.models import Pairing


def thread_of_note(pk) -> str:
    return f"note-{pk}"


def events_of_note(note):
    return Event.objects.filter(kind="meetings.note", about_id=note.pk)


def notes_to_tell(person, ids, pairings=None) -> list[SessionNote]:
    """Those of the notes `ids` that wait for the person, while their pairing lives."""
    return notes_to_tell_all({person: ids})[person.pk]


def notes_to_tell_all(asked) -> dict[int, list[SessionNote]]:
    people = "meeting__pairing__mentee__profile", "meeting__pairing__mentor__profile"
    found = SessionNote.objects.filter(
        waits_for__in=asked,
        pk__in={pk for ids in asked.values() for pk in ids},
        meeting__pairing__state__in=Pairing.LIVE,
    )
    by_person = defaultdict(list)
    for note in found.select_related(*people).order_by("pk"):
        by_person[note.waits_for_id].append(note)
    return {person.pk: [note for note in by_person[person.pk] if note.pk in ids] for person, ids in asked.items()}


def render_notes(person, notes):
    return [_section(person, note) for note in notes]


def _section(person, note):
    meeting = note.meeting
    other = meeting.other_than(person)
    day = date_format(localtime(meeting.starts_at), "j F")
    headline = _("Note of %(day)s, for you to check") % {"day": day}
    return Section(
        thread=thread_of_note(note.pk),
        headline=headline,
        discreet=headline,
        summary=_("a note from %(name)s to check") % {"name": other.first_name},
        count=_("a note to check"),
        url=reverse("meetings:note", args=[meeting.pairing.slug, meeting.slug]),
        button=_("Read and agree"),
        by=other,
        hat="mentor" if person.pk == meeting.pairing.mentor_id else "mentee",
        why=_("You get this because you and %(name)s are a pairing.") % {"name": other.first_name},
        takes_replies=False,
        context=partial(_words, note, other),
    )


def _words(note, other):
    """Of the four parts, who will do what; nothing of the others is ever fetched."""
    pairing = note.meeting.pairing
    names = {person.pk: person.first_name for person in (pairing.mentee, pairing.mentor)}
    lines = NoteVersion.objects.filter(note=note).order_by("number").values_list("will_do", flat=True).last()
    return {
        "name": other.first_name,
        "lines": [
            {
                "name": names[line["person"]],
                "what": line["what"],
                "by": date.fromisoformat(line["by"]) if line["by"] else None,
            }
            for line in lines
        ],
    }


NOTE = Notice(
    kind="meetings.note",
    group="meetings",
    template="meetings/email/note",
    may_tell=notes_to_tell,
    may_tell_all=notes_to_tell_all,
    render=render_notes,
)
