"""How a person likes to be told by email, and what that would have meant in the last month."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rescue import words_sent
from notifications import actions
from notifications.bounces import unreachable
from notifications.forecast import forecast
from notifications.forms import EmailsForm, is_paused
from notifications.models import Mute, Preference
from pairings.pairs import pairs_of


@require_http_methods(["GET", "HEAD", "POST"])
def emails(request):
    """With `forecast` in the form nothing is saved: the page says what the choices would have meant."""
    me = request.user
    preference = Preference.objects.filter(person=me).first() or Preference(person=me)
    context = {"paused_until": preference.paused_until if is_paused(preference) else None}
    muted = set(Mute.objects.filter(person=me).values_list("bundle", flat=True))
    form = _form(request, preference, muted)
    is_good = not form.is_bound or form.is_valid()
    if request.method == "POST" and is_good and "forecast" not in request.POST:
        _save(me, form, muted)
        messages.success(request, _("Saved."))
        return redirect("emails")
    if is_good:
        context["count"] = forecast(me, form.instance, form.would_mute, timezone.now())
    context |= {"form": form, "asked": "forecast" in request.POST}
    if request.htmx:
        return render(request, "notifications/settings.html#forecast", context)
    context["unreachable"] = unreachable(me)
    return render(request, "notifications/settings.html", context, status=200 if is_good else 422)


@require_POST
def end_pause(request):
    """Emails again, from now on."""
    actions.set_preferences(request.user, paused_until=None)
    messages.success(request, _("Your emails are back. What waited comes first."))
    return redirect("emails")


def _form(request, preference, muted):
    pairs = [pair for pair in pairs_of(request.user) if pair.is_live]
    said = _("No emails about %(name)s")
    bundles = []
    for pair in pairs:
        other = pair.mentee if pair.mentor.pk == request.user.pk else pair.mentor
        bundles.append((pair.bundle, said % {"name": other.first_name}))
    return EmailsForm(words_sent(request), instance=preference, bundles=bundles, muted=muted)


@transaction.atomic
def _save(me, form, muted):
    actions.set_preferences(me, **form.chosen)
    for bundle in form.would_mute - muted:
        actions.mute(me, bundle=bundle)
    for bundle in muted - form.would_mute:
        actions.unmute(me, bundle=bundle)
