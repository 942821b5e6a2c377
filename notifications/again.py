"""Emails to an address that was given up."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from notifications import bounces


@require_POST
def let_again(request):
    """The person says that their mailbox works again."""
    bounces.let_again(request.user.email)
    messages.success(request, _("Thank you. We email you at %(email)s again.") % {"email": request.user.email})
    return redirect("emails")
