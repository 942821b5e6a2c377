from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from portfolios import actions
from portfolios.forms import MoveForm, OrderForm, RenameForm
from portfolios.models import Page, Portfolio
from portfolios.views.addresses import find_page, find_portfolio
from portfolios.views.overview import show


@require_POST
def order(request, portfolio_slug):
    """All pages at once, as somebody dragged them."""
    portfolio = find_portfolio(request, portfolio_slug, Portfolio.objects.editable_by(request.user))
    form = OrderForm(request.POST)
    if form.is_valid():
        actions.arrange_pages(portfolio, order=form.cleaned_data["order"], by=request.user)
    return _answer(request, portfolio, said=_("The pages are in their new order."))


@require_POST
def place(request, portfolio_slug, page_slug):
    """One page, one step up or down; the button that was pressed keeps the focus."""
    page = _own_page(request, portfolio_slug, page_slug)
    form = MoveForm(request.POST)
    said = ""
    if form.is_valid():
        place, count = actions.move_page(page, place=form.cleaned_data["place"], by=request.user)
        said = _("Moved to %(place)d of %(count)d.") % {"place": place, "count": count}
    focus = "down" if "down" in request.POST else "up"
    return _answer(request, page.portfolio, said=said, page=page, focus=f"{focus}-{page.pk}")


@require_POST
def title(request, portfolio_slug, page_slug):
    page = _own_page(request, portfolio_slug, page_slug)
    form = RenameForm(request.POST, auto_id=f"%s-{page.pk}")
    if not form.is_valid():
        return show(request, page.portfolio, opened=page.pk, form=form)
    actions.rename_page(page, title=form.cleaned_data["title"], by=request.user)
    if page.latest_id:
        messages.success(request, _("Renamed. Others read the new title when you next share the page."))
    else:
        messages.success(request, _("Renamed."))
    return redirect(_back_to(page.portfolio, page))


@require_POST
def away(request, portfolio_slug, page_slug):
    """Put a page away; with `back` in the form, bring it back."""
    page = _own_page(request, portfolio_slug, page_slug)
    if "back" in request.POST:
        actions.bring_back(page, by=request.user)
        messages.success(request, _("“%(title)s” is back where it was.") % {"title": page.draft.title})
    else:
        actions.put_away(page, by=request.user)
        said = _("“%(title)s” is put away. Nothing is deleted: you find it below your pages.")
        messages.success(request, said % {"title": page.draft.title})
    return redirect(page.portfolio)


def _own_page(request, portfolio_slug, page_slug):
    return find_page(request, portfolio_slug, page_slug, Page.objects.editable_by(request.user).select_related("draft"))


def _answer(request, portfolio, *, said, page=None, focus=""):
    """The list, and what was done, to a script; else back to the pages."""
    if not request.htmx:
        if said:
            messages.success(request, said)
        return redirect(_back_to(portfolio, page, focus))
    response = show(request, portfolio, opened=page and page.pk, template="portfolios/portfolio.html#pages")
    return trigger_client_event(response, "announce", {"value": said})


def _back_to(portfolio, page=None, focus=""):
    url = reverse("portfolios:portfolio", args=[portfolio.slug])
    if page is None:
        return url
    return f"{url}?page={page.pk}#{focus or f'page-{page.pk}'}"
