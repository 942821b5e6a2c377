"""From an address to the thing, through the person: what they may not reach is not found."""

from functools import wraps

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.rescue import follow
from portfolios import access


class _MovedOn(Exception):
    def __init__(self, url):
        super().__init__(url)
        self.url = url


def redirects_old_addresses(view):
    """A GET of an old address goes on to the present one, query and all."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except _MovedOn as moved:
            follow(request, moved.url)
            query = request.META["QUERY_STRING"]
            return redirect(f"{moved.url}?{query}" if query else moved.url)

    return inner


def find_portfolio(request, slug, allowed):
    """The portfolio of that address among `allowed`, or Http404."""
    portfolio = get_object_or_404(allowed.with_owner(), slugs__slug=slug)
    _move_on(request, portfolio_slug=portfolio.slug)
    _set_section(request, portfolio)
    return portfolio


def find_page(request, portfolio_slug, page_slug, allowed):
    """One's own page of that address among `allowed`, a QuerySet that starts at `editable_by`; or Http404."""
    pages = allowed.with_owner()
    page = get_object_or_404(pages, slugs__slug=page_slug, portfolio__slugs__slug=portfolio_slug)
    page.address = page.slug
    return _arrive(request, page)


def find_readable_page(request, portfolio_slug, page_slug):
    """The page of that address that the person may read, with what `access.find` adds to it; or Http404."""
    page = access.find(request.user, portfolio_slug, page_slug)
    if page is None:
        raise Http404
    return _arrive(request, page)


def find_page_to_talk_about(request, portfolio_slug, page_slug):
    """The same, when they may say something about it. What was never shared has nothing to talk about."""
    page = find_readable_page(request, portfolio_slug, page_slug)
    if not page.may_comment or page.newest is None:
        raise Http404
    return page


def _arrive(request, page):
    _move_on(request, portfolio_slug=page.portfolio.slug, page_slug=page.address)
    _set_section(request, page.portfolio)
    return page


def _set_section(request, portfolio):
    """Which entry of the main navigation the page belongs to."""
    request.section = "portfolio" if portfolio.owner == request.user else "mentees"


def _move_on(request, **present):
    """Old addresses redirect when read. A POST to one just works, so that no words are lost on the way."""
    match = request.resolver_match
    if request.method in ("GET", "HEAD") and present.items() - match.kwargs.items():
        raise _MovedOn(reverse(match.view_name, kwargs={**match.kwargs, **present}))
