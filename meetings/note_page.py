"""The page of a note, as one of the two opens it."""

from datetime import timedelta

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.drafts import drafts_of
from meetings.actions.noting import AGES_IN
from meetings.models import PrivateNote
from meetings.note_forms import JotterForm, NoteForm
from meetings.note_words import EMPTY, as_fields, from_fields, is_word, put_together, that_differ, written
from meetings.notices.noting import events_of_note
from meetings.noting import looked_at_before, notes_of, scale_of, show
from notifications.models import Notification

# The button that puts one's own words and those of the other into one form.
BOTH = "both"


class NotePage:
    """sent: what was posted to write the note, jotted: to keep in the jotter; None for neither."""

    def __init__(self, viewer, meeting, sent=None, *, jotted=None, wants_to_change=False):
        self.viewer, self.meeting = viewer, meeting
        self.notes = notes_of(meeting, viewer)
        self._sent, self._jotted = sent, jotted
        writes = self.notes.may_write and (wants_to_change or not self.notes.latest)
        self.form = self._form() if sent is not None or writes else None

    @property
    def is_amiss(self):
        return bool(self.form and not self._is_both and self.form.errors)

    @cached_property
    def common(self):
        return {
            "meeting": self.meeting,
            "pairing": self.meeting.pairing,
            "other": self.meeting.other_than(self.viewer),
            "viewer": self.viewer,
        }

    @cached_property
    def jotter(self):
        mine = PrivateNote.objects.visible_to(self.viewer).filter(meeting=self.meeting).first()
        return JotterForm(
            self._jotted,
            words=mine.words if mine else "",
            draft=None if self._jotted else self._drafts.get(self._jotter_key),
            draft_key=self._jotter_key,
        )

    def context(self, version):
        """What the template shows; `version`: the number of one that somebody wants to read as it read then."""
        found = self.common | {
            "notes": self.notes,
            "scale": self._scale,
            "jotter": self.jotter,
            "form": self.form,
            "draft": None if self.form else self._drafts.get(self._key),
            "unsent": self._unsent(),
        }
        if self.form:
            return found | {"clash": self._clash(), "is_both": self._is_both}
        if not self.notes.latest:
            return found
        past = self.notes.numbered(version)
        if past and past != self.notes.latest:
            return found | {"shown": show(self.meeting, past), "is_past": True}
        since = looked_at_before(self.notes, self.viewer)
        return found | {
            "shown": show(self.meeting, self.notes.latest, since=since),
            "ages_at": self.notes.latest.at + AGES_IN,
            "new_until": self._new_until(),
        }

    @property
    def _is_both(self):
        return self._sent is not None and BOTH in self._sent and self.notes.latest is not None

    @property
    def _key(self):
        return f"note-{self.meeting.pk}"

    @property
    def _jotter_key(self):
        return f"jotter-{self.meeting.pk}"

    @cached_property
    def _drafts(self):
        return drafts_of(self.viewer, [self._key, self._jotter_key])

    @cached_property
    def _scale(self):
        return scale_of(self.meeting)

    def _form(self):
        latest, pairing = self.notes.latest, self.meeting.pairing
        return NoteForm(
            self._together() if self._is_both else self._sent,
            words=written(latest),
            number=latest.number if latest else 0,
            people=[pairing.mentee, pairing.mentor],
            scale=self._scale,
            day=localdate(self.meeting.starts_at) if self.meeting.starts_at else None,
            draft=None if self._sent else self._drafts.get(self._key),
            draft_key=self._key,
        )

    def _together(self):
        latest = self.notes.latest
        sent = self._sent.copy()
        for name in filter(is_word, list(sent)):
            del sent[name]
        sent.update(as_fields(put_together(from_fields(self._sent), written(latest))))
        sent["number"] = str(latest.number)
        return sent

    def _clash(self):
        """What the other sent meanwhile, beside what stands in the form; None when nothing differs. Whoever has seen
        both may send."""
        latest = self.notes.latest
        if latest is None or self.form.based_on >= latest.number:
            return None
        self.form.look_again(latest.number)
        parts = that_differ(self.form.as_typed, written(latest), self._names)
        return {"version": latest, "parts": parts, "when": _ago(latest.at, timezone.now())} if parts else None

    def _new_until(self):
        """When the newest happened that was told of it and not seen; None for nothing."""
        if not self.notes.waits_for_me:
            return None
        unseen = Notification.objects.unseen().filter(person=self.viewer, event__in=events_of_note(self.notes.note))
        return unseen.aggregate(last=Max("event__at"))["last"]

    def _unsent(self):
        """What somebody wrote, and can no longer send."""
        draft = self._drafts.get(self._key)
        if draft is None or self.form or self.notes.may_write:
            return []
        return that_differ(from_fields(draft.fields), EMPTY, self._names)

    @property
    def _names(self):
        people = (self.meeting.pairing.mentee, self.meeting.pairing.mentor)
        return {str(person.pk): person.first_name for person in people}


def note_url(meeting) -> str:
    return reverse("meetings:note", args=[meeting.pairing.slug, meeting.slug])


def _ago(moment, now):
    minutes = (now - moment) // timedelta(minutes=1)
    if minutes >= 60:
        return _("on %(day)s") % {"day": date_format(localtime(moment), "j F, H:i")}
    return ngettext("a minute ago", "%(count)d minutes ago", max(minutes, 1)) % {"count": minutes}
