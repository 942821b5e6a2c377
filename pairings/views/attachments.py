from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from files.serving import serve
from pairings.models import MessageFile


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


def _find(request, pairing_slug, number, uuid):
    found = MessageFile.objects.visible_to(request.user).select_related("file")
    return get_object_or_404(found, message__pairing__slug=pairing_slug, message__number=number, file__uuid=uuid).file
