from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.once import send_once
from accounts.rescue import words_sent
from portfolios import actions
from portfolios.forms import NewPageForm
from portfolios.models import Portfolio
from portfolios.overview import overview, own_overview
from portfolios.starters import STARTERS, questions_for, starter_called
from portfolios.views.addresses import find_portfolio, redirects_old_addresses
from programmes.models import Criterion, Enrolment


@require_http_methods(["GET", "HEAD", "POST"])
def my_portfolio(request):
    """The signed-in person's own (the newest, when they took part more than once). A mentee's first visit opens it."""
    portfolio = Portfolio.objects.editable_by(request.user).order_by("-created_at").first()
    if portfolio:
        return redirect(portfolio)
    enrolments = Enrolment.objects.current().filter(person=request.user, role=Enrolment.Role.MENTEE)
    enrolment = get_object_or_404(enrolments.order_by("-created_at")[:1])
    if request.method == "POST":
        return redirect(actions.open_portfolio(enrolment, by=request.user))
    return render(request, "portfolios/start.html", {"enrolment": enrolment, "starters": STARTERS})


@require_safe
@redirects_old_addresses
def portfolio(request, portfolio_slug):
    return show(request, find_portfolio(request, portfolio_slug, Portfolio.objects.visible_to(request.user)))


@require_http_methods(["GET", "HEAD", "POST"])
@redirects_old_addresses
def new_page(request, portfolio_slug):
    """A page of any title. The address may say by which starter, and to which criterion it is to speak."""
    portfolio = find_portfolio(request, portfolio_slug, Portfolio.objects.editable_by(request.user))
    starter = starter_called(request.GET.get("starter"))
    initial = {"title": starter.title if starter else "", "criterion": _number(request.GET.get("criterion", ""))}
    form = NewPageForm(words_sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        return redirect(send_once(request.user, form, lambda: _add_page(portfolio, form, request.user)))
    context = {
        "portfolio": portfolio,
        "form": form,
        "criterion": _criteria(portfolio, form["criterion"].value()).first(),
        "questions": questions_for(str(starter.title) if starter else ""),
    }
    return render(request, "portfolios/new_page.html", context, status=422 if request.method == "POST" else 200)


def show(request, portfolio, *, opened=None, form=None, template="portfolios/portfolio.html"):
    """The pages of a portfolio. Tools stand open at the page `opened` (a key), with `form` if that needs mending."""
    own = portfolio.owner == request.user
    context = {
        "portfolio": portfolio,
        "own": own,
        "overview": own_overview(portfolio, request.user) if own else overview(portfolio, request.user),
        "starters": [(starter, NewPageForm()) for starter in STARTERS] if own else [],
        "opened": opened or _number(request.GET.get("page", "")),
        "form": form,
    }
    return render(request, template, context, status=422 if form else 200)


def _add_page(portfolio, form, by):
    criteria = _criteria(portfolio, form.cleaned_data["criterion"])
    page = actions.add_page(portfolio, title=form.cleaned_data["title"], criteria=criteria, by=by)
    return reverse("portfolios:edit", args=[portfolio.slug, page.slug])


def _criteria(portfolio, number):
    """The criterion of that number, as a QuerySet of one or none."""
    return Criterion.objects.filter(level=portfolio.enrolment.level_id, number=_number(str(number)))


def _number(text):
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
