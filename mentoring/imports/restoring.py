"""Putting back what an import changed."""

from datetime import date

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import Profile, User
from mentoring.imports.checking import ABOUT_THE_PERSON, MENTOR, levels_in
from mentoring.imports.columns import BY_KEY
from mentoring.imports.knowing import as_member, find
from mentoring.imports.taking_in import Names, write_held
from pairings.models import MentorOffer, MentorRequest, Pairing
from programmes.models import Enrolment


def restore(rows, *, programme) -> None:
    """Of `rows` that changed something, put back what still is as they left it; add to their `why` what is not."""
    rows = [row for row in rows if row["before"]]
    people = User.objects.filter(pk__in={row["person"] for row in rows})
    found = {each.person.pk: each for each in find(programme, people, lock=True)}
    names, paired = Names(programme), _paired(programme, [row for row in rows if "ended" in row["before"]])
    changed, held = set(), []
    for row in rows:
        each, role = found[row["person"]], row["values"]["role"]
        for key, old in _to_put_back(row, each, names, paired):
            if key == "level" and role == MENTOR:
                held.append((each.offer, levels_in(old, MENTOR, names.level)))
            else:
                changed.add(_put_back(each, role, key, old, names))
    _save(changed)
    write_held(held, names)


def _paired(programme, rows):
    """Those of the people (keys) who work with somebody in the programme now, or are about to."""
    people = {row["person"] for row in rows}
    found = set()
    for open_ones in (Pairing.objects.live(), MentorRequest.objects.open()):
        pairs = open_ones.filter(Q(mentee__in=people) | Q(mentor__in=people), programme=programme)
        found.update(*pairs.values_list("mentee", "mentor"))
    return found


def _to_put_back(row, found, names, paired):
    """(key, old text) of what can be. Adds to the row's `why` what cannot."""
    member = as_member(found)
    now = {**member.about, **member.parts[row["values"]["role"]].values}
    for key, old in row["before"].items():
        if key == "ended":
            reason = _("They work with somebody again.") if row["person"] in paired else ""
        elif now.get(key) == old:
            continue
        else:
            reason = _why_not(key, old, now.get(key) == row["values"][key], found, names)
        if reason:
            row["why"].append(reason)
        else:
            yield key, old


def _why_not(key, old, is_as_imported, found, names):
    words = {"label": BY_KEY[key].label, "old": old}
    if not is_as_imported or (key in ABOUT_THE_PERSON and not found.is_free):
        return _("The %(label)s was changed again since.") % words
    if key == "capacity" and int(old) < found.offer.held:
        return _("More of their places are taken by now than the %(old)s they had.") % words
    if key in ("sector", "region", "level") and any(name not in getattr(names, key) for name in _each(key, old, names)):
        return _("“%(old)s” is no longer in the programme’s list.") % words
    return ""


def _each(key, old, names):
    return levels_in(old, MENTOR, names.level) if key == "level" else [old] if old else []


def _put_back(found, role, key, old, names):
    """Set it, and return what is to be saved."""
    if key == "name":
        found.person.name = old
        return found.person
    if key in ABOUT_THE_PERSON:
        setattr(found.person.profile, key, old)
        return found.person.profile
    if key == "capacity":
        found.offer.capacity = int(old)
        return found.offer
    if key == "trained_until":
        found.offer.trained_until = date.fromisoformat(old) if old else None
        return found.offer
    enrolment = found.enrolments[role]
    if key == "ended":
        enrolment.ended_at = enrolment.ended_at or parse_datetime(old)
    elif key == "line_manager":
        enrolment.line_manager = old
    else:
        setattr(enrolment, key, getattr(names, key)[old] if old else None)
    return enrolment


def _save(things):
    for model, fields in (
        (User, ["name"]),
        (Profile, ["job_title", "employer"]),
        (Enrolment, ["level", "sector", "region", "line_manager", "ended_at"]),
        (MentorOffer, ["capacity", "trained_until"]),
    ):
        model.objects.bulk_update([thing for thing in things if isinstance(thing, model)], fields)
