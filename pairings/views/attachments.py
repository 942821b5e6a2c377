from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from files.serving import serve
from pairings.actions import remove_file
from pairings.models import MessageFile, MoveRefused
from pairings.threads import address_of
from pairings.views.messages import find_message, find_pairing


@require_safe
def file(request, pairing_slug, number, uuid):
    """A file that came with a message; a picture is shown, anything else kept by the browser."""
    return serve(_find(request, pairing_slug, number, uuid), inline=True, request=request)


@require_safe
def thumbnail(request, pairing_slug, number, uuid):
    """The small copy of a picture."""
    stored = _find(request, pairing_slug, number, uuid)
    if not stored.is_image:
        raise Http404
    return serve(stored, thumbnail=True, inline=True, request=request)


@require_http_methods(["GET", "HEAD", "POST"])
def removal(request, pairing_slug, number, uuid):
    """“Remove this file”, of one's own message; asks first."""
    pairing = find_pairing(request, pairing_slug)
    message = find_message(request, pairing, number, author=request.user)
    attached = message.files.filter(file__uuid=uuid).select_related("file").first()
    if attached is None:
        # It was removed before: a second click, or another window.
        return redirect(address_of(message))
    if request.method != "POST" and message.is_editable_by(request.user):
        context = {"back": address_of(message), "file": attached.file, "other": pairing.other_than(request.user)}
        return render(request, "pairings/remove_file.html", context)
    try:
        remove_file(attached, by=request.user)
        messages.success(request, _("Removed."))
    except MoveRefused as refused:
        messages.warning(request, str(refused))
    return redirect(address_of(message))


def _find(request, pairing_slug, number, uuid):
    found = MessageFile.objects.visible_to(request.user).select_related("file")
    return get_object_or_404(found, message__pairing__slug=pairing_slug, message__number=number, file__uuid=uuid).file
