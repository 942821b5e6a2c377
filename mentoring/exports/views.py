"""Pages of the admin: ask for a list to take home, see how far it is, download it."""

from functools import wraps

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from files.tables import CSV_TYPE, EXCEL_TYPE, file_response
from mentoring.chosen_programme import chosen_programme
from mentoring.exports import actions
from mentoring.work import done, show_work
from programmes.models import Export, Programme

MAY_EXPORT = "programmes.add_export"
A_PAGE = 20
State = Export.State
_TYPES = {Export.Form.CSV: CSV_TYPE, Export.Form.XLSX: EXCEL_TYPE}


class ExportForm(forms.Form):
    use_required_attribute = False

    programme = forms.ModelChoiceField(label=gettext_lazy("Programme"), queryset=None, empty_label=None)
    kind = forms.ChoiceField(
        label=gettext_lazy("Which list?"),
        choices=Export.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a list.")},
    )
    form = forms.ChoiceField(
        label=gettext_lazy("As what?"),
        choices=[("csv", gettext_lazy("CSV, for every program")), ("xlsx", gettext_lazy("Excel workbook"))],
        widget=forms.RadioSelect,
        initial="csv",
        error_messages={"required": gettext_lazy("Choose CSV or Excel.")},
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["programme"].queryset = Programme.objects.administered_by(by)


def for_leads(view):
    """Helpers look, and take nothing home."""

    @wraps(view)
    def guarded(request, site, **kwargs):
        if not request.user.has_perm(MAY_EXPORT):
            raise PermissionDenied
        return view(request, site, **kwargs)

    return guarded


@for_leads
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request, site):
    """Earlier lists, and a form for another one."""
    programme, mine = chosen_programme(request)
    posted = request.POST if request.method == "POST" else None
    form = ExportForm(posted, initial={"programme": programme}, by=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect("admin:export", actions.ask_for(by=request.user, **form.cleaned_data).pk)
    earlier = Export.objects.administered_by(request.user).filter(programme=programme).select_related("by")
    context = {
        **site.each_context(request),
        "title": _("Take lists home"),
        "programme": programme,
        "programmes": mine,
        "form": form,
        "now": timezone.now(),
        "page": Paginator(earlier.defer("content"), A_PAGE).get_page(request.GET.get("page")),
    }
    return TemplateResponse(request, "admin/programme/exports.html", context, status=422 if form.errors else 200)


@for_leads
@require_safe
def export(request, site, pk):
    """How far it is, and the link to the file."""
    found = _find(request, pk)
    context = {
        **site.each_context(request),
        "title": found.get_kind_display(),
        "export": found,
        "may_download": actions.may_download(found, timezone.now()),
    }
    if found.state == State.RUNNING:
        context["parent"] = {
            "url": reverse("admin:exports") + f"?programme={found.programme.slug}",
            "title": _("Take lists home"),
        }
        where = reverse("admin:export_stop", args=[pk])
        return show_work(request, found, context, stop=where, counted=_("rows"))
    if request.htmx:
        return done()
    return TemplateResponse(request, "admin/programme/export.html", context)


@for_leads
@require_safe
def file(request, site, pk):
    """The list itself, as long as it is kept."""
    found = _find(request, pk)
    if not actions.may_download(found, timezone.now()):
        raise Http404
    day = timezone.localdate(found.created_at).isoformat()
    name = f"{found.programme.slug}-{found.kind}-{day}.{found.form}"
    return file_response(bytes(found.content), _TYPES[found.form], name)


@for_leads
@require_POST
def stop(request, site, pk):
    actions.stop(_find(request, pk), by=request.user)
    return redirect("admin:export", pk)


def _find(request, pk):
    mine = Export.objects.administered_by(request.user).select_related("programme", "by").defer("content")
    return get_object_or_404(mine, pk=pk)
