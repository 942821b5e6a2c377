from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pairings import actions
from pairings.ending_forms import PauseForm
from pairings.models import MoveRefused
from pairings.views.finding import common, find_own


@require_http_methods(["GET", "HEAD", "POST"])
def pause(request, pairing_slug):
    """“Pausing is fine.” Also to choose another day, and to go on."""
    pairing = find_own(request, pairing_slug)
    form = PauseForm(request.POST if request.method == "POST" else None, initial={"until": pairing.paused_until})
    try:
        if "go_on" in request.POST:
            return _go_on(request, pairing)
        if request.method == "POST" and form.is_valid():
            return _pause(request, pairing, form.cleaned_data["until"])
    except MoveRefused as refused:
        form.add_error(None if "go_on" in request.POST else "until", str(refused))
    context = common(request, pairing, page="pause") | {"form": form}
    return render(request, "pairings/pause.html", context, status=422 if form.errors else 200)


def _pause(request, pairing, until):
    actions.pause_pairing(pairing, by=request.user, until=until)
    words = {"day": date_format(until, "j F")}
    messages.success(request, _("You pause until %(day)s. We stop all reminders and emails until then.") % words)
    return redirect("pairings:pause", pairing_slug=pairing.slug)


def _go_on(request, pairing):
    actions.resume_pairing(pairing, by=request.user)
    words = {"name": pairing.other_than(request.user).first_name}
    messages.success(request, _("You go on. We tell %(name)s.") % words)
    return redirect("pairings:messages", pairing_slug=pairing.slug)
