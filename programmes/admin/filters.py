from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from programmes.models import Programme


class OfProgramme(admin.SimpleListFilter):
    """The programmes that one looks after, where they are several.

    Django's own filter by a relation would let anybody ask, bit by bit, for all that a programme refers to.
    """

    title = _("programme")
    parameter_name = "of_programme"

    def lookups(self, request, model_admin):
        return [(found.slug, found.name) for found in Programme.objects.administered_by(request.user)]

    def queryset(self, request, rows):
        return rows if self.value() is None else rows.filter(programme__slug=self.value().replace("\x00", ""))
