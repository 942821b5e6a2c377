"""Pages of the admin: choose a list, see what it would do, have it imported, have that undone."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from files.tables import csv_response
from mentoring.chosen_programme import chosen_programme
from mentoring.imports import actions
from mentoring.imports.columns import COLUMNS
from mentoring.imports.forms import ListForm
from mentoring.imports.notices import MAY_IMPORT
from mentoring.imports.showing import shown, with_problems
from mentoring.work import done, show_work
from programmes.models import Import
from programmes.refusal import MoveRefused

A_PAGE = 20
State = Import.State


def for_leads(view):
    """Helpers look after nobody's list of members."""

    @wraps(view)
    def guarded(request, site, **kwargs):
        if not request.user.has_perm(MAY_IMPORT):
            raise PermissionDenied
        return view(request, site, **kwargs)

    return guarded


@for_leads
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request, site):
    """Earlier lists, and a form for another one."""
    programme, mine = chosen_programme(request)
    form = _form(request, programme)
    if request.method == "POST" and form.is_valid():
        return redirect("admin:import", _check(request, form).pk)
    earlier = Import.objects.administered_by(request.user).filter(programme=programme).select_related("by")
    context = {
        **site.each_context(request),
        "title": _("Bring in members"),
        "programme": programme,
        "programmes": mine,
        "form": form,
        "page": Paginator(earlier.defer("rows", "text"), A_PAGE).get_page(request.GET.get("page")),
    }
    return TemplateResponse(request, "admin/programme/imports.html", context, status=422 if form.errors else 200)


@for_leads
@require_safe
def import_(request, site, pk):
    """What the list would do, how far it is, or what it did."""
    found = _find(request, pk)
    context = {**site.each_context(request), "title": found.name, "import": found}
    if found.state in Import.UNDER_WAY:
        return _show_how_far(request, found, context)
    if request.htmx:
        return done()
    context |= shown(found, timezone.now())
    return TemplateResponse(request, "admin/programme/import.html", context)


@for_leads
@require_POST
def start(request, site, pk):
    return _do(request, pk, actions.take_in, invite="invite" in request.POST)


@for_leads
@require_POST
def check(request, site, pk):
    return _do(request, pk, actions.check_again)


@for_leads
@require_POST
def stop(request, site, pk):
    return _do(request, pk, actions.stop)


@for_leads
@require_POST
def undo(request, site, pk):
    return _do(request, pk, actions.undo)


@for_leads
@require_safe
def problems(request, site, pk):
    """The rows with problems as a list to mend: each as it came, and what is wrong with it."""
    return csv_response(with_problems(_find(request, pk).rows), "problems.csv")


@for_leads
@require_safe
def example(request, site):
    """A list without anybody in it."""
    return csv_response([[str(column.label) for column in COLUMNS]], "members.csv")


def _show_how_far(request, found, context):
    context["parent"] = {
        "url": reverse("admin:imports") + f"?programme={found.programme.slug}",
        "title": _("Bring in members"),
    }
    is_checked = found.state == State.CHECKING
    note = _("Nobody is written yet.") if is_checked else _("We email you when it is done, if it takes long.")
    return show_work(
        request, found, context, stop=reverse("admin:import_stop", args=[found.pk]), counted=_("rows"), note=note
    )


def _form(request, programme):
    if request.method == "POST":
        return ListForm(request.POST, request.FILES, by=request.user)
    return ListForm(initial={"programme": programme}, by=request.user)


def _check(request, form):
    listed, name = form.cleaned_data["file"]
    act = actions.check_later if isinstance(listed, bytes) else actions.check_list
    return act(listed, programme=form.cleaned_data["programme"], name=name, by=request.user)


def _find(request, pk):
    mine = Import.objects.administered_by(request.user).select_related("programme", "by").defer("rows", "text")
    return get_object_or_404(mine, pk=pk)


def _do(request, pk, action, **options):
    try:
        action(_find(request, pk), by=request.user, **options)
    except MoveRefused as refused:
        messages.warning(request, str(refused))
    return redirect("admin:import", pk)
