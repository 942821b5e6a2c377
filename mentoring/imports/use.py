"""Whether anybody used what an import made. Asked of the database's own relations, so that what an app adds later
counts without being named here."""

from functools import reduce
from operator import or_

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q
from pghistory.models import Event

from accounts.models import Profile, User
from pairings.models import MentorOffer, MentorRequest, Pairing, RegisterEntry
from programmes.models import Enrolment

# What is made with a person, an enrolment or an offer, and goes with it.
_PART_OF = {
    User: (Profile, EmailAddress),
    Enrolment: (MentorOffer,),
    MentorOffer: (MentorOffer.holds.through, RegisterEntry),
}


def people_in_use(people, *, but_for) -> dict[int, bool]:
    """Of `people` (keys), those who signed in or to whom anything refers but the enrolments `but_for` (keys): by key,
    whether they signed in."""
    users = User.objects.filter(pk__in=people)
    in_use = users.filter(Q(last_login__isnull=False) | _referred(User, {Enrolment: but_for}))
    return {pk: at is not None for pk, at in in_use.values_list("pk", "last_login")}


def enrolments_in_use(enrolments, *, but_for) -> set[int]:
    """Of `enrolments` (keys), those that somebody filled in, or that anything refers to but the offers `but_for`."""
    rows = Enrolment.objects.filter(pk__in=enrolments)
    pairs = Q()
    for role in ("mentee", "mentor"):
        mine = {"programme": OuterRef("programme"), role: OuterRef("person")}
        for model in (Pairing, MentorRequest):
            pairs |= Q(Exists(model.objects.filter(**mine)), role=role)
    words = ~Q(hopes="", welcomed_at=None, meets_by=[])
    return _keys(rows.filter(words | pairs | _referred(Enrolment, {MentorOffer: but_for})))


def offers_in_use(offers) -> set[int]:
    """Of `offers` (keys), those that somebody filled in, whose places are taken, or that anything refers to."""
    rows = MentorOffer.objects.filter(pk__in=offers)
    words = ~Q(how_i_work="", can_help="", held=0, is_paused=False)
    return _keys(rows.filter(words | _referred(MentorOffer, {})))


def _keys(rows):
    return set(rows.values_list("pk", flat=True))


def _referred(model, but_for):
    """Whether a row of another table refers to the row, other than its parts, its history, and rows of `but_for`
    ({model: keys})."""
    return reduce(or_, (Exists(_of(relation, but_for)) for relation in _relations(model)))


def _relations(model):
    for relation in model._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.many_to_many:
            continue
        other = relation.related_model._meta.concrete_model
        # What pghistory shows of all its tables together is no table.
        if other._meta.managed and other not in _PART_OF[model] and not issubclass(other, Event):
            yield relation


def _of(relation, but_for):
    rows = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
    return rows.exclude(pk__in=but_for.get(relation.related_model, []))
