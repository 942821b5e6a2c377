import re
from itertools import pairwise

from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portfolios import actions
from portfolios.forms import BeforeForm, ReadingForm
from portfolios.reading import read
from portfolios.views.addresses import find_readable_page, redirects_old_addresses

VERSIONS_A_PAGE = 50


@require_safe
@redirects_old_addresses
def page(request, portfolio_slug, page_slug):
    page = find_readable_page(request, portfolio_slug, page_slug)
    if page.newest is None:
        return redirect("portfolios:edit", portfolio_slug, page_slug)
    return show(request, page)


@require_safe
@redirects_old_addresses
def versions(request, portfolio_slug, page_slug):
    """Every version of the page that the reader may see, the newest first; ?before=… goes on with older ones."""
    page = find_readable_page(request, portfolio_slug, page_slug)
    found = page.access.versions().defer("body").order_by("-number")
    form = BeforeForm(request.GET)
    if form.is_valid() and form.cleaned_data["before"]:
        found = found.filter(number__lt=form.cleaned_data["before"])
    found = list(found[: VERSIONS_A_PAGE + 1])
    for version, before in pairwise(found):
        version.before = before.number
    context = {
        "page_url": reverse("portfolios:page", args=[page.portfolio.slug, page.address]),
        "versions": found[:VERSIONS_A_PAGE],
        "older": found[VERSIONS_A_PAGE:],
    }
    return render(request, "portfolios/versions.html", context)


@require_safe
@redirects_old_addresses
def version(request, portfolio_slug, page_slug, number):
    """The page as it was shared then, with what had been said until then."""
    page = find_readable_page(request, portfolio_slug, page_slug)
    return show(request, page, number=number)


@require_POST
def reading(request, portfolio_slug, page_slug):
    """“I’ve read this” moves the reader's own mark up to what they were shown; “Finish review” also tells the other."""
    page = find_readable_page(request, portfolio_slug, page_slug)
    form = ReadingForm(request.POST)
    finishes = "finish" in request.POST and page.may_comment
    if form.is_valid():
        verb = actions.finish_review if finishes else actions.mark_read
        verb(page, by=request.user, until=form.cleaned_data["seen_until"], shown=form.cleaned_data["shown"])
    if request.htmx:
        return HttpResponse(status=204)
    if finishes:
        messages.success(request, _("Your review is finished. All that you said is told together."))
    else:
        messages.success(request, _("Marked as read. Next time you see what changed since now."))
    return redirect("portfolios:page", portfolio_slug, page_slug)


def show(request, page, *, number=None, writing=None):
    """The page with its changes and comments. `writing`: the form that stands open in it (`writing.Writing`); answers
    422 when that needs mending."""
    url = reverse("portfolios:page", args=[page.portfolio.slug, page.address])
    since = request.GET.get("since", "")
    reading = read(page, url=url, since=since, number=number, writing_at=writing.place_in_latest if writing else None)
    if request.htmx and request.method == "GET" and reading.changes:
        # A long comparison that the page was waiting for.
        return HttpResponse(headers={"HX-Refresh": "true"})
    # How far the reader has read, for the hidden fields of the page's forms.
    seen = {"seen_until": reading.until.isoformat(), "shown": reading.version.number}
    if writing:
        writing.form.initial = seen | writing.form.initial
    # Whoever says something comes back to the same changes, although their mark has moved.
    since = f"since={reading.since.number}" if reading.since else ""
    context = {
        "page": page,
        "page_url": url,
        "comment_url": f"{url}comments/?{since and since + '&'}" if page.may_comment else "",
        "since_query": since and f"?{since}",
        "reading": reading,
        "own": page.access.own,
        "numbered": number,
        "seen": seen,
        # One for all the forms of the page: each call of get_token makes another.
        "csrf_token": get_token(request),
        "form": writing.form if writing and writing.form.errors else None,
    }
    if request.htmx and request.method == "GET" and reading.comparison:
        return render(request, "portfolios/page.html#comparing", context)
    context["review"] = _review(request, reading, writing, context)
    return render(request, "portfolios/page.html", context, status=422 if context["form"] else 200)


def _review(request, reading, writing, context):
    """The text with its talk; the form that stands open is put where it belongs."""
    compose, writes = "", ""
    if writing:
        compose = render_to_string("portfolios/parts/compose.html", context | {"writing": writing}, request)
        writes = _place(reading, writing)
    context = context | {"compose": compose, "writes": writes}
    return mark_safe(render_to_string("portfolios/parts/review.jinja", context, using="jinja2"))  # noqa: S308 - escaped


def _place(reading, writing):
    """Say where the form stands: at a comment (`settled` when that is put away), beside words, or below the `page`."""
    for thread in [*reading.open_threads, *reading.settled_threads]:
        for said in thread.said:
            said.writes = writing.comment is not None and writing.comment.pk == said.pk
            if said.writes:
                return "settled" if thread.is_settled else "thread"
    return "words" if writing.place_in_latest else "page"


def since_query(request):
    """Marks the same changes after something was said as before."""
    since = request.GET.get("since", "")
    return f"?since={since}" if re.fullmatch(r"[\w-]{1,20}", since, re.ASCII) else ""
