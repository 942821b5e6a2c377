"""Taking back what an import did, many rows at a time: what it made and nobody has used since goes; what it changed is
as it was, where nobody has changed it again (`restoring`)."""

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _

from accounts.models import Profile, User
from mentoring.imports.restoring import restore
from mentoring.imports.rows import KEPT, OUT
from mentoring.imports.use import enrolments_in_use, offers_in_use, people_in_use
from pairings.models import MentorOffer
from programmes.actions import withdraw_invitation
from programmes.models import Enrolment, Invitation
from programmes.refusal import MoveRefused


def take_back(rows, *, programme, by) -> None:
    """Take back what `rows` of an import did, all rows of a person at once. Their dicts are changed to say what was
    undone, and why something was not. In a transaction of the caller."""
    _lock(rows)
    why = _why_kept(rows)
    for row in rows:
        row["why"] = [why[row["person"]]] if row["person"] in why else []
    gone = [row for row in rows if not row["why"]]
    _withdraw(gone, by)
    _remove(gone)
    restore(gone, programme=programme)
    for row in rows:
        row["step"] = KEPT if row["why"] else OUT


def made(rows, thing) -> set[int]:
    """The keys of what these rows made: of the "person", "enrolment" or "offer"."""
    return {row[thing] for row in rows if thing in row.get("made", [])}


def _lock(rows):
    """In the order of the house, so that whoever is about to use it waits, or we see that they did."""
    for model, thing in ((MentorOffer, "offer"), (User, "person"), (Enrolment, "enrolment")):
        list(model.objects.filter(pk__in=made(rows, thing)).select_for_update().order_by("pk").values_list("pk"))


def _why_kept(rows):
    """By person: why nothing that was made for them can go."""
    offers, enrolments = made(rows, "offer"), made(rows, "enrolment")
    used_offers = offers_in_use(offers)
    used_enrolments = enrolments_in_use(enrolments, but_for=offers)
    signed_in = people_in_use(made(rows, "person"), but_for=enrolments)
    why = {}
    for row in rows:
        person = row["person"]
        if signed_in.get(person):
            why[person] = _("They have signed in since.")
        elif person in signed_in or row["enrolment"] in used_enrolments or row.get("offer") in used_offers:
            why[person] = _("Something has begun for them since.")
    return why


def _withdraw(rows, by):
    sent = [row["invitation"] for row in rows if "invitation" in row]
    for invitation in Invitation.objects.filter(pk__in=sent):
        try:
            withdraw_invitation(invitation, by=by)
        except MoveRefused:  # it is withdrawn already
            continue


def _remove(rows):
    people = made(rows, "person")
    MentorOffer.objects.filter(pk__in=made(rows, "offer")).delete()
    Enrolment.objects.filter(pk__in=made(rows, "enrolment")).delete()
    EmailAddress.objects.filter(user__in=people).delete()
    Profile.objects.filter(user__in=people).delete()
    User.objects.filter(pk__in=people).delete()
