"""Places in a programme that are offered by email."""

from datetime import timedelta
from secrets import token_hex

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from programmes import audit
from programmes.actions.enrolling import enrol
from programmes.letters import send_invitation
from programmes.links import digest_of, secret_of
from programmes.models import Enrolment, Invitation
from programmes.refusal import MoveRefused

NUDGE_AFTER = timedelta(days=7)
AT_A_TIME = 100


@transaction.atomic
def invite(programme, *, email, by, role, level=None, name="", at=None):
    """Offer a place to whoever reads mail at `email` (a valid address), and send them the link.

    Raises MoveRefused when they take part in that role already, or hold an open invitation to it.
    `at`: when it was sent (default now).
    """
    at, email = at or timezone.now(), email.strip().lower()
    if level and (role != Enrolment.Role.MENTEE or level.programme_id != programme.pk):
        raise MoveRefused(_("Only mentees are invited to a level, and to one of the programme."))
    if _taking_part(programme=programme, role=role).filter(person__email__iexact=email).exists():
        raise MoveRefused(_("%(email)s takes part already.") % {"email": email})
    earlier = Invitation.objects.filter(programme=programme, email__iexact=email, role=role)
    earlier.filter(used_at=None, withdrawn_at=None, expires_at__lte=at).update(withdrawn_at=at)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                programme=programme,
                email=email,
                role=role,
                level=level,
                name=name,
                invited_by=by,
                digest=token_hex(32),  # until its key is known, of which its secret is made
                created_at=at,
                expires_at=at + timedelta(days=programme.invitation_days),
            )
    except IntegrityError as error:
        raise MoveRefused(_("%(email)s is invited already.") % {"email": email}) from error
    _keep_digest(invitation)
    audit.record("invited", invitation, by=by, programme=programme, at=at)
    send_invitation(invitation)
    return invitation


@transaction.atomic
def accept_invitation(secret, *, by, at=None):
    """Enrol `by` as the invitation with this secret says. Returns the Enrolment.

    Raises MoveRefused, in the same words, when the secret is of no invitation, or of one that was used (also by `by`),
    withdrawn, or is too old. The row is locked, so that of many who come at once one joins.
    """
    at = at or timezone.now()
    locked = Invitation.objects.select_for_update(of=("self",)).filter(digest=digest_of(secret))
    invitation = locked.select_related("programme", "level").first()
    if invitation is None or invitation.used_at or invitation.withdrawn_at or invitation.expires_at <= at:
        raise MoveRefused(_("This invitation no longer works."))
    enrolment = enrol(
        by,
        programme=invitation.programme,
        role=invitation.role,
        level=invitation.level,
        by=invitation.invited_by,
        at=at,
    )
    invitation.used_at, invitation.used_by = at, by
    invitation.save(update_fields=["used_at", "used_by"])
    audit.record("joined", invitation, by=by, programme=invitation.programme, at=at)
    return enrolment


@transaction.atomic
def withdraw_invitation(invitation, *, by, at=None):
    """Make the link useless. Raises MoveRefused when somebody joined with it, or it is withdrawn already."""
    at = at or timezone.now()
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.used_at:
        raise MoveRefused(_("They have joined already."))
    if invitation.withdrawn_at:
        raise MoveRefused(_("It is withdrawn already."))
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    audit.record("withdrew", invitation, by=by, programme=invitation.programme, at=at)
    return invitation


def nudge_invitations(now=None) -> int:
    """Remind everybody, once, whose invitation has been open for a week and who has not come meanwhile: whom a list
    enrolled may never have signed in. Returns how many. Of two who do it at once each reminds others."""
    now, count = now or timezone.now(), 0
    while nudged := _nudge_some(now):
        count += nudged
    return count


@transaction.atomic
def _nudge_some(now):
    parts = _taking_part(programme=OuterRef("programme"), role=OuterRef("role"))
    joined = parts.filter(person__last_login__isnull=False)
    waiting = (
        Invitation.objects.open(now)
        .filter(~Exists(joined.filter(person__email__iexact=OuterRef("email"))))
        .filter(created_at__lte=now - NUDGE_AFTER, nudged_at=None)
    )
    locked = waiting.order_by("pk").select_for_update(of=("self",), skip_locked=True)
    found = list(locked.select_related("programme", "invited_by")[:AT_A_TIME])
    for invitation in found:
        _keep_digest(invitation)  # another one than before, where SECRET_KEY was replaced meanwhile
        send_invitation(invitation, again=True)
    Invitation.objects.filter(pk__in=[invitation.pk for invitation in found]).update(nudged_at=now)
    return len(found)


def _taking_part(**where):
    return Enrolment.objects.current().filter(**where)


def _keep_digest(invitation):
    invitation.digest = digest_of(secret_of(invitation))
    invitation.save(update_fields=["digest"])
