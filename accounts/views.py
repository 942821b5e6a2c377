from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import DisplayForm, TimeForm


@require_safe
def security(request):
    return render(request, "accounts/security.html")


@require_http_methods(["GET", "HEAD", "POST"])
def display(request):
    """Colours and letters."""
    return _setting(request, DisplayForm, "accounts/display.html")


@require_http_methods(["GET", "HEAD", "POST"])
def time(request):
    """The time zone in which times are shown and emails are timed."""
    return _setting(request, TimeForm, "accounts/time.html")


def _setting(request, form_class, template):
    form = form_class(request.POST or None, instance=request.user.profile)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect(request.path)
    return render(request, template, {"form": form}, status=422 if form.errors else 200)
