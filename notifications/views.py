"""The page behind the links at the foot of an email."""

from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications import links, unsubscribing
from notifications.groups import GROUPS, named
from notifications.models import Email, Preference


@login_not_required
@csrf_exempt  # the signed token is the permission; RFC 8058 asks for a POST without cookies
@require_http_methods(["GET", "HEAD", "POST"])
def choice(request, token, choice):
    """Change how often such emails come. A GET only asks, since mail scanners open links; a POST does it, once."""
    try:
        link = links.read(token)
    except links.Expired:
        return render(request, "notifications/choice.html", {"state": "expired"})
    except BadSignature as error:
        raise Http404 from error
    if choice not in ([links.BACK] if link.used else Preference.Choice.values):
        raise Http404
    email = get_object_or_404(Email, pk=link.email, person=link.person)
    context = _did(link, choice) if request.method == "POST" else {"state": _state(link, email, choice)}
    return render(request, "notifications/choice.html", context | _words(link, choice))


def _did(link, choice):
    if link.used:
        return {"state": "back" if unsubscribing.take_back(link) else "used"}
    back = unsubscribing.use(link, choice)
    return {"state": "done" if back else "used", "back": back}


def _state(link, email, choice):
    return "asks" if unsubscribing.is_open(link, email, choice) else "used"


def _words(link, choice):
    preference = Preference.objects.filter(person=link.person).first() or Preference()
    return {
        "choice": choice,
        "about": named(link.groups),
        "now": [(GROUPS[group].title, Preference.Choice(preference.choice(group)).label) for group in link.groups],
    }
