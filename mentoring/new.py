"""New for you: everything that a person has not seen, one row for each thing."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from notifications.news import topics, unseen
from pairings.pairs import pairs_of

A_PAGE = 20


@require_safe
def new(request):
    """The oldest first, as on Home; a constant number of statements."""
    pairs = pairs_of(request.user)
    page = Paginator(list(unseen(request.user).values()), A_PAGE).get_page(request.GET.get("page"))
    events = [event for thread in page for event in thread]
    roles = {pair.mentor.pk == request.user.pk for pair in pairs}
    context = {"topics": topics(request.user, events, pairs), "page": page, "both": len(roles) > 1}
    return render(request, "mentoring/new.html", context)
