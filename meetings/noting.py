"""The note of a meeting as one of the two looks at it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.actions.noting import has_begun
from meetings.models import Action, NoteVersion, Question, SessionNote
from meetings.note_words import option_in_words
from meetings.open_actions import in_order
from meetings.planning import answers_of
from meetings.starters import CONFIDENCE, template_of
from meetings.wording import stretches


class Scale(NamedTuple):
    """On which somebody says how confident they are, from 1 to `top`; `before`: what the plan said, or None."""

    top: int
    low: str
    high: str
    before: int | None


@dataclass(frozen=True)
class Will:
    """A Will line: who does what by when, as it stands now, and as it `was` in the version before (None: it was not
    there); `action`: what became of it."""

    person: Any
    what: str = field(repr=False)
    by: date | None
    likely: int | None
    action: Action | None
    was: Any = None
    is_changed: bool = False


@dataclass(frozen=True)
class Shown:
    """A version of a note, marked against the version `since` (None: without marks). `texts`: {name: `Stretch`es};
    `options`: as (“same”, “added” or “removed”, option); `lines_out`: Will lines that stood there before."""

    version: NoteVersion
    since: NoteVersion | None
    texts: dict = field(repr=False)
    options: list = field(repr=False)
    will_do: list[Will] = field(repr=False)
    lines_out: list[Will] = field(repr=False)

    @property
    def is_short(self):
        return self.version.form == NoteVersion.Form.LINES


class Past(NamedTuple):
    """A version and the names of the parts that it changed of the one before."""

    version: NoteVersion
    changed: list[str]


@dataclass(frozen=True)
class Notes:
    """The note of a meeting: its `versions`, the newest last; `waits_for_me`; `may_write`: whether there is something
    to write down yet, and still."""

    note: SessionNote | None
    versions: list[NoteVersion]
    waits_for_me: bool
    has_begun: bool
    may_write: bool

    @property
    def latest(self):
        return self.versions[-1] if self.versions else None

    def numbered(self, number):
        return next((version for version in self.versions if version.number == number), None)

    @property
    def history(self):
        """The newest first."""
        pairs = zip([None, *self.versions], self.versions, strict=False)
        return [Past(new, parts_changed(old, new) if old else []) for old, new in pairs][::-1]


def notes_of(meeting, viewer) -> Notes:
    """Two statements."""
    note = SessionNote.objects.visible_to(viewer).filter(meeting=meeting).select_related("agreed_by").first()
    versions = list(note.versions.select_related("by__profile").order_by("number")) if note else []
    begun = has_begun(meeting, timezone.now())
    return Notes(
        note=note,
        versions=versions,
        waits_for_me=note is not None and note.waits_for_id == viewer.pk,
        has_begun=begun,
        may_write=begun and meeting.pairing.is_live,
    )


def show(meeting, version, *, since=None) -> Shown:
    """One statement."""
    people = {person.pk: person for person in (meeting.pairing.mentee, meeting.pairing.mentor)}
    actions = {str(action.key): action for action in in_order(Action.objects.filter(note=version.note_id))}
    before = {line["key"]: line for line in since.will_do} if since else None
    keys = {line["key"] for line in version.will_do}
    return Shown(
        version=version,
        since=since,
        texts={name: _marked(version, since, name) for name in ("goal", "reality", "lines", "will")},
        options=_options(version, since),
        will_do=[_will(line, people, actions, before) for line in version.will_do],
        lines_out=[_will(line, people, actions, None) for key, line in (before or {}).items() if key not in keys],
    )


def looked_at_before(notes, viewer) -> NoteVersion | None:
    """Against which version the latest is marked, for whom it waits for: the last of their own, else the one before."""
    if not notes.waits_for_me or len(notes.versions) < 2:
        return None
    own = [version for version in notes.versions[:-1] if version.by_id == viewer.pk]
    return (own or notes.versions[:-1])[-1]


def scale_of(meeting) -> Scale | None:
    """How the plan asks how confident its mentee is, and what they said; None where nobody asks. Two statements."""
    answers = answers_of(meeting)
    latest = max((answer.plan.number for answer in answers), default=0)
    answered = [answer for answer in answers if answer.plan.number == latest]
    given = {answer.question.key: answer.scale for answer in answered}
    asked = scale_asked(answer.question for answer in answered) or scale_asked(template_of(meeting.pairing).questions)
    if asked is None:
        return None
    return Scale(Question.SCALES[asked.kind], asked.low, asked.high, given.get(asked.key))


def scale_asked(questions) -> Question | None:
    """Of the `questions`, the one that asks how confident a mentee is."""
    scales = [question for question in questions if question.kind in Question.SCALES]
    return next((question for question in scales if question.key == CONFIDENCE), scales[0] if scales else None)


def parts_changed(old, new) -> list[str]:
    """The names of the parts that do not read the same in two versions."""
    parts = {
        _("Goal"): ("goal",),
        _("Reality"): ("reality",),
        _("Options"): ("options",),
        _("Will"): ("will", "will_do"),
        _("the few lines"): ("lines",),
        _("confidence"): ("confidence",),
    }
    return [title for title, names in parts.items() if any(getattr(old, n) != getattr(new, n) for n in names)]


def note_of_meeting(meeting, viewer) -> dict:
    """What the page of a meeting says of its note, to one of the two. Three statements."""
    notes = notes_of(meeting, viewer)
    return {
        "notes": notes,
        "shown": show(meeting, notes.latest) if notes.latest else None,
        "meeting": meeting,
        "pairing": meeting.pairing,
        "other": meeting.other_than(viewer),
    }


def _marked(version, since, name):
    now = getattr(version, name)
    return stretches(getattr(since, name) if since else now, now)


def _options(version, since):
    """[(“same”, “added” or “removed”, option)], what was removed last."""
    if since is None:
        return [("same", option) for option in version.options]
    before = [option_in_words(option) for option in since.options]
    now = [option_in_words(option) for option in version.options]
    return [
        *(("same" if words in before else "added", each) for words, each in zip(now, version.options, strict=True)),
        *(("removed", each) for words, each in zip(before, since.options, strict=True) if words not in now),
    ]


def _will(line, people, actions, before):
    """before: {key: line} of the version against which it is marked, None for no marks."""
    action, was = actions.get(line["key"]), (before or {}).get(line["key"])
    due = date.fromisoformat(line["by"]) if line["by"] else None
    return Will(
        person=people[line["person"]],
        what=line["what"],
        by=due,
        likely=line["likely"],
        action=action,
        was=_will(was, people, {}, None) if was and was != line else None,
        is_changed=before is not None and was != line,
    )
