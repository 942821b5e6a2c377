from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portfolios import actions
from portfolios.forms import NewPageForm
from portfolios.models import Portfolio
from portfolios.overview import overview
from portfolios.views.addresses import find_portfolio, redirects_old_addresses
from programmes.models import Enrolment


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
    return render(request, "portfolios/start.html", {"enrolment": enrolment})


@require_safe
@redirects_old_addresses
def portfolio(request, portfolio_slug):
    portfolio = find_portfolio(request, portfolio_slug, Portfolio.objects.visible_to(request.user))
    own = portfolio.owner == request.user
    rows = overview(portfolio, request.user)
    return render(request, "portfolios/portfolio.html", {"portfolio": portfolio, "own": own, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@redirects_old_addresses
def new_page(request, portfolio_slug):
    portfolio = find_portfolio(request, portfolio_slug, Portfolio.objects.editable_by(request.user))
    form = NewPageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        page = actions.add_page(portfolio, title=form.cleaned_data["title"], by=request.user)
        return redirect("portfolios:edit", portfolio.slug, page.slug)
    context = {"portfolio": portfolio, "form": form}
    return render(request, "portfolios/new_page.html", context, status=422 if form.errors else 200)
