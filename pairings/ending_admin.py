"""Why pairings ended, for whoever leads the programme."""

import logging

from accounts.admin import LookOnlyAdmin

logger = logging.getLogger(__name__)


class EndReasonAdmin(LookOnlyAdmin):
    """What one of the two told the team alone. Not for helpers (`mentoring.roles`), nor for the two (`EndReason`)."""

    list_display = ["pairing", "why", "by", "at"]
    list_select_related = ["pairing__mentee", "pairing__mentor", "by"]
    list_filter = ["why"]
    fields = ["pairing", "by", "why", "words", "at"]

    def change_view(self, request, object_id, *args, **kwargs):
        response = super().change_view(request, object_id, *args, **kwargs)
        if response.status_code == 200:
            logger.info("End reason %s was opened by person %s", object_id, request.user.pk)
        return response
