"""Writing the people of a list: many rows at a time, in a number of statements that does not grow with them.

What is known may have changed since the list was checked: the rows are checked once more, with the offers of mentors
locked. Somebody who has an account because of another programme is enrolled in this one, and keeps the name, the job
and everything else that they have.
"""

from datetime import date

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.models import Profile, User
from mentoring.imports.checking import ABOUT_THE_PERSON, CHANGED, MENTEE, MENTOR, NEW, check, levels_in
from mentoring.imports.knowing import Found, as_member, find, lists_of, people_at
from mentoring.imports.rows import IN, as_read, as_row
from pairings.models import MentorOffer
from programmes.actions import invite
from programmes.models import Enrolment
from programmes.refusal import MoveRefused

_CHOSEN = ("sector", "region", "line_manager")


def take_in(rows, *, programme, by, at) -> None:
    """Take in `rows` of an import, whose dicts are changed to say what was done. In a transaction of the caller."""
    people = people_at({row["values"]["email"] for row in rows})
    found = {each.person.email.lower(): each for each in find(programme, people, lock=True)}
    members = {email: as_member(each) for email, each in found.items() if each.enrolments}
    for row, checked in zip(rows, check(map(as_read, rows), lists_of(programme), members), strict=True):
        row.update(as_row(checked))
    wanted = [row for row in rows if row["what"] in (NEW, CHANGED)]
    _invite(wanted, members, programme, by, at)
    _add_people(wanted, found, at)
    _change_people(wanted, found)
    names = Names(programme)
    _write_enrolments(wanted, found, names, at)
    _write_offers(wanted, found, names)
    for row in wanted:
        row["step"] = IN


class Names:
    """The entries of a programme's lists by their names."""

    def __init__(self, programme):
        self.programme = programme
        self.level = {level.name: level for level in programme.levels.all()}
        self.sector = {sector.name: sector for sector in programme.sectors.all()}
        self.region = {region.name: region for region in programme.regions.all()}


def _invite(rows, members, programme, by, at):
    """Before they are enrolled: nobody who takes part is invited."""
    for row in rows:
        values = row["values"]
        if row.get("invite") and values["email"] not in members:
            try:
                invitation = invite(
                    programme,
                    email=values["email"],
                    name=values["name"],
                    role=values["role"],
                    level=programme.levels.filter(name=values["level"]).first() if values["role"] == MENTEE else None,
                    by=by,
                    at=at,
                )
            except MoveRefused:  # they hold an invitation already
                continue
            row["invitation"] = invitation.pk


def _add_people(rows, found, at):
    """Accounts without a password: they sign in by a code, or by their invitation."""
    new = {}
    for row in rows:
        values = row["values"]
        if values["email"] not in found and values["email"] not in new:
            new[values["email"]] = (
                User(email=values["email"], name=values["name"], password=make_password(None), date_joined=at),
                values,
            )
            row["made"] = ["person"]
    people = User.objects.bulk_create([person for person, _values in new.values()])
    Profile.objects.bulk_create(
        Profile(user=person, job_title=values["job_title"], employer=values["employer"])
        for person, values in new.values()
    )
    EmailAddress.objects.bulk_create(EmailAddress(user=person, email=person.email, primary=True) for person in people)
    found.update({person.email: Found(person) for person in people})


def _change_people(rows, found):
    changed = [row for row in rows if any(key in row["before"] for key in ABOUT_THE_PERSON)]
    for row in changed:
        person = found[row["values"]["email"]].person
        for thing, key in ((person, "name"), (person.profile, "job_title"), (person.profile, "employer")):
            if key in row["before"]:
                setattr(thing, key, row["values"][key])
    people = {found[row["values"]["email"]].person for row in changed}
    User.objects.bulk_update(people, ["name"])
    Profile.objects.bulk_update([person.profile for person in people], ["job_title", "employer"])


def _write_enrolments(rows, found, names, at):
    made, changed = [], []
    for row in rows:
        values, each = row["values"], found[row["values"]["email"]]
        enrolment = each.enrolments.get(values["role"])
        if enrolment is None:
            enrolment = Enrolment(programme=names.programme, person=each.person, role=values["role"], created_at=at)
            each.enrolments[values["role"]] = enrolment
            row.setdefault("made", []).append("enrolment")
            made.append(enrolment)
        elif row["before"]:
            enrolment.ended_at = None
            changed.append(enrolment)
        _fill_in(enrolment, values, names)
    Enrolment.objects.bulk_create(made)
    Enrolment.objects.bulk_update(changed, ["level", *_CHOSEN, "ended_at"])
    for row in rows:
        each = found[row["values"]["email"]]
        row["person"], row["enrolment"] = each.person.pk, each.enrolments[row["values"]["role"]].pk


def _fill_in(enrolment, values, names):
    """What a cell says; what it does not say stays."""
    if values["level"] and values["role"] == MENTEE:
        enrolment.level = names.level[values["level"]]
    if values["sector"]:
        enrolment.sector = names.sector[values["sector"]]
    if values["region"]:
        enrolment.region = names.region[values["region"]]
    enrolment.line_manager = values["line_manager"] or enrolment.line_manager


def _write_offers(rows, found, names):
    made, changed, held = [], [], {}
    for row in (row for row in rows if row["values"]["role"] == MENTOR):
        values, each = row["values"], found[row["values"]["email"]]
        offer = each.offer
        if offer is None:
            offer = each.offer = MentorOffer(enrolment=each.enrolments[MENTOR])
            row.setdefault("made", []).append("offer")
            made.append(offer)
        else:
            changed.append(offer)
        offer.capacity = int(values["capacity"] or offer.capacity)
        offer.trained_until = (
            date.fromisoformat(values["trained_until"]) if values["trained_until"] else offer.trained_until
        )
        if values["level"]:
            held[row["number"]] = offer, levels_in(values["level"], MENTOR, names.level)
    MentorOffer.objects.bulk_create(made)
    MentorOffer.objects.bulk_update(changed, ["capacity", "trained_until"])
    write_held(held.values(), names)
    for row in rows:
        if row["values"]["role"] == MENTOR:
            row["offer"] = found[row["values"]["email"]].offer.pk


def write_held(held, names) -> None:
    """`held`: pairs of an offer and the names of the levels that its mentor holds, instead of those before."""
    holds = MentorOffer.holds.through
    held = list(held)
    holds.objects.filter(mentoroffer__in=[offer.pk for offer, _levels in held]).delete()
    holds.objects.bulk_create(
        holds(mentoroffer=offer, level=names.level[name]) for offer, levels in held for name in levels
    )
