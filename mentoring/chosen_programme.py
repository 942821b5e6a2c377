"""Which programme a page of the admin is about."""

from django.http import Http404

from programmes.models import Programme


def chosen_programme(request) -> tuple[Programme | None, list[Programme]]:
    """The one that `?programme=` names, else the first, and all that the person looks after; None without any. Raises
    Http404 for one that they do not look after."""
    mine = list(Programme.objects.administered_by(request.user))
    wanted = request.GET.get("programme")
    if not wanted:
        return next(iter(mine), None), mine
    found = next((programme for programme in mine if programme.slug == wanted), None)
    if found is None:
        raise Http404
    return found, mine
