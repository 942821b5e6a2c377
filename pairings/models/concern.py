"""That somebody is worried about something in their pairing, for the programme team."""

import pghistory
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pairings.models.pairing import Pairing
from programmes.models import Enrolment, Programme


class ConcernQuerySet(models.QuerySet):
    def administered_by(self, user):
        """Of the programmes that the person coordinates, but nothing of a pairing that they are part of themselves."""
        mine = Q(pairing__mentee=user) | Q(pairing__mentor=user)
        return self.filter(pairing__programme__in=Programme.objects.administered_by(user)).exclude(mine)

    def visible_to(self, user):
        """What they coordinate, if reading concerns is given to them: helpers coordinate, too, and only look at who
        works with whom."""
        return self.administered_by(user) if user.has_perm("pairings.view_concern") else self.none()


# Its words are not followed, only that somebody looked after it.
@pghistory.track(fields=["handled_at", "handled_by"], model_name="ConcernEvent")
class Concern(models.Model):
    LONGEST = 20_000  # characters

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="concerns", verbose_name=_("pairing"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who is worried")
    )
    reason = models.TextField(_("what worries them"))
    at = models.DateTimeField(_("told us"), default=timezone.now)
    handled_at = models.DateTimeField(_("looked after"), null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by whom"),
    )

    objects = ConcernQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(handled_at=None, handled_by=None) | Q(handled_at__isnull=False, handled_by__isnull=False),
                name="handled_by_somebody",
            )
        ]

    def __str__(self):
        return f"concern {self.pk} about pairing {self.pairing_id}"


def readers_of_concerns(pairing) -> list:
    """Who is told of a concern about this pairing, by name: those who coordinate its programme and may read concerns,
    but for the two people themselves; without any, whoever runs the whole house."""
    given = Permission.objects.filter(content_type__app_label="pairings", codename="view_concern")
    coordinates = Enrolment.objects.current().filter(
        person=OuterRef("pk"), programme=pairing.programme_id, role=Enrolment.Role.COORDINATOR
    )
    people = get_user_model().objects.filter(is_active=True, is_staff=True).order_by("name", "pk")
    people = people.exclude(pk__in=[pairing.mentee_id, pairing.mentor_id]).select_related("profile")
    may_read = Q(is_superuser=True) | Q(groups__permissions__in=given) | Q(user_permissions__in=given)
    coordinators = people.filter(Exists(coordinates)).filter(may_read).distinct()
    return list(coordinators) or list(people.filter(is_superuser=True))
