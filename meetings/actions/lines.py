"""The Will lines of a note are Actions: sending a version makes them, changes them, and drops what was taken out."""

from datetime import date

from meetings.actions.acting import add_action, set_due, set_state
from meetings.models import Action, ActionChange

State, What = Action.State, ActionChange.What


def follow_lines(note, *, before, now, by, at) -> list[dict]:
    """Let the actions of a note, whose pairing is locked, follow its lines; returns these with their actions' keys.

    before, now: as `NoteVersion.will_do` has them; a new line has no key, and a key of another note is none. Only what
    the writer changed of a line changes its action: one that was moved or done since stays that.
    """
    actions = _actions(note)
    old, lines = {line["key"]: line for line in before}, []
    for line in now:
        action = actions.pop(line.get("key"), None)
        if action is None:
            action = _add(note, line, by=by, at=at)
        else:
            _follow(action, old.get(line["key"]), line, note.meeting.pairing, by=by, at=at)
        lines.append(line | {"key": str(action.key)})
    for action in actions.values():
        if action.state == State.OPEN:
            set_state(action, State.DROPPED, What.DROPPED, by=by, at=at)
    return lines


def _actions(note):
    """By key, locked in the order of their keys."""
    found = Action.objects.select_for_update(of=("self",)).filter(note=note).order_by("pk")
    return {str(action.key): action for action in found}


def _add(note, line, *, by, at):
    pairing = note.meeting.pairing
    return add_action(
        pairing,
        by=by,
        person=_person(pairing, line),
        words=line["what"],
        due=_day(line),
        likely=line["likely"],
        note=note,
        at=at,
    )


def _follow(action, old, line, pairing, *, by, at):
    if old is None and action.state == State.DROPPED:
        set_state(action, State.OPEN, What.OPENED, by=by, at=at)
    action.person = _person(pairing, line)
    action.words, action.likely = line["what"], line["likely"]
    action.save(update_fields=["person", "words", "likely"])
    is_another_day = old is None or line["by"] != old["by"]
    if is_another_day and _day(line) != action.due:
        set_due(action, _day(line), by=by, at=at)


def _person(pairing, line):
    return {person.pk: person for person in (pairing.mentee, pairing.mentor)}[line["person"]]


def _day(line):
    return date.fromisoformat(line["by"]) if line["by"] else None
