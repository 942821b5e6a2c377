"""What was done in the admin: kept by the database, whoever would like it otherwise."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programmes.models.programme import Programme


class ActQuerySet(models.QuerySet):
    def administered_by(self, user):
        if user.is_superuser:
            return self
        return self.filter(Q(programme__in=Programme.objects.administered_by(user)))


class Act(models.Model):
    """Who did what kind of thing to what, and when. Never any words that people wrote."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, related_name="acts", verbose_name=_("programme")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    verb = models.CharField(_("what"), max_length=60)
    noun = models.CharField(_("kind of thing"), max_length=60)
    about = models.CharField(_("which"), max_length=200)

    objects = ActQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("entry of the log")
        verbose_name_plural = _("log")
        triggers = [pgtrigger.Protect(name="acts_never_change", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.verb} {self.noun}"
